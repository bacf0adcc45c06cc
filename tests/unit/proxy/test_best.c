/* Which response goes up when all have failed: RFC 3261 §16.7, steps 6 and 7. */
#include "unit/proxy/proxy_test.h"

static struct proxy_test t;

/* Branches that end with these codes, in this order; negative: nobody answered, or it could not be sent.
 * Returns what went up. */
static const struct tnd_proxy_act *ends(bool is_invite, const int *codes, size_t count)
{
    static const char *const names[] = {"a", "a b", "a b c", "a b c d"};

    proxy_init(&t);
    proxy_start(&t, is_invite, names[count - 1]);
    for (size_t i = 0; i < count; i++) {
        if (codes[i] < 0)
            proxy_none(&t, i, (unsigned)-codes[i]);
        else
            proxy_response(&t, i, (unsigned)codes[i]);
    }
    CHECK_EQ(t.dones, 1);
    return &t.p.final;
}

#define BEST_OF(...) \
    ends(true, (const int[]){__VA_ARGS__}, sizeof((const int[]){__VA_ARGS__}) / sizeof(int))

/* Of two codes the first goes up, whichever came first. */
static void check_before(int first, int second)
{
    const struct tnd_proxy_act *act = BEST_OF(first, second);

    CHECK_EQ(act->kind, TND_PROXY_CHOOSE);
    CHECK_EQ(act->code, first);
    CHECK_EQ(act->branch, 0);
    act = BEST_OF(second, first);
    CHECK_EQ(act->code, first);
    CHECK_EQ(act->branch, 1);
}

TND_TEST(proxy_best_6xx, "RFC 3261 §16.7", "it must choose from the 6xx if there are any")
{
    static const int others[] = {302, 380, 401, 404, 407, 486, 487, 500, 580, 503};

    for (int code = 600; code <= 699; code++)
        for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
            check_before(code, others[i]);
    CHECK_EQ(t.p.final.rule, TND_RULE_PROXY_BEST_6XX);
    PROVES(PROXY_BEST_6XX);
}

TND_TEST(proxy_best_class, "RFC 3261 §16.7",
         "without a 6xx it chooses from the lowest class, for any codes there are")
{
    for (int low = 300; low < 500; low += 7)
        for (int high = (low / 100 + 1) * 100; high < 600; high += 3)
            if (low != 482)
                check_before(low, high);
    CHECK_EQ(t.p.final.rule, TND_RULE_PROXY_BEST_CLASS);
    PROVES(PROXY_BEST_CLASS);
}

TND_TEST(proxy_best_repair, "RFC 3261 §16.7",
         "of 4xx what tells how to send the request again goes first: 401, 407, 415, 420, 484")
{
    static const int repairs[] = {401, 407, 415, 420, 484, 416, 421, 422, 423, 428, 488, 494};
    static const int others[] = {400, 402, 403, 404, 405, 408, 410, 414, 480,
                                 481, 482, 483, 486, 487, 430, 440, 499, 450};

    for (size_t i = 0; i < sizeof(repairs) / sizeof(*repairs); i++)
        for (size_t k = 0; k < sizeof(others) / sizeof(*others); k++) {
            check_before(repairs[i], others[k]);
            CHECK_EQ(t.p.final.rule, TND_RULE_PROXY_BEST_REPAIR);
        }
    PROVES(PROXY_BEST_REPAIR);
}

TND_TEST(proxy_best_order, "RFC 3261 §16.7",
         "inside a class: what the user does, what the address is, how far it came, silence")
{
    static const int order[] = {407, 401, 420, 415, 486, 480, 403, 410, 404,
                                405, 499, 400, 483, 481, 408, 487, 482};

    for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++)
        for (size_t k = i + 1; k < sizeof(order) / sizeof(*order); k++)
            check_before(order[i], order[k]);
    check_before(580, 500);
    check_before(500, 504);
    check_before(501, 599);
    check_before(302, 301);
    check_before(300, 301);
    check_before(301, 305);
    check_before(305, 380);
    check_before(603, 600);
    check_before(600, 604);
}

TND_TEST(proxy_best_408, "RFC 3261 §16.7",
         "a 408 never hides another answer of its class, made or not")
{
    for (int code = 400; code <= 499; code++) {
        if (code == 408 || code == 487 || code == 482)
            continue;
        check_before(code, 408);
        CHECK_EQ(BEST_OF(-408, code)->code, code);
    }
    CHECK_EQ(BEST_OF(-408, 302)->code, 302);
    const struct tnd_proxy_act *act = BEST_OF(-408, 408); /* the one that came goes first */
    CHECK_EQ(act->kind, TND_PROXY_CHOOSE);
    CHECK_EQ(act->branch, 1);
    CHECK_EQ(BEST_OF(-408, -503, 500)->code, 408); /* it counts as a response */
}

