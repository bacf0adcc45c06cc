/* Branches: made of a request and a target, known again in a response (RFC 3261 §16.6 step 8,
 * §16.11).
 *
 *   base      of the call, the CSeq number and the caller's top Via: what a response shows too
 *   loop      of the call, the CSeq number and what decides where the request goes
 *   target    of the target
 *   proof     of the three above
 *
 * The method is in none of them, nor is To, whose tag an ACK has and its INVITE has not. */
#include "proxy/branch.h"

#include "base/ascii.h"

/* Eight digits at once, the first of the lowest four bits. */
static uint64_t digits_of(uint32_t n)
{
    uint64_t x = n;

    x = (x | x << 16) & 0x0000ffff0000ffff;
    x = (x | x << 8) & 0x00ff00ff00ff00ff;
    x = (x | x << 4) & TND_EACH_OCTET(0x0f);
    uint64_t is_letter = (x + TND_EACH_OCTET(6)) >> 4 & TND_EACH_OCTET(1);
    return x + TND_EACH_OCTET('0') + is_letter * ('a' - '0' - 10);
}

/* Low byte first, so that every machine of a cluster writes the same. */
static void put_eight(char *ret, uint64_t eight)
{
    for (int i = 0; i < 8; i++)
        ret[i] = (char)(eight >> 8 * i);
}

void proxy_put_digits(char ret[PROXY_DIGITS], uint64_t digest)
{
    put_eight(ret, digits_of((uint32_t)digest));
    put_eight(ret + 8, digits_of((uint32_t)(digest >> 32)));
}

bool proxy_read_digits(const char *at, uint64_t *ret)
{
    uint64_t digest = 0;

    for (int i = 0; i < PROXY_DIGITS; i++) {
        int value = tnd_hex_value(at[i]);

        if (value < 0)
            return false;
        digest |= (uint64_t)value << 4 * i;
    }
    *ret = digest;
    return true;
}

/* What request and response have in common. */
static void start_call(struct tnd_siphash *h, const struct tnd_siphash_key *key,
                       const struct tnd_txn_parts *parts)
{
    tnd_siphash_begin(h, key);
    tnd_siphash_put_number(h, PROXY_CALL);
    tnd_siphash_put_number(h, (uint64_t)parts->cseq.number << 32 | (uint32_t)parts->call_id.len);
    tnd_siphash_put_text(h, parts->call_id);
}

static uint16_t len_of(struct tnd_slice part)
{
    return (uint16_t)part.len; /* parts of a message are no longer: TND_LINE_LEN_MAX */
}

/* The caller's Via by what its requests and responses are told apart by (RFC 3261 §17.2.3): names,
 * addresses and branches compare without case, addresses by value. h goes on from the call. */
static uint64_t base_of(struct tnd_siphash h, const struct tnd_via *via)
{
    uint8_t octets[16];
    struct tnd_slice host = via->host;
    bool is_address = via->host_kind == TND_HOST_IPV6 && tnd_ipv6_octets(host, octets);

    if (is_address)
        host = tnd_slice((const char *)octets, sizeof(octets));
    tnd_siphash_put_number(&h, (uint64_t)is_address << 60 | (uint64_t)(via->port + 1) << 32 |
                                   (uint64_t)len_of(host) << 16 | len_of(via->branch));
    if (is_address)
        tnd_siphash_put_text(&h, host);
    else
        tnd_siphash_put_lower(&h, host);
    tnd_siphash_put_lower(&h, via->branch);
    return tnd_siphash_finish(&h);
}

/* RFC 5393 §4.2.1: the received Request-URI, the values of Route, and what else the caller says. As
 * they stand: who brings a request back without changing it does not respell it, or not twice. The
 * call is in it too, so that two that collide once do not collide again (§4.2.4). */
