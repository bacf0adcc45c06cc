/* What may be sent and what is refused: RFC 6337 §4.3, RFC 3311 §5; what a refusal leaves; who may
 * end a call, and when; 2xx that are not acknowledged. */
#include "unit/dialog/session_test.h"
#include "unit/dying.h"

TND_TEST(
    session_crossing, "RFC 6337 §4.1, §4.2",
    "the offer of an UPDATE gets 491 if our transaction is in its way, and 500 if theirs is: tables 3 and 4")
{
    struct session_test t;

    session_calling(&t); /* UAS-UcU */
    session_sent(&t, UPDATE, D, 2);
    CHECK_TEXT(session_got(&t, UPDATE, D, 9), "IGNORED REFUSE 491");
    CHECK_TEXT(session_got(&t, UPDATE, N, 10), "PASS");
    CHECK_TEXT(session_got(&t, UPDATE, N, 11), "REFUSE 500+0"); /* UAS-UsU, RFC 3311 §5.2 */
    CHECK_BY(&t, SESSION_UPDATE_PENDING);
    session_calling(&t); /* UAS-UsI */
    session_got(&t, UPDATE, D, 9);
    CHECK_TEXT(session_got(&t, INVITE, D, 10), "IGNORED REFUSE 500+0");
    session_called(&t); /* UAS-IsI */
    session_got(&t, INVITE, D, 2);
    CHECK_TEXT(session_got(&t, INVITE, D, 3), "IGNORED REFUSE 500+0");
    CHECK_TEXT(session_got(&t, UPDATE, D, 4), "IGNORED REFUSE 500+0"); /* UAS-IsU */
    session_called(&t); /* figures 5 and 12: the offer is yet to come, or is in the response */
    session_got(&t, INVITE, N, 2);
    CHECK_TEXT(session_got(&t, UPDATE, D, 3), "IGNORED REFUSE 500+0");
    session_sent(&t, RELIABLE, D, 2);
    CHECK_TEXT(session_got(&t, UPDATE, D, 4), "IGNORED REFUSE 500+0");
    session_calling(&t); /* UAS-IcU */
    session_sent(&t, INVITE, N, 2);
    CHECK_TEXT(session_got(&t, UPDATE, D, 9), "IGNORED REFUSE 491");
    session_got(&t, RELIABLE, D, 2);
    CHECK_TEXT(session_got(&t, UPDATE, D, 10), "IGNORED REFUSE 491");
    session_sent(&t, PRACK, D, 3);
    CHECK_TEXT(session_got(&t, UPDATE, D, 11), "IGNORED REFUSE 491"); /* the PRACK is under way */
    session_got(&t, PRACK_OK, N, 3);
    CHECK_TEXT(session_got(&t, UPDATE, D, 12), "OFFER PASS");
}

TND_TEST(session_figure_6, "RFC 6337 §4.1",
         "an UPDATE that overtakes the PRACK is refused with 500")
{
    struct session_test t;

    session_called(&t);
    session_got(&t, INVITE, D, 2);
    session_sent(&t, RELIABLE, D, 2);
    CHECK_TEXT(session_got(&t, UPDATE, D, 4), "IGNORED REFUSE 500+0");
    CHECK_TEXT(session_got(&t, PRACK, N, 3), "PASS");
    session_sent(&t, PRACK_OK, N, 3);
    CHECK_TEXT(session_got(&t, UPDATE, D, 5), "OFFER PASS");
}

TND_TEST(
    session_figure_11, "RFC 6337 §4.2",
    "an offer in a PRACK that meets ours in an UPDATE is refused; the response is acknowledged all the same")
{
    struct session_test t;

    session_called(&t);
    session_got(&t, INVITE, D, 2);
    session_sent(&t, RELIABLE, D, 2);
    session_got(&t, PRACK, N, 3);
    session_sent(&t, PRACK_OK, N, 3);
    session_sent(&t, RELIABLE, N, 2);
    session_sent(&t, UPDATE, D, 9);
    CHECK_TEXT(session_got(&t, PRACK, D, 4), "IGNORED REFUSE 491");
    CHECK_EQ(t.s.offer, TND_SESSION_OURS);
    CHECK_TEXT(session_got(&t, UPDATE_OK, D, 9), "ANSWER PASS");
    CHECK_TEXT(session_sent(&t, OK, N, 2), "2XX+500");
}

