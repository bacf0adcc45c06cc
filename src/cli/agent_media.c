/* The sound of a user agent: --audio tone, echo, none, or a file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/agent.h"
#include "net/clock.h"
#include "net/wav.h"
#include "tandem/sdp.h"

enum {
    FILE_LEN_MAX = 64 << 20,
    DISCARD_PORT = 9, /* RFC 863: where nobody listens */
};

static const struct tnd_oa_codec codecs[] = {
    {.encoding = TND_STR_INIT("PCMU"), .clock = 8000, .payload = TND_RTP_PCMU},
    {.encoding = TND_STR_INIT("PCMA"), .clock = 8000, .payload = TND_RTP_PCMA},
};

static const struct tnd_sdp_attr ptime = {TND_STR_INIT("ptime"), TND_STR_INIT("20")};

static int read_file(struct agent *a, const char *path, struct tnd_media_sound *ret)
{
    struct tnd_slice file;
    const char *why;

    if (cli_read_file(path, FILE_LEN_MAX, &file))
        return CLI_USAGE;
    int err = tnd_wav_read(file, &a->arena, &ret->samples, &ret->sample_count, &why);
    free((char *)(uintptr_t)file.ptr);
    if (err == TND_ESYNTAX)
        return cli_fail("%s: --audio: %s: %s; make one with 'sox IN -r 8000 -c 1 -b 16 OUT.wav'",
                        a->o->name, path, why);
    return err ? cli_fail("%s: %s", a->o->name, tnd_strerror(err)) : CLI_OK;
}

static int read_sound(struct agent *a, struct tnd_media_sound *ret)
{
    const char *audio = a->o->audio ? a->o->audio : "tone";

    *ret = (struct tnd_media_sound){.kind = TND_MEDIA_FILE};
    if (strcmp(audio, "tone") == 0)
        ret->kind = TND_MEDIA_TONE;
    else if (strcmp(audio, "echo") == 0)
        ret->kind = TND_MEDIA_ECHO;
    else if (strcmp(audio, "none") == 0)
        ret->kind = TND_MEDIA_NONE;
    return ret->kind == TND_MEDIA_FILE ? read_file(a, audio, ret) : CLI_OK;
}

/* What we offer and can do: honest, also where there is no sound. */
static bool describe(struct agent *a)
{
    bool is_silent = a->media.fd < 0, is_ipv6 = a->media.local.family == TND_FAMILY_IPV6;
    char room[TND_ADDRESS_LEN_MAX];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    uint32_t session;

    tnd_entropy(&session, sizeof(session));
    tnd_address_write(&w, &a->media.local);
    struct tnd_slice address = tnd_slice_keep(&a->arena, tnd_writer_slice(&w));
    a->stream = (struct tnd_oa_stream){.type = TND_STR("audio"),
                                       .proto = TND_STR("RTP/AVP"),
                                       .port = is_silent ? DISCARD_PORT : a->media.local.port,
                                       .direction = is_silent ? TND_SDP_NONE : TND_SDP_SENDRECV,
                                       .codecs = codecs,
                                       .codec_count = sizeof(codecs) / sizeof(*codecs),
                                       .attrs = &ptime,
                                       .attr_count = 1};
    a->local = (struct tnd_oa_local){
        .origin = {.user = TND_STR("-"),
                   .session_id = session,
                   .version = 1,
                   .net_type = TND_STR("IN"),
                   .addr_type = is_ipv6 ? TND_STR("IP6") : TND_STR("IP4"),
                   .address = address},
        .streams = &a->stream,
        .stream_count = 1,
    };
    return !tnd_arena_over(&a->arena) && tnd_sdp_conn_to(address, &a->local.conn);
}

static void ready(void *ctx, tnd_time now)
{
    tnd_media_read(ctx, now);
}

int agent_open_media(struct agent *a)
{
    struct tnd_media_sound sound;

    if (read_sound(a, &sound))
        return CLI_USAGE;
    int err = tnd_media_open(&a->media, &a->phone.addresses[0], &sound, &a->phone.onlooker);
    if (err)
        return cli_fail("%s: no socket for sound: %s; try --audio none", a->o->name, strerror(err));
    if (!describe(a) ||
        (a->media.fd >= 0 && tnd_phone_watch(&a->phone, a->media.fd, ready, &a->media)))
        return cli_fail("%s: out of memory", a->o->name);
    return CLI_OK;
}

void agent_agree(struct agent *a, const struct tnd_ua_event *event)
{
    const struct tnd_oa_session *s = event->session;
    struct tnd_media_leg *leg = tnd_media_leg(&a->media, event->id);

    if (leg)
        tnd_media_agree(&a->media, leg, s && s->flow_count > 0 ? &s->flows[0] : NULL, a->phone.now);
}

static double seconds(uint64_t samples)
{
    return (double)samples / TND_RTP_RATE;
}

void agent_note_media(struct agent *a, const struct tnd_media_leg *leg)
{
    if (leg->stats.sent == 0 && leg->stats.received == 0)
        return;
    agent_note(a, LADDER_PLAIN, "",
               "heard %.1f s of audio (%llu packets, %llu lost), sent %llu packets",
               seconds(leg->stats.heard), (unsigned long long)leg->stats.received,
               (unsigned long long)leg->stats.lost, (unsigned long long)leg->stats.sent);
}

json_t *agent_media_json(const struct tnd_media_leg *leg)
{
    return json_pack("{s:I, s:I, s:I, s:f}", "sent", (json_int_t)leg->stats.sent, "received",
                     (json_int_t)leg->stats.received, "lost", (json_int_t)leg->stats.lost,
                     "heard_seconds", seconds(leg->stats.heard));
}
