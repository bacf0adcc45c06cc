/* What cannot change while a server runs. */
#include "conf/fault.h"

/* Those of two lists in another order are the same sockets. */
static bool listens_at(const struct tnd_conf *conf, const struct tnd_endpoint *e)
{
    for (size_t i = 0; i < conf->listen_count; i++)
        if (tnd_endpoint_eq(&conf->listen[i], e))
            return true;
    return false;
}

static bool same_listeners(const struct tnd_conf *a, const struct tnd_conf *b)
{
    for (size_t i = 0; i < b->listen_count; i++)
        if (!listens_at(a, &b->listen[i]))
            return false;
    return a->listen_count == b->listen_count; /* none stands twice */
}

static bool same_store(const struct tnd_conf_store *a, const struct tnd_conf_store *b)
{
    return a->kind == b->kind && tnd_slice_eq(a->path, b->path) &&
           tnd_slice_eq_fold(a->host, b->host) && a->port == b->port && a->database == b->database;
}

/* Their order is that in which they are asked. */
static bool same_resolvers(const struct tnd_conf *a, const struct tnd_conf *b)
{
    return a->dns_count == b->dns_count &&
           (a->dns_count == 0 || memcmp(a->dns, b->dns, a->dns_count * sizeof(*a->dns)) == 0);
}

static void tell(struct tnd_conf_faults *faults, const char *name, bool same)
{
    struct conf_at file = {.line = 0}, at = {&file, name, 0, 0};

    if (!same)
        conf_fault(faults, TND_CONF_NOTICE, &at, "changed: takes effect at the next start");
}

void tnd_conf_fixed_change(const struct tnd_conf *old, const struct tnd_conf *new,
                           struct tnd_conf_faults *faults)
{
    tell(faults, "listen", same_listeners(old, new));
    tell(faults, "store", same_store(&old->store, &new->store));
    tell(faults, "web", tnd_endpoint_eq(&old->web, &new->web));
    tell(faults, "hep",
         tnd_slice_eq(old->hep.host, new->hep.host) && old->hep.port == new->hep.port);
    tell(faults, "cdr", tnd_slice_eq(old->cdr, new->cdr));
    tell(faults, "dns", same_resolvers(old, new));
    tell(faults, "workers", old->workers == new->workers);
    tell(faults, "limits.transactions", old->limits.transactions == new->limits.transactions);
    tell(faults, "limits.memory", old->limits.memory == new->limits.memory);
}
