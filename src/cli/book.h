/* Book: what calls have taught: who is to be called at another address, for good (301, RFC 3261 §21.3.2) or
 * for a while (302 with expires, §21.3.3). A file of the user, a JSON object on each line; whoever changes it
 * holds a lock, and replaces it as a whole. */
#ifndef CLI_BOOK_H
#define CLI_BOOK_H

#include <jansson.h>

#include "cli/cli.h"

enum { BOOK_ENTRY_COUNT_MAX = 10000 }; /* the oldest give way */

#define BOOK_FOR_GOOD INT64_MAX

struct book_entry {
    struct tnd_slice uri, target;
    int64_t until; /* seconds since 1970; BOOK_FOR_GOOD */
};

/* The entry of uri (compared as URIs, RFC 3261 §19.1.4) that holds at that moment. Texts are in a. false: there is
 * none, or no book that can be read, which one line on standard error tells. */
bool book_find(struct tnd_slice uri, int64_t now, struct tnd_arena *a, struct book_entry *ret);

/* Replaces what is written of entry->uri. CLI_OK, or CLI_FAILED after a line. */
int book_learn(const struct book_entry *entry, int64_t now);

/* What was learned of uri is wrong; absent: forgets everything. *ret_count: how much that was. CLI_OK, or CLI_FAILED
 * after a line. */
int book_forget(struct tnd_slice uri, int64_t now, size_t *ret_count);

/* Calls visit for each entry that holds at that moment, in the order in which they were learned. CLI_OK, or CLI_FAILED
 * after a line. */
int book_each(int64_t now, void (*visit)(void *ctx, const struct book_entry *entry), void *ctx);

#endif
