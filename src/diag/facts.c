/* What a message says that matters: why it was refused, where else to go, what is asked for, what is offered.
 * In the words of the wire alone, which are the same in every language. */
#include "diag/facts.h"
#include "tandem/sdp.h"

enum { FACT_LEN_MAX = 240, VALUE_COUNT_MAX = 4, CODEC_COUNT_MAX = 6 };

enum where {
    IN_REQUEST = 1,
    IN_1XX_2XX = 2,
    IN_3XX = 4,
    IN_4XX_6XX = 8,
    IN_RESPONSE = IN_1XX_2XX | IN_3XX | IN_4XX_6XX,
};

/* The order is that of the facts. */
static const struct {
    enum tnd_header header;
    unsigned where;
} told[] = {
    {TND_HEADER_CONTACT, IN_3XX},
    {TND_HEADER_UNSUPPORTED, IN_4XX_6XX},
    {TND_HEADER_REQUIRE, IN_REQUEST | IN_RESPONSE},
    {TND_HEADER_PROXY_REQUIRE, IN_REQUEST},
    {TND_HEADER_RETRY_AFTER, IN_RESPONSE},
    {TND_HEADER_WWW_AUTHENTICATE, IN_4XX_6XX},
    {TND_HEADER_PROXY_AUTHENTICATE, IN_4XX_6XX},
    {TND_HEADER_AUTHORIZATION, IN_REQUEST},
    {TND_HEADER_PROXY_AUTHORIZATION, IN_REQUEST},
    {TND_HEADER_MIN_SE, IN_REQUEST | IN_4XX_6XX},
    {TND_HEADER_SESSION_EXPIRES, IN_REQUEST | IN_1XX_2XX},
    {TND_HEADER_MIN_EXPIRES, IN_4XX_6XX},
    {TND_HEADER_ACCEPT, IN_4XX_6XX},
    {TND_HEADER_ALLOW, IN_4XX_6XX},
    {TND_HEADER_REASON, IN_REQUEST | IN_4XX_6XX},
    {TND_HEADER_WARNING, IN_RESPONSE},
    {TND_HEADER_RACK, IN_REQUEST},
    {TND_HEADER_RSEQ, IN_1XX_2XX},
};

struct facts {
    struct tnd_arena *a;
    struct tnd_slice *ret;
    size_t count;
};

static unsigned place_of(const struct tnd_msg *msg)
{
    if (msg->kind != TND_MSG_RESPONSE)
        return IN_REQUEST;
    return msg->code < 300 ? IN_1XX_2XX : msg->code < 400 ? IN_3XX : IN_4XX_6XX;
}

/* Cut where it is too long, at a character's end. */
static void add(struct facts *f, const struct tnd_writer *w)
{
    size_t len = w->len < w->size ? w->len : w->size;

    if (f->count == TND_LADDER_FACT_COUNT_MAX)
        return;
    if (w->len > w->size) {
        while (len > 0 && ((unsigned char)w->ptr[len - 1] & 0xc0) == 0x80)
            len--;
        len -= len > 0 && (unsigned char)w->ptr[len - 1] >= 0xc0;
    }
    struct tnd_slice kept = tnd_slice_keep(f->a, tnd_slice(w->ptr, len));
    if (kept.ptr)
        f->ret[f->count++] = kept;
}

/* As much of s as there is room for. */
static void put(struct tnd_writer *w, struct tnd_slice s)
{
    for (size_t i = 0; i < s.len; i++)
        tnd_put_char(w, s.ptr[i]);
}

static void add_fields(struct facts *f, const struct tnd_msg *msg, enum tnd_header header)
{
    const struct tnd_field *field = tnd_msg_field(msg, header);

    for (int i = 0; field && i < VALUE_COUNT_MAX; i++) {
        char room[FACT_LEN_MAX];
        struct tnd_writer w = tnd_writer(room, sizeof(room));

        put(&w, tnd_slice_str(tnd_header_name(header)));
        put(&w, TND_STR(": "));
        put(&w, tnd_field_value(msg, field));
        add(f, &w);
        field = field->next ? &msg->fields[field->next] : NULL;
    }
}

