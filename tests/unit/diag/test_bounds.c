/* What a capture can make a diagnosis take is bounded. */
#include "unit/diag/diag_test.h"

#include <stdio.h>

static int see_call(int64_t ms, unsigned n)
{
    char call[32];

    snprintf(call, sizeof(call), "call-%u", n);
    return SEE(.ms = ms, .from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE", .call = call);
}

TND_TEST(diag_calls_max, "diag/diag.h calls_max",
         "beyond the bound of open calls the one that was silent longest is given out")
{
    diag_start((struct tnd_diag_world){.calls_max = 3});
    for (unsigned i = 0; i < 3; i++)
        see_call(i, i);
    see_call(5, 0); /* the first is not silent any more */
    CHECK(tnd_diag_take(diag) == NULL);
    see_call(6, 3);
    CHECK_STR(diag_next()->call_id, "call-1");
    CHECK_EQ(tnd_diag_stats(diag)->open, 3);
    diag_stop();
}

TND_TEST(
    diag_calls_max_waiting, "diag/diag.h calls_max",
    "a call that rings and one that is over are alike in that: who was silent longest goes first")
{
    diag_start((struct tnd_diag_world){.calls_max = 2});
    diag_see_answered(0);
    see_call(100, 1);
    see_call(200, 2);
    CHECK_EQ(diag_next()->message_count, 4);
    diag_see_answered(300);
    CHECK_STR(diag_next()->call_id, "call-1");
    diag_stop();
}

TND_TEST(diag_messages_max, "diag/diag.h messages_max",
         "what is beyond the bound of one call is left out and counted; the call ends all the same")
{
    diag_start((struct tnd_diag_world){.messages_max = 5});
    diag_see_answered(0);
    for (int i = 0; i < 9; i++)
        SEE(.ms = 100 + 20 * i, .from = 1, .to = 2, .first = "INFO sip:bob@192.0.2.2 SIP/2.0",
            .cseq = "2 INFO", .branch = "i", .to_tag = "b");
    diag_see_bye(1000);
    tnd_diag_pass(diag, TND_SEC(34));
    const struct tnd_diag_call *call = diag_next();
    CHECK_EQ(call->message_count, 5);
    CHECK_EQ(call->left_out, 10);
    diag_stop();
}

TND_TEST(diag_memory_max, "diag/diag.h memory_max",
         "beyond the bound of memory calls are given out; who never takes them loses messages")
{
    diag_start((struct tnd_diag_world){.memory_max = 100000});
    for (unsigned i = 0; i < 200; i++) {
        CHECK_EQ(see_call(i, i), 0);
        CHECK(tnd_diag_stats(diag)->memory < 120000);
        while (tnd_diag_take(diag))
            ;
    }
    CHECK(tnd_diag_stats(diag)->calls > 100);
    unsigned lost = 0;
    for (unsigned i = 0; i < 200; i++)
        lost += see_call(i, i) == TND_ENOMEM;
    CHECK(lost > 50);
    CHECK_EQ(tnd_diag_stats(diag)->lost, lost);
    CHECK(tnd_diag_stats(diag)->memory < 220000);
    diag_stop();
}

TND_TEST(diag_memory_flat, "diag/diag.h",
         "a capture of any length takes the memory of what is open")
{
    size_t after_first = 0;

    diag_start((struct tnd_diag_world){0});
    for (unsigned round = 0; round < 20; round++) {
        for (unsigned i = 0; i < 100; i++)
            CHECK_EQ(see_call(round * 100000 + i, round * 100 + i), 0);
        while (tnd_diag_take(diag))
            ;
        if (round == 1)
            after_first = diag_mem.live_size;
        CHECK(round < 2 || diag_mem.live_size <= after_first);
    }
    CHECK_EQ(tnd_diag_stats(diag)->calls, 1900);
    diag_stop();
}

enum { BIG_BODY_SIZE = 9000 };

static void play(void)
{
    char body[BIG_BODY_SIZE];

    memset(body, 'x', sizeof(body) - 1);
    body[sizeof(body) - 1] = '\0';
    for (unsigned i = 0; i < 12; i++)
        see_call(i, i % 5);
    diag_see_answered(100);
    SEE(.ms = 150, .from = 1, .to = 2, .first = "MESSAGE sip:bob@192.0.2.2 SIP/2.0",
        .cseq = "2 MESSAGE", .branch = "m", .to_tag = "b", .body = body);
    diag_see_bye(200);
    tnd_diag_end(diag);
}

TND_TEST(diag_no_memory, "base/arena",
         "whenever memory fails, a message is lost and counted, and nothing else is")
{
    bool is_done = false;

    for (size_t nth = 1; !is_done; nth++) {
        diag_start_failing((struct tnd_diag_world){0}, nth);
        if (!diag)
            continue;
        play();
        size_t count = 0;
        for (const struct tnd_diag_call *call; (call = tnd_diag_take(diag));)
            count += call->message_count;
        CHECK_EQ(count, tnd_diag_stats(diag)->messages);
        is_done = diag_mem.take_count < nth;
        CHECK(!is_done || tnd_diag_stats(diag)->lost == 0);
        CHECK_EQ(tnd_diag_stats(diag)->memory, 0);
        diag_stop();
    }
}
