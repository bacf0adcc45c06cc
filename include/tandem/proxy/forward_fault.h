/* tandem/proxy/forward_fault.h: a referee for proxies: what came, what went, and the rule that the
 * proxy between them broke. It knows nothing of how the proxy works: for the tests of ours, for a
 * simulation, for a trace.
 *
 *   TND_RULE_NONE   nothing is wrong with it
 *
 * Header fields are compared as they stand; a proxy that respells them has changed them. Only what
 * can be read is judged. */
#ifndef TANDEM_PROXY_FORWARD_FAULT_H
#define TANDEM_PROXY_FORWARD_FAULT_H

#include "tandem/sip/message.h"

/* A request and its copy (RFC 3261 §16.6). */
enum tnd_rule tnd_forward_request_fault(const struct tnd_msg *came, const struct tnd_msg *went);

/* A response and its copy (RFC 3261 §16.7): its code may have become another one. */
enum tnd_rule tnd_forward_response_fault(const struct tnd_msg *came, const struct tnd_msg *went);

#endif
