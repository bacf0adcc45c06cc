/* tandem/dialog/session.h: the INVITE usage of one dialog (RFC 3261 §13 to §15, RFC 3311, RFC
 * 6141): what may be sent now, what of a request is refused, and whether a description is an
 * offer or an answer (RFC 3261 §13.2.1, RFC 3262 §5, RFC 6337 §2.2).
 *
 *     tnd_session_start(&s, &timing, is_caller, &invite, &out);
 *     ...
 *     tnd_session_receive(&s, &message, now, random, &out);     a message came: do out.acts
 *     if (tnd_session_forbids(&s, &message) == TND_RULE_NONE)   before one is sent
 *         tnd_session_send(&s, &message, now, &out);
 *     tnd_session_timer(&s, timer, now, &out);
 *     tnd_session_end(&s, now, &out);                           the user hangs up
 *
 * Of descriptions the machine knows only that a message carries one. Each is told its part:
 *
 *   table 1 of RFC 6337      offer in    answer in
 *     1                      INVITE      2xx
 *     2                      2xx         ACK
 *     3                      INVITE      reliable 1xx
 *     4                      reliable 1xx  PRACK
 *     5                      PRACK       2xx to PRACK
 *     6                      UPDATE      2xx to UPDATE
 *
 * Never two offers are outstanding. An offer in a request that comes while there is one is
 * refused: with 491 if the transaction that carries the first is ours, with 500 and Retry-After
 * if it is theirs.
 *
 * An INVITE that is forked has one machine for each early dialog, started with the INVITE as it
 * was sent. A message is fed once for each time that it is for the user: not again when a
 * transaction absorbs it, nor when tandem/dialog/provisional.h does; but each 2xx to an INVITE,
 * also again, and each ACK. A transaction that times out or fails is a response 408 or 503. No
 * order of messages of a peer trips an assertion; sending what is forbidden does. */
#ifndef TANDEM_DIALOG_SESSION_H
#define TANDEM_DIALOG_SESSION_H

#include "tandem/dialog/act.h"

enum tnd_session_kind {
    TND_SESSION_INVITE,   /* a re-INVITE; the first goes to tnd_session_start() */
    TND_SESSION_1XX,      /* 101-199, not reliable */
    TND_SESSION_RELIABLE, /* 101-199, reliable, the first time */
    TND_SESSION_2XX,      /* to INVITE */
    TND_SESSION_REFUSAL,  /* 300-699 to INVITE */
    TND_SESSION_ACK,      /* to a 2xx */
    TND_SESSION_CANCEL,   /* of the INVITE */
    TND_SESSION_PRACK,    /* that acknowledges a response; others are refused before */
    TND_SESSION_PRACK_2XX,
    TND_SESSION_PRACK_REFUSAL, /* 300-699 */
    TND_SESSION_UPDATE,
    TND_SESSION_UPDATE_2XX,
    TND_SESSION_UPDATE_REFUSAL,
    TND_SESSION_BYE,
    TND_SESSION_BYE_FINAL, /* 200-699 */
};

struct tnd_session_message {
    uint8_t kind;      /* enum tnd_session_kind */
    bool is_described; /* it carries a session description */
    /* Of an answer: what it changes waits for preconditions (RFC 4032), and is not in use yet. See
     * tnd_session_used(). */
    bool is_conditional;
    uint16_t code; /* of a refusal */
    uint32_t cseq; /* number of the request that it is, or answers; of an ACK that of its INVITE */
};

/* What the description of a message is. */
enum tnd_session_part {
    TND_SESSION_NO_PART, /* there is none */
    TND_SESSION_OFFER,
    TND_SESSION_ANSWER, /* of the offer that was outstanding: now it is agreed */
    TND_SESSION_PREVIEW, /* a copy of the answer, in a response that may get lost (RFC 6337 §3.1.1): act as if
                           * it were the answer, but no new offer yet */
    TND_SESSION_IGNORED, /* it has no meaning where it stands */
    TND_SESSION_PREVIEWED, /* there is none, but the preview was the answer: its reliable copy is missing */
    TND_SESSION_FAULT, /* there is none where one is due: rule says which, acts what is done */
};

