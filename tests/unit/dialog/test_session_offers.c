/* What is an offer and what an answer: the table of RFC 6337 §2.2, message by message, and what
 * stands where nothing may. */
#include "unit/dialog/session_test.h"

TND_TEST(session_pattern_1, "RFC 6337 §2.2", "an offer in INVITE is answered in its 2xx")
{
    struct session_test t;

    session_caller(&t, D);
    CHECK_TEXT(session_got(&t, OK, D, 1), "ANSWER PASS SEND_ACK 1");
    CHECK_BY(&t, SESSION_ANSWER);
    CHECK(t.s.is_agreed && t.s.offer == TND_SESSION_NOBODY);
    session_callee(&t, D);
    CHECK_TEXT(session_forbidden(&t, OK, N, 1), "SESSION_NO_ANSWER");
    CHECK_TEXT(session_sent(&t, OK, D, 1), "ANSWER 2XX+500");
    CHECK_TEXT(session_got(&t, ACK, D, 1), "IGNORED -2XX PASS");
    CHECK_BY(&t, SESSION_IGNORED);
}

TND_TEST(session_pattern_2, "RFC 6337 §2.2",
         "without an offer in INVITE its 2xx has one, and the ACK the answer")
{
    struct session_test t;

    session_caller(&t, N);
    CHECK_TEXT(session_got(&t, OK, D, 1), "OFFER PASS ANSWER_IN_ACK 1");
    CHECK_BY(&t, SESSION_OFFER);
    CHECK_TEXT(session_got(&t, OK, D, 1), "IGNORED ABSORB"); /* again, before the ACK is made */
    CHECK_TEXT(session_forbidden(&t, ACK, N, 1), "SESSION_NO_ANSWER");
    CHECK_TEXT(session_forbidden(&t, ACK, D, 2), "SESSION_ACK_STRAY");
    CHECK_TEXT(session_sent(&t, ACK, D, 1), "ANSWER");
    CHECK_TEXT(session_got(&t, OK, D, 1), "IGNORED SEND_ACK 1");
    session_callee(&t, N);
    CHECK_TEXT(session_forbidden(&t, OK, N, 1), "SESSION_NO_OFFER");
    CHECK_TEXT(session_sent(&t, OK, D, 1), "OFFER 2XX+500");
    CHECK_TEXT(session_got(&t, ACK, D, 1), "ANSWER -2XX PASS");
    CHECK(t.s.is_agreed);
}

TND_TEST(session_pattern_3, "RFC 6337 §2.2",
         "an offer in INVITE is answered in a reliable provisional response; then its 2xx has none")
{
    struct session_test t;

    session_caller(&t, D);
    CHECK_TEXT(session_got(&t, RELIABLE, N, 1), "PASS");
    CHECK_TEXT(session_sent(&t, PRACK, N, 2), "");
    CHECK_TEXT(session_got(&t, PRACK_OK, N, 2), "PASS");
    CHECK_TEXT(session_got(&t, RELIABLE, D, 1), "ANSWER PASS");
    CHECK_TEXT(session_sent(&t, PRACK, N, 3), "");
    CHECK_TEXT(session_got(&t, PRACK_OK, N, 3), "PASS");
    CHECK_TEXT(session_got(&t, RELIABLE, D, 1), "IGNORED PASS");
    CHECK_TEXT(session_got(&t, OK, D, 1), "IGNORED PASS SEND_ACK 1");
    session_callee(&t, D);
    CHECK_TEXT(session_sent(&t, RELIABLE, D, 1), "ANSWER");
    CHECK_TEXT(session_forbidden(&t, OK, N, 1), "SESSION_2XX_WAITS");
    PROVES(SESSION_2XX_WAITS);
    CHECK_TEXT(session_got(&t, PRACK, N, 2), "PASS");
    CHECK_TEXT(session_sent(&t, PRACK_OK, N, 2), "");
    CHECK_TEXT(session_forbidden(&t, RELIABLE, D, 1), "SESSION_IGNORED");
    CHECK_TEXT(session_forbidden(&t, OK, D, 1), "SESSION_IGNORED");
    CHECK_TEXT(session_sent(&t, OK, N, 1), "2XX+500");
}

