/* Server transactions: what the actions of their machines (tandem/txn.h) mean. The user behind one is a
 * leg of a call (leg.c), or nobody: then it is answered at once. */
#include "ua/call.h"

#include "base/assert.h"
#include "base/owner.h"

enum { FIRST_ROOM = 2048 };

/* A key is as long as the peer's words: a second try has as much room as the first asked for. */
typedef enum tnd_rule put_key(struct tnd_writer *w, const struct tnd_txn_parts *request);

static struct tnd_slice key_of(struct tnd_arena *a, put_key *put,
                               const struct tnd_txn_parts *request)
{
    for (size_t room = 256;;) {
        char *at = tnd_arena_take(a, room);
        struct tnd_writer w = tnd_writer(at, at ? room : 0);

        if (!at || put(&w, request) == TND_RULE_NONE)
            return tnd_slice(NULL, 0);
        if (!tnd_writer_over(&w))
            return tnd_writer_slice(&w);
        room = w.len;
    }
}

struct tnd_slice ua_key_of(struct tnd_arena *a, const struct tnd_txn_parts *request)
{
    return key_of(a, tnd_txn_server_key, request);
}

struct tnd_slice ua_merged_key_of(struct tnd_arena *a, const struct tnd_txn_parts *request)
{
    return key_of(a, tnd_txn_merged_key, request);
}

static enum tnd_rule put_cancelled(struct tnd_writer *w, const struct tnd_txn_parts *cancel)
{
    return tnd_txn_cancelled_key(w, cancel, TND_STR("INVITE"));
}

struct tnd_slice ua_cancelled_key_of(struct tnd_arena *a, const struct tnd_txn_parts *cancel)
{
    return key_of(a, put_cancelled, cancel);
}

struct ua_server *ua_server_find(const struct tnd_ua *ua, struct tnd_slice key)
{
    struct tnd_map_node *found = key.ptr ? tnd_map_find(&ua->by_key, key) : NULL;

    return found ? TND_OWNER(found, struct ua_server, by_key) : NULL;
}

struct ua_server *ua_server_find_merged(const struct tnd_ua *ua, struct tnd_slice key)
{
    struct tnd_map_node *found = key.ptr ? tnd_map_find(&ua->by_merged, key) : NULL;

    return found ? TND_OWNER(found, struct ua_server, by_merged) : NULL;
}

struct ua_server *ua_server_find_old(const struct tnd_ua *ua, struct tnd_slice key)
{
    struct tnd_map_node *found = key.ptr ? tnd_map_find(&ua->by_ack, key) : NULL;

    return found ? TND_OWNER(found, struct ua_server, by_ack) : NULL;
}

void ua_server_leave(struct tnd_ua *ua, struct ua_server *s)
{
    ua_leave(&ua->by_key, &s->by_key);
    ua_leave(&ua->by_merged, &s->by_merged);
    ua_leave(&ua->by_ack, &s->by_ack);
}

void ua_server_fini(struct tnd_ua *ua, struct ua_server *s)
{
    if (s->sent)
        ua->mem.give(ua->mem.ctx, s->sent, s->sent_len);
    s->sent = NULL;
}

static void end(struct tnd_ua *ua, struct ua_server *s)
{
    ua_server_leave(ua, s);
    if (s->leg)
        ua_leg_server_gone(s->leg, s);
    s->leg = NULL;
    ua->txn_count--;
    ua_object_end(ua, &s->object);
}

/* false: there is no memory. One that others have taken already is no matter. */
static bool enter(struct tnd_map *map, struct tnd_map_node *node, struct tnd_slice key)
{
    int err = key.ptr ? tnd_map_add(map, node, key) : TND_EEXISTS;

    if (err)
        node->key = tnd_slice(NULL, 0);
    return err != TND_ENOMEM;
}

