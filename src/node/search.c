/* The acts of a response context (tandem/proxy.h): what it wants to be tried, cancelled, and passed
 * back. */
#include "base/assert.h"
#include "node/context.h"

static struct tnd_proxy_with with_of(const struct tnd_node *n, const struct node_context *ctx,
                                     bool serial)
{
    const struct tnd_node_proxy *config = &n->config->proxy;
    uint32_t breadth = tnd_breadth_of(ctx->request->msg);

    return (struct tnd_proxy_with){
        .is_invite = ctx->request->msg->method == TND_METHOD_INVITE,
        .serial = serial,
        .breadth = (uint8_t)(breadth < TND_PROXY_BREADTH_MAX ? breadth : TND_PROXY_BREADTH_MAX),
        .max_redirects = config->recurse == TND_RECURSE_NONE ? 0 : config->max_redirects,
        .timer_c = TND_SEC((tnd_time)config->timer_c),
        .uri = ctx->uri.text,
    };
}

/* Room for so many branches: they come with the targets of redirects too. */
static bool grow(struct node_context *ctx, size_t size)
{
    struct node_branch *branch;

    if (size <= ctx->branch_size)
        return true;
    branch = tnd_arena_zero(&ctx->arena, size, sizeof(*branch));
    if (!branch)
        return false;
    if (ctx->branch)
        memcpy(branch, ctx->branch, ctx->branch_size * sizeof(*branch));
    ctx->branch = branch;
    ctx->branch_size = size;
    return true;
}

/* A final response that was kept, read again. false: no memory, or there is none. */
static bool read_final(struct tnd_node *n, const struct node_branch *b, struct tnd_txn_parts *ret)
{
    struct tnd_msg *msg = tnd_arena_take(&n->work, sizeof(*msg));

    if (!msg || !b->final ||
        tnd_msg_parse(msg, &n->work, tnd_slice(b->final->bytes, b->final->len), TND_DATAGRAM))
        return false;
    tnd_txn_read(ret, msg);
    return true;
}

/* What came: to which branch. response NULL: nothing did. */
struct came {
    size_t from;
    const struct tnd_txn_parts *response;
};

/* The final response of branch i: the one that came now, or one that was kept, in room. NULL: no
 * memory, or there is none. */
static const struct tnd_txn_parts *final_of(struct tnd_node *n, const struct node_context *ctx,
                                            size_t i, const struct came *came,
                                            struct tnd_txn_parts *room)
{
    if (came->response && came->from == i)
        return came->response;
    return read_final(n, &ctx->branch[i], room) ? room : NULL;
}

/* Who is to be tried by the caller, not by us. */
static void put_target(struct tnd_writer *w, const struct tnd_branch *b)
{
    tnd_put_field_name(w, TND_HEADER_CONTACT);
    tnd_put_char(w, '<');
    tnd_put(w, b->target.uri);
    tnd_put(w, TND_STR(">\r\n"));
}

/* RFC 3261 §16.7 step 7; step 4 of what was not followed */
static void put_others(struct tnd_writer *w, struct tnd_node *n, const struct node_context *ctx,
                       size_t chosen, const struct came *came)
{
    for (size_t i = 0; i < ctx->proxy.count; i++) {
        struct tnd_txn_parts room;
        const struct tnd_txn_parts *other;

        if (i == chosen || !tnd_proxy_goes_with(&ctx->proxy, chosen, i))
            continue;
        if (ctx->proxy.branch[i].is_made) {
            put_target(w, &ctx->proxy.branch[i]);
            continue;
        }
        other = final_of(n, ctx, i, came, &room);
        if (other && other->msg->code / 100 == 3)
            tnd_forward_contacts_write(w, other->msg, ctx->branch[i].followed);
        else if (other)
            tnd_forward_challenges_write(w, other->msg);
    }
}

