/* Which message repeats or answers which. */
#include "unit/diag/diag_test.h"

#include <stdio.h>

#define NONE UINT32_MAX

static bool is_again(const struct tnd_diag_call *call, size_t i, uint32_t first)
{
    return call->message[i].is_again && call->message[i].first == first;
}

TND_TEST(diag_again, "RFC 3261 §17.2.3",
         "the same request between the same two ends was sent again, and is kept once")
{
    diag_start((struct tnd_diag_world){0});
    SEE(.from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE");
    SEE(.ms = 500, .from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE");
    SEE(.ms = 1500, .from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE");
    const struct tnd_diag_call *call = diag_last();
    CHECK_EQ(call->message_count, 3);
    CHECK(!call->message[0].is_again && call->message[0].first == 0);
    CHECK(is_again(call, 1, 0) && is_again(call, 2, 0));
    CHECK(call->message[2].bytes.ptr == call->message[0].bytes.ptr);
    diag_stop();
}

TND_TEST(diag_doubled, "RFC 3261 §17.1.1.1",
         "the same bytes within 10 ms are one message that a capture has twice, for T1 is longer")
{
    diag_start((struct tnd_diag_world){0});
    SEE(.ms = 1, .from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE");
    SEE(.ms = 1, .from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE");
    SEE(.ms = 10, .from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE");
    SEE(.ms = 11, .from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE");
    SEE(.ms = 12, .from = 2, .to = 3, .first = INVITE, .cseq = "1 INVITE");
    SEE(.ms = 3000, .from = 2, .to = 3, .first = INVITE,
        .cseq = "1 INVITE"); /* of a log with seconds */
    SEE(.ms = 3000, .from = 2, .to = 3, .first = INVITE, .cseq = "1 INVITE");
    CHECK_EQ(tnd_diag_stats(diag)->messages, 5);
    CHECK_EQ(tnd_diag_stats(diag)->doubled, 2);
    const struct tnd_diag_call *call = diag_last();
    CHECK_EQ(call->message_count, 5);
    CHECK(is_again(call, 1, 0) && !call->message[2].is_again);
    CHECK(is_again(call, 3, 2) && is_again(call, 4, 2));
    diag_stop();
}

TND_TEST(diag_next_hop, "RFC 3261 §16.6",
         "a request that is seen on its next hop was passed on, and not sent again")
{
    diag_start((struct tnd_diag_world){0});
    SEE(.from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE");
    SEE(.ms = 1, .from = 2, .to = 3, .first = INVITE, .cseq = "1 INVITE", .branch = "2");
    SEE(.ms = 2, .from = 3, .to = 4, .first = INVITE, .cseq = "1 INVITE", .branch = "2");
    const struct tnd_diag_call *call = diag_last();
    for (uint32_t i = 0; i < 3; i++)
        CHECK(!call->message[i].is_again && call->message[i].first == i);
    diag_stop();
}

TND_TEST(diag_request_of, "RFC 3261 §17.1.3",
         "a response answers the request with its branch and CSeq, on its own hop")
{
    diag_start((struct tnd_diag_world){0});
    SEE(.from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE");
    SEE(.ms = 1, .from = 2, .to = 3, .first = INVITE, .cseq = "1 INVITE", .branch = "2");
    SEE(.ms = 2, .from = 3, .to = 4, .first = INVITE, .cseq = "1 INVITE", .branch = "2");
    SEE(.ms = 3, .from = 4, .to = 3, .first = OK, .cseq = "1 INVITE", .branch = "2", .to_tag = "b");
    SEE(.ms = 4, .from = 3, .to = 2, .first = OK, .cseq = "1 INVITE", .branch = "2", .to_tag = "b");
    SEE(.ms = 5, .from = 2, .to = 1, .first = OK, .cseq = "1 INVITE", .to_tag = "b");
    SEE(.ms = 6, .from = 2, .to = 1, .first = OK, .cseq = "9 INVITE", .to_tag = "b");
    const struct tnd_diag_call *call = diag_last();
    CHECK_EQ(call->message[0].request, NONE);
    CHECK_EQ(call->message[3].request, 2);
    CHECK_EQ(call->message[4].request, 1);
    CHECK_EQ(call->message[5].request, 0);
    CHECK_EQ(call->message[6].request, NONE);
    diag_stop();
}

TND_TEST(diag_cancel_apart, "RFC 3261 §9.1",
         "a CANCEL has the branch of its INVITE, and its response answers the CANCEL")
{
    diag_start((struct tnd_diag_world){0});
    SEE(.from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE");
    SEE(.ms = 1, .from = 1, .to = 2, .first = "CANCEL sip:bob@example.org SIP/2.0",
        .cseq = "1 CANCEL");
    SEE(.ms = 2, .from = 2, .to = 1, .first = OK, .cseq = "1 CANCEL", .to_tag = "b");
    SEE(.ms = 3, .from = 2, .to = 1, .first = "SIP/2.0 487 Request Terminated", .cseq = "1 INVITE",
        .to_tag = "b");
    SEE(.ms = 4, .from = 1, .to = 2, .first = "ACK sip:bob@example.org SIP/2.0", .cseq = "1 ACK",
        .to_tag = "b");
    const struct tnd_diag_call *call = diag_last();
    CHECK_EQ(call->message[2].request, 1);
    CHECK_EQ(call->message[2].method, TND_METHOD_CANCEL);
    CHECK_EQ(call->message[3].request, 0);
    CHECK(!call->message[4].is_again);
    diag_stop();
}

TND_TEST(diag_provisional_apart, "RFC 3262 §3",
         "provisional responses that differ are several, and one that does not was sent again")
{
    static const char session[] = "SIP/2.0 183 Session Progress";

    diag_start((struct tnd_diag_world){0});
    SEE(.from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE");
    SEE(.ms = 1, .from = 2, .to = 1, .first = session, .cseq = "1 INVITE", .to_tag = "b",
        .more = "RSeq: 1\r\n");
    SEE(.ms = 2, .from = 2, .to = 1, .first = session, .cseq = "1 INVITE", .to_tag = "b",
        .more = "RSeq: 2\r\n");
    SEE(.ms = 60, .from = 2, .to = 1, .first = session, .cseq = "1 INVITE", .to_tag = "b",
        .more = "RSeq: 2\r\n");
    const struct tnd_diag_call *call = diag_last();
    CHECK(!call->message[2].is_again);
    CHECK(is_again(call, 3, 2));
    CHECK_EQ(call->message[3].request, 0);
    diag_stop();
}

TND_TEST(diag_final_again, "RFC 3261 §13.3.1.4",
         "a final response that comes again is the same, though a clock in it has moved")
{
    diag_start((struct tnd_diag_world){0});
    SEE(.from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE");
    SEE(.ms = 1, .from = 2, .to = 1, .first = OK, .cseq = "1 INVITE", .to_tag = "b",
        .more = "Timestamp: 1\r\n");
    SEE(.ms = 501, .from = 2, .to = 1, .first = OK, .cseq = "1 INVITE", .to_tag = "b",
        .more = "Timestamp: 1 0.5\r\n");
    SEE(.ms = 600, .from = 2, .to = 1, .first = OK, .cseq = "1 INVITE", .to_tag = "c");
    const struct tnd_diag_call *call = diag_last();
    CHECK(is_again(call, 2, 1));
    CHECK(call->message[2].bytes.ptr != call->message[1].bytes.ptr);
    CHECK(!call->message[3].is_again); /* of another branch of a fork: RFC 3261 §13.2.2.4 */
    diag_stop();
}

TND_TEST(diag_without_branch, "RFC 3261 §17.2.3",
         "without a branch, as in RFC 2543, the rest of the Via and CSeq say what belongs together")
{
    diag_start((struct tnd_diag_world){0});
    SEE(.from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE", .branch = "");
    SEE(.ms = 501, .from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE", .branch = "");
    SEE(.ms = 502, .from = 1, .to = 2, .first = INVITE, .cseq = "2 INVITE", .branch = "");
    SEE(.ms = 503, .from = 2, .to = 1, .first = OK, .cseq = "2 INVITE", .branch = "",
        .to_tag = "b");
    const struct tnd_diag_call *call = diag_last();
    CHECK(is_again(call, 1, 0));
    CHECK(!call->message[2].is_again);
    CHECK_EQ(call->message[3].request, 2);
    diag_stop();
}

static bool is_same_dialog(const char *from, const char *to)
{
    char text[512];
    static const char head[] = "OPTIONS sip:b SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\n"
                               "Call-ID: one\r\nCSeq: 1 OPTIONS\r\n";
    const char *const froms[] = {"<sip:a@h>;tag=a", from}, *const tos[] = {"<sip:b@h>;tag=b", to};

    diag_start((struct tnd_diag_world){0});
    for (int i = 0; i < 2; i++) {
        int len =
            snprintf(text, sizeof(text), "%sFrom: %s\r\nTo: %s\r\n\r\n", head, froms[i], tos[i]);
        tnd_diag_feed(diag, &(struct tnd_diag_seen){.bytes = tnd_slice(text, (size_t)len)});
    }
    bool is_same = diag_last()->message[1].is_again;
    diag_stop();
    return is_same;
}

TND_TEST(diag_tags, "RFC 3261 §19.3", "a tag is found wherever it stands, and only where it is one")
{
    CHECK(is_same_dialog("<sip:a@h>;tag=a", "sip:b@h;tag=b"));
    CHECK(is_same_dialog("<sip:a@h>;x=\"y;tag=z\";tag=a", "<sip:b@h>;TAG=b"));
    CHECK(is_same_dialog("<sip:a@h>;tag=a;x=y", "<sip:b@h>;tag=b;lr"));
    CHECK(is_same_dialog("<sip:a@h>;tag=a ;x", "\"n;tag=x\" <sip:b@h;tag=y>;tag=b"));
    CHECK(!is_same_dialog("<sip:a@h>;tag=a", "<sip:b@h;tag=b>"));
    CHECK(!is_same_dialog("<sip:a@h>;tag=a", "<sip:b@h>;x=\";tag=b\""));
    CHECK(!is_same_dialog("<sip:a@h>;tag=a", "<sip:b@h>;xtag=b"));
}

static bool is_same_branch(const char *via)
{
    char text[512];
    const char *const vias[] = {"SIP/2.0/UDP h;rport;branch=z9hG4bKx;ttl=1", via};

    diag_start((struct tnd_diag_world){0});
    for (int i = 0; i < 2; i++) {
        int len = snprintf(text, sizeof(text),
                           "OPTIONS sip:b SIP/2.0\r\nVia: %s\r\nCall-ID: one\r\n\r\n", vias[i]);
        tnd_diag_feed(diag, &(struct tnd_diag_seen){.bytes = tnd_slice(text, (size_t)len)});
    }
    bool is_same = diag_last()->message[1].is_again;
    diag_stop();
    return is_same;
}

TND_TEST(diag_branches, "RFC 3261 §20.42",
         "a branch is that of the first Via, wherever it stands in it")
{
    CHECK(is_same_branch("SIP/2.0/UDP h;branch=z9hG4bKx"));
    CHECK(is_same_branch("SIP / 2.0 / UDP\r\n h ; Branch = z9hG4bKx"));
    CHECK(is_same_branch("SIP/2.0/UDP h;x=\"a,b\";branch=z9hG4bKx, SIP/2.0/UDP i;branch=z9hG4bKy"));
    CHECK(!is_same_branch("SIP/2.0/UDP h, SIP/2.0/UDP i;branch=z9hG4bKx"));
    CHECK(!is_same_branch("SIP/2.0/UDP h;xbranch=z9hG4bKx"));
    CHECK(!is_same_branch("SIP/2.0/UDP h;branch=z9hG4bKxy"));
}
