#include "ua/call.h"
#include "unit/test.h"

enum { FORMAT_COUNT = 2 };

/* Of two formats; "": none. */
static uint32_t needs(const char *first, const char *second, tnd_time ptime, const char *addr_type)
{
    struct tnd_oa_format formats[FORMAT_COUNT] = {{.codec.encoding = tnd_slice_str(first)},
                                                  {.codec.encoding = tnd_slice_str(second)}};
    struct tnd_oa_flow flow = {.live = true,
                               .ptime = ptime,
                               .remote.addr_type = tnd_slice_str(addr_type),
                               .formats = formats,
                               .format_count = *second ? 2 : 1};

    return ua_bandwidth(NULL, &flow);
}

TND_TEST(ua_bandwidth_of_formats, "RFC 3551 §4.5, RFC 3550 §6.2",
         "a stream needs what its largest format needs, and the headers of its packets")
{
    CHECK_EQ(needs("PCMU", "", 0, "IP4"), 80);
    CHECK_EQ(needs("pcma", "", TND_MS(20), "IP4"), 80);
    CHECK_EQ(needs("PCMA", "", TND_MS(20), "IP6"), 88);
    CHECK_EQ(needs("PCMU", "", TND_MS(30), "IP4"), 75); /* 10.67, rounded up */
    CHECK_EQ(needs("PCMU", "", TND_MS(10), "IP4"), 96);
    CHECK_EQ(needs("G729", "telephone-event", 0, "IP4"), 24);
    CHECK_EQ(needs("G729", "PCMU", 0, "IP4"), 80);
    CHECK_EQ(needs("opus", "PCMU", 0, "IP4"), 0);
    CHECK_EQ(needs("telephone-event", "", 0, "IP4"), 0);
    CHECK_EQ(ua_bandwidth(NULL, NULL), 0);
}

TND_TEST(ua_bandwidth_named, "RFC 8866 §5.8", "b=AS says it, whatever the formats are")
{
    const struct tnd_sdp_bandwidth lines[] = {{TND_STR("TIAS"), 64000}, {TND_STR("AS"), 41}};
    const struct tnd_sdp_part named = {.bandwidths = lines, .bandwidth_count = 2};
    const struct tnd_sdp_part unnamed = {.bandwidths = lines, .bandwidth_count = 1};
    struct tnd_oa_format format = {.codec.encoding = TND_STR("PCMU")};
    struct tnd_oa_flow flow = {.formats = &format, .format_count = 1};

    CHECK_EQ(ua_bandwidth(&named, &flow), 41);
    CHECK_EQ(ua_bandwidth(&named, NULL), 41);
    CHECK_EQ(ua_bandwidth(&unnamed, &flow), 80);
}
