/* What RFC 3312 and RFC 4032 ask for, a rule at a time. */
#include "unit/sdp/side.h"

static void start(struct side *a, struct side *b, enum tnd_sdp_strength strength, bool segmented)
{
    struct tnd_pre_wish wish;

    tnd_pre_qos(strength, segmented, &wish);
    if (a)
        side_init_a(a, &wish);
    if (b)
        side_init_b(b, &wish);
}

/* What B answers to an offer with those lines, if B wants that much. */
static const char *answer_to(const char *lines, enum tnd_sdp_strength strength)
{
    struct side b;

    start(NULL, &b, strength, true);
    side_take_offer(&b, side_description(1, lines));
    const char *answer = side_lines(side_answer(&b));
    side_fini(&b);
    return answer;
}

#define SEGMENTED_NONE "a=curr:qos local none\r\na=curr:qos remote none\r\n"

TND_TEST(pre_two_lines_if_they_differ, "RFC 3312 §5.1.1",
         "strengths that are equal are one line with sendrecv, others are two lines")
{
    struct side a;

    start(&a, NULL, TND_SDP_STRENGTH_NONE, true);
    a.wishes[0].optional[TND_SDP_REMOTE] = TND_SDP_SEND;
    CHECK_LINES(side_offer(&a), "curr:qos local none\ncurr:qos remote none\n"
                                "des:qos none local sendrecv\n"
                                "des:qos optional remote send\ndes:qos none remote recv\n");
    CHECK_EQ(a.pre.tag, TND_PRE_TAG_SUPPORTED);
    side_fini(&a);
}

TND_TEST(pre_stream_of_one_direction, "RFC 3312 §5.1",
         "of a stream that only sends, only that direction is desired")
{
    struct side a;

    start(&a, NULL, TND_SDP_STRENGTH_MANDATORY, true);
    a.p.streams[0].direction = TND_SDP_SEND;
    CHECK_LINES(side_offer(&a), "curr:qos local none\ncurr:qos remote none\n"
                                "des:qos mandatory local send\ndes:qos none local recv\n"
                                "des:qos mandatory remote send\ndes:qos none remote recv\n");
    side_fini(&a);
}

TND_TEST(pre_both_status_types, "RFC 3312 §10",
         "a stream may have segmented and end-to-end preconditions of one type")
{
    struct side a, b;

    start(&a, &b, TND_SDP_STRENGTH_MANDATORY, true);
    a.wishes[0].offered[TND_SDP_E2E] = true;
    a.wishes[0].optional[TND_SDP_E2E] = TND_SDP_SENDRECV;
    struct tnd_slice offer = side_offer(&a);
    CHECK_LINES(offer, "curr:qos local none\ncurr:qos remote none\n"
                       "des:qos mandatory local sendrecv\ndes:qos mandatory remote sendrecv\n"
                       "curr:qos e2e none\ndes:qos optional e2e sendrecv\n");
    side_take_offer(&b, offer);
    CHECK_LINES(side_answer(&b),
                "curr:qos local none\ncurr:qos remote none\n"
                "des:qos mandatory local sendrecv\ndes:qos mandatory remote sendrecv\n"
                "conf:qos remote sendrecv\n"
                "curr:qos e2e none\ndes:qos optional e2e sendrecv\n");
    side_reserved(&b, TND_SDP_LOCAL, TND_SDP_SENDRECV, TND_PRE_RESERVED);
    CHECK_STR(tnd_slice_str(side_unmet(&b, false)), "0 qos remote sendrecv mandatory\n");
    side_fini(&a);
    side_fini(&b);
}

TND_TEST(pre_tags_turn_around, "RFC 3312 §5.2",
         "send and recv, local and remote change places in an answer")
{
    CHECK_STR(tnd_slice_str(answer_to("a=curr:qos local send\r\na=curr:qos remote none\r\n"
                                      "a=des:qos optional local send\r\n"
                                      "a=des:qos none local recv\r\n"
                                      "a=des:qos none remote send\r\n"
                                      "a=des:qos mandatory remote recv\r\n",
                                      TND_SDP_STRENGTH_NONE)),
              "curr:qos local none\ncurr:qos remote recv\n"
              "des:qos mandatory local send\ndes:qos none local recv\n"
              "des:qos none remote send\ndes:qos optional remote recv\n");
}

