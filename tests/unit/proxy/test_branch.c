/* Branches: what has the same one, what has another, and whose a response is. */
#include "base/ascii.h"
#include "proxy/branch.h"
#include "unit/proxy/forward_test.h"

#define VIA(branch) "SIP/2.0/UDP 192.0.2.1;branch=" branch

static bool same(const struct forward_call *a, const struct forward_call *b)
{
    return strcmp(forward_branch(a), forward_branch(b)) == 0;
}

#define SAME(a, b) same(&(struct forward_call)a, &(struct forward_call)b)
#define CALL(...)   \
    {               \
        __VA_ARGS__ \
    }
#define INVITE             \
    {                      \
        .method = "INVITE" \
    }

TND_TEST(branch_form, "RFC 3261 §8.1.1.7",
         "a branch is the cookie and 48 digits, in lower case, for it compares without case")
{
    const char *branch = forward_branch(&(struct forward_call){0});

    CHECK_EQ(strlen(branch), TND_BRANCH_LEN);
    CHECK(memcmp(branch, "z9hG4bK", 7) == 0);
    CHECK_EQ(strspn(branch + 7, "0123456789abcdef"), 48);
}

TND_TEST(branch_digits, "RFC 3261 §25.1",
         "digits are read as they were written, and nothing else is")
{
    static const uint64_t numbers[] = {0, 1, 0x0123456789abcdef, 0xfedcba9876543210, UINT64_MAX};
    char text[PROXY_DIGITS];
    uint64_t read;

    for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        proxy_put_digits(text, numbers[i]);
        CHECK(proxy_read_digits(text, &read) && read == numbers[i]);
        for (unsigned at = 0; at < PROXY_DIGITS; at++) {
            char was = text[at];

            for (int c = 0; c < 256; c++) {
                text[at] = (char)c;
                CHECK_EQ(proxy_read_digits(text, &read), tnd_hex_value((char)c) >= 0);
            }
            text[at] = was;
        }
    }
}

TND_TEST(branch_of_ack_and_cancel, "RFC 3261 §16.6",
         "a CANCEL and the ACK to a failure have the branch of their INVITE")
{
    CHECK(SAME(INVITE, CALL(.method = "CANCEL")));
    CHECK(SAME(INVITE, CALL(.method = "ACK", .to_tag = ";tag=b")));
    CHECK(SAME(INVITE, INVITE)); /* what comes again */
    /* the ACK to a 2xx came with a branch of its own */
    CHECK(!SAME(INVITE, CALL(.method = "ACK", .to_tag = ";tag=b", .via = VIA("z9hG4bKb"))));
}

