/* A Tandem node as an element of the simulated world. */
#include "sim/element.h"

#include "base/random.h"
#include "sim/mem.h"

enum {
    DEFAULT_EXPIRES = 90,
    MIN_EXPIRES = 30,
    MAX_EXPIRES = 3600,
    MAX_CONTACTS = 10,
    TIMER_C = 185, /* seconds; RFC 3261 §16.6 step 11 */
};

struct node_element {
    const struct tnd_mem *mem;
    struct tnd_node *node;
    struct tnd_endpoint addresses[2]; /* where it is reached by each transport */
    struct tnd_slice domain;
    struct tnd_node_config config;
};

static int feed(void *self, tnd_time now, const struct tnd_input *in)
{
    return tnd_node_feed(((struct node_element *)self)->node, now, in);
}

static bool take(void *self, struct tnd_output *ret)
{
    return tnd_node_take(((struct node_element *)self)->node, ret);
}

static tnd_time due(const void *self)
{
    return tnd_node_due(((const struct node_element *)self)->node);
}

static const struct tnd_node_stats *stats(const void *self)
{
    return tnd_node_stats(((const struct node_element *)self)->node);
}

static void end(void *self)
{
    struct node_element *e = self;

    tnd_node_free(&e->node);
    sim_give(e->mem, e, sizeof(*e));
}

static const struct sim_element_ops node_ops = {feed, take, due, stats, end};

static void configure_users(struct node_element *e, const struct sim_node_users *users)
{
    struct tnd_node_config *config = &e->config;

    config->has_users = true;
    config->auth.trusted = &users->trusted;
    config->auth.trusted_count = 1;
    config->registrar = (struct tnd_node_registrar){.default_expires = DEFAULT_EXPIRES,
                                                    .min_expires = MIN_EXPIRES,
                                                    .max_expires = MAX_EXPIRES,
                                                    .max_contacts = MAX_CONTACTS};
    config->proxy = (struct tnd_node_proxy){.redirects = users->redirects,
                                            .serial = users->serial,
                                            .recurse = users->recurse,
                                            .max_redirects = users->max_redirects,
                                            .record_route = users->record_route,
                                            .timer_c = TIMER_C};
    config->routes = users->routes;
    config->route_count = users->route_count;
}

int sim_node_make(void *ctx, const struct sim_life *life, struct sim_element *ret)
{
    const struct sim_node_setup *setup = ctx;
    struct node_element *e = sim_take(life->mem, sizeof(*e));
    struct tnd_random random;
    struct tnd_node_world world = {
        .mem = life->mem,
        .seed = life->seed + life->number,
        .life = life->number + 1,
        .transactions_max = setup->transactions_max,
    };

    /* the key is that of the life before */
    tnd_random_init(&random, life->seed);
    for (unsigned i = 0; i < sizeof(world.key); i++)
        world.key[i] = (unsigned char)tnd_random_next(&random);
    e->mem = life->mem;
    for (unsigned i = 0; i < 2; i++) {
        e->addresses[i] = life->address;
        e->addresses[i].transport = i == 0 ? TND_TRANSPORT_UDP : TND_TRANSPORT_TCP;
    }
    e->domain = life->name;
    e->config = (struct tnd_node_config){
        .domains = &e->domain,
        .domain_count = 1,
        .addresses = e->addresses,
        .address_count = 2,
        .requests_per_second = setup->requests_per_second,
        .lab = true,
    };
    if (setup->users)
        configure_users(e, setup->users);
    int err = tnd_node_new(&world, &e->config, life->now, &e->node);
    if (err != 0) {
        sim_give(life->mem, e, sizeof(*e));
        return err;
    }
    *ret = (struct sim_element){&node_ops, e};
    return 0;
}
