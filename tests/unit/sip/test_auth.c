/* Challenges and credentials. */
#include "unit/sip/probe.h"

/* RFC 7616 §3.9.1 */
static const char challenge_7616[] =
    "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=SHA-256, "
    "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
    "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
static const char credentials_7616[] =
    "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", uri=\"/dir/index.html\", "
    "algorithm=SHA-256, nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", nc=00000001, "
    "cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\", qop=auth, "
    "response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\", "
    "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";

TND_TEST(challenge_is_read, "RFC 7616 §3.9.1", "the challenge of the RFC's example is read")
{
    struct tnd_auth a;

    READ(challenge, challenge_7616, &a);
    CHECK(a.digest);
    CHECK_STR(a.realm, "\"http-auth@example.org\"");
    CHECK_EQ(a.algorithm, TND_ALGORITHM_SHA_256);
    CHECK_EQ(a.qops, TND_QOP_AUTH | TND_QOP_AUTH_INT);
    CHECK_STR(a.opaque, "\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"");
    CHECK_EQ(a.stale, TND_UNSAID);
    CHECK_GOOD(challenge, struct tnd_auth, challenge_7616, 1);
}

TND_TEST(challenge_of_sip_is_read, "RFC 3261 §20.44", "the challenge of the RFC's example is read")
{
    struct tnd_auth a;

    READ(challenge,
         "Digest realm=\"atlanta.com\", domain=\"sip:boxesbybob.com\", qop=\"auth\", "
         "nonce=\"f84f1cec41e6cbe5aea9c8e88d359\", opaque=\"\", stale=FALSE, algorithm=MD5",
         &a);
    CHECK_STR(a.domain, "\"sip:boxesbybob.com\"");
    CHECK_EQ(a.stale, TND_NO);
    CHECK_EQ(a.algorithm, TND_ALGORITHM_MD5);
    CHECK_EQ(a.qops, TND_QOP_AUTH);
    READ(challenge,
         "digest nonce = \"\" , realm = \"a, b\" , stale=TRUE, charset=UTF-8,userhash=true", &a);
    CHECK_EQ(a.stale, TND_YES);
    CHECK_EQ(a.userhash, TND_YES);
    CHECK_STR(a.charset, "UTF-8");
    CHECK_STR(a.realm, "\"a, b\"");
    CHECK(!a.algorithm_name.ptr);
}

TND_TEST(credentials_are_read, "RFC 7616 §3.9.1", "the credentials of the RFC's example are read")
{
    struct tnd_auth a;

    READ(credentials, credentials_7616, &a);
    CHECK_STR(a.username, "\"Mufasa\"");
    CHECK_STR(a.uri, "\"/dir/index.html\"");
    CHECK_EQ(a.nc_count, 1);
    CHECK_STR(a.qop, "auth");
    CHECK_EQ(a.qops, TND_QOP_AUTH);
    CHECK_EQ(a.response.len, 66);
    CHECK_GOOD(credentials, struct tnd_auth, credentials_7616, 1);
}

TND_TEST(credentials_may_hide_the_user, "RFC 7616 §3.9.2", "username* and userhash are read")
{
    struct tnd_auth a;

    READ(
        credentials,
        "Digest username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, realm=\"api@example.org\", "
        "uri=\"/doe.json\", algorithm=SHA-512-256, nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC\", "
        "nc=0000000a, cnonce=\"NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm\", qop=auth, "
        "response=\"ae66e67d6b427bd3f120414a82e4acff38e8ecd9101d6c861229025f607a79dd\", "
        "opaque=\"HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS\", userhash=false",
        &a);
    CHECK_STR(a.username_ext, "UTF-8''J%C3%A4s%C3%B8n%20Doe");
    CHECK(!a.username.ptr);
    CHECK_EQ(a.algorithm, TND_ALGORITHM_SHA_512_256);
    CHECK_EQ(a.nc_count, 10);
    CHECK_EQ(a.userhash, TND_NO);
}

TND_TEST(algorithms_have_names, "RFC 8760 §2.2",
         "each algorithm is found by its name, others are kept")
{
    struct tnd_auth a;
    char text[128];

    for (enum tnd_algorithm i = TND_ALGORITHM_MD5; i < TND_ALGORITHM_OTHER; i++) {
        struct tnd_writer w = tnd_writer(text, sizeof(text) - 1);
        tnd_put(&w, TND_STR("Digest realm=\"\",nonce=\"\",algorithm="));
        tnd_put_str(&w, tnd_algorithm_name(i));
        text[w.len] = '\0';
        READ(challenge, text, &a);
        CHECK_EQ(a.algorithm, i);
    }
    READ(challenge, "Digest realm=\"\",nonce=\"\",algorithm=AKAv1-MD5", &a);
    CHECK_EQ(a.algorithm, TND_ALGORITHM_OTHER);
    CHECK_STR(a.algorithm_name, "AKAv1-MD5");
}

TND_TEST(quotes_where_there_should_be_none_are_taken, "RFC 7616 §3.4",
         "quotes around algorithm, qop and nc change nothing")
{
    struct tnd_auth a;

    READ(
        credentials,
        "Digest username=\"a\",realm=\"b\",nonce=\"c\",uri=\"sip:d\",response=\"\",algorithm=\"MD5\","
        "qop=\"auth\",nc=\"0000000F\",cnonce=\"e\"",
        &a);
    CHECK_STR(a.algorithm_name, "MD5");
    CHECK_EQ(a.qops, TND_QOP_AUTH);
    CHECK_EQ(a.nc_count, 15);
    CHECK_STR(a.response, "\"\"");
}

TND_TEST(other_schemes_are_kept, "RFC 3261 §25.1", "what an unknown scheme says is kept as it came")
{
    struct tnd_auth a;
    struct tnd_slice rest;
    struct tnd_param p;

    READ(credentials, "NoOneKnowsThisScheme opaque-data=here, x = \"a, \\\" b\" ", &a);
    CHECK(!a.digest);
    CHECK_STR(a.scheme, "NoOneKnowsThisScheme");
    rest = a.params;
    CHECK(tnd_auth_param_next(&rest, &p));
    CHECK_STR(p.name, "opaque-data");
    CHECK_STR(p.value, "here");
    CHECK(tnd_auth_param_next(&rest, &p));
    CHECK_STR(p.value, "\"a, \\\" b\"");
    CHECK(!tnd_auth_param_next(&rest, &p));
    READ(credentials, "Bearer eyJhbGciOi/JSUzI1NiIs+InR5cCI==", &a);
    CHECK_STR(a.params, "eyJhbGciOi/JSUzI1NiIs+InR5cCI==");
}

TND_TEST(several_credentials_are_several_fields, "RFC 3261 §7.3.1",
         "each field holds one scheme; folds are white space")
{
    struct tnd_values v = probe_fields(
        TND_HEADER_AUTHORIZATION,
        "Authorization: Digest\r\n username=\"a\",\r\n\trealm=\"b\" ,nonce=\"c\"\r\n ,uri=\"sip:d\",response=\"\"\r\n"
        "Authorization: Other x\r\n");
    struct tnd_auth a;

    CHECK(tnd_credentials_next(&v, &a));
    CHECK_STR(a.username, "\"a\"");
    CHECK(tnd_credentials_next(&v, &a));
    CHECK_STR(a.scheme, "Other");
    CHECK(!tnd_credentials_next(&v, &a));
    CHECK_EQ(v.c.flaw.rule, TND_RULE_NONE);
}

#define GOOD "Digest username=\"a\",realm=\"b\",nonce=\"c\",uri=\"sip:d\",response=\"\""

TND_TEST(auth_flaws_of_form, "RFC 3261 §25.1",
         "what is no scheme and list of parameters is refused")
{
    CHECK_FLAW(credentials, struct tnd_auth, "", VALUE_EMPTY, "");
    CHECK_FLAW(credentials, struct tnd_auth, "Digest", AUTH_SCHEME, "");
    CHECK_FLAW(credentials, struct tnd_auth, "=", AUTH_SCHEME, "=");
    CHECK_FLAW(credentials, struct tnd_auth, "Digest=x", AUTH_SCHEME, "=");
    CHECK_FLAW(credentials, struct tnd_auth, GOOD ",", AUTH_PARAM, "");
    CHECK_FLAW(credentials, struct tnd_auth, GOOD ",x", AUTH_PARAM, "");
    CHECK_FLAW(credentials, struct tnd_auth, GOOD ",x=", AUTH_PARAM, "");
    CHECK_FLAW(credentials, struct tnd_auth, GOOD " x=y", AUTH_PARAM, "x");
    CHECK_FLAW(credentials, struct tnd_auth, GOOD ";x=y", AUTH_PARAM, ";");
    CHECK_FLAW(credentials, struct tnd_auth, GOOD ", Digest realm=\"x\"", AUTH_PARAM, "realm");
    CHECK_FLAW(credentials, struct tnd_auth, GOOD ",x=\"y", QUOTED_STRING, "\"y");
}

TND_TEST(auth_flaws_of_value, "RFC 7616 §3.4",
         "a parameter of another kind, or there twice, is refused")
{
    CHECK_FLAW(credentials, struct tnd_auth, GOOD ",realm=\"x\"", AUTH_VALUE, "realm=\"x");
    CHECK_FLAW(credentials, struct tnd_auth, "Digest realm=b", AUTH_VALUE, "realm");
    CHECK_FLAW(credentials, struct tnd_auth, "Digest nc=1", AUTH_VALUE, "nc");
    CHECK_FLAW(credentials, struct tnd_auth, "Digest nc=0000000g", AUTH_VALUE, "nc");
    CHECK_FLAW(credentials, struct tnd_auth, "Digest nc=000000001", AUTH_VALUE, "nc");
    CHECK_FLAW(credentials, struct tnd_auth, "Digest response=\"abc\"", AUTH_VALUE, "response");
    CHECK_FLAW(credentials, struct tnd_auth, "Digest response=\"0123456789ABCDEF0123456789ABCDEF\"",
               AUTH_VALUE, "response");
    CHECK_FLAW(credentials, struct tnd_auth, "Digest qop=\"\"", AUTH_VALUE, "qop");
    CHECK_FLAW(credentials, struct tnd_auth, "Digest qop=\"auth auth-int\"", AUTH_VALUE, "qop");
    CHECK_FLAW(credentials, struct tnd_auth, "Digest qop=auth,qop=auth", AUTH_VALUE, "qop");
    CHECK_FLAW(credentials, struct tnd_auth, "Digest userhash=yes", AUTH_VALUE, "userhash");
    CHECK_FLAW(credentials, struct tnd_auth, "Digest algorithm=\"a b\"", AUTH_VALUE, "algorithm");
    CHECK_FLAW(challenge, struct tnd_auth, "Digest stale=true,stale=true", AUTH_VALUE, "stale");
}

TND_TEST(auth_flaws_of_what_is_missing, "RFC 7616 §3.4", "Digest without what it needs is refused")
{
    CHECK_GOOD(credentials, struct tnd_auth, GOOD, 1);
    CHECK_FLAW(credentials, struct tnd_auth, GOOD ",qop=auth,nc=00000001", AUTH_CREDENTIALS,
               "Digest");
    CHECK_FLAW(credentials, struct tnd_auth, GOOD ",qop=auth,cnonce=\"\"", AUTH_CREDENTIALS,
               "Digest");
    CHECK_FLAW(credentials, struct tnd_auth, GOOD ",username*=UTF-8''a", AUTH_CREDENTIALS,
               "Digest");
    CHECK_FLAW(credentials, struct tnd_auth,
               "Digest realm=\"b\",nonce=\"c\",uri=\"d\",response=\"\"", AUTH_CREDENTIALS,
               "Digest");
    CHECK_FLAW(challenge, struct tnd_auth, "Digest realm=\"b\"", AUTH_CHALLENGE, "Digest");
    CHECK_FLAW(challenge, struct tnd_auth, "Digest nonce=\"b\"", AUTH_CHALLENGE, "Digest");
}

TND_TEST(auth_params_are_bounded, "TND_AUTH_PARAM_COUNT_MAX",
         "more parameters than the limit are refused")
{
    char text[512];
    struct tnd_writer w = tnd_writer(text, sizeof(text) - 1);

    tnd_put(&w, TND_STR(GOOD));
    for (int i = 5; i < TND_AUTH_PARAM_COUNT_MAX; i++)
        tnd_put(&w, TND_STR(",x=y"));
    text[w.len] = '\0';
    CHECK_GOOD(credentials, struct tnd_auth, text, 1);
    tnd_put(&w, TND_STR(",z=y"));
    text[w.len] = '\0';
    CHECK_FLAW(credentials, struct tnd_auth, text, AUTH_PARAM_COUNT, "z");
}

TND_TEST(auth_info_is_read, "RFC 7616 §3.5", "Authentication-Info has no scheme")
{
    struct tnd_auth a;

    READ(auth_info, "nextnonce=\"47364c23432d2e131a5fb210812c\"", &a);
    CHECK_STR(a.nonce, "\"47364c23432d2e131a5fb210812c\"");
    READ(auth_info,
         "qop=auth, rspauth=\"0123456789abcdef0123456789abcdef\", cnonce=\"a\", nc=00000002", &a);
    CHECK_EQ(a.nc_count, 2);
    CHECK_EQ(a.response.len, 34);
    CHECK_FLAW(auth_info, struct tnd_auth, "nextnonce=a", AUTH_VALUE, "nextnonce");
    CHECK_FLAW(auth_info, struct tnd_auth, "Digest nextnonce=\"a\"", AUTH_PARAM, "nextnonce");
    CHECK_STABLE(auth_info, auth_info, struct tnd_auth, "nc=00000002, nextnonce=\"a\",qop=auth");
}

TND_TEST(auth_is_written, "RFC 7616 §3.3", "strings get quotes, tokens do not")
{
    struct tnd_auth a = {
        .digest = true,
        .realm = TND_STR("a \"b\""),
        .nonce = TND_STR("\"c\""),
        .qop = TND_STR("auth"),
        .algorithm = TND_ALGORITHM_SHA_256,
        .stale = TND_YES,
    };

    CHECK_WRITES(
        challenge, &a,
        "Digest realm=\"a \\\"b\\\"\", nonce=\"c\", stale=true, algorithm=SHA-256, qop=\"auth\"");
    a = (struct tnd_auth){.digest = true, .qop = TND_STR("\"auth\""), .nc_count = 0x1a};
    CHECK_WRITES(credentials, &a, "Digest qop=auth, nc=0000001a");
    /* what only looks quoted may not smuggle a parameter in */
    a = (struct tnd_auth){.digest = true, .realm = TND_STR("\"a\", nonce=\"b\"")};
    CHECK_WRITES(challenge, &a, "Digest realm=\"\\\"a\\\", nonce=\\\"b\\\"\"");
}

TND_TEST(auth_is_written_as_read, "RFC 7616 §3.9", "what is read and written is stable")
{
    CHECK_STABLE(challenge, challenge, struct tnd_auth, challenge_7616);
    CHECK_STABLE(credentials, credentials, struct tnd_auth, credentials_7616);
    CHECK_STABLE(credentials, credentials, struct tnd_auth, "Bearer  a+b/c==");
}
