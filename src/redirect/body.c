/* The body of a 380: what is there instead, for a phone to read (3GPP TS 24.229 §7.6). */
#include "base/xml.h"
#include "redirect/parts.h"

/* The schema asks for a reason; where nothing is to be said, it is empty. */
void redirect_body_write(struct tnd_writer *w, struct tnd_slice text)
{
    tnd_put(w, TND_STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
                       "<ims-3gpp version=\"1\"><alternative-service>"
                       "<type>emergency</type><reason>"));
    tnd_put_xml(w, text);
    tnd_put(w, TND_STR("</reason></alternative-service></ims-3gpp>\r\n"));
}
