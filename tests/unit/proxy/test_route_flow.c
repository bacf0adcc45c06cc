/* Flow tokens: what is read is what was written, and nothing else is read. */
#include <stdio.h>
#include <string.h>

#include "unit/proxy/forward_test.h"

static struct tnd_branch_seed seed_of(const char *call_id, const struct tnd_siphash_key *key)
{
    struct tnd_txn_parts parts = forward_parts(&(struct forward_call){.call_id = call_id});
    struct tnd_branch_seed seed;

    tnd_branch_start(&seed, key, &parts, tnd_slice(NULL, 0));
    return seed;
}

static struct tnd_endpoint endpoint(const char *text)
{
    struct tnd_endpoint e;

    CHECK_EQ(tnd_endpoint_parse(tnd_slice_str(text), TND_TRANSPORT_UDP, &e), 0);
    return e;
}

/* The URI of our Record-Route with that flow, in static room. */
static const char *uri_with(const struct tnd_branch_seed *seed, const struct tnd_route_flow *flow)
{
    static char uri[512];
    char room[TND_ROUTE_FLOW_LEN_MAX];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_route_flow_write(&w, seed, flow);
    CHECK(!tnd_writer_over(&w));
    snprintf(uri, sizeof(uri), "sip:192.0.2.1;lr;" TND_ROUTE_FLOW_PARAM "=%.*s;tnd=0", (int)w.len,
             room);
    return uri;
}

static enum tnd_route_flow_read read(const struct tnd_branch_seed *seed, const char *text,
                                     struct tnd_route_flow *ret)
{
    struct tnd_uri uri;

    CHECK_EQ(tnd_uri_parse(tnd_slice_str(text), &uri, NULL), 0);
    return tnd_route_flow_read(seed, &uri, ret);
}

static const struct {
    const char *remote, *local;
    uint64_t id, life;
} flows[] = {
    {"udp:203.0.113.9:62001", "udp:192.0.2.1:5060", 0, 0},
    {"udp:[2001:db8::9]:62001", "udp:[2001:db8::1]:5062", 0, 0},
    {"tcp:203.0.113.9:62001", "tcp:192.0.2.1:5060", UINT64_MAX, 1},
    {"tcp:[2001:db8::9]:62001", "tcp:[2001:db8::1]:5060", 7, UINT64_MAX},
};

static struct tnd_route_flow flow_of(size_t i)
{
    return (struct tnd_route_flow){.remote = endpoint(flows[i].remote),
                                   .local = endpoint(flows[i].local),
                                   .id = flows[i].id,
                                   .life = flows[i].life};
}

TND_TEST(
    route_flow_comes_back, "RFC 5626 §5.2",
    "a flow token has all that it takes to reach the phone: endpoints, and of a connection which")
{
    struct tnd_branch_seed seed = seed_of("a", &forward_key);

    for (size_t i = 0; i < sizeof(flows) / sizeof(*flows); i++) {
        struct tnd_route_flow flow = flow_of(i), ret;

        CHECK_EQ(read(&seed, uri_with(&seed, &flow), &ret), TND_ROUTE_FLOW_GOOD);
        CHECK(tnd_endpoint_eq(&ret.remote, &flow.remote));
        CHECK(tnd_endpoint_eq(&ret.local, &flow.local));
        CHECK_EQ(ret.id, flow.id);
        CHECK_EQ(ret.life, flow.life);
    }
    struct tnd_route_flow ret;
    CHECK_EQ(read(&seed, "sip:192.0.2.1;lr;tnd=0", &ret), TND_ROUTE_FLOW_NONE);
}

/* Upper case is no change (RFC 3261 §19.1.4). */
static void shout(char *uri)
{
    for (char *at = strstr(uri, "flow=") + 5; *at != ';'; at++)
        if (*at >= 'a' && *at <= 'f')
            *at = (char)(*at - 'a' + 'A');
}

TND_TEST(route_flow_is_ours, "RFC 5626 §5.3.1",
         "a flow token that was changed, of another call, or of another key is none of ours")
{
    struct tnd_branch_seed seed = seed_of("a", &forward_key), call = seed_of("b", &forward_key),
                           key = seed_of("a", &forward_other_key);
    struct tnd_route_flow ret;
    char uri[512];

    PROVES(PROXY_FLOW_FORGED);
    for (size_t i = 0; i < sizeof(flows) / sizeof(*flows); i++) {
        struct tnd_route_flow flow = flow_of(i);

        snprintf(uri, sizeof(uri), "%s", uri_with(&seed, &flow));
        CHECK_EQ(read(&call, uri, &ret), TND_ROUTE_FLOW_FORGED);
        CHECK_EQ(read(&key, uri, &ret), TND_ROUTE_FLOW_FORGED);
        for (char *at = strstr(uri, "flow=") + 5; *at != ';'; at++) {
            char was = *at;

            *at = was == '0' ? '1' : '0';
            CHECK_EQ(read(&seed, uri, &ret), TND_ROUTE_FLOW_FORGED);
            *at = was;
        }
        shout(uri);
        CHECK_EQ(read(&seed, uri, &ret), TND_ROUTE_FLOW_GOOD);
    }
}

TND_TEST(route_flow_of_any_text, "RFC 5626 §5.3.1",
         "what is no flow token at all, is cut off, or is too long, is none of ours either")
{
    struct tnd_branch_seed seed = seed_of("a", &forward_key);
    struct tnd_route_flow flow = flow_of(0), ret;
    char uri[512];
    static const char *const wrong[] = {"", "=0", "=00", "=zz", "=0000000000000000"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        snprintf(uri, sizeof(uri), "sip:a;flow%s;lr", wrong[i]);
        CHECK_EQ(read(&seed, uri, &ret), TND_ROUTE_FLOW_FORGED);
    }
    snprintf(uri, sizeof(uri), "sip:a;flow=%0*d", TND_ROUTE_FLOW_LEN_MAX + 2, 0);
    CHECK_EQ(read(&seed, uri, &ret), TND_ROUTE_FLOW_FORGED);
    snprintf(uri, sizeof(uri), "%s", uri_with(&seed, &flow));
    for (char *at = strstr(uri, ";tnd"); at[-1] != '='; at--) {
        at[-1] = '\0';
        if (at[-2] != '=')
            CHECK_EQ(read(&seed, uri, &ret), TND_ROUTE_FLOW_FORGED);
    }
}
