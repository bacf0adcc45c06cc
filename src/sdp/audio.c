/* What most calls begin with. */
#include "tandem/sdp/attr.h"
#include "tandem/sdp/offer.h"

/* RFC 3551 §6: their payload types are assigned. */
static const struct tnd_oa_codec codecs[] = {
    {.encoding = TND_STR_INIT("PCMU"), .clock = 8000, .payload = 0},
    {.encoding = TND_STR_INIT("PCMA"), .clock = 8000, .payload = 8},
};

int tnd_oa_audio_init(struct tnd_oa_audio *ret, struct tnd_slice address, uint16_t port,
                      uint64_t session_id)
{
    struct tnd_sdp_conn conn;

    if (port == 0 || !tnd_sdp_conn_to(address, &conn))
        return TND_ESYNTAX;
    ret->stream = (struct tnd_oa_stream){.type = TND_STR("audio"),
                                         .proto = TND_STR("RTP/AVP"),
                                         .port = port,
                                         .direction = TND_SDP_SENDRECV,
                                         .codecs = codecs,
                                         .codec_count = sizeof(codecs) / sizeof(*codecs)};
    ret->local = (struct tnd_oa_local){
        .origin = {.user = TND_STR("-"),
                   .session_id = session_id & INT64_MAX, /* RFC 3264 §5 */
                   .version = 1,
                   .net_type = conn.net_type,
                   .addr_type = conn.addr_type,
                   .address = address},
        .conn = conn,
        .streams = &ret->stream,
        .stream_count = 1,
    };
    return 0;
}
