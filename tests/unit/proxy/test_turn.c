/* Which targets there are, and whose turn it is: RFC 3261 §16.5 and §16.6, redirects, forwards,
 * Max-Breadth. */
#include "unit/proxy/proxy_test.h"

#include <stdio.h>

static struct proxy_test t;

TND_TEST(proxy_serial, "RFC 3261 §16.6", "by q, the highest first, those of one q together")
{
    proxy_init(&t);
    CHECK_TEXT(proxy_serial(&t, INVITE, "a=500 b c=500 d=1000 e=0"), "TRY 1, TRY 3");
    CHECK_BY(&t, PROXY_SERIAL);
    CHECK_TEXT(proxy_response(&t, 3, 486), "");
    CHECK_TEXT(proxy_response(&t, 1, 404), "TRY 0, TRY 2");
    CHECK_TEXT(proxy_none(&t, 0, 408), "");
    CHECK_TEXT(proxy_none(&t, 2, 503), "TRY 4");
    CHECK_TEXT(proxy_response(&t, 4, 480), "CHOOSE 3 486, DONE");
}

TND_TEST(proxy_serial_2xx, "RFC 3261 §16.7", "when one has answered no other is tried")
{
    proxy_init(&t);
    proxy_serial(&t, INVITE, "a b=500 c=100");
    proxy_response(&t, 0, 486);
    CHECK_TEXT(proxy_response(&t, 1, 200), "FORWARD 1 200, DONE");
    CHECK_EQ(t.p.branch[2].state, TND_BRANCH_DROPPED);
}

static const char *start_uris(bool is_invite, const struct tnd_target *targets, size_t count)
{
    static char text[16];

    proxy_init(&t);
    t.with.is_invite = is_invite;
    proxy_feed_start(&t, targets, count);
    snprintf(text, sizeof(text), "%u", t.tries);
    return text;
}

TND_TEST(proxy_each_once, "RFC 3261 §16.5", "a target is tried once, by the equality of URIs")
{
    struct tnd_target targets[] = {
        {.uri = TND_STR("sip:alice@Example.com;x=1")},
        {.uri = TND_STR("sip:%61lice@example.com")},
        {.uri = TND_STR("sip:alice@example.com:5060")},
        {.uri = TND_STR("sips:alice@example.com")},
        {.uri = TND_STR("sip:alice@example.com;x=2")},
        {.uri = TND_STR("tel:+1-201")},
        {.uri = TND_STR("tel:+1201")},
        {.uri = TND_STR("no uri")},
        {.uri = TND_STR("no uri")},
    };

    CHECK_TEXT(start_uris(true, targets, sizeof(targets) / sizeof(*targets)), "6");
    CHECK_STR(t.p.branch[0].target.uri, "sip:alice@Example.com;x=1");
    CHECK_STR(t.p.branch[3].target.uri, "sip:alice@example.com;x=2");
}

TND_TEST(proxy_hops, "RFC 3261 §16.6", "one URI by two next hops is two targets")
{
    struct tnd_target targets[] = {
        {.uri = TND_STR("sip:1@a"), .hop = TND_STR("sip:gw1"), .q = 900},
        {.uri = TND_STR("sip:1@a"), .hop = TND_STR("sip:gw2"), .q = 500},
        {.uri = TND_STR("sip:1@a"), .hop = TND_STR("sip:gw2"), .q = 100},
        {.uri = TND_STR("sip:1@a"), .q = 100},
    };

    CHECK_TEXT(start_uris(true, targets, 4), "3");
}

/* More targets than there is room for, each so many times. */
static size_t many(struct tnd_target targets[TND_PROXY_BRANCH_COUNT_MAX + 5], size_t times)
{
    static char uri[TND_PROXY_BRANCH_COUNT_MAX + 5][32];

    for (size_t i = 0; i < TND_PROXY_BRANCH_COUNT_MAX + 5; i++) {
        snprintf(uri[i], sizeof(uri[i]), "sip:%zu@example.com", i / times);
        targets[i] = (struct tnd_target){.uri = tnd_slice_str(uri[i]), .q = -1};
    }
    return TND_PROXY_BRANCH_COUNT_MAX + 5;
}

