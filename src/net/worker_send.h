/* What a worker's node sends leaves by what fits: a socket, a connection, another worker that has it. */
#ifndef NET_WORKER_SEND_H
#define NET_WORKER_SEND_H

#include "net/worker.h"

/* Borrows its bytes until all is flushed. */
void tnd_worker_send(struct tnd_worker *w, const struct tnd_output *out);

#endif
