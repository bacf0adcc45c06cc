/* Slices. */
#include "unit/test.h"

TND_TEST(slice_absent_and_empty, "ARCHITECTURE §6",
         "a slice without a pointer is absent, one without length is empty; both have no bytes")
{
    CHECK(!tnd_slice_str(NULL).ptr);
    CHECK(tnd_slice_str("").ptr);
    CHECK(tnd_slice_eq(tnd_slice_str(NULL), TND_STR("")));
    CHECK_EQ(tnd_slice_cmp(tnd_slice_str(NULL), TND_STR("")), 0);
    CHECK(!tnd_slice_trim(tnd_slice_str(NULL)).ptr);
}

TND_TEST(slice_eq_fold, "RFC 3261 §7.3.1", "tokens compare without case, but only letters have one")
{
    CHECK(tnd_slice_eq_fold(TND_STR("Call-ID"), TND_STR("cALL-id")));
    CHECK(!tnd_slice_eq_fold(TND_STR("Call-ID"), TND_STR("Call-I")));
    CHECK(!tnd_slice_eq_fold(TND_STR("@[\\]^"), TND_STR("`{|}~")));
    CHECK(!tnd_slice_eq_fold(TND_STR("\xc4"), TND_STR("\xe4")));
    CHECK(!tnd_slice_eq(TND_STR("Via"), TND_STR("via")));
    for (int c = 0; c < 256; c++) {
        char upper = (char)c, lower = c >= 'A' && c <= 'Z' ? (char)(c + 32) : (char)c;

        CHECK(tnd_slice_eq_fold(tnd_slice(&upper, 1), tnd_slice(&lower, 1)));
    }
}

TND_TEST(slice_cmp, "ARCHITECTURE §6", "slices are ordered by unsigned bytes, then by length")
{
    CHECK(tnd_slice_cmp(TND_STR("a"), TND_STR("b")) < 0);
    CHECK(tnd_slice_cmp(TND_STR("b"), TND_STR("abc")) > 0);
    CHECK(tnd_slice_cmp(TND_STR("ab"), TND_STR("abc")) < 0);
    CHECK(tnd_slice_cmp(TND_STR("abc"), TND_STR("ab")) > 0);
    CHECK(tnd_slice_cmp(TND_STR("\xff"), TND_STR("a")) > 0);
    CHECK_EQ(tnd_slice_cmp(TND_STR("a\0b"), TND_STR("a\0b")), 0);
    CHECK(tnd_slice_cmp(TND_STR("a\0b"), TND_STR("a\0c")) < 0);
}

TND_TEST(slice_trim, "RFC 3261 §25.1",
         "trimming takes white space from both ends, none from inside")
{
    CHECK_STR(tnd_slice_trim(TND_STR(" \t\r\n a b\t\r\n ")), "a b");
    CHECK_STR(tnd_slice_trim(TND_STR("a")), "a");
    CHECK_STR(tnd_slice_trim(TND_STR(" \t ")), "");
    CHECK_STR(tnd_slice_trim(TND_STR("\v")), "\v");
}

/* The number in text, or -1. */
static long long number(const char *text, uint64_t max)
{
    uint64_t ret = 4711;

    if (tnd_slice_number(tnd_slice_str(text), max, &ret))
        return (long long)ret;
    CHECK_EQ(ret, 4711);
    return -1;
}

TND_TEST(slice_number, "RFC 3261 §25.1", "a number is one digit or more and nothing else")
{
    CHECK_EQ(number("0", 9), 0);
    CHECK_EQ(number("007", 9), 7);
    CHECK_EQ(number("70", 255), 70);
    CHECK_EQ(number("", 9), -1);
    CHECK_EQ(number("-1", 9), -1);
    CHECK_EQ(number("+1", 9), -1);
    CHECK_EQ(number("1 ", 9), -1);
    CHECK_EQ(number("0x1", 99), -1);
}

TND_TEST(slice_number_max, "ARCHITECTURE §5",
         "a number is refused exactly when it is above the maximum, however small or large that is")
{
    char text[24];

    for (uint64_t max = 0; max <= 120; max++)
        for (uint64_t n = 0; n <= 130; n++) {
            struct tnd_writer w = tnd_writer(text, sizeof(text));

            tnd_put_number(&w, n);
            tnd_put_char(&w, '\0');
            CHECK_EQ(number(text, max), n <= max ? (long long)n : -1);
        }
    CHECK_EQ(number("4294967295", UINT32_MAX), UINT32_MAX);
    CHECK_EQ(number("4294967296", UINT32_MAX), -1);
    CHECK_EQ(number("18446744073709551615", UINT64_MAX), (long long)UINT64_MAX);
    CHECK_EQ(number("18446744073709551616", UINT64_MAX), -1);
    CHECK_EQ(number("99999999999999999999", UINT64_MAX), -1);
    CHECK_EQ(number("00000000000000000000000000012", 12), 12);
}
