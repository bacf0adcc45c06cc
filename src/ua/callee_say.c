/* A call to us: what its owner says, and when that can be said. A description goes with what is said
 * first that has to carry one; what waits for preconditions goes on when they are met. */
#include "ua/call.h"

enum { LINES_ROOM = 256 };

void ua_callee_refuse(struct tnd_ua *ua, struct ua_call *call, const struct ua_answer *answer)
{
    struct ua_leg *leg = call->leg;
    struct tnd_session_message m = {
        .kind = TND_SESSION_REFUSAL, .code = answer->code, .cseq = leg->session.invite_cseq};
    enum tnd_session_part part;

    if (call->is_final_said)
        return;
    call->is_final_said = true;
    ua_call_cause(call, TND_UA_REFUSED, answer->code);
    if (call->server)
        ua_server_reply(ua, call->server, answer);
    tnd_dialog_answered(&leg->dialog, answer->code);
    ua_leg_send(ua, leg, &m, &part);
    ua_leg_over(ua, leg);
}

/* What has to carry a description carries the one that is due: the answer, or our offer where there was
 * none (RFC 3261 §13.3.1.1, RFC 3262 §5). */
static struct tnd_slice describe(struct tnd_ua *ua, struct ua_call *call)
{
    struct ua_leg *leg = call->leg;

    if (leg->oa.state == TND_OA_OFFER_RECEIVED)
        return ua_media_answer(ua, leg, false);
    if (leg->oa.state == TND_OA_STABLE && !call->is_early_said)
        return ua_media_offer(ua, leg);
    return tnd_slice(NULL, 0);
}

static void answer_provisional(struct tnd_ua *ua, struct ua_call *call, uint16_t code,
                               struct tnd_slice body, uint32_t rseq)
{
    char lines[LINES_ROOM];
    struct tnd_writer w = tnd_writer(lines, sizeof(lines));

    if (rseq) {
        tnd_put(&w, TND_STR("Require: 100rel\r\nRSeq: "));
        tnd_put_number(&w, rseq);
        tnd_put(&w, TND_STR("\r\n"));
    }
    ua_server_reply(ua, call->server,
                    &(struct ua_answer){
                        .code = code,
                        .fields = ua_leg_fields(ua, call->server, NULL, tnd_writer_slice(&w)),
                        .content_type = body.ptr ? TND_STR("application/sdp") : tnd_slice(NULL, 0),
                        .body = body,
                    });
}

/* The one that waits first. */
void ua_callee_send_reliable(struct tnd_ua *ua, struct ua_call *call, uint32_t rseq)
{
    struct ua_provisional first = call->provisional[0];
    struct tnd_session_message m = {.kind = TND_SESSION_RELIABLE,
                                    .is_described = first.body.ptr,
                                    .code = first.code,
                                    .cseq = call->leg->session.invite_cseq};
    enum tnd_session_part part;

    if (call->provisional_count == 0 || !call->server)
        return;
    call->provisional_count--;
    memmove(call->provisional, call->provisional + 1,
            call->provisional_count * sizeof(call->provisional[0]));
    if (!ua_leg_send(ua, call->leg, &m, &part))
        return;
    answer_provisional(ua, call, first.code, first.body, rseq);
    if (part == TND_SESSION_ANSWER)
        ua_media_agreed(ua, call->leg, NULL);
}

static void say_reliably(struct tnd_ua *ua, struct ua_call *call, uint16_t code, bool is_described)
{
    struct tnd_slice body = is_described ? describe(ua, call) : tnd_slice(NULL, 0);
    struct tnd_dialog_acts acts;

    if (call->provisional_count == UA_PROVISIONAL_COUNT_MAX)
        return;
    call->provisional[call->provisional_count++] =
        (struct ua_provisional){.code = code, .body = tnd_slice_keep(&call->object.arena, body)};
    call->is_early_said |= body.ptr != NULL;
    if (tnd_reliable_uas_add(&call->leg->uas, body.ptr, ua->now, &acts) == 0)
        ua_leg_do(ua, call->leg, &acts, &(struct ua_turn){0});
    else
        call->provisional_count--;
}

