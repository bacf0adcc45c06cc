/* A datagram in pieces is a buffer, and a bit for each eight bytes of it that have come. */
#include "trace/fragment.h"

enum {
    UNIT = 8, /* offsets count in these */
    UNIT_COUNT = (TND_IP_LEN_MAX + UNIT) / UNIT,
    WORD_COUNT = (UNIT_COUNT + 63) / 64,
};

struct tnd_fragmented {
    struct tnd_ip ip; /* of the fragment with the front, else of the first that came */
    int64_t at;       /* when the first piece came */
    uint64_t number;  /* of the last frame that had one */
    size_t len;       /* of the whole; 0: its last piece has not come */
    size_t cut_at;    /* from here on the capture has not all */
    size_t units;     /* that have come */
    uint64_t has[WORD_COUNT];
    char bytes[UNIT_COUNT * UNIT];
};

void tnd_fragments_init(struct tnd_fragments *f, const struct tnd_mem *mem)
{
    *f = (struct tnd_fragments){.mem = mem, .oldest = INT64_MAX};
}

static void give(struct tnd_fragments *f, struct tnd_fragmented **d)
{
    if (*d)
        f->mem->give(f->mem->ctx, *d, sizeof(**d));
    *d = NULL;
}

void tnd_fragments_fini(struct tnd_fragments *f)
{
    for (size_t i = 0; i < f->count; i++)
        give(f, &f->slot[i]);
    give(f, &f->given);
    f->count = 0;
}

static void find_oldest(struct tnd_fragments *f)
{
    f->oldest = INT64_MAX;
    for (size_t i = 0; i < f->count; i++)
        if (f->slot[i]->at < f->oldest)
            f->oldest = f->slot[i]->at;
}

/* No longer among those that wait. It is the caller's. */
static struct tnd_fragmented *take_out(struct tnd_fragments *f, size_t i)
{
    struct tnd_fragmented *d = f->slot[i];

    f->slot[i] = f->slot[--f->count];
    find_oldest(f);
    return d;
}

/* RFC 8200 §4.5: source, destination and identification; of IPv4 the protocol too (RFC 791 §3.2). */
static bool is_same(const struct tnd_ip *a, const struct tnd_ip *b)
{
    return a->id == b->id && tnd_endpoint_eq(&a->from, &b->from) &&
           tnd_endpoint_eq(&a->to, &b->to) &&
           (a->from.family == TND_FAMILY_IPV6 || a->protocol == b->protocol);
}

static size_t oldest_slot(const struct tnd_fragments *f)
{
    size_t oldest = 0;

    for (size_t i = 1; i < f->count; i++)
        if (f->slot[i]->at < f->slot[oldest]->at)
            oldest = i;
    return oldest;
}

/* The slot of the datagram that ip is of; a new one if need be. f->count: there is no memory. */
static size_t slot_of(struct tnd_fragments *f, const struct tnd_ip *ip, int64_t at)
{
    for (size_t i = 0; i < f->count; i++)
        if (is_same(&f->slot[i]->ip, ip))
            return i;
    if (f->count == TND_FRAGMENTED_COUNT_MAX) {
        struct tnd_fragmented *old = take_out(f, oldest_slot(f));

        f->lost++;
        give(f, &old);
    }
    struct tnd_fragmented *d = f->mem->take(f->mem->ctx, sizeof(*d));
    if (!d)
        return f->count;
    memset(d, 0, offsetof(struct tnd_fragmented, bytes));
    d->ip = *ip;
    d->at = at;
    d->cut_at = SIZE_MAX;
    f->slot[f->count++] = d;
    if (at < f->oldest)
        f->oldest = at;
    return f->count - 1;
}

static bool has(const struct tnd_fragmented *d, size_t unit)
{
    return d->has[unit / 64] >> unit % 64 & 1;
}

enum fit { FITS, AGAIN, OVERLAPS };

