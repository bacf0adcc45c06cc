/* A message that came: one of a transaction, or a new request that is fit to be served or not. */
#include "node/context.h"

void node_drop(struct tnd_node *n, struct node_got *got, enum tnd_rule rule)
{
    n->stats.dropped++;
    node_why(n, &(struct node_asked){&got->parts, &got->flow, &got->seen, NULL},
             &(struct node_answer){.rule = rule});
}

/* RFC 3261 §17.2.3. NULL: it belongs to no transaction, and all of got->parts has been read. */
static struct node_txn *find_transaction(struct tnd_node *n, struct node_got *got)
{
    bool is_ack = got->msg->method == TND_METHOD_ACK;
    bool has_cookie = tnd_via_has_cookie(&got->parts.via);

    if (!has_cookie)
        tnd_txn_read_rest(&got->parts);
    got->key = node_key_of(got->a, &got->parts);
    struct node_txn *t = node_find_by_key(n, got->key);
    if (!t && has_cookie)
        tnd_txn_read_rest(&got->parts);
    if (!t && is_ack)
        t = node_find_by_ack(n, got->key); /* of RFC 2543 */
    if (!t && is_ack)                      /* to a 2xx */
        t = node_find_by_ack(n, node_ack_key_of(got->a, &got->parts, got->parts.to_tag));
    return t;
}

/* false: it does not belong to one. */
static bool is_of_transaction(struct tnd_node *n, struct node_got *got)
{
    bool is_ack = got->msg->method == TND_METHOD_ACK;
    struct node_txn *t = find_transaction(n, got);

    if (!t)
        return false;
    n->stats.absorbed += !is_ack;
    node_txn_event(n, t, tnd_ev(is_ack ? TND_EV_ACK : TND_EV_REQUEST, n->now));
    return true;
}

/* One that is sound. */
static void process(struct tnd_node *n, struct node_got *got)
{
    struct node_answer answer;
    unsigned code;

    if (got->msg->method == TND_METHOD_ACK) {
        if (!node_pass_alone(n, got))
            node_drop(n, got, got->pass.is_astray ? TND_RULE_PROXY_SIDE : TND_RULE_UAS_ACK);
    } else if (got->msg->method == TND_METHOD_CANCEL) {
        node_cancel(n, got);
    } else {
        switch (node_inspect(n, got, &answer, &code)) {
        case NODE_ANSWER:
            node_reply(n, got, &answer);
            return;
        case NODE_SERVE:
            node_serve(n, got, code);
            return;
        case NODE_PASS:
            node_pass_on(n, got);
            return;
        }
    }
}

/* Who only passes on asks for less (RFC 3261 §16.3). */
static enum tnd_stand stand_of(const struct node_got *got)
{
    return got->is_passed && !got->pass.is_register ? TND_AS_PROXY : TND_AS_UAS;
}

/* What is too broken for an answer, or deserves none. */
static void serve(struct tnd_node *n, struct node_got *got)
{
    struct tnd_verdict verdict = tnd_msg_verdict(got->msg, stand_of(got));
    struct node_answer answer = {.code = verdict.code,
                                 .rule = verdict.flaw.rule,
                                 .fact = verdict.flaw.where,
                                 .close = verdict.close};
    char reason[256];
    struct tnd_writer w = tnd_writer(reason, sizeof(reason));

    switch ((enum tnd_action)verdict.action) {
    case TND_DROP:
        node_drop(n, got, verdict.flaw.rule);
        if (verdict.close)
            node_out(n, TND_OUT_CLOSE)->flow = got->flow.id;
        return;
    case TND_REPLY:
        tnd_verdict_reason(&w, got->msg, &verdict);
        answer.reason = tnd_writer_slice(&w);
        answer.says_why = true;
        if (verdict.flaw.rule == TND_RULE_NONE)
            answer.rule = verdict.code == 416 ? TND_RULE_UAS_SCHEME : TND_RULE_UAS_METHOD_UNKNOWN;
        node_reply(n, got, &answer);
        return;
    case TND_PROCESS:
        process(n, got);
        return;
    }
}

/* What is said of the source counts from here on; what the client wrote there does not. */
static void look_at_via(struct node_got *got)
{
    struct tnd_via *via = &got->parts.via;

    if (via->host_kind == TND_HOST_NONE)
        return;
    tnd_via_see(via, &got->flow.remote, got->seen_room, &got->seen);
    tnd_via_set_seen(via, &got->seen);
}

/* Where it wants to go, and whether that is for us to say. */
static void find_way(struct tnd_node *n, struct node_got *got)
{
    if (tnd_msg_has(got->msg, TND_HEADER_ROUTE))
        node_read_routes(n, &got->flow, &got->parts, node_seed(n, got), &got->uri, &got->routes);
    got->is_passed = node_look_at_pass(n, got, &got->pass);
    node_find_peer(n, got);
    if (got->is_passed && !got->pass.is_foreign && !got->pass.is_register)
        node_seed_place(n, got);
}

