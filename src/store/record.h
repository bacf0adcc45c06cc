/* The bytes of records. Numbers are varints: seven bits a byte, the low ones first, the top bit set
 * on all but the last byte, and no longer than needed. Texts have their length in front.
 *
 * There is one way to write a thing, and readers take no other: whatever a reader takes, written
 * again, is the same bytes. */
#ifndef STORE_RECORD_H
#define STORE_RECORD_H

#include "tandem/store.h"

enum { RECORD_VERSION = 1 };

void tnd_record_put_number(struct tnd_writer *w, uint64_t n);
void tnd_record_put_text(struct tnd_writer *w, struct tnd_slice text);

/* What is left of a record. bad: it is damaged. Sticky, so that it is asked for once; then every
 * number is 0 and every text absent. */
struct tnd_record {
    const char *at, *end;
    unsigned version;
    bool bad;
};

/* Behind the version; of none up to version_max: bad. */
struct tnd_record tnd_record_open(struct tnd_slice bytes, unsigned version_max);

/* A number above max is damage. */
uint64_t tnd_record_number(struct tnd_record *r, uint64_t max);

/* len bytes; borrows. */
struct tnd_slice tnd_record_bytes(struct tnd_record *r, size_t len);

/* Absent: it is empty. */
struct tnd_slice tnd_record_text(struct tnd_record *r);

/* 0, or TND_ESYNTAX: it is damaged, or something follows. */
int tnd_record_close(const struct tnd_record *r);

#endif
