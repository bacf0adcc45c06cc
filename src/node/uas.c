/* The user agent server behind a server transaction (RFC 3261 §8.2, §9.2, §13.3): here that is the
 * lab. It answers in steps; each follows from the request, so nothing but the request and the
 * number of the step is kept. */
#include "node/context.h"

enum { CONTACT_ROOM = 128 };

/* "sip:lab-200@192.0.2.1:5060;transport=tcp", as whoever sent this request reaches it. */
static struct tnd_slice contact_of(struct tnd_node *n, const struct tnd_flow *flow, unsigned code,
                                   struct tnd_arena *a)
{
    size_t room = CONTACT_ROOM + n->config->advertise.len;
    char *at = tnd_arena_take(a, room);
    struct tnd_writer w = tnd_writer(at, at ? room : 0);

    tnd_put(&w, TND_STR("sip:lab-"));
    tnd_put_number(&w, code);
    tnd_put_char(&w, '@');
    tnd_put(&w, node_self(n, flow));
    if (flow->local.transport == TND_TRANSPORT_TCP)
        tnd_put(&w, TND_STR(";transport=tcp"));
    return tnd_writer_slice(&w);
}

static uint64_t number_of(struct tnd_slice tag)
{
    uint64_t number = 0;

    for (size_t i = 0; i < tag.len; i++)
        number = number << 4 | (uint64_t)(tag.ptr[i] & 0xf);
    return number >> 2; /* RFC 8866 §5.2: 63 bits */
}

/* Memory is over: what the lab would say does not fit. */
static void say_nothing_more(struct tnd_lab_step *step)
{
    *step = (struct tnd_lab_step){
        .is_reply = true, .rule = TND_RULE_UAS_OVERLOAD, .reply = {.code = 500}, .due = -1};
}

/* Whether the INVITE of this dialog waits for its answer still. */
static bool is_early(const struct tnd_node *n, const struct tnd_txn_parts *request,
                     struct tnd_arena *a)
{
    return node_find_by_ack(n, node_early_key_of(a, request, request->to_tag));
}

/* What the lab is asked, and what it says. */
struct turn {
    struct node_asked asked;
    unsigned code; /* of the user */
    enum node_tag_kind tag_kind;
    char room[NODE_TAG_SIZE];
    struct tnd_slice tag; /* of the dialog */
    struct tnd_lab_step step;
};

/* One step of the lab, which borrows from a. */
static void ask(struct tnd_node *n, struct tnd_lab *lab, struct turn *turn, struct tnd_arena *a)
{
    const struct node_asked *asked = &turn->asked;
    bool in_dialog = asked->parts->to_tag.ptr; /* another was refused before (inspect.c) */
    struct tnd_lab_step *ret = &turn->step;
    unsigned code = turn->code;
    struct tnd_uri uri = {0};

    if (!asked->uri)
        tnd_msg_uri(asked->parts->msg, &uri, NULL);
    turn->tag = node_tag(n, asked->parts, NODE_TAG_DIALOG, code, turn->room);
    struct tnd_lab_asked question = {
        .request = asked->parts->msg,
        .uri = asked->uri ? asked->uri : &uri,
        .contact = contact_of(n, asked->flow, code, a),
        .host = node_self_host(n, asked->flow),
        .nonce = turn->tag,
        .number = number_of(turn->tag),
        .in_dialog = in_dialog,
        .is_early = in_dialog && is_early(n, asked->parts, a),
        .a = a,
    };
    *ret = (struct tnd_lab_step){.due = -1};
    if (!tnd_arena_over(a))
        tnd_lab_step(lab, &question, ret);
    if (tnd_arena_over(a) || ret->over)
        say_nothing_more(ret);
}

static enum node_tag_kind tag_kind_of(const struct tnd_lab_step *step)
{
    return step->forgets ? NODE_TAG_FORGOTTEN : NODE_TAG_DIALOG;
}

static struct node_answer answer_of(const struct turn *turn)
{
    const struct tnd_lab_step *step = &turn->step;

    return (struct node_answer){
        .code = step->reply.code,
        .rule = step->rule,
        .reason = step->reply.reason,
        .fields = step->reply.fields,
        .content_type = step->reply.content_type,
        .body = step->reply.body,
        .tag_kind = turn->tag_kind,
        .tag = turn->tag_kind == NODE_TAG_DIALOG ? turn->tag : tnd_slice(NULL, 0),
        .lab = turn->code,
    };
}

/* By what comes next of the call of an INVITE that was given this answer: a request in its early
 * dialog, or the ACK where its branch does not say whose it is. Absent: nothing has to be found. */
