/* The segment that just came is mostly the next one, and read where it lies. Others are copied, and wait in a list. */
#include "trace/side.h"

struct tnd_segment {
    struct tnd_segment *next;
    uint32_t sequence;
    size_t len, missing;
    char bytes[];
};

static size_t size_of(const struct tnd_segment *segment)
{
    return sizeof(*segment) + segment->len;
}

static void give(struct tnd_segment **segment, struct tnd_purse *purse)
{
    if (*segment)
        tnd_purse_give(purse, *segment, size_of(*segment));
    *segment = NULL;
}

static struct tnd_segment *take_first(struct tnd_side *s)
{
    struct tnd_segment *first = s->ahead;

    s->ahead = first->next;
    s->ahead_count--;
    s->ahead_size -= size_of(first);
    s->is_acked = false;
    return first;
}

void tnd_side_clear(struct tnd_side *s, struct tnd_purse *purse)
{
    give(&s->lent, purse);
    while (s->ahead) {
        struct tnd_segment *first = take_first(s);

        give(&first, purse);
    }
    *s = (struct tnd_side){0};
}

static void begin(struct tnd_side *s, struct tnd_purse *purse, uint32_t sequence)
{
    tnd_side_clear(s, purse);
    s->is_begun = true;
    s->first = s->next = sequence;
}

/* How far b is behind a. Sequence numbers wrap: RFC 9293 §3.4. */
static int32_t distance(uint32_t a, uint32_t b)
{
    return (int32_t)(b - a);
}

static bool is_far(int32_t distance)
{
    return distance > TND_SIDE_JUMP_MAX || distance < -TND_SIDE_JUMP_MAX;
}

/* A copy of what came too early. If there is no memory, it is as if it had not been captured. */
static void hold(struct tnd_side *s, struct tnd_purse *purse, const struct tnd_packet *packet)
{
    struct tnd_segment **at = &s->ahead;
    struct tnd_segment *new = tnd_purse_take(purse, sizeof(*new) + packet->payload.len);

    if (!new)
        return;
    *new = (struct tnd_segment){
        .sequence = packet->sequence, .len = packet->payload.len, .missing = packet->missing};
    if (new->len > 0)
        memcpy(new->bytes, packet->payload.ptr, new->len);
    while (*at && distance((*at)->sequence, new->sequence) >= 0)
        at = &(*at)->next;
    if (at == &s->ahead) {
        s->held_at = packet->at;
        s->is_acked = false;
    }
    new->next = *at;
    *at = new;
    s->ahead_count++;
    s->ahead_size += size_of(new);
}

/* Without the bytes that were read before. */
static void trim(struct tnd_slice *bytes, size_t *missing, size_t old)
{
    size_t there = old < bytes->len ? old : bytes->len;

    *bytes = tnd_slice(bytes->ptr + there, bytes->len - there);
    *missing -= old - there;
}

static void put_bytes(struct tnd_side *s, struct tnd_purse *purse, const struct tnd_packet *packet)
{
    size_t len = packet->payload.len + packet->missing;
    int32_t ahead = distance(s->next, packet->sequence);

    if (ahead > 0) {
        hold(s, purse, packet);
    } else if ((size_t)-ahead < len) {
        s->fresh = packet->payload;
        s->fresh_missing = packet->missing;
        trim(&s->fresh, &s->fresh_missing, (size_t)-ahead);
        s->has_fresh = true;
    }
}

enum tnd_side_put tnd_side_put(struct tnd_side *s, struct tnd_purse *purse,
                               const struct tnd_packet *packet)
{
    enum tnd_side_put put = TND_SIDE_GOES_ON;
    struct tnd_packet p = *packet;
    size_t len = p.payload.len + p.missing;

    if (p.flags & TND_TCP_SYN) {
        p.sequence++;
        put = s->is_begun && s->first == p.sequence ? TND_SIDE_GOES_ON : TND_SIDE_BEGINS;
    } else if (!s->is_begun || is_far(distance(s->next, p.sequence))) {
        put = TND_SIDE_JOINED;
    }
    if (put != TND_SIDE_GOES_ON)
        begin(s, purse, p.sequence);
    if (p.flags & TND_TCP_FIN) {
        s->has_end = true;
        s->end = p.sequence + (uint32_t)len;
    }
    if (len > 0)
        put_bytes(s, purse, &p);
    return put;
}

void tnd_side_acked(struct tnd_side *s, uint32_t sequence, int64_t at)
{
    if (!s->ahead || s->is_acked || distance(s->ahead->sequence, sequence) < 0)
        return;
    s->is_acked = true;
    s->acked_at = at;
}

/* Whether what is missing in front of the first that waits will not come any more. */
static bool is_lost(const struct tnd_side *s, int64_t now)
{
    return s->ahead_count > TND_SIDE_AHEAD_COUNT_MAX || s->ahead_size > TND_SIDE_AHEAD_SIZE_MAX ||
           (s->is_acked && now - s->acked_at >= TND_SIDE_ACKED_WAIT) ||
           now - s->held_at >= TND_SIDE_WAIT;
}

/* These bytes are next, and then maybe some that the capture cut off. false: only those. */
static bool go_on(struct tnd_side *s, struct tnd_slice bytes, size_t missing, struct tnd_slice *ret)
{
    s->next += (uint32_t)(bytes.len + missing);
    s->is_gap = missing > 0;
    *ret = bytes;
    return bytes.len > 0;
}

/* The first that waits, if its turn has come. true: *ret has bytes of it. */
static bool read_first(struct tnd_side *s, struct tnd_purse *purse, int64_t now,
                       struct tnd_slice *ret)
{
    struct tnd_segment *first = take_first(s);
    size_t old = (size_t)distance(first->sequence, s->next), missing = first->missing;
    struct tnd_slice bytes = tnd_slice(first->bytes, first->len);

    s->held_at = now;
    s->lent = first;
    if (old >= bytes.len + missing) {
        give(&s->lent, purse);
        return false;
    }
    trim(&bytes, &missing, old);
    return go_on(s, bytes, missing, ret);
}

enum tnd_side_got tnd_side_next(struct tnd_side *s, struct tnd_purse *purse, int64_t now, bool must,
                                struct tnd_slice *ret)
{
    give(&s->lent, purse);
    if (s->has_fresh && !s->is_gap) {
        s->has_fresh = false;
        if (go_on(s, s->fresh, s->fresh_missing, ret))
            return TND_SIDE_BYTES;
    }
    while (!s->is_gap && s->ahead && distance(s->ahead->sequence, s->next) >= 0)
        if (read_first(s, purse, now, ret))
            return TND_SIDE_BYTES;
    if (!s->is_gap && s->ahead && (must || is_lost(s, now))) {
        s->next = s->ahead->sequence;
        s->is_gap = true;
    }
    if (!s->is_gap)
        return TND_SIDE_NOTHING;
    s->is_gap = false;
    return TND_SIDE_GAP;
}
