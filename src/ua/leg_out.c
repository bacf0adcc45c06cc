/* Requests of ours in a dialog: re-INVITE and UPDATE, whose offers are made anew for each attempt; ACK,
 * PRACK and BYE. */
#include "ua/call.h"

#include "tandem/sip/session.h"

enum { LINES_ROOM = 256 };

static enum tnd_session_kind kind_of(enum tnd_method method)
{
    return method == TND_METHOD_INVITE ? TND_SESSION_INVITE : TND_SESSION_UPDATE;
}

static bool is_change(const struct ua_errand *e)
{
    return e->method == TND_METHOD_INVITE || e->method == TND_METHOD_UPDATE;
}

/* An offer, where one belongs in it; and the session hears that it is sent. */
static bool prepare_change(struct tnd_ua *ua, struct ua_leg *leg, struct ua_errand *e)
{
    struct tnd_session_message m = {.kind = (uint8_t)kind_of((enum tnd_method)e->method),
                                    .is_described = e->is_described,
                                    .cseq = e->names.cseq};
    enum tnd_session_part part;

    e->is_final = true; /* of what cannot be sent there is no other attempt */
    if (tnd_session_forbids(&leg->session, &m) != TND_RULE_NONE)
        return false;
    e->body = tnd_slice(NULL, 0);
    if (e->is_described) {
        e->body = tnd_slice_keep(&e->object.arena, ua_media_offer(ua, leg));
        e->content_type = TND_STR("application/sdp");
        if (!e->body.ptr)
            return false;
    } else {
        e->content_type = tnd_slice(NULL, 0);
    }
    e->fields = ua_refresh_lines(e, &leg->refresh, &leg->asked);
    e->preconditions = leg->pre.streams[0].wish_count > 0;
    e->requires_preconditions = e->is_described && leg->pre.tag == TND_PRE_TAG_REQUIRE;
    e->is_told = ua_leg_send(ua, leg, &m, &part);
    e->is_final = !e->is_told;
    return e->is_told;
}

bool ua_leg_prepare(struct tnd_ua *ua, struct ua_leg *leg, struct ua_errand *e)
{
    e->text.uri = tnd_slice_keep(&e->object.arena, leg->dialog.target);
    e->text.hop = tnd_slice_keep(&e->object.arena, tnd_dialog_next_hop(&leg->dialog));
    if (!e->text.uri.ptr || !e->text.hop.ptr)
        return false;
    if (e->method == TND_METHOD_ACK)
        return true;
    e->names.cseq = tnd_dialog_next_cseq(&leg->dialog);
    if (e->names.cseq == 0)
        return false;
    return !is_change(e) || prepare_change(ua, leg, e);
}

static void put_ack_head(struct tnd_writer *w, const struct ua_leg *leg, struct tnd_slice via)
{
    char room[8192]; /* the index of an INVITE of ours; one that is larger has no ACK of ours */
    struct tnd_arena a;
    struct tnd_msg invite;

    tnd_arena_init(&a, room, sizeof(room), leg->object.arena.mem, UA_OBJECT_SIZE_MAX);
    if (leg->invite.ptr &&
        tnd_msg_parse(&invite, &a, tnd_slice(leg->invite.ptr, leg->invite.len), TND_DATAGRAM) == 0)
        tnd_dialog_ack_write(w, &leg->dialog, &invite, via);
    tnd_arena_fini(&a);
}

void ua_leg_put_head(struct tnd_writer *w, const struct ua_leg *leg, const struct ua_errand *e,
                     struct tnd_slice via)
{
    if (e->method == TND_METHOD_ACK)
        put_ack_head(w, leg, via);
    else
        tnd_dialog_write(w, &leg->dialog,
                         &(struct tnd_dialog_head){
                             .method = tnd_slice_str(tnd_method_name((enum tnd_method)e->method)),
                             .cseq = e->names.cseq,
                             .lines = via});
}

static struct ua_errand *new_errand(struct tnd_ua *ua, struct ua_leg *leg, enum tnd_method method,
                                    enum tnd_recover_situation situation)
{
    struct ua_errand *e =
        ua_errand_new(ua, &leg->object, method, situation, leg->dialog.target, tnd_slice(NULL, 0));

    if (!e)
        return NULL;
    e->leg = leg;
    return e;
}

