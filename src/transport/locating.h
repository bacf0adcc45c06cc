/* Inside struct tnd_locate: what starting, answers and steps share. */
#ifndef TRANSPORT_LOCATING_H
#define TRANSPORT_LOCATING_H

#include "tandem/transport/locate.h"

enum tnd_locate_stage {
    TND_STAGE_NAPTR,
    TND_STAGE_SRV,
    TND_STAGE_TARGET,
    TND_STAGE_ADDRESS,
    TND_STAGE_END,
};

/* Of wanted and waiting. */
enum {
    TND_BIT_A = 1 << TND_LOOKUP_A,
    TND_BIT_AAAA = 1 << TND_LOOKUP_AAAA,
    TND_BIT_SRV = 1 << TND_LOOKUP_SRV,
    TND_BIT_NAPTR = 1 << TND_LOOKUP_NAPTR,
};

void tnd_locate_end(struct tnd_locate *l, enum tnd_rule why);

/* Bits of kinds to be asked by the next steps. Keeps name. */
void tnd_locate_want(struct tnd_locate *l, struct tnd_slice name, unsigned kinds);

/* We have that transport, and it is secure enough. */
bool tnd_locate_can_send(const struct tnd_locate *l, enum tnd_transport transport);

/* An SRV name to be asked when its turn comes. One too many is left out. Keeps name. */
void tnd_locate_add_service(struct tnd_locate *l, struct tnd_slice name,
                            enum tnd_transport transport);

/* Those that a name has without NAPTR records. */
void tnd_locate_add_usual(struct tnd_locate *l);

/* A host whose addresses are to be tried. There is room. Keeps host. */
void tnd_locate_add_target(struct tnd_locate *l, struct tnd_slice host, uint16_t port,
                           enum tnd_transport transport, enum tnd_rule rule);

/* Goes on with the host itself, at the port that was said or is usual. */
void tnd_locate_at_host(struct tnd_locate *l, enum tnd_rule rule);

/* An address of the present target, A or AAAA of it; of a family that we do not support it is
 * ignored (RFC 7984 §3.1). There is room. */
void tnd_locate_add_address(struct tnd_locate *l, enum tnd_lookup_kind kind,
                            const struct tnd_endpoint *e);

#endif
