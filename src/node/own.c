/* What is ours: addresses and domains; the tags that we give. */
#include "node/node.h"

/* A URI that says no port names us as a domain is named, wherever we listen. */
static bool is_at(const struct tnd_endpoint *ours, const struct tnd_endpoint *address, int32_t port)
{
    return tnd_address_eq(ours, address) && (port < 0 || ours->port == 0 || ours->port == port);
}

/* local: where the message came to, which may be one of many addresses of a wildcard. */
static bool is_our_address(const struct tnd_node *n, const struct tnd_endpoint *local,
                           const struct tnd_endpoint *address, int32_t port)
{
    for (size_t i = 0; i < n->config->address_count; i++)
        if (is_at(&n->config->addresses[i], address, port))
            return true;
    return is_at(local, address, port);
}

/* "sip.example.com" or "sip.example.com:5070". */
static bool is_advertised(const struct tnd_node *n, struct tnd_slice host)
{
    struct tnd_slice ours = n->config->advertise;

    return ours.ptr && host.len <= ours.len && tnd_host_eq(tnd_slice(ours.ptr, host.len), host) &&
           (host.len == ours.len || ours.ptr[host.len] == ':');
}

/* Whether anything of ours listens at that port, which need not be at the address that is meant: a
 * router may be in front of us. */
static bool is_our_port(const struct tnd_node *n, const struct tnd_endpoint *local, int32_t port)
{
    for (size_t i = 0; i < n->config->address_count; i++)
        if (n->config->addresses[i].port == 0 || n->config->addresses[i].port == port)
            return true;
    return port < 0 || local->port == port;
}

/* A domain is served whatever port is said: who asks there has found its way here. But at an address
 * somebody else may listen, a phone of the same machine for one. */
bool node_is_ours(const struct tnd_node *n, const struct tnd_flow *flow, const struct tnd_uri *uri)
{
    struct tnd_slice host = uri->host;
    struct tnd_endpoint address;

    if (tnd_address_parse(host, &address) == 0) {
        if (is_our_address(n, &flow->local, &address, uri->port))
            return true;
        if (!is_our_port(n, &flow->local, uri->port))
            return false;
    }
    for (size_t i = 0; i < n->config->domain_count; i++)
        if (tnd_host_eq(n->config->domains[i], host))
            return true;
    return is_advertised(n, host);
}

/* A tag is derived and not drawn: the same request has the same tag, after a restart too, so a
 * response without state is the same each time (RFC 3261 §8.2.7), and a dialog is known again by
 * the tag alone. Who does not hold the key can make none (§19.3). The hash of the Call-ID is half of
 * the key by which the From tag is hashed, so neither flows into the other. */
struct tnd_slice node_tag(const struct tnd_node *n, const struct tnd_txn_parts *parts,
                          enum node_tag_kind kind, unsigned lab, char room[NODE_TAG_SIZE])
{
    struct tnd_siphash_key key = {tnd_siphash_2_4(&n->key, parts->call_id),
                                  n->key.k1 ^ ((uint64_t)kind << 32 | lab)};
    uint64_t digest = tnd_siphash_2_4(&key, parts->from_tag);
    struct tnd_writer w = tnd_writer(room, NODE_TAG_SIZE);

    tnd_put_hex(&w, &digest, sizeof(digest));
    return tnd_writer_slice(&w);
}

static void write_self(struct node_self *self, const struct tnd_endpoint *local)
{
    struct tnd_writer w = tnd_writer(self->text, sizeof(self->text));

    tnd_address_write_host(&w, local);
    self->host_len = (uint8_t)w.len;
    if (local->port != tnd_transport_port((enum tnd_transport)local->transport)) {
        tnd_put_char(&w, ':');
        tnd_put_number(&w, local->port);
    }
    self->len = (uint8_t)w.len;
    self->local = *local;
}

static const struct node_self *self_at(struct tnd_node *n, const struct tnd_flow *flow)
{
    if (!tnd_endpoint_eq(&n->self.local, &flow->local))
        write_self(&n->self, &flow->local);
    return &n->self;
}

struct tnd_slice node_self_host(struct tnd_node *n, const struct tnd_flow *flow)
{
    const struct node_self *self = self_at(n, flow);

    return tnd_slice(self->text, self->host_len);
}

struct tnd_slice node_self(struct tnd_node *n, const struct tnd_flow *flow)
{
    const struct node_self *self = self_at(n, flow);

    return n->config->advertise.ptr ? n->config->advertise : tnd_slice(self->text, self->len);
}

static bool is_loopback(const struct tnd_endpoint *e)
{
    return tnd_address_kind(e) == TND_ADDRESS_LOOPBACK;
}

