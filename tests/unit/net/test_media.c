/* Sound between two ends of loopback. */
#include "net/media.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit/test.h"

static struct tnd_media a, b;
static unsigned seen_sent, seen_received;

static void see(void *ctx, const struct tnd_seen *seen)
{
    (void)ctx;
    CHECK(seen->is_media && seen->bytes.len >= TND_RTP_HEAD_LEN);
    *(seen->sent ? &seen_sent : &seen_received) += 1;
}

static const struct tnd_endpoint host = {{127, 0, 0, 1}, 0, 0, TND_FAMILY_IPV4};

static struct tnd_oa_format pcmu = {.codec = {.encoding = TND_STR_INIT("PCMU"), .clock = 8000}};
static struct tnd_oa_format pcma = {.codec = {.encoding = TND_STR_INIT("PCMA"), .clock = 8000},
                                    .send_payload = 8,
                                    .recv_payload = 8};

static struct tnd_oa_flow flow_to(const struct tnd_media *m, const struct tnd_oa_format *format)
{
    return (struct tnd_oa_flow){.live = true,
                                .remote = {.address = TND_STR("127.0.0.1")},
                                .remote_port = m->local.port,
                                .direction = TND_SDP_SENDRECV,
                                .formats = format,
                                .format_count = 1};
}

static void start(enum tnd_media_kind of_a, enum tnd_media_kind of_b)
{
    static const struct tnd_onlooker onlooker = {see, NULL};

    seen_sent = seen_received = 0;
    CHECK_EQ(tnd_media_open(&a, &host, &(struct tnd_media_sound){.kind = (uint8_t)of_a}, &onlooker),
             0);
    CHECK_EQ(tnd_media_open(&b, &host, &(struct tnd_media_sound){.kind = (uint8_t)of_b}, &onlooker),
             0);
    CHECK(a.local.port % 2 == 0 && b.local.port % 2 == 0 && a.local.port != b.local.port);
}

static void end(void)
{
    tnd_media_close(&a);
    tnd_media_close(&b);
}

TND_TEST(media_tone, "RFC 3551 §4.2",
         "each 20 ms a packet of 160 samples is sent, and the other end counts it")
{
    for (int is_a_law = 0; is_a_law < 2; is_a_law++) {
        start(TND_MEDIA_TONE, TND_MEDIA_ECHO);
        struct tnd_oa_flow to_a = flow_to(&a, is_a_law ? &pcma : &pcmu);
        struct tnd_oa_flow to_b = flow_to(&b, is_a_law ? &pcma : &pcmu);
        struct tnd_media_leg *leg = tnd_media_leg(&a, 1), *far = tnd_media_leg(&b, 9);

        CHECK_EQ(tnd_media_due(&a), TND_NEVER_DUE);
        tnd_media_agree(&a, leg, &to_b, TND_SEC(1));
        tnd_media_agree(&b, far, &to_a, TND_SEC(1));
        for (tnd_time now = TND_SEC(1); now < TND_SEC(2); now += TND_MS(20)) {
            CHECK_EQ(tnd_media_due(&a), now);
            tnd_media_tick(&a, now - 1); /* too early: nothing */
            tnd_media_tick(&a, now);
            tnd_media_read(&b, now);
            tnd_media_read(&a, now);
        }
        CHECK_EQ(leg->stats.sent, 50);
        CHECK(far->stats.received == 50 && far->stats.heard == 8000 && far->stats.lost == 0);
        CHECK(leg->stats.received == 50 && leg->stats.heard == 8000); /* the echo */
        CHECK_EQ(tnd_media_due(&b), TND_NEVER_DUE);
        CHECK(seen_sent == 100 && seen_received == 100);
        end();
    }
}

TND_TEST(media_late, "net/media.h",
         "what was missed while the machine slept is not sent all at once")
{
    start(TND_MEDIA_TONE, TND_MEDIA_TONE);
    struct tnd_oa_flow to_b = flow_to(&b, &pcmu);
    struct tnd_media_leg *leg = tnd_media_leg(&a, 1);

    tnd_media_agree(&a, leg, &to_b, 0);
    tnd_media_tick(&a, TND_SEC(5));
    CHECK_EQ(leg->stats.sent, 1);
    CHECK_EQ(tnd_media_due(&a), TND_SEC(5) + TND_MS(20));
    end();
}

TND_TEST(media_hold, "RFC 3264 §8.4",
         "on hold nothing is sent, and nothing is taken; afterwards it goes on")
{
    start(TND_MEDIA_TONE, TND_MEDIA_TONE);
    struct tnd_oa_flow to_a = flow_to(&a, &pcmu), to_b = flow_to(&b, &pcmu);
    struct tnd_media_leg *leg = tnd_media_leg(&a, 1), *far = tnd_media_leg(&b, 1);

    to_b.direction = TND_SDP_NONE;
    tnd_media_agree(&a, leg, &to_b, 0);
    tnd_media_agree(&b, far, &to_a, 0);
    tnd_media_tick(&a, TND_SEC(1));
    tnd_media_tick(&b, TND_SEC(1));
    tnd_media_read(&a, TND_SEC(1));
    CHECK(leg->stats.sent == 0 && leg->stats.received == 0 && a.strange == 1);
    to_b.direction = TND_SDP_SENDRECV;
    to_b.mute = true; /* 0.0.0.0 */
    tnd_media_agree(&a, leg, &to_b, TND_SEC(1));
    tnd_media_tick(&a, TND_SEC(2));
    CHECK_EQ(leg->stats.sent, 0);
    to_b.mute = false;
    tnd_media_agree(&a, leg, &to_b, TND_SEC(2));
    tnd_media_tick(&a, TND_SEC(2));
    CHECK_EQ(leg->stats.sent, 1);
    tnd_media_agree(&a, leg, NULL, TND_SEC(2));
    CHECK_EQ(tnd_media_due(&a), TND_NEVER_DUE);
    end();
}

