/* Where the messages of a diagnosis come from: a capture (pcap, pcapng), a text log, either of them on standard
 * input, or an interface, live. What it is, the first bytes say; who asks need not know.
 *
 *     struct capture_file *file = capture_file_open(&place, &why);     NULL: why says why
 *     while ((got = capture_file_next(file, &seen)) == CAPTURE_FILE_SEEN || got == CAPTURE_FILE_IDLE)
 *         ...
 *     if (got == CAPTURE_FILE_BROKEN)
 *         capture_file_why(file), at byte capture_file_progress(file).fault_at; all before it was given out
 *     capture_file_close(&file);
 */
#ifndef CLI_CAPTURE_FILE_H
#define CLI_CAPTURE_FILE_H

#include "diag/diag.h"

struct capture_file;

/* One of the two. Borrowed for the call. */
struct capture_file_place {
    const char *path;      /* "-": standard input */
    const char *interface; /* "eth0", "any": live, which needs the right to it */
    const char *filter;    /* as tcpdump has it; of a log it says nothing; NULL: all */
};

enum capture_file_kind {
    CAPTURE_FILE_PACKETS, /* a capture */
    CAPTURE_FILE_LOG,     /* text: also what is neither, and has no message in it */
    CAPTURE_FILE_LIVE,
};

/* NULL: it cannot be opened, or is a capture whose head cannot be read; *ret_why is one line without a full
 * stop, until the next call. An empty file is a log without messages. */
struct capture_file *capture_file_open(const struct capture_file_place *place,
                                       const char **ret_why);
void capture_file_close(struct capture_file **file); /* sets it to NULL; of NULL: fine */

enum capture_file_got {
    CAPTURE_FILE_SEEN, /* ret is filled; it borrows until the next call */
    CAPTURE_FILE_IDLE, /* live only: no message came within a tenth of a second, or a signal did */
    CAPTURE_FILE_END,  /* that was all */
    CAPTURE_FILE_BROKEN, /* the rest cannot be read; what was read before it was given out */
};

/* The next message. Its number is that of the packet in which it ended, as Wireshark counts them (a filter
 * changes no number), or of the
 * line of the log in which it begins. After END or BROKEN the same again. */
enum capture_file_got capture_file_next(struct capture_file *file, struct tnd_diag_seen *ret);

/* One line: what is broken. "" if nothing is. Until the file is closed. */
const char *capture_file_why(const struct capture_file *file);

struct capture_file_progress {
    enum capture_file_kind kind;
    uint64_t bytes;          /* read so far */
    uint64_t size;           /* of the file; 0: not known, as of standard input or live */
    uint64_t fault_at;       /* BROKEN: the byte where what cannot be read begins */
    uint64_t packets;        /* or lines of a log */
    uint64_t messages;       /* given out */
    uint64_t unread;         /* packets that are damaged, or of a link that is not known */
    uint64_t gaps;           /* in connections: segments that the capture does not have */
    uint64_t fragments_lost; /* datagrams that stayed in pieces */
    uint64_t encrypted;      /* sides of connections that speak TLS, which nobody can read here */
    uint64_t dropped;        /* live: packets that the system had no room for */
};

/* Cheap: ask as often as you like. */
struct capture_file_progress capture_file_progress(const struct capture_file *file);

#endif
