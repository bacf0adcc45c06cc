/* tandem/proxy/forward.h: what a proxy writes: the request that it passes on and the response that
 * it passes back, in one pass each from what came; and the words by which it knows its own again
 * without having kept anything: branches and Record-Route parameters are keyed digests.
 *
 *     tnd_branch_start(&seed, &key, &parts, also)          once for a request
 *     if there is more than one target and tnd_branch_loops(&seed, &parts)
 *         answer 482
 *     for each target
 *         tnd_branch_make(&seed, uri, hop, attempt, branch)
 *         write lines: Via with the branch, Record-Route, Route of a Path, Diversion
 *         tnd_forward_request_write(&w, parts.msg, &with)
 *
 * A branch of ours: cookie, loop part, target part, proof. The proof is a digest of the caller's
 * top Via (sent-by and branch), of Call-ID and CSeq number, and of the other two parts. So: a
 * request that comes again, its ACK to a final response that is no 2xx, and its CANCEL go out with
 * the same branch, after a restart too; a response that comes to no transaction proves by its own
 * two Vias that its request went through a holder of the key; and nobody else can make one. */
#ifndef TANDEM_PROXY_FORWARD_H
#define TANDEM_PROXY_FORWARD_H

#include "tandem/sip/write.h"
#include "tandem/transport/endpoint.h"
#include "tandem/txn/match.h"

struct tnd_siphash_key;

enum {
    TND_BRANCH_LEN = 55,      /* cookie and three numbers of 16 hexadecimal digits */
    TND_ROUTE_TOKEN_LEN = 32, /* two such numbers */
    TND_BREADTH_MAX = 60,     /* RFC 5393 §5.3.3 */
};

/* What all branches of a request have in common. For the functions below. */
struct tnd_branch_seed {
    const struct tnd_siphash_key *key;
    uint64_t call, base, loop;
};

/* Of a request as it came, all parts of it read. also: what else of it decides where it goes, if
 * that is more than the Request-URI and Route: the source, From... (RFC 5393 §4.2.1); the same for
 * its ACK and CANCEL, so neither the method nor To; absent: nothing. Keeps key. The ACK to a 2xx
 * has a branch of its own in what came, and so in what goes out. */
void tnd_branch_start(struct tnd_branch_seed *ret, const struct tnd_siphash_key *key,
                      const struct tnd_txn_parts *request, struct tnd_slice also);

/* Of a call alone: good for tokens, not for branches. */
void tnd_branch_start_call(struct tnd_branch_seed *ret, const struct tnd_siphash_key *key,
                           struct tnd_slice call_id);

/* The request is looked up by place, an address-of-record, and by nothing else that it says. So it has been
 * here before if it comes back for the same place, however its Request-URI spells that, and whatever
 * Routes of ours it used up: else one user with many contacts, all of them himself, spelled
 * differently, made a request multiply for hours. After the start, before a branch is made or a loop
 * looked for. */
void tnd_branch_place(struct tnd_branch_seed *seed, const struct tnd_txn_parts *request,
                      struct tnd_slice place);

/* The branch towards a target: its URI, and its next hop (absent: none). attempt: 0, or which of
 * the servers that the target was located at: each is a transaction of its own (RFC 3263 §4.3). */
void tnd_branch_make(const struct tnd_branch_seed *seed, struct tnd_slice uri, struct tnd_slice hop,
                     uint32_t attempt, char ret[TND_BRANCH_LEN]);

/* Whether the request has been here before as it is now: one of its Vias is ours with the same
 * loop part (RFC 5393 §4.2.2). One that has changed since, a spiral, is none. Who forks must ask,
 * who does not may (§4.1). Costs next to nothing where there is one Via. */
enum tnd_rule tnd_branch_loops(const struct tnd_branch_seed *seed,
                               const struct tnd_txn_parts *request);

/* Whether the branch of the top Via of a response is one of ours for the Via below it, which is
 * where the response goes (RFC 3261 §16.11). For a response that belongs to no transaction. */
enum tnd_rule tnd_branch_is_ours(const struct tnd_siphash_key *key,
                                 const struct tnd_txn_parts *response, struct tnd_via *ret_below);