/* From a socket of its own. */
static void inject(int fd, const char *bytes, size_t len)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(b.local.port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    CHECK_EQ(sendto(fd, bytes, len, 0, (struct sockaddr *)&to, sizeof(to)), (ssize_t)len);
    tnd_media_read(&b, 0);
}

static const char packet[] = "\x80\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00\x01zzzz";

TND_TEST(
    media_symmetric, "RFC 4961 §4",
    "who sends from another port than he said is answered there; later nobody else takes his place")
{
    start(TND_MEDIA_TONE, TND_MEDIA_TONE);
    struct tnd_oa_flow to_a = flow_to(&a, &pcmu);
    struct tnd_media_leg *leg = tnd_media_leg(&b, 1);
    int first = socket(AF_INET, SOCK_DGRAM, 0), second = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in elsewhere = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000002)};
    int stranger = socket(AF_INET, SOCK_DGRAM, 0);

    CHECK_EQ(bind(stranger, (struct sockaddr *)&elsewhere, sizeof(elsewhere)), 0);
    tnd_media_agree(&b, leg, &to_a, 0);
    inject(stranger, packet, 16);
    CHECK(leg->stats.received == 0 && b.strange == 1);
    inject(first, packet, 16);
    CHECK(leg->stats.received == 1 && leg->remote.port != a.local.port);
    uint16_t port = leg->remote.port;
    inject(second, packet, 16);
    CHECK(leg->stats.received == 1 && b.strange == 2 && leg->remote.port == port);
    tnd_media_agree(&b, leg, &to_a, 0); /* the same was agreed again: a session timer */
    CHECK_EQ(leg->remote.port, port);
    close(first);
    close(second);
    close(stranger);
    end();
}

TND_TEST(media_quicker, "RFC 4961 §4",
         "who was quicker than the other side, at another port of its address, gives way to it")
{
    start(TND_MEDIA_TONE, TND_MEDIA_TONE);
    struct tnd_oa_flow to_a = flow_to(&a, &pcmu);
    struct tnd_media_leg *leg = tnd_media_leg(&b, 1);
    int quicker = socket(AF_INET, SOCK_DGRAM, 0);

    tnd_media_agree(&b, leg, &to_a, 0);
    inject(quicker, packet, 16);
    CHECK(leg->stats.received == 1 && leg->remote.port != a.local.port);
    inject(a.fd, packet, 16);
    CHECK(leg->stats.received == 2 && leg->remote.port == a.local.port);
    inject(quicker, packet, 16);
    CHECK(leg->stats.received == 2 && b.strange == 1);
    close(quicker);
    end();
}

TND_TEST(
    media_nonsense, "RFC 3550 appendix A.1",
    "what is no RTP, or of a payload type that was not agreed upon, is not heard; gaps are counted")
{
    char room[4096] = {0};

    start(TND_MEDIA_TONE, TND_MEDIA_TONE);
    struct tnd_oa_flow to_a = flow_to(&a, &pcmu);
    struct tnd_media_leg *leg = tnd_media_leg(&b, 1);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    tnd_media_agree(&b, leg, &to_a, 0);
    inject(fd, room, 20);
    inject(fd, room, sizeof(room)); /* longer than any packet of ours */
    memcpy(room, packet, 16);
    room[1] = 8;
    inject(fd, room, 16);
    CHECK(leg->stats.received == 0 && b.strange == 3);
    inject(fd, packet, 16);
    room[1] = 0;
    room[3] = 9;
    inject(fd, room, 16);
    CHECK(leg->stats.received == 2 && leg->stats.lost == 3 && leg->stats.heard == 8);
    room[3] = 7; /* it came after all */
    inject(fd, room, 16);
    CHECK(leg->stats.received == 3 && leg->stats.lost == 2);
    close(fd);
    end();
}

TND_TEST(media_legs, "net/media.h", "calls at one port are told apart; there is a bound of them")
{
    start(TND_MEDIA_TONE, TND_MEDIA_NONE);
    CHECK(b.fd < 0 && tnd_media_leg(&a, 5) == tnd_media_leg(&a, 5));
    for (uint64_t key = 6; key < 5 + TND_MEDIA_LEG_COUNT_MAX; key++)
        CHECK(tnd_media_leg(&a, key) != NULL);
    CHECK(tnd_media_leg(&a, 1000) == NULL);
    tnd_media_forget(tnd_media_leg(&a, 20));
    CHECK(tnd_media_leg(&a, 1000) != NULL);
    end();
}
