/* The index: header fields, where a message ends, bounds, and whatever a peer may send. */
#include <stdlib.h>
#include <time.h>

#include "sip/scan.h"
#include "unit/failing_mem.h"
#include "unit/guarded.h"
#include "unit/sip/sip_test.h"

enum { ROOM_SIZE = 512 * 1024 };

static _Alignas(TND_ARENA_ALIGN) char room[ROOM_SIZE];

static int parse(struct tnd_msg *ret, struct tnd_slice text, enum tnd_carrier carrier)
{
    struct tnd_arena a;

    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    return tnd_msg_parse(ret, &a, text, carrier);
}

#define CHECK_VALID(msg)           \
    do {                           \
        CHECK_FLAWS(msg, "");      \
        CHECK(tnd_msg_valid(msg)); \
    } while (0)

/* The fields of a kind, in the order of their chain: "value|value|". */
static const char *chain(const struct tnd_msg *msg, enum tnd_header kind)
{
    static char text[1024];
    struct tnd_writer w = tnd_writer(text, sizeof(text) - 1);

    for (const struct tnd_field *f = tnd_msg_field(msg, kind); f;
         f = f->next ? &msg->fields[f->next] : NULL) {
        CHECK_EQ(f->kind, kind);
        tnd_put(&w, tnd_field_value(msg, f));
        tnd_put_char(&w, '|');
    }
    CHECK(!tnd_writer_over(&w));
    text[w.len] = '\0';
    return text;
}

TND_TEST(index_samples, "RFC 3261 §7",
         "well-formed messages have no flaw, in a datagram or a stream")
{
    for (const struct tnd_slice *s = sip_samples; s->ptr; s++) {
        const struct tnd_msg *msg = sip_read(*s);
        CHECK_VALID(msg);
        CHECK_EQ(tnd_msg_verdict(msg, TND_AS_PROXY).action, TND_PROCESS);
        CHECK_EQ(tnd_msg_verdict(msg, TND_AS_UAS).action, TND_PROCESS);
        CHECK_EQ(msg->text.len, s->len);
        msg = sip_read_stream(*s);
        CHECK_VALID(msg);
        CHECK_EQ(msg->wanted, s->len);
    }
}

TND_TEST(index_prefixes, "RFC 3261 §18.3",
         "every prefix of a message on a stream, and of its head in a datagram, says more")
{
    for (const struct tnd_slice *s = sip_samples; s->ptr; s++) {
        size_t head_len = sip_read(*s)->head.len;
        for (size_t len = 0; len < s->len; len++) {
            struct tnd_slice text = guarded(tnd_slice(s->ptr, len));
            struct tnd_msg msg;

            CHECK_EQ(parse(&msg, text, TND_STREAM), TND_EMORE);
            if (len > 0) /* of nothing, msg is as it was */
                CHECK_EQ(msg.wanted, len < head_len ? 0 : s->len);
            CHECK_EQ(parse(&msg, text, TND_DATAGRAM), len < head_len ? TND_EMORE : 0);
            CHECK_EQ(len >= head_len && !msg.body_short, false);
            guarded_free(text);
        }
    }
}

TND_TEST(index_wanted_of_nothing, "RFC 3261 §7.5", "of empty lines alone no length is known yet")
{
    static const char *const texts[] = {"", "\r\n", "\r\n\r\n", "\r", "\n"};
    struct tnd_msg msg;

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        msg.wanted = 77;
        CHECK_EQ(parse(&msg, tnd_slice_str(texts[i]), TND_STREAM), TND_EMORE);
        CHECK_EQ(msg.wanted, 0);
    }
    CHECK_EQ(parse(&msg, tnd_slice(NULL, 0), TND_STREAM), TND_EMORE);
}

TND_TEST(index_empty_lines_in_front, "RFC 3261 §7.5", "CRLF before the first line is skipped")
{
    const struct tnd_msg *msg = sip_read_str("\r\n\r\n\r\n" SIP_LINE SIP_HEAD "\r\n");

    CHECK_VALID(msg);
    CHECK(msg->text.ptr[0] == 'O');
    CHECK_EQ(msg->method, TND_METHOD_OPTIONS);
}

TND_TEST(index_datagram_body, "RFC 3261 §18.3",
         "in a datagram Content-Length cuts the rest off; without one the rest is the body")
{
    const struct tnd_msg *msg = sip_request_with("c: a/b\r\nl: 3\r\n\r\nabcdef");

    CHECK_VALID(msg);
    CHECK_STR(msg->body, "abc");
    CHECK_EQ(tnd_slice_end(msg->text) - tnd_slice_end(msg->body), 0);
    msg = sip_request_with("c: a/b\r\n\r\nabcdef");
    CHECK_VALID(msg);
    CHECK_STR(msg->body, "abcdef\r\n");
    msg = sip_request_with("c: a/b\r\nl: 9\r\n\r\nabcdef");
    CHECK_FLAWS(msg, "BODY_SHORT");
    CHECK(msg->body_short);
    CHECK_STR(msg->body, "abcdef\r\n");
    msg = sip_request_with("c: a/b\r\nContent-Length: 000000000000000000003\r\n\r\nabcdef");
    CHECK_STR(msg->body, "abc");
    CHECK_FLAWS(sip_request_with("\r\nabcdef"), "CONTENT_TYPE_MISSING");
    CHECK_FLAWS(sip_request_with("l: 0\r\n\r\nabcdef"), "");
    PROVES(CONTENT_TYPE_MISSING);
    PROVES(BODY_SHORT);
}

