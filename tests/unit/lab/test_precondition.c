/* lab-580: preconditions that cannot be met, and those that need not be. */
#include "unit/lab/lab_test.h"

#define NONE "a=curr:qos local none\r\na=curr:qos remote none\r\n"
#define MANDATORY \
    NONE "a=des:qos mandatory local sendrecv\r\na=des:qos mandatory remote sendrecv\r\n"
#define OPTIONAL NONE "a=des:qos optional local sendrecv\r\na=des:qos optional remote sendrecv\r\n"

/* Whether the body is that stream alone, with those lines. */
static void check_stream(const struct lab_test *t, const char *stream)
{
    struct tnd_slice body = t->reply->body;

    CHECK_STR(lab_value(t, TND_HEADER_CONTENT_TYPE), "application/sdp");
    CHECK(body.len > strlen(stream));
    CHECK_STR(tnd_slice(tnd_slice_end(body) - strlen(stream), strlen(stream)), stream);
}

#define FAILED_BOTH "m=audio 0 RTP/AVP 0\r\na=des:qos failure local sendrecv\r\n"

TND_TEST(lab_580, "RFC 3312 §8",
         "lab-580 refuses mandatory preconditions, and its description and Warning say why")
{
    struct lab_test t;

    lab_ask(&t, "INVITE", "sip:lab-580@a;ring=1;retry-after=9",
            "Require: precondition\r\n" LAB_SDP_TYPE, LAB_SDP MANDATORY);
    CHECK_REFUSED(&t, 580, LAB_PRECONDITION); /* at once: RFC 3312 §6, nobody is alerted */
    check_stream(&t, FAILED_BOTH);
    CHECK_STR(lab_value(&t, TND_HEADER_WARNING),
              "399 192.0.2.1 \"No resources can be reserved here: preconditions may be optional\"");
    CHECK_STR(lab_value(&t, TND_HEADER_RETRY_AFTER), "9");

    lab_ask(&t, "INVITE", "sip:lab-580@a;delay=2", LAB_SDP_TYPE, LAB_SDP MANDATORY);
    lab_next(&t);
    CHECK(!t.reply);
    CHECK_EQ(t.step.due, TND_MS(2000));
    lab_next(&t);
    CHECK_EQ(t.reply->code, 580);
}

TND_TEST(lab_580_in_dialog, "RFC 3312 §8",
         "lab-580 refuses them in a call that it has answered too")
{
    static const char *const methods[] = {"INVITE", "UPDATE"};
    struct lab_test t;

    for (size_t i = 0; i < 2; i++) {
        lab_ask_in_dialog(&t, methods[i], "sip:lab-580@a", LAB_SDP_TYPE, LAB_SDP MANDATORY);
        CHECK_REFUSED(&t, 580, LAB_PRECONDITION);
        check_stream(&t, FAILED_BOTH);
        CHECK(tnd_msg_has(t.reply, TND_HEADER_WARNING));
    }
}

TND_TEST(lab_580_unknown, "RFC 3312 §9", "lab-580 names types that it does not know as unknown")
{
    struct lab_test t;

    lab_ask(&t, "INVITE", "sip:lab-580@a", LAB_SDP_TYPE,
            LAB_SDP "a=curr:sec e2e none\r\na=des:sec mandatory e2e sendrecv\r\n");
    CHECK_REFUSED(&t, 580, LAB_PRECONDITION);
    check_stream(&t, "m=audio 0 RTP/AVP 0\r\na=des:sec unknown e2e sendrecv\r\n");
}

TND_TEST(lab_580_cannot_wait, "RFC 3312 §8",
         "lab-580 does not wait for what only the caller has to reserve, unless it is reserved")
{
    struct lab_test t;

    lab_ask(&t, "INVITE", "sip:lab-580@a", LAB_SDP_TYPE,
            LAB_SDP NONE
            "a=des:qos mandatory local sendrecv\r\na=des:qos none remote sendrecv\r\n");
    CHECK_REFUSED(&t, 580, LAB_PRECONDITION);
    check_stream(&t, "m=audio 0 RTP/AVP 0\r\na=des:qos failure remote sendrecv\r\n");
    lab_ask(&t, "INVITE", "sip:lab-580@a", LAB_SDP_TYPE,
            LAB_SDP "a=curr:qos local sendrecv\r\na=curr:qos remote none\r\n"
                    "a=des:qos mandatory local sendrecv\r\na=des:qos none remote sendrecv\r\n");
    CHECK_REFUSED(&t, 200, LAB_RESERVES_NOTHING);
}

TND_TEST(lab_580_answers, "RFC 3312 §11",
         "lab-580 answers optional preconditions with their status, and a call without any")
{
    struct lab_test t;

    lab_ask(&t, "INVITE", "sip:lab-580@a", "Supported: precondition\r\n" LAB_SDP_TYPE,
            LAB_SDP OPTIONAL);
    CHECK_REFUSED(&t, 200, LAB_RESERVES_NOTHING);
    check_stream(&t, "m=audio 9 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n" OPTIONAL "a=inactive\r\n");
    CHECK_STR(lab_value(&t, TND_HEADER_SUPPORTED), "precondition");
    lab_ask(&t, "INVITE", "sip:lab-580@a", LAB_SDP_TYPE, LAB_SDP);
    CHECK_REFUSED(&t, 200, LAB_RESERVES_NOTHING);
    check_stream(&t, "m=audio 9 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=inactive\r\n");
    lab_ask(&t, "INVITE", "sip:lab-580@a", "", NULL);
    CHECK_REFUSED(&t, 200, LAB_RESERVES_NOTHING);
    lab_ask(&t, "OPTIONS", "sip:lab-580@a", "", NULL);
    CHECK_REFUSED(&t, 200, LAB_RESERVES_NOTHING);
    CHECK_STR(lab_value(&t, TND_HEADER_SUPPORTED), "precondition");
}

TND_TEST(lab_200_has_no_preconditions, "RFC 3312 §11",
         "other users do not support preconditions: their answers have none")
{
    struct lab_test t;

    lab_ask(&t, "INVITE", "sip:lab-200@a", LAB_SDP_TYPE, LAB_SDP OPTIONAL);
    CHECK_REFUSED(&t, 200, LAB_CODE);
    check_stream(&t, "m=audio 9 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=inactive\r\n");
}
