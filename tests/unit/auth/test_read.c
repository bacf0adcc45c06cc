/* Which credentials are looked at, and what they say. */
#include "unit/auth/auth_test.h"

TND_TEST(auth_none, "RFC 3261 §22.1", "who sends no credentials, or none that help, sends none")
{
    struct auth_test *t = auth_start();
    const struct tnd_msg *msg = sip_request_with("");

    CHECK_EQ(tnd_auth_read(&t->with, msg, TND_AUTH_REGISTRAR, t->wall, &t->cred), TND_AUTH_NONE);
    CHECK_EQ(tnd_auth_rule(TND_AUTH_NONE), TND_RULE_AUTH_NONE);
    PROVES(AUTH_NONE);
    /* RFC 3261 §22: Basic is not accepted, whatever it says */
    msg = sip_request_with("Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n");
    CHECK_EQ(tnd_auth_read(&t->with, msg, TND_AUTH_REGISTRAR, t->wall, &t->cred), TND_AUTH_NONE);
}

TND_TEST(
    auth_not_offered, "RFC 7616 §3.4",
    "what was not offered is no use: another realm, a session variant, auth-int, a hashed name")
{
    struct auth_test *t = auth_start();

    CHECK_AUTH(t, NONE, .realm = "example.org");
    CHECK_AUTH(t, NONE, .realm = "Example.com");
    CHECK_AUTH(t, NONE, .realm = "");
    CHECK_AUTH(t, NONE, .algorithm = "SHA-256-sess");
    CHECK_AUTH(t, NONE, .algorithm = "MD5-sess");
    CHECK_AUTH(t, NONE, .algorithm = "SHA-512-256");
    CHECK_AUTH(t, NONE, .algorithm = "SHA3-256");
    CHECK_AUTH(t, NONE, .qop = "auth-int");
    CHECK_AUTH(t, NONE, .qop = "auth2");
    CHECK_AUTH(t, NONE, .more = ", userhash=true");
    CHECK_AUTH(t, GOOD, .more = ", userhash=false");
}

TND_TEST(auth_roles, "RFC 3261 §22.3",
         "a registrar looks at Authorization, a proxy at Proxy-Authorization")
{
    struct auth_test *t = auth_start();
    const struct tnd_msg *msg = auth_say(t, &(struct auth_said){0});

    CHECK_EQ(tnd_auth_read(&t->with, msg, TND_AUTH_PROXY, t->wall, &t->cred), TND_AUTH_NONE);
    msg = auth_say(t, &(struct auth_said){.role = TND_AUTH_PROXY});
    CHECK_EQ(tnd_auth_read(&t->with, msg, TND_AUTH_REGISTRAR, t->wall, &t->cred), TND_AUTH_NONE);
    CHECK_EQ(tnd_auth_read(&t->with, msg, TND_AUTH_PROXY, t->wall, &t->cred), TND_AUTH_CLAIMED);
}

TND_TEST(auth_several, "RFC 3261 §22.3",
         "of several credentials the first are taken that can be used and whose nonce is good")
{
#define SOMEBODY "Authorization: Digest username=\"bob\", uri=\"sip:b\", realm="
#define RESPONSE ", response=\"0123456789abcdef0123456789abcdef\""
    struct auth_test *t = auth_start();

    CHECK_AUTH(t, GOOD, .before = SOMEBODY "\"example.org\", nonce=\"1\"" RESPONSE "\r\n");
    CHECK_AUTH(t, GOOD, .call_id = "b",
               .before = SOMEBODY "\"example.com\", nonce=\"old\"" RESPONSE "\r\n");
    CHECK_AUTH(t, GOOD, .call_id = "c", .before = "Authorization: NTLM x\r\n");
    CHECK_AUTH(t, STALE, .call_id = "d", .realm = "elsewhere",
               .before = SOMEBODY "\"example.com\", nonce=\"old\"" RESPONSE "\r\n");
}

