/* CSeq, Call-ID, tokens, numbers. */
#include "unit/sip/probe.h"

TND_TEST(cseq_is_read, "RFC 3261 §20.16", "CSeq is a number and a method")
{
    struct tnd_cseq c;

    READ(cseq, "4711 INVITE", &c);
    CHECK_EQ(c.number, 4711);
    CHECK_EQ(c.method, TND_METHOD_INVITE);
    READ(cseq, "0009 \t invite", &c);
    CHECK_EQ(c.number, 9);
    CHECK_EQ(c.method, TND_METHOD_OTHER); /* methods are compared with case */
    CHECK_STR(c.method_name, "invite");
    READ(cseq, "2147483647 !interesting-Method0123456789_*+`.%indeed'~", &c);
    CHECK_EQ(c.number, 2147483647);
    CHECK_STABLE(cseq, cseq, struct tnd_cseq, "01   ACK");

    struct tnd_values v = probe_fields(TND_HEADER_CSEQ, "CSeq: 0009\r\n  INVITE\r\n");
    CHECK(tnd_cseq_next(&v, &c));
    CHECK_EQ(c.method, TND_METHOD_INVITE);
}

TND_TEST(cseq_flaws, "RFC 3261 §8.1.1.5", "a number of 2^31 or more, or no method, is refused")
{
    CHECK_FLAW(cseq, struct tnd_cseq, "2147483648 INVITE", CSEQ, "2");
    CHECK_FLAW(cseq, struct tnd_cseq, "36893488147419103232 REGISTER", CSEQ, "3");
    CHECK_FLAW(cseq, struct tnd_cseq, "18446744073709551617 REGISTER", CSEQ, "1");
    CHECK_FLAW(cseq, struct tnd_cseq, "-1 INVITE", CSEQ, "-");
    CHECK_FLAW(cseq, struct tnd_cseq, "1", CSEQ, "");
    CHECK_FLAW(cseq, struct tnd_cseq, "1INVITE", CSEQ, "INVITE");
    CHECK_FLAW(cseq, struct tnd_cseq, "1 <", CSEQ, "<");
    CHECK_FLAW(cseq, struct tnd_cseq, "1 INVITE x", VALUE_END, "x");
    CHECK_FLAW(cseq, struct tnd_cseq, "", VALUE_EMPTY, "");
}

TND_TEST(call_id_is_words, "RFC 3261 §25.1", "a Call-ID is a word or two, of more than tokens")
{
    struct tnd_slice id;

    READ(call_id, "f81d4fae-7dec-11d0-a765-00a0c91e6bf6@foo.bar.com", &id);
    CHECK_STR(id, "f81d4fae-7dec-11d0-a765-00a0c91e6bf6@foo.bar.com");
    READ(call_id, "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{", &id);
    CHECK_EQ(id.len, 42);
    CHECK_GOOD(call_id, struct tnd_slice, "70710@saturn.bell-tel.com, 17320@saturn.bell-tel.com",
               2);

    struct tnd_values v = probe_fields(TND_HEADER_CALL_ID, "i:\r\n a@b\r\n");
    CHECK(tnd_call_id_next(&v, &id));
    CHECK_STR(id, "a@b");
}

TND_TEST(call_id_flaws, "RFC 3261 §25.1", "an empty word, or what is not of one, is refused")
{
    CHECK_FLAW(call_id, struct tnd_slice, "@b", CALL_ID, "@");
    CHECK_FLAW(call_id, struct tnd_slice, "a@", CALL_ID, "");
    CHECK_FLAW(call_id, struct tnd_slice, "a@b@c", VALUE_END, "@c");
    CHECK_FLAW(call_id, struct tnd_slice, "a b", VALUE_END, "b");
    CHECK_FLAW(call_id, struct tnd_slice, "a=b", VALUE_END, "=");
    CHECK_FLAW(call_id, struct tnd_slice, "", VALUE_EMPTY, "");
}

