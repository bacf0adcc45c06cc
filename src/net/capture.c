/* Packets in a file, by libpcap: IP without a link layer below it (LINKTYPE_RAW). */
#include "net/capture.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>

enum {
    SNAP_LEN = 262144,
    IP4_HEAD_LEN = 20,
    IP6_HEAD_LEN = 40,
    UDP_HEAD_LEN = 8,
    TCP_HEAD_LEN = 20,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    PAYLOAD_LEN_MAX = 65535 - IP4_HEAD_LEN - TCP_HEAD_LEN,
    HOPS = 64,
    CONNECTION_COUNT_MAX = 64, /* whose sequence numbers are known; then the oldest is forgotten */
    FIRST_SEQUENCE = 1,
};

struct connection {
    struct tnd_endpoint local, remote;
    uint32_t sent, received; /* the next sequence number of each side */
};

struct tnd_capture {
    pcap_t *dead;
    pcap_dumper_t *out;
    struct connection connections[CONNECTION_COUNT_MAX];
    size_t connection_count;
    unsigned char packet[65535 + IP6_HEAD_LEN];
};

struct packet {
    const struct tnd_endpoint *from, *to;
    struct tnd_slice payload;
    uint32_t sequence, acknowledged; /* of TCP */
};

struct tnd_capture *tnd_capture_open(const char *path, const char **ret_why)
{
    static char why[PCAP_ERRBUF_SIZE];
    struct tnd_capture *c = calloc(1, sizeof(*c));

    if (c)
        c->dead = pcap_open_dead(DLT_RAW, SNAP_LEN);
    if (c && c->dead)
        c->out = pcap_dump_open(c->dead, path);
    if (c && c->out)
        return c;
    snprintf(why, sizeof(why), "%s", c && c->dead ? pcap_geterr(c->dead) : "out of memory");
    *ret_why = why;
    tnd_capture_close(&c);
    return NULL;
}

int tnd_capture_close(struct tnd_capture **c)
{
    int err = 0;

    if (!*c)
        return 0;
    if ((*c)->out) {
        err = pcap_dump_flush((*c)->out) < 0 || ferror(pcap_dump_file((*c)->out)) ? EIO : 0;
        pcap_dump_close((*c)->out);
    }
    if ((*c)->dead)
        pcap_close((*c)->dead);
    free(*c);
    *c = NULL;
    return err;
}

static unsigned char *put(unsigned char *p, uint32_t n, int octets)
{
    while (octets-- > 0)
        *p++ = (unsigned char)(n >> 8 * octets);
    return p;
}

static unsigned char *put_bytes(unsigned char *p, const void *bytes, size_t len)
{
    memcpy(p, bytes, len);
    return p + len;
}

/* RFC 1071: the sum of 16-bit words, added to one that was begun. */
static uint32_t sum(uint32_t begun, const unsigned char *p, size_t len)
{
    for (size_t i = 0; i + 1 < len; i += 2)
        begun += (uint32_t)p[i] << 8 | p[i + 1];
    if (len % 2)
        begun += (uint32_t)p[len - 1] << 8;
    while (begun >> 16)
        begun = (begun & 0xffff) + (begun >> 16);
    return begun;
}

/* Of the pseudo-header (RFC 9293 §3.1, RFC 8200 §8.1), the header and the payload. */
static uint16_t checksum(const struct packet *p, uint32_t protocol, const unsigned char *head,
                         size_t len)
{
    size_t octets = p->from->family == TND_FAMILY_IPV6 ? 16 : 4;
    uint32_t total = sum(protocol + (uint32_t)len, p->from->octets, octets);

    total = sum(total, p->to->octets, octets);
    return (uint16_t)~sum(total, head, len);
}

static unsigned char *put_ip(unsigned char *at, const struct packet *p, uint32_t protocol,
                             size_t len)
{
    unsigned char *begin = at;

    if (p->from->family == TND_FAMILY_IPV6) {
        at = put(at, 6U << 28, 4);
        at = put(at, (uint32_t)len, 2);
        at = put(at, protocol, 1);
        at = put(at, HOPS, 1);
        at = put_bytes(at, p->from->octets, 16);
        return put_bytes(at, p->to->octets, 16);
    }
    at = put(at, 0x4500, 2);
    at = put(at, (uint32_t)len + IP4_HEAD_LEN, 2);
    at = put(at, 0x4000, 4); /* identification 0, not to be fragmented */
    at = put(at, HOPS, 1);
    at = put(at, protocol, 1);
    at = put(at, 0, 2);
    at = put_bytes(at, p->from->octets, 4);
    at = put_bytes(at, p->to->octets, 4);
    put(begin + 10, (uint16_t)~sum(0, begin, IP4_HEAD_LEN), 2);
    return at;
}

