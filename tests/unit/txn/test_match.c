/* Keys: which messages have the same one, and which have not. */
#include <string.h>

#include "unit/sip/sip_test.h"
#include "unit/txn/txn_test.h"

enum { KEY_SIZE = 1024 };

struct key {
    enum tnd_rule rule;
    size_t len;
    char text[KEY_SIZE];
};

typedef enum tnd_rule key_fn(struct tnd_writer *w, const struct tnd_txn_parts *parts);

static struct key key_of(key_fn *fn, const char *text)
{
    struct key k;
    struct tnd_txn_parts parts;
    struct tnd_writer w = tnd_writer(k.text, sizeof(k.text));

    tnd_txn_read(&parts, sip_read_str(text));
    k.rule = fn(&w, &parts);
    CHECK(!tnd_writer_over(&w));
    CHECK((w.len > 0) == (k.rule != TND_RULE_NONE));
    k.len = w.len;
    return k;
}

static bool same(const struct key *a, const struct key *b)
{
    return a->rule && b->rule &&
           tnd_slice_eq(tnd_slice(a->text, a->len), tnd_slice(b->text, b->len));
}

static enum tnd_rule cancelled_invite(struct tnd_writer *w, const struct tnd_txn_parts *parts)
{
    return tnd_txn_cancelled_key(w, parts, TND_STR("INVITE"));
}

static enum tnd_rule cancelled_options(struct tnd_writer *w, const struct tnd_txn_parts *parts)
{
    return tnd_txn_cancelled_key(w, parts, TND_STR("OPTIONS"));
}

static enum tnd_rule acked_b1(struct tnd_writer *w, const struct tnd_txn_parts *parts)
{
    return tnd_txn_ack_key(w, parts, TND_STR("b1"));
}

/* A request; NULL stands for what most have. */
static const char *request(const char *method, const char *via, const char *to, const char *rest)
{
    static char rooms[4][2048];
    static unsigned next;
    char *room = rooms[next++ % 4];

    snprintf(room, sizeof(rooms[0]),
             "%s sip:b@h SIP/2.0\r\nVia: SIP/2.0/%s\r\nTo: <sip:b@h>%s\r\n%s%s %s\r\n\r\n", method,
             via ? via : "UDP h:5060;branch=z9hG4bKx", to ? to : "",
             rest ? rest : "From: <sip:a@h>;tag=a1\r\nCall-ID: c@h\r\nCSeq: 7", "", method);
    return room;
}

#define OLD_VIA "UDP old.example.com:5060"

TND_TEST(match_branch, "RFC 3261 §17.2.3",
         "branch, sent-by and method make a server transaction; an ACK belongs to its INVITE")
{
    static const struct {
        const char *method, *via;
        bool same;
    } others[] = {
        {"INVITE", "UDP h:5060;branch=z9hG4bKx", true},
        {"ACK", "UDP h:5060;branch=z9hG4bKx", true},
        {"INVITE", "TCP H : 5060 ; received=192.0.2.1;BRANCH=Z9HG4BKX", true},
        {"INVITE", "UDP h:5060;branch=z9hG4bKy", false},
        {"INVITE", "UDP h:5060;branch=z9hG4bKxx", false},
        {"INVITE", "UDP h:5061;branch=z9hG4bKx", false},
        {"INVITE", "UDP h;branch=z9hG4bKx", false},
        {"INVITE", "UDP hh:5060;branch=z9hG4bKx", false},
        {"INVITE", "UDP h:5060;branch=x", false},
        {"CANCEL", "UDP h:5060;branch=z9hG4bKx", false},
        {"OPTIONS", "UDP h:5060;branch=z9hG4bKx", false},
        {"invite", "UDP h:5060;branch=z9hG4bKx", false},
    };
    struct key invite = key_of(tnd_txn_server_key, request("INVITE", NULL, NULL, NULL));

    CHECK_EQ(invite.rule, TND_RULE_TXN_MATCH_BRANCH);
    PROVES(TXN_MATCH_BRANCH);
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
        struct key other =
            key_of(tnd_txn_server_key, request(others[i].method, others[i].via, ";tag=z",
                                               "From: <sip:z>;tag=z\r\nCall-ID: z\r\nCSeq: 9"));
        CHECK_EQ(same(&invite, &other), others[i].same);
    }
}

