/* Reads the value of each kind of line: RFC 8866 §5.1 to §5.14, a function each. What
 * breaks its rule is named and left out, but for "m=": streams are counted by their lines
 * (RFC 3264 §6), so a broken one keeps its place. */
#include "sdp/read.h"

/* Whether a place is left in a list; says so once if not. */
static bool has_place(struct reader *r, size_t *left, struct tnd_slice line)
{
    if (*left > 0) {
        (*left)--;
        return true;
    }
    if (!r->full)
        tnd_sdp_blame(r->flaws, TND_RULE_SDP_COUNT, line);
    r->full = true;
    return false;
}

static void check_spaces(struct reader *r, struct tnd_slice line, struct tnd_slice value)
{
    if (tnd_sdp_is_loose(value)) /* RFC 8866 §5: a single space character */
        tnd_sdp_blame(r->flaws, TND_RULE_SDP_SPACE, line);
}

/* text that may not be empty; an empty one is named and absent. */
static void read_text(struct reader *r, struct tnd_slice line, struct tnd_slice value,
                      struct tnd_slice *ret)
{
    if (value.len == 0)
        tnd_sdp_blame(r->flaws, TND_RULE_SDP_EMPTY, line);
    else
        *ret = value;
}

static bool read_origin_fields(struct tnd_slice value, struct tnd_sdp_origin *ret)
{
    struct tnd_slice session_id, version, more;
    enum tnd_sdp_addr kind;
    bool multicast;

    if (!tnd_sdp_field(&value, &ret->user) || !tnd_sdp_field(&value, &session_id) ||
        !tnd_sdp_field(&value, &version) || !tnd_sdp_field(&value, &ret->net_type) ||
        !tnd_sdp_field(&value, &ret->addr_type) || !tnd_sdp_field(&value, &ret->address) ||
        tnd_sdp_field(&value, &more))
        return false;
    /* RFC 3264 §5: MUST be representable with a 64 bit signed integer. */
    return tnd_slice_number(session_id, INT64_MAX, &ret->session_id) &&
           tnd_slice_number(version, INT64_MAX, &ret->version) && tnd_sdp_is_word(ret->user) &&
           tnd_sdp_is_token(ret->net_type) && tnd_sdp_is_token(ret->addr_type) &&
           tnd_sdp_addr_kind(ret->addr_type, ret->address, &kind, &multicast);
}

static void read_origin(struct reader *r, struct tnd_slice line, struct tnd_slice value)
{
    struct tnd_sdp_origin origin;

    check_spaces(r, line, value);
    if (read_origin_fields(value, &origin))
        r->sdp->origin = origin;
    else
        tnd_sdp_blame(r->flaws, TND_RULE_SDP_ORIGIN, line);
}

static void read_conn(struct reader *r, struct tnd_slice line, struct tnd_slice value)
{
    struct tnd_sdp_conn conn;
    enum tnd_rule broken = tnd_sdp_conn_read(value, &conn);

    check_spaces(r, line, value);
    if (broken == TND_RULE_NONE && !r->media && conn.count > 1) /* RFC 8866 §5.7: MUST NOT */
        broken = TND_RULE_SDP_CONNECTION_ONE;
    if (broken == TND_RULE_NONE && r->part->conn_count > 0 && !conn.multicast)
        broken = TND_RULE_SDP_CONNECTION_ONE;
    if (broken != TND_RULE_NONE) {
        tnd_sdp_blame(r->flaws, broken, line);
        return;
    }
    if (!has_place(r, &r->lists.conn_left, line))
        return;
    if (r->part->conn_count++ == 0)
        r->part->conns = r->lists.conn;
    *r->lists.conn++ = conn;
}

static void read_bandwidth(struct reader *r, struct tnd_slice line, struct tnd_slice value)
{
    struct tnd_sdp_bandwidth bandwidth;

    if (!tnd_sdp_cut(&value, ':', &bandwidth.type) || !tnd_sdp_is_token(bandwidth.type) ||
        !tnd_slice_number(value, UINT64_MAX, &bandwidth.value)) {
        tnd_sdp_blame(r->flaws, TND_RULE_SDP_BANDWIDTH, line);
        return;
    }
    if (!has_place(r, &r->lists.bandwidth_left, line))
        return;
    if (r->part->bandwidth_count++ == 0)
        r->part->bandwidths = r->lists.bandwidth;
    *r->lists.bandwidth++ = bandwidth;
}

