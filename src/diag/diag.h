/* Diagnosis: messages that were seen somewhere, in their order, become calls; a call becomes findings: what
 * went wrong, by which rule, whose doing it was, what proves it, and what to change.
 *
 *     tnd_diag_new(&world, &diag);
 *     for each message that was seen:
 *         tnd_diag_feed(diag, &seen);
 *         while ((call = tnd_diag_take(diag)))      a call that is over: told once, in the order of their ends
 *             read it, draw it
 *     tnd_diag_end(diag);                           nothing more will come
 *     while ((call = tnd_diag_take(diag)))
 *         ...
 *
 * The same engine reads a capture of a gigabyte (what is over is given out and forgotten: memory is bounded by
 * the calls that are open) and what a server does just now (tnd_diag_each() shows the open ones).
 * It opens nothing, reads no clock, and takes memory from tnd_mem only. Whatever the bytes are, they can do
 * no more than make a finding. */
#ifndef DIAG_DIAG_H
#define DIAG_DIAG_H

#include "diag/ladder.h"
#include "tandem/ref/explain.h"
#include "tandem/sip/message.h"
#include "tandem/transport/endpoint.h"

/* A message as it was seen on its way. Borrowed by the call that takes it. */
struct tnd_diag_seen {
    int64_t at; /* microseconds since 1970-01-01 UTC, or since whatever there is */
    uint64_t
        number; /* of the message in its source, from 1: what a reader looks for in the capture */
    struct tnd_endpoint from, to; /* family NONE: not known, as in some logs */
    struct tnd_slice bytes;       /* one SIP message, whole or cut off */
    bool is_cut;                  /* the capture has not all of it */
};

/* Of a call, and of any other request: a registration is answered by its 200. A call that talks is answered, be it
 * over or not. One that the caller cancelled has not failed, whatever the code. One that got no response at
 * all within 64*T1 has failed, with code 0. */
enum tnd_diag_result { TND_DIAG_OPEN, TND_DIAG_ANSWERED, TND_DIAG_CANCELLED, TND_DIAG_FAILED };

/* Whose doing it is. */
enum tnd_diag_culprit {
    TND_DIAG_NOBODY, /* it is as it should be */
    TND_DIAG_CALLER,
    TND_DIAG_CALLEE,
    TND_DIAG_PROXY, /* at finding.place */
    TND_DIAG_NETWORK,
};

enum tnd_diag_severity { TND_DIAG_NOTE, TND_DIAG_WARNING, TND_DIAG_ERROR };

enum {
    TND_DIAG_EVIDENCE_COUNT_MAX = 6,
    TND_DIAG_DETAIL_SIZE =
        1024, /* of a rule with its sentence, in the language with the longest letters */
};

/* What proves a finding: a message, and of it a header line, or a part of its body, as it stands. */
struct tnd_diag_evidence {
    uint32_t message;      /* index into call.message */
    struct tnd_slice line; /* absent: that it came at all */
};

struct tnd_diag_finding {
    uint16_t
        rule; /* enum tnd_diag_rule (diag/rules.def): stable, with a name, a text and a fix of its own */
    uint8_t severity; /* enum tnd_diag_severity */
    uint8_t culprit;  /* enum tnd_diag_culprit */
    bool is_guess;    /* the capture does not show it; it is the likeliest */
    uint16_t code; /* the response code it is about, explained by tandem/ref/explain.h; 0: none */
    struct tnd_endpoint place; /* of the culprit; family NONE: not known */
    uint16_t flaw; /* enum tnd_rule: that a message breaks; TND_RULE_NONE: it is not about one */
    struct tnd_slice
        detail; /* what is special here: "precondition", "sip:10.0.0.7:5060"; absent: nothing */
    struct tnd_diag_evidence evidence[TND_DIAG_EVIDENCE_COUNT_MAX];
    size_t evidence_count;
};

/* One message of a call. */
struct tnd_diag_message {
    int64_t at;
    uint64_t number;
    struct tnd_endpoint from, to;
    struct tnd_slice bytes; /* kept by the call */
    bool is_cut;
    bool is_again;    /* a retransmission of message first */
    uint32_t first;   /* index of the message that it repeats; itself if it does not */
    uint8_t method;   /* enum tnd_method: of the request, or of CSeq */
    uint16_t code;    /* 0: a request */
    uint32_t request; /* index of the request that a response answers, UINT32_MAX: not seen */
    uint8_t leg;      /* which Call-ID of the call it has */
};

enum { TND_DIAG_LEG_COUNT_MAX = 8 };

