/* Addresses, hosts, networks and the store of a configuration. */
#include <stdlib.h>

#include "base/ascii.h"
#include "conf/value.h"
#include "tandem/sip/uri.h"

#define FAULT(r, at, ...) conf_fault((r)->faults, TND_CONF_FAULT, at, __VA_ARGS__)

enum { HOST_LEN_MAX = 253, WEB_PORT = 8060, DNS_PORT = 53, HEP_PORT = 9060, REDIS_PORT = 6379 };

/* The longest name that DNS has (RFC 1035 §2.3.4) */
bool tnd_conf_is_host(struct tnd_slice text)
{
    return text.len <= HOST_LEN_MAX && tnd_host_kind(text) != TND_HOST_NONE;
}

bool conf_read_domain(struct conf_reading *r, const struct conf_key *key, const struct conf_at *at,
                      struct tnd_slice text, void *ret)
{
    if (!tnd_conf_is_host(text)) {
        FAULT(r, at, "'%.*s' is no domain, like example.com, and no address", CONF_FMT(text));
        return false;
    }
    return conf_read_text(r, key, at, text, ret);
}

/* Takes ":5060" off the end of host. false: what is behind the colon is no port. */
static bool take_port(struct tnd_slice *host, uint16_t *port)
{
    const char *bracket = host->len > 0 ? memrchr(host->ptr, ']', host->len) : NULL;
    const char *from = bracket ? bracket : host->ptr, *end = tnd_slice_end(*host);
    const char *colon = host->len > 0 ? memchr(from, ':', (size_t)(end - from)) : NULL;
    uint64_t number;

    if (!colon)
        return true;
    if (!tnd_slice_number(tnd_slice_between(colon + 1, end), UINT16_MAX, &number) || number == 0)
        return false;
    *port = (uint16_t)number;
    *host = tnd_slice_between(host->ptr, colon);
    return true;
}

bool conf_read_host(struct conf_reading *r, const struct conf_key *key, const struct conf_at *at,
                    struct tnd_slice text, void *ret)
{
    struct tnd_conf_host host = {text, 0};

    if (!take_port(&host.host, &host.port) || !tnd_conf_is_host(host.host)) {
        FAULT(r, at, "'%.*s' is no host, like sip.example.com, with or without :PORT",
              CONF_FMT(text));
        return false;
    }
    if (!conf_read_text(r, key, at, host.host, &host.host))
        return false;
    *(struct tnd_conf_host *)ret = host;
    return true;
}

bool conf_read_collector(struct conf_reading *r, const struct conf_key *key,
                         const struct conf_at *at, struct tnd_slice text, void *ret)
{
    struct tnd_slice prefix = TND_STR("udp:"), rest = text;
    struct tnd_conf_host host = {.port = HEP_PORT};
    bool is_udp = text.len > prefix.len && memcmp(text.ptr, prefix.ptr, prefix.len) == 0;

    if (is_udp)
        rest = tnd_slice(text.ptr + prefix.len, text.len - prefix.len);
    if (!is_udp || !take_port(&rest, &host.port) || !tnd_conf_is_host(rest)) {
        FAULT(r, at, "'%.*s' is not like udp:homer.example.com:9060", CONF_FMT(text));
        return false;
    }
    if (!conf_read_text(r, key, at, rest, &host.host))
        return false;
    *(struct tnd_conf_host *)ret = host;
    return true;
}

bool conf_read_listener(struct conf_reading *r, const struct conf_key *key,
                        const struct conf_at *at, struct tnd_slice text, void *ret)
{
    struct tnd_endpoint e;

    (void)key;
    if (tnd_endpoint_parse(text, TND_TRANSPORT_NONE, &e) || e.transport == TND_TRANSPORT_NONE) {
        FAULT(r, at, "'%.*s' is not like udp:192.0.2.1:5060 or tcp:[2001:db8::1]:5060",
              CONF_FMT(text));
        return false;
    }
    if (e.port == 0) {
        FAULT(r, at, "port 0 is none: say one from 1 to 65535, or leave it out for %u",
              tnd_transport_port((enum tnd_transport)e.transport));
        return false;
    }
    if (tnd_address_kind(&e) == TND_ADDRESS_MULTICAST ||
        tnd_address_kind(&e) == TND_ADDRESS_BROADCAST) {
        FAULT(r, at, "'%.*s' is not the address of one host", CONF_FMT(text));
        return false;
    }
    *(struct tnd_endpoint *)ret = e;
    return true;
}

/* An address with or without a port, and without a transport. */
static bool read_address(struct conf_reading *r, const struct conf_at *at, struct tnd_slice text,
                         uint16_t port, struct tnd_endpoint *ret)
{
    struct tnd_endpoint e;
    bool bare = tnd_address_parse(text, &e) == 0;

    if (bare)
        e.port = port;
    else if (tnd_endpoint_parse(text, TND_TRANSPORT_NONE, &e) || e.transport)
        e.port = 0;
    if (e.port == 0) {
        FAULT(r, at, "'%.*s' is not like 192.0.2.1:%u or [2001:db8::1]:%u", CONF_FMT(text), port,
              port);
        return false;
    }
    *ret = e;
    return true;
}

bool conf_read_web(struct conf_reading *r, const struct conf_key *key, const struct conf_at *at,
                   struct tnd_slice text, void *ret)
{
    (void)key;
    if (tnd_slice_eq(text, TND_STR("off"))) {
        *(struct tnd_endpoint *)ret = (struct tnd_endpoint){.port = 0};
        return true;
    }
    return read_address(r, at, text, WEB_PORT, ret);
}

