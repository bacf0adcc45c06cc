/* The first line. */
#include "unit/sip/sip_test.h"

static const struct tnd_msg *read_line(const char *line)
{
    return sip_read(sip_repeat(line, "\r\n" SIP_HEAD "\r\n", 1, ""));
}

TND_TEST(start_line_request, "RFC 3261 §7.1", "a request line is method, Request-URI and version")
{
    static const struct {
        const char *line, *method, *uri;
        enum tnd_method known;
    } lines[] = {
        {"INVITE sip:a SIP/2.0", "INVITE", "sip:a", TND_METHOD_INVITE},
        {"invite sip:a SIP/2.0", "invite", "sip:a", TND_METHOD_OTHER}, /* with case */
        {"INVITE sip:a sip/2.0", "INVITE", "sip:a", TND_METHOD_INVITE},
        {"A%B tel:+1 Sip/2.0", "A%B", "tel:+1", TND_METHOD_OTHER},
        {"SIP x:y SIP/2.0", "SIP", "x:y", TND_METHOD_OTHER},
        {"SIP/2.0 x:y SIP/2.0", NULL, NULL, TND_METHOD_OTHER},
    };

    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
        const struct tnd_msg *msg = read_line(lines[i].line);
        CHECK_EQ(msg->kind, lines[i].method ? TND_MSG_REQUEST : TND_MSG_RESPONSE);
        CHECK_STR(msg->method_name, lines[i].method);
        CHECK_STR(msg->uri, lines[i].uri);
        CHECK_EQ(msg->method, lines[i].known);
        CHECK_EQ(sip_flaw_count(msg, TND_RULE_REQUEST_LINE), 0);
    }
    for (int m = 1; m < TND_METHOD_COUNT; m++) {
        const struct tnd_msg *msg = sip_read(
            sip_repeat(tnd_method_name((enum tnd_method)m), " sip:a SIP/2.0\r\n\r\n", 1, ""));
        CHECK_EQ(msg->method, m);
    }
}

TND_TEST(start_line_response, "RFC 3261 §7.2",
         "a status line is version, three digits and any reason")
{
    static const struct {
        const char *line;
        unsigned code;
        const char *reason;
    } lines[] = {
        {"SIP/2.0 200 OK", 200, "OK"},
        {"sip/2.0 699 x  y ", 699, "x  y "},
        {"SIP/2.0 100 ", 100, ""},
        {"SIP/2.0 100", 100, ""},
        {"SIP/2.0 404 \tNot Found: \"x", 404, "\tNot Found: \"x"},
        {"SIP/2.0 200 SIP/2.0", 200, "SIP/2.0"},
    };

    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
        const struct tnd_msg *msg = read_line(lines[i].line);
        CHECK_EQ(msg->kind, TND_MSG_RESPONSE);
        CHECK_EQ(msg->code, lines[i].code);
        CHECK_STR(msg->reason, lines[i].reason);
        CHECK(msg->reason.ptr);
        CHECK_FLAWS(msg, "");
        CHECK(!msg->uri.ptr && !msg->method_name.ptr);
    }
}

