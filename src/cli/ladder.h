/* Ladder: the messages of a call as they come and go, one arrow each, with a column for us and one for each
 * far end. What a message says that matters stands below its arrow; what is made of it, between the arrows.
 *
 *        0.000  you                             127.0.0.1:5060
 *               |-- INVITE -------------------->|
 *        0.002  |<- 302 Moved Temporarily ------|
 *               |   Contact: <sip:lab-200@127.0.0.1>
 */
#ifndef CLI_LADDER_H
#define CLI_LADDER_H

#include "cli/cli.h"
#include "diag/facts.h"
#include "net/seen.h"

enum {
    LADDER_END_COUNT_MAX = 4, /* columns of others at one time; a further one begins them anew */
    LADDER_KNOWN_COUNT = 256, /* messages that are known again */
};

struct ladder {
    FILE *out; /* NULL: nothing is drawn */
    struct tnd_ladder_look look;
    struct tnd_ladder drawn; /* its parties: we, and the ends */
    tnd_time start;
    struct tnd_endpoint ends[LADDER_END_COUNT_MAX];
    char names[LADDER_END_COUNT_MAX][TND_ENDPOINT_LEN_MAX];
    uint64_t known[LADDER_KNOWN_COUNT];
    size_t known_count;
};

/* l does not move from now on. stream NULL: nothing will be drawn. start: what times are counted from. */
void ladder_start(struct ladder *l, FILE *stream, tnd_time start);

/* A message of SIP. a: for passing needs. */
void ladder_message(struct ladder *l, const struct tnd_seen *seen, const struct tnd_msg *msg,
                    struct tnd_arena *a);

/* How a note looks. */
enum ladder_tone { LADDER_PLAIN, LADDER_GOOD, LADDER_BAD };

/* Between the arrows: text, wrapped, behind mark, which is ASCII. */
void ladder_note(struct ladder *l, enum ladder_tone tone, const char *mark, struct tnd_slice text);

/* Whether the locale of the environment has the signs for lines: locale(7). */
bool ladder_utf8(void);

#endif