/* Whether a request is as we sent it to that URI, without another next hop: its top Via is ours, for the Via
 * below, and its branch was made for that target. Who was sent another one can make none of it. */
bool tnd_branch_leads_to(const struct tnd_siphash_key *key, const struct tnd_txn_parts *request,
                         struct tnd_slice uri);

/* The token of our Record-Route: it leads to one side of a dialog. Who sends a request within the
 * dialog has to send it to the Contact of the other side, by the proxies that are between (RFC 3261
 * §12.2.1.1), so that is all that a token lets through: it is no leave to reach anybody else. Two
 * keyed digests:
 *
 *     the way      of Call-ID, the tag of that side, and the next proxy behind us, if there is one
 *     the target   of Call-ID, the tag, and the Contact: scheme, user, host, port, maddr
 *
 * The other parameters of a URI lead nowhere by themselves, and phones drop some. The request that
 * makes a dialog takes with it the token of the caller's side, which the callee has from then on; a
 * response brings back that of the callee's (tnd_route_turn()). A side that changes its Contact
 * (§12.2.1.2) makes the target another and leaves the way as it was: the route set does not change.
 *
 * It is a URI parameter of this name, of hexadecimal digits: ";lr;tnd=0123...". */
#define TND_ROUTE_PARAM "tnd"

/* A side of a dialog. Of URIs the parts count that are read; all is borrowed. */
struct tnd_route_side {
    struct tnd_slice tag;
    const struct tnd_uri *target; /* its Contact; NULL: it named none, so nothing leads there */
    const struct tnd_uri *next; /* the first proxy behind us that is not we ourselves; NULL: none */
};

/* Writes the token that leads to a side. */
void tnd_route_token(const struct tnd_branch_seed *seed, const struct tnd_route_side *side,
                     char ret[TND_ROUTE_TOKEN_LEN]);

/* The value of the parameter in a URI of Route or Record-Route. false: it has none of that length. */
bool tnd_route_token_find(const struct tnd_uri *uri, struct tnd_slice *ret);

enum tnd_route_read {
    TND_ROUTE_STRANGE, /* it is not ours, of another dialog, of the other side, or by another way */
    TND_ROUTE_WAY,     /* it is of the way to that side; its Contact was another */
    TND_ROUTE_TARGET,  /* it is of that side, and that is its Contact */
};

/* What token says of a side. ret_target: tnd_route_target() of it, unless STRANGE. */
enum tnd_route_read tnd_route_token_read(const struct tnd_branch_seed *seed, struct tnd_slice token,
                                         const struct tnd_route_side *side, uint64_t *ret_target);

/* The digest of a Contact of the side with that tag: for who remembers that it was changed. */
uint64_t tnd_route_target(const struct tnd_branch_seed *seed, struct tnd_slice tag,
                          const struct tnd_uri *contact);

/* The flow token of our Record-Route for a side that is reached by the way that it came, and by
 * nothing else (RFC 5626 §5.2): a phone behind a NAT. It is a URI parameter of this name, of
 * hexadecimal digits, and proves by a keyed digest that we made it, for this call. */
#define TND_ROUTE_FLOW_PARAM "flow"
enum { TND_ROUTE_FLOW_LEN_MAX = 122 };

struct tnd_route_flow {
    struct tnd_endpoint remote, local; /* of one family and transport */
    uint64_t id, life; /* of a connection: the flow, and the life of the server that had it; of a
                        * datagram they are not said: what counts are the endpoints */
};

/* The value of the parameter. */
void tnd_route_flow_write(struct tnd_writer *w, const struct tnd_branch_seed *seed,
                          const struct tnd_route_flow *flow);

enum tnd_route_flow_read {
    TND_ROUTE_FLOW_NONE,
    TND_ROUTE_FLOW_GOOD,
    TND_ROUTE_FLOW_FORGED, /* it is not ours, or of another call, or was changed: 403 (§5.3.1) */
};

/* That of a URI of Route. ret is set if it is GOOD. */
enum tnd_route_flow_read tnd_route_flow_read(const struct tnd_branch_seed *seed,
                                             const struct tnd_uri *uri, struct tnd_route_flow *ret);

