/* Digests: what the core does by itself. */
#include "base/digest.h"

#include "base/assert.h"

static const struct {
    const char *name;
    size_t size;
} digests[TND_DIGEST_COUNT] = {
    [TND_DIGEST_MD5] = {"MD5", 16},
    [TND_DIGEST_SHA_256] = {"SHA-256", 32},
    [TND_DIGEST_SHA_512_256] = {"SHA-512-256", 32},
};

size_t tnd_digest_size(enum tnd_digest digest)
{
    TND_ASSERT(digest < TND_DIGEST_COUNT);
    return digests[digest].size;
}

const char *tnd_digest_name(enum tnd_digest digest)
{
    TND_ASSERT(digest < TND_DIGEST_COUNT);
    return digests[digest].name;
}

/* Low byte first, so that every machine of a cluster makes the same digest. */
static void put_length(struct tnd_siphash *h, size_t len)
{
    char bytes[8];

    for (int i = 0; i < 8; i++)
        bytes[i] = (char)((uint64_t)len >> 8 * i);
    tnd_siphash_put(h, tnd_slice(bytes, sizeof(bytes)));
}

void tnd_digest_keyed(const struct tnd_siphash_key *key, const struct tnd_slice *parts,
                      size_t part_count, unsigned char ret[TND_DIGEST_KEYED_SIZE])
{
    struct tnd_siphash h;

    tnd_siphash_init(&h, key);
    for (size_t i = 0; i < part_count; i++) {
        put_length(&h, parts[i].len);
        tnd_siphash_put(&h, parts[i]);
    }
    tnd_siphash_end(&h, ret);
}

bool tnd_digest_eq(struct tnd_slice a, struct tnd_slice b)
{
    /* volatile: or the compiler may see that the answer is known early, and stop. */
    volatile unsigned char differ = 0;

    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        differ |= (unsigned char)(a.ptr[i] ^ b.ptr[i]);
    return differ == 0;
}
