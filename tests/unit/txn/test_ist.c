/* The INVITE server transaction: every edge of RFC 6026 §8.6, figure 7; its timers. */
#include "unit/dying.h"
#include "unit/txn/txn_test.h"

TND_TEST(ist_100, "RFC 3261 §17.2.1", "a 100 is sent after 200 ms, unless the TU was sooner")
{
    struct txn t;

    CHECK_TEXT(txn_start(&t, IST, UDP), "PASS TRYING+200");
    CHECK_BY(&t, TXN_REQUEST);
    CHECK_TEXT(txn_run(&t, 199), "");
    CHECK_TEXT(txn_run(&t, 100000), "200 TRYING: SEND_100");
    CHECK_BY(&t, IST_100);
    CHECK_TEXT(txn_event(&t, 100000, TND_EV_REQUEST), "SEND_AGAIN");
    txn_start(&t, IST, TCP);
    CHECK_TEXT(txn_response(&t, 199, 180), "-TRYING SEND_RESPONSE");
    CHECK_TEXT(txn_run(&t, 100000), "");
}

TND_TEST(ist_100_asked, "RFC 3261 §17.2.1",
         "an INVITE that comes again before the 100 brings it at once")
{
    struct txn t;

    txn_start(&t, IST, UDP);
    CHECK_TEXT(txn_event(&t, 50, TND_EV_REQUEST), "-TRYING SEND_100");
    CHECK_TEXT(txn_event(&t, 60, TND_EV_REQUEST), "SEND_AGAIN");
    CHECK_TEXT(txn_run(&t, 100000), "");
}

TND_TEST(ist_1xx, "RFC 3261 §17.2.1",
         "each provisional response is sent, and the last again for each INVITE that comes again")
{
    struct txn t;

    txn_start(&t, IST, UDP);
    CHECK_TEXT(txn_response(&t, 10, 100), "-TRYING SEND_RESPONSE");
    CHECK_TEXT(txn_response(&t, 20, 180), "SEND_RESPONSE");
    CHECK_BY(&t, IST_1XX);
    CHECK_TEXT(txn_response(&t, 60000, 180), "SEND_RESPONSE");
    CHECK_TEXT(txn_event(&t, 60500, TND_EV_REQUEST), "SEND_AGAIN");
    CHECK_BY(&t, IST_1XX_AGAIN);
    CHECK_TEXT(txn_event(&t, 60600, TND_EV_ACK), "ABSORB");
    CHECK_BY(&t, IST_ABSORBS);
    CHECK_EQ(t.u.ist.state, TND_IST_PROCEEDING);
}

TND_TEST(ist_timer_g, "RFC 3261 §17.2.1",
         "a failure is sent again after T1, 2*T1... up to T2, and given up after 64*T1")
{
    struct txn t;

    txn_start(&t, IST, UDP);
    CHECK_TEXT(txn_response(&t, 0, 486), "-TRYING SEND_RESPONSE G+500 H+32000");
    CHECK_BY(&t, IST_3XX_6XX);
    CHECK_TEXT(txn_run(&t, 31999), "500 G: SEND_AGAIN G+1000; "
                                   "1500 G: SEND_AGAIN G+2000; "
                                   "3500 G: SEND_AGAIN G+4000; "
                                   "7500 G: SEND_AGAIN G+4000; "
                                   "11500 G: SEND_AGAIN G+4000; "
                                   "15500 G: SEND_AGAIN G+4000; "
                                   "19500 G: SEND_AGAIN G+4000; "
                                   "23500 G: SEND_AGAIN G+4000; "
                                   "27500 G: SEND_AGAIN G+4000; "
                                   "31500 G: SEND_AGAIN G+4000");
    CHECK_BY(&t, IST_TIMER_G);
    CHECK_TEXT(txn_run(&t, 32000), "32000 H: TIMEOUT DESTROY");
    CHECK_BY(&t, IST_TIMER_H);
}

TND_TEST(ist_timer_g_reliable, "RFC 3261 §17.2.1",
         "over a reliable transport a failure is sent once, and still awaits its ACK")
{
    struct txn t;

    txn_start(&t, IST, TCP);
    CHECK_TEXT(txn_response(&t, 0, 486), "-TRYING SEND_RESPONSE H+32000");
    CHECK_TEXT(txn_run(&t, 100000), "32000 H: TIMEOUT DESTROY");
}

TND_TEST(ist_completed, "RFC 3261 §17.2.1",
         "before the ACK an INVITE brings the failure again; the TU can say no more")
{
    struct txn t;

    txn_start(&t, IST, UDP);
    txn_response(&t, 100, 180);
    CHECK_TEXT(txn_response(&t, 1000, 302), "SEND_RESPONSE G+500 H+32000");
    CHECK_TEXT(txn_event(&t, 1100, TND_EV_REQUEST), "SEND_AGAIN"); /* timer G stays as it was */
    CHECK_BY(&t, IST_FINAL_AGAIN);
    CHECK_TEXT(txn_response(&t, 1200, 180), "ABSORB");
    CHECK_TEXT(txn_response(&t, 1200, 200), "ABSORB");
    CHECK_TEXT(txn_response(&t, 1200, 486), "ABSORB");
    CHECK_BY(&t, TXN_ONE_FINAL);
    CHECK_TEXT(txn_run(&t, 1500), "1500 G: SEND_AGAIN G+1000");
}

