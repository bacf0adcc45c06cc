/* From the values of a file to a configuration. */
#ifndef CONF_READ_H
#define CONF_READ_H

#include "conf/load.h"
#include "conf/outline.h"

/* Sets everything in conf, which is zero bytes, from slots where file says that it stands there,
 * else from the defaults; tells what is wrong with a value by itself, and what is not used yet.
 * slots and file may be NULL. Memory that runs out is remembered by the arena. */
void conf_read_values(struct conf_reading *r, const struct conf_slot *slots,
                      const struct conf_place *file, struct tnd_conf *conf);

/* What no value can tell by itself: defaults that depend on others, and what does not go
 * together. Both after conf_read_values(). */
void conf_judge(struct conf_reading *r, const struct conf_place *file, struct tnd_conf *conf);

#endif
