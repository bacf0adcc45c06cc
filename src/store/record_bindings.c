/* The record of the bindings of an address-of-record. It is what a server keeps of each phone, so
 * it is small: about 110 bytes of a phone behind UDP, most of them its URI and Call-ID.
 *
 *     version, how many, and of each:
 *       one byte of what follows, uri, call_id, until, cseq, [q], [path], [params],
 *       [address, port], [flow, life, [address, port of ours]]
 *
 * Ours are there in version 2 alone, with each flow that has a source; all zero: not said. A record
 * in which none is said is of version 1. */
#include "base/assert.h"
#include "store/record.h"

enum { /* the byte of what follows */
       FAMILY_MASK = 0x03,
       TRANSPORT_SHIFT = 2,
       TRANSPORT_MASK = 0x07,
       HAS_Q = 0x20,
       HAS_TEXTS = 0x40, /* path and params, one of them not empty */
       HAS_FLOW = 0x80,
       Q_MAX = 1000,
};
_Static_assert((int)TND_FAMILY_IPV6 <= FAMILY_MASK && TND_TRANSPORT_COUNT <= TRANSPORT_MASK + 1,
               "an endpoint fits its bits");

enum { VERSION_WITH_LOCAL = 2 };

static bool has_local(const struct tnd_binding *b)
{
    return b->flow && b->local.family != TND_FAMILY_NONE && b->local.family == b->source.family;
}

static unsigned what_follows(const struct tnd_binding *b)
{
    return b->source.family | (unsigned)b->source.transport << TRANSPORT_SHIFT |
           (b->q >= 0 ? HAS_Q : 0) | (b->path.len + b->params.len > 0 ? HAS_TEXTS : 0) |
           (b->flow ? HAS_FLOW : 0);
}

static size_t address_size(unsigned family)
{
    return family == TND_FAMILY_IPV4 ? 4 : family == TND_FAMILY_IPV6 ? 16 : 0;
}

static void put_source(struct tnd_writer *w, const struct tnd_endpoint *e)
{
    if (e->family == TND_FAMILY_NONE)
        return;
    tnd_put(w, tnd_slice((const char *)e->octets, address_size(e->family)));
    tnd_record_put_number(w, e->port);
}

static void put_local(struct tnd_writer *w, const struct tnd_binding *b)
{
    static const struct tnd_endpoint none;
    struct tnd_endpoint local = has_local(b) ? b->local : none;

    local.family = b->source.family;
    put_source(w, &local);
}

static void put_binding(struct tnd_writer *w, const struct tnd_binding *b, unsigned version)
{
    TND_ASSERT(tnd_binding_judge(b) == TND_RULE_NONE && b->uri.len > 0);
    TND_ASSERT(b->until >= 0 && b->q <= Q_MAX);
    TND_ASSERT(b->source.family <= TND_FAMILY_IPV6 && b->source.transport < TND_TRANSPORT_COUNT);
    tnd_put_char(w, (char)what_follows(b));
    tnd_record_put_text(w, b->uri);
    tnd_record_put_text(w, b->call_id);
    tnd_record_put_number(w, (uint64_t)b->until);
    tnd_record_put_number(w, b->cseq);
    if (b->q >= 0)
        tnd_record_put_number(w, (uint64_t)b->q);
    if (b->path.len + b->params.len > 0) {
        tnd_record_put_text(w, b->path);
        tnd_record_put_text(w, b->params);
    }
    put_source(w, &b->source);
    if (b->flow) {
        tnd_record_put_number(w, b->flow);
        tnd_record_put_number(w, b->life);
        if (version == VERSION_WITH_LOCAL)
            put_local(w, b);
    }
}

static unsigned version_of(const struct tnd_binding *bindings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (has_local(&bindings[i]))
            return VERSION_WITH_LOCAL;
    return RECORD_VERSION;
}