TND_TEST(session_forbids, "RFC 6337 §4.3",
         "UAC-II, UAC-UU, UAC-UI, UAC-IU: what would be refused is not sent")
{
    struct session_test t;

    session_caller(&t, D);
    CHECK_TEXT(session_forbidden(&t, INVITE, D, 2), "SESSION_HANG_UP");
    CHECK_TEXT(session_forbidden(&t, UPDATE, D, 2), "SESSION_OFFER_PENDING");
    CHECK_TEXT(session_forbidden(&t, UPDATE, N, 2), "");
    session_got(&t, OK, D, 1);
    session_sent(&t, INVITE, D, 2);
    CHECK_TEXT(session_forbidden(&t, INVITE, D, 3), "SESSION_INVITE_PENDING");
    session_got(&t, OK, D, 2);
    session_sent(&t, UPDATE, N, 3);
    CHECK_TEXT(session_forbidden(&t, UPDATE, N, 4), "SESSION_UPDATE_PENDING");
    CHECK_TEXT(session_forbidden(&t, INVITE, N, 4), "SESSION_UPDATE_PENDING");
    session_got(&t, UPDATE_OK, N, 3);
    session_got(&t, UPDATE, D, 9);
    CHECK_TEXT(session_forbidden(&t, INVITE, N, 4), "SESSION_UPDATE_PENDING");
    CHECK_TEXT(session_forbidden(&t, UPDATE, D, 4), "SESSION_OFFER_PENDING");
    CHECK_TEXT(session_forbidden(&t, CANCEL, N, 2), "SESSION_CANCEL_LATE");
    CHECK_TEXT(session_forbidden(&t, OK, D, 9), "SESSION_LATE");
    CHECK_TEXT(session_forbidden(&t, UPDATE_OK, N, 9), "SESSION_NO_ANSWER");
    session_callee(&t, D);
    session_sent(&t, OK, D, 1);
    CHECK_TEXT(session_forbidden(&t, INVITE, D, 9), "SESSION_INVITE_PENDING");
    CHECK_TEXT(session_forbidden(&t, UPDATE, D, 9), "SESSION_OFFER_PENDING");
}

static void send_forbidden(void *t)
{
    struct session_test *test = t;

    tnd_session_send(&test->s,
                     &(struct tnd_session_message){.kind = UPDATE, .is_described = true, .cseq = 3},
                     0, &test->out);
}

static void fire(void *t)
{
    struct session_test *test = t;

    tnd_session_timer(&test->s, TND_DIALOG_TIMER_GLARE, 0, &test->out);
}

TND_TEST(session_our_mistakes, "RFC 3261 §13.2.1",
         "to send what is forbidden, and a timer that is not armed, are our mistakes")
{
    struct session_test t;

    session_calling(&t);
    session_sent(&t, INVITE, D, 2);
    check_dies(send_forbidden, &t);
    check_dies(fire, &t);
}

