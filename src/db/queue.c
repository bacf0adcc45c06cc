/* Queues: changes of one thread on their way to the writer, and back.
 *
 * Changes are gathered until their thread looks for answers, or says so: then all go at once, and
 * the writer is woken once, if it sleeps. It gives back all of a queue at once, too. Both ways are
 * lists under a lock that is held for a few instructions.
 *
 * Where nobody need wait for a disk there is no way to go: the thread applies them itself. */
#include <stdlib.h>
#include <unistd.h>

#include "base/assert.h"
#include "db/inside.h"

enum { RECORD_ROOM = 64 }; /* of a binding, besides its texts; nearly always enough */

struct tnd_db_queue {
    struct tnd_db *db;
    atomic_uint holds; /* of its thread, and of each change that has not come back */

    /* of its thread */
    size_t count;         /* of changes that were put and whose answers were not dropped */
    struct db_work *work; /* NULL: the writer has one */
    unsigned unsent_count;
    struct db_changes unsent;
    struct db_changes answers;
    struct db_change *given;

    pthread_mutex_t lock; /* of these */
    struct db_changes done;
    int wake; /* -1: nobody takes them any more */

    /* of the writer */
    struct tnd_db_queue *next_to_wake;
    unsigned to_give_count;
    struct db_changes to_give;
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

static void drop_after(struct db_change *c)
{
    if (c->after.ptr != c->room)
        free((char *)(uintptr_t)c->after.ptr);
    c->after = tnd_slice(NULL, 0);
}

bool db_change_keep_after(struct db_change *c, struct tnd_slice record)
{
    drop_after(c);
    if (record.len == 0)
        return true;
    char *at = record.len <= c->room_size ? c->room : malloc(record.len);
    if (!at)
        return false;
    memcpy(at, record.ptr, record.len);
    c->after = tnd_slice(at, record.len);
    return true;
}

static void change_free(struct db_change *c)
{
    if (!c)
        return;
    drop_after(c);
    free(c);
}

static void changes_free(struct db_changes *list)
{
    struct db_change *c;

    while ((c = db_changes_take(list)))
        change_free(c);
}

static void release(struct tnd_db_queue *q, unsigned count)
{
    if (atomic_fetch_sub(&q->holds, count) > count)
        return;
    changes_free(&q->done);
    db_work_free(q->work);
    pthread_mutex_destroy(&q->lock);
    free(q);
}

int tnd_db_queue_new(struct tnd_db *db, int wake, struct tnd_db_queue **ret)
{
    struct tnd_db_queue *q = calloc(1, sizeof(*q));

    bool is_instant = db->kv->driver->is_instant;

    if (!q || (is_instant && !(q->work = db_work_new()))) {
        free(q);
        return TND_ENOMEM;
    }
    q->db = db;
    q->wake = wake;
    atomic_init(&q->holds, 1);
    db_changes_init(&q->unsent);
    db_changes_init(&q->answers);
    db_changes_init(&q->done);
    db_changes_init(&q->to_give);
    pthread_mutex_init(&q->lock, NULL);
    *ret = q;
    return 0;
}

void tnd_db_queue_free(struct tnd_db_queue **queue)
{
    struct tnd_db_queue *q = *queue;

    if (!q)
        return;
    tnd_db_queue_send(q);
    pthread_mutex_lock(&q->lock);
    q->wake = -1;
    pthread_mutex_unlock(&q->lock);
    changes_free(&q->answers);
    change_free(q->given);
    release(q, 1);
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

/* A copy in one piece, with room for the record if there are no other bindings. NULL: no memory. */
static struct db_change *copy(const struct tnd_store_op *op)
{
    size_t count = op->change->count, texts = texts_of(op);
    size_t room = texts + (count + 1) * RECORD_ROOM;
    struct db_change *c = malloc(sizeof(*c) + count * sizeof(struct tnd_binding) + texts + room);

    if (!c)
        return NULL;
    *c = (struct db_change){.now = op->now, .change = *op->change, .room_size = room};
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
    c->room = at;
    return c;
}

/* false: nobody writes. */
static bool hand_over(struct tnd_db *db, struct db_changes *changes, size_t count)
{
    pthread_mutex_lock(&db->lock);
    bool is_running = db->is_running, wakes = false;
    if (is_running) {
        db_changes_move(&db->waiting, changes);
        db->waiting_count += count;
        wakes = db->is_asleep && db->waiting_count >= db->wanted;
        db->is_asleep &= !wakes;
    }
    pthread_mutex_unlock(&db->lock);
    if (wakes)
        pthread_cond_signal(&db->news);
    return is_running;
}

/* Those that cannot go anywhere are answered as they are: they have failed. */
void tnd_db_queue_send(struct tnd_db_queue *q)
{
    unsigned count = q->unsent_count;

    if (count == 0)
        return;
    q->unsent_count = 0;
    if (q->work) {
        if (q->db->is_running)
            db_apply_changes(q->db, q->work, &q->unsent);
    } else {
        atomic_fetch_add(&q->holds, count);
        if (hand_over(q->db, &q->unsent, count))
            return;
        release(q, count);
    }
    db_changes_move(&q->answers, &q->unsent);
}

bool tnd_db_queue_put(struct tnd_db_queue *q, const struct tnd_store_op *op, uint64_t token)
{
    TND_ASSERT(op->kind == TND_STORE_CHANGE && op->aor.len <= TND_AOR_LEN_MAX);
    bool is_taken = q->count < TND_DB_QUEUE_COUNT_MAX && atomic_load(&q->db->is_running);
    struct db_change *c = is_taken ? copy(op) : NULL;
    if (!c)
        return false;
    c->queue = q;
    c->token = token;
    c->result = TND_STORE_FAILED;
    db_changes_add(&q->unsent, c);
    q->unsent_count++;
    q->count++;
    return true;
}

/* To its queue, which is noted in *to_wake. */
static void give_one(struct db_change *c, struct tnd_db_queue **to_wake)
{
    struct tnd_db_queue *q = c->queue;

    db_changes_add(&q->to_give, c);
    if (q->to_give_count++ > 0)
        return;
    q->next_to_wake = *to_wake;
    *to_wake = q;
}

static void give_all(struct tnd_db_queue *q)
{
    unsigned count = q->to_give_count;
    uint64_t one = 1;

    q->to_give_count = 0;
    pthread_mutex_lock(&q->lock); /* nobody closes wake now */
    db_changes_move(&q->done, &q->to_give);
    if (q->wake >= 0 && write(q->wake, &one, sizeof(one)) < 0)
        one = 0; /* it is full: then it is awake */
    pthread_mutex_unlock(&q->lock);
    release(q, count);
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
        give_all(q);
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
        q->given = NULL;
    }
    tnd_db_queue_send(q);
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