bool conf_read_resolver(struct conf_reading *r, const struct conf_key *key,
                        const struct conf_at *at, struct tnd_slice text, void *ret)
{
    struct tnd_endpoint e;

    (void)key;
    if (!read_address(r, at, text, DNS_PORT, &e))
        return false;
    if (!tnd_endpoint_is_target(&e)) {
        FAULT(r, at, "nobody answers at '%.*s'", CONF_FMT(text));
        return false;
    }
    *(struct tnd_endpoint *)ret = e;
    return true;
}

static bool has_bits_beyond(const struct tnd_network *network)
{
    struct tnd_endpoint cut = network->address;

    for (uint32_t bit = network->bits; bit < 8 * sizeof(cut.octets); bit++)
        cut.octets[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
    return !tnd_address_eq(&cut, &network->address);
}

bool conf_read_network(struct conf_reading *r, const struct conf_key *key, const struct conf_at *at,
                       struct tnd_slice text, void *ret)
{
    const char *slash = text.len > 0 ? memchr(text.ptr, '/', text.len) : NULL;
    struct tnd_slice address = slash ? tnd_slice_between(text.ptr, slash) : text;
    struct tnd_network network = {.bits = 0};
    uint64_t bits;

    (void)key;
    bool good = tnd_address_parse(address, &network.address) == 0;
    bits = network.address.family == TND_FAMILY_IPV4 ? 32 : 128;
    if (good && slash)
        good = tnd_slice_number(tnd_slice_between(slash + 1, tnd_slice_end(text)), bits, &bits);
    if (!good) {
        FAULT(r, at, "'%.*s' is no address, like 192.0.2.1, and no network, like 192.0.2.0/24",
              CONF_FMT(text));
        return false;
    }
    network.bits = (uint32_t)bits;
    if (has_bits_beyond(&network)) {
        FAULT(r, at,
              "'%.*s' has bits beyond the first %u: leave out the /%u for this address alone",
              CONF_FMT(text), network.bits, network.bits);
        return false;
    }
    *(struct tnd_network *)ret = network;
    return true;
}

/* The directory for what a program keeps, as the XDG Base Directory Specification has it: a
 * relative XDG_STATE_HOME counts as none. A service may have no home. */
static bool put_state_directory(struct tnd_writer *w)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

    if (state && state[0] == '/') {
        tnd_put_str(w, state);
    } else if (home && home[0] == '/') {
        tnd_put_str(w, home);
        tnd_put_str(w, "/.local/state");
    } else {
        tnd_put_str(w, "/var/lib");
    }
    tnd_put_str(w, "/tandem");
    return !tnd_writer_over(w);
}

static bool read_lmdb(struct conf_reading *r, const struct conf_key *key, const struct conf_at *at,
                      struct tnd_slice path, struct tnd_conf_store *ret)
{
    char room[4096];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_conf_store store = {.kind = TND_CONF_STORE_LMDB};

    if (path.len == 0) {
        if (!put_state_directory(&w)) {
            FAULT(r, at,
                  "XDG_STATE_HOME or HOME is too long: say where, like lmdb:/var/lib/tandem");
            return false;
        }
        path = tnd_writer_slice(&w);
    }
    if (!conf_read_path(r, key, at, path, &store.path))
        return false;
    *ret = store;
    return true;
}

/* "host[:port][/number]" */
static bool read_redis(struct conf_reading *r, const struct conf_key *key, const struct conf_at *at,
                       struct tnd_slice text, struct tnd_conf_store *ret)
{
    struct tnd_conf_store store = {.kind = TND_CONF_STORE_REDIS, .port = REDIS_PORT};
    const char *slash = text.len > 0 ? memchr(text.ptr, '/', text.len) : NULL;
    struct tnd_slice host = slash ? tnd_slice_between(text.ptr, slash) : text;
    uint64_t database = 0;
    bool good = take_port(&host, &store.port) && tnd_conf_is_host(host);

    if (slash && slash + 1 < tnd_slice_end(text))
        good &= tnd_slice_number(tnd_slice_between(slash + 1, tnd_slice_end(text)), INT32_MAX,
                                 &database);
    if (!good) {
        FAULT(r, at, "'%.*s' is not like redis://host:6379/0", CONF_FMT(text));
        return false;
    }
    store.database = (uint32_t)database;
    if (!conf_read_text(r, key, at, host, &store.host))
        return false;
    *ret = store;
    return true;
}

static bool take(struct tnd_slice *text, struct tnd_slice prefix)
{
    if (text->len < prefix.len || memcmp(text->ptr, prefix.ptr, prefix.len) != 0)
        return false;
    *text = tnd_slice(text->ptr + prefix.len, text->len - prefix.len);
    return true;
}

bool conf_read_store(struct conf_reading *r, const struct conf_key *key, const struct conf_at *at,
                     struct tnd_slice text, void *ret)
{
    struct tnd_slice rest = text;

    if (take(&rest, TND_STR("lmdb:")))
        return read_lmdb(r, key, at, rest, ret);
    if (take(&rest, TND_STR("redis://")))
        return read_redis(r, key, at, rest, ret);
    if (take(&rest, TND_STR("memory:")) && rest.len == 0) {
        *(struct tnd_conf_store *)ret = (struct tnd_conf_store){.kind = TND_CONF_STORE_MEMORY};
        return true;
    }
    FAULT(r, at, "'%.*s' is not like lmdb:/var/lib/tandem, redis://host:6379/0 or memory:",
          CONF_FMT(text));
    return false;
}
