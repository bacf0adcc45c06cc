/* The keys by which messages find their transactions, in memory of their own. */
#include "node/node.h"

enum { FIRST_ROOM = 128 }; /* of most keys */

/* What a key is made of besides the message. */
struct source {
    const struct tnd_txn_parts *parts;
    struct tnd_slice detail;
    unsigned lab;
};

typedef enum tnd_rule put_key(struct tnd_writer *w, const struct source *s);

/* A key is as long as the peer's words: a second try has as much room as the first asked for. */
static struct tnd_slice key_of(struct tnd_arena *a, put_key *put, const struct source *s)
{
    for (size_t room = FIRST_ROOM;;) {
        char *at = tnd_arena_take(a, room);
        struct tnd_writer w = tnd_writer(at, at ? room : 0);

        if (!at)
            return tnd_slice(NULL, 0);
        enum tnd_rule rule = put(&w, s);
        tnd_arena_shrink(a, at, rule && !tnd_writer_over(&w) ? w.len : 0);
        if (!rule)
            return tnd_slice(NULL, 0);
        if (!tnd_writer_over(&w))
            return tnd_writer_slice(&w);
        room = w.len;
    }
}

static enum tnd_rule put_server(struct tnd_writer *w, const struct source *s)
{
    return tnd_txn_server_key(w, s->parts);
}

struct tnd_slice node_key_of(struct tnd_arena *a, const struct tnd_txn_parts *request)
{
    return key_of(a, put_server, &(struct source){.parts = request});
}

/* Departs from RFC 3261 §8.2.2.2, which has one user agent in mind: many users live behind one
 * address here, and a fork upstream may reach two of them. So the user is part of the key: of the lab by
 * the code, for the name may be written in several ways; others by their address-of-record, which has an
 * @ and so is no number. */
static enum tnd_rule put_merged(struct tnd_writer *w, const struct source *s)
{
    enum tnd_rule rule = tnd_txn_merged_key(w, s->parts);

    if (s->detail.ptr)
        tnd_put(w, s->detail);
    else
        tnd_put_number(w, s->lab);
    return rule;
}

struct tnd_slice node_merged_key_of(struct tnd_arena *a, const struct node_got *got)
{
    return key_of(a, put_merged, &(struct source){.parts = &got->parts, .lab = got->lab});
}

struct tnd_slice node_searched_key_of(struct tnd_arena *a, const struct tnd_txn_parts *request,
                                      struct tnd_slice aor)
{
    return key_of(a, put_merged, &(struct source){.parts = request, .detail = aor});
}

static enum tnd_rule put_cancelled(struct tnd_writer *w, const struct source *s)
{
    return tnd_txn_cancelled_key(w, s->parts, s->detail);
}

struct tnd_slice node_cancelled_key_of(struct tnd_arena *a, const struct tnd_txn_parts *cancel,
                                       enum tnd_method method)
{
    struct tnd_slice name = tnd_slice_str(tnd_method_name(method));

    return key_of(a, put_cancelled, &(struct source){.parts = cancel, .detail = name});
}

/* RFC 3261 §7.3.1: a tag is a token, and compares without case. */
static void put_tag(struct tnd_writer *w, struct tnd_slice tag)
{
    tnd_put_lower(w, tag);
    tnd_put_char(w, '\n'); /* which none of the parts can hold */
}

/* RFC 3261 §12.1.1: a dialog at our side. */
static void put_dialog(struct tnd_writer *w, const struct tnd_txn_parts *parts,
                       struct tnd_slice to_tag)
{
    tnd_put(w, parts->call_id);
    tnd_put_char(w, '\n');
    put_tag(w, parts->from_tag);
    put_tag(w, to_tag);
}

/* RFC 3261 §13.2.2.4: an ACK to a 2xx is of the dialog, has the CSeq number of the INVITE, and a
 * branch of its own. */
static enum tnd_rule put_ack(struct tnd_writer *w, const struct source *s)
{
    if (!s->parts->is_whole)
        return TND_RULE_NONE;
    put_dialog(w, s->parts, s->detail);
    tnd_put_number(w, s->parts->cseq.number);
    return TND_RULE_UAS_2XX_ACK;
}

static enum tnd_rule put_early(struct tnd_writer *w, const struct source *s)
{
    if (!s->parts->is_whole)
        return TND_RULE_NONE;
    put_dialog(w, s->parts, s->detail);
    return TND_RULE_UAS_NO_DIALOG;
}

struct tnd_slice node_early_key_of(struct tnd_arena *a, const struct tnd_txn_parts *request,
                                   struct tnd_slice to_tag)
{
    return key_of(a, put_early, &(struct source){.parts = request, .detail = to_tag});
}

static enum tnd_rule put_old_ack(struct tnd_writer *w, const struct source *s)
{
    return tnd_txn_ack_key(w, s->parts, s->detail);
}

struct tnd_slice node_old_ack_key_of(struct tnd_arena *a, const struct tnd_txn_parts *invite,
                                     struct tnd_slice to_tag)
{
    return key_of(a, put_old_ack, &(struct source){.parts = invite, .detail = to_tag});
}

struct tnd_slice node_ack_key_of(struct tnd_arena *a, const struct tnd_txn_parts *request,
                                 struct tnd_slice to_tag)
{
    return key_of(a, put_ack, &(struct source){.parts = request, .detail = to_tag});
}