static void say(struct tnd_ua *ua, struct ua_call *call, uint16_t code)
{
    struct tnd_session_message m = {
        .kind = TND_SESSION_1XX, .code = code, .cseq = call->leg->session.invite_cseq};
    /* RFC 3262 §5: where there was no offer, the first reliable response has it */
    bool is_first = call->leg->oa.state == TND_OA_STABLE && !call->is_early_said &&
                    !call->leg->session.is_agreed;
    enum tnd_session_part part;

    if (call->is_reliable)
        say_reliably(ua, call, code, is_first || code == 183);
    else if (ua_leg_send(ua, call->leg, &m, &part))
        answer_provisional(ua, call, code, tnd_slice(NULL, 0), 0);
}

static void tell_answered(struct tnd_ua *ua, struct ua_call *call)
{
    struct tnd_ua_event *event = ua_tell(ua, TND_UA_ANSWERED, call->object.serial);

    event->method = TND_METHOD_INVITE;
    event->code = 200;
    ua_media_tell(ua, call->leg, event);
}

static void is_on(struct tnd_ua *ua, struct ua_call *call, enum tnd_session_part part)
{
    struct ua_leg *leg = call->leg;
    struct tnd_dialog_acts acts;

    if (part == TND_SESSION_ANSWER)
        ua_media_agreed(ua, leg, NULL);
    call->is_answered = true;
    ua_disarm(ua, &call->object, UA_WAIT_RING);
    ua_disarm(ua, &call->object, UA_WAIT_EXPIRY);
    ua_disarm(ua, &call->object, UA_WAIT_SAY);
    tnd_refresh_answered(&leg->refresh, &leg->answer, ua->now, &acts);
    ua_leg_do(ua, leg, &acts, &(struct ua_turn){.is_refresh = true});
    tell_answered(ua, call);
}

/* RFC 3261 §13.3.1.4. false: not yet. */
static bool say_200(struct tnd_ua *ua, struct ua_call *call)
{
    struct ua_leg *leg = call->leg;
    bool is_due =
        leg->oa.state == TND_OA_OFFER_RECEIVED || (!call->is_early_said && !leg->session.is_agreed);
    struct tnd_slice body = is_due ? describe(ua, call) : tnd_slice(NULL, 0);
    struct tnd_session_message m = {.kind = TND_SESSION_2XX,
                                    .is_described = body.ptr,
                                    .code = 200,
                                    .cseq = leg->session.invite_cseq};
    enum tnd_session_part part;

    if (is_due && !body.ptr) {
        ua_callee_refuse(ua, call, &(struct ua_answer){.code = 488});
        return true;
    }
    if (!call->server || !ua_leg_send(ua, leg, &m, &part))
        return false;
    call->is_final_said = true;
    tnd_dialog_answered(&leg->dialog, 200);
    ua_server_reply(ua, call->server,
                    &(struct ua_answer){
                        .code = 200,
                        .fields = ua_leg_fields(ua, call->server, &leg->answer, tnd_slice(NULL, 0)),
                        .content_type = body.ptr ? TND_STR("application/sdp") : tnd_slice(NULL, 0),
                        .body = body,
                    });
    is_on(ua, call, part);
    return true;
}

/* The last PRACK has come. */
void ua_callee_send_held(struct tnd_ua *ua, struct ua_call *call)
{
    if (!call->is_final_said)
        say_200(ua, call);
}

static void accept(struct tnd_ua *ua, struct ua_call *call)
{
    struct tnd_dialog_acts acts;

    if (call->is_held_back)
        return;
    call->is_held_back = true;
    tnd_reliable_uas_final(&call->leg->uas, 200, &acts);
    ua_leg_do(ua, call->leg, &acts, &(struct ua_turn){0});
}