/* Lines of others that go up with what was chosen; absent: there are none. */
static struct tnd_slice others_of(struct tnd_node *n, const struct node_context *ctx, size_t chosen,
                                  const struct came *came)
{
    struct tnd_writer count = tnd_writer(NULL, 0);

    if (ctx->proxy.count == 1)
        return tnd_slice(NULL, 0);
    put_others(&count, n, ctx, chosen, came);
    char *at = count.len > 0 ? tnd_arena_take(&n->work, count.len) : NULL;
    struct tnd_writer w = tnd_writer(at, at ? count.len : 0);
    if (at)
        put_others(&w, n, ctx, chosen, came);
    return at ? tnd_writer_slice(&w) : tnd_slice(NULL, 0);
}

/* What goes up, why, and what lost. */
static void note(struct tnd_node *n, const struct node_context *ctx,
                 const struct tnd_proxy_act *act)
{
    node_why(n, &(struct node_asked){ctx->request, &ctx->flow, &ctx->seen, &ctx->uri},
             &(struct node_answer){
                 .code = act->code,
                 .rule = (enum tnd_rule)act->rule,
                 .fact = ctx->uri.text,
                 .tried = &ctx->proxy,
                 .chosen = act->branch,
             });
}

/* RFC 4320 §4.2: of a request that was never answered, the record alone tells. */
static void note_silence(struct tnd_node *n, const struct node_context *ctx)
{
    if (!ctx->proxy.is_answered)
        note(n, ctx, &(struct tnd_proxy_act){.branch = -1, .rule = TND_RULE_PROXY_NO_408});
}

static void choose(struct tnd_node *n, struct node_context *ctx, const struct tnd_proxy_act *act,
                   const struct came *came)
{
    size_t chosen = (size_t)act->branch;
    struct tnd_txn_parts room;
    const struct tnd_txn_parts *final = final_of(n, ctx, chosen, came, &room);

    if (!final) {
        node_context_overload(n, ctx);
        return;
    }
    note(n, ctx, act);
    node_pass_back(n, ctx, final,
                   &(struct tnd_forward_back){
                       .top = &final->via,
                       .code = act->code == final->msg->code ? 0 : act->code,
                       .followed = ctx->branch[chosen].followed,
                       .fields = others_of(n, ctx, chosen, came),
                   });
}

/* A forward that is a redirect: the caller is told. */
static bool redirect(struct tnd_node *n, struct node_context *ctx, size_t i,
                     struct node_answer *ret)
{
    const struct tnd_target *target = &ctx->proxy.branch[i].target;
    const struct tnd_forward *forward = ctx->forwards[target->when == TND_TARGET_BUSY ? 0 : 1];
    struct tnd_redirect_answer answer;

    if (!forward ||
        tnd_redirect_by_forward(forward, &ctx->uri, node_wall(n), &n->work, &answer) != 0)
        return false;
    *ret = node_answer_of_redirect(&answer);
    return true;
}

static struct tnd_slice join(struct tnd_node *n, struct tnd_slice lines, struct tnd_slice more)
{
    char *at = more.len > 0 ? tnd_arena_take(&n->work, lines.len + more.len) : NULL;
    struct tnd_writer w = tnd_writer(at, at ? lines.len + more.len : 0);

    if (!at)
        return lines;
    tnd_put(&w, lines);
    tnd_put(&w, more);
    return tnd_writer_slice(&w);
}

/* The context goes on: it ends with DONE, and not with its answer. */
static void make(struct tnd_node *n, struct node_context *ctx, const struct tnd_proxy_act *act,
                 const struct came *came)
{
    struct node_answer answer = {.code = act->code,
                                 .rule = (enum tnd_rule)act->rule,
                                 .fact = ctx->uri.text,
                                 .says_why = true};

    if (act->rule == TND_RULE_PROXY_UNSENT && ctx->routes.flow_read == TND_ROUTE_FLOW_GOOD) {
        answer.code = 430; /* RFC 5626 §5.3.1 */
        answer.rule = TND_RULE_PROXY_FLOW;
    }
    if (act->branch >= 0) {
        if (!redirect(n, ctx, (size_t)act->branch, &answer)) {
            node_context_overload(n, ctx);
            return;
        }
        answer.fields = join(n, answer.fields, others_of(n, ctx, (size_t)act->branch, came));
    }
    answer.tried = &ctx->proxy;
    answer.chosen = act->branch;
    node_txn_reply(n, ctx->txn, ctx->request, &answer);
}

