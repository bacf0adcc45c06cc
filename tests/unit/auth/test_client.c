/* The client's side, against the vectors of the RFCs and against the server's side. */
#include "auth/respond.h"
#include "tandem/auth/client.h"
#include "tandem/sip/write.h"
#include "unit/auth/auth_test.h"

#define NONCE_7616  "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"
#define CNONCE_7616 "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
#define JASON       "J\xc3\xa4s\xc3\xb8n Doe"

static struct tnd_slice respond(struct auth_secret secret, const struct auth_act *act)
{
    static char room[AUTH_HEX_SIZE];

    secret.digester = &auth_start()->openssl.digester;
    return auth_respond(&secret, act, room);
}

static struct auth_secret mufasa(uint8_t algorithm)
{
    return (struct auth_secret){.user = TND_STR("Mufasa"),
                                .realm = TND_STR("http-auth@example.org"),
                                .password = TND_STR("Circle of Life"),
                                .nonce = TND_STR(NONCE_7616),
                                .cnonce = TND_STR(CNONCE_7616),
                                .algorithm = algorithm};
}

TND_TEST(auth_client_vectors, "RFC 7616 §3.9.1", "the examples come out, by MD5 and by SHA-256")
{
    const struct auth_act get = {.qop = TND_QOP_AUTH,
                                 .nc = TND_STR("00000001"),
                                 .method = TND_STR("GET"),
                                 .uri = TND_STR("/dir/index.html")};

    CHECK_STR(respond(mufasa(TND_ALGORITHM_MD5), &get), "8ca523f5e9506fed4657c9700eebdbec");
    CHECK_STR(respond(mufasa(TND_ALGORITHM_SHA_256), &get),
              "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
}

TND_TEST(auth_client_vectors_2617, "RFC 2617 §3.5",
         "the example comes out; so does that of RFC 2069, as corrected")
{
    struct auth_secret secret = {.user = TND_STR("Mufasa"),
                                 .realm = TND_STR("testrealm@host.com"),
                                 .password = TND_STR("Circle Of Life"),
                                 .nonce = TND_STR("dcd98b7102dd2f0e8b11d0f600bfb0c093"),
                                 .cnonce = TND_STR("0a4f113b"),
                                 .algorithm = TND_ALGORITHM_MD5};
    struct auth_act get = {.qop = TND_QOP_AUTH,
                           .nc = TND_STR("00000001"),
                           .method = TND_STR("GET"),
                           .uri = TND_STR("/dir/index.html")};

    CHECK_STR(respond(secret, &get), "6629fae49393a05397450978507c4ef1");
    secret.password = TND_STR("CircleOfLife");
    get.qop = 0;
    CHECK_STR(respond(secret, &get), "1949323746fe6a43ef61f9606e7febea");
}

/* The RFC prints other values; these are those of its erratum 4897, which Python's hashlib gives too. */
TND_TEST(auth_client_vectors_512, "RFC 7616 §3.9.2",
         "a name beyond ASCII and its hash by SHA-512-256")
{
    struct auth_secret secret = {.user = TND_STR(JASON),
                                 .realm = TND_STR("api@example.org"),
                                 .password = TND_STR("Secret, or not?"),
                                 .nonce = TND_STR("5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK"),
                                 .cnonce = TND_STR("NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v"),
                                 .algorithm = TND_ALGORITHM_SHA_512_256};
    const struct auth_act get = {.qop = TND_QOP_AUTH,
                                 .nc = TND_STR("00000001"),
                                 .method = TND_STR("GET"),
                                 .uri = TND_STR("/doe.json")};
    char room[AUTH_HEX_SIZE];

    CHECK_STR(respond(secret, &get),
              "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5");
    secret.digester = &auth_start()->openssl.digester;
    CHECK_STR(auth_hash_user(&secret, room),
              "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b");
}

/* The values are those of Python's hashlib. */
TND_TEST(auth_client_body_and_session, "RFC 7616 §3.4.3",
         "auth-int takes the body in, a session its nonce and cnonce")
{
    const struct auth_act put = {.qop = TND_QOP_AUTH_INT,
                                 .nc = TND_STR("00000001"),
                                 .method = TND_STR("PUT"),
                                 .uri = TND_STR("/x"),
                                 .body = TND_STR("hello")};
    const struct auth_act get = {.qop = TND_QOP_AUTH,
                                 .nc = TND_STR("00000002"),
                                 .method = TND_STR("GET"),
                                 .uri = TND_STR("/dir/index.html")};

    CHECK_STR(respond(mufasa(TND_ALGORITHM_SHA_256), &put),
              "f7f13b91feecb4954765adcd2e669ee64d3f3745e1e9da0bed0b0fc1b35625d0");
    CHECK_STR(respond(mufasa(TND_ALGORITHM_MD5_SESS), &get), "6914b51e16f9459d9abc967ad41c4599");
}

/* A phone of alice's, and the server of auth_start(). */
static struct tnd_auth_client client;
static char lines[16 * 1024];

static struct auth_test *start_as(const char *user, const char *password)
{
    static const unsigned char key[16] = {7};
    struct auth_test *t = auth_start();

    tnd_auth_client_init(&client, &t->openssl.digester, key, tnd_slice_str(user),
                         tnd_slice_str(password));
    return t;
}

static const char *write_lines(const char *method, const char *uri, const char *body)
{
    struct tnd_writer w = tnd_writer(lines, sizeof(lines) - 1);

    CHECK_EQ(tnd_auth_client_write(&client, &w, tnd_slice_str(method), tnd_slice_str(uri),
                                   tnd_slice_str(body)),
             0);
    CHECK(!tnd_writer_over(&w));
    lines[w.len] = '\0';
    return lines;
}

static const struct tnd_msg *request(const char *uri)
{
    static char text[32 * 1024];

    snprintf(text, sizeof(text),
             "REGISTER %s SIP/2.0\r\n" SIP_VIA SIP_FROM SIP_TO SIP_CALL SIP_HOPS
             "CSeq: 1 REGISTER\r\n%s\r\n",
             uri, write_lines("REGISTER", uri, ""));
    const struct tnd_msg *msg = sip_read_str(text);
    CHECK_FLAWS(msg, "");
    return msg;
}

/* A response with these lines. */
static const struct tnd_msg *response(const char *more)
{
    static char text[32 * 1024];

    snprintf(text, sizeof(text),
             "SIP/2.0 401 Unauthorized\r\n" SIP_VIA SIP_FROM "To: <sip:a@b>;tag=x\r\n" SIP_CALL
             "CSeq: 1 REGISTER\r\n"
             "%sContent-Length: 0\r\n\r\n",
             more);
    return sip_read_str(text);
}

static struct tnd_auth_asked challenge(struct auth_test *t, const struct tnd_msg *req,
                                       enum tnd_auth_role role, bool stale)
{
    char room[4096];
    struct tnd_writer w = tnd_writer(room, sizeof(room) - 1);

    tnd_auth_challenge_write(&w, &t->with, req, role, stale, t->wall);
    room[w.len] = '\0';
    return tnd_auth_client_challenged(&client, req, response(room));
}

static enum tnd_auth_result serve(struct auth_test *t, const struct tnd_msg *req,
                                  enum tnd_auth_role role)
{
    enum tnd_auth_result result = tnd_auth_read(&t->with, req, role, t->wall, &t->cred);

    return result == TND_AUTH_CLAIMED ? tnd_auth_check(&t->with, &t->cred, &t->user, t->seen)
                                      : result;
}

TND_TEST(
    auth_client_round_trip, "RFC 3261 §22.2",
    "what the server asks for the client can prove, by each algorithm, and count; stale nonces are replaced")
{
    static const enum tnd_digest all[] = {TND_DIGEST_MD5, TND_DIGEST_SHA_256,
                                          TND_DIGEST_SHA_512_256};

    for (int i = 0; i < 3; i++) {
        for (int role = TND_AUTH_REGISTRAR; role <= TND_AUTH_PROXY; role++) {
            struct auth_test *t = start_as("alice", "secret");
            t->with.algorithms = &all[i];
            t->with.algorithm_count = 1;
            const struct tnd_msg *req = request("sip:example.com");
            CHECK_EQ(serve(t, req, (enum tnd_auth_role)role), TND_AUTH_NONE);
            struct tnd_auth_asked asked = challenge(t, req, (enum tnd_auth_role)role, false);
            CHECK(asked.can_answer && !asked.had_credentials && !asked.is_stale);
            CHECK_STR(asked.realm, "\"example.com\"");
            req = request("sip:example.com");
            CHECK_EQ(serve(t, req, (enum tnd_auth_role)role), TND_AUTH_GOOD);
            CHECK_EQ(serve(t, req, (enum tnd_auth_role)role), TND_AUTH_STALE);
            req = request("sip:example.com");
            CHECK_EQ(t->cred.auth.nc_count, 1);
            CHECK_EQ(serve(t, req, (enum tnd_auth_role)role), TND_AUTH_GOOD);
            CHECK_EQ(t->cred.auth.nc_count, 2);
            t->wall += 1000;
            req = request("sip:example.com");
            CHECK_EQ(serve(t, req, (enum tnd_auth_role)role), TND_AUTH_STALE);
            asked = challenge(t, req, (enum tnd_auth_role)role, true);
            CHECK(asked.can_answer && asked.had_credentials && asked.is_stale);
            CHECK_EQ(serve(t, request("sip:example.com"), (enum tnd_auth_role)role), TND_AUTH_GOOD);
            CHECK_EQ(client.count, 1);
        }
    }
}

TND_TEST(auth_client_wrong_password, "RFC 3261 §22.2",
         "a challenge after credentials, which is not stale, says that they were wrong")
{
    struct auth_test *t = start_as("alice", "wrong");

    challenge(t, request("sip:example.com"), TND_AUTH_REGISTRAR, false);
    const struct tnd_msg *req = request("sip:example.com");
    CHECK_EQ(serve(t, req, TND_AUTH_REGISTRAR), TND_AUTH_WRONG);
    struct tnd_auth_asked asked = challenge(t, req, TND_AUTH_REGISTRAR, false);
    CHECK(asked.can_answer && asked.had_credentials && !asked.is_stale);
    start_as("alice", NULL);
    CHECK(!challenge(t, request("sip:example.com"), TND_AUTH_REGISTRAR, false).can_answer);
    CHECK_STR(tnd_slice_str(write_lines("REGISTER", "sip:example.com", "")), "");
}

/* Challenges, and what is then said in a request of that method. */
static struct tnd_auth_asked ask(const char *challenges)
{
    return tnd_auth_client_challenged(&client, request("sip:example.com"), response(challenges));
}

static const struct tnd_msg *said(const char *body)
{
    char text[20 * 1024];

    snprintf(text, sizeof(text),
             "MESSAGE sip:example.com SIP/2.0\r\n" SIP_VIA SIP_FROM SIP_TO SIP_CALL SIP_HOPS
             "CSeq: 1 MESSAGE\r\n%s\r\n",
             write_lines("MESSAGE", "sip:example.com", body));
    const struct tnd_msg *msg = sip_read_str(text);
    CHECK_FLAWS(msg, "");
    return msg;
}

static struct tnd_auth first(const struct tnd_msg *msg, enum tnd_header kind)
{
    struct tnd_values v = tnd_msg_values(msg, kind);
    struct tnd_auth auth = {0};

    CHECK(tnd_credentials_next(&v, &auth));
    return auth;
}

#define WWW(more)   "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"" more "\r\n"
#define PROXY(r, n) "Proxy-Authenticate: Digest realm=\"" r "\", nonce=\"" n "\"\r\n"

TND_TEST(auth_client_takes_the_topmost, "RFC 8760 §2.4",
         "of the challenges of a realm the topmost is answered that can be")
{
    start_as("alice", "secret");
    CHECK(ask("WWW-Authenticate: Basic realm=\"r\"\r\n" WWW(", algorithm=FOO, qop=\"auth\"")
                  WWW(", algorithm=SHA-256") WWW(", algorithm=SHA-256, qop=\"x,auth\"") WWW(""))
              .can_answer);
    struct tnd_auth auth = first(said(""), TND_HEADER_AUTHORIZATION);
    CHECK_STR(auth.algorithm_name, "SHA-256");
    CHECK_EQ(client.count, 1);
    start_as("alice", "secret");
    CHECK(!ask(WWW(", algorithm=FOO") WWW(", qop=\"x\"") WWW(", algorithm=MD5-sess")).can_answer);
    CHECK(!ask("").can_answer);
    CHECK(!ask("").realm.ptr);
}

TND_TEST(
    auth_client_several_realms, "RFC 3261 §22.3",
    "each realm that has asked is answered, of proxies and of the server, in later requests too")
{
    start_as("alice", "secret");
    CHECK(ask(PROXY("p1", "a") PROXY("p2", "b") WWW("")).can_answer);
    CHECK(!ask(PROXY("p3", "c")).had_credentials);
    const struct tnd_msg *msg = said("");
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_PROXY_AUTHORIZATION);
    struct tnd_auth auth;
    for (int i = 0; i < 3; i++) {
        static const char *const realms[] = {"\"p1\"", "\"p2\"", "\"p3\""};
        CHECK(tnd_credentials_next(&v, &auth));
        CHECK_STR(auth.realm, realms[i]);
    }
    CHECK(!tnd_credentials_next(&v, &auth));
    CHECK_STR(first(msg, TND_HEADER_AUTHORIZATION).realm, "\"r\"");
    /* p1 was answered, and asks again; p4 is new: there is something to try */
    struct tnd_auth_asked asked = ask(PROXY("p1", "a") PROXY("p4", "d"));
    CHECK(asked.can_answer && !asked.had_credentials);
    asked = ask(PROXY("p5", "d") PROXY("p1", "a"));
    CHECK(asked.can_answer && !asked.had_credentials);
    CHECK(ask(PROXY("p1", "a") PROXY("p5", "d")).had_credentials);
}

