/* tandem/node.h: one SIP element as a function. Inputs go in (a message came, time has passed,
 * what was sent could not be delivered, the DNS answered); outputs come out (send this there,
 * look that up). A node opens no socket, reads no clock, draws no random number and waits for
 * nothing: the same inputs give the same outputs.
 *
 *     for each message that came:
 *         tnd_node_feed(node, now, &(struct tnd_input){.kind = TND_IN_MESSAGE, ...});
 *     while (tnd_node_take(node, &out))
 *         do it, or note it for one system call that does them all
 *     wait until tnd_node_due(node), or until something comes
 *
 * Several inputs may be fed before the outputs are taken. What an output points to is the
 * node's, and good until the first feed after tnd_node_take() has said false.
 */
#ifndef TANDEM_NODE_H
#define TANDEM_NODE_H

#include "tandem/redirect.h"
#include "tandem/sip/message.h"
#include "tandem/store.h"
#include "tandem/transport/element.h"
#include "tandem/txn.h"

/* Why a request ended as it did: one record for each final response that was made, chosen or passed
 * back, and for each request that ended without one. Kept are the last of those that were
 * answered with 2xx, and, apart from them, the last of all others. Of texts longer than their room the
 * beginning is kept. */
enum {
    TND_WHY_COUNT = 1024, /* of each of both, unless the world says otherwise */
    TND_WHY_CALL_ID_SIZE = 80,
    TND_WHY_FACT_SIZE = 80,
    TND_WHY_BRANCH_COUNT = 8,
    TND_WHY_TARGETS_SIZE = 200,
    TND_WHY_NO_BRANCH = 255,
};

/* How a branch stood when that was decided. */
enum tnd_why_end {
    TND_WHY_NOT_TRIED, /* its turn had not come */
    TND_WHY_TRIED,     /* no final response had come */
    TND_WHY_CANCELLED, /* likewise, and it was cancelled */
    TND_WHY_ENDED,     /* with the response of code */
    TND_WHY_FOLLOWED,  /* with a redirect, whose contacts were tried in its place */
    TND_WHY_SILENT,    /* nobody answered, which counts as code */
    TND_WHY_NOT_SENT,  /* it could not be sent, likewise */
    TND_WHY_TOLD,      /* it is for the caller to try, likewise */
};

struct tnd_why_branch {
    uint16_t code; /* 0: none */
    uint8_t end;   /* enum tnd_why_end */
    uint8_t target_len;
};

struct tnd_why {
    tnd_time at;
    uint64_t number; /* of all records of this node, from 1: the order of those of one time */
    struct tnd_endpoint source; /* of the request */
    uint16_t code;              /* of the response; 0: there was none */
    uint16_t rule;              /* enum tnd_rule: the one that decided */
    uint8_t method;             /* enum tnd_method: of the request */
    uint8_t call_id_len, fact_len;
    uint8_t
        branch_count; /* of all that there were; those beyond TND_WHY_BRANCH_COUNT are not here */
    uint8_t chosen;   /* the branch whose response it is; TND_WHY_NO_BRANCH: none is */
    struct tnd_why_branch branch[TND_WHY_BRANCH_COUNT];
    char call_id[TND_WHY_CALL_ID_SIZE];
    char
        fact[TND_WHY_FACT_SIZE]; /* what decided: a tag, a user, a flaw, the URI that was called; as
                                   * the peer wrote it */
    char targets[TND_WHY_TARGETS_SIZE]; /* of the branches, one behind the other */
};

/* Who must prove who he is, and by what (RFC 3261 §22). */
struct tnd_node_auth {
    bool
        required; /* of whoever registers, and of whoever calls as a user of ours. To have a request
                    * passed on to a domain that is not served, always */
    struct tnd_slice realm;
    const enum tnd_digest *algorithms; /* the preferred first; none: nobody can */
    size_t algorithm_count;
    const struct tnd_network
        *trusted; /* who need no credentials, and may have requests passed on */
    size_t trusted_count;
};