TND_TEST(index_stream_body, "RFC 3261 §20.14",
         "on a stream the body is as long as Content-Length says, and what follows is not of it")
{
    const struct tnd_msg *msg =
        sip_read_stream(TND_STR(SIP_LINE SIP_HEAD "c: a/b\r\nl: 3\r\n\r\nabcdef"));

    CHECK_VALID(msg);
    CHECK_STR(msg->body, "abc");
    msg = sip_read_stream(TND_STR(SIP_LINE SIP_HEAD "\r\nabcdef"));
    CHECK_FLAWS(msg, "CONTENT_LENGTH_STREAM");
    CHECK_EQ(msg->body.len, 0);
}

TND_TEST(index_content_length_flaws, "RFC 3261 §20.14",
         "Content-Length is digits; several must agree, and stand once all the same")
{
    static const char *const wrong[] = {
        "-1",    "+1",   "1 2", "1,1", "0x1", "", "2147483648", "99999999999999999999999999999",
        "1;a=b", "\"1\""};
    char line[64];

    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        snprintf(line, sizeof(line), "Content-Length: %s\r\n", wrong[i]);
        const struct tnd_msg *msg = sip_request_with(line);
        CHECK_FLAWS(msg, "CONTENT_LENGTH");
        CHECK_EQ(tnd_msg_verdict(msg, TND_AS_PROXY).code, 400);
    }
    const struct tnd_msg *msg = sip_request_with("c: a/b\r\nl: 2\r\nl: 2\r\n\r\nab");
    CHECK_FLAWS(msg, "HEADER_ONCE");
    CHECK_EQ(msg->body.len, 2);
    msg = sip_request_with("c: a/b\r\nl: 2\r\nl: 1\r\n\r\nab");
    CHECK_FLAWS(msg, "CONTENT_LENGTH_ONE HEADER_ONCE");
    CHECK_EQ(sip_request_with("l:\r\n 0\r\n")->body.len, 0);
    PROVES(CONTENT_LENGTH);
    PROVES(CONTENT_LENGTH_ONE);
    PROVES(HEADER_ONCE);
}

TND_TEST(index_compact_forms, "RFC 3261 §7.3.3",
         "compact and full names are the same field, without case")
{
    static const struct {
        const char *compact, *full;
        enum tnd_header kind;
    } forms[] = {
        {"m", "CONTACT", TND_HEADER_CONTACT},
        {"K", "supported", TND_HEADER_SUPPORTED},
        {"e", "content-encoding", TND_HEADER_CONTENT_ENCODING},
        {"S", "sUBJECT", TND_HEADER_SUBJECT},
        {"u", "allow-events", TND_HEADER_ALLOW_EVENTS},
        {"R", "refer-to", TND_HEADER_REFER_TO},
        {"x", "session-EXPIRES", TND_HEADER_SESSION_EXPIRES},
        {"o", "EVENT", TND_HEADER_EVENT},
        {"y", "identity", TND_HEADER_IDENTITY},
    };
    char lines[128];

    for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
        snprintf(lines, sizeof(lines), "%s: one\r\nZ: x\r\n%s: two\r\n", forms[i].compact,
                 forms[i].full);
        const struct tnd_msg *msg = sip_request_with(lines);
        CHECK_STR(tnd_slice_str(chain(msg, forms[i].kind)), "one|two|");
        CHECK_STR(tnd_field_name(msg, tnd_msg_field(msg, forms[i].kind)), forms[i].compact);
    }
}

TND_TEST(index_names, "RFC 3261 §7.3.1", "white space may stand before the colon, nothing else may")
{
    static const char *const good[] = {"Subject: x",    "Subject:x",       "Subject : x",
                                       "Subject\t:\tx", "Subject \t : x ", "Subject:\r\n x",
                                       "s:   x\t \r\n "};

    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
        char line[64];
        snprintf(line, sizeof(line), "%s\r\n", good[i]);
        const struct tnd_msg *msg = sip_request_with(line);
        CHECK_VALID(msg);
        CHECK_STR(tnd_slice_str(chain(msg, TND_HEADER_SUBJECT)), "x|");
    }
    CHECK_FLAWS(sip_request_with("Subject\r\n"), "HEADER_COLON");
    CHECK_FLAWS(sip_request_with(": x\r\n"), "HEADER_NAME");
    CHECK_FLAWS(sip_request_with("Sub ject: x\r\n"), "HEADER_NAME");
    CHECK_FLAWS(sip_request_with("Sub\"ject: x\r\n"), "HEADER_NAME");
    CHECK_FLAWS(sip_request_with("S\xc3\xbcject: x\r\n"), "HEADER_NAME");
    /* bit 5, in which CR and - differ, is folded away when names are compared */
    CHECK_FLAWS(sip_request_with("Reply\rTo: <sip:a@b.example>\r\n"), "HEADER_NAME LINE_CRLF");
    CHECK_MSG_FLAW(SIP_LINE SIP_HEAD "Foobar roobar\r\nl: 0\r\n\r\n", HEADER_COLON, "Foobar");
    CHECK_MSG_FLAW(SIP_LINE SIP_HEAD "<a>: b\r\nl: 0\r\n\r\n", HEADER_NAME, "<a>");
    CHECK_MSG_FLAW(SIP_LINE " Subject: x\r\n" SIP_HEAD "\r\n", HEADER_NAME, " Subject");
    CHECK_EQ(sip_request_with("Sub%ject`: x\r\n")->flaw_count, 0);
}

