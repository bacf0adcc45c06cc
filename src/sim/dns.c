/* The DNS: it knows the address of each host by its name, and the records SRV that it was told; it is late,
 * it fails, it says that there is none. */
#include "base/assert.h"
#include "sim/inside.h"

enum { TTL = 60 };

void sim_dns_srv(struct sim_world *w, const char *name, const char *target, uint16_t priority)
{
    TND_ASSERT(w->srv_count < SIM_SRV_MAX);
    w->srvs[w->srv_count++] = (struct sim_srv){
        name, {.target = tnd_slice_str(target), .priority = priority, .port = SIM_PORT}};
}

void sim_dns_ask(struct sim_world *w, unsigned host, const struct tnd_output *out)
{
    tnd_time at = w->now + tnd_random_time(&w->random, 0, w->faults.dns_max);
    struct sim_event *ev = sim_event_add(w, SIM_EV_ANSWER, host, at, out->lookup.name);

    w->counts.lookups++;
    ev->lookup = out->lookup.kind;
    ev->token = out->token;
}

/* Of which its address is the answer. */
static uint8_t lookup_of(const struct tnd_endpoint *address)
{
    return address->family == TND_FAMILY_IPV6 ? TND_LOOKUP_AAAA : TND_LOOKUP_A;
}

/* Those of a name, into ret, which is borrowed by the answer. */
static void find_srvs(const struct sim_world *w, struct tnd_srv ret[static SIM_SRV_MAX],
                      struct tnd_lookup_answer *answer)
{
    for (unsigned i = 0; i < w->srv_count; i++)
        if (tnd_slice_eq_fold(tnd_slice_str(w->srvs[i].name), answer->lookup.name))
            ret[answer->count++] = w->srvs[i].srv;
    if (answer->count == 0)
        return;
    answer->srvs = ret;
    answer->ttl = TTL;
    answer->result = TND_LOOKUP_FOUND;
}

void sim_dns_answer(struct sim_world *w, struct sim_event *ev)
{
    struct tnd_slice name = tnd_slice(ev->bytes, ev->len);
    struct tnd_lookup_answer answer = {.lookup = {name, ev->lookup}, .result = TND_LOOKUP_NONE};
    struct tnd_endpoint address;
    struct tnd_srv srvs[SIM_SRV_MAX];
    int host = sim_host_named(w, name);

    if (sim_chance(w, w->faults.dns_failed_of_1000)) {
        answer.result = TND_LOOKUP_FAILED;
    } else if (host >= 0 && ev->lookup == lookup_of(&w->hosts[host]->seen) &&
               !sim_chance(w, w->faults.dns_none_of_1000)) {
        address = w->hosts[host]->seen;
        address.port = 0;
        answer.result = TND_LOOKUP_FOUND;
        answer.ttl = TTL;
        answer.count = 1;
        answer.addresses = &address;
    } else if (ev->lookup == TND_LOOKUP_SRV) {
        find_srvs(w, srvs, &answer);
    }
    sim_feed(w, ev->host,
             &(struct tnd_input){.kind = TND_IN_RESOLVED, .token = ev->token, .answer = &answer});
}
