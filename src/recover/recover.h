/* What the files of this module share: one case, which is an attempt that ended and what is to be done;
 * and the ways to fix it, a function each, which the table names. */
#ifndef RECOVER_RECOVER_H
#define RECOVER_RECOVER_H

#include "base/assert.h"
#include "tandem/recover.h"
#include "tandem/sip.h"

/* Things that are done once: bits of tnd_recover.done. */
enum {
    RECOVER_DID_SHRINK = 1,
    RECOVER_DID_PLAIN_CODING = 2,
    RECOVER_DID_SDP_ONLY = 4,
    RECOVER_DID_REESTABLISH = 8,
    RECOVER_DID_FORGET = 16,
    RECOVER_DID_STREAM = 32, /* of the present target */
    RECOVER_DID_OTHER_OFFER = 64,
};

enum { RECOVER_TEXT_LEN_MAX = 160, RECOVER_DETAIL_LEN_MAX = 1024 };

struct recover_case {
    struct tnd_recover *r; /* a copy: what a way changes counts only if the attempt is made */
    const struct tnd_recover_attempt *attempt;
    const struct tnd_msg *request, *response; /* NULL: none */
    tnd_time now;
    int64_t wall;
    uint64_t random;
    struct tnd_recovery *ret;
    const struct recover_row *row; /* that is tried */
    struct tnd_slice why;          /* the first reason why something that may be done cannot be */
    uint16_t why_rule;             /* its rule, if it is not that of the row */
};

/* A way to fix it. false: it cannot be done here; then nothing was changed but why. */
typedef bool recover_way(struct recover_case *c);

struct recover_row {
    uint16_t code;
    uint8_t situations; /* a bit for each */
    uint8_t action;
    uint16_t rule;
    recover_way *how;
    const char *text;
};

/* table.c. The first row of that code, or else of x00 of its class, that fits the situation, behind row
 * (NULL: from the start). NULL: there is none. */
const struct recover_row *recover_row_next(unsigned code, enum tnd_recover_situation situation,
                                           const struct recover_row *row);

/* say.c: texts for people. Pieces are joined; line ends, control characters and what is no UTF-8 become
 * spaces and question marks, and a long piece is cut. In the arena; absent: it is over. */
struct tnd_slice recover_text(struct recover_case *c, const struct tnd_slice *pieces, size_t count);
struct tnd_slice recover_number(struct recover_case *c, uint64_t n);
/* "0.7". */
struct tnd_slice recover_q(struct recover_case *c, int q);

#define RECOVER_TEXT(c, ...)                                 \
    recover_text(c, (const struct tnd_slice[]){__VA_ARGS__}, \
                 sizeof((const struct tnd_slice[]){__VA_ARGS__}) / sizeof(struct tnd_slice))

/* What is done, and true. */
#define RECOVER_DO(c, ...) ((c)->ret->detail = RECOVER_TEXT(c, __VA_ARGS__), true)
/* Why it cannot be done, if that is the first reason, and false. */
#define RECOVER_REFUSE(c, ...) recover_refuse(c, TND_RULE_NONE, RECOVER_TEXT(c, __VA_ARGS__))

bool recover_refuse(struct recover_case *c, enum tnd_rule rule, struct tnd_slice why);

/* Of the response the fields that tell more, Warning last: "; Allow: INVITE". May be empty. */
struct tnd_slice recover_told(struct recover_case *c);

/* target.c: the set of targets. */

/* Asks for text, a URI, without method and headers; ret's texts are in the arena. false: it is none that
 * can be called. */
bool recover_target_read(struct recover_case *c, struct tnd_slice text,
                         struct tnd_recover_target *ret);
void recover_target_first(struct tnd_recover *r, const struct tnd_recover_target *target);
/* The set again with asked alone. */
void recover_target_again(struct recover_case *c);
/* Adds it unless it is there, and goes there. */
bool recover_target_go(struct recover_case *c, const struct tnd_recover_target *target);
/* The contacts of the response; how many are new. */
size_t recover_target_add(struct recover_case *c);
/* The one whose turn it is; false: none is left. */
bool recover_target_next(struct recover_case *c);

static inline struct tnd_recover_target *recover_target(const struct recover_case *c)
{
    return &c->r->target[c->r->next.target];
}

/* headers.c: the headers part of a URI as lines of the kinds that do no harm (RFC 3261 §19.1.5). */
struct tnd_slice recover_header_lines(struct tnd_arena *a, struct tnd_slice headers);

/* The ways, as the table names them. */
recover_way recover_stop, recover_is_over;                                /* recover.c */
recover_way recover_follow, recover_forget, recover_use_sip;              /* follow.c */
recover_way recover_alternative;                                          /* service.c */
recover_way recover_next_server, recover_use_stream, recover_reestablish; /* server.c */
recover_way recover_answer_challenge;                                     /* challenge.c */
recover_way recover_drop_unsupported, recover_drop_priority, recover_drop_outbound; /* tags.c */
recover_way recover_add_required;
recover_way recover_raise_min_se, recover_raise_expires;                               /* value.c */
recover_way recover_shorten, recover_shrink, recover_change_body, recover_offer_other; /* body.c */
recover_way recover_wait_as_told, recover_wait_a_little, recover_wait_at_random;       /* wait.c */
recover_way recover_relax;                                                             /* relax.c */

static inline bool recover_is_in_dialog(const struct recover_case *c)
{
    uint8_t s = c->attempt->situation;

    return s == TND_RECOVER_REINVITE || s == TND_RECOVER_REFRESH || s == TND_RECOVER_IN_DIALOG;
}

static inline bool recover_did(const struct recover_case *c, uint32_t what)
{
    return (c->r->done & what) != 0;
}

#endif
