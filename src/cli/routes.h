/* The routes of a file, as a node has them. */
#ifndef CLI_ROUTES_H
#define CLI_ROUTES_H

#include "conf/conf.h"
#include "tandem/redirect.h"

/* As many as conf has, in its order. They live as long as a and conf: texts are borrowed. TND_ENOMEM: a
 * is over, ret is untouched. */
int routes_make(const struct tnd_conf *conf, struct tnd_arena *a, struct tnd_route **ret);

#endif
