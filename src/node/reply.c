/* Replies without a transaction (RFC 3261 §8.2.7): they follow from the request alone, so a
 * request that comes again is answered with the same bytes. What refuses costs no memory. */
#include "node/node.h"

enum { FIRST_ROOM = 1024 };

/* RFC 3261 §20.43: 399 is for a person to read. */
static void put_why(struct tnd_writer *w, struct tnd_node *n, const struct tnd_flow *flow,
                    enum tnd_rule rule)
{
    tnd_put(w, TND_STR("Warning: 399 "));
    tnd_put(w, node_self(n, flow));
    tnd_put(w, TND_STR(" \""));
    tnd_put_str(w, tnd_rule_name(rule));
    tnd_put(w, TND_STR(": "));
    tnd_put_str(w, tnd_rule_sentence(rule));
    tnd_put(w, TND_STR(" ("));
    tnd_put_str(w, tnd_rule_law(rule));
    tnd_put(w, TND_STR(")\"\r\n"));
}

static void put_fields(struct tnd_writer *w, struct tnd_node *n, const struct tnd_flow *flow,
                       const struct node_answer *answer)
{
    tnd_put(w, answer->fields);
    if (answer->unsupported.ptr)
        tnd_put_field(w, TND_HEADER_UNSUPPORTED, answer->unsupported);
    if (n->config->server.ptr)
        tnd_put_field(w, TND_HEADER_SERVER, n->config->server);
    if (answer->says_why)
        put_why(w, n, flow, answer->rule);
}

/* The absent slice: a is over. */
static struct tnd_slice fields_of(struct tnd_node *n, struct tnd_arena *a,
                                  const struct tnd_flow *flow, const struct node_answer *answer)
{
    for (size_t room = FIRST_ROOM;;) {
        char *at = tnd_arena_take(a, room);
        struct tnd_writer w = tnd_writer(at, at ? room : 0);

        if (!at)
            return tnd_slice(NULL, 0);
        put_fields(&w, n, flow, answer);
        tnd_arena_shrink(a, at, tnd_writer_over(&w) ? 0 : w.len);
        if (!tnd_writer_over(&w))
            return tnd_writer_slice(&w);
        room = w.len;
    }
}

struct tnd_slice node_write_reply(struct tnd_node *n, struct tnd_arena *a,
                                  const struct node_asked *asked, const struct node_answer *answer)
{
    char tag[NODE_TAG_SIZE];
    struct tnd_reply reply = {
        .code = answer->code,
        .via = asked->parts->has_via ? &asked->parts->via : NULL,
        .reason = answer->reason,
        .to_tag = answer->tag.ptr ? answer->tag
                                  : node_tag(n, asked->parts, answer->tag_kind, answer->lab, tag),
        .received = asked->seen->received,
        .rport = asked->seen->rport,
        .fields = fields_of(n, a, asked->flow, answer),
        .content_type = answer->content_type,
        .body = answer->body,
    };

    for (size_t room = FIRST_ROOM;;) {
        char *at = tnd_arena_take(a, room);
        struct tnd_writer w = tnd_writer(at, at ? room : 0);

        if (!at)
            return tnd_slice(NULL, 0);
        tnd_reply_write(&w, asked->parts->msg, &reply);
        tnd_arena_shrink(a, at, tnd_writer_over(&w) ? 0 : w.len);
        if (!tnd_writer_over(&w))
            return tnd_writer_slice(&w);
        room = w.len;
    }
}

void node_reply_to(struct tnd_node *n, const struct node_asked *asked,
                   const struct node_answer *answer)
{
    struct tnd_slice bytes = node_write_reply(n, &n->out, asked, answer);
    struct node_to to;

    node_first_place(&asked->parts->via, asked->flow, &to);
    if (!bytes.ptr) {
        n->stats.lost++;
    } else if (to.is_nowhere) {
        n->stats.undelivered++;
    } else {
        n->stats.replies[answer->code / 100]++;
        node_send(n, &to, bytes, 0);
        node_why(n, asked, answer);
    }
}

void node_reply(struct tnd_node *n, struct node_got *got, const struct node_answer *answer)
{
    node_reply_to(n, &(struct node_asked){&got->parts, &got->flow, &got->seen, &got->uri}, answer);
    if (answer->close)
        node_out(n, TND_OUT_CLOSE)->flow = got->flow.id;
}
