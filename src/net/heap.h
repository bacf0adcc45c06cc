/* Memory from malloc(). */
#ifndef NET_HEAP_H
#define NET_HEAP_H

#include "tandem/base.h"

extern const struct tnd_mem tnd_heap;

#endif
