/* SipHash, keyed digests, comparing digests. The expected values were published with
 * SipHash; those of 1-3 and the long ones come from OpenSSL too. */
#include "base/digest.h"
#include "base/siphash.h"
#include "base/siphash_words.h"

#include "unit/test.h"

/* Of the first 0 to 63 bytes of 00 01 02..., by the key 00 01... 0f. */
static const uint64_t hash_2_4[64] = {
    0x726fdb47dd0e0e31, 0x74f839c593dc67fd, 0x0d6c8009d9a94f5a, 0x85676696d7fb7e2d,
    0xcf2794e0277187b7, 0x18765564cd99a68d, 0xcbc9466e58fee3ce, 0xab0200f58b01d137,
    0x93f5f5799a932462, 0x9e0082df0ba9e4b0, 0x7a5dbbc594ddb9f3, 0xf4b32f46226bada7,
    0x751e8fbc860ee5fb, 0x14ea5627c0843d90, 0xf723ca908e7af2ee, 0xa129ca6149be45e5,
    0x3f2acc7f57c29bdb, 0x699ae9f52cbe4794, 0x4bc1b3f0968dd39c, 0xbb6dc91da77961bd,
    0xbed65cf21aa2ee98, 0xd0f2cbb02e3b67c7, 0x93536795e3a33e88, 0xa80c038ccd5ccec8,
    0xb8ad50c6f649af94, 0xbce192de8a85b8ea, 0x17d835b85bbb15f3, 0x2f2e6163076bcfad,
    0xde4daaaca71dc9a5, 0xa6a2506687956571, 0xad87a3535c49ef28, 0x32d892fad841c342,
    0x7127512f72f27cce, 0xa7f32346f95978e3, 0x12e0b01abb051238, 0x15e034d40fa197ae,
    0x314dffbe0815a3b4, 0x027990f029623981, 0xcadcd4e59ef40c4d, 0x9abfd8766a33735c,
    0x0e3ea96b5304a7d0, 0xad0c42d6fc585992, 0x187306c89bc215a9, 0xd4a60abcf3792b95,
    0xf935451de4f21df2, 0xa9538f0419755787, 0xdb9acddff56ca510, 0xd06c98cd5c0975eb,
    0xe612a3cb9ecba951, 0xc766e62cfcadaf96, 0xee64435a9752fe72, 0xa192d576b245165a,
    0x0a8787bf8ecb74b2, 0x81b3e73d20b49b6f, 0x7fa8220ba3b2ecea, 0x245731c13ca42499,
    0xb78dbfaf3a8d83bd, 0xea1ad565322a1a0b, 0x60e61c23a3795013, 0x6606d7e446282b93,
    0x6ca4ecb15c5f91e1, 0x9f626da15c9625f3, 0xe51b38608ef25f57, 0x958a324ceb064572,
};

static struct tnd_siphash_key the_key(void)
{
    unsigned char bytes[TND_SIPHASH_KEY_SIZE];

    for (int i = 0; i < TND_SIPHASH_KEY_SIZE; i++)
        bytes[i] = (unsigned char)i;
    return tnd_siphash_key(bytes);
}

static struct tnd_slice the_text(size_t len)
{
    static char text[64];

    for (int i = 0; i < 64; i++)
        text[i] = (char)i;
    return tnd_slice(text, len);
}

TND_TEST(siphash_2_4_vectors, "ARCHITECTURE §4", "SipHash-2-4 gives the 64 published values")
{
    struct tnd_siphash_key key = the_key();

    for (size_t len = 0; len < 64; len++)
        CHECK(tnd_siphash_2_4(&key, the_text(len)) == hash_2_4[len]);
}

TND_TEST(siphash_1_3_vectors, "ARCHITECTURE §6", "SipHash-1-3 gives the values that OpenSSL gives")
{
    static const struct {
        size_t len;
        uint64_t hash;
    } expected[] = {
        {0, 0xabac0158050fc4dc}, {1, 0xc9f49bf37d57ca93},  {7, 0xd3927d989bb11140},
        {8, 0x369095118d299a8e}, {15, 0xd320d86d2a519956}, {63, 0x9d199062b7bbb3a8},
    };
    struct tnd_siphash_key key = the_key();

    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
        CHECK(tnd_siphash_1_3(&key, the_text(expected[i].len)) == expected[i].hash);
}

