/* Tape: the flight recorders of all workers, read as one, by time. A call lives on one worker, so that its
 * messages come in their order; those of two workers may come out of order by as much as one of them was
 * read before the other. */
#ifndef NET_TAPE_H
#define NET_TAPE_H

#include "net/recorder.h"

struct tnd_tape;

/* From the oldest records that are there. Keeps the recorders, which are at least 1. TND_ENOMEM. */
int tnd_tape_new(const struct tnd_recorder *const *recorders, size_t count, struct tnd_tape **ret);
void tnd_tape_free(struct tnd_tape **t); /* of NULL: fine */

/* The next record, good until the next call. false: there is no more now. */
bool tnd_tape_next(struct tnd_tape *t, struct tnd_recorded *ret);

/* Bytes that were overwritten before they were read. */
uint64_t tnd_tape_lost(const struct tnd_tape *t);

#endif