TND_TEST(proxy_bound, "RFC 3261 §16.5", "targets beyond the bound are left out")
{
    struct tnd_target targets[TND_PROXY_BRANCH_COUNT_MAX + 5];

    CHECK_TEXT(start_uris(true, targets, many(targets, 2)), "63");
    CHECK_TEXT(start_uris(true, targets, many(targets, 1)), "120");
    proxy_redirect(&t, 7, 302, "m", true);
    CHECK(!t.p.branch[7].is_followed);
    for (size_t i = 0; i < TND_PROXY_BRANCH_COUNT_MAX; i++)
        proxy_response(&t, i, 404);
    CHECK_EQ(t.dones, 1);
    CHECK_EQ(t.p.final.branch, 7);
}

TND_TEST(proxy_no_memory, "RFC 3261 §16.5", "without memory there is no context, and no redirect")
{
    char room[2 * sizeof(struct tnd_branch)];
    struct tnd_target targets[PROXY_TARGET_COUNT_MAX];

    proxy_init(&t);
    tnd_arena_init(&t.a, room, 16, NULL, 0);
    proxy_targets_read("a b", targets);
    CHECK_EQ(tnd_proxy_start(&t.p, &t.with, targets, 1, 0, &t.a), TND_ENOMEM);
    tnd_arena_init(&t.a, room, sizeof(room), NULL, 0);
    CHECK_TEXT(proxy_start(&t, INVITE, "a"), "TRY 0");
    CHECK_EQ(tnd_proxy_follow(&t.p, 0, 302, &targets[1], 1, true, &t.a), 0);
    CHECK(tnd_arena_over(&t.a));
    CHECK_TEXT(proxy_response(&t, 0, 302), "CHOOSE 0 302, DONE");
}

TND_TEST(proxy_redirected, "RFC 3261 §16.7",
         "contacts of a redirect are tried by q, while others ring on; it is no candidate any more")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a b");
    proxy_response(&t, 1, 180);
    CHECK_TEXT(proxy_redirect(&t, 0, 302, "c=500 d=900 e=900", true), "TRY 3, TRY 4");
    CHECK_BY(&t, PROXY_REDIRECTED);
    CHECK_EQ(t.p.branch[3].parent, 0);
    CHECK_EQ(t.p.branch[3].depth, 1);
    CHECK_TEXT(proxy_response(&t, 3, 404), "");
    CHECK_TEXT(proxy_response(&t, 4, 486), "TRY 2"); /* b rings on */
    CHECK_TEXT(proxy_response(&t, 1, 480), "");
    CHECK_TEXT(proxy_response(&t, 2, 404), "CHOOSE 4 486, DONE");
}

TND_TEST(proxy_redirected_serial, "RFC 3261 §16.6",
         "contacts of a redirect come in its place, before those of lower q")
{
    proxy_init(&t);
    CHECK_TEXT(proxy_serial(&t, INVITE, "a b=500"), "TRY 0");
    CHECK_TEXT(proxy_redirect(&t, 0, 301, "c=10 d=20", true), "TRY 3");
    CHECK_TEXT(proxy_redirect(&t, 3, 302, "e", true), "TRY 4");
    CHECK_EQ(t.p.branch[4].depth, 2);
    CHECK_TEXT(proxy_none(&t, 4, 503), "TRY 2");
    CHECK_TEXT(proxy_response(&t, 2, 486), "TRY 1");
    CHECK_BY(&t, PROXY_SERIAL);
    CHECK_TEXT(proxy_response(&t, 1, 404), "CHOOSE 2 486, DONE");
}

TND_TEST(proxy_redirect_rest, "RFC 3261 §16.7",
         "a redirect of which something was not followed is a candidate for the best response")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a");
    CHECK_TEXT(proxy_redirect(&t, 0, 302, "b", false), "TRY 1");
    CHECK(tnd_proxy_has(&t.p, TND_STR("sip:B@example.com")) == false);
    CHECK(tnd_proxy_has(&t.p, TND_STR("sip:b@Example.com")));
    CHECK(tnd_proxy_has(&t.p, TND_STR("sip:a@example.com")));
    CHECK_TEXT(proxy_response(&t, 1, 486), "CHOOSE 0 302, DONE");
}

