/* Attributes with a type: a function for each, and the table by which the reader checks
 * those that it knows. */
#include "tandem/sdp/attr.h"

#include "sdp/text.h"
#include "tandem/sdp/precondition.h"

const struct tnd_sdp_attr *tnd_sdp_attr_find(const struct tnd_sdp_part *part, const char *name)
{
    struct tnd_slice wanted = tnd_slice_str(name);

    for (size_t i = 0; i < part->attr_count; i++)
        if (tnd_slice_eq(part->attrs[i].name, wanted))
            return &part->attrs[i];
    return NULL;
}

/* The names in the order of enum tnd_sdp_direction. */
static const char *const direction_names[] = {"inactive", "sendonly", "recvonly", "sendrecv"};

bool tnd_sdp_direction_read(struct tnd_slice name, enum tnd_sdp_direction *ret)
{
    for (int i = TND_SDP_NONE; i <= TND_SDP_SENDRECV; i++) {
        if (!tnd_slice_eq(name, tnd_slice_str(direction_names[i])))
            continue;
        *ret = (enum tnd_sdp_direction)i;
        return true;
    }
    return false;
}

struct tnd_slice tnd_sdp_direction_name(enum tnd_sdp_direction direction)
{
    return tnd_slice_str(direction_names[direction & TND_SDP_SENDRECV]);
}

enum tnd_sdp_direction tnd_sdp_direction_reverse(enum tnd_sdp_direction direction)
{
    unsigned send = direction & TND_SDP_SEND, recv = direction & TND_SDP_RECV;

    return (enum tnd_sdp_direction)((send ? TND_SDP_RECV : 0) | (recv ? TND_SDP_SEND : 0));
}

static bool find_direction(const struct tnd_sdp_part *part, enum tnd_sdp_direction *ret)
{
    for (size_t i = 0; i < part->attr_count; i++)
        if (tnd_sdp_direction_read(part->attrs[i].name, ret))
            return true;
    return false;
}

enum tnd_sdp_direction tnd_sdp_direction_of(const struct tnd_sdp *sdp,
                                            const struct tnd_sdp_media *media)
{
    enum tnd_sdp_direction direction = TND_SDP_SENDRECV;

    if (!find_direction(&media->part, &direction)) /* RFC 8866 §6.7: the stream's own first */
        find_direction(&sdp->session, &direction);
    return direction;
}

/* integer: 1 or more, without leading zeros (RFC 8866 §9). */
static bool read_integer(struct tnd_slice s, uint32_t *ret)
{
    uint64_t n;

    if (s.len == 0 || s.ptr[0] == '0' || !tnd_slice_number(s, UINT32_MAX, &n))
        return false;
    *ret = (uint32_t)n;
    return true;
}

/* The digits after the point as microseconds: the first three of them count. */
static bool read_fraction(struct tnd_slice s, tnd_time *ret)
{
    tnd_time unit = TND_MS(1), sum = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
        unit /= 10;
        sum += unit * (s.ptr[i] - '0');
    }
    *ret = sum;
    return s.len > 0;
}

bool tnd_sdp_ptime_read(struct tnd_slice value, tnd_time *ret)
{
    struct tnd_slice whole;
    tnd_time fraction = 0;
    uint64_t ms;

    if (tnd_sdp_cut(&value, '.', &whole) && !read_fraction(value, &fraction))
        return false;
    if (!tnd_slice_number(whole, UINT32_MAX, &ms))
        return false;
    if (ms == 0 && fraction == 0) /* RFC 3264 §5.1: MUST be greater than zero */
        return false;
    *ret = TND_MS(ms) + fraction;
    return true;
}

bool tnd_sdp_rtpmap_read(struct tnd_slice value, struct tnd_sdp_rtpmap *ret)
{
    struct tnd_sdp_rtpmap map = {.channels = 1};
    struct tnd_slice payload, coding, clock, more;
    uint64_t n;

    if (!tnd_sdp_field(&value, &payload) || !tnd_sdp_field(&value, &coding) ||
        tnd_sdp_field(&value, &more))
        return false;
    if (!tnd_slice_number(payload, TND_SDP_PAYLOAD_COUNT - 1, &n))
        return false;
    map.payload = (uint8_t)n;
    if (!tnd_sdp_cut(&coding, '/', &map.encoding) || !tnd_sdp_is_token(map.encoding))
        return false;
    bool has_channels = tnd_sdp_cut(&coding, '/', &clock);
    if (!read_integer(clock, &map.clock) || (has_channels && !read_integer(coding, &map.channels)))
        return false;
    *ret = map;
    return true;
}

void tnd_sdp_rtpmap_write(struct tnd_writer *w, const struct tnd_sdp_rtpmap *map)
{
    tnd_put_number(w, map->payload);
    tnd_put_char(w, ' ');
    tnd_put(w, map->encoding);
    tnd_put_char(w, '/');
    tnd_put_number(w, map->clock);
    if (map->channels > 1) { /* RFC 8866 §6.6: may be left out if it is one */
        tnd_put_char(w, '/');
        tnd_put_number(w, map->channels);
    }
}

