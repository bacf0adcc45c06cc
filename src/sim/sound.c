/* The sound of a user agent in the simulated world. */
#include "sim/sound.h"

enum { AUDIO_PORT = 4000 };

static const struct tnd_oa_codec codecs[] = {
    {.encoding = TND_STR_INIT("PCMU"), .clock = 8000, .payload = 0},
    {.encoding = TND_STR_INIT("PCMA"), .clock = 8000, .payload = 8},
};

void sim_sound_describe(struct sim_sound *sound, const struct sim_life *life)
{
    bool is_ipv6 = life->address.family == TND_FAMILY_IPV6;
    struct tnd_slice type = is_ipv6 ? TND_STR("IP6") : TND_STR("IP4");
    struct tnd_writer w = tnd_writer(sound->address, sizeof(sound->address));

    tnd_address_write(&w, &life->address);
    struct tnd_slice address = tnd_writer_slice(&w);
    sound->stream = (struct tnd_oa_stream){.type = TND_STR("audio"),
                                           .proto = TND_STR("RTP/AVP"),
                                           .port = AUDIO_PORT,
                                           .direction = TND_SDP_SENDRECV,
                                           .codecs = codecs,
                                           .codec_count = sizeof(codecs) / sizeof(*codecs)};
    sound->media = (struct tnd_oa_local){
        .origin = {.user = TND_STR("-"),
                   .session_id = 1000 + life->number,
                   .version = 1,
                   .net_type = TND_STR("IN"),
                   .addr_type = type,
                   .address = address},
        .conn = {.net_type = TND_STR("IN"),
                 .addr_type = type,
                 .address = address,
                 .kind = is_ipv6 ? TND_SDP_ADDR_IP6 : TND_SDP_ADDR_IP4},
        .streams = &sound->stream,
        .stream_count = 1,
    };
}
