/* tandem/sip.h: SIP messages: reading, judging, writing. The parts are headers of their own. */
#ifndef TANDEM_SIP_H
#define TANDEM_SIP_H

#include "tandem/sip/auth.h"
#include "tandem/sip/field.h"
#include "tandem/sip/media.h"
#include "tandem/sip/message.h"
#include "tandem/sip/notice.h"
#include "tandem/sip/origin.h"
#include "tandem/sip/session.h"
#include "tandem/sip/stream.h"
#include "tandem/sip/text.h"
#include "tandem/sip/uri.h"
#include "tandem/sip/verdict.h"
#include "tandem/sip/write.h"

#endif
