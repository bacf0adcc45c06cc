/* Users: what is kept of them in place of a password. */
#include "net/digest_openssl.h"
#include "tandem/auth.h"

#include "unit/test.h"

static struct tnd_slice hex(const unsigned char *bytes, enum tnd_digest digest)
{
    static char room[2 * TND_DIGEST_SIZE_MAX];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_put_hex(&w, bytes, tnd_digest_size(digest));
    return tnd_writer_slice(&w);
}

static int make(const struct tnd_digester *d, struct tnd_slice aor, struct tnd_user *ret)
{
    return tnd_user_make(d, aor, TND_STR("tandem.example"), TND_STR("open: sesame"), ret);
}

TND_TEST(user_has_a1_of_both_forms, "RFC 7616 §3.4.2",
         "A1 is of name, realm and password, of the name alone and of the address-of-record")
{
    struct tnd_digest_openssl o;
    struct tnd_user user;

    CHECK_EQ(tnd_digest_openssl_init(&o), 0);
    CHECK_EQ(make(&o.digester, TND_STR("alice@example.com"), &user), 0);
    CHECK_STR(user.realm, "tandem.example");
    /* printf "%s" "alice:tandem.example:open: sesame" | openssl dgst -md5 */
    CHECK_STR(hex(user.a1[TND_USER_NAME][TND_DIGEST_MD5], TND_DIGEST_MD5),
              "6b1d60595c48832cab6130a427c50c41");
    CHECK_STR(hex(user.a1[TND_USER_AOR][TND_DIGEST_MD5], TND_DIGEST_MD5),
              "ac163439218cf6b0ae37c0afcb4b3592");
    CHECK_STR(hex(user.a1[TND_USER_NAME][TND_DIGEST_SHA_256], TND_DIGEST_SHA_256),
              "6119582f89348bea2aa9dbf7ed03fa122ff0b77ab685c48d517f74ab5a0475be");
    CHECK_STR(hex(user.a1[TND_USER_AOR][TND_DIGEST_SHA_512_256], TND_DIGEST_SHA_512_256),
              "f3141656a9759775c2267640c06b4cde38e7d3a80b068577b7bf4ce19e5015d4");
    for (int d = 0; d < TND_DIGEST_COUNT; d++)
        CHECK(user.has[d]);
    tnd_digest_openssl_fini(&o);
}

TND_TEST(user_name_may_hold_an_at, "RFC 3261 §10.3",
         "the last @ parts the host from the name, whose escapes are undone")
{
    struct tnd_digest_openssl o;
    struct tnd_user user, other;

    CHECK_EQ(tnd_digest_openssl_init(&o), 0);
    CHECK_EQ(make(&o.digester, TND_STR("a@b@example.com"), &user), 0);
    CHECK_EQ(make(&o.digester, TND_STR("a@b@[2001:db8::1]"), &other), 0);
    CHECK_EQ(memcmp(user.a1[TND_USER_NAME], other.a1[TND_USER_NAME], sizeof(user.a1[0])), 0);
    CHECK(memcmp(user.a1[TND_USER_AOR], other.a1[TND_USER_AOR], TND_DIGEST_SIZE_MAX) != 0);
    tnd_digest_openssl_fini(&o);
}

TND_TEST(user_needs_a_name, "RFC 7616 §4",
         "a user has a name without a colon, and a host; else nothing is made")
{
    static const char *const wrong[] = {"",   "alice",           "@example.com", "alice@",
                                        "@@", "a:b@example.com", ":@example.com"};
    struct tnd_digest_openssl o;
    struct tnd_user user = {.realm = TND_STR("untouched")};

    CHECK_EQ(tnd_digest_openssl_init(&o), 0);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        CHECK_EQ(make(&o.digester, tnd_slice_str(wrong[i]), &user), TND_ESYNTAX);
    CHECK_STR(user.realm, "untouched");
    tnd_digest_openssl_fini(&o);
}

/* Does the digests of which ctx says 0; of others it says what ctx does. */
static int take_some(void *ctx, enum tnd_digest digest, const struct tnd_slice *parts,
                     size_t part_count, unsigned char *ret)
{
    const int *err = ctx;

    CHECK(part_count > 0 && parts[0].len > 0);
    if (!err[digest])
        memset(ret, 1 + (int)digest, tnd_digest_size(digest));
    return err[digest];
}

TND_TEST(user_without_some_algorithm, "RFC 7616 §3.2",
         "what a digester cannot do is not there; what it cannot do now is an error")
{
    int err[TND_DIGEST_COUNT] = {TND_ENONE, 0, TND_ENONE};
    struct tnd_digester d = {take_some, err};
    struct tnd_user user = {.realm = TND_STR("untouched")};

    CHECK_EQ(make(&d, TND_STR("a@b"), &user), 0);
    CHECK(!user.has[TND_DIGEST_MD5] && user.has[TND_DIGEST_SHA_256]);
    CHECK_EQ(user.a1[TND_USER_AOR][TND_DIGEST_SHA_256][31], 1 + TND_DIGEST_SHA_256);
    user.realm = TND_STR("untouched");
    err[TND_DIGEST_SHA_512_256] = TND_ENOMEM;
    CHECK_EQ(make(&d, TND_STR("a@b"), &user), TND_ENOMEM);
    err[TND_DIGEST_SHA_256] = err[TND_DIGEST_SHA_512_256] = TND_ENONE;
    CHECK_EQ(make(&d, TND_STR("a@b"), &user), TND_ENONE);
    CHECK_STR(user.realm, "untouched");
}
