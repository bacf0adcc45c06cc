/* A user agent as an element of the simulated world, and what it is told of itself. */
#include "base/assert.h"
#include "sim/agent_parts.h"

static void hear(struct agent *p)
{
    struct tnd_ua_event event;

    while (tnd_ua_event(p->ua, &event))
        agent_told(p, &event);
}

/* One command after the other, each with what came of it. */
static void act(struct agent *p)
{
    struct agent_todo *todo;

    hear(p);
    while ((todo = agent_next(p)) && todo->at <= p->now) {
        const struct agent_todo now = *todo;

        todo->at = TND_NEVER_DUE;
        agent_carry_out(p, &now);
        hear(p);
    }
}

static int feed(void *self, tnd_time now, const struct tnd_input *in)
{
    struct agent *p = self;

    p->now = now;
    int err = tnd_ua_feed(p->ua, now, in);
    act(p);
    return err;
}

static bool take(void *self, struct tnd_output *ret)
{
    return tnd_ua_take(((struct agent *)self)->ua, ret);
}

static tnd_time due(const void *self)
{
    const struct agent *p = self;
    /* nothing is changed by looking */
    const struct agent_todo *todo = agent_next((struct agent *)self);
    tnd_time of_ua = tnd_ua_due(p->ua);

    return todo && todo->at < of_ua ? todo->at : of_ua;
}

static void end(void *self)
{
    struct agent *p = self;
    const struct tnd_mem *mem = p->mem;

    agent_forget_all(p);
    tnd_ua_free(&p->ua);
    sim_give(mem, p, sizeof(*p));
}

static const struct sim_element_ops agent_ops = {feed, take, due, NULL, end};

static void configure(struct agent *p, const struct sim_life *life)
{
    const struct sim_agent_setup *s = p->setup;
    struct tnd_writer w = tnd_writer(p->from, sizeof(p->from));

    for (unsigned i = 0; i < 2; i++) {
        p->addresses[i] = life->address;
        p->addresses[i].transport = (i == 0) == s->tcp ? TND_TRANSPORT_TCP : TND_TRANSPORT_UDP;
    }
    tnd_put_str(&w, "sip:");
    tnd_put_str(&w, s->user);
    tnd_put_str(&w, "@");
    tnd_put_str(&w, s->domain);
    sim_sound_describe(&p->sound, life);
    p->config = (struct tnd_ua_config){
        .addresses = p->addresses,
        .address_count = 2,
        .from = tnd_writer_slice(&w),
        .proxy = tnd_slice_str(s->proxy),
        .agent = TND_STR("tandem-sim"),
        .media = &p->sound.media,
        .session_expires = s->session_expires,
        .precondition = s->precondition,
        .require_100rel = s->require_100rel,
    };
}

int sim_agent_make(void *ctx, const struct sim_life *life, struct sim_element *ret)
{
    struct agent *p = sim_take(life->mem, sizeof(*p));
    struct tnd_ua_world world = {.mem = life->mem, .seed = life->seed + life->number};

    p->mem = life->mem;
    p->setup = ctx;
    p->now = life->now;
    p->life = life->number;
    tnd_random_init(&p->random, life->seed + life->number);
    for (unsigned i = 0; i < sizeof(world.key); i++)
        world.key[i] = (unsigned char)tnd_random_next(&p->random);
    configure(p, life);
    int err = tnd_ua_new(&world, &p->config, life->now, &p->ua);
    if (err != 0) {
        sim_give(life->mem, p, sizeof(*p));
        return err;
    }
    agent_plan(p);
    *ret = (struct sim_element){&agent_ops, p};
    return 0;
}