/* "PCMU", by its rtpmap, else by RFC 3551; else the format as it stands. */
static struct tnd_slice codec_of(const struct tnd_sdp_media *media, struct tnd_slice format)
{
    struct tnd_sdp_rtpmap map;
    uint64_t payload;

    if (!tnd_sdp_is_rtp(media->proto) ||
        !tnd_slice_number(format, TND_SDP_PAYLOAD_COUNT - 1, &payload))
        return format;
    for (size_t i = 0; i < media->part.attr_count; i++) {
        const struct tnd_sdp_attr *attr = &media->part.attrs[i];

        if (tnd_slice_eq(attr->name, TND_STR("rtpmap")) && tnd_sdp_rtpmap_read(attr->value, &map) &&
            map.payload == payload)
            return map.encoding;
    }
    return tnd_sdp_rtpmap_static((unsigned)payload, &map) ? map.encoding : format;
}

/* As in a URI, so that a port can follow. */
static void put_address(struct tnd_writer *w, const struct tnd_sdp_conn *conn)
{
    struct tnd_slice address = conn ? conn->address : TND_STR("?");
    bool is_ip6 = address.len > 0 && memchr(address.ptr, ':', address.len);

    put(w, is_ip6 ? TND_STR("[") : TND_STR(""));
    put(w, address);
    put(w, is_ip6 ? TND_STR("]") : TND_STR(""));
}

/* "SDP: audio 192.0.2.1:40000, PCMU PCMA, sendrecv" */
static void add_media(struct facts *f, const struct tnd_sdp *sdp, const struct tnd_sdp_media *media)
{
    char room[FACT_LEN_MAX];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    put(&w, TND_STR("SDP: "));
    if (media->port == 0) { /* not wanted: RFC 3264 §6 */
        put(&w, TND_STR("m="));
        put(&w, media->type);
        put(&w, TND_STR(" 0"));
        add(f, &w);
        return;
    }
    put(&w, media->type);
    put(&w, TND_STR(" "));
    put_address(&w, tnd_sdp_conn_of(sdp, media));
    put(&w, TND_STR(":"));
    tnd_put_number(&w, media->port);
    for (size_t i = 0; i < media->format_count && i < CODEC_COUNT_MAX; i++) {
        put(&w, i == 0 ? TND_STR(", ") : TND_STR(" "));
        put(&w, codec_of(media, media->formats[i]));
    }
    put(&w, TND_STR(", "));
    put(&w, tnd_sdp_direction_name(tnd_sdp_direction_of(sdp, media)));
    add(f, &w);
}

/* "curr qos e2e none; des qos mandatory e2e sendrecv": RFC 3312 §4. */
static void add_preconditions(struct facts *f, const struct tnd_sdp_media *media)
{
    char room[FACT_LEN_MAX];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    for (size_t i = 0; i < media->part.attr_count; i++) {
        const struct tnd_sdp_attr *attr = &media->part.attrs[i];

        if (!tnd_sdp_precondition_is(attr))
            continue;
        put(&w, w.len == 0 ? TND_STR("SDP: ") : TND_STR("; "));
        put(&w, attr->name);
        put(&w, TND_STR(" "));
        put(&w, attr->value);
    }
    if (w.len > 0)
        add(f, &w);
}

/* The rule for which the description cannot be read. */
static enum tnd_rule refusing_of(const struct tnd_sdp_flaws *flaws)
{
    for (size_t i = 0; i < flaws->count && i < TND_SDP_FLAW_COUNT_MAX; i++)
        if (tnd_rule_level(flaws->first[i].rule) != TND_LEVEL_SHOULD)
            return flaws->first[i].rule;
    return TND_RULE_NONE;
}

