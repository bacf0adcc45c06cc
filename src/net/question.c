/* What is asked of the nodes of all workers. */
#include "net/question.h"

#include <stdlib.h>
#include <string.h>

enum { PART_SIZE = TND_SERVER_WHY_COUNT_MAX * sizeof(struct tnd_why) };

struct tnd_question *tnd_question_new(struct tnd_slice call_id, unsigned workers)
{
    struct tnd_question *q = calloc(1, sizeof(*q));
    char *copy = q ? malloc(call_id.len + 1) : NULL;

    if (!q)
        return NULL;
    q->count = workers;
    q->parts = calloc(workers, sizeof(*q->parts));
    q->list = malloc((size_t)workers * PART_SIZE);
    if (copy && call_id.len > 0)
        memcpy(copy, call_id.ptr, call_id.len);
    q->call_id = tnd_slice(copy, call_id.len);
    if (!copy || !q->parts || !q->list) {
        tnd_question_free(&q);
        return NULL;
    }
    atomic_init(&q->waiting, workers);
    for (unsigned i = 0; i < workers; i++) {
        q->parts[i].question = q;
        q->parts[i].list = q->list + (size_t)i * TND_SERVER_WHY_COUNT_MAX;
    }
    return q;
}

void tnd_question_free(struct tnd_question **question)
{
    struct tnd_question *q = *question;

    *question = NULL;
    if (!q)
        return;
    free((char *)q->call_id.ptr);
    free(q->parts);
    free(q->list);
    free(q);
}

bool tnd_question_answer(struct tnd_question_part *part, const struct tnd_node *node, tnd_time now,
                         int64_t wall)
{
    struct tnd_question *q = part->question;

    part->count = tnd_node_whys(node, q->call_id, part->list, TND_SERVER_WHY_COUNT_MAX);
    for (size_t i = 0; i < part->count; i++)
        part->list[i].at += wall - now;
    part->since[0] = tnd_node_why_since(node, true) + wall - now;
    part->since[1] = tnd_node_why_since(node, false) + wall - now;
    return atomic_fetch_sub(&q->waiting, 1) == 1;
}

bool tnd_question_is_answered(const struct tnd_question *q)
{
    return atomic_load(&q->waiting) == 0;
}

/* Records of two workers at one time have no order, but of one worker they have. */
static int compare(const void *a, const void *b)
{
    const struct tnd_why *x = a, *y = b;

    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

struct tnd_server_whys tnd_question_sum(struct tnd_question *q)
{
    struct tnd_server_whys sum = {.list = q->list};

    for (unsigned i = 0; i < q->count; i++) {
        const struct tnd_question_part *part = &q->parts[i];

        memmove(q->list + sum.count, part->list, part->count * sizeof(*q->list));
        sum.count += part->count;
        for (int k = 0; k < 2; k++)
            if (i == 0 || part->since[k] > sum.since[k])
                sum.since[k] = part->since[k];
    }
    qsort(q->list, sum.count, sizeof(*q->list), compare);
    return sum;
}