TND_TEST(proxy_redirect_none, "RFC 3261 §21.3.4",
         "305 and 380 are not followed, nor is any when none may be")
{
    static const unsigned codes[] = {305, 380, 200, 404, 486, 600};
    struct tnd_target contact[PROXY_TARGET_COUNT_MAX];

    proxy_targets_read("b", contact);
    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
        proxy_init(&t);
        proxy_start(&t, INVITE, "a");
        CHECK_EQ(tnd_proxy_follow(&t.p, 0, codes[i], contact, 1, true, &t.a), 0);
    }
    proxy_init(&t);
    t.with.max_redirects = 0;
    proxy_start(&t, INVITE, "a");
    CHECK_TEXT(proxy_redirect(&t, 0, 302, "a", true), "CHOOSE 0 302, DONE");
    proxy_init(&t);
    proxy_start(&t, INVITE, "a c");
    proxy_response(&t, 0, 302);
    CHECK_EQ(tnd_proxy_follow(&t.p, 0, 302, contact, 1, true, &t.a), 0); /* late */
}

TND_TEST(proxy_redirect_416, "RFC 3261 §16.7",
         "a 416 that has led to another form of the URI is no candidate any more")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a");
    CHECK_TEXT(proxy_redirect(&t, 0, 416, "b", true), "TRY 1");
    CHECK_BY(&t, PROXY_REDIRECTED);
    CHECK_TEXT(proxy_response(&t, 1, 404), "CHOOSE 1 404, DONE");
}

TND_TEST(proxy_redirect_cancelled, "RFC 3261 §16.7",
         "a redirect of a phone that was cancelled is not followed")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a");
    proxy_cancel(&t);
    CHECK_TEXT(proxy_redirect(&t, 0, 302, "b", true), "CHOOSE 0 302, DONE");
    proxy_init(&t);
    proxy_start(&t, INVITE, "a v!20");
    CHECK_TEXT(proxy_at(&t, 20), "CANCEL 0 408, TRY 1");
    CHECK_TEXT(proxy_redirect(&t, 0, 302, "b", true), "");
    CHECK_TEXT(proxy_redirect(&t, 1, 302, "b", true), "TRY 2");
}

TND_TEST(proxy_redirect_depth, "RFC 3261 §16.7",
         "redirects are followed as deep, and as many in all, as max_redirects says")
{
    proxy_init(&t);
    t.with.max_redirects = 2;
    proxy_start(&t, INVITE, "a");
    CHECK_TEXT(proxy_redirect(&t, 0, 302, "b", true), "TRY 1");
    CHECK_TEXT(proxy_redirect(&t, 1, 302, "c", true), "TRY 2");
    CHECK_TEXT(proxy_redirect(&t, 2, 302, "d", true), "CHOOSE 2 302, DONE");
    proxy_init(&t);
    t.with.max_redirects = 2;
    proxy_start(&t, INVITE, "a");
    CHECK_TEXT(proxy_redirect(&t, 0, 300, "b c d", true), "TRY 1, TRY 2");
    CHECK(!t.p.branch[0].is_followed);
    proxy_init(&t);
    t.with.max_redirects = UINT32_MAX;
    proxy_start(&t, INVITE, "a");
    proxy_redirect(&t, 0, 300, "b c d e f g h i j k l m n o p q r s u v w x y z", true);
    CHECK_EQ(t.tries, 1 + TND_PROXY_REDIRECT_COUNT_MAX);
}

TND_TEST(proxy_redirect_circle, "RFC 3261 §16.5",
         "a redirect never leads to where the request has been; if all do, that is a loop")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a");
    CHECK_TEXT(proxy_redirect(&t, 0, 302, "b a", true), "TRY 1");
    CHECK_TEXT(proxy_redirect(&t, 1, 302, "a b a", true), "MAKE 482, DONE");
    CHECK_BY(&t, PROXY_CIRCLES);
    proxy_init(&t);
    proxy_start(&t, OTHER, "a");
    CHECK_TEXT(proxy_redirect(&t, 0, 302, "a", true), "MAKE 482, DONE");
    proxy_init(&t);
    proxy_start(&t, OTHER, "a");
    CHECK_TEXT(proxy_redirect(&t, 0, 302, "a", false), "CHOOSE 0 302, DONE");
}

