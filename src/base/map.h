/* Map: objects found by a key of bytes.
 *
 * The map links nodes that are members of the caller's objects (TND_OWNER leads back); it
 * owns none. A node's key lives as long as the node is in the map, mostly in the same
 * object. The hash is keyed with a secret, so nobody outside can choose keys that collide.
 * Growing is spread over the adds: none rehashes the whole map.
 *
 * A search for what is not there waits for memory once: for a bucket. One that succeeds
 * waits for the node and its key besides, a removal for the node. Per node the map uses 18
 * bytes; it takes them from mem ahead, up to twice as many, and does not touch them before.
 *
 * The order of a walk follows from the secret and from what was added and removed in which
 * order, never from addresses: the same seed gives the same walk. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/siphash.h"
#include "tandem/base.h"

struct tnd_map_node {
    struct tnd_map_node *next; /* of those that found their bucket full; mostly NULL */
    struct tnd_slice key;
    uint64_t hash;
};

enum {
    TND_MAP_FIRST_COUNT = 4, /* buckets of the first segment */
    TND_MAP_SEGMENT_COUNT = 32,
};

struct tnd_map {
    struct tnd_siphash_key secret;
    const struct tnd_mem *mem;
    size_t count;
    size_t bucket_count;
    /* segments[0] holds the first TND_MAP_FIRST_COUNT buckets, each other one as many as
     * all before it; so a bucket never moves. As taken from mem: the buckets begin where a
     * cache line does. */
    void *segments[TND_MAP_SEGMENT_COUNT];
};

/* An empty map; nothing is taken from mem yet. Keeps mem until fini, copies the secret. */
void tnd_map_init(struct tnd_map *m, const struct tnd_siphash_key *secret,
                  const struct tnd_mem *mem);

/* Gives its memory back. Nodes still in the map are left as they are; they are the
 * caller's. A map of zero bytes is fine. */
void tnd_map_fini(struct tnd_map *m);

/* Keeps node and the bytes of key until node is removed. TND_EEXISTS: there is a node with
 * that key already. TND_ENOMEM: the caller refuses what it wanted to remember; never right
 * behind a removal, for there is the room that it left. After both, m and node are as before. */
int tnd_map_add(struct tnd_map *m, struct tnd_map_node *node, struct tnd_slice key);

/* The node with that key; NULL: there is none. Borrows key. */
struct tnd_map_node *tnd_map_find(const struct tnd_map *m, struct tnd_slice key);

/* Lets go of node, which is in m; otherwise an assertion. */
void tnd_map_remove(struct tnd_map *m, struct tnd_map_node *node);

/* A walk over all nodes. NULL: that was the last one. Nothing may be added meanwhile. To
 * remove a node, ask for the one after it first. */
struct tnd_map_node *tnd_map_first(const struct tnd_map *m);
struct tnd_map_node *tnd_map_after(const struct tnd_map *m, const struct tnd_map_node *node);

/* The key that is the size bytes at object. A struct must have no padding, or be cleared
 * with memset before it is filled. Borrows object. */
static inline struct tnd_slice tnd_map_key(const void *object, size_t size)
{
    return tnd_slice(object, size);
}

#endif
