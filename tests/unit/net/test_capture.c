/* Captures, read again by libpcap. */
#include "net/capture.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit/test.h"

static char path[] = "/tmp/tandem-capture-XXXXXX";

static const struct tnd_endpoint here = {{127, 0, 0, 1}, 5070, TND_TRANSPORT_UDP, TND_FAMILY_IPV4};
static const struct tnd_endpoint there = {{127, 0, 0, 2}, 5060, TND_TRANSPORT_UDP, TND_FAMILY_IPV4};
static const struct tnd_endpoint here6 = {{[15] = 1}, 40000, TND_TRANSPORT_TCP, TND_FAMILY_IPV6};
static const struct tnd_endpoint there6 = {
    {0x20, 1, 0x0d, 0xb8, [15] = 2}, 5060, TND_TRANSPORT_TCP, TND_FAMILY_IPV6};

static struct tnd_capture *start(void)
{
    const char *why = "";
    int fd;

    memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
    fd = mkstemp(path);
    CHECK(fd >= 0);
    close(fd);
    struct tnd_capture *c = tnd_capture_open(path, &why);
    CHECK(c != NULL);
    return c;
}

static pcap_t *again(struct tnd_capture **c)
{
    char why[PCAP_ERRBUF_SIZE];

    CHECK_EQ(tnd_capture_close(c), 0);
    CHECK(*c == NULL);
    pcap_t *in = pcap_open_offline(path, why);
    CHECK(in != NULL);
    CHECK_EQ(pcap_datalink(in), DLT_RAW);
    unlink(path);
    return in;
}

static unsigned two(const unsigned char *p)
{
    return (unsigned)(p[0] << 8 | p[1]);
}

/* RFC 1071: with its checksum in it, whatever is checked sums up to all ones. */
static unsigned sum(unsigned long n, const unsigned char *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        n += i % 2 ? p[i] : (unsigned long)p[i] << 8;
    while (n >> 16)
        n = (n & 0xffff) + (n >> 16);
    return (unsigned)n;
}

TND_TEST(capture_udp, "RFC 768",
         "a datagram is in the capture with its time, addresses, ports and right checksums")
{
    struct tnd_capture *c = start();
    struct pcap_pkthdr *head;
    const unsigned char *p;

    tnd_capture_add(c, &(struct tnd_seen){true, false, 0, here, there, TND_STR("odd")}, 1000000001);
    tnd_capture_add(c, &(struct tnd_seen){false, false, 0, here, there, TND_STR("back")},
                    2000000000);
    pcap_t *in = again(&c);
    CHECK_EQ(pcap_next_ex(in, &head, &p), 1);
    CHECK(head->ts.tv_sec == 1000 && head->ts.tv_usec == 1 && head->len == 31 &&
          head->caplen == 31);
    CHECK(p[0] == 0x45 && two(p + 2) == 31 && p[9] == 17 && sum(0, p, 20) == 0xffff);
    CHECK(memcmp(p + 12, here.octets, 4) == 0 && memcmp(p + 16, there.octets, 4) == 0);
    CHECK(two(p + 20) == 5070 && two(p + 22) == 5060 && two(p + 24) == 11);
    CHECK_EQ(sum(17 + 11, p + 12, 19), 0xffff);
    CHECK(memcmp(p + 28, "odd", 3) == 0);
    CHECK_EQ(pcap_next_ex(in, &head, &p), 1);
    CHECK(two(p + 20) == 5060 && two(p + 22) == 5070 && memcmp(p + 28, "back", 4) == 0);
    CHECK_EQ(pcap_next_ex(in, &head, &p), PCAP_ERROR_BREAK);
    pcap_close(in);
}

TND_TEST(
    capture_tcp, "RFC 9293 §3.1",
    "messages of a connection follow one another by their sequence numbers; what is too long is cut apart")
{
    struct tnd_capture *c = start();
    struct pcap_pkthdr *head;
    const unsigned char *p;
    char *large = calloc(1, 100000);

    tnd_capture_add(c, &(struct tnd_seen){true, false, 0, here6, there6, TND_STR("12345")}, 0);
    tnd_capture_add(c, &(struct tnd_seen){false, false, 0, here6, there6, TND_STR("1234567")}, 0);
    tnd_capture_add(c, &(struct tnd_seen){true, false, 0, here6, there6, tnd_slice(large, 100000)},
                    0);
    free(large);
    pcap_t *in = again(&c);
    CHECK_EQ(pcap_next_ex(in, &head, &p), 1);
    CHECK(p[0] == 0x60 && two(p + 4) == 25 && p[6] == 6 && two(p + 40) == 40000);
    CHECK(two(p + 46) == 1 && two(p + 50) == 1 && memcmp(p + 60, "12345", 5) == 0);
    CHECK_EQ(sum(6 + 25, p + 8, 32 + 25), 0xffff);
    CHECK_EQ(pcap_next_ex(in, &head, &p), 1);
    CHECK(two(p + 40) == 5060 && two(p + 46) == 1 && two(p + 50) == 6);
    size_t length = 0;
    while (pcap_next_ex(in, &head, &p) == 1) {
        CHECK_EQ((size_t)two(p + 44) << 16 | two(p + 46), 6 + length);
        CHECK_EQ(two(p + 50), 8);
        CHECK_EQ(sum(6 + two(p + 4), p + 8, 32 + two(p + 4)), 0xffff);
        length += head->caplen - 60;
    }
    CHECK_EQ(length, 100000);
    pcap_close(in);
}

TND_TEST(capture_nowhere, "net/capture.h", "a file that cannot be written is told")
{
    const char *why = NULL;

    CHECK(tnd_capture_open("/nowhere/at/all.pcap", &why) == NULL && why && *why);
}
