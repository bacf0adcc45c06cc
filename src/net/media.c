/* The sound of calls. */
#include "net/media.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/clock.h"
#include "net/phone_open.h"
#include "net/sockaddr.h"

enum {
    PACKET_LEN_MAX = 2048,
    READ_COUNT_MAX = 64, /* packets, before others have their turn */
};

static const tnd_time packet_time = TND_MS(20);

/* 1000 Hz, 17 dB below the loudest: a period at 8000 samples a second. */
static const int16_t tone[8] = {1765, 4260, 4260, 1765, -1765, -4260, -4260, -1765};

int tnd_media_open(struct tnd_media *m, const struct tnd_endpoint *host,
                   const struct tnd_media_sound *sound, const struct tnd_onlooker *onlooker)
{
    *m = (struct tnd_media){.fd = -1, .local = *host, .sound = *sound, .onlooker = *onlooker};
    m->local.transport = TND_TRANSPORT_UDP;
    m->local.port = 0;
    return sound->kind == TND_MEDIA_NONE ? 0 : tnd_phone_open_even(&m->local, &m->fd);
}

void tnd_media_close(struct tnd_media *m)
{
    if (m->fd >= 0)
        close(m->fd);
    m->fd = -1;
}

struct tnd_media_leg *tnd_media_leg(struct tnd_media *m, uint64_t key)
{
    struct tnd_media_leg *free = NULL;

    for (size_t i = 0; i < TND_MEDIA_LEG_COUNT_MAX; i++) {
        if (m->legs[i].is_used && m->legs[i].key == key)
            return &m->legs[i];
        if (!m->legs[i].is_used && !free)
            free = &m->legs[i];
    }
    if (!free)
        return NULL;
    *free = (struct tnd_media_leg){.is_used = true, .key = key};
    /* RFC 3550 §5.1: chosen at random */
    tnd_entropy(&free->ssrc, sizeof(free->ssrc));
    tnd_entropy(&free->sequence, sizeof(free->sequence));
    tnd_entropy(&free->timestamp, sizeof(free->timestamp));
    return free;
}

void tnd_media_forget(struct tnd_media_leg *leg)
{
    *leg = (struct tnd_media_leg){.is_used = false};
}

/* Where flow wants packets. false: nowhere that we could send to. */
static bool remote_of(const struct tnd_oa_flow *flow, struct tnd_endpoint *ret)
{
    struct tnd_endpoint e;

    if (flow->remote_port == 0 || tnd_address_parse(flow->remote.address, &e))
        return false;
    e.transport = TND_TRANSPORT_UDP;
    e.port = flow->remote_port;
    *ret = e;
    return true;
}

void tnd_media_agree(struct tnd_media *m, struct tnd_media_leg *leg, const struct tnd_oa_flow *flow,
                     tnd_time now)
{
    struct tnd_endpoint remote;

    if (m->fd < 0 || !flow || !flow->live || flow->format_count == 0 || !remote_of(flow, &remote)) {
        leg->sends = leg->receives = false;
        return;
    }
    const struct tnd_oa_format *format = &flow->formats[0];
    bool is_a = tnd_slice_eq_fold(format->codec.encoding, TND_STR("PCMA"));
    bool sends = (flow->direction & TND_SDP_SEND) != 0 && !flow->mute;
    leg->agreed = remote;
    if (!tnd_endpoint_eq(&remote, &leg->remote) && !leg->is_latched)
        leg->remote = remote;
    if (!tnd_address_eq(&remote, &leg->remote)) {
        leg->remote = remote;
        leg->is_latched = false;
    }
    leg->send_law = is_a ? TND_RTP_PCMA : TND_RTP_PCMU;
    leg->send_payload = format->send_payload;
    leg->recv_payload = format->recv_payload;
    leg->receives = (flow->direction & TND_SDP_RECV) != 0;
    if (sends && !leg->sends)
        leg->next = now;
    leg->sends = sends;
}

static void send_payload(struct tnd_media *m, struct tnd_media_leg *leg, struct tnd_slice payload,
                         tnd_time now)
{
    char room[PACKET_LEN_MAX];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    union tnd_sockaddr to;
    socklen_t len = tnd_sockaddr(&leg->remote, &to);

    tnd_rtp_write(&w, &(struct tnd_rtp){.marker = leg->stats.sent == 0,
                                        .payload_type = leg->send_payload,
                                        .sequence = leg->sequence++,
                                        .timestamp = leg->timestamp,
                                        .ssrc = leg->ssrc,
                                        .payload = payload});
    leg->timestamp += (uint32_t)payload.len;
    if (tnd_writer_over(&w) || sendto(m->fd, room, w.len, 0, &to.any, len) < 0)
        return; /* lost, as any packet may be */
    leg->stats.sent++;
    tnd_show(&m->onlooker, &(struct tnd_seen){.sent = true,
                                              .is_media = true,
                                              .at = now,
                                              .local = m->local,
                                              .remote = leg->remote,
                                              .bytes = tnd_slice(room, w.len)});
}

