/* Preconditions that cannot be met: 580, and what both sides make of it. */
#include "unit/sdp/side.h"

static void start(struct side *b, bool able)
{
    struct tnd_pre_wish wish;

    tnd_pre_qos(TND_SDP_STRENGTH_NONE, true, &wish);
    if (!able)
        memset(wish.own, 0, sizeof(wish.own));
    side_init_b(b, &wish);
}

static struct tnd_slice failure_of(struct side *b)
{
    struct tnd_slice text = {NULL, 0};

    CHECK_EQ(tnd_pre_failure(&b->pre, sdp_arena(), &b->p.local, &text), 0);
    return text;
}

#define OFFER(type)                                                 \
    "a=curr:" type " local none\r\na=curr:" type " remote none\r\n" \
    "a=des:" type " mandatory local sendrecv\r\na=des:" type " mandatory remote sendrecv\r\n"

#define FAILURE(lines)                                                                    \
    "v=0\r\no=- 1 1 IN IP4 192.0.2.4\r\ns=-\r\nc=IN IP4 192.0.2.4\r\nt=0 0\r\nm=audio 0 " \
    "RTP/AVP 0\r\n" lines

TND_TEST(pre_failed, "RFC 3312 §8",
         "a mandatory reservation that fails is told in a description with ports zero")
{
    struct side b;
    struct tnd_slice text;

    PROVES(PRECONDITION_FAILED);
    start(&b, true);
    CHECK_EQ(tnd_pre_failure(&b.pre, sdp_arena(), &b.p.local, &text), TND_ENONE);
    side_take_offer(&b, side_description(1, OFFER("qos")));
    side_answer(&b);
    side_reserved(&b, TND_SDP_LOCAL, TND_SDP_RECV, TND_PRE_RESERVED);
    CHECK_STR(failure_of(&b),
              FAILURE("a=des:qos failure local send\r\n"
                      "a=des:qos failure remote sendrecv\r\n")); /* if B waits no more */
    side_reserved(&b, TND_SDP_LOCAL, TND_SDP_SEND, TND_PRE_REFUSED);
    CHECK_EQ(side_rule(&b), TND_RULE_PRECONDITION_FAILED);
    CHECK_STR(failure_of(&b), FAILURE("a=des:qos failure local send\r\n"));
    CHECK_STR(tnd_slice_str(side_next(&b)), "");
    side_reserved(&b, TND_SDP_LOCAL, TND_SDP_SEND, TND_PRE_RESERVED); /* after all */
    CHECK_SUSPENDED(&b);
    side_fini(&b);
}

TND_TEST(pre_cannot_be_had, "RFC 3312 §8",
         "who has no reservations refuses mandatory ones of his side, and answers optional ones")
{
    struct side b;

    start(&b, false);
    side_take_offer(&b, side_description(1, OFFER("qos")));
    CHECK_EQ(side_rule(&b), TND_RULE_PRECONDITION_FAILED);
    CHECK_STR(failure_of(&b), FAILURE("a=des:qos failure local sendrecv\r\n"));
    tnd_pre_rollback(&b.pre);

    side_take_offer(&b, side_description(2, "a=curr:qos e2e none\r\n"
                                            "a=des:qos mandatory e2e send\r\n"));
    CHECK_STR(failure_of(&b), FAILURE("a=des:qos failure e2e recv\r\n"));
    tnd_pre_rollback(&b.pre);

    side_take_offer(&b, side_description(3, "a=curr:qos e2e none\r\n"
                                            "a=des:qos optional e2e sendrecv\r\n"));
    CHECK_MET(&b);
    CHECK_LINES(side_answer(&b), "curr:qos e2e none\ndes:qos optional e2e sendrecv\n");
    CHECK_STR(tnd_slice_str(side_next(&b)), "");
    side_fini(&b);
}

TND_TEST(pre_one_direction_cannot_be_had, "RFC 3312 §8",
         "who can reserve one direction of his network only refuses when the other is mandatory")
{
    struct side b;

    start(&b, true);
    b.wishes[0].own[TND_SDP_LOCAL] = TND_SDP_SEND;
    tnd_pre_set_wishes(&b.pre, 0, b.wishes);
    side_take_offer(&b, side_description(1, OFFER("qos")));
    CHECK_STR(failure_of(&b), FAILURE("a=des:qos failure local recv\r\n"));
    side_fini(&b);
}

TND_TEST(pre_unknown_type, "RFC 3312 §9",
         "a mandatory precondition of an unknown type is refused with the strength unknown")
{
    struct side b;

    PROVES(PRECONDITION_UNKNOWN);
    start(&b, true);
    side_take_offer(&b, side_description(1, "a=curr:foo e2e none\r\n"
                                            "a=des:foo mandatory e2e recv\r\n"));
    CHECK_EQ(side_rule(&b), TND_RULE_PRECONDITION_UNKNOWN);
    CHECK_STR(failure_of(&b), FAILURE("a=des:foo unknown e2e send\r\n"));
    side_fini(&b);
}

TND_TEST(pre_unknown_type_of_theirs, "RFC 3312 §9",
         "unknown preconditions that are local to the offerer are confirmed by him")
{
    struct side b;

    start(&b, true);
    side_take_offer(&b, side_description(1, "a=curr:foo local none\r\n"
                                            "a=des:foo mandatory local sendrecv\r\n"));
    CHECK_SUSPENDED(&b);
    CHECK_LINES(side_answer(&b), "curr:foo remote none\ndes:foo mandatory remote sendrecv\n"
                                 "conf:foo remote sendrecv\n");
    side_take_offer(&b, side_description(2, "a=curr:foo local sendrecv\r\n"
                                            "a=des:foo mandatory local sendrecv\r\n"));
    CHECK_MET(&b);
    side_fini(&b);
}

