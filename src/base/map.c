/* Map: linear hashing (Litwin, 1980) over a seeded SipHash, in buckets of one cache line.
 *
 *     bucket   | six tags | crowd | count | six nodes |     the newest of a crowd is last:
 *                                               last -> node -> node
 *
 * With n buckets, 2^k <= n < 2^(k+1), the first n - 2^k of them are split: a hash goes to
 * bucket hash mod 2^k or, if that is split, hash mod 2^(k+1). To grow by one bucket, only
 * the next one is split. So an add does a constant amount of work, where doubling a table
 * would stall a busy server once in a while. The map does not shrink: what was once busy
 * will be again, and its nodes are bounded by the pools that they come from.
 *
 * What a look-up costs is how often it waits for memory. A tag is 16 bits of a node's
 * hash, so only the bucket is read to learn that a key is not there, and besides it only
 * the node that is asked for. The few nodes that find their bucket full are chained to its
 * last node; a bit of crowd says that some of them may have such a tag.
 *
 * The tag also has the bits by which the next splits part the nodes, so that these are not
 * touched: the bits from the level of the bucket on, rounded down to a multiple of
 * TAG_STEP. Every TAG_STEP levels (256 buckets, 65536...) nodes are asked for their hash.
 *
 * Rejected: one chain per bucket, which waits for every node in it; seven nodes and tags
 * of eight bits, too few to part nodes and to tell them apart; open addressing, which
 * leaves marks where nodes were and has to rehash the whole map. */
#include "base/map.h"

#include "base/assert.h"

enum {
    LINE = 64,
    SLOT_COUNT = 6,
    LAST = SLOT_COUNT - 1,
    TAG_BITS = 16,
    TAG_STEP = 8,
    CROWD_BITS = 4,  /* the upper bits of a tag name a bit of crowd */
    FULL_OF_TWO = 7, /* as many nodes in two buckets, on average, and the map grows */
    MEM_ALIGN = 16,  /* of what a tnd_mem gives */
    SLACK = LINE - MEM_ALIGN,
};

/* The nodes in slots have no next, but for the last one: that is where the chain begins. */
struct bucket {
    _Alignas(LINE) uint16_t tags[SLOT_COUNT];
    uint16_t crowd; /* 0: no chain */
    uint16_t count; /* of the slots in use, the chain left out */
    struct tnd_map_node *nodes[SLOT_COUNT];
};

_Static_assert(sizeof(struct bucket) == LINE, "a look-up reads one line");

void tnd_map_init(struct tnd_map *m, const struct tnd_siphash_key *secret,
                  const struct tnd_mem *mem)
{
    *m = (struct tnd_map){.secret = *secret, .mem = mem};
}

/* With a first count of 4: segment 0 has buckets 0 to 3, segment 1 has 4 to 7, segment 2
 * has 8 to 15... */
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

static size_t segment_size(int segment)
{
    size_t count = segment == 0 ? TND_MAP_FIRST_COUNT : segment_first(segment);

    return count * sizeof(struct bucket) + SLACK;
}

void tnd_map_fini(struct tnd_map *m)
{
    for (int i = 0; i < TND_MAP_SEGMENT_COUNT && m->segments[i]; i++)
        m->mem->give(m->mem->ctx, m->segments[i], segment_size(i));
    *m = (struct tnd_map){0};
}

static struct bucket *bucket_at(const struct tnd_map *m, size_t bucket)
{
    int segment = segment_of(bucket);
    char *block = m->segments[segment];
    struct bucket *first = (void *)(block + (-(uintptr_t)block & (LINE - 1)));

    return first + (bucket - segment_first(segment));
}

/* The largest k with 2^k <= n. */
static unsigned log_of(size_t n)
{
    return 63 - (unsigned)__builtin_clzll(n);
}

static uint16_t tag_of(uint64_t hash, unsigned level)
{
    return (uint16_t)(hash >> (level - level % TAG_STEP));
}

