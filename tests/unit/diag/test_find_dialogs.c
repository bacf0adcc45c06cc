/* Within a call: why a 481, what is not acknowledged, what crosses, what expires. */
#include "unit/diag/scene.h"

#define CALL                                        \
    {"0.0 A>B INVITE 1"}, {"1.0 B>A 200 INVITE 1"}, \
    {                                               \
        "1.1 A>B ACK 1"                             \
    }

TND_TEST(find_call_after_bye, "RFC 3261 §15.1.2", "a 481 to what comes after a BYE is told as that")
{
    SCENE(CALL, {"9.0 B>A BYE 7 from=b to=a"}, {"9.1 A>B 200 BYE 7 from=b to=a"},
          {"9.2 A>B INFO 2"}, {"9.3 B>A 481 INFO 2"});
    CHECK_FOUND(CALL_OVER, TND_DIAG_WARNING, TND_DIAG_CALLER);
    CHECK_STR(FOUND(CALL_OVER)->detail, "INFO");
    CHECK_EQ(FOUND(CALL_OVER)->evidence_count, 3);
}

TND_TEST(find_no_harm_in_byes_that_cross, "RFC 5407 §3.2.1",
         "a 481 to a BYE that crossed another, or to the NOTIFY after a transfer, is a note")
{
    SCENE(CALL, {"9.00 A>B BYE 2"}, {"9.01 B>A BYE 7 from=b to=a"}, {"9.02 B>A 481 BYE 2"},
          {"9.03 A>B 481 BYE 7 from=b to=a"});
    CHECK(FOUND(CALL_OVER));
    CHECK_EQ(scene_worst(), TND_DIAG_NOTE);
    SCENE(CALL, {"8.0 A>B REFER 2", "Refer-To: <sip:carol@example.com>\r\n"},
          {"8.1 B>A 202 REFER 2"}, {"9.0 A>B BYE 3"}, {"9.1 B>A 200 BYE 3"},
          {"9.2 B>A NOTIFY 7 from=b to=a"}, {"9.3 A>B 481 NOTIFY 7 from=b to=a"});
    CHECK(FOUND(CALL_OVER));
    CHECK_EQ(scene_worst(), TND_DIAG_NOTE);
}

TND_TEST(find_call_that_was_forgotten, "RFC 3261 §12.2.2",
         "a 481 to a request with the right tags, in a call that stands, is most likely a restart")
{
    SCENE(CALL, {"9.0 A>B BYE 2"}, {"9.1 B>A 481 BYE 2"});
    CHECK_FOUND(CALL_FORGOTTEN, TND_DIAG_ERROR, TND_DIAG_CALLEE);
    CHECK(FOUND(CALL_FORGOTTEN)->is_guess);
}

