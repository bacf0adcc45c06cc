/* What happened in a world: one number that no two different histories share, and a ladder
 * for people: a line for each message that leaves, arrives or is lost, with its Call-ID.
 *
 *      0.012345 phone1    > node1      INVITE sip:lab-486@192.0.2.1 SIP/2.0         call-1
 *      0.031002 node1     < phone1     INVITE sip:lab-486@192.0.2.1 SIP/2.0         call-1
 *
 * '>' leaves, '<' arrives, 'x' is lost. */
#ifndef SIM_TRACE_H
#define SIM_TRACE_H

#include "base/siphash.h"
#include "sim/world.h"

struct sim_trace {
    const struct sim_world *w;
    struct tnd_siphash hash;
    void (*put)(void *ctx, struct tnd_slice line); /* a line, without its end; NULL: no ladder */
    void *ctx;
};

/* Keeps w. t must not move while w lives. */
void sim_trace_init(struct sim_trace *t, const struct sim_world *w);

struct sim_watcher sim_trace_watcher(struct sim_trace *t);

/* Of all that happened so far. */
uint64_t sim_trace_hash(const struct sim_trace *t);

/* "phone1", or "udp:198.51.100.7:5060" where no host is. */
void sim_put_place(struct tnd_writer *w, const struct sim_world *world,
                   const struct tnd_endpoint *e);

/* The first line of a message. */
struct tnd_slice sim_first_line(struct tnd_slice bytes);

/* Text as it stands, but that what does not print comes out as '.'. */
void sim_put_text(struct tnd_writer *w, struct tnd_slice text);

#endif
