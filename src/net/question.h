/* A question to the nodes of all workers: the records of why of a call. Who asks puts a part of it before
 * each worker and wakes it; a worker answers its part when it has the time, in its own thread, so
 * that no node is looked at by two. */
#ifndef NET_QUESTION_H
#define NET_QUESTION_H

#include <stdatomic.h>

#include "net/server.h"

struct tnd_question;

struct tnd_question_part {
    struct tnd_question *question;
    size_t count;
    struct tnd_why *list; /* room for TND_SERVER_WHY_COUNT_MAX */
    int64_t since[2];     /* of those that were answered, and of others */
};

struct tnd_question {
    struct tnd_slice call_id;
    atomic_uint waiting; /* parts without an answer */
    unsigned count;      /* of parts */
    struct tnd_question_part *parts;
    struct tnd_why *list; /* of all parts */
};

/* For so many workers; copies call_id. NULL: no memory. */
struct tnd_question *tnd_question_new(struct tnd_slice call_id, unsigned workers);

/* Every part was answered, or whom it was put before has ended. Sets *q to NULL. Of NULL: fine. */
void tnd_question_free(struct tnd_question **q);

/* Of a worker, whose clock says now, that of the day wall. Whether all parts have been answered; if
 * not the question is not to be looked at any more. */
bool tnd_question_answer(struct tnd_question_part *part, const struct tnd_node *node, tnd_time now,
                         int64_t wall);

bool tnd_question_is_answered(const struct tnd_question *q);

/* All parts as one, once all are answered. Borrows from q. */
struct tnd_server_whys tnd_question_sum(struct tnd_question *q);

#endif
