/* The flows of RFC 3312 §13, RFC 4032 §4 and RFC 5027 §4, message by message, both sides ours.
 *
 * The tests look at the preconditions; the rest of the descriptions is that of offer and answer. */
#include "unit/sdp/side.h"

static struct tnd_pre_wish qos(enum tnd_sdp_strength strength, bool segmented)
{
    struct tnd_pre_wish wish;

    tnd_pre_qos(strength, segmented, &wish);
    return wish;
}

/* As long as nothing is exchanged, and as the flows of RFC 3312 §13.1 end. */
#define E2E_NONE     "curr:qos e2e none\ndes:qos mandatory e2e sendrecv\n"
#define E2E_SEND     "curr:qos e2e send\ndes:qos mandatory e2e sendrecv\n"
#define E2E_RECV     "curr:qos e2e recv\ndes:qos mandatory e2e sendrecv\n"
#define E2E_SENDRECV "curr:qos e2e sendrecv\ndes:qos mandatory e2e sendrecv\n"

static void start_e2e(struct side *a, struct side *b)
{
    struct tnd_pre_wish wish = qos(TND_SDP_STRENGTH_MANDATORY, false);

    side_init_a(a, &wish);
    side_init_b(b, &wish);
}

/* Figures 2 and 3 from SDP1 to SDP4, which are alike. */
static void play_e2e(struct side *a, struct side *b)
{
    struct tnd_slice sdp1 = side_offer(a);
    CHECK_LINES(sdp1, E2E_NONE);
    CHECK_EQ(a->pre.tag, TND_PRE_TAG_REQUIRE);
    side_take_offer(b, sdp1);
    CHECK_SUSPENDED(b);
    struct tnd_slice sdp2 = side_answer(b);
    CHECK_LINES(sdp2, E2E_NONE "conf:qos e2e recv\n");
    CHECK_STR(tnd_slice_str(side_next(b)), "0 qos e2e send mandatory\n");
    side_take_answer(a, sdp2);
    CHECK_STR(tnd_slice_str(side_next(a)), "0 qos e2e send mandatory\n");

    side_reserved(b, TND_SDP_E2E, TND_SDP_SEND, TND_PRE_RESERVED);
    CHECK_SUSPENDED(b); /* it did not receive any confirmation */
    CHECK(!tnd_pre_offer_is_due(&b->pre));
    CHECK(!tnd_pre_offer_is_due(&a->pre));
    side_reserved(a, TND_SDP_E2E, TND_SDP_SEND, TND_PRE_RESERVED);
    CHECK(tnd_pre_offer_is_due(&a->pre));

    struct tnd_slice sdp3 = side_offer(a);
    CHECK_LINES(sdp3, E2E_SEND);
    CHECK(!tnd_pre_offer_is_due(&a->pre));
    side_take_offer(b, sdp3);
    struct tnd_slice sdp4 = side_answer(b);
    CHECK_LINES(sdp4, E2E_SENDRECV);
    CHECK_MET(b);
    side_take_answer(a, sdp4);
    CHECK_MET(a);
}

TND_TEST(pre_flow_e2e, "RFC 3312 §13.1",
         "end to end: the callee rings when the caller has confirmed its direction")
{
    struct side a, b;

    start_e2e(&a, &b);
    play_e2e(&a, &b);
    side_fini(&a);
    side_fini(&b);
}

TND_TEST(pre_flow_e2e_moved, "RFC 3312 §13.1",
         "a stream that gets another address in the middle of a session begins from scratch")
{
    struct side a, b;

    start_e2e(&a, &b);
    play_e2e(&a, &b);
    CHECK(tnd_sdp_conn_to(TND_STR("192.0.2.2"), &a.p.local.conn));
    tnd_pre_moved(&a.pre, 0);
    play_e2e(&a, &b);
    side_fini(&a);
    side_fini(&b);
}

#define SEG(local, remote)                                                                     \
    "curr:qos local " local "\ncurr:qos remote " remote "\ndes:qos mandatory local sendrecv\n" \
    "des:qos mandatory remote sendrecv\n"

