/* Descriptions of a dialog: offers and answers (tandem/sdp/offer.h), with preconditions before them
 * (tandem/sdp/resource.h). What we want and can do is the owner's; held or not is the call's. */
#include "ua/call.h"

static enum tnd_sdp_strength strength_of(enum tnd_ua_precondition precondition)
{
    switch (precondition) {
    case TND_UA_PRECONDITION_NONE:
        break;
    case TND_UA_PRECONDITION_OPTIONAL:
        return TND_SDP_STRENGTH_OPTIONAL;
    case TND_UA_PRECONDITION_MANDATORY:
        return TND_SDP_STRENGTH_MANDATORY;
    }
    return TND_SDP_STRENGTH_NONE;
}

static bool fits(const struct tnd_oa_local *media)
{
    return media->stream_count <= UA_STREAM_COUNT_MAX;
}

bool ua_media_fits(const struct tnd_ua *ua)
{
    return ua->config.media && fits(ua->config.media) &&
           (!ua->config.other_media || fits(ua->config.other_media));
}

bool ua_media_init(struct tnd_ua *ua, struct ua_leg *leg, enum tnd_ua_precondition strength)
{
    size_t wishes = strength != TND_UA_PRECONDITION_NONE;

    tnd_oa_init(&leg->oa, &ua->mem, UA_OA_SIZE_MAX);
    tnd_pre_qos(strength_of(strength), true, &leg->wish);
    tnd_pre_init(&leg->pre, &leg->oa, leg->streams, UA_STREAM_COUNT_MAX, &leg->wish, wishes);
    return ua_media_fits(ua);
}

/* A call that was only acceptable as it was offered the second time stays with that. */
static const struct tnd_oa_local *media_of(const struct tnd_ua *ua, const struct ua_leg *leg)
{
    return leg->is_other && ua->config.other_media ? ua->config.other_media : ua->config.media;
}

/* RFC 3264 §8.4: what is held is sent, or nothing is. */
static bool local_of(const struct tnd_ua *ua, const struct ua_leg *leg, bool is_held,
                     struct tnd_arena *a, struct tnd_oa_local *ret)
{
    const struct tnd_oa_local *media = media_of(ua, leg);
    size_t count = media->stream_count;
    struct tnd_oa_stream *streams = tnd_arena_zero(a, count, sizeof(*streams));

    if (!streams)
        return false;
    *ret = *media;
    for (size_t i = 0; i < count; i++) {
        streams[i] = media->streams[i];
        if (is_held)
            streams[i].direction &= TND_SDP_SEND;
    }
    ret->streams = streams;
    return true;
}

struct tnd_slice ua_media_offer(struct tnd_ua *ua, struct ua_leg *leg)
{
    struct tnd_oa_local local;
    struct tnd_slice text = {NULL, 0};

    if (local_of(ua, leg, leg->is_held, &ua->work, &local))
        tnd_pre_offer(&leg->pre, &ua->work, &local, &text);
    return text;
}

struct tnd_slice ua_media_answer(struct tnd_ua *ua, struct ua_leg *leg, bool must)
{
    struct tnd_oa_local local;
    struct tnd_slice text = {NULL, 0};

    if (!local_of(ua, leg, leg->is_held, &ua->work, &local))
        return text;
    /* RFC 6337 §5.2.4: an offer in a response cannot be refused, but each of its streams can */
    if (tnd_pre_answer(&leg->pre, &ua->work, &local, &text) == TND_ENONE && must) {
        local.stream_count = 0;
        tnd_pre_answer(&leg->pre, &ua->work, &local, &text);
    }
    return text;
}

static void tell_flaws(struct tnd_ua *ua, const struct ua_leg *leg, const struct tnd_msg *msg,
                       const struct tnd_sdp_flaws *flaws)
{
    enum tnd_rule rule = flaws->count > 0 ? flaws->first[0].rule : TND_RULE_NONE;
    char text[256];
    struct tnd_writer w = tnd_writer(text, sizeof(text));

    tnd_put(&w, TND_STR("a session description that cannot be used"));
    if (rule) {
        tnd_put(&w, TND_STR(": "));
        tnd_put_str(&w, tnd_rule_sentence(rule));
    }
    ua_trouble(ua, ua_leg_id(leg), msg, rule, tnd_writer_slice(&w));
}

