/* Calls with which nothing is wrong, and that nothing is said against. */
#include "unit/diag/scene.h"

#define AUDIO     "m=audio 4000 RTP/AVP 0 8 101\r\na=rtpmap:101 telephone-event/8000\r\n"
#define OFFER     SDP("198.51.100.1", AUDIO)
#define ANSWER    SDP("198.51.100.2", AUDIO)
#define CHALLENGE "WWW-Authenticate: Digest realm=\"example.com\", nonce=\"n1\"\r\n"
#define PROOF                                                                         \
    "Authorization: Digest username=\"alice\", realm=\"example.com\", nonce=\"n1\", " \
    "uri=\"sip:bob@example.com\", response=\"00000000000000000000000000000001\"\r\n"

TND_TEST(find_nothing_in_an_answered_call, "RFC 3665 §3.1",
         "an ordinary call that was answered and ended has no finding at all")
{
    SCENE({"0.0 A>B INVITE 1", NULL, OFFER}, {"0.1 B>A 100 INVITE 1"}, {"0.2 B>A 180 INVITE 1"},
          {"5.0 B>A 200 INVITE 1", NULL, ANSWER}, {"5.1 A>B ACK 1"}, {"40 B>A BYE 7 from=b to=a"},
          {"40.1 A>B 200 BYE 7 from=b to=a"});
    CHECK_EQ(scene_worst(), -1);
}

TND_TEST(find_nothing_in_a_call_by_proxy, "RFC 3665 §3.2",
         "a call by a proxy that stays in the way has no finding at all")
{
    SCENE({"0.0 A>P INVITE 1", NULL, OFFER}, {"0.1 P>A 100 INVITE 1"},
          {"0.1 P>B INVITE 1 via=A>P", "Record-Route: <sip:203.0.113.5;lr>\r\n", OFFER},
          {"0.2 B>P 180 INVITE 1 via=A>P", "Record-Route: <sip:203.0.113.5;lr>\r\n"},
          {"0.2 P>A 180 INVITE 1", "Record-Route: <sip:203.0.113.5;lr>\r\n"},
          {"3.0 B>P 200 INVITE 1 via=A>P", "Record-Route: <sip:203.0.113.5;lr>\r\n", ANSWER},
          {"3.1 P>A 200 INVITE 1", "Record-Route: <sip:203.0.113.5;lr>\r\n", ANSWER},
          {"3.2 A>P ACK 1", "Route: <sip:203.0.113.5;lr>\r\n"}, {"3.2 P>B ACK 1 via=A>P"},
          {"9.0 B>P BYE 7 from=b to=a", "Route: <sip:203.0.113.5;lr>\r\n"},
          {"9.0 P>A BYE 7 from=b to=a via=B>P"}, {"9.1 A>P 200 BYE 7 from=b to=a via=B>P"},
          {"9.1 P>B 200 BYE 7 from=b to=a"});
    CHECK_EQ(scene_worst(), -1);
}

TND_TEST(find_nothing_when_a_proxy_leaves_the_way, "RFC 3261 §16.6",
         "a proxy that adds no Record-Route does no harm where the two sides reach each other")
{
    SCENE({"0.0 A>P INVITE 1", NULL, OFFER}, {"0.1 P>B INVITE 1 via=A>P", NULL, OFFER},
          {"3.0 B>P 200 INVITE 1 via=A>P", NULL, ANSWER}, {"3.1 P>A 200 INVITE 1", NULL, ANSWER},
          {"3.2 A>B ACK 1"}, {"9.0 A>B BYE 2"}, {"9.1 B>A 200 BYE 2"});
    CHECK_EQ(scene_worst(), -1);
}

TND_TEST(find_nothing_in_a_challenged_call, "RFC 3665 §3.3",
         "a challenge that is answered is no fault")
{
    SCENE({"0.0 A>P INVITE 1"}, {"0.1 P>A 401 INVITE 1", CHALLENGE}, {"0.1 A>P ACKN 1"},
          {"0.2 A>P INVITE 2", PROOF}, {"0.3 P>A 200 INVITE 2"}, {"0.4 A>P ACK 2"},
          {"9.0 A>P BYE 3"}, {"9.1 P>A 200 BYE 3"});
    CHECK_EQ(scene_worst(), -1);
}

TND_TEST(find_no_fault_in_a_stale_nonce, "RFC 7616 §3.3",
         "a nonce that has become old and is replaced is a note")
{
    SCENE({"0.0 A>P REGISTER 1", PROOF},
          {"0.1 P>A 401 REGISTER 1",
           "WWW-Authenticate: Digest realm=\"example.com\", nonce=\"n2\", stale=true\r\n"},
          {"0.2 A>P REGISTER 2", PROOF}, {"0.3 P>A 200 REGISTER 2"});
    CHECK_FOUND(AUTH_NONCE_OLD, TND_DIAG_NOTE, TND_DIAG_CALLER);
    CHECK_EQ(scene_worst(), TND_DIAG_NOTE);
}

