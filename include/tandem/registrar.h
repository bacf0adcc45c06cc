/* tandem/registrar.h: the role of the registrar (RFC 3261 §10.3, RFC 3327, RFC 3608).
 *
 *     tnd_registrar_read(&with, msg, a, &step)
 *       step.code > 0   refuse
 *       else            ask the store: FIND to fetch, or CHANGE with step.change
 *     tnd_registrar_answer(&with, msg, &answer, a, &step)
 *       step.code       answer
 *
 * Both decide from what they are given and keep nothing, so whoever waits for the store keeps msg.
 *
 * The owner has found out before: that the Request-URI is a domain of ours (step 1), that nothing
 * is required but what is known (step 2), the option tag "path" being known here, who the sender is
 * (tandem/auth.h, step 3), and whether To is an address-of-record that exists (step 5) and that he
 * may change (step 4).
 *
 * What is taken: contacts of any scheme (RFC 3261 §10.2.1), of which the headers part is left out.
 * Where two contacts of one REGISTER are the same, the later one counts: they are processed in
 * turn. Parameters of a contact are kept as they are, those of RFC 5626 too, whose flows are not
 * offered. One that asks for more than max_expires gets that; for less than min_expires, and less
 * than an hour: 423.
 */
#ifndef TANDEM_REGISTRAR_H
#define TANDEM_REGISTRAR_H

#include "tandem/sip/message.h"
#include "tandem/store.h"

/* Parameters of the URIs of all contacts of one REGISTER: to compare two URIs takes as long as the
 * product of theirs. */
enum { TND_REGISTER_PARAM_COUNT_MAX = 256 };

/* Borrowed for each call. */
struct tnd_registrar_with {
    uint32_t default_expires, min_expires, max_expires; /* seconds */
    uint32_t max_contacts;                              /* 1 to TND_BINDING_COUNT_MAX */
    struct tnd_slice service_route; /* value of Service-Route in a 200; absent: none */
    struct tnd_endpoint source;     /* of this REGISTER, and its flow, for the bindings */
    struct tnd_endpoint local;      /* likewise: where it came to */
    uint64_t flow, life;
    int64_t wall; /* now, seconds since 1970 */
};

/* What comes next. Borrows from a, the message, or is static. */
struct tnd_registrar_step {
    uint16_t code; /* 0: ask the store */
    enum tnd_rule rule;
    struct tnd_slice fact;
    struct tnd_slice reason; /* absent: the registered phrase */
    struct tnd_slice fields; /* further lines of the answer, each with CRLF: Contact, Date, Path,
                              * Service-Route, Supported, Min-Expires, Unsupported */
    bool is_change;
    struct tnd_binding_change change;
};

/* What msg asks for. It is checked, its verdict as a UAS is TND_PROCESS. Codes:
 *   400  "*" that is not alone, or without Expires: 0; a Contact or Path that cannot be read
 *   403  more contacts than could be removed and added
 *   420  a Path, although the user agent does not say that it supports it (RFC 3327 §5.3)
 *   423  a contact for too short a time
 *   513  a contact with its Call-ID and Path is longer than TND_BINDING_LEN_MAX, or there are more
 *        than TND_REGISTER_PARAM_COUNT_MAX parameters in the URIs of all contacts
 * TND_ENOMEM: a is over. It takes some 250 bytes for each contact, and for the texts of parameters
 * and of Path. */
int tnd_registrar_read(const struct tnd_registrar_with *with, const struct tnd_msg *msg,
                       struct tnd_arena *a, struct tnd_registrar_step *ret);

/* What msg is answered with, after the store has answered what the step asked for: 200, 403 where
 * there would be too many contacts, 500. with->wall is that of now, not of the step. TND_ENOMEM: a
 * is over. */
int tnd_registrar_answer(const struct tnd_registrar_with *with, const struct tnd_msg *msg,
                         const struct tnd_store_answer *answer, struct tnd_arena *a,
                         struct tnd_registrar_step *ret);

#endif