TND_TEST(bug_proxy_redirect_to_request_uri, "RFC 3261 §16.5",
         "a redirect does not lead to the Request-URI either: that led to who says it")
{
    proxy_init(&t);
    t.with.uri = TND_STR("sip:r@example.com");
    proxy_start(&t, INVITE, "a b");
    CHECK_TEXT(proxy_redirect(&t, 0, 302, "r", true), "");
    CHECK(tnd_proxy_has(&t.p, TND_STR("sip:r@EXAMPLE.com")));
    CHECK_TEXT(proxy_response(&t, 1, 486), "CHOOSE 1 486, DONE");
    proxy_init(&t);
    t.with.uri = TND_STR("sip:r@example.com");
    proxy_start(&t, INVITE, "a");
    CHECK_TEXT(proxy_redirect(&t, 0, 302, "r b", true), "TRY 1");
    CHECK_TEXT(proxy_redirect(&t, 1, 302, "r", true), "MAKE 482, DONE");
    CHECK_BY(&t, PROXY_CIRCLES);
}

TND_TEST(proxy_redirect_once, "RFC 3261 §16.5",
         "a contact that stands twice is tried once, and when its turn is does not depend on it")
{
    struct tnd_target contacts[PROXY_TARGET_COUNT_MAX], one[PROXY_TARGET_COUNT_MAX];

    proxy_init(&t);
    proxy_start(&t, INVITE, "a");
    CHECK_TEXT(proxy_redirect(&t, 0, 302, "b!20> b c!busy c", true), "TRY 1, TRY 2");
    proxy_init(&t);
    proxy_start(&t, INVITE, "a");
    proxy_targets_read("a", one);
    for (size_t i = 0; i < PROXY_TARGET_COUNT_MAX; i++)
        contacts[i] = one[0];
    tnd_proxy_follow(&t.p, 0, 302, contacts, PROXY_TARGET_COUNT_MAX, true, &t.a);
    CHECK_TEXT(proxy_response(&t, 0, 302), "CHOOSE 0 302, DONE"); /* not all were looked at */
}

TND_TEST(proxy_redirect_dropped, "RFC 3261 §16.5",
         "a redirect may lead to a target that was left out before it was tried")
{
    proxy_init(&t);
    proxy_serial(&t, INVITE, "a b=500 v!20");
    CHECK_TEXT(proxy_at(&t, 20), "CANCEL 0 408, TRY 2");
    CHECK_TEXT(proxy_redirect(&t, 2, 302, "a b", true), "TRY 3");
    CHECK(tnd_proxy_has(&t.p, TND_STR("sip:b@example.com")));
}

TND_TEST(proxy_redirect_full, "RFC 3261 §16.7",
         "when no more may be followed, contacts of before do not count, others go up")
{
    proxy_init(&t);
    t.with.max_redirects = 1;
    proxy_start(&t, INVITE, "a b");
    CHECK_TEXT(proxy_redirect(&t, 0, 302, "c", true), "TRY 2");
    CHECK_TEXT(proxy_redirect(&t, 1, 302, "c a", true), "");
    CHECK(t.p.branch[1].is_followed);
    CHECK_TEXT(proxy_response(&t, 2, 486), "CHOOSE 2 486, DONE");
}

TND_TEST(proxy_busy, "RFC 3261 §16.5",
         "a forward for busy is tried when all others have ended and 486 is the best answer")
{
    proxy_init(&t);
    CHECK_TEXT(proxy_start(&t, INVITE, "a b w!busy v!60"), "TRY 0, TRY 1");
    CHECK_TEXT(proxy_response(&t, 0, 486), "");
    CHECK_TEXT(proxy_response(&t, 1, 404), "TRY 2");
    CHECK_BY(&t, PROXY_BUSY);
    CHECK_TEXT(proxy_at(&t, 60), ""); /* one forward is enough */
    CHECK_TEXT(proxy_response(&t, 2, 180), "FORWARD 2 180");
    CHECK_TEXT(proxy_response(&t, 2, 200), "FORWARD 2 200, DONE");
    CHECK_EQ(t.p.branch[3].state, TND_BRANCH_DROPPED);
}

TND_TEST(
    proxy_busy_everywhere, "RFC 3261 §16.7",
    "after 600 a forward for busy is tried all the same, for the user asked for it; after 603 not")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a b w!busy");
    CHECK_TEXT(proxy_response(&t, 0, 600), "CANCEL 1 600");
    CHECK_TEXT(proxy_response(&t, 1, 487), "TRY 2");
    CHECK_TEXT(proxy_redirect(&t, 2, 302, "d", true), "CHOOSE 0 600, DONE");
    proxy_init(&t);
    proxy_start(&t, INVITE, "a w!busy");
    CHECK_TEXT(proxy_response(&t, 0, 603), "CHOOSE 0 603, DONE");
}

