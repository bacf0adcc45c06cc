/* A request of ours until it is answered for good: what the files share that make its attempts (errand.c, aim.c,
 * write.c, history.c, outside.c). */
#ifndef UA_ERRAND_H
#define UA_ERRAND_H

#include "ua/ua.h"

/* Of which an INVITE is made: names of the dialog that is to be, or is. */
struct ua_names {
    struct tnd_slice call_id;
    struct tnd_slice from, to; /* values, with their tags */
    uint32_t cseq;
};

/* What an attempt says, in the arena of its errand. */
struct ua_text {
    struct tnd_slice uri;   /* the Request-URI */
    struct tnd_slice route; /* values of Route; absent: none */
    struct tnd_slice hop;   /* the URI that is located */
    struct tnd_slice rest;  /* fields behind Via, Route and Contact, and the body */
    bool has_contact;       /* the way it goes decides what it is */
};

/* Why an attempt ended. */
struct ua_failure {
    uint16_t code;
    bool is_unsent;
    struct tnd_msg *response; /* NULL: none. In the arena of the errand */
};

enum { UA_TRIED_COUNT_MAX = 12, UA_INDEX_LEN = 48 };

/* A target that was left for another: of History-Info. */
struct ua_tried {
    struct tnd_slice uri; /* in the arena of the errand */
    uint16_t code;
    uint8_t index_len;
    char index[UA_INDEX_LEN];
};

/* A request of ours until it is answered for good: attempts, one after the other. */
struct ua_errand {
    struct ua_object object;
    struct ua_object *owner; /* NULL: it is its own, of tnd_ua_request() */
    struct ua_leg *leg;      /* the dialog that it is sent in; NULL: none */
    uint8_t method;          /* enum tnd_method */
    uint8_t situation;       /* enum tnd_recover_situation */
    struct ua_names names;   /* of a request outside of a dialog; in the arena, or that of owner */
    struct tnd_ua_with with; /* in the arena */
    struct tnd_slice fields; /* whole lines besides, which its user makes anew for each attempt */
    struct tnd_slice content_type, body;
    uint8_t preconditions; /* enum tnd_ua_precondition, as they were asked for */
    bool requires_preconditions;
    bool has_parts; /* body is multipart/mixed: it has with.part beside the session description */
    struct ua_tried tried[UA_TRIED_COUNT_MAX];
    size_t tried_count;
    struct tnd_auth_client *auth; /* of what is outside of dialogs */
    struct tnd_recover recover;
    struct ua_text text;
    struct ua_client *client; /* of the present attempt */
    struct tnd_locate *locate;
    struct tnd_endpoint tcp;   /* family not NONE: too large for UDP, it goes there by TCP first */
    struct tnd_endpoint next;  /* found ahead; family NONE: none */
    struct ua_failure failure; /* of the attempt that ended */
    bool is_looking;           /* whether there is another server */
    bool is_final;             /* no further attempt, whatever comes */
    uint16_t own_code;         /* the attempt was cancelled for what this code says, whatever its
                                * response is; 0: it was not */
    bool is_udp;               /* the present attempt */
    bool is_ending;            /* of a registration: it is the last */
    bool is_told;              /* the session in the dialog knows of the present attempt */
    bool is_wanted;            /* by the owner, who hears what came of it */
    bool is_described;         /* in a dialog: it carries a session description */
    struct tnd_slice ack;      /* of an ACK to a 2xx: as it was sent, to ack_to; absent: not yet */
    struct tnd_endpoint ack_to;
};

/* What an errand hears. */
struct ua_news {
    const struct tnd_msg *request; /* as it was sent; NULL: it was not, or there is no memory */
    const struct tnd_txn_parts *response; /* NULL: none came */
    uint16_t code;
    const struct tnd_recovery *recovery; /* of what was given up; NULL: it was not asked */
    bool is_last;                        /* the errand ends with it */
};

/* errand.c */
/* Nothing is sent yet. uri: what is asked for; first: what is tried first, absent: the same. NULL: no
 * memory. Copies texts. */