static void read_time(struct reader *r, struct tnd_slice line, struct tnd_slice value)
{
    struct tnd_sdp_time time = {0};
    struct tnd_slice start, stop, more;

    check_spaces(r, line, value);
    if (!tnd_sdp_field(&value, &start) || !tnd_sdp_field(&value, &stop) ||
        tnd_sdp_field(&value, &more) || !tnd_slice_number(start, UINT64_MAX, &time.start) ||
        !tnd_slice_number(stop, UINT64_MAX, &time.stop)) {
        tnd_sdp_blame(r->flaws, TND_RULE_SDP_TIME, line);
        return;
    }
    if (!has_place(r, &r->lists.time_left, line))
        return;
    if (r->sdp->time_count++ == 0)
        r->sdp->times = r->lists.time;
    r->time = r->lists.time++;
    *r->time = time;
}

static void read_repeat(struct reader *r, struct tnd_slice line, struct tnd_slice value)
{
    if (!r->time || !tnd_sdp_is_repeat(value)) {
        tnd_sdp_blame(r->flaws, TND_RULE_SDP_REPEAT, line);
        return;
    }
    check_spaces(r, line, value);
    if (!has_place(r, &r->lists.repeat_left, line))
        return;
    if (r->time->repeat_count++ == 0)
        r->time->repeats = r->lists.repeat;
    *r->lists.repeat++ = value;
}

static void read_zones(struct reader *r, struct tnd_slice line, struct tnd_slice value)
{
    if (!r->time || r->time->zones.ptr || !tnd_sdp_is_zones(value)) {
        tnd_sdp_blame(r->flaws, TND_RULE_SDP_ZONE, line);
        return;
    }
    check_spaces(r, line, value);
    r->time->zones = value;
}

/* A second direction contradicts the first or says nothing (RFC 8866 §6.7). */
static void check_direction(struct reader *r, const struct tnd_sdp_attr *attr,
                            struct tnd_slice line)
{
    enum tnd_sdp_direction direction;

    if (!tnd_sdp_direction_read(attr->name, &direction))
        return;
    if (r->has_direction)
        tnd_sdp_blame(r->flaws, TND_RULE_SDP_DIRECTION_ONCE, line);
    r->has_direction = true;
}

/* Up to one a=rtpmap for each format (RFC 8866 §6.6). */
static void check_mapped(struct reader *r, const struct tnd_sdp_attr *attr, struct tnd_slice line)
{
    struct tnd_sdp_rtpmap map;

    if (!tnd_slice_eq(attr->name, TND_STR("rtpmap")) || !tnd_sdp_rtpmap_read(attr->value, &map))
        return;
    uint64_t *word = &r->mapped[map.payload / 64], bit = (uint64_t)1 << map.payload % 64;
    if (*word & bit)
        tnd_sdp_blame(r->flaws, TND_RULE_SDP_RTPMAP_ONCE, line);
    *word |= bit;
}

static void read_attr(struct reader *r, struct tnd_slice line, struct tnd_slice value)
{
    struct tnd_sdp_attr attr = {.value = {NULL, 0}};

    if (tnd_sdp_cut(&value, ':', &attr.name))
        attr.value = value;
    if (!tnd_sdp_is_token(attr.name) || (attr.value.ptr && attr.value.len == 0)) {
        tnd_sdp_blame(r->flaws, TND_RULE_SDP_ATTRIBUTE, line);
        return;
    }
    enum tnd_rule broken = tnd_sdp_attr_check(&attr);
    if (broken != TND_RULE_NONE)
        tnd_sdp_blame(r->flaws, broken, line);
    check_direction(r, &attr, line);
    check_mapped(r, &attr, line);
    if (!has_place(r, &r->lists.attr_left, line))
        return;
    if (r->part->attr_count++ == 0)
        r->part->attrs = r->lists.attr;
    *r->lists.attr++ = attr;
}

/* port ["/" integer] */
static bool read_port(struct tnd_slice field, struct tnd_sdp_media *media)
{
    struct tnd_slice port;
    uint64_t n, count = 1;

    bool has_count = tnd_sdp_cut(&field, '/', &port);
    if (!tnd_slice_number(port, UINT16_MAX, &n))
        return false;
    if (has_count && (!tnd_slice_number(field, UINT16_MAX, &count) || count == 0))
        return false;
    media->port = (uint16_t)n;
    media->port_count = (uint16_t)count;
    return true;
}

