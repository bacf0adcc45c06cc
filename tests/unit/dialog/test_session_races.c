/* The races of RFC 5407, as one side of them sees it. */
#include "unit/dialog/session_test.h"

TND_TEST(session_race_cancel, "RFC 5407 §3.1.2",
         "a CANCEL that crosses the 2xx has no effect; who cancelled acknowledges, and says BYE")
{
    struct session_test t;

    session_caller(&t, D);
    CHECK_TEXT(session_ended(&t), "SEND_CANCEL");
    CHECK_BY(&t, SESSION_HANG_UP);
    CHECK_TEXT(session_got(&t, OK, D, 1), "ANSWER PASS SEND_ACK 1 SEND_BYE");
    CHECK_BY(&t, SESSION_CANCEL_LATE);
    CHECK_TEXT(session_refused(&t, BYE_FINAL, 200, 2), "PASS END");
    session_caller(&t, D); /* the owner's own CANCEL */
    CHECK_TEXT(session_sent(&t, CANCEL, N, 1), "");
    CHECK_TEXT(session_got(&t, OK, D, 1), "ANSWER PASS SEND_ACK 1 SEND_BYE");
    session_caller(&t, N); /* its 2xx has an offer: the ACK with the answer first */
    session_ended(&t);
    CHECK_TEXT(session_got(&t, OK, D, 1), "OFFER PASS ANSWER_IN_ACK 1");
    CHECK_TEXT(session_forbidden(&t, BYE, N, 2), "SESSION_ACK");
    CHECK_TEXT(session_sent(&t, ACK, D, 1), "ANSWER SEND_BYE");
    session_callee(&t, D);
    session_sent(&t, OK, D, 1);
    CHECK_TEXT(session_got(&t, CANCEL, N, 1), "ABSORB");
    CHECK_BY(&t, SESSION_CANCEL_LATE);
    CHECK_TEXT(session_got(&t, ACK, N, 1), "-2XX PASS");
    CHECK_TEXT(session_got(&t, BYE, N, 2), "PASS END");
}

TND_TEST(session_race_bye_early, "RFC 5407 §3.1.3",
         "a BYE in the early state that crosses the 2xx ends the call; the 2xx is acknowledged")
{
    struct session_test t;

    session_caller(&t, D);
    session_got(&t, PROVISIONAL, N, 1);
    CHECK_TEXT(session_sent(&t, BYE, N, 2), "");
    CHECK_TEXT(session_got(&t, OK, D, 1), "IGNORED ABSORB SEND_ACK 1");
    CHECK_BY(&t, SESSION_ACK);
    CHECK_TEXT(session_got(&t, OK, D, 1), "IGNORED SEND_ACK 1");
    CHECK_TEXT(session_refused(&t, BYE_FINAL, 200, 2), "PASS END");
    CHECK_TEXT(session_got(&t, OK, D, 1), "IGNORED SEND_ACK 1");
    session_callee(&t, D);
    session_sent(&t, OK, D, 1);
    CHECK_TEXT(session_got(&t, BYE, N, 2), "PASS -2XX END");
    CHECK_TEXT(session_got(&t, ACK, N, 1), "ABSORB");
    session_callee(&t, D); /* without crossing */
    CHECK_TEXT(session_got(&t, BYE, N, 2), "PASS REFUSE_INVITE 487 END");
    CHECK_BY(&t, SESSION_BYE);
}