TND_TEST(pre_answer_raises, "RFC 3312 §5.2",
         "an answer raises strengths to what its sender wants, and lowers none")
{
    const char *none = SEGMENTED_NONE "a=des:qos none local sendrecv\r\n"
                                      "a=des:qos mandatory remote sendrecv\r\n";

    CHECK_STR(tnd_slice_str(answer_to(none, TND_SDP_STRENGTH_OPTIONAL)),
              "curr:qos local none\ncurr:qos remote none\n"
              "des:qos mandatory local sendrecv\ndes:qos optional remote sendrecv\n");
    CHECK_STR(tnd_slice_str(answer_to(none, TND_SDP_STRENGTH_MANDATORY)),
              "curr:qos local none\ncurr:qos remote none\n"
              "des:qos mandatory local sendrecv\ndes:qos mandatory remote sendrecv\n"
              "conf:qos remote sendrecv\n");
    CHECK_STR(tnd_slice_str(answer_to("", TND_SDP_STRENGTH_MANDATORY)), ""); /* nothing to raise */
}

TND_TEST(pre_answer_lowers, "RFC 3312 §5.2",
         "an answer that lowers a strength is odd, and lowers nothing")
{
    struct side a;

    PROVES(PRECONDITION_LOWERED);
    start(&a, NULL, TND_SDP_STRENGTH_MANDATORY, true);
    side_offer(&a);
    side_names_answer(&a,
                      side_description(1, SEGMENTED_NONE "a=des:qos mandatory local sendrecv\r\n"
                                                         "a=des:qos optional remote sendrecv\r\n"),
                      TND_RULE_PRECONDITION_LOWERED);
    CHECK_STR(tnd_slice_str(side_unmet(&a, false)),
              "0 qos local sendrecv mandatory\n0 qos remote sendrecv mandatory\n");
    side_fini(&a);
}

TND_TEST(pre_unanswered, "RFC 3312 §11",
         "who does not answer preconditions does not support them: mandatory ones cannot be met")
{
    struct side a;

    PROVES(PRECONDITION_UNANSWERED);
    start(&a, NULL, TND_SDP_STRENGTH_MANDATORY, true);
    side_offer(&a);
    side_names_answer(&a, side_description(1, ""), TND_RULE_PRECONDITION_UNANSWERED);
    CHECK_EQ(side_rule(&a), TND_RULE_PRECONDITION_FAILED);
    CHECK_STR(tnd_slice_str(side_unmet(&a, true)),
              "0 qos local sendrecv failure\n0 qos remote sendrecv failure\n");
    side_fini(&a);
}

TND_TEST(pre_optional_unanswered, "RFC 3312 §11",
         "optional ones that are not answered are given up, and not offered again")
{
    struct side a;

    start(&a, NULL, TND_SDP_STRENGTH_OPTIONAL, true);
    side_offer(&a);
    side_take_answer(&a, side_description(1, ""));
    CHECK_MET(&a);
    CHECK_STR(tnd_slice_str(side_next(&a)), "");
    CHECK_LINES(side_offer(&a), "");
    CHECK_EQ(a.pre.tag, TND_PRE_TAG_NONE);
    side_fini(&a);
}

