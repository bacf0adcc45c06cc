/* RTP packets and WAV files: what a peer sends, and what a user hands over. What was read of a packet, written
 * and read again is the same; the samples of a file are no more than its bytes. */
#include "fuzz/fuzz.h"

#include "net/rtp.h"
#include "net/wav.h"

enum { ROOM_SIZE = 1 << 20 };

static _Alignas(TND_ARENA_ALIGN) char room[ROOM_SIZE];
static char written[ROOM_SIZE];

static void try_rtp(struct tnd_slice bytes)
{
    struct tnd_writer w = tnd_writer(written, sizeof(written));
    struct tnd_rtp first, second;

    if (tnd_rtp_read(bytes, &first))
        return;
    FUZZ_CHECK(first.payload.len + TND_RTP_HEAD_LEN <= bytes.len);
    tnd_rtp_write(&w, &first);
    FUZZ_CHECK(tnd_rtp_read(tnd_writer_slice(&w), &second) == 0);
    FUZZ_CHECK(first.marker == second.marker && first.payload_type == second.payload_type &&
               first.sequence == second.sequence && first.timestamp == second.timestamp &&
               first.ssrc == second.ssrc && tnd_slice_eq(first.payload, second.payload));
}

static void try_wav(struct tnd_slice bytes)
{
    struct tnd_arena a;
    const int16_t *samples;
    const char *why = NULL;
    size_t count = 0;

    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    int err = tnd_wav_read(bytes, &a, &samples, &count, &why);
    FUZZ_CHECK((err == TND_ESYNTAX) == (why != NULL));
    FUZZ_CHECK(count <= bytes.len);
    for (size_t i = 0; i < count; i++)
        FUZZ_CHECK(samples[i] >= INT16_MIN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tnd_slice bytes = {(const char *)data, size};

    if (size > ROOM_SIZE / 4)
        return 0;
    try_rtp(bytes);
    try_wav(bytes);
    return 0;
}
