/* tandem/sip/origin.h: whom a request was for before, and who sent it on: History-Info,
 * Diversion, Referred-By; addresses that must stand in <>. Readers as in
 * tandem/sip/text.h. Writers write addr with its params as they stand.
 */
#ifndef TANDEM_SIP_ORIGIN_H
#define TANDEM_SIP_ORIGIN_H

#include "tandem/sip/field.h"

/* An address that is a name-addr, with <> always: Route, Record-Route, Path, Service-Route
 * (RFC 3261 §25.1). A bare URI is a flaw. */
bool tnd_route_next(struct tnd_values *v, struct tnd_addr *ret);

/* History-Info (RFC 7044 §5). */
struct tnd_history {
    struct tnd_addr addr;
    struct tnd_slice index; /* "1.2.1" */
    struct tnd_slice rc;    /* an index, or absent; so are the next two */
    struct tnd_slice mp;
    struct tnd_slice np;
};

bool tnd_history_next(struct tnd_values *v, struct tnd_history *ret);
void tnd_history_write(struct tnd_writer *w, const struct tnd_history *history);

/* Why the request went on from here: the SIP cause of the Reason in the headers part of the
 * URI (RFC 7044 §5), or else the cause parameter of the URI (RFC 4458). 0: not said. */
uint16_t tnd_history_cause(const struct tnd_history *history);

/* Diversion (RFC 5806 §4). */
struct tnd_diversion {
    struct tnd_addr addr;
    struct tnd_slice reason;  /* token or quoted string; absent: none */
    struct tnd_slice privacy; /* the same; so is the next */
    struct tnd_slice screen;
    int64_t counter; /* 0 to 99; -1: none was given */
    int64_t limit;   /* the same */
};

bool tnd_diversion_next(struct tnd_values *v, struct tnd_diversion *ret);
void tnd_diversion_write(struct tnd_writer *w, const struct tnd_diversion *diversion);

/* Referred-By (RFC 3892 §3). Refer-To is an address: tnd_addr_next(). */
struct tnd_referred_by {
    struct tnd_addr addr;
    struct tnd_slice cid; /* with its quotes; absent: none */
};

bool tnd_referred_by_next(struct tnd_values *v, struct tnd_referred_by *ret);
void tnd_referred_by_write(struct tnd_writer *w, const struct tnd_referred_by *by);

#endif
