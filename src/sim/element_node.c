/* A Tandem node as an element of the simulated world. */
#include "sim/element.h"

#include "base/random.h"
#include "sim/mem.h"

struct node_element {
    const struct tnd_mem *mem;
    struct tnd_node *node;
    struct tnd_endpoint address;
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

int sim_node_make(void *ctx, const struct sim_life *life, struct sim_element *ret)
{
    const struct sim_node_setup *setup = ctx;
    struct node_element *e = sim_take(life->mem, sizeof(*e));
    struct tnd_random random;
    struct tnd_node_world world = {
        .mem = life->mem,
        .seed = life->seed + life->number,
        .transactions_max = setup->transactions_max,
    };

    /* the key is that of the life before */
    tnd_random_init(&random, life->seed);
    for (unsigned i = 0; i < sizeof(world.key); i++)
        world.key[i] = (unsigned char)tnd_random_next(&random);
    e->mem = life->mem;
    e->address = life->address;
    e->address.port = 0;
    e->domain = life->name;
    e->config = (struct tnd_node_config){
        .domains = &e->domain,
        .domain_count = 1,
        .addresses = &e->address,
        .address_count = 1,
        .requests_per_second = setup->requests_per_second,
        .lab = true,
    };
    int err = tnd_node_new(&world, &e->config, life->now, &e->node);
    if (err != 0) {
        sim_give(life->mem, e, sizeof(*e));
        return err;
    }
    *ret = (struct sim_element){&node_ops, e};
    return 0;
}
