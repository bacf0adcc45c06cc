/* User-Agent and Server. */
#include "unit/sip/probe.h"

TND_TEST(user_agent_is_products_and_comments, "RFC 3261 §20.41", "words are parted by white space")
{
    struct tnd_values v = probe(TND_STR("Softphone/Beta1.5 (a; b, (c) \\)) lib / 2 end"));
    struct tnd_product p;

    CHECK(tnd_product_next(&v, &p));
    CHECK_STR(p.name, "Softphone");
    CHECK_STR(p.version, "Beta1.5");
    CHECK(!p.comment.ptr);
    CHECK(tnd_product_next(&v, &p));
    CHECK(!p.name.ptr);
    CHECK_STR(p.comment, "(a; b, (c) \\))");
    CHECK(tnd_product_next(&v, &p));
    CHECK_STR(p.version, "2");
    CHECK(tnd_product_next(&v, &p));
    CHECK_STR(p.name, "end");
    CHECK(!p.version.ptr);
    CHECK(!tnd_product_next(&v, &p));
    CHECK_EQ(v.c.flaw.rule, TND_RULE_NONE);
    CHECK_GOOD(product, struct tnd_product, "HomeServer v2", 2);
}

TND_TEST(user_agent_flaws, "RFC 3261 §25.1", "what is neither product nor comment is refused")
{
    CHECK_FLAW(product, struct tnd_product, "a, b", PRODUCT, ",");
    CHECK_FLAW(product, struct tnd_product, "a/", PRODUCT, "");
    CHECK_FLAW(product, struct tnd_product, "a/1/2", PRODUCT, "/2");
    CHECK_FLAW(product, struct tnd_product, "a(b)", PRODUCT, "(");
    CHECK_FLAW(product, struct tnd_product, "a (b", COMMENT, "(");
    CHECK_FLAW(product, struct tnd_product, "(((((((([(", NESTING, "(");
    CHECK_FLAW(product, struct tnd_product, "", VALUE_EMPTY, "");
}

TND_TEST(user_agent_words_are_bounded, "TND_LIST_COUNT_MAX",
         "more words than the limit are refused")
{
    char text[2 * TND_LIST_COUNT_MAX + 3];
    size_t len = 0;

    for (int i = 0; i <= TND_LIST_COUNT_MAX; i++) {
        text[len++] = 'a';
        text[len++] = ' ';
    }
    struct tnd_values v = probe(tnd_slice(text, len));
    struct tnd_product p;
    unsigned count = 0;
    while (tnd_product_next(&v, &p))
        count++;
    CHECK_EQ(count, TND_LIST_COUNT_MAX);
    CHECK_EQ(v.c.flaw.rule, TND_RULE_LIST_COUNT);
    PROVES(LIST_COUNT);
}

TND_TEST(products_are_written_as_read, "RFC 3261 §20.41", "what is read and written is stable")
{
    CHECK_STABLE(product, product, struct tnd_product, "a / b");
    CHECK_STABLE(product, product, struct tnd_product, "(a (b)) c");
}