TND_TEST(find_no_fault_in_a_cancelled_call, "RFC 3665 §3.8",
         "a call that the caller cancelled is told, and no fault")
{
    SCENE({"0.0 A>B INVITE 1"}, {"0.2 B>A 180 INVITE 1"}, {"4.0 A>B CANCEL 1"},
          {"4.1 B>A 200 CANCEL 1"}, {"4.1 B>A 487 INVITE 1"}, {"4.2 A>B ACKN 1"});
    CHECK_FOUND(CANCELLED, TND_DIAG_NOTE, TND_DIAG_CALLER);
    CHECK_EQ(scene_worst(), TND_DIAG_NOTE);
}

TND_TEST(find_nothing_in_a_forked_call, "RFC 3261 §16.7",
         "a fork of which one branch is busy, one answers and one is cancelled has no finding")
{
    SCENE({"0.0 A>P INVITE 1"}, {"0.0 P>A 100 INVITE 1"}, {"0.1 P>B INVITE 1 via=A>P"},
          {"0.1 P>C INVITE 1 via=A>P"}, {"0.1 P>D INVITE 1 via=A>P"},
          {"0.2 D>P 486 INVITE 1 via=A>P to=d"}, {"0.2 P>D ACKN 1 to=d"},
          {"0.3 B>P 180 INVITE 1 via=A>P"}, {"0.3 C>P 180 INVITE 1 via=A>P to=c"},
          {"0.3 P>A 180 INVITE 1"}, {"3.0 B>P 200 INVITE 1 via=A>P"}, {"3.0 P>A 200 INVITE 1"},
          {"3.0 P>C CANCEL 1"}, {"3.1 C>P 200 CANCEL 1 to=c"},
          {"3.1 C>P 487 INVITE 1 via=A>P to=c"}, {"3.1 P>C ACKN 1 to=c"}, {"3.2 A>B ACK 1"},
          {"9.0 A>B BYE 2"}, {"9.1 B>A 200 BYE 2"});
    CHECK_EQ(scene_worst(), -1);
}

TND_TEST(find_no_fault_in_one_loss, "RFC 3261 §17.1.1.2",
         "a request, an answer and a refusal that were each sent again once are no news")
{
    SCENE({"0.0 A>B INVITE 1"}, {"0.5 A>B INVITE 1"}, {"0.6 B>A 180 INVITE 1"},
          {"3.0 B>A 200 INVITE 1"}, {"3.5 B>A 200 INVITE 1"}, {"3.6 A>B ACK 1"}, {"9.0 A>B BYE 2"},
          {"9.5 A>B BYE 2"}, {"9.6 B>A 200 BYE 2"});
    CHECK_EQ(scene_worst(), -1);
}

TND_TEST(find_nothing_in_a_redirected_call, "RFC 3665 §3.6", "a redirect that is followed is none")
{
    SCENE({"0.0 A>P INVITE 1"}, {"0.1 P>A 302 INVITE 1", "Contact: <sip:bob@198.51.100.2>\r\n"},
          {"0.1 A>P ACKN 1"}, {"0.2 A>B INVITE 2 uri=sip:bob@198.51.100.2"},
          {"0.3 B>A 200 INVITE 2"}, {"0.4 A>B ACK 2"}, {"9.0 A>B BYE 3"}, {"9.1 B>A 200 BYE 3"});
    CHECK_EQ(scene_worst(), -1);
}

TND_TEST(find_nothing_in_a_held_call, "RFC 5359 §2.1", "a hold and its end are no fault")
{
    SCENE({"0.0 A>B INVITE 1", NULL, OFFER}, {"1.0 B>A 200 INVITE 1", NULL, ANSWER},
          {"1.1 A>B ACK 1"},
          {"5.0 A>B INVITE 2 to=b", NULL, SDP("0.0.0.0", AUDIO "a=sendonly\r\n")},
          {"5.1 B>A 200 INVITE 2", NULL, SDP("198.51.100.2", AUDIO "a=recvonly\r\n")},
          {"5.2 A>B ACK 2"}, {"9.0 A>B BYE 3"}, {"9.1 B>A 200 BYE 3"});
    CHECK_EQ(scene_worst(), -1);
}

TND_TEST(find_names_are_stable, "", "each rule has a name, a text and a fix, in all languages")
{
    CHECK(strcmp(tnd_diag_rule_name(TND_DIAG_RULE_ACK_MISSING), "DIAG_ACK_MISSING") == 0);
    CHECK(strcmp(tnd_diag_rule_name(TND_DIAG_RULE_COUNT), "") == 0);
    for (unsigned rule = 1; rule < TND_DIAG_RULE_COUNT; rule++)
        for (unsigned lang = 0; lang < TND_LANG_COUNT; lang++) {
            CHECK(*tnd_diag_rule_text(rule, (enum tnd_lang)lang));
            CHECK(*tnd_diag_rule_fix(rule, (enum tnd_lang)lang));
        }
}