static int16_t sample(const struct tnd_media *m, struct tnd_media_leg *leg)
{
    size_t at = leg->at++;

    if (m->sound.kind == TND_MEDIA_TONE)
        return tone[at % 8];
    return at < m->sound.sample_count ? m->sound.samples[at] : 0;
}

static void send_next(struct tnd_media *m, struct tnd_media_leg *leg, tnd_time now)
{
    char payload[TND_RTP_PACKET_SAMPLES];

    for (size_t i = 0; i < sizeof(payload); i++)
        payload[i] = (char)tnd_rtp_encode((enum tnd_rtp_law)leg->send_law, sample(m, leg));
    send_payload(m, leg, tnd_slice(payload, sizeof(payload)), now);
}

static bool is_paced(const struct tnd_media *m, const struct tnd_media_leg *leg)
{
    return leg->is_used && leg->sends && m->sound.kind != TND_MEDIA_ECHO;
}

tnd_time tnd_media_due(const struct tnd_media *m)
{
    tnd_time due = TND_NEVER_DUE;

    for (size_t i = 0; i < TND_MEDIA_LEG_COUNT_MAX; i++)
        if (is_paced(m, &m->legs[i]) && m->legs[i].next < due)
            due = m->legs[i].next;
    return due;
}

void tnd_media_tick(struct tnd_media *m, tnd_time now)
{
    for (size_t i = 0; i < TND_MEDIA_LEG_COUNT_MAX; i++) {
        struct tnd_media_leg *leg = &m->legs[i];

        if (!is_paced(m, leg) || leg->next > now)
            continue;
        send_next(m, leg, now);
        /* what was missed while the machine slept is not sent all at once */
        leg->next = leg->next + packet_time > now ? leg->next + packet_time : now + packet_time;
    }
}

/* Whose packets come from there: by address and port, where they come from or were agreed to; else the
 * address of one that was not heard yet. So whoever was quicker than the other side gives way to it. */
static struct tnd_media_leg *leg_of(struct tnd_media *m, const struct tnd_endpoint *from)
{
    struct tnd_media_leg *found = NULL;

    for (size_t i = 0; i < TND_MEDIA_LEG_COUNT_MAX; i++) {
        struct tnd_media_leg *leg = &m->legs[i];

        if (!leg->is_used || !leg->receives)
            continue;
        if (tnd_endpoint_eq(&leg->remote, from) || tnd_endpoint_eq(&leg->agreed, from))
            return leg;
        if (!found && !leg->is_latched && tnd_address_eq(&leg->remote, from))
            found = leg;
    }
    return found;
}

static void count(struct tnd_media_leg *leg, const struct tnd_rtp *rtp)
{
    uint16_t step = (uint16_t)(rtp->sequence - leg->last_sequence);

    if (!leg->has_first || rtp->ssrc != leg->last_ssrc)
        step = 1; /* another source counts anew (RFC 3550 §8.2) */
    leg->stats.received++;
    leg->stats.heard += rtp->payload.len;
    if (step == 0 || step >= 0x8000) { /* late, or twice */
        leg->stats.lost -= leg->stats.lost > 0 && step != 0;
        return;
    }
    leg->stats.lost += step - 1U;
    leg->has_first = true;
    leg->last_sequence = rtp->sequence;
    leg->last_ssrc = rtp->ssrc;
}

static void received(struct tnd_media *m, const struct tnd_endpoint *from, struct tnd_slice bytes,
                     tnd_time now)
{
    struct tnd_media_leg *leg = leg_of(m, from);
    struct tnd_rtp rtp;

    tnd_show(&m->onlooker,
             &(struct tnd_seen){
                 .is_media = true, .at = now, .local = m->local, .remote = *from, .bytes = bytes});
    if (!leg || tnd_rtp_read(bytes, &rtp) || rtp.payload_type != leg->recv_payload) {
        m->strange++;
        return;
    }
    leg->remote = *from; /* RFC 4961 §4 */
    leg->is_latched = true;
    count(leg, &rtp);
    if (m->sound.kind == TND_MEDIA_ECHO && leg->sends)
        send_payload(m, leg, rtp.payload, now);
}

void tnd_media_read(struct tnd_media *m, tnd_time now)
{
    char room[PACKET_LEN_MAX];

    for (int i = 0; i < READ_COUNT_MAX; i++) {
        union tnd_sockaddr from = {.any.sa_family = AF_UNSPEC};
        socklen_t from_len = sizeof(from);
        ssize_t len = recvfrom(m->fd, room, sizeof(room), MSG_TRUNC, &from.any, &from_len);

        if (len < 0)
            return;
        struct tnd_endpoint e = tnd_sockaddr_endpoint(&from, TND_TRANSPORT_UDP);
        if ((size_t)len <= sizeof(room))
            received(m, &e, tnd_slice(room, (size_t)len), now);
        else
            m->strange++;
    }
}
