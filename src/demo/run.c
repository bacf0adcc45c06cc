/* Runs a flow: builds its world, lets it happen, and says it in a language. */
#include "demo/stage.h"
#include "sim/store.h"

#define DOMAIN "example.com"

enum { SEED = 17, TRANSACTIONS_MAX = 100 };

/* Who lives in the world of one flow. */
struct cast {
    struct demo_role caller, callees[DEMO_CALLEE_COUNT_MAX];
    struct sim_node_users users;
    struct sim_node_setup node;
};

static struct tnd_endpoint address_of(unsigned char last)
{
    return (struct tnd_endpoint){.octets = {192, 0, 2, last}, .family = TND_FAMILY_IPV4};
}

/* "sip:bob@example.com" */
static void put_from(struct demo_role *role, const char *user, const char *domain)
{
    struct tnd_writer w = tnd_writer(role->from, sizeof(role->from) - 1);

    tnd_put_str(&w, "sip:");
    tnd_put_str(&w, user);
    tnd_put_str(&w, "@");
    tnd_put_str(&w, domain);
}

/* Each is a party; the first that comes in is the one at the left. */
static unsigned enter(struct demo_stage *s, const char *party, const char *host,
                      const struct sim_kind *kind)
{
    static const unsigned char last[] = {10, 1, 21, 22, 23};
    size_t number = s->ret->party_count++;

    s->ret->party[number] = party;
    return sim_host_add(s->world, host, address_of(last[number]), NULL, kind);
}

static void enter_caller(struct demo_stage *s, struct cast *c)
{
    c->caller = (struct demo_role){.stage = s};
    put_from(&c->caller, "alice", DOMAIN);
    enter(s, demo_caller_party, "alice.example",
          &(struct sim_kind){.make = demo_person_make, .ctx = &c->caller});
}

static void enter_server(struct demo_stage *s, struct cast *c)
{
    const struct demo_server *server = &s->flow->server;
    struct tnd_forward forward = {.uri = tnd_slice_str(server->forward),
                                  .until = DEMO_BEGINS / TND_SEC(1) + DEMO_FORWARD_SECONDS};

    if (!server->party)
        return;
    c->users = (struct sim_node_users){.trusted = {address_of(0), 24},
                                       .record_route = true,
                                       .routes = server->route,
                                       .route_count = server->route != NULL};
    c->node = (struct sim_node_setup){.transactions_max = TRANSACTIONS_MAX,
                                      .users = server->has_users ? &c->users : NULL};
    enter(s, server->party, DOMAIN, &(struct sim_kind){.make = sim_node_make, .ctx = &c->node});
    if (!server->has_users)
        return;
    sim_store_put(s->world, TND_STR("bob@" DOMAIN), &(struct tnd_user){.realm = TND_STR(DOMAIN)},
                  &forward, server->forward != NULL);
    sim_store_put(s->world, TND_STR("alice@" DOMAIN), &(struct tnd_user){.realm = TND_STR(DOMAIN)},
                  NULL, 0);
}

static void enter_callee(struct demo_stage *s, struct demo_role *role,
                         const struct demo_callee *callee)
{
    *role = (struct demo_role){.stage = s, .callee = callee};
    put_from(role, callee->user, callee->registers ? DOMAIN : callee->host);
    role->host = sim_host_count(s->world);
    unsigned host = enter(s, callee->party, callee->host,
                          &(struct sim_kind){.make = demo_person_make, .ctx = role});
    if (callee->is_dead)
        sim_world_crash(s->world, host, DEMO_BEGINS / 2, 2 * DEMO_ENDS);
}