TND_TEST(pre_suspended, "RFC 3312 §6",
         "nobody is alerted until all mandatory rows are met; optional ones do not matter")
{
    struct side b;

    PROVES(PRECONDITION_SUSPENDED);
    start(NULL, &b, TND_SDP_STRENGTH_NONE, true);
    side_take_offer(&b,
                    side_description(1, "a=curr:qos local sendrecv\r\na=curr:qos remote none\r\n"
                                        "a=des:qos mandatory local sendrecv\r\n"
                                        "a=des:qos mandatory remote send\r\n"
                                        "a=des:qos optional remote recv\r\n"));
    CHECK_EQ(side_rule(&b), TND_RULE_PRECONDITION_SUSPENDED);
    side_answer(&b);
    CHECK_EQ(side_rule(&b), TND_RULE_PRECONDITION_SUSPENDED);
    CHECK_STR(tnd_slice_str(side_next(&b)),
              "0 qos local recv mandatory\n0 qos local send optional\n");
    side_reserved(&b, TND_SDP_LOCAL, TND_SDP_SEND, TND_PRE_REFUSED);
    CHECK_SUSPENDED(&b);
    side_reserved(&b, TND_SDP_LOCAL, TND_SDP_RECV, TND_PRE_RESERVED);
    CHECK_MET(&b);
    CHECK_STR(tnd_slice_str(side_next(&b)), "");
    side_reserved(&b, TND_SDP_LOCAL, TND_SDP_RECV, TND_PRE_LOST);
    CHECK_SUSPENDED(&b);
    CHECK_STR(tnd_slice_str(side_next(&b)), "0 qos local recv mandatory\n");
    side_fini(&b);
}

TND_TEST(pre_confirmed_again, "RFC 3312 §7",
         "an offer is due when what was to be confirmed is reserved, and again when it is lost")
{
    struct side a, b;

    start(&a, &b, TND_SDP_STRENGTH_MANDATORY, true);
    side_talk(&a, &b);
    side_reserved(&a, TND_SDP_LOCAL, TND_SDP_SEND, TND_PRE_RESERVED);
    CHECK(!tnd_pre_offer_is_due(&a.pre));
    side_reserved(&a, TND_SDP_LOCAL, TND_SDP_RECV, TND_PRE_RESERVED);
    CHECK(tnd_pre_offer_is_due(&a.pre));
    side_offer(&a);
    CHECK(!tnd_pre_offer_is_due(&a.pre));
    tnd_pre_rollback(&a.pre); /* a 491: it was not told */
    CHECK(tnd_pre_offer_is_due(&a.pre));
    side_talk(&a, &b);
    CHECK(!tnd_pre_offer_is_due(&a.pre));
    CHECK_STR(tnd_slice_str(side_unmet(&b, false)), "0 qos local sendrecv mandatory\n");

    side_reserved(&a, TND_SDP_LOCAL, TND_SDP_RECV, TND_PRE_LOST);
    CHECK(tnd_pre_offer_is_due(&a.pre));
    side_talk(&a, &b);
    CHECK(!tnd_pre_offer_is_due(&a.pre));
    CHECK_STR(tnd_slice_str(side_unmet(&b, false)),
              "0 qos local sendrecv mandatory\n0 qos remote send mandatory\n");
    side_fini(&a);
    side_fini(&b);
}

TND_TEST(
    pre_confirm_what_is_known, "RFC 3312 §7",
    "what is asked to be confirmed and is not ours to know does not hold the confirmation back")
{
    struct side a;

    start(&a, NULL, TND_SDP_STRENGTH_MANDATORY, false);
    side_offer(&a);
    side_take_answer(&a, side_description(1, "a=curr:qos e2e none\r\n"
                                             "a=des:qos mandatory e2e sendrecv\r\n"
                                             "a=conf:qos e2e sendrecv\r\n"));
    CHECK(!tnd_pre_offer_is_due(&a.pre));
    side_reserved(&a, TND_SDP_E2E, TND_SDP_SEND, TND_PRE_RESERVED);
    CHECK(tnd_pre_offer_is_due(&a.pre));
    side_fini(&a);
}

