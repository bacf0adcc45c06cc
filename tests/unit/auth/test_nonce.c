/* Nonces, and that nothing is taken twice. */
#include "base/random.h"
#include "unit/auth/auth_test.h"

TND_TEST(auth_challenge, "RFC 8760 §2.3",
         "a challenge names realm, nonce, qop and each algorithm, the preferred first")
{
    struct auth_test *t = auth_start();
    char text[1024];
    struct tnd_writer w = tnd_writer(text, sizeof(text));
    const struct tnd_msg *msg = sip_request_with("");

    auth_nonce(t, &(struct auth_said){0}, false);
    auth_nonce(t, &(struct auth_said){.role = TND_AUTH_PROXY}, true);
    tnd_auth_challenge_write(&w, &t->with, msg, TND_AUTH_PROXY, true, 0x1234);
    const char *nonce = "Proxy-Authenticate: Digest realm=\"example.com\", nonce=\"00001234";
    const char *more = "\", stale=true, algorithm=SHA-256, qop=\"auth\", charset=UTF-8\r\n";
    size_t len = strlen(nonce) + TND_NONCE_LEN - 8;
    CHECK_STR(tnd_slice(text, strlen(nonce)), nonce);
    CHECK_STR(tnd_slice(text + len, strlen(more)), more);
}

TND_TEST(auth_nonce_differs, "RFC 7616 §3.3",
         "each request gets a nonce of its own; one that comes again gets its own again")
{
    struct auth_test *t = auth_start();
    const char *first = auth_nonce(t, &(struct auth_said){0}, false);

    CHECK(strcmp(first, auth_nonce(t, &(struct auth_said){0}, true)) == 0);
    CHECK(strcmp(first, auth_nonce(t, &(struct auth_said){.branch = "2"}, false)) != 0);
    CHECK(strcmp(first, auth_nonce(t, &(struct auth_said){.method = "INVITE"}, false)) != 0);
    CHECK(strcmp(first, auth_nonce(t, &(struct auth_said){.call_id = "b"}, false)) != 0);
    t->wall++;
    CHECK(strcmp(first, auth_nonce(t, &(struct auth_said){0}, false)) != 0);
}

TND_TEST(auth_nonce_of_others, "RFC 7616 §5.4",
         "a nonce is good for its Call-ID, its realm and who holds the key, and as it was made")
{
    struct auth_test *t = auth_start();
    const char *nonce = auth_nonce(t, &(struct auth_said){0}, false);
    char other[TND_NONCE_LEN + 2];

    CHECK_AUTH(t, STALE, .nonce = nonce, .call_id = "b");
    CHECK_EQ(tnd_auth_rule(TND_AUTH_STALE), TND_RULE_AUTH_STALE);
    PROVES(AUTH_STALE);
    CHECK_AUTH(t, STALE, .nonce = nonce, .call_id = "Call");
    CHECK_AUTH(t, STALE, .nonce = "");
    CHECK_AUTH(t, STALE, .nonce = "abc");
    for (size_t i = 0; i < TND_NONCE_LEN; i++) {
        snprintf(other, sizeof(other), "%s", nonce);
        other[i] = other[i] == '0' ? '1' : '0';
        CHECK_AUTH(t, STALE, .nonce = other);
        other[i] = nonce[i] >= 'a' ? (char)(nonce[i] - 'a' + 'A') : 'x';
        CHECK_AUTH(t, STALE, .nonce = other);
    }
    snprintf(other, sizeof(other), "%s0", nonce);
    CHECK_AUTH(t, STALE, .nonce = other);
    t->key.k1++;
    CHECK_AUTH(t, STALE, .nonce = nonce);
    t->key.k1--;
    t->with.realm = TND_STR("example.org");
    CHECK_AUTH(t, STALE, .nonce = nonce, .realm = "example.org");
    t->with.realm = TND_STR("example.com");
    CHECK_AUTH(t, GOOD, .nonce = nonce, .branch = "2");
}

