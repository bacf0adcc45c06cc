/* What the files share that place and take calls, and register.
 *
 *   register.c     registrations
 *   outside.c      requests that belong to none
 *   caller.c       a call of ours: its INVITE, its forks
 *   callee.c       a call to us: its INVITE
 *   callee_say.c   likewise: what its owner says, and when that can be said
 *   leg.c          one dialog of a call: made, found, over
 *   leg_act.c      what its machines ask for (tandem/dialog/act.h)
 *   leg_in.c       requests that come in it
 *   leg_out.c      requests of ours in it
 *   leg_news.c     what comes back
 *   media.c        descriptions: offers and answers
 *   reserve.c      preconditions
 *   bandwidth.c    what a stream needs
 */
#ifndef UA_CALL_H
#define UA_CALL_H

#include "tandem/dialog.h"
#include "tandem/dialog/damage.h"
#include "tandem/dialog/provisional.h"
#include "tandem/dialog/session.h"
#include "tandem/dialog/timer.h"
#include "tandem/sdp/resource.h"
#include "ua/errand.h"

enum {
    UA_STREAM_COUNT_MAX = 8, /* streams with preconditions */
    UA_FORK_COUNT_MAX = 16,  /* early dialogs of one call; of more nothing is remembered */
    UA_OA_SIZE_MAX = 262144,
    UA_ROWS_COUNT_MAX = 16,
    UA_PROVISIONAL_COUNT_MAX = TND_RELIABLE_WAITING_COUNT_MAX + 1,
    UA_OF_DIALOG = 100, /* timers of a leg: with enum tnd_dialog_timer */
    UA_WAIT_GONE = 99,  /* of a leg that is over: nobody asks for its ACK any more */
    UA_SAY_AGAIN = 60,  /* seconds: a provisional response of ours again (RFC 3261 §13.3.1.1) */
};

struct ua_registration {
    struct ua_object object;
    struct ua_errand *errand; /* NULL: none is under way */
    struct ua_names names;
    struct tnd_ua_with with;
    struct tnd_slice registrar, contact; /* contact absent: ours */
    struct tnd_auth_client *auth;
    tnd_time until; /* 0: not registered yet */
    uint32_t expires;
    bool is_once, is_ending;
};

/* Bytes of ua->mem, of which there is one at a time. */
struct ua_blob {
    char *ptr;
    size_t len;
};

/* A provisional response of ours that waits for those before it. */
struct ua_provisional {
    uint16_t code;
    struct tnd_slice body; /* in the arena of the call; absent: none */
};

/* A call. All its legs are forks of one INVITE, or it has one. */
struct ua_call {
    struct ua_object object;
    struct ua_leg *legs; /* the newest first */
    struct ua_leg *leg;  /* the one that is answered, or that of a call to us; NULL: none yet */
    bool is_caller;
    bool is_answered;
    bool is_end_wanted; /* by its owner */
    bool has_cause;     /* why it ends is known */
    uint8_t cause;      /* enum tnd_ua_cause */
    uint16_t code;

    /* of ours */
    struct ua_errand *errand; /* the INVITE; NULL: none is under way */
    struct ua_names names;
    struct tnd_slice uri, learned;
    struct tnd_ua_with with;
    struct tnd_auth_client *auth;
    struct tnd_refresh refresh; /* of the INVITE; each leg goes on with a copy */
    struct tnd_refresh_fields asked;
    uint8_t precondition; /* enum tnd_ua_precondition */
    bool is_other;        /* the present INVITE offers config.other_media */
    uint8_t restarts;

    /* to us */
    struct ua_server *server; /* of its INVITE; NULL: it has ended */
    bool is_ring_wanted, is_ring_said, is_accept_wanted, is_final_said;
    bool is_early_said; /* a reliable response with a description */
    bool is_reliable;   /* provisional responses are */
    bool is_held_back;  /* a 200 is due, but for a PRACK */
    bool is_untold;     /* its owner has not heard of it */
    struct ua_provisional provisional[UA_PROVISIONAL_COUNT_MAX];
    size_t provisional_count;
};

/* What is to be reserved, and whether it was told. */
struct ua_rows {
    struct tnd_pre_rows rows;
    bool is_waiting;
};

/* One dialog. */
struct ua_leg {
    struct ua_object object;
    struct tnd_map_node by_dialog; /* key absent: not in the map */
    struct ua_call *call;          /* NULL: of a fork that nobody wants, or over */
    struct ua_leg *next;           /* of the call */
    struct tnd_dialog dialog;
    struct tnd_session session;
    struct tnd_reliable_uac uac;
    struct tnd_reliable_uas uas;
    struct tnd_refresh refresh;
    struct tnd_refresh_fields asked;  /* what our last INVITE or UPDATE said */
    struct tnd_refresh_fields answer; /* what their INVITE is answered with */
    struct tnd_oa oa;
    struct tnd_pre pre;
    struct tnd_pre_stream streams[UA_STREAM_COUNT_MAX];
    struct tnd_pre_wish wish;
    struct ua_rows rows[UA_ROWS_COUNT_MAX];
    size_t row_count;
    struct ua_blob invite;    /* our last INVITE as it was sent: for its ACK */
    struct ua_errand *change; /* a re-INVITE or an UPDATE of ours */
    struct ua_errand *ack;    /* the last, to be sent again */
    struct ua_errand *glare;  /* waits after a 491 */
    uint32_t ack_cseq;
    struct ua_server *invite_server, *update_server, *prack_server; /* theirs; NULL: none */
    bool is_over, is_held, is_update_due, is_media_told;
    bool is_other;  /* its descriptions are those of config.other_media */
    bool was_held;  /* before the change that is under way */
    bool is_astray; /* the way of its requests is not known: it is acknowledged and ended */
};

