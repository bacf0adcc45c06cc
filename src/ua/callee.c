/* A call to us: whether its INVITE can be taken at all, and the CANCEL. */
#include "ua/call.h"

enum { LINES_ROOM = 256 };

static bool has_tag(const struct tnd_msg *msg, enum tnd_header kind, const char *name)
{
    struct tnd_values v = tnd_msg_values(msg, kind);
    struct tnd_slice tag;

    while (tnd_token_or_none_next(&v, &tag))
        if (tnd_slice_eq_fold(tag, tnd_slice_str(name)))
            return true;
    return false;
}

static bool supports(const struct tnd_msg *msg, const char *name)
{
    return has_tag(msg, TND_HEADER_SUPPORTED, name) || has_tag(msg, TND_HEADER_REQUIRE, name);
}

static void refuse_alone(struct tnd_ua *ua, struct ua_server *s, uint16_t code,
                         struct tnd_slice fields)
{
    ua_server_reply(ua, s, &(struct ua_answer){.code = code, .fields = fields});
}

/* RFC 3261 §13.3.1.2: busy; RFC 3261 §21.4.16: we cannot do without. */
static bool is_refused_at_once(struct tnd_ua *ua, struct ua_server *s)
{
    const struct tnd_msg *msg = s->request->msg;

    if (ua->calls_max > 0 && ua->call_count >= ua->calls_max) {
        refuse_alone(ua, s, 486, tnd_slice(NULL, 0));
        return true;
    }
    if (ua->config.precondition == TND_UA_PRECONDITION_MANDATORY &&
        !(supports(msg, "precondition") && supports(msg, "100rel"))) {
        refuse_alone(ua, s, 421, TND_STR("Require: 100rel, precondition\r\n"));
        return true;
    }
    return false;
}

/* RFC 4028 §9 */
static bool is_too_short(struct tnd_ua *ua, struct ua_leg *leg, struct ua_server *s)
{
    char lines[LINES_ROOM];
    struct tnd_writer w = tnd_writer(lines, sizeof(lines));
    struct tnd_refresh_fields got;
    enum tnd_rule rule;

    tnd_refresh_read(&got, s->request->msg);
    unsigned code = tnd_refresh_judge(&leg->refresh, &got, &leg->answer, &rule);
    if (code == 0)
        return false;
    tnd_refresh_write(&w, &leg->answer);
    ua_callee_refuse(ua, leg->call,
                     &(struct ua_answer){.code = (uint16_t)code, .fields = tnd_writer_slice(&w)});
    return true;
}

static bool is_offer_refused(struct tnd_ua *ua, struct ua_leg *leg, const struct tnd_msg *msg)
{
    struct ua_answer answer = {.code = ua_media_offered(ua, leg, msg)};

    if (answer.code == 0)
        return false;
    if (answer.code == 580) {
        answer.content_type = TND_STR("application/sdp");
        answer.body = ua_media_failure(ua, leg);
    }
    if (answer.code == 488) /* RFC 3261 §21.4.26 */
        answer.fields = TND_STR("Warning: 305 tandem \"Incompatible media format\"\r\n");
    ua_callee_refuse(ua, leg->call, &answer);
    return true;
}

/* false: it was refused. */
static bool start_session(struct tnd_ua *ua, struct ua_leg *leg, const struct ua_server *s)
{
    struct tnd_session_out out;
    struct tnd_session_message m = {.kind = TND_SESSION_INVITE,
                                    .is_described = ua_is_sdp(s->request->msg),
                                    .cseq = s->request->cseq.number};

    tnd_session_start(&leg->session, &ua->dialog_timing, false, &m, &out);
    ua_leg_do(ua, leg, &out.acts, &(struct ua_turn){0});
    if (is_too_short(ua, leg, (struct ua_server *)s))
        return false;
    return out.part != TND_SESSION_OFFER || !is_offer_refused(ua, leg, s->request->msg);
}

