/* What happens to a response context: RFC 3261 §16.7 to §16.10, sentence by sentence. */
#include "unit/proxy/proxy_test.h"

#include <stdio.h>

static struct proxy_test t;

TND_TEST(proxy_one, "RFC 3261 §16.6", "a call to one phone: tried, rings, answers, done")
{
    proxy_init(&t);
    CHECK_TEXT(proxy_start(&t, INVITE, "a"), "TRY 0");
    CHECK_BY(&t, PROXY_PARALLEL);
    CHECK_TEXT(proxy_response(&t, 0, 100), "");
    CHECK_TEXT(proxy_response(&t, 0, 180), "FORWARD 0 180");
    CHECK_TEXT(proxy_response(&t, 0, 200), "FORWARD 0 200, DONE");
    CHECK_BY(&t, PROXY_2XX);
    CHECK_BY(&t, PROXY_DONE);
}

TND_TEST(proxy_one_fails, "RFC 3261 §16.7", "the refusal of the only phone goes up as it came")
{
    static const unsigned codes[] = {300, 302, 305, 380, 400, 401, 407, 408, 420, 480, 481,
                                     486, 487, 488, 499, 500, 580, 599, 600, 603, 606, 699};

    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
        char text[64];
        proxy_init(&t);
        proxy_start(&t, INVITE, "a");
        snprintf(text, sizeof(text), "CHOOSE 0 %u, DONE", codes[i]);
        CHECK_TEXT(proxy_response(&t, 0, codes[i]), text);
    }
}

TND_TEST(proxy_100, "RFC 3261 §16.7", "a proxy must not forward any 100")
{
    for (int is_invite = 0; is_invite <= 1; is_invite++) {
        proxy_init(&t);
        proxy_start(&t, is_invite, "a b");
        CHECK_TEXT(proxy_response(&t, 0, 100), "");
        CHECK_EQ(t.p.branch[0].state, TND_BRANCH_PROCEEDING);
    }
}

TND_TEST(proxy_1xx, "RFC 3261 §16.7",
         "until a final response is sent, each provisional one but 100 is forwarded at once")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a b");
    for (unsigned code = 101; code <= 199; code++) {
        proxy_response(&t, code & 1, code);
        CHECK_EQ(t.count, 1);
        CHECK_EQ(t.act[0].kind, TND_PROXY_FORWARD);
        CHECK_EQ(t.act[0].code, code);
        CHECK_BY(&t, PROXY_1XX);
    }
    CHECK_TEXT(proxy_response(&t, 1, 486), "");
    CHECK_TEXT(proxy_response(&t, 1, 180), ""); /* late */
    CHECK_TEXT(proxy_response(&t, 0, 180), "FORWARD 0 180");
    CHECK_TEXT(proxy_cancel(&t), "CANCEL 0");
    CHECK_TEXT(proxy_response(&t, 0, 183), "FORWARD 0 183");
}

TND_TEST(proxy_1xx_after_final, "RFC 3261 §16.7",
         "after a final response no provisional one is forwarded")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a b");
    CHECK_TEXT(proxy_response(&t, 0, 200), "FORWARD 0 200, CANCEL 1 200");
    CHECK_TEXT(proxy_response(&t, 1, 180), "");
    CHECK_TEXT(proxy_response(&t, 1, 487), "DONE");
}

TND_TEST(proxy_1xx_other, "RFC 4320 §4.1",
         "no provisional response is forwarded to a request other than INVITE")
{
    proxy_init(&t);
    proxy_start(&t, OTHER, "a");
    CHECK_TEXT(proxy_response(&t, 0, 180), "");
    CHECK_TEXT(proxy_response(&t, 0, 200), "FORWARD 0 200, DONE");
}