TND_TEST(
    session_race_reinvite_1, "RFC 5407 §3.1.4",
    "a re-INVITE before the ACK to the 2xx with the answer is taken; each ACK ends the wait of its 2xx")
{
    struct session_test t;

    session_callee(&t, D);
    session_sent(&t, OK, D, 1);
    CHECK_TEXT(session_run(&t, 600), "500: SEND_AGAIN 1 2XX+1000");
    CHECK_TEXT(session_got(&t, INVITE, D, 2), "OFFER PASS");
    CHECK_TEXT(session_sent(&t, OK, D, 2), "ANSWER 2XX+500");
    CHECK_TEXT(session_run(&t, 1600), "1100: SEND_AGAIN 2 2XX+400; 1500: SEND_AGAIN 1 2XX+600");
    CHECK_TEXT(session_got(&t, INVITE, D, 3), "IGNORED REFUSE 500+0"); /* no room for more */
    CHECK_BY(&t, SESSION_UNACKED_COUNT);
    CHECK_TEXT(session_got(&t, ACK, N, 2), "2XX+1900 PASS");
    CHECK_TEXT(session_got(&t, ACK, N, 1), "-2XX PASS");
    CHECK_TEXT(session_got(&t, ACK, N, 1), "ABSORB");
    CHECK_BY(&t, SESSION_ACK_STRAY);
    session_calling(&t); /* Alice: her ACK was lost, her re-INVITE is under way */
    session_sent(&t, INVITE, D, 2);
    CHECK_TEXT(session_got(&t, OK, D, 1), "IGNORED SEND_ACK 1");
    CHECK_EQ(t.s.invite, TND_SESSION_OURS);
    CHECK_TEXT(session_got(&t, OK, D, 2), "ANSWER PASS SEND_ACK 2");
}

TND_TEST(session_race_reinvite_2, "RFC 5407 §3.1.5",
         "a re-INVITE, or an UPDATE with an offer, before the ACK with the answer is refused")
{
    struct session_test t;

    session_callee(&t, N);
    session_sent(&t, OK, D, 1);
    t.random = 14;
    CHECK_TEXT(session_got(&t, INVITE, D, 2), "IGNORED REFUSE 500+3");
    CHECK_BY(&t, SESSION_OFFER_PENDING);
    CHECK_TEXT(session_got(&t, UPDATE, D, 3), "IGNORED REFUSE 500+3");
    CHECK_TEXT(session_got(&t, ACK, D, 1), "ANSWER -2XX PASS");
    CHECK_TEXT(session_got(&t, INVITE, D, 4), "OFFER PASS");
}

TND_TEST(session_race_bye_moratorium, "RFC 5407 §3.1.6, §3.2.4",
         "a BYE that overtakes the ACK ends the call; neither 2xx nor ACK begin it again")
{
    struct session_test t;

    session_callee(&t, N);
    session_sent(&t, OK, D, 1);
    CHECK_TEXT(session_got(&t, BYE, N, 2), "PASS -2XX END");
    CHECK_TEXT(session_got(&t, ACK, D, 1), "IGNORED ABSORB");
    CHECK(!t.s.is_agreed);
    session_calling(&t);
    session_sent(&t, BYE, N, 2);
    CHECK_TEXT(session_got(&t, OK, D, 1), "IGNORED SEND_ACK 1");
    CHECK_EQ(t.s.state, TND_SESSION_ENDING);
}

TND_TEST(session_race_bye_bye, "RFC 5407 §3.2.1", "BYEs that cross are both answered with 200")
{
    struct session_test t;

    session_calling(&t);
    session_sent(&t, BYE, N, 2);
    CHECK_TEXT(session_got(&t, BYE, N, 9), "PASS");
    CHECK_TEXT(session_refused(&t, BYE_FINAL, 200, 2), "PASS END");
    CHECK_TEXT(session_got(&t, BYE, N, 10), "REFUSE 481");
    CHECK_TEXT(session_refused(&t, BYE_FINAL, 200, 2), "ABSORB");
}

TND_TEST(session_race_reinvite_bye, "RFC 5407 §3.2.2",
         "a re-INVITE, UPDATE or PRACK that crosses our BYE is refused with 481")
{
    struct session_test t;

    session_calling(&t);
    session_sent(&t, BYE, N, 2);
    CHECK_TEXT(session_got(&t, INVITE, D, 9), "IGNORED REFUSE 481");
    CHECK_BY(&t, SESSION_ENDING);
    CHECK_TEXT(session_got(&t, UPDATE, N, 10), "REFUSE 481");
    CHECK_TEXT(session_got(&t, PRACK, N, 10), "REFUSE 481");
    CHECK_TEXT(session_got(&t, CANCEL, N, 9), "ABSORB");
    CHECK_TEXT(session_forbidden(&t, BYE, N, 3), "SESSION_ENDING");
    CHECK_TEXT(session_forbidden(&t, UPDATE, N, 3), "SESSION_ENDING");
    CHECK_TEXT(session_forbidden(&t, INVITE, N, 3), "SESSION_HANG_UP");
    session_called(&t); /* Bob: a 481 to his re-INVITE, and Alice's BYE */
    session_sent(&t, INVITE, D, 9);
    CHECK_TEXT(session_got(&t, BYE, N, 2), "PASS END");
    CHECK_TEXT(session_refused(&t, REFUSAL, 481, 9), "PASS");
}

