/* Text laid out for a terminal. */
#include "cli/columns.h"
#include "unit/test.h"

TND_TEST(columns_of_characters, "",
         "wide characters take two columns, combining ones none, whatever the locale is")
{
    CHECK_EQ(columns_width(TND_STR("call")), 4);
    CHECK_EQ(columns_width(TND_STR("호출")), 4);
    CHECK_EQ(columns_width(TND_STR("Вызов")), 5);
    CHECK_EQ(columns_width(TND_STR("g\xe1\xbb\x8di")), 3);
    CHECK_EQ(columns_width(TND_STR("go\xcc\xa3i")), 3); /* the same with a combining dot */
    CHECK_EQ(columns_width(TND_STR("\xff")), 4);        /* shown as \xff */
    CHECK_EQ(columns_width(TND_STR("")), 0);
}

static void check_line(struct tnd_slice *text, int width, const char *expected)
{
    struct tnd_slice line = TND_STR("untouched");

    CHECK(columns_next(text, width, &line));
    CHECK_STR(line, expected);
}

TND_TEST(columns_break_at_spaces, "", "a line is broken at a space, which is in neither line")
{
    struct tnd_slice text = TND_STR("the call goes  on"), none = TND_STR("x");

    check_line(&text, 8, "the call");
    check_line(&text, 8, "goes  on");
    CHECK(!columns_next(&text, 8, &none));
    CHECK_STR(none, "x");
}

TND_TEST(columns_cut_a_long_word, "",
         "a word that is wider than the line is cut, between characters")
{
    struct tnd_slice text = TND_STR("호출호 x");

    check_line(&text, 5, "호출"); /* a third one would end at six */
    check_line(&text, 5, "호 x");
    text = TND_STR("호");
    check_line(&text, 1, "호"); /* no line is empty, however narrow */
    CHECK_EQ(text.len, 0);
}