TND_TEST(pre_taken_back, "RFC 4032 §4.1",
         "an answer may take back what the offer said is reserved: it is reserved and told anew")
{
    struct side a;

    start(&a, NULL, TND_SDP_STRENGTH_MANDATORY, false);
    side_reserved(&a, TND_SDP_E2E, TND_SDP_SEND, TND_PRE_RESERVED);
    CHECK_LINES(side_offer(&a), "curr:qos e2e send\ndes:qos mandatory e2e sendrecv\n");
    side_take_answer(&a, side_description(1, "a=curr:qos e2e send\r\n"
                                             "a=des:qos mandatory e2e sendrecv\r\n"
                                             "a=conf:qos e2e recv\r\n"));
    CHECK_STR(tnd_slice_str(side_unmet(&a, false)), "0 qos e2e send mandatory\n");
    CHECK_STR(tnd_slice_str(side_next(&a)), "0 qos e2e send mandatory\n");
    side_reserved(&a, TND_SDP_E2E, TND_SDP_SEND, TND_PRE_RESERVED);
    CHECK(tnd_pre_offer_is_due(&a.pre));
    side_fini(&a);
}

TND_TEST(pre_reserved_meanwhile, "RFC 3312 §5.2",
         "what was reserved while an offer was on its way is not undone by the answer to it")
{
    struct side a, b;

    start(&a, &b, TND_SDP_STRENGTH_MANDATORY, true);
    side_take_offer(&b, side_offer(&a));
    side_reserved(&a, TND_SDP_LOCAL, TND_SDP_SENDRECV, TND_PRE_RESERVED);
    side_take_answer(&a, side_answer(&b));
    CHECK_STR(tnd_slice_str(side_unmet(&a, false)), "0 qos remote sendrecv mandatory\n");
    CHECK(tnd_pre_offer_is_due(&a.pre));
    side_fini(&a);
    side_fini(&b);
}

TND_TEST(pre_local_information, "RFC 4032 §4.1",
         "of what we reserve ourselves we know better than the offer, either way")
{
    struct side b;

    start(NULL, &b, TND_SDP_STRENGTH_NONE, true);
    side_reserved(&b, TND_SDP_LOCAL, TND_SDP_RECV, TND_PRE_RESERVED);
    side_take_offer(&b, side_description(1, "a=curr:qos local none\r\na=curr:qos remote recv\r\n"
                                            "a=des:qos none local sendrecv\r\n"
                                            "a=des:qos none remote sendrecv\r\n"));
    CHECK_LINES(side_answer(&b), "curr:qos local recv\ncurr:qos remote none\n"
                                 "des:qos none local sendrecv\ndes:qos none remote sendrecv\n");
    side_fini(&b);
}

TND_TEST(pre_other_side_moves, "RFC 4032 §4.1",
         "an offer that moves the stream, and does not say so by its status, starts from scratch")
{
    struct side b;
    const char *met = "a=curr:qos e2e sendrecv\r\na=des:qos mandatory e2e sendrecv\r\n";

    start(NULL, &b, TND_SDP_STRENGTH_NONE, false);
    side_take_offer(&b, side_description(1, met));
    side_reserved(&b, TND_SDP_E2E, TND_SDP_SEND, TND_PRE_RESERVED);
    CHECK_LINES(side_answer(&b), "curr:qos e2e sendrecv\ndes:qos mandatory e2e sendrecv\n");
    side_take_offer(&b, TND_STR("v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.9\r\n"
                                "t=0 0\r\nm=audio 20000 RTP/AVP 0\r\na=curr:qos e2e sendrecv\r\n"
                                "a=des:qos mandatory e2e sendrecv\r\n"));
    CHECK_LINES(side_answer(&b), "curr:qos e2e recv\ndes:qos mandatory e2e sendrecv\n");
    CHECK_STR(tnd_slice_str(side_next(&b)), "0 qos e2e send mandatory\n");
    side_fini(&b);
}

TND_TEST(pre_hold_is_no_move, "RFC 3264 §8.4",
         "a stream that is put on hold by the address 0.0.0.0 keeps what is reserved")
{
    struct side b;

    start(NULL, &b, TND_SDP_STRENGTH_NONE, false);
    side_take_offer(&b, side_description(1, "a=curr:qos e2e send\r\n"
                                            "a=des:qos mandatory e2e sendrecv\r\n"));
    side_reserved(&b, TND_SDP_E2E, TND_SDP_SEND, TND_PRE_RESERVED);
    side_answer(&b);
    side_take_offer(&b, TND_STR("v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 0.0.0.0\r\n"
                                "t=0 0\r\nm=audio 20000 RTP/AVP 0\r\na=curr:qos e2e send\r\n"
                                "a=des:qos mandatory e2e sendrecv\r\n"));
    CHECK_LINES(side_answer(&b), "curr:qos e2e sendrecv\ndes:qos mandatory e2e sendrecv\n");
    side_fini(&b);
}

