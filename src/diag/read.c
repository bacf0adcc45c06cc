/* What a message is known by. */
#include "diag/call.h"
#include "tandem/sip/field.h"

static uint64_t hash_of(const struct tnd_diag *d, struct tnd_slice text)
{
    if (!text.ptr || text.len == 0)
        return 0;
    uint64_t hash = tnd_siphash_1_3(&d->secret, text);
    return hash ? hash : 1;
}

/* The tag of From or To. One that cannot be read has none that a peer could match by. */
static uint64_t tag_of(const struct tnd_diag *d, const struct tnd_msg *msg, enum tnd_header header)
{
    struct tnd_values v = tnd_msg_values(msg, header);
    struct tnd_addr addr;

    return tnd_addr_next(&v, &addr) ? hash_of(d, addr.tag) : 0;
}

/* RFC 3261 §17.1.3: a branch is the same at who sent the request and in the response. Without one all of
 * the Via is, which a response has as it was but for received (RFC 3261 §18.2.1). */
static uint64_t branch_of(const struct tnd_diag *d, const struct tnd_msg *msg)
{
    struct tnd_via via;

    if (!tnd_msg_via(msg, &via, NULL))
        return hash_of(d, tnd_msg_value(msg, TND_HEADER_VIA));
    if (via.branch.ptr)
        return hash_of(d, via.branch);
    return hash_of(d, tnd_slice_between(via.text.ptr, tnd_slice_end(via.host)));
}

static uint8_t read_cseq(const struct tnd_msg *msg, struct tnd_diag_key *key)
{
    struct tnd_cseq cseq;

    key->cseq = TND_DIAG_NO_CSEQ;
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
    ret->key.branch = branch_of(d, msg);
    ret->key.from_tag = tag_of(d, msg, TND_HEADER_FROM);
    ret->key.to_tag = tag_of(d, msg, TND_HEADER_TO);
    return 0;
}