static uint16_t crowd_bit(uint16_t tag)
{
    return (uint16_t)(1U << (tag >> (TAG_BITS - CROWD_BITS)));
}

/* Where a hash belongs. level is how many of its bits led there. */
struct place {
    size_t bucket;
    unsigned level;
};

static struct place place_of(const struct tnd_map *m, uint64_t hash)
{
    unsigned level = log_of(m->bucket_count);
    size_t half = (size_t)1 << level;
    size_t is_split = (hash & (half - 1)) < m->bucket_count - half;

    return (struct place){hash & ((half << is_split) - 1), level + (unsigned)is_split};
}

/* node->next is NULL. Where there is no room, the last node makes it and heads the chain. */
static void put(struct bucket *b, struct tnd_map_node *node, uint16_t tag)
{
    unsigned slot = b->count;

    if (slot < SLOT_COUNT) {
        b->count++;
    } else {
        slot = LAST;
        b->crowd |= crowd_bit(b->tags[LAST]);
        node->next = b->nodes[LAST];
    }
    b->nodes[slot] = node;
    b->tags[slot] = tag;
}

/* Cuts it off. */
static struct tnd_map_node *take_chain(struct bucket *b)
{
    if (b->crowd == 0)
        return NULL;
    struct tnd_map_node *chain = b->nodes[LAST]->next;
    b->nodes[LAST]->next = NULL;
    b->crowd = 0;
    return chain;
}

/* Moves to the last bucket, which is new, what belongs there. */
static void split(struct tnd_map *m)
{
    size_t last = m->bucket_count - 1;
    unsigned level = log_of(last);
    bool is_tag_used_up = (level + 1) % TAG_STEP == 0;
    struct bucket *stay = bucket_at(m, last - ((size_t)1 << level));
    struct bucket *to[2] = {stay, bucket_at(m, last)};
    struct tnd_map_node *chain = take_chain(stay);
    struct bucket from = *stay;

    *to[0] = *to[1] = (struct bucket){0};
    for (unsigned i = 0; i < from.count; i++) {
        uint16_t tag = is_tag_used_up ? tag_of(from.nodes[i]->hash, level + 1) : from.tags[i];

        put(to[from.tags[i] >> level % TAG_STEP & 1], from.nodes[i], tag);
    }
    for (struct tnd_map_node *node = chain, *next; node; node = next) {
        next = node->next;
        node->next = NULL;
        put(to[node->hash >> level & 1], node, tag_of(node->hash, level + 1));
    }
}

/* The buckets are cleared one by one, as they come into use: a large segment takes long. */
static bool add_segment(struct tnd_map *m, int segment)
{
    if (segment >= TND_MAP_SEGMENT_COUNT)
        return false;
    m->segments[segment] = m->mem->take(m->mem->ctx, segment_size(segment));
    return m->segments[segment] != NULL;
}

/* One bucket more. The first segment comes whole: there is nothing to split yet. */
static bool grow(struct tnd_map *m)
{
    int segment = segment_of(m->bucket_count);

    if (!m->segments[segment] && !add_segment(m, segment))
        return false;
    if (segment == 0) {
        memset(bucket_at(m, 0), 0, TND_MAP_FIRST_COUNT * sizeof(struct bucket));
        m->bucket_count = TND_MAP_FIRST_COUNT;
        return true;
    }
    m->bucket_count++;
    split(m);
    return true;
}

static bool has_key(const struct tnd_map_node *node, struct tnd_slice key, uint64_t hash)
{
    return node->hash == hash && tnd_slice_eq(node->key, key);
}

static struct tnd_map_node *find(const struct tnd_map *m, struct tnd_slice key, uint64_t hash)
{
    if (m->count == 0)
        return NULL;
    struct place place = place_of(m, hash);
    const struct bucket *b = bucket_at(m, place.bucket);
    uint16_t tag = tag_of(hash, place.level);

