/* What the files about the INVITE usage share. */
#ifndef DIALOG_SESSION_H
#define DIALOG_SESSION_H

#include "dialog/act.h"
#include "tandem/dialog/session.h"

/* What the description of a message is that this side sends; FAULT: there is none where one is
 * due. */
struct session_part {
    uint8_t part; /* enum tnd_session_part */
    uint16_t rule;
};
struct session_part session_part(const struct tnd_session *s, const struct tnd_session_message *m,
                                 enum tnd_session_side sender);

/* It is sent or taken: an offer is outstanding from now on, an answer ends that. */
void session_take_part(struct tnd_session *s, const struct tnd_session_message *m,
                       enum tnd_session_side sender, struct session_part part);

/* Whose transaction stands in the way of a new offer; NOBODY: there may be one. */
enum tnd_session_side session_in_the_way(const struct tnd_session *s);

/* The offer that waits is void, if this carried it. Returns whether it did. */
bool session_drop_offer(struct tnd_session *s, enum tnd_session_side offerer,
                        enum tnd_session_kind carrier);

/* INVITE transaction: one begins, or has its final response. */
void session_begin_invite(struct tnd_session *s, const struct tnd_session_message *m,
                          enum tnd_session_side sender);
void session_end_invite(struct tnd_session *s);

static inline enum tnd_session_side session_other(enum tnd_session_side side)
{
    return side == TND_SESSION_OURS ? TND_SESSION_THEIRS : TND_SESSION_OURS;
}

/* 2xx that wait for an ACK (unacked.c). */
bool session_is_unacked(const struct tnd_session *s);
bool session_has_room(const struct tnd_session *s);
void session_wait_for_ack(struct tnd_session *s, uint32_t cseq, tnd_time now,
                          struct tnd_dialog_acts *out);
/* false: none waits for it. */
bool session_acked(struct tnd_session *s, uint32_t cseq, struct tnd_dialog_acts *out);
void session_forget_unacked(struct tnd_session *s, enum tnd_rule rule, struct tnd_dialog_acts *out);

/* The end (ending.c). The call is to end, by the user's wish or a rule: what can be said now is
 * said, the rest later. code refuses the first INVITE if that waits for us. */
void session_want_end(struct tnd_session *s, unsigned code, enum tnd_rule rule,
                      struct tnd_dialog_acts *out);
/* What was in the way of it is gone. */
void session_end_if_wanted(struct tnd_session *s, struct tnd_dialog_acts *out);
/* A BYE goes, or has come. */
void session_hang_up(struct tnd_session *s, enum tnd_rule rule, struct tnd_dialog_acts *out);
void session_was_hung_up(struct tnd_session *s, struct tnd_dialog_acts *out);
/* Their INVITE, or whatever of theirs waits for a response, is refused, and what it offered is
 * void. */
void session_refuse_invite(struct tnd_session *s, unsigned code, enum tnd_rule rule,
                           struct tnd_dialog_acts *out);
void session_refuse_waiting(struct tnd_session *s, unsigned code, enum tnd_rule rule,
                            struct tnd_dialog_acts *out);

/* The call cannot go on, by this rule: as above, unless the user wished the end already. */
void session_finish(struct tnd_session *s, enum tnd_rule rule, struct tnd_dialog_acts *out);

/* A message that came, and what comes of it (session_receive.c). */
struct session_got {
    const struct tnd_session_message *m;
    struct session_part part;
    tnd_time now;
    uint64_t random;
    struct tnd_session_out *out;
    struct tnd_dialog_acts *acts;
};
void session_pass(struct session_got *g);
void session_absorb(struct session_got *g, enum tnd_rule rule); /* its description means nothing */
void session_take(struct tnd_session *s, struct session_got *g);

/* Responses (session_response.c). */
void session_got_provisional(struct tnd_session *s, struct session_got *g);
void session_got_2xx(struct tnd_session *s, struct session_got *g);
void session_got_refusal(struct tnd_session *s, struct session_got *g);
void session_got_prack_2xx(struct tnd_session *s, struct session_got *g);
void session_got_prack_refusal(struct tnd_session *s, struct session_got *g);
void session_got_update_final(struct tnd_session *s, struct session_got *g);
void session_got_bye_final(struct tnd_session *s, struct session_got *g);

static inline bool session_is_over(const struct tnd_session *s)
{
    return s->state == TND_SESSION_ENDING || s->state == TND_SESSION_ENDED;
}

#endif
