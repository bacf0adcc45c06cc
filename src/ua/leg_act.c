/* What the machines of a dialog ask for, done (tandem/dialog/act.h). */
#include "ua/call.h"

#include "base/assert.h"

static void refuse(struct tnd_ua *ua, struct ua_server *s, uint16_t code, int32_t seconds)
{
    char lines[48];
    struct tnd_writer w = tnd_writer(lines, sizeof(lines));

    if (!s)
        return;
    if (seconds >= 0) {
        tnd_put(&w, TND_STR("Retry-After: "));
        tnd_put_number(&w, (uint64_t)seconds);
        tnd_put(&w, TND_STR("\r\n"));
    }
    ua_server_reply(ua, s, &(struct ua_answer){.code = code, .fields = tnd_writer_slice(&w)});
}

/* The INVITE of the other side that waits: a re-INVITE, or the first. */
static void refuse_invite(struct tnd_ua *ua, struct ua_leg *leg, uint16_t code)
{
    bool is_first = leg->call && !leg->call->is_caller && !leg->call->is_final_said;

    refuse(ua, leg->invite_server, code, -1);
    if (!is_first)
        return;
    leg->call->is_final_said = true;
    tnd_dialog_answered(&leg->dialog, code);
    ua_call_cause(leg->call, TND_UA_REFUSED, code);
}

static void refuse_pending(struct tnd_ua *ua, struct ua_leg *leg, uint16_t code)
{
    refuse(ua, leg->update_server, code, -1);
    refuse(ua, leg->prack_server, code, -1);
}

static void send_ack(struct tnd_ua *ua, struct ua_leg *leg, uint32_t cseq)
{
    if (leg->ack && leg->ack_cseq == cseq)
        ua_errand_ack_again(ua, leg->ack);
    else
        ua_leg_send_ack(ua, leg, cseq, tnd_slice(NULL, 0));
}

/* RFC 3261 §13.2.2.4: an offer in a 2xx is answered in its ACK. What cannot be answered is acknowledged
 * all the same, and then the call ends. */
static void answer_in_ack(struct tnd_ua *ua, struct ua_leg *leg, uint32_t cseq)
{
    struct tnd_slice answer = ua_media_answer(ua, leg, true);
    struct tnd_session_message m = {
        .kind = TND_SESSION_ACK, .is_described = answer.ptr, .cseq = cseq};
    enum tnd_session_part part;

    ua_leg_send_ack(ua, leg, cseq, answer);
    if (answer.ptr && ua_leg_send(ua, leg, &m, &part)) {
        ua_media_agreed(ua, leg, NULL);
        return;
    }
    if (leg->call)
        ua_call_cause(leg->call, TND_UA_LOST, 488);
    ua_leg_end(ua, leg);
}

static void send_cancel(struct tnd_ua *ua, struct ua_leg *leg)
{
    struct ua_errand *e = leg->change && leg->change->method == TND_METHOD_INVITE ? leg->change
                          : leg->call ? leg->call->errand
                                      : NULL;

    if (!e)
        return;
    e->is_final = e->own_code == 0;
    if (e->client)
        ua_client_cancel(ua, e->client, ua_leg_reason(leg));
}

static void send_again(struct tnd_ua *ua, struct ua_leg *leg)
{
    if (leg->invite_server)
        ua_server_again(ua, leg->invite_server);
}

/* RFC 3261 §14.1: what was refused with 491 goes again. */
static void retry(struct tnd_ua *ua, struct ua_leg *leg)
{
    struct ua_errand *e = leg->glare;

    leg->glare = NULL;
    if (e && !e->object.is_ended)
        ua_errand_go(ua, e);
}

static void send_bye(struct tnd_ua *ua, struct ua_leg *leg, const struct ua_turn *turn)
{
    if (turn->is_refresh) /* of the session timer: the session decides how */
        ua_leg_end(ua, leg);
    else
        ua_leg_send_bye(ua, leg);
}