TND_TEST(session_refused, "RFC 3261 §14.1",
         "a refused change leaves the session as it was; 408, 481 and their like end the call")
{
    static const unsigned lost[] = {408, 480, 481, 404, 501};
    struct session_test t;

    session_calling(&t);
    session_sent(&t, INVITE, D, 2);
    CHECK_TEXT(session_refused(&t, REFUSAL, 488, 2), "PASS ROLLBACK");
    CHECK_BY(&t, SESSION_ROLLBACK);
    CHECK_EQ(t.s.offer, TND_SESSION_NOBODY);
    CHECK_TEXT(session_refused(&t, REFUSAL, 488, 2), "ABSORB");
    CHECK_BY(&t, SESSION_LATE);
    for (size_t i = 0; i < sizeof(lost) / sizeof(*lost); i++) {
        session_calling(&t);
        session_sent(&t, INVITE, D, 2);
        CHECK_TEXT(session_refused(&t, REFUSAL, lost[i], 2), "PASS ROLLBACK SEND_BYE");
        CHECK_BY(&t, SESSION_LOST);
    }
    session_calling(&t);
    session_sent(&t, UPDATE, N, 2);
    CHECK_TEXT(session_refused(&t, UPDATE_REFUSAL, 405, 2), "PASS"); /* no UPDATE, no harm */
    session_sent(&t, UPDATE, N, 3);
    CHECK_TEXT(session_refused(&t, UPDATE_REFUSAL, 408, 3), "PASS SEND_BYE");
    session_caller(&t, D);
    session_got(&t, RELIABLE, D, 1);
    session_sent(&t, PRACK, N, 2);
    CHECK_TEXT(session_refused(&t, PRACK_REFUSAL, 481, 2), "PASS"); /* the INVITE decides */
    session_got(&t, RELIABLE, N, 1);
    session_sent(&t, PRACK, N, 3);
    CHECK_TEXT(session_refused(&t, PRACK_REFUSAL, 408, 3), "PASS SEND_CANCEL");
    CHECK_TEXT(session_refused(&t, REFUSAL, 487, 1), "PASS END");
    CHECK_BY(&t, SESSION_REFUSED);
}

TND_TEST(
    session_used, "RFC 6141 §3.3, §3.4, §3.8",
    "a change that is in use is not refused, nor cancelled; who is refused it makes both sides agree")
{
    struct session_test t;

    session_called(&t);
    session_got(&t, INVITE, D, 2);
    CHECK_TEXT(session_forbidden(&t, REFUSAL, N, 2), "");
    session_sent(&t, RELIABLE, D, 2);
    CHECK_TEXT(session_forbidden(&t, REFUSAL, N, 2), "SESSION_USED");
    CHECK_TEXT(session_got(&t, CANCEL, N, 2), "ABSORB");
    CHECK_BY(&t, SESSION_USED);
    session_called(&t);
    session_got(&t, INVITE, D, 2);
    CHECK_TEXT(session_got(&t, CANCEL, N, 2), "PASS REFUSE_INVITE 487 ROLLBACK");
    CHECK_BY(&t, SESSION_CANCEL);
    session_called(&t); /* with preconditions: when they are met */
    session_got(&t, INVITE, D, 2);
    tnd_session_send(&t.s,
                     &(struct tnd_session_message){
                         .kind = RELIABLE, .is_described = true, .is_conditional = true, .cseq = 2},
                     0, &t.out);
    CHECK_TEXT(session_forbidden(&t, REFUSAL, N, 2), "");
    tnd_session_used(&t.s);
    CHECK_TEXT(session_forbidden(&t, REFUSAL, N, 2), "SESSION_USED");
    session_calling(&t);
    session_sent(&t, INVITE, D, 2);
    session_got(&t, RELIABLE, D, 2);
    session_sent(&t, PRACK, N, 3);
    session_got(&t, PRACK_OK, N, 3);
    CHECK_TEXT(session_refused(&t, REFUSAL, 488, 2), "PASS ROLLBACK SYNCHRONIZE");
    CHECK_BY(&t, SESSION_SYNCHRONIZE);
    CHECK_TEXT(session_sent(&t, UPDATE, D, 4), "OFFER");
}

