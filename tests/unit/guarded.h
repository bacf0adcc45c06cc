/* Text that ends where memory ends: reading one byte too many is a fault, seen at once and
 * without a sanitizer. */
#ifndef TESTS_GUARDED_H
#define TESTS_GUARDED_H

#include "tandem/base.h"

/* A copy of s whose end is the start of an unmapped page. Give it to guarded_free(). */
struct tnd_slice guarded(struct tnd_slice s);

/* s is what guarded() gave, neither moved nor shortened. */
void guarded_free(struct tnd_slice s);

#endif