TND_TEST(token_lists, "RFC 3261 §25.1", "Require has a token, Supported may be empty")
{
    CHECK_GOOD(token, struct tnd_slice, "100rel , timer,%`", 3);
    CHECK_GOOD(token_or_none, struct tnd_slice, "", 0);
    CHECK_GOOD(token_or_none, struct tnd_slice, "INVITE, ACK", 2);
    CHECK_FLAW(token, struct tnd_slice, "", VALUE_EMPTY, "");
    CHECK_FLAW(token, struct tnd_slice, "a,,b", TOKEN, ",b");
    CHECK_FLAW(token_or_none, struct tnd_slice, ",", TOKEN, ",");
    CHECK_FLAW(token_or_none, struct tnd_slice, "a,", TOKEN, "");
    CHECK_FLAW(token, struct tnd_slice, "a;b", VALUE_END, ";");
    CHECK_FLAW(token, struct tnd_slice, "\xc3\xa4", TOKEN, "\xc3");
}

TND_TEST(token_lists_of_empty_fields, "RFC 3261 §7.3.1",
         "an empty field between others adds nothing")
{
    struct tnd_values v =
        probe_fields(TND_HEADER_SUPPORTED, "k: a\r\nSupported:\r\nSupported: b\r\n");
    struct tnd_slice s;

    CHECK(tnd_token_or_none_next(&v, &s) && tnd_token_or_none_next(&v, &s));
    CHECK_STR(s, "b");
    CHECK(!tnd_token_or_none_next(&v, &s));
    CHECK_EQ(v.c.flaw.rule, TND_RULE_NONE);
}

TND_TEST(list_values_are_bounded, "TND_LIST_COUNT_MAX", "more values than the limit are refused")
{
    char text[2 * TND_LIST_COUNT_MAX + 8];
    struct tnd_writer w = tnd_writer(text, sizeof(text));

    for (int i = 1; i < TND_LIST_COUNT_MAX; i++)
        tnd_put(&w, TND_STR("a,"));
    tnd_put(&w, TND_STR("a\0"));
    CHECK_GOOD(token, struct tnd_slice, text, TND_LIST_COUNT_MAX);
    w.len--;
    tnd_put(&w, TND_STR(",b\0"));
    CHECK_FLAW(token, struct tnd_slice, text, LIST_COUNT, "b");
}

static uint32_t number(bool (*next)(struct tnd_values *, uint32_t *), const char *text)
{
    struct tnd_values v = probe(tnd_slice_str(text));
    uint32_t n = 0;

    CHECK(next(&v, &n));
    CHECK(!next(&v, &n));
    CHECK_EQ(v.c.flaw.rule, TND_RULE_NONE);
    return n;
}

TND_TEST(numbers_have_ranges, "RFC 3261 §25.1", "each number is read up to its limit")
{
    CHECK_EQ(number(tnd_max_forwards_next, "255"), 255);
    CHECK_EQ(number(tnd_max_forwards_next, "0000000000000000000000000068"), 68);
    CHECK_EQ(number(tnd_content_length_next, "2147483647"), 2147483647);
    CHECK_EQ(number(tnd_seconds_next, "4294967295"), 4294967295);
    CHECK_EQ(number(tnd_rseq_next, "1"), 1);
    CHECK_EQ(number(tnd_rseq_next, "4294967295"), 4294967295);
    CHECK_FLAW(max_forwards, uint32_t, "256", MAX_FORWARDS, "256");
    CHECK_FLAW(max_forwards, uint32_t, "-1", MAX_FORWARDS, "-");
    CHECK_FLAW(max_forwards, uint32_t, "", VALUE_EMPTY, "");
    CHECK_FLAW(content_length, uint32_t, "-999", CONTENT_LENGTH, "-");
    CHECK_FLAW(content_length, uint32_t, "2147483648", CONTENT_LENGTH, "2");
    CHECK_FLAW(seconds, uint32_t, "100000000000000000000", DELTA_SECONDS, "1");
    CHECK_FLAW(seconds, uint32_t, "4294967296", DELTA_SECONDS, "4");
    CHECK_FLAW(seconds, uint32_t, "5s", VALUE_END, "s");
    CHECK_FLAW(rseq, uint32_t, "0", RSEQ, "0");
    CHECK_FLAW(rseq, uint32_t, "4294967296", RSEQ, "4");
}