TND_TEST(proxy_2xx, "RFC 3261 §16.7",
         "a 2xx goes up at once; then all that is pending is cancelled, and its end awaited")
{
    proxy_init(&t);
    CHECK_TEXT(proxy_start(&t, INVITE, "a b c d"), "TRY 0, TRY 1, TRY 2, TRY 3");
    proxy_response(&t, 0, 180);
    proxy_response(&t, 2, 404);
    CHECK_TEXT(proxy_response(&t, 1, 202), "FORWARD 1 202, CANCEL 0 200, CANCEL 3 200");
    CHECK_BY(&t, PROXY_2XX);
    CHECK_TEXT(proxy_response(&t, 0, 487), "");
    CHECK_TEXT(proxy_none(&t, 3, 408), "DONE"); /* it never rang */
    CHECK_BY(&t, PROXY_DONE);
}

TND_TEST(proxy_2xx_many, "RFC 3261 §16.7", "every 2xx to an INVITE is forwarded, whenever it comes")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a b");
    CHECK_TEXT(proxy_response(&t, 0, 200), "FORWARD 0 200, CANCEL 1 200");
    CHECK_TEXT(proxy_response(&t, 0, 200), "FORWARD 0 200"); /* again, or of a fork below */
    CHECK_TEXT(proxy_response(&t, 1, 200), "FORWARD 1 200, DONE");
    CHECK_TEXT(proxy_response(&t, 0, 200), "FORWARD 0 200"); /* while the transaction is there */
    CHECK_TEXT(proxy_response(&t, 1, 486), "");
    CHECK_TEXT(proxy_response(&t, 1, 180), "");
}

TND_TEST(proxy_2xx_late, "RFC 3261 §16.7",
         "a 2xx to an INVITE is forwarded even after another final response")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a b");
    proxy_response(&t, 0, 603);
    CHECK_TEXT(proxy_none(&t, 1, 408), "CHOOSE 0 603, DONE");
    CHECK_TEXT(proxy_response(&t, 1, 200), "FORWARD 1 200");
}

TND_TEST(proxy_2xx_after_end, "RFC 3261 §16.7",
         "a 2xx of a branch that has ended is forwarded, and ends the search too")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a b");
    CHECK_TEXT(proxy_response(&t, 0, 486), "");
    CHECK_TEXT(proxy_response(&t, 0, 200), "FORWARD 0 200, CANCEL 1 200");
    CHECK_TEXT(proxy_response(&t, 1, 487), "DONE");
}

TND_TEST(proxy_2xx_other, "RFC 3261 §16.7",
         "of a request other than INVITE one final response goes up, and nothing is cancelled")
{
    proxy_init(&t);
    CHECK_TEXT(proxy_start(&t, OTHER, "a b c"), "TRY 0, TRY 1, TRY 2");
    CHECK_TEXT(proxy_response(&t, 1, 200), "FORWARD 1 200");
    CHECK_TEXT(proxy_response(&t, 0, 200), "");
    CHECK_TEXT(proxy_response(&t, 2, 404), "DONE");
    CHECK_TEXT(proxy_response(&t, 1, 200), "");
    proxy_init(&t);
    proxy_start(&t, OTHER, "a");
    CHECK_TEXT(proxy_response(&t, 0, 404), "CHOOSE 0 404, DONE");
    CHECK_TEXT(proxy_response(&t, 0, 200), ""); /* RFC 4320 §4.2: none that is late */
    proxy_init(&t);
    proxy_start(&t, OTHER, "a b");
    proxy_none(&t, 0, 408);
    CHECK_TEXT(proxy_response(&t, 0, 200), "");
}

TND_TEST(proxy_6xx, "RFC 3261 §16.7",
         "a 6xx is not forwarded at once: what is pending is cancelled, and when all have ended it "
         "goes up")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a b c");
    CHECK_TEXT(proxy_response(&t, 0, 404), "");
    CHECK_TEXT(proxy_response(&t, 2, 603), "CANCEL 1 603");
    CHECK_BY(&t, PROXY_6XX);
    CHECK_TEXT(proxy_response(&t, 1, 180), "FORWARD 1 180");
    CHECK_TEXT(proxy_response(&t, 1, 487), "CHOOSE 2 603, DONE");
    CHECK_BY(&t, PROXY_BEST_6XX);
}

