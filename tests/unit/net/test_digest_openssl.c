/* The digests by OpenSSL. */
#include "net/digest_openssl.h"

#include "unit/test.h"

/* The digest of parts in hexadecimal; room holds 64 bytes. */
static struct tnd_slice hex(const struct tnd_digester *d, enum tnd_digest digest,
                            const struct tnd_slice *parts, size_t part_count, char *room)
{
    struct tnd_writer w = tnd_writer(room, 64);
    unsigned char bytes[TND_DIGEST_SIZE_MAX];

    CHECK_EQ(d->take(d->ctx, digest, parts, part_count, bytes), 0);
    tnd_put_hex(&w, bytes, tnd_digest_size(digest));
    return tnd_writer_slice(&w);
}

TND_TEST(openssl_digests_of_abc, "RFC 7616 §3.2",
         "the digests of \"abc\" and of nothing are those that the standards give")
{
    const struct tnd_slice abc[] = {TND_STR("a"), TND_STR(""), TND_STR("bc"), {NULL, 0}};
    struct tnd_digest_openssl o;
    const struct tnd_digester *d = &o.digester;
    char room[64];

    CHECK_EQ(tnd_digest_openssl_init(&o), 0);
    CHECK_STR(hex(d, TND_DIGEST_MD5, abc, 4, room), "900150983cd24fb0d6963f7d28e17f72");
    CHECK_STR(hex(d, TND_DIGEST_MD5, NULL, 0, room), "d41d8cd98f00b204e9800998ecf8427e");
    CHECK_STR(hex(d, TND_DIGEST_SHA_256, abc, 4, room),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK_STR(hex(d, TND_DIGEST_SHA_512_256, abc, 4, room),
              "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23");
    tnd_digest_openssl_fini(&o);
    tnd_digest_openssl_fini(&o);
}

/* What an example of RFC 7616 says, and the response it leads to. */
struct example {
    enum tnd_digest digest;
    const char *user, *realm, *password, *uri, *nonce, *cnonce, *response;
};

static const struct example examples[] = {
    {TND_DIGEST_MD5, "Mufasa", "http-auth@example.org", "Circle of Life", "/dir/index.html",
     "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
     "8ca523f5e9506fed4657c9700eebdbec"},
    {TND_DIGEST_SHA_256, "Mufasa", "http-auth@example.org", "Circle of Life", "/dir/index.html",
     "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
     "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"},
    /* RFC 7616 §3.9.2 prints another response: it was made with SHA-512, cut off (erratum
     * 4897, which gives this one). */
    {TND_DIGEST_SHA_512_256, "J\xc3\xa4s\xc3\xb8n Doe", "api@example.org", "Secret, or not?",
     "/doe.json", "5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK",
     "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v",
     "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"},
};

static struct tnd_slice response(const struct tnd_digester *d, const struct example *e, char *room)
{
    const struct tnd_slice colon = TND_STR(":");
    char a1_room[64], a2_room[64];
    const struct tnd_slice a1[] = {tnd_slice_str(e->user), colon, tnd_slice_str(e->realm), colon,
                                   tnd_slice_str(e->password)};
    const struct tnd_slice a2[] = {TND_STR("GET:"), tnd_slice_str(e->uri)};
    const struct tnd_slice all[] = {hex(d, e->digest, a1, 5, a1_room), colon,
                                    tnd_slice_str(e->nonce),           TND_STR(":00000001:"),
                                    tnd_slice_str(e->cnonce),          TND_STR(":auth:"),
                                    hex(d, e->digest, a2, 2, a2_room)};

    return hex(d, e->digest, all, 7, room);
}

TND_TEST(openssl_digest_responses, "RFC 7616 §3.9",
         "the three digests lead to the responses of the examples")
{
    struct tnd_digest_openssl o;
    char room[64];

    CHECK_EQ(tnd_digest_openssl_init(&o), 0);
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++)
        CHECK_STR(response(&o.digester, &examples[i], room), examples[i].response);
    tnd_digest_openssl_fini(&o);
}

TND_TEST(openssl_without_md5, "ARCHITECTURE §5",
         "a digest that OpenSSL does not have is TND_ENONE, and the others work")
{
    struct tnd_digest_openssl o;
    unsigned char bytes[TND_DIGEST_SIZE_MAX] = {0};
    char room[64];

    CHECK_EQ(tnd_digest_openssl_init(&o), 0);
    struct evp_md_st *md5 = o.md[TND_DIGEST_MD5];
    o.md[TND_DIGEST_MD5] = NULL;
    CHECK_EQ(o.digester.take(o.digester.ctx, TND_DIGEST_MD5, NULL, 0, bytes), TND_ENONE);
    CHECK_EQ(bytes[0], 0);
    CHECK_STR(hex(&o.digester, TND_DIGEST_SHA_256, NULL, 0, room),
              "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    o.md[TND_DIGEST_MD5] = md5;
    tnd_digest_openssl_fini(&o);
}