TND_TEST(bug_name_folded_before_its_colon, "RFC 3261 §25.1",
         "HCOLON: SP and HTAB may stand before the colon, a line end may not")
{
    CHECK_FLAWS(sip_request_with("Subject\r\n : x\r\n"), "HEADER_NAME");
    CHECK_FLAWS(sip_request_with("Subject \r\n\t: x\r\n"), "HEADER_NAME");
    CHECK_FLAWS(sip_request_with("Content-Length\r\n : 0\r\n"), "HEADER_NAME");
    CHECK(!tnd_msg_has(sip_request_with("l\r\n : 0\r\n"), TND_HEADER_CONTENT_LENGTH));
}

TND_TEST(index_values, "RFC 3261 §7.3.1",
         "a value loses the white space around it and nothing else")
{
    static const struct {
        const char *line, *value;
    } lines[] = {
        {"Z:x", "x"},
        {"Z: \t x y \t ", "x y"},
        {"Z:\r\n \t x,\r\n\t y\r\n  \r\n ", "x,\r\n\t y"},
        {"Z:", ""},
        {"Z:\r\n ", ""},
        {"Z: :", ":"},
        {"Z:; ,;,\"", "; ,;,\""},
    };
    char text[64];

    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
        snprintf(text, sizeof(text), "%s\r\n", lines[i].line);
        const struct tnd_msg *msg = sip_request_with(text);
        const struct tnd_field *f = tnd_msg_field(msg, TND_HEADER_OTHER);
        CHECK_VALID(msg);
        CHECK_STR(tnd_field_value(msg, f), lines[i].value);
        CHECK_STR(tnd_field_lines(msg, f), text); /* kept as it came */
    }
}

TND_TEST(bug_field_lines_with_empty_folds, "RFC 3261 §7.3.1",
         "folds with nothing in them are of the lines of their field")
{
    const struct tnd_msg *msg = sip_request_with("Subject: x\r\n \r\n\t\r\nZ: y\r\n");

    CHECK_STR(tnd_field_lines(msg, tnd_msg_field(msg, TND_HEADER_SUBJECT)),
              "Subject: x\r\n \r\n\t\r\n");
}

TND_TEST(index_lists, "RFC 3261 §7.3.1",
         "several fields and one with commas are one list, in order")
{
    static const char *const forms[] = {
        "Route: <sip:a>, <sip:b>;x, <sip:c>\r\n",
        "Route: <sip:a>\r\nZ: z\r\nRoute: <sip:b>;x\r\nroute: <sip:c>\r\n",
        "ROUTE: <sip:a> ,\r\n\t<sip:b>;x\r\nZ: z\r\nRoute: <sip:c>\r\n",
    };

    for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
        struct tnd_values v = tnd_msg_values(sip_request_with(forms[i]), TND_HEADER_ROUTE);
        struct tnd_addr route;
        char host = 'a';
        while (tnd_addr_next(&v, &route))
            CHECK_EQ(route.uri.host.ptr[0], host++);
        CHECK_EQ(v.c.flaw.rule, TND_RULE_NONE);
        CHECK_EQ(host, 'd');
    }
}

TND_TEST(index_header_end, "RFC 3261 §7", "LF LF ends the header too, and each line end is CRLF")
{
    const struct tnd_msg *msg =
        sip_read_str("OPTIONS sip:b@example.org SIP/2.0\nVia: SIP/2.0/UDP h\n\nl: 1\r\n\r\n");

    CHECK_EQ(msg->field_count, 1);
    CHECK_STR(msg->body, "l: 1\r\n\r\n");
    CHECK_EQ(sip_flaw_count(msg, TND_RULE_LINE_CRLF), 1);
    CHECK_MSG_FLAW(SIP_LINE SIP_HEAD "Z: a\nl: 0\r\n\r\n", LINE_CRLF, "\nl: 0");
    CHECK_MSG_FLAW(SIP_LINE SIP_HEAD "Z: a\rb\r\nl: 0\r\n\r\n", LINE_CRLF, "\rb");
    CHECK_MSG_FLAW(SIP_LINE SIP_HEAD "Z: a\r\r\nl: 0\r\n\r\n", LINE_CRLF, "\r\r");
    CHECK_FLAWS(sip_read_str(SIP_LINE SIP_HEAD "l: 0\r\n\n"), "LINE_CRLF");
    CHECK_MSG_FLAW(SIP_LINE SIP_HEAD "l: 0\n\r\n", LINE_CRLF, "\n\r\n");
    CHECK_FLAWS(sip_request_with("Z: a\n b\r\n"), "LINE_CRLF");
}

TND_TEST(index_torn, "RFC 3261 §7", "a datagram without an empty line is read as far as it goes")
{
    static const char *const heads[] = {SIP_LINE SIP_HEAD, SIP_LINE SIP_HEAD "Z: y"};

    for (unsigned i = 0; i < 2; i++) {
        const struct tnd_msg *msg = sip_read_str(heads[i]);
        CHECK_EQ(msg->kind, TND_MSG_REQUEST);
        CHECK_FLAWS(msg, "HEADER_END");
        CHECK_EQ(msg->body.len, 0);
        CHECK_EQ(tnd_msg_verdict(msg, TND_AS_PROXY).code, 400);
    }
    CHECK_EQ(sip_read_str("\r\n\r\n")->kind, TND_MSG_NONE);
    CHECK_EQ(sip_read_str("")->kind, TND_MSG_NONE);
    CHECK_EQ(tnd_msg_verdict(sip_read_str(""), TND_AS_UAS).action, TND_DROP);
    PROVES(HEADER_END);
}