/* A value of Record-Route (RFC 3261 §16.6 step 4). Who receives a request over one transport and
 * sends it over another puts in two (RFC 5658): first, nearest to the callee, the one for the side
 * that it sends to. */
struct tnd_record_route {
    struct tnd_slice host;        /* with its port, if any */
    enum tnd_transport transport; /* NONE: not said, which is right where both sides use UDP */
    bool is_sips;
    const char *token;     /* TND_ROUTE_TOKEN_LEN characters; NULL: none */
    struct tnd_slice flow; /* the flow token of that side; absent: none */
};
void tnd_record_route_write(struct tnd_writer *w, const struct tnd_record_route *rr);

/* A strict router's request (RFC 3261 §16.4): the Request-URI, which names us, looks like our
 * Record-Route, and the last Route is the real one. ret_last is that value: it is the Request-URI from
 * here on, and is taken off (route_last). NONE: it is no such request. What the token lets through is
 * another question. */
enum tnd_rule tnd_request_is_strict(const struct tnd_txn_parts *request, const struct tnd_uri *uri,
                                    struct tnd_addr *ret_last);

/* A URI as it may stand in a request line: without headers part and method parameter (RFC 3261
 * §16.6 step 2, §19.1.1). is_maddr_ours: it names us by maddr, and the request came by the port
 * and transport that it says: those go too (§16.4). */
void tnd_request_uri_write(struct tnd_writer *w, const struct tnd_uri *uri, bool is_maddr_ours);

/* Max-Breadth (RFC 5393 §5.3.3): how many branches of a request, here and further on, may be
 * active at the same time. It is split among the branches of a response context that have no final
 * response; what a branch had is free again when its final response comes, or it has ended
 * otherwise. So a proxy that forks keeps
 *
 *     left = tnd_breadth_of(request)
 *     to try a target, count of them being due now, this one among them:
 *         share = tnd_breadth_share(left, count)
 *         0        not now: when a branch has ended. If it cannot wait: 440
 *         else     left -= share, with.max_breadth = share
 *     when a branch has ended:
 *         left += its share
 *
 * One target: it has all of it. A CANCEL has none, and needs none (§5.4.1). */
uint32_t tnd_breadth_of(const struct tnd_msg *request);
uint32_t tnd_breadth_share(uint32_t left, uint32_t count);

/* What a forwarded request says. All is borrowed. */
struct tnd_forward_with {
    struct tnd_slice uri; /* the Request-URI; absent: as it came */
    /* whole lines, each with CRLF, that come before all that is there: the Via first; then
     * Record-Route; the values of a Path as Route (RFC 3327 §5.3); Diversion... */
    struct tnd_slice lines;
    struct tnd_slice history;  /* lines that come behind its History-Info; absent: none */
    const struct tnd_via *top; /* the Via of the sender */
    struct tnd_slice received; /* to be put into it; absent: no need */
    int32_t rport;             /* likewise; -1: no need */
    int32_t max_forwards;      /* as it came, not 0; -1: it has none */
    uint32_t max_breadth;      /* what it says; 0: nothing, or as it came */
    /* values of Route that are taken off, as they were read: all up to and with that one, for they
     * named us; and the last one of a strict router. NULL: none */
    const struct tnd_addr *route_used, *route_last;
    /* the URI that is put behind the last Route, because uri is that of a strict router (§16.6
     * step 6); absent: none */
    struct tnd_slice route_added;
    bool strips_credentials; /* Proxy-Authorization for our realm goes: it was for us (RFC 3261 */
    struct tnd_slice realm;  /* §22.3), unless another proxy of that realm needs it again */
};

/* Max-Forwards goes down by one, or is put in as 70 (RFC 3261 §16.6 step 3); Content-Length is put
 * in where it is missing (step 9). Everything else goes as it came, Require too. What cannot be
 * edited (more edits than TND_EDIT_COUNT_MAX, which takes a hostile peer): the writer is over for
 * good. */
void tnd_forward_request_write(struct tnd_writer *w, const struct tnd_msg *request,
                               const struct tnd_forward_with *with);

