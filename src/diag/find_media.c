/* What the two sides offer each other, and where it does not meet (RFC 3264; RFC 3261 §21.4.26). */
#include "diag/find_case.h"

#include "tandem/sip/notice.h"

enum { CODECS_TEXT_SIZE = 512 }; /* of one side; more is cut off */

static bool is_encrypted(struct tnd_slice proto)
{
    return tnd_slice_eq_fold(proto, TND_STR("RTP/SAVP")) ||
           tnd_slice_eq_fold(proto, TND_STR("RTP/SAVPF")) ||
           tnd_slice_eq_fold(proto, TND_STR("UDP/TLS/RTP/SAVP")) ||
           tnd_slice_eq_fold(proto, TND_STR("UDP/TLS/RTP/SAVPF"));
}

/* The first stream that is wanted and carries sound; NULL. */
static const struct tnd_sdp_media *audio_of(const struct tnd_sdp *sdp)
{
    for (size_t i = 0; sdp && i < sdp->media_count; i++)
        if (tnd_slice_eq(sdp->media[i].type, TND_STR("audio")))
            return &sdp->media[i];
    return NULL;
}

/* What a payload type of that stream is; false: it does not say. */
static bool codec_of(const struct tnd_sdp_media *media, struct tnd_slice format,
                     struct tnd_sdp_rtpmap *ret)
{
    uint64_t payload;

    if (!tnd_slice_number(format, TND_SDP_PAYLOAD_COUNT - 1, &payload))
        return false;
    for (size_t i = 0; i < media->part.attr_count; i++)
        if (tnd_slice_eq(media->part.attrs[i].name, TND_STR("rtpmap")) &&
            tnd_sdp_rtpmap_read(media->part.attrs[i].value, ret) && ret->payload == payload)
            return true;
    return tnd_sdp_rtpmap_static((unsigned)payload, ret);
}

/* Key presses and silence are no sound of their own. */
static bool is_codec(const struct tnd_sdp_rtpmap *map)
{
    return !tnd_slice_eq_fold(map->encoding, TND_STR("telephone-event")) &&
           !tnd_slice_eq_fold(map->encoding, TND_STR("CN"));
}

static bool has_codec(const struct tnd_sdp_media *media, const struct tnd_sdp_rtpmap *wanted)
{
    struct tnd_sdp_rtpmap map;

    for (size_t i = 0; i < media->format_count; i++)
        if (codec_of(media, media->formats[i], &map) && map.clock == wanted->clock &&
            tnd_slice_eq_fold(map.encoding, wanted->encoding))
            return true;
    return false;
}

static bool share_codec(const struct tnd_sdp_media *a, const struct tnd_sdp_media *b)
{
    struct tnd_sdp_rtpmap map;

    for (size_t i = 0; i < a->format_count; i++)
        if (codec_of(a, a->formats[i], &map) && is_codec(&map) && has_codec(b, &map))
            return true;
    return false;
}

/* "PCMU/8000, opus/48000" */
static struct tnd_slice codecs_of(struct find_case *c, const struct tnd_sdp_media *media)
{
    char text[CODECS_TEXT_SIZE];
    struct tnd_writer w = tnd_writer(text, sizeof(text));
    struct tnd_sdp_rtpmap map;

    for (size_t i = 0; i < media->format_count; i++) {
        if (!codec_of(media, media->formats[i], &map) || !is_codec(&map) ||
            w.len + map.encoding.len + 24 > sizeof(text))
            continue;
        tnd_put_str(&w, w.len > 0 ? ", " : "");
        tnd_put(&w, map.encoding);
        tnd_put_char(&w, '/');
        tnd_put_number(&w, map.clock);
    }
    return tnd_slice_keep(c->a, tnd_writer_slice(&w));
}

/* What the other side can do: in the refusal, or in what it said before in this leg. */
static uint32_t wish_of_callee(struct find_case *c, uint32_t response)
{
    for (uint32_t i = response + 1; i-- > 0;)
        if (c->m[i].code > 100 && !c->m[i].is_again && c->m[i].leg == c->m[response].leg &&
            (i == response || case_is_same_dialog(c, i, response)) && audio_of(case_sdp(c, i)))
            return i;
    return CASE_NONE;
}

/* RFC 3261 §20.43: 305 Incompatible media format. */
static bool warns_of_format(struct find_case *c, uint32_t response)
{
    struct tnd_values v = tnd_msg_values(case_msg(c, response), TND_HEADER_WARNING);
    struct tnd_warning warning;

    while (tnd_warning_next(&v, &warning))
        if (warning.code == 305)
            return true;
    return false;
}

static enum tnd_diag_rule cause_of(struct find_case *c, uint32_t response, uint32_t wish,
                                   const struct tnd_sdp_media *offer, bool *ret_is_guess)
{
    const struct tnd_sdp_media *other = wish == CASE_NONE ? NULL : audio_of(case_sdp(c, wish));

    *ret_is_guess = false;
    if (other && is_encrypted(offer->proto) != is_encrypted(other->proto))
        return TND_DIAG_RULE_MEDIA_ENCRYPTION;
    if ((other && !share_codec(offer, other)) || warns_of_format(c, response))
        return TND_DIAG_RULE_CODECS_DIFFER;
    *ret_is_guess = true;
    return is_encrypted(offer->proto) ? TND_DIAG_RULE_MEDIA_ENCRYPTION
                                      : TND_DIAG_RULE_MEDIA_REFUSED;
}

/* The line "m=" of a stream. */
static void show_media(struct find_case *c, struct tnd_diag_finding *f, uint32_t message,
                       const struct tnd_sdp_media *media)
{
    case_show_line(c, f, message, media->type);
}

static void raise_refused(struct find_case *c, enum tnd_diag_rule rule, uint32_t response,
                          const struct tnd_sdp_media *offer, uint32_t wish)
{
    struct tnd_diag_finding *f = case_raise(c, rule, response);
    uint32_t request = case_request(c, response);

    show_media(c, f, request, offer);
    f->detail = codecs_of(c, offer);
    if (wish != CASE_NONE) {
        const struct tnd_sdp_media *other = audio_of(case_sdp(c, wish));

        show_media(c, f, wish, other);
        f->detail = CASE_TEXT(c, f->detail, TND_STR(" | "), codecs_of(c, other));
    }
    if (rule == TND_DIAG_RULE_MEDIA_ENCRYPTION)
        f->detail = offer->proto;
    case_show_field(c, f, response, TND_HEADER_WARNING);
    case_blame_sender(c, f, request);
    case_ease(c, f, response);
}

static void find_refused_with(struct find_case *c, unsigned code)
{
    for (uint32_t r = 0; (r = case_next_refusal(c, r, code)) != CASE_NONE; r++) {
        uint32_t request = case_request(c, r);
        const struct tnd_sdp_media *offer =
            request == CASE_NONE ? NULL : audio_of(case_sdp(c, request));
        bool is_guess;

        if (!offer)
            continue;
        uint32_t wish = wish_of_callee(c, r);
        enum tnd_diag_rule rule = cause_of(c, r, wish, offer, &is_guess);
        size_t before = c->finding_count;
        raise_refused(c, rule, r, offer, wish);
        if (c->finding_count > before)
            c->finding[before].is_guess = is_guess;
    }
}

void find_media_refused(struct find_case *c)
{
    find_refused_with(c, 488);
    find_refused_with(c, 606);
}
