/* Links, and the headers of UDP (RFC 768) and TCP (RFC 9293 §3.1). */
#include "trace/packet.h"

enum {
    ETHERNET_HEAD_LEN = 14,
    COOKED_HEAD_LEN = 16,
    COOKED2_HEAD_LEN = 20,
    LOOPBACK_HEAD_LEN = 4,
    TAG_LEN = 4,
    UDP_HEAD_LEN = 8,
    TCP_HEAD_MIN = 20,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    /* EtherTypes */
    TYPE_IP4 = 0x0800,
    TYPE_IP6 = 0x86dd,
    TYPE_VLAN = 0x8100,
    TYPE_QINQ = 0x88a8,
    TYPE_QINQ_OLD = 0x9100, /* before IEEE 802.1ad there was this */
};

void tnd_packets_init(struct tnd_packets *p, const struct tnd_mem *mem)
{
    tnd_fragments_init(&p->fragments, mem);
}

void tnd_packets_fini(struct tnd_packets *p)
{
    tnd_fragments_fini(&p->fragments);
}

static bool is_tag(uint32_t type)
{
    return type == TYPE_VLAN || type == TYPE_QINQ || type == TYPE_QINQ_OLD;
}

/* How long all is that stands in front of IP. READY: it is IP. */
static enum tnd_packet_got read_tagged(struct tnd_slice bytes, size_t type_at, size_t head,
                                       size_t *ret_head)
{
    if (bytes.len < head)
        return TND_PACKET_BROKEN;
    uint32_t type = tnd_get_16(bytes.ptr + type_at);
    while (is_tag(type)) {
        if (bytes.len < head + TAG_LEN)
            return TND_PACKET_BROKEN;
        type = tnd_get_16(bytes.ptr + head + 2);
        head += TAG_LEN;
    }
    *ret_head = head;
    return type == TYPE_IP4 || type == TYPE_IP6 ? TND_PACKET_READY : TND_PACKET_NONE;
}

/* What family of addresses follows, in the order of the machine that wrote it: AF_INET is 2 everywhere,
 * AF_INET6 is not. */
static enum tnd_packet_got read_loopback(struct tnd_slice bytes, size_t *ret_head)
{
    if (bytes.len < LOOPBACK_HEAD_LEN)
        return TND_PACKET_BROKEN;
    uint32_t family = tnd_get_32(bytes.ptr);
    if (family > 0xffff)
        family = family >> 24 | (family >> 8 & 0xff00);
    *ret_head = LOOPBACK_HEAD_LEN;
    switch (family) {
    case 2:
    case 10: /* Linux */
    case 24: /* NetBSD, OpenBSD */
    case 28: /* FreeBSD */
    case 30: /* macOS */
        return TND_PACKET_READY;
    default:
        return TND_PACKET_NONE;
    }
}

static enum tnd_packet_got read_link(const struct tnd_frame *frame, size_t *ret_head)
{
    switch (frame->link) {
    case TND_LINK_ETHERNET:
        return read_tagged(frame->bytes, ETHERNET_HEAD_LEN - 2, ETHERNET_HEAD_LEN, ret_head);
    case TND_LINK_COOKED:
        return read_tagged(frame->bytes, COOKED_HEAD_LEN - 2, COOKED_HEAD_LEN, ret_head);
    case TND_LINK_COOKED2:
        return read_tagged(frame->bytes, 0, COOKED2_HEAD_LEN, ret_head);
    case TND_LINK_LOOPBACK:
        return read_loopback(frame->bytes, ret_head);
    case TND_LINK_RAW:
        *ret_head = 0;
        return TND_PACKET_READY;
    case TND_LINK_NONE:
        break;
    }
    return TND_PACKET_BROKEN;
}

/* The payload behind head bytes of it, of which len were sent in all. */
static void set_payload(struct tnd_packet *ret, struct tnd_slice all, size_t head, size_t len)
{
    size_t there = all.len < len ? all.len : len;

    ret->payload = tnd_slice(all.ptr + head, there - head);
    ret->missing = len - there;
}