struct tnd_node_registrar {
    uint32_t default_expires, min_expires, max_expires; /* seconds */
    uint32_t max_contacts;                              /* of one address-of-record */
    struct tnd_slice service_route; /* value of Service-Route in a 200 (RFC 3608); absent: none */
};

/* Whose 3xx is followed on the caller's behalf. */
enum tnd_recurse {
    TND_RECURSE_NONE,
    TND_RECURSE_LOCAL, /* Contacts in served domains and of trusted peers */
    TND_RECURSE_ANY,
};

struct tnd_node_proxy {
    bool
        redirects; /* callers are told the bindings of whom they call (302), nothing is passed on */
    bool serial;   /* by q, equal q at once; else all at once */
    uint8_t recurse;        /* enum tnd_recurse */
    uint32_t max_redirects; /* depth, and targets taken from redirects */
    bool record_route;
    uint32_t timer_c; /* seconds */
};

/* What may change while a node runs. Everything that it points to is kept until the node has
 * another configuration, or ends. */
struct tnd_node_config {
    const struct tnd_slice *domains; /* served; compared as hosts */
    size_t domain_count;
    const struct tnd_endpoint *addresses; /* our own, which are served too, and so is the one that a
                                           * message came to; port 0: any port */
    size_t address_count;
    struct tnd_slice advertise;   /* host, or host:port, for what we say of ourselves; absent: the
                                 * local address of the flow */
    struct tnd_slice server;      /* of the Server field; absent: none is written */
    uint32_t requests_per_second; /* of one source address; 0: no limit */
    bool lab;                     /* the users lab-CODE answer */
    bool
        has_users; /* TND_OUT_STORE is answered: users register, and requests for them, or from them
                     * to other domains, are passed on. Else none of the following counts */
    struct tnd_node_auth auth;
    struct tnd_node_registrar registrar;
    struct tnd_node_proxy proxy;
    const struct tnd_route *routes; /* tried in their order, before the store is asked */
    size_t route_count;
    bool log;      /* TND_OUT_WHY comes out */
    bool draining; /* new requests are refused with 503 */
};

/* What stays as it is. */
struct tnd_node_world {
    const struct tnd_mem *mem; /* kept */
    unsigned char key[16];     /* secret: of tags, and of what else is derived. Nodes with
                                        * the same key know each other's */
    uint64_t seed;             /* of hashes, and of choices that need not be secret */
    /* Another one each time the process starts, not 0: flows of before are no more. Only a node with users
     * looks at it. */
    uint64_t life;
    const struct tnd_digester
        *digester;           /* kept (tandem/base/digest.h); NULL: nobody can prove who he is */
    size_t memory_max;       /* bytes that peers can make it take from mem; 0: no bound. What
                                    * would need more is refused with 503, or is lost */
    size_t transactions_max; /* at one time; then 503. 0: none at all, so say a number */
    size_t why_count;        /* records of why that are kept; 0: TND_WHY_COUNT */
    const struct tnd_txn_timing *timing; /* copied; NULL: the defaults */
};

struct tnd_node;

/* A node that stands at now. Copies world; keeps config. TND_ENOMEM: ret is untouched. */
int tnd_node_new(const struct tnd_node_world *world, const struct tnd_node_config *config,
                 tnd_time now, struct tnd_node **ret);

/* Sets *node to NULL. Of NULL: fine. Nothing is said to anybody. */
void tnd_node_free(struct tnd_node **node);

/* From now on by config; the one before is not used any more. */
void tnd_node_configure(struct tnd_node *node, const struct tnd_node_config *config);

/* The time of day at now, in microseconds since 1970-01-01 UTC. Before the first feed, and again when
 * the clock was set; without it bindings and nonces count from the origin of now. */
void tnd_node_set_wall(struct tnd_node *node, tnd_time now, int64_t wall);

/* now is not before that of the feed before. 0, or
 *   TND_ESPACE  outputs must be taken first; the input had no effect
 *   TND_ENOMEM  the input was lost for want of memory, as a datagram may be. */
int tnd_node_feed(struct tnd_node *node, tnd_time now, const struct tnd_input *in);

