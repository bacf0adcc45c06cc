/* An element for tests of the simulated world: it sends what it is told to, and keeps what
 * comes to it as text. */
#ifndef TESTS_SIM_PROBE_H
#define TESTS_SIM_PROBE_H

#include "sim/outbox.h"
#include "sim/world.h"

enum { PROBE_SEND_MAX = 64, PROBE_HEARD_SIZE = 8192 };

struct probe_send {
    tnd_time at;
    struct tnd_output out;
};

/* Outlives the element, which may die and be made again. */
struct probe {
    struct probe_send sends[PROBE_SEND_MAX];
    unsigned send_count, sent_count;
    char heard[PROBE_HEARD_SIZE]; /* a word for each input: the Call-ID of a message, "failed:7" */
    size_t heard_len;
    unsigned lives;
    tnd_time last_at; /* of the last input but ticks */
    struct tnd_flow last_flow;
    struct sim_outbox outbox;
    const struct tnd_mem *mem;
};

struct sim_kind probe_kind(struct probe *p);

/* A message whose Call-ID is word leaves at that time. */
void probe_send(struct probe *p, tnd_time at, struct tnd_endpoint to, const char *word,
                uint64_t token);
void probe_resolve(struct probe *p, tnd_time at, const char *name, uint64_t token);

/* What was heard, words parted by a blank. */
struct tnd_slice probe_heard(const struct probe *p);

#endif