struct ua_errand *ua_errand_new(struct tnd_ua *ua, struct ua_object *owner, enum tnd_method method,
                                enum tnd_recover_situation situation, struct tnd_slice uri,
                                struct tnd_slice first);
/* A copy. false: a is over. */
bool ua_with_keep(struct tnd_arena *a, const struct tnd_ua_with *with, struct tnd_ua_with *ret);
/* An ACK to a 2xx did not arrive: to the next server. */
void ua_errand_ack_failed(struct tnd_ua *ua, struct ua_errand *e);
void ua_errand_ack_again(struct tnd_ua *ua, struct ua_errand *e);
/* All of its errands end. */
void ua_errands_end(struct tnd_ua *ua, const struct ua_object *owner);
/* The first attempt, or the next one. */
void ua_errand_go(struct tnd_ua *ua, struct ua_errand *e);
/* Nobody hears of it any more. */
void ua_errand_end(struct tnd_ua *ua, struct ua_errand *e);
void ua_errand_response(struct tnd_ua *ua, struct ua_client *c,
                        const struct tnd_txn_parts *response);
void ua_errand_no_response(struct tnd_ua *ua, struct ua_client *c, uint16_t code);
void ua_errand_resolved(struct tnd_ua *ua, struct ua_errand *e,
                        const struct tnd_lookup_answer *answer);
void ua_errand_timer(struct tnd_ua *ua, struct ua_errand *e);
/* A table of its own for credentials, in a. NULL: a is over. */
struct tnd_auth_client *ua_auth_new(const struct tnd_ua *ua, struct tnd_arena *a);
/* Whether there is another server is known now. */
void ua_errand_judge(struct tnd_ua *ua, struct ua_errand *e, bool has_more);

/* aim.c */
enum ua_aim { UA_AIM_SENT, UA_AIM_WAIT, UA_AIM_NONE };
/* Begins to look for the servers of e->text.hop, and sends to the first. */
enum ua_aim ua_aim_start(struct tnd_ua *ua, struct ua_errand *e);
/* The next server, which then is e->next. */
enum ua_aim ua_aim_look(struct tnd_ua *ua, struct ua_errand *e);
enum ua_aim ua_aim_send_next(struct tnd_ua *ua, struct ua_errand *e);
/* RFC 3261 §18.1.1: by UDP, where TCP was tried for its size alone. false: it was not. */
bool ua_aim_back_to_udp(struct tnd_ua *ua, struct ua_errand *e);

/* write.c */
/* NULL: it has none to say. */
struct tnd_auth_client *ua_auth_of(const struct ua_errand *e);
/* What the next attempt says. false: no memory, or it cannot be said. */
bool ua_write_attempt(struct tnd_ua *ua, struct ua_errand *e);
/* The whole request, in work. Absent: no memory. */
struct tnd_slice ua_write_copy(struct tnd_ua *ua, const struct ua_errand *e,
                               const struct tnd_endpoint *to, const char branch[UA_BRANCH_LEN]);
bool ua_has_option(const struct tnd_ua *ua, const struct ua_errand *e, struct tnd_slice tag);
extern const struct tnd_slice ua_allow; /* methods that are served, without CRLF */

/* parts.c */
/* Makes body and content_type of what the present attempt describes. false: no memory, or description is
 * absent. */
bool ua_parts_describe(struct tnd_ua *ua, struct ua_errand *e, struct tnd_slice description);

/* history.c */
/* The present attempt is left for another target. */
void ua_history_add(struct ua_errand *e);
void ua_history_put(struct tnd_writer *w, const struct ua_errand *e);

/* outside.c: what tnd_ua_request() has sent */
void ua_outside_news(struct tnd_ua *ua, struct ua_errand *e, const struct ua_news *news);
/* Names of what begins: a Call-ID, From with a tag of ours, To. false: a is over. */
bool ua_names_new(struct tnd_ua *ua, struct tnd_arena *a, struct tnd_slice uri,
                  struct ua_names *ret);

#endif
