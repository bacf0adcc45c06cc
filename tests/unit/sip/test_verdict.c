/* What a message deserves: each branch of the verdict. */
#include "unit/sip/sip_test.h"

enum { DROP = 1 };

/* 0: processed, DROP, or the code of the answer. */
static unsigned outcome(const struct tnd_msg *msg, enum tnd_stand stand)
{
    struct tnd_verdict v = tnd_msg_verdict(msg, stand);

    CHECK_EQ(v.action == TND_REPLY, v.code != 0);
    CHECK(!v.close || msg->carrier == TND_STREAM);
    return v.action == TND_DROP ? DROP : v.code;
}

static const struct {
    const char *start, *lines;
    unsigned proxy, uas;
} cases[] = {
    {"OPTIONS sip:a SIP/2.0", "", 0, 0},
    /* 505 */
    {"OPTIONS sip:a SIP/3.0", "", 505, 505},
    {"NEW sip:a SIP/3.0", "", 505, 505},
    {"OPTIONS  sip:a SIP/3.0", "Content-Length: x\r\n", 505, 505},
    /* 501 before a CSeq that does not fit, behind a flaw */
    {"NEW sip:a SIP/2.0", "", 400, 501},
    {"NEW sip:a SIP/2.0", "Max-Forwards: x\r\n", 400, 400},
    {"NEW x:a SIP/2.0", "", 400, 501},
    {"N(W sip:a SIP/2.0", "", 400, 400},
    /* 416 behind all else */
    {"OPTIONS x:a SIP/2.0", "", 416, 416},
    {"OPTIONS tel:+1 SIP/2.0", "", 0, 0},
    {"OPTIONS sips:a SIP/2.0", "", 0, 0},
    {"OPTIONS x:a SIP/2.0", "Max-Forwards: x\r\n", 400, 400},
    {"OPTIONS x:a SIP/2.0", "Contact: x\r\n", 416, 400},
    /* 400 for what is used; what is not is none of our business */
    {"OPTIONS sip:a SIP/2.0", "Contact: <sip:\r\n", 0, 400},
    {"OPTIONS sip:a SIP/2.0", "Route: sip:a\r\n", 400, 400},
    {"OPTIONS sip:a SIP/2.0", "Record-Route: x\r\n", 400, 400},
    {"OPTIONS sip:a SIP/2.0", "Proxy-Require: ,\r\n", 400, 400},
    {"OPTIONS sip:a SIP/2.0", "Proxy-Authorization: x\r\n", 400, 400},
    {"OPTIONS sip:a SIP/2.0", "Require: ,\r\n", 0, 400},
    {"OPTIONS sip:a SIP/2.0", "Authorization: x\r\n", 0, 400},
    {"OPTIONS sip:a SIP/2.0", "Content-Type: x\r\n", 0, 400},
    {"OPTIONS sip:a SIP/2.0", "Expires: x\r\n", 0, 400},
    {"OPTIONS sip:a SIP/2.0", "Event: ;\r\n", 0, 400},
    {"OPTIONS sip:a SIP/2.0", "Refer-To: <\r\n", 0, 400},
    {"OPTIONS sip:a SIP/2.0", "Date: x\r\n", 0, 0},
    {"OPTIONS sip:a SIP/2.0", "User-Agent: (\r\n", 0, 0},
    {"OPTIONS sip:a SIP/2.0", "Subject: \xff\r\n", 0, 0},
    {"OPTIONS sip:a SIP/2.0", "Subject: \x01\r\n", 0, 0},
    {"OPTIONS sip:a SIP/2.0", "Subject: x\r\nSubject: y\r\n", 0, 0},
    {"OPTIONS sip:a SIP/2.0", "To: <sip:c>\r\n", 400, 400},
    {"OPTIONS sip:a SIP/2.0", "\r\nbody", 0, 400}, /* without Content-Type */
    {"OPTIONS sip:a SIP/2.0", "l: 9\r\n\r\nbody", 400, 400},
    {"OPTIONS sip:a SIP/2.0", "no colon\r\n", 400, 400},
    {"OPTIONS sip:a SIP/2.0", "n?me: x\r\n", 400, 400},
    /* line ends, in whatever field */
    {"OPTIONS sip:a SIP/2.0", "Subject: x\n", 400, 400},
    {"OPTIONS sip:a SIP/2.0", "Subject: x\ry\r\n", 400, 400},
    /* what is no answerable request */
    {"OPTIONS sip:a", "", DROP, DROP},
    {"ACK sip:a SIP/2.0", "", DROP, DROP}, /* CSeq */
    {"ACK x:a SIP/3.0", "", DROP, DROP},
    {"SIP/2.0 200 OK", "", 0, 0},
    {"SIP/2.0 200 OK", "Contact: <sip:\r\n", 0, DROP},
    {"SIP/2.0 200 OK", "To: <sip:c>\r\n", DROP, DROP},
    {"SIP/3.0 200 OK", "", DROP, DROP},
    {"SIP/2.0 20 OK", "", DROP, DROP},
};

