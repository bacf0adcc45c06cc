/* Packets to where they belong: datagrams are looked at as they stand, segments go to their connection. */
#include "trace/tap.h"

/* So that differences of times are times. */
static const int64_t time_max = INT64_MAX / 4;

struct tnd_tap {
    const struct tnd_mem *mem;
    struct tnd_packets packets;
    struct tnd_streams *streams;
    struct tnd_packet packet; /* the one that was fed, if has_packet */
    bool has_packet;
    int64_t now;
    struct tnd_tap_stats stats;
};

int tnd_tap_new(const struct tnd_mem *mem, const struct tnd_siphash_key *secret,
                struct tnd_tap **ret)
{
    struct tnd_tap *tap = mem->take(mem->ctx, sizeof(*tap));

    if (!tap)
        return TND_ENOMEM;
    *tap = (struct tnd_tap){.mem = mem};
    tnd_packets_init(&tap->packets, mem);
    if (tnd_streams_new(mem, secret, &tap->streams)) {
        tnd_tap_free(&tap);
        return TND_ENOMEM;
    }
    *ret = tap;
    return 0;
}

void tnd_tap_free(struct tnd_tap **tap)
{
    if (!*tap)
        return;
    tnd_packets_fini(&(*tap)->packets);
    tnd_streams_free(&(*tap)->streams);
    (*tap)->mem->give((*tap)->mem->ctx, *tap, sizeof(**tap));
    *tap = NULL;
}

static int64_t bounded(int64_t at)
{
    return at > time_max ? time_max : at < -time_max ? -time_max : at;
}

void tnd_tap_feed(struct tnd_tap *tap, const struct tnd_frame *frame)
{
    struct tnd_frame f = *frame;

    f.at = bounded(f.at);
    tap->now = f.at;
    tap->stats.frames++;
    switch (tnd_packets_read(&tap->packets, &f, &tap->packet)) {
    case TND_PACKET_READY:
        tap->has_packet = true;
        break;
    case TND_PACKET_BROKEN:
        tap->stats.broken++;
        break;
    case TND_PACKET_NONE:
        break;
    }
}

void tnd_tap_end(struct tnd_tap *tap)
{
    tap->now = INT64_MAX;
    tnd_streams_end(tap->streams);
}

/* The message at the front of what is left of a datagram. A datagram is one message (RFC 3261 §18.3); but whoever
 * captures where it is sent may see several as one, which the network card is yet to cut apart. */
static struct tnd_packet take_message(struct tnd_packet *left)
{
    struct tnd_packet first = *left;
    size_t len = tnd_look_len(left->payload);
    struct tnd_slice rest = tnd_slice(left->payload.ptr + len, left->payload.len - len);

    left->payload.len = 0;
    if (rest.len > 0 && tnd_look(rest) == TND_LOOK_SIP) {
        left->payload = rest;
        first.payload.len = len;
        first.missing = 0;
    }
    return first;
}

/* The next message of a datagram; false: there is none any more. */
static bool read_datagram(struct tnd_packet *left, struct tnd_traced *ret)
{
    enum tnd_look look = tnd_look(tnd_look_behind(left->payload));

    if (left->payload.len == 0 || look == TND_LOOK_NO ||
        (look == TND_LOOK_MORE && left->missing == 0))
        return false;
    struct tnd_packet p = take_message(left);
    *ret = (struct tnd_traced){.at = p.at,
                               .number = p.number,
                               .from = p.from,
                               .to = p.to,
                               .bytes = p.payload,
                               .is_cut = p.missing > 0};
    return true;
}

/* What is left of the packet that was fed. */
static bool read_packet(struct tnd_tap *tap, struct tnd_traced *ret)
{
    if (tap->packet.from.transport == TND_TRANSPORT_UDP && read_datagram(&tap->packet, ret))
        return true;
    tap->has_packet = false;
    if (tap->packet.from.transport == TND_TRANSPORT_TCP)
        tnd_streams_feed(tap->streams, &tap->packet); /* no memory: as if it was not captured */
    return false;
}

static bool take_next(struct tnd_tap *tap, struct tnd_traced *ret)
{
    if (tap->has_packet && read_packet(tap, ret))
        return true;
    if (tnd_streams_next(tap->streams, ret))
        return true;
    while (tnd_packets_give_up(&tap->packets, tap->now, &tap->packet))
        if (read_datagram(&tap->packet, ret))
            return true;
    return false;
}

bool tnd_tap_next(struct tnd_tap *tap, struct tnd_traced *ret)
{
    bool is_there = take_next(tap, ret);

    tap->stats.messages += is_there;
    return is_there;
}

struct tnd_tap_stats tnd_tap_stats(const struct tnd_tap *tap)
{
    struct tnd_tap_stats stats = tap->stats;

    stats.fragments_lost = tap->packets.fragments.lost;
    stats.streams = tnd_streams_stats(tap->streams);
    return stats;
}