/* RFC 3326: why, in the CANCEL. What is looked up still is not sent any more. */
static void cancel(struct tnd_node *n, struct node_context *ctx, const struct tnd_proxy_act *act)
{
    char room[128];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct node_branch *b = &ctx->branch[act->branch];
    struct node_client *c = b->client;

    if (!c) {
        b->locate = NULL;
        b->is_failed = true;
        return;
    }
    if (act->code > 0) {
        tnd_put(&w, TND_STR("Reason: SIP;cause="));
        tnd_put_number(&w, act->code);
        tnd_put(&w, TND_STR(";text=\""));
        tnd_put_str(&w, act->code == 200 ? "Call completed elsewhere" : tnd_code_phrase(act->code));
        tnd_put(&w, TND_STR("\"\r\n"));
        node_client_cancel(n, c, tnd_writer_slice(&w));
    } else {
        node_client_cancel(n, c, ctx->reason);
    }
}

static void do_act(struct tnd_node *n, struct node_context *ctx, const struct tnd_proxy_act *act,
                   const struct came *came)
{
    switch ((enum tnd_proxy_act_kind)act->kind) {
    case TND_PROXY_TRY:
        ctx->branch[act->branch].breadth = act->breadth;
        ctx->branch[act->branch].is_failed = !node_branch_try(n, ctx, (size_t)act->branch);
        return;
    case TND_PROXY_CANCEL:
        cancel(n, ctx, act);
        return;
    case TND_PROXY_FORWARD:
        if (act->code >= 200)
            note(n, ctx, act);
        node_pass_back(n, ctx, came->response,
                       &(struct tnd_forward_back){.top = &came->response->via});
        return;
    case TND_PROXY_CHOOSE:
        choose(n, ctx, act, came);
        return;
    case TND_PROXY_MAKE:
        make(n, ctx, act, came);
        return;
    case TND_PROXY_DONE:
        note_silence(n, ctx);
        ctx->is_done = true;
        return;
    }
}

/* A branch that could not be sent. false: there is none. */
static bool tell_failed(struct tnd_node *n, struct node_context *ctx)
{
    for (size_t i = 0; i < ctx->proxy.count; i++)
        if (ctx->branch[i].is_failed) {
            ctx->branch[i].is_failed = false;
            tnd_proxy_no_response(&ctx->proxy, i, 503, n->now);
            return true;
        }
    return false;
}

/* RFC 4320 §4.2: what nobody answered is not answered, and its transaction is to know that. */
static void end(struct tnd_node *n, struct node_context *ctx)
{
    if (!ctx->proxy.is_answered)
        node_txn_pass(n, ctx->txn, 408, tnd_slice(NULL, 0));
    node_context_end(n, ctx);
}

/* All that comes of one event. */
static void run(struct tnd_node *n, struct node_context *ctx, const struct came *came)
{
    struct tnd_proxy_act act;

    do
        while (ctx->stage != NODE_STAGE_ENDED && tnd_proxy_next(&ctx->proxy, &act))
            do_act(n, ctx, &act, came);
    while (ctx->stage != NODE_STAGE_ENDED && tell_failed(n, ctx));
    if (ctx->stage == NODE_STAGE_ENDED)
        return;
    tnd_time due = tnd_proxy_due(&ctx->proxy);
    if (ctx->is_done)
        end(n, ctx);
    else if (due == TND_NEVER_DUE)
        tnd_wheel_disarm(&n->wheel, &ctx->timer.timer);
    else if (!tnd_wheel_armed(&ctx->timer.timer) || ctx->timer.timer.due != due)
        tnd_wheel_arm(&n->wheel, &ctx->timer.timer, due);
}