/* What a leg is about to do its acts for. */
struct ua_turn {
    struct ua_server *server;             /* a request that came; NULL: none */
    const struct tnd_txn_parts *response; /* that came; NULL: none */
    bool is_refresh;                      /* the acts are those of the session timer */
    /* and what came of them */
    bool is_passed, is_absorbed, is_refused;
    bool is_offer, is_agreed; /* its description is an offer; an exchange ended with it */
    bool is_bad;              /* or cannot be used */
    uint32_t prack;           /* the response is to be acknowledged so; 0: it is not */
};

/* register.c */
bool ua_registration_prepare(struct tnd_ua *ua, struct ua_registration *r, struct ua_errand *e);
void ua_registration_news(struct tnd_ua *ua, struct ua_registration *r, struct ua_errand *e,
                          const struct ua_news *news);
void ua_registration_timer(struct tnd_ua *ua, struct ua_registration *r, uint8_t id);
void ua_registration_end(struct tnd_ua *ua, struct ua_registration *r);

/* write.c: the session timer that an INVITE or an UPDATE of ours asks for, told in asked too */
struct tnd_slice ua_refresh_lines(struct ua_errand *e, const struct tnd_refresh *refresh,
                                  struct tnd_refresh_fields *asked);

/* caller.c */
bool ua_call_prepare(struct tnd_ua *ua, struct ua_call *call, struct ua_errand *e);
void ua_call_news(struct tnd_ua *ua, struct ua_call *call, struct ua_errand *e,
                  const struct ua_news *news);
/* A 2xx to an INVITE of ours that nobody waits for: once more, or of another fork. */
void ua_late_2xx(struct tnd_ua *ua, struct ua_client *c, const struct tnd_txn_parts *response);
void ua_call_end(struct tnd_ua *ua, struct ua_call *call);
void ua_call_silent(struct tnd_ua *ua, struct ua_call *call); /* UA_WAIT_RING is over */
/* Why it ends, unless that was known before. */
void ua_call_cause(struct ua_call *call, enum tnd_ua_cause cause, uint16_t code);
/* If nothing of it is left, that is told. */
void ua_call_check(struct tnd_ua *ua, struct ua_call *call);
/* RFC 5057: its dialog is gone at the other side. */
void ua_call_restart(struct tnd_ua *ua, struct ua_call *call);
struct ua_call *ua_call_new(struct tnd_ua *ua, bool is_caller);

/* callee.c */
void ua_incoming(struct tnd_ua *ua, struct ua_got *got);
void ua_cancel(struct tnd_ua *ua, struct ua_got *got);
/* Says what its owner wants and may be said by now. */
void ua_callee_go_on(struct tnd_ua *ua, struct ua_call *call);
void ua_callee_refuse(struct tnd_ua *ua, struct ua_call *call, const struct ua_answer *answer);
void ua_callee_send_reliable(struct tnd_ua *ua, struct ua_call *call, uint32_t rseq);
void ua_callee_send_held(struct tnd_ua *ua, struct ua_call *call);
void ua_call_timer(struct tnd_ua *ua, struct ua_call *call, uint8_t id);

/* leg.c */
/* Of the response to our INVITE. NULL: it makes no dialog, or there is no memory. */
struct ua_leg *ua_leg_of_response(struct tnd_ua *ua, struct ua_call *call,
                                  const struct tnd_msg *request, const struct tnd_msg *response);
struct ua_leg *ua_leg_of_invite(struct tnd_ua *ua, struct ua_call *call, struct ua_server *s);
struct ua_leg *ua_leg_find(const struct tnd_ua *ua, const struct tnd_msg *received);
void ua_leg_fini(struct ua_leg *leg);
void ua_leg_over(struct tnd_ua *ua, struct ua_leg *leg);
void ua_leg_timer(struct tnd_ua *ua, struct ua_leg *leg, uint8_t id);
void ua_leg_server_gone(struct ua_leg *leg, const struct ua_server *s);
void ua_leg_undelivered(struct tnd_ua *ua, struct ua_leg *leg, const struct ua_server *s);
bool ua_leg_is_owner(const struct ua_leg *leg);
tnd_ua_id ua_leg_id(const struct ua_leg *leg);
void ua_leg_keep_invite(struct tnd_ua *ua, struct ua_leg *leg, const struct tnd_msg *request);
/* What has its key from now on is of another leg. */
void ua_leg_forget(struct tnd_ua *ua, struct ua_leg *leg);
/* Whatever it has to say still concerns its call no more. */
void ua_leg_detach(struct tnd_ua *ua, struct ua_leg *leg);
/* Another fork was answered. What comes of this one yet is acknowledged and ended. */
void ua_leg_abandon(struct tnd_ua *ua, struct ua_leg *leg);
/* Our side hangs up, in the way that the state asks for. */
void ua_leg_end(struct tnd_ua *ua, struct ua_leg *leg);

