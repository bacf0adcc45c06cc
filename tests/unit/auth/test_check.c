/* Who it is: responses, users, and what is told to whom. */
#include "unit/auth/auth_test.h"

/* A response, and what it was made of. */
static const struct {
    enum tnd_digest digest;
    const char *aor, *realm, *password, *method, *uri, *nonce, *cnonce, *qop, *nc, *response;
} examples[] = {
    /* RFC 7616 §3.9.1, §3.9.2 (as erratum 4897 has it) */
    {TND_DIGEST_MD5, "Mufasa@x", "http-auth@example.org", "Circle of Life", "GET",
     "/dir/index.html", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
     "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "auth", "00000001",
     "8ca523f5e9506fed4657c9700eebdbec"},
    {TND_DIGEST_SHA_256, "Mufasa@x", "http-auth@example.org", "Circle of Life", "GET",
     "/dir/index.html", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
     "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "auth", "00000001",
     "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"},
    {TND_DIGEST_SHA_512_256, "J\xc3\xa4s\xc3\xb8n Doe@x", "api@example.org", "Secret, or not?",
     "GET", "/doe.json", "5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK",
     "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v", "auth", "00000001",
     "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"},
    /* RFC 2617 §3.5 */
    {TND_DIGEST_MD5, "Mufasa@x", "testrealm@host.com", "Circle Of Life", "GET", "/dir/index.html",
     "dcd98b7102dd2f0e8b11d0f600bfb0c093", "0a4f113b", "auth", "00000001",
     "6629fae49393a05397450978507c4ef1"},
    /* RFC 2069 §2.4 as erratum 749 has it: without qop */
    {TND_DIGEST_MD5, "Mufasa@x", "testrealm@host.com", "CircleOfLife", "GET", "/dir/index.html",
     "dcd98b7102dd2f0e8b11d0f600bfb0c093", NULL, NULL, NULL, "1949323746fe6a43ef61f9606e7febea"},
};

TND_TEST(auth_examples, "RFC 7616 §3.9", "the responses of the examples are right, others are not")
{
    struct auth_test *t = auth_start();

    for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
        struct tnd_credentials *c = &t->cred;
        struct tnd_user user;

        t->with.realm = tnd_slice_str(examples[i].realm);
        CHECK_EQ(tnd_user_make(t->with.digester, tnd_slice_str(examples[i].aor), t->with.realm,
                               tnd_slice_str(examples[i].password), &user),
                 0);
        *c = (struct tnd_credentials){.auth = {.nonce = tnd_slice_str(examples[i].nonce),
                                               .uri = tnd_slice_str(examples[i].uri),
                                               .cnonce = tnd_slice_str(examples[i].cnonce),
                                               .qop = tnd_slice_str(examples[i].qop),
                                               .nc = tnd_slice_str(examples[i].nc),
                                               .nc_count = 1,
                                               .response = tnd_slice_str(examples[i].response)},
                                      .method = tnd_slice_str(examples[i].method),
                                      .digest = examples[i].digest,
                                      .made = 1,
                                      .now = 1};
        memset(t->seen, 0, sizeof(*t->seen));
        CHECK_EQ(tnd_auth_check(&t->with, c, &user, t->seen), TND_AUTH_GOOD);
        c->method = TND_STR("PUT");
        CHECK_EQ(tnd_auth_check(&t->with, c, &user, t->seen), TND_AUTH_WRONG);
    }
}

TND_TEST(auth_good, "RFC 3261 §22.2", "who knows the password answers a challenge, with 401 or 407")
{
    struct auth_test *t = auth_start();

    CHECK_AUTH(t, GOOD, 0);
    CHECK_STR(t->cred.username, "alice");
    CHECK_STR(t->cred.method, "REGISTER");
    CHECK_STR(t->cred.auth.uri, "sip:example.com");
    CHECK_AUTH(t, GOOD, .role = TND_AUTH_PROXY, .method = "INVITE", .call_id = "b");
    CHECK_AUTH(t, GOOD, .algorithm = "MD5", .call_id = "c");
    CHECK_AUTH(t, GOOD, .algorithm = "", .call_id = "d"); /* RFC 7616 §3.3: MD5 is meant */
    CHECK_AUTH(t, GOOD, .algorithm = "sha-256", .call_id = "e");
    t->wall = 0; /* where clocks begin with the world */
    CHECK_AUTH(t, GOOD, .call_id = "f");
}

