/* A scenario: what is drawn from the seed, and the order in which it is played. */
#include "sim/scenario.h"

#include "base/assert.h"
#include "sim/drawn.h"
#include "sim/phone.h"
#include "sim/trace.h"

enum {
    NODE_MAX = 3,
    PHONE_MAX = 6,
    ROGUE_MAX = 3,
    ROOM_MAX = 100000,
    LIMIT_PER_SECOND = 30, /* more than a phone that behaves sends */
    NAT_PORT = 40000,
};

struct scenario {
    const struct sim_plan *plan;
    struct tnd_random random;
    struct sim_world *w;
    struct sim_trace trace;
    struct sim_check check;
    struct sim_book book;
    struct sim_node_setup node;
    struct sim_faults faults;
    struct sim_happenings happenings;
    struct sim_phone_setup phones[PHONE_MAX];
    struct sim_rogue_setup rogues[ROGUE_MAX];
    bool behind_nat[PHONE_MAX], ipv6;
    unsigned node_count, phone_count, rogue_count;
    tnd_time faults_end, after;
};

static bool is_on(const struct scenario *s, unsigned which)
{
    return sim_is_on(s->plan, which);
}

static struct tnd_endpoint node_address(const struct scenario *s, unsigned i)
{
    const uint8_t ipv4[4] = {192, 0, 2, (uint8_t)(1 + i)};
    const uint8_t ipv6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = (uint8_t)(1 + i)};

    return s->ipv6 ? tnd_endpoint(TND_TRANSPORT_NONE, ipv6, 16, SIM_PORT)
                   : tnd_endpoint(TND_TRANSPORT_NONE, ipv4, 4, SIM_PORT);
}

static struct tnd_endpoint phone_address(const struct scenario *s, uint8_t net, unsigned i)
{
    const uint8_t ipv4[4] = {198, 51, net, (uint8_t)(10 + i)};
    const uint8_t ipv6[16] = {0x20, 0x01, 0x0d, 0xb8, [14] = net, [15] = (uint8_t)(10 + i)};

    return s->ipv6 ? tnd_endpoint(TND_TRANSPORT_NONE, ipv6, 16, SIM_PORT)
                   : tnd_endpoint(TND_TRANSPORT_NONE, ipv4, 4, SIM_PORT);
}

static void draw_phones(struct scenario *s)
{
    for (unsigned i = 0; i < PHONE_MAX; i++) {
        struct sim_phone_setup *p = &s->phones[i];

        p->book = &s->book;
        p->until = s->faults_end;
        p->after = s->after;
        p->calls = 2 + (unsigned)tnd_random_below(&s->random, 8);
        p->calls_after = 2 + (unsigned)tnd_random_below(&s->random, 4);
        p->tcp = tnd_random_chance(&s->random, 1, 2);
        p->named = tnd_random_chance(&s->random, 1, 3);
        p->rport = tnd_random_chance(&s->random, 1, 2);
        s->behind_nat[i] = tnd_random_chance(&s->random, 1, 4) && is_on(s, SIM_SWITCH_NAT);
        p->rport = p->rport || s->behind_nat[i];
        p->may_forget = s->happenings.crash_count > 0;
    }
    for (unsigned i = 0; i < ROGUE_MAX; i++) {
        struct sim_rogue_setup *r = &s->rogues[i];

        r->until = s->faults_end;
        r->tricks = 5 + (unsigned)tnd_random_below(&s->random, 20);
        r->only = s->plan->trick;
    }
}

static void draw_all(struct scenario *s)
{
    enum sim_level level = s->plan->level;

    s->node_count = 1 + (unsigned)tnd_random_below(&s->random, NODE_MAX);
    s->phone_count = 2 + (unsigned)tnd_random_below(&s->random, PHONE_MAX - 1);
    s->rogue_count = level == SIM_FAULTS_NONE
                         ? 0
                         : (unsigned)tnd_random_below(&s->random, level == SIM_FAULTS_SOME ? 2 : 4);
    s->ipv6 = tnd_random_chance(&s->random, 1, 4);
    sim_draw_faults(&s->random, level, &s->faults);
    sim_draw_happenings(&s->random, s->plan, s->node_count, s->phone_count, &s->happenings);
    draw_phones(s);
    s->node.transactions_max = ROOM_MAX;
    size_t little = 8 + tnd_random_below(&s->random, 60);
    bool is_little = tnd_random_chance(&s->random, 1, 5);
    bool is_limited = tnd_random_chance(&s->random, 1, 5);
    if (level == SIM_FAULTS_NONE)
        return;
    if (is_little && is_on(s, SIM_SWITCH_LITTLE_ROOM))
        s->node.transactions_max = little;
    if (is_limited && is_on(s, SIM_SWITCH_LIMIT))
        s->node.requests_per_second = LIMIT_PER_SECOND;
}

/* A node that is switched off still has its place, so that the others keep theirs. */
static bool node_is_on(const struct scenario *s, unsigned i)
{
    return i == 0 || is_on(s, SIM_SWITCH_NODE1 + i - 1);
}