TND_TEST(session_pattern_4, "RFC 6337 §2.2",
         "without an offer in INVITE its first reliable response has one, and the PRACK the answer")
{
    struct session_test t;

    session_caller(&t, N);
    CHECK_TEXT(session_got(&t, PROVISIONAL, D, 1), "IGNORED PASS"); /* it could get lost */
    CHECK_TEXT(session_got(&t, RELIABLE, D, 1), "OFFER PASS");
    CHECK_TEXT(session_forbidden(&t, PRACK, N, 2), "SESSION_NO_ANSWER");
    CHECK_TEXT(session_sent(&t, PRACK, D, 2), "ANSWER");
    CHECK_TEXT(session_got(&t, PRACK_OK, N, 2), "PASS");
    CHECK_TEXT(session_got(&t, OK, N, 1), "PASS SEND_ACK 1");
    session_callee(&t, N);
    CHECK_TEXT(session_forbidden(&t, PROVISIONAL, D, 1), "SESSION_IGNORED");
    CHECK_TEXT(session_forbidden(&t, RELIABLE, N, 1), "SESSION_NO_OFFER");
    CHECK_TEXT(session_sent(&t, RELIABLE, D, 1), "OFFER");
    CHECK_TEXT(session_got(&t, PRACK, D, 2), "ANSWER PASS");
    CHECK_TEXT(session_sent(&t, PRACK_OK, N, 2), "");
    CHECK_TEXT(session_sent(&t, OK, N, 1), "2XX+500");
}

TND_TEST(session_pattern_5, "RFC 6337 §2.2, §3.2",
         "the PRACK to the answer may have a new offer, which its 2xx answers; before it may not")
{
    struct session_test t;

    session_caller(&t, D);
    CHECK_TEXT(session_got(&t, RELIABLE, N, 1), "PASS");
    CHECK_TEXT(session_forbidden(&t, PRACK, D, 2), "SESSION_OFFER_PENDING");
    CHECK_TEXT(session_sent(&t, PRACK, N, 2), "");
    CHECK_TEXT(session_got(&t, RELIABLE, D, 1), "ANSWER PASS");
    CHECK_TEXT(session_sent(&t, PRACK, D, 3), "OFFER");
    CHECK_TEXT(session_got(&t, PRACK_OK, N, 2), "PASS"); /* of the first */
    CHECK_EQ(t.s.offer, TND_SESSION_OURS);
    CHECK_TEXT(session_got(&t, PRACK_OK, D, 3), "ANSWER PASS");
    session_callee(&t, D);
    CHECK_TEXT(session_sent(&t, RELIABLE, D, 1), "ANSWER");
    CHECK_TEXT(session_got(&t, PRACK, D, 2), "OFFER PASS");
    CHECK_TEXT(session_forbidden(&t, PRACK_OK, N, 2), "SESSION_NO_ANSWER");
    CHECK_TEXT(session_sent(&t, PRACK_OK, D, 2), "ANSWER");
    CHECK_TEXT(session_forbidden(&t, PRACK_OK, N, 2), "SESSION_LATE");
}

TND_TEST(session_pattern_6, "RFC 6337 §2.2",
         "an offer in UPDATE is answered in its 2xx, in an early call and in one that is on")
{
    struct session_test t;

    session_calling(&t);
    CHECK_TEXT(session_sent(&t, UPDATE, D, 2), "OFFER");
    CHECK_TEXT(session_got(&t, UPDATE_OK, D, 2), "ANSWER PASS");
    CHECK_TEXT(session_got(&t, UPDATE, D, 7), "OFFER PASS");
    CHECK_TEXT(session_forbidden(&t, UPDATE_OK, N, 7), "SESSION_NO_ANSWER");
    CHECK_TEXT(session_sent(&t, UPDATE_OK, D, 7), "ANSWER");
    session_callee(&t, D);
    CHECK_TEXT(session_forbidden(&t, UPDATE, D, 9), "SESSION_OFFER_PENDING"); /* 3311 §5.1 */
    CHECK_TEXT(session_sent(&t, RELIABLE, D, 1), "ANSWER");
    CHECK_TEXT(session_forbidden(&t, UPDATE, D, 9), "SESSION_OFFER_PENDING");
    CHECK_TEXT(session_got(&t, PRACK, N, 2), "PASS");
    CHECK_TEXT(session_sent(&t, PRACK_OK, N, 2), "");
    CHECK_TEXT(session_sent(&t, UPDATE, D, 9), "OFFER");
    CHECK_TEXT(session_got(&t, UPDATE_OK, D, 9), "ANSWER PASS");
    CHECK_TEXT(session_got(&t, UPDATE, D, 3), "OFFER PASS");
    CHECK_TEXT(session_sent(&t, UPDATE_OK, D, 3), "ANSWER");
    CHECK_TEXT(session_sent(&t, OK, N, 1), "2XX+500");
}

