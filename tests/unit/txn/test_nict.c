/* The non-INVITE client transaction: every edge of RFC 3261 §17.1.2, figure 6; its timers. */
#include "unit/dying.h"
#include "unit/txn/txn_test.h"

TND_TEST(nict_timer_e, "RFC 3261 §17.1.2.2",
         "an unanswered request is sent again after T1, 2*T1... up to T2, and given up after "
         "64*T1")
{
    struct txn t;

    CHECK_TEXT(txn_start(&t, NICT, UDP), "SEND_REQUEST E+500 F+32000");
    CHECK_BY(&t, NICT_START);
    CHECK_TEXT(txn_run(&t, 31999), "500 E: SEND_REQUEST E+1000; "
                                   "1500 E: SEND_REQUEST E+2000; "
                                   "3500 E: SEND_REQUEST E+4000; "
                                   "7500 E: SEND_REQUEST E+4000; "
                                   "11500 E: SEND_REQUEST E+4000; "
                                   "15500 E: SEND_REQUEST E+4000; "
                                   "19500 E: SEND_REQUEST E+4000; "
                                   "23500 E: SEND_REQUEST E+4000; "
                                   "27500 E: SEND_REQUEST E+4000; "
                                   "31500 E: SEND_REQUEST E+4000");
    CHECK_BY(&t, NICT_TIMER_E);
    CHECK_TEXT(txn_run(&t, 32000), "32000 F: TIMEOUT DESTROY");
    CHECK_BY(&t, NICT_TIMER_F);
}

TND_TEST(nict_timer_e_reliable, "RFC 3261 §17.1.2.2",
         "over a reliable transport a request is sent once")
{
    struct txn t;

    CHECK_TEXT(txn_start(&t, NICT, TCP), "SEND_REQUEST F+32000");
    CHECK_TEXT(txn_response(&t, 100, 100), "PASS");
    CHECK_TEXT(txn_run(&t, 100000), "32000 F: TIMEOUT DESTROY");
}

TND_TEST(nict_timer_e_caps, "RFC 3261 §17.1.2.2", "timer E is min(2*E, T2), also if T2 is no power")
{
    struct tnd_txn_timing timing = {TND_MS(500), TND_MS(1300), TND_SEC(5)};
    struct txn t;

    txn_start_with(&t, NICT, UDP, timing);
    CHECK_TEXT(txn_run(&t, 4200), "500 E: SEND_REQUEST E+1000; 1500 E: SEND_REQUEST E+1300; "
                                  "2800 E: SEND_REQUEST E+1300; 4100 E: SEND_REQUEST E+1300");
}

TND_TEST(nict_1xx, "RFC 3261 §17.1.2.2",
         "a provisional response is passed; the request is sent again every T2 from then on")
{
    struct txn t;

    txn_start(&t, NICT, UDP);
    CHECK_TEXT(txn_response(&t, 100, 100), "PASS"); /* timer E goes on as it was armed */
    CHECK_BY(&t, NICT_1XX);
    CHECK_EQ(t.u.nict.state, TND_NICT_PROCEEDING);
    CHECK_TEXT(txn_run(&t, 5000), "500 E: SEND_REQUEST E+4000; 4500 E: SEND_REQUEST E+4000");
    CHECK_BY(&t, NICT_TIMER_E_PROCEEDING);
    CHECK_TEXT(txn_response(&t, 5000, 183), "PASS");
    CHECK_TEXT(txn_response(&t, 6000, 200), "-E -F PASS K+5000");
    txn_start(&t, NICT, UDP);
    txn_response(&t, 100, 100);
    txn_run(&t, 31999);
    CHECK_TEXT(txn_run(&t, 32000), "32000 F: TIMEOUT DESTROY");
}

TND_TEST(nict_final, "RFC 3261 §17.1.2.2",
         "the first final response is passed; others are absorbed for T4")
{
    static const unsigned codes[] = {200, 299, 302, 404, 503, 699};
    struct txn t;

    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
        txn_start(&t, NICT, UDP);
        CHECK_TEXT(txn_response(&t, 600, codes[i]), "-E -F PASS K+5000");
        CHECK_BY(&t, NICT_FINAL);
        CHECK_TEXT(txn_response(&t, 600, codes[i]), "ABSORB");
        CHECK_BY(&t, NICT_ABSORBS);
        CHECK_TEXT(txn_response(&t, 600, 200), "ABSORB");
        CHECK_TEXT(txn_response(&t, 600, 100), "ABSORB");
        CHECK_TEXT(txn_event(&t, 600, TND_EV_SEND_FAILED), "ABSORB");
        CHECK_EQ(t.u.nict.state, TND_NICT_COMPLETED);
        CHECK_TEXT(txn_run(&t, 5599), "");
        CHECK_TEXT(txn_response(&t, 5599, 404), "ABSORB");
        CHECK_TEXT(txn_run(&t, 5600), "5600 K: DESTROY");
        CHECK_BY(&t, NICT_TIMER_K);
        txn_start(&t, NICT, TCP);
        CHECK_TEXT(txn_response(&t, 600, codes[i]), "-F PASS DESTROY");
    }
}

TND_TEST(nict_send_failed, "RFC 3261 §17.1.4", "a request that cannot be sent ends the transaction")
{
    struct txn t;

    txn_start(&t, NICT, UDP);
    CHECK_TEXT(txn_event(&t, 0, TND_EV_SEND_FAILED), "FAILED DESTROY");
    CHECK_BY(&t, TXN_REQUEST_FAILED);
    txn_start(&t, NICT, TCP);
    txn_response(&t, 10, 100);
    CHECK_TEXT(txn_event(&t, 20, TND_EV_SEND_FAILED), "FAILED DESTROY");
}

static void fire_k(void *t)
{
    txn_step(t, tnd_ev_timer(TND_TIMER_K, TND_SEC(1)));
}

static void cancel(void *t)
{
    txn_event(t, 1000, TND_EV_CANCEL);
}

TND_TEST(nict_our_mistakes, "RFC 3261 §9.1",
         "a timer that is not armed and a CANCEL for what is no INVITE are our mistakes")
{
    struct txn t;

    txn_start(&t, NICT, UDP);
    check_dies(fire_k, &t);
    check_dies(cancel, &t);
    txn_response(&t, 10, 200);
    check_dies(cancel, &t);
}