TND_TEST(verdict_cases, "RFC 3261 §16.3",
         "the weightiest flaw of what one uses decides; what is not used is ignored")
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char text[1024];
        snprintf(text, sizeof(text), "%s\r\n" SIP_HEAD "%s\r\n", cases[i].start, cases[i].lines);
        const struct tnd_msg *msg = sip_read_str(text);
        unsigned proxy = outcome(msg, TND_AS_PROXY), uas = outcome(msg, TND_AS_UAS);
        if (proxy != cases[i].proxy || uas != cases[i].uas)
            tnd_test_fail(__FILE__, __LINE__, "\"%s\" \"%s\": %u and %u, not %u and %u (%s)",
                          cases[i].start, cases[i].lines, proxy, uas, cases[i].proxy, cases[i].uas,
                          sip_flaw_names(msg));
    }
}

TND_TEST(verdict_unanswerable, "RFC 3261 §8.2.6.2",
         "a malformed request is dropped when the answer could not be written or sent")
{
    static const char *const fields[] = {SIP_VIA, SIP_FROM, SIP_TO, SIP_CALL, SIP_CSEQ};

    for (unsigned without = 0; without < 5; without++) {
        char text[1024] = "OPTIONS sip:a SIP/2.0\r\nMax-Forwards: x\r\n";
        for (unsigned i = 0; i < 5; i++)
            strcat(text, i == without ? "" : fields[i]);
        strcat(text, "\r\n");
        const struct tnd_msg *msg = sip_read_str(text);
        CHECK_EQ(outcome(msg, TND_AS_PROXY), DROP);
        CHECK_EQ(outcome(msg, TND_AS_UAS), DROP);
    }
    /* broken behind its host a Via will do, else not */
    CHECK_EQ(
        outcome(sip_read_str(SIP_LINE "Via: SIP/2.0/UDP h;;\r\n" SIP_FROM SIP_TO SIP_CALL SIP_CSEQ
                                      "\r\n"),
                TND_AS_UAS),
        400);
    CHECK_EQ(
        outcome(sip_read_str(SIP_LINE "Via: SIP/2.0/UDP ;\r\n" SIP_FROM SIP_TO SIP_CALL SIP_CSEQ
                                      "\r\n"),
                TND_AS_UAS),
        DROP);
}

TND_TEST(verdict_bounds, "RFC 3261 §21.5.7",
         "what is beyond a bound is answered with 513, before a 400")
{
    const struct tnd_msg *msg =
        sip_read(sip_repeat(SIP_LINE SIP_HEAD "Max-Forwards: x\r\n", "Z: y\r\n", 600, "\r\n"));

    CHECK_EQ(outcome(msg, TND_AS_PROXY), 513);
    CHECK_EQ(tnd_msg_verdict(msg, TND_AS_PROXY).flaw.rule, TND_RULE_FIELD_COUNT);
    /* RFC 3261 §21.4.12 */
    CHECK_EQ(outcome(sip_read(sip_repeat("OPTIONS sip:", "u", 5000,
                                         "@a SIP/2.0\r\n" SIP_HEAD "Max-Forwards: x\r\n\r\n")),
                     TND_AS_UAS),
             414);
    CHECK_EQ(outcome(sip_read(sip_repeat("ACK sip:", "u", 5000, "@a SIP/2.0\r\n" SIP_HEAD "\r\n")),
                     TND_AS_UAS),
             DROP);
}

