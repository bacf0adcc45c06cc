/* Media: the sound of calls. One socket at an even port for RTP (RFC 3550), and a leg for each call, which
 * is told apart by where its packets come from.
 *
 *     tnd_media_open(&media, &host, &sound);         media.local is what a description says
 *     leg = tnd_media_leg(&media, &key);
 *     tnd_media_agree(&media, leg, flow, now);       as often as something was agreed upon
 *     tnd_media_tick(&media, now);                   when tnd_media_due() has come
 *     tnd_media_read(&media, now);                   when media.fd can be read
 *
 * No RTCP is sent, and none is read. Packets of strangers are counted, not heard: a leg takes what comes
 * from the address agreed upon; from another port of it too, if its first packet came from there, and
 * then packets go there (symmetric RTP, RFC 4961). */
#ifndef NET_MEDIA_H
#define NET_MEDIA_H

#include "net/rtp.h"
#include "net/seen.h"
#include "tandem/sdp/offer.h"

enum { TND_MEDIA_LEG_COUNT_MAX = 64 };

enum tnd_media_kind {
    TND_MEDIA_NONE, /* no socket, no sound */
    TND_MEDIA_TONE, /* 1000 Hz */
    TND_MEDIA_ECHO, /* what comes goes back */
    TND_MEDIA_FILE, /* samples, once; then silence */
};

struct tnd_media_sound {
    uint8_t kind;           /* enum tnd_media_kind */
    const int16_t *samples; /* of FILE; kept */
    size_t sample_count;
};

struct tnd_media_stats {
    uint64_t sent, received; /* packets */
    uint64_t heard;          /* samples of those received */
    uint64_t lost;           /* packets that others before and behind came without */
};

struct tnd_media_leg {
    bool is_used;
    uint64_t key;
    bool sends, receives;
    bool is_latched; /* to where the first packet came from */
    struct tnd_endpoint remote;
    struct tnd_endpoint agreed; /* as the description has it */
    uint8_t send_law, send_payload, recv_payload;
    uint16_t sequence;
    uint32_t timestamp, ssrc;
    size_t at; /* of the samples */
    tnd_time next;
    bool has_first;
    uint16_t last_sequence;
    uint32_t last_ssrc;
    struct tnd_media_stats stats;
};

struct tnd_media {
    int fd; /* -1: none */
    struct tnd_endpoint local;
    struct tnd_media_sound sound;
    struct tnd_onlooker onlooker;
    uint64_t strange; /* packets that are of no leg, or that are no RTP */
    struct tnd_media_leg legs[TND_MEDIA_LEG_COUNT_MAX];
};

/* At any even port of host, unless the sound is NONE. 0, or an errno: then m is as after close. */
int tnd_media_open(struct tnd_media *m, const struct tnd_endpoint *host,
                   const struct tnd_media_sound *sound, const struct tnd_onlooker *onlooker);

/* Of one that was opened only. */
void tnd_media_close(struct tnd_media *m);

/* The leg with that key, a new one if there is none. NULL: there are too many. */
struct tnd_media_leg *tnd_media_leg(struct tnd_media *m, uint64_t key);

/* What was agreed upon for it: sends and takes packets from now on, or does not. flow NULL: no longer. */
void tnd_media_agree(struct tnd_media *m, struct tnd_media_leg *leg, const struct tnd_oa_flow *flow,
                     tnd_time now);

/* Its place is free again. */
void tnd_media_forget(struct tnd_media_leg *leg);

tnd_time tnd_media_due(const struct tnd_media *m);
void tnd_media_tick(struct tnd_media *m, tnd_time now);
void tnd_media_read(struct tnd_media *m, tnd_time now);

#endif
