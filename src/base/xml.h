/* Text for XML and HTML. */
#ifndef BASE_XML_H
#define BASE_XML_H

#include "tandem/base.h"

/* Escaped for text and for attributes in quotes. What XML has no place for (control characters, U+FFFE, U+FFFF,
 * what is no UTF-8) comes out as U+FFFD. */
void tnd_put_xml(struct tnd_writer *w, struct tnd_slice text);

#endif
