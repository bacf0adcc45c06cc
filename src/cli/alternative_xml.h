/* Reads what a 380 offers: application/3gpp-ims+xml (3GPP TS 24.229 §7.6), by libxml2. It comes from
 * strangers: no DTD, no entities but those of XML itself, no network, bounded in size and depth. */
#ifndef CLI_ALTERNATIVE_XML_H
#define CLI_ALTERNATIVE_XML_H

#include "tandem/recover.h"

enum {
    ALTERNATIVE_BODY_LEN_MAX = 16384,
    ALTERNATIVE_TEXT_LEN_MAX = 512, /* of each element */
    ALTERNATIVE_DEPTH_MAX = 8,
};

extern const struct tnd_alternative_reader alternative_xml;

#endif
