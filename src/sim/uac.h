/* The client transactions of a phone: their machines, timers and requests, and what the machines ask for.
 * Whose they are says what follows: he hears of responses, and sends CANCELs in his own way.
 *
 *     struct thing { struct sim_uac uac; ... }, the uac first, from an arena, all zero
 *     sim_uac_start(&uacs, &thing->uac, &to, request, now);
 */
#ifndef SIM_UAC_H
#define SIM_UAC_H

#include "sim/outbox.h"
#include "tandem/txn.h"

enum { SIM_UAC_TEXT_SIZE = 8192 }; /* of an ACK, a CANCEL, a key */

/* One of them. */
struct sim_uac {
    struct sim_uac *next;
    struct tnd_client_txn machine;
    bool is_ended;
    uint64_t token;
    tnd_time due[TND_TIMER_COUNT];
    struct tnd_endpoint to;
    struct tnd_slice request, key;
};

/* All of a phone. What is not his to set is zero. */
struct sim_uacs {
    struct sim_uac *first; /* the newest; those that have ended too */
    uint64_t tokens;       /* how many were given */
    struct tnd_arena *a;
    struct sim_outbox *outbox;
    const struct tnd_txn_timing *timing;
    void *owner;
    /* response NULL: nobody answered */
    void (*told)(void *owner, struct sim_uac *uac, const struct tnd_msg *response);
    /* bytes: a CANCEL of uac, to be started */
    void (*cancel)(void *owner, struct sim_uac *uac, struct tnd_slice bytes);
};

void sim_uac_send(struct sim_uacs *all, const struct tnd_endpoint *to, struct tnd_slice bytes,
                  uint64_t token);
/* Keeps request. */
void sim_uac_start(struct sim_uacs *all, struct sim_uac *uac, const struct tnd_endpoint *to,
                   struct tnd_slice request, tnd_time now);
void sim_uac_step(struct sim_uacs *all, struct sim_uac *uac, struct tnd_txn_event ev,
                  const struct tnd_msg *response);
/* An INVITE that may still be cancelled (RFC 3261 §9.1) is. */
void sim_uac_give_up(struct sim_uacs *all, struct sim_uac *uac, tnd_time now);
/* A response that came; what belongs to none is nothing. */
void sim_uac_came(struct sim_uacs *all, const struct tnd_msg *response, tnd_time now);
/* What was sent with that token could not be. */
void sim_uac_failed(struct sim_uacs *all, uint64_t token, tnd_time now);

/* A message of our own writing, or one that was parsed before. Borrows until the next call. */
void sim_parse(struct tnd_msg *msg, struct tnd_slice bytes);

#endif