/* Of texts that fill their words up, and of numbers, one after another. */
TND_TEST(siphash_words, "ARCHITECTURE §4", "a hash put in words is that of the same bytes")
{
    struct tnd_siphash_key key = the_key();

    for (size_t len = 0; len < 24; len++) {
        char bytes[64] = {0};
        struct tnd_siphash_words h, copy;

        memcpy(bytes, the_text(len).ptr, len);
        memcpy(bytes + (len + 7) / 8 * 8, "number..lower   ", 16);
        tnd_siphash_begin(&h, &key);
        tnd_siphash_put_text(&h, the_text(len));
        tnd_siphash_put_number(&h, 0x2e2e7265626d756e); /* "number..", its first byte lowest */
        copy = h;
        tnd_siphash_put_lower(&h, TND_STR("LoWER   "));
        CHECK(tnd_siphash_finish(&h) ==
              tnd_siphash_2_4(&key, tnd_slice(bytes, (len + 7) / 8 * 8 + 16)));
        CHECK(tnd_siphash_finish(&copy) ==
              tnd_siphash_2_4(&key, tnd_slice(bytes, (len + 7) / 8 * 8 + 8)));
    }
}

TND_TEST(siphash_lower, "RFC 3261 §7.3.1", "a hash without case is that of the lower-case text")
{
    static const struct tnd_slice upper = TND_STR_INIT("@AZ[ `az{ \xc1 Z9HG4BK"),
                                  lower = TND_STR_INIT("@az[ `az{ \xc1 z9hg4bk");
    struct tnd_siphash_key key = the_key();

    for (size_t len = 0; len <= upper.len; len++) {
        struct tnd_siphash_words a, b;

        tnd_siphash_begin(&a, &key);
        tnd_siphash_put_lower(&a, tnd_slice(upper.ptr, len));
        tnd_siphash_begin(&b, &key);
        tnd_siphash_put_text(&b, tnd_slice(lower.ptr, len));
        CHECK(tnd_siphash_finish(&a) == tnd_siphash_finish(&b));
    }
}

/* The long hash in hexadecimal, of text cut at two places. */
static struct tnd_slice long_hash(struct tnd_slice text, size_t cut, size_t cut_again)
{
    static char room[32];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_siphash_key key = the_key();
    struct tnd_siphash h;
    unsigned char ret[16];

    tnd_siphash_init(&h, &key);
    tnd_siphash_put(&h, tnd_slice(text.ptr, cut));
    tnd_siphash_put(&h, tnd_slice(text.ptr + cut, cut_again - cut));
    tnd_siphash_put(&h, tnd_slice(text.ptr + cut_again, text.len - cut_again));
    tnd_siphash_end(&h, ret);
    tnd_put_hex(&w, ret, sizeof(ret));
    return tnd_writer_slice(&w);
}

TND_TEST(siphash_long_vectors, "ARCHITECTURE §4",
         "SipHash-2-4 of 128 bits gives the published values")
{
    CHECK_STR(long_hash(the_text(0), 0, 0), "a3817f04ba25a8e66df67214c7550293");
    CHECK_STR(long_hash(the_text(1), 0, 0), "da87c1d86b99af44347659119b22fc45");
    CHECK_STR(long_hash(the_text(7), 0, 0), "a1f1ebbed8dbc153c0b84aa61ff08239");
    CHECK_STR(long_hash(the_text(8), 0, 0), "3b62a9ba6258f5610f83e264f31497b4");
    CHECK_STR(long_hash(the_text(15), 0, 0), "5493e99933b0a8117e08ec0f97cfc3d9");
    CHECK_STR(long_hash(the_text(63), 0, 0), "5150d1772f50834a503e069a973fbd7c");
}