TND_TEST(auth_client_server_is_known_by_host, "RFC 3261 §22.2",
         "what one server has asked for is not told to another; proxies are told always")
{
    start_as("alice", "secret");
    ask(WWW("") PROXY("p", "n"));
    const struct tnd_msg *msg = request("sip:bob@EXAMPLE.com");
    CHECK(tnd_msg_has(msg, TND_HEADER_AUTHORIZATION));
    msg = request("sip:stranger.example");
    CHECK(!tnd_msg_has(msg, TND_HEADER_AUTHORIZATION));
    CHECK(tnd_msg_has(msg, TND_HEADER_PROXY_AUTHORIZATION));
}

TND_TEST(
    auth_client_qop, "RFC 7616 §3.4",
    "auth where it is offered, auth-int where that alone is, and MD5 without as RFC 2069 had it")
{
    start_as("alice", "secret");
    ask(WWW(", qop=\"auth-int,auth\""));
    CHECK_STR(first(said("x"), TND_HEADER_AUTHORIZATION).qop, "auth");
    ask(WWW(", qop=\"auth-int\""));
    struct tnd_auth auth = first(said("x"), TND_HEADER_AUTHORIZATION);
    CHECK_STR(auth.qop, "auth-int");
    char response_of_x[128];
    CHECK_EQ(auth.response.len, 34);
    memcpy(response_of_x, auth.response.ptr, 34);
    ask(WWW(", qop=\"auth-int\""));
    auth = first(said("y"), TND_HEADER_AUTHORIZATION);
    CHECK_EQ(auth.nc_count, 1);
    CHECK(memcmp(response_of_x, auth.response.ptr, 34) != 0);
    ask(WWW(""));
    auth = first(said("x"), TND_HEADER_AUTHORIZATION);
    CHECK(!auth.qop.ptr && !auth.cnonce.ptr && !auth.nc.ptr && !auth.algorithm_name.ptr);
}