TND_TEST(pre_stream_refused, "RFC 3312 §8.1",
         "preconditions of a stream with port zero are not looked at")
{
    struct side a, b;

    start(&a, &b, TND_SDP_STRENGTH_MANDATORY, true);
    party_add(&a.p, "video", 20002, "31 H261/90000");
    tnd_pre_init(&a.pre, &a.p.oa, a.streams, 2, a.wishes, 1);
    side_take_offer(&b, side_offer(&a));
    struct tnd_slice answer = side_answer(&b);
    CHECK_LINES(answer, "curr:qos local none\ncurr:qos remote none\n"
                        "des:qos mandatory local sendrecv\ndes:qos mandatory remote sendrecv\n"
                        "conf:qos remote sendrecv\nm\n");
    side_take_answer(&a, answer);
    CHECK_STR(tnd_slice_str(side_unmet(&a, false)),
              "0 qos local sendrecv mandatory\n0 qos remote sendrecv mandatory\n");
    side_fini(&a);
    side_fini(&b);
}

TND_TEST(pre_streams_that_are_offered, "RFC 3312 §5.1",
         "from the first offer on, only streams that it has are to be reserved")
{
    struct side a;

    start(&a, NULL, TND_SDP_STRENGTH_MANDATORY, true);
    tnd_pre_init(&a.pre, &a.p.oa, a.streams, 4, a.wishes, 1);
    a.p.streams[0].direction = TND_SDP_RECV;
    side_offer(&a);
    CHECK_STR(tnd_slice_str(side_next(&a)), "0 qos local recv mandatory early\n");
    CHECK_SUSPENDED(&a);
    side_reserved(&a, TND_SDP_LOCAL, TND_SDP_RECV, TND_PRE_REFUSED);
    CHECK_EQ(side_rule(&a), TND_RULE_PRECONDITION_FAILED);
    side_fini(&a);
}

TND_TEST(pre_all_streams, "RFC 3312 §6", "the preconditions of all streams of the session count")
{
    struct side a, b;

    start(&a, &b, TND_SDP_STRENGTH_MANDATORY, true);
    party_add(&a.p, "video", 20002, "31 H261/90000");
    party_add(&b.p, "video", 30002, "31 H261/90000");
    tnd_pre_init(&a.pre, &a.p.oa, a.streams, 2, a.wishes, 1);
    tnd_pre_init(&b.pre, &b.p.oa, b.streams, 2, b.wishes, 1);
    for (size_t i = 0; i < 2; i++) {
        struct tnd_pre_rows rows = {.stream = i,
                                    .type = TND_STR("qos"),
                                    .status = TND_SDP_LOCAL,
                                    .direction = TND_SDP_SENDRECV};
        side_talk(&a, &b);
        CHECK_SUSPENDED(&b);
        CHECK_EQ(tnd_pre_reserved(&a.pre, &rows, TND_PRE_RESERVED), 0);
        CHECK_EQ(tnd_pre_reserved(&b.pre, &rows, TND_PRE_RESERVED), 0);
    }
    side_talk(&a, &b);
    CHECK_MET(&a);
    CHECK_MET(&b);
    side_fini(&a);
    side_fini(&b);
}