struct tnd_diag_call {
    struct tnd_slice call_id, from,
        to; /* of the first leg; URIs of From and To, without parameters */
    struct tnd_slice leg[TND_DIAG_LEG_COUNT_MAX]; /* Call-IDs; the first is call_id */
    bool leg_is_guess[TND_DIAG_LEG_COUNT_MAX];    /* joined by likeness, not by what must be so */
    size_t leg_count;
    uint8_t method; /* enum tnd_method: what it began with; of a call INVITE */
    uint8_t result; /* enum tnd_diag_result */
    /* The final response to what it began with, as the caller got it: of several attempts (after a challenge
     * or a redirect) to the last. 0: none was seen */
    uint16_t code;
    int64_t began, ended;   /* ended: the BYE, else what decided it, else what was seen last */
    int64_t rang, answered; /* when; INT64_MIN: it did not, or that was not seen */
    const struct tnd_diag_message *message; /* in the order in which they were seen */
    size_t message_count;
    uint32_t left_out;                      /* messages beyond the bound of one call */
    const struct tnd_diag_finding *finding; /* the gravest first */
    size_t finding_count;
};

/* What a diagnosis starts with. 0: the default. */
struct tnd_diag_world {
    const struct tnd_mem *mem; /* kept */
    uint64_t seed;             /* of hashes */
    size_t
        calls_max; /* open at one time; 100000. Then the one that was silent longest is given out */
    size_t messages_max; /* of one call; 2000 */
    size_t memory_max;   /* bytes of messages kept; 256 MiB. Then as with calls_max */
    int64_t
        silence; /* microseconds after which a call that is over is given out: 32 s after what ended it
                                * (so that a late ACK or BYE is still its own). One whose last request has
                                * no response may be silent for 32 s at least, one that rings or
                                * talks for 12 hours */
};

struct tnd_diag;

int tnd_diag_new(const struct tnd_diag_world *world, struct tnd_diag **ret);
void tnd_diag_free(struct tnd_diag **diag); /* of NULL: fine */

/* Copies seen. Time may step back a little, as captures do; by more than ten minutes, and it is another
 * capture: what was open is over. What is used for ever under one Call-ID, as phones register and
 * subscribe, is given out every five minutes. Returns 0; TND_ENOMEM: the message is lost, and counted;
 * TND_ESYNTAX: it is no SIP message in which a Call-ID can be read, and is counted as skipped. */
int tnd_diag_feed(struct tnd_diag *diag, const struct tnd_diag_seen *seen);
/* Time goes on though nothing is seen: what was silent long enough is over. */
void tnd_diag_pass(struct tnd_diag *diag, int64_t now);
/* Nothing more will come: all calls are over as they stand. */
void tnd_diag_end(struct tnd_diag *diag);

/* A call that is over, with its findings; NULL: none is. Good until the next call of any of these. */
const struct tnd_diag_call *tnd_diag_take(struct tnd_diag *diag);

/* The open ones, the oldest first, with what can be found by now. visit false: enough. */
void tnd_diag_each(struct tnd_diag *diag,
                   bool (*visit)(void *ctx, const struct tnd_diag_call *call), void *ctx);

struct tnd_diag_stats {
    uint64_t messages, skipped, lost;
    uint64_t
        doubled; /* the same message seen twice on one hop within 10 ms, as captures of all interfaces
                       * have it: in no call a second time, and not among messages */
    uint64_t calls, failed, answered, cancelled; /* that were given out */
    size_t open, memory;                         /* now */
};
const struct tnd_diag_stats *tnd_diag_stats(const struct tnd_diag *diag);

/* For people. The name of a rule is stable: "DIAG_LOST_ACK". Texts are in lang where they are translated. */
const char *tnd_diag_rule_name(unsigned rule);
const char *tnd_diag_rule_text(unsigned rule, enum tnd_lang lang);
const char *tnd_diag_rule_fix(unsigned rule, enum tnd_lang lang);
const char *tnd_diag_culprit_name(enum tnd_diag_culprit culprit); /* "callee": of JSON */
const char *tnd_diag_culprit_text(enum tnd_diag_culprit culprit,
                                  enum tnd_lang lang); /* for people */
/* What is special in a finding: the rule that was broken, "MAX_FORWARDS: sentence (law)" with the sentence in lang,
 * written into room; else its detail, which is of the messages and stays as it is. Absent: nothing is. */
struct tnd_slice tnd_diag_detail(const struct tnd_diag_finding *finding, enum tnd_lang lang,
                                 char room[static TND_DIAG_DETAIL_SIZE]);
const char *tnd_diag_severity_name(enum tnd_diag_severity severity);
const char *tnd_diag_result_name(enum tnd_diag_result result); /* "failed" */

/* The call as a ladder, its parties from left to right as they come in; lines and texts are in a, which needs
 * some 4 KB for each message, or borrow from call. Findings are remarks behind the message that proves
 * them. TND_ENOMEM: a is over, ret is untouched. */
int tnd_diag_ladder(const struct tnd_diag_call *call, enum tnd_lang lang, struct tnd_arena *a,
                    struct tnd_ladder *ret);

#endif
