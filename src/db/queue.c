/* Queues: changes of one thread on their way to the writer, and back.
 *
 * Both ways are lists under a lock that is held for a few instructions; who puts wakes the writer
 * only if it sleeps, who gives back wakes each queue once for a batch. */
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"
#include "db/inside.h"

struct tnd_db_queue {
    struct tnd_db *db;
    atomic_uint holds; /* of its thread, and of each change that has not come back */

    /* of its thread */
    size_t count; /* of changes that were put and whose answers were not dropped */
    struct db_changes answers;
    struct db_change *given;

    pthread_mutex_t lock; /* of these */
    struct db_changes done;
    int wake; /* -1: nobody takes them any more */

    /* of the writer */
    struct tnd_db_queue *next_to_wake;
    bool is_to_wake;
};

void db_changes_init(struct db_changes *list)
{
    list->first = NULL;
    list->last = &list->first;
}

void db_changes_add(struct db_changes *list, struct db_change *c)
{
    c->next = NULL;
    *list->last = c;
    list->last = &c->next;
}

struct db_change *db_changes_take(struct db_changes *list)
{
    struct db_change *c = list->first;

    if (!c)
        return NULL;
    list->first = c->next;
    if (!list->first)
        list->last = &list->first;
    return c;
}

void db_changes_move(struct db_changes *to, struct db_changes *from)
{
    if (!from->first)
        return;
    *to->last = from->first;
    to->last = from->last;
    db_changes_init(from);
}

static void change_free(struct db_change *c)
{
    if (!c)
        return;
    free((char *)(uintptr_t)c->after.ptr);
    free(c);
}

static void changes_free(struct db_changes *list)
{
    struct db_change *c;

    while ((c = db_changes_take(list)))
        change_free(c);
}

static void release(struct tnd_db_queue *q)
{
    if (atomic_fetch_sub(&q->holds, 1) > 1)
        return;
    changes_free(&q->done);
    pthread_mutex_destroy(&q->lock);
    free(q);
}

int tnd_db_queue_new(struct tnd_db *db, int wake, struct tnd_db_queue **ret)
{
    struct tnd_db_queue *q = calloc(1, sizeof(*q));

    if (!q)
        return TND_ENOMEM;
    q->db = db;
    q->wake = wake;
    atomic_init(&q->holds, 1);
    db_changes_init(&q->answers);
    db_changes_init(&q->done);
    pthread_mutex_init(&q->lock, NULL);
    *ret = q;
    return 0;
}

void tnd_db_queue_free(struct tnd_db_queue **queue)
{
    struct tnd_db_queue *q = *queue;

    if (!q)
        return;
    pthread_mutex_lock(&q->lock);
    q->wake = -1;
    pthread_mutex_unlock(&q->lock);
    changes_free(&q->answers);
    change_free(q->given);
    release(q);
    *queue = NULL;
}

static size_t texts_of(const struct tnd_store_op *op)
{
    size_t len = op->aor.len + op->change->call_id.len;

    for (size_t i = 0; i < op->change->count; i++) {
        const struct tnd_binding *b = &op->change->contacts[i];

        len += b->uri.len + b->call_id.len + b->path.len + b->params.len;
    }
    return len;
}

static struct tnd_slice keep(char **at, struct tnd_slice text)
{
    struct tnd_slice kept = tnd_slice(text.ptr ? *at : NULL, text.len);

    if (text.len > 0)
        memcpy(*at, text.ptr, text.len);
    *at += text.len;
    return kept;
}

/* A copy in one piece. NULL: no memory. */
static struct db_change *copy(const struct tnd_store_op *op)
{
    size_t count = op->change->count;
    struct db_change *c = malloc(sizeof(*c) + count * sizeof(struct tnd_binding) + texts_of(op));