struct tnd_session_out {
    uint8_t part;  /* enum tnd_session_part */
    uint16_t rule; /* enum tnd_rule: of part */
    struct tnd_dialog_acts acts;
};

enum tnd_session_state {
    TND_SESSION_EARLY, /* the first INVITE has no final response */
    TND_SESSION_CONFIRMED,
    TND_SESSION_ENDING, /* our BYE is under way */
    TND_SESSION_ENDED,
};

enum tnd_session_side { TND_SESSION_NOBODY, TND_SESSION_OURS, TND_SESSION_THEIRS };

/* 2xx of ours that wait for their ACK. One more INVITE is refused. */
enum { TND_SESSION_UNACKED_COUNT_MAX = 2 };

/* All fields are for reading. */
struct tnd_session {
    const struct tnd_dialog_timing *timing;
    struct tnd_session_unacked {
        tnd_time wait; /* before it is sent again */
        tnd_time again_at;
        tnd_time end_at; /* given up; TND_NEVER_DUE: this place is free */
        uint32_t cseq;
    } unacked[TND_SESSION_UNACKED_COUNT_MAX];
    uint32_t first_cseq;  /* of the INVITE that began the call */
    uint32_t invite_cseq; /* of the INVITE that waits for a final response, or was the last to */
    uint32_t answer_cseq; /* of our INVITE whose 2xx brought an offer: its ACK is due; 0: none is */
    uint32_t prack_cseq;  /* of our PRACK to a response with a description; 0: it was not sent */
    uint32_t offer_cseq; /* of the request, or of the INVITE, whose transaction carries the offer */
    uint32_t their_pracks; /* that wait for a response */
    uint8_t state;         /* enum tnd_session_state */
    uint8_t invite;        /* enum tnd_session_side: whose INVITE waits for a final response */
    uint8_t offer;         /* whose offer is outstanding */
    uint8_t offer_in;      /* enum tnd_session_kind: what carried it */
    /* Whose response with a description waits for its PRACK, or that PRACK for its 2xx. */
    uint8_t reliable;
    bool is_caller;  /* of the first INVITE, and so owner of the Call-ID */
    bool is_agreed;  /* some exchange was completed */
    bool is_decided; /* the INVITE that waits has had its exchange, or carries the offer of it */
    bool is_previewed;
    bool is_used; /* something that the re-INVITE that waits changed is in use (RFC 6141 §3.3) */
    bool is_end_wanted;  /* the user has hung up, and it cannot be said yet */
    bool is_first_acked; /* the 2xx to the first INVITE was acknowledged, or that was given up */
    bool our_update, their_update; /* wait for a response */
    bool is_glaring;               /* a 491 came, and the wait is not over */
};

/* timing is kept. invite: of cseq and is_described. out->part is OFFER or NO_PART. */
void tnd_session_start(struct tnd_session *s, const struct tnd_dialog_timing *timing,
                       bool is_caller, const struct tnd_session_message *invite,
                       struct tnd_session_out *out);

/* The rule that forbids to send this now; NONE: nothing does. Of an answer that is due and
 * missing too. */
enum tnd_rule tnd_session_forbids(const struct tnd_session *s, const struct tnd_session_message *m);

/* It is sent. Forbidden: our mistake. */
void tnd_session_send(struct tnd_session *s, const struct tnd_session_message *m, tnd_time now,
                      struct tnd_session_out *out);

/* It came. random: any number, of the waits that are to be random. */
void tnd_session_receive(struct tnd_session *s, const struct tnd_session_message *m, tnd_time now,
                         uint64_t random, struct tnd_session_out *out);

/* 2XX or GLARE is due. One that is not armed is our mistake. */
void tnd_session_timer(struct tnd_session *s, enum tnd_dialog_timer timer, tnd_time now,
                       struct tnd_session_out *out);

/* The user hangs up: CANCEL, BYE, 603, or a wait for what must come before (RFC 3261 §15). Again:
 * nothing. */
void tnd_session_end(struct tnd_session *s, struct tnd_session_out *out);

/* Something that the INVITE that waits changed is in use: media went by it, or preconditions were
 * met (RFC 6141 §3.3). Then it is not refused any more. */
void tnd_session_used(struct tnd_session *s);

#endif
