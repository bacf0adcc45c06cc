/* Requests that come in a dialog. */
#include "ua/call.h"

enum { LINES_ROOM = 1024 };

struct tnd_slice ua_leg_fields(struct tnd_ua *ua, const struct ua_server *s,
                               const struct tnd_refresh_fields *answer, struct tnd_slice more)
{
    char *at = tnd_arena_take(&ua->work, LINES_ROOM);
    struct tnd_writer w = tnd_writer(at, at ? LINES_ROOM : 0);

    tnd_put_field_name(&w, TND_HEADER_CONTACT);
    ua_put_contact(&w, ua, ua_address_for(ua, &s->flow.remote));
    tnd_put_line_end(&w);
    tnd_put_field(&w, TND_HEADER_ALLOW, ua_allow);
    tnd_put_field(&w, TND_HEADER_SUPPORTED, TND_STR("100rel, timer"));
    if (ua->config.agent.ptr)
        tnd_put_field(&w, TND_HEADER_SERVER, ua->config.agent);
    if (answer)
        tnd_refresh_write(&w, answer);
    tnd_put(&w, more);
    return tnd_writer_slice(&w);
}

static struct tnd_session_message message_of(enum tnd_session_kind kind, const struct ua_got *got)
{
    return (struct tnd_session_message){
        .kind = (uint8_t)kind, .is_described = ua_is_sdp(got->msg), .cseq = got->parts.cseq.number};
}

/* The session hears of an answer of ours, and the other side gets it. */
static bool send_answer(struct tnd_ua *ua, struct ua_leg *leg, struct ua_server *s,
                        const struct tnd_session_message *m, const struct ua_answer *answer)
{
    enum tnd_session_part part = TND_SESSION_NO_PART;

    if (!ua_leg_send(ua, leg, m, &part))
        return false;
    ua_server_reply(ua, s, answer);
    if (part == TND_SESSION_ANSWER)
        ua_media_agreed(ua, leg, s->request->msg);
    return true;
}

static enum tnd_session_kind refusal_kind(enum tnd_method method)
{
    if (method == TND_METHOD_INVITE)
        return TND_SESSION_REFUSAL;
    return method == TND_METHOD_UPDATE ? TND_SESSION_UPDATE_REFUSAL : TND_SESSION_PRACK_REFUSAL;
}

static enum tnd_session_kind success_kind(enum tnd_method method)
{
    if (method == TND_METHOD_INVITE)
        return TND_SESSION_2XX;
    return method == TND_METHOD_UPDATE ? TND_SESSION_UPDATE_2XX : TND_SESSION_PRACK_2XX;
}

static void refuse(struct tnd_ua *ua, struct ua_leg *leg, struct ua_server *s,
                   const struct ua_answer *answer)
{
    enum tnd_method method = (enum tnd_method)s->request->msg->method;
    struct tnd_session_message m = {.kind = (uint8_t)refusal_kind(method),
                                    .code = answer->code,
                                    .cseq = s->request->cseq.number};

    tnd_pre_rollback(&leg->pre);
    if (!send_answer(ua, leg, s, &m, answer))
        ua_server_reply(ua, s, answer);
}

/* The description of a 2xx: the answer to what came; of a re-INVITE without any, an offer of ours. */
static struct tnd_slice describe(struct tnd_ua *ua, struct ua_leg *leg, enum tnd_method method,
                                 bool is_offer)
{
    if (is_offer)
        return ua_media_answer(ua, leg, false);
    if (method == TND_METHOD_INVITE && leg->oa.state == TND_OA_STABLE)
        return ua_media_offer(ua, leg);
    return tnd_slice(NULL, 0);
}