/* Nothing of it has come yet, or all of it with the same bytes; else pieces overlap. */
static enum fit fits(const struct tnd_fragmented *d, const struct tnd_ip *ip)
{
    size_t first = ip->offset / UNIT, end = (ip->offset + ip->len + UNIT - 1) / UNIT, come = 0;

    for (size_t unit = first; unit < end; unit++)
        come += has(d, unit);
    if (come == 0)
        return d->len == 0 || ip->offset + ip->len <= d->len ? FITS : OVERLAPS;
    return come == end - first &&
                   memcmp(d->bytes + ip->offset, ip->payload.ptr, ip->payload.len) == 0
               ? AGAIN
               : OVERLAPS;
}

static void put(struct tnd_fragmented *d, const struct tnd_ip *ip)
{
    size_t end = ip->offset + ip->len;

    memcpy(d->bytes + ip->offset, ip->payload.ptr, ip->payload.len);
    for (size_t unit = ip->offset / UNIT; unit < (end + UNIT - 1) / UNIT; unit++) {
        d->has[unit / 64] |= (uint64_t)1 << unit % 64;
        d->units++;
    }
    if (ip->payload.len < ip->len && ip->offset + ip->payload.len < d->cut_at)
        d->cut_at = ip->offset + ip->payload.len;
    if (ip->offset == 0)
        d->ip = *ip;
    if (!ip->has_more)
        d->len = end;
}

/* What of it may be read: up to the first byte that is missing. */
static struct tnd_ip front_of(const struct tnd_fragmented *d)
{
    struct tnd_ip ip = d->ip;
    size_t len = 0;

    while (len / UNIT < UNIT_COUNT && has(d, len / UNIT))
        len += UNIT;
    if (d->len > 0 && len > d->len)
        len = d->len;
    ip.is_fragment = ip.has_more = false;
    ip.offset = 0;
    ip.len = d->len > 0 ? d->len : len + 1;
    ip.payload = tnd_slice(d->bytes, len < d->cut_at ? len : d->cut_at);
    return ip;
}

/* Whether it can be a piece of anything (RFC 8200 §4.5: all but the last are multiples of 8). */
static bool is_piece(const struct tnd_ip *ip)
{
    return ip->len > 0 && ip->offset + ip->len <= TND_IP_LEN_MAX &&
           (!ip->has_more || ip->len % UNIT == 0);
}

int tnd_fragments_add(struct tnd_fragments *f, const struct tnd_ip *ip, int64_t at, uint64_t number,
                      struct tnd_ip *ret)
{
    give(f, &f->given);
    if (!is_piece(ip))
        return TND_ESYNTAX;
    size_t slot = slot_of(f, ip, at);
    if (slot == f->count)
        return TND_ENOMEM;
    struct tnd_fragmented *d = f->slot[slot];
    enum fit fit = fits(d, ip);
    if (fit == AGAIN)
        return TND_EMORE;
    if (fit == OVERLAPS) {
        d = take_out(f, slot);
        give(f, &d);
        f->lost++;
        return TND_ESYNTAX;
    }
    put(d, ip);
    d->number = number;
    if (d->len == 0 || d->units * UNIT < d->len)
        return TND_EMORE;
    f->given = take_out(f, slot);
    *ret = front_of(f->given);
    return 0;
}

bool tnd_fragments_give_up(struct tnd_fragments *f, int64_t now, struct tnd_ip *ret,
                           int64_t *ret_at, uint64_t *ret_number)
{
    while (f->count > 0 && f->oldest < now - TND_FRAGMENT_WAIT) {
        give(f, &f->given);
        struct tnd_fragmented *d = take_out(f, oldest_slot(f));

        f->lost++;
        f->given = d;
        if (!has(d, 0))
            continue;
        *ret = front_of(d);
        *ret_at = d->at;
        *ret_number = d->number;
        return true;
    }
    return false;
}