TND_TEST(proxy_busy_not, "RFC 3261 §16.5", "a forward for busy is not tried for other answers")
{
    static const unsigned codes[] = {302, 404, 480, 487, 500, 603};

    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
        proxy_init(&t);
        proxy_start(&t, INVITE, "a w!busy");
        proxy_response(&t, 0, codes[i]);
        CHECK_EQ(t.dones, 1);
        CHECK_EQ(t.tries, 1);
    }
}

TND_TEST(proxy_busy_told, "RFC 3261 §21.3.3",
         "of a forward for busy that is a redirect the caller is told, after 600 too")
{
    static const unsigned codes[] = {486, 600};

    for (size_t i = 0; i < 2; i++) {
        proxy_init(&t);
        proxy_start(&t, INVITE, "a w!busy>");
        CHECK_TEXT(proxy_response(&t, 0, codes[i]), "MAKE 1 302, DONE");
        CHECK_BY(&t, PROXY_BUSY);
    }
}

TND_TEST(proxy_no_answer, "RFC 3261 §16.5",
         "a forward for no answer is tried after its time, and what rings is cancelled")
{
    proxy_init(&t);
    CHECK_TEXT(proxy_serial(&t, INVITE, "a b c=500 v!20 w!busy"), "TRY 0, TRY 1");
    proxy_response(&t, 0, 180);
    CHECK_EQ(tnd_proxy_due(&t.p), TND_SEC(1020));
    CHECK_TEXT(proxy_at(&t, 20), "CANCEL 0 408, CANCEL 1 408, TRY 3");
    CHECK_BY(&t, PROXY_NO_ANSWER);
    CHECK_TEXT(proxy_response(&t, 0, 487), "");
    CHECK_TEXT(proxy_response(&t, 1, 200), "FORWARD 1 200, CANCEL 3 200"); /* after all */
    CHECK_TEXT(proxy_response(&t, 3, 486), "DONE");
}

TND_TEST(proxy_no_answer_first, "RFC 3261 §16.5", "of two forwards for no answer the sooner counts")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a v!30 w!20 x!25");
    CHECK_TEXT(proxy_at(&t, 20), "CANCEL 0 408, TRY 2");
    CHECK_TEXT(proxy_at(&t, 30), "");
}

TND_TEST(proxy_no_answer_fails, "RFC 3261 §16.7",
         "when the forward fails its answer goes up, not the 487 of what was cancelled for it")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a v!20 w!busy");
    proxy_response(&t, 0, 180);
    proxy_at(&t, 20);
    proxy_response(&t, 0, 487);
    CHECK_TEXT(proxy_response(&t, 1, 486), "CHOOSE 1 486, DONE");
}

TND_TEST(proxy_no_answer_told, "RFC 3261 §21.3.3",
         "of a forward for no answer that is a redirect the caller is told when all have ended")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a v!20>");
    CHECK_TEXT(proxy_at(&t, 20), "CANCEL 0 408");
    CHECK_TEXT(proxy_response(&t, 0, 487), "MAKE 1 302, DONE");
    CHECK_BY(&t, PROXY_NO_ANSWER);
}

TND_TEST(proxy_no_answer_sooner, "RFC 3261 §16.5",
         "a forward for no answer is tried at once when nobody is left who could answer")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a b v!20");
    proxy_response(&t, 0, 480);
    CHECK_TEXT(proxy_none(&t, 1, 503), "TRY 2");
    proxy_init(&t);
    proxy_start(&t, INVITE, "a b v!60>");
    proxy_none(&t, 1, 503);
    CHECK_TEXT(proxy_none(&t, 0, 408), "MAKE 2 302, DONE");
    proxy_init(&t);
    proxy_start(&t, INVITE, "a v!20");
    CHECK_TEXT(proxy_none(&t, 0, 503), "TRY 1");
    proxy_init(&t);
    CHECK_TEXT(proxy_start(&t, INVITE, "v!20"), "TRY 0");
    proxy_init(&t);
    proxy_start(&t, INVITE, "a v!20");
    CHECK_TEXT(proxy_response(&t, 0, 404), "CHOOSE 0 404, DONE");
}