TND_TEST(find_wrong_and_missing_tag, "RFC 3261 §12.2.1.1",
         "a 481 to another tag, and to none, is the fault of who sent the request")
{
    SCENE(CALL, {"9.0 A>B BYE 2 to=x"}, {"9.1 B>A 481 BYE 2 to=x"});
    CHECK_FOUND(TAG_WRONG, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK_SHOWS(TAG_WRONG, "tag=x");
    CHECK_SHOWS(TAG_WRONG, "tag=b");
    SCENE(CALL, {"9.0 A>B UPDATE 2 to=-"}, {"9.1 B>A 481 UPDATE 2"});
    CHECK_FOUND(TAG_MISSING, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK(!FOUND(TAG_WRONG));
}

TND_TEST(find_call_that_never_was, "RFC 3261 §12.2.2",
         "a 481 to a call of which nothing was seen is told, and that it is a guess")
{
    SCENE({"9.0 A>B BYE 2"}, {"9.1 B>A 481 BYE 2"});
    CHECK_FOUND(CALL_UNKNOWN, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK(FOUND(CALL_UNKNOWN)->is_guess);
}

TND_TEST(find_late_cancel, "RFC 3261 §9.1",
         "a 481 to a CANCEL after the final response is a note; one of another branch is a fault")
{
    SCENE({"0.0 A>B INVITE 1"}, {"1.0 B>A 486 INVITE 1"}, {"1.0 A>B CANCEL 1"}, {"1.1 A>B ACKN 1"},
          {"1.1 B>A 481 CANCEL 1"});
    CHECK_FOUND(CANCEL_LATE, TND_DIAG_NOTE, TND_DIAG_CALLER);
    SCENE({"0.0 A>B INVITE 1"}, {"1.0 B>A 180 INVITE 1"}, {"1.5 A>B CANCEL 1 id=x"},
          {"1.6 B>A 481 CANCEL 1 id=x"}, {"5.0 B>A 200 INVITE 1"}, {"5.1 A>B ACK 1"});
    CHECK_FOUND(CANCEL_UNMATCHED, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK_SHOWS(CANCEL_UNMATCHED, "Via: ");
}

TND_TEST(find_wrong_prack, "RFC 3262 §3", "a 481 to a PRACK of what was not sent is told as that")
{
    SCENE({"0.0 A>B INVITE 1"}, {"1.0 B>A 183 INVITE 1", "Require: 100rel\r\nRSeq: 5\r\n"},
          {"1.1 A>B PRACK 2", "RAck: 6 1 INVITE\r\n"}, {"1.2 B>A 481 PRACK 2"});
    CHECK_FOUND(PRACK_UNMATCHED, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK_SHOWS(PRACK_UNMATCHED, "RAck: 6 1 INVITE");
    SCENE({"0.0 A>B INVITE 1"}, {"1.0 B>A 183 INVITE 1", "Require: 100rel\r\nRSeq: 5\r\n"},
          {"1.1 A>B PRACK 2", "RAck: 5 1 INVITE\r\n"}, {"1.2 B>A 481 PRACK 2"});
    CHECK(!FOUND(PRACK_UNMATCHED));
}

#define REPEATED                                                                  \
    {"1.0 B>A 200 INVITE 1"}, {"1.5 B>A 200 INVITE 1"}, {"2.5 B>A 200 INVITE 1"}, \
    {                                                                             \
        "4.5 B>A 200 INVITE 1"                                                    \
    }

TND_TEST(
    find_missing_ack, "RFC 3261 §13.3.1.4",
    "an answer that is repeated because the caller sends no ACK, and the call that drops of it")
{
    SCENE({"0.0 A>B INVITE 1"}, REPEATED, {"33 B>A BYE 7 from=b to=a"},
          {"33.1 A>B 200 BYE 7 from=b to=a"});
    CHECK_FOUND(ACK_MISSING, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK_FOUND(CALL_DROPPED_UNACKNOWLEDGED, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK(!FOUND(ACK_LOST));
}

TND_TEST(
    find_lost_ack, "RFC 3261 §13.3.1.4",
    "an answer that is repeated though the ACK was sent: it is lost, and where it went is told")
{
    SCENE({"0.0 A>B INVITE 1"}, {"1.0 B>A 200 INVITE 1", "Contact: <sip:bob@10.0.0.7>\r\n"},
          {"1.1 A>B ACK 1 uri=sip:bob@10.0.0.7"},
          {"1.5 B>A 200 INVITE 1", "Contact: <sip:bob@10.0.0.7>\r\n"},
          {"2.5 B>A 200 INVITE 1", "Contact: <sip:bob@10.0.0.7>\r\n"}, {"33 B>A BYE 7 from=b to=a"},
          {"33.1 A>B 200 BYE 7 from=b to=a"});
    CHECK_FOUND(ACK_LOST, TND_DIAG_ERROR, TND_DIAG_CALLEE);
    CHECK_STR(FOUND(ACK_LOST)->detail, "sip:bob@10.0.0.7");
    CHECK_SHOWS(ACK_LOST, "Contact: <sip:bob@10.0.0.7>");
    CHECK_FOUND(CALL_DROPPED_UNACKNOWLEDGED, TND_DIAG_ERROR, TND_DIAG_NETWORK);
    CHECK_FOUND(CONTACT_PRIVATE, TND_DIAG_WARNING, TND_DIAG_CALLEE);
    CHECK(!FOUND(ACK_MISSING));
}

TND_TEST(find_refusal_that_is_repeated, "RFC 3261 §17.2.1",
         "a refusal that is sent again and again has no ACK")
{
    SCENE({"0.0 A>B INVITE 1"}, {"1.0 B>A 486 INVITE 1"}, {"1.5 B>A 486 INVITE 1"},
          {"2.5 B>A 486 INVITE 1"});
    CHECK_FOUND(REFUSAL_NOT_ACKNOWLEDGED, TND_DIAG_WARNING, TND_DIAG_CALLER);
    SCENE({"0.0 A>B INVITE 1"}, {"1.0 B>A 486 INVITE 1"}, {"1.1 A>B ACKN 1"});
    CHECK(!FOUND(REFUSAL_NOT_ACKNOWLEDGED));
}

#define RELIABLE "Require: 100rel\r\nRSeq: 1\r\n"

TND_TEST(find_missing_prack, "RFC 3262 §3",
         "a reliable provisional response that is repeated has no PRACK")
{
    SCENE({"0.0 A>B INVITE 1"}, {"1.0 B>A 180 INVITE 1", RELIABLE},
          {"1.5 B>A 180 INVITE 1", RELIABLE}, {"2.5 B>A 180 INVITE 1", RELIABLE},
          {"33 B>A 504 INVITE 1"});
    CHECK_FOUND(PROVISIONAL_NOT_ACKNOWLEDGED, TND_DIAG_ERROR, TND_DIAG_CALLER);
    SCENE({"0.0 A>B INVITE 1"}, {"1.0 B>A 180 INVITE 1"}, {"1.5 B>A 180 INVITE 1"},
          {"2.5 B>A 180 INVITE 1"}, {"4.0 B>A 200 INVITE 1"}, {"4.1 A>B ACK 1"});
    CHECK(!FOUND(PROVISIONAL_NOT_ACKNOWLEDGED));
}

TND_TEST(find_cancel_that_crosses, "RFC 5407 §3.1.2",
         "an answer that crosses the CANCEL is a note if BYE follows, and else a fault")
{
    SCENE({"0.0 A>B INVITE 1"}, {"1.0 B>A 180 INVITE 1"}, {"3.0 A>B CANCEL 1"},
          {"3.0 B>A 200 INVITE 1"}, {"3.1 B>A 200 CANCEL 1"}, {"3.1 A>B ACK 1"}, {"3.2 A>B BYE 2"},
          {"3.3 B>A 200 BYE 2"});
    CHECK_FOUND(CANCEL_CROSSED, TND_DIAG_NOTE, TND_DIAG_CALLER);
    CHECK(!FOUND(CANCEL_CROSSED_OPEN));
    SCENE({"0.0 A>B INVITE 1"}, {"1.0 B>A 180 INVITE 1"}, {"3.0 A>B CANCEL 1"},
          {"3.0 B>A 200 INVITE 1"}, {"3.1 B>A 200 CANCEL 1"}, {"3.1 A>B ACK 1"});
    CHECK_FOUND(CANCEL_CROSSED_OPEN, TND_DIAG_ERROR, TND_DIAG_CALLER);
}

TND_TEST(find_cancel_without_end, "RFC 3261 §9.2", "a CANCEL after which no 487 comes is told")
{
    SCENE({"0.0 A>B INVITE 1"}, {"1.0 B>A 180 INVITE 1"}, {"3.0 A>B CANCEL 1"},
          {"3.1 B>A 200 CANCEL 1"});
    CHECK_FOUND(CANCEL_WITHOUT_END, TND_DIAG_WARNING, TND_DIAG_CALLEE);
}

TND_TEST(find_glare, "RFC 3261 §14.1", "a 491 is a note; a change that is not tried again is more")
{
    SCENE(CALL, {"5.0 A>B INVITE 2 to=b"}, {"5.0 B>A INVITE 7 from=b to=a"},
          {"5.1 B>A 491 INVITE 2"}, {"5.1 A>B ACKN 2 to=b"}, {"5.1 A>B 200 INVITE 7 from=b to=a"},
          {"5.2 B>A ACK 7 from=b to=a"}, {"7.5 A>B INVITE 3 to=b"}, {"7.6 B>A 200 INVITE 3"},
          {"7.7 A>B ACK 3"}, {"20 A>B BYE 4"}, {"20.1 B>A 200 BYE 4"});
    CHECK_FOUND(GLARE, TND_DIAG_NOTE, TND_DIAG_NOBODY);
    CHECK(!FOUND(GLARE_GIVEN_UP));
    SCENE(CALL, {"5.0 A>B INVITE 2 to=b"}, {"5.1 B>A 491 INVITE 2"}, {"5.1 A>B ACKN 2 to=b"},
          {"20 A>B BYE 4"}, {"20.1 B>A 200 BYE 4"});
    CHECK_FOUND(GLARE_GIVEN_UP, TND_DIAG_WARNING, TND_DIAG_CALLER);
    SCENE({"0.0 A>B INVITE 1"}, {"0.1 B>A 491 INVITE 1"}, {"0.2 A>B ACKN 1"});
    CHECK(!FOUND(GLARE) && FOUND(REFUSED)); /* of a new call it is none */
}

TND_TEST(find_session_interval, "RFC 4028 §7.3", "after a 422 the interval has to be raised")
{
    SCENE({"0.0 A>B INVITE 1", "Session-Expires: 90\r\n"},
          {"0.1 B>A 422 INVITE 1", "Min-SE: 1800\r\n"}, {"0.2 A>B ACKN 1"});
    CHECK_FOUND(SESSION_INTERVAL_SMALL, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK_SHOWS(SESSION_INTERVAL_SMALL, "Session-Expires: 90");
    SCENE({"0.0 A>B INVITE 1", "Session-Expires: 90\r\n"},
          {"0.1 B>A 422 INVITE 1", "Min-SE: 1800\r\n"}, {"0.2 A>B ACKN 1"},
          {"0.3 A>B INVITE 2", "Session-Expires: 1800\r\n"}, {"0.4 B>A 200 INVITE 2"},
          {"0.5 A>B ACK 2"});
    CHECK(!FOUND(SESSION_INTERVAL_SMALL));
}

#define TIMED "Session-Expires: 90;refresher=uac\r\n"

TND_TEST(find_expired_session, "RFC 4028 §10",
         "a BYE when the session timer runs out is told with who had to refresh; one before is not")
{
    SCENE({"0.0 A>B INVITE 1"}, {"1.0 B>A 200 INVITE 1", TIMED}, {"1.1 A>B ACK 1"},
          {"62 B>A BYE 7 from=b to=a"}, {"62.1 A>B 200 BYE 7 from=b to=a"});
    CHECK_FOUND(SESSION_EXPIRED, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK(FOUND(SESSION_EXPIRED)->is_guess);
    SCENE({"0.0 A>B INVITE 1"}, {"1.0 B>A 200 INVITE 1", TIMED}, {"1.1 A>B ACK 1"},
          {"45 A>B UPDATE 2"}, {"45.1 B>A 200 UPDATE 2", TIMED}, {"62 B>A BYE 7 from=b to=a"},
          {"62.1 A>B 200 BYE 7 from=b to=a"});
    CHECK(!FOUND(SESSION_EXPIRED));
}
