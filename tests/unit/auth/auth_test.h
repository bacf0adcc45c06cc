/* A server that challenges, and a phone that knows a password. */
#ifndef TESTS_AUTH_TEST_H
#define TESTS_AUTH_TEST_H

#include "base/siphash.h"
#include "net/digest_openssl.h"
#include "tandem/auth.h"
#include "unit/sip/sip_test.h"

/* alice@example.com, whose password is "secret", in the realm "example.com". */
struct auth_test {
    struct tnd_digest_openssl openssl;
    struct tnd_siphash_key key;
    struct tnd_auth_with with; /* by SHA-256, then by MD5 */
    struct tnd_user user;
    struct tnd_auth_seen *seen;
    struct tnd_credentials cred;
    int64_t wall;
};

/* Static until the next one. */
struct auth_test *auth_start(void);

/* What the phone says. What is NULL or 0 is as a phone has it that is right. */
struct auth_said {
    const char *username, *password, *realm, *uri, *method;
    const char *call_id, *branch;
    const char *algorithm; /* SHA-256; "": it is not named, and MD5 */
    const char *nonce;     /* that of a challenge to the same request */
    const char *nc;        /* "00000001" */
    const char *qop;       /* "auth"; "": there is none, nor cnonce and nc */
    const char *more;      /* further parameters, with their comma in front */
    const char *before;    /* a whole line in front of the credentials */
    enum tnd_auth_role role;
};

/* The nonce of a challenge to what is said; static until eight more were asked for. The test fails
 * unless it is as it has to be. */
const char *auth_nonce(struct auth_test *t, const struct auth_said *said, bool stale);

/* The request with its credentials. */
const struct tnd_msg *auth_say(struct auth_test *t, const struct auth_said *said);

/* tnd_auth_read() of it, to t->cred. */
enum tnd_auth_result auth_read(struct auth_test *t, const struct auth_said *said);

/* The same, and if somebody is claimed, tnd_auth_check() with this user. */
enum tnd_auth_result auth_try_as(struct auth_test *t, const struct auth_said *said,
                                 const struct tnd_user *user);

/* The same with t->user. */
enum tnd_auth_result auth_try(struct auth_test *t, const struct auth_said *said);

/* The result of what is said is this. */
#define CHECK_AUTH(t, result, ...) \
    CHECK_EQ(auth_try(t, &(struct auth_said){__VA_ARGS__}), TND_AUTH_##result)

#endif
