/* The requests that came: which transaction each belongs to, and when it must be absorbed. */
#include "sim/checked.h"

#include "base/assert.h"
#include "base/owner.h"
#include "tandem/txn/match.h"

/* A value on one line, whose white space was not meant. */
static void put_even(struct tnd_writer *w, struct tnd_slice value)
{
    bool blank = false;

    for (size_t i = 0; i < value.len; i++) {
        char c = value.ptr[i];

        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            blank = true;
            continue;
        }
        if (blank)
            tnd_put_char(w, ' ');
        blank = false;
        tnd_put_char(w, c);
    }
    tnd_put_char(w, '\n');
}

static void put_via(struct tnd_writer *w, const struct tnd_via *via)
{
    put_even(w, via->branch);
    put_even(w, via->host);
    tnd_put_number(w, (uint64_t)(int64_t)via->port);
}

/* Of all Vias this one. */
static bool put_key(struct tnd_writer *w, const struct tnd_msg *msg, const struct tnd_via *via)
{
    static const enum tnd_header copied[] = {TND_HEADER_CALL_ID, TND_HEADER_CSEQ, TND_HEADER_FROM};

    if (via) /* one that is wrong is as wrong in the response */
        put_via(w, via);
    tnd_put_char(w, '\n');
    for (unsigned i = 0; i < sizeof(copied) / sizeof(*copied); i++) {
        if (!tnd_msg_has(msg, copied[i]))
            return false;
        put_even(w, tnd_msg_value(msg, copied[i]));
    }
    return !tnd_writer_over(w);
}

bool sim_answer_key(struct tnd_writer *w, const struct tnd_msg *msg)
{
    struct tnd_via via;

    return tnd_msg_has(msg, TND_HEADER_VIA) &&
           put_key(w, msg, tnd_msg_via(msg, &via, NULL) ? &via : NULL);
}

static void note_passed(struct sim_checked *k, const struct tnd_writer *w)
{
    struct tnd_slice key = tnd_writer_slice(w);

    if (!key.ptr || tnd_map_find(&k->passed, key))
        return;
    struct tnd_map_node *node = tnd_arena_zero(&k->a, 1, sizeof(*node));
    TND_ASSERT(node);
    int err = tnd_map_add(&k->passed, node, tnd_slice_keep(&k->a, key));
    TND_ASSERT(err == 0);
}

void sim_checked_response(struct sim_check *c, unsigned host, const struct tnd_msg *msg)
{
    static char room[SIM_KEY_ROOM];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_VIA);
    struct tnd_via via;

    if (tnd_via_next(&v, &via) && tnd_via_next(&v, &via) && put_key(&w, msg, &via))
        note_passed(c->hosts[host], &w);
}

bool sim_request_key(struct tnd_writer *w, const struct tnd_msg *msg)
{
    struct tnd_cseq cseq;

    if (!tnd_msg_cseq(msg, &cseq, NULL))
        return false;
    tnd_put_str(w, "request\n");
    put_even(w, tnd_msg_value(msg, TND_HEADER_CALL_ID));
    tnd_put_number(w, cseq.number);
    return !tnd_writer_over(w);
}

static void note_request(struct sim_checked *k, const struct tnd_msg *msg)
{
    static char room[SIM_KEY_ROOM];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    if (sim_request_key(&w, msg))
        note_passed(k, &w);
}

static struct sim_txn *new_txn(struct sim_checked *k, const struct tnd_input *in)
{
    struct sim_txn *t = tnd_arena_zero(&k->a, 1, sizeof(*t));

    TND_ASSERT(t);
    t->refused_at = -TND_SEC(1);
    t->invite = in->msg->method == TND_METHOD_INVITE;
    t->reliable = tnd_transport_is_reliable(in->flow.local.transport);
    return t;
}

/* The transaction of a request; of an ACK that of its INVITE. One without a key has a
 * transaction of its own. */
static struct sim_txn *txn_of(struct sim_checked *k, const struct tnd_input *in)
{
    static char room[SIM_KEY_ROOM];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_txn_parts parts;

    tnd_txn_read(&parts, in->msg);
    enum tnd_rule rule = tnd_txn_server_key(&w, &parts);
    struct tnd_slice key = tnd_writer_slice(&w);

    if (rule == TND_RULE_NONE || !key.ptr)
        return in->msg->method == TND_METHOD_ACK ? NULL : new_txn(k, in);
    struct tnd_map_node *node = tnd_map_find(&k->txns, key);
    if (node)
        return TND_OWNER(node, struct sim_txn, node);
    if (in->msg->method == TND_METHOD_ACK)
        return NULL;
    struct sim_txn *t = new_txn(k, in);
    int err = tnd_map_add(&k->txns, &t->node, tnd_slice_keep(&k->a, key));
    TND_ASSERT(err == 0);
    return t;
}

