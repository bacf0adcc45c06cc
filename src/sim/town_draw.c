/* Who is in a world of users: domains, users with phones, forwards and routes, strangers, and what goes
 * wrong. All is drawn, whatever is turned off. */
#include "base/assert.h"
#include "sim/town.h"

static bool chance(struct town *t, unsigned times, unsigned of_times)
{
    return tnd_random_chance(&t->random, times, of_times);
}

static unsigned below(struct town *t, unsigned count)
{
    return (unsigned)tnd_random_below(&t->random, count);
}

void town_name(char ret[TOWN_NAME_SIZE], const char *before, unsigned number, const char *behind)
{
    struct tnd_writer w = tnd_writer(ret, TOWN_NAME_SIZE - 1);

    memset(ret, 0, TOWN_NAME_SIZE);
    tnd_put_str(&w, before);
    tnd_put_number(&w, number);
    tnd_put_str(&w, behind);
}

struct tnd_endpoint town_address(const struct town *t, unsigned net, unsigned i)
{
    const uint8_t ipv4[4] = {net ? 198 : 192, net ? 51 : 0, net ? (uint8_t)net : 2, (uint8_t)i};
    const uint8_t ipv6[16] = {0x20, 0x01, 0x0d, 0xb8, [14] = (uint8_t)net, [15] = (uint8_t)i};

    return t->ipv6 ? tnd_endpoint(TND_TRANSPORT_NONE, ipv6, 16, SIM_PORT)
                   : tnd_endpoint(TND_TRANSPORT_NONE, ipv4, 4, SIM_PORT);
}

struct tnd_endpoint town_phone_address(const struct town *t, unsigned net, unsigned i)
{
    return town_address(t, net, 10 + i);
}

static void add_callee(struct town *t, const char *user, const char *domain, uint16_t expected)
{
    struct sim_callee *callee = &t->callees[t->callee_count++];
    struct tnd_writer w = tnd_writer(callee->uri, sizeof(callee->uri) - 1);

    TND_ASSERT(t->callee_count <= SIM_CALLEE_MAX);
    tnd_put_str(&w, "sip:");
    tnd_put_str(&w, user);
    tnd_put_str(&w, "@");
    tnd_put_str(&w, domain);
    callee->expected = expected;
}

/* Whom user agents call besides: users of the lab, and phones without a node between. */
static void add_callees_of_agents(struct town *t)
{
    static const char *const labs[] = {"lab-180", "lab-200", "lab-301", "lab-302",
                                       "lab-380", "lab-420", "lab-421", "lab-422",
                                       "lab-481", "lab-503", "lab-580", "lab-600"};

    for (unsigned i = 0; i < sizeof(labs) / sizeof(*labs); i++)
        add_callee(t, labs[i], t->domains[i % t->node_count], 0);
    for (unsigned i = 0; i < t->phone_count; i++) {
        char host[TOWN_NAME_SIZE];

        town_name(host, "phone", i, ".sim.example");
        add_callee(t, "direct", host, 0);
    }
}

/* The plain ones first, so that each has the phone of its own number. */
static void draw_users(struct town *t)
{
    for (unsigned i = 0; i < t->user_count; i++) {
        struct town_user *u = &t->users[i];

        town_name(u->name, "u", i, "");
        u->node = i % t->node_count;
        u->is_plain = i < 2;
        add_callee(t, u->name, t->domains[u->node],
                   u->is_plain && !t->node_users.redirects ? 200 : 0);
    }
    for (unsigned i = 0; i < TOWN_ROUTE_MAX; i++) {
        char user[TOWN_NAME_SIZE];

        town_name(user, "route", i, "");
        add_callee(t, user, t->domains[0], 0);
    }
    add_callee(t, "nobody", t->domains[t->node_count - 1], 0);
    add_callee(t, "lab-486", t->domains[0], 0);
    add_callee(t, "friend", "phone0.sim.example", 0); /* of no domain that is served */
    if (t->plan->play == SIM_PLAY_AGENTS)
        add_callees_of_agents(t);
}