static void do_one(struct tnd_ua *ua, struct ua_leg *leg, const struct tnd_dialog_act *act,
                   struct ua_turn *turn)
{
    switch ((enum tnd_dialog_act_kind)act->kind) {
    case TND_DIALOG_PASS:
        turn->is_passed = true;
        return;
    case TND_DIALOG_ABSORB:
        turn->is_absorbed = true;
        return;
    case TND_DIALOG_REFUSE:
        turn->is_refused = true;
        refuse(ua, turn->server, act->code, act->seconds);
        return;
    case TND_DIALOG_REFUSE_INVITE:
        refuse_invite(ua, leg, act->code);
        return;
    case TND_DIALOG_REFUSE_PENDING:
        refuse_pending(ua, leg, act->code);
        return;
    case TND_DIALOG_SEND_INVITE:
        ua_leg_change(ua, leg, TND_METHOD_INVITE, TND_RECOVER_REFRESH, true, false);
        return;
    case TND_DIALOG_SEND_UPDATE:
        ua_leg_change(ua, leg, TND_METHOD_UPDATE, TND_RECOVER_REFRESH, false, false);
        return;
    case TND_DIALOG_SEND_ACK:
        send_ack(ua, leg, act->cseq);
        return;
    case TND_DIALOG_ANSWER_IN_ACK:
        answer_in_ack(ua, leg, act->cseq);
        return;
    case TND_DIALOG_SEND_PRACK:
        turn->prack = act->rseq; /* when its description has been taken */
        return;
    case TND_DIALOG_SEND_CANCEL:
        send_cancel(ua, leg);
        return;
    case TND_DIALOG_SEND_BYE:
        send_bye(ua, leg, turn);
        return;
    case TND_DIALOG_SEND_AGAIN:
        send_again(ua, leg);
        return;
    case TND_DIALOG_SEND_RELIABLE:
        if (leg->call)
            ua_callee_send_reliable(ua, leg->call, act->rseq);
        return;
    case TND_DIALOG_SEND_FINAL:
        if (leg->call)
            ua_callee_send_held(ua, leg->call);
        return;
    case TND_DIALOG_ROLLBACK:
        tnd_pre_rollback(&leg->pre);
        return;
    case TND_DIALOG_SYNCHRONIZE:
        ua_leg_change(ua, leg, leg->refresh.has_update ? TND_METHOD_UPDATE : TND_METHOD_INVITE,
                      TND_RECOVER_REINVITE, true, false);
        return;
    case TND_DIALOG_RETRY:
        retry(ua, leg);
        return;
    case TND_DIALOG_END:
        ua_leg_over(ua, leg);
        return;
    case TND_DIALOG_ARM:
        if (!leg->is_over)
            ua_arm(ua, &leg->object, (uint8_t)(UA_OF_DIALOG + act->timer), act->at);
        return;
    case TND_DIALOG_DISARM:
        ua_disarm(ua, &leg->object, (uint8_t)(UA_OF_DIALOG + act->timer));
        return;
    }
}

void ua_leg_do(struct tnd_ua *ua, struct ua_leg *leg, const struct tnd_dialog_acts *acts,
               struct ua_turn *turn)
{
    for (unsigned i = 0; i < acts->count; i++)
        do_one(ua, leg, &acts->act[i], turn);
}

static void tell_fault(struct tnd_ua *ua, const struct ua_leg *leg, const struct tnd_msg *msg,
                       enum tnd_rule rule)
{
    ua_trouble(ua, ua_leg_id(leg), msg, rule,
               rule ? tnd_slice_str(tnd_rule_sentence(rule))
                    : TND_STR("a session description is missing where one is due"));
}

/* What a response brings is taken before it is acknowledged. false: it cannot be used. */
static bool take_description(struct tnd_ua *ua, struct ua_leg *leg,
                             const struct tnd_session_out *out, const struct tnd_msg *msg,
                             struct ua_turn *turn)
{
    switch ((enum tnd_session_part)out->part) {
    case TND_SESSION_NO_PART:
    case TND_SESSION_IGNORED:
        return true;
    case TND_SESSION_PREVIEWED:
        turn->is_agreed = true;
        return true;
    case TND_SESSION_OFFER:
        turn->is_offer = true;
        return !turn->response || ua_media_offered(ua, leg, msg) == 0;
    case TND_SESSION_ANSWER:
    case TND_SESSION_PREVIEW:
        turn->is_agreed = leg->oa.state == TND_OA_OFFER_SENT;
        return ua_media_answered(ua, leg, msg);
    case TND_SESSION_FAULT:
        tell_fault(ua, leg, msg, (enum tnd_rule)out->rule);
        return true;
    }
    return true;
}

void ua_leg_receive(struct tnd_ua *ua, struct ua_leg *leg, const struct tnd_session_message *m,
                    const struct tnd_msg *msg, struct ua_turn *turn)
{
    struct tnd_session_out out;

    tnd_session_receive(&leg->session, m, ua->now, ua_random(ua), &out);
    bool is_good = take_description(ua, leg, &out, msg, turn);
    ua_leg_do(ua, leg, &out.acts, turn);
    if (is_good)
        return;
    turn->is_agreed = false;
    turn->is_bad = true;
    if (leg->call)
        ua_call_cause(leg->call, TND_UA_LOST, 488);
    ua_leg_end(ua, leg);
}

bool ua_leg_send(struct tnd_ua *ua, struct ua_leg *leg, const struct tnd_session_message *m,
                 enum tnd_session_part *ret_part)
{
    struct tnd_session_out out;

    if (tnd_session_forbids(&leg->session, m) != TND_RULE_NONE)
        return false;
    tnd_session_send(&leg->session, m, ua->now, &out);
    *ret_part = (enum tnd_session_part)out.part;
    ua_leg_do(ua, leg, &out.acts, &(struct ua_turn){0});
    return true;
}