void tnd_bindings_record_write(struct tnd_writer *w, const struct tnd_binding *bindings,
                               size_t count)
{
    unsigned version = version_of(bindings, count);

    TND_ASSERT(count <= TND_BINDING_COUNT_MAX);
    tnd_record_put_number(w, version);
    tnd_record_put_number(w, count);
    for (size_t i = 0; i < count; i++)
        put_binding(w, &bindings[i], version);
}

static void read_source(struct tnd_record *r, unsigned what, struct tnd_endpoint *ret)
{
    unsigned family = what & FAMILY_MASK, transport = what >> TRANSPORT_SHIFT & TRANSPORT_MASK;

    r->bad |= family > TND_FAMILY_IPV6 || transport >= TND_TRANSPORT_COUNT;
    ret->transport = (uint8_t)transport;
    if (family == TND_FAMILY_NONE)
        return;
    struct tnd_slice octets = tnd_record_bytes(r, address_size(family));
    uint16_t port = (uint16_t)tnd_record_number(r, UINT16_MAX);
    if (r->bad)
        return;
    *ret =
        tnd_endpoint((enum tnd_transport)transport, (const uint8_t *)octets.ptr, octets.len, port);
    r->bad |= ret->family != family; /* IPv4 in the clothes of IPv6 */
}

static void read_texts(struct tnd_record *r, struct tnd_binding *ret)
{
    ret->path = tnd_record_text(r);
    ret->params = tnd_record_text(r);
    r->bad |= ret->path.len + ret->params.len == 0;
}

/* The address of nobody and no port: it is not said. */
static void read_local(struct tnd_record *r, unsigned what, struct tnd_endpoint *ret)
{
    static const uint8_t none[16];
    struct tnd_endpoint local = {.family = TND_FAMILY_NONE};

    if ((what & FAMILY_MASK) == TND_FAMILY_NONE)
        return;
    read_source(r, what, &local);
    if (local.port > 0 || memcmp(local.octets, none, sizeof(none)) != 0)
        *ret = local;
}

static void read_flow(struct tnd_record *r, unsigned what, struct tnd_binding *ret)
{
    ret->flow = tnd_record_number(r, UINT64_MAX);
    ret->life = tnd_record_number(r, UINT64_MAX);
    r->bad |= ret->flow == 0;
    if (r->version == VERSION_WITH_LOCAL)
        read_local(r, what, &ret->local);
}

static void read_binding(struct tnd_record *r, struct tnd_binding *ret)
{
    struct tnd_slice first = tnd_record_bytes(r, 1);
    unsigned what = r->bad ? 0 : (unsigned char)*first.ptr;

    ret->uri = tnd_record_text(r);
    ret->call_id = tnd_record_text(r);
    ret->until = (int64_t)tnd_record_number(r, INT64_MAX);
    ret->cseq = (uint32_t)tnd_record_number(r, UINT32_MAX);
    ret->q = what & HAS_Q ? (int16_t)tnd_record_number(r, Q_MAX) : -1;
    if (what & HAS_TEXTS)
        read_texts(r, ret);
    read_source(r, what, &ret->source);
    if (what & HAS_FLOW)
        read_flow(r, what, ret);
    r->bad |= ret->uri.len == 0 || tnd_binding_judge(ret) != TND_RULE_NONE;
}

int tnd_bindings_record_read(struct tnd_slice record, struct tnd_arena *a, struct tnd_binding **ret,
                             size_t *ret_count)
{
    struct tnd_record r = tnd_record_open(record, VERSION_WITH_LOCAL);
    size_t count = tnd_record_number(&r, TND_BINDING_COUNT_MAX);
    struct tnd_binding *bindings = tnd_arena_zero(a, count, sizeof(*bindings));

    if (!bindings)
        return TND_ENOMEM;
    for (size_t i = 0; i < count && !r.bad; i++)
        read_binding(&r, &bindings[i]);
    if (tnd_record_close(&r) || version_of(bindings, count) != r.version)
        return TND_ESYNTAX;
    *ret = bindings;
    *ret_count = count;
    return 0;
}