static struct tnd_slice key_behind(const struct tnd_node *n, struct node_txn *t,
                                   const struct tnd_txn_parts *request,
                                   const struct node_answer *answer)
{
    char room[NODE_TAG_SIZE];
    struct tnd_slice tag = answer->tag;

    if (answer->code >= 300 && tnd_via_has_cookie(&request->via))
        return tnd_slice(NULL, 0);
    if (!tag.ptr)
        tag = node_tag(n, request, answer->tag_kind, answer->lab, room);
    if (answer->code < 200)
        return node_early_key_of(&t->arena, request, tag);
    if (answer->code < 300) /* RFC 3261 §13.2.2.4 */
        return node_ack_key_of(&t->arena, request, request->to_tag.ptr ? request->to_tag : tag);
    /* RFC 3261 §17.1.1.3: of RFC 2543, where the tag that it was given says so */
    return node_old_ack_key_of(&t->arena, request, tag);
}

/* Says it, and sees to it that what belongs to it will be found. */
static void say(struct tnd_node *n, struct node_txn *t, const struct tnd_txn_parts *request,
                const struct node_answer *answer)
{
    if (answer->code >= 200)
        node_txn_disarm(n, t, NODE_WAIT_EXPIRY);
    node_txn_reply(n, t, request, answer);
    if (t->is_ended || !t->is_invite || answer->code == 100)
        return;
    node_txn_set_ack(n, t, key_behind(n, t, request, answer));
    if (answer->code < 200 || answer->code >= 300)
        return;
    /* RFC 3261 §13.3.1.4: the 2xx is sent again until its ACK comes, over every transport. */
    t->ack_wait = n->timing.t1;
    node_txn_arm(n, t, NODE_WAIT_ACK, n->now + t->ack_wait);
}

static void take_step(struct tnd_node *n, struct node_txn *t, const struct turn *turn)
{
    struct node_answer answer = answer_of(turn);

    if (turn->step.is_reply)
        say(n, t, turn->asked.parts, &answer);
    if (turn->step.due >= 0 && !t->is_ended)
        node_txn_arm(n, t, NODE_WAIT_STEP, n->now + turn->step.due);
}

void node_overload(struct tnd_node *n, struct node_got *got, struct node_txn *t)
{
    struct node_answer answer = {.code = 503,
                                 .rule = TND_RULE_UAS_OVERLOAD,
                                 .fields = TND_STR("Retry-After: 10\r\n"),
                                 .says_why = true};

    if (t)
        node_txn_reply(n, t, &got->parts, &answer);
    else
        node_reply(n, got, &answer);
}

/* Who serves a request that is answered at once remembers nothing: the same request has the same
 * answer (RFC 3261 §8.2.7). An INVITE is served by a transaction all the same. */
static void answer_at_once(struct tnd_node *n, struct node_got *got,
                           const struct node_answer *answer)
{
    /* RFC 4320 §4.2: the client finds that out by itself, and nobody else is to be told */
    if (answer->code == 408)
        node_drop(n, got, TND_RULE_NIST_NO_408);
    else
        node_reply(n, got, answer);
}

/* An INVITE that has no final response yet will have none but this. */
static void terminate(struct tnd_node *n, struct node_txn *t, enum tnd_rule rule,
                      struct tnd_slice fact)
{
    node_txn_disarm(n, t, NODE_WAIT_STEP);
    say(n, t, t->request,
        &(struct node_answer){
            .code = 487, .rule = rule, .fact = fact, .tag_kind = t->tag_kind, .lab = t->lab_code});
}

/* RFC 3261 §15.1.2: a caller may end an early dialog so. The BYE has been answered. */
static void end_early_dialog(struct tnd_node *n, struct node_got *got)
{
    struct node_txn *t =
        node_find_by_ack(n, node_early_key_of(got->a, &got->parts, got->parts.to_tag));

    if (t && !t->is_answered)
        terminate(n, t, TND_RULE_UAS_BYE, got->parts.to_tag);
}

/* RFC 3261 §13.3.1 */
static void await_expiry(struct tnd_node *n, struct node_txn *t)
{
    struct tnd_values v = tnd_msg_values(t->request->msg, TND_HEADER_EXPIRES);
    uint32_t seconds;

    if (tnd_seconds_next(&v, &seconds))
        node_txn_arm(n, t, NODE_WAIT_EXPIRY, n->now + TND_SEC((tnd_time)seconds));
}

void node_uas_expired(struct tnd_node *n, struct node_txn *t)
{
    terminate(n, t, TND_RULE_UAS_EXPIRES, tnd_msg_value(t->request->msg, TND_HEADER_EXPIRES));
}