static void accept(struct tnd_ua *ua, struct ua_leg *leg, struct ua_server *s, bool is_offer,
                   const struct tnd_refresh_fields *refresh)
{
    enum tnd_method method = (enum tnd_method)s->request->msg->method;
    struct tnd_slice body = describe(ua, leg, method, is_offer);
    struct tnd_session_message m = {.kind = (uint8_t)success_kind(method),
                                    .is_described = body.ptr,
                                    .code = 200,
                                    .cseq = s->request->cseq.number};
    struct ua_answer answer = {
        .code = 200,
        .fields = ua_leg_fields(ua, s, refresh, tnd_slice(NULL, 0)),
        .content_type = body.ptr ? TND_STR("application/sdp") : tnd_slice(NULL, 0),
        .body = body,
    };

    if ((is_offer || method == TND_METHOD_INVITE) && !body.ptr) {
        refuse(ua, leg, s, &(struct ua_answer){.code = 488});
        return;
    }
    if (!send_answer(ua, leg, s, &m, &answer))
        refuse(ua, leg, s, &(struct ua_answer){.code = 500});
}

/* RFC 4028 §9. true: it was refused. */
static bool is_too_short(struct tnd_ua *ua, struct ua_leg *leg, struct ua_server *s,
                         struct tnd_refresh_fields *ret)
{
    char lines[128];
    struct tnd_writer w = tnd_writer(lines, sizeof(lines));
    struct tnd_refresh_fields got;
    enum tnd_rule rule;

    tnd_refresh_read(&got, s->request->msg);
    unsigned code = tnd_refresh_judge(&leg->refresh, &got, ret, &rule);
    if (code == 0)
        return false;
    tnd_refresh_write(&w, ret);
    ua_server_reply(ua, s,
                    &(struct ua_answer){.code = (uint16_t)code, .fields = tnd_writer_slice(&w)});
    return true;
}

static void take_target(struct tnd_ua *ua, struct ua_leg *leg, const struct ua_server *s,
                        const struct tnd_refresh_fields *answer)
{
    struct tnd_dialog_acts acts;

    if (leg->is_over)
        return;
    tnd_dialog_refresh(&leg->dialog, s->request->msg); /* RFC 3261 §12.2.2 */
    tnd_refresh_answered(&leg->refresh, answer, ua->now, &acts);
    ua_leg_do(ua, leg, &acts, &(struct ua_turn){.is_refresh = true});
}

/* A re-INVITE, or an UPDATE. */
static void change(struct tnd_ua *ua, struct ua_leg *leg, struct ua_server *s,
                   const struct ua_got *got)
{
    bool is_invite = got->msg->method == TND_METHOD_INVITE;
    struct tnd_session_message m =
        message_of(is_invite ? TND_SESSION_INVITE : TND_SESSION_UPDATE, got);
    struct ua_turn turn = {.server = s};
    struct tnd_refresh_fields answer;

    if (is_too_short(ua, leg, s, &answer))
        return;
    ua_leg_receive(ua, leg, &m, got->msg, &turn);
    if (turn.is_refused || turn.is_absorbed || leg->is_over)
        return;
    if (is_invite)
        leg->invite_server = s;
    else
        leg->update_server = s;
    s->leg = leg;
    uint16_t code = turn.is_offer ? ua_media_offered(ua, leg, got->msg) : 0;
    if (code) {
        struct tnd_slice body = code == 580 ? ua_media_failure(ua, leg) : tnd_slice(NULL, 0);

        refuse(ua, leg, s,
               &(struct ua_answer){.code = code,
                                   .content_type =
                                       body.ptr ? TND_STR("application/sdp") : tnd_slice(NULL, 0),
                                   .body = body});
        return;
    }
    accept(ua, leg, s, turn.is_offer, &answer);
    take_target(ua, leg, s, &answer);
    if (!is_invite)
        leg->update_server = NULL;
}

static bool is_refusing(const struct tnd_dialog_acts *acts)
{
    for (unsigned i = 0; i < acts->count; i++)
        if (acts->act[i].kind == TND_DIALOG_REFUSE)
            return true;
    return false;
}

