/* The contract of tandem/node.h. */
#include "node/context.h"

#include "base/assert.h"
#include "base/owner.h"

static void *take(const struct tnd_node_world *world, size_t size)
{
    void *piece = world->mem->take(world->mem->ctx, size);

    if (piece)
        memset(piece, 0, size);
    return piece;
}

static void give(struct tnd_node *n, void *piece, size_t size)
{
    if (piece)
        n->world.give(n->world.ctx, piece, size);
}

/* The memory that grows with what peers send: as the world's, but bounded as a whole. */
static void *take_bounded(void *ctx, size_t size)
{
    struct tnd_node *n = ctx;
    void *piece = size <= n->memory_left ? n->world.take(n->world.ctx, size) : NULL;

    if (piece) {
        n->memory_left -= size;
        n->stats.memory += size;
    }
    return piece;
}

static void give_bounded(void *ctx, void *piece, size_t size)
{
    struct tnd_node *n = ctx;

    n->memory_left += size;
    n->stats.memory -= size;
    n->world.give(n->world.ctx, piece, size);
}

enum {
    OUTPUTS_SIZE = NODE_OUT_FIRST_COUNT * sizeof(struct tnd_output),
    TRACE_SIZE = NODE_TRACE_COUNT * sizeof(struct tnd_trace_record),
    LIMITS_SIZE = NODE_LIMIT_COUNT * sizeof(struct node_limit),
    SEARCHED_SIZE = NODE_SEARCHED_COUNT * sizeof(struct node_searched),
    TARGETS_SIZE = NODE_TARGET_COUNT * sizeof(uint64_t),
};

/* Each map hashes with a secret of its own, made from the key. */
static void init_map(struct tnd_node *n, struct tnd_map *map, const char *name)
{
    struct tnd_slice text = tnd_slice_str(name);
    struct tnd_siphash_key secret = {tnd_siphash_2_4(&n->key, text), n->seed};

    tnd_map_init(map, &secret, &n->mem);
}

static void init_maps(struct tnd_node *n)
{
    init_map(n, &n->by_key, "key");
    init_map(n, &n->by_merged, "merged");
    init_map(n, &n->by_ack, "ack");
    init_map(n, &n->by_branch, "branch");
}

static void init_pools(struct tnd_node *n, size_t count)
{
    tnd_pool_init(&n->clients, "limits.transactions", sizeof(struct node_client), 2 * count,
                  &n->mem);
    n->clients.clear_size = offsetof(struct node_client, key);
    tnd_pool_init(&n->contexts, "limits.transactions", sizeof(struct node_context), count, &n->mem);
    n->contexts.clear_size = offsetof(struct node_context, room);
}

/* As they come: a record that was not written is not read. */
static bool take_whys(struct tnd_node *n, const struct tnd_node_world *world)
{
    n->why_size = world->why_count ? world->why_count : TND_WHY_COUNT;
    for (size_t i = 0; i < 2; i++) {
        n->whys[i].ring = n->world.take(n->world.ctx, n->why_size * sizeof(struct tnd_why));
        if (!n->whys[i].ring)
            return false;
    }
    return true;
}

int tnd_node_new(const struct tnd_node_world *world, const struct tnd_node_config *config,
                 tnd_time now, struct tnd_node **ret)
{
    struct tnd_node *n = take(world, sizeof(*n));

    if (!n)
        return TND_ENOMEM;
    n->world = *world->mem;
    n->mem = (struct tnd_mem){take_bounded, give_bounded, n};
    n->memory_left = world->memory_max ? world->memory_max : SIZE_MAX;
    tnd_node_configure(n, config);
    n->timing = world->timing ? *world->timing : tnd_txn_timing_default();
    n->key = tnd_siphash_key(world->key);
    n->seed = world->seed;
    n->life = world->life;
    n->digester = world->digester;
    n->now = n->started = now;
    n->stats.transactions_max = world->transactions_max;
    n->outputs = n->outputs_first = take(world, OUTPUTS_SIZE);
    n->output_size = NODE_OUT_FIRST_COUNT;
    n->out_first = take(world, NODE_OUT_FIRST_SIZE);
    n->work_first = take(world, NODE_WORK_FIRST_SIZE);
    n->trace_records = take(world, TRACE_SIZE);
    n->limits = take(world, LIMITS_SIZE);
    n->searched = take(world, SEARCHED_SIZE);
    n->targets = take(world, TARGETS_SIZE);
    n->auth_seen = take(world, sizeof(*n->auth_seen));
    tnd_wheel_init(&n->wheel, now);
    tnd_pool_init(&n->pool, "limits.transactions", sizeof(struct node_txn), world->transactions_max,
                  &n->mem);
    n->pool.clear_size = offsetof(struct node_txn, room);
    init_pools(n, world->transactions_max);
    node_kept_init(n);
    init_maps(n);
    if (!n->outputs || !n->out_first || !n->work_first || !n->trace_records || !n->limits ||
        !n->searched || !n->targets || !n->auth_seen || !take_whys(n, world)) {
        tnd_node_free(&n);
        return TND_ENOMEM;
    }
    tnd_arena_init(&n->out, n->out_first, NODE_OUT_FIRST_SIZE, &n->mem, NODE_OUT_SIZE_MAX);
    tnd_arena_init(&n->work, n->work_first, NODE_WORK_FIRST_SIZE, &n->mem, NODE_WORK_SIZE_MAX);
    tnd_trace_init(&n->trace, n->trace_records, NODE_TRACE_COUNT);
    *ret = n;
    return 0;
}