void node_serve(struct tnd_node *n, struct node_got *got, unsigned code)
{
    struct turn turn = {{&got->parts, &got->flow, &got->seen, &got->uri}, .code = code};
    struct tnd_lab lab = {0};

    ask(n, &lab, &turn, got->a);
    turn.tag_kind = tag_kind_of(&turn.step);
    if (got->msg->method != TND_METHOD_INVITE && turn.step.is_reply && turn.step.due < 0) {
        struct node_answer answer = answer_of(&turn);

        answer_at_once(n, got, &answer);
        if (got->msg->method == TND_METHOD_BYE && answer.code == 200)
            end_early_dialog(n, got);
        return;
    }
    struct node_txn *t = node_txn_new(n, got);
    if (!t) {
        node_overload(n, got, NULL);
        return;
    }
    n->stats.served++;
    t->lab = lab;
    t->lab_code = code;
    t->tag_kind = turn.tag_kind;
    if (turn.step.due >= 0 && !node_txn_keep_request(t, &got->parts))
        say_nothing_more(&turn.step);
    take_step(n, t, &turn);
    if (t->is_invite && !t->is_answered)
        await_expiry(n, t);
}

void node_uas_step(struct tnd_node *n, struct node_txn *t)
{
    struct turn turn = {
        {t->request, &t->flow, &t->seen, NULL}, .code = t->lab_code, .tag_kind = t->tag_kind};

    ask(n, &t->lab, &turn, &n->work); /* what it says is copied from there */
    take_step(n, t, &turn);
}

void node_uas_again(struct tnd_node *n, struct node_txn *t)
{
    t->ack_wait = 2 * t->ack_wait < n->timing.t2 ? 2 * t->ack_wait : n->timing.t2;
    node_txn_arm(n, t, NODE_WAIT_ACK, n->now + t->ack_wait);
    node_txn_event(n, t, tnd_ev_response(200, n->now));
}

void node_uas_told(struct tnd_node *n, struct node_txn *t, const struct tnd_act *act)
{
    tnd_trace(&n->trace, n->now, "node.txn", act->kind, act->rule, t->by_key.key);
    if (act->rule == TND_RULE_IST_ACCEPTED_ACK)
        node_txn_disarm(n, t, NODE_WAIT_ACK);
    if (act->kind == TND_ACT_FAILED)
        n->stats.undelivered++;
}

/* A CANCEL has a transaction of its own, whatever is said (RFC 3261 §9.2): what follows from the
 * INVITE's state would be another thing when the CANCEL comes again. */
static void answer_cancel(struct tnd_node *n, struct node_got *got,
                          const struct node_answer *answer)
{
    /* Any stranger can send one that finds nothing. So that they do not fill the table, the second
     * half of it is for requests that are served. */
    bool is_crowded = n->pool.count >= n->stats.transactions_max / 2;
    struct node_txn *t = is_crowded ? NULL : node_txn_new(n, got);

    if (t)
        node_txn_reply(n, t, &got->parts, answer);
    else
        node_reply(n, got, answer);
}

/* RFC 3261 §9.2: whatever its method but ACK and CANCEL. A CANCEL does not say. */
static struct node_txn *cancelled(const struct tnd_node *n, const struct node_got *got)
{
    enum tnd_method method = TND_METHOD_INVITE;
    struct node_txn *t = node_find_by_key(n, node_cancelled_key_of(got->a, &got->parts, method));

    for (method = TND_METHOD_OTHER + 1; !t && method < TND_METHOD_COUNT; method++)
        if (method != TND_METHOD_ACK && method != TND_METHOD_CANCEL)
            t = node_find_by_key(n, node_cancelled_key_of(got->a, &got->parts, method));
    return t;
}

/* RFC 3261 §9.2. The CANCEL is answered before its INVITE: either order is right. */
void node_cancel(struct tnd_node *n, struct node_got *got)
{
    struct node_txn *t = cancelled(n, got);
    struct node_answer ok = {.code = 200, .rule = TND_RULE_UAS_CANCEL};
    struct node_answer none = {
        .code = 481,
        .rule = TND_RULE_UAS_NO_TRANSACTION,
        .fact = tnd_msg_value(got->msg, TND_HEADER_VIA),
        .says_why = true,
    };

    if (!t) {
        if (!node_pass_alone(n, got))
            answer_cancel(n, got, &none);
        return;
    }
    ok.lab = t->lab_code; /* the To tag is that of the response to the INVITE */
    ok.tag_kind = t->tag_kind;
    answer_cancel(n, got, &ok);
    if (!t->is_invite || t->is_answered)
        return;
    if (t->context)
        node_context_cancelled(n, t->context, got->msg);
    else
        terminate(n, t, TND_RULE_UAS_CANCELLED, tnd_msg_value(got->msg, TND_HEADER_REASON));
}