TND_TEST(auth_good_by_all, "RFC 8760 §2.3", "each algorithm that is offered can be used, no other")
{
    static const enum tnd_digest all[] = {TND_DIGEST_SHA_512_256, TND_DIGEST_SHA_256,
                                          TND_DIGEST_MD5};
    struct auth_test *t = auth_start();

    t->with.algorithms = all;
    t->with.algorithm_count = 3;
    CHECK_AUTH(t, GOOD, .algorithm = "SHA-512-256", .call_id = "1");
    CHECK_AUTH(t, GOOD, .algorithm = "SHA-256", .call_id = "2");
    CHECK_AUTH(t, GOOD, .algorithm = "MD5", .call_id = "3");
    t->with.algorithm_count = 2;
    CHECK_AUTH(t, NONE, .algorithm = "MD5", .call_id = "4");
    CHECK_AUTH(t, NONE, .algorithm = "", .qop = "", .call_id = "5");
    t->with.algorithm_count = 1;
    CHECK_AUTH(t, NONE, .algorithm = "SHA-256", .call_id = "6");
}

TND_TEST(auth_wrong, "RFC 7616 §3.4.1", "a response that is not made with the password is wrong")
{
    struct auth_test *t = auth_start();

    CHECK_AUTH(t, WRONG, .password = "Secret");
    CHECK_AUTH(t, WRONG, .password = "");
    CHECK_AUTH(t, WRONG, .username = "alicE");
    CHECK_AUTH(t, WRONG, .algorithm = "MD5", .qop = "", .password = "x");
    CHECK_EQ(tnd_auth_rule(TND_AUTH_WRONG), TND_RULE_AUTH_WRONG);
    PROVES(AUTH_WRONG);
    CHECK_AUTH(t, GOOD, 0); /* none of them used the counter up */
    CHECK_EQ(tnd_auth_rule(TND_AUTH_GOOD), TND_RULE_NONE);
    CHECK_EQ(tnd_auth_rule(TND_AUTH_CLAIMED), TND_RULE_NONE);
}

TND_TEST(auth_response_len, "RFC 7616 §3.2",
         "a response is as long as its algorithm has it, whatever it begins with")
{
    static const char *const more[] = {"", "0", "0123456789abcdef0123456789abcdef"};
    struct auth_test *t = auth_start();
    char text[256];

    for (size_t i = 0; i < sizeof(more) / sizeof(*more); i++) {
        CHECK_EQ(auth_read(t, &(struct auth_said){.algorithm = "MD5"}), TND_AUTH_CLAIMED);
        snprintf(text, sizeof(text), "%.*s%s", TND_FMT(t->cred.auth.response), more[i]);
        t->cred.auth.response = tnd_slice_str(text);
        CHECK_EQ(tnd_auth_check(&t->with, &t->cred, &t->user, t->seen),
                 i == 0 ? TND_AUTH_GOOD : TND_AUTH_WRONG);
        t->cred.auth.response.len = i == 0 ? 0 : 31;
        CHECK_EQ(tnd_auth_check(&t->with, &t->cred, &t->user, t->seen), TND_AUTH_WRONG);
    }
}

/* A digester that notes what it was asked to do. */
struct noting {
    const struct tnd_digester *inner;
    char text[512];
    size_t len;
};

static int note(void *ctx, enum tnd_digest digest, const struct tnd_slice *parts, size_t part_count,
                unsigned char *ret)
{
    struct noting *n = ctx;

    n->len += (size_t)snprintf(n->text + n->len, sizeof(n->text) - n->len, "%d:", digest);
    for (size_t i = 0; i < part_count; i++)
        n->len +=
            (size_t)snprintf(n->text + n->len, sizeof(n->text) - n->len, "%zu,", parts[i].len);
    return n->inner->take(n->inner->ctx, digest, parts, part_count, ret);
}

