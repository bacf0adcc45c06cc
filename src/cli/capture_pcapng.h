/* Packets of a file in pcapng, those of each interface with the filter of their own kind. */
#ifndef CLI_CAPTURE_PCAPNG_H
#define CLI_CAPTURE_PCAPNG_H

#include "cli/capture_input.h"
#include "trace/pcapng.h"

struct capture_pcapng;

/* Keeps in, copies filter (as tcpdump has it; NULL: all). NULL: *ret_why says why, until the next call: what the file
 * begins with is broken, or the filter is none. */
struct capture_pcapng *capture_pcapng_open(struct capture_input *in, const char *filter,
                                           const char **ret_why);
void capture_pcapng_close(struct capture_pcapng **c); /* of NULL: fine */

enum capture_pcapng_got {
    CAPTURE_PCAPNG_FRAME, /* ret, until the next call */
    CAPTURE_PCAPNG_END,
    CAPTURE_PCAPNG_BROKEN, /* *ret_why is one line, until c is closed */
};

/* The next packet that the filter lets pass; its number counts all. */
enum capture_pcapng_got capture_pcapng_next(struct capture_pcapng *c, struct tnd_frame *ret,
                                            const char **ret_why);

/* Where in the file the block begins that was read last. */
uint64_t capture_pcapng_at(const struct capture_pcapng *c);

/* Packets so far. */
uint64_t capture_pcapng_count(const struct capture_pcapng *c);

#endif
