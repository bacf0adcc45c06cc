/* The control socket: a Unix socket by which commands on the same machine ask the server. A client sends
 * one line, gets one answer, and is closed. The thread that has it never waits for a client:
 *
 *     wait until tnd_control_fd() is readable, or tnd_control_wait_ms() is over
 *     tnd_control_step(c)
 *     if ((line = tnd_control_next(c)).ptr)
 *         find the answer, in whatever time
 *     tnd_control_answer(c, answer)
 *
 * Only the user of the server and root may ask: the file is theirs alone, and who connects is asked for. */
#ifndef NET_CONTROL_H
#define NET_CONTROL_H

#include <sys/un.h>

#include "tandem/base.h"

enum {
    TND_CONTROL_LINE_MAX = 1024,       /* bytes, with its end */
    TND_CONTROL_CLIENT_COUNT_MAX = 16, /* others wait until one has gone */
    TND_CONTROL_IDLE_SECONDS = 10,     /* without a byte; then it is closed */
    TND_CONTROL_ANSWER_MAX = 64 << 20,
};

struct tnd_control;

/* Listens at path. What a server that is dead has left there is replaced. TND_EEXISTS: a server that lives
 * listens there; TND_ENONE: it cannot be, ret_error is an errno; TND_ENOMEM. ret is untouched then. */
int tnd_control_open(const char *path, int *ret_error, struct tnd_control **ret);

/* Removes the file too. Sets *c to NULL. Of NULL: fine. */
void tnd_control_close(struct tnd_control **c);

/* Of NULL: -1, as poll(2) has it. */
int tnd_control_fd(const struct tnd_control *c);

/* -1: as long as you like. Of NULL likewise. */
int tnd_control_wait_ms(const struct tnd_control *c);

/* Does what there is to do. Of NULL: nothing. */
void tnd_control_step(struct tnd_control *c);

/* The next line, without its end; then none until it has been answered. Good until then. Absent: none;
 * of NULL too. */
struct tnd_slice tnd_control_next(struct tnd_control *c);

/* Copies answer. Who asked may be gone. */
void tnd_control_answer(struct tnd_control *c, struct tnd_slice answer);

/* Of a command: sends line, which has no end, and reads all of the answer, which the caller frees.
 * TND_ENONE: nobody answers there, ret_error is an errno; TND_ENOMEM. ret is untouched then. */
int tnd_control_ask(const char *path, struct tnd_slice line, int *ret_error, struct tnd_slice *ret);

/* Whether somebody listens at path. 0, or an errno: why not. */
int tnd_control_probe(const char *path);

/* Of both sides: the address of path, however long that is. *ret_fd is to be closed after its use;
 * -1: nothing is. 0, or an errno. */
int tnd_control_address(const char *path, struct sockaddr_un *ret, int *ret_fd);

#endif
