/* Fragments of IP become datagrams again (RFC 791, RFC 8200 §4.5).
 *
 * What overlaps makes its datagram be thrown away, as receivers do; a fragment that is captured twice does not.
 * A datagram that is not whole after a second is given up: its fragments travel together. What there is of its
 * front is given out, for a request whose second fragment a firewall keeps is a common reason for silence. */
#ifndef TRACE_FRAGMENT_H
#define TRACE_FRAGMENT_H

#include "trace/ip.h"

enum {
    TND_FRAGMENTED_COUNT_MAX = 64, /* datagrams in pieces, at one time; then the oldest goes */
    TND_FRAGMENT_WAIT = 1000000,   /* microseconds */
};

struct tnd_fragmented;

struct tnd_fragments {
    const struct tnd_mem *mem; /* kept */
    struct tnd_fragmented *slot[TND_FRAGMENTED_COUNT_MAX];
    struct tnd_fragmented *given; /* borrowed by who asked last */
    size_t count;
    int64_t oldest; /* when the first piece of the oldest came */
    uint64_t lost;  /* datagrams that stayed in pieces, or were thrown away */
};

void tnd_fragments_init(struct tnd_fragments *f, const struct tnd_mem *mem);
void tnd_fragments_fini(struct tnd_fragments *f);

/* One that is a fragment. 0: ret is the whole datagram, until the next call of any of these. TND_EMORE: it is not
 * whole yet. TND_ESYNTAX: it cannot be a piece of anything, or contradicts one. TND_ENOMEM. */
int tnd_fragments_add(struct tnd_fragments *f, const struct tnd_ip *ip, int64_t at, uint64_t number,
                      struct tnd_ip *ret);

/* One that waited too long, as far as its front is there; when it came, and with which frame. false: there is
 * none. Good until the next call. */
bool tnd_fragments_give_up(struct tnd_fragments *f, int64_t now, struct tnd_ip *ret,
                           int64_t *ret_at, uint64_t *ret_number);

#endif
