/* Branches: made of a request and a target, known again in a response (RFC 3261 §16.6 step 8,
 * §16.11).
 *
 *   call      of the Call-ID
 *   base      of the call, the CSeq number and the caller's top Via: what a response shows too
 *   loop      of the call, the CSeq number and what decides where the request goes
 *   target    of the target
 *   flow      of the call and of what a flow token says (route_flow.c)
 *   proof     of base, loop and target
 *
 * The method is in none of them, nor is To, whose tag an ACK has and its INVITE has not. */
#include "proxy/branch.h"

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

/* false: they are not eight digits. Each is made again of its value and compared. */
static bool read_eight(const char *at, uint32_t *ret)
{
    uint64_t text = tnd_lower_eight(tnd_siphash_read(at));
    uint64_t x = (text & TND_EACH_OCTET(0x0f)) + (text >> 6 & TND_EACH_OCTET(1)) * 9;

    x &= TND_EACH_OCTET(0x0f);
    x = (x | x >> 4) & 0x00ff00ff00ff00ff;
    x = (x | x >> 8) & 0x0000ffff0000ffff;
    *ret = (uint32_t)(x | x >> 16);
    return digits_of(*ret) == text;
}

bool proxy_read_digits(const char *at, uint64_t *ret)
{
    uint32_t low, high;

    if (!read_eight(at, &low) || !read_eight(at + 8, &high))
        return false;
    *ret = (uint64_t)high << 32 | low;
    return true;
}

static uint64_t call_of(const struct tnd_siphash_key *key, struct tnd_slice call_id)
{
    struct tnd_siphash_words h;

    proxy_begin(&h, key, PROXY_OF_CALL, proxy_len(call_id));
    tnd_siphash_put_text(&h, call_id);
    return tnd_siphash_finish(&h);
}

/* The caller's Via by what its requests and responses are told apart by (RFC 3261 §17.2.3): names,
 * addresses and branches compare without case, addresses by value. */
