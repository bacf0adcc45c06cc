/* Map: linear hashing (Litwin, 1980) over a seeded SipHash.
 *
 * With n buckets, 2^k <= n < 2^(k+1), a hash goes to bucket hash mod 2^(k+1) if there is
 * one, else to hash mod 2^k. To grow by one bucket, only bucket n - 2^k is split. So an
 * add does a constant amount of work, where doubling a table would stall a busy server
 * once in a while. The map does not shrink: what was once busy will be again, and its
 * nodes are bounded by the pools that they come from. */
#include "base/map.h"

#include "base/assert.h"

void tnd_map_init(struct tnd_map *m, const struct tnd_siphash_key *secret,
                  const struct tnd_mem *mem)
{
    *m = (struct tnd_map){.secret = *secret, .mem = mem};
}

/* Segment 0 has buckets 0 to 15, segment 1 has 16 to 31, segment 2 has 32 to 63... */
static int segment_of(size_t bucket)
{
    return bucket < TND_MAP_FIRST_COUNT
               ? 0
               : __builtin_clzll(TND_MAP_FIRST_COUNT) - __builtin_clzll(bucket) + 1;
}

static size_t segment_first(int segment)
{
    return segment == 0 ? 0 : (size_t)TND_MAP_FIRST_COUNT << (segment - 1);
}

static size_t segment_count(int segment)
{
    return segment == 0 ? TND_MAP_FIRST_COUNT : segment_first(segment);
}

void tnd_map_fini(struct tnd_map *m)
{
    for (int i = 0; i < TND_MAP_SEGMENT_COUNT && m->segments[i]; i++)
        m->mem->give(m->mem->ctx, m->segments[i], segment_count(i) * sizeof(m->segments[i][0]));
    *m = (struct tnd_map){0};
}

static struct tnd_map_node **bucket_at(const struct tnd_map *m, size_t bucket)
{
    int segment = segment_of(bucket);

    return &m->segments[segment][bucket - segment_first(segment)];
}

/* The largest power of two that is not above n. */
static size_t floor_power(size_t n)
{
    return (size_t)1 << (63 - __builtin_clzll(n));
}

static size_t bucket_of(const struct tnd_map *m, uint64_t hash)
{
    size_t half = floor_power(m->bucket_count);
    size_t bucket = hash & (2 * half - 1);

    return bucket < m->bucket_count ? bucket : bucket - half;
}

/* Moves to the last bucket, which is new, what belongs there, and keeps the order of both. */
static void split(struct tnd_map *m)
{
    size_t last = m->bucket_count - 1;
    struct tnd_map_node **stay = bucket_at(m, last - floor_power(last));
    struct tnd_map_node **move = bucket_at(m, last);

    for (struct tnd_map_node *node = *stay, *next; node; node = next) {
        struct tnd_map_node ***end = bucket_of(m, node->hash) == last ? &move : &stay;

        next = node->next;
        **end = node;
        *end = &node->next;
    }
    *stay = NULL;
    *move = NULL;
}

static bool add_segment(struct tnd_map *m, int segment)
{
    if (segment >= TND_MAP_SEGMENT_COUNT)
        return false;
    size_t size = segment_count(segment) * sizeof(m->segments[segment][0]);
    struct tnd_map_node **buckets = m->mem->take(m->mem->ctx, size);
    if (!buckets)
        return false;
    memset(buckets, 0, size);
    m->segments[segment] = buckets;
    return true;
}

/* One bucket more. The first segment comes whole: there is nothing to split yet. */
static bool grow(struct tnd_map *m)
{
    int segment = segment_of(m->bucket_count);

    if (!m->segments[segment] && !add_segment(m, segment))
        return false;
    if (segment == 0) {
        m->bucket_count = TND_MAP_FIRST_COUNT;
        return true;
    }
    m->bucket_count++;
    split(m);
    return true;
}

static struct tnd_map_node *find(const struct tnd_map *m, struct tnd_slice key, uint64_t hash)
{
    if (m->count == 0)
        return NULL;
    struct tnd_map_node *node = *bucket_at(m, bucket_of(m, hash));
    while (node && (node->hash != hash || !tnd_slice_eq(node->key, key)))
        node = node->next;
    return node;
}

int tnd_map_add(struct tnd_map *m, struct tnd_map_node *node, struct tnd_slice key)
{
    uint64_t hash = tnd_siphash_1_3(&m->secret, key);

    if (find(m, key, hash))
        return TND_EEXISTS;
    /* A full map that cannot grow refuses, though a chain could take one more: else chains
     * grow without bound just when memory is short. */
    if (m->count == m->bucket_count && !grow(m))
        return TND_ENOMEM;
    struct tnd_map_node **bucket = bucket_at(m, bucket_of(m, hash));
    *node = (struct tnd_map_node){*bucket, key, hash};
    *bucket = node;
    m->count++;
    return 0;
}

struct tnd_map_node *tnd_map_find(const struct tnd_map *m, struct tnd_slice key)
{
    return m->count > 0 ? find(m, key, tnd_siphash_1_3(&m->secret, key)) : NULL;
}

void tnd_map_remove(struct tnd_map *m, struct tnd_map_node *node)
{
    TND_ASSERT(m->count > 0);
    struct tnd_map_node **link = bucket_at(m, bucket_of(m, node->hash));
    while (*link && *link != node)
        link = &(*link)->next;
    TND_ASSERT(*link == node);
    *link = node->next;
    *node = (struct tnd_map_node){0};
    m->count--;
}

static struct tnd_map_node *first_from(const struct tnd_map *m, size_t bucket)
{
    for (; bucket < m->bucket_count; bucket++)
        if (*bucket_at(m, bucket))
            return *bucket_at(m, bucket);
    return NULL;
}

struct tnd_map_node *tnd_map_first(const struct tnd_map *m)
{
    return first_from(m, 0);
}

struct tnd_map_node *tnd_map_after(const struct tnd_map *m, const struct tnd_map_node *node)
{
    return node->next ? node->next : first_from(m, bucket_of(m, node->hash) + 1);
}