TND_TEST(proxy_6xx_no_more, "RFC 3261 §16.7", "after a 6xx no new branch is made")
{
    proxy_init(&t);
    CHECK_TEXT(proxy_serial(&t, INVITE, "a b c=500 d!20"), "TRY 0, TRY 1");
    CHECK_TEXT(proxy_response(&t, 0, 604), "CANCEL 1 604");
    CHECK_EQ(t.p.branch[2].state, TND_BRANCH_DROPPED);
    CHECK_TEXT(proxy_redirect(&t, 1, 302, "e", true), "CHOOSE 0 604, DONE");
    CHECK_EQ(t.p.count, 4);
}

TND_TEST(
    proxy_6xx_2xx, "RFC 3261 §16.7",
    "a 2xx that crosses a 6xx goes up, and the 6xx does not, so that no 6xx is followed by a 2xx")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a b c");
    CHECK_TEXT(proxy_response(&t, 0, 600), "CANCEL 1 600, CANCEL 2 600");
    CHECK_TEXT(proxy_response(&t, 1, 200), "FORWARD 1 200");
    CHECK_TEXT(proxy_response(&t, 2, 487), "DONE");
}

TND_TEST(proxy_6xx_other, "RFC 3261 §9.1",
         "a 6xx to a request other than INVITE waits for the others, which nobody cancels")
{
    proxy_init(&t);
    proxy_start(&t, OTHER, "a b");
    CHECK_TEXT(proxy_response(&t, 0, 603), "");
    CHECK_TEXT(proxy_response(&t, 1, 500), "CHOOSE 0 603, DONE");
}

TND_TEST(proxy_all_ended, "RFC 3261 §16.7",
         "no other response goes up before all branches have ended; then one does")
{
    static const unsigned codes[] = {302, 401, 486, 500};

    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
        proxy_init(&t);
        proxy_start(&t, INVITE, "a b");
        CHECK_TEXT(proxy_response(&t, 0, codes[i]), "");
        CHECK_TEXT(proxy_response(&t, 0, codes[i]), ""); /* again */
        proxy_response(&t, 1, 599);
        CHECK_EQ(t.count, 2);
        CHECK_EQ(t.act[0].kind, TND_PROXY_CHOOSE);
        CHECK_EQ(t.act[0].code, codes[i]);
    }
}

TND_TEST(proxy_timeouts, "RFC 3261 §16.7", "an INVITE that nobody answered is answered with 408")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a b");
    CHECK_TEXT(proxy_none(&t, 0, 408), "");
    CHECK_TEXT(proxy_none(&t, 0, 408), ""); /* no news */
    CHECK_TEXT(proxy_none(&t, 1, 408), "MAKE 408, DONE");
    CHECK_BY(&t, PROXY_408);
}

TND_TEST(proxy_timeouts_other, "RFC 4320 §4.2",
         "a request other than INVITE never has a 408 from us, made or passed on")
{
    proxy_init(&t);
    proxy_start(&t, OTHER, "a b");
    proxy_none(&t, 0, 408);
    CHECK_TEXT(proxy_response(&t, 1, 408), "DONE");
    CHECK_EQ(t.p.final.rule, TND_RULE_PROXY_NO_408);
    PROVES(PROXY_NO_408);
    CHECK(!t.p.is_answered);
    proxy_init(&t);
    proxy_start(&t, OTHER, "a b");
    proxy_none(&t, 0, 408);
    CHECK_TEXT(proxy_response(&t, 1, 500), "CHOOSE 1 500, DONE");
}

TND_TEST(proxy_unsent, "RFC 3261 §16.9",
         "a request that cannot be sent counts as answered with 503, which is told as 500")
{
    for (int is_invite = 0; is_invite <= 1; is_invite++) {
        proxy_init(&t);
        proxy_start(&t, is_invite, "a b");
        CHECK_TEXT(proxy_none(&t, 1, 503), "");
        CHECK_TEXT(proxy_none(&t, 0, 503), "MAKE 500, DONE");
        CHECK_BY(&t, PROXY_UNSENT);
    }
}