/* All that happens. */
static void play(struct demo_stage *s, struct cast *c)
{
    static const struct sim_faults calm = {.delay_min = DEMO_DELAY, .delay_max = DEMO_DELAY};
    const struct demo_flow *flow = s->flow;

    sim_trace_init(&s->trace, s->world);
    sim_world_watch(s->world, sim_trace_watcher(&s->trace));
    sim_world_watch(s->world, demo_watcher(s));
    sim_world_faults(s->world, &calm);
    for (size_t i = 0; i < sizeof(flow->srv) / sizeof(*flow->srv) && flow->srv[i].name; i++)
        sim_dns_srv(s->world, flow->srv[i].name, flow->srv[i].target, flow->srv[i].priority);
    enter_caller(s, c);
    enter_server(s, c);
    for (size_t i = 0; i < DEMO_CALLEE_COUNT_MAX && flow->callee[i].party; i++)
        enter_callee(s, &c->callees[i], &flow->callee[i]);
    sim_world_run(s->world, DEMO_BEGINS - 1);
    s->is_open = true;
    sim_world_run(s->world, DEMO_ENDS);
    s->is_open = false;
    s->ret->hash = sim_trace_hash(&s->trace);
}

static void find_flow(unsigned code, char room[DEMO_URI_SIZE], struct demo_flow *ret)
{
    const struct demo_flow *flow = demo_flows;

    while (flow->code != 0 && flow->code != code)
        flow++;
    if (flow->code != 0)
        *ret = *flow;
    else
        demo_generic(code, room, ret);
}

bool tnd_demo_has(unsigned code)
{
    return code >= 100 && code < 700;
}

int tnd_demo_run(const struct tnd_demo_world *world, unsigned code, struct tnd_arena *a,
                 struct tnd_demo *ret)
{
    struct tnd_demo demo = {.code = (uint16_t)code};
    struct demo_stage s = {.given = world, .a = a, .ret = &demo};
    struct demo_flow flow;
    struct cast cast;
    char uri[DEMO_URI_SIZE];

    if (!tnd_demo_has(code))
        return TND_ENONE;
    find_flow(code, uri, &flow);
    s.flow = &flow;
    s.lines = tnd_arena_take(a, TND_LADDER_LINE_COUNT_MAX * sizeof(*s.lines));
    s.digests = tnd_arena_take(a, TND_LADDER_LINE_COUNT_MAX * sizeof(*s.digests));
    if (tnd_arena_over(a))
        return TND_ENOMEM;
    s.world = sim_world_new(world->mem, world->seed ? world->seed : SEED);
    play(&s, &cast);
    sim_world_free(&s.world);
    demo.about = flow.about;
    demo.line = s.lines;
    if (tnd_arena_over(a))
        return TND_ENOMEM;
    *ret = demo;
    return 0;
}

static struct tnd_slice say(const char *english, enum tnd_lang lang)
{
    return tnd_slice_str(tnd_text(lang, english));
}

/* "follow-contact: The caller goes on ..." */
static struct tnd_slice say_remark(const struct tnd_demo_line *l, enum tnd_lang lang,
                                   struct tnd_arena *a)
{
    struct tnd_slice text = say(l->remark, lang);
    const char *action = tnd_recover_action_name((enum tnd_recover_action)l->action);

    if (l->action == TND_RECOVER_NONE)
        return text;
    size_t size = strlen(action) + 2 + text.len;
    struct tnd_writer w = tnd_writer(tnd_arena_take(a, size), size);
    if (!w.ptr)
        return tnd_slice(NULL, 0);
    tnd_put_str(&w, action);
    tnd_put_str(&w, ": ");
    tnd_put(&w, text);
    return tnd_writer_slice(&w);
}

int tnd_demo_ladder(const struct tnd_demo *demo, enum tnd_lang lang, struct tnd_arena *a,
                    struct tnd_ladder *ret)
{
    struct tnd_ladder_line *lines = tnd_arena_take(a, (demo->line_count + 1) * sizeof(*lines));
    struct tnd_ladder ladder = {.title = say(demo->about, lang),
                                .party_count = demo->party_count,
                                .line = lines,
                                .line_count = demo->line_count,
                                .lang = (uint8_t)lang};

    if (!lines)
        return TND_ENOMEM;
    for (size_t i = 0; i < demo->party_count; i++)
        ladder.party[i] = say(demo->party[i], lang);
    for (size_t i = 0; i < demo->line_count; i++) {
        lines[i] = demo->line[i].line;
        if (demo->line[i].remark)
            lines[i].text = say_remark(&demo->line[i], lang, a);
    }
    if (tnd_arena_over(a))
        return TND_ENOMEM;
    *ret = ladder;
    return 0;
}