bool ua_leg_change(struct tnd_ua *ua, struct ua_leg *leg, enum tnd_method method,
                   enum tnd_recover_situation situation, bool is_described, bool is_wanted)
{
    struct tnd_session_message m = {.kind = (uint8_t)kind_of(method),
                                    .is_described = is_described,
                                    .cseq = leg->dialog.local_cseq + 1};

    if (leg->is_over || leg->change || leg->glare ||
        tnd_session_forbids(&leg->session, &m) != TND_RULE_NONE)
        return false;
    struct ua_errand *e = new_errand(ua, leg, method, situation);
    if (!e)
        return false;
    e->is_described = is_described;
    e->is_wanted = is_wanted;
    leg->change = e;
    ua_errand_go(ua, e);
    return true;
}

void ua_leg_send_ack(struct tnd_ua *ua, struct ua_leg *leg, uint32_t cseq, struct tnd_slice body)
{
    struct ua_errand *e = new_errand(ua, leg, TND_METHOD_ACK, TND_RECOVER_IN_DIALOG);

    if (!e)
        return; /* the 2xx comes again */
    if (leg->ack)
        ua_errand_end(ua, leg->ack);
    leg->ack = e;
    leg->ack_cseq = cseq;
    e->body = tnd_slice_keep(&e->object.arena, body);
    e->content_type = body.ptr ? TND_STR("application/sdp") : tnd_slice(NULL, 0);
    ua_errand_go(ua, e);
}

static struct tnd_slice rack_line(struct ua_errand *e, const struct tnd_msg *response,
                                  uint32_t rseq)
{
    char *at = tnd_arena_take(&e->object.arena, LINES_ROOM);
    struct tnd_writer w = tnd_writer(at, at ? LINES_ROOM : 0);
    struct tnd_cseq cseq;

    if (!tnd_msg_cseq(response, &cseq, NULL))
        return tnd_slice(NULL, 0);
    tnd_put_field_name(&w, TND_HEADER_RACK);
    tnd_rack_write(&w, &(struct tnd_rack){.rseq = rseq,
                                          .cseq = cseq.number,
                                          .method = cseq.method,
                                          .method_name = cseq.method_name});
    tnd_put_line_end(&w);
    return tnd_writer_slice(&w);
}

/* RFC 3262 §4, §5: with the answer to what the response offers. */
void ua_leg_send_prack(struct tnd_ua *ua, struct ua_leg *leg, const struct tnd_msg *response,
                       uint32_t rseq)
{
    bool must_answer = leg->oa.state == TND_OA_OFFER_RECEIVED;
    struct tnd_slice answer = must_answer ? ua_media_answer(ua, leg, true) : tnd_slice(NULL, 0);
    struct tnd_session_message m = {
        .kind = TND_SESSION_PRACK, .is_described = answer.ptr, .cseq = leg->dialog.local_cseq + 1};
    enum tnd_session_part part = TND_SESSION_NO_PART;
    struct ua_errand *e = new_errand(ua, leg, TND_METHOD_PRACK, TND_RECOVER_IN_DIALOG);

    if (!e)
        return; /* the response comes again, but is not passed again: the other side gives up */
    e->fields = rack_line(e, response, rseq);
    e->body = tnd_slice_keep(&e->object.arena, answer);
    e->content_type = answer.ptr ? TND_STR("application/sdp") : tnd_slice(NULL, 0);
    e->is_described = answer.ptr;
    if (!ua_leg_send(ua, leg, &m, &part)) {
        ua_errand_end(ua, e);
        return;
    }
    ua_errand_go(ua, e);
    if (part == TND_SESSION_ANSWER)
        ua_media_agreed(ua, leg, response);
}

struct tnd_slice ua_leg_reason(const struct ua_leg *leg)
{
    const struct ua_call *call = leg->call;
    bool is_given_up = call && call->has_cause && call->code == 580;
    bool is_tried_again = call && call->errand && call->errand->own_code == 580;

    if (!is_given_up && !is_tried_again)
        return tnd_slice(NULL, 0);
    return TND_STR("Reason: SIP;cause=580;text=\"Precondition Failure\"\r\n");
}

