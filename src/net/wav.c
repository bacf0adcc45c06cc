/* WAV files: RIFF, a list of chunks, of which "fmt " says how the samples in "data" are written. What else is in
 * it (lists, facts) is left alone. */
#include "net/wav.h"

#include "net/rtp.h"

enum {
    RIFF_LEN = 12, /* "RIFF", a length, "WAVE" */
    CHUNK_LEN = 8, /* its name, its length */
    FORMAT_LEN = 16,
    FORMAT_PCM = 1,
    FORMAT_MU_LAW = 7,
};

struct format {
    uint32_t kind, channels, rate, bits;
};

static uint32_t little(const char *p, int octets)
{
    uint32_t n = 0;

    while (octets-- > 0)
        n = n << 8 | (unsigned char)p[octets];
    return n;
}

/* The chunk of that name. false: there is none, or it is longer than the file. */
static bool find(struct tnd_slice file, const char name[5], struct tnd_slice *ret)
{
    for (size_t at = RIFF_LEN; at + CHUNK_LEN <= file.len;) {
        size_t len = little(file.ptr + at + 4, 4), left = file.len - at - CHUNK_LEN;

        if (memcmp(file.ptr + at, name, 4) == 0) {
            *ret = tnd_slice(file.ptr + at + CHUNK_LEN, len);
            return len <= left;
        }
        if (len >= left)
            return false;
        at += CHUNK_LEN + len + len % 2; /* chunks begin at even places */
    }
    return false;
}

/* NULL: all is well. */
static const char *fault_of(const struct format *f)
{
    if (f->kind != FORMAT_PCM && f->kind != FORMAT_MU_LAW)
        return "its samples are neither PCM nor mu-law";
    if (f->bits != (f->kind == FORMAT_PCM ? 16 : 8))
        return "its samples have neither 16 bits (PCM) nor 8 (mu-law)";
    if (f->channels != 1)
        return "it has several channels, not one";
    if (f->rate != TND_RTP_RATE)
        return "it has not 8000 samples a second";
    return NULL;
}

static const char *read(struct tnd_slice file, struct format *ret_format, struct tnd_slice *ret)
{
    struct tnd_slice format;

    if (file.len < RIFF_LEN || memcmp(file.ptr, "RIFF", 4) != 0 ||
        memcmp(file.ptr + 8, "WAVE", 4) != 0)
        return "it is no WAV file";
    if (!find(file, "fmt ", &format) || format.len < FORMAT_LEN)
        return "it does not say how its samples are written, or is cut off";
    *ret_format = (struct format){.kind = little(format.ptr, 2),
                                  .channels = little(format.ptr + 2, 2),
                                  .rate = little(format.ptr + 4, 4),
                                  .bits = little(format.ptr + 14, 2)};
    const char *why = fault_of(ret_format);
    if (!why && (!find(file, "data", ret) || ret->len == 0))
        why = "it holds no samples, or is cut off";
    return why;
}

int tnd_wav_read(struct tnd_slice file, struct tnd_arena *a, const int16_t **ret, size_t *ret_count,
                 const char **ret_why)
{
    struct format format;
    struct tnd_slice data;
    const char *why = read(file, &format, &data);

    if (why) {
        *ret_why = why;
        return TND_ESYNTAX;
    }
    size_t width = format.bits / 8, count = data.len / width;
    int16_t *samples = tnd_arena_zero(a, count + 1, sizeof(*samples));
    if (!samples)
        return TND_ENOMEM;
    for (size_t i = 0; i < count; i++)
        samples[i] = width == 2 ? (int16_t)little(data.ptr + 2 * i, 2)
                                : tnd_rtp_decode(TND_RTP_PCMU, (uint8_t)data.ptr[i]);
    *ret = samples;
    *ret_count = count;
    return 0;
}