TND_TEST(match_sent_by_ipv6, "RFC 5954 §4.2", "the sent-by of IPv6 is compared by value")
{
    struct key a = key_of(tnd_txn_server_key,
                          request("BYE", "UDP [2001:DB8::1]:5060;branch=z9hG4bKx", NULL, NULL));
    struct key b =
        key_of(tnd_txn_server_key,
               request("BYE", "UDP [2001:db8:0:0::0:1]:5060;branch=z9hG4bKx", NULL, NULL));
    struct key c = key_of(tnd_txn_server_key,
                          request("BYE", "UDP [2001:db8::2]:5060;branch=z9hG4bKx", NULL, NULL));

    CHECK(same(&a, &b));
    CHECK(!same(&a, &c));
}

TND_TEST(match_2543, "RFC 3261 §17.2.3",
         "without the cookie Request-URI, tags, Call-ID, CSeq and top Via are compared")
{
    static const struct {
        const char *method, *via, *to, *rest;
        bool same;
    } others[] = {
        {"INVITE", OLD_VIA, NULL, NULL, true},
        {"INVITE", "udp OLD.example.com:5060", NULL, NULL, true},
        {"INVITE", OLD_VIA, NULL, "f: \"A\" <sip:else>;TAG=A1\r\ni: c@h\r\nCSeq: 7", true},
        {"INVITE", OLD_VIA ";branch=1", NULL, NULL, false},
        {"INVITE", OLD_VIA ";ttl=1", NULL, NULL, false},
        {"INVITE", "TCP old.example.com:5060", NULL, NULL, false},
        {"INVITE", "UDP old.example.com", NULL, NULL, false},
        {"INVITE", OLD_VIA ", SIP/2.0/UDP below", NULL, NULL, true},
        {"INVITE", OLD_VIA, ";tag=t", NULL, false},
        {"INVITE", OLD_VIA, NULL, "From: <sip:a@h>;tag=a2\r\nCall-ID: c@h\r\nCSeq: 7", false},
        {"INVITE", OLD_VIA, NULL, "From: <sip:a@h>\r\nCall-ID: c@h\r\nCSeq: 7", false},
        {"INVITE", OLD_VIA, NULL, "From: <sip:a@h>;tag=a1\r\nCall-ID: C@h\r\nCSeq: 7", false},
        {"INVITE", OLD_VIA, NULL, "From: <sip:a@h>;tag=a1\r\nCall-ID: c@h\r\nCSeq: 8", false},
        {"OPTIONS", OLD_VIA, NULL, NULL, false},
        {"CANCEL", OLD_VIA, NULL, NULL, false},
        {"ACK", OLD_VIA, NULL, NULL, false}, /* it has no tag: it acknowledges nothing */
    };
    struct key invite = key_of(tnd_txn_server_key, request("INVITE", OLD_VIA, NULL, NULL));

    CHECK_EQ(invite.rule, TND_RULE_TXN_MATCH_2543);
    PROVES(TXN_MATCH_2543);
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
        struct key other = key_of(tnd_txn_server_key, request(others[i].method, others[i].via,
                                                              others[i].to, others[i].rest));
        CHECK_EQ(same(&invite, &other), others[i].same);
    }
    struct key elsewhere =
        key_of(tnd_txn_server_key,
               "INVITE sip:B@h SIP/2.0\r\nVia: SIP/2.0/" OLD_VIA "\r\nTo: <sip:b@h>\r\n"
               "From: <sip:a@h>;tag=a1\r\nCall-ID: c@h\r\nCSeq: 7 INVITE\r\n\r\n");
    CHECK_EQ(elsewhere.rule, TND_RULE_TXN_MATCH_2543);
    CHECK(!same(&invite, &elsewhere));
}

TND_TEST(match_2543_ack, "RFC 3261 §17.2.3",
         "without the cookie an ACK is found by the To tag of the response that was sent")
{
    struct key acked = key_of(acked_b1, request("INVITE", OLD_VIA, NULL, NULL));
    struct key ack = key_of(tnd_txn_server_key, request("ACK", OLD_VIA, ";tag=b1", NULL));
    struct key to_other = key_of(tnd_txn_server_key, request("ACK", OLD_VIA, ";tag=b2", NULL));
    struct key invite = key_of(tnd_txn_server_key, request("INVITE", OLD_VIA, ";tag=b1", NULL));

    CHECK(same(&acked, &ack));
    CHECK(!same(&acked, &to_other));
    CHECK(!same(&ack, &invite)); /* an INVITE within the dialog is another one */
    CHECK_EQ(key_of(acked_b1, request("INVITE", NULL, NULL, NULL)).rule, TND_RULE_NONE);
    CHECK_EQ(key_of(acked_b1, request("OPTIONS", OLD_VIA, NULL, NULL)).rule, TND_RULE_NONE);
}

