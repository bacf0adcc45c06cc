/* What comes back to requests of ours in a dialog, and to the INVITE that makes it. */
#include "ua/call.h"

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