TND_TEST(bug_verdict_torn_in_unused_field, "RFC 3261 §7",
         "a datagram that ends within a field that nobody uses is torn all the same")
{
    CHECK_EQ(outcome(sip_read_str(SIP_LINE SIP_HEAD "Subject: Hel"), TND_AS_PROXY), 400);
    CHECK_EQ(outcome(sip_read_str(SIP_LINE SIP_HEAD "Subject: Hello\r\n"), TND_AS_PROXY), 400);
}

TND_TEST(bug_verdict_bare_lf, "RFC 3261 §7",
         "a bare LF is refused although it is noted once, in a field that nobody uses")
{
    CHECK_EQ(outcome(sip_request_with("Subject: x\nTo: <sip:y>\r\n"), TND_AS_PROXY), 400);
    CHECK_EQ(outcome(sip_request_with("Subject: x\n"), TND_AS_PROXY), 400);
}

TND_TEST(bug_verdict_lost_flaws, "TND_FLAW_COUNT_MAX",
         "flaws that nobody minds do not hide those behind them")
{
    /* they filled the list: then a CSeq of another method, a second To or Content-Length went
     * unseen */
    struct tnd_slice all = sip_repeat("BYE sip:a SIP/2.0\r\n" SIP_HEAD "l: 3\r\n", "Z: \x01\r\n",
                                      TND_FLAW_COUNT_MAX, "l: 4\r\n\r\n123");
    const struct tnd_msg *msg = sip_read(all);

    CHECK_EQ(msg->flaw_count, TND_FLAW_COUNT_MAX);
    CHECK(msg->flaws_lost > 0);
    CHECK_EQ(outcome(msg, TND_AS_PROXY), 400);
    msg = sip_read_stream(all);
    CHECK_EQ(outcome(msg, TND_AS_UAS), 400);
    CHECK(tnd_msg_verdict(msg, TND_AS_UAS).close);
}

TND_TEST(verdict_close, "RFC 3261 §18.3",
         "a stream ends when it is not known where the next message starts")
{
    static const struct {
        const char *text;
        bool close;
    } texts[] = {
        {SIP_LINE SIP_HEAD "l: 0\r\n\r\n", false},
        {SIP_LINE SIP_HEAD "l: 0\r\nMax-Forwards: x\r\n\r\n", false},
        {SIP_LINE SIP_HEAD "l: 0\r\nDate: x\r\nno colon\r\n\r\n", false},
        {SIP_LINE SIP_HEAD "l: 0\r\nl: 0\r\n\r\n", false},
        {SIP_LINE SIP_HEAD "\r\n", true},
        {SIP_LINE SIP_HEAD "l: -1\r\n\r\n", true},
        {SIP_LINE SIP_HEAD "l: 0\r\nl: 1\r\n\r\n", true},
        {SIP_LINE SIP_HEAD "Z: x\nl: 0\r\n\r\n", true},
        {SIP_LINE SIP_HEAD "l: 0\n\n", true},
        {"OPTIONS sip:a\r\n" SIP_HEAD "l: 0\r\n\r\n", true},
        {"SIP/2.0 200 OK\r\n" SIP_HEAD "l: x\r\n\r\n", true},
        {"SIP/3.0 200 OK\r\n" SIP_HEAD "l: 0\r\n\r\n", false},
        {"ACK sip:a SIP/2.0\r\n" SIP_HEAD "l: x\r\n\r\n", true},
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        const struct tnd_msg *msg = sip_read_stream(tnd_slice_str(texts[i].text));
        CHECK_EQ(tnd_msg_verdict(msg, TND_AS_PROXY).close, texts[i].close);
        CHECK_EQ(tnd_msg_verdict(msg, TND_AS_UAS).close, texts[i].close);
        CHECK(!tnd_msg_verdict(sip_read_str(texts[i].text), TND_AS_UAS).close);
    }
}

static void check_reason(const char *start, const char *line, const char *expected)
{
    char text[1024], room[256];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    snprintf(text, sizeof(text), "%s\r\n" SIP_HEAD "%s\r\n", start, line);
    const struct tnd_msg *msg = sip_read_str(text);
    struct tnd_verdict v = tnd_msg_verdict(msg, TND_AS_UAS);
    tnd_verdict_reason(&w, msg, &v);
    CHECK_STR(tnd_writer_slice(&w), expected);
}