static unsigned char *put_udp(unsigned char *at, const struct packet *p)
{
    unsigned char *begin = at;
    size_t len = UDP_HEAD_LEN + p->payload.len;

    at = put(at, p->from->port, 2);
    at = put(at, p->to->port, 2);
    at = put(at, (uint32_t)len, 2);
    at = put(at, 0, 2);
    at = put_bytes(at, p->payload.ptr, p->payload.len);
    uint16_t check = checksum(p, PROTOCOL_UDP, begin, len);
    put(begin + 6, check ? check : 0xffff, 2); /* RFC 768: 0 would mean that there is none */
    return at;
}

static unsigned char *put_tcp(unsigned char *at, const struct packet *p)
{
    unsigned char *begin = at;

    at = put(at, p->from->port, 2);
    at = put(at, p->to->port, 2);
    at = put(at, p->sequence, 4);
    at = put(at, p->acknowledged, 4);
    at = put(at, 0x5018, 2); /* five words of header; ACK and PSH */
    at = put(at, 0xffff, 2); /* window */
    at = put(at, 0, 4);
    at = put_bytes(at, p->payload.ptr, p->payload.len);
    put(begin + 16, checksum(p, PROTOCOL_TCP, begin, TCP_HEAD_LEN + p->payload.len), 2);
    return at;
}

static void dump(struct tnd_capture *c, const struct packet *p, bool is_tcp, int64_t wall)
{
    size_t head = is_tcp ? TCP_HEAD_LEN : UDP_HEAD_LEN;
    unsigned char *at =
        put_ip(c->packet, p, is_tcp ? PROTOCOL_TCP : PROTOCOL_UDP, head + p->payload.len);

    at = is_tcp ? put_tcp(at, p) : put_udp(at, p);
    struct pcap_pkthdr header = {.ts = {wall / TND_SEC(1), wall % TND_SEC(1)},
                                 .caplen = (bpf_u_int32)(at - c->packet),
                                 .len = (bpf_u_int32)(at - c->packet)};
    pcap_dump((unsigned char *)c->out, &header, c->packet);
}

static struct connection *connection_of(struct tnd_capture *c, const struct tnd_seen *seen)
{
    for (size_t i = 0; i < c->connection_count && i < CONNECTION_COUNT_MAX; i++)
        if (tnd_endpoint_eq(&c->connections[i].local, &seen->local) &&
            tnd_endpoint_eq(&c->connections[i].remote, &seen->remote))
            return &c->connections[i];
    struct connection *new = &c->connections[c->connection_count++ % CONNECTION_COUNT_MAX];
    *new = (struct connection){seen->local, seen->remote, FIRST_SEQUENCE, FIRST_SEQUENCE};
    return new;
}

void tnd_capture_add(struct tnd_capture *c, const struct tnd_seen *seen, int64_t wall)
{
    bool is_tcp = seen->local.transport == TND_TRANSPORT_TCP;
    struct connection *connection = is_tcp ? connection_of(c, seen) : NULL;
    struct tnd_slice left = seen->bytes;

    if (seen->local.family != seen->remote.family || seen->local.family == TND_FAMILY_NONE)
        return; /* it has not left */
    do {
        size_t len = left.len < PAYLOAD_LEN_MAX ? left.len : PAYLOAD_LEN_MAX;
        struct packet p = {.from = seen->sent ? &seen->local : &seen->remote,
                           .to = seen->sent ? &seen->remote : &seen->local,
                           .payload = tnd_slice(left.ptr, len)};

        if (connection) {
            uint32_t *mine = seen->sent ? &connection->sent : &connection->received;

            p.sequence = *mine;
            p.acknowledged = seen->sent ? connection->received : connection->sent;
            *mine += (uint32_t)len;
        }
        dump(c, &p, is_tcp, wall);
        left = tnd_slice(left.ptr + len, left.len - len);
    } while (left.len > 0);
}