TND_TEST(index_control_chars, "RFC 3261 §25.1",
         "a control character stands behind a backslash in a quoted string, and nowhere else")
{
    static const struct {
        struct tnd_slice line;
        const char *flaws;
    } lines[] = {
#define LINE(text) {text, sizeof(text) - 1}
        {LINE("Z: a\tb\r\n"), ""},
        {LINE("Z: a\0b\r\n"), "CONTROL_CHAR"},
        {LINE("Z: a\x7f"
              "b\r\n"),
         "CONTROL_CHAR"},
        {LINE("Z: a\x1f\r\n"), "CONTROL_CHAR"},
        {LINE("Z: \x01\r\n"), "CONTROL_CHAR"},
        {LINE("Z: \"a\0b\"\r\n"), "CONTROL_CHAR"},
        {LINE("Z: \"a\\\0b\"\r\n"), ""},
        {LINE("Z: \"a\\\x7f\\\x01\"\r\n"), ""},
        {LINE("Z: \"a\\\\\x7f\"\r\n"), "CONTROL_CHAR"},
        {LINE("Z: \"a\\\"\\\x7f\"\r\n"), ""},
        {LINE("Z: \"a\" \\\x7f\r\n"), "CONTROL_CHAR"},
        {LINE("Z: \\\x7f\r\n"), "CONTROL_CHAR"},
        {LINE("Z: \"a\r\n b\\\x02\"\r\n"), ""},
        {LINE("Z: \"a\r\n b\x02\"\r\n"), "CONTROL_CHAR"},
        {LINE("Z: \"a\r\nY: b\\\x02\"\r\n"), "CONTROL_CHAR"},
        {LINE("Z: \"a\\\rb\"\r\n"), "LINE_CRLF"},
        {LINE("Z: a\x01\x02\x03\r\n"), "CONTROL_CHAR"}, /* one of a line will do */
        {LINE("Z: \x01\r\nZ: \x01\r\n"), "CONTROL_CHAR CONTROL_CHAR"},
#undef LINE
    };
    char text[1024];

    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
        struct tnd_writer w = tnd_writer(text, sizeof(text));
        tnd_put_str(&w, SIP_LINE SIP_HEAD);
        tnd_put(&w, lines[i].line);
        tnd_put_str(&w, "\r\n");
        CHECK_FLAWS(sip_read(tnd_writer_slice(&w)), lines[i].flaws);
    }
    CHECK_FLAWS(sip_read(TND_STR("OPTIONS sip:b\0@example.org SIP/2.0\r\n" SIP_HEAD "\r\n")),
                "CONTROL_CHAR URI_USER");
    /* what is behind the empty line is no text */
    CHECK_VALID(sip_read(TND_STR(SIP_LINE SIP_HEAD "c: a/b\r\nl: 4\r\n\r\n\0\r\n\x7f")));
    PROVES(CONTROL_CHAR);
    PROVES(LINE_CRLF);
}

TND_TEST(index_utf8, "RFC 3261 §25.1", "what is beyond ASCII is UTF-8, in its shortest form")
{
    static const struct {
        const char *bytes;
        bool good;
    } texts[] = {
        {"\xc2\x80", true},
        {"\xdf\xbf", true},
        {"\xe0\xa0\x80", true},
        {"\xed\x9f\xbf", true},
        {"\xee\x80\x80", true},
        {"\xf0\x90\x80\x80", true},
        {"\xf4\x8f\xbf\xbf", true},
        {"\x80", false},
        {"\xbf", false},
        {"\xc1\xbf", false},
        {"\xc2", false},
        {"\xc2"
         "a",
         false},
        {"\xe0\x9f\xbf", false},
        {"\xed\xa0\x80", false},
        {"\xe2\x82", false},
        {"\xf0\x8f\xbf\xbf", false},
        {"\xf4\x90\x80\x80", false},
        {"\xf5\x80\x80\x80", false},
        {"\xff", false},
        {"a\xe4z", false},
    };
    char line[64];

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
        snprintf(line, sizeof(line), "Subject: %s\r\n", texts[i].bytes);
        CHECK_FLAWS(sip_request_with(line), texts[i].good ? "" : "UTF8");
    }
    CHECK_MSG_FLAW("SIP/2.0 200 gr\xfc"
                   "n\r\n" SIP_HEAD "\r\n",
                   UTF8, "\xfc");
    /* one of a field will do */
    CHECK_FLAWS(sip_request_with("Subject: \xff\xff\xff\r\nZ: \xff\r\n"), "UTF8 UTF8");
}

/* --- bounds ------------------------------------------------------------------------------ */

TND_TEST(bound_field_count, "TND_FIELD_COUNT_MAX",
         "as many header fields as the limit are read, not one more")
{
    const unsigned here = 6; /* fields in SIP_HEAD */
    const struct tnd_msg *msg =
        sip_read(sip_repeat(SIP_LINE SIP_HEAD, "Z: y\r\n", TND_FIELD_COUNT_MAX - here, "\r\n"));

    CHECK_EQ(msg->field_count, TND_FIELD_COUNT_MAX);
    CHECK_VALID(msg);
    msg =
        sip_read(sip_repeat(SIP_LINE SIP_HEAD, "Z: y\r\n", TND_FIELD_COUNT_MAX - here + 1, "\r\n"));
    CHECK_EQ(msg->field_count, TND_FIELD_COUNT_MAX);
    CHECK_FLAWS(msg, "FIELD_COUNT");
    CHECK_EQ(tnd_msg_verdict(msg, TND_AS_PROXY).code, 513);
    PROVES(FIELD_COUNT);
}