TND_TEST(proxy_cancel, "RFC 3261 §16.10",
         "a CANCEL of the caller cancels all that is pending, and 487 goes up when all have ended")
{
    proxy_init(&t);
    proxy_serial(&t, INVITE, "a b c=100 d!20 e!busy");
    proxy_response(&t, 0, 180);
    CHECK_TEXT(proxy_cancel(&t), "CANCEL 0, CANCEL 1"); /* b has no provisional yet */
    CHECK_BY(&t, PROXY_CANCEL);
    CHECK_TEXT(proxy_cancel(&t), "");
    CHECK_TEXT(proxy_at(&t, 20), "");
    CHECK_TEXT(proxy_response(&t, 0, 487), "");
    CHECK_TEXT(proxy_response(&t, 1, 486), "CHOOSE 0 487, DONE");
    CHECK_EQ(t.tries, 2);
}

TND_TEST(proxy_cancel_407, "RFC 3261 §16.10",
         "who has cancelled is told 487, and not what would have him call again")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a b");
    proxy_response(&t, 0, 407);
    CHECK_TEXT(proxy_cancel(&t), "CANCEL 1");
    CHECK_TEXT(proxy_response(&t, 1, 487), "CHOOSE 1 487, DONE");
}

TND_TEST(proxy_cancel_silence, "RFC 3261 §9.1",
         "an INVITE whose cancelled branches say nothing is answered with 487")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a b");
    proxy_response(&t, 0, 180);
    proxy_cancel(&t);
    CHECK_TEXT(proxy_none(&t, 0, 408), "");
    CHECK_TEXT(proxy_none(&t, 1, 408), "MAKE 487, DONE");
    CHECK_BY(&t, PROXY_CANCELLED);
}

TND_TEST(proxy_cancel_crossed, "RFC 3261 §16.7", "a 2xx that crosses the CANCEL goes up")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a");
    CHECK_TEXT(proxy_cancel(&t), "CANCEL 0");
    CHECK_TEXT(proxy_response(&t, 0, 200), "FORWARD 0 200, DONE");
    CHECK_TEXT(proxy_cancel(&t), "");
}

TND_TEST(proxy_cancel_other, "RFC 3261 §9.2",
         "a CANCEL means nothing to a request other than INVITE, nor to one that was answered")
{
    proxy_init(&t);
    proxy_start(&t, OTHER, "a");
    CHECK_TEXT(proxy_cancel(&t), "");
    CHECK_TEXT(proxy_response(&t, 0, 200), "FORWARD 0 200, DONE");
    proxy_init(&t);
    proxy_start(&t, INVITE, "a b");
    proxy_response(&t, 0, 200);
    CHECK_TEXT(proxy_cancel(&t), "");
}

TND_TEST(proxy_timer_c, "RFC 3261 §16.8",
         "an INVITE that rings too long is cancelled, and what comes of that goes up")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a");
    proxy_response(&t, 0, 180);
    CHECK_TEXT(proxy_at(&t, PROXY_TIMER_C - 1), "");
    CHECK_TEXT(proxy_at(&t, PROXY_TIMER_C), "CANCEL 0 408");
    CHECK_BY(&t, PROXY_TIMER_C);
    CHECK_EQ(tnd_proxy_due(&t.p), TND_NEVER_DUE);
    CHECK_TEXT(proxy_response(&t, 0, 487), "CHOOSE 0 487, DONE");
}

TND_TEST(proxy_timer_c_mute, "RFC 3261 §16.8",
         "one that was cancelled and does not answer that either ends as 408")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a");
    proxy_response(&t, 0, 100);
    CHECK_TEXT(proxy_at(&t, PROXY_TIMER_C), "CANCEL 0 408");
    CHECK_TEXT(proxy_none(&t, 0, 408), "MAKE 408, DONE");
}