static void add_targets(const struct scenario *s, struct tnd_endpoint *targets, unsigned *count)
{
    for (unsigned i = 0; i < s->node_count; i++)
        targets[i] = node_address(s, node_is_on(s, i) ? i : 0);
    *count = s->node_count;
}

static unsigned add(struct scenario *s, const char *what, unsigned i, struct tnd_endpoint address,
                    const struct tnd_endpoint *seen, const struct sim_kind *kind)
{
    char name[16];
    struct tnd_writer w = tnd_writer(name, sizeof(name) - 1);

    tnd_put_str(&w, what);
    tnd_put_number(&w, i);
    name[w.len] = '\0';
    return sim_host_add(s->w, name, address, seen, kind);
}

static void add_phone(struct scenario *s, unsigned i)
{
    struct sim_phone_setup *p = &s->phones[i];
    struct tnd_endpoint address = phone_address(s, 100, i), seen = phone_address(s, 101, i);
    const struct sim_kind kind = {sim_phone_make, p, false};

    seen.port = (uint16_t)(NAT_PORT + i);
    p->host = sim_host_count(s->w);
    add_targets(s, p->targets, &p->target_count);
    if (!is_on(s, SIM_SWITCH_PHONE0 + i))
        p->calls = p->calls_after = 0;
    add(s, "phone", i, address, s->behind_nat[i] ? &seen : NULL, &kind);
}

static void add_hosts(struct scenario *s)
{
    const struct sim_kind node = {sim_node_make, &s->node, true};

    for (unsigned i = 0; i < s->node_count; i++)
        add(s, "node", i, node_address(s, i), NULL, s->plan->kind ? s->plan->kind : &node);
    for (unsigned i = 0; i < s->phone_count; i++)
        add_phone(s, i);
    for (unsigned i = 0; i < s->rogue_count; i++) {
        struct sim_rogue_setup *r = &s->rogues[i];
        const struct sim_kind kind = {sim_rogue_make, r, false};

        add_targets(s, r->targets, &r->target_count);
        if (!is_on(s, SIM_SWITCH_ROGUE0 + i))
            r->tricks = 0;
        add(s, "rogue", i, phone_address(s, 102, i), NULL, &kind);
    }
    sim_happenings_add(s->w, &s->happenings);
}

static void play(struct scenario *s)
{
    const struct sim_faults calm = {.delay_min = TND_MS(1), .delay_max = TND_MS(20)};
    struct sim_faults faults = s->faults;

    sim_switch_faults(s->plan, &faults);
    s->check.is_short = faults.memory_of_1000 > 0 || s->node.transactions_max < ROOM_MAX;
    s->check.is_faulty = s->plan->level != SIM_FAULTS_NONE;
    sim_world_faults(s->w, &faults);
    add_hosts(s);
    sim_world_run(s->w, s->faults_end);
    sim_world_faults(s->w, &calm);
    sim_world_run(s->w, s->after - 1);
    sim_check_rest(&s->check);
    sim_world_run(s->w, s->after + SIM_SETTLING + SIM_REST);
    sim_check_rest(&s->check);
    sim_check_book(&s->check, &s->book);
}

static void tell_result(const struct scenario *s, struct sim_result *ret)
{
    *ret = (struct sim_result){
        .hash = sim_trace_hash(&s->trace),
        .counts = *sim_world_counts(s->w),
        .calls = s->book.count,
        .hosts = sim_host_count(s->w),
        .ended = sim_world_now(s->w),
    };
    for (unsigned i = 0; i < s->book.count; i++)
        ret->answered += s->book.calls[i].code != 0;
}

static void run_lab(const struct tnd_mem *mem, const struct sim_plan *plan, struct sim_result *ret)
{
    struct scenario *s = sim_take(mem, sizeof(*s));

    TND_ASSERT(plan->seconds > 0);
    s->plan = plan;
    s->faults_end = TND_SEC(plan->seconds);
    s->after = s->faults_end + SIM_SETTLING + SIM_REST;
    tnd_random_init(&s->random, plan->seed);
    s->w = sim_world_new(mem, plan->seed);
    draw_all(s);
    sim_trace_init(&s->trace, s->w);
    s->trace.put = plan->put;
    s->trace.ctx = plan->ctx;
    sim_check_init(&s->check, s->w, mem);
    sim_world_watch(s->w, sim_trace_watcher(&s->trace));
    sim_world_watch(s->w, sim_check_watcher(&s->check));
    play(s);
    tell_result(s, ret);
    sim_world_free(&s->w);
    ret->violation = s->check.violation;
    sim_check_fini(&s->check);
    sim_give(mem, s, sizeof(*s));
}

void sim_run(const struct tnd_mem *mem, const struct sim_plan *plan, struct sim_result *ret)
{
    switch ((enum sim_play)plan->play) {
    case SIM_PLAY_LAB:
        run_lab(mem, plan, ret);
        return;
    case SIM_PLAY_USERS:
        sim_town_run(mem, plan, ret);
        return;
    case SIM_PLAY_AGENTS:
        sim_village_run(mem, plan, ret);
        return;
    }
}
