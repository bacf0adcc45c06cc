/* What the parts of the phone of a user share.
 *
 *   party.c           the element: what comes, what is due
 *   party_client.c    its client transactions
 *   party_server.c    its server transactions
 *   party_text.c      the messages that it writes
 *   party_register.c  its binding
 *   party_call.c      its calls, from both sides: how they begin and end
 *   party_caller.c    whom it calls, and what becomes of it
 *   party_called.c    who calls it, and what it says */
#ifndef SIM_PARTY_PARTS_H
#define SIM_PARTY_PARTS_H

#include "base/random.h"
#include "sim/mem.h"
#include "sim/outbox.h"
#include "sim/party.h"
#include "sim/uac.h"
#include "tandem/sip/write.h"
#include "tandem/txn.h"

enum {
    PARTY_TEXT_SIZE = 8192,
    PARTY_SIZE_MAX = 1 << 26,
    PARTY_PLAN_MAX = 64,
    PARTY_TRIED_MAX = 8, /* whom a caller that follows redirects remembers */
};

#define PARTY_PATIENCE TND_SEC(100) /* of a caller whom nobody answers */
#define PARTY_TALK_MAX TND_SEC(20)  /* who is to hang up does so within that */
#define PARTY_LONELY   TND_SEC(60)  /* who is not does so after that, when there are no faults */

enum party_purpose {
    PARTY_REGISTER,
    PARTY_FETCH,
    PARTY_INVITE,
    PARTY_CANCEL,
    PARTY_BYE,
    PARTY_ASK
};

/* A client transaction. */
struct party_client {
    struct sim_uac uac;
    uint8_t purpose; /* enum party_purpose */
    uint16_t code;   /* final; 0: none yet */
    tnd_time begun;
    struct party_call *call; /* NULL: of none */
};

/* A server transaction. */
struct party_server {
    struct party_server *next;
    union {
        struct tnd_ist ist;
        struct tnd_nist nist;
    } machine;
    bool is_invite, is_ended;
    uint64_t token;
    tnd_time due[TND_TIMER_COUNT];
    struct tnd_flow flow;
    struct tnd_slice request, response, key;
    struct party_call *call;
};

struct party_call {
    struct party_call *next;
    struct sim_leg *leg;
    bool is_caller;
    bool hangs_up; /* it is the one to do so */
    bool after;
    struct tnd_slice call_id, local, remote; /* From and To as they stand in its requests */
    struct tnd_slice target;                 /* of its requests: the Contact of the other side */
    struct tnd_slice routes;                 /* lines of Route; absent: none */
    struct tnd_endpoint hop;                 /* where they go */
    unsigned cseq, invite_cseq;
    struct party_client *invite; /* at the caller: the present one */
    struct party_server *server; /* at the callee */
    struct tnd_slice ack;        /* to the 2xx */
    struct tnd_slice tried[PARTY_TRIED_MAX];
    unsigned tried_count;
    struct tnd_slice contacts; /* at the callee: lines of its 302 */
    uint16_t answer;           /* at the callee: what it is going to say */
    tnd_time answer_at, cancel_at, give_up_at, bye_at, again_at, again_until;
    tnd_time again_wait;
};

/* Something to begin. */
struct party_plan {
    tnd_time at;
    bool after, is_call;
};

struct party {
    const struct tnd_mem *mem;
    const struct sim_party_setup *setup;
    struct tnd_txn_timing timing;
    struct tnd_random random;
    struct sim_outbox outbox;
    struct tnd_arena a;
    struct tnd_endpoint address; /* its own */
    struct tnd_endpoint seen;    /* as the server sees it, once it has said so */
    tnd_time now;
    struct sim_uacs uacs;
    struct party_server *servers;
    struct party_call *calls;
    struct party_plan plan[PARTY_PLAN_MAX];
    unsigned plan_count;
    struct sim_fact *fact;
    struct tnd_slice register_id; /* Call-ID of its REGISTERs */
    unsigned register_cseq;
    tnd_time register_at;
    bool is_leaving; /* the REGISTER that is on its way removes */
    uint32_t expires;
};

/* party_text.c */
struct tnd_slice party_keep(struct party *p, const struct tnd_writer *w);
struct tnd_slice party_token(struct party *p, const char *before);
void party_put_contact(struct tnd_writer *w, const struct party *p);
/* A request up to Contact; more lines and party_put_end() follow. call: whose it is. */
void party_put_request(struct tnd_writer *w, struct party *p, const struct party_call *call,
                       const char *method, struct tnd_slice uri, unsigned cseq, bool in_dialog);
void party_put_end(struct tnd_writer *w);
/* Where a URI of an address leads. false: it is a name. */
bool party_hop(const struct tnd_uri *uri, struct tnd_endpoint *ret);

/* party_client.c */
void party_clients_init(struct party *p);
struct party_client *party_client_start(struct party *p, enum party_purpose purpose,
                                        struct party_call *call, const struct tnd_endpoint *to,
                                        struct tnd_slice request);

/* party_server.c */
void party_server_came(struct party *p, const struct tnd_input *in);
void party_server_step(struct party *p, struct party_server *s, struct tnd_txn_event ev);
/* lines: further ones. */
void party_server_reply(struct party *p, struct party_server *s, unsigned code,
                        struct tnd_slice tag, struct tnd_slice lines);
void party_server_failed(struct party *p, struct party_server *s);

/* party_register.c */
void party_register(struct party *p, bool leaves);
void party_fetch(struct party *p);
void party_registered(struct party *p, struct party_client *c, const struct tnd_msg *response);

/* party_call.c */
struct party_call *party_call_new(struct party *p, bool is_caller, struct tnd_slice call_id,
                                  bool after);
void party_call_over(struct party *p, struct party_call *call);
void party_call_talks(struct party *p, struct party_call *call);
void party_call_hang_up(struct party *p, struct party_call *call);
/* The dialog of call, by a message of the other side: its target and its routes. */
void party_call_learn(struct party *p, struct party_call *call, const struct tnd_msg *msg,
                      bool reversed);
struct party_call *party_call_find(struct party *p, const struct tnd_msg *request);

/* party_caller.c */
void party_call_somebody(struct party *p, bool after);
void party_ask_elsewhere(struct party *p);
void party_call_answered(struct party *p, struct party_client *c, const struct tnd_msg *response);
void party_call_cancel(struct party *p, struct party_call *call);

/* party_called.c */
void party_called(struct party *p, struct party_server *s, const struct tnd_msg *invite);
void party_called_cancel(struct party *p, struct party_call *call);
void party_called_answer(struct party *p, struct party_call *call);
void party_called_again(struct party *p, struct party_call *call);
void party_called_ack(struct party *p, const struct tnd_msg *ack);

#endif