/* Of what has no transaction: it ends when no copy waits to be sent. */
static void end_alone(struct tnd_node *n, struct node_context *ctx)
{
    for (size_t i = 0; i < ctx->proxy.count; i++)
        if (ctx->branch[i].locate && ctx->branch[i].attempt == 0 && !ctx->branch[i].is_failed)
            return;
    node_context_end(n, ctx);
}

/* Without a transaction: one copy to each, and nothing more is heard of it (RFC 3261 §16.11). */
static void send_to_all(struct tnd_node *n, struct node_context *ctx)
{
    struct tnd_proxy_act act;

    while (tnd_proxy_next(&ctx->proxy, &act))
        if (act.kind == TND_PROXY_TRY)
            ctx->branch[act.branch].is_failed = !node_branch_try(n, ctx, (size_t)act.branch);
    end_alone(n, ctx);
}

static const struct came nothing;

void node_search_start(struct tnd_node *n, struct node_context *ctx,
                       const struct tnd_target *targets, size_t count, bool serial)
{
    struct tnd_proxy_with with = with_of(n, ctx, serial && ctx->txn);

    ctx->stage = NODE_STAGE_SEARCH;
    if (tnd_proxy_start(&ctx->proxy, &with, targets, count, n->now, &ctx->arena) != 0 ||
        !grow(ctx, ctx->proxy.count)) {
        node_context_overload(n, ctx);
        return;
    }
    if (!ctx->txn) {
        send_to_all(n, ctx);
        return;
    }
    if (with.is_invite) /* RFC 3261 §16.2: at once */
        node_txn_reply(n, ctx->txn, ctx->request,
                       &(struct node_answer){.code = 100, .rule = TND_RULE_PROXY_TRYING});
    run(n, ctx, &nothing);
}

/* Whether a Contact of a 3xx may be followed: a stranger's must not spend our money. */
static bool may_follow(const struct tnd_node *n, const struct node_context *ctx,
                       const struct tnd_uri *uri)
{
    struct tnd_endpoint address;

    if (uri->scheme != TND_SCHEME_SIP && uri->scheme != TND_SCHEME_SIPS)
        return false;
    return n->config->proxy.recurse == TND_RECURSE_ANY || node_is_ours(n, &ctx->flow, uri) ||
           (tnd_address_parse(uri->host, &address) == 0 && node_is_trusted(n, &address));
}

/* A Contact as a Request-URI: without the headers part (RFC 3261 §19.1.5). */
static struct tnd_slice uri_of(struct node_context *ctx, const struct tnd_uri *uri)
{
    char *at = tnd_arena_take(&ctx->arena, uri->text.len);
    struct tnd_writer w = tnd_writer(at, at ? uri->text.len : 0);

    tnd_request_uri_write(&w, uri, false);
    return tnd_writer_slice(&w);
}

/* Contacts of one response: those that may be followed, and which they are of all. */
enum { CONTACT_COUNT_MAX = 16, CONTACT_BITS = 64 };

struct contacts {
    struct tnd_target targets[CONTACT_COUNT_MAX];
    uint8_t number[CONTACT_COUNT_MAX];
    size_t count, all;
};

static void read_contacts(struct tnd_node *n, struct node_context *ctx,
                          const struct tnd_msg *response, struct contacts *ret)
{
    struct tnd_values v = tnd_msg_values(response, TND_HEADER_CONTACT);
    struct tnd_contact contact;

    ret->count = ret->all = 0;
    for (; ret->all < CONTACT_BITS && tnd_contact_next(&v, &contact); ret->all++) {
        struct tnd_target *target = &ret->targets[ret->count];

        if (contact.star || ret->count == CONTACT_COUNT_MAX ||
            !may_follow(n, ctx, &contact.addr.uri))
            continue;
        *target = (struct tnd_target){.uri = uri_of(ctx, &contact.addr.uri), .q = contact.q};
        if (target->uri.ptr)
            ret->number[ret->count++] = (uint8_t)ret->all;
    }
}

