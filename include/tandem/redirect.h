/* tandem/redirect.h: the role of the redirect server (RFC 3261 §8.3), and what leads there: routes of
 * the configuration and forwards of users. It answers 3xx with Contacts, and 380 with a body that
 * describes the alternative (3GPP TS 24.229 §5.2.10, annex of application/3gpp-ims+xml).
 */
#ifndef TANDEM_REDIRECT_H
#define TANDEM_REDIRECT_H

#include "tandem/sip/field.h"
#include "tandem/store.h"
#include "tandem/transport/network.h"

/* A contact to name, or a target to try. */
struct tnd_route_contact {
    struct tnd_slice uri; /* of a redirect it may hold "{user}": the user part of the Request-URI */
    uint16_t q;           /* in thousandths */
    uint32_t expires;     /* seconds; 0: not said */
};

/* What a request must be for the route: * is any text, ? any one character; what is absent matches
 * everything. Hosts and methods: without case; users: as they are, escapes undone. */
struct tnd_route_match {
    struct tnd_slice method, user, domain, from_user, from_domain;
    struct tnd_network source; /* of zero bytes: any */
};

enum tnd_route_action {
    TND_ROUTE_REDIRECT,
    TND_ROUTE_REJECT,
    TND_ROUTE_ALTERNATIVE,
    TND_ROUTE_PROXY,
};

struct tnd_route {
    struct tnd_route_match match;
    uint8_t action;          /* enum tnd_route_action */
    bool serial;             /* of PROXY: by q, equal q at once; else all at once */
    uint16_t code;           /* of REDIRECT and REJECT */
    struct tnd_slice reason; /* of REJECT; absent: the registered phrase */
    uint32_t retry_after;    /* of REJECT: seconds; 0: not said */
    struct tnd_slice text;   /* of ALTERNATIVE; absent: none */
    const struct tnd_route_contact
        *contacts; /* of all but REJECT; of ALTERNATIVE uri alone counts */
    size_t contact_count;
};

/* What is asked of the table. All is borrowed. */
struct tnd_route_asked {
    struct tnd_slice method;
    const struct tnd_uri *uri;  /* the Request-URI */
    const struct tnd_uri *from; /* of From; NULL: it cannot be read */
    const struct tnd_endpoint *source;
};

/* The first route that matches; NULL: none. */
const struct tnd_route *tnd_route_find(const struct tnd_route *routes, size_t count,
                                       const struct tnd_route_asked *asked);

/* Writes the URI of contact with "{user}" replaced, escaped as a user part must be. */
void tnd_route_uri_write(struct tnd_writer *w, const struct tnd_route_contact *contact,
                         const struct tnd_uri *request_uri);

/* What is said. Borrows from a, or is static. */
struct tnd_redirect_answer {
    uint16_t code;
    enum tnd_rule rule;
    struct tnd_slice fact;
    struct tnd_slice reason; /* absent: the registered phrase */
    struct tnd_slice fields; /* whole lines: Contact, Retry-After ... */
    struct tnd_slice content_type, body;
};

/* By a route whose action is not PROXY. TND_ENOMEM: a is over. */
int tnd_redirect_by_route(const struct tnd_route *route, const struct tnd_uri *request_uri,
                          struct tnd_arena *a, struct tnd_redirect_answer *ret);

/* 302 with the URI of a forward, whose expires ends when the forward does. */
int tnd_redirect_by_forward(const struct tnd_forward *forward, int64_t wall, struct tnd_arena *a,
                            struct tnd_redirect_answer *ret);

/* 302 with the bindings that are there: q as registered, the highest first, expires what is left of
 * them (RFC 3261 §8.3). count is at least 1. */
int tnd_redirect_by_bindings(const struct tnd_binding *bindings, size_t count, int64_t wall,
                             struct tnd_arena *a, struct tnd_redirect_answer *ret);

#endif
