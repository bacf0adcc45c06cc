/* Times as logs write them. */
#ifndef TRACE_LOG_TIME_H
#define TRACE_LOG_TIME_H

#include "tandem/base.h"

struct tnd_log_time {
    int64_t day;    /* since 1970-01-01; INT64_MIN: not said. Without a year it is one of 1970 */
    int64_t of_day; /* microseconds; a zone is taken into account, and may make it negative */
};

/* The time that text begins with: "2026-11-26 10:00:00.123", with slashes or a T and a zone too, "Nov 26 10:00:00",
 * with a year behind it too, "10:00:00.123456", "1796551200.123456". false: there is none. */
bool tnd_log_time_read(struct tnd_slice text, struct tnd_log_time *ret);

/* The first one in the front of a line. Where one has a day, and one before it has not, that with the day. */
bool tnd_log_time_find(struct tnd_slice line, struct tnd_log_time *ret);

#endif