bool tnd_sdp_fmtp_read(struct tnd_slice value, struct tnd_sdp_fmtp *ret)
{
    struct tnd_sdp_fmtp fmtp;

    if (!tnd_sdp_cut(&value, ' ', &fmtp.format) || !tnd_sdp_is_token(fmtp.format))
        return false;
    fmtp.params = tnd_slice_trim(value);
    if (!tnd_sdp_is_text(fmtp.params))
        return false;
    *ret = fmtp;
    return true;
}

bool tnd_sdp_rtcp_read(struct tnd_slice value, struct tnd_sdp_rtcp *ret)
{
    struct tnd_sdp_rtcp rtcp = {0};
    struct tnd_slice port;
    uint64_t n;

    bool has_address = tnd_sdp_cut(&value, ' ', &port);
    if (!tnd_slice_number(port, UINT16_MAX, &n))
        return false;
    rtcp.port = (uint16_t)n;
    if (has_address && tnd_sdp_conn_read(value, &rtcp.conn) != TND_RULE_NONE)
        return false;
    *ret = rtcp;
    return true;
}

bool tnd_sdp_mid_read(struct tnd_slice value, struct tnd_slice *ret)
{
    if (!tnd_sdp_is_token(value))
        return false;
    *ret = value;
    return true;
}

bool tnd_sdp_group_read(struct tnd_slice value, struct tnd_sdp_group *ret)
{
    struct tnd_slice tag, rest;
    struct tnd_sdp_group group;

    tnd_sdp_cut(&value, ' ', &group.semantics);
    if (!tnd_sdp_is_token(group.semantics))
        return false;
    for (rest = value; tnd_sdp_field(&rest, &tag);)
        if (!tnd_sdp_is_token(tag))
            return false;
    group.tags = value;
    *ret = group;
    return true;
}

bool tnd_sdp_group_next(struct tnd_sdp_group *group, struct tnd_slice *ret)
{
    return tnd_sdp_field(&group->tags, ret);
}

static bool rtpmap_ok(const struct tnd_sdp_attr *attr)
{
    struct tnd_sdp_rtpmap map;

    return tnd_sdp_rtpmap_read(attr->value, &map);
}

static bool fmtp_ok(const struct tnd_sdp_attr *attr)
{
    struct tnd_sdp_fmtp fmtp;

    return tnd_sdp_fmtp_read(attr->value, &fmtp);
}

static bool ptime_ok(const struct tnd_sdp_attr *attr)
{
    tnd_time time;

    return tnd_sdp_ptime_read(attr->value, &time);
}

static bool rtcp_ok(const struct tnd_sdp_attr *attr)
{
    struct tnd_sdp_rtcp rtcp;

    return tnd_sdp_rtcp_read(attr->value, &rtcp);
}

static bool mid_ok(const struct tnd_sdp_attr *attr)
{
    return tnd_sdp_is_token(attr->value);
}

static bool group_ok(const struct tnd_sdp_attr *attr)
{
    struct tnd_sdp_group group;

    return tnd_sdp_group_read(attr->value, &group);
}

static bool precondition_ok(const struct tnd_sdp_attr *attr)
{
    struct tnd_sdp_precondition p;

    return tnd_sdp_precondition_read(attr, &p);
}

static bool property_ok(const struct tnd_sdp_attr *attr)
{
    return !attr->value.ptr;
}

static const struct {
    const char *name;
    bool (*is_ok)(const struct tnd_sdp_attr *attr);
    enum tnd_rule rule;
} known[] = {
    {"rtpmap", rtpmap_ok, TND_RULE_SDP_RTPMAP},
    {"fmtp", fmtp_ok, TND_RULE_SDP_FMTP},
    {"ptime", ptime_ok, TND_RULE_SDP_PTIME},
    {"maxptime", ptime_ok, TND_RULE_SDP_PTIME},
    {"sendrecv", property_ok, TND_RULE_SDP_DIRECTION_VALUE},
    {"sendonly", property_ok, TND_RULE_SDP_DIRECTION_VALUE},
    {"recvonly", property_ok, TND_RULE_SDP_DIRECTION_VALUE},
    {"inactive", property_ok, TND_RULE_SDP_DIRECTION_VALUE},
    {"rtcp", rtcp_ok, TND_RULE_SDP_RTCP},
    {"mid", mid_ok, TND_RULE_SDP_MID},
    {"group", group_ok, TND_RULE_SDP_GROUP},
    {"curr", precondition_ok, TND_RULE_SDP_PRECONDITION},
    {"des", precondition_ok, TND_RULE_SDP_PRECONDITION},
    {"conf", precondition_ok, TND_RULE_SDP_PRECONDITION},
};

enum tnd_rule tnd_sdp_attr_check(const struct tnd_sdp_attr *attr)
{
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (tnd_slice_eq(attr->name, tnd_slice_str(known[i].name)))
            return known[i].is_ok(attr) ? TND_RULE_NONE : known[i].rule;
    return TND_RULE_NONE;
}