TND_TEST(
    auth_client_names, "RFC 7616 §3.4.4",
    "a name is hashed where that is asked for; beyond ASCII it is username*; realms may have quotes")
{
    start_as(JASON, "secret");
    ask(WWW(", qop=\"auth\""));
    struct tnd_auth auth = first(said(""), TND_HEADER_AUTHORIZATION);
    CHECK(!auth.username.ptr);
    CHECK_STR(auth.username_ext, "UTF-8''J%C3%A4s%C3%B8n%20Doe");
    ask(WWW(", qop=\"auth\", userhash=true, opaque=\"o\\\"p\", algorithm=SHA-256"));
    auth = first(said(""), TND_HEADER_AUTHORIZATION);
    CHECK_EQ(auth.userhash, TND_YES);
    CHECK_EQ(auth.username.len, 66);
    CHECK(!auth.username_ext.ptr);
    CHECK_STR(auth.opaque, "\"o\\\"p\"");
    start_as("alice", "secret");
    ask("WWW-Authenticate: Digest realm=\"a \\\"b\\\"\", nonce=\"\"\r\n");
    auth = first(said(""), TND_HEADER_AUTHORIZATION);
    CHECK_STR(auth.realm, "\"a \\\"b\\\"\"");
    CHECK(!auth.opaque.ptr);
}