/* Values of Record-Route that a response brings back, and that we put in: each led its receiver to the
 * caller, and leads the caller to him from here on (RFC 3261 §16.7 step 8). */
enum { TND_ROUTE_TURN_MAX = 8 }; /* more than one request goes through us */

struct tnd_route_turn {
    size_t count;
    struct tnd_route_turned {
        struct tnd_slice token; /* what stands in the response */
        char made[TND_ROUTE_TOKEN_LEN];
    } value[TND_ROUTE_TURN_MAX];
};

/* What a response says that is passed back. All is borrowed. */
struct tnd_forward_back {
    /* ours, which goes (RFC 3261 §16.7 step 3). That there is another one below, the caller has
     * seen to: else the response is for us */
    const struct tnd_via *top;
    uint16_t code;           /* 0: as it came; else this one, with its phrase */
    uint64_t followed;       /* values of Contact that go (step 4); bit 0: the first of 64 */
    struct tnd_slice fields; /* further lines behind the others; absent: none */
    const struct tnd_route_turn *turn; /* of Record-Route; NULL: it goes as it came */
};
void tnd_forward_response_write(struct tnd_writer *w, const struct tnd_msg *response,
                                const struct tnd_forward_back *back);

/* The lines of other that go up with the best response (§16.7 step 7): all challenges of a 401 or
 * 407; and the Contacts of a 3xx but those that were followed. */
void tnd_forward_challenges_write(struct tnd_writer *w, const struct tnd_msg *other);
void tnd_forward_contacts_write(struct tnd_writer *w, const struct tnd_msg *other,
                                uint64_t followed);

/* How a target came about (RFC 7044 §10.4). */
enum tnd_tried_how {
    TND_TRIED_SAME,     /* the Request-URI as it came: np */
    TND_TRIED_CONTACT,  /* where the user of the Request-URI is: a binding: rc */
    TND_TRIED_OTHER,    /* another user: a forward, a route: mp */
    TND_TRIED_REDIRECT, /* a 3xx named it: what its Contact says */
};

/* A target that was tried, or is now. Borrowed. */
struct tnd_tried {
    struct tnd_slice uri;            /* its Request-URI */
    struct tnd_slice contact_params; /* of REDIRECT: those of the Contact; absent: none */
    struct tnd_slice reason;         /* value of Reason in its response (RFC 3326); absent: none */
    uint16_t code; /* of its last response, 408 if it timed out; 0: none, or 100 */
    uint8_t how;   /* enum tnd_tried_how */
};

/* History-Info (RFC 7044 §9). Whether this request or its responses need it: it has some, or the
 * caller supports it; and it is not within a dialog (§5). */
bool tnd_history_is_asked(const struct tnd_txn_parts *request);

/* The lines of the request that goes to the last of tried, for tnd_forward_with.history: an entry
 * for the Request-URI as it came if the sender made none, one for each target before that had a
 * response, and one for this target. tried: all targets of the request in the order in which they
 * were tried, so that each keeps its index. Whom the caller wants no one to know (Privacy:
 * history, header) is written as anonymous (§10.1.2). */
void tnd_history_forward_write(struct tnd_writer *w, const struct tnd_msg *request,
                               const struct tnd_tried *tried, size_t count);

/* The lines of a response to request that has none itself (§9.4), for tnd_forward_back.fields.
 * Departs from RFC 7044 §9.4: to those that a response brings, entries of other branches are not
 * added, for a second reading of them all is not worth it. */
void tnd_history_back_write(struct tnd_writer *w, const struct tnd_msg *request,
                            const struct tnd_tried *tried, size_t count);

/* A Diversion line (RFC 5806 §5.4): uri, the Request-URI before, was left for another user because
 * of code: 302 for one who always is, 486, 408 for no answer, 503 for one who is offline (RFC 7544
 * §6). For tnd_forward_with.lines. Of a 3xx that brings Diversion itself its lines go instead, in
 * front. */
void tnd_diversion_line_write(struct tnd_writer *w, const struct tnd_msg *request,
                              struct tnd_slice uri, unsigned code);
void tnd_diversions_copy(struct tnd_writer *w, const struct tnd_msg *response);

#endif
