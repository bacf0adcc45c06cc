/* Addresses and the "c=" line: RFC 8866 §5.7. */
#include "base/ascii.h"
#include "sdp/text.h"

/* decimal-uchar: 0 to 255, without leading zeros (RFC 8866 §9). */
static bool read_octet(struct tnd_slice s, uint64_t *ret)
{
    return s.len <= 3 && (s.len < 2 || s.ptr[0] != '0') && tnd_slice_number(s, 255, ret);
}

/* ret_first is the first octet. */
static bool is_ip4(struct tnd_slice s, uint64_t *ret_first)
{
    struct tnd_slice part;
    uint64_t octet, first = 0;

    for (int i = 0; i < 4; i++) {
        if (tnd_sdp_cut(&s, '.', &part) != (i < 3) || !read_octet(part, &octet))
            return false;
        if (i == 0)
            first = octet;
    }
    *ret_first = first;
    return true;
}

static bool is_h16(struct tnd_slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (tnd_hex_value(s.ptr[i]) < 0)
            return false;
    return s.len >= 1 && s.len <= 4;
}

/* How many 16-bit groups s is: h16 parted by colons, the last perhaps an IP4-address.
 * -1: it is not. Nothing at all is no group. */
static int count_groups(struct tnd_slice s, bool ip4_may_end)
{
    struct tnd_slice part;
    uint64_t first;
    int count = 0;
    bool more = s.len > 0;

    while (more && count <= 8) {
        more = tnd_sdp_cut(&s, ':', &part);
        if (is_h16(part))
            count++;
        else if (!more && ip4_may_end && is_ip4(part, &first))
            count += 2;
        else
            return -1;
    }
    return count;
}

/* IP6-address: eight groups, or fewer around one "::" (RFC 8866 §9). */
static bool is_ip6(struct tnd_slice s)
{
    size_t gap = 0;

    if (s.len > 45) /* the longest, with an IP4-address at its end */
        return false;
    while (gap + 1 < s.len && (s.ptr[gap] != ':' || s.ptr[gap + 1] != ':'))
        gap++;
    if (gap + 1 >= s.len)
        return count_groups(s, true) == 8;
    int before = count_groups(tnd_slice(s.ptr, gap), false);
    int after = count_groups(tnd_slice(s.ptr + gap + 2, s.len - gap - 2), true);
    return before >= 0 && after >= 0 && before + after <= 7;
}

static bool is_name(struct tnd_slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!tnd_is_alnum(s.ptr[i]) && s.ptr[i] != '-' && s.ptr[i] != '.')
            return false;
    return s.len > 0;
}

/* Digits and dots alone are an address that went wrong, not a name. */
static bool looks_numeric(struct tnd_slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!tnd_is_digit(s.ptr[i]) && s.ptr[i] != '.')
            return false;
    return true;
}

static bool ip4_kind(struct tnd_slice s, enum tnd_sdp_addr *ret_kind, bool *ret_multicast)
{
    uint64_t first;

    if (!is_ip4(s, &first) || first > 239) /* m1 and b1, RFC 8866 §9 */
        return false;
    *ret_kind = TND_SDP_ADDR_IP4;
    *ret_multicast = first >= 224;
    return true;
}

static bool ip6_kind(struct tnd_slice s, enum tnd_sdp_addr *ret_kind, bool *ret_multicast)
{
    if (!is_ip6(s))
        return false;
    *ret_kind = TND_SDP_ADDR_IP6;
    *ret_multicast = tnd_slice_eq_fold(tnd_slice(s.ptr, 2), TND_STR("ff"));
    return true;
}

static bool is_internet(struct tnd_slice addr_type)
{
    return tnd_slice_eq(addr_type, TND_STR("IP4")) || tnd_slice_eq(addr_type, TND_STR("IP6"));
}

bool tnd_sdp_addr_kind(struct tnd_slice addr_type, struct tnd_slice s, enum tnd_sdp_addr *ret_kind,
                       bool *ret_multicast)
{
    bool ip4 = tnd_slice_eq(addr_type, TND_STR("IP4"));

    if (!is_internet(addr_type)) {
        *ret_kind = TND_SDP_ADDR_OTHER;
        *ret_multicast = false;
        return tnd_sdp_is_word(s);
    }
    if (ip4 ? ip4_kind(s, ret_kind, ret_multicast) : ip6_kind(s, ret_kind, ret_multicast))
        return true;
    if (!is_name(s) || looks_numeric(s))
        return false;
    *ret_kind = TND_SDP_ADDR_NAME;
    *ret_multicast = false;
    return true;
}