static const char *any_uri(struct town *t)
{
    return t->callees[below(t, t->callee_count)].uri;
}

static void draw_forwards(struct town *t, struct town_user *u)
{
    bool is_on = sim_is_on(t->plan, SIM_SWITCH_FORWARDS);

    for (uint8_t when = 0; when < TND_FORWARD_WHEN_COUNT; when++) {
        unsigned of = when == TND_FORWARD_ALWAYS ? 6 : 3;
        struct tnd_forward f = {.uri = tnd_slice_str(any_uri(t)),
                                .when = when,
                                .after = 2 + below(t, 8),
                                .mode = (uint8_t)below(t, 2)};
        bool has = chance(t, 1, of) && is_on && !u->is_plain;

        if (has)
            u->forwards[u->forward_count++] = f;
    }
}

/* route0: to several, route1: 302, route2: refused. */
static void draw_routes(struct town *t)
{
    static const uint8_t actions[TOWN_ROUTE_MAX] = {TND_ROUTE_PROXY, TND_ROUTE_REDIRECT,
                                                    TND_ROUTE_REJECT};

    for (unsigned i = 0; i < TOWN_ROUTE_MAX; i++) {
        struct tnd_route *r = &t->routes[i];

        for (unsigned k = 0; k < TOWN_CONTACT_MAX; k++)
            t->contacts[i][k] = (struct tnd_route_contact){.uri = tnd_slice_str(any_uri(t)),
                                                           .q = (uint16_t)(100 * below(t, 11))};
        *r = (struct tnd_route){.action = actions[i],
                                .serial = chance(t, 1, 2),
                                .code = actions[i] == TND_ROUTE_REDIRECT ? 302 : 480,
                                .contacts = t->contacts[i],
                                .contact_count = 1 + below(t, TOWN_CONTACT_MAX)};
        r->match.user = tnd_slice(t->callees[t->user_count + i].uri + 4, sizeof("route0") - 1);
    }
    t->node_users.routes = t->routes;
    t->node_users.route_count = TOWN_ROUTE_MAX;
}

static void draw_node(struct town *t)
{
    struct sim_node_users *u = &t->node_users;

    u->trusted.address = town_address(t, TOWN_NET_PHONES, 0);
    u->trusted.address.port = 0;
    u->trusted.bits = t->ipv6 ? 128 - 9 : 32 - 9;
    u->serial = chance(t, 1, 2);
    u->redirects = chance(t, 1, 5);
    u->record_route = chance(t, 4, 5);
    u->recurse = (uint8_t)below(t, 3);
    u->max_redirects = 1 + below(t, 6);
    t->node.users = u;
    t->node.transactions_max = TOWN_ROOM_MAX;
    size_t little = 20 + below(t, 60);
    bool is_little = chance(t, 1, 8) && t->plan->level != SIM_FAULTS_NONE;
    if (is_little && sim_is_on(t->plan, SIM_SWITCH_LITTLE_ROOM))
        t->node.transactions_max = little;
}

static void draw_phone(struct town *t, unsigned i)
{
    struct sim_party_setup *p = &t->phones[i];
    unsigned plain = t->user_count < 2 ? t->user_count : 2, others = t->user_count - plain;
    unsigned second = others > 0 ? plain + below(t, others) : 0;
    const struct town_user *u = &t->users[i < t->user_count ? i : second];

    *p = (struct sim_party_setup){
        .ledger = &t->ledger,
        .user = u->name,
        .domain = t->domains[u->node],
        .server = town_address(t, 0, 1 + u->node),
        .callees = t->callees,
        .callee_count = t->callee_count,
        .until = t->faults_end,
        .after = t->after,
        .calls = 2 + below(t, 6),
        .calls_after = 1 + below(t, 3),
        .tcp = chance(t, 1, 3),
        .is_hidden = chance(t, 1, 4) && sim_is_on(t->plan, SIM_SWITCH_NAT),
        .registers = true,
        .is_plain = u->is_plain,
        .follows = chance(t, 2, 3),
    };
    p->server.transport = p->tcp ? TND_TRANSPORT_TCP : TND_TRANSPORT_UDP;
    if (!sim_is_on(t->plan, SIM_SWITCH_PHONE0 + i))
        p->calls = p->calls_after = 0;
    if (p->is_hidden) /* who is behind a NAT is reached through the nodes only */
        t->node_users.record_route = true;
}