TND_TEST(session_race_200_bye, "RFC 5407 §3.2.3",
         "a 2xx to our re-INVITE that crosses our BYE is acknowledged, and no more")
{
    struct session_test t;

    session_calling(&t);
    session_sent(&t, INVITE, D, 2);
    CHECK_TEXT(session_sent(&t, BYE, N, 3), "");
    CHECK_TEXT(session_got(&t, PROVISIONAL, D, 2), "IGNORED ABSORB");
    CHECK_TEXT(session_got(&t, OK, D, 2), "IGNORED ABSORB SEND_ACK 2");
    CHECK_EQ(t.s.state, TND_SESSION_ENDING);
    session_called(&t); /* the other side: BYE while its 2xx waits, or before it */
    session_got(&t, INVITE, D, 2);
    session_sent(&t, OK, D, 2);
    CHECK_TEXT(session_got(&t, BYE, N, 3), "PASS -2XX END");
    session_called(&t);
    session_got(&t, INVITE, D, 2);
    session_got(&t, UPDATE, N, 3);
    CHECK_TEXT(session_got(&t, BYE, N, 4), "PASS REFUSE_INVITE 487 REFUSE_PENDING 487 END");
}

TND_TEST(session_race_crossover, "RFC 5407 §3.3.1",
         "re-INVITEs that cross get 491, and are tried again after a wait of each side's own")
{
    struct session_test t;

    session_calling(&t);
    session_sent(&t, INVITE, D, 2);
    CHECK_TEXT(session_got(&t, INVITE, D, 9), "IGNORED REFUSE 491");
    CHECK_BY(&t, SESSION_INVITE_PENDING);
    t.random = 190;
    CHECK_TEXT(session_refused(&t, REFUSAL, 491, 2), "PASS ROLLBACK GLARE+4000");
    CHECK_BY(&t, SESSION_GLARE);
    CHECK_TEXT(session_forbidden(&t, INVITE, D, 3), "SESSION_GLARE");
    CHECK_TEXT(session_forbidden(&t, UPDATE, D, 3), "SESSION_GLARE");
    CHECK_TEXT(session_run(&t, 4000), "4000: RETRY");
    CHECK_TEXT(session_sent(&t, INVITE, D, 3), "OFFER");
    t.random = 191;
    CHECK_TEXT(session_refused(&t, REFUSAL, 491, 3), "PASS ROLLBACK GLARE+2100");
    session_called(&t);
    t.random = 200;
    session_sent(&t, INVITE, D, 2);
    CHECK_TEXT(session_refused(&t, REFUSAL, 491, 2), "PASS ROLLBACK GLARE+2000");
    CHECK_TEXT(session_run(&t, 2000), "2000: RETRY");
    t.random = 201;
    session_sent(&t, UPDATE, D, 3);
    CHECK_TEXT(session_refused(&t, UPDATE_REFUSAL, 491, 3), "PASS ROLLBACK GLARE+0");
    CHECK_TEXT(session_ended(&t), "-GLARE SEND_BYE"); /* no longer wanted */
}

TND_TEST(session_race_update_reinvite, "RFC 5407 §3.3.2",
         "an UPDATE that crosses a re-INVITE: both get 491")
{
    struct session_test t;

    session_calling(&t);
    session_sent(&t, UPDATE, D, 2);
    CHECK_TEXT(session_got(&t, INVITE, D, 9), "IGNORED REFUSE 491");
    CHECK_BY(&t, SESSION_UPDATE_PENDING);
    session_called(&t);
    session_sent(&t, INVITE, D, 9);
    CHECK_TEXT(session_got(&t, UPDATE, D, 2), "IGNORED REFUSE 491");
    CHECK_BY(&t, SESSION_OFFER_PENDING);
}
