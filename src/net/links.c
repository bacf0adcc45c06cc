/* With whom there are connections: a map in parts, each behind a lock. */
#include "net/links.h"

#include <pthread.h>

#include "base/assert.h"
#include "base/owner.h"

enum { PART_BITS = 6, LINE = 64 /* bytes that processors pass around at once */ };

struct tnd_links {
    struct tnd_siphash_key secret;
    const struct tnd_mem *mem;
    struct part {
        pthread_mutex_t lock;
        struct tnd_map by_remote; /* of several links with one remote the first */
        char apart[LINE];         /* from the lock of the next */
    } parts[1 << PART_BITS];
};

int tnd_links_new(const struct tnd_siphash_key *secret, const struct tnd_mem *mem,
                  struct tnd_links **ret)
{
    struct tnd_links *l = mem->take(mem->ctx, sizeof(*l));

    if (!l)
        return TND_ENOMEM;
    l->secret = *secret;
    l->mem = mem;
    for (size_t i = 0; i < 1 << PART_BITS; i++) {
        pthread_mutex_init(&l->parts[i].lock, NULL);
        tnd_map_init(&l->parts[i].by_remote, secret, mem);
    }
    *ret = l;
    return 0;
}

void tnd_links_free(struct tnd_links **links)
{
    struct tnd_links *l = *links;

    if (!l)
        return;
    for (size_t i = 0; i < 1 << PART_BITS; i++) {
        TND_ASSERT(l->parts[i].by_remote.count == 0);
        tnd_map_fini(&l->parts[i].by_remote);
        pthread_mutex_destroy(&l->parts[i].lock);
    }
    l->mem->give(l->mem->ctx, l, sizeof(*l));
    *links = NULL;
}

static struct tnd_slice key_of(const struct tnd_endpoint *remote)
{
    return tnd_map_key(remote, sizeof(*remote));
}

/* Locks it. By the upper bits of the hash: the map goes by the lower ones. */
static struct part *part_of(struct tnd_links *l, const struct tnd_endpoint *remote)
{
    struct part *p = &l->parts[tnd_siphash_1_3(&l->secret, key_of(remote)) >> (64 - PART_BITS)];

    pthread_mutex_lock(&p->lock);
    return p;
}

static struct tnd_link *first(const struct part *p, const struct tnd_endpoint *remote)
{
    struct tnd_map_node *found = tnd_map_find(&p->by_remote, key_of(remote));

    return found ? TND_OWNER(found, struct tnd_link, node) : NULL;
}

/* Two connections from one port lead to two of our addresses, or two workers have opened one to
 * the same place at once: they stand behind the first. */
static void put_behind(struct tnd_link *before, struct tnd_link *link)
{
    link->before = before;
    link->behind = before->behind;
    if (link->behind)
        link->behind->before = link;
    before->behind = link;
    link->is_listed = true;
}

void tnd_links_add(struct tnd_links *l, struct tnd_link *link)
{
    struct part *p = part_of(l, &link->remote);
    struct tnd_link *before = first(p, &link->remote);

    TND_ASSERT(!link->is_listed && link->flow != 0);
    if (before)
        put_behind(before, link);
    else
        link->is_listed = tnd_map_add(&p->by_remote, &link->node, key_of(&link->remote)) == 0;
    pthread_mutex_unlock(&p->lock);
}

/* The place of link in the map is for the one behind it. */
static void replace(struct part *p, struct tnd_link *link)
{
    tnd_map_remove(&p->by_remote, &link->node);
    if (!link->behind)
        return;
    int err = tnd_map_add(&p->by_remote, &link->behind->node, key_of(&link->behind->remote));
    TND_ASSERT(!err); /* behind a removal it takes no memory */
}

void tnd_links_remove(struct tnd_links *l, struct tnd_link *link)
{
    if (!link->is_listed)
        return;
    struct part *p = part_of(l, &link->remote);
    if (link->before)
        link->before->behind = link->behind;
    else
        replace(p, link);
    if (link->behind)
        link->behind->before = link->before;
    link->before = link->behind = NULL;
    link->is_listed = false;
    pthread_mutex_unlock(&p->lock);
}

uint64_t tnd_links_find(struct tnd_links *l, const struct tnd_endpoint *remote)
{
    struct part *p = part_of(l, remote);
    const struct tnd_link *link = first(p, remote);
    uint64_t flow = link ? link->flow : 0;

    pthread_mutex_unlock(&p->lock);
    return flow;
}
