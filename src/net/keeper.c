/* What a node asks of the store. */
#include "net/keeper.h"

#include <stdlib.h>

#include "base/assert.h"
#include "net/clock.h"
#include "net/heap.h"

enum {
    ARENA_SIZE = 16 << 10,    /* of what is found; nearly always enough */
    ARENA_SIZE_MAX = 2 << 20, /* of an entry that is as large as one can become */
};

/* What is to be found, or a change that has failed already. */
struct tnd_keeper_ask {
    uint64_t token;
    int64_t now;
    bool is_change;
    uint16_t aor_len;
    char aor[TND_AOR_LEN_MAX];
};

int tnd_keeper_init(struct tnd_keeper *k, struct tnd_db *db, int wake)
{
    *k = (struct tnd_keeper){.reader = NULL};
    k->a_first = malloc(ARENA_SIZE);
    k->asks = malloc(TND_KEEPER_COUNT_MAX * sizeof(*k->asks)); /* it is memory when it is used */
    if (!k->a_first || !k->asks)
        return TND_ENOMEM;
    tnd_arena_init(&k->a, k->a_first, ARENA_SIZE, &tnd_heap, ARENA_SIZE_MAX);
    if (!db)
        return 0;
    int err = tnd_db_reader_new(db, &k->reader);
    return err ? err : tnd_db_queue_new(db, wake, &k->queue);
}

void tnd_keeper_fini(struct tnd_keeper *k)
{
    tnd_db_reader_free(&k->reader);
    tnd_db_queue_free(&k->queue);
    tnd_arena_fini(&k->a);
    free(k->a_first);
    free(k->asks);
    *k = (struct tnd_keeper){.reader = NULL};
}

/* Room for one more; NULL: there is none. */
static struct tnd_keeper_ask *add(struct tnd_keeper *k)
{
    if (k->end == TND_KEEPER_COUNT_MAX) {
        memmove(k->asks, k->asks + k->first, (k->end - k->first) * sizeof(*k->asks));
        k->end -= k->first;
        k->first = 0;
    }
    return k->end < TND_KEEPER_COUNT_MAX ? &k->asks[k->end++] : NULL;
}

/* Starts to time a change, unless another is timed. */
static void time_change(struct tnd_keeper *k, uint64_t token)
{
    if (k->timed_since != 0)
        return;
    k->timed = token;
    k->timed_since = tnd_clock();
}

void tnd_keeper_ask(struct tnd_keeper *k, const struct tnd_store_op *op, uint64_t token)
{
    bool is_change = op->kind == TND_STORE_CHANGE;

    TND_ASSERT(op->aor.len <= TND_AOR_LEN_MAX);
    if (is_change && k->queue && tnd_db_queue_put(k->queue, op, token)) {
        k->waiting++;
        time_change(k, token);
        return;
    }
    struct tnd_keeper_ask *ask = add(k);
    if (!ask) {
        tnd_count_add(&k->stats.lost, 1);
        return;
    }
    ask->token = token;
    ask->now = op->now;
    ask->is_change = is_change;
    ask->aor_len = (uint16_t)op->aor.len;
    if (op->aor.len > 0)
        memcpy(ask->aor, op->aor.ptr, op->aor.len);
}

static void answer(struct tnd_keeper *k, const struct tnd_keeper_ask *ask,
                   struct tnd_store_answer *ret)
{
    bool is_timed = tnd_count_read(&k->stats.found) % TND_KEEPER_SAMPLE == 0;
    tnd_time since = is_timed ? tnd_clock() : 0;

    *ret = (struct tnd_store_answer){.result = TND_STORE_FAILED};
    if (ask->is_change || !k->reader)
        return;
    ret->result = (uint8_t)tnd_db_find(k->reader, tnd_slice(ask->aor, ask->aor_len), ask->now,
                                       &k->a, &ret->entry);
    if (is_timed)
        tnd_latency_add(&k->stats.finding, tnd_clock() - since);
}

/* What can be answered at once; its ask stays until the next one is added. */
static bool next_at_once(struct tnd_keeper *k, uint64_t *ret_token, struct tnd_store_answer *ret)
{
    if (k->first == k->end)
        return false;
    const struct tnd_keeper_ask *ask = &k->asks[k->first++];
    if (k->first == k->end)
        k->first = k->end = 0;
    *ret_token = ask->token;
    answer(k, ask, ret);
    tnd_count_add(&k->stats.found, !ask->is_change);
    return true;
}

static bool next_changed(struct tnd_keeper *k, uint64_t *ret_token, struct tnd_store_answer *ret)
{
    if (k->waiting == 0 || !tnd_db_queue_next(k->queue, &k->a, ret_token, ret))
        return false;
    k->waiting--;
    tnd_count_add(&k->stats.changed, 1);
    if (k->timed_since != 0 && *ret_token == k->timed) {
        tnd_latency_add(&k->stats.changing, tnd_clock() - k->timed_since);
        k->timed_since = 0;
    }
    return true;
}

bool tnd_keeper_next(struct tnd_keeper *k, uint64_t *ret_token, struct tnd_store_answer *ret)
{
    tnd_arena_reset(&k->a);
    if (!next_at_once(k, ret_token, ret) && !next_changed(k, ret_token, ret))
        return false;
    tnd_count_add(&k->stats.failed, ret->result == TND_STORE_FAILED);
    return true;
}