static void draw_stranger(struct town *t, unsigned i)
{
    t->strangers[i] = (struct sim_party_setup){
        .ledger = &t->ledger,
        .user = "stranger",
        .domain = "stranger.example",
        .server = town_address(t, 0, 1 + below(t, t->node_count)),
        .callees = t->callees,
        .callee_count = t->callee_count,
        .until = t->faults_end,
        .after = t->after,
        .calls = 6,
        .tcp = chance(t, 1, 2),
        .is_stranger = true,
        .elsewhere = "sip:friend@phone0.sim.example",
    };
    t->strangers[i].server.transport = t->strangers[i].tcp ? TND_TRANSPORT_TCP : TND_TRANSPORT_UDP;
}

static void draw_store(struct town *t)
{
    bool many = t->plan->level == SIM_FAULTS_MANY;

    if (t->plan->level == SIM_FAULTS_NONE)
        return;
    if (chance(t, 1, 2))
        t->faults.store_max = tnd_random_time(&t->random, 0, many ? TND_SEC(8) : TND_MS(400));
    if (chance(t, 1, 3))
        t->faults.store_failed_of_1000 = below(t, many ? 400 : 60);
}

void town_draw(struct town *t)
{
    t->node_count = 1 + below(t, TOWN_NODE_MAX);
    t->user_count = 2 + below(t, TOWN_USER_MAX - 1);
    t->phone_count = t->user_count + below(t, TOWN_PHONE_MAX - t->user_count + 1);
    t->stranger_count = below(t, TOWN_STRANGER_MAX + 1);
    t->ipv6 = chance(t, 1, 4);
    sim_draw_faults(&t->random, t->plan->level, &t->faults);
    sim_draw_happenings(&t->random, t->plan, t->node_count, t->phone_count, &t->happenings);
    draw_store(t);
    draw_node(t);
    for (unsigned i = 0; i < t->node_count; i++)
        town_name(t->domains[i], "node", i, ".sim.example");
    draw_users(t);
    for (unsigned i = 0; i < t->user_count; i++)
        draw_forwards(t, &t->users[i]);
    draw_routes(t);
    for (unsigned i = 0; i < t->phone_count; i++)
        draw_phone(t, i);
    for (unsigned i = 0; i < t->stranger_count; i++)
        draw_stranger(t, i);
}

void town_provision(struct town *t)
{
    const struct tnd_user user = {.realm = TND_STR("sim")};

    for (unsigned i = 0; i < t->user_count; i++) {
        const struct town_user *u = &t->users[i];
        char room[2 * TOWN_NAME_SIZE];
        struct tnd_writer w = tnd_writer(room, sizeof(room));

        tnd_put_str(&w, u->name);
        tnd_put_str(&w, "@");
        tnd_put_str(&w, t->domains[u->node]);
        sim_store_put(t->w, tnd_writer_slice(&w), &user, u->forwards, u->forward_count);
    }
}

void town_add_nodes(struct town *t)
{
    const struct sim_kind node = {sim_node_make, &t->node, true};
    char text[TOWN_NAME_SIZE];

    if (t->plan->node_ctx)
        *t->plan->node_ctx = &t->node;
    for (unsigned i = 0; i < t->node_count; i++) {
        town_name(text, "node", i, "");
        sim_host_add(t->w, text, town_address(t, 0, 1 + i), NULL,
                     t->plan->kind ? t->plan->kind : &node);
    }
}
