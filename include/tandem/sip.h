/* tandem/sip.h: SIP messages: reading, judging, writing. The parts are headers of their own. */
#ifndef TANDEM_SIP_H
#define TANDEM_SIP_H

#include "tandem/sip/field.h"
#include "tandem/sip/message.h"
#include "tandem/sip/text.h"
#include "tandem/sip/uri.h"

#endif
