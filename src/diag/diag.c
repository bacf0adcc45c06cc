/* The life of calls: they begin with a message, are given out when they are over, or when the bounds say so,
 * and are forgotten. */
#include "diag/call.h"

#include "base/owner.h"
#include "diag/find.h"

enum {
    CALLS_MAX = 100000,
    MESSAGES_MAX = 2000,
    MEMORY_MAX = 256 << 20,
    SCRATCH_SIZE_MAX = 1 << 20,
    FINDINGS_SIZE_MAX = 16 << 20,
};

#define SILENCE TND_SEC(32)    /* 64*T1: until then a message may be sent again, RFC 3261 §17 */
#define STALE   TND_SEC(43200) /* of a call that rings or stands: then it has been forgotten */

static struct tnd_diag_kept *first_of(const struct tnd_diag_link *ring)
{
    return ring->next == ring ? NULL : TND_OWNER(ring->next, struct tnd_diag_kept, by_silence);
}

static void set_defaults(struct tnd_diag_world *w)
{
    w->calls_max = w->calls_max ? w->calls_max : CALLS_MAX;
    w->messages_max = w->messages_max ? w->messages_max : MESSAGES_MAX;
    w->memory_max = w->memory_max ? w->memory_max : MEMORY_MAX;
    w->silence = w->silence ? w->silence : SILENCE;
}

int tnd_diag_new(const struct tnd_diag_world *world, struct tnd_diag **ret)
{
    struct tnd_diag *d = world->mem->take(world->mem->ctx, sizeof(*d));

    if (!d)
        return TND_ENOMEM;
    memset(d, 0, offsetof(struct tnd_diag, scratch_room));
    d->world = *world;
    set_defaults(&d->world);
    d->secret = (struct tnd_siphash_key){world->seed, ~world->seed};
    tnd_map_init(&d->legs, &d->secret, world->mem);
    tnd_map_init(&d->likes, &d->secret, world->mem);
    tnd_pool_init(&d->call_pool, "calls_max", sizeof(struct tnd_diag_kept), SIZE_MAX, world->mem);
    tnd_pool_init(&d->leg_pool, "calls_max", sizeof(struct tnd_diag_leg), SIZE_MAX, world->mem);
    tnd_pool_init(&d->piece_pool, "memory_max", TND_DIAG_PIECE_SIZE, SIZE_MAX, world->mem);
    d->piece_pool.clear_size = 0;
    tnd_arena_init(&d->scratch, d->scratch_room, sizeof(d->scratch_room), world->mem,
                   SCRATCH_SIZE_MAX);
    tnd_arena_init(&d->findings, d->findings_room, sizeof(d->findings_room), world->mem,
                   FINDINGS_SIZE_MAX);
    tnd_ring_init(&d->open);
    tnd_ring_init(&d->waiting);
    tnd_ring_init(&d->unheard);
    tnd_ring_init(&d->over);
    tnd_ring_init(&d->ready);
    *ret = d;
    return 0;
}

/* Its Call-IDs are nobody's any more, and it waits for nothing. */
static void take_out(struct tnd_diag *d, struct tnd_diag_kept *call)
{
    for (size_t i = 0; i < call->told.leg_count; i++) {
        tnd_diag_hide_likes(d, call->leg[i]);
        tnd_map_remove(&d->legs, &call->leg[i]->node);
    }
    tnd_ring_remove(&call->by_silence);
    tnd_ring_remove(&call->by_age);
    d->stats.open--;
}

void tnd_diag_abandon(struct tnd_diag *d, struct tnd_diag_kept *call)
{
    take_out(d, call);
    tnd_diag_drop(d, call);
}

void tnd_diag_finish(struct tnd_diag *d, struct tnd_diag_kept *call)
{
    take_out(d, call);
    tnd_diag_judge(call, d->now);
    tnd_ring_append(&d->ready, &call->by_age);
    d->ready_memory += call->memory;
}