    for (unsigned i = 0; i < SLOT_COUNT; i++)
        if (b->tags[i] == tag && i < b->count && has_key(b->nodes[i], key, hash))
            return b->nodes[i];
    if (!(b->crowd & crowd_bit(tag)))
        return NULL;
    struct tnd_map_node *node = b->nodes[LAST]->next;
    while (node && !has_key(node, key, hash))
        node = node->next;
    return node;
}

static bool is_full(const struct tnd_map *m)
{
    return 2 * m->count >= FULL_OF_TWO * m->bucket_count;
}

int tnd_map_add(struct tnd_map *m, struct tnd_map_node *node, struct tnd_slice key)
{
    uint64_t hash = tnd_siphash_1_3(&m->secret, key);

    if (find(m, key, hash))
        return TND_EEXISTS;
    /* A full map that cannot grow refuses, though a chain could take one more: else chains
     * grow without bound just when memory is short. */
    if (is_full(m) && !grow(m))
        return TND_ENOMEM;
    struct place place = place_of(m, hash);
    *node = (struct tnd_map_node){NULL, key, hash};
    put(bucket_at(m, place.bucket), node, tag_of(hash, place.level));
    m->count++;
    return 0;
}

struct tnd_map_node *tnd_map_find(const struct tnd_map *m, struct tnd_slice key)
{
    return m->count > 0 ? find(m, key, tnd_siphash_1_3(&m->secret, key)) : NULL;
}

/* SLOT_COUNT: it is not in a slot. */
static unsigned slot_of(const struct bucket *b, const struct tnd_map_node *node)
{
    for (unsigned i = 0; i < b->count; i++)
        if (b->nodes[i] == node)
            return i;
    return SLOT_COUNT;
}

/* Those behind it move up, so that a walk passes each of them once; the chain gives its
 * first. */
static void empty_slot(struct bucket *b, unsigned slot, unsigned level)
{
    struct tnd_map_node *last = b->nodes[LAST];
    struct tnd_map_node *heir = b->crowd ? last->next : NULL;

    for (unsigned i = slot; i < LAST; i++) {
        b->nodes[i] = b->nodes[i + 1];
        b->tags[i] = b->tags[i + 1];
    }
    if (!heir) {
        b->count--;
        return;
    }
    last->next = NULL;
    b->nodes[LAST] = heir;
    b->tags[LAST] = tag_of(heir->hash, level);
    if (!heir->next)
        b->crowd = 0;
}

/* The bits of nodes that have left the chain stay until it ends. */
static void unchain(struct bucket *b, struct tnd_map_node *node)
{
    TND_ASSERT(b->crowd != 0);
    struct tnd_map_node **link = &b->nodes[LAST]->next;
    while (*link && *link != node)
        link = &(*link)->next;
    TND_ASSERT(*link == node);
    *link = node->next;
    if (!b->nodes[LAST]->next)
        b->crowd = 0;
}

void tnd_map_remove(struct tnd_map *m, struct tnd_map_node *node)
{
    TND_ASSERT(m->count > 0);
    struct place place = place_of(m, node->hash);
    struct bucket *b = bucket_at(m, place.bucket);
    unsigned slot = slot_of(b, node);

    if (slot < SLOT_COUNT)
        empty_slot(b, slot, place.level);
    else
        unchain(b, node);
    *node = (struct tnd_map_node){0};
    m->count--;
}

static struct tnd_map_node *first_from(const struct tnd_map *m, size_t bucket)
{
    for (; bucket < m->bucket_count; bucket++)
        if (bucket_at(m, bucket)->count > 0)
            return bucket_at(m, bucket)->nodes[0];
    return NULL;
}

struct tnd_map_node *tnd_map_first(const struct tnd_map *m)
{
    return first_from(m, 0);
}

struct tnd_map_node *tnd_map_after(const struct tnd_map *m, const struct tnd_map_node *node)
{
    size_t bucket = place_of(m, node->hash).bucket;
    const struct bucket *b = bucket_at(m, bucket);
    unsigned behind = slot_of(b, node) + 1;

    if (behind < b->count)
        return b->nodes[behind];
    return node->next ? node->next : first_from(m, bucket + 1);
}