TND_TEST(proxy_forward_led_there, "RFC 3261 §16.5",
         "a redirect to where a forward leads is followed, and the forward is spent")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a b v!20");
    CHECK_TEXT(proxy_redirect(&t, 0, 302, "v", true), "TRY 3");
    CHECK_EQ(t.p.branch[2].state, TND_BRANCH_DROPPED);
    CHECK_TEXT(proxy_at(&t, 20), "");
    CHECK_TEXT(proxy_response(&t, 3, 480), "");
    CHECK_TEXT(proxy_response(&t, 1, 480), "CHOOSE 1 480, DONE");
}

TND_TEST(proxy_told, "RFC 3261 §21.3.3",
         "a target that is a redirect is not tried: the caller is told when the others have failed")
{
    proxy_init(&t);
    CHECK_TEXT(proxy_start(&t, INVITE, "a>"), "MAKE 0 302, DONE");
    CHECK_BY(&t, PROXY_TOLD);
    proxy_init(&t);
    CHECK_TEXT(proxy_serial(&t, INVITE, "a> b=500 c>"), "TRY 1");
    CHECK_TEXT(proxy_response(&t, 1, 486), "MAKE 0 302, DONE");
    CHECK(tnd_proxy_goes_with(&t.p, 0, 2));
    CHECK(!tnd_proxy_goes_with(&t.p, 0, 1) && !tnd_proxy_goes_with(&t.p, 0, 0));
    CHECK(!tnd_proxy_has(&t.p, TND_STR("sip:a@example.com")));
    proxy_init(&t);
    proxy_start(&t, INVITE, "a> b");
    CHECK_TEXT(proxy_response(&t, 1, 600), "CHOOSE 1 600, DONE");
}

TND_TEST(proxy_breadth, "RFC 5393 §5.3.3",
         "Max-Breadth is divided among the branches, and given again when one has ended")
{
    proxy_init(&t);
    t.with.breadth = 60;
    CHECK_TEXT(proxy_start(&t, INVITE, "a"), "TRY 0*60");
    proxy_init(&t);
    t.with.breadth = 60;
    CHECK_TEXT(proxy_start(&t, INVITE, "a b c d e f g"),
               "TRY 0*9, TRY 1*9, TRY 2*9, TRY 3*9, TRY 4*8, TRY 5*8, TRY 6*8");
    proxy_init(&t);
    t.with.breadth = 2;
    CHECK_TEXT(proxy_start(&t, INVITE, "a b c d"), "TRY 0*1, TRY 1*1");
    CHECK_TEXT(proxy_redirect(&t, 1, 302, "e f", true), "TRY 2*1");
    CHECK_BY(&t, PROXY_BREADTH);
    CHECK_TEXT(proxy_response(&t, 0, 404), "TRY 3*1");
    CHECK_TEXT(proxy_response(&t, 2, 404), "TRY 4*1");
    CHECK_TEXT(proxy_response(&t, 3, 603), "CANCEL 4 603");
    CHECK_TEXT(proxy_response(&t, 4, 487), "CHOOSE 3 603, DONE");
}

TND_TEST(proxy_breadth_serial, "RFC 5393 §5.5", "what one branch has used is there for the next")
{
    proxy_init(&t);
    t.with.breadth = 7;
    CHECK_TEXT(proxy_serial(&t, INVITE, "a b=500 c=500"), "TRY 0*7");
    CHECK_TEXT(proxy_response(&t, 0, 486), "TRY 1*4, TRY 2*3");
}

TND_TEST(proxy_breadth_forward, "RFC 5393 §5.4.1",
         "a cancelled branch uses its breadth until it has ended; one is kept for a forward")
{
    proxy_init(&t);
    t.with.breadth = 10;
    CHECK_TEXT(proxy_start(&t, INVITE, "a b v!20"), "TRY 0*5, TRY 1*4");
    CHECK_TEXT(proxy_at(&t, 20), "CANCEL 0 408, CANCEL 1 408, TRY 2*1");
    proxy_init(&t);
    t.with.breadth = 1;
    CHECK_TEXT(proxy_start(&t, INVITE, "a v!20"), "TRY 0*1");
    CHECK_TEXT(proxy_at(&t, 20), "CANCEL 0 408");
    CHECK_TEXT(proxy_response(&t, 0, 487), "TRY 1*1");
    proxy_init(&t);
    t.with.breadth = 1;
    proxy_start(&t, INVITE, "a v!20");
    proxy_at(&t, 20);
    CHECK_TEXT(proxy_cancel(&t), "");
    CHECK_TEXT(proxy_response(&t, 0, 487), "CHOOSE 0 487, DONE");
}
