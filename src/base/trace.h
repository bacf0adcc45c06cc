/* Trace: the last things that happened, for whoever must find out why.
 *
 * A ring of records of 64 bytes, always on: writing one costs a few stores, no call and no
 * branch on what it says. The oldest is overwritten. A ring belongs to one thread. A failed
 * assertion prints the last records of the ring that its thread shows (tnd_assert_show). */
#ifndef BASE_TRACE_H
#define BASE_TRACE_H

#include "tandem/base.h"

enum { TND_TRACE_TEXT_SIZE = 31 };

struct tnd_trace_record {
    tnd_time at;
    const char *event; /* static: "ict.timer_a"; module first */
    uint64_t a, b;     /* what they mean is the event's business */
    uint8_t text_len;
    char text[TND_TRACE_TEXT_SIZE]; /* the beginning of a Call-ID, a URI... */
};

struct tnd_trace {
    struct tnd_trace_record *records;
    uint64_t mask;
    uint64_t count; /* of the records ever written */
};

/* A ring of record_count records, a power of two. Keeps records for as long as it is used. */
void tnd_trace_init(struct tnd_trace *t, struct tnd_trace_record *records, size_t record_count);

/* Writes a record. event must be a string literal; of text the beginning is copied. */
static inline void tnd_trace(struct tnd_trace *t, tnd_time now, const char *event, uint64_t a,
                             uint64_t b, struct tnd_slice text)
{
    struct tnd_trace_record *r = &t->records[t->count++ & t->mask];
    size_t len = text.len < TND_TRACE_TEXT_SIZE ? text.len : TND_TRACE_TEXT_SIZE;

    r->at = now;
    r->event = event;
    r->a = a;
    r->b = b;
    r->text_len = (uint8_t)len;
    if (len > 0)
        memcpy(r->text, text.ptr, len);
}

/* How many records there are to read. */
size_t tnd_trace_count(const struct tnd_trace *t);

/* The record age places before the newest, which is 0; age is below tnd_trace_count(). It
 * changes when the ring has gone round. */
const struct tnd_trace_record *tnd_trace_at(const struct tnd_trace *t, size_t age);

/* One line: seconds, event, a, b, and the text in quotes if there is one. What is not
 * printable ASCII comes out as '.', for a peer may have written it. */
void tnd_trace_put(struct tnd_writer *w, const struct tnd_trace_record *record);

/* The last count_max records, the oldest first, a line each. */
void tnd_trace_print(struct tnd_writer *w, const struct tnd_trace *t, size_t count_max);

#endif
