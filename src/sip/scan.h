/* Scanning: the one look at every byte of a header section.
 *
 * A scan finds the line ends and the *marks*, one bit for each byte, 64 bytes a word. A
 * mark is a byte that may end a token or a component of a URI: everything but letters,
 * digits and - . _ ~ ! * ' +. Readers then hop from mark to mark instead of looking at each
 * character, and what lies between two marks is known to be harmless.
 *
 * Instructions that not every processor has are here only. scan_avx512.c, scan_avx2.c and
 * scan_portable.c compile the same loop, scan_loop.h, around another classify(); which one
 * runs is chosen at run time, and a test holds them to the same answer. With wide vectors
 * the marks cost next to nothing; without, they are most of the work, and most are never
 * asked for. So the portable scan leaves them out, and a reader has the marks of 64 bytes
 * made where it stands (tnd_aim).
 *
 * Rejected: marking colons, commas and so on apart. It costs more here than the one byte
 * that a reader looks at where it lands. */
#ifndef SIP_SCAN_H
#define SIP_SCAN_H

#include "tandem/base.h"

enum { TND_SCAN_BLOCK = 64 };

/* The words that a scan of len bytes writes to each of marks and line_ends. Two more than
 * the blocks, so that 64 bits from just behind the last byte are there, and zeros. */
static inline size_t tnd_scan_words(size_t len)
{
    return len / TND_SCAN_BLOCK + 3;
}

struct tnd_scan {
    uint64_t *marks;     /* room for tnd_scan_words(len) words; NULL afterwards: not made */
    uint64_t *line_ends; /* the same room; one bit for each LF */
    size_t header_len;   /* up to and with the empty line; 0: there is no empty line yet */
    size_t line_count;   /* LF seen, up to and with that of the empty line */
    bool odd;            /* a bare CR or LF, or a control character, may be in there */
    bool beyond_ascii;   /* so may a byte above 127 */
};

/* Scans text up to and with its first empty line, else all of it. Reads text only, not one
 * byte behind it. odd and beyond_ascii may be true for a byte up to 63 bytes behind
 * header_len: they ask for a closer look, they are not a verdict. */
void tnd_scan(struct tnd_slice text, struct tnd_scan *scan);

void tnd_scan_avx512(struct tnd_slice text, struct tnd_scan *scan);
void tnd_scan_avx2(struct tnd_slice text, struct tnd_scan *scan);
void tnd_scan_portable(struct tnd_slice text, struct tnd_scan *scan);

/* The marks of the 64 bytes at p, for who has none. Reads nothing from limit on; there, all
 * are marks. */
uint64_t tnd_marks_at(const char *p, const char *limit);

#endif