/* What has ended, which outputs may have borrowed from. */
static void give_back(struct tnd_node *n)
{
    node_give_ended(n);
    node_give_ended_clients(n);
    node_give_ended_contexts(n);
    node_give_forgotten(n);
}

void tnd_node_free(struct tnd_node **node)
{
    struct tnd_node *n = *node;

    *node = NULL;
    if (!n)
        return;
    node_txns_fini(n);
    node_contexts_fini(n);
    node_clients_fini(n);
    give_back(n);
    tnd_map_fini(&n->by_key);
    tnd_map_fini(&n->by_merged);
    tnd_map_fini(&n->by_ack);
    tnd_map_fini(&n->by_branch);
    tnd_pool_fini(&n->clients);
    tnd_pool_fini(&n->contexts);
    node_tokens_fini(n);
    tnd_pool_fini(&n->pool);
    node_kept_fini(n);
    tnd_arena_fini(&n->out);
    tnd_arena_fini(&n->work);
    give(n, n->auth_seen, sizeof(*n->auth_seen));
    give(n, n->targets, TARGETS_SIZE);
    give(n, n->searched, SEARCHED_SIZE);
    give(n, n->limits, LIMITS_SIZE);
    give(n, n->whys[0].ring, n->why_size * sizeof(struct tnd_why));
    give(n, n->whys[1].ring, n->why_size * sizeof(struct tnd_why));
    give(n, n->trace_records, TRACE_SIZE);
    give(n, n->work_first, NODE_WORK_FIRST_SIZE);
    give(n, n->out_first, NODE_OUT_FIRST_SIZE);
    node_out_reset(n);
    give(n, n->outputs_first, OUTPUTS_SIZE);
    struct tnd_mem mem = n->world;
    mem.give(mem.ctx, n, sizeof(*n));
}

void tnd_node_set_wall(struct tnd_node *n, tnd_time now, int64_t wall)
{
    if (n->auth_seen->since == 0) /* what a node before this one has seen is not known */
        n->auth_seen->since = (uint32_t)(wall / 1000000);
    n->wall_offset = wall - now;
}

void tnd_node_configure(struct tnd_node *n, const struct tnd_node_config *config)
{
    n->config = config;
    n->routes_ask_from = tnd_routes_ask_from(config->routes, config->route_count);
}

/* All outputs were taken, and nobody looks at them any more. */
static void start_anew(struct tnd_node *n)
{
    n->is_taken = false;
    node_out_reset(n);
    tnd_arena_reset(&n->out);
    give_back(n);
}

/* Those that find no room for what they bring about are due still: tnd_node_due() says so. */
static void run_timers(struct tnd_node *n)
{
    struct tnd_wheel_timer *timer;

    while (node_out_has_room(n, 2 * NODE_OUT_OF_INPUT) &&
           (timer = tnd_wheel_next(&n->wheel, n->now))) {
        node_timer_due(n, TND_OWNER(timer, struct tnd_wait, timer));
        tnd_arena_reset(&n->work);
    }
}

static int feed(struct tnd_node *n, const struct tnd_input *in)
{
    switch ((enum tnd_input_kind)in->kind) {
    case TND_IN_TICK:
        return 0;
    case TND_IN_MESSAGE:
        return node_receive(n, in);
    case TND_IN_FAILED:
        node_failed(n, in->token);
        return 0;
    case TND_IN_RESOLVED:
        node_resolved(n, in->token, in->answer);
        return 0;
    case TND_IN_STORED:
        node_stored(n, in->token, in->stored);
        return 0;
    }
    TND_ASSERT(!"an input of no kind");
}

int tnd_node_feed(struct tnd_node *n, tnd_time now, const struct tnd_input *in)
{
    TND_ASSERT(now >= n->now);
    if (n->is_taken)
        start_anew(n);
    if (!node_out_make_room(n))
        return TND_ESPACE;
    n->fed += in->kind != TND_IN_TICK;
    const struct tnd_trace *shown = tnd_assert_show(&n->trace);
    n->now = now;
    run_timers(n);
    int err = feed(n, in);
    tnd_arena_reset(&n->work);
    if (n->output_count == 0)
        give_back(n);
    tnd_assert_show(shown);
    return err;
}

tnd_time tnd_node_due(const struct tnd_node *n)
{
    return tnd_wheel_due(&n->wheel);
}

tnd_time tnd_node_setup_bound(size_t i)
{
    static const tnd_time bounds[TND_NODE_SETUP_COUNT] = {
        TND_MS(10), TND_MS(50), TND_MS(100), TND_MS(250), TND_MS(500), TND_SEC(1),
        TND_SEC(2), TND_SEC(4), TND_SEC(8),  TND_SEC(16), TND_SEC(32), TND_NEVER_DUE};

    TND_ASSERT(i < TND_NODE_SETUP_COUNT);
    return bounds[i];
}

const struct tnd_node_stats *tnd_node_stats(const struct tnd_node *n)
{
    return &n->stats;
}
