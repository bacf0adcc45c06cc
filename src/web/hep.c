/* Packets of HEP. */
#include "web/hep.h"

enum chunk {
    FAMILY = 1, /* 2: IPv4, 10: IPv6 */
    PROTOCOL,   /* 17: UDP, 6: TCP */
    SOURCE_IPV4,
    TARGET_IPV4,
    SOURCE_IPV6,
    TARGET_IPV6,
    SOURCE_PORT,
    TARGET_PORT,
    SECONDS,
    MICROSECONDS,
    KIND, /* 1: SIP */
    AGENT,
    PAYLOAD = 15,
    CORRELATION = 17, /* the Call-ID */
};

enum { HEAD_LEN = 6, CHUNK_HEAD_LEN = 6, CALL_ID_LEN_MAX = 1024 };

static void put_be(struct tnd_writer *w, uint64_t n, size_t len)
{
    while (len-- > 0)
        tnd_put_char(w, (char)(n >> 8 * len & 0xff));
}

static void put_head(struct tnd_writer *w, enum chunk type, size_t len)
{
    put_be(w, 0, 2); /* vendor: of everybody */
    put_be(w, type, 2);
    put_be(w, CHUNK_HEAD_LEN + len, 2);
}

static void put_number(struct tnd_writer *w, enum chunk type, uint64_t n, size_t len)
{
    put_head(w, type, len);
    put_be(w, n, len);
}

static void put_bytes(struct tnd_writer *w, enum chunk type, struct tnd_slice bytes)
{
    put_head(w, type, bytes.len);
    tnd_put(w, bytes);
}

static void put_address(struct tnd_writer *w, enum chunk ipv4, const struct tnd_endpoint *e,
                        bool is_ipv6)
{
    enum chunk type = is_ipv6 ? (enum chunk)(ipv4 + 2) : ipv4;

    put_bytes(w, type, tnd_slice((const char *)e->octets, is_ipv6 ? 16 : 4));
}

size_t tnd_hep_write(char room[static TND_HEP_PACKET_SIZE], const struct tnd_hep *m)
{
    bool is_ipv6 = m->from.family == TND_FAMILY_IPV6 && m->to.family == TND_FAMILY_IPV6;
    struct tnd_writer w = tnd_writer(room, TND_HEP_PACKET_SIZE);
    struct tnd_slice call_id = m->call_id, bytes = m->bytes;

    if (m->from.family != m->to.family || m->from.family == TND_FAMILY_NONE)
        return 0;
    tnd_put(&w, TND_STR("HEP3"));
    put_be(&w, 0, 2); /* the length, once it is known */
    put_number(&w, FAMILY, is_ipv6 ? 10 : 2, 1);
    put_number(&w, PROTOCOL, m->from.transport > TND_TRANSPORT_UDP ? 6 : 17, 1);
    put_address(&w, SOURCE_IPV4, &m->from, is_ipv6);
    put_address(&w, TARGET_IPV4, &m->to, is_ipv6);
    put_number(&w, SOURCE_PORT, m->from.port, 2);
    put_number(&w, TARGET_PORT, m->to.port, 2);
    put_number(&w, SECONDS, (uint64_t)(m->at / 1000000), 4);
    put_number(&w, MICROSECONDS, (uint64_t)(m->at % 1000000), 4);
    put_number(&w, KIND, 1, 1);
    put_number(&w, AGENT, m->agent, 4);
    if (call_id.len > 0 && call_id.len <= CALL_ID_LEN_MAX)
        put_bytes(&w, CORRELATION, call_id);
    if (bytes.len > TND_HEP_PACKET_SIZE - w.len - CHUNK_HEAD_LEN)
        bytes.len = TND_HEP_PACKET_SIZE - w.len - CHUNK_HEAD_LEN;
    put_bytes(&w, PAYLOAD, bytes);
    room[HEAD_LEN - 2] = (char)(w.len >> 8);
    room[HEAD_LEN - 1] = (char)(w.len & 0xff);
    return w.len;
}
