/* Challenges: what was wrong with the credentials. */
#include "unit/diag/scene.h"

#define CHALLENGE(realm, nonce, more) \
    "WWW-Authenticate: Digest realm=\"" realm "\", nonce=\"" nonce "\"" more "\r\n"
#define PROOF(realm, nonce, digit)                                                         \
    "Authorization: Digest username=\"alice\", realm=\"" realm "\", nonce=\"" nonce "\", " \
    "uri=\"sip:bob@example.com\", response=\"0000000000000000000000000000000" digit "\"\r\n"

#define FIRST                                                                           \
    {"0.0 A>P INVITE 1"}, {"0.1 P>A 401 INVITE 1", CHALLENGE("example.com", "n1", "")}, \
    {                                                                                   \
        "0.1 A>P ACKN 1"                                                                \
    }

TND_TEST(find_challenge_that_is_not_answered, "RFC 3261 §22.2",
         "a challenge that nobody answers is told with its realm")
{
    SCENE(FIRST);
    CHECK_FOUND(AUTH_NOT_ANSWERED, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK_STR(FOUND(AUTH_NOT_ANSWERED)->detail, "example.com");
    CHECK_SHOWS(AUTH_NOT_ANSWERED, "WWW-Authenticate: Digest");
}

TND_TEST(find_wrong_password, "RFC 7616 §3.3",
         "credentials for the realm and nonce that were asked for, rejected: a wrong password")
{
    SCENE(FIRST, {"0.2 A>P INVITE 2", PROOF("example.com", "n1", "1")},
          {"0.3 P>A 401 INVITE 2", CHALLENGE("example.com", "n2", "")}, {"0.3 A>P ACKN 2"});
    CHECK_FOUND(AUTH_REJECTED, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK_SHOWS(AUTH_REJECTED, "Authorization: Digest username=\"alice\"");
    CHECK(!FOUND(AUTH_NOT_ANSWERED) && !FOUND(AUTH_LOOP));
}

TND_TEST(find_wrong_realm_and_nonce, "RFC 7616 §3.4",
         "credentials for another realm, or with another nonce, are told apart")
{
    SCENE(FIRST, {"0.2 A>P INVITE 2", PROOF("other.example", "n1", "1")},
          {"0.3 P>A 401 INVITE 2", CHALLENGE("example.com", "n2", "")}, {"0.3 A>P ACKN 2"});
    CHECK_FOUND(AUTH_REALM_WRONG, TND_DIAG_ERROR, TND_DIAG_CALLER);
    SCENE(FIRST, {"0.2 A>P INVITE 2", PROOF("example.com", "n0", "1")},
          {"0.3 P>A 401 INVITE 2", CHALLENGE("example.com", "n2", "")}, {"0.3 A>P ACKN 2"});
    CHECK_FOUND(AUTH_NONCE_IGNORED, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK(!FOUND(AUTH_REALM_WRONG) && !FOUND(AUTH_REJECTED));
}

TND_TEST(find_same_credentials_again, "RFC 3261 §22.2",
         "the same credentials once more are told, and challenges without an end are a loop")
{
    SCENE(FIRST, {"0.2 A>P INVITE 2", PROOF("example.com", "n1", "1")},
          {"0.3 P>A 401 INVITE 2", CHALLENGE("example.com", "n2", "")}, {"0.3 A>P ACKN 2"},
          {"0.4 A>P INVITE 3", PROOF("example.com", "n1", "1")},
          {"0.5 P>A 401 INVITE 3", CHALLENGE("example.com", "n3", "")}, {"0.5 A>P ACKN 3"},
          {"0.6 A>P INVITE 4", PROOF("example.com", "n1", "1")},
          {"0.7 P>A 401 INVITE 4", CHALLENGE("example.com", "n4", "")}, {"0.7 A>P ACKN 4"},
          {"0.8 A>P INVITE 5", PROOF("example.com", "n1", "1")},
          {"0.9 P>A 401 INVITE 5", CHALLENGE("example.com", "n5", "")}, {"0.9 A>P ACKN 5"});
    CHECK_FOUND(AUTH_REPEATED, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK_FOUND(AUTH_LOOP, TND_DIAG_ERROR, TND_DIAG_CALLER);
}

TND_TEST(find_algorithm, "RFC 8760 §2.4",
         "credentials by another algorithm than was asked for; a challenge by SHA-256 alone")
{
    SCENE({"0.0 A>P INVITE 1"},
          {"0.1 P>A 401 INVITE 1", CHALLENGE("example.com", "n1", ", algorithm=SHA-256")},
          {"0.1 A>P ACKN 1"}, {"0.2 A>P INVITE 2", PROOF("example.com", "n1", "1")},
          {"0.3 P>A 401 INVITE 2", CHALLENGE("example.com", "n2", ", algorithm=SHA-256")},
          {"0.3 A>P ACKN 2"});
    CHECK_FOUND(AUTH_ALGORITHM, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK(!FOUND(AUTH_ALGORITHM)->is_guess);
    SCENE({"0.0 A>P INVITE 1"},
          {"0.1 P>A 401 INVITE 1", CHALLENGE("example.com", "n1", ", algorithm=SHA-256")},
          {"0.1 A>P ACKN 1"});
    CHECK_FOUND(AUTH_ALGORITHM, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK(FOUND(AUTH_ALGORITHM)->is_guess);
    CHECK_STR(FOUND(AUTH_ALGORITHM)->detail, "SHA-256");
}

TND_TEST(find_wrong_field, "RFC 3261 §22.3", "a 407 that is answered in Authorization is told")
{
    SCENE({"0.0 A>P INVITE 1"},
          {"0.1 P>A 407 INVITE 1", "Proxy-Authenticate: Digest realm=\"x\", nonce=\"n1\"\r\n"},
          {"0.1 A>P ACKN 1"}, {"0.2 A>P INVITE 2", PROOF("x", "n1", "1")},
          {"0.3 P>A 407 INVITE 2", "Proxy-Authenticate: Digest realm=\"x\", nonce=\"n2\"\r\n"},
          {"0.3 A>P ACKN 2"});
    CHECK_FOUND(AUTH_FIELD_WRONG, TND_DIAG_ERROR, TND_DIAG_CALLER);
}

TND_TEST(find_two_realms, "RFC 3261 §22.3",
         "a second proxy with a realm of its own makes no credentials wrong")
{
    SCENE(FIRST, {"0.2 A>P INVITE 2", PROOF("example.com", "n1", "1")},
          {"0.3 P>A 401 INVITE 2", CHALLENGE("second.example", "m1", "")}, {"0.3 A>P ACKN 2"},
          {"0.4 A>P INVITE 3", PROOF("example.com", "n1", "1") PROOF("second.example", "m1", "2")},
          {"0.5 P>A 200 INVITE 3"}, {"0.6 A>P ACK 3"});
    CHECK_EQ(scene_worst(), -1);
}

TND_TEST(find_old_nonce, "RFC 7616 §3.3", "a nonce that is old, and that nobody renews, is told")
{
    SCENE({"0.0 A>P REGISTER 1", PROOF("example.com", "n1", "1")},
          {"0.1 P>A 401 REGISTER 1", CHALLENGE("example.com", "n2", ", stale=true")});
    CHECK_FOUND(AUTH_NONCE_OLD, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK(!FOUND(REFUSED));
}