TND_TEST(pre_flow_segmented, "RFC 3312 §13.2",
         "segmented: the caller reserves first, the callee answers when it has reserved too")
{
    struct tnd_pre_wish wish = qos(TND_SDP_STRENGTH_MANDATORY, true);
    struct side a, b;

    side_init_a(&a, &wish);
    side_init_b(&b, &wish);
    CHECK_STR(tnd_slice_str(side_next(&a)), "0 qos local sendrecv mandatory early\n");
    side_reserved(&a, TND_SDP_LOCAL, TND_SDP_SENDRECV, TND_PRE_RESERVED);
    struct tnd_slice sdp1 = side_offer(&a);
    CHECK_LINES(sdp1, SEG("sendrecv", "none"));
    side_take_offer(&b, sdp1);
    CHECK_SUSPENDED(&b);
    CHECK_STR(tnd_slice_str(side_next(&b)), "0 qos local sendrecv mandatory early\n");
    side_reserved(&b, TND_SDP_LOCAL, TND_SDP_SENDRECV, TND_PRE_RESERVED);
    CHECK_MET(&b); /* so the answer goes in a 180 */
    struct tnd_slice sdp2 = side_answer(&b);
    CHECK_LINES(sdp2, SEG("sendrecv", "sendrecv"));
    side_take_answer(&a, sdp2);
    CHECK_MET(&a);

    struct tnd_slice fewer = side_offer(&a);
    CHECK_LINES(fewer, SEG("sendrecv", "sendrecv"));
    side_take_offer(&b, fewer);
    CHECK_LINES(side_answer(&b), SEG("sendrecv", "sendrecv"));
    CHECK_MET(&b);
    side_fini(&a);
    side_fini(&b);
}

TND_TEST(pre_flow_offer_in_response, "RFC 3312 §13.3",
         "the callee offers, asks to be told, and rings when it has been and has reserved")
{
    struct side a, b;

    start_e2e(&a, &b);
    struct tnd_slice sdp1 = side_offer(&b);
    CHECK_LINES(sdp1, E2E_NONE "conf:qos e2e recv\n");
    CHECK_EQ(b.pre.tag, TND_PRE_TAG_REQUIRE);
    CHECK_SUSPENDED(&b);
    side_take_offer(&a, sdp1);
    struct tnd_slice sdp2 = side_answer(&a);
    CHECK_LINES(sdp2, E2E_NONE);
    side_take_answer(&b, sdp2);

    side_reserved(&a, TND_SDP_E2E, TND_SDP_SEND, TND_PRE_RESERVED);
    CHECK(tnd_pre_offer_is_due(&a.pre));
    struct tnd_slice sdp3 = side_offer(&a);
    CHECK_LINES(sdp3, E2E_SEND);
    side_take_offer(&b, sdp3);
    struct tnd_slice sdp4 = side_answer(&b);
    CHECK_LINES(sdp4, E2E_RECV);
    CHECK_SUSPENDED(&b);
    side_take_answer(&a, sdp4);
    CHECK_SUSPENDED(&a);
    side_reserved(&b, TND_SDP_E2E, TND_SDP_SEND, TND_PRE_RESERVED);
    CHECK_MET(&b);
    tnd_pre_resumed(&a.pre); /* 180 */
    CHECK_MET(&a);
    side_fini(&a);
    side_fini(&b);
}

TND_TEST(pre_flow_transfer, "RFC 4032 §4.1",
         "an answer that moves the stream to somebody else takes back what was reserved")
{
    struct tnd_pre_wish wish = qos(TND_SDP_STRENGTH_MANDATORY, false);
    struct side a, b, c;

    start_e2e(&a, &b);
    play_e2e(&a, &b);
    side_init_b(&c, &wish);
    CHECK(tnd_sdp_conn_to(TND_STR("192.0.2.7"), &c.p.local.conn));
    struct tnd_slice offer = side_offer(&a); /* in the 200 to a re-INVITE without an offer */
    CHECK_LINES(offer, E2E_SENDRECV);
    side_take_offer(&c, offer);
    struct tnd_slice answer = side_answer(&c);
    CHECK_LINES(answer, E2E_RECV); /* what A says of itself, C cannot know better */
    struct tnd_sdp_flaws flaws = {.count = 0};
    CHECK_EQ(tnd_pre_answered(&a.pre, answer, &flaws), 0); /* "o=" is C's */
    CHECK_STR(tnd_slice_str(side_next(&a)), "0 qos e2e send mandatory\n");
    CHECK_SUSPENDED(&a);
    side_fini(&a);
    side_fini(&b);
    side_fini(&c);
}

