/* Lines for people: what is wrong with a store, where, and what to do. */
#ifndef DB_FAULT_H
#define DB_FAULT_H

#include "db/driver.h"

/* An error of a driver, at where. Returns the negative enum tnd_err that stands for it. */
int db_fault(struct tnd_db_fault *ret, const struct db_driver *driver, const char *where, int err);

/* Any line. Returns err. */
int db_fault_say(struct tnd_db_fault *ret, int err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