TND_TEST(bound_line_len, "TND_LINE_LEN_MAX",
         "a header field of the limit is read, a longer one is left out")
{
    /* the limit counts name, folds and CR */
    for (unsigned extra = 0; extra <= 1; extra++) {
        const struct tnd_msg *msg = sip_read(sip_repeat(
            SIP_LINE SIP_HEAD "Z:", "y", TND_LINE_LEN_MAX - 3 + extra, "\r\nSubject: x\r\n\r\n"));
        CHECK(tnd_msg_has(msg, TND_HEADER_SUBJECT));
        CHECK_EQ(tnd_msg_has(msg, TND_HEADER_OTHER), extra == 0);
        CHECK_FLAWS(msg, extra == 0 ? "" : "LINE_LEN");
        CHECK_EQ(tnd_msg_verdict(msg, TND_AS_PROXY).code, extra == 0 ? 0 : 513);
    }
    /* folds do not get around it */
    CHECK_FLAWS(sip_read(sip_repeat(SIP_LINE SIP_HEAD "Z:", "\r\n y", 5000, "\r\n\r\n")),
                "LINE_LEN");
    PROVES(LINE_LEN);
}

TND_TEST(bound_header_section, "TND_HEADER_SECTION_MAX",
         "header fields together stay within the limit")
{
    static const char end[] = "\r\n\r\n";
    const size_t fixed = strlen(SIP_LINE SIP_HEAD);
    static char line[1001];
    struct tnd_msg msg;

    for (unsigned extra = 0; extra <= 1; extra++) {
        size_t fill = TND_HEADER_SECTION_MAX + extra - fixed - strlen(end);
        memset(line, 'x', sizeof(line) - 1);
        memcpy(line, "Z:", 2);
        memcpy(line + 998, "\r\n", 2);
        struct tnd_slice all = sip_repeat(SIP_LINE SIP_HEAD, line, fill / 1000, "Z:");
        char *at = (char *)(uintptr_t)tnd_slice_end(all);
        memset(at, 'y', fill % 1000 - 2);
        memcpy(at + fill % 1000 - 2, end, 4);
        all.len += fill % 1000 + 2;
        CHECK_EQ(all.len, TND_HEADER_SECTION_MAX + extra);

        CHECK_EQ(parse(&msg, all, TND_DATAGRAM), extra == 0 ? 0 : TND_EMORE);
        const struct tnd_msg *read = sip_read(all);
        CHECK_FLAWS(read, extra == 0 ? "" : "HEADER_SECTION_LEN");
        CHECK_EQ(tnd_msg_verdict(read, TND_AS_UAS).code, extra == 0 ? 0 : 513);
        CHECK(tnd_msg_has(read, TND_HEADER_CSEQ));
        CHECK_EQ(read->head.len, TND_HEADER_SECTION_MAX);
    }
    PROVES(HEADER_SECTION_LEN);
}

TND_TEST(bound_uri_len, "TND_URI_LEN_MAX", "a Request-URI beyond the limit is answered with 414")
{
    for (unsigned extra = 0; extra <= 1; extra++) {
        size_t fixed = strlen("sip:@example.org");
        const struct tnd_msg *msg =
            sip_read(sip_repeat("OPTIONS sip:", "u", TND_URI_LEN_MAX - fixed + extra,
                                "@example.org SIP/2.0\r\n" SIP_HEAD "\r\n"));
        CHECK_EQ(msg->uri.len, TND_URI_LEN_MAX + extra);
        CHECK_FLAWS(msg, extra == 0 ? "" : "URI_LEN");
        CHECK_EQ(tnd_msg_verdict(msg, TND_AS_PROXY).code, extra == 0 ? 0 : 414);
    }
    PROVES(URI_LEN);
}

TND_TEST(bound_list_count, "TND_LIST_COUNT_MAX",
         "a list has as many values as the limit, in one field or more")
{
    struct tnd_slice tag;

    for (unsigned extra = 0; extra <= 1; extra++) {
        const struct tnd_msg *msg = sip_read(sip_repeat(
            SIP_LINE SIP_HEAD "Require: a", ",a", TND_LIST_COUNT_MAX - 1 + extra, "\r\n\r\n"));
        CHECK_FLAWS(msg, extra == 0 ? "" : "LIST_COUNT");
        CHECK_EQ(tnd_msg_verdict(msg, TND_AS_UAS).code, extra == 0 ? 0 : 513);

        msg = sip_read(
            sip_repeat(SIP_LINE SIP_HEAD, "Require: a\r\n", TND_LIST_COUNT_MAX + extra, "\r\n"));
        CHECK_FLAWS(msg, extra == 0 ? "" : "LIST_COUNT");
        struct tnd_values v = tnd_msg_values(msg, TND_HEADER_REQUIRE);
        unsigned count = 0;
        while (tnd_token_next(&v, &tag))
            count++;
        CHECK_EQ(count, TND_LIST_COUNT_MAX);
        CHECK_EQ(v.c.flaw.rule, extra == 0 ? TND_RULE_NONE : TND_RULE_LIST_COUNT);
    }
    PROVES(LIST_COUNT);
}

/* ";p0=1;p1=1" and so on, between before and after; static until the next call. */
static struct tnd_slice with_params(const char *before, unsigned count, const char *after)
{
    static char text[4096];
    struct tnd_writer w = tnd_writer(text, sizeof(text));

    tnd_put_str(&w, before);
    for (unsigned i = 0; i < count; i++) {
        tnd_put(&w, TND_STR(";p"));
        tnd_put_number(&w, i);
        tnd_put(&w, TND_STR("=1"));
    }
    tnd_put_str(&w, after);
    return tnd_writer_slice(&w);
}