TND_TEST(auth_nonce_ages, "RFC 7616 §5.5", "a nonce is good for its time, and a little before it")
{
    struct auth_test *t = auth_start();
    const char *nonce = auth_nonce(t, &(struct auth_said){0}, false);
    int64_t made = t->wall;

    t->wall = made + TND_NONCE_SECONDS;
    CHECK_AUTH(t, GOOD, .nonce = nonce, .nc = "00000001");
    t->wall = made + TND_NONCE_SECONDS + 1;
    CHECK_AUTH(t, STALE, .nonce = nonce, .nc = "00000002");
    t->wall = made - TND_NONCE_EARLY_SECONDS;
    CHECK_AUTH(t, GOOD, .nonce = nonce, .nc = "00000003");
    t->wall = made - TND_NONCE_EARLY_SECONDS - 1;
    CHECK_AUTH(t, STALE, .nonce = nonce, .nc = "00000004");
    t->with.nonce_seconds = 10;
    t->wall = made + 10;
    CHECK_AUTH(t, GOOD, .nonce = nonce, .nc = "00000005");
    t->wall = made + 11;
    CHECK_AUTH(t, STALE, .nonce = nonce, .nc = "00000006");
}

TND_TEST(auth_replay, "RFC 7616 §3.4", "a counter that is not higher than the last is a replay")
{
    struct auth_test *t = auth_start();
    const char *nonce = auth_nonce(t, &(struct auth_said){0}, false);

    CHECK_AUTH(t, STALE, .nonce = nonce, .nc = "00000000");
    CHECK_AUTH(t, GOOD, .nonce = nonce, .nc = "00000001");
    CHECK_AUTH(t, STALE, .nonce = nonce, .nc = "00000001");
    CHECK_AUTH(t, WRONG, .nonce = nonce, .nc = "00000001", .password = "x");
    CHECK_AUTH(t, GOOD, .nonce = nonce, .nc = "0000000A"); /* some were lost on the way */
    CHECK_AUTH(t, STALE, .nonce = nonce, .nc = "0000000a");
    CHECK_AUTH(t, STALE, .nonce = nonce, .nc = "00000009");
    CHECK_AUTH(t, GOOD, .nonce = nonce, .nc = "ffffffff");
    CHECK_AUTH(t, STALE, .nonce = nonce, .nc = "ffffffff");
    CHECK_AUTH(t, GOOD, .branch = "2");
}

TND_TEST(auth_without_qop, "RFC 3261 §22.4",
         "an old phone may know no qop: with MD5 alone, and its nonce is good once")
{
    struct auth_test *t = auth_start();
    const char *nonce = auth_nonce(t, &(struct auth_said){0}, false);

    CHECK_AUTH(t, NONE, .qop = "", .nonce = nonce);
    CHECK_AUTH(t, GOOD, .qop = "", .algorithm = "MD5", .nonce = nonce);
    CHECK_AUTH(t, STALE, .qop = "", .algorithm = "MD5", .nonce = nonce);
    CHECK_AUTH(t, STALE, .algorithm = "MD5", .nonce = nonce, .nc = "00000002");
    CHECK_AUTH(t, GOOD, .qop = "", .algorithm = "", .branch = "2");
}

TND_TEST(auth_since, "RFC 7616 §5.5",
         "who has forgotten what was used takes no nonce that is older than that")
{
    struct auth_test *t = auth_start();
    const char *nonce = auth_nonce(t, &(struct auth_said){0}, false);

    CHECK_AUTH(t, GOOD, .nonce = nonce);
    *t->seen = (struct tnd_auth_seen){.since = (uint32_t)t->wall + 1};
    t->wall++;
    CHECK_AUTH(t, STALE, .nonce = nonce);
    CHECK_AUTH(t, GOOD, 0);
}

/* The row that the nonce of the last GOOD is in. */
static struct tnd_auth_seen_row *only_row(struct tnd_auth_seen *seen)
{
    struct tnd_auth_seen_row *found = NULL;

    for (size_t i = 0; i < TND_AUTH_SEEN_COUNT; i++) {
        if (seen->row[i].nonce) {
            CHECK(!found);
            found = &seen->row[i];
        }
    }
    CHECK(found);
    return found;
}