TND_TEST(start_line_flaws, "RFC 3261 §7",
         "what is wrong with the first line is told, and the rest is read")
{
    static const struct {
        const char *line, *flaws;
        enum tnd_msg_kind kind;
    } lines[] = {
        {"INVITE", "START_LINE", TND_MSG_NONE},
        {"INVITE sip:a", "START_LINE", TND_MSG_NONE},
        {"INVITE sip:a HTTP/1.1", "START_LINE", TND_MSG_NONE},
        {"INVITE sip:a SIP/2.0 x", "START_LINE", TND_MSG_NONE},
        {"INVITE sip:a SIP/2", "START_LINE", TND_MSG_NONE},
        {"INVITE sip:a SIP/.0", "START_LINE", TND_MSG_NONE},
        {"INVITE sip:a SIP/2.", "START_LINE", TND_MSG_NONE},
        {"INVITE sip:a SIP/2.0.0", "START_LINE", TND_MSG_NONE},
        {"OPTIONS SIP/2.0", "REQUEST_LINE URI_SCHEME", TND_MSG_REQUEST},
        {"SIP/2.0", "STATUS_CODE", TND_MSG_RESPONSE},
        {"Z: not a first line", "START_LINE", TND_MSG_NONE},
        {" ", "START_LINE", TND_MSG_NONE},
        {"OPTIONS  sip:a SIP/2.0", "REQUEST_LINE", TND_MSG_REQUEST},
        {"OPTIONS sip:a  SIP/2.0", "REQUEST_LINE", TND_MSG_REQUEST},
        {"OPTIONS sip:a SIP/2.0 ", "REQUEST_LINE", TND_MSG_REQUEST},
        {"OPTIONS sip:a SIP/2.0\t", "REQUEST_LINE", TND_MSG_REQUEST},
        {" OPTIONS sip:a SIP/2.0", "REQUEST_LINE", TND_MSG_REQUEST},
        {"OPTIONS sip:a\tSIP/2.0 SIP/2.0", "REQUEST_LINE URI_END", TND_MSG_REQUEST},
        {"OPTIONS  SIP/2.0", "URI_SCHEME", TND_MSG_REQUEST},
        {"OPTIONS sip:a SIP/3.0", "VERSION", TND_MSG_REQUEST},
        {"OPTIONS sip:a SIP/2.00", "VERSION", TND_MSG_REQUEST},
        {"OPTIONS  sip:a SIP/7.0", "REQUEST_LINE VERSION", TND_MSG_REQUEST},
        {"SIP/3.0 200 OK", "VERSION", TND_MSG_RESPONSE},
        {"SIP/2.0 ", "STATUS_CODE", TND_MSG_RESPONSE},
        {"SIP/2.0 99 x", "STATUS_CODE", TND_MSG_RESPONSE},
        {"SIP/2.0 099 x", "STATUS_CODE", TND_MSG_RESPONSE},
        {"SIP/2.0 700 x", "STATUS_CODE", TND_MSG_RESPONSE},
        {"SIP/2.0 2000 x", "STATUS_CODE", TND_MSG_RESPONSE},
        {"SIP/2.0 +20 x", "STATUS_CODE", TND_MSG_RESPONSE},
        {"SIP/2.0  200 x", "STATUS_CODE", TND_MSG_RESPONSE},
        {"O(P) sip:a SIP/2.0", "METHOD CSEQ_METHOD", TND_MSG_REQUEST},
    };

    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
        const struct tnd_msg *msg = read_line(lines[i].line);
        if (strcmp(sip_flaw_names(msg), lines[i].flaws) != 0 || msg->kind != lines[i].kind)
            tnd_test_fail(__FILE__, __LINE__, "\"%s\": kind %u, %s, not %s", lines[i].line,
                          msg->kind, sip_flaw_names(msg), lines[i].flaws);
        CHECK_EQ(msg->field_count, 6);
        CHECK(!tnd_msg_valid(msg));
    }
    PROVES(START_LINE);
    PROVES(REQUEST_LINE);
    PROVES(METHOD);
    PROVES(VERSION);
    PROVES(STATUS_CODE);
}

TND_TEST(start_line_places, "RFC 3261 §7", "a flaw of the first line is noted where it is")
{
    CHECK_MSG_FLAW("OPTIONS sip:a SIP/7.1\r\n" SIP_HEAD "\r\n", VERSION, "SIP/7.1");
    CHECK_MSG_FLAW("SIP/2.0 29x OK\r\n" SIP_HEAD "\r\n", STATUS_CODE, "29x");
    CHECK_MSG_FLAW("O,P sip:a SIP/2.0\r\n" SIP_HEAD "\r\n", METHOD, "O,P");
    CHECK_MSG_FLAW("OPTIONS sip:a@b?x=y SIP/2.0\r\n" SIP_HEAD "\r\n", REQUEST_URI_HEADERS, "x=y");
}