TND_TEST(bound_param_count, "TND_PARAM_COUNT_MAX",
         "a value and a URI have as many parameters as the limit")
{
    for (unsigned extra = 0; extra <= 1; extra++) {
        const char *flaws = extra == 0 ? "" : "PARAM_COUNT";
        unsigned count = TND_PARAM_COUNT_MAX + extra;
        const struct tnd_msg *msg =
            sip_read(with_params(SIP_LINE SIP_HEAD "Contact: <sip:a>", count, "\r\n\r\n"));
        CHECK_FLAWS(msg, flaws);
        CHECK_EQ(tnd_msg_verdict(msg, TND_AS_UAS).code, extra == 0 ? 0 : 513);
        CHECK_EQ(tnd_msg_verdict(msg, TND_AS_PROXY).code, 0); /* does not use it */
        CHECK_FLAWS(sip_read(with_params(SIP_LINE SIP_HEAD "Contact: <sip:a", count, ">\r\n\r\n")),
                    flaws);
        CHECK_FLAWS(sip_read(with_params("OPTIONS sip:a", count, " SIP/2.0\r\n" SIP_HEAD "\r\n")),
                    flaws);
    }
    PROVES(PARAM_COUNT);
}

TND_TEST(bound_flaws, "TND_FLAW_COUNT_MAX", "flaws beyond the limit are counted, not kept")
{
    for (unsigned extra = 0; extra <= 3; extra++) {
        const struct tnd_msg *msg = sip_read(sip_repeat(
            SIP_LINE SIP_HEAD, "Expires: x\r\n", 1 + (TND_FLAW_COUNT_MAX + extra) / 2, "\r\n"));
        /* each but the first has two */
        unsigned all = 1 + 2 * ((TND_FLAW_COUNT_MAX + extra) / 2);
        CHECK_EQ(msg->flaw_count, TND_FLAW_COUNT_MAX);
        CHECK_EQ(msg->flaws_lost, all - TND_FLAW_COUNT_MAX);
        CHECK(!tnd_msg_valid(msg));
    }
}

TND_TEST(index_largest, "TND_MESSAGE_LEN_MAX",
         "a message of 64 KiB is read on a stream and in a datagram")
{
    const size_t head = strlen(SIP_LINE SIP_HEAD "c: a/b\r\nContent-Length: 12345\r\n\r\n");
    size_t len = TND_MESSAGE_LEN_MAX - head;
    char before[1024];

    for (unsigned extra = 0; extra <= 1; extra++) {
        snprintf(before, sizeof(before), SIP_LINE SIP_HEAD "c: a/b\r\nContent-Length: %zu\r\n\r\n",
                 len + extra);
        struct tnd_slice all = sip_repeat(before, "x", len + extra, "");
        const struct tnd_msg *msg = sip_read_stream(all);
        CHECK_EQ(msg->body.len, len + extra);
        CHECK_FLAWS(msg, extra == 0 ? "" : "MESSAGE_LEN");
        struct tnd_verdict v = tnd_msg_verdict(msg, TND_AS_PROXY);
        CHECK_EQ(v.code, extra == 0 ? 0 : 513);
        CHECK_EQ(v.close, extra == 1);
        msg = sip_read(all); /* a datagram ends by itself */
        CHECK_EQ(msg->body.len, len + extra);
        CHECK_FLAWS(msg, extra == 0 ? "" : "MESSAGE_LEN");
    }
    PROVES(MESSAGE_LEN);
}

/* --- memory ------------------------------------------------------------------------------ */

/* Parses and checks all samples, whole and torn, in an arena; what each gave is the same as
 * with enough memory, or TND_ENOMEM. Returns whether all was whole. */
static bool works_or_is_over(struct tnd_arena *a, struct tnd_slice text, bool torn)
{
    struct tnd_msg msg;
    int err = torn ? tnd_msg_parse_torn(&msg, a, text) : tnd_msg_parse(&msg, a, text, TND_DATAGRAM);

    if (err == 0)
        err = tnd_msg_check(&msg, a);
    if (err == 0)
        CHECK(sip_same(&msg, sip_read(text)));
    else
        CHECK_EQ(err, TND_ENOMEM);
    CHECK_EQ(err != 0, tnd_arena_over(a));
    return err == 0;
}

static const struct tnd_slice memory_texts[] = {
    {SIP_LINE SIP_HEAD "Z: \x01\r\nSubject\r\nDate: x\r\n\r\n",
     sizeof(SIP_LINE SIP_HEAD "Z: \x01\r\nSubject\r\nDate: x\r\n\r\n") - 1},
    {"\n\r\n", 3},
    {SIP_LINE SIP_HEAD "l: x", sizeof(SIP_LINE SIP_HEAD "l: x") - 1},
    {SIP_LINE SIP_HEAD "Expires: y\r\n", sizeof(SIP_LINE SIP_HEAD "Expires: y\r\n") - 1},
};

TND_TEST(index_every_budget, "TND_ENOMEM",
         "an arena of any size gives the whole message or says that it is over")
{
    for (unsigned i = 0; i < 4; i++) {
        bool done = false;
        for (size_t size = 0; !done; size += 8) {
            struct tnd_arena a;
            char *exact = malloc(size + 1); /* the sanitizer watches its end */
            CHECK(exact);
            tnd_arena_init(&a, exact, size, NULL, 0);
            done = works_or_is_over(&a, memory_texts[i], i >= 2);
            free(exact);
        }
    }
    for (const struct tnd_slice *s = sip_samples; s->ptr; s++) {
        bool done = false;
        for (size_t size = 0; !done; size++) {
            struct tnd_arena a;
            tnd_arena_init(&a, room, size, NULL, 0);
            done = works_or_is_over(&a, *s, false);
        }
    }
}