TND_TEST(siphash_in_pieces, "ARCHITECTURE §4",
         "where a text is cut into pieces makes no difference to its hash")
{
    for (size_t cut = 0; cut <= 63; cut++)
        for (size_t again = cut; again <= 63; again++)
            CHECK_STR(long_hash(the_text(63), cut, again), "5150d1772f50834a503e069a973fbd7c");
}

static struct tnd_slice keyed(uint64_t k1, const struct tnd_slice *parts, size_t count, char *room)
{
    struct tnd_siphash_key key = {7, k1};

    tnd_digest_keyed(&key, parts, count, (unsigned char *)room);
    return tnd_slice(room, TND_DIGEST_KEYED_SIZE);
}

TND_TEST(keyed_digest_tells_parts_apart, "ARCHITECTURE §4",
         "a keyed digest depends on the key, on each part and on where parts end")
{
    const struct tnd_slice parts[] = {TND_STR("ab"), TND_STR("c"), TND_STR("")};
    const struct tnd_slice cut_elsewhere[] = {TND_STR("a"), TND_STR("bc"), TND_STR("")};
    char a[TND_DIGEST_KEYED_SIZE], b[TND_DIGEST_KEYED_SIZE];

    CHECK(tnd_slice_eq(keyed(1, parts, 3, a), keyed(1, parts, 3, b)));
    CHECK(!tnd_slice_eq(keyed(1, parts, 3, a), keyed(2, parts, 3, b)));
    CHECK(!tnd_slice_eq(keyed(1, parts, 3, a), keyed(1, parts, 2, b)));
    CHECK(!tnd_slice_eq(keyed(1, parts, 3, a), keyed(1, cut_elsewhere, 3, b)));
}

TND_TEST(keyed_digest_is_the_same_everywhere, "ARCHITECTURE §4",
         "a keyed digest is SipHash over each part after its length in eight bytes, low byte first")
{
    const struct tnd_slice parts[] = {TND_STR("z9hG4bK"), TND_STR("bob")};
    const struct tnd_slice framed = TND_STR("\7\0\0\0\0\0\0\0z9hG4bK\3\0\0\0\0\0\0\0"
                                            "bob");
    struct tnd_siphash_key key = {7, 1};
    struct tnd_siphash h;
    char digest[TND_DIGEST_KEYED_SIZE], expected[TND_DIGEST_KEYED_SIZE];

    tnd_siphash_init(&h, &key);
    tnd_siphash_put(&h, framed);
    tnd_siphash_end(&h, (unsigned char *)expected);
    CHECK(tnd_slice_eq(keyed(1, parts, 2, digest), tnd_slice(expected, sizeof(expected))));
}

TND_TEST(digest_eq_sees_each_byte, "ARCHITECTURE §4",
         "digests are equal only if each bit of them is, and they are as long")
{
    char a[32] = {0}, b[32] = {0};

    CHECK(tnd_digest_eq(tnd_slice(a, 32), tnd_slice(b, 32)));
    CHECK(tnd_digest_eq(tnd_slice(NULL, 0), tnd_slice(b, 0)));
    CHECK(!tnd_digest_eq(tnd_slice(a, 32), tnd_slice(b, 31)));
    for (int i = 0; i < 32 * 8; i++) {
        b[i / 8] = (char)(1 << i % 8);
        CHECK(!tnd_digest_eq(tnd_slice(a, 32), tnd_slice(b, 32)));
        b[i / 8] = 0;
    }
}

TND_TEST(digest_names, "RFC 7616 §6.1", "digests have the names and sizes of the registry")
{
    CHECK(strcmp(tnd_digest_name(TND_DIGEST_MD5), "MD5") == 0);
    CHECK(strcmp(tnd_digest_name(TND_DIGEST_SHA_256), "SHA-256") == 0);
    CHECK(strcmp(tnd_digest_name(TND_DIGEST_SHA_512_256), "SHA-512-256") == 0);
    for (int i = 0; i < TND_DIGEST_COUNT; i++)
        CHECK(tnd_digest_size((enum tnd_digest)i) <= TND_DIGEST_SIZE_MAX);
}
