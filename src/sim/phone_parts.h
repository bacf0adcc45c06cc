/* What the parts of a phone that behaves share: its calls, and their client transactions. */
#ifndef SIM_PHONE_PARTS_H
#define SIM_PHONE_PARTS_H

#include "base/random.h"
#include "sim/mem.h"
#include "sim/outbox.h"
#include "sim/phone.h"
#include "sim/uac.h"

enum { PHONE_CALL_MAX = 64, PHONE_SIZE_MAX = 1 << 24, PHONE_REQUEST_SIZE = 2048 };

/* What is asked of the lab, and what must come back. */
struct sim_question {
    const char *method, *user, *params, *fields;
    uint16_t code;
};

enum phone_role { ROLE_REQUEST, ROLE_CANCEL, ROLE_BYE };

struct phone_call {
    const struct sim_question *question;
    struct tnd_endpoint to;
    tnd_time start, cancel_at, bye_at, give_up_at; /* TND_NEVER_DUE: not */
    struct tnd_slice call_id, tag, uri;
    struct tnd_slice remote_uri, remote_to; /* once it is answered: Contact, and To with its tag */
    struct tnd_slice ack;                   /* to the 2xx, to be sent again */
    struct phone_client *client;            /* of its request, once it has begun */
    bool after;
};

/* A client transaction. */
struct phone_client {
    struct sim_uac uac;
    struct phone_call *call;
    struct sim_call *page; /* in the book */
    uint8_t role;          /* enum phone_role */
};

struct phone {
    const struct tnd_mem *mem;
    const struct sim_phone_setup *setup;
    struct tnd_txn_timing timing;
    struct tnd_random random;
    struct sim_outbox outbox;
    struct tnd_arena a;
    struct tnd_endpoint address;
    struct tnd_slice name;
    tnd_time now;
    unsigned call_count;
    struct phone_call calls[PHONE_CALL_MAX];
    struct sim_uacs uacs;
};

/* call.c */
void phone_plan(struct phone *p);
void phone_begin(struct phone *p, struct phone_call *call);
void phone_hang_up(struct phone *p, struct phone_call *call);
void phone_answered(struct phone *p, struct phone_client *client, const struct tnd_msg *response);

/* client.c */
void phone_clients_init(struct phone *p);
/* Sends the request and keeps it. expected and other as in the book. */
struct phone_client *phone_client_start(struct phone *p, struct phone_call *call,
                                        enum phone_role role, struct tnd_slice request,
                                        uint16_t expected, uint16_t other);

#endif
