/* tandem/registrar.h: the role of the registrar (RFC 3261 §10.3, RFC 3327, RFC 3608).
 *
 *     tnd_registrar_read(&with, msg, a, &step)
 *       step.code > 0   refuse
 *       else            ask the store: FIND to fetch, or CHANGE with step.change
 *     tnd_registrar_answer(&with, msg, &answer, a, &step)
 *       step.code       answer
 *
 * Who the sender is and whether he may change this address-of-record the owner has found out
 * before (steps 3 and 4).
 */
#ifndef TANDEM_REGISTRAR_H
#define TANDEM_REGISTRAR_H

#include "tandem/sip/message.h"
#include "tandem/store.h"

struct tnd_registrar_with {
    uint32_t default_expires, min_expires, max_expires; /* seconds */
    uint32_t max_contacts;
    struct tnd_slice service_route; /* value of Service-Route in a 200; absent: none */
    struct tnd_endpoint source;     /* of this REGISTER, and its flow, for the bindings */
    uint64_t flow, life;
    int64_t wall; /* now, seconds since 1970 */
};

/* What comes next. Borrows from a, the message, or is static. */
struct tnd_registrar_step {
    uint16_t code; /* 0: ask the store */
    enum tnd_rule rule;
    struct tnd_slice fact;
    struct tnd_slice fields; /* further lines of the answer, each with CRLF: Contact, Date, Path,
                              * Min-Expires, Supported ... */
    bool is_change;
    struct tnd_binding_change change;
};

/* msg is checked; its Request-URI is a domain of ours and To an address-of-record there. Path is taken
 * only if Supported has it (RFC 3327 §5.3: else 420 would be due to who needs it; see there).
 * TND_ENOMEM: a is over. */
int tnd_registrar_read(const struct tnd_registrar_with *with, const struct tnd_msg *msg,
                       struct tnd_arena *a, struct tnd_registrar_step *ret);
int tnd_registrar_answer(const struct tnd_registrar_with *with, const struct tnd_msg *msg,
                         const struct tnd_store_answer *answer, struct tnd_arena *a,
                         struct tnd_registrar_step *ret);

#endif
