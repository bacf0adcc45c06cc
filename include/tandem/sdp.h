/* tandem/sdp.h: session descriptions, and how two parties agree on one.
 *
 *   sdp/desc.h          a description: its parts, reading, writing (RFC 8866)
 *   sdp/attr.h          attributes with a type: rtpmap, fmtp, direction… (RFC 8866 §6)
 *   sdp/precondition.h  curr, des and conf (RFC 3312 §4)
 *   sdp/offer.h         the machine of offer and answer (RFC 3264, RFC 6337)
 *   sdp/resource.h      the machine of preconditions, in front of it (RFC 3312, RFC 4032)
 *
 * All of it is bytes in and bytes out; nothing here knows SIP. */
#ifndef TANDEM_SDP_H
#define TANDEM_SDP_H

#include "tandem/sdp/attr.h"
#include "tandem/sdp/desc.h"
#include "tandem/sdp/offer.h"
#include "tandem/sdp/precondition.h"
#include "tandem/sdp/resource.h"

#endif
