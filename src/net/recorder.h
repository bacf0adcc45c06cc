/* Flight recorder: the last messages of a worker, as they came and left, in a ring of bytes that is overwritten
 * for ever. The worker that writes takes no lock, waits for nobody and does not know who reads; it copies the
 * bytes and moves on, which costs nanoseconds and is all that being seen costs while nobody looks. Any
 * thread may read: it copies a piece and looks afterwards whether it was overwritten meanwhile.
 *
 *     a worker:    tnd_recorder_put(r, &(struct tnd_recorded){.at = wall, .is_sent = true, .local = ..., .bytes = ...});
 *     a reader:    while (tnd_recorder_next(&reader, &seen))     good until the next call
 *                      ...
 *                  reader.lost says how many bytes went by unread
 *
 * Several recorders are read as one, by time, with net/tape.h.
 */
#ifndef NET_RECORDER_H
#define NET_RECORDER_H

#include "tandem/transport/endpoint.h"

enum tnd_recorded_kind {
    TND_RECORDED_MESSAGE,
    TND_RECORDED_WHY, /* bytes are a struct tnd_why, whose at is as here; it is no message */
};

struct tnd_recorded {
    int64_t at;   /* microseconds since 1970-01-01 UTC */
    uint8_t kind; /* enum tnd_recorded_kind */
    bool is_sent;
    bool is_cut; /* it was longer; of readers */
    struct tnd_endpoint local, remote;
    struct tnd_slice bytes;
};

struct tnd_recorder;

/* size: bytes, rounded up to a power of 2. TND_ENOMEM. */
int tnd_recorder_new(size_t size, struct tnd_recorder **ret);
void tnd_recorder_free(struct tnd_recorder **r); /* of NULL: fine */

/* Of its worker only. A message larger than a quarter of the ring is cut off. Of NULL: nothing. */
void tnd_recorder_put(struct tnd_recorder *r, const struct tnd_recorded *m);

struct tnd_recorder_reader {
    const struct tnd_recorder *r;
    uint64_t at;   /* bytes since the recorder began */
    uint64_t lost; /* bytes that were overwritten before they were read */
    char *room;    /* TND_RECORDER_ROOM bytes, of the owner, aligned for any type */
};

enum { TND_RECORDER_ROOM = 1 << 17 };

/* From the oldest that is still there. */
struct tnd_recorder_reader tnd_recorder_read(const struct tnd_recorder *r, char *room);
/* false: there is no more now. */
bool tnd_recorder_next(struct tnd_recorder_reader *reader, struct tnd_recorded *ret);

#endif