/* An integer of RFC 8866 §9: it does not start with 0. */
static bool read_integer(struct tnd_slice s, uint64_t max, uint64_t *ret)
{
    return s.len > 0 && s.ptr[0] != '0' && tnd_slice_number(s, max, ret);
}

/* What follows the address: "/ttl/count" of IP4, "/count" of IP6, only of multicast. */
static enum tnd_rule read_scope(struct tnd_slice rest, bool has_rest, struct tnd_sdp_conn *conn)
{
    struct tnd_slice part;
    uint64_t n;

    if (!conn->multicast)
        return has_rest ? TND_RULE_SDP_CONNECTION_UNICAST : TND_RULE_NONE;
    if (conn->kind == TND_SDP_ADDR_IP4) { /* RFC 8866 §5.7: a TTL MUST be present */
        if (!has_rest)
            return TND_RULE_SDP_CONNECTION_TTL;
        has_rest = tnd_sdp_cut(&rest, '/', &part);
        if (!tnd_slice_number(part, 255, &n))
            return TND_RULE_SDP_CONNECTION_TTL;
        conn->ttl = (uint8_t)n;
    }
    if (!has_rest)
        return TND_RULE_NONE;
    if (!read_integer(rest, UINT16_MAX, &n))
        return TND_RULE_SDP_CONNECTION;
    conn->count = (uint32_t)n;
    return TND_RULE_NONE;
}

enum tnd_rule tnd_sdp_conn_read(struct tnd_slice value, struct tnd_sdp_conn *ret)
{
    struct tnd_sdp_conn conn = {.count = 1};
    struct tnd_slice rest, more;

    if (!tnd_sdp_field(&value, &conn.net_type) || !tnd_sdp_field(&value, &conn.addr_type) ||
        !tnd_sdp_field(&value, &rest) || tnd_sdp_field(&value, &more))
        return TND_RULE_SDP_CONNECTION;
    if (!tnd_sdp_is_token(conn.net_type) || !tnd_sdp_is_token(conn.addr_type))
        return TND_RULE_SDP_CONNECTION;
    if (!is_internet(conn.addr_type)) { /* what a "/" means is for that type to say */
        if (!tnd_sdp_is_word(rest))
            return TND_RULE_SDP_CONNECTION;
        conn.address = rest;
        *ret = conn;
        return TND_RULE_NONE;
    }
    bool has_rest = tnd_sdp_cut(&rest, '/', &conn.address);
    if (!tnd_sdp_addr_kind(conn.addr_type, conn.address, &conn.kind, &conn.multicast))
        return TND_RULE_SDP_CONNECTION;
    enum tnd_rule broken = read_scope(rest, has_rest, &conn);
    if (broken == TND_RULE_NONE)
        *ret = conn;
    return broken;
}

bool tnd_sdp_conn_to(struct tnd_slice address, struct tnd_sdp_conn *ret)
{
    struct tnd_sdp_conn conn = {TND_STR("IN"), TND_STR("IP4"), address, 0, 0, 0, 1};

    if (is_ip6(address))
        conn.addr_type = TND_STR("IP6");
    if (!tnd_sdp_addr_kind(conn.addr_type, address, &conn.kind, &conn.multicast) || conn.multicast)
        return false;
    *ret = conn;
    return true;
}

bool tnd_sdp_conn_is_hold(const struct tnd_sdp_conn *conn)
{
    return conn->kind == TND_SDP_ADDR_IP4 && tnd_slice_eq(conn->address, TND_STR("0.0.0.0"));
}

const struct tnd_sdp_conn *tnd_sdp_conn_of(const struct tnd_sdp *sdp,
                                           const struct tnd_sdp_media *media)
{
    if (media->part.conn_count > 0)
        return &media->part.conns[0];
    return sdp->session.conn_count > 0 ? &sdp->session.conns[0] : NULL;
}
