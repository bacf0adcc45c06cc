/* Loops and spirals. */
#include "unit/proxy/forward_test.h"

/* The Vias of a request that went out for call and came back by another proxy. */
static const char *vias_behind(const struct forward_call *call)
{
    static char room[1024];

    snprintf(room, sizeof(room),
             "SIP/2.0/TCP other.example;branch=z9hG4bKother\r\n"
             "Via: SIP/2.0/UDP 198.51.100.1;branch=%s, SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa",
             forward_branch(call));
    return room;
}

static enum tnd_rule loops_with(const struct forward_call *came, struct tnd_slice also)
{
    struct tnd_txn_parts parts = forward_parts(came);
    struct tnd_branch_seed seed;

    tnd_branch_start(&seed, &forward_key, &parts, also);
    return tnd_branch_loops(&seed, &parts);
}

static enum tnd_rule loops(const struct forward_call *came)
{
    return loops_with(came, tnd_slice(NULL, 0));
}

TND_TEST(loop_is_found, "RFC 5393 §4.2.2", "a request that comes back as it was has looped")
{
    const struct forward_call went = {0};
    struct forward_call came = {.via = vias_behind(&went)};
    char via[256];

    PROVES(PROXY_LOOP);
    CHECK_EQ(loops(&came), TND_RULE_PROXY_LOOP);
    came.method = "MESSAGE"; /* the method does not count: an ACK and a CANCEL take the same way */
    CHECK_EQ(loops(&came), TND_RULE_PROXY_LOOP);
    /* sent to ourselves: our Via is the top one */
    snprintf(via, sizeof(via), "SIP/2.0/UDP 198.51.100.1;branch=%s, SIP/2.0/UDP 192.0.2.1",
             forward_branch(&went));
    came.via = via;
    CHECK_EQ(loops(&came), TND_RULE_PROXY_LOOP);
}

TND_TEST(loop_first_time, "RFC 5393 §4.2.2", "a request that has not been here has not looped")
{
    CHECK_EQ(loops(&(struct forward_call){0}), 0);
    CHECK_EQ(loops(&(struct forward_call){.via = "SIP/2.0/UDP 192.0.2.1"}), 0);
    CHECK_EQ(loops(&(struct forward_call){.via = "SIP/2.0/UDP a;branch=z9hG4bKb, SIP/2.0/TCP b"}),
             0);
}

TND_TEST(loop_spiral, "RFC 5393 §4.2.1",
         "one that comes back with another Request-URI or another Route is a spiral")
{
    const struct forward_call went = {.lines = "Route: <sip:192.0.2.7;lr>\r\n"};
    struct forward_call came = {.via = vias_behind(&went), .lines = went.lines};

    CHECK_EQ(loops(&came), TND_RULE_PROXY_LOOP);
    came.uri = "sip:bob@elsewhere.example.org";
    CHECK_EQ(loops(&came), 0);
    came.uri = NULL;
    came.lines = NULL;
    CHECK_EQ(loops(&came), 0);
    came.lines = "Route: <sip:192.0.2.7;lr>, <sip:192.0.2.8;lr>\r\n";
    CHECK_EQ(loops(&came), 0);
    came.lines = "Route: <sip:192.0.2.7;lr>\r\nRoute: <sip:192.0.2.8;lr>\r\n";
    CHECK_EQ(loops(&came), 0);
    came.lines = went.lines;
    came.cseq = 2; /* another request of the dialog */
    CHECK_EQ(loops(&came), 0);
}

TND_TEST(loop_also, "RFC 5393 §4.2.1",
         "what else decides where a request goes tells a spiral from a loop")
{
    struct tnd_txn_parts parts = forward_parts(&(struct forward_call){0});
    char branch[TND_BRANCH_LEN + 1] = "", via[256];
    struct tnd_branch_seed seed;

    tnd_branch_start(&seed, &forward_key, &parts, TND_STR("from 192.0.2.1"));
    tnd_branch_make(&seed, TND_STR("sip:b@h"), TND_STR("sip:p"), 0, branch);
    snprintf(via, sizeof(via), "SIP/2.0/UDP a;branch=%s, SIP/2.0/UDP 192.0.2.1", branch);
    CHECK_EQ(loops_with(&(struct forward_call){.via = via}, TND_STR("from 192.0.2.1")),
             TND_RULE_PROXY_LOOP);
    CHECK_EQ(loops_with(&(struct forward_call){.via = via}, TND_STR("from 192.0.2.2")), 0);
    CHECK_EQ(loops_with(&(struct forward_call){.via = via}, tnd_slice(NULL, 0)), 0);
}

TND_TEST(loop_odd_vias, "RFC 5393 §4.2.4",
         "what others write into their Via does not hide ours above it, and breaks nothing")
{
    const struct forward_call went = {0};
    char via[1024];

    snprintf(via, sizeof(via),
             "SIP/2.0/UDP [2001:db8::9]:5061 ; odd ; quoted=\"a;branch=b\" ; branch = z9hG4bK\r\n"
             "Via: SIP / 2.0 / UDP 198.51.100.1 ;x;branch=%s\r\nVia: nonsense",
             forward_branch(&went));
    CHECK_EQ(loops(&(struct forward_call){.via = via}), TND_RULE_PROXY_LOOP);
    CHECK_EQ(loops(&(struct forward_call){.via = "SIP/2.0/UDP a;branch=z9hG4bKb\r\nVia: nonsense"}),
             0);
}
