/* tandem/dialog/provisional.h: reliable provisional responses (RFC 3262): one machine for who
 * sends them, one for who gets them. Whether they are to be reliable, Supported and Require say,
 * which are the owner's to read: 100rel in Require asks for it (or 420), in Supported it allows
 * it. 100 never is.
 *
 * Server: responses 101-199 that the user gives are sent one after the other, each when the one
 * before is acknowledged. The owner holds them, in order; the machine says when the first of
 * those that wait goes, and with which RSeq. A 2xx is held back while a description is not
 * acknowledged (§3, §5). */
#ifndef TANDEM_DIALOG_PROVISIONAL_H
#define TANDEM_DIALOG_PROVISIONAL_H

#include "tandem/dialog/act.h"
#include "tandem/sip/session.h"

enum { TND_RELIABLE_WAITING_COUNT_MAX = 8 }; /* behind the one that is not acknowledged */

/* All fields are for reading. One for each INVITE. */
struct tnd_reliable_uas {
    const struct tnd_dialog_timing *timing;
    tnd_time wait; /* before it is sent again */
    tnd_time again_at, end_at;
    uint32_t cseq;   /* of the INVITE */
    uint32_t rseq;   /* of the response that was sent last; before the first: one less than its */
    uint8_t waiting; /* how many of the owner's are not sent yet */
    uint16_t
        described; /* bit n: response n carries a description; 0 is the one not acknowledged, if any,
                         * those that wait follow from 1 */
    bool is_unacked; /* one is sent and not acknowledged */
    bool is_over;    /* a final response is sent, or the wait was given up */
    bool is_held;    /* a 2xx waits */
};

/* The first has the number first, 1 to 2^31 - 1 (random). Keeps timing. */
void tnd_reliable_uas_start(struct tnd_reliable_uas *u, const struct tnd_dialog_timing *timing,
                            uint32_t cseq, uint32_t first);

/* The user gives one: SEND_RELIABLE, or it waits: ABSORB. TND_ESPACE: too many wait; TND_ESTATE:
 * there is a final response. */
int tnd_reliable_uas_add(struct tnd_reliable_uas *u, bool is_described, tnd_time now,
                         struct tnd_dialog_acts *out);

/* A PRACK came: PASS, and what waited goes; or REFUSE with 481. */
void tnd_reliable_uas_prack(struct tnd_reliable_uas *u, const struct tnd_rack *rack, tnd_time now,
                            struct tnd_dialog_acts *out);

/* PROVISIONAL is due: SEND_AGAIN, or after 64*T1 REFUSE_INVITE with 504; the machine is over
 * then. */
void tnd_reliable_uas_timer(struct tnd_reliable_uas *u, tnd_time now, struct tnd_dialog_acts *out);

/* The user gives a final response: SEND_FINAL, or a 2xx waits: ABSORB, and SEND_FINAL comes with
 * the last PRACK. A refusal after a 2xx that waits takes its place. Responses that wait are
 * forgotten. */
void tnd_reliable_uas_final(struct tnd_reliable_uas *u, unsigned code, struct tnd_dialog_acts *out);

/* Client: one for each INVITE and early dialog. Zero bytes: no response came. */
struct tnd_reliable_uac {
    uint32_t rseq; /* of the last in order; 0: none came */
    bool is_over;  /* a final response came */
};

/* A response 101-199 with Require: 100rel and RSeq came: PASS and SEND_PRACK, or ABSORB: it came
 * before, or one before it is missing, or the final response was sooner. PASS: it is given to the
 * session (TND_SESSION_RELIABLE) before its PRACK is made, which has the answer if that says OFFER. */
void tnd_reliable_uac_receive(struct tnd_reliable_uac *u, uint32_t rseq,
                              struct tnd_dialog_acts *out);

/* A final response to the INVITE came. */
void tnd_reliable_uac_final(struct tnd_reliable_uac *u);

#endif