/* RFC 3261 §16.7 step 4 */
static void follow(struct tnd_node *n, struct node_context *ctx, size_t i,
                   const struct tnd_msg *response)
{
    struct tnd_proxy *proxy = &ctx->proxy;
    struct contacts c;

    read_contacts(n, ctx, response, &c);
    if (c.count == 0 || !grow(ctx, proxy->count + c.count) ||
        tnd_proxy_follow(proxy, i, response->code, c.targets, c.count, c.count == c.all,
                         &ctx->arena) == 0)
        return;
    for (size_t k = 0; k < c.count; k++) /* what was beyond a bound goes up */
        if (tnd_proxy_has(proxy, c.targets[k].uri))
            ctx->branch[i].followed |= (uint64_t)1 << c.number[k];
}

/* Whether it is worth while to try another place of branch i: somebody waits for its answer. */
static bool is_awaited(const struct node_context *ctx, size_t i)
{
    const struct tnd_branch *b = &ctx->proxy.branch[i];

    return (b->state == TND_BRANCH_CALLING || b->state == TND_BRANCH_PROCEEDING) &&
           !b->is_cancelled && !ctx->proxy.is_stopped && node_txn_is_open(ctx->txn);
}

void node_search_response(struct tnd_node *n, struct node_context *ctx, size_t i,
                          const struct tnd_txn_parts *response)
{
    unsigned code = response->msg->code;

    /* RFC 3263 §4.3 */
    if (code == 503 && is_awaited(ctx, i) && node_branch_try_next(n, ctx, i, false))
        return;
    if (code == 503 && tnd_msg_has(response->msg, TND_HEADER_RETRY_AFTER))
        tnd_proxy_retry_after(&ctx->proxy, i);
    if (code / 100 == 3 && n->config->proxy.recurse != TND_RECURSE_NONE)
        follow(n, ctx, i, response->msg);
    tnd_proxy_response(&ctx->proxy, i, code, n->now);
    run(n, ctx, &(struct came){i, response});
    if (code < 300 || ctx->stage == NODE_STAGE_ENDED || ctx->proxy.is_answered)
        return;
    node_forget(n, &ctx->branch[i].final);
    ctx->branch[i].final = node_keep(n, response->msg->text);
}

void node_search_no_response(struct tnd_node *n, struct node_context *ctx, size_t i, unsigned code)
{
    if (is_awaited(ctx, i) && node_branch_try_next(n, ctx, i, code == 503))
        return;
    tnd_proxy_no_response(&ctx->proxy, i, code, n->now);
    run(n, ctx, &nothing);
}

void node_search_located(struct tnd_node *n, uint64_t token, const struct tnd_lookup_answer *answer)
{
    struct node_context *ctx = node_token_find(n, token, NODE_TOKEN_CONTEXT);
    size_t i = token & ((1u << NODE_PLACE_BITS) - 1);

    if (!ctx || ctx->stage != NODE_STAGE_SEARCH || i >= ctx->proxy.count)
        return;
    ctx->branch[i].is_failed = !node_branch_located(n, ctx, i, answer);
    if (ctx->is_alone)
        end_alone(n, ctx);
    else
        run(n, ctx, &nothing);
}

void node_search_cancel(struct tnd_node *n, struct node_context *ctx)
{
    tnd_proxy_cancel(&ctx->proxy, n->now);
    run(n, ctx, &nothing);
}

void node_search_timer(struct tnd_node *n, struct node_context *ctx)
{
    tnd_proxy_timer(&ctx->proxy, n->now);
    run(n, ctx, &nothing);
}