TND_TEST(match_response, "RFC 3261 §17.1.3",
         "a response belongs to the request with its branch and the method of its CSeq")
{
    char room[KEY_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    static const struct {
        const char *via, *cseq;
        bool same;
    } others[] = {
        {"UDP h;branch=z9hG4bKabc", "7 INVITE", true},
        {"TCP other;rport=9;branch=z9hg4bkABC", "9999 INVITE", true},
        {"UDP h;branch=z9hG4bKabc, SIP/2.0/UDP i;branch=z9hG4bKd", "7 INVITE", true},
        {"UDP h;branch=z9hG4bKabd", "7 INVITE", false},
        {"UDP h;branch=z9hG4bKabc", "7 CANCEL", false},
        {"UDP h;branch=z9hG4bKabc", "7 invite", false},
        {"UDP i;branch=z9hG4bKd, SIP/2.0/UDP h;branch=z9hG4bKabc", "7 INVITE", false},
        {"UDP h", "7 INVITE", false},
        {"UDP h;branch=z9hG4bKabc", "INVITE", false},
    };

    CHECK_EQ(tnd_txn_client_key(&w, TND_STR("z9hG4bKabc"), TND_STR("INVITE")),
             TND_RULE_TXN_MATCH_RESPONSE);
    PROVES(TXN_MATCH_RESPONSE);
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
        char text[1024];
        snprintf(text, sizeof(text),
                 "SIP/2.0 180 Ringing\r\nVia: SIP/2.0/%s\r\nCSeq: %s\r\n" SIP_FROM SIP_TO SIP_CALL
                 "\r\n",
                 others[i].via, others[i].cseq);
        struct key k = key_of(tnd_txn_response_key, text);
        CHECK_EQ(tnd_slice_eq(tnd_slice(k.text, k.len), tnd_writer_slice(&w)), others[i].same);
    }
    CHECK_EQ(key_of(tnd_txn_response_key, request("INVITE", NULL, NULL, NULL)).rule, TND_RULE_NONE);
}

TND_TEST(match_cancel, "RFC 3261 §9.2", "a CANCEL finds its INVITE, with the cookie and without")
{
    static const char *const vias[] = {NULL, OLD_VIA};

    for (int i = 0; i < 2; i++) {
        struct key invite = key_of(tnd_txn_server_key, request("INVITE", vias[i], NULL, NULL));
        struct key options = key_of(tnd_txn_server_key, request("OPTIONS", vias[i], NULL, NULL));
        const char *cancel = request("CANCEL", vias[i], NULL, NULL);
        struct key for_invite = key_of(cancelled_invite, cancel);
        struct key for_options = key_of(cancelled_options, cancel);
        struct key own = key_of(tnd_txn_server_key, cancel);
        CHECK(same(&invite, &for_invite));
        CHECK(same(&options, &for_options));
        CHECK(!same(&own, &for_invite)); /* it is a transaction of its own */
        CHECK_EQ(for_invite.rule, TND_RULE_TXN_CANCELLED);
        PROVES(TXN_CANCELLED);
        CHECK_EQ(key_of(cancelled_invite, request("BYE", vias[i], NULL, NULL)).rule, TND_RULE_NONE);
    }
    struct key other =
        key_of(cancelled_invite, request("CANCEL", "UDP h:5060;branch=z9hG4bKy", NULL, NULL));
    struct key invite = key_of(tnd_txn_server_key, request("INVITE", NULL, NULL, NULL));
    CHECK(!same(&invite, &other));
}

