/* The messages of several captures and logs, in the order of time. */
#ifndef CLI_DIAGNOSE_READ_H
#define CLI_DIAGNOSE_READ_H

#include "cli/capture_file.h"

enum { DIAGNOSE_FILE_COUNT_MAX = 64 };

struct diagnose_reader {
    struct diagnose_source {
        const char *name;
        struct capture_file *file;
        enum capture_file_got got;
        struct tnd_diag_seen seen; /* the next one, if got says so */
    } source[DIAGNOSE_FILE_COUNT_MAX];
    size_t count;
    struct diagnose_source *last; /* whose message was given out */
};

/* One more, of DIAGNOSE_FILE_COUNT_MAX. An exit status, after a line. place borrows until the end. */
int diagnose_read_open(struct diagnose_reader *r, const struct capture_file_place *place);

/* The oldest message of all files, good until the next call; NULL: there is no more. */
const struct tnd_diag_seen *diagnose_read_next(struct diagnose_reader *r);

/* Of the one source, an interface. ret: good until the next call, where there is one. */
enum capture_file_got diagnose_read_live(struct diagnose_reader *r,
                                         const struct tnd_diag_seen **ret);

/* Of all files: bytes and size. */
struct capture_file_progress diagnose_read_progress(const struct diagnose_reader *r);

/* Says of each what could not be read of it, a line each. CLI_USAGE: of one nothing could. */
int diagnose_read_close(struct diagnose_reader *r);

#endif
