/* Formats by their meaning: an a=rtpmap, the table of RFC 3551, or the word itself where
 * the transport is not RTP. Compared by encoding, clock and channels (RFC 8866 §6.6). */
#include "sdp/agree.h"

/* The first rtpmap and fmtp of each payload type. */
struct by_payload {
    const struct tnd_sdp_attr *rtpmap[TND_SDP_PAYLOAD_COUNT], *fmtp[TND_SDP_PAYLOAD_COUNT];
};

static void note_attr(struct by_payload *by, const struct tnd_sdp_attr *attr)
{
    struct tnd_sdp_rtpmap map;
    struct tnd_sdp_fmtp fmtp;
    uint64_t payload;

    if (tnd_slice_eq(attr->name, TND_STR("rtpmap")) && tnd_sdp_rtpmap_read(attr->value, &map)) {
        if (!by->rtpmap[map.payload])
            by->rtpmap[map.payload] = attr;
    } else if (tnd_slice_eq(attr->name, TND_STR("fmtp")) && tnd_sdp_fmtp_read(attr->value, &fmtp) &&
               tnd_slice_number(fmtp.format, TND_SDP_PAYLOAD_COUNT - 1, &payload)) {
        if (!by->fmtp[payload])
            by->fmtp[payload] = attr;
    }
}

static void describe_payload(const struct by_payload *by, uint8_t payload, struct tnd_oa_codec *ret)
{
    struct tnd_sdp_rtpmap map = {.channels = 1};
    struct tnd_sdp_fmtp fmtp = {.params = {NULL, 0}};

    if (by->rtpmap[payload])
        tnd_sdp_rtpmap_read(by->rtpmap[payload]->value, &map);
    else
        tnd_sdp_rtpmap_static(payload, &map); /* RFC 3264 §5.1: the default of the profile */
    if (by->fmtp[payload])
        tnd_sdp_fmtp_read(by->fmtp[payload]->value, &fmtp);
    *ret = (struct tnd_oa_codec){map.encoding, map.clock, map.channels, payload, fmtp.params};
}

struct tnd_oa_codec *tnd_oa_describe(struct tnd_arena *a, const struct tnd_sdp_media *media)
{
    struct by_payload by = {{NULL}, {NULL}};
    bool is_rtp = tnd_sdp_is_rtp(media->proto);
    uint64_t payload;

    if (media->format_count == 0)
        return NULL;
    struct tnd_oa_codec *codecs = tnd_arena_zero(a, media->format_count, sizeof(*codecs));
    if (!codecs)
        return NULL;
    for (size_t i = 0; is_rtp && i < media->part.attr_count; i++)
        note_attr(&by, &media->part.attrs[i]);
    for (size_t i = 0; i < media->format_count; i++) {
        if (!is_rtp)
            codecs[i] = (struct tnd_oa_codec){.encoding = media->formats[i], .channels = 1};
        else if (tnd_slice_number(media->formats[i], TND_SDP_PAYLOAD_COUNT - 1, &payload))
            describe_payload(&by, (uint8_t)payload, &codecs[i]);
    }
    return codecs;
}

struct tnd_oa_codec *tnd_oa_describe_like(struct tnd_arena *a, const struct tnd_sdp_media *media,
                                          const struct tnd_sdp_media *other,
                                          const struct tnd_oa_codec *other_codecs)
{
    struct tnd_oa_codec *codecs = tnd_oa_describe(a, media);

    for (size_t i = 0; codecs && other_codecs && i < media->format_count; i++) {
        for (size_t j = 0; !codecs[i].encoding.ptr && j < other->format_count; j++) {
            if (codecs[i].payload != other_codecs[j].payload)
                continue;
            struct tnd_slice fmtp = codecs[i].fmtp;
            codecs[i] = other_codecs[j];
            codecs[i].fmtp = fmtp;
        }
    }
    return codecs;
}

bool tnd_oa_codec_eq(const struct tnd_oa_codec *a, const struct tnd_oa_codec *b)
{
    uint32_t a_channels = a->channels > 0 ? a->channels : 1;
    uint32_t b_channels = b->channels > 0 ? b->channels : 1;

    return a->encoding.ptr && a->clock == b->clock && a_channels == b_channels &&
           tnd_slice_eq_fold(a->encoding, b->encoding); /* RFC 8866 §5.14: case-insensitive */
}

int tnd_oa_codec_find(const struct tnd_oa_codec *codecs, size_t count,
                      const struct tnd_oa_codec *wanted)
{
    for (size_t i = 0; codecs && i < count; i++)
        if (tnd_oa_codec_eq(&codecs[i], wanted))
            return (int)i;
    return -1;
}

bool tnd_oa_codec_is_auxiliary(const struct tnd_oa_codec *codec)
{
    return tnd_slice_eq_fold(codec->encoding, TND_STR("telephone-event")) ||
           tnd_slice_eq_fold(codec->encoding, TND_STR("CN")) ||
           tnd_slice_eq_fold(codec->encoding, TND_STR("red"));
}