TND_TEST(index_every_allocation_fails, "TND_ENOMEM",
         "whichever allocation fails, nothing is half done or kept")
{
    static struct tnd_slice texts[3];
    static char copies[3][80000];

    texts[0] = sip_repeat(SIP_LINE SIP_HEAD, "Z: y\r\n", 500, "l: x\r\n\r\n");
    memcpy(copies[0], texts[0].ptr, texts[0].len);
    texts[1] = sip_repeat(SIP_LINE SIP_HEAD, "Z: yyyyyyyyyyyyyyyyyyyyyy\x01\r\n", 2000, "Z: x");
    memcpy(copies[1], texts[1].ptr, texts[1].len);
    texts[2] = sip_samples[0];
    memcpy(copies[2], texts[2].ptr, texts[2].len);
    for (unsigned i = 0; i < 3; i++) {
        bool done = false;
        for (size_t nth = 1; !done; nth++) {
            struct failing_mem m = failing_mem(nth);
            struct tnd_arena a;
            tnd_arena_init(&a, NULL, 0, failing_mem_use(&m), SIZE_MAX);
            done = works_or_is_over(&a, tnd_slice(copies[i], texts[i].len), i == 1);
            tnd_arena_fini(&a);
            CHECK_EQ(m.live_count, 0);
        }
    }
}

/* --- anything ---------------------------------------------------------------------------- */

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

/* Both scans see the same in text. */
static void check_scans(struct tnd_slice text)
{
#ifdef __x86_64__
    static uint64_t words[4][TND_HEADER_SECTION_MAX / TND_SCAN_BLOCK + 4];
    struct tnd_scan portable = {.marks = words[0], .line_ends = words[1]};
    struct tnd_scan avx2 = {.marks = words[2], .line_ends = words[3]};

    if (!__builtin_cpu_supports("avx2") || text.len > TND_HEADER_SECTION_MAX)
        return;
    tnd_scan_portable(text, &portable);
    tnd_scan_avx2(text, &avx2);
    CHECK_EQ(portable.header_len, avx2.header_len);
    CHECK_EQ(portable.line_count, avx2.line_count);
    CHECK_EQ(portable.odd, avx2.odd);
    CHECK_EQ(portable.beyond_ascii, avx2.beyond_ascii);
    size_t len = portable.header_len ? portable.header_len : text.len;
    size_t count = (len + TND_SCAN_BLOCK - 1) / TND_SCAN_BLOCK * sizeof(uint64_t);
    CHECK(memcmp(words[1], words[3], count) == 0);
#else
    (void)text;
#endif
}

/* What must hold of any message, whatever came. */
static void check_sane(const struct tnd_msg *msg)
{
    const char *first = msg->text.ptr, *end = first + msg->text.len;
    const struct tnd_field *before = NULL;

    CHECK(msg->head.len <= msg->text.len && msg->body.len <= msg->text.len);
    for (uint32_t i = 1; i <= msg->field_count; i++) {
        const struct tnd_field *f = &msg->fields[i];
        struct tnd_slice lines = tnd_field_lines(msg, f);
        CHECK(f->name + f->name_len < f->value + 1 && f->value + f->value_len < msg->head.len);
        CHECK(!before || before->value + before->value_len < f->name);
        CHECK(tnd_slice_end(lines) <= first + msg->head.len);
        CHECK(msg->flaw_count > 0 || tnd_slice_end(lines) == first + f[1].name);
        CHECK(tnd_msg_field_at(msg, first + f->value) == f);
        CHECK(f->next == 0 || (f->next > i && f->next <= msg->field_count));
        before = f;
    }
    for (unsigned i = 0; i < msg->flaw_count; i++) {
        struct tnd_slice where = msg->flaws[i].where;
        CHECK(where.ptr >= first && tnd_slice_end(where) <= end);
    }
}

static const char interesting[] = "\r\n \t:;,=<>\"\\@[]()?&%/*.-0129aZz\0\x01\x7f\x80\xc3\xff";

static size_t mutate(char *text, size_t len, size_t size, uint32_t *seed)
{
    size_t at = next_random(seed) % len, n = 1 + next_random(seed) % 8;

    switch (next_random(seed) % 6) {
    case 0:
        text[at] = (char)next_random(seed);
        break;
    case 1: /* cut some out */
        n = n < len - at ? n : len - at - 1;
        memmove(text + at, text + at + n, len - at - n);
        return len - n;
    case 2: /* say some twice */
        n = n < len - at ? n : len - at;
        n = n < size - len ? n : size - len;
        memmove(text + at + n, text + at, len - at);
        return len + n;
    default:
        text[at] = interesting[next_random(seed) % (sizeof(interesting) - 1)];
        break;
    }
    return len;
}