/* The next output. false: none. */
bool tnd_node_take(struct tnd_node *node, struct tnd_output *ret);

/* When to feed a tick, unless something else comes first; TND_NEVER_DUE: nothing is awaited. */
tnd_time tnd_node_due(const struct tnd_node *node);

/* How many messages may be fed before the outputs must be taken (TND_ESPACE). */
enum { TND_NODE_BATCH_MAX = 128 };

/* How long callers wait for a sign of the other side is counted by these bounds, the last of which is
 * TND_NEVER_DUE. */
enum { TND_NODE_SETUP_COUNT = 12 };

tnd_time tnd_node_setup_bound(size_t i);

/* Counters, since the node was made, and what is there now. For reading. */
struct tnd_node_stats {
    uint64_t requests;    /* that came, retransmissions and ACK too */
    uint64_t responses;   /* that came */
    uint64_t dropped;     /* messages that got no answer: too broken, or a response */
    uint64_t limited;     /* requests above requests_per_second */
    uint64_t absorbed;    /* requests that came again */
    uint64_t served;      /* requests that a transaction user answered, or is to answer */
    uint64_t passed_on;   /* requests that went to a next hop, each of their copies */
    uint64_t passed_back; /* responses that went on to the caller */
    uint64_t replies[7];  /* final and provisional responses sent first, by class; [0]: unused */
    uint64_t undelivered; /* responses that could not be sent anywhere */
    uint64_t lost;        /* inputs and outputs for which there was no memory */
    uint64_t resent;      /* requests and responses that were sent again because nothing came */
    uint64_t calls;       /* INVITEs outside a dialog that got a 2xx */
    uint64_t
        setup[TND_NODE_SETUP_COUNT]; /* of their first answer from 101 to 299: how many came within
                                           * tnd_node_setup_bound() and not sooner */
    uint64_t setup_time;             /* microseconds, of all these together */
    size_t memory;                   /* bytes that peers make it take from mem, now */
    size_t transactions;             /* of servers, now */
    size_t clients;                  /* transactions of clients, now */
    size_t contexts;                 /* requests that wait for the store or for answers, now */
    size_t memory_max; /* bytes that peers can make it take from mem; 0: no bound. What
                                    * would need more is refused with 503, or is lost */
    size_t transactions_max;
};

const struct tnd_node_stats *tnd_node_stats(const struct tnd_node *node);

/* The newest record of a call; NULL: none, or it is gone. Borrows until the next feed. Of Call-IDs that
 * begin with the same TND_WHY_CALL_ID_SIZE bytes, all are meant. */
const struct tnd_why *tnd_node_why(const struct tnd_node *node, struct tnd_slice call_id);

/* Copies the records of a call, the oldest first; of more than size the newest. How many. */
size_t tnd_node_whys(const struct tnd_node *node, struct tnd_slice call_id, struct tnd_why *ret,
                     size_t size);

/* The record that was written behind the first *seen ones, of those that were answered with 2xx or of the
 * others, in their order; those that are gone are skipped. Counts *seen up. NULL: there is no more. Borrows
 * until the next feed. */
const struct tnd_why *tnd_node_why_next(const struct tnd_node *node, bool answered, uint64_t *seen);

/* Since when every record is there, of those that were answered with 2xx or of the others. */
tnd_time tnd_node_why_since(const struct tnd_node *node, bool answered);

/* How many branches of it are told of, and the target of one of them. */
size_t tnd_why_branches(const struct tnd_why *why);
struct tnd_slice tnd_why_target(const struct tnd_why *why, size_t branch);

/* "cancelled", "nobody answered" and so on; "" of TND_WHY_ENDED. */
const char *tnd_why_end_text(enum tnd_why_end end);

/* One line: "404 to INVITE from udp:192.0.2.1:5060: UAS_USER: …(RFC 3261 §8.2.2.1) [bob]", and
 * the branches, the chosen one with a "*". A control character that a peer wrote is a "?" in it. */
void tnd_why_write(struct tnd_writer *w, const struct tnd_why *why);

#endif