/* A user name as it stands, and what it says; NULL: nothing that can be used. */
static const struct {
    const char *param, *username, *name, *domain;
} names[] = {
    {"username=\"alice\"", "alice", "alice", NULL},
    {"username=\"alice@example.com\"", "alice@example.com", "alice", "example.com"},
    {"username=\"a@b@c\"", "a@b@c", "a@b", "c"},
    {"username=\"@c\"", "@c", "", "c"},
    {"username=\"a@\"", "a@", "a", ""},
    {"username=\"\"", "", "", NULL},
    {"username=\"a\\\"\\\\b@c\"", "a\"\\b@c", "a\"\\b", "c"},
    {"username=\"\\@c\"", "@c", "", "c"},
    {"username=\"J\xc3\xa4s\xc3\xb8n Doe\"", "J\xc3\xa4s\xc3\xb8n Doe", "J\xc3\xa4s\xc3\xb8n Doe",
     NULL},
    /* RFC 7616 §3.9.2 */
    {"username*=UTF-8''J%C3%A4s%C3%B8n%20Doe", "J\xc3\xa4s\xc3\xb8n Doe", "J\xc3\xa4s\xc3\xb8n Doe",
     NULL},
    {"username*=utf-8'en'alice%40example.com", "alice@example.com", "alice", "example.com"},
    {"username*=UTF-8''", "", "", NULL},
    {"username*=UTF-8''a%0d%0ab", "a\r\nb", "a\r\nb", NULL},
    {"username*=UTF-8''%FF", NULL, NULL, NULL},
    {"username*=UTF-8''%C3", NULL, NULL, NULL},
    {"username*=ISO-8859-1''J%E4", NULL, NULL, NULL},
    {"username*=UTF-8", NULL, NULL, NULL},
    {"username*=UTF-8'en", NULL, NULL, NULL},
    {"username*=alice", NULL, NULL, NULL},
};

/* What is read of credentials whose user name stands so. */
static enum tnd_auth_result read_name(struct auth_test *t, const char *param, const char *uri)
{
    static char line[4096];

    snprintf(line, sizeof(line),
             "Authorization: Digest %s, realm=\"example.com\", nonce=\"%s\", uri=\"%s\", "
             "qop=\"auth\", nc=00000001, cnonce=\"c\\n\", algorithm=SHA-256, response=\"\"\r\n",
             param, auth_nonce(t, &(struct auth_said){0}, false), uri);
    return auth_read(t, &(struct auth_said){.before = line, .realm = "elsewhere"});
}

TND_TEST(auth_usernames, "RFC 7616 §3.4",
         "a user name is what it means, quoted or extended; the last @ parts name and domain")
{
    struct auth_test *t = auth_start();

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        enum tnd_auth_result result = read_name(t, names[i].param, "sip:b");

        CHECK_EQ(result, names[i].username ? TND_AUTH_CLAIMED : TND_AUTH_NONE);
        if (!names[i].username)
            continue;
        CHECK_STR(t->cred.username, names[i].username);
        CHECK_STR(t->cred.name, names[i].name);
        CHECK_STR(t->cred.domain, names[i].domain);
        CHECK_EQ(!t->cred.domain.ptr, !names[i].domain);
        CHECK_STR(t->cred.auth.cnonce, "cn");
        CHECK_STR(t->cred.auth.qop, "auth");
    }
    /* RFC 7616 §3.4: both "MUST be treated as an error" */
    CHECK_EQ(read_name(t, "username=\"a\", username*=UTF-8''a", "sip:b"), TND_AUTH_NONE);
}

TND_TEST(auth_both_forms, "RFC 7616 §3.4.2",
         "A1 is of the name as it was sent, alice as well as alice@example.com")
{
    struct auth_test *t = auth_start();

    CHECK_AUTH(t, GOOD, .username = "alice");
    CHECK_AUTH(t, GOOD, .username = "alice@example.com", .call_id = "b");
    CHECK_AUTH(t, GOOD, .username = "alice@example.com", .call_id = "c", .algorithm = "MD5",
               .qop = "");
    CHECK_AUTH(t, WRONG, .username = "alice@example.org", .call_id = "d");
}

TND_TEST(auth_username_bound, "TND_AOR_LEN_MAX",
         "a longer user name than any user has is of nobody, and what does not fit is not used")
{
    static char param[3000];
    struct auth_test *t = auth_start();

    for (int escaped = 0; escaped < 2; escaped++) {
        const char *one = escaped ? "\\a" : "a";
        int len = snprintf(param, sizeof(param), "username=\"");

        for (int i = 0; i < TND_AOR_LEN_MAX; i++)
            len += snprintf(param + len, sizeof(param) - (size_t)len, "%s", one);
        snprintf(param + len, sizeof(param) - (size_t)len, "\"");
        CHECK_EQ(read_name(t, param, "sip:b"), TND_AUTH_CLAIMED);
        CHECK_EQ(t->cred.username.len, TND_AOR_LEN_MAX);
        snprintf(param + len, sizeof(param) - (size_t)len, "a\"");
        CHECK_EQ(read_name(t, param, "sip:b"), TND_AUTH_NONE);
    }
    for (int more = 0; more < 2; more++) { /* what has a backslash goes to the room, as "cn" did */
        param[0] = '\\';
        memset(param + 1, 'x', sizeof(param) - 1);
        param[1 + TND_CREDENTIALS_ROOM - 2 + more] = '\0';
        CHECK_EQ(read_name(t, "username=\"a\"", param), more ? TND_AUTH_NONE : TND_AUTH_CLAIMED);
    }
}