TND_TEST(auth_client_name_and_realm_with_quotes, "RFC 7616 §3.4",
         "the server reads a name and a realm with quotes as they are meant")
{
    struct auth_test *t = start_as("al\"i\\ce", "secret");

    t->with.realm = TND_STR("my \"realm\"");
    CHECK_EQ(tnd_user_make(&t->openssl.digester, TND_STR("al\"i\\ce@example.com"), t->with.realm,
                           TND_STR("secret"), &t->user),
             0);
    challenge(t, request("sip:example.com"), TND_AUTH_REGISTRAR, false);
    CHECK_EQ(serve(t, request("sip:example.com"), TND_AUTH_REGISTRAR), TND_AUTH_GOOD);
}

TND_TEST(bug_auth_client_folded_realm, "RFC 3261 §7.3.1",
         "a realm with a fold is one with a space, and known again as such")
{
    start_as("alice", "secret");
    ask("WWW-Authenticate: Digest realm=\"a \r\n\t b\", nonce=\"n\"\r\n");
    CHECK_STR(first(said(""), TND_HEADER_AUTHORIZATION).realm, "\"a b\"");
    CHECK(ask("WWW-Authenticate: Digest realm=\"a \r\n\t b\", nonce=\"n\"\r\n").had_credentials);
    CHECK_EQ(client.count, 1);
}

