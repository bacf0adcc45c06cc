/* The bytes of a file or of standard input, whose first ones were looked at before they are read. */
#ifndef CLI_CAPTURE_INPUT_H
#define CLI_CAPTURE_INPUT_H

#include <stdio.h>

#include "tandem/base.h"

enum { CAPTURE_INPUT_HEAD_LEN = 4 };

struct capture_input {
    int fd;
    int failed;                        /* errno of a read; 0: none */
    char head[CAPTURE_INPUT_HEAD_LEN]; /* what was looked at */
    size_t head_len, head_at;
    uint64_t given; /* bytes */
    uint64_t size;  /* of the file; 0: not known */
    char *room;     /* of the stream */
};

/* path "-": standard input. false: errno says why. */
bool capture_input_open(struct capture_input *in, const char *path);
void capture_input_close(struct capture_input *in);

/* So many bytes at the most. 0: there are none any more, or in->failed says why they cannot be read. */
size_t capture_input_read(struct capture_input *in, char *room, size_t size);

/* A stream of it, which knows where it is though it cannot seek. NULL: no memory. Borrows in; closing it leaves
 * in open. */
FILE *capture_input_stream(struct capture_input *in);

#endif
