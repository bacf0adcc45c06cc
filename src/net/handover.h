/* What workers hand to one another. */
#ifndef NET_HANDOVER_H
#define NET_HANDOVER_H

#include "net/worker.h"

/* The rings to w. TND_ENOMEM: call fini. */
int tnd_handover_init(struct tnd_worker *w);
void tnd_handover_fini(struct tnd_worker *w);

/* To the worker of a call: what came to a socket, or over a connection. */
void tnd_handover_datagram(struct tnd_worker *w, unsigned to, const struct tnd_datagram *d);
void tnd_handover_message(struct tnd_worker *w, unsigned to, const struct tnd_flow *flow,
                          struct tnd_slice bytes);

/* To the worker of a connection: what out sends, over flow. */
void tnd_handover_send(struct tnd_worker *w, uint64_t flow, const struct tnd_output *out);
void tnd_handover_close(struct tnd_worker *w, uint64_t flow);

/* To the worker whose node sent it. */
void tnd_handover_failed(struct tnd_worker *w, const struct tnd_failed_send *failed);

/* Does what others have handed to w, some of it. */
void tnd_handover_read(struct tnd_worker *w);

/* Whether there is more. Asked after w has said that it sleeps; and by another thread once nobody
 * hands anything over any more. */
bool tnd_handover_waits(const struct tnd_worker *w);

/* Whether so much waits, at others for w or at w for others, that w should read no more messages
 * from connections before some of it is done: unlike a datagram, what a full ring loses of them
 * nobody sends again. */
bool tnd_handover_is_behind(const struct tnd_worker *w);

/* Wakes those who sleep and were handed something. How much was lost since the last call. */
uint64_t tnd_handover_wake(struct tnd_worker *w);

/* Of worker.c, for what was handed over: */
bool tnd_worker_parse(struct tnd_worker *w, struct tnd_slice bytes, struct tnd_msg *ret);
void tnd_worker_feed(struct tnd_worker *w, const struct tnd_flow *flow, struct tnd_msg *msg);

#endif
