/* From a member that is linked into a list, a map or a wheel to the object around it:
 *
 *     struct tnd_ict *t = TND_OWNER(timer, struct tnd_ict, timer_a);
 *
 * member must not be NULL. */
#ifndef BASE_OWNER_H
#define BASE_OWNER_H

#include <stddef.h>

#define TND_OWNER(ptr, type, member) ((type *)(void *)((char *)(ptr)-offsetof(type, member)))

#endif
