/* tandem/dialog/damage.h: what a failure response to a request within a dialog ends (RFC 5057
 * §5.1). The table is src/dialog/damage.def, with a row for each registered code. */
#ifndef TANDEM_DIALOG_DAMAGE_H
#define TANDEM_DIALOG_DAMAGE_H

#include "tandem/ref.h"

enum tnd_damage {
    TND_DAMAGE_NONE,        /* no failure: 100-299 */
    TND_DAMAGE_TRANSACTION, /* the transaction alone */
    TND_DAMAGE_USAGE, /* the usage that the request belongs to, and the dialog with its last usage */
    TND_DAMAGE_DIALOG, /* the dialog and all its usages */
};

/* code: 100 to 699; one that is not registered counts as x00 of its class. A timeout is 408: it
 * ends the usage (§5.2). What belongs to no usage ends none: OPTIONS, MESSAGE, methods that are
 * not known (§5.3); nor does 405 or 501 to INFO and others that a usage can do without (note 3),
 * nor 481 to CANCEL (note 8), nor 481 to PRACK, whose INVITE decides. */
enum tnd_damage tnd_damage(enum tnd_method method, unsigned code);

/* Why, for people: the note of RFC 5057 §5.1 or another law; "RFC 5057 §5.1". Static. */
const char *tnd_damage_law(unsigned code);

#endif