/* RFC 3264 §6: whether any stream has something in common; one that is offered with port 0 has no say. */
static bool has_common(struct tnd_ua *ua, struct ua_leg *leg, const struct tnd_oa_local *local)
{
    const struct tnd_sdp *remote = &leg->oa.pending->remote;
    bool is_any = false;

    for (size_t i = 0; i < remote->media_count; i++) {
        is_any |= remote->media[i].port != 0;
        if (tnd_oa_match(&leg->oa, &ua->work, local, i) >= 0)
            return true;
    }
    return !is_any;
}

uint16_t ua_media_offered(struct tnd_ua *ua, struct ua_leg *leg, const struct tnd_msg *msg)
{
    struct tnd_sdp_flaws flaws = {0};
    struct tnd_oa_local local;

    if (!local_of(ua, leg, leg->is_held, &ua->work, &local))
        return 500;
    switch (tnd_pre_offered(&leg->pre, &ua->work, &local, msg->body, &flaws)) {
    case 0:
        break;
    case TND_ESYNTAX:
        tell_flaws(ua, leg, msg, &flaws);
        return 400;
    case TND_ESTATE:
        return 491;
    default:
        return 500;
    }
    uint16_t code = 0;
    if (!has_common(ua, leg, &local))
        code = 488; /* RFC 3261 §13.3.1.3 */
    else if (tnd_pre_verdict(&leg->pre, NULL) == TND_PRE_FAILED)
        code = 580; /* RFC 3312 §8 */
    return code;
}

bool ua_media_answered(struct tnd_ua *ua, struct ua_leg *leg, const struct tnd_msg *msg)
{
    struct tnd_sdp_flaws flaws = {0};
    int err = tnd_pre_answered(&leg->pre, msg->body, &flaws);

    if (err == 0 || err == TND_ESTATE) /* it was taken before, from a preview */
        return true;
    tell_flaws(ua, leg, msg, &flaws);
    return false;
}

bool ua_media_invite(struct tnd_ua *ua, struct ua_errand *e, enum tnd_ua_precondition strength)
{
    struct ua_leg *sketch = tnd_arena_zero(&ua->work, 1, sizeof(*sketch));

    if (!sketch || !ua_media_init(ua, sketch, strength))
        return false;
    sketch->is_other = e->recover.next.other_offer;
    bool is_said = ua_parts_describe(ua, e, ua_media_offer(ua, sketch));
    e->preconditions = (uint8_t)strength;
    e->requires_preconditions = sketch->pre.tag == TND_PRE_TAG_REQUIRE;
    tnd_oa_fini(&sketch->oa);
    return is_said;
}

/* A copy: what comes before the event is taken may end what was agreed, or the call. */
void ua_media_tell(struct tnd_ua *ua, struct ua_leg *leg, struct tnd_ua_event *event)
{
    struct tnd_oa_session *session = tnd_arena_take(&ua->out, sizeof(*session));

    if (session && tnd_oa_session_keep(&leg->oa, &ua->out, session) == 0)
        event->session = session;
}

void ua_media_agreed(struct tnd_ua *ua, struct ua_leg *leg, const struct tnd_msg *msg)
{
    struct ua_call *call = leg->call;

    if (!call || leg->is_over)
        return;
    bool is_change = call->is_answered && call->leg == leg;
    struct tnd_ua_event *event =
        ua_tell(ua, is_change ? TND_UA_CHANGED : TND_UA_MEDIA, call->object.serial);

    event->code = is_change ? 200 : 0;
    ua_tell_msg(ua, event, msg);
    ua_media_tell(ua, leg, event);
    ua_reserve(ua, leg);
}

struct tnd_slice ua_media_failure(struct tnd_ua *ua, struct ua_leg *leg)
{
    struct tnd_oa_local local;
    struct tnd_slice text = {NULL, 0};

    if (local_of(ua, leg, false, &ua->work, &local))
        tnd_pre_failure(&leg->pre, &ua->work, &local, &text);
    return text;
}
