/* The non-INVITE server transaction: every edge of RFC 3261 §17.2.2, figure 8, as corrected
 * by RFC 4320; its timers. */
#include "unit/dying.h"
#include "unit/txn/txn_test.h"

TND_TEST(nist_final, "RFC 3261 §17.2.2",
         "the final response is sent, and again for each request that comes again, for 64*T1")
{
    static const unsigned codes[] = {200, 302, 404, 500, 699};
    struct txn t;

    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
        CHECK_TEXT(txn_start(&t, NIST, UDP), "PASS TRYING+3500 F+32000");
        CHECK_BY(&t, TXN_REQUEST);
        CHECK_TEXT(txn_event(&t, 500, TND_EV_REQUEST), "ABSORB");
        CHECK_BY(&t, NIST_TRYING_ABSORBS);
        CHECK_TEXT(txn_response(&t, 600, codes[i]), "-TRYING -F SEND_RESPONSE J+32000");
        CHECK_BY(&t, NIST_FINAL);
        CHECK_TEXT(txn_event(&t, 700, TND_EV_REQUEST), "SEND_AGAIN");
        CHECK_BY(&t, NIST_FINAL_AGAIN);
        CHECK_TEXT(txn_response(&t, 800, 200), "ABSORB");
        CHECK_TEXT(txn_response(&t, 800, 100), "ABSORB");
        CHECK_TEXT(txn_response(&t, 800, 500), "ABSORB");
        CHECK_BY(&t, TXN_ONE_FINAL);
        CHECK_TEXT(txn_run(&t, 32599), "");
        CHECK_TEXT(txn_event(&t, 32599, TND_EV_REQUEST), "SEND_AGAIN");
        CHECK_TEXT(txn_run(&t, 32600), "32600 J: DESTROY");
        CHECK_BY(&t, NIST_TIMER_J);
        txn_start(&t, NIST, TCP);
        CHECK_TEXT(txn_response(&t, 600, codes[i]), "-TRYING -F SEND_RESPONSE DESTROY");
    }
}

TND_TEST(nist_100, "RFC 4320 §4.1",
         "a 100 is sent when the client's timer E is reset to T2, over each transport")
{
    struct txn t;

    for (int reliable = 0; reliable <= 1; reliable++) {
        txn_start(&t, NIST, reliable);
        CHECK_TEXT(txn_run(&t, 3499), "");
        CHECK_TEXT(txn_run(&t, 3500), "3500 TRYING: SEND_100");
        CHECK_BY(&t, NIST_100);
        CHECK_EQ(t.u.nist.state, TND_NIST_PROCEEDING);
        CHECK_TEXT(txn_event(&t, 4000, TND_EV_REQUEST), "SEND_AGAIN");
        CHECK_TEXT(txn_response(&t, 4000, 100), "SEND_RESPONSE");
        CHECK_BY(&t, NIST_1XX);
        CHECK_TEXT(txn_response(&t, 4000, 183), "ABSORB");
        CHECK_TEXT(txn_response(&t, 5000, 200),
                   reliable ? "-F SEND_RESPONSE DESTROY" : "-F SEND_RESPONSE J+32000");
    }
}

TND_TEST(nist_100_is_when_e_is_t2, "RFC 4320 §4.1",
         "the wait for the 100 is as long as a client's timer E takes to reach T2")
{
    static const int t1_t2[][2] = {{500, 4000}, {500, 3000}, {100, 4000}, {1000, 1000}, {500, 400}};

    for (size_t i = 0; i < sizeof(t1_t2) / sizeof(*t1_t2); i++) {
        struct tnd_txn_timing timing = {TND_MS(t1_t2[i][0]), TND_MS(t1_t2[i][1]), TND_SEC(5)};
        struct txn client, server;
        txn_start_with(&client, NICT, UDP, timing);
        txn_start_with(&server, NIST, UDP, timing);
        do
            txn_fire(&client);
        while (client.u.nict.e_wait < timing.t2);
        txn_fire(&server);
        CHECK_EQ(txn_count(&server, TND_ACT_SEND_100), 1);
        CHECK_EQ(server.now, client.now);
    }
}

TND_TEST(nist_100_early, "RFC 4320 §4.1",
         "a 100 of the TU goes out at once over a reliable transport, and not over UDP")
{
    struct txn t;

    txn_start(&t, NIST, UDP);
    CHECK_TEXT(txn_response(&t, 3499, 100), "ABSORB");
    CHECK_BY(&t, NIST_100_EARLY);
    CHECK_TEXT(txn_event(&t, 3499, TND_EV_REQUEST), "ABSORB");
    CHECK_TEXT(txn_run(&t, 3500), "3500 TRYING: SEND_100");
    txn_start(&t, NIST, TCP);
    CHECK_TEXT(txn_response(&t, 0, 100), "-TRYING SEND_RESPONSE");
    CHECK_BY(&t, NIST_1XX);
    CHECK_TEXT(txn_event(&t, 1, TND_EV_REQUEST), "SEND_AGAIN");
}