TND_TEST(ist_ack, "RFC 3261 §17.2.1", "the ACK ends the sending; T4 later the transaction ends")
{
    struct txn t;

    txn_start(&t, IST, UDP);
    txn_response(&t, 100, 699);
    CHECK_TEXT(txn_event(&t, 200, TND_EV_ACK), "-G -H I+5000");
    CHECK_BY(&t, IST_ACK);
    CHECK_EQ(t.u.ist.state, TND_IST_CONFIRMED);
    CHECK_TEXT(txn_event(&t, 300, TND_EV_ACK), "ABSORB");
    CHECK_TEXT(txn_event(&t, 300, TND_EV_REQUEST), "ABSORB");
    CHECK_TEXT(txn_event(&t, 300, TND_EV_SEND_FAILED), "ABSORB");
    CHECK_BY(&t, IST_ABSORBS);
    CHECK_TEXT(txn_response(&t, 300, 200), "ABSORB");
    CHECK_BY(&t, TXN_ONE_FINAL);
    CHECK_TEXT(txn_run(&t, 5199), "");
    CHECK_TEXT(txn_event(&t, 5199, TND_EV_ACK), "ABSORB");
    CHECK_TEXT(txn_run(&t, 5200), "5200 I: DESTROY");
    CHECK_BY(&t, IST_TIMER_I);
    txn_start(&t, IST, TCP);
    txn_response(&t, 100, 404);
    CHECK_TEXT(txn_event(&t, 200, TND_EV_ACK), "DESTROY");
}

TND_TEST(ist_2xx, "RFC 6026 §7.1",
         "after a 2xx the INVITE is absorbed, and each 2xx and each ACK goes through, for 64*T1")
{
    struct txn t;

    for (int reliable = 0; reliable <= 1; reliable++) {
        txn_start(&t, IST, reliable);
        CHECK_TEXT(txn_response(&t, 100, 200), "-TRYING SEND_RESPONSE L+32000");
        CHECK_BY(&t, IST_2XX);
        CHECK_EQ(t.u.ist.state, TND_IST_ACCEPTED);
        CHECK_TEXT(txn_event(&t, 200, TND_EV_REQUEST), "ABSORB");
        CHECK_BY(&t, IST_ACCEPTED_ABSORBS);
        CHECK_TEXT(txn_response(&t, 600, 200), "SEND_RESPONSE");
        CHECK_TEXT(txn_event(&t, 700, TND_EV_ACK), "PASS");
        CHECK_BY(&t, IST_ACCEPTED_ACK);
        CHECK_TEXT(txn_event(&t, 800, TND_EV_ACK), "PASS");
        CHECK_TEXT(txn_response(&t, 900, 180), "ABSORB");
        CHECK_TEXT(txn_response(&t, 900, 486), "ABSORB");
        CHECK_BY(&t, TXN_ONE_FINAL);
        CHECK_TEXT(txn_run(&t, 32099), "");
        CHECK_TEXT(txn_event(&t, 32099, TND_EV_REQUEST), "ABSORB");
        CHECK_TEXT(txn_run(&t, 32100), "32100 L: DESTROY");
        CHECK_BY(&t, IST_TIMER_L);
        txn_start(&t, IST, reliable);
        txn_response(&t, 100, 180);
        CHECK_TEXT(txn_response(&t, 100, 299), "SEND_RESPONSE L+32000");
    }
}

TND_TEST(ist_send_failed, "RFC 6026 §8.8",
         "a response that cannot be sent is told to the TU, and the INVITE is absorbed as before")
{
    struct txn t;

    txn_start(&t, IST, UDP);
    CHECK_TEXT(txn_event(&t, 0, TND_EV_SEND_FAILED), "FAILED");
    CHECK_BY(&t, TXN_RESPONSE_FAILED);
    CHECK_EQ(t.u.ist.state, TND_IST_PROCEEDING);
    txn_response(&t, 10, 500);
    CHECK_TEXT(txn_event(&t, 10, TND_EV_SEND_FAILED), "FAILED");
    CHECK_EQ(t.u.ist.state, TND_IST_COMPLETED);
    CHECK_TEXT(txn_event(&t, 20, TND_EV_REQUEST), "SEND_AGAIN");
    txn_start(&t, IST, UDP);
    txn_response(&t, 10, 200);
    CHECK_TEXT(txn_event(&t, 10, TND_EV_SEND_FAILED), "FAILED");
    CHECK_EQ(t.u.ist.state, TND_IST_ACCEPTED);
    CHECK_TEXT(txn_event(&t, 20, TND_EV_REQUEST), "ABSORB");
}

static void fire_g(void *t)
{
    txn_step(t, tnd_ev_timer(TND_TIMER_G, TND_SEC(1)));
}

static void cancel(void *t)
{
    txn_event(t, 1000, TND_EV_CANCEL);
}

TND_TEST(ist_our_mistakes, "RFC 3261 §17.2.1",
         "a timer that is not armed, and a CANCEL, are our mistakes")
{
    struct txn t;

    txn_start(&t, IST, UDP);
    check_dies(fire_g, &t);
    check_dies(cancel, &t);
    txn_response(&t, 10, 200);
    check_dies(fire_g, &t);
    txn_start(&t, IST, TCP);
    txn_response(&t, 10, 404);
    check_dies(fire_g, &t);
}
