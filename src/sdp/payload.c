/* The payload types that RFC 3551 tables 4 and 5 fix: what a number means that has no
 * a=rtpmap (RFC 3264 §5.1). */
#include "tandem/sdp/attr.h"

struct static_type {
    const char *encoding; /* NULL: reserved, unassigned or dynamic */
    uint32_t clock;
    uint32_t channels;
};

static const struct static_type audio_video[] = {
    [0] = {"PCMU", 8000, 1},   [3] = {"GSM", 8000, 1},    [4] = {"G723", 8000, 1},
    [5] = {"DVI4", 8000, 1},   [6] = {"DVI4", 16000, 1},  [7] = {"LPC", 8000, 1},
    [8] = {"PCMA", 8000, 1},   [9] = {"G722", 8000, 1}, /* 8000 by an old mistake, §4.5.2 */
    [10] = {"L16", 44100, 2},  [11] = {"L16", 44100, 1},  [12] = {"QCELP", 8000, 1},
    [13] = {"CN", 8000, 1},    [14] = {"MPA", 90000, 1},  [15] = {"G728", 8000, 1},
    [16] = {"DVI4", 11025, 1}, [17] = {"DVI4", 22050, 1}, [18] = {"G729", 8000, 1},
    [25] = {"CelB", 90000, 1}, [26] = {"JPEG", 90000, 1}, [28] = {"nv", 90000, 1},
    [31] = {"H261", 90000, 1}, [32] = {"MPV", 90000, 1},  [33] = {"MP2T", 90000, 1},
    [34] = {"H263", 90000, 1},
};

bool tnd_sdp_rtpmap_static(unsigned payload, struct tnd_sdp_rtpmap *ret)
{
    if (payload >= sizeof(audio_video) / sizeof(audio_video[0]) || !audio_video[payload].encoding)
        return false;
    const struct static_type *type = &audio_video[payload];
    *ret = (struct tnd_sdp_rtpmap){(uint8_t)payload, tnd_slice_str(type->encoding), type->clock,
                                   type->channels};
    return true;
}