/* RFC 3312 §8: with what could not be reserved, if that is why. */
void ua_leg_send_bye(struct tnd_ua *ua, struct ua_leg *leg)
{
    struct ua_errand *e = new_errand(ua, leg, TND_METHOD_BYE, TND_RECOVER_IN_DIALOG);

    if (!e) {
        ua_leg_over(ua, leg);
        return;
    }
    e->fields = ua_leg_reason(leg);
    if (e->fields.ptr) {
        e->body = tnd_slice_keep(&e->object.arena, ua_media_failure(ua, leg));
        e->content_type = e->body.ptr ? TND_STR("application/sdp") : tnd_slice(NULL, 0);
    }
    ua_errand_go(ua, e);
}

static void tell_changed(struct tnd_ua *ua, struct ua_leg *leg, const struct ua_errand *e,
                         const struct ua_news *news)
{
    if (!leg->call || !leg->call->is_answered)
        return;
    struct tnd_ua_event *event = ua_tell(ua, TND_UA_CHANGED, ua_leg_id(leg));

    event->method = e->method;
    event->code = news->code;
    ua_tell_msg(ua, event, news->response ? news->response->msg : NULL);
    ua_media_tell(ua, leg, event);
}

/* A 2xx to a re-INVITE or an UPDATE of ours. */
static void changed(struct tnd_ua *ua, struct ua_leg *leg, const struct ua_errand *e,
                    const struct ua_news *news)
{
    struct tnd_refresh_fields got;
    struct tnd_dialog_acts acts;

    tnd_refresh_read(&got, news->response->msg);
    tnd_refresh_response(&leg->refresh, &leg->asked, &got, ua->now, &acts);
    ua_leg_do(ua, leg, &acts, &(struct ua_turn){.is_refresh = true});
    if (!leg->is_over && e->is_wanted && !e->is_described)
        tell_changed(ua, leg, e, news);
}

/* Once, and only a call of ours that was on. */
static bool may_restart(const struct ua_leg *leg)
{
    const struct ua_call *call = leg->call;

    return call && call->is_caller && call->is_answered && !call->is_end_wanted && !call->errand &&
           call->restarts == 0;
}

/* RFC 5057: what the failure ends besides the request. */
static void damaged(struct tnd_ua *ua, struct ua_leg *leg, const struct ua_errand *e,
                    const struct ua_news *news)
{
    struct tnd_dialog_acts acts;

    if (leg->is_over)
        return;
    switch (tnd_damage((enum tnd_method)e->method, news->code)) {
    case TND_DAMAGE_NONE:
    case TND_DAMAGE_TRANSACTION:
        if (e->is_wanted)
            tell_changed(ua, leg, e, news);
        if (e->situation != TND_RECOVER_REFRESH)
            return;
        tnd_refresh_failed(&leg->refresh, (enum tnd_method)e->method, news->code, ua->now, &acts);
        ua_leg_do(ua, leg, &acts, &(struct ua_turn){.is_refresh = true});
        return;
    case TND_DAMAGE_USAGE:
    case TND_DAMAGE_DIALOG:
        if (news->recovery && news->recovery->action == TND_RECOVER_REESTABLISH &&
            may_restart(leg)) {
            ua_call_restart(ua, leg->call);
            return;
        }
        if (leg->call)
            ua_call_cause(leg->call, TND_UA_LOST, news->code);
        ua_leg_end(ua, leg); /* RFC 3261 §12.2.1.2: by BYE, which may get lost too */
        return;
    }
}

static void change_failed(struct tnd_ua *ua, struct ua_leg *leg, struct ua_errand *e,
                          const struct ua_news *news)
{
    struct tnd_session_message m = {
        .kind = e->method == TND_METHOD_INVITE ? TND_SESSION_REFUSAL : TND_SESSION_UPDATE_REFUSAL,
        .code = news->code,
        .cseq = e->names.cseq};
    struct ua_turn turn = {.response = news->response};

    if (e->is_told)
        ua_leg_receive(ua, leg, &m, news->response ? news->response->msg : NULL, &turn);
    e->is_told = false;
    if (!news->is_last)
        return;
    leg->change = NULL;
    leg->is_held = leg->was_held;
    damaged(ua, leg, e, news);
}