TND_TEST(pre_answerer_moves, "RFC 4032 §4.1",
         "an answerer that moves a stream sets all its current status to none")
{
    struct side a, b;

    start_e2e(&a, &b);
    play_e2e(&a, &b);
    side_take_offer(&b, side_offer(&a));
    b.p.streams[0].port = 30010;
    tnd_pre_moved(&b.pre, 0);
    CHECK_SUSPENDED(&b);
    struct tnd_slice answer = side_answer(&b);
    CHECK_LINES(answer, E2E_NONE "conf:qos e2e recv\n");
    side_take_answer(&a, answer);
    CHECK_SUSPENDED(&a);
    CHECK_STR(tnd_slice_str(side_next(&a)), "0 qos e2e send mandatory\n");
    side_reserved(&a, TND_SDP_E2E, TND_SDP_SEND, TND_PRE_RESERVED);
    CHECK(tnd_pre_offer_is_due(&a.pre));
    side_fini(&a);
    side_fini(&b);
}

TND_TEST(pre_strength_over_time, "RFC 4032 §4.2",
         "an offer may lower the desired strength of a stream that exists, and an answer may not")
{
    struct side a, b;

    start_e2e(&a, &b);
    play_e2e(&a, &b);
    a.wishes[0] = b.wishes[0] = qos(TND_SDP_STRENGTH_OPTIONAL, false);
    side_take_offer(&b, side_offer(&a));
    CHECK_LINES(side_answer(&b),
                E2E_SENDRECV); /* B would be content with less, and may not say so */
    tnd_pre_rollback(&a.pre);

    tnd_pre_set_wishes(&a.pre, 0, a.wishes);
    struct tnd_slice offer = side_offer(&a);
    CHECK_LINES(offer, "curr:qos e2e sendrecv\ndes:qos optional e2e sendrecv\n");
    CHECK_EQ(a.pre.tag, TND_PRE_TAG_SUPPORTED);
    side_take_offer(&b, offer);
    struct tnd_slice answer = side_answer(&b);
    CHECK_LINES(answer, "curr:qos e2e sendrecv\ndes:qos optional e2e sendrecv\n");
    side_fini(&a);
    side_fini(&b);
}

#define SEC(curr) "curr:sec e2e " curr "\ndes:sec mandatory e2e sendrecv\n"

TND_TEST(pre_flow_security, "RFC 5027 §4.1",
         "security: what each side knows of keys is current, and the PRACK brings the confirmation")
{
    struct tnd_pre_wish wish = {
        .type = TND_STR("sec"), .offered = {true}, .mandatory = {TND_SDP_SENDRECV}};
    struct tnd_pre_rows rows = {.type = wish.type, .status = TND_SDP_E2E};
    struct side a, b;

    wish.own[TND_SDP_E2E] = TND_SDP_SENDRECV;
    side_init_a(&a, &wish);
    wish.own[TND_SDP_E2E] = TND_SDP_RECV;
    wish.confirm[TND_SDP_E2E] = TND_SDP_SENDRECV;
    side_init_b(&b, &wish);

    struct tnd_slice sdp1 = side_offer(&a);
    CHECK_LINES(sdp1, SEC("none"));
    side_take_offer(&b, sdp1);
    rows.direction = TND_SDP_RECV; /* B knows the parameters of both */
    CHECK_EQ(tnd_pre_reserved(&b.pre, &rows, TND_PRE_RESERVED), 0);
    struct tnd_slice sdp2 = side_answer(&b);
    CHECK_LINES(sdp2, SEC("recv") "conf:sec e2e sendrecv\n");
    side_take_answer(&a, sdp2);
    rows.direction = TND_SDP_SENDRECV; /* so does A now */
    CHECK_EQ(tnd_pre_reserved(&a.pre, &rows, TND_PRE_RESERVED), 0);
    CHECK(tnd_pre_offer_is_due(&a.pre));
    struct tnd_slice sdp3 = side_offer(&a);
    CHECK_LINES(sdp3, SEC("sendrecv"));
    side_take_offer(&b, sdp3);
    CHECK_MET(&b);
    struct tnd_slice sdp4 = side_answer(&b);
    CHECK_LINES(sdp4, SEC("sendrecv"));
    side_take_answer(&a, sdp4);
    CHECK_MET(&a);
    side_fini(&a);
    side_fini(&b);
}