void ua_callee_go_on(struct tnd_ua *ua, struct ua_call *call)
{
    struct ua_leg *leg = call->leg;

    if (!leg || leg->is_over || call->is_final_said ||
        !(call->is_ring_wanted || call->is_accept_wanted))
        return;
    if (tnd_pre_verdict(&leg->pre, NULL) != TND_PRE_MET) {
        /* RFC 3312 §7: the answer goes first, and nobody is alerted */
        if (!call->is_early_said && call->is_reliable)
            say(ua, call, 183);
        return;
    }
    if (call->is_ring_wanted && !call->is_ring_said) {
        call->is_ring_said = true;
        say(ua, call, 180);
    }
    if (call->is_accept_wanted && !call->is_final_said)
        accept(ua, call);
    if (call->is_held_back && !call->is_final_said && !leg->uas.is_held)
        say_200(ua, call); /* it could not be said when its turn came */
}

/* RFC 3261 §13.3.1.1: each minute, that no proxy on the way gives up. */
static void ring_on(struct tnd_ua *ua, struct ua_call *call)
{
    if (call->is_held_back || !call->server) /* its answer waits for a PRACK */
        return;
    if (call->is_ring_said)
        say(ua, call, 180);
    ua_arm(ua, &call->object, UA_WAIT_SAY, ua->now + TND_SEC(UA_SAY_AGAIN));
}

void ua_call_timer(struct tnd_ua *ua, struct ua_call *call, uint8_t id)
{
    if (call->is_caller && id == UA_WAIT_EXPIRY && call->errand)
        ua_call_end(ua, call);
    else if (call->is_caller && id == UA_WAIT_RING)
        ua_call_silent(ua, call);
    if (call->is_caller || call->is_final_said)
        return;
    if (id == UA_WAIT_RING)
        ua_callee_refuse(ua, call, &(struct ua_answer){.code = 480});
    else if (id == UA_WAIT_EXPIRY)
        ua_callee_refuse(ua, call, &(struct ua_answer){.code = 487});
    else if (id == UA_WAIT_SAY)
        ring_on(ua, call);
}

/* NULL: there is none, err says why. */
static struct ua_call *waiting_call(struct tnd_ua *ua, tnd_ua_id id, int *err)
{
    struct ua_object *object = ua_object_find(ua, id);
    struct ua_call *call = (struct ua_call *)object;

    *err = TND_ENONE;
    if (!object || object->kind != UA_CALL)
        return NULL;
    *err = TND_ESTATE;
    if (call->is_caller || call->is_final_said || !call->leg)
        return NULL;
    *err = 0;
    return call;
}

int tnd_ua_ring(struct tnd_ua *ua, tnd_time now, tnd_ua_id id)
{
    int err = ua_begin(ua, now);
    struct ua_call *call = err ? NULL : waiting_call(ua, id, &err);

    if (call) {
        call->is_ring_wanted = true;
        ua_callee_go_on(ua, call);
    }
    return ua_done(ua, err);
}

int tnd_ua_accept(struct tnd_ua *ua, tnd_time now, tnd_ua_id id)
{
    int err = ua_begin(ua, now);
    struct ua_call *call = err ? NULL : waiting_call(ua, id, &err);

    if (call) {
        call->is_accept_wanted = true;
        ua_callee_go_on(ua, call);
    }
    return ua_done(ua, err);
}

static struct tnd_slice refusal_fields(struct tnd_ua *ua, const struct tnd_ua_refusal *refusal)
{
    size_t room = refusal->contacts.len + refusal->fields.len + 32;
    char *at = tnd_arena_take(&ua->work, room);
    struct tnd_writer w = tnd_writer(at, at ? room : 0);

    if (refusal->contacts.ptr)
        tnd_put_field(&w, TND_HEADER_CONTACT, refusal->contacts);
    tnd_put(&w, refusal->fields);
    return tnd_writer_slice(&w);
}

int tnd_ua_refuse(struct tnd_ua *ua, tnd_time now, tnd_ua_id id,
                  const struct tnd_ua_refusal *refusal)
{
    int err = ua_begin(ua, now);
    struct ua_call *call = err ? NULL : waiting_call(ua, id, &err);

    if (call && (refusal->code < 300 || refusal->code > 699))
        err = TND_ESTATE;
    else if (call)
        ua_callee_refuse(ua, call,
                         &(struct ua_answer){.code = refusal->code,
                                             .reason = refusal->reason,
                                             .fields = refusal_fields(ua, refusal),
                                             .content_type = refusal->content_type,
                                             .body = refusal->body});
    return ua_done(ua, err);
}