static void add_sdp(struct facts *f, const struct tnd_msg *msg)
{
    struct tnd_sdp_flaws flaws = {.count = 0};
    struct tnd_sdp sdp;
    char room[FACT_LEN_MAX];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    if (tnd_sdp_read(f->a, msg->body, &sdp, &flaws)) {
        put(&w, TND_STR("SDP: "));
        put(&w, tnd_slice_str(tnd_rule_name(refusing_of(&flaws))));
        add(f, &w);
        return;
    }
    for (size_t i = 0; i < sdp.media_count; i++) {
        add_media(f, &sdp, &sdp.media[i]);
        add_preconditions(f, &sdp.media[i]);
    }
}

static void add_length(struct facts *f, size_t len)
{
    char room[FACT_LEN_MAX];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    put(&w, TND_STR("Content-Length: "));
    tnd_put_number(&w, len);
    add(f, &w);
}

static void add_body(struct facts *f, const struct tnd_msg *msg)
{
    struct tnd_slice type = tnd_msg_value(msg, TND_HEADER_CONTENT_TYPE);
    static const struct tnd_slice sdp = TND_STR_INIT("application/sdp");

    if (msg->body.len == 0)
        return;
    if (type.len >= sdp.len && tnd_slice_eq_fold(tnd_slice(type.ptr, sdp.len), sdp)) {
        add_sdp(f, msg);
        return;
    }
    add_fields(f, msg, TND_HEADER_CONTENT_TYPE);
    add_length(f, msg->body.len);
}

/* By CSeq, which a response has too. */
static bool is_of(const struct tnd_msg *msg, const char *method)
{
    struct tnd_slice cseq = tnd_msg_value(msg, TND_HEADER_CSEQ), name = tnd_slice_str(method);

    return cseq.len > name.len &&
           tnd_slice_eq(tnd_slice(cseq.ptr + cseq.len - name.len, name.len), name);
}

size_t tnd_ladder_facts(const struct tnd_msg *msg, struct tnd_arena *a,
                        struct tnd_slice ret[TND_LADDER_FACT_COUNT_MAX])
{
    struct facts f = {a, ret, 0};
    unsigned place = place_of(msg);

    for (size_t i = 0; i < sizeof(told) / sizeof(*told); i++)
        if (told[i].where & place)
            add_fields(&f, msg, told[i].header);
    if (is_of(msg, "OPTIONS") && place == IN_1XX_2XX) {
        add_fields(&f, msg, TND_HEADER_ALLOW);
        add_fields(&f, msg, TND_HEADER_SUPPORTED);
        add_fields(&f, msg, TND_HEADER_ACCEPT);
    }
    if (is_of(msg, "REGISTER") && place != IN_3XX) {
        add_fields(&f, msg, TND_HEADER_CONTACT);
        add_fields(&f, msg, TND_HEADER_EXPIRES);
    }
    add_body(&f, msg);
    return f.count;
}

/* With the phrase that it came with, else the registered one. */
static struct tnd_slice label_of_response(const struct tnd_msg *msg, struct tnd_arena *a)
{
    struct tnd_slice phrase =
        msg->reason.len > 0 ? msg->reason : tnd_slice_str(tnd_code_phrase(msg->code));
    size_t size = phrase.len + 4; /* "302 " */
    struct tnd_writer w = tnd_writer(tnd_arena_take(a, size), size);

    if (!w.ptr)
        return TND_STR("a response");
    tnd_put_number(&w, msg->code);
    tnd_put_char(&w, ' ');
    tnd_put(&w, phrase);
    return tnd_slice_trim(tnd_writer_slice(&w));
}

struct tnd_slice tnd_ladder_label(const struct tnd_msg *msg, struct tnd_arena *a)
{
    if (msg->kind == TND_MSG_REQUEST)
        return msg->method_name;
    return msg->kind == TND_MSG_RESPONSE ? label_of_response(msg, a) : TND_STR("no SIP");
}

enum tnd_ladder_tone tnd_ladder_tone_of(unsigned code)
{
    static const uint8_t tones[] = {TND_LADDER_PLAIN, TND_LADDER_GOING, TND_LADDER_GOOD,
                                    TND_LADDER_TURN};

    return code / 100 < sizeof(tones) ? (enum tnd_ladder_tone)tones[code / 100] : TND_LADDER_BAD;
}