TND_TEST(match_merged, "RFC 3261 §8.2.2.2",
         "one request by two ways has one merged key and two server keys")
{
    static const char *const differing[] = {
        "From: <sip:a@h>;tag=a2\r\nCall-ID: c@h\r\nCSeq: 7",
        "From: <sip:a@h>;tag=a1\r\nCall-ID: C@h\r\nCSeq: 7",
        "From: <sip:a@h>;tag=a1\r\nCall-ID: c@h\r\nCSeq: 8",
    };
    const char *one = request("INVITE", "UDP p1;branch=z9hG4bK1", NULL, NULL);
    const char *two = request("INVITE", "UDP p2;branch=z9hG4bK2", NULL, NULL);
    struct key a = key_of(tnd_txn_merged_key, one), b = key_of(tnd_txn_merged_key, two);
    struct key server_a = key_of(tnd_txn_server_key, one);
    struct key server_b = key_of(tnd_txn_server_key, two);

    CHECK_EQ(a.rule, TND_RULE_TXN_MERGED);
    PROVES(TXN_MERGED);
    CHECK(same(&a, &b));
    CHECK(!same(&server_a, &server_b));
    for (size_t i = 0; i < sizeof(differing) / sizeof(*differing); i++) {
        struct key other = key_of(tnd_txn_merged_key, request("INVITE", NULL, NULL, differing[i]));
        CHECK(other.rule && !same(&a, &other));
    }
    struct key options = key_of(tnd_txn_merged_key, request("OPTIONS", NULL, NULL, NULL));
    CHECK(options.rule && !same(&a, &options));
    CHECK_EQ(key_of(tnd_txn_merged_key, request("INVITE", NULL, ";tag=b", NULL)).rule,
             TND_RULE_NONE);
    CHECK_EQ(key_of(tnd_txn_merged_key, request("ACK", NULL, NULL, NULL)).rule, TND_RULE_NONE);
    CHECK_EQ(key_of(tnd_txn_merged_key, request("CANCEL", NULL, NULL, NULL)).rule, TND_RULE_NONE);
}

TND_TEST(match_own_requests, "RFC 3261 §17.1.1.3",
         "the ACK and the CANCEL that we write are found to belong to their INVITE")
{
    const char *vias[] = {"UDP h:5060;branch=z9hG4bKx", OLD_VIA};

    for (int i = 0; i < 2; i++) {
        char room[2048];
        const char *text = request("INVITE", vias[i], NULL, NULL);
        const struct tnd_msg *invite = sip_read_str(text);
        struct key key = key_of(tnd_txn_server_key, text);
        struct key acked = key_of(acked_b1, text);
        struct tnd_writer w = tnd_writer(room, sizeof(room) - 1);
        CHECK(tnd_cancel_write(&w, invite, tnd_slice(NULL, 0)));
        room[w.len] = '\0';
        struct key cancel = key_of(cancelled_invite, room);
        CHECK(same(&key, &cancel));
        w = tnd_writer(room, sizeof(room) - 1);
        CHECK(tnd_ack_write(&w, invite,
                            sip_read_str("SIP/2.0 404 No\r\nTo: <sip:b@h>;tag=b1\r\n\r\n")));
        room[w.len] = '\0';
        struct key ack = key_of(tnd_txn_server_key, room);
        CHECK(same(i == 0 ? &key : &acked, &ack));
    }
}

TND_TEST(match_lacking, "RFC 3261 §17.2.3", "what lacks a header field that is compared has no key")
{
    static const char *const texts[] = {
        "OPTIONS sip:b SIP/2.0\r\n" SIP_FROM SIP_TO SIP_CALL SIP_CSEQ "\r\n",
        "OPTIONS sip:b SIP/2.0\r\nVia: x\r\n" SIP_FROM SIP_TO SIP_CALL SIP_CSEQ "\r\n",
        "ACK sip:b SIP/2.0\r\n" SIP_FROM SIP_TO SIP_CALL "CSeq: 1 ACK\r\n\r\n",
        "ACK sip:b SIP/2.0\r\nVia: SIP/2.0/UDP h\r\n" SIP_TO SIP_CALL "CSeq: 1 ACK\r\n\r\n",
        "OPTIONS sip:b SIP/2.0\r\nVia: SIP/2.0/UDP h\r\n" SIP_FROM SIP_TO SIP_CSEQ "\r\n",
        "OPTIONS sip:b SIP/2.0\r\nVia: SIP/2.0/UDP h\r\n" SIP_FROM SIP_TO SIP_CALL "\r\n",
        "SIP/2.0 200 OK\r\n" SIP_VIA SIP_FROM SIP_TO SIP_CALL SIP_CSEQ "\r\n",
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        CHECK_EQ(key_of(tnd_txn_server_key, texts[i]).rule, TND_RULE_NONE);
        CHECK_EQ(key_of(cancelled_invite, texts[i]).rule, TND_RULE_NONE);
        CHECK_EQ(key_of(tnd_txn_merged_key, texts[i]).rule, TND_RULE_NONE);
    }
}