/* A copy of the request and of what was read of it. */
static bool keep_request(struct ua_server *s, const struct ua_got *got)
{
    struct tnd_arena *a = &s->object.arena;
    struct tnd_txn_parts *parts = tnd_arena_take(a, sizeof(*parts));
    struct tnd_msg *msg = tnd_arena_take(a, sizeof(*msg));

    if (!parts || !msg || tnd_msg_keep(msg, a, got->msg) != 0)
        return false;
    s->seen.received = tnd_slice_keep(a, got->seen.received);
    s->seen.rport = got->seen.rport;
    tnd_txn_parts_keep(parts, msg, &got->parts);
    if (parts->has_via)
        tnd_via_set_seen(&parts->via, &s->seen);
    s->request = parts;
    return !tnd_arena_over(a);
}

static bool fill(struct tnd_ua *ua, struct ua_server *s, const struct ua_got *got)
{
    struct tnd_arena *a = &s->object.arena;
    char tag[UA_TAG_LEN];

    ua_tag_of(ua, &got->parts, tag);
    s->tag = tnd_slice_keep(a, tnd_slice(tag, sizeof(tag)));
    return keep_request(s, got) && s->tag.ptr &&
           enter(&ua->by_key, &s->by_key, tnd_slice_keep(a, got->key)) && s->by_key.key.ptr &&
           enter(&ua->by_merged, &s->by_merged, tnd_slice_keep(a, got->merged));
}

static void do_acts(struct tnd_ua *ua, struct ua_server *s, const struct tnd_acts *acts,
                    const struct ua_answer *answer);

static bool is_reliable(const struct ua_server *s)
{
    return tnd_transport_is_reliable((enum tnd_transport)s->flow.remote.transport);
}

struct ua_server *ua_server_new(struct tnd_ua *ua, const struct ua_got *got)
{
    struct ua_server *s = ua->txn_count < UA_TXN_COUNT_MAX - UA_TXN_OF_OURS
                              ? ua_object_new(ua, UA_SERVER, sizeof(struct ua_server))
                              : NULL;
    struct tnd_acts acts;

    if (!s)
        return NULL;
    ua->txn_count++;
    s->flow = got->flow;
    s->is_invite = got->msg->method == TND_METHOD_INVITE;
    ua_first_place(&got->parts.via, &got->flow, &s->to);
    if (!fill(ua, s, got)) {
        end(ua, s);
        return NULL;
    }
    if (s->is_invite)
        tnd_ist_start(&s->machine.ist, &ua->timing, is_reliable(s), ua->now, &acts);
    else
        tnd_nist_start(&s->machine.nist, &ua->timing, is_reliable(s), ua->now, &acts);
    do_acts(ua, s, &acts, NULL);
    return s;
}

void ua_server_send(struct tnd_ua *ua, struct ua_server *s)
{
    uint64_t token = is_reliable(s) ? s->object.serial << 8 | s->place : 0;

    if (s->sent)
        ua_send(ua, &s->to, tnd_slice(s->sent, s->sent_len), token);
}

/* Without memory: silence, until there is another response, or the client gives up. */
static void keep_and_send(struct tnd_ua *ua, struct ua_server *s, struct tnd_slice bytes)
{
    char *sent = bytes.ptr ? ua->mem.take(ua->mem.ctx, bytes.len) : NULL;

    ua_server_fini(ua, s);
    if (!sent)
        return;
    memcpy(sent, bytes.ptr, bytes.len);
    s->sent = sent;
    s->sent_len = bytes.len;
    ua_server_send(ua, s);
}

struct tnd_slice ua_write_reply(struct tnd_ua *ua, const struct tnd_txn_parts *request,
                                const struct tnd_seen *seen, struct tnd_slice tag,
                                const struct ua_answer *answer)
{
    struct tnd_reply reply = {
        .code = answer->code,
        .via = request->has_via ? &request->via : NULL,
        .reason = answer->reason,
        .to_tag = tag,
        .received = seen->received,
        .rport = seen->rport,
        .fields = answer->fields,
        .content_type = answer->content_type,
        .body = answer->body,
    };

    for (size_t room = FIRST_ROOM;;) {
        char *at = tnd_arena_take(&ua->work, room);
        struct tnd_writer w = tnd_writer(at, at ? room : 0);

        if (!at)
            return tnd_slice(NULL, 0);
        tnd_reply_write(&w, request->msg, &reply);
        if (!tnd_writer_over(&w))
            return tnd_writer_slice(&w);
        room = w.len;
    }
}

