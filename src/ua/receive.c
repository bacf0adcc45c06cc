/* A message that came: one of a transaction, or a new request that deserves something. */
#include "ua/call.h"

/* RFC 3261 §8.2.7: what is refused for want of memory is not remembered. */
static void reply_alone(struct tnd_ua *ua, struct ua_got *got, const struct ua_answer *answer)
{
    char tag[UA_TAG_LEN];
    struct ua_to to;

    ua_tag_of(ua, &got->parts, tag);
    ua_first_place(&got->parts.via, &got->flow, &to);
    struct tnd_slice bytes =
        ua_write_reply(ua, &got->parts, &got->seen, tnd_slice(tag, sizeof(tag)), answer);
    if (bytes.ptr)
        ua_send(ua, &to, bytes, 0);
}

void ua_answer_once(struct tnd_ua *ua, struct ua_got *got, const struct ua_answer *answer)
{
    struct ua_server *s = got->key.ptr ? ua_server_new(ua, got) : NULL;

    if (s)
        ua_server_reply(ua, s, answer);
    else
        reply_alone(ua, got, answer);
}

void ua_overload(struct tnd_ua *ua, struct ua_got *got)
{
    reply_alone(ua, got,
                &(struct ua_answer){.code = 503, .fields = TND_STR("Retry-After: 10\r\n")});
}

/* What is said of the source counts from here on; what the client wrote there does not. */
static void look_at_via(struct ua_got *got)
{
    struct tnd_via *via = &got->parts.via;

    if (via->host_kind == TND_HOST_NONE)
        return;
    tnd_via_see(via, &got->flow.remote, got->seen_room, &got->seen);
    tnd_via_set_seen(via, &got->seen);
}

/* RFC 3261 §17.2.3. false: it belongs to no transaction. */
static bool is_of_transaction(struct tnd_ua *ua, struct ua_got *got)
{
    bool is_ack = got->msg->method == TND_METHOD_ACK;

    got->key = ua_key_of(got->a, &got->parts);
    struct ua_server *s = ua_server_find(ua, got->key);
    if (!s && is_ack)
        s = ua_server_find_old(ua, got->key);
    if (!s)
        return false;
    /* RFC 6026 §8.7: to a 2xx it comes with a branch of its own, but for those who know no better */
    if (is_ack && s->is_invite && s->machine.ist.state == TND_IST_ACCEPTED)
        return false;
    ua_server_event(ua, s, is_ack ? TND_EV_ACK : TND_EV_REQUEST);
    return true;
}

static void refuse(struct tnd_ua *ua, struct ua_got *got, const struct tnd_verdict *verdict)
{
    char reason[256];
    struct tnd_writer w = tnd_writer(reason, sizeof(reason));

    tnd_verdict_reason(&w, got->msg, verdict);
    ua_answer_once(ua, got,
                   &(struct ua_answer){.code = verdict->code, .reason = tnd_writer_slice(&w)});
    if (verdict->flaw.rule)
        ua_trouble(ua, 0, got->msg, verdict->flaw.rule, tnd_writer_slice(&w));
}

static void serve(struct tnd_ua *ua, struct ua_got *got)
{
    struct tnd_verdict verdict = tnd_msg_verdict(got->msg, TND_AS_UAS);

    switch ((enum tnd_action)verdict.action) {
    case TND_DROP:
        break;
    case TND_REPLY:
        refuse(ua, got, &verdict);
        break;
    case TND_PROCESS:
        if (got->msg->method == TND_METHOD_ACK)
            ua_dialog_ack(ua, got);
        else if (got->msg->method == TND_METHOD_CANCEL)
            ua_cancel(ua, got);
        else
            ua_inspect(ua, got);
        return;
    }
    if (verdict.close)
        ua_close(ua, got->flow.id);
}

static int receive_request(struct tnd_ua *ua, struct ua_got *got)
{
    tnd_txn_read(&got->parts, got->msg);
    look_at_via(got);
    if (is_of_transaction(ua, got))
        return 0;
    if (tnd_msg_check(got->msg, got->a) != 0)
        return TND_ENOMEM;
    serve(ua, got);
    return 0;
}

/* RFC 3261 §18.1.2: what belongs to no request of ours is dropped, and said. Departs from it in one point: sent-by
 * is not compared, for the branch is a keyed digest that only we can have made. */
static void receive_response(struct tnd_ua *ua, struct ua_got *got)
{
    tnd_txn_read(&got->parts, got->msg);
    struct ua_client *c = ua_client_find(ua, &got->parts);

    if (c && got->msg->code >= 100)
        ua_client_response(ua, c, &got->parts);
    else
        ua_trouble(ua, 0, got->msg, TND_RULE_RESPONSE_OURS,
                   TND_STR("a response that belongs to no request of ours is dropped"));
}

int ua_receive(struct tnd_ua *ua, const struct tnd_input *in)
{
    struct ua_got got = {.msg = in->msg,
                         .a = in->a,
                         .flow = in->flow,
                         .parts = {.msg = in->msg},
                         .seen = {.rport = -1}};

    switch ((enum tnd_msg_kind)in->msg->kind) {
    case TND_MSG_REQUEST:
        return receive_request(ua, &got);
    case TND_MSG_RESPONSE:
        receive_response(ua, &got);
        return 0;
    case TND_MSG_NONE:
        serve(ua, &got);
        return 0;
    }
    return 0;
}
