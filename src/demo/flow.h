/* A flow: who takes part in a call that shows a code, and what each of them does. Rows of demo/flows.c. */
#ifndef DEMO_FLOW_H
#define DEMO_FLOW_H

#include "ref/texts.h"
#include "tandem/node.h"
#include "tandem/ua.h"

enum {
    DEMO_CALLEE_COUNT_MAX = 3,
    DEMO_STEP_COUNT_MAX = 2,
    DEMO_NOTE_COUNT_MAX = 2,
};

/* What the caller does. */
struct demo_caller {
    const char *uri;           /* whom he calls, or asks */
    uint8_t method;            /* enum tnd_method; REGISTER: he registers; 0: he calls */
    const char *require;       /* an option tag; NULL: none */
    const char *offer;         /* likewise, in Supported */
    const char *fields;        /* whole lines; NULL: none */
    uint8_t precondition;      /* enum tnd_ua_precondition */
    uint32_t session_expires;  /* seconds; 0: no session timer */
    uint32_t register_expires; /* seconds, of REGISTER */
    bool has_picture;          /* the INVITE has a second part: a picture of the caller */
    bool is_wideband; /* he offers G722 alone, and has the usual codecs for those who lack it */
    bool holds;       /* he puts the call on hold, once it is answered */
    bool cancels;     /* he hangs up while it rings */
    tnd_time again;   /* he calls once more so long after the first call; 0: he does not */
    const char *before_again; /* a remark: what is different then */
};

/* What a callee does with the INVITE that comes: refuses it with code, or answers it. */
struct demo_step {
    uint16_t code;        /* 0: 200; 1: nothing, he lets it ring */
    bool minds_tel;       /* he refuses a tel URI alone */
    tnd_time after;       /* he rings so long before */
    const char *contacts; /* of a 3xx */
    const char *fields;
};

struct demo_callee {
    const char *party; /* NULL: there are no more */
    const char *host;  /* "bob.example" */
    const char *user;
    struct demo_step step[DEMO_STEP_COUNT_MAX]; /* of the first call, and of others */
    bool registers;                             /* at the server, before the call */
    bool is_dead;                               /* it is switched off */
    bool forgets;                               /* it crashes in the call, and is there again */
    bool holds;                                 /* it puts the call on hold when the caller does */
};

/* The Tandem node in the middle, at example.com; or at the far end, with its lab. */
struct demo_server {
    const char *party;   /* NULL: there is none */
    bool has_users;      /* bob is one, and it is a registrar and a proxy */
    const char *forward; /* of bob, for DEMO_FORWARD_SECONDS; NULL: none */
    const struct tnd_route *route;
};

enum { DEMO_FORWARD_SECONDS = 60 };

/* A remark at who sees it: behind the first response with that code that comes to him; code 0: in front of the
 * first message that he sends again. */
struct demo_note {
    uint8_t host;
    uint16_t code;
    const char *text;
};

struct demo_srv {
    const char *name, *target;
    uint16_t priority;
};

struct demo_flow {
    uint16_t code;
    const char *about;
    struct demo_caller caller;
    struct demo_server server;
    struct demo_callee callee[DEMO_CALLEE_COUNT_MAX];
    struct demo_note note[DEMO_NOTE_COUNT_MAX];
    struct demo_srv srv[2];
    bool has_preconditions; /* their lines of the description are shown */
    bool shows_media;       /* what else the description says is */
    bool shows_body;        /* the type and the length of the body are */
    bool shows_supported;   /* what the caller offers is */
};

/* Ends with a row of code 0. */
extern const struct demo_flow demo_flows[];

/* Of a code without a row: a user of the lab answers with it. uri is written into room. */
enum { DEMO_URI_SIZE = 64 };
void demo_generic(unsigned code, char room[DEMO_URI_SIZE], struct demo_flow *ret);

/* The remark on what the caller does next; NULL: there is nothing to say. */
const char *demo_action_text(unsigned action);

/* "Caller" */
extern const char demo_caller_party[];

#endif