/* Until when a request that comes again must be absorbed. */
static tnd_time absorbs_until(const struct sim_txn *t, const struct tnd_txn_timing *timing)
{
    tnd_time long_wait = 64 * timing->t1;

    if (!t->served)
        return 0;
    if (!t->final.ptr) /* an INVITE rings as long as its user likes */
        return t->invite ? TND_NEVER_DUE : t->served_at + long_wait - SIM_SLACK;
    if (t->invite && t->acked) /* timer I */
        return t->reliable ? 0 : t->acked_at + timing->t4 - SIM_SLACK;
    if (!t->invite && t->reliable) /* timer J */
        return 0;
    return t->final_at + long_wait - SIM_SLACK; /* timers H, J, L */
}

bool sim_txn_is_over(const struct sim_txn *t, tnd_time now)
{
    const struct tnd_txn_timing timing = tnd_txn_timing_default();

    return t->final.ptr && now >= absorbs_until(t, &timing);
}

static void remember(struct sim_checked *k, struct sim_txn *t, const struct tnd_input *in)
{
    static char room[SIM_KEY_ROOM];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_via via;
    struct tnd_cseq cseq;

    if (!sim_answer_key(&w, in->msg))
        return;
    bool is_via = tnd_msg_via(in->msg, &via, NULL);
    struct tnd_slice key = tnd_slice_keep(&k->a, tnd_writer_slice(&w));
    struct sim_asked *a = tnd_arena_zero(&k->a, 1, sizeof(*a));
    TND_ASSERT(a);
    a->txn = t;
    a->flow = in->flow.id;
    a->source = in->flow.remote;
    a->is_strange = !is_via;
    a->is_odd =
        tnd_msg_cseq(in->msg, &cseq, NULL) && !tnd_slice_eq(cseq.method_name, in->msg->method_name);
    a->is_cancel = in->msg->method == TND_METHOD_CANCEL;
    if (is_via) {
        a->host = tnd_slice_keep(&k->a, via.host);
        a->maddr = tnd_slice_keep(&k->a, via.maddr);
        a->port = via.port;
    }
    a->text = tnd_slice_keep(&k->a, in->msg->text);
    a->before = t->asked;
    t->asked = a;
    struct tnd_map_node *node = tnd_map_find(&k->asked, key);
    if (node) {
        struct sim_asked *first = TND_OWNER(node, struct sim_asked, node);
        first->is_mixed |=
            !tnd_slice_eq(first->text, a->text) || !tnd_endpoint_eq(&first->source, &a->source);
        a->same = first->same;
        first->same = a;
        return;
    }
    int err = tnd_map_add(&k->asked, &a->node, key);
    TND_ASSERT(err == 0);
}

static void tell_served(struct sim_check *c, unsigned host, const struct sim_txn *t,
                        const struct tnd_input *in)
{
    struct tnd_writer room, *w = sim_check_tell(c, SIM_LAW_ABSORBED, host, &room);

    if (!w)
        return;
    tnd_put_str(w, "  served first at ");
    tnd_put_number(w, (uint64_t)(t->served_at / 1000));
    tnd_put_str(w, " ms\n");
    sim_put_quoted(w, "the request that was served once more", in->msg->text);
    if (t->final.ptr)
        sim_put_quoted(w, "its final response", t->final);
    sim_check_told(c, w);
}

void sim_checked_request(struct sim_check *c, unsigned host, const struct tnd_input *in,
                         uint64_t grown)
{
    const struct tnd_txn_timing timing = tnd_txn_timing_default();
    struct sim_checked *k = c->hosts[host];
    struct sim_txn *t = txn_of(k, in);
    tnd_time now = sim_world_now(c->w);

    if (c->has_users)
        note_request(k, in->msg);
    if (!t)
        return; /* an ACK of no transaction */
    if (in->msg->method == TND_METHOD_ACK) {
        if (t->final.ptr && t->code >= 300 && !t->acked && now < absorbs_until(t, &timing)) {
            t->acked = true;
            t->acked_at = now;
        }
        return;
    }
    bool absorbs = now < absorbs_until(t, &timing);
    /* RFC 3261 §16.10: a CANCEL that finds nothing is passed on each time */
    if (grown > 0 && absorbs && !(c->has_users && in->msg->method == TND_METHOD_CANCEL))
        tell_served(c, host, t, in);
    if (grown > 0 || !absorbs) { /* a transaction anew */
        t->served = grown > 0;
        t->blurred = t->served && now <= t->refused_at + SIM_SLACK;
        t->served_at = now;
        t->acked = false;
        t->final = tnd_slice(NULL, 0);
    }
    if (!t->served)
        t->refused_at = now;
    remember(k, t, in);
}
