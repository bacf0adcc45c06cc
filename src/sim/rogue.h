/* What the parts of a phone that misbehaves share. */
#ifndef SIM_ROGUE_H
#define SIM_ROGUE_H

#include "base/random.h"
#include "sim/outbox.h"
#include "sim/phone.h"

enum { ROGUE_LATER_MAX = 256, ROGUE_BYTES_MAX = 1 << 17 };

struct rogue_later {
    tnd_time at; /* TND_NEVER_DUE: this place is free */
    struct tnd_output out;
};

struct rogue {
    const struct tnd_mem *mem;
    const struct sim_rogue_setup *setup;
    struct tnd_random random;
    struct sim_outbox outbox;
    struct tnd_arena a; /* of what is sent later */
    struct tnd_endpoint address;
    tnd_time now, next;
    unsigned tricks_left;
    struct tnd_endpoint to; /* of the present trick */
    struct rogue_later later[ROGUE_LATER_MAX];
    char bytes[ROGUE_BYTES_MAX]; /* what is being written */
};

/* A request as a trick wants it. What is NULL is as it should be. */
struct forged {
    const char *method, *uri, *via, *branch, *cseq, *to_tag, *call_id, *from_tag, *fields, *body;
    const char *length; /* of Content-Length, when it lies */
};

/* Writes it into r->bytes. */
struct tnd_slice rogue_forge(struct rogue *r, const struct forged *f);

/* A word that nobody has used yet, after before. Good until the world ends. */
const char *rogue_word(struct rogue *r, const char *before);

void rogue_send(struct rogue *r, struct tnd_slice bytes);
void rogue_send_later(struct rogue *r, tnd_time wait, struct tnd_slice bytes);

/* The connection to r->to, if there is one. */
void rogue_close_later(struct rogue *r, tnd_time wait);

/* tricks.c */
void rogue_trick(struct rogue *r, unsigned trick);

#endif