/* RFC 3261 §8.2.7: the ACK to a refusal that nothing was kept of. */
static bool is_ack_of_refusal(const struct tnd_node *n, const struct node_got *got)
{
    char room[NODE_TAG_SIZE];

    return got->msg->method == TND_METHOD_ACK && got->parts.to_tag.len == NODE_TAG_SIZE &&
           tnd_slice_eq_fold(got->parts.to_tag,
                             node_tag(n, &got->parts, NODE_TAG_REFUSAL, 0, room));
}

/* Who passes on looks at what he uses; what is wrong with the rest is the next one's to say (§16.3). */
static int check(struct node_got *got)
{
    return stand_of(got) == TND_AS_PROXY ? tnd_msg_check_as(got->msg, got->a, TND_AS_PROXY)
                                         : tnd_msg_check(got->msg, got->a);
}

static int receive_request(struct tnd_node *n, struct node_got *got)
{
    n->stats.requests++;
    if (!node_within_limit(n, &got->flow.remote) && !node_is_ourselves(n, &got->flow.remote)) {
        n->stats.limited++;
        return 0;
    }
    tnd_txn_read_via(&got->parts, got->msg);
    look_at_via(got);
    if (is_of_transaction(n, got))
        return 0;
    if (is_ack_of_refusal(n, got)) {
        node_drop(n, got, TND_RULE_UAS_ACK);
        return 0;
    }
    if (tnd_msg_uri(got->msg, &got->uri, NULL) && n->config->has_users)
        find_way(n, got);
    if (check(got) != 0)
        return TND_ENOMEM;
    serve(n, got);
    return 0;
}

/* Whether it is one that nobody can do anything with: RFC 3261 §16.7 step 3: where no Via but ours is in
 * it, it is for us, and goes no further. */
static bool is_no_response(const struct node_client *c, const struct tnd_txn_parts *response)
{
    return response->msg->code == 0 ||
           (c && c->method != TND_METHOD_CANCEL && node_has_one_via(response));
}

/* The request that it answers, one Via below, if that is here. */
static struct node_txn *find_answered(struct tnd_node *n, struct node_got *got,
                                      const struct tnd_via *below)
{
    const struct tnd_msg request = {.kind = TND_MSG_REQUEST,
                                    .method = got->parts.cseq.method,
                                    .method_name = got->parts.cseq.method_name};
    const struct tnd_txn_parts parts = {.msg = &request, .via = *below, .has_via = true};

    return node_find_by_key(n, node_key_of(got->a, &parts));
}

/* Of a request that was sent by the life before, or whose client transaction is over. Where the request
 * is here again, a 2xx answers it; anything else it hears from its own branches (RFC 6026 §7.3). */
static void receive_stray(struct tnd_node *n, struct node_got *got, const struct tnd_via *below)
{
    struct node_txn *t = find_answered(n, got, below);

    if (!t)
        node_pass_back_alone(n, &got->parts);
    else if (got->msg->code / 100 != 2 || !t->is_invite)
        node_drop(n, got, TND_RULE_RESPONSE_OURS);
    else if (t->context && !t->is_answered)
        node_context_answered(n, t->context, &got->parts);
    else
        node_pass_back_alone(n, &got->parts);
}

/* RFC 3261 §18.1.2: what belongs to no request of ours is dropped. One whose transaction is gone, by a
 * restart for one, goes on if its branch is ours: nobody else can have made that. */
static void receive_response(struct tnd_node *n, struct node_got *got)
{
    struct tnd_via below;

    n->stats.responses++;
    tnd_txn_read(&got->parts, got->msg);
    struct node_client *c = node_client_find(n, &got->parts);
    if (is_no_response(c, &got->parts))
        node_drop(n, got, TND_RULE_RESPONSE_OURS);
    else if (c)
        node_client_response(n, c, &got->parts);
    else if (tnd_branch_is_ours(&n->key, &got->parts, &below))
        receive_stray(n, got, &below);
    else
        node_drop(n, got, TND_RULE_RESPONSE_OURS);
}

int node_receive(struct tnd_node *n, const struct tnd_input *in)
{
    struct node_got got = {.msg = in->msg,
                           .a = in->a,
                           .flow = in->flow,
                           .parts = {.msg = in->msg},
                           .seen = {.rport = -1}};
    int err = 0;

    n->came_to = in->flow.local;
    if (in->msg->kind == TND_MSG_REQUEST) {
        err = receive_request(n, &got);
    } else if (in->msg->kind == TND_MSG_RESPONSE) {
        receive_response(n, &got);
    } else {
        serve(n, &got);
    }
    if (err)
        n->stats.lost++;
    return err;
}
