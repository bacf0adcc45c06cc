/* The person behind a user agent: what he wants and when, and the commands that say so. */
#include "base/assert.h"
#include "sim/agent_parts.h"

enum { TEXT_SIZE = 1024, REGISTRATION_SECONDS = 100 };

#define AGAIN_AFTER       TND_MS(10)  /* a command for which there was no room, or no memory */
#define PATIENCE          TND_SEC(90) /* with a call that nobody answers */
#define CALLS_AFTER_FIRST TND_SEC(3)
#define CALLS_AFTER_LAST  TND_SEC(20)

void agent_do(struct agent *p, enum agent_act act, tnd_ua_id id, tnd_time at, uint16_t detail)
{
    for (unsigned i = 0; i < AGENT_TODO_MAX; i++)
        if (p->todo[i].at == TND_NEVER_DUE) {
            p->todo[i] = (struct agent_todo){.at = at,
                                             .order = p->order++,
                                             .id = id,
                                             .act = (uint8_t)act,
                                             .ok = true,
                                             .detail = detail};
            return;
        }
    TND_ASSERT(!"there is too much to do");
}

struct agent_todo *agent_next(struct agent *p)
{
    struct agent_todo *next = NULL;

    for (unsigned i = 0; i < AGENT_TODO_MAX; i++) {
        struct agent_todo *t = &p->todo[i];

        if (t->at == TND_NEVER_DUE)
            continue;
        if (!next || t->at < next->at || (t->at == next->at && t->order < next->order))
            next = t;
    }
    return next;
}

/* What is over by the time that it starts is over. */
void agent_plan(struct agent *p)
{
    const struct sim_agent_setup *s = p->setup;
    tnd_time now = p->now;

    for (unsigned i = 0; i < AGENT_TODO_MAX; i++)
        p->todo[i].at = TND_NEVER_DUE;
    agent_do(p, AGENT_REGISTER, 0, now + agent_time(p, 0, TND_MS(300)), 0);
    agent_do(p, AGENT_CLOSE, 0, s->close_at, 0);
    for (unsigned i = 0; i < s->calls; i++) {
        tnd_time at = agent_time(p, TND_MS(500), s->until);

        if (at > now)
            agent_do(p, AGENT_CALL, 0, at, false);
    }
    for (unsigned i = 0; i < s->calls_after; i++)
        agent_do(p, AGENT_CALL, 0, s->after + agent_time(p, CALLS_AFTER_FIRST, CALLS_AFTER_LAST),
                 true);
}

static void put_number(struct agent *p, char ret[SIM_NUMBER_SIZE])
{
    struct tnd_writer w = tnd_writer(ret, SIM_NUMBER_SIZE - 1);

    memset(ret, 0, SIM_NUMBER_SIZE);
    tnd_put_str(&w, "call-");
    tnd_put_number(&w, p->setup->host);
    tnd_put_str(&w, "-");
    tnd_put_number(&w, p->life);
    tnd_put_str(&w, "-");
    tnd_put_number(&w, ++p->calls);
}

/* Extensions that it cannot do without, or thinks so. */
static size_t draw_tags(struct agent *p, struct tnd_slice tags[2])
{
    size_t count = agent_chance(p, 1, 5) ? 1 + agent_chance(p, 1, 3) : 0;

    tags[0] = TND_STR("foo");
    tags[1] = TND_STR("bar");
    return count;
}

