/* A pair: two user agents, alice and bob, and a network between them, in injected time.
 *
 *     struct pair p;
 *
 *     pair_open(&p);
 *     pair_call(&p, &(struct tnd_ua_call){.uri = TND_STR("sip:bob@192.0.2.2")});
 *     pair_run(&p, TND_SEC(5));
 *     CHECK(pair_event(&p, ALICE, TND_UA_ANSWERED));
 *     pair_close(&p);
 *
 * alice is 192.0.2.1:5060, bob 192.0.2.2:5060, both UDP and TCP. What an owner does about events of his
 * is in struct pair_side. A side without a user agent is the test's own: what comes is kept, and
 * pair_say() sends what the test writes. */
#ifndef TESTS_UA_PAIR_H
#define TESTS_UA_PAIR_H

#include "base/random.h"
#include "tandem/ua.h"
#include "unit/failing_mem.h"

enum { ALICE, BOB, PAIR_COUNT };
enum { PAIR_EVENT_COUNT_MAX = 256, PAIR_SENT_COUNT_MAX = 1024, PAIR_WAY_COUNT_MAX = 256 };

/* Of an event, what can be kept. */
struct pair_event {
    struct tnd_ua_event event; /* without what it points to, but: */
    char uri[128], text[256];
    char remote[64]; /* the address of the first stream of its session */
    uint8_t action;  /* enum tnd_recover_action */
    bool is_live;    /* its session has a stream */
    enum tnd_sdp_direction direction;
    char *msg; /* its bytes; NULL: none */
};

struct pair_packet {
    char *bytes;
    size_t len;
    tnd_time at;
    int from;
    struct tnd_endpoint to;
    uint64_t token;
};

struct pair_side {
    struct tnd_ua *ua; /* NULL: the test's own */
    struct tnd_ua_config config;
    struct tnd_oa_local media;
    struct tnd_oa_stream streams[2];
    struct tnd_endpoint addresses[2];
    struct failing_mem mem;
    /* what its owner does */
    bool rings, accepts;  /* at once, when somebody calls */
    uint16_t refuses;     /* likewise, with this code; 0: he does not */
    const char *contacts; /* of that */
    const char *fields;
    bool is_busy; /* he takes nothing of what he is told, until pair_take() */
    int reserves; /* 1: what is asked for is there at once; 0: it takes its time; -1: it is not */
    /* what came of it */
    tnd_ua_id id; /* of the last call or request */
    struct pair_event events[PAIR_EVENT_COUNT_MAX];
    size_t event_count;
    struct pair_packet sent[PAIR_SENT_COUNT_MAX]; /* by it */
    size_t sent_count;
};

struct pair {
    struct pair_side side[PAIR_COUNT];
    struct pair_packet way[PAIR_WAY_COUNT_MAX]; /* in flight */
    size_t way_count;
    tnd_time now;
    struct tnd_random random;
    unsigned loss;                                              /* of a hundred */
    tnd_time delay_max;                                         /* beyond 10 ms */
    bool is_deaf;                                               /* nothing arrives at all */
    bool refuses_tcp;                                           /* nobody listens there */
    void (*meddle)(struct pair *p, struct pair_packet *packet); /* NULL: nobody does */
};

void pair_open(struct pair *p);
/* Before pair_start() the configurations may be changed. */
void pair_prepare(struct pair *p);
void pair_start(struct pair *p, int side);
/* Ends both; all memory has been given back. */
void pair_close(struct pair *p);

/* alice does. */
void pair_call(struct pair *p, const struct tnd_ua_call *call);
/* Takes what a side says after a command. */
void pair_take(struct pair *p, int side);
/* Lets time pass; packets arrive, timers go off. */
void pair_run(struct pair *p, tnd_time span);

/* The last event of that kind. None: the test has failed. */
const struct pair_event *pair_event(const struct pair *p, int side, enum tnd_ua_event_kind kind);
size_t pair_event_count(const struct pair *p, int side, enum tnd_ua_event_kind kind);
/* How often a side sent a message that begins so; and the last one, or "". */
size_t pair_count(const struct pair *p, int side, const char *start);
const char *pair_last(const struct pair *p, int side, const char *start);
/* The nth, from 0. */
const char *pair_nth(const struct pair *p, int side, const char *start, size_t n);
/* A side of the test's own sends these bytes to the other. */
void pair_say(struct pair *p, int from, const char *text);
/* The value of a header field of a message, up to the end of its line; static room. */
const char *pair_value(const char *text, const char *name);
/* A response of the test's own to a request, with these lines, and a body unless it is NULL. */
void pair_respond(struct pair *p, int from, const char *request, unsigned code, const char *to_tag,
                  const char *lines, const char *body);
extern const char pair_sdp[];

#endif
