/* SipHash: four words, stirred once or twice after each eight bytes of text. */
#include "base/siphash.h"

static uint64_t read_word(const char *bytes)
{
    const unsigned char *b = (const unsigned char *)bytes;

    return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 |
           (uint64_t)b[4] << 32 | (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 |
           (uint64_t)b[7] << 56;
}

static void write_word(unsigned char *ret, uint64_t word)
{
    for (int i = 0; i < 8; i++)
        ret[i] = (unsigned char)(word >> 8 * i);
}

static inline uint64_t rotate(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static inline void stir(struct tnd_siphash *h, int rounds)
{
    for (int i = 0; i < rounds; i++) {
        h->v0 += h->v1;
        h->v2 += h->v3;
        h->v1 = rotate(h->v1, 13) ^ h->v0;
        h->v3 = rotate(h->v3, 16) ^ h->v2;
        h->v0 = rotate(h->v0, 32) + h->v3;
        h->v2 += h->v1;
        h->v1 = rotate(h->v1, 17) ^ h->v2;
        h->v3 = rotate(h->v3, 21) ^ h->v0;
        h->v2 = rotate(h->v2, 32);
    }
}

static inline void put_word(struct tnd_siphash *h, uint64_t word)
{
    h->v3 ^= word;
    stir(h, h->rounds);
    h->v0 ^= word;
}

static void init(struct tnd_siphash *h, const struct tnd_siphash_key *key, int rounds)
{
    *h = (struct tnd_siphash){
        .v0 = key->k0 ^ 0x736f6d6570736575, /* "somepseudorandomlygeneratedbytes" */
        .v1 = key->k1 ^ 0x646f72616e646f6d,
        .v2 = key->k0 ^ 0x6c7967656e657261,
        .v3 = key->k1 ^ 0x7465646279746573,
        .rounds = rounds,
    };
}

static void put_byte(struct tnd_siphash *h, char c)
{
    h->tail |= (uint64_t)(unsigned char)c << 8 * (h->len % 8);
    h->len++;
    if (h->len % 8 == 0) {
        put_word(h, h->tail);
        h->tail = 0;
    }
}

void tnd_siphash_put(struct tnd_siphash *h, struct tnd_slice piece)
{
    size_t i = 0;

    while (i < piece.len && h->len % 8 != 0)
        put_byte(h, piece.ptr[i++]);
    for (; piece.len - i >= 8; i += 8, h->len += 8)
        put_word(h, read_word(piece.ptr + i));
    while (i < piece.len)
        put_byte(h, piece.ptr[i++]);
}

static uint64_t finish(struct tnd_siphash *h, uint64_t mark)
{
    put_word(h, h->tail | h->len << 56);
    h->v2 ^= mark;
    stir(h, h->rounds + 2);
    return h->v0 ^ h->v1 ^ h->v2 ^ h->v3;
}

/* The last bytes of a text, which are fewer than a word. */
static inline uint64_t read_tail(const char *at, size_t len)
{
    uint64_t tail = 0;

    while (len > 0)
        tail = tail << 8 | (unsigned char)at[--len];
    return tail;
}

/* Inlined into each caller, so that the number of rounds is known and the state stays in
 * registers: this is what a look-up costs. */
static inline __attribute__((always_inline)) uint64_t hash(const struct tnd_siphash_key *key,
                                                           struct tnd_slice text, int rounds)
{
    struct tnd_siphash h;
    const char *at = text.ptr;

    init(&h, key, rounds);
    for (size_t left = text.len / 8; left > 0; left--, at += 8)
        put_word(&h, read_word(at));
    h.len = text.len;
    h.tail = read_tail(at, text.len % 8);
    return finish(&h, 0xff);
}

uint64_t tnd_siphash_1_3(const struct tnd_siphash_key *key, struct tnd_slice text)
{
    return hash(key, text, 1);
}

uint64_t tnd_siphash_2_4(const struct tnd_siphash_key *key, struct tnd_slice text)
{
    return hash(key, text, 2);
}

struct tnd_siphash_key tnd_siphash_key(const unsigned char bytes[TND_SIPHASH_KEY_SIZE])
{
    const char *b = (const char *)bytes;

    return (struct tnd_siphash_key){read_word(b), read_word(b + 8)};
}

/* The long result begins and ends with marks of its own, so that its first half is not
 * the short one. */
void tnd_siphash_init(struct tnd_siphash *h, const struct tnd_siphash_key *key)
{
    init(h, key, 2);
    h->v1 ^= 0xee;
}

void tnd_siphash_end(struct tnd_siphash *h, unsigned char ret[16])
{
    write_word(ret, finish(h, 0xee));
    h->v1 ^= 0xdd;
    stir(h, 4);
    write_word(ret + 8, h->v0 ^ h->v1 ^ h->v2 ^ h->v3);
}
