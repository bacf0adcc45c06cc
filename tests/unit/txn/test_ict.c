/* The INVITE client transaction: every edge of RFC 6026 §8.4, figure 5; its timers; CANCEL. */
#include "unit/dying.h"
#include "unit/txn/txn_test.h"

TND_TEST(ict_timer_a, "RFC 3261 §17.1.1.2",
         "an unanswered INVITE is sent again after 1, 2, 4... times T1, past T2, and given up "
         "after 64*T1")
{
    struct txn t;

    CHECK_TEXT(txn_start(&t, ICT, UDP), "SEND_REQUEST A+500 B+32000");
    CHECK_BY(&t, ICT_START);
    CHECK_TEXT(txn_run(&t, 31999), "500 A: SEND_REQUEST A+1000; "
                                   "1500 A: SEND_REQUEST A+2000; "
                                   "3500 A: SEND_REQUEST A+4000; "
                                   "7500 A: SEND_REQUEST A+8000; "
                                   "15500 A: SEND_REQUEST A+16000; "
                                   "31500 A: SEND_REQUEST A+32000"); /* the seventh */
    CHECK_BY(&t, ICT_TIMER_A_DOUBLES);
    CHECK_TEXT(txn_run(&t, 32000), "32000 B: TIMEOUT DESTROY");
    CHECK_BY(&t, ICT_TIMER_B);
    CHECK_EQ(txn_next(&t), TND_TIMER_NONE);
}

TND_TEST(ict_timer_a_reliable, "RFC 3261 §17.1.1.2",
         "over a reliable transport an INVITE is sent once")
{
    struct txn t;

    CHECK_TEXT(txn_start(&t, ICT, TCP), "SEND_REQUEST B+32000");
    CHECK_TEXT(txn_run(&t, 100000), "32000 B: TIMEOUT DESTROY");
    txn_start(&t, ICT, TCP);
    CHECK_TEXT(txn_response(&t, 10, 100), "-B PASS");
}

TND_TEST(ict_other_t1, "RFC 3261 §17.1.1.2", "timers scale with T1, but D is at least 32 s")
{
    struct tnd_txn_timing t1_100 = {TND_MS(100), TND_SEC(4), TND_SEC(5)};
    struct tnd_txn_timing t1_1000 = {TND_MS(1000), TND_SEC(4), TND_SEC(5)};
    struct txn t;

    CHECK_TEXT(txn_start_with(&t, ICT, UDP, t1_100), "SEND_REQUEST A+100 B+6400");
    CHECK_TEXT(txn_fire(&t), "SEND_REQUEST A+200");
    CHECK_TEXT(txn_response(&t, 101, 486), "-A -B SEND_ACK PASS D+32000");
    CHECK_TEXT(txn_start_with(&t, ICT, UDP, t1_1000), "SEND_REQUEST A+1000 B+64000");
    CHECK_TEXT(txn_response(&t, 101, 486), "-A -B SEND_ACK PASS D+64000");
    CHECK_TEXT(txn_start_with(&t, ICT, TCP, t1_1000), "SEND_REQUEST B+64000");
    CHECK_TEXT(txn_response(&t, 101, 200), "-B PASS M+64000");
}

TND_TEST(ict_1xx, "RFC 3261 §17.1.1.2",
         "a provisional response ends the sending; the call may ring for hours")
{
    struct txn t;

    txn_start(&t, ICT, UDP);
    CHECK_TEXT(txn_response(&t, 100, 100), "-A -B PASS");
    CHECK_BY(&t, ICT_1XX);
    CHECK_EQ(t.u.ict.state, TND_ICT_PROCEEDING);
    CHECK_EQ(txn_next(&t), TND_TIMER_NONE);
    CHECK_TEXT(txn_response(&t, 7200000, 180), "PASS");
    CHECK_TEXT(txn_response(&t, 7200000, 199), "PASS");
    CHECK_EQ(t.u.ict.state, TND_ICT_PROCEEDING);
}