/* In RTP a format is a payload type, 0 to 127 (RFC 8866 §5.14, §6.6). */
static bool is_format(const struct tnd_sdp_media *media, struct tnd_slice format)
{
    uint64_t payload;

    if (!tnd_sdp_is_token(format))
        return false;
    return !tnd_sdp_is_rtp(media->proto) ||
           tnd_slice_number(format, TND_SDP_PAYLOAD_COUNT - 1, &payload);
}

/* 1*(SP fmt) */
static void read_formats(struct reader *r, struct tnd_slice line, struct tnd_slice rest)
{
    struct tnd_sdp_media *media = r->media;
    struct tnd_slice format;
    size_t left = TND_SDP_FORMAT_COUNT_MAX;

    media->formats = r->lists.format;
    while (tnd_sdp_field(&rest, &format)) {
        if (!has_place(r, &left, line))
            return;
        if (!is_format(media, format)) {
            tnd_sdp_blame(r->flaws, TND_RULE_SDP_FORMAT, format);
            continue;
        }
        TND_ASSERT(r->lists.format_left > 0); /* the first pass counted them */
        r->lists.format_left--;
        *r->lists.format++ = format;
        media->format_count++;
    }
}

static void start_part(struct reader *r)
{
    if (!r->media)
        r->seen_session = r->seen;
    r->media = r->lists.media++;
    r->part = &r->media->part;
    r->rank = 0;
    r->seen = 0;
    r->has_direction = false;
    memset(r->mapped, 0, sizeof(r->mapped));
    if (r->sdp->media_count++ == 0)
        r->sdp->media = r->media;
}

static void read_media(struct reader *r, struct tnd_slice line, struct tnd_slice value)
{
    struct tnd_slice port;

    if (!has_place(r, &r->lists.media_left, line))
        return;
    start_part(r);
    check_spaces(r, line, value);
    if (!tnd_sdp_field(&value, &r->media->type) || !tnd_sdp_field(&value, &port) ||
        !tnd_sdp_field(&value, &r->media->proto) || !tnd_sdp_is_token(r->media->type) ||
        !read_port(port, r->media) || !tnd_sdp_is_proto(r->media->proto)) {
        tnd_sdp_blame(r->flaws, TND_RULE_SDP_MEDIA, line);
        return;
    }
    read_formats(r, line, value);
    if (r->media->format_count == 0)
        tnd_sdp_blame(r->flaws, TND_RULE_SDP_MEDIA, line);
}

/* "e=" and "p=": free text, of which nothing depends here. */
static void read_contact(struct reader *r, struct tnd_slice line, struct tnd_slice value,
                         struct tnd_slice *place, size_t *left, size_t *count)
{
    struct tnd_slice text = {NULL, 0};

    read_text(r, line, value, &text);
    if (text.ptr && has_place(r, left, line))
        place[(*count)++] = text;
}

void tnd_sdp_read_value(struct reader *r, char letter, struct tnd_slice line,
                        struct tnd_slice value)
{
    struct tnd_sdp *sdp = r->sdp;

    switch (letter) {
    case 'v':
        if (!tnd_slice_eq(value, TND_STR("0"))) /* RFC 8866 §5.1 */
            tnd_sdp_blame(r->flaws, TND_RULE_SDP_VERSION, line);
        return;
    case 'o':
        read_origin(r, line, value);
        return;
    case 's':
        read_text(r, line, value, &sdp->name);
        return;
    case 'i':
        read_text(r, line, value, &r->part->info);
        return;
    case 'u':
        read_text(r, line, value, &sdp->uri);
        return;
    case 'e':
        sdp->emails = r->lists.email;
        read_contact(r, line, value, r->lists.email, &r->lists.email_left, &sdp->email_count);
        return;
    case 'p':
        sdp->phones = r->lists.phone;
        read_contact(r, line, value, r->lists.phone, &r->lists.phone_left, &sdp->phone_count);
        return;
    case 'c':
        read_conn(r, line, value);
        return;
    case 'b':
        read_bandwidth(r, line, value);
        return;
    case 't':
        read_time(r, line, value);
        return;
    case 'r':
        read_repeat(r, line, value);
        return;
    case 'z':
        read_zones(r, line, value);
        return;
    case 'k': /* RFC 8866 §5.12: MUST discard it */
        tnd_sdp_blame(r->flaws, TND_RULE_SDP_KEY, line);
        return;
    case 'a':
        read_attr(r, line, value);
        return;
    }
    TND_ASSERT(letter == 'm'); /* no other has a place in the order */
    read_media(r, line, value);
}