/* RFC 3262 §3, §5: it acknowledges; it may answer what was offered, or offer itself. */
static void prack(struct tnd_ua *ua, struct ua_leg *leg, struct ua_server *s,
                  const struct ua_got *got)
{
    struct tnd_values v = tnd_msg_values(got->msg, TND_HEADER_RACK);
    struct tnd_session_message m = message_of(TND_SESSION_PRACK, got);
    struct ua_turn turn = {.server = s};
    struct tnd_dialog_acts acts;
    struct tnd_rack rack;

    if (leg->dialog.is_uac || !tnd_rack_next(&v, &rack)) {
        ua_server_reply(ua, s, &(struct ua_answer){.code = leg->dialog.is_uac ? 481 : 400});
        return;
    }
    tnd_reliable_uas_prack(&leg->uas, &rack, ua->now, &acts);
    if (is_refusing(&acts)) {
        ua_leg_do(ua, leg, &acts, &turn);
        return;
    }
    leg->prack_server = s;
    s->leg = leg;
    ua_leg_receive(ua, leg, &m, got->msg, &turn);
    if (!turn.is_refused && !leg->is_over) {
        uint16_t code = turn.is_offer ? ua_media_offered(ua, leg, got->msg) : 0;

        if (code)
            refuse(ua, leg, s, &(struct ua_answer){.code = code});
        else
            accept(ua, leg, s, turn.is_offer, NULL);
    }
    leg->prack_server = NULL;
    if (turn.is_agreed && !turn.is_bad)
        ua_media_agreed(ua, leg, got->msg);
    if (!leg->is_over)
        ua_leg_do(ua, leg, &acts, &turn);
}

/* RFC 3261 §15.1.2 */
static void bye(struct tnd_ua *ua, struct ua_leg *leg, struct ua_server *s,
                const struct ua_got *got)
{
    struct tnd_session_message m = message_of(TND_SESSION_BYE, got);
    struct ua_turn turn = {.server = s};

    if (leg->call)
        ua_call_cause(leg->call, TND_UA_BY_THEM, 0);
    ua_leg_receive(ua, leg, &m, got->msg, &turn);
    ua_server_reply(ua, s, &(struct ua_answer){.code = 200});
    ua_leg_over(ua, leg);
}

static void serve(struct tnd_ua *ua, struct ua_leg *leg, struct ua_server *s,
                  const struct ua_got *got)
{
    if (got->msg->method == TND_METHOD_BYE)
        bye(ua, leg, s, got);
    else if (got->msg->method == TND_METHOD_PRACK)
        prack(ua, leg, s, got);
    else
        change(ua, leg, s, got);
    if (!leg->is_over && leg->is_update_due)
        ua_reserve(ua, leg);
    if (!leg->is_over && leg->call && !leg->call->is_caller)
        ua_callee_go_on(ua, leg->call);
}

bool ua_dialog_request(struct tnd_ua *ua, struct ua_got *got)
{
    struct ua_leg *leg = ua_leg_find(ua, got->msg);
    enum tnd_rule rule;

    if (!leg || leg->is_over)
        return false;
    unsigned code = tnd_dialog_request(&leg->dialog, got->msg, &rule);
    if (code) {
        ua_answer_once(ua, got, &(struct ua_answer){.code = (uint16_t)code});
        ua_trouble(ua, ua_leg_id(leg), got->msg, rule, tnd_slice_str(tnd_rule_sentence(rule)));
        return true;
    }
    if (ua_answer_anywhere(ua, got, ua_leg_id(leg)))
        return true;
    struct ua_server *s = ua_server_new(ua, got);
    if (s)
        serve(ua, leg, s, got);
    else
        ua_overload(ua, got);
    return true;
}

/* To a 2xx, again or with an answer. */
void ua_dialog_ack(struct tnd_ua *ua, struct ua_got *got)
{
    struct ua_leg *leg = ua_leg_find(ua, got->msg);
    struct tnd_session_message m = message_of(TND_SESSION_ACK, got);
    struct ua_turn turn = {0};

    if (!leg || leg->is_over)
        return;
    ua_leg_receive(ua, leg, &m, got->msg, &turn);
    if (turn.is_agreed && !turn.is_bad)
        ua_media_agreed(ua, leg, got->msg);
}