TND_TEST(ict_3xx_6xx, "RFC 6026 §8.4",
         "a failure is passed once and acknowledged each time; the transaction stays for 32 s")
{
    static const unsigned codes[] = {300, 302, 401, 487, 503, 600, 699};
    struct txn t;

    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
        txn_start(&t, ICT, UDP);
        CHECK_TEXT(txn_response(&t, 600, codes[i]), "-A -B SEND_ACK PASS D+32000");
        CHECK_BY(&t, ICT_3XX_6XX);
        txn_start(&t, ICT, UDP);
        txn_response(&t, 100, 180);
        CHECK_TEXT(txn_response(&t, 600, codes[i]), "SEND_ACK PASS D+32000");
        CHECK_TEXT(txn_response(&t, 700, codes[i]), "SEND_ACK");
        CHECK_BY(&t, ICT_ACK_AGAIN);
        CHECK_TEXT(txn_response(&t, 800, 699), "SEND_ACK");
        CHECK_TEXT(txn_response(&t, 900, 180), "ABSORB");
        CHECK_BY(&t, ICT_LATE);
        CHECK_EQ(t.u.ict.state, TND_ICT_COMPLETED);
        CHECK_TEXT(txn_run(&t, 32599), "");
        CHECK_TEXT(txn_response(&t, 32599, 699), "SEND_ACK");
        CHECK_TEXT(txn_run(&t, 32600), "32600 D: DESTROY");
        CHECK_BY(&t, ICT_TIMER_D);
    }
}

TND_TEST(ict_3xx_6xx_reliable, "RFC 6026 §8.4",
         "over a reliable transport a failure is acknowledged and the transaction ends")
{
    struct txn t;

    txn_start(&t, ICT, TCP);
    CHECK_TEXT(txn_response(&t, 600, 486), "-B SEND_ACK PASS DESTROY");
    txn_start(&t, ICT, TCP);
    txn_response(&t, 600, 100);
    CHECK_TEXT(txn_response(&t, 600, 486), "SEND_ACK PASS DESTROY");
}

TND_TEST(ict_2xx, "RFC 6026 §7.2",
         "each 2xx is passed and none is acknowledged by the transaction, for 64*T1")
{
    struct txn t;

    for (int reliable = 0; reliable <= 1; reliable++) {
        txn_start(&t, ICT, reliable);
        CHECK_TEXT(txn_response(&t, 10, 200), reliable ? "-B PASS M+32000" : "-A -B PASS M+32000");
        txn_start(&t, ICT, reliable);
        txn_response(&t, 10, 180);
        CHECK_TEXT(txn_response(&t, 1000, 200), "PASS M+32000");
        CHECK_BY(&t, ICT_2XX);
        CHECK_EQ(t.u.ict.state, TND_ICT_ACCEPTED);
        CHECK_TEXT(txn_response(&t, 1500, 200), "PASS");
        CHECK_TEXT(txn_response(&t, 1500, 299), "PASS");
        CHECK_TEXT(txn_response(&t, 1600, 180), "ABSORB");
        CHECK_TEXT(txn_response(&t, 1600, 486), "ABSORB");
        CHECK_BY(&t, ICT_LATE);
        CHECK_TEXT(txn_event(&t, 1600, TND_EV_SEND_FAILED), "ABSORB");
        CHECK_TEXT(txn_run(&t, 32999), "");
        CHECK_TEXT(txn_response(&t, 32999, 200), "PASS");
        CHECK_TEXT(txn_run(&t, 33000), "33000 M: DESTROY");
        CHECK_BY(&t, ICT_TIMER_M);
    }
}

TND_TEST(ict_2xx_late, "RFC 3261 §16.7",
         "a 2xx that a proxy sends on after a failure is passed, for somebody has to end that call")
{
    struct txn t;

    txn_start(&t, ICT, UDP);
    txn_response(&t, 10, 600);
    CHECK_TEXT(txn_response(&t, 20, 200), "PASS");
    CHECK_BY(&t, ICT_2XX_LATE);
    CHECK_EQ(t.u.ict.state, TND_ICT_COMPLETED);
    CHECK_TEXT(txn_run(&t, 100000), "32010 D: DESTROY");
}

TND_TEST(ict_send_failed, "RFC 3261 §17.1.4",
         "an INVITE or ACK that cannot be sent ends the transaction; late news of it does not")
{
    struct txn t;

    txn_start(&t, ICT, UDP);
    CHECK_TEXT(txn_event(&t, 0, TND_EV_SEND_FAILED), "FAILED DESTROY");
    CHECK_BY(&t, TXN_REQUEST_FAILED);
    txn_start(&t, ICT, UDP);
    txn_response(&t, 1, 404);
    CHECK_TEXT(txn_event(&t, 1, TND_EV_SEND_FAILED), "FAILED DESTROY");
    txn_start(&t, ICT, UDP);
    txn_response(&t, 1, 180);
    CHECK_TEXT(txn_event(&t, 1, TND_EV_SEND_FAILED), "ABSORB");
    CHECK_TEXT(txn_response(&t, 2, 200), "PASS M+32000");
}