TND_TEST(branch_of_transaction, "RFC 3261 §17.2.3",
         "the caller's branch and sent-by, Call-ID and CSeq number make another branch")
{
    CHECK(!SAME(INVITE, CALL(.via = VIA("z9hG4bKaa"))));
    CHECK(!SAME(INVITE, CALL(.via = "SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKa")));
    CHECK(!SAME(INVITE, CALL(.via = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKa")));
    CHECK(!SAME(INVITE, CALL(.call_id = "call@alicf")));
    CHECK(!SAME(INVITE, CALL(.cseq = 2)));
    CHECK(!SAME(INVITE, CALL(.uri = "sip:bobby@example.org")));
    CHECK(!SAME(INVITE, CALL(.lines = "Route: <sip:192.0.2.7;lr>\r\n")));
}

/* Texts of eight characters fill a word of the digest. */
TND_TEST(branch_parts, "RFC 3261 §16.6", "no part of what a branch is made of flows into the next")
{
    CHECK(!SAME(CALL(.via = "SIP/2.0/UDP abcdefgh;branch=ijk"),
                CALL(.via = "SIP/2.0/UDP abcdefghijk")));
    CHECK(!SAME(CALL(.via = "SIP/2.0/UDP abcdefgh;branch=ijk"),
                CALL(.via = "SIP/2.0/UDP a;branch=bcdefghijk")));
    CHECK(!SAME(CALL(.lines = "Route: <sip:aa>\r\nRoute: <sip:bb>\r\n"),
                CALL(.lines = "Route: <sip:aa><sip:bb>\r\n")));
}

TND_TEST(branch_without_case, "RFC 3261 §7.3.1",
         "names, addresses and branches that compare equal make the same branch")
{
    CHECK(SAME(INVITE, CALL(.via = VIA("Z9hg4Bka"))));
    CHECK(SAME(CALL(.via = "SIP/2.0/UDP Phone.Example;branch=z9hG4bKa"),
               CALL(.via = "SIP/2.0/UDP phone.example ;branch=z9hG4bKa")));
    CHECK(SAME(CALL(.via = "SIP/2.0/UDP [2001:db8::1]:5070;branch=z9hG4bKa"),
               CALL(.via = "SIP/2.0/UDP [2001:DB8:0::0:1]:5070;branch=z9hG4bKa")));
    CHECK(!SAME(CALL(.via = "SIP/2.0/UDP [2001:db8::1]:5070;branch=z9hG4bKa"),
                CALL(.via = "SIP/2.0/UDP [2001:db8::2]:5070;branch=z9hG4bKa")));
    /* what a client that knows no cookie sends */
    CHECK(SAME(CALL(.via = "SIP/2.0/UDP 192.0.2.1"), CALL(.via = "SIP/2.0/UDP 192.0.2.1;rport")));
    CHECK(!SAME(CALL(.via = "SIP/2.0/UDP 192.0.2.1"),
                CALL(.via = "SIP/2.0/UDP 192.0.2.1", .cseq = 2)));
}

TND_TEST(branch_of_target, "RFC 3261 §16.6",
         "each target, each of its next hops and each attempt has a branch of its own")
{
    static const struct {
        const char *uri, *hop;
        unsigned attempt;
    } targets[] = {
        {"sip:b@h", NULL, 0},    {"sip:b@hh", NULL, 0},   {"sip:b@h", "sip:p", 0},
        {"sip:b@h", "sip:q", 0}, {"sip:b@hs", "ip:p", 0}, {"sip:b@12", "x", 0},
        {"sip:b@12x", NULL, 0},  {"sip:b@h", NULL, 1},    {"sip:b@h", NULL, 2},
    };
    enum { COUNT = sizeof(targets) / sizeof(targets[0]) };
    struct tnd_txn_parts parts = forward_parts(&(struct forward_call){0});
    char branch[COUNT][TND_BRANCH_LEN];
    struct tnd_branch_seed seed;

    tnd_branch_start(&seed, &forward_key, &parts, tnd_slice(NULL, 0));
    for (unsigned i = 0; i < COUNT; i++) {
        tnd_branch_make(&seed, tnd_slice_str(targets[i].uri), tnd_slice_str(targets[i].hop),
                        targets[i].attempt, branch[i]);
        for (unsigned j = 0; j < i; j++)
            CHECK(memcmp(branch[i], branch[j], TND_BRANCH_LEN) != 0);
    }
}

/* What comes back to a request with this branch, when the top Vias are these two. */
static enum tnd_rule rule_of(const char *top, const char *below, const struct forward_call *like)
{
    char via[512];
    struct forward_call call = *like;
    struct tnd_via ret = {.port = 77};

    snprintf(via, sizeof(via), "SIP/2.0/UDP 198.51.100.1;branch=%s%s%s", top,
             below ? "\r\nVia: " : "", below ? below : "");
    call.code = 200;
    call.to_tag = ";tag=b";
    call.via = via;
    struct tnd_txn_parts parts = forward_parts(&call);
    enum tnd_rule rule = tnd_branch_is_ours(&forward_key, &parts, &ret);
    CHECK_EQ(ret.port, rule ? 5071 : 77);
    return rule;
}

static const char below[] = "SIP/2.0/UDP 192.0.2.1:5071;rport;branch=z9hG4bKa";
static const struct forward_call asked = {.via = below, .cseq = 7};

TND_TEST(
    branch_is_ours, "RFC 3261 §16.11",
    "a response whose top Via has our branch for the Via below it is known without a transaction")
{
    const char *ours = forward_branch(&asked);

    PROVES(PROXY_STATELESS);
    CHECK_EQ(rule_of(ours, below, &asked), TND_RULE_PROXY_STATELESS);
    /* as we forwarded that Via, and as the callee may have respelled it */
    CHECK_EQ(rule_of(ours,
                     "SIP/2.0/UDP 192.0.2.1:5071;received=203.0.113.4;rport=6000;branch=Z9HG4BKA",
                     &asked),
             TND_RULE_PROXY_STATELESS);
    CHECK_EQ(
        rule_of(ours, "SIP/2.0/UDP 192.0.2.1:5071;branch=z9hG4bKa, SIP/2.0/UDP further", &asked),
        TND_RULE_PROXY_STATELESS);
    CHECK_EQ(rule_of(ours, below, &(struct forward_call){.method = "CANCEL", .cseq = 7}),
             TND_RULE_PROXY_STATELESS);
}

TND_TEST(branch_upper_case, "RFC 3261 §7.3.1", "our branch is known in upper case too")
{
    char upper[TND_BRANCH_LEN + 1];

    memcpy(upper, forward_branch(&asked), sizeof(upper));
    for (char *c = upper; *c; c++)
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    CHECK_EQ(rule_of(upper, below, &asked), TND_RULE_PROXY_STATELESS);
}

TND_TEST(branch_is_not_ours, "RFC 3261 §16.11",
         "a response for another Via, call or request, or with another branch, is not ours")
{
    const char *ours = forward_branch(&asked);

    CHECK_EQ(rule_of(ours, "SIP/2.0/UDP 192.0.2.1:5071;branch=z9hG4bKb", &asked), 0);
    CHECK_EQ(rule_of(ours, "SIP/2.0/UDP 192.0.2.1:5072;branch=z9hG4bKa", &asked), 0);
    CHECK_EQ(rule_of(ours, "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa", &asked), 0);
    CHECK_EQ(rule_of(ours, "SIP/2.0/UDP 192.0.2.3:5071;branch=z9hG4bKa", &asked), 0);
    CHECK_EQ(rule_of(ours, below, &(struct forward_call){.cseq = 8}), 0);
    CHECK_EQ(rule_of(ours, below, &(struct forward_call){.cseq = 7, .call_id = "call@alicf"}), 0);
    CHECK_EQ(rule_of(ours, NULL, &asked), 0); /* for us, so not to be passed on (§16.7 step 3) */
    CHECK_EQ(rule_of("z9hG4bKa", below, &asked), 0);
    CHECK_EQ(rule_of("z9hG4bK", below, &asked), 0);
}

TND_TEST(branch_no_bit_more, "RFC 3261 §16.11", "a branch with one character changed is not ours")
{
    const char *ours = forward_branch(&asked);
    char text[TND_BRANCH_LEN + 2];

    for (unsigned i = 0; i < TND_BRANCH_LEN; i++) {
        memcpy(text, ours, TND_BRANCH_LEN + 1);
        text[i] = text[i] == '0' ? '1' : '0';
        CHECK_EQ(rule_of(text, below, &asked), 0);
        text[i] = '-'; /* no digit */
        CHECK_EQ(rule_of(text, below, &asked), 0);
        text[i] = '\0';
        if (i > 7)
            CHECK_EQ(rule_of(text, below, &asked), 0);
    }
    snprintf(text, sizeof(text), "%s0", ours);
    CHECK_EQ(rule_of(text, below, &asked), 0);
}

TND_TEST(branch_needs_the_key, "RFC 3261 §16.11", "who has another key makes no branch of ours")
{
    struct tnd_txn_parts parts = forward_parts(&asked);
    char branch[TND_BRANCH_LEN + 1] = "";
    struct tnd_branch_seed seed;

    tnd_branch_start(&seed, &forward_other_key, &parts, tnd_slice(NULL, 0));
    tnd_branch_make(&seed, TND_STR("sip:b@h"), tnd_slice(NULL, 0), 0, branch);
    CHECK_EQ(rule_of(branch, below, &asked), 0);
}
