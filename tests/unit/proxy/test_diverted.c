/* Diversion: who was left, and why. */
#include "tandem/sip/origin.h"
#include "unit/proxy/forward_test.h"

static struct tnd_slice diversion(const char *lines, unsigned code)
{
    static char room[512];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_diversion_line_write(&w, sip_request_with(lines), TND_STR("sip:bob@p2"), code);
    return tnd_writer_slice(&w);
}

TND_TEST(diverted_reason, "RFC 5806 §5.4",
         "a request that is diverted says which Request-URI was left, and for what reason")
{
    static const struct {
        unsigned code;
        const char *reason;
    } reasons[] = {{302, "unconditional"}, {301, "unconditional"}, {486, "user-busy"},
                   {600, "user-busy"},     {408, "no-answer"},     {480, "deflection"},
                   {487, "deflection"},    {603, "deflection"},    {503, "unavailable"},
                   {404, "unknown"},       {0, "unknown"}};

    for (unsigned i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        char line[128];

        snprintf(line, sizeof(line), "Diversion: <sip:bob@p2>;reason=%s\r\n", reasons[i].reason);
        CHECK_STR(diversion("", reasons[i].code), line);
    }
}

TND_TEST(diverted_in_private, "RFC 7544 §6",
         "whom the caller wants to hide stays hidden in Diversion")
{
    CHECK_STR(diversion("Privacy: id;history\r\n", 486),
              "Diversion: <sip:bob@p2>;reason=user-busy;privacy=full\r\n");
    CHECK_STR(diversion("Privacy: header\r\n", 486),
              "Diversion: <sip:bob@p2>;reason=user-busy;privacy=full\r\n");
    CHECK_STR(diversion("Privacy: id;session\r\n", 486),
              "Diversion: <sip:bob@p2>;reason=user-busy\r\n");
}

TND_TEST(diverted_by_redirect, "RFC 5806 §5.4",
         "the Diversion of a 3xx that is followed is copied into the request")
{
    char room[512];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_diversions_copy(&w,
                        sip_read_str("SIP/2.0 302 M\r\nDiversion: <sip:c>;reason=away\r\nX: y\r\n"
                                     "diversion: <sip:b>, <sip:a>\r\n\r\n"));
    CHECK_STR(tnd_writer_slice(&w),
              "Diversion: <sip:c>;reason=away\r\nDiversion: <sip:b>, <sip:a>\r\n");
}