bool tnd_diag_finish_one(struct tnd_diag *d)
{
    struct tnd_diag_kept *first[] = {first_of(&d->over), first_of(&d->unheard),
                                     first_of(&d->waiting)};
    struct tnd_diag_kept *best = NULL;

    for (size_t i = 0; i < sizeof(first) / sizeof(*first); i++)
        if (first[i] && (!best || first[i]->last < best->last))
            best = first[i];
    if (best)
        tnd_diag_finish(d, best);
    return best != NULL;
}

void tnd_diag_end(struct tnd_diag *d)
{
    while (tnd_diag_finish_one(d))
        ;
}

static void finish_silent(struct tnd_diag *d, const struct tnd_diag_link *ring, int64_t silence)
{
    struct tnd_diag_kept *call;

    while ((call = first_of(ring)) && d->now - call->last >= silence)
        tnd_diag_finish(d, call);
}

void tnd_diag_pass(struct tnd_diag *d, int64_t now)
{
    now = tnd_diag_clamp(now);
    if (d->has_time && now <= d->now)
        return;
    d->now = now;
    d->has_time = true;
    finish_silent(d, &d->over, d->world.silence);
    finish_silent(d, &d->unheard, d->world.silence < SILENCE ? SILENCE : d->world.silence);
    finish_silent(d, &d->waiting, STALE);
}

static void forget_taken(struct tnd_diag *d)
{
    tnd_arena_reset(&d->findings);
    if (!d->taken)
        return;
    d->ready_memory -= d->taken->memory;
    tnd_diag_drop(d, d->taken);
    d->taken = NULL;
}

/* Without memory a call is told without them. */
static void find(struct tnd_diag *d, struct tnd_diag_kept *call)
{
    struct tnd_diag_findings found = {NULL, 0};

    tnd_arena_reset(&d->findings);
    tnd_diag_find(&call->told, &d->findings, &found);
    call->told.finding = found.finding;
    call->told.finding_count = found.count;
}

static void count(struct tnd_diag_stats *stats, const struct tnd_diag_call *call)
{
    stats->calls++;
    stats->failed += call->result == TND_DIAG_FAILED;
    stats->answered += call->result == TND_DIAG_ANSWERED;
    stats->cancelled += call->result == TND_DIAG_CANCELLED;
}

/* The next one that is over is the one that is taken. */
static bool take_ready(struct tnd_diag *d)
{
    forget_taken(d);
    if (d->ready.next == &d->ready)
        return false;
    d->taken = TND_OWNER(d->ready.next, struct tnd_diag_kept, by_age);
    tnd_ring_remove(&d->taken->by_age);
    return true;
}

const struct tnd_diag_call *tnd_diag_take(struct tnd_diag *d)
{
    if (!take_ready(d))
        return NULL;
    find(d, d->taken);
    count(&d->stats, &d->taken->told);
    return &d->taken->told;
}

void tnd_diag_free(struct tnd_diag **diag)
{
    struct tnd_diag *d = diag ? *diag : NULL;

    if (!d)
        return;
    tnd_diag_end(d);
    while (take_ready(d))
        forget_taken(d);
    tnd_arena_fini(&d->scratch);
    tnd_arena_fini(&d->findings);
    tnd_map_fini(&d->legs);
    tnd_map_fini(&d->likes);
    tnd_pool_fini(&d->call_pool);
    tnd_pool_fini(&d->leg_pool);
    tnd_pool_fini(&d->piece_pool);
    d->world.mem->give(d->world.mem->ctx, d, sizeof(*d));
    *diag = NULL;
}

void tnd_diag_each(struct tnd_diag *d, bool (*visit)(void *ctx, const struct tnd_diag_call *call),
                   void *ctx)
{
    forget_taken(d);
    for (struct tnd_diag_link *link = d->open.next; link != &d->open; link = link->next) {
        struct tnd_diag_kept *call = TND_OWNER(link, struct tnd_diag_kept, by_age);

        tnd_diag_judge(call, d->now);
        find(d, call);
        if (!visit(ctx, &call->told))
            return;
    }
}

const struct tnd_diag_stats *tnd_diag_stats(const struct tnd_diag *d)
{
    return &d->stats;
}
