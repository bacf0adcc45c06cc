/* Which Call-IDs are one call: a B2BUA ends a call and makes another one, with a Call-ID of its own.
 *
 * A Session-ID says so for certain (RFC 7989 §6): a B2BUA passes it on. The rest are guesses, each of which
 * also asks that one INVITE soon follows the other: Call-IDs that B2BUAs make of the one that came, and the
 * same offer, passed on by the element that the first INVITE went to. What calls have in common that are
 * strangers, as those of a load generator have, tells nothing from then on. */
#include "diag/call.h"

#include "base/owner.h"
#include "tandem/sip/session.h"

enum {
    LOCAL_PART_LEN_MIN = 12, /* of a Call-ID: shorter ones are alike by chance */
    STRIP_COUNT_MAX = 3,     /* "-b2b_1" are two */
};

/* From an INVITE to the one that is made of it. */
#define LIKENESS_WINDOW TND_SEC(5)

struct like_key {
    char text[1 + TND_DIAG_LIKE_LEN_MAX];
};

/* A letter for what it is, and the text. Absent: it is too long to be compared. */
static struct tnd_slice key_of(enum tnd_diag_likeness kind, struct tnd_slice text,
                               struct like_key *key)
{
    static const char letters[TND_DIAG_LIKE_COUNT] = {'s', 'c', 'o', 'm'};

    if (text.len == 0 || text.len > TND_DIAG_LIKE_LEN_MAX)
        return tnd_slice(NULL, 0);
    key->text[0] = letters[kind];
    memcpy(key->text + 1, text.ptr, text.len);
    return tnd_slice(key->text, 1 + text.len);
}

/* RFC 7989 §5: of a first request the remote UUID is nil, and the local one is the caller's. */
static struct tnd_slice session_of(const struct tnd_msg *msg)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_SESSION_ID);
    struct tnd_session_id id;

    if (!tnd_session_id_next(&v, &id))
        return tnd_slice(NULL, 0);
    for (size_t i = 0; i < id.local.len; i++)
        if (id.local.ptr[i] != '0')
            return id.local;
    return tnd_slice(NULL, 0); /* the nil UUID is nobody's */
}

static struct tnd_slice long_enough(struct tnd_slice local_part)
{
    return local_part.len >= LOCAL_PART_LEN_MIN ? local_part : tnd_slice(NULL, 0);
}

static struct tnd_slice local_part_of(struct tnd_slice call_id)
{
    const char *at = memchr(call_id.ptr, '@', call_id.len);

    return at ? tnd_slice_between(call_id.ptr, at) : call_id;
}

/* The first line of a description that begins so, behind its "=". */
static struct tnd_slice line_of(struct tnd_slice body, char type)
{
    const char *at = body.ptr, *end = tnd_slice_end(body);

    while (at && end - at > 2) {
        const char *lf = memchr(at, '\n', (size_t)(end - at));
        const char *line_end = lf ? lf : end;

        if (at[0] == type && at[1] == '=')
            return tnd_slice_trim(tnd_slice_between(at + 2, line_end));
        at = lf ? lf + 1 : NULL;
    }
    return tnd_slice(NULL, 0);
}

/* "IN IP4 192.0.2.1 audio 49170", of c= and the first m=. A port of 0 is no place (RFC 3264 §5.1). */
static struct tnd_slice media_of(const struct tnd_msg *msg, struct tnd_writer *w)
{
    struct tnd_slice media = line_of(msg->body, 'm'), conn = line_of(msg->body, 'c');
    const char *space = media.ptr ? memchr(media.ptr, ' ', media.len) : NULL;

    if (!space || !conn.ptr)
        return tnd_slice(NULL, 0);
    const char *end = memchr(space + 1, ' ', (size_t)(tnd_slice_end(media) - space - 1));
    struct tnd_slice port = tnd_slice_between(space + 1, end ? end : tnd_slice_end(media));
    if (port.len == 0 || tnd_slice_eq(port, TND_STR("0")))
        return tnd_slice(NULL, 0);
    tnd_put(w, conn);
    tnd_put_char(w, ' ');
    tnd_put(w, tnd_slice_between(media.ptr, tnd_slice_end(port)));
    return tnd_writer_slice(w);
}

static struct tnd_slice text_of(const struct tnd_diag_read *r, enum tnd_diag_likeness kind,
                                struct tnd_writer *w)
{
    switch (kind) {
    case TND_DIAG_LIKE_SESSION:
        return session_of(&r->msg);
    case TND_DIAG_LIKE_CALL_ID:
        return long_enough(local_part_of(r->call_id));
    case TND_DIAG_LIKE_ORIGIN:
        return line_of(r->msg.body, 'o');
    case TND_DIAG_LIKE_MEDIA:
        return media_of(&r->msg, w);
    case TND_DIAG_LIKE_COUNT:
        break;
    }
    return tnd_slice(NULL, 0);
}

static struct tnd_diag_like *find_like(const struct tnd_diag *d, enum tnd_diag_likeness kind,
                                       struct tnd_slice text)
{
    struct like_key key;
    struct tnd_map_node *node = NULL;

    if (text.ptr && key_of(kind, text, &key).ptr)
        node = tnd_map_find(&d->likes, key_of(kind, text, &key));
    return node ? TND_OWNER(node, struct tnd_diag_like, node) : NULL;
}

static bool has_room(const struct tnd_diag_leg *leg)
{
    return leg->call->told.leg_count < TND_DIAG_LEG_COUNT_MAX;
}