TND_TEST(pre_unknown_optional, "RFC 3312 §11",
         "optional preconditions of an unknown type are left out of the answer")
{
    struct side b;

    start(&b, true);
    side_take_offer(&b, side_description(1, "a=curr:foo e2e none\r\n"
                                            "a=des:foo optional e2e sendrecv\r\n"));
    CHECK_MET(&b);
    CHECK_LINES(side_answer(&b), "");
    side_fini(&b);
}

TND_TEST(pre_more_types_than_fit, "RFC 3312 §9",
         "mandatory types that there is no room for are refused, each with its line")
{
    struct side b;

    start(&b, true);
    side_take_offer(&b,
                    side_description(1, OFFER("a") OFFER("b") OFFER("c") OFFER("d") OFFER("qos")));
    CHECK_EQ(side_rule(&b), TND_RULE_PRECONDITION_UNKNOWN);
    CHECK_STR(failure_of(&b), FAILURE("a=des:a unknown local sendrecv\r\n"
                                      "a=des:b unknown local sendrecv\r\n"
                                      "a=des:c unknown local sendrecv\r\n"
                                      "a=des:d unknown remote sendrecv\r\n"
                                      "a=des:d unknown local sendrecv\r\n"));
    tnd_pre_rollback(&b.pre);
    side_take_offer(&b, side_description(2, OFFER("a-type-with-too-many-letters")));
    CHECK_STR(failure_of(&b), FAILURE("a=des:a-type-with-too-many-letters unknown remote "
                                      "sendrecv\r\n"
                                      "a=des:a-type-with-too-many-letters unknown local "
                                      "sendrecv\r\n"));
    side_fini(&b);
}

TND_TEST(
    pre_excess_is_of_an_offer, "RFC 3312 §9",
    "a type that there was no room for, and that was answered all the same, ends with the next offer")
{
    struct side b;

    start(&b, true);
    side_take_offer(&b, side_description(1, OFFER("a-type-with-too-many-letters")));
    side_answer(&b);
    CHECK_EQ(side_rule(&b), TND_RULE_PRECONDITION_UNKNOWN);
    side_offer(&b);
    side_take_answer(&b, side_description(2, ""));
    CHECK_MET(&b);
    side_fini(&b);
}

TND_TEST(pre_failure_has_all_lines, "RFC 3312 §8",
         "the description of a failure has as many streams as the last that was received")
{
    struct side b;

    start(&b, false);
    side_take_offer(&b, side_description(1, "m=video 20002 RTP/AVP 31\r\n"
                                            "m=audio 20004 RTP/AVP 0\r\n" OFFER("qos")));
    tnd_pre_rollback(&b.pre);
    party_add(&b.p, "audio", 30002, "0 PCMU/8000");
    tnd_pre_init(&b.pre, &b.p.oa, b.streams, 2, b.wishes, 1);
    side_take_offer(&b, side_description(2, "m=video 20002 RTP/AVP 31\r\n"
                                            "m=audio 20004 RTP/AVP 0\r\n" OFFER("qos")));
    CHECK_STR(failure_of(&b), FAILURE("m=video 0 RTP/AVP 31\r\nm=audio 0 RTP/AVP 0\r\n"
                                      "a=des:qos failure local sendrecv\r\n"));
    side_fini(&b);
}

TND_TEST(pre_failure_is_read, "RFC 3312 §8",
         "the caller reads from the body of a 580 what has failed, seen by himself")
{
    struct tnd_sdp sdp = sdp_read_well(FAILURE("a=des:qos mandatory local recv\r\n"
                                               "a=des:qos failure local send\r\n"
                                               "m=audio 0 RTP/AVP 0\r\n"
                                               "a=des:foo unknown e2e send\r\n"));
    struct tnd_sdp_precondition p;
    size_t at = 0, line = 9;

    CHECK(tnd_pre_failure_next(&sdp, &at, &line, &p));
    CHECK_EQ(line, 0);
    CHECK_STR(p.type, "qos");
    CHECK_EQ(p.strength, TND_SDP_STRENGTH_FAILURE);
    CHECK_EQ(p.status, TND_SDP_REMOTE);
    CHECK_EQ(p.direction, TND_SDP_RECV);
    CHECK(tnd_pre_failure_next(&sdp, &at, &line, &p));
    CHECK_EQ(line, 1);
    CHECK_STR(p.type, "foo");
    CHECK_EQ(p.strength, TND_SDP_STRENGTH_UNKNOWN);
    CHECK_EQ(p.status, TND_SDP_E2E);
    CHECK(!tnd_pre_failure_next(&sdp, &at, &line, &p));
}

TND_TEST(pre_relaxed, "RFC 3312 §8",
         "a second attempt makes mandatory optional, a third one wants nothing")
{
    struct tnd_pre_wish wish;
    struct side a;

    tnd_pre_qos(TND_SDP_STRENGTH_MANDATORY, true, &wish);
    CHECK(tnd_pre_relax(&wish));
    side_init_a(&a, &wish);
    CHECK_LINES(side_offer(&a), "curr:qos local none\ncurr:qos remote none\n"
                                "des:qos optional local sendrecv\n"
                                "des:qos optional remote sendrecv\n");
    CHECK_EQ(a.pre.tag, TND_PRE_TAG_SUPPORTED);
    side_fini(&a);
    CHECK(tnd_pre_relax(&wish));
    side_init_a(&a, &wish);
    CHECK_LINES(side_offer(&a), "curr:qos local none\ncurr:qos remote none\n"
                                "des:qos none local sendrecv\ndes:qos none remote sendrecv\n");
    side_fini(&a);
    CHECK(!tnd_pre_relax(&wish));
}
