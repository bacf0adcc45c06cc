/* The log of a server: a line on standard error for each thing that is to be told, as text, or as a JSON object
 * ("log: {format: json}"). Any thread may tell; a line is whole whatever others say. */
#ifndef CLI_SERVE_LOG_H
#define CLI_SERVE_LOG_H

#include <stdatomic.h>

#include "net/server.h"

struct serve_log {
    _Atomic enum tnd_server_level level; /* what is below is not told */
    atomic_bool is_json;
    size_t lines_lost; /* since one was written; under the lock of stderr */
};

/* Before the first line. */
void serve_log_start(struct serve_log *log);

/* As struct tnd_server_log has it: text is one line, and may be a peer's. */
void serve_log_say(void *log, enum tnd_server_level level, struct tnd_slice text);

__attribute__((format(printf, 3, 4))) void serve_log_note(struct serve_log *log,
                                                          enum tnd_server_level level,
                                                          const char *format, ...);

/* What "tandem: ready" and its like are: said at every level, for programs wait for them. */
void serve_log_announce(struct serve_log *log, const char *text);

#endif