TND_TEST(index_mutated, "RFC 3261 §7",
         "bytes changed at random never break more than the message, and the scans agree on them")
{
    static char text[4096], reply_room[8192];
    uint32_t seed = 20260101;

    for (unsigned round = 0; round < 30000; round++) {
        const struct tnd_slice *sample = sip_samples;
        for (unsigned i = 0; i < round % 6; i++)
            sample++;
        memcpy(text, sample->ptr, sample->len);
        size_t len = sample->len;
        for (unsigned i = 0; i <= round % 7; i++)
            len = mutate(text, len, sizeof(text), &seed);
        /* one in 16 at the end of a page, which costs more */
        struct tnd_slice bytes = tnd_slice(text, len);
        struct tnd_slice held = round % 16 == 0 ? guarded(bytes) : bytes;
        struct tnd_arena a;
        struct tnd_msg msg;

        tnd_arena_init(&a, room, sizeof(room), NULL, 0);
        check_scans(held);
        int err = tnd_msg_parse(&msg, &a, held, round % 2 ? TND_DATAGRAM : TND_STREAM);
        if (err == TND_EMORE)
            err = tnd_msg_parse_torn(&msg, &a, held);
        CHECK_EQ(err, 0);
        CHECK_EQ(tnd_msg_check(&msg, &a), 0);
        check_sane(&msg);
        struct tnd_verdict v = tnd_msg_verdict(&msg, round % 3 ? TND_AS_PROXY : TND_AS_UAS);
        CHECK_EQ(v.action == TND_REPLY, v.code > 0);
        CHECK(!tnd_msg_valid(&msg) || v.action == TND_PROCESS || v.code == 501 || v.code == 416 ||
              msg.method == TND_METHOD_ACK);
        if (v.action == TND_REPLY) {
            struct tnd_reply reply = {.code = v.code,
                                      .rport = 5,
                                      .to_tag = TND_STR("t"),
                                      .received = TND_STR("192.0.2.1")};
            struct tnd_writer w = tnd_writer(reply_room, sizeof(reply_room));
            tnd_reply_write(&w, &msg, &reply);
            CHECK(!tnd_writer_over(&w));
        }
        if (held.ptr != text)
            guarded_free(held);
    }
}

TND_TEST(index_noise, "RFC 3261 §7", "noise of any kind is read without harm")
{
    static char text[1024];
    uint32_t seed = 5;

    for (unsigned round = 0; round < 4000; round++) {
        size_t len = next_random(&seed) % sizeof(text);
        for (size_t i = 0; i < len; i++)
            text[i] = round % 2 ? (char)next_random(&seed)
                                : interesting[next_random(&seed) % (sizeof(interesting) - 1)];
        check_scans(tnd_slice(text, len));
        if (round % 8 == 0)
            check_sane(sip_read(tnd_slice(text, len)));
    }
}

TND_TEST(index_work_is_bounded, "TND_HEADER_SECTION_MAX",
         "the worst 64 KiB cost no more than a small multiple of others")
{
    static const struct {
        const char *before, *text, *after;
    } worst[] = {
        {SIP_LINE SIP_HEAD "m: ", "<", "\r\n\r\n"},
        {SIP_LINE SIP_HEAD "m: ", "sip:a,", "\r\n\r\n"},
        {SIP_LINE SIP_HEAD "m: ", "<sip:", "\r\n\r\n"},
        {SIP_LINE SIP_HEAD "m: ", "\"", "\r\n\r\n"},
        {SIP_LINE SIP_HEAD "m: \"", "\\", "\r\n\r\n"},
        {SIP_LINE SIP_HEAD "m: <sip:a>", ";a", "\r\n\r\n"},
        {SIP_LINE SIP_HEAD "m: ", "a ", "\r\n\r\n"},
        {SIP_LINE SIP_HEAD "User-Agent: ", "(", "\r\n\r\n"},
        {SIP_LINE SIP_HEAD "User-Agent: a", " a", "\r\n\r\n"},
        {SIP_LINE SIP_HEAD "v: SIP/2.0/UDP [", ":", "\r\n\r\n"},
        {SIP_LINE SIP_HEAD "v: ", " \r\n ", "\r\n\r\n"},
        {SIP_LINE SIP_HEAD, "Z\r\n", "\r\n\r\n"},
        {SIP_LINE SIP_HEAD, ":\r\n", "\r\n"},
        {SIP_LINE SIP_HEAD, "\x01\r\n", "\r\n"},
        {SIP_LINE SIP_HEAD, "v:\r\n", "\r\n"},
        {SIP_LINE SIP_HEAD, "Z: \xff\r\n", "\r\n"},
        {SIP_LINE SIP_HEAD "WWW-Authenticate: Digest a=b", ",a=b", "\r\n\r\n"},
        {"OPTIONS sip:", "%", " SIP/2.0\r\n" SIP_HEAD "\r\n"},
        {"OPTIONS ", " ", " SIP/2.0\r\n" SIP_HEAD "\r\n"},
        {"", "\r\n", SIP_LINE},
        {"", "\n", ""},
        {"", "\r", "\n\n"},
        {SIP_LINE SIP_HEAD, "\r\n ", "\r\n\r\n"},
        {SIP_LINE SIP_HEAD "Z:", "%", "\r\n\r\n"},
        {SIP_LINE SIP_HEAD, "%", "\r\n\r\n"},
    };
    clock_t most = 0;

    for (size_t i = 0; i < sizeof(worst) / sizeof(*worst); i++) {
        size_t unit = strlen(worst[i].text);
        /* as one field may be, and as all may be */
        static const size_t lens[] = {TND_LINE_LEN_MAX - 100, 64000};
        for (unsigned j = 0; j < 2; j++) {
            struct tnd_slice all =
                sip_repeat(worst[i].before, worst[i].text, lens[j] / unit, worst[i].after);
            clock_t start = clock();
            const struct tnd_msg *msg = sip_read(all);
            tnd_msg_verdict(msg, TND_AS_PROXY);
            clock_t spent = clock() - start;
            most = spent > most ? spent : most;
        }
    }
    /* all are below 10 ms with sanitizers; 64000 times 64000 steps would take seconds */
    CHECK(most < CLOCKS_PER_SEC / 2);
}
