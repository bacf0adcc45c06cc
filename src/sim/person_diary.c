/* What a person writes down: his calls, and where those that he calls have moved to. */
#include "base/assert.h"
#include "sim/agent_parts.h"

struct sim_entry *agent_begin(struct agent *p, bool is_caller, tnd_ua_id id)
{
    struct sim_diary *d = p->setup->diary;

    TND_ASSERT(d->count < SIM_ENTRY_MAX);
    struct sim_entry *e = &d->entries[d->count++];
    *e = (struct sim_entry){.host = p->setup->host,
                            .life = p->life,
                            .id = id,
                            .is_caller = is_caller,
                            .after = p->now >= p->setup->after,
                            .begun_at = p->now,
                            .tried_at = p->now,
                            .rang_until = TND_NEVER_DUE,
                            .reserved_at = TND_NEVER_DUE};
    return e;
}

struct sim_entry *agent_entry(struct agent *p, tnd_ua_id id)
{
    struct sim_diary *d = p->setup->diary;

    for (unsigned i = d->count; i-- > 0;) {
        struct sim_entry *e = &d->entries[i];

        if (e->host != p->setup->host || e->life != p->life || e->id != id)
            continue;
        if (e->state != SIM_ENTRY_ENDED)
            return e;
        break;
    }
    d->orphans++;
    d->orphan_host = p->setup->host;
    return NULL;
}

static struct agent_learned *find(struct agent *p, const char *asked)
{
    for (unsigned i = 0; i < p->learned_count; i++)
        if (sim_is_same(p->learned[i].asked, asked))
            return &p->learned[i];
    return NULL;
}

/* As tandem/recover.h tells its owner to. */
void agent_learn(struct agent *p, const char *asked, const struct tnd_recovery *recovery)
{
    struct agent_learned *l = find(p, asked);

    if (recovery->forgets && l)
        l->until = 0;
    if (!recovery->learned.ptr || recovery->learned.len >= SIM_URI_SIZE)
        return;
    if (!l) {
        if (p->learned_count == AGENT_LEARNED_MAX)
            return;
        l = &p->learned[p->learned_count++];
        memcpy(l->asked, asked, sizeof(l->asked));
    }
    memset(l->uri, 0, sizeof(l->uri));
    memcpy(l->uri, recovery->learned.ptr, recovery->learned.len);
    l->until = recovery->learned_until;
}

struct tnd_slice agent_learned_of(const struct agent *p, const char *asked)
{
    const struct agent_learned *l = find((struct agent *)p, asked); /* it changes nothing */

    return l && l->until > p->now ? tnd_slice_str(l->uri) : tnd_slice(NULL, 0);
}

void agent_forget_all(struct agent *p)
{
    struct sim_diary *d = p->setup->diary;

    for (unsigned i = 0; i < d->count; i++)
        if (d->entries[i].host == p->setup->host && d->entries[i].life == p->life &&
            d->entries[i].state != SIM_ENTRY_ENDED)
            d->entries[i].is_gone = true;
}
