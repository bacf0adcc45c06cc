/* What a message is known by. */
#include "diag/call.h"
#include "diag/plain.h"
#include "tandem/sip/field.h"

/* Of a few bytes that are compared within one call only, so it need not withstand anybody: what a peer makes
 * alike is confused in his own call. Absent or empty: 0. */
static uint64_t hash_of(struct tnd_slice text)
{
    enum { WORD = sizeof(uint64_t) };
    const uint64_t odd = 0x9e3779b97f4a7c15; /* 2^64 by the golden ratio */
    uint64_t hash = text.len, word;

    if (text.len == 0)
        return 0;
    for (; text.len >= WORD; text = tnd_slice(text.ptr + WORD, text.len - WORD)) {
        memcpy(&word, text.ptr, WORD);
        hash = (hash ^ word) * odd;
        hash ^= hash >> 32;
    }
    word = 0;
    for (size_t i = 0; i < text.len; i++)
        word = word << 8 | (unsigned char)text.ptr[i];
    hash = (hash ^ word) * odd;
    hash ^= hash >> 32;
    return hash ? hash : 1;
}

/* The tag of From or To. One that cannot be read has none that a peer could match by. */
static uint64_t tag_of(const struct tnd_msg *msg, enum tnd_header header)
{
    struct tnd_slice tag;
    struct tnd_addr addr;

    if (tnd_diag_plain_tag(tnd_msg_value(msg, header), &tag))
        return hash_of(tag);
    struct tnd_values v = tnd_msg_values(msg, header);
    return tnd_addr_next(&v, &addr) ? hash_of(addr.tag) : 0;
}

/* RFC 3261 §17.1.3: a branch is the same at who sent the request and in the response. Without one all of
 * the Via is, which a response has as it was but for received (RFC 3261 §18.2.1). */
static uint64_t branch_of(const struct tnd_msg *msg)
{
    struct tnd_slice branch, value = tnd_msg_value(msg, TND_HEADER_VIA);
    struct tnd_via via;

    if (tnd_diag_plain_branch(value, &branch))
        return hash_of(branch);
    if (!tnd_msg_via(msg, &via, NULL))
        return hash_of(value);
    if (via.branch.ptr)
        return hash_of(via.branch);
    return hash_of(tnd_slice_between(via.text.ptr, tnd_slice_end(via.host)));
}

static uint8_t read_cseq(const struct tnd_msg *msg, struct tnd_diag_key *key)
{
    struct tnd_cseq cseq;

    key->cseq = 0;
    if (!tnd_msg_cseq(msg, &cseq, NULL))
        return TND_METHOD_OTHER;
    key->cseq = cseq.number;
    return cseq.method;
}

int tnd_diag_read(struct tnd_diag *d, const struct tnd_diag_seen *seen, struct tnd_diag_read *ret)
{
    struct tnd_msg *msg = &ret->msg;

    tnd_arena_reset(&d->scratch);
    if (tnd_msg_parse_datagram(msg, &d->scratch, seen->bytes))
        return TND_ENOMEM;
    ret->seen = seen;
    ret->call_id = tnd_msg_value(msg, TND_HEADER_CALL_ID);
    if (ret->call_id.len == 0)
        return TND_ESYNTAX;
    ret->code = msg->kind == TND_MSG_RESPONSE ? msg->code : 0;
    ret->key.is_pending = ret->key.is_done = false;
    uint8_t method = read_cseq(msg, &ret->key);
    ret->method = msg->kind == TND_MSG_REQUEST ? msg->method : method;
    ret->key.branch = branch_of(msg);
    ret->key.from_tag = tag_of(msg, TND_HEADER_FROM);
    ret->key.to_tag = tag_of(msg, TND_HEADER_TO);
    return 0;
}
