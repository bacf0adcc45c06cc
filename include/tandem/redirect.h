/* tandem/redirect.h: the role of the redirect server (RFC 3261 §8.3), and what leads there: routes of
 * the configuration and forwards of users. It answers 3xx with Contacts, and 380 with a body that
 * describes the alternative, application/3gpp-ims+xml (3GPP TS 24.229 §7.6).
 *
 * Nobody is redirected to where he came from: a Contact equal to the Request-URI is left out. A 3xx
 * that has none left is a 404 (RFC 3261 §8.3); a 380 may be without.
 */
#ifndef TANDEM_REDIRECT_H
#define TANDEM_REDIRECT_H

#include "tandem/sip/field.h"
#include "tandem/store.h"
#include "tandem/transport/network.h"

/* A contact to name, or a target to try. */
struct tnd_route_contact {
    struct tnd_slice
        uri;          /* it may hold "{user}", but for scheme, host and port: the user part of the
                           * Request-URI */
    uint16_t q;       /* in thousandths, to 1000 */
    uint32_t expires; /* seconds; 0: not said */
};

/* What a request must be for the route: * is any text, ? any one character; what is absent matches
 * everything. Hosts and methods: without case; users: as they are, escapes undone. The user of a tel
 * URI is its number; a user or host that a URI does not have is the empty text. A From that cannot be
 * read matches no pattern. */
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

/* Copies count routes and all that they point to, to live as long as a. NULL: a is over. */
struct tnd_route *tnd_routes_keep(struct tnd_arena *a, const struct tnd_route *routes,
                                  size_t count);

/* What is asked of the table. All is borrowed. */
struct tnd_route_asked {
    struct tnd_slice method;
    const struct tnd_uri *uri;  /* the Request-URI */
    const struct tnd_uri *from; /* of From; NULL: it cannot be read */
    const struct tnd_endpoint *source;
};

/* The first route that matches; NULL: none. For each pattern that takes at most as many steps as
 * pattern and text are long, multiplied. */
const struct tnd_route *tnd_route_find(const struct tnd_route *routes, size_t count,
                                       const struct tnd_route_asked *asked);

/* Whether one of them looks at From; if none does, asked.from may be NULL. */
bool tnd_routes_ask_from(const struct tnd_route *routes, size_t count);

/* Writes the URI of contact with "{user}" replaced; what may not stand there is escaped. Without a user
 * part in request_uri it is nothing, and a userinfo that is "{user}" alone goes with its "@". */
void tnd_route_uri_write(struct tnd_writer *w, const struct tnd_route_contact *contact,
                         const struct tnd_uri *request_uri);

/* What is said. Borrows from a and from what was given, or is static. */
struct tnd_redirect_answer {
    uint16_t code;
    enum tnd_rule rule;
    struct tnd_slice fact;   /* the first Contact; without any the Request-URI */
    struct tnd_slice reason; /* absent: the registered phrase */
    struct tnd_slice fields; /* whole lines: Contact, Retry-After ... */
    struct tnd_slice content_type, body;
};

/* By a route whose action is not PROXY. Each of these: TND_ENOMEM: a is over, ret is untouched. */
int tnd_redirect_by_route(const struct tnd_route *route, const struct tnd_uri *request_uri,
                          struct tnd_arena *a, struct tnd_redirect_answer *ret);

/* 302 with the URI of a forward, whose expires ends when the forward does. */
int tnd_redirect_by_forward(const struct tnd_forward *forward, const struct tnd_uri *request_uri,
                            int64_t wall, struct tnd_arena *a, struct tnd_redirect_answer *ret);

/* 302 with the bindings that are there: q as registered, the highest first (none is 1.0), expires
 * what is left of them (RFC 3261 §8.3). count is at least 1. */
int tnd_redirect_by_bindings(const struct tnd_binding *bindings, size_t count,
                             const struct tnd_uri *request_uri, int64_t wall, struct tnd_arena *a,
                             struct tnd_redirect_answer *ret);

#endif
