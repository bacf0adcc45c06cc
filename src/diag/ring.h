/* Rings of links: the first, the last, and out of the midst at once. */
#ifndef DIAG_RING_H
#define DIAG_RING_H

struct tnd_diag_link {
    struct tnd_diag_link *prev, *next;
};

static inline void tnd_ring_init(struct tnd_diag_link *ring)
{
    ring->prev = ring->next = ring;
}

static inline void tnd_ring_append(struct tnd_diag_link *ring, struct tnd_diag_link *link)
{
    *link = (struct tnd_diag_link){ring->prev, ring};
    ring->prev->next = link;
    ring->prev = link;
}

static inline void tnd_ring_remove(struct tnd_diag_link *link)
{
    link->prev->next = link->next;
    link->next->prev = link->prev;
}

#endif
