/* UTF-8 (RFC 3629). */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "tandem/base.h"

/* The length of the character at the start of s; 0: there is none, or not in UTF-8. */
size_t tnd_utf8_len(struct tnd_slice s);

#endif