TND_TEST(proxy_best_482, "RFC 3261 §8.2.2.2",
         "a 482 hides no other answer: the copy that came by another way has one that tells more")
{
    for (int code = 300; code <= 699; code++)
        if (code != 482 && code != 503)
            check_before(code, 482);
    CHECK_EQ(BEST_OF(482, 503)->code, 500);
    CHECK_EQ(BEST_OF(482, -408)->code, 408);
    CHECK_EQ(BEST_OF(482, -503)->code, 500);
    CHECK_EQ(BEST_OF(482, 482)->code, 482);
    proxy_init(&t);
    proxy_start(&t, INVITE, "a b");
    tnd_proxy_retry_after(&t.p, 0);
    proxy_response(&t, 0, 503);
    CHECK_TEXT(proxy_response(&t, 1, 482), "CHOOSE 0 503, DONE");
    proxy_init(&t); /* RFC 4320 §4.2: nor does it break a silence */
    proxy_start(&t, OTHER, "a b");
    proxy_none(&t, 0, 408);
    CHECK_TEXT(proxy_response(&t, 1, 482), "DONE");
}

TND_TEST(proxy_best_example, "RFC 3261 §16.7", "of 503, 407, 501 and 404 the 407 goes up")
{
    const struct tnd_proxy_act *act = BEST_OF(503, 407, 501, 404);

    CHECK_EQ(act->kind, TND_PROXY_CHOOSE);
    CHECK_EQ(act->code, 407);
    CHECK_EQ(act->branch, 1);
}

TND_TEST(proxy_best_first, "RFC 3261 §16.7",
         "of two equal answers that of the first branch goes up")
{
    CHECK_EQ(BEST_OF(404, 486, 486)->branch, 1);
    CHECK_EQ(BEST_OF(499, 498)->branch, 0);
}

TND_TEST(proxy_503, "RFC 3261 §16.7",
         "a 503 goes up as 500, unless it is the only answer and carries Retry-After")
{
    proxy_init(&t);
    proxy_start(&t, INVITE, "a");
    CHECK_TEXT(proxy_response(&t, 0, 503), "CHOOSE 0 500, DONE");
    CHECK_BY(&t, PROXY_503);
    proxy_init(&t);
    proxy_start(&t, INVITE, "a");
    tnd_proxy_retry_after(&t.p, 0);
    CHECK_TEXT(proxy_response(&t, 0, 503), "CHOOSE 0 503, DONE");
    CHECK_BY(&t, PROXY_503);
    proxy_init(&t);
    proxy_start(&t, INVITE, "a b");
    tnd_proxy_retry_after(&t.p, 0);
    proxy_response(&t, 0, 503);
    CHECK_TEXT(proxy_response(&t, 1, 503), "CHOOSE 0 500, DONE");
    proxy_init(&t);
    proxy_start(&t, INVITE, "a b");
    tnd_proxy_retry_after(&t.p, 0);
    proxy_response(&t, 0, 503);
    CHECK_TEXT(proxy_none(&t, 1, 503), "CHOOSE 0 500, DONE");
    check_before(500, 503);
    check_before(599, 503);
}

/* Whether b goes with a, the branches of the context being what ends() made. */
static bool goes_with(int a, int b)
{
    BEST_OF(a, b);
    bool goes = tnd_proxy_goes_with(&t.p, 0, 1);
    CHECK(!tnd_proxy_goes_with(&t.p, 0, 0));
    return goes;
}

TND_TEST(proxy_challenges, "RFC 3261 §16.7",
         "with a 401 or 407 go the challenges of all others; with another response none")
{
    CHECK(goes_with(401, 407) && goes_with(407, 401));
    CHECK(goes_with(401, 401) && goes_with(407, 407));
    CHECK(!goes_with(404, 401) && !goes_with(407, 404) && !goes_with(401, 302));
}

TND_TEST(proxy_contacts, "RFC 3261 §16.7",
         "with a redirect go the Contacts of others that name places, if they were not followed")
{
    CHECK(goes_with(302, 301) && goes_with(301, 300) && goes_with(302, 302));
    CHECK(!goes_with(302, 305) && !goes_with(305, 302) && !goes_with(380, 302));
    CHECK(!goes_with(305, 305) && !goes_with(302, 399) && !goes_with(486, 302));
    proxy_init(&t);
    proxy_start(&t, INVITE, "a b");
    proxy_redirect(&t, 0, 302, "c", true);
    proxy_redirect(&t, 1, 302, "d", false);
    CHECK(!tnd_proxy_goes_with(&t.p, 1, 0));
}
