/* Cursors, parameters, quoted strings. */
#include "unit/sip/probe.h"

TND_TEST(params_are_iterated, "RFC 3261 §25.1", "parameters come one by one, in their order")
{
    struct tnd_slice rest = TND_STR(" ; a ; b = \"c;\\\"d=\" ;e=[::1];f=g ");
    struct tnd_param p;

    CHECK(tnd_param_next(&rest, &p));
    CHECK_STR(p.name, "a");
    CHECK(!p.value.ptr);
    CHECK(tnd_param_next(&rest, &p));
    CHECK_STR(p.name, "b");
    CHECK_STR(p.value, "\"c;\\\"d=\"");
    CHECK(tnd_param_next(&rest, &p));
    CHECK_STR(p.value, "[::1]");
    CHECK(tnd_param_next(&rest, &p));
    CHECK_STR(p.value, "g");
    CHECK(!tnd_param_next(&rest, &p));
}

TND_TEST(params_are_found, "RFC 3261 §7.3.1", "a parameter is found by its name, without case")
{
    struct tnd_slice value = TND_STR("untouched");

    CHECK(!tnd_param_find(TND_STR(";ab=1"), TND_STR("a"), &value));
    CHECK(!tnd_param_find(tnd_slice(NULL, 0), TND_STR("a"), &value));
    CHECK_STR(value, "untouched");
    CHECK(tnd_param_find(TND_STR(";b;A=1;a=2"), TND_STR("a"), &value));
    CHECK_STR(value, "1");
    CHECK(tnd_param_find(TND_STR(";b;A=1;a=2"), TND_STR("B"), &value));
    CHECK(!value.ptr);
}

static void check_quoted(struct tnd_slice text, const char *quoted)
{
    char room[64], back[64];
    struct tnd_writer w = tnd_writer(room, sizeof(room)), v = tnd_writer(back, sizeof(back));

    tnd_put_quoted(&w, text);
    CHECK_STR(tnd_writer_slice(&w), quoted);
    tnd_unquote(&v, tnd_writer_slice(&w));
    CHECK(tnd_slice_eq(tnd_writer_slice(&v), text));
}

TND_TEST(quoted_strings, "RFC 3261 §25.1", "what is quoted and unquoted is the same again")
{
    char room[64];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    check_quoted(TND_STR(""), "\"\"");
    check_quoted(TND_STR("a b\t"), "\"a b\t\"");
    check_quoted(TND_STR("a\"b\\"), "\"a\\\"b\\\\\"");
    check_quoted(TND_STR("\x01\x7f"), "\"\\\x01\\\x7f\"");
    tnd_put_quoted(&w, TND_STR("a\r\nb")); /* a line end cannot be said */
    CHECK_STR(tnd_writer_slice(&w), "\"a  b\"");
    w = tnd_writer(room, sizeof(room));
    tnd_unquote(&w, TND_STR("token"));
    tnd_unquote(&w, TND_STR("\""));
    CHECK_STR(tnd_writer_slice(&w), "token\"");
}

TND_TEST(values_that_mean_the_same, "RFC 3261 §7.3.1",
         "tokens are compared without case, strings with it")
{
    CHECK(tnd_value_eq(TND_STR("TCP"), TND_STR("tcp")));
    CHECK(tnd_value_eq(TND_STR("\"a\\b\""), TND_STR("\"ab\"")));
    CHECK(tnd_value_eq(TND_STR("\"a\""), TND_STR("a")));
    CHECK(!tnd_value_eq(TND_STR("\"A\""), TND_STR("\"a\"")));
    CHECK(!tnd_value_eq(TND_STR("a"), TND_STR("ab")));
    CHECK(!tnd_value_eq(TND_STR("ab"), TND_STR("a")));
    CHECK(tnd_value_eq(TND_STR("\"\""), TND_STR("")));
}

TND_TEST(tokens, "RFC 3261 §25.1", "each character is of a token or is not")
{
    static const char more[] = "-.!%*_+`'~";

    CHECK(!tnd_is_token(TND_STR("")));
    for (int c = 0; c < 256; c++) {
        char text = (char)c;
        bool token = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                     (c > 0 && strchr(more, c));
        CHECK_EQ(tnd_is_token(tnd_slice(&text, 1)), token);
    }
    PROVES(TOKEN);
}

TND_TEST(loose_texts_hold_no_line_end, "RFC 3261 §25.1",
         "a loose text with a control character is refused")
{
    static const char *const bad[] = {"a\r\nb", "a\nb", "a\rb", "a\r", "\n", "a\x01", "a\x7f"};
    struct tnd_slice s;

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        struct tnd_values v = probe(tnd_slice_str(bad[i]));
        CHECK_STR(tnd_slice_str(tnd_rule_name(v.c.flaw.rule)), "CONTROL_CHAR");
        CHECK(!tnd_token_next(&v, &s));
    }
    PROVES(CONTROL_CHAR);
}

TND_TEST(loose_texts_are_bounded, "TND_LOOSE_LEN_MAX", "a loose text beyond the limit is refused")
{
    static char text[TND_LOOSE_LEN_MAX + 1];
    struct tnd_slice s;

    memset(text, 'a', sizeof(text));
    struct tnd_values v = probe(tnd_slice(text, TND_LOOSE_LEN_MAX));
    CHECK(tnd_token_next(&v, &s));
    CHECK_EQ(s.len, TND_LOOSE_LEN_MAX);
    v = probe(tnd_slice(text, sizeof(text)));
    CHECK(!tnd_token_next(&v, &s));
    CHECK_EQ(v.c.flaw.rule, TND_RULE_VALUE_LEN);
    PROVES(VALUE_LEN);
}

TND_TEST(quoted_strings_of_fields, "RFC 3261 §25.1",
         "a quoted string ends with a quote that is not escaped")
{
    CHECK_GOOD(addr, struct tnd_addr, "<sip:a>;x=\"\\\"\\\\\"", 1);
    CHECK_FLAW(addr, struct tnd_addr, "<sip:a>;x=\"\\\"", QUOTED_STRING, "\"\\");
    CHECK_FLAW(addr, struct tnd_addr, "<sip:a>;x=\"\\", QUOTED_STRING, "\"\\");
    CHECK_FLAW(addr, struct tnd_addr, "<sip:a>;x=\"a\"b", VALUE_END, "b");
    CHECK_FLAW(addr, struct tnd_addr, "<sip:a>;x y", VALUE_END, "y");
    CHECK_FLAW(addr, struct tnd_addr, "<sip:a>;x=<", PARAM, "<");
    CHECK_FLAW(addr, struct tnd_addr, "<sip:a>;received=1:2", VALUE_END, ":2");
}