TND_TEST(auth_nobody, "RFC 3261 §26.1.2",
         "of a user who does not exist one learns as much as of a wrong password, by the same work")
{
    struct auth_test *t = auth_start();
    struct noting known = {.inner = t->with.digester}, unknown = known;
    struct tnd_digester noting_known = {note, &known}, noting_unknown = {note, &unknown};
    struct tnd_user other = t->user, without = t->user;

    CHECK_EQ(auth_read(t, &(struct auth_said){.password = "x"}), TND_AUTH_CLAIMED);
    t->with.digester = &noting_known;
    CHECK_EQ(tnd_auth_check(&t->with, &t->cred, &t->user, t->seen), TND_AUTH_WRONG);
    t->with.digester = &noting_unknown;
    CHECK_EQ(tnd_auth_check(&t->with, &t->cred, NULL, t->seen), TND_AUTH_WRONG);
    CHECK(known.len > 0);
    CHECK_STR(tnd_slice_str(unknown.text), known.text);

    t->with.digester = known.inner;
    CHECK_EQ(auth_try_as(t, &(struct auth_said){0}, NULL), TND_AUTH_WRONG);
    other.realm = TND_STR("example.org");
    CHECK_EQ(auth_try_as(t, &(struct auth_said){0}, &other), TND_AUTH_WRONG);
    without.has[TND_DIGEST_SHA_256] = false;
    CHECK_EQ(auth_try_as(t, &(struct auth_said){0}, &without), TND_AUTH_WRONG);
    memset(without.a1, 0, sizeof(without.a1));
    CHECK_EQ(auth_try_as(t, &(struct auth_said){0}, &without), TND_AUTH_WRONG);
    CHECK_EQ(auth_try_as(t, &(struct auth_said){0}, &t->user), TND_AUTH_GOOD);
}

TND_TEST(auth_realm_quotes, "RFC 7616 §3.3", "a realm means what it says, whatever it holds")
{
    struct auth_test *t = auth_start();

    t->with.realm = TND_STR("the \"best\" \\ of example.com");
    CHECK_EQ(tnd_user_make(t->with.digester, TND_STR("alice@x"), t->with.realm, TND_STR("secret"),
                           &t->user),
             0);
    CHECK_AUTH(t, GOOD, .realm = "the \"best\" \\ of example.com");
    CHECK_AUTH(t, NONE, .realm = "the best of example.com");
}

static int fail(void *ctx, enum tnd_digest digest, const struct tnd_slice *parts, size_t part_count,
                unsigned char *ret)
{
    int *left = ctx;
    unsigned char zero[TND_DIGEST_SIZE_MAX] = {0};

    (void)parts;
    (void)part_count;
    if ((*left)-- == 0)
        return TND_ENOMEM;
    memcpy(ret, zero, tnd_digest_size(digest));
    return 0;
}

TND_TEST(auth_digester_fails, "ARCHITECTURE §5",
         "who cannot be checked now is asked again, and not told that his password is wrong")
{
    struct auth_test *t = auth_start();
    int left;
    struct tnd_digester failing = {fail, &left};

    CHECK_EQ(auth_read(t, &(struct auth_said){0}), TND_AUTH_CLAIMED);
    t->with.digester = &failing;
    for (int i = 0; i < 3; i++) {
        left = i;
        CHECK_EQ(tnd_auth_check(&t->with, &t->cred, &t->user, t->seen),
                 i < 2 ? TND_AUTH_STALE : TND_AUTH_WRONG);
    }
}

TND_TEST(auth_nobody_is_never_good, "RFC 3261 §22.1",
         "who does not exist is let in by no response, not even by one that fits")
{
    const char *zeros = "0000000000000000000000000000000000000000000000000000000000000000";
    struct auth_test *t = auth_start();
    int left = 100;
    struct tnd_digester always_zero = {fail, &left};

    CHECK_EQ(auth_read(t, &(struct auth_said){0}), TND_AUTH_CLAIMED);
    t->with.digester = &always_zero;
    t->cred.auth.response = tnd_slice_str(zeros);
    CHECK_EQ(tnd_auth_check(&t->with, &t->cred, NULL, t->seen), TND_AUTH_WRONG);
    CHECK_EQ(tnd_auth_check(&t->with, &t->cred, &t->user, t->seen), TND_AUTH_GOOD);
}
