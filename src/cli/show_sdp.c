/* The structure of a session description. */
#include <stdio.h>

#include "cli/show.h"

static void show_origin(const struct tnd_sdp *sdp)
{
    if (!sdp->origin.user.ptr)
        return;
    printf("      %-12s ", "origin");
    show_text(sdp->origin.user);
    printf(" at ");
    show_text(sdp->origin.address);
    printf(", session %llu, version %llu\n", (unsigned long long)sdp->origin.session_id,
           (unsigned long long)sdp->origin.version);
}

/* What a payload type means here: by its rtpmap, else by RFC 3551. */
static bool find_rtpmap(const struct tnd_sdp_media *media, struct tnd_slice format,
                        struct tnd_sdp_rtpmap *ret)
{
    uint64_t payload;

    if (!tnd_slice_number(format, TND_SDP_PAYLOAD_COUNT - 1, &payload))
        return false;
    for (size_t i = 0; i < media->part.attr_count; i++) {
        const struct tnd_sdp_attr *attr = &media->part.attrs[i];

        if (tnd_slice_eq(attr->name, TND_STR("rtpmap")) && tnd_sdp_rtpmap_read(attr->value, ret) &&
            ret->payload == payload)
            return true;
    }
    return tnd_sdp_rtpmap_static((unsigned)payload, ret);
}

static void show_format(const struct tnd_sdp_media *media, struct tnd_slice format)
{
    struct tnd_sdp_rtpmap map;

    printf("      %-12s ", "  format");
    show_text(format);
    if (tnd_sdp_is_rtp(media->proto) && find_rtpmap(media, format, &map)) {
        putchar(' ');
        show_text(map.encoding);
        printf("/%u", map.clock);
        if (map.channels > 1)
            printf("/%u", map.channels);
    }
    putchar('\n');
}

static void show_media(const struct tnd_sdp *sdp, const struct tnd_sdp_media *media)
{
    const struct tnd_sdp_conn *conn = tnd_sdp_conn_of(sdp, media);

    printf("      %-12.*s ", TND_FMT(media->type));
    show_text(conn ? conn->address : TND_STR("no address"));
    printf(" port %u, ", media->port);
    show_text(media->proto);
    printf(", %.*s%s%s\n", TND_FMT(tnd_sdp_direction_name(tnd_sdp_direction_of(sdp, media))),
           conn && tnd_sdp_conn_is_hold(conn) ? ", on hold" : "",
           media->port == 0 ? ", not wanted" : "");
    for (size_t i = 0; i < media->format_count; i++)
        show_format(media, media->formats[i]);
    for (size_t i = 0; i < media->part.attr_count; i++) {
        if (!tnd_sdp_precondition_is(&media->part.attrs[i]))
            continue;
        printf("        %-10.*s ", TND_FMT(media->part.attrs[i].name));
        show_text(media->part.attrs[i].value);
        putchar('\n');
    }
}

void show_sdp(const struct tnd_sdp *sdp)
{
    show_origin(sdp);
    for (size_t i = 0; i < sdp->media_count; i++)
        show_media(sdp, &sdp->media[i]);
}
