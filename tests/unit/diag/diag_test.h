/* Calls as somebody sees them who stands beside the wire.
 *
 *     diag_start((struct tnd_diag_world){0});
 *     SEE(.from = 1, .to = 2, .first = "INVITE sip:bob@example.org SIP/2.0", .cseq = "1 INVITE");
 *     SEE(.ms = 20, .from = 2, .to = 1, .first = "SIP/2.0 486 Busy Here", .cseq = "1 INVITE", .to_tag = "b");
 *     const struct tnd_diag_call *call = diag_last();
 */
#ifndef UNIT_DIAG_TEST_H
#define UNIT_DIAG_TEST_H

#include "diag/diag.h"
#include "unit/failing_mem.h"
#include "unit/test.h"

struct diag_line {
    int64_t ms;
    unsigned from, to; /* 192.0.2.N, port 5060, UDP; 0: not known */
    const char *first; /* start line */
    const char *cseq;
    const char *branch;            /* without cookie; default: "1". "": none at all */
    const char *from_tag, *to_tag; /* default: "a", and none */
    const char *call;              /* Call-ID; default: "7c1b2f0e9d8a4c55@192.0.2.1" */
    const char *more;              /* further header fields, with their CRLF */
    const char *body;
};

#define SEE(...) diag_see(&(struct diag_line){__VA_ARGS__})

#define INVITE "INVITE sip:bob@example.org SIP/2.0"
#define OK     "SIP/2.0 200 OK"

extern struct tnd_diag *diag;
extern struct failing_mem diag_mem;

/* mem is diag_mem, which fails as fail_at says. */
void diag_start_failing(struct tnd_diag_world world, size_t fail_at);
void diag_start(struct tnd_diag_world world);
/* Nothing may be left. */
void diag_stop(void);

struct tnd_endpoint diag_end_of(unsigned n);
int diag_see(const struct diag_line *line);

/* The next call that is over; it must be there. */
const struct tnd_diag_call *diag_next(void);
/* The same, of what is over because nothing more comes. */
const struct tnd_diag_call *diag_last(void);

/* INVITE, 180, 200 and ACK, from 1 to 2, from ms on; and BYE with its 200. */
void diag_see_answered(int64_t ms);
void diag_see_bye(int64_t ms);

#endif
