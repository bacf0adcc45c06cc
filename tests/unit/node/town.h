/* A play with users: a node that asks a store, the store, and phones that are called.
 *
 *     struct town_leg leg;
 *
 *     town_open(&p);
 *     town_bind("bob@example.com", "sip:bob@192.0.2.11");
 *     play_say(&p, "INVITE", "sip:bob@example.com", "");
 *     town_leg(&p, "INVITE sip:bob@192.0.2.11 ", &leg);
 *     town_respond(&p, &leg, 180, "");
 *     CHECK_EQ(play_count(&p, TND_OUT_SEND, 180), 1);
 *     play_close(&p);
 *
 * The store is static: there is one town at a time. Its users register without proof, unless
 * town_requires_proof(). */
#ifndef TESTS_NODE_TOWN_H
#define TESTS_NODE_TOWN_H

#include "unit/node/play.h"

#define TOWN_BOB "sip:bob@example.com"

enum town_store {
    TOWN_AT_ONCE, /* what is asked is answered in the same call */
    TOWN_LATER,   /* by town_stored() */
    TOWN_FAILS,   /* TND_STORE_FAILED, at once */
};

void town_open(struct play *p);
/* The same, with memory as in play_open_failing(). */
bool town_open_failing(struct play *p, size_t nth);
/* Another node with the same configuration and key; the town is as it was. */
void town_open_another(struct play *p);
void town_requires_proof(struct play *p);
/* That address needs no credentials. */
void town_trusts(struct play *p, const char *address);
void town_use_store(enum town_store how);
/* Answers what was asked and has not been answered. */
void town_stored(struct play *p);
/* How many operations were asked for since the town was opened. */
unsigned town_asked(void);

void town_user(const char *aor, const char *password);
void town_bind(const char *aor, const char *uri);
void town_bind_as(const char *aor, const struct tnd_binding *binding);
void town_forward(const char *aor, const struct tnd_forward *forward);
size_t town_binding_count(const char *aor);

/* A request that went to somebody. */
struct town_leg {
    char text[PLAY_TEXT_SIZE];
    struct tnd_endpoint to;
    uint64_t flow, token;
};

/* How many messages that start so the last call sent. */
unsigned town_count(const struct play *p, const char *start);
/* The first of them; the test fails without one. */
void town_leg(const struct play *p, const char *start, struct town_leg *ret);
/* Who got it answers, with lines, each with its CRLF. The tag is leg's own. */
void town_respond(struct play *p, const struct town_leg *leg, unsigned code, const char *lines);
void town_respond_as(struct play *p, const struct town_leg *leg, unsigned code, const char *tag,
                     const char *lines);
/* It could not be delivered. */
void town_fail(struct play *p, const struct town_leg *leg);
/* It went to the node itself, and comes there. */
void town_return(struct play *p, const struct town_leg *leg);
/* The value of a header field of a message, in static room; "": none. */
const char *town_value(const char *text, const char *name);

/* The route set that a message with Record-Route makes (RFC 3261 §12.1), as lines of Route, in static
 * room: of a response reversed, as its receiver has it. */
const char *town_routes(const char *text, bool is_reversed);
/* Another proxy puts itself in, between the node and who got leg. */
void town_record(struct town_leg *leg, const char *uri);

/* A line Authorization (or Proxy-Authorization), made of the challenge that was sent last; static. */
const char *town_proof(const struct play *p, const char *header, const char *method,
                       const char *user, const char *password, unsigned count);

#endif
