/* Outputs and events: two lists that are filled by feeds and commands, and emptied by whoever takes
 * them. What they borrow from stays until both have been taken. */
#include "base/assert.h"
#include "ua/ua.h"

bool ua_out_has_room(const struct tnd_ua *ua, size_t inputs)
{
    return UA_OUT_COUNT - ua->output_count >= inputs * UA_OUT_OF_INPUT &&
           UA_EVENT_COUNT - ua->event_count >= inputs * UA_EVENT_OF_INPUT;
}

void ua_out_reset(struct tnd_ua *ua)
{
    ua->output_count = ua->output_taken = ua->event_count = ua->event_taken = 0;
    ua->are_outputs_taken = ua->are_events_taken = false;
    tnd_arena_reset(&ua->out);
    ua_give_ended(ua);
}

/* Whoever feeds asked for room; what one input may bring about is bounded. */
static struct tnd_output *add(struct tnd_ua *ua, enum tnd_output_kind kind)
{
    TND_ASSERT(ua->output_count < UA_OUT_COUNT);
    struct tnd_output *out = &ua->outputs[ua->output_count++];

    *out = (struct tnd_output){.kind = (uint8_t)kind};
    ua->are_outputs_taken = false;
    return out;
}

/* Without memory it is lost, as it may be on the way. */
void ua_send(struct tnd_ua *ua, const struct ua_to *to, struct tnd_slice bytes, uint64_t token)
{
    struct tnd_slice copy = tnd_slice_keep(&ua->out, bytes);

    if (!copy.ptr || to->is_nowhere)
        return;
    struct tnd_output *out = add(ua, TND_OUT_SEND);
    out->flow = to->flow;
    out->to = to->endpoint;
    out->bytes = copy;
    out->token = token;
}

void ua_ask(struct tnd_ua *ua, const struct tnd_lookup *lookup, uint64_t token)
{
    struct tnd_output *out = add(ua, TND_OUT_RESOLVE);

    out->lookup = *lookup;
    out->token = token;
}

void ua_close(struct tnd_ua *ua, uint64_t flow)
{
    add(ua, TND_OUT_CLOSE)->flow = flow;
}

bool tnd_ua_take(struct tnd_ua *ua, struct tnd_output *ret)
{
    if (ua->output_taken == ua->output_count) {
        ua->are_outputs_taken = true;
        return false;
    }
    *ret = ua->outputs[ua->output_taken++];
    return true;
}

struct tnd_ua_event *ua_tell(struct tnd_ua *ua, enum tnd_ua_event_kind kind, tnd_ua_id id)
{
    TND_ASSERT(ua->event_count < UA_EVENT_COUNT);
    struct tnd_ua_event *event = &ua->events[ua->event_count++];

    *event = (struct tnd_ua_event){.kind = (uint8_t)kind, .id = id, .at = ua->now};
    ua->are_events_taken = false;
    return event;
}

void ua_tell_msg(struct tnd_ua *ua, struct tnd_ua_event *event, const struct tnd_msg *msg)
{
    struct tnd_msg *copy = msg ? tnd_arena_take(&ua->out, sizeof(*copy)) : NULL;

    if (!copy || tnd_msg_keep(copy, &ua->out, msg) != 0)
        return;
    event->msg = copy;
    if (copy->kind == TND_MSG_RESPONSE)
        event->reason = copy->reason;
}

void ua_trouble(struct tnd_ua *ua, tnd_ua_id id, const struct tnd_msg *msg, enum tnd_rule rule,
                struct tnd_slice text)
{
    struct tnd_ua_event *event = ua_tell(ua, TND_UA_TROUBLE, id);

    event->rule = (uint16_t)rule;
    event->text = tnd_slice_keep(&ua->out, text);
    ua_tell_msg(ua, event, msg);
    if (msg)
        event->code = msg->code;
}

bool tnd_ua_event(struct tnd_ua *ua, struct tnd_ua_event *ret)
{
    if (ua->event_taken == ua->event_count) {
        ua->are_events_taken = true;
        return false;
    }
    *ret = ua->events[ua->event_taken++];
    return true;
}