TND_TEST(bug_auth_client_echoed_bytes, "RFC 3261 §25.1",
         "a nonce that is no UTF-8 is not sent back, so the challenge cannot be answered")
{
    start_as("alice", "secret");
    CHECK(!ask("WWW-Authenticate: Digest realm=\"r\", nonce=\"\x86\"\r\n").can_answer);
    CHECK_EQ(client.count, 0);
}

TND_TEST(auth_client_cancel_and_ack, "RFC 3261 §22.1",
         "a CANCEL has no credentials, an ACK those of its INVITE, which are not counted again")
{
    start_as("alice", "secret");
    ask(WWW(", qop=\"auth\"") PROXY("p", "n"));
    CHECK_STR(tnd_slice_str(write_lines("CANCEL", "sip:example.com", "")), "");
    const struct tnd_msg *invite = said("");
    char room[4096];
    struct tnd_writer w = tnd_writer(room, sizeof(room) - 1);
    tnd_auth_client_repeat(&w, invite);
    room[w.len] = '\0';
    CHECK_STR(tnd_slice_str(room), lines);
    CHECK_EQ(client.realm[0].count, 1);
}

/* rspauth of the request that was said last, for an answer without a body. */
static struct tnd_slice right_proof(const struct tnd_msg *msg, const char *password)
{
    struct tnd_auth auth = first(msg, TND_HEADER_AUTHORIZATION);
    struct auth_secret secret = mufasa(TND_ALGORITHM_MD5);
    struct auth_act act = {.qop = TND_QOP_AUTH,
                           .nc = auth.nc,
                           .method = TND_STR(""),
                           .uri = TND_STR("sip:example.com")};

    secret.user = TND_STR("alice");
    secret.realm = TND_STR("r");
    secret.password = tnd_slice_str(password);
    secret.nonce = client.realm[0].nonce_len
                       ? tnd_slice(client.realm[0].nonce, client.realm[0].nonce_len)
                       : TND_STR("");
    secret.cnonce = tnd_slice(auth.cnonce.ptr + 1, auth.cnonce.len - 2);
    return respond(secret, &act);
}