/* tnd_auth_check() of credentials with this nonce, by a digester that makes all digests zero. */
static enum tnd_auth_result use(struct auth_test *t, const char *nonce, uint32_t made, uint32_t nc)
{
    struct tnd_credentials *c = &t->cred;

    *c = (struct tnd_credentials){.auth = {.nonce = tnd_slice(nonce, 8),
                                           .qop = TND_STR("auth"),
                                           .nc_count = nc,
                                           .response = TND_STR("00000000000000000000000000000000")},
                                  .made = made,
                                  .now = (uint32_t)t->wall,
                                  .digest = TND_DIGEST_MD5};
    return tnd_auth_check(&t->with, c, &t->user, t->seen);
}

static int zeros(void *ctx, enum tnd_digest digest, const struct tnd_slice *parts,
                 size_t part_count, unsigned char *ret)
{
    (void)ctx;
    (void)parts;
    (void)part_count;
    memset(ret, 0, tnd_digest_size(digest));
    return 0;
}

TND_TEST(auth_seen_evicts, "RFC 7616 §5.5",
         "of two nonces in one place the newer one stays, and the older one is stale from then on")
{
    const struct tnd_digester digester = {zeros, NULL};
    struct auth_test *t = auth_start();
    uint32_t made = (uint32_t)t->wall;
    char text[9];

    t->with.digester = &digester;
    CHECK_EQ(use(t, "00000000", made, 1), TND_AUTH_GOOD);
    struct tnd_auth_seen_row *row = only_row(t->seen);
    uint64_t first = row->nonce;
    uint32_t i = 0;
    while (row->nonce == first) { /* others, that are newer, until one has come to its place */
        snprintf(text, sizeof(text), "%08x", ++i);
        use(t, text, made + 1, 1);
        CHECK(i < 100 * TND_AUTH_SEEN_COUNT);
    }
    CHECK_EQ(row->made, made + 1);
    CHECK_EQ(use(t, text, made + 1, 2), TND_AUTH_GOOD);
    CHECK_EQ(use(t, "00000000", made, 2), TND_AUTH_STALE);
    CHECK_EQ(use(t, "00000000", made + 1, 2), TND_AUTH_STALE); /* as old: it may have been here */
    t->wall += TND_NONCE_SECONDS + 2; /* what nobody can use any more makes room */
    CHECK_EQ(use(t, "00000000", made, 2), TND_AUTH_GOOD);
}

TND_TEST(auth_seen_never_twice, "RFC 7616 §5.5",
         "whatever meets in the table, no counter of a nonce is good twice")
{
    enum { NONCES = 4096, ROUNDS = 200000 };
    static struct {
        uint32_t made, highest;
    } nonces[NONCES];
    const struct tnd_digester digester = {zeros, NULL};
    struct auth_test *t = auth_start();
    struct tnd_random random;
    unsigned good = 0, lost = 0;
    char text[9];

    tnd_random_init(&random, 7);
    t->with.digester = &digester;
    t->with.nonce_seconds = 20;
    memset(nonces, 0, sizeof(nonces));
    for (uint32_t i = 0; i < ROUNDS; i++) {
        uint32_t n = (uint32_t)tnd_random_below(&random, NONCES);
        uint32_t nc = nonces[n].highest + (uint32_t)tnd_random_below(&random, 2);

        t->wall += i % 500 == 0;
        if (t->wall - nonces[n].made > 20) { /* a new one in its place */
            nonces[n].made = (uint32_t)t->wall;
            nonces[n].highest = 0;
            nc = 1;
        }
        snprintf(text, sizeof(text), "%04x%04x", n, nonces[n].made & 0xffff);
        bool is_good = use(t, text, nonces[n].made, nc) == TND_AUTH_GOOD;
        CHECK(!is_good || nc > nonces[n].highest);
        good += is_good;
        lost += !is_good && nc > nonces[n].highest;
        nonces[n].highest = is_good ? nc : nonces[n].highest;
    }
    CHECK(good > ROUNDS / 4);
    CHECK(lost > 0); /* else nothing has met */
}