static bool is_soon(const struct tnd_diag_leg *leg, const struct tnd_diag_read *r)
{
    if (leg->top == TND_DIAG_NO_MESSAGE)
        return false;
    int64_t since = r->seen->at - leg->call->message[leg->top].at;
    return since >= 0 && since <= LIKENESS_WINDOW;
}

/* Whoever got the INVITE of the leg sends this one. Several elements may share an address of the machine
 * itself, and are told apart by their ports there. */
static bool is_passed_on(const struct tnd_diag_leg *leg, const struct tnd_diag_read *r)
{
    const struct tnd_endpoint *from = &r->seen->from;
    bool is_port_asked = tnd_address_kind(from) == TND_ADDRESS_LOOPBACK;

    for (size_t i = 0; i < leg->call->told.message_count; i++) {
        const struct tnd_diag_message *m = &leg->call->message[i];

        if (m->leg == leg->index && m->code == 0 && m->method == TND_METHOD_INVITE &&
            m->to.family != TND_FAMILY_NONE && tnd_address_eq(&m->to, from) &&
            (!is_port_asked || m->to.port == from->port))
            return true;
    }
    return false;
}

static bool is_joint(char c)
{
    return c == '-' || c == '_' || c == '.' || c == '~';
}

/* Without the last word, or the first, and its joint. */
static struct tnd_slice without_last(struct tnd_slice s)
{
    while (s.len > 0 && !is_joint(s.ptr[s.len - 1]))
        s.len--;
    return tnd_slice(s.ptr, s.len - (s.len > 0));
}

static struct tnd_slice without_first(struct tnd_slice s)
{
    size_t len = 0;

    while (len < s.len && !is_joint(s.ptr[len]))
        len++;
    len += len < s.len;
    return tnd_slice(s.ptr + len, s.len - len);
}

/* "2b7c…-b2b_1" of "2b7c…", "sbc-2b7c…" of it, and the same local part at another host. */
static struct tnd_diag_leg *find_call_id(const struct tnd_diag *d, const struct tnd_diag_read *r)
{
    struct tnd_slice front = local_part_of(r->call_id), back = front;
    struct tnd_diag_like *like = find_like(d, TND_DIAG_LIKE_CALL_ID, long_enough(front));

    for (int i = 0; !like && i < STRIP_COUNT_MAX; i++) {
        front = without_last(front);
        back = without_first(back);
        like = find_like(d, TND_DIAG_LIKE_CALL_ID, long_enough(front));
        if (!like)
            like = find_like(d, TND_DIAG_LIKE_CALL_ID, long_enough(back));
    }
    return like && is_soon(like->leg, r) ? like->leg : NULL;
}

static struct tnd_diag_leg *find_offer(const struct tnd_diag *d, const struct tnd_diag_read *r,
                                       enum tnd_diag_likeness kind)
{
    char room[TND_DIAG_LIKE_LEN_MAX];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_diag_like *like = find_like(d, kind, text_of(r, kind, &w));

    if (!like || like->is_shared)
        return NULL;
    return is_soon(like->leg, r) && is_passed_on(like->leg, r) ? like->leg : NULL;
}

struct tnd_diag_kept *tnd_diag_join(struct tnd_diag *d, const struct tnd_diag_read *r,
                                    bool *ret_is_guess)
{
    struct tnd_diag_like *session = find_like(d, TND_DIAG_LIKE_SESSION, session_of(&r->msg));
    struct tnd_diag_leg *leg = session ? session->leg : find_call_id(d, r);

    if (!leg)
        leg = find_offer(d, r, TND_DIAG_LIKE_ORIGIN);
    if (!leg)
        leg = find_offer(d, r, TND_DIAG_LIKE_MEDIA);
    if (!leg || !has_room(leg))
        return NULL;
    *ret_is_guess = !session;
    return leg->call;
}

static void show_like(struct tnd_diag *d, struct tnd_diag_leg *leg, enum tnd_diag_likeness kind,
                      struct tnd_slice text)
{
    struct tnd_diag_like *like = &leg->like[kind], *other = find_like(d, kind, text);
    struct like_key key;

    if (other) { /* of the same call, or of one that is a stranger */
        other->is_shared |= other->leg->call != leg->call;
        return;
    }
    struct tnd_slice kept = tnd_diag_copy(d, leg->call, key_of(kind, text, &key));
    like->leg = leg;
    like->is_there = kept.ptr && tnd_map_add(&d->likes, &like->node, kept) == 0;
}

void tnd_diag_show_likes(struct tnd_diag *d, struct tnd_diag_leg *leg,
                         const struct tnd_diag_read *r)
{
    for (int kind = 0; kind < TND_DIAG_LIKE_COUNT; kind++) {
        char room[TND_DIAG_LIKE_LEN_MAX];
        struct tnd_writer w = tnd_writer(room, sizeof(room));
        struct tnd_slice text = text_of(r, (enum tnd_diag_likeness)kind, &w);

        if (text.ptr)
            show_like(d, leg, (enum tnd_diag_likeness)kind, text);
    }
}

void tnd_diag_hide_likes(struct tnd_diag *d, struct tnd_diag_leg *leg)
{
    for (int kind = 0; kind < TND_DIAG_LIKE_COUNT; kind++)
        if (leg->like[kind].is_there)
            tnd_map_remove(&d->likes, &leg->like[kind].node);
}
