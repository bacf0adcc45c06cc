/* tandem/proxy/forward.h: what a proxy writes: the request that it passes on and the response that it
 * passes back, in one pass each from what came; and the words by which it knows its own again
 * without having kept anything: branches and Record-Route parameters are keyed digests.
 *
 * A branch of ours: cookie, loop part, target part, proof. The proof is a digest of the caller's
 * top Via (sent-by and branch), of Call-ID and CSeq number, and of the other two parts. So:
 * a request that comes again, its ACK to a final response that is no 2xx, and its CANCEL go out with the
 * same branch, after a restart too; a response that comes to no transaction proves by its own two
 * Vias that its request went through a holder of the key; and nobody else can make one.
 */
#ifndef TANDEM_PROXY_FORWARD_H
#define TANDEM_PROXY_FORWARD_H

#include "tandem/sip/write.h"
#include "tandem/transport/endpoint.h"
#include "tandem/txn/match.h"

struct tnd_siphash_key;

enum {
    TND_BRANCH_LEN = 55, /* cookie and three numbers of 16 hexadecimal digits */
    TND_ROUTE_TOKEN_LEN = 16,
};

/* The branch towards target (its URI and next hop as text) of a request as it came. attempt: 0, or which
 * of the servers that the target was located at: each is a transaction of its own (RFC 3263 §4.3). The ACK
 * to a 2xx has a branch of its own in what came, and so in what goes out. */
void tnd_branch_make(const struct tnd_siphash_key *key, const struct tnd_txn_parts *request,
                     struct tnd_slice target, unsigned attempt, char ret[TND_BRANCH_LEN]);

/* Whether the branch of the top Via of a response is one of ours for the Via below it. */
bool tnd_branch_is_ours(const struct tnd_siphash_key *key, const struct tnd_txn_parts *response);

/* Whether a request has been here before as it is now: a Via of ours below the top one whose loop part is
 * the same (RFC 5393 §4.2). One that has changed since, a spiral, is none. is_ours says whose a
 * sent-by is. */
bool tnd_request_loops(const struct tnd_siphash_key *key, const struct tnd_txn_parts *request);

/* The token of our Record-Route for a dialog: by it a request within it is known to be of a call that
 * was let through before. Of Call-ID, and of nothing that the two sides see differently. */
void tnd_route_token(const struct tnd_siphash_key *key, struct tnd_slice call_id,
                     char ret[TND_ROUTE_TOKEN_LEN]);

/* What a forwarded request says. All is borrowed. */
struct tnd_forward_with {
    struct tnd_slice uri;      /* the Request-URI; absent: as it came */
    struct tnd_slice via;      /* value of the Via that is put on top (tnd_request_via_write()) */
    const struct tnd_via *top; /* the Via of the sender */
    struct tnd_slice received; /* to be put into it; absent: no need */
    int32_t rport;             /* likewise; -1: no need */
    unsigned routes_used;      /* values of Route to be taken off: they named us */
    struct tnd_slice path;     /* values of Route to be put in front; absent: none */
    struct tnd_slice record_route; /* values of Record-Route to be put in front; absent: none */
    struct tnd_slice fields; /* further lines in front of the others, with CRLF: History-Info... */
    bool strips_credentials; /* Proxy-Authorization for our realm goes (RFC 3261 §22.3): */
    struct tnd_slice realm;
};

/* Max-Forwards goes down by one, or is put in as 70 (RFC 3261 §16.6 step 3). Everything else goes as it
 * came, Require too. What cannot be edited (more edits than TND_EDIT_COUNT_MAX): the writer is over for good. */
void tnd_forward_request_write(struct tnd_writer *w, const struct tnd_msg *request,
                               const struct tnd_forward_with *with);

/* A response without its top Via (§16.7 step 3). code 0: as it came; else with that code and its phrase. fields:
 * further lines behind the others; absent: none. */
void tnd_forward_response_write(struct tnd_writer *w, const struct tnd_msg *response, unsigned code,
                                struct tnd_slice fields);

/* The lines of other that go up with the best response (§16.7 step 7): all challenges of a 401 or 407. */
void tnd_forward_challenges_write(struct tnd_writer *w, const struct tnd_msg *other);

/* A strict router's request (§16.4): the Request-URI names us by our Record-Route, and the last Route is
 * the real one. Returns true, and that value. */
bool tnd_request_is_strict(const struct tnd_msg *request, struct tnd_addr *ret_last);

/* History-Info and Diversion lines for a target that a redirect or forward led to (RFC 7044, RFC 5806). */
struct tnd_diverted {
    struct tnd_slice from; /* the URI that was left */
    struct tnd_slice to;   /* the one that is tried */
    unsigned code;         /* why: 302, 486, 408 ...; Diversion's reason follows from it */
    unsigned index;        /* which of the targets that it led to, from 1 */
};
void tnd_diverted_write(struct tnd_writer *w, const struct tnd_msg *request,
                        const struct tnd_diverted *d);

#endif