TND_TEST(
    session_preview, "RFC 6337 §3.1.1",
    "a description in an unreliable response is a preview; if the 2xx has none, it was the answer")
{
    struct session_test t;

    session_caller(&t, D);
    CHECK_TEXT(session_got(&t, PROVISIONAL, D, 1), "PREVIEW PASS");
    CHECK_BY(&t, SESSION_PREVIEW);
    CHECK_EQ(t.s.offer, TND_SESSION_OURS);
    CHECK_TEXT(session_forbidden(&t, UPDATE, D, 2), "SESSION_OFFER_PENDING");
    CHECK_TEXT(session_got(&t, PROVISIONAL, D, 1), "PREVIEW PASS");
    CHECK_TEXT(session_got(&t, OK, N, 1), "PREVIEWED PASS SEND_ACK 1");
    CHECK(t.s.is_agreed);
    session_callee(&t, D);
    CHECK_TEXT(session_sent(&t, PROVISIONAL, D, 1), "PREVIEW");
    CHECK_TEXT(session_forbidden(&t, OK, N, 1), "SESSION_PREVIEW");
    CHECK_TEXT(session_sent(&t, OK, D, 1), "ANSWER 2XX+500");
}

TND_TEST(session_no_answer, "RFC 3261 §13.2.1",
         "an answer that is missing ends a call that has no session yet, and else changes nothing")
{
    struct session_test t;

    session_caller(&t, D);
    CHECK_TEXT(session_got(&t, OK, N, 1), "FAULT PASS SEND_ACK 1 SEND_BYE");
    CHECK_BY(&t, SESSION_NO_ANSWER);
    session_calling(&t);
    CHECK_TEXT(session_sent(&t, INVITE, D, 2), "OFFER");
    CHECK_TEXT(session_got(&t, OK, N, 2), "FAULT PASS SEND_ACK 2 ROLLBACK");
    CHECK_TEXT(session_sent(&t, UPDATE, D, 3), "OFFER");
    CHECK_TEXT(session_got(&t, UPDATE_OK, N, 3), "FAULT PASS ROLLBACK");
    session_callee(&t, N);
    session_sent(&t, OK, D, 1);
    CHECK_TEXT(session_got(&t, ACK, N, 1), "FAULT -2XX PASS SEND_BYE");
    session_callee(&t, N);
    session_sent(&t, RELIABLE, D, 1);
    CHECK_TEXT(session_got(&t, PRACK, N, 2), "FAULT REFUSE_INVITE 400 REFUSE_PENDING 400 END");
    session_called(&t);
    session_got(&t, INVITE, N, 2);
    session_sent(&t, RELIABLE, D, 2);
    CHECK_TEXT(session_got(&t, PRACK, N, 3), "FAULT REFUSE_INVITE 400 REFUSE_PENDING 400 ROLLBACK");
    CHECK_TEXT(session_sent(&t, INVITE, D, 9), "OFFER"); /* nothing is left of it */
    session_caller(&t, D);
    session_got(&t, RELIABLE, D, 1);
    session_sent(&t, PRACK, D, 2);
    CHECK_TEXT(session_got(&t, PRACK_OK, N, 2), "FAULT PASS ROLLBACK");
}

TND_TEST(session_no_offer, "RFC 3261 §13.2.1; RFC 3262 §5",
         "a 2xx without the offer that is due ends the call; a re-INVITE has changed nothing")
{
    struct session_test t;

    session_caller(&t, N);
    CHECK_TEXT(session_got(&t, RELIABLE, N, 1), "FAULT PASS"); /* the 2xx may have it yet */
    CHECK_BY(&t, SESSION_NO_OFFER);
    CHECK_TEXT(session_got(&t, OK, N, 1), "FAULT PASS SEND_ACK 1 SEND_BYE");
    session_calling(&t);
    CHECK_TEXT(session_sent(&t, INVITE, N, 2), "");
    CHECK_TEXT(session_got(&t, OK, N, 2), "FAULT PASS SEND_ACK 2 ROLLBACK");
    CHECK_TEXT(session_sent(&t, INVITE, N, 3), "");
}

TND_TEST(session_capabilities, "RFC 6337 §2.4",
         "what a refusal carries is neither offer nor answer")
{
    struct session_test t;

    session_called(&t);
    session_got(&t, INVITE, D, 2);
    CHECK_TEXT(session_sent(&t, REFUSAL, D, 2), "IGNORED ROLLBACK");
    session_calling(&t);
    session_sent(&t, UPDATE, D, 2);
    t.code = 488;
    CHECK_TEXT(session_got(&t, UPDATE_REFUSAL, D, 2), "IGNORED PASS ROLLBACK");
    CHECK_EQ(t.s.offer, TND_SESSION_NOBODY);
}