TND_TEST(ict_cancel_waits, "RFC 3261 §9.1",
         "a CANCEL wished for too soon is sent when the first provisional response comes")
{
    struct txn t;

    txn_start(&t, ICT, UDP);
    CHECK_TEXT(txn_event(&t, 100, TND_EV_CANCEL), "ABSORB");
    CHECK_BY(&t, ICT_CANCEL_WAITS);
    CHECK_TEXT(txn_event(&t, 100, TND_EV_CANCEL), "ABSORB");
    CHECK_TEXT(txn_run(&t, 1000), "500 A: SEND_REQUEST A+1000");
    CHECK_TEXT(txn_response(&t, 1200, 100), "-A -B PASS SEND_CANCEL B+32000");
    CHECK_BY(&t, ICT_CANCEL_WAITS);
    CHECK_TEXT(txn_response(&t, 1300, 180), "PASS");
    CHECK_TEXT(txn_event(&t, 1300, TND_EV_CANCEL), "ABSORB"); /* one is enough */
    CHECK_TEXT(txn_response(&t, 1400, 487), "-B SEND_ACK PASS D+32000");
}

TND_TEST(ict_cancel_at_once, "RFC 3261 §9.1",
         "after a provisional response a CANCEL is sent at once")
{
    struct txn t;

    for (int reliable = 0; reliable <= 1; reliable++) {
        txn_start(&t, ICT, reliable);
        txn_response(&t, 100, 180);
        CHECK_TEXT(txn_event(&t, 5000, TND_EV_CANCEL), "SEND_CANCEL B+32000");
        CHECK_TEXT(txn_response(&t, 5100, 200), "-B PASS M+32000"); /* they crossed */
    }
}

TND_TEST(ict_cancel_timeout, "RFC 3261 §9.1",
         "64*T1 after the CANCEL the INVITE counts as cancelled, whatever provisionals come")
{
    struct txn t;

    txn_start(&t, ICT, UDP);
    txn_response(&t, 100, 180);
    txn_event(&t, 1000, TND_EV_CANCEL);
    txn_response(&t, 20000, 180);
    CHECK_TEXT(txn_event(&t, 20000, TND_EV_CANCEL), "ABSORB");
    CHECK_TEXT(txn_run(&t, 32999), "");
    CHECK_TEXT(txn_run(&t, 33000), "33000 B: TIMEOUT DESTROY");
    CHECK_BY(&t, ICT_CANCEL_TIMEOUT);
}

TND_TEST(ict_cancel_final, "RFC 3261 §9.1", "after a final response no CANCEL is sent")
{
    struct txn t;

    txn_start(&t, ICT, UDP);
    txn_response(&t, 10, 200);
    CHECK_TEXT(txn_event(&t, 20, TND_EV_CANCEL), "ABSORB");
    CHECK_BY(&t, ICT_CANCEL_FINAL);
    txn_start(&t, ICT, UDP);
    txn_event(&t, 5, TND_EV_CANCEL); /* a wish that a final response ends */
    CHECK_TEXT(txn_response(&t, 10, 404), "-A -B SEND_ACK PASS D+32000");
    CHECK_TEXT(txn_event(&t, 20, TND_EV_CANCEL), "ABSORB");
}

static void fire_a(void *t)
{
    txn_step(t, tnd_ev_timer(TND_TIMER_A, TND_SEC(1)));
}

static void fire_d(void *t)
{
    txn_step(t, tnd_ev_timer(TND_TIMER_D, TND_SEC(1)));
}

static void request(void *t)
{
    txn_event(t, 1000, TND_EV_REQUEST);
}

TND_TEST(ict_our_mistakes, "RFC 3261 §17.1.1.2",
         "a timer that is not armed, a request, and a step after the end are our mistakes")
{
    struct txn t;

    txn_start(&t, ICT, UDP);
    check_dies(fire_d, &t);
    check_dies(request, &t);
    txn_response(&t, 10, 180);
    check_dies(fire_a, &t);
    check_dies(fire_d, &t);
    txn_start(&t, ICT, TCP);
    check_dies(fire_a, &t);
    txn_response(&t, 10, 404);
    t.over = false; /* the machine is asked, not the test */
    check_dies(fire_d, &t);
}