static void change_news(struct tnd_ua *ua, struct ua_leg *leg, struct ua_errand *e,
                        const struct ua_news *news)
{
    if (news->code >= 300) {
        change_failed(ua, leg, e, news);
        return;
    }
    if (news->is_last)
        leg->change = NULL;
    if (news->code >= 200)
        tnd_dialog_response(&leg->dialog, news->response->msg);
    if (e->method == TND_METHOD_INVITE) {
        if (news->code >= 200)
            ua_leg_keep_invite(ua, leg, news->request);
        ua_leg_response(ua, leg, news);
    } else if (news->code >= 200) {
        struct ua_turn turn = {.response = news->response};

        ua_leg_receive(ua, leg,
                       &(struct tnd_session_message){.kind = TND_SESSION_UPDATE_2XX,
                                                     .is_described = ua_is_sdp(news->response->msg),
                                                     .cseq = e->names.cseq},
                       news->response->msg, &turn);
        if (turn.is_agreed)
            ua_media_agreed(ua, leg, news->response->msg);
    }
    if (news->code >= 200 && !leg->is_over)
        changed(ua, leg, e, news);
}

static void final_news(struct tnd_ua *ua, struct ua_leg *leg, struct ua_errand *e,
                       const struct ua_news *news)
{
    const struct tnd_msg *msg = news->response ? news->response->msg : NULL;
    struct ua_turn turn = {.response = news->response};
    struct tnd_session_message m = {.kind = TND_SESSION_BYE_FINAL,
                                    .is_described = msg && news->code < 300 && ua_is_sdp(msg),
                                    .code = news->code,
                                    .cseq = e->names.cseq};

    if (e->method == TND_METHOD_PRACK)
        m.kind = news->code < 300 ? TND_SESSION_PRACK_2XX : TND_SESSION_PRACK_REFUSAL;
    ua_leg_receive(ua, leg, &m, msg, &turn);
    if (turn.is_agreed)
        ua_media_agreed(ua, leg, msg);
}

void ua_leg_news(struct tnd_ua *ua, struct ua_leg *leg, struct ua_errand *e,
                 const struct ua_news *news)
{
    if (leg->is_over)
        return;
    if (e->method == TND_METHOD_INVITE || e->method == TND_METHOD_UPDATE)
        change_news(ua, leg, e, news);
    else if (news->is_last && e->method != TND_METHOD_ACK)
        final_news(ua, leg, e, news);
    if (!leg->is_over && leg->is_update_due)
        ua_reserve(ua, leg);
}

/* RFC 3262 §4: the number of one that is to be acknowledged; 0: it is not. */
static uint32_t rseq_of(const struct tnd_msg *msg)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_RSEQ);
    struct tnd_values require = tnd_msg_values(msg, TND_HEADER_REQUIRE);
    struct tnd_slice tag;
    uint32_t rseq;

    if (msg->code <= 100 || msg->code >= 200 || !tnd_rseq_next(&v, &rseq))
        return 0;
    while (tnd_token_next(&require, &tag))
        if (tnd_slice_eq_fold(tag, TND_STR("100rel")))
            return rseq;
    return 0;
}

static void provisional(struct tnd_ua *ua, struct ua_leg *leg, struct tnd_session_message *m,
                        const struct tnd_msg *msg, struct ua_turn *turn)
{
    uint32_t rseq = rseq_of(msg);
    struct tnd_dialog_acts acts;

    m->kind = TND_SESSION_1XX;
    if (rseq) {
        m->kind = TND_SESSION_RELIABLE;
        tnd_reliable_uac_receive(&leg->uac, rseq, &acts);
        ua_leg_do(ua, leg, &acts, turn);
        if (turn->is_absorbed)
            return;
    }
    ua_leg_receive(ua, leg, m, msg, turn);
    if (turn->prack && !leg->is_over)
        ua_leg_send_prack(ua, leg, msg, turn->prack);
}

void ua_leg_response(struct tnd_ua *ua, struct ua_leg *leg, const struct ua_news *news)
{
    const struct tnd_msg *msg = news->response->msg;
    struct ua_turn turn = {.response = news->response};
    struct tnd_session_message m = {.kind = TND_SESSION_2XX,
                                    .is_described = ua_is_sdp(msg),
                                    .code = news->code,
                                    .cseq = news->response->cseq.number};

    if (news->code < 200) {
        provisional(ua, leg, &m, msg, &turn);
    } else {
        tnd_reliable_uac_final(&leg->uac);
        ua_leg_receive(ua, leg, &m, msg, &turn);
    }
    if (!leg->is_over && news->code >= 180)
        tnd_pre_resumed(&leg->pre);
    if (turn.is_agreed)
        ua_media_agreed(ua, leg, msg);
}
