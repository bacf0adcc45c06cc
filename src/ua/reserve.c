/* Preconditions of a call (RFC 3312): its owner reserves, the other side is told, and what had to wait for
 * that goes on. */
#include "ua/call.h"

#include "base/assert.h"

static bool is_same(const struct tnd_pre_rows *a, const struct tnd_pre_rows *b)
{
    return a->stream == b->stream && a->status == b->status && a->direction == b->direction;
}

/* false: it was told before, and is waited for. */
static bool remember(struct ua_leg *leg, const struct tnd_pre_rows *rows)
{
    for (size_t i = 0; i < leg->row_count; i++)
        if (is_same(&leg->rows[i].rows, rows)) {
            bool was_waiting = leg->rows[i].is_waiting;

            leg->rows[i].is_waiting = true;
            return !was_waiting;
        }
    if (leg->row_count == UA_ROWS_COUNT_MAX)
        return false;
    leg->rows[leg->row_count] = (struct ua_rows){.rows = *rows, .is_waiting = true};
    leg->rows[leg->row_count++].rows.type = TND_STR("qos"); /* the only one that we wish */
    return true;
}

/* What the other side says of its "m=" line of this stream; NULL: nothing yet. */
static const struct tnd_sdp_part *part_of(const struct ua_leg *leg, size_t stream)
{
    const struct tnd_sdp *remote = &leg->oa.agreed->remote;

    for (size_t i = 0; i < remote->media_count; i++)
        if (leg->oa.agreed->slot[i] == (int8_t)stream)
            return &remote->media[i].part;
    return NULL;
}

static const struct tnd_oa_flow *flow_of(const struct tnd_oa_session *session, size_t stream)
{
    for (size_t i = 0; session && i < session->flow_count; i++)
        if (session->flows[i].stream == (int)stream && session->flows[i].live)
            return &session->flows[i];
    return NULL;
}

static void ask_for_all(struct tnd_ua *ua, struct ua_leg *leg)
{
    struct tnd_pre_rows rows;
    size_t at = 0;

    while (tnd_pre_next(&leg->pre, &at, &rows)) {
        if (rows.early || !remember(leg, &rows))
            continue;
        struct tnd_ua_event *event = ua_tell(ua, TND_UA_RESERVE, ua_leg_id(leg));

        event->stream = rows.stream;
        event->direction = (uint8_t)rows.direction;
        ua_media_tell(ua, leg, event);
        event->bandwidth =
            ua_bandwidth(part_of(leg, rows.stream), flow_of(event->session, rows.stream));
    }
}

/* RFC 3312 §8: the INVITE is cancelled, and what may be tried then is for the recovery to say, as if the
 * other side had refused it with 580. false: there is none to be cancelled. */
static bool cancel_for_another(struct tnd_ua *ua, struct ua_leg *leg)
{
    const struct ua_call *call = leg->call;
    struct ua_errand *e = call->is_caller && !call->is_end_wanted ? call->errand : NULL;

    if (!e || !e->client || e->is_final)
        return false;
    e->own_code = 580;
    ua_leg_end(ua, leg);
    return true;
}

/* RFC 3312 §8 */
static void fail(struct tnd_ua *ua, struct ua_leg *leg)
{
    struct ua_call *call = leg->call;

    if (cancel_for_another(ua, leg))
        return;
    ua_call_cause(call, TND_UA_REFUSED, 580);
    if (call->is_caller || call->is_final_said)
        ua_leg_end(ua, leg);
    else
        ua_callee_refuse(ua, call,
                         &(struct ua_answer){.code = 580,
                                             .content_type = TND_STR("application/sdp"),
                                             .body = ua_media_failure(ua, leg)});
}

/* RFC 3312 §7: what the other side wants to hear of. It waits while another offer is under way. */
static void confirm(struct tnd_ua *ua, struct ua_leg *leg)
{
    leg->is_update_due = tnd_pre_offer_is_due(&leg->pre);
    if (leg->is_update_due && !leg->change &&
        ua_leg_change(ua, leg, TND_METHOD_UPDATE, TND_RECOVER_REINVITE, true, false))
        leg->is_update_due = false;
}

void ua_reserve(struct tnd_ua *ua, struct ua_leg *leg)
{
    if (!leg->call || leg->is_over || leg->pre.streams[0].wish_count == 0)
        return;
    ask_for_all(ua, leg);
    if (tnd_pre_verdict(&leg->pre, NULL) == TND_PRE_FAILED) {
        fail(ua, leg);
        return;
    }
    confirm(ua, leg);
    if (leg->call && !leg->call->is_caller)
        ua_callee_go_on(ua, leg->call);
}

static struct ua_leg *leg_waiting(struct ua_call *call, size_t stream)
{
    for (struct ua_leg *leg = call->legs; leg; leg = leg->next)
        for (size_t i = 0; i < leg->row_count; i++)
            if (leg->rows[i].is_waiting && leg->rows[i].rows.stream == stream)
                return leg;
    return NULL;
}

static int reserved(struct tnd_ua *ua, tnd_ua_id id, size_t stream, bool ok)
{
    struct ua_object *object = ua_object_find(ua, id);

    if (!object || object->kind != UA_CALL)
        return TND_ENONE;
    struct ua_leg *leg = leg_waiting((struct ua_call *)object, stream);
    if (!leg)
        return TND_ESTATE;
    for (size_t i = 0; i < leg->row_count; i++) {
        struct ua_rows *r = &leg->rows[i];

        if (!r->is_waiting || r->rows.stream != stream)
            continue;
        r->is_waiting = false;
        tnd_pre_reserved(&leg->pre, &r->rows, ok ? TND_PRE_RESERVED : TND_PRE_REFUSED);
    }
    ua_reserve(ua, leg);
    return 0;
}

int tnd_ua_reserved(struct tnd_ua *ua, tnd_time now, tnd_ua_id call, size_t stream, bool ok)
{
    int err = ua_begin(ua, now);

    return err ? err : ua_done(ua, reserved(ua, call, stream, ok));
}
