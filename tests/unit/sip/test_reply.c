/* Replies: what they copy of the request, what they add, and that they are well-formed. */
#include "unit/sip/sip_test.h"

enum { ROOM_SIZE = 128 * 1024 };

static struct tnd_slice reply_text(const struct tnd_msg *request, const struct tnd_reply *reply)
{
    static char room[ROOM_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_reply_write(&w, request, reply);
    CHECK(!tnd_writer_over(&w));
    return tnd_writer_slice(&w);
}

static const struct tnd_reply plain = {.code = 486, .rport = -1};

#define CHECK_REPLY(request, reply, text) CHECK_STR(reply_text(request, reply), text)

TND_TEST(reply_copies, "RFC 3261 §8.2.6.2",
         "Via, From, To, Call-ID and CSeq are those of the request")
{
    const struct tnd_msg *request = sip_read_str(
        "OPTIONS sip:a SIP/2.0\r\nCSeq: 7  OPTIONS\r\ni:x@y\r\nSubject: s\r\nTO :  <sip:b> \r\n"
        "v: SIP/2.0/UDP one;branch=z9hG4bKx , SIP/2.0/TCP two\r\nFrom: F<sip:c>;tag=1\r\nRecord-Route: <sip:r>\r\n"
        "Via: SIP/2.0/UDP three\r\nMax-Forwards: 9\r\nTimestamp: 54\r\nContact: <sip:c>\r\n\r\n");

    CHECK_REPLY(request, &plain,
                "SIP/2.0 486 Busy Here\r\nv: SIP/2.0/UDP one;branch=z9hG4bKx , SIP/2.0/TCP two\r\n"
                "Via: SIP/2.0/UDP three\r\nFrom: F<sip:c>;tag=1\r\nTO :  <sip:b> \r\ni:x@y\r\n"
                "CSeq: 7  OPTIONS\r\nContent-Length: 0\r\n\r\n");
}

TND_TEST(reply_copies_last_fields, "RFC 3261 §8.2.6.2",
         "however short a field is and however near to the end, it is copied and no more is read")
{
    static const char *const fields[] = {"Max-Forwards:7\r\n",
                                         "v:SIP/2.0/UDP a;branch=z9hG4bKa\r\n",
                                         "f:<sip:c>;tag=1\r\n",
                                         "t:<sip:b>;tag=2\r\n",
                                         "i:x\r\n",
                                         "CSeq:7 A\r\n"};

    for (unsigned first = 0; first < 6; first++) {
        char text[256];
        struct tnd_writer w = tnd_writer(text, sizeof(text));
        tnd_put_str(&w, "A sip:a SIP/2.0\r\n");
        for (unsigned i = 0; i < 6; i++)
            tnd_put_str(&w, fields[(first + i) % 6]);
        tnd_put_line_end(&w);
        CHECK_REPLY(
            sip_read(tnd_writer_slice(&w)), &plain,
            "SIP/2.0 486 Busy Here\r\nv:SIP/2.0/UDP a;branch=z9hG4bKa\r\nf:<sip:c>;tag=1\r\n"
            "t:<sip:b>;tag=2\r\ni:x\r\nCSeq:7 A\r\nContent-Length: 0\r\n\r\n");
    }
}

#define LONG_TAG "a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f90"

TND_TEST(reply_to_tag, "RFC 3261 §8.2.6.2", "To gets a tag unless it has one, but not in a 100")
{
    static const struct {
        const char *to, *expected;
        unsigned code;
    } tos[] = {
        {"To: <sip:b>", "To: <sip:b>;tag=new\r\n", 200},
        {"t: sip:b", "sip:b;tag=new\r\n", 200},
        {"To: \"tag=no\" <sip:b;tag=no> ; x=\"<a>\"", ";x=\"<a>\";tag=new\r\n", 200},
        {"To: <sip:b>;tag=old", "To: <sip:b>;tag=old\r\n", 200},
        {"To: <sip:b>;x=1;Tag=old", "To: <sip:b>;x=1;Tag=old\r\n", 200},
        {"To: <sip:b>;tag=" LONG_TAG, "To: <sip:b>;tag=" LONG_TAG "\r\n", 404},
        {"To: <sip:b>;ftag=no", "To: <sip:b>;ftag=no;tag=new\r\n", 200},
        {"To: <sip:b;tag=no>;x", "To: <sip:b;tag=no>;x;tag=new\r\n", 200},
        {"To: <sip:b>; TAG = old;x", "To: <sip:b>; TAG = old;x\r\n", 404},
        {"To: <sip:b>", "To: <sip:b>\r\n", 100},
        {"To: B\r\n <sip:b>\r\n ;x=<", NULL, 400},
        {"To: \"unbalanced <sip:b>", "To: \"unbalanced <sip:b>;tag=new\r\n", 400},
    };
    struct tnd_reply reply = {.rport = -1, .to_tag = TND_STR("new")};

    for (size_t i = 0; i < sizeof(tos) / sizeof(*tos); i++) {
        char text[512];
        snprintf(text, sizeof(text),
                 SIP_LINE SIP_VIA SIP_FROM SIP_CALL SIP_CSEQ SIP_HOPS "%s\r\n\r\n", tos[i].to);
        reply.code = (uint16_t)tos[i].code;
        struct tnd_slice got = reply_text(sip_read_str(text), &reply);
        if (tos[i].expected && i != 2)
            CHECK(strstr(got.ptr, tos[i].expected));
        struct tnd_addr to;
        if (tos[i].code == 200) {
            CHECK(tnd_msg_to(sip_read(got), &to, NULL));
            CHECK_STR(to.tag, strstr(tos[i].to, "old") ? "old" : "new");
        }
    }
}

TND_TEST(reply_100, "RFC 3261 §8.2.6.1", "a 100 says the Timestamp of the request; others do not")
{
    const struct tnd_msg *request = sip_request_with("Timestamp: 54.1 2\r\n");
    struct tnd_reply reply = {.code = 100, .rport = -1, .to_tag = TND_STR("x")};
    const struct tnd_msg *read = sip_read(reply_text(request, &reply));
    struct tnd_addr to;

    CHECK_STR(tnd_msg_value(read, TND_HEADER_TIMESTAMP), "54.1 2");
    CHECK(tnd_msg_to(read, &to, NULL) && !to.tag.ptr);
    CHECK_FLAWS(read, "");
    CHECK(!tnd_msg_has(sip_read(reply_text(request, &plain)), TND_HEADER_TIMESTAMP));
}

TND_TEST(reply_record_route, "RFC 3261 §12.1.1",
         "what makes a dialog says Record-Route, in its order")
{
    static const struct {
        const char *method;
        unsigned code;
        bool copied;
    } cases[] = {
        {"INVITE", 100, false},   {"INVITE", 101, true},    {"INVITE", 183, true},
        {"INVITE", 299, true},    {"INVITE", 300, false},   {"INVITE", 486, false},
        {"SUBSCRIBE", 200, true}, {"REFER", 202, true},     {"OPTIONS", 200, false},
        {"BYE", 200, false},      {"REGISTER", 200, false},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char text[512];
        snprintf(text, sizeof(text),
                 "%s sip:a SIP/2.0\r\nRecord-Route: <sip:p2;lr>, <sip:p1;lr>\r\n" SIP_VIA SIP_FROM
                     SIP_TO SIP_CALL "CSeq: 1 %s\r\nrecord-route: <sip:p0>\r\n\r\n",
                 cases[i].method, cases[i].method);
        struct tnd_reply reply = {.code = (uint16_t)cases[i].code, .rport = -1};
        const struct tnd_msg *read = sip_read(reply_text(sip_read_str(text), &reply));
        struct tnd_values v = tnd_msg_values(read, TND_HEADER_RECORD_ROUTE);
        struct tnd_addr route;
        for (int n = 2; n >= 0 && cases[i].copied; n--) {
            CHECK(tnd_addr_next(&v, &route));
            CHECK_EQ(route.uri.host.ptr[1], '0' + n);
        }
        CHECK(!tnd_addr_next(&v, &route));
        CHECK_FLAWS(read, "");
    }
}

TND_TEST(reply_received, "RFC 3261 §18.2.1",
         "the top Via says the address that the request came from, once")
{
    static const struct {
        const char *via, *expected;
        int rport;
    } vias[] = {
        {"SIP/2.0/UDP h;branch=b", "SIP/2.0/UDP h;branch=b;received=192.0.2.9", -1},
        {"SIP/2.0/UDP h:5", "SIP/2.0/UDP h:5;received=192.0.2.9", 777},
        /* RFC 3581 §4: the port too where the client asked */
        {"SIP/2.0/UDP h;rport;branch=b", "SIP/2.0/UDP h;branch=b;received=192.0.2.9;rport=777",
         777},
        {"SIP/2.0/UDP h;RPort;branch=b", "SIP/2.0/UDP h;branch=b;received=192.0.2.9;rport=0", 0},
        {"SIP/2.0/UDP h;rport;branch=b", "SIP/2.0/UDP h;rport;branch=b;received=192.0.2.9", -1},
        /* what the client claims is not believed */
        {"SIP/2.0/UDP h;received=1.1.1.1;rport=9;x=\"y;received=z\"",
         "SIP/2.0/UDP h;x=\"y;received=z\";received=192.0.2.9;rport=777", 777},
        {"SIP / 2.0 / UDP  h : 5 ; branch = b , SIP/2.0/TCP t;received=2.2.2.2",
         "SIP / 2.0 / UDP  h : 5;branch=b;received=192.0.2.9 , SIP/2.0/TCP t;received=2.2.2.2",
         777},
        {"SIP/2.0/UDP\r\n h;branch=b\r\n , SIP/2.0/TCP t", NULL, 777},
        {"SIP/2.0/UDP h;;", "SIP/2.0/UDP h;;", 777}, /* cannot be read: as it came */
    };

    for (size_t i = 0; i < sizeof(vias) / sizeof(*vias); i++) {
        char text[512];
        snprintf(text, sizeof(text),
                 SIP_LINE
                 "v: %s\r\nVia: SIP/2.0/UDP z;rport\r\n" SIP_FROM SIP_TO SIP_CALL SIP_CSEQ SIP_HOPS
                 "\r\n",
                 vias[i].via);
        struct tnd_reply reply = {
            .code = 404, .rport = vias[i].rport, .received = TND_STR("192.0.2.9")};
        const struct tnd_msg *read = sip_read(reply_text(sip_read_str(text), &reply));
        const struct tnd_field *f = tnd_msg_field(read, TND_HEADER_VIA);
        if (vias[i].expected)
            CHECK_STR(tnd_field_value(read, f), vias[i].expected);
        CHECK_STR(tnd_field_value(read, &read->fields[f->next]), "SIP/2.0/UDP z;rport");
        if (i + 1 < sizeof(vias) / sizeof(*vias)) {
            struct tnd_via via;
            CHECK(tnd_msg_via(read, &via, NULL));
            CHECK_STR(via.received, "192.0.2.9");
        }
    }
}

TND_TEST(reply_rport_alone, "RFC 3581 §4", "the port alone is said where only that is known")
{
    const struct tnd_msg *request = sip_read_str(
        SIP_LINE "Via: SIP/2.0/UDP h;rport\r\n" SIP_FROM SIP_TO SIP_CALL SIP_CSEQ SIP_HOPS "\r\n");
    struct tnd_reply reply = {.code = 404, .rport = 65535};
    struct tnd_via via;

    CHECK(tnd_msg_via(sip_read(reply_text(request, &reply)), &via, NULL));
    CHECK_EQ(via.rport, 65535);
    CHECK(!via.received.ptr);
}

TND_TEST(reply_body, "RFC 3261 §20.14", "further fields and the body stand as they were given")
{
    struct tnd_reply reply = {
        .code = 200,
        .rport = -1,
        .to_tag = TND_STR("t"),
        .reason = TND_STR("Fine"),
        .fields = TND_STR("Contact: <sip:me>\r\nAllow: INVITE\r\n"),
        .content_type = TND_STR("text/plain"),
        .body = TND_STR("a\r\n\0b"),
    };
    const struct tnd_msg *read = sip_read_stream(reply_text(sip_request_with(""), &reply));

    CHECK_FLAWS(read, "");
    CHECK_STR(read->reason, "Fine");
    CHECK_STR(tnd_msg_value(read, TND_HEADER_ALLOW), "INVITE");
    CHECK_STR(tnd_msg_value(read, TND_HEADER_CONTENT_TYPE), "text/plain");
    CHECK(tnd_slice_eq(read->body, reply.body));
}

TND_TEST(reply_phrases, "RFC 3261 §7.2",
         "without a reason of its own a reply has the registered one")
{
    const struct tnd_msg *request = sip_request_with("");

    for (unsigned code = 100; code <= 699; code++) {
        struct tnd_reply reply = {.code = (uint16_t)code, .rport = -1};
        const struct tnd_msg *read = sip_read(reply_text(request, &reply));
        CHECK_EQ(read->code, code);
        CHECK_STR(read->reason, tnd_code_phrase(code));
        reply.reason = TND_STR("");
        CHECK_STR(sip_read(reply_text(request, &reply))->reason, "");
    }
}

/* No line but those that were meant: each ends with CRLF, none has another CR or LF. */
static void check_lines(struct tnd_slice head)
{
    for (size_t i = 0; i < head.len; i++) {
        if (head.ptr[i] == '\n')
            CHECK(i > 0 && head.ptr[i - 1] == '\r');
        if (head.ptr[i] == '\r')
            CHECK(i + 1 < head.len && head.ptr[i + 1] == '\n');
    }
}

TND_TEST(reply_injection, "RFC 3261 §7", "nothing smuggles a line into a reply")
{
    static const char *const lines[] = {
        "Via: SIP/2.0/UDP h;x=\"\rEvil: 1\";branch=z9hG4bK1\r\n" SIP_FROM SIP_TO SIP_CALL SIP_CSEQ,
        "Via: SIP/2.0/UDP\n h;x=\"a\n b\";branch=z9hG4bK1,\n SIP/2.0/UDP g\n" SIP_FROM SIP_TO
            SIP_CALL SIP_CSEQ,
        "Via:\rSIP/2.0/UDP\rh\r;\rrport\r\n" SIP_FROM SIP_TO SIP_CALL SIP_CSEQ,
        SIP_VIA "From: \"a\rEvil: 1\" <sip:b>;tag=x\r\n" SIP_TO SIP_CALL SIP_CSEQ,
        SIP_VIA SIP_FROM "To: \"a\rEvil: 1\r\r\" <sip:b>\r\n" SIP_CALL SIP_CSEQ,
        SIP_VIA SIP_FROM "To: \"a\n b\" <sip:b>\n" SIP_CALL SIP_CSEQ,
        SIP_VIA SIP_FROM SIP_TO "Call-ID: x\r\r\nCSeq: 1\rOPTIONS\r\n",
        SIP_VIA SIP_FROM SIP_TO "Call-ID: x\n \n y\nCSeq: 1\n\tOPTIONS\n",
        SIP_VIA "From: a\r\n \r\n\t<sip:b>\r\n \r\n;tag=x\r\n" SIP_TO SIP_CALL SIP_CSEQ,
    };
    struct tnd_reply replies[] = {
        {.code = 400, .rport = -1, .reason = TND_STR("Bad\r\nEvil: 1\r\n\r\nx\ry\nz")},
        {.code = 400, .rport = 5, .received = TND_STR("192.0.2.1"), .to_tag = TND_STR("t")},
        {.code = 400, .rport = -1, .content_type = TND_STR("a/b\r\nEvil: 1")},
    };

    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
        for (unsigned j = 0; j < sizeof(replies) / sizeof(*replies); j++) {
            struct tnd_slice text =
                reply_text(sip_read(sip_repeat(SIP_LINE, lines[i], 1, "\r\n")), &replies[j]);
            const struct tnd_msg *read = sip_read(text);
            check_lines(text);
            CHECK_EQ(read->head.len, text.len);
            CHECK(!sip_flaw(read, TND_RULE_LINE_CRLF));
            for (uint32_t f = 1; f <= read->field_count; f++)
                CHECK(read->fields[f].kind != TND_HEADER_OTHER);
        }
    CHECK_STR(sip_read(reply_text(sip_request_with(""), &replies[0]))->reason,
              "Bad  Evil: 1    x y z");
}

TND_TEST(reply_samples, "RFC 3261 §8.2.6",
         "the reply to a good request is good, and answers that request")
{
    struct tnd_reply reply = {
        .code = 200, .rport = 5060, .received = TND_STR("2001:db8::7"), .to_tag = TND_STR("as7")};

    for (const struct tnd_slice *s = sip_samples; s->ptr; s++) {
        const struct tnd_msg *request = sip_read(*s), *read;
        struct tnd_cseq one, two;
        struct tnd_slice call_id, copied;
        if (request->kind != TND_MSG_REQUEST)
            continue;
        read = sip_read_stream(reply_text(request, &reply));
        CHECK_FLAWS(read, "");
        CHECK(tnd_msg_cseq(request, &one, NULL) && tnd_msg_cseq(read, &two, NULL));
        CHECK_EQ(one.number, two.number);
        CHECK_EQ(one.method, two.method);
        CHECK(tnd_msg_call_id(request, &call_id, NULL) && tnd_msg_call_id(read, &copied, NULL));
        CHECK(tnd_slice_eq(call_id, copied));
    }
}

TND_TEST(reply_overflow, "TND_ESPACE",
         "in too little room nothing is written beyond it, and the need is counted")
{
    const struct tnd_msg *request = sip_read(sip_samples[0]);
    struct tnd_reply reply = {.code = 183,
                              .rport = 5060,
                              .received = TND_STR("192.0.2.1"),
                              .to_tag = TND_STR("as7"),
                              .reason = TND_STR("a\nb"),
                              .content_type = TND_STR("a/b"),
                              .body = TND_STR("body")};
    size_t len = reply_text(request, &reply).len;
    char room[1024];

    CHECK(len < sizeof(room));
    for (size_t size = 0; size <= len; size++) {
        struct tnd_writer w = tnd_writer(size ? room : NULL, size);
        memset(room, '#', sizeof(room));
        tnd_reply_write(&w, request, &reply);
        CHECK_EQ(w.len, len);
        CHECK_EQ(tnd_writer_over(&w), size < len);
        for (size_t i = size; i < sizeof(room); i++)
            CHECK_EQ(room[i], '#');
    }
}

TND_TEST(reply_incomplete, "RFC 3261 §8.2.6.2",
         "of a request without some fields the others are copied")
{
    CHECK_REPLY(sip_read_str("x\r\n\r\n"), &plain,
                "SIP/2.0 486 Busy Here\r\nContent-Length: 0\r\n\r\n");
    CHECK_REPLY(sip_read_str(SIP_LINE "CSeq: 1 OPTIONS\r\n\r\n"), &plain,
                "SIP/2.0 486 Busy Here\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n");
}

TND_TEST(write_request, "RFC 3261 §7.1",
         "a request written from nothing is well-formed, whatever the values hold")
{
    char room[1024];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_put_request_line(&w, TND_STR("OPTIONS"), TND_STR("sip:bob@example.org"));
    tnd_put_str(&w, SIP_HEAD);
    tnd_put_field(&w, TND_HEADER_SUBJECT, TND_STR("one\r\nEvil: two"));
    tnd_put_field_name(&w, TND_HEADER_CONTACT);
    tnd_put_str(&w, "<sip:x>");
    tnd_put_line_end(&w);
    tnd_put_body(&w, TND_STR("text/plain"), TND_STR("hello"));
    const struct tnd_msg *msg = sip_read_stream(tnd_writer_slice(&w));
    CHECK_FLAWS(msg, "");
    CHECK_STR(tnd_msg_value(msg, TND_HEADER_SUBJECT), "one  Evil: two");
    CHECK_STR(tnd_msg_value(msg, TND_HEADER_CONTACT), "<sip:x>");
    CHECK_STR(msg->body, "hello");

    w = tnd_writer(room, sizeof(room));
    tnd_put_request_line(&w, TND_STR("OP\r\nX: "), TND_STR("sip:a\nb"));
    CHECK_STR(tnd_writer_slice(&w), "OP  X:  sip:a b SIP/2.0\r\n");
}
