/* Moments as people write them: ISO 8601. */
#ifndef WEB_MOMENT_H
#define WEB_MOMENT_H

#include "tandem/base.h"

enum { MOMENT_SIZE = 32 };

/* Reads "2026-12-01T18:00", with or without seconds, and a zone: Z, +01:00, +0100 or +01; none: local
 * time. NULL and seconds since 1970 in ret; or what is wrong, and ret is untouched. */
const char *moment_read(const char *text, int64_t *ret);

/* Writes a moment so that it can be read back: "2026-12-01T18:00+01:00" in local time, or
 * "2026-12-01T17:00:00Z". Terminated. */
const char *moment_write(char room[MOMENT_SIZE], int64_t moment, bool local);

/* "3h 20m", "59m 30s", "30s". Terminated. */
const char *moment_write_span(char room[MOMENT_SIZE], int64_t seconds);

#endif