static int call_somebody(struct agent *p, bool after)
{
    const struct sim_agent_setup *s = p->setup;
    const struct sim_callee *callee = &s->callees[tnd_random_below(&p->random, s->callee_count)];
    char number[SIM_NUMBER_SIZE], room[TEXT_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_slice tags[2];
    tnd_ua_id id;
    struct tnd_ua_call call = {.uri = tnd_slice_str(callee->uri),
                               .learned = agent_learned_of(p, callee->uri)};

    call.with.require = tags;
    call.with.require_count = draw_tags(p, tags);
    call.precondition = (uint8_t)(agent_chance(p, 1, 2) ? tnd_random_below(&p->random, 3) : 0);
    put_number(p, number);
    tnd_put_str(&w, "Subject: ");
    tnd_put_str(&w, number);
    tnd_put_str(&w, "\r\n");
    call.with.fields = tnd_writer_slice(&w);
    int err = tnd_ua_call(p->ua, p->now, &call, &id);
    if (err != 0)
        return err;
    struct sim_entry *e = agent_begin(p, true, id);
    memcpy(e->number, number, sizeof(number));
    memcpy(e->asked, callee->uri, sizeof(callee->uri));
    e->after = after;
    e->is_mandatory = call.precondition == TND_UA_PRECONDITION_MANDATORY;
    agent_do(p, AGENT_HANG_UP, id, p->now + PATIENCE, true);
    if (agent_chance(p, 1, 4))
        agent_do(p, AGENT_HANG_UP, id, p->now + agent_time(p, 0, TND_SEC(10)), false);
    return 0;
}

static int enroll(struct agent *p)
{
    if (p->is_closed)
        return 0;
    return tnd_ua_register(p->ua, p->now,
                           &(struct tnd_ua_registration){.expires = REGISTRATION_SECONDS},
                           &p->registration);
}

/* To others, to itself, in loops. */
static void put_contacts(struct agent *p, struct tnd_writer *w)
{
    const struct sim_agent_setup *s = p->setup;
    uint64_t count = 1 + tnd_random_below(&p->random, 3);

    for (uint64_t i = 0; i < count; i++) {
        tnd_put_str(w, i > 0 ? ", <" : "<");
        tnd_put_str(w, s->callees[tnd_random_below(&p->random, s->callee_count)].uri);
        tnd_put_str(w, ">;q=0.");
        tnd_put_number(w, 1 + tnd_random_below(&p->random, 9));
        if (agent_chance(p, 1, 3)) {
            tnd_put_str(w, ";expires=");
            tnd_put_number(w, tnd_random_below(&p->random, 30));
        }
    }
}

/* What a refusal has to say besides its code. */
static const char *fields_of(unsigned code)
{
    switch (code) {
    case 420:
        return "Unsupported: foo\r\n";
    case 421:
        return "Require: 100rel\r\n";
    case 422:
        return "Min-SE: 120\r\n";
    case 503:
        return "Retry-After: 3\r\n";
    default:
        return NULL;
    }
}

static int refuse(struct agent *p, tnd_ua_id id, uint16_t code)
{
    char room[TEXT_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_ua_refusal refusal = {.code = code, .fields = tnd_slice_str(fields_of(code))};

    if (code / 100 == 3 || code == 485) {
        put_contacts(p, &w);
        refusal.contacts = tnd_writer_slice(&w);
    }
    return tnd_ua_refuse(p->ua, p->now, id, &refusal);
}

/* Only a call that is not answered yet, if is_impatient. */
static int hang_up(struct agent *p, tnd_ua_id id, bool is_impatient)
{
    const struct sim_entry *e = agent_entry(p, id);

    if (!e || (is_impatient && e->state == SIM_ENTRY_ANSWERED))
        return 0;
    return tnd_ua_end(p->ua, p->now, id);
}

static bool is_to_be_said_again(int err)
{
    return err == TND_ESPACE || err == TND_ENOMEM;
}

/* Everything that there is. */
static int close_all(struct agent *p)
{
    const struct sim_diary *d = p->setup->diary;
    int err = 0;

    p->is_closed = true;
    for (unsigned i = 0; i < d->count; i++) {
        const struct sim_entry *e = &d->entries[i];

        if (e->host == p->setup->host && e->life == p->life && e->state != SIM_ENTRY_ENDED)
            err = is_to_be_said_again(tnd_ua_end(p->ua, p->now, e->id)) ? TND_ESPACE : err;
    }
    if (p->registration != 0 && is_to_be_said_again(tnd_ua_end(p->ua, p->now, p->registration)))
        err = TND_ESPACE;
    return err;
}

static int ring(struct agent *p, tnd_ua_id id, bool accepts)
{
    struct sim_entry *e = agent_entry(p, id);

    if (e && e->state == SIM_ENTRY_BEGUN)
        e->state = SIM_ENTRY_RINGING;
    return accepts ? tnd_ua_accept(p->ua, p->now, id) : tnd_ua_ring(p->ua, p->now, id);
}

static int reserved(struct agent *p, const struct agent_todo *todo)
{
    struct sim_entry *e = agent_entry(p, todo->id);

    if (e && todo->ok && e->reserved_at == TND_NEVER_DUE)
        e->reserved_at = p->now;
    return tnd_ua_reserved(p->ua, p->now, todo->id, todo->stream, todo->ok);
}

static int say(struct agent *p, const struct agent_todo *todo)
{
    switch ((enum agent_act)todo->act) {
    case AGENT_REGISTER:
        return enroll(p);
    case AGENT_CALL:
        return call_somebody(p, todo->detail);
    case AGENT_RING:
    case AGENT_ACCEPT:
        return ring(p, todo->id, todo->act == AGENT_ACCEPT);
    case AGENT_REFUSE:
        return refuse(p, todo->id, todo->detail);
    case AGENT_RESERVED:
        return reserved(p, todo);
    case AGENT_CHANGE:
        return tnd_ua_change(p->ua, p->now, todo->id, (enum tnd_ua_change)todo->detail);
    case AGENT_HANG_UP:
        return hang_up(p, todo->id, todo->detail);
    case AGENT_CLOSE:
        return close_all(p);
    }
    return 0;
}

/* What cannot be said any more is not said: the call has gone on meanwhile. */
void agent_carry_out(struct agent *p, const struct agent_todo *todo)
{
    int err = say(p, todo);

    if (is_to_be_said_again(err))
        agent_do(p, (enum agent_act)todo->act, todo->id, p->now + AGAIN_AFTER, todo->detail);
}
