/* What the files about one dialog share. */
#ifndef DIALOG_PARTS_H
#define DIALOG_PARTS_H

#include "tandem/dialog.h"

/* Takes the target from Contact, if there is one that can be one. */
bool dialog_take_target(struct tnd_dialog *d, const struct tnd_msg *msg);

/* Takes it from a URI. false: no SIP or SIPS URI, too long, or the arena is over; nothing
 * changes. */
bool dialog_set_target(struct tnd_dialog *d, const struct tnd_uri *uri);

/* Takes the route set from Record-Route (RFC 3261 §12.1.1, §12.1.2). On failure nothing changes. */
int dialog_take_routes(struct tnd_dialog *d, const struct tnd_msg *msg);

/* A URI as a Request-URI: without what RFC 3261 §19.1.5 forbids there, method and headers. */
void dialog_put_uri(struct tnd_writer *w, const struct tnd_uri *uri);

#endif
