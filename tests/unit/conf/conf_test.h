/* What the tests of configurations share. */
#ifndef TESTS_CONF_TEST_H
#define TESTS_CONF_TEST_H

#include "conf/conf.h"
#include "unit/test.h"

/* A configuration without a fault; warnings and notices do not matter. The caller frees it. */
struct tnd_conf *conf_read_good(const char *text);

/* text has these faults, warnings and notices and no others: one in a line, as
 * tnd_conf_fault_write() writes them of the file f, each with a line end. */
#define CONF_SAYS(text, lines) conf_check_says(__FILE__, __LINE__, text, lines)
void conf_check_says(const char *file, int line, const char *text, const char *lines);

/* All values of a configuration as text, which ends with the next call. */
const char *conf_dump(const struct tnd_conf *conf);

#endif
