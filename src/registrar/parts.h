/* What the files of the registrar share. */
#ifndef REGISTRAR_PARTS_H
#define REGISTRAR_PARTS_H

#include "tandem/registrar.h"
#include "tandem/sip.h"

/* fields.c: header fields, as whole lines. */
struct registrar_asking {
    const struct tnd_registrar_with *with;
    const struct tnd_msg *request;
    const struct tnd_entry *entry; /* of a 200: what is registered */
};

typedef void registrar_put(struct tnd_writer *w, const struct registrar_asking *q);

/* What put writes, in a. Absent: a is over. */
struct tnd_slice registrar_write(struct tnd_arena *a, const struct registrar_asking *q,
                                 registrar_put *put);

registrar_put registrar_put_ok;           /* what a 200 has */
registrar_put registrar_put_min_expires;  /* of a 423 */
registrar_put registrar_put_max_contacts; /* no field, but the fact of a 403: "max_contacts 10" */

/* Text of a peer on one line: a fold becomes spaces. */
void registrar_put_flat(struct tnd_writer *w, struct tnd_slice text);

#endif