static enum tnd_packet_got read_udp(const struct tnd_ip *ip, struct tnd_packet *ret)
{
    if (ip->payload.len < UDP_HEAD_LEN)
        return TND_PACKET_BROKEN;
    size_t len = tnd_get_16(ip->payload.ptr + 4);
    if (len == 0 || len > ip->len) /* left to the network card, or nonsense: IP knows too */
        len = ip->len;
    if (len < UDP_HEAD_LEN)
        return TND_PACKET_BROKEN;
    set_payload(ret, ip->payload, UDP_HEAD_LEN, len);
    ret->from.transport = ret->to.transport = TND_TRANSPORT_UDP;
    return TND_PACKET_READY;
}

static enum tnd_packet_got read_tcp(const struct tnd_ip *ip, struct tnd_packet *ret)
{
    const char *p = ip->payload.ptr;

    if (ip->payload.len < TCP_HEAD_MIN)
        return TND_PACKET_BROKEN;
    size_t head = ((unsigned char)p[12] >> 4) * 4u;
    if (head < TCP_HEAD_MIN || head > ip->payload.len)
        return TND_PACKET_BROKEN;
    ret->sequence = tnd_get_32(p + 4);
    ret->acknowledged = tnd_get_32(p + 8);
    ret->flags = (uint8_t)p[13];
    set_payload(ret, ip->payload, head, ip->len);
    ret->from.transport = ret->to.transport = TND_TRANSPORT_TCP;
    return TND_PACKET_READY;
}

static enum tnd_packet_got read_protocol(const struct tnd_ip *ip, struct tnd_packet *ret)
{
    if (ip->protocol != PROTOCOL_UDP && ip->protocol != PROTOCOL_TCP)
        return TND_PACKET_NONE;
    if (ip->payload.len < 4)
        return TND_PACKET_BROKEN;
    ret->from = ip->from;
    ret->to = ip->to;
    ret->from.port = (uint16_t)tnd_get_16(ip->payload.ptr);
    ret->to.port = (uint16_t)tnd_get_16(ip->payload.ptr + 2);
    return ip->protocol == PROTOCOL_UDP ? read_udp(ip, ret) : read_tcp(ip, ret);
}

enum tnd_packet_got tnd_packets_read(struct tnd_packets *p, const struct tnd_frame *frame,
                                     struct tnd_packet *ret)
{
    struct tnd_packet packet = {.at = frame->at, .number = frame->number};
    struct tnd_ip ip;
    size_t head = 0;
    enum tnd_packet_got got = read_link(frame, &head);

    if (got != TND_PACKET_READY)
        return got;
    struct tnd_slice bytes = tnd_slice(frame->bytes.ptr + head, frame->bytes.len - head);
    size_t on_wire = frame->on_wire > frame->bytes.len ? frame->on_wire - head : bytes.len;
    if (!tnd_ip_read(bytes, on_wire, &ip))
        return TND_PACKET_BROKEN;
    if (ip.is_fragment) {
        int err = tnd_fragments_add(&p->fragments, &ip, frame->at, frame->number, &ip);

        if (err)
            return err == TND_ESYNTAX ? TND_PACKET_BROKEN : TND_PACKET_NONE;
    }
    got = read_protocol(&ip, &packet);
    if (got == TND_PACKET_READY)
        *ret = packet;
    return got;
}

bool tnd_packets_give_up(struct tnd_packets *p, int64_t now, struct tnd_packet *ret)
{
    struct tnd_packet packet = {0};
    struct tnd_ip ip;

    while (tnd_fragments_give_up(&p->fragments, now, &ip, &packet.at, &packet.number))
        if (ip.protocol == PROTOCOL_UDP && read_protocol(&ip, &packet) == TND_PACKET_READY) {
            *ret = packet;
            return true;
        }
    return false;
}