/* Of the same kind as who is reached from it; like, if that is one. */
static const struct tnd_endpoint *find_own(const struct tnd_node *n, uint8_t transport,
                                           uint8_t family, bool on_loopback,
                                           const struct tnd_endpoint *like)
{
    const struct tnd_endpoint *found = NULL;

    for (size_t i = 0; i < n->config->address_count; i++) {
        const struct tnd_endpoint *own = &n->config->addresses[i];

        if (own->transport != transport || own->family != family || own->port == 0)
            continue;
        if (tnd_address_eq(own, like) && is_loopback(own) == on_loopback)
            return own;
        if (!found || is_loopback(own) == on_loopback)
            found = own;
    }
    return found;
}

/* A connection that we opened has a port of its own, where nobody can reach us: what we say of
 * ourselves is where we listen. */
struct tnd_flow node_way_to(const struct tnd_node *n, const struct tnd_flow *in,
                            const struct tnd_endpoint *to)
{
    struct tnd_flow way = {.local = in->local, .remote = *to};
    bool on_loopback = is_loopback(to);
    bool is_same = in->local.transport == TND_TRANSPORT_UDP && to->transport == TND_TRANSPORT_UDP &&
                   in->local.family == to->family;

    if (is_same && is_loopback(&in->local) == on_loopback) {
        way.id = in->id;
        return way;
    }
    const struct tnd_endpoint *own =
        find_own(n, to->transport, to->family, on_loopback, &in->local);
    if (is_same && (!own || is_loopback(own) != on_loopback))
        way.id = in->id; /* there is no better one */
    else if (own)
        way.local = *own;
    way.local.transport = to->transport;
    return way;
}

static bool is_own(const struct tnd_node *n, const struct tnd_endpoint *local)
{
    for (size_t i = 0; i < n->config->address_count; i++)
        if (n->config->addresses[i].transport == local->transport &&
            is_at(&n->config->addresses[i], local, local->port))
            return true;
    return false;
}

struct tnd_flow node_way_from(const struct tnd_node *n, const struct tnd_flow *in,
                              const struct tnd_endpoint *local, const struct tnd_endpoint *to)
{
    struct tnd_flow way = {.local = *local, .remote = *to};

    if (local->family != to->family || local->transport != to->transport || !is_own(n, local))
        return node_way_to(n, in, to);
    if (to->transport == TND_TRANSPORT_UDP && tnd_endpoint_eq(local, &in->local))
        way.id = in->id;
    return way;
}

bool node_own_endpoint(const struct tnd_node *n, const struct tnd_flow *flow,
                       struct tnd_endpoint *ret)
{
    static const enum tnd_transport order[] = {TND_TRANSPORT_UDP, TND_TRANSPORT_TCP};
    const struct tnd_endpoint *own;
    bool on_loopback = is_loopback(&flow->local);

    if (flow->local.transport == TND_TRANSPORT_UDP) {
        *ret = flow->local;
        return true;
    }
    for (size_t i = 0; i < 2; i++) {
        own = find_own(n, (uint8_t)order[i], flow->local.family, on_loopback, &flow->local);
        if (own) {
            *ret = *own;
            return true;
        }
    }
    return false;
}

/* No other host can send from an address of ours: its packets would not get here. */
bool node_is_ourselves(const struct tnd_node *n, const struct tnd_endpoint *remote)
{
    if (remote->transport != TND_TRANSPORT_UDP)
        return false;
    for (size_t i = 0; i < n->config->address_count; i++)
        if (tnd_endpoint_eq(&n->config->addresses[i], remote))
            return true;
    return false;
}

bool node_is_this_machine(const struct tnd_node *n, const struct tnd_endpoint *remote)
{
    for (size_t i = 0; i < n->config->address_count; i++)
        if (tnd_address_eq(&n->config->addresses[i], remote))
            return true;
    return false;
}

bool node_is_trusted(const struct tnd_node *n, const struct tnd_endpoint *e)
{
    for (size_t i = 0; i < n->config->auth.trusted_count; i++)
        if (tnd_network_has(&n->config->auth.trusted[i], e))
            return true;
    return false;
}

/* Whatever of ours its host is: a domain by its name; an address, or the name that we advertise, is
 * where the first domain is served, if there is one. */
static struct tnd_slice domain_of(const struct tnd_node *n, struct tnd_slice host)
{
    for (size_t i = 0; i < n->config->domain_count; i++)
        if (tnd_host_eq(n->config->domains[i], host))
            return host;
    return n->config->domain_count > 0 ? n->config->domains[0] : host;
}

struct tnd_slice node_aor(const struct tnd_node *n, const struct tnd_uri *uri, struct tnd_arena *a)
{
    struct tnd_uri ours = *uri;
    char *at = tnd_arena_take(a, TND_AOR_LEN_MAX);
    struct tnd_writer w = tnd_writer(at, at ? TND_AOR_LEN_MAX : 0);

    ours.host = domain_of(n, uri->host);
    if (!tnd_aor_write(&w, &ours))
        return tnd_slice(NULL, 0);
    tnd_arena_shrink(a, at, tnd_writer_over(&w) ? 0 : w.len);
    return tnd_writer_slice(&w);
}
