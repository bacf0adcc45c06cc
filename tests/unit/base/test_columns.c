/* Text as a terminal has it: its width, its lines, and what is not shown as it stands. */
#include "base/columns.h"
#include "unit/test.h"

TND_TEST(columns_of_glyphs, "",
         "wide characters take two columns, combining ones none, and what is escaped four a byte")
{
    CHECK_EQ(tnd_columns_width(TND_STR("call")), 4);
    CHECK_EQ(tnd_columns_width(TND_STR("호출")), 4);
    CHECK_EQ(tnd_columns_width(TND_STR("Вызов")), 5);
    CHECK_EQ(tnd_columns_width(TND_STR("g\xe1\xbb\x8di")), 3);
    CHECK_EQ(tnd_columns_width(TND_STR("go\xcc\xa3i")), 3);              /* with a combining dot */
    CHECK_EQ(tnd_columns_width(TND_STR("\xe1\x84\x92\xe1\x85\xa9")), 2); /* two letters of Hangul */
    CHECK_EQ(tnd_columns_width(TND_STR("\xf0\x9f\x93\x9e")), 2);
    CHECK_EQ(tnd_columns_width(TND_STR("\xff\033")), 8);
    CHECK_EQ(tnd_columns_width(TND_STR("")), 0);
}

static void check_plain(const char *text, const char *shown)
{
    char room[256];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_put_plain(&w, tnd_slice_str(text));
    CHECK_STR(tnd_writer_slice(&w), shown);
    CHECK_EQ(tnd_columns_width(tnd_slice_str(text)), tnd_columns_width(tnd_slice_str(shown)));
}

TND_TEST(columns_show_no_command, "UAX #9 §2",
         "what a terminal obeys, or what turns the text around it, is shown and not sent")
{
    check_plain("bob", "bob");
    check_plain("\033[2J\a\177", "\\x1b[2J\\x07\\x7f");
    check_plain("\xc2\x9b", "\\xc2\\x9b"); /* CSI in one character */
    check_plain("a\xe2\x80\xae"
                "b",
                "a\\xe2\\x80\\xaeb");                 /* RIGHT-TO-LEFT OVERRIDE */
    check_plain("a\xe2\x81\xa7", "a\\xe2\\x81\\xa7"); /* FIRST STRONG ISOLATE's relative */
    check_plain("\xe2\x80\x8b", "\\xe2\\x80\\x8b");   /* ZERO WIDTH SPACE */
    check_plain("\xd8\x9c", "\\xd8\\x9c");            /* ARABIC LETTER MARK */
    check_plain("\xef\xbb\xbf", "\\xef\\xbb\\xbf");
    check_plain("\xc0\x80\xed\xa0\x80", "\\xc0\\x80\\xed\\xa0\\x80");
    check_plain("tu\xcc\x88r 호출", "tu\xcc\x88r 호출");
}

TND_TEST(columns_are_cut_between_characters, "",
         "what is cut ends at a character, with the marks that belong to it")
{
    CHECK_STR(tnd_columns_cut(TND_STR("호출호"), 5), "호출");
    CHECK_STR(tnd_columns_cut(TND_STR("o\xcc\xa3x"), 1), "o\xcc\xa3");
    CHECK_STR(tnd_columns_cut(TND_STR("a\033"), 4), "a");
    CHECK_STR(tnd_columns_cut(TND_STR("abc"), 9), "abc");
    CHECK_STR(tnd_columns_cut(TND_STR("호"), 1), "");
}