TND_TEST(proxy_timer_c_calling, "RFC 3261 §16.8",
         "one without a provisional response counts as answered with 408, and does not ring later")
{
    proxy_init(&t);
    proxy_serial(&t, INVITE, "a b=500");
    CHECK_TEXT(proxy_at(&t, PROXY_TIMER_C), "CANCEL 0 408, TRY 1");
    CHECK_EQ(t.p.branch[0].code, 408);
    CHECK_EQ(tnd_proxy_due(&t.p), TND_SEC(1000 + 2 * PROXY_TIMER_C));
    CHECK_TEXT(proxy_response(&t, 0, 180), "");
    CHECK_TEXT(proxy_none(&t, 0, 408), "");
    CHECK_TEXT(proxy_at(&t, 2 * PROXY_TIMER_C), "CANCEL 1 408, MAKE 408, DONE");
    CHECK_TEXT(proxy_response(&t, 1, 200), "FORWARD 1 200"); /* it had been on its way */
}

TND_TEST(proxy_timer_c_renewed, "RFC 3261 §16.7",
         "timer C starts again with each provisional response, but 100")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a b c");
    proxy_response(&t, 2, 100);
    proxy_at(&t, 100);
    proxy_response(&t, 0, 101);
    proxy_response(&t, 1, 100);
    proxy_at(&t, 150);
    proxy_response(&t, 0, 199);
    CHECK_TEXT(proxy_at(&t, PROXY_TIMER_C), "CANCEL 1 408, CANCEL 2 408");
    CHECK_TEXT(proxy_at(&t, 150 + PROXY_TIMER_C - 1), "");
    CHECK_TEXT(proxy_at(&t, 150 + PROXY_TIMER_C), "CANCEL 0 408");
}

TND_TEST(proxy_timer_c_early, "RFC 3261 §16.7",
         "c_due may have been too early; then it says when it really is")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a");
    proxy_at(&t, 100);
    proxy_response(&t, 0, 180);
    CHECK_EQ(tnd_proxy_due(&t.p), TND_SEC(1000 + PROXY_TIMER_C));
    CHECK_TEXT(proxy_at(&t, PROXY_TIMER_C), "");
    CHECK_EQ(tnd_proxy_due(&t.p), TND_SEC(1100 + PROXY_TIMER_C));
    proxy_response(&t, 0, 200);
    CHECK_EQ(tnd_proxy_due(&t.p), TND_NEVER_DUE);
}

TND_TEST(proxy_timer_c_other, "RFC 3261 §16.6", "timer C is of INVITE alone")
{
    proxy_init(&t);
    proxy_start(&t, OTHER, "a b!20");
    CHECK_EQ(tnd_proxy_due(&t.p), TND_NEVER_DUE);
}

TND_TEST(proxy_no_target, "RFC 3261 §16.5", "a request without a target is refused with 480")
{
    for (int is_invite = 0; is_invite <= 1; is_invite++) {
        proxy_init(&t);
        CHECK_TEXT(proxy_start(&t, is_invite, ""), "MAKE 480, DONE");
        CHECK_BY(&t, PROXY_NO_TARGET);
        proxy_init(&t);
        CHECK_TEXT(proxy_start(&t, is_invite, "a!busy"), "MAKE 480, DONE");
    }
}

TND_TEST(proxy_strange_codes, "RFC 3261 §7.2", "what is no code is no event")
{
    static const unsigned codes[] = {0, 1, 99, 700, 999, 65536 + 200};

    proxy_init(&t);
    proxy_start(&t, INVITE, "a");
    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
        tnd_proxy_response(&t.p, 0, codes[i], t.now);
        CHECK(!tnd_proxy_next(&t.p, &t.act[0]));
        CHECK_EQ(t.p.branch[0].state, TND_BRANCH_CALLING);
    }
}
