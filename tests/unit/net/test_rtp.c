/* RTP packets, G.711, and the files that sounds are read from. */
#include "net/rtp.h"
#include "net/wav.h"
#include "unit/test.h"

static const struct tnd_slice extended = TND_STR_INIT(
    "\xb1\x88\x12\x34\x00\x00\x00\xa0\xde\xad\xbe\xef" /* padding, extension, one CSRC; marker, 8 */
    "\x00\x00\x00\x01\xbe\xde\x00\x01"
    "abcd"
    "sound"
    "\x00\x00\x03");

TND_TEST(rtp_read, "RFC 3550 §5.1",
         "the payload of a packet is what is left without CSRCs, extension and padding")
{
    struct tnd_rtp rtp;

    CHECK_EQ(tnd_rtp_read(extended, &rtp), 0);
    CHECK(rtp.marker && rtp.payload_type == 8 && rtp.sequence == 0x1234);
    CHECK(rtp.timestamp == 160 && rtp.ssrc == 0xdeadbeef);
    CHECK_STR(rtp.payload, "sound");
}

TND_TEST(rtp_read_cut, "RFC 3550 appendix A.1",
         "a packet that is cut off, of another version, or all padding, is none")
{
    struct tnd_rtp rtp;
    char room[64];

    for (size_t len = 0; len < 24; len++) /* up to the end of its extension */
        CHECK_EQ(tnd_rtp_read(tnd_slice(extended.ptr, len), &rtp), TND_ESYNTAX);
    memcpy(room, extended.ptr, extended.len);
    room[extended.len - 1] = 9; /* one octet more of padding than there is behind the head */
    CHECK_EQ(tnd_rtp_read(tnd_slice(room, extended.len), &rtp), TND_ESYNTAX);
    room[extended.len - 1] = 0;
    CHECK_EQ(tnd_rtp_read(tnd_slice(room, extended.len), &rtp), TND_ESYNTAX);
    room[extended.len - 1] = 3;
    room[0] ^= (char)0xc0;
    CHECK_EQ(tnd_rtp_read(tnd_slice(room, extended.len), &rtp), TND_ESYNTAX);
}

TND_TEST(rtp_write, "RFC 3550 §5.1", "what is written is read as the same")
{
    struct tnd_rtp rtp, in = {true, 0, 65535, 0xfedcba98, 7, TND_STR("x")};
    char room[13];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_rtp_write(&w, &in);
    CHECK_EQ(tnd_rtp_read(tnd_writer_slice(&w), &rtp), 0);
    CHECK(rtp.marker && rtp.payload_type == 0 && rtp.sequence == 65535);
    CHECK(rtp.timestamp == 0xfedcba98 && rtp.ssrc == 7);
    CHECK_STR(rtp.payload, "x");
}

TND_TEST(g711_values, "ITU-T G.711",
         "silence, the loudest, and every octet have the values of the recommendation")
{
    CHECK_EQ(tnd_rtp_encode(TND_RTP_PCMU, 0), 0xff);
    CHECK_EQ(tnd_rtp_decode(TND_RTP_PCMU, 0x80), 32124);
    CHECK_EQ(tnd_rtp_decode(TND_RTP_PCMU, 0x00), -32124);
    CHECK_EQ(tnd_rtp_encode(TND_RTP_PCMA, 0), 0xd5);
    CHECK_EQ(tnd_rtp_decode(TND_RTP_PCMA, 0xaa), 32256);
    CHECK_EQ(tnd_rtp_decode(TND_RTP_PCMA, 0x2a), -32256);
    for (int octet = 0; octet < 256; octet++)
        for (int law = TND_RTP_PCMU; law <= TND_RTP_PCMA; law += TND_RTP_PCMA - TND_RTP_PCMU) {
            int16_t sample = tnd_rtp_decode((enum tnd_rtp_law)law, (uint8_t)octet);

            /* mu-law has two zeros */
            CHECK_EQ(tnd_rtp_encode((enum tnd_rtp_law)law, sample),
                     law == TND_RTP_PCMU && octet == 0x7f ? 0xff : octet);
        }
}

TND_TEST(g711_error, "ITU-T G.711",
         "no sample comes back farther off than half a step of its segment")
{
    for (int sample = -32768; sample < 32768; sample++)
        for (int law = TND_RTP_PCMU; law <= TND_RTP_PCMA; law += TND_RTP_PCMA - TND_RTP_PCMU) {
            int back = tnd_rtp_decode((enum tnd_rtp_law)law,
                                      tnd_rtp_encode((enum tnd_rtp_law)law, (int16_t)sample));
            int error = back > sample ? back - sample : sample - back;
            int size = sample < 0 ? -sample : sample;

            CHECK(error <= 16 + size / 32);
        }
}

static struct tnd_arena arena(void)
{
    static char room[4096];
    struct tnd_arena a;

    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    return a;
}

#define PCM "\x01\x00\x01\x00\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00"
#define MU  "\x07\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00"

TND_TEST(wav_read, "net/wav.h",
         "samples of 16 bits and of mu-law are read, whatever else is in the file")
{
    struct tnd_arena a = arena();
    const int16_t *samples;
    const char *why;
    size_t count;

    CHECK_EQ(tnd_wav_read(TND_STR("RIFF....WAVEfmt \x10\0\0\0" PCM "LIST\x03\0\0\0odd\0"
                                  "data\x04\0\0\0\x01\x00\xff\xff"),
                          &a, &samples, &count, &why),
             0);
    CHECK(count == 2 && samples[0] == 1 && samples[1] == -1);
    CHECK_EQ(tnd_wav_read(TND_STR("RIFF....WAVEfmt \x12\0\0\0" MU "\0\0"
                                  "data\x02\0\0\0\xff\x80"),
                          &a, &samples, &count, &why),
             0);
    CHECK(count == 2 && samples[0] == 0 && samples[1] == 32124);
}

TND_TEST(wav_faults, "net/wav.h",
         "of a file that cannot be played it is told why, and no byte beyond it is read")
{
    static const struct tnd_slice good =
        TND_STR_INIT("RIFF....WAVEfmt \x10\0\0\0" PCM "data\x04\0\0\0\x01\x00\xff\xff");
    struct tnd_arena a = arena();
    const int16_t *samples;
    const char *why;
    size_t count;
    char room[64];

    for (size_t len = 0; len < good.len; len++) {
        why = NULL;
        CHECK_EQ(tnd_wav_read(tnd_slice(good.ptr, len), &a, &samples, &count, &why), TND_ESYNTAX);
        CHECK(why != NULL);
    }
    memcpy(room, good.ptr, good.len);
    room[22] = 2;
    CHECK_EQ(tnd_wav_read(tnd_slice(room, good.len), &a, &samples, &count, &why), TND_ESYNTAX);
    CHECK_STR(tnd_slice_str(why), "it has several channels, not one");
    room[22] = 1;
    room[16] = room[17] = room[18] = room[19] = (char)0xff; /* a chunk longer than any file */
    CHECK_EQ(tnd_wav_read(tnd_slice(room, good.len), &a, &samples, &count, &why), TND_ESYNTAX);
}