TND_TEST(verdict_reason, "RFC 3261 §21.4.1", "the reason of a 400 names the field and the rule")
{
    check_reason("OPTIONS sip:a SIP/2.0", "m: <sip:\r\n",
                 "Bad Contact: a host is a name, an IPv4 address or an IPv6 address in brackets");
    check_reason("OPTIONS sip:a@-b SIP/2.0", "",
                 "Bad Request: a host is a name, an IPv4 address or an IPv6 address in brackets");
    check_reason("OPTIONS sip:a SIP/2.0", "Z\r\n",
                 "Bad Request: a header field is a name, a colon and a value");
    check_reason("OPTIONS sip:a SIP/2.0", "Z: a\n", "Bad Request: each line ends with CRLF");
    check_reason("OPTIONS sip:a SIP/3.0", "", "Version Not Supported");
    check_reason("NEW sip:a SIP/2.0", "", "Not Implemented");
    check_reason("OPTIONS x:a SIP/2.0", "", "Unsupported URI Scheme");
}

TND_TEST(verdict_field_at, "RFC 3261 §7.3",
         "a place belongs to the field whose name or value it is in")
{
    const struct tnd_msg *msg = sip_request_with("Subject: x\r\n y  \r\nno colon\r\nZ: z\r\n\r\nb");
    const struct tnd_field *f = tnd_msg_field(msg, TND_HEADER_SUBJECT);
    const char *name = tnd_field_name(msg, f).ptr;

    CHECK(tnd_msg_field_at(msg, name) == f);
    CHECK(tnd_msg_field_at(msg, name - 1) != f);
    CHECK(tnd_msg_field_at(msg, tnd_slice_end(tnd_field_value(msg, f))) == f);
    CHECK(tnd_msg_field_at(msg, tnd_slice_end(tnd_field_lines(msg, f))) == NULL); /* no colon */
    CHECK(tnd_msg_field_at(msg, tnd_field_name(msg, f + 1).ptr) == f + 1);
    CHECK(tnd_msg_field_at(msg, msg->text.ptr) == NULL);
    CHECK(tnd_msg_field_at(msg, msg->body.ptr) == NULL);
    CHECK(tnd_msg_field_at(msg, NULL) == NULL);
}

TND_TEST(verdict_valid, "RFC 3261 §7",
         "advice does not make a message invalid, a bound of ours does")
{
    CHECK(tnd_msg_valid(sip_read_str(SIP_LINE SIP_VIA SIP_FROM SIP_TO SIP_CALL SIP_CSEQ "\r\n")));
    CHECK(!tnd_msg_valid(sip_request_with("Date: x\r\n")));
    CHECK(!tnd_msg_valid(sip_request_with("Subject: \xff\r\n")));
    CHECK(!tnd_msg_valid(sip_read(sip_repeat(SIP_LINE SIP_HEAD, "Z: y\r\n", 600, "\r\n"))));
    CHECK(!tnd_msg_valid(sip_read_str("x\r\n\r\n")));
}

TND_TEST(verdict_of_what_is_used, "RFC 3261 §16.3",
         "a proxy need not read what it does not use, and comes to the same verdict")
{
    static const char *const lines[] = {"",
                                        "Contact: <\r\n",
                                        "Max-Forwards: x\r\n",
                                        "Route: nonsense\r\n",
                                        "Allow: ,;\r\n",
                                        "Proxy-Require: a b\r\n",
                                        "Content-Type: /\r\nRequire: <\r\n",
                                        "Call-ID: twice\r\n"};

    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
        for (int stand = TND_AS_PROXY; stand <= TND_AS_UAS; stand++) {
            char room[16384];
            struct tnd_arena a;
            struct tnd_msg part = *sip_request_with(lines[i]);
            struct tnd_verdict all = tnd_msg_verdict(&part, (enum tnd_stand)stand);

            tnd_arena_init(&a, room, sizeof(room), NULL, 0);
            CHECK_EQ(tnd_msg_parse(&part, &a, part.text, TND_DATAGRAM), 0);
            CHECK_EQ(tnd_msg_check_as(&part, &a, (enum tnd_stand)stand), 0);
            struct tnd_verdict used = tnd_msg_verdict(&part, (enum tnd_stand)stand);
            CHECK_EQ(used.action, all.action);
            CHECK_EQ(used.code, all.code);
            CHECK_EQ(used.flaw.rule, all.flaw.rule);
        }
}