TND_TEST(session_2xx_again, "RFC 3261 §13.3.1.4",
         "a 2xx is sent again after T1, 2*T1... T2 until its ACK; after 64*T1 the call is ended")
{
    struct session_test t;

    session_callee(&t, D);
    session_sent(&t, OK, D, 1);
    CHECK_TEXT(session_run(&t, 12000), "500: SEND_AGAIN 1 2XX+1000; 1500: SEND_AGAIN 1 2XX+2000; "
                                       "3500: SEND_AGAIN 1 2XX+4000; 7500: SEND_AGAIN 1 2XX+4000; "
                                       "11500: SEND_AGAIN 1 2XX+4000");
    CHECK_BY(&t, SESSION_2XX_AGAIN);
    CHECK_TEXT(session_run(&t, 31500),
               "15500: SEND_AGAIN 1 2XX+4000; 19500: SEND_AGAIN 1 2XX+4000; "
               "23500: SEND_AGAIN 1 2XX+4000; 27500: SEND_AGAIN 1 2XX+4000; "
               "31500: SEND_AGAIN 1 2XX+500");
    CHECK_TEXT(session_run(&t, 40000), "32000: SEND_BYE");
    CHECK_BY(&t, SESSION_2XX_NO_ACK);
    session_callee(&t, N); /* with an offer in it */
    session_sent(&t, OK, D, 1);
    session_run(&t, 32000);
    CHECK_EQ(t.s.state, TND_SESSION_ENDING);
    CHECK_EQ(t.s.offer, TND_SESSION_NOBODY);
}

TND_TEST(session_bye_waits, "RFC 3261 §15",
         "the callee says no BYE before the ACK; hanging up waits for it, or for its end")
{
    struct session_test t;

    session_callee(&t, D);
    CHECK_TEXT(session_forbidden(&t, BYE, N, 9), "SESSION_BYE_WAITS");
    CHECK_TEXT(session_ended(&t), "REFUSE_INVITE 603 END");
    session_callee(&t, D);
    session_sent(&t, OK, D, 1);
    CHECK_TEXT(session_forbidden(&t, BYE, N, 9), "SESSION_BYE_WAITS");
    CHECK_TEXT(session_ended(&t), "ABSORB");
    CHECK_BY(&t, SESSION_BYE_WAITS);
    CHECK_TEXT(session_ended(&t), "ABSORB");
    CHECK_TEXT(session_got(&t, ACK, N, 1), "-2XX PASS SEND_BYE");
    session_callee(&t, D);
    session_sent(&t, OK, D, 1);
    session_ended(&t);
    session_run(&t, 31999);
    CHECK_TEXT(session_run(&t, 32000), "32000: SEND_BYE");
    session_called(&t); /* of a later 2xx it does not wait */
    session_got(&t, INVITE, D, 2);
    session_sent(&t, OK, D, 2);
    CHECK_TEXT(session_ended(&t), "-2XX SEND_BYE");
    CHECK_TEXT(session_refused(&t, BYE_FINAL, 408, 9), "PASS END");
}

TND_TEST(session_ends, "RFC 3261 §15.1.1, §15.1.2",
         "whoever hangs up, what waits is answered, and any answer to the BYE ends it")
{
    struct session_test t;

    session_called(&t);
    session_got(&t, INVITE, D, 2);
    session_got(&t, UPDATE, N, 3);
    CHECK_TEXT(session_ended(&t), "REFUSE_INVITE 487 REFUSE_PENDING 487 SEND_BYE");
    CHECK_TEXT(session_refused(&t, BYE_FINAL, 481, 9), "PASS END");
    session_callee(&t, D);
    CHECK_TEXT(session_got(&t, CANCEL, N, 1), "PASS REFUSE_INVITE 487 END");
    CHECK_TEXT(session_got(&t, CANCEL, N, 1), "ABSORB");
    session_callee(&t, D);
    CHECK_TEXT(session_sent(&t, REFUSAL, N, 1), "END");
    session_calling(&t);
    CHECK_TEXT(session_got(&t, INVITE, D, 9), "OFFER PASS");
    CHECK_TEXT(session_got(&t, INVITE, N, 10), "REFUSE 500+0");
    CHECK_BY(&t, SESSION_INVITE_PENDING);
    CHECK_TEXT(session_got(&t, CANCEL, N, 8), "ABSORB"); /* of no INVITE that waits */
    CHECK_TEXT(session_sent(&t, OK, D, 9), "ANSWER 2XX+500");
    CHECK_TEXT(session_sent(&t, BYE, N, 2), "-2XX");
    CHECK_BY(&t, SESSION_HANG_UP);
    session_calling(&t);
    CHECK_TEXT(session_got(&t, UPDATE, N, 9), "PASS");
    CHECK_BY(&t, SESSION_IN_ORDER);
}