TND_TEST(auth_client_next_nonce_and_proof, "RFC 7616 §3.5",
         "the next nonce is used next, and a server that does not know the password is found out")
{
    char info[512];

    start_as("alice", "secret");
    ask(WWW(", qop=\"auth\""));
    const struct tnd_msg *msg = said("");
    CHECK_EQ(tnd_auth_client_answered(&client, msg, response("")), TND_AUTH_UNPROVED);
    snprintf(info, sizeof(info),
             "Authentication-Info: nextnonce=\"bad\", rspauth=\"%.*s\", qop=auth\r\n",
             TND_FMT(right_proof(msg, "other")));
    CHECK_EQ(tnd_auth_client_answered(&client, msg, response(info)), TND_AUTH_FALSE);
    CHECK_STR(first(said(""), TND_HEADER_AUTHORIZATION).nonce, "\"n\"");
    snprintf(info, sizeof(info),
             "Authentication-Info: nextnonce=\"n2\", rspauth=\"%.*s\", qop=auth\r\n",
             TND_FMT(right_proof(msg, "secret")));
    CHECK_EQ(tnd_auth_client_answered(&client, msg, response(info)), TND_AUTH_PROVED);
    msg = said("");
    CHECK_STR(first(msg, TND_HEADER_AUTHORIZATION).nonce, "\"n2\"");
    CHECK_EQ(first(msg, TND_HEADER_AUTHORIZATION).nc_count, 1);
    CHECK_EQ(tnd_auth_client_answered(&client, msg,
                                      response("Authentication-Info: nextnonce=\"n3\"\r\n")),
             TND_AUTH_UNPROVED);
    CHECK_STR(first(said(""), TND_HEADER_AUTHORIZATION).nonce, "\"n3\"");
}

TND_TEST(
    auth_client_bounds, "RFC 3261 §22.3",
    "more realms than there is room for push out the first; a challenge that is too long is none")
{
    char text[1024], nonce[TND_AUTH_NONCE_LEN_MAX + 2];

    start_as("alice", "secret");
    for (int i = 0; i <= TND_AUTH_REALM_COUNT_MAX; i++) {
        snprintf(text, sizeof(text), "Proxy-Authenticate: Digest realm=\"p%d\", nonce=\"n\"\r\n",
                 i);
        CHECK(ask(text).can_answer);
    }
    CHECK_EQ(client.count, TND_AUTH_REALM_COUNT_MAX);
    CHECK_STR(first(said(""), TND_HEADER_PROXY_AUTHORIZATION).realm, "\"p1\"");
    memset(nonce, 'n', sizeof(nonce));
    nonce[TND_AUTH_NONCE_LEN_MAX + 1] = '\0';
    snprintf(text, sizeof(text), "Proxy-Authenticate: Digest realm=\"q\", nonce=\"%s\"\r\n", nonce);
    CHECK(!ask(text).can_answer);
    snprintf(text, sizeof(text), "Proxy-Authenticate: Digest realm=\"q\", nonce=\"%s\"\r\n",
             nonce + 1);
    CHECK(ask(text).can_answer);
}

/* Does MD5, as long as ctx says so. */
static int take_md5(void *ctx, enum tnd_digest digest, const struct tnd_slice *parts,
                    size_t part_count, unsigned char *ret)
{
    const bool *works = ctx;

    CHECK(part_count > 0 && parts);
    if (digest != TND_DIGEST_MD5)
        return TND_ENONE;
    memset(ret, 1, tnd_digest_size(digest));
    return *works ? 0 : TND_ENOMEM;
}

TND_TEST(auth_client_without_digester, "RFC 8760 §2.4",
         "what the digester cannot do is passed over; one that fails is an error")
{
    static const unsigned char key[16] = {7};
    bool works = true;
    struct tnd_digester d = {take_md5, &works};
    struct tnd_writer w = tnd_writer(lines, sizeof(lines));

    tnd_auth_client_init(&client, &d, key, TND_STR("alice"), TND_STR("secret"));
    CHECK(ask(WWW(", algorithm=SHA-256, qop=\"auth\"") WWW(", qop=\"auth\"")).can_answer);
    CHECK_EQ(client.realm[0].algorithm, TND_ALGORITHM_MD5);
    works = false;
    CHECK_EQ(tnd_auth_client_write(&client, &w, TND_STR("REGISTER"), TND_STR("sip:example.com"),
                                   TND_STR("")),
             TND_ENOMEM);
    tnd_auth_client_init(&client, NULL, key, TND_STR("alice"), TND_STR("secret"));
    CHECK(!ask(WWW("")).can_answer);
}
