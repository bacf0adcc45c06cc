/* IPv4 (RFC 791) and IPv6 (RFC 8200). Checksums are not looked at: what leaves the machine that captures has
 * none yet, its network card makes them. */
#include "trace/ip.h"

enum {
    IP4_HEAD_MIN = 20,
    IP6_HEAD_LEN = 40,
    MORE_FRAGMENTS = 0x2000,
    OFFSET_MASK = 0x1fff,
    /* headers of IPv6, by the number that announces them */
    HOP_BY_HOP = 0,
    ROUTING = 43,
    FRAGMENT = 44,
    AUTHENTICATION = 51,
    DESTINATION = 60,
    MOBILITY = 135,
};

/* What is left of the payload behind its first len bytes. false: it is not that long. */
static bool skip(struct tnd_ip *ip, size_t len)
{
    if (ip->payload.len < len || ip->len < len)
        return false;
    ip->payload = tnd_slice(ip->payload.ptr + len, ip->payload.len - len);
    ip->len -= len;
    return true;
}

/* len bytes were sent; what is behind them is of the link. */
static void bound(struct tnd_ip *ip, size_t len)
{
    ip->len = len;
    if (ip->payload.len > len)
        ip->payload.len = len;
}

static bool read_4(struct tnd_slice bytes, size_t on_wire, struct tnd_ip *ret)
{
    const char *p = bytes.ptr;

    if (bytes.len < IP4_HEAD_MIN)
        return false;
    size_t head = ((unsigned char)p[0] & 15u) * 4, len = tnd_get_16(p + 2);
    uint32_t fragment = tnd_get_16(p + 6);
    if (len == 0) /* the network card is yet to cut it into segments */
        len = on_wire;
    if (head < IP4_HEAD_MIN || len < head)
        return false;
    bound(ret, len);
    ret->from = tnd_endpoint(TND_TRANSPORT_NONE, (const uint8_t *)p + 12, 4, 0);
    ret->to = tnd_endpoint(TND_TRANSPORT_NONE, (const uint8_t *)p + 16, 4, 0);
    ret->protocol = (uint8_t)p[9];
    ret->id = tnd_get_16(p + 4);
    ret->offset = (fragment & OFFSET_MASK) * 8;
    ret->has_more = (fragment & MORE_FRAGMENTS) != 0;
    ret->is_fragment = ret->has_more || ret->offset > 0;
    return skip(ret, head);
}

/* RFC 8200 §4.5. */
static bool read_fragment(struct tnd_ip *ip)
{
    if (ip->payload.len < 8)
        return false;
    uint32_t where = tnd_get_16(ip->payload.ptr + 2);
    ip->offset = where & 0xfff8;
    ip->has_more = (where & 1) != 0;
    ip->id = tnd_get_32(ip->payload.ptr + 4);
    ip->is_fragment = ip->has_more || ip->offset > 0;
    return true;
}

/* How long the extension header at the front is; 0: it is none, or cut off. */
static size_t extension_len(const struct tnd_ip *ip)
{
    if (ip->payload.len < 2)
        return 0;
    size_t len = (unsigned char)ip->payload.ptr[1];
    switch (ip->protocol) {
    case HOP_BY_HOP:
    case ROUTING:
    case DESTINATION:
    case MOBILITY:
        return (len + 1) * 8;
    case FRAGMENT:
        return 8;
    case AUTHENTICATION: /* counts in another way: RFC 4302 §2.2 */
        return (len + 2) * 4;
    default:
        return 0;
    }
}

static bool read_6(struct tnd_slice bytes, size_t on_wire, struct tnd_ip *ret)
{
    const char *p = bytes.ptr;

    if (bytes.len < IP6_HEAD_LEN)
        return false;
    size_t len = tnd_get_16(p + 4);
    bound(ret, len > 0 ? len + IP6_HEAD_LEN : on_wire);
    ret->from = tnd_endpoint(TND_TRANSPORT_NONE, (const uint8_t *)p + 8, 16, 0);
    ret->to = tnd_endpoint(TND_TRANSPORT_NONE, (const uint8_t *)p + 24, 16, 0);
    ret->protocol = (uint8_t)p[6];
    if (!skip(ret, IP6_HEAD_LEN))
        return false;
    for (size_t extension; (extension = extension_len(ret)) > 0;) {
        uint8_t next = (uint8_t)ret->payload.ptr[0];
        bool is_fragment = ret->protocol == FRAGMENT;

        if ((is_fragment && !read_fragment(ret)) || !skip(ret, extension))
            return false;
        ret->protocol = next;
        if (is_fragment && ret->offset > 0)
            break; /* what follows is the middle of something */
    }
    return true;
}

bool tnd_ip_read(struct tnd_slice bytes, size_t on_wire, struct tnd_ip *ret)
{
    struct tnd_ip ip = {.payload = bytes, .len = on_wire};
    unsigned version = bytes.len > 0 ? (unsigned char)bytes.ptr[0] >> 4 : 0;

    if (!(version == 4 && read_4(bytes, on_wire, &ip)) &&
        !(version == 6 && read_6(bytes, on_wire, &ip)))
        return false;
    *ret = ip;
    return true;
}