static uint64_t loop_of(struct tnd_siphash h, const struct tnd_msg *msg, struct tnd_slice also)
{
    tnd_siphash_put_number(&h, (uint64_t)1 << 56 | (uint64_t)len_of(msg->uri) << 32 |
                                   (uint32_t)also.len);
    tnd_siphash_put_text(&h, msg->uri);
    tnd_siphash_put_text(&h, also);
    for (const struct tnd_field *f = tnd_msg_field(msg, TND_HEADER_ROUTE); f;
         f = f->next ? &msg->fields[f->next] : NULL) {
        tnd_siphash_put_number(&h, f->value_len);
        tnd_siphash_put_text(&h, tnd_field_value(msg, f));
    }
    return tnd_siphash_finish(&h);
}

void tnd_branch_start(struct tnd_branch_seed *ret, const struct tnd_siphash_key *key,
                      const struct tnd_txn_parts *request, struct tnd_slice also)
{
    struct tnd_siphash call;

    start_call(&call, key, request);
    ret->key = key;
    ret->base = base_of(call, &request->via);
    ret->loop = loop_of(call, request->msg, also);
}

static uint64_t target_of(const struct tnd_siphash_key *key, struct tnd_slice uri,
                          struct tnd_slice hop, unsigned attempt)
{
    struct tnd_siphash h;

    tnd_siphash_begin(&h, key);
    tnd_siphash_put_number(&h, PROXY_TARGET);
    tnd_siphash_put_number(&h, (uint64_t)attempt << 32 | (uint32_t)uri.len);
    tnd_siphash_put_text(&h, uri);
    tnd_siphash_put_text(&h, hop);
    return tnd_siphash_finish(&h);
}

static uint64_t proof_of(const struct tnd_siphash_key *key, uint64_t base, uint64_t loop,
                         uint64_t target)
{
    struct tnd_siphash h;

    tnd_siphash_begin(&h, key);
    tnd_siphash_put_number(&h, PROXY_PROOF);
    tnd_siphash_put_number(&h, base);
    tnd_siphash_put_number(&h, loop);
    tnd_siphash_put_number(&h, target);
    return tnd_siphash_finish(&h);
}

void tnd_branch_make(const struct tnd_branch_seed *seed, struct tnd_slice uri, struct tnd_slice hop,
                     unsigned attempt, char ret[TND_BRANCH_LEN])
{
    uint64_t target = target_of(seed->key, uri, hop, attempt);

    memcpy(ret, TND_BRANCH_COOKIE, PROXY_LOOP_AT); /* RFC 3261 §8.1.1.7 */
    proxy_put_digits(ret + PROXY_LOOP_AT, seed->loop);
    proxy_put_digits(ret + PROXY_TARGET_AT, target);
    proxy_put_digits(ret + PROXY_PROOF_AT, proof_of(seed->key, seed->base, seed->loop, target));
}

/* A branch as three numbers. As numbers they compare in the same time, wherever they differ. */
static bool read_branch(const struct tnd_via *via, uint64_t part[3])
{
    return via->branch.len == TND_BRANCH_LEN && tnd_via_has_cookie(via) &&
           proxy_read_digits(via->branch.ptr + PROXY_LOOP_AT, &part[0]) &&
           proxy_read_digits(via->branch.ptr + PROXY_TARGET_AT, &part[1]) &&
           proxy_read_digits(via->branch.ptr + PROXY_PROOF_AT, &part[2]);
}

/* Departs from RFC 6026 §7.3, which lets a response that belongs to no transaction be dropped, lest
 * a stranger make us send packets: this one answers a request that we sent. */
enum tnd_rule tnd_branch_is_ours(const struct tnd_siphash_key *key,
                                 const struct tnd_txn_parts *response, struct tnd_via *ret_below)
{
    struct tnd_values vias = tnd_msg_values(response->msg, TND_HEADER_VIA);
    struct tnd_siphash call;
    struct tnd_via below;
    uint64_t part[3];

    if (!response->has_via || !response->has_cseq || !response->call_id.ptr ||
        !read_branch(&response->via, part) || !tnd_via_next(&vias, &below) ||
        !tnd_via_next(&vias, &below))
        return TND_RULE_NONE;
    start_call(&call, key, response);
    if (proof_of(key, base_of(call, &below), part[0], part[1]) != part[2])
        return TND_RULE_NONE;
    *ret_below = below;
    return TND_RULE_PROXY_STATELESS;
}
