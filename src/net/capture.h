/* Captures: what a phone sends and gets, as packets in a file that tcpdump and Wireshark read. Not what
 * was on the wire but what the program saw: each message in one packet of its own, with the addresses, ports
 * and checksums that it would have had. */
#ifndef NET_CAPTURE_H
#define NET_CAPTURE_H

#include "net/seen.h"

struct tnd_capture;

/* NULL: it cannot be written; why is in *ret_why, until the next call. */
struct tnd_capture *tnd_capture_open(const char *path, const char **ret_why);

/* wall: when, in microseconds since 1970. */
void tnd_capture_add(struct tnd_capture *c, const struct tnd_seen *seen, int64_t wall);

/* 0, or an errno: not everything was written. Sets *c to NULL. Of NULL: fine. */
int tnd_capture_close(struct tnd_capture **c);

#endif