/* leg_act.c */
void ua_leg_do(struct tnd_ua *ua, struct ua_leg *leg, const struct tnd_dialog_acts *acts,
               struct ua_turn *turn);
/* A message came: the machine is told, its description is taken, the acts are done. */
void ua_leg_receive(struct tnd_ua *ua, struct ua_leg *leg, const struct tnd_session_message *m,
                    const struct tnd_msg *msg, struct ua_turn *turn);
/* A message is sent. false: it may not be, ret_part is untouched. */
bool ua_leg_send(struct tnd_ua *ua, struct ua_leg *leg, const struct tnd_session_message *m,
                 enum tnd_session_part *ret_part);

/* leg_in.c */
bool ua_dialog_request(struct tnd_ua *ua, struct ua_got *got);
void ua_dialog_ack(struct tnd_ua *ua, struct ua_got *got);
/* Lines of a 2xx to INVITE or UPDATE: Contact, Allow, Supported, the session timer. In work. */
struct tnd_slice ua_leg_fields(struct tnd_ua *ua, const struct ua_server *s,
                               const struct tnd_refresh_fields *answer, struct tnd_slice more);

/* leg_out.c */
bool ua_leg_prepare(struct tnd_ua *ua, struct ua_leg *leg, struct ua_errand *e);
void ua_leg_put_head(struct tnd_writer *w, const struct ua_leg *leg, const struct ua_errand *e,
                     struct tnd_slice via);
void ua_leg_news(struct tnd_ua *ua, struct ua_leg *leg, struct ua_errand *e,
                 const struct ua_news *news);
/* A response to an INVITE of ours. */
void ua_leg_response(struct tnd_ua *ua, struct ua_leg *leg, const struct ua_news *news);
/* is_wanted: the owner asked for it, and hears what came of it. false: it may not be now, or there is no
 * memory. */
bool ua_leg_change(struct tnd_ua *ua, struct ua_leg *leg, enum tnd_method method,
                   enum tnd_recover_situation situation, bool is_described, bool is_wanted);
void ua_leg_send_ack(struct tnd_ua *ua, struct ua_leg *leg, uint32_t cseq, struct tnd_slice body);
void ua_leg_send_prack(struct tnd_ua *ua, struct ua_leg *leg, const struct tnd_msg *response,
                       uint32_t rseq);
void ua_leg_send_bye(struct tnd_ua *ua, struct ua_leg *leg);
/* Why we end it (RFC 3326), a whole line; absent: there is nothing to say. */
struct tnd_slice ua_leg_reason(const struct ua_leg *leg);

/* media.c */
bool ua_media_init(struct tnd_ua *ua, struct ua_leg *leg, enum tnd_ua_precondition strength);
/* There are media, and no more streams than a leg has room for. */
bool ua_media_fits(const struct tnd_ua *ua);
/* Each: the absent slice: there is none to be made; trouble was told. In the leg, or in work. */
struct tnd_slice ua_media_offer(struct tnd_ua *ua, struct ua_leg *leg);
struct tnd_slice ua_media_answer(struct tnd_ua *ua, struct ua_leg *leg, bool must);
/* 0, or the code to refuse it with. */
uint16_t ua_media_offered(struct tnd_ua *ua, struct ua_leg *leg, const struct tnd_msg *msg);
bool ua_media_answered(struct tnd_ua *ua, struct ua_leg *leg, const struct tnd_msg *msg);
/* The offer of an INVITE, and how strongly it asks for preconditions. In the arena of e. */
bool ua_media_invite(struct tnd_ua *ua, struct ua_errand *e, enum tnd_ua_precondition strength);
/* Of the event: what is agreed now. */
void ua_media_tell(struct tnd_ua *ua, struct ua_leg *leg, struct tnd_ua_event *event);
/* An exchange has ended. */
void ua_media_agreed(struct tnd_ua *ua, struct ua_leg *leg, const struct tnd_msg *msg);
struct tnd_slice ua_media_failure(struct tnd_ua *ua, struct ua_leg *leg);

/* reserve.c */
/* Asks its owner to reserve; goes on when all is met; ends when it cannot be. */
/* bandwidth.c */
/* kbit/s of a stream, with its headers: as b=AS of theirs says (NULL: nothing), else as the formats need. 0: not
 * known. */
uint32_t ua_bandwidth(const struct tnd_sdp_part *theirs, const struct tnd_oa_flow *flow);

void ua_reserve(struct tnd_ua *ua, struct ua_leg *leg);

#endif
