/* tandem/transport/locate.h: from a URI, or from the sent-by of a response, to the servers
 * that it means: RFC 3263, with RFC 2782 for SRV and RFC 7984 for two families of addresses.
 *
 * A machine without I/O: it says which name to look up, is told the answer, and gives one
 * endpoint after the other, the best first. It asks for no more than the next endpoint needs:
 * while the first server answers, nobody looks up the second.
 *
 *     tnd_locate_uri(&l, &with, &uri);
 *     for (;;) {
 *         tnd_locate_next(&l, &step);
 *         switch (step.kind) {
 *         case TND_LOCATE_ASK:  start the look-up step.lookup, ask for the next step
 *         case TND_LOCATE_WAIT: until an answer is fed to tnd_locate_answer()
 *         case TND_LOCATE_TRY:  send to step.endpoint; if that fails, ask for the next step
 *         case TND_LOCATE_END:  there is no other; step.rule says why
 *         }
 *     }
 *
 * An attempt fails with a 503, with an error of the transport, or with no response at all
 * (RFC 3263 §4.3). Each attempt is a transaction of its own, with a branch of its own.
 */
#ifndef TANDEM_TRANSPORT_LOCATE_H
#define TANDEM_TRANSPORT_LOCATE_H

#include "tandem/sip/field.h"
#include "tandem/transport/endpoint.h"

/* Bounds. Records beyond them are left out and noted in cut. */
enum {
    TND_LOCATE_NAME_LEN_MAX = 255,
    TND_LOCATE_RECORD_COUNT_MAX = 16, /* of one answer; of addresses, of each family */
    TND_LOCATE_LOOKUP_COUNT_MAX = 24, /* of one location */
    TND_LOCATE_TRY_COUNT_MAX = 16,    /* endpoints given by one location */
};

enum tnd_lookup_kind { TND_LOOKUP_A, TND_LOOKUP_AAAA, TND_LOOKUP_SRV, TND_LOOKUP_NAPTR };

/* name is a domain name of at most TND_LOCATE_NAME_LEN_MAX characters. It may hold anything
 * that a DNS answer held. Borrows from the arena, or from what was located. */
struct tnd_lookup {
    struct tnd_slice name;
    uint8_t kind; /* enum tnd_lookup_kind */
};

enum tnd_lookup_result {
    TND_LOOKUP_FOUND,
    TND_LOOKUP_NONE,        /* no such name, or no record of that kind */
    TND_LOOKUP_FAILED,      /* no answer, or one that says nothing */
    TND_LOOKUP_UNAVAILABLE, /* this kind of question cannot be asked here: counts as NONE */
};

struct tnd_srv {
    struct tnd_slice target;
    uint16_t priority, weight, port;
};

struct tnd_naptr {
    struct tnd_slice flags, service, regexp, replacement;
    uint16_t order, preference;
};

/* To the look-up asked for. count records of the kind asked for, in the order of the answer.
 * Of an address, family and octets count. */
struct tnd_lookup_answer {
    struct tnd_lookup lookup;
    uint8_t result; /* enum tnd_lookup_result */
    uint32_t ttl;   /* seconds; the least of the records */
    size_t count;
    const struct tnd_endpoint *addresses; /* sorted by RFC 6724 if the resolver can */
    const struct tnd_srv *srvs;
    const struct tnd_naptr *naptrs;
};

struct tnd_locate_with {
    struct tnd_arena *a; /* kept: the names; over: the location ends early */
    uint64_t seed;       /* of the choice by weight. One that follows from the request makes the
                          * choice the same each time (RFC 3263 §4.4) */
    /* enum tnd_transport: what we can send by, the preferred first, then NONE. TLS in it is
     * also the wish to use it for a SIP URI. */
    uint8_t transports[TND_TRANSPORT_COUNT];
    bool ipv4, ipv6; /* what we can reach */
    bool ipv4_first; /* of one name; else IPv6 */
    bool large;      /* the request is too large for UDP (tnd_request_transport()) */
    /* The name is a stranger's: what leads to another address than this one is left out. Kept; NULL:
     * it may lead anywhere. */
    const struct tnd_endpoint *only;
};

struct tnd_locate {
    struct tnd_locate_with with;
    struct tnd_slice host;  /* TARGET of RFC 3263 §4 */
    struct tnd_slice asked; /* the name that is looked up */
    int32_t port;
    uint32_t ttl;       /* of all answers the least; UINT32_MAX: there was none */
    uint8_t stage;      /* enum tnd_locate_stage, of src/transport/locating.h */
    uint8_t transport;  /* where nothing in the DNS says another */
    bool secure;        /* only what is secure will do: SIPS */
    bool lookup_failed; /* of some look-up nothing is known: what is not found may be there */
    bool srv_found;
    uint8_t wanted, waiting; /* bits of enum tnd_lookup_kind: to be asked; not yet answered */
    uint8_t lookup_count;
    enum tnd_rule why; /* it ended */
    enum tnd_rule cut; /* the bound that left something out; NONE: nothing was */
    struct tnd_located_service {
        struct tnd_slice name;
        uint8_t transport;
    } services[TND_LOCATE_RECORD_COUNT_MAX];
    uint8_t service_count, service_at;
    struct tnd_located_target {
        struct tnd_slice host;
        enum tnd_rule rule;
        uint16_t port;
        uint8_t transport;
    } targets[TND_LOCATE_RECORD_COUNT_MAX];
    uint8_t target_count, target_at;
    struct tnd_endpoint addresses[2][TND_LOCATE_RECORD_COUNT_MAX]; /* as A and AAAA gave them */
    uint8_t address_count[2], address_at;
    struct tnd_endpoint tried[TND_LOCATE_TRY_COUNT_MAX];
    uint8_t tried_count;
};

/* Where a request goes: the Request-URI or the topmost Route (RFC 3261 §8.1.2). Keeps what
 * uri borrows from, and with->a. */
void tnd_locate_uri(struct tnd_locate *l, const struct tnd_locate_with *with,
                    const struct tnd_uri *uri);

/* Where a response goes, of which struct tnd_hop says LOCATE (RFC 3263 §5). port -1: none. Of
 * with->transports nothing is asked. Keeps host. */
void tnd_locate_host(struct tnd_locate *l, const struct tnd_locate_with *with,
                     enum tnd_transport transport, struct tnd_slice host, int32_t port);

enum tnd_locate_kind { TND_LOCATE_ASK, TND_LOCATE_WAIT, TND_LOCATE_TRY, TND_LOCATE_END };

struct tnd_locate_step {
    uint8_t kind;                 /* enum tnd_locate_kind */
    enum tnd_rule rule;           /* which asks for it; NONE of WAIT */
    struct tnd_lookup lookup;     /* of ASK */
    struct tnd_endpoint endpoint; /* of TRY: never twice the same */
};

/* What is to be done now. Several ASKs may follow one another. */
void tnd_locate_next(struct tnd_locate *l, struct tnd_locate_step *ret);

/* false: nobody waits for that answer, or not any more; nothing changes. */
bool tnd_locate_answer(struct tnd_locate *l, const struct tnd_lookup_answer *answer);

#endif
