/* Diagnosed calls as one page that stands alone: its style is inside, nothing is fetched from elsewhere, and no
 * script runs. What peers sent stands in it escaped. Written in pieces, so that the calls need not be in memory:
 *
 *     tnd_call_page_begin()   what was seen, in numbers
 *     tnd_call_page_put()     a call: its ladder, what went wrong, what to change; any number of them
 *     tnd_call_page_end()
 */
#ifndef WEB_CALL_PAGE_H
#define WEB_CALL_PAGE_H

#include "diag/diag.h"

enum { TND_CALL_SUM_COMMON_MAX = 8 };

/* What was seen, in numbers. */
struct tnd_call_sum {
    uint64_t messages, skipped; /* skipped: what is no SIP message */
    uint64_t calls, failed, answered, cancelled, open;
    uint64_t
        broken; /* that did not fail, and yet have errors: answered, and dropped for want of an ACK */
    /* The commonest findings, the commonest first, and of how many calls they are. */
    struct tnd_call_common {
        uint16_t rule;
        uint64_t count;
    } common[TND_CALL_SUM_COMMON_MAX];
    size_t common_count;
};

/* title: where the calls come from: names of files. left_out: calls that the page does not show. */
void tnd_call_page_begin(struct tnd_writer *w, enum tnd_lang lang, struct tnd_slice title,
                         const struct tnd_call_sum *sum, uint64_t left_out);

/* when: the moment at which it began, for people. */
void tnd_call_page_put(struct tnd_writer *w, enum tnd_lang lang, const struct tnd_diag_call *call,
                       const struct tnd_ladder *ladder, const char *when);

void tnd_call_page_end(struct tnd_writer *w, enum tnd_lang lang);

/* For people: "Failed". */
const char *tnd_call_result_text(enum tnd_diag_result result, enum tnd_lang lang);

#endif