TND_TEST(pre_odd_lines, "RFC 3312 §5.1.1",
         "a status that is said twice, or not at all, is odd; strengths of a refusal too")
{
    struct side b;

    PROVES(PRECONDITION_STATUS);
    PROVES(PRECONDITION_STRENGTH);
    start(NULL, &b, TND_SDP_STRENGTH_NONE, false);
    side_names_offer(&b, side_description(1, "a=des:qos mandatory e2e send\r\n"),
                     TND_RULE_PRECONDITION_STATUS);
    tnd_pre_rollback(&b.pre);
    side_names_offer(&b,
                     side_description(2, "a=curr:qos e2e send\r\na=curr:qos e2e recv\r\n"
                                         "a=des:qos mandatory e2e send\r\n"),
                     TND_RULE_PRECONDITION_STATUS);
    tnd_pre_rollback(&b.pre);
    side_names_offer(
        &b, side_description(3, "a=curr:qos e2e send\r\na=des:qos failure e2e sendrecv\r\n"),
        TND_RULE_PRECONDITION_STRENGTH);
    CHECK_MET(&b);
    side_fini(&b);
}

/* An exchange in which each call has room bytes to work with. false: one of them did not have enough. */
static bool talk_within(struct side *a, struct side *b, size_t room)
{
    static _Alignas(TND_ARENA_ALIGN) char bytes[64 * 1024];
    struct tnd_sdp_flaws flaws = {.count = 0};
    struct tnd_slice text;
    struct tnd_arena arena;
    int err[3];

    tnd_arena_init(&arena, bytes, room, NULL, 0);
    err[0] = tnd_pre_offer(&a->pre, &arena, &a->p.local, &text);
    CHECK_EQ(a->p.oa.state, err[0] ? TND_OA_STABLE : TND_OA_OFFER_SENT);
    if (err[0])
        text = side_offer(a);
    tnd_arena_reset(&arena);
    err[1] = tnd_pre_offered(&b->pre, &arena, &b->p.local, text, &flaws);
    CHECK_EQ(b->p.oa.state, err[1] ? TND_OA_STABLE : TND_OA_OFFER_RECEIVED);
    if (err[1])
        side_take_offer(b, text);
    tnd_arena_reset(&arena);
    err[2] = tnd_pre_answer(&b->pre, &arena, &b->p.local, &text);
    CHECK_EQ(b->p.oa.state, err[2] ? TND_OA_OFFER_RECEIVED : TND_OA_STABLE);
    if (err[2])
        text = side_answer(b);
    CHECK_LINES(text, "curr:qos local none\ncurr:qos remote none\n"
                      "des:qos mandatory local sendrecv\ndes:qos mandatory remote sendrecv\n"
                      "conf:qos remote sendrecv\n");
    for (size_t i = 0; i < 3; i++)
        CHECK(err[i] == 0 || err[i] == TND_ENOMEM);
    side_take_answer(a, text);
    return !err[0] && !err[1] && !err[2];
}

TND_TEST(pre_without_memory, "RFC 3312 §5",
         "a call that has not enough memory leaves all as it was, and goes well when it has")
{
    struct side a, b;
    size_t room = 0;

    for (bool enough = false; !enough; room += 64) {
        CHECK(room < 64 * 1024);
        start(&a, &b, TND_SDP_STRENGTH_MANDATORY, true);
        enough = talk_within(&a, &b, room);
        side_fini(&a);
        side_fini(&b);
    }
    CHECK(room > 64);
}

TND_TEST(pre_rows_of_others, "RFC 3312 §5.2", "only what is ours can be told as reserved")
{
    struct tnd_pre_rows rows = {.type = TND_STR("qos"), .status = TND_SDP_REMOTE, .direction = 1};
    struct side b;

    start(NULL, &b, TND_SDP_STRENGTH_NONE, true);
    CHECK_EQ(tnd_pre_reserved(&b.pre, &rows, TND_PRE_RESERVED), TND_ENONE);
    rows.status = TND_SDP_LOCAL;
    rows.type = TND_STR("foo");
    CHECK_EQ(tnd_pre_reserved(&b.pre, &rows, TND_PRE_RESERVED), TND_ENONE);
    rows.stream = 1;
    CHECK_EQ(tnd_pre_reserved(&b.pre, &rows, TND_PRE_RESERVED), TND_ENONE);
    side_fini(&b);
}