static void await(struct tnd_ua *ua, struct ua_call *call, const struct tnd_msg *invite)
{
    struct tnd_values v = tnd_msg_values(invite, TND_HEADER_EXPIRES);
    uint32_t seconds;

    ua_arm(ua, &call->object, UA_WAIT_RING, ua->now + TND_SEC((tnd_time)ua->config.ring_max));
    ua_arm(ua, &call->object, UA_WAIT_SAY, ua->now + TND_SEC(UA_SAY_AGAIN));
    if (tnd_seconds_next(&v, &seconds)) /* RFC 3261 §13.3.1 */
        ua_arm(ua, &call->object, UA_WAIT_EXPIRY, ua->now + TND_SEC((tnd_time)seconds));
}

static void tell_incoming(struct tnd_ua *ua, const struct ua_call *call,
                          const struct tnd_msg *invite)
{
    struct tnd_ua_event *event = ua_tell(ua, TND_UA_INCOMING, call->object.serial);
    struct tnd_addr from;

    event->method = TND_METHOD_INVITE;
    ua_tell_msg(ua, event, invite);
    if (event->msg && tnd_msg_from(event->msg, &from, NULL))
        event->uri = from.uri.text;
}

static struct ua_call *new_call(struct tnd_ua *ua, struct ua_server *s)
{
    const struct tnd_msg *invite = s->request->msg;
    bool has_pre = supports(invite, "precondition") && supports(invite, "100rel");
    struct ua_call *call = ua_call_new(ua, false);

    if (!call)
        return NULL;
    call->server = s;
    call->precondition = has_pre ? ua->config.precondition : TND_UA_PRECONDITION_NONE;
    call->is_reliable = has_tag(invite, TND_HEADER_REQUIRE, "100rel") ||
                        (has_tag(invite, TND_HEADER_SUPPORTED, "100rel") &&
                         (ua->config.require_100rel || call->precondition));
    call->leg = ua_leg_of_invite(ua, call, s);
    if (call->leg)
        return call;
    ua->call_count--;
    ua_object_end(ua, &call->object);
    return NULL;
}

void ua_incoming(struct tnd_ua *ua, struct ua_got *got)
{
    struct ua_server *s = ua_server_new(ua, got);

    if (!s) {
        ua_overload(ua, got);
        return;
    }
    if (is_refused_at_once(ua, s))
        return;
    struct ua_call *call = new_call(ua, s);
    if (!call) {
        refuse_alone(ua, s, 500, TND_STR("Retry-After: 10\r\n"));
        return;
    }
    call->is_untold = true;
    if (!start_session(ua, call->leg, s) || call->object.is_ended)
        return;
    call->is_untold = false;
    await(ua, call, s->request->msg);
    tell_incoming(ua, call, s->request->msg);
}

/* RFC 3261 §9.2 */
void ua_cancel(struct tnd_ua *ua, struct ua_got *got)
{
    struct ua_server *s = ua_server_find(ua, ua_cancelled_key_of(got->a, &got->parts));
    struct ua_server *own = ua_server_new(ua, got);

    if (!own) {
        ua_overload(ua, got);
        return;
    }
    if (s)
        own->tag = tnd_slice_keep(&own->object.arena, s->tag);
    refuse_alone(ua, own, s ? 200 : 481, tnd_slice(NULL, 0));
    if (!s || s->is_answered)
        return;
    struct ua_leg *leg = s->leg;
    if (!leg) {
        refuse_alone(ua, s, 487, tnd_slice(NULL, 0));
        return;
    }
    if (leg->call && !leg->call->is_answered)
        ua_call_cause(leg->call, TND_UA_BY_THEM, 487);
    ua_leg_receive(
        ua, leg,
        &(struct tnd_session_message){.kind = TND_SESSION_CANCEL, .cseq = got->parts.cseq.number},
        got->msg, &(struct ua_turn){0});
}