static void send_first(struct tnd_ua *ua, struct ua_server *s, const struct ua_answer *answer)
{
    keep_and_send(ua, s, ua_write_reply(ua, s->request, &s->seen, s->tag, answer));
}

static void told(struct tnd_ua *ua, struct ua_server *s, const struct tnd_act *act)
{
    if ((act->kind == TND_ACT_TIMEOUT || act->kind == TND_ACT_FAILED) && s->leg)
        ua_leg_undelivered(ua, s->leg, s);
}

static void do_acts(struct tnd_ua *ua, struct ua_server *s, const struct tnd_acts *acts,
                    const struct ua_answer *answer)
{
    for (unsigned i = 0; i < acts->count; i++) {
        const struct tnd_act *act = &acts->act[i];

        switch ((enum tnd_act_kind)act->kind) {
        case TND_ACT_SEND_RESPONSE:
            if (answer)
                send_first(ua, s, answer);
            else
                ua_server_send(ua, s); /* a 2xx, RFC 3261 §13.3.1.4 */
            break;
        case TND_ACT_SEND_100:
            send_first(ua, s, &(struct ua_answer){.code = 100});
            break;
        case TND_ACT_SEND_AGAIN:
            ua_server_send(ua, s);
            break;
        case TND_ACT_PASS:
        case TND_ACT_TIMEOUT:
        case TND_ACT_FAILED:
        case TND_ACT_ABSORB:
            told(ua, s, act);
            break;
        case TND_ACT_ARM:
            ua_arm(ua, &s->object, act->timer, act->at);
            break;
        case TND_ACT_DISARM:
            ua_disarm(ua, &s->object, act->timer);
            break;
        case TND_ACT_DESTROY:
            end(ua, s);
            break;
        case TND_ACT_SEND_REQUEST:
        case TND_ACT_SEND_ACK:
        case TND_ACT_SEND_CANCEL:
            TND_ASSERT(!"an action of clients");
        }
    }
}

static void step(struct tnd_ua *ua, struct ua_server *s, struct tnd_txn_event ev,
                 const struct ua_answer *answer)
{
    struct tnd_acts acts;

    if (s->object.is_ended)
        return;
    if (s->is_invite)
        tnd_ist_step(&s->machine.ist, ev, &acts);
    else
        tnd_nist_step(&s->machine.nist, ev, &acts);
    do_acts(ua, s, &acts, answer);
}

void ua_server_event(struct tnd_ua *ua, struct ua_server *s, enum tnd_ev kind)
{
    step(ua, s, tnd_ev(kind, ua->now), NULL);
}

void ua_server_timer(struct tnd_ua *ua, struct ua_server *s, enum tnd_timer timer)
{
    step(ua, s, tnd_ev_timer(timer, ua->now), NULL);
}

/* RFC 3261 §17.1.1.3: an ACK of RFC 2543 is found by the tag that it was given. */
static enum tnd_rule put_old_ack(struct tnd_writer *w, const struct ua_server *s)
{
    return tnd_txn_ack_key(w, s->request, s->tag);
}

static void enter_old_ack(struct tnd_ua *ua, struct ua_server *s)
{
    char *at = tnd_arena_take(&s->object.arena, 1024);
    struct tnd_writer w = tnd_writer(at, at ? 1024 : 0);

    if (at && put_old_ack(&w, s) != TND_RULE_NONE && !tnd_writer_over(&w))
        enter(&ua->by_ack, &s->by_ack, tnd_writer_slice(&w));
}

void ua_server_reply(struct tnd_ua *ua, struct ua_server *s, const struct ua_answer *answer)
{
    if (s->object.is_ended || s->is_answered)
        return;
    s->is_answered = answer->code >= 200;
    if (s->is_invite && answer->code >= 300)
        enter_old_ack(ua, s);
    step(ua, s, tnd_ev_response(answer->code, ua->now), answer);
}

void ua_server_again(struct tnd_ua *ua, struct ua_server *s)
{
    if (s->is_invite && s->is_answered)
        step(ua, s, tnd_ev_response(200, ua->now), NULL);
    else
        ua_server_send(ua, s);
}
