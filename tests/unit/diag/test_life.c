/* When calls are over, and what is given out. */
#include "unit/diag/diag_test.h"

#include <stdio.h>

static size_t taken_count(void)
{
    size_t count = 0;

    while (tnd_diag_take(diag))
        count++;
    return count;
}

TND_TEST(
    diag_silence, "RFC 3261 §17.1.1.2",
    "a call that is over is given out after 64*T1 of silence, so that what is sent again is its own")
{
    diag_start((struct tnd_diag_world){0});
    diag_see_answered(0);
    diag_see_bye(1000);
    SEE(.ms = 20000, .from = 1, .to = 2, .first = "BYE sip:bob@192.0.2.2 SIP/2.0", .cseq = "2 BYE",
        .branch = "3", .to_tag = "b");
    tnd_diag_pass(diag, TND_MS(51999));
    CHECK_EQ(taken_count(), 0);
    tnd_diag_pass(diag, TND_MS(52000));
    CHECK_EQ(diag_next()->message_count, 7);
    CHECK(tnd_diag_take(diag) == NULL);
    CHECK_EQ(tnd_diag_stats(diag)->memory, 0);
    diag_stop();
}

TND_TEST(
    diag_waits_for_resends, "RFC 3261 §17.1.1.2",
    "a request that is sent again after more silence than a call has at its end is one call, and fails")
{
    diag_start((struct tnd_diag_world){.silence = TND_SEC(4)});
    for (int64_t ms = 0, pause = 500; ms < 32000; ms += pause, pause *= 2) {
        SEE(.ms = ms, .from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE");
        tnd_diag_pass(diag, TND_MS(ms + pause - 1));
    }
    CHECK_EQ(taken_count(), 0);
    tnd_diag_pass(diag, TND_SEC(64));
    CHECK_EQ(diag_next()->message_count, 7);
    CHECK_EQ(tnd_diag_stats(diag)->failed, 1);
    diag_stop();
}

TND_TEST(diag_waits, "RFC 3261 §16.6",
         "a call that rings or talks is not over, however silent it is")
{
    diag_start((struct tnd_diag_world){0});
    SEE(.from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE");
    SEE(.ms = 1, .from = 2, .to = 3, .first = INVITE, .cseq = "1 INVITE", .branch = "2");
    SEE(.ms = 1, .from = 2, .to = 4, .first = INVITE, .cseq = "1 INVITE", .branch = "3");
    SEE(.ms = 2, .from = 4, .to = 2, .first = "SIP/2.0 180 Ringing", .cseq = "1 INVITE",
        .branch = "3", .to_tag = "c");
    SEE(.ms = 3, .from = 3, .to = 2, .first = "SIP/2.0 486 Busy Here", .cseq = "1 INVITE",
        .branch = "2", .to_tag = "b");
    tnd_diag_pass(diag, TND_SEC(170));
    CHECK_EQ(taken_count(), 0);
    SEE(.ms = 170000, .from = 2, .to = 1, .first = OK, .cseq = "1 INVITE", .to_tag = "c");
    tnd_diag_pass(diag, TND_SEC(4000));
    CHECK_EQ(taken_count(), 0);
    SEE(.ms = 4000000, .from = 4, .to = 1, .first = "BYE sip:alice@192.0.2.1 SIP/2.0",
        .cseq = "1 BYE", .branch = "9", .from_tag = "c", .to_tag = "a");
    tnd_diag_pass(diag, TND_SEC(4032));
    CHECK_EQ(taken_count(), 1);
    diag_stop();
}

TND_TEST(diag_forgotten, "diag/diag.h",
         "a call of which nothing is heard for half a day is given out")
{
    diag_start((struct tnd_diag_world){0});
    diag_see_answered(0);
    tnd_diag_pass(diag, TND_SEC(43000));
    CHECK_EQ(taken_count(), 0);
    tnd_diag_pass(diag, TND_SEC(43201));
    CHECK_EQ(diag_next()->result, TND_DIAG_ANSWERED);
    diag_stop();
}

TND_TEST(diag_two_dialogs, "RFC 3261 §13.2.2.4",
         "of a fork that was answered twice, the call is over when both are")
{
    diag_start((struct tnd_diag_world){0});
    diag_see_answered(0);
    SEE(.ms = 50, .from = 2, .to = 1, .first = OK, .cseq = "1 INVITE", .to_tag = "c");
    SEE(.ms = 60, .from = 1, .to = 2, .first = "BYE sip:bob@192.0.2.3 SIP/2.0", .cseq = "2 BYE",
        .branch = "8", .to_tag = "c");
    tnd_diag_pass(diag, TND_SEC(100));
    CHECK_EQ(taken_count(), 0);
    diag_see_bye(100000);
    tnd_diag_pass(diag, TND_SEC(133));
    CHECK_EQ(taken_count(), 1);
    diag_stop();
}

TND_TEST(diag_chapters, "RFC 3261 §10.2",
         "what is registered under one Call-ID for ever is given out every five minutes")
{
    char cseq[32], branch[16];

    diag_start((struct tnd_diag_world){0});
    for (int i = 0; i < 41; i++) { /* each half a minute */
        snprintf(cseq, sizeof(cseq), "%d REGISTER", i + 1);
        snprintf(branch, sizeof(branch), "r%d", i);
        SEE(.ms = i * 30000, .from = 1, .to = 2, .first = "REGISTER sip:example.org SIP/2.0",
            .cseq = cseq, .branch = branch);
        SEE(.ms = i * 30000 + 5, .from = 2, .to = 1, .first = OK, .cseq = cseq, .branch = branch,
            .to_tag = "b");
        const struct tnd_diag_call *call = tnd_diag_take(diag);
        CHECK_EQ(call != NULL, i > 0 && i % 10 == 0);
        CHECK(!call || (call->message_count == 20 && call->result == TND_DIAG_ANSWERED));
    }
    diag_stop();
}

TND_TEST(diag_order, "diag/diag.h", "calls are given out in the order of their ends, and each once")
{
    diag_start((struct tnd_diag_world){0});
    SEE(.from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE", .call = "one");
    SEE(.ms = 1, .from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE", .call = "two");
    SEE(.ms = 2, .from = 2, .to = 1, .first = "SIP/2.0 404 Not Found", .cseq = "1 INVITE",
        .call = "two", .to_tag = "b");
    SEE(.ms = 3, .from = 2, .to = 1, .first = "SIP/2.0 486 Busy Here", .cseq = "1 INVITE",
        .call = "one", .to_tag = "b");
    CHECK_EQ(tnd_diag_stats(diag)->open, 2);
    CHECK_STR(diag_last()->call_id, "two");
    CHECK_STR(diag_next()->call_id, "one");
    CHECK(tnd_diag_take(diag) == NULL);
    CHECK_EQ(tnd_diag_stats(diag)->calls, 2);
    CHECK_EQ(tnd_diag_stats(diag)->failed, 2);
    CHECK_EQ(tnd_diag_stats(diag)->open, 0);
    diag_stop();
}

TND_TEST(diag_time_back, "diag/diag.h",
         "a little back in time is disorder; far back is another capture, and ends what was open")
{
    diag_start((struct tnd_diag_world){0});
    SEE(.ms = 1000000, .from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE");
    SEE(.ms = 999000, .from = 2, .to = 1, .first = "SIP/2.0 180 Ringing", .cseq = "1 INVITE",
        .to_tag = "b");
    CHECK_EQ(taken_count(), 0);
    SEE(.ms = 0, .from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE", .call = "next");
    CHECK_EQ(diag_next()->message_count, 2);
    tnd_diag_pass(diag, TND_SEC(32));
    CHECK_STR(diag_next()->call_id, "next");
    diag_stop();
}

struct visit {
    size_t count, enough;
    char first[32];
};

static bool visit(void *ctx, const struct tnd_diag_call *call)
{
    struct visit *v = ctx;

    if (v->count == 0)
        snprintf(v->first, sizeof(v->first), "%.*s %s", TND_FMT(call->call_id),
                 tnd_diag_result_name((enum tnd_diag_result)call->result));
    return ++v->count < v->enough;
}

TND_TEST(diag_each, "diag/diag.h", "those that are open are shown as they stand, the oldest first")
{
    struct visit all = {.enough = 10}, one = {.enough = 1};

    diag_start((struct tnd_diag_world){0});
    SEE(.from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE", .call = "one");
    SEE(.ms = 1, .from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE", .call = "two");
    SEE(.ms = 2, .from = 2, .to = 1, .first = OK, .cseq = "1 INVITE", .call = "one", .to_tag = "b");
    tnd_diag_each(diag, visit, &all);
    tnd_diag_each(diag, visit, &one);
    CHECK_EQ(all.count, 2);
    CHECK_STR(tnd_slice_str(all.first), "one answered");
    CHECK_EQ(one.count, 1);
    CHECK_EQ(tnd_diag_stats(diag)->calls, 0);
    diag_stop();
}

static int see_bytes(const char *bytes, bool is_cut)
{
    struct tnd_diag_seen seen = {.bytes = tnd_slice_str(bytes), .is_cut = is_cut};

    return tnd_diag_feed(diag, &seen);
}

TND_TEST(
    diag_no_sip, "diag/diag.h",
    "what has no Call-ID is skipped and counted; what has one is kept, be it cut off or broken")
{
    diag_start((struct tnd_diag_world){0});
    CHECK_EQ(see_bytes("\r\n\r\n", false), TND_ESYNTAX);
    CHECK_EQ(see_bytes("", false), TND_ESYNTAX);
    CHECK_EQ(see_bytes("OPTIONS sip:a SIP/2.0\r\nCall-ID:\r\n\r\n", false), TND_ESYNTAX);
    CHECK_EQ(see_bytes("OPTIONS sip:a SIP/2.0\r\ni: one\r\nCSeq: 1 OPT", true), 0);
    CHECK_EQ(see_bytes("\001\002\r\nCall-ID: two\r\n\r\n", false), 0);
    CHECK_EQ(tnd_diag_stats(diag)->skipped, 3);
    CHECK_EQ(tnd_diag_stats(diag)->messages, 2);
    CHECK(diag_last()->message[0].is_cut);
    CHECK_EQ(diag_next()->method, TND_METHOD_OTHER);
    diag_stop();
}

TND_TEST(diag_words, "diag/diag.h", "names for machines are stable")
{
    CHECK_STR(tnd_slice_str(tnd_diag_culprit_name(TND_DIAG_CALLEE)), "callee");
    CHECK_STR(tnd_slice_str(tnd_diag_culprit_text(TND_DIAG_PROXY, TND_LANG_EN)), "proxy");
    CHECK_STR(tnd_slice_str(tnd_diag_severity_name(TND_DIAG_WARNING)), "warning");
    CHECK_STR(tnd_slice_str(tnd_diag_result_name(TND_DIAG_CANCELLED)), "cancelled");
}