TND_TEST(nist_only_100, "RFC 4320 §4.1", "no other provisional response is sent")
{
    struct txn t;

    for (int reliable = 0; reliable <= 1; reliable++)
        for (unsigned code = 101; code < 200; code++) {
            txn_start(&t, NIST, reliable);
            CHECK_TEXT(txn_response(&t, 10, code), "ABSORB");
            CHECK_BY(&t, NIST_ONLY_100);
            txn_run(&t, 3500);
            CHECK_TEXT(txn_response(&t, 4000, code), "ABSORB");
            CHECK_BY(&t, NIST_ONLY_100);
        }
}

TND_TEST(nist_no_408, "RFC 4320 §4.2",
         "a 408 is not sent; the request is absorbed in silence from then on")
{
    struct txn t;

    for (int tried = 0; tried <= 1; tried++) {
        txn_start(&t, NIST, UDP);
        txn_run(&t, tried ? 3500 : 0);
        CHECK_TEXT(txn_response(&t, 5000 * tried, 408),
                   tried ? "-F ABSORB J+32000" : "-TRYING -F ABSORB J+32000");
        CHECK_BY(&t, NIST_NO_408);
        CHECK_TEXT(txn_event(&t, 6000, TND_EV_REQUEST), "ABSORB");
        CHECK_BY(&t, NIST_LATE);
        CHECK_TEXT(txn_response(&t, 6000, 200), "ABSORB");
        CHECK_BY(&t, NIST_LATE);
        CHECK_TEXT(txn_run(&t, 100000), tried ? "37000 J: DESTROY" : "32000 J: DESTROY");
    }
    txn_start(&t, NIST, TCP);
    CHECK_TEXT(txn_response(&t, 10, 408), "-TRYING -F ABSORB DESTROY");
}

TND_TEST(nist_late, "RFC 4320 §4.2",
         "a TU that has not answered when the client gives up is told, and answers no more")
{
    struct txn t;

    txn_start(&t, NIST, UDP);
    CHECK_TEXT(txn_run(&t, 32000), "3500 TRYING: SEND_100; 32000 F: TIMEOUT J+32000");
    CHECK_BY(&t, NIST_LATE);
    CHECK_TEXT(txn_event(&t, 33000, TND_EV_REQUEST), "ABSORB");
    CHECK_TEXT(txn_response(&t, 33000, 200), "ABSORB");
    CHECK_BY(&t, NIST_LATE);
    CHECK_TEXT(txn_run(&t, 100000), "64000 J: DESTROY");
    txn_start(&t, NIST, TCP);
    CHECK_TEXT(txn_run(&t, 100000), "3500 TRYING: SEND_100; 32000 F: TIMEOUT DESTROY");
}

TND_TEST(nist_send_failed, "RFC 6026 §8.8",
         "a response that cannot be sent is told to the TU, and the request is absorbed as before")
{
    struct txn t;

    txn_start(&t, NIST, UDP);
    CHECK_TEXT(txn_event(&t, 0, TND_EV_SEND_FAILED), "FAILED");
    txn_run(&t, 3500);
    CHECK_TEXT(txn_event(&t, 3500, TND_EV_SEND_FAILED), "FAILED");
    CHECK_BY(&t, TXN_RESPONSE_FAILED);
    CHECK_EQ(t.u.nist.state, TND_NIST_PROCEEDING);
    txn_response(&t, 4000, 200);
    CHECK_TEXT(txn_event(&t, 4000, TND_EV_SEND_FAILED), "FAILED");
    CHECK_EQ(t.u.nist.state, TND_NIST_COMPLETED);
    CHECK_TEXT(txn_event(&t, 4500, TND_EV_REQUEST), "SEND_AGAIN");
}

static void fire_j(void *t)
{
    txn_step(t, tnd_ev_timer(TND_TIMER_J, TND_SEC(10)));
}

static void ack(void *t)
{
    txn_event(t, 10000, TND_EV_ACK);
}

TND_TEST(nist_our_mistakes, "RFC 3261 §17.2.2",
         "a timer that is not armed, and an ACK, are our mistakes")
{
    struct txn t;

    txn_start(&t, NIST, UDP);
    check_dies(fire_j, &t);
    check_dies(ack, &t);
    txn_run(&t, 3500);
    check_dies(ack, &t);
    txn_response(&t, 4000, 200);
    check_dies(ack, &t);
}