    if (!c)
        return NULL;
    *c = (struct db_change){.now = op->now, .change = *op->change};
    char *at = (char *)&c->contacts[count];
    c->aor = keep(&at, op->aor);
    c->change.call_id = keep(&at, op->change->call_id);
    c->change.contacts = c->contacts;
    for (size_t i = 0; i < count; i++) {
        struct tnd_binding *b = &c->contacts[i];

        *b = op->change->contacts[i];
        b->uri = keep(&at, b->uri);
        b->call_id = keep(&at, b->call_id);
        b->path = keep(&at, b->path);
        b->params = keep(&at, b->params);
    }
    return c;
}

/* false: nobody writes. */
static bool hand_over(struct tnd_db *db, struct db_change *c)
{
    pthread_mutex_lock(&db->lock);
    bool is_running = db->is_running;
    if (is_running) {
        db_changes_add(&db->waiting, c);
        if (db->is_asleep)
            pthread_cond_signal(&db->news);
        db->is_asleep = false;
    }
    pthread_mutex_unlock(&db->lock);
    return is_running;
}

bool tnd_db_queue_put(struct tnd_db_queue *q, const struct tnd_store_op *op, uint64_t token)
{
    TND_ASSERT(op->kind == TND_STORE_CHANGE && op->aor.len <= TND_AOR_LEN_MAX);
    struct db_change *c = q->count < TND_DB_QUEUE_COUNT_MAX ? copy(op) : NULL;
    if (!c)
        return false;
    c->queue = q;
    c->token = token;
    atomic_fetch_add(&q->holds, 1);
    if (!hand_over(q->db, c)) {
        change_free(c);
        release(q);
        return false;
    }
    q->count++;
    return true;
}

/* To its queue, which is noted in *to_wake, and then held until it was woken. */
static void give_one(struct db_change *c, struct tnd_db_queue **to_wake)
{
    struct tnd_db_queue *q = c->queue;

    pthread_mutex_lock(&q->lock);
    db_changes_add(&q->done, c);
    pthread_mutex_unlock(&q->lock);
    if (q->is_to_wake) {
        release(q); /* not the last hold */
        return;
    }
    q->is_to_wake = true;
    q->next_to_wake = *to_wake;
    *to_wake = q;
}

static void wake(struct tnd_db_queue *q)
{
    uint64_t one = 1;

    q->is_to_wake = false;
    pthread_mutex_lock(&q->lock); /* nobody closes it now */
    if (q->wake >= 0 && write(q->wake, &one, sizeof(one)) < 0)
        one = 0; /* it is full: then it is awake */
    pthread_mutex_unlock(&q->lock);
    release(q);
}

void db_queue_give(struct db_changes *done)
{
    struct tnd_db_queue *to_wake = NULL;
    struct db_change *c;

    while ((c = db_changes_take(done)))
        give_one(c, &to_wake);
    while (to_wake) {
        struct tnd_db_queue *q = to_wake;

        to_wake = q->next_to_wake;
        wake(q);
    }
}

/* What is there after the change; one whose answer cannot be told counts as failed. */
static enum tnd_store_result read_after(const struct db_change *c, struct tnd_arena *a,
                                        struct tnd_entry *ret)
{
    struct tnd_binding *bindings;

    if (c->result != TND_STORE_OK || !c->after.ptr)
        return c->result;
    if (tnd_bindings_record_read(c->after, a, &bindings, &ret->binding_count))
        return TND_STORE_FAILED;
    ret->bindings = bindings;
    return TND_STORE_OK;
}

bool tnd_db_queue_next(struct tnd_db_queue *q, struct tnd_arena *a, uint64_t *ret_token,
                       struct tnd_store_answer *ret)
{
    if (q->given) {
        change_free(q->given);
        q->count--;
    }
    if (!q->answers.first) {
        pthread_mutex_lock(&q->lock);
        db_changes_move(&q->answers, &q->done);
        pthread_mutex_unlock(&q->lock);
    }
    q->given = db_changes_take(&q->answers);
    if (!q->given)
        return false;
    *ret_token = q->given->token;
    *ret = (struct tnd_store_answer){.result = TND_STORE_OK};
    ret->result = (uint8_t)read_after(q->given, a, &ret->entry);
    return true;
}
