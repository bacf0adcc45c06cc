/* What the DNS answers, as services, targets and addresses to try. */
#include "transport/locating.h"
#include "transport/order.h"

static void note_ttl(struct tnd_locate *l, const struct tnd_lookup_answer *answer)
{
    if (answer->result == TND_LOOKUP_FOUND && answer->ttl < l->ttl)
        l->ttl = answer->ttl;
}

/* How many records of the answer are looked at. */
static size_t count_of(struct tnd_locate *l, const struct tnd_lookup_answer *answer)
{
    if (answer->result != TND_LOOKUP_FOUND)
        return 0;
    if (answer->count <= TND_LOCATE_RECORD_COUNT_MAX)
        return answer->count;
    l->cut = TND_RULE_LOCATE_RECORD_COUNT;
    return TND_LOCATE_RECORD_COUNT_MAX;
}

/* A name of an answer, kept. Absent: it is none, or the arena is over. */
static struct tnd_slice keep_name(struct tnd_locate *l, struct tnd_slice name)
{
    if (name.len == 0 || name.len > TND_LOCATE_NAME_LEN_MAX)
        return tnd_slice(NULL, 0);
    return tnd_slice_keep(l->with.a, name);
}

/* RFC 3263 §4.1: what is not for us is discarded; of the rest the lowest order counts, and a
 * higher one never (RFC 2915 §2). */
static void take_naptrs(struct tnd_locate *l, const struct tnd_lookup_answer *answer)
{
    struct tnd_naptr sorted[TND_LOCATE_RECORD_COUNT_MAX];
    size_t count = count_of(l, answer), first = count;

    if (count > 0)
        memcpy(sorted, answer->naptrs, count * sizeof(*sorted));
    tnd_naptr_order(sorted, count);
    for (size_t i = 0; i < count; i++) {
        enum tnd_transport transport = tnd_naptr_transport(&sorted[i]);
        if (!tnd_locate_can_send(l, transport) ||
            (first < count && sorted[i].order != sorted[first].order))
            continue;
        struct tnd_slice name = keep_name(l, sorted[i].replacement);
        if (!name.ptr)
            continue;
        if (first == count) { /* the transport, should there be no SRV record: RFC 3263 §4.2 */
            first = i;
            l->transport = (uint8_t)transport;
        }
        tnd_locate_add_service(l, name, transport);
    }
    if (l->service_count == 0)
        tnd_locate_add_usual(l);
    l->stage = TND_STAGE_SRV;
}

/* RFC 2782: a target of "." says that the service is decidedly not there. */
static bool is_no_target(struct tnd_slice target)
{
    return tnd_slice_eq(target, TND_STR("."));
}

static void take_srvs(struct tnd_locate *l, const struct tnd_lookup_answer *answer)
{
    struct tnd_srv sorted[TND_LOCATE_RECORD_COUNT_MAX];
    size_t count = count_of(l, answer);
    uint8_t transport = l->services[l->service_at].transport;
    struct tnd_random random;

    l->target_count = l->target_at = 0;
    l->srv_found = l->srv_found || count > 0;
    if (count > 0)
        memcpy(sorted, answer->srvs, count * sizeof(*sorted));
    tnd_random_init(&random, l->with.seed);
    tnd_srv_order(sorted, count, &random);
    for (size_t i = 0; i < count; i++) {
        struct tnd_slice host = keep_name(l, sorted[i].target);
        if (host.ptr && !is_no_target(host) && sorted[i].port > 0)
            tnd_locate_add_target(l, host, sorted[i].port, (enum tnd_transport)transport,
                                  TND_RULE_LOCATE_SRV);
    }
    l->service_at++;
    l->stage = TND_STAGE_TARGET;
}

void tnd_locate_add_address(struct tnd_locate *l, enum tnd_lookup_kind kind,
                            const struct tnd_endpoint *e)
{
    bool usable = e->family == TND_FAMILY_IPV4   ? l->with.ipv4
                  : e->family == TND_FAMILY_IPV6 ? l->with.ipv6
                                                 : false;

    if (usable)
        l->addresses[kind][l->address_count[kind]++] = *e;
}

static void take_addresses(struct tnd_locate *l, const struct tnd_lookup_answer *answer)
{
    size_t count = count_of(l, answer);

    for (size_t i = 0; i < count; i++)
        tnd_locate_add_address(l, (enum tnd_lookup_kind)answer->lookup.kind, &answer->addresses[i]);
}

bool tnd_locate_answer(struct tnd_locate *l, const struct tnd_lookup_answer *answer)
{
    unsigned bit = 1u << answer->lookup.kind;

    if (!(l->waiting & bit) || !tnd_slice_eq_fold(answer->lookup.name, l->asked))
        return false;
    l->waiting &= (uint8_t)~bit;
    l->lookup_failed = l->lookup_failed || answer->result == TND_LOOKUP_FAILED;
    note_ttl(l, answer);
    switch ((enum tnd_lookup_kind)answer->lookup.kind) {
    case TND_LOOKUP_A:
    case TND_LOOKUP_AAAA:
        take_addresses(l, answer);
        break;
    case TND_LOOKUP_SRV:
        take_srvs(l, answer);
        break;
    case TND_LOOKUP_NAPTR:
        take_naptrs(l, answer);
        break;
    }
    return true;
}
