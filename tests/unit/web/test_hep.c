/* Packets of HEP: what a collector reads; tests/cli/live.test reads them as one. */
#include "web/hep.h"

#include "unit/test.h"

static char room[TND_HEP_PACKET_SIZE];
static char large[70000];

static const struct tnd_endpoint here = {{0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
                                         5060,
                                         TND_TRANSPORT_TCP,
                                         TND_FAMILY_IPV6},
                                 there = {{0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2},
                                          5062,
                                          TND_TRANSPORT_TCP,
                                          TND_FAMILY_IPV6};

/* The bytes of the chunk of that type; absent: there is none. */
static struct tnd_slice chunk(size_t len, unsigned type)
{
    const unsigned char *at = (const unsigned char *)room + 6, *end = at - 6 + len;

    while (at < end) {
        size_t size = (size_t)(at[4] << 8 | at[5]);

        CHECK(size >= 6 && at + size <= end);
        if ((unsigned)(at[2] << 8 | at[3]) == type)
            return tnd_slice((const char *)at + 6, size - 6);
        at += size;
    }
    return tnd_slice(NULL, 0);
}

TND_TEST(hep_ipv6, "HEP3", "addresses of IPv6 are in chunks of their own")
{
    struct tnd_hep m = {.at = INT64_C(1790000000123456),
                        .from = here,
                        .to = there,
                        .bytes = TND_STR("SIP/2.0 200 OK\r\n\r\n")};
    size_t len = tnd_hep_write(room, &m);

    CHECK(len > 0 && memcmp(room, "HEP3", 4) == 0);
    CHECK_STR(chunk(len, 1), "\x0a");
    CHECK_STR(chunk(len, 2), "\x06");
    CHECK(!chunk(len, 3).ptr && !chunk(len, 4).ptr && !chunk(len, 17).ptr);
    CHECK_EQ(memcmp(chunk(len, 5).ptr, here.octets, 16), 0);
    CHECK_EQ(memcmp(chunk(len, 6).ptr, there.octets, 16), 0);
    CHECK_STR(chunk(len, 15), "SIP/2.0 200 OK\r\n\r\n");
}

TND_TEST(hep_cut, "HEP3", "what does not fit into a datagram is cut off")
{
    struct tnd_hep m = {.from = here, .to = there, .bytes = tnd_slice(large, sizeof(large))};
    size_t len = tnd_hep_write(room, &m);

    CHECK_EQ(len, TND_HEP_PACKET_SIZE);
    CHECK_EQ((unsigned char)room[4] << 8 | (unsigned char)room[5], len);
    CHECK(chunk(len, 15).len > 65000);
}

TND_TEST(hep_unknown, "HEP3", "who is not known is not told of")
{
    struct tnd_hep m = {.from = here, .bytes = TND_STR("x")};

    CHECK_EQ(tnd_hep_write(room, &m), 0);
}
