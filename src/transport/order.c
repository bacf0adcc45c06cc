/* The order of SRV records (RFC 2782) and of NAPTR records (RFC 3263 §4.1). Lists are short:
 * TND_LOCATE_RECORD_COUNT_MAX. */
#include "transport/order.h"

/* Less than 0: a stands before b, as far as nothing is drawn. Weight 0 comes first, as RFC 2782
 * wants it; the rest is there only so that the order in the answer does not matter. */
static int compare_srv(const struct tnd_srv *a, const struct tnd_srv *b)
{
    if (a->priority != b->priority)
        return a->priority < b->priority ? -1 : 1;
    if ((a->weight == 0) != (b->weight == 0))
        return a->weight == 0 ? -1 : 1;
    int by_name = tnd_slice_cmp(a->target, b->target);
    if (by_name != 0)
        return by_name;
    return a->port != b->port ? (a->port < b->port ? -1 : 1) : (int)a->weight - (int)b->weight;
}

static void sort_srv(struct tnd_srv *srvs, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct tnd_srv srv = srvs[i];
        size_t at = i;

        for (; at > 0 && compare_srv(&srv, &srvs[at - 1]) < 0; at--)
            srvs[at] = srvs[at - 1];
        srvs[at] = srv;
    }
}

/* The next of count records of one priority. RFC 2782: a number from 0 to the sum of the
 * weights, both included; the first record whose running sum reaches it. */
static size_t draw(const struct tnd_srv *srvs, size_t count, struct tnd_random *random)
{
    uint64_t sum = 0, reached = 0;

    for (size_t i = 0; i < count; i++)
        sum += srvs[i].weight;
    uint64_t number = tnd_random_below(random, sum + 1);
    for (size_t i = 0; i < count; i++) {
        reached += srvs[i].weight;
        if (reached >= number)
            return i;
    }
    return 0; /* not reached: the last running sum is the sum */
}

/* The record at at goes to the front, the others keep their order: weight 0 stays first. */
static void bring_forward(struct tnd_srv *srvs, size_t at)
{
    struct tnd_srv chosen = srvs[at];

    memmove(&srvs[1], &srvs[0], at * sizeof(*srvs));
    srvs[0] = chosen;
}

void tnd_srv_order(struct tnd_srv *srvs, size_t count, struct tnd_random *random)
{
    sort_srv(srvs, count);
    for (size_t at = 0; at < count; at++) {
        size_t alike = 1;

        while (at + alike < count && srvs[at + alike].priority == srvs[at].priority)
            alike++;
        bring_forward(&srvs[at], draw(&srvs[at], alike, random));
    }
}

void tnd_naptr_order(struct tnd_naptr *naptrs, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct tnd_naptr naptr = naptrs[i];
        uint32_t rank = (uint32_t)naptr.order << 16 | naptr.preference;
        size_t at = i;

        for (; at > 0; at--) {
            const struct tnd_naptr *before = &naptrs[at - 1];
            if (((uint32_t)before->order << 16 | before->preference) <= rank)
                break;
            naptrs[at] = *before;
        }
        naptrs[at] = naptr;
    }
}

enum tnd_transport tnd_naptr_transport(const struct tnd_naptr *naptr)
{
    static const struct {
        struct tnd_slice service;
        enum tnd_transport transport;
    } services[] = {
        /* D2S is SCTP, which we have not; SIPS+D2U cannot be (RFC 3263 §4.1) */
        {TND_STR_INIT("SIP+D2U"), TND_TRANSPORT_UDP},  {TND_STR_INIT("SIP+D2T"), TND_TRANSPORT_TCP},
        {TND_STR_INIT("SIPS+D2T"), TND_TRANSPORT_TLS}, {TND_STR_INIT("SIP+D2W"), TND_TRANSPORT_WS},
        {TND_STR_INIT("SIPS+D2W"), TND_TRANSPORT_WSS},
    };

    /* RFC 3263 §4.1: the flag is "s", the expression empty, the replacement an SRV name */
    if (!tnd_slice_eq_fold(naptr->flags, TND_STR("s")) || naptr->regexp.len > 0)
        return TND_TRANSPORT_NONE;
    for (size_t i = 0; i < sizeof(services) / sizeof(*services); i++)
        if (tnd_slice_eq_fold(naptr->service, services[i].service))
            return services[i].transport;
    return TND_TRANSPORT_NONE;
}