static uint64_t base_of(const struct tnd_siphash_key *key, uint64_t call, uint32_t cseq,
                        const struct tnd_via *via)
{
    uint8_t octets[16];
    struct tnd_slice host = via->host;
    bool is_address = via->host_kind == TND_HOST_IPV6 && tnd_ipv6_octets(host, octets);
    struct tnd_siphash_words h;

    if (is_address)
        host = tnd_slice((const char *)octets, sizeof(octets));
    proxy_begin(&h, key, PROXY_OF_BASE,
                (uint64_t)is_address << 52 | (uint64_t)(via->port + 1) << 32 |
                    (uint64_t)proxy_len(host) << 16 | proxy_len(via->branch));
    tnd_siphash_put_number(&h, call);
    tnd_siphash_put_number(&h, cseq);
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
static uint64_t loop_of(const struct tnd_siphash_key *key, uint64_t call,
                        const struct tnd_txn_parts *request, struct tnd_slice also)
{
    const struct tnd_msg *msg = request->msg;
    struct tnd_siphash_words h;

    proxy_begin(&h, key, PROXY_OF_LOOP, (uint64_t)proxy_len(msg->uri) << 32 | (uint32_t)also.len);
    tnd_siphash_put_number(&h, call);
    tnd_siphash_put_number(&h, request->cseq.number);
    tnd_siphash_put_text(&h, msg->uri);
    tnd_siphash_put_text(&h, also);
    for (const struct tnd_field *f = tnd_msg_field(msg, TND_HEADER_ROUTE); f;
         f = f->next ? &msg->fields[f->next] : NULL) {
        tnd_siphash_put_number(&h, f->value_len);
        tnd_siphash_put_text(&h, tnd_field_value(msg, f));
    }
    return tnd_siphash_finish(&h);
}

void tnd_branch_start_call(struct tnd_branch_seed *ret, const struct tnd_siphash_key *key,
                           struct tnd_slice call_id)
{
    *ret = (struct tnd_branch_seed){.key = key, .call = call_of(key, call_id)};
}

void tnd_branch_start(struct tnd_branch_seed *ret, const struct tnd_siphash_key *key,
                      const struct tnd_txn_parts *request, struct tnd_slice also)
{
    ret->key = key;
    ret->call = call_of(key, request->call_id);
    ret->base = base_of(key, ret->call, request->cseq.number, &request->via);
    ret->loop = loop_of(key, ret->call, request, also);
}

/* RFC 5393 §4.2.1: "any other values used by the location service logic"; and those alone. */
void tnd_branch_place(struct tnd_branch_seed *seed, const struct tnd_txn_parts *request,
                      struct tnd_slice place)
{
    struct tnd_siphash_words h;

    proxy_begin(&h, seed->key, PROXY_OF_PLACE, place.len);
    tnd_siphash_put_number(&h, seed->call);
    tnd_siphash_put_number(&h, request->cseq.number);
    tnd_siphash_put_text(&h, place);
    seed->loop = tnd_siphash_finish(&h);
}

static uint64_t target_of(const struct tnd_siphash_key *key, struct tnd_slice uri,
                          struct tnd_slice hop, uint32_t attempt)
{
    struct tnd_siphash_words h;

    proxy_begin(&h, key, PROXY_OF_TARGET, (uint64_t)proxy_len(uri) << 32 | attempt);
    tnd_siphash_put_text(&h, uri);
    tnd_siphash_put_text(&h, hop);
    return tnd_siphash_finish(&h);
}

static uint64_t proof_of(const struct tnd_siphash_key *key, uint64_t base, uint64_t loop,
                         uint64_t target)
{
    struct tnd_siphash_words h;

    tnd_siphash_begin(&h, key);
    tnd_siphash_put_number(&h, base);
    tnd_siphash_put_number(&h, loop);
    tnd_siphash_put_number(&h, target);
    return tnd_siphash_finish(&h);
}

void tnd_branch_make(const struct tnd_branch_seed *seed, struct tnd_slice uri, struct tnd_slice hop,
                     uint32_t attempt, char ret[TND_BRANCH_LEN])
{
    uint64_t target = target_of(seed->key, uri, hop, attempt);

    memcpy(ret, TND_BRANCH_COOKIE, PROXY_LOOP_AT); /* RFC 3261 §8.1.1.7 */
    proxy_put_digits(ret + PROXY_LOOP_AT, seed->loop);
    proxy_put_digits(ret + PROXY_TARGET_AT, target);
    proxy_put_digits(ret + PROXY_PROOF_AT, proof_of(seed->key, seed->base, seed->loop, target));
}

uint64_t proxy_flow_proof(const struct tnd_branch_seed *seed, struct tnd_slice octets)
{
    struct tnd_siphash_words h;

    proxy_begin(&h, seed->key, PROXY_OF_FLOW, octets.len);
    tnd_siphash_put_number(&h, seed->call);
    tnd_siphash_put_text(&h, octets);
    return tnd_siphash_finish(&h);
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
    struct tnd_via below;
    uint64_t part[3];

    if (!response->has_via || !response->has_cseq || !response->call_id.ptr ||
        !read_branch(&response->via, part) || !tnd_via_next(&vias, &below) ||
        !tnd_via_next(&vias, &below))
        return TND_RULE_NONE;
    uint64_t base = base_of(key, call_of(key, response->call_id), response->cseq.number, &below);
    if (proof_of(key, base, part[0], part[1]) != part[2])
        return TND_RULE_NONE;
    *ret_below = below;
    return TND_RULE_PROXY_STATELESS;
}

/* Those of one target: by UDP, by TCP for its size, and a few of its servers. */
enum { ATTEMPT_MAX = 4 };

bool tnd_branch_leads_to(const struct tnd_siphash_key *key, const struct tnd_txn_parts *request,
                         struct tnd_slice uri)
{
    struct tnd_via below;
    uint64_t part[3];
    bool leads = false;

    if (!tnd_branch_is_ours(key, request, &below) || !read_branch(&request->via, part))
        return false;
    for (uint32_t attempt = 0; attempt < ATTEMPT_MAX; attempt++)
        leads |= target_of(key, uri, tnd_slice(NULL, 0), attempt) == part[1];
    return leads;
}
