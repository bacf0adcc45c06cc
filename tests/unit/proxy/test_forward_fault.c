/* The referee: what a proxy may do is no fault, what it may not is the one that it is. */
#include "tandem/proxy/forward_fault.h"
#include "unit/proxy/forward_test.h"

#define OURS  "Via: SIP/2.0/UDP 198.51.100.1;branch=z9hG4bKours\r\n"
#define ASKED SIP_VIA "Max-Forwards: 9\r\n" SIP_FROM SIP_TO SIP_CALL SIP_CSEQ "X: y\r\nX: z\r\n"
#define FIRST OURS SIP_VIA "Max-Forwards: 8\r\nMax-Breadth: 60\r\n"
#define REST  SIP_FROM SIP_TO SIP_CALL SIP_CSEQ "X: y\r\nX: z\r\n"
#define BODY  "l: 4\r\n\r\nbody"

static enum tnd_rule asked(const char *went)
{
    return tnd_forward_request_fault(sip_read_str(SIP_LINE ASKED BODY), sip_read_str(went));
}

static enum tnd_rule asked_with(const char *came, const char *went)
{
    char text[2048];
    const struct tnd_msg *msg = sip_read_str(SIP_LINE OURS REST "\r\n");

    snprintf(text, sizeof(text), SIP_LINE SIP_VIA "%s" REST "\r\n", came);
    msg = sip_read_str(text);
    snprintf(text, sizeof(text), SIP_LINE OURS SIP_VIA "%s" REST "\r\n", went);
    return tnd_forward_request_fault(msg, sip_read_str(text));
}

TND_TEST(fault_none, "RFC 3261 §16.6", "what a proxy has to do is no fault, nor what it may add")
{
    CHECK_EQ(asked(SIP_LINE FIRST REST BODY), 0);
    CHECK_EQ(asked("OPTIONS sip:else@where SIP/2.0\r\n" FIRST "Record-Route: <sip:us;lr>\r\n" REST
                   "Route: <sip:p;lr>\r\n" BODY),
             0);
    CHECK_EQ(
        asked(SIP_LINE OURS
              "Via: SIP/2.0/UDP pc33.example.com;received=192.0.2.1;branch=z9hG4bK776asdhds\r\n"
              "Max-Forwards: 8\r\nMax-Breadth: 1\r\n" REST BODY),
        0);
    CHECK_EQ(asked_with("Route: <sip:us;lr>\r\nProxy-Authorization: Digest realm=\"us\"\r\n",
                        "Max-Forwards: 70\r\nMax-Breadth: 60\r\n"),
             0);
}

TND_TEST(fault_uri, "RFC 3261 §16.6", "method and headers are seen in the Request-URI of a copy")
{
    PROVES(FORWARD_URI);
    CHECK_EQ(asked("OPTIONS sip:a@b;method=INVITE SIP/2.0\r\n" FIRST REST BODY),
             TND_RULE_FORWARD_URI);
    CHECK_EQ(asked("SIP/2.0 200 OK\r\n" FIRST REST BODY), TND_RULE_FORWARD_URI);
}

TND_TEST(fault_via, "RFC 3261 §16.6", "a Via that is missing, changed or not on top is seen")
{
    PROVES(FORWARD_VIA);
    CHECK_EQ(asked(SIP_LINE ASKED BODY), TND_RULE_FORWARD_VIA);
    CHECK_EQ(asked(SIP_LINE OURS OURS SIP_VIA REST BODY), TND_RULE_FORWARD_VIA);
    CHECK_EQ(asked(SIP_LINE SIP_VIA OURS REST BODY), TND_RULE_FORWARD_VIA);
    CHECK_EQ(
        asked(SIP_LINE OURS "Via: SIP/2.0/UDP pc33.example.com;branch=z9hG4bK776\r\n" REST BODY),
        TND_RULE_FORWARD_VIA);
    CHECK_EQ(asked(SIP_LINE REST BODY), TND_RULE_FORWARD_VIA);
}

TND_TEST(fault_hops, "RFC 3261 §16.6", "hops that are not counted are seen")
{
    PROVES(FORWARD_HOPS);
    CHECK_EQ(asked(SIP_LINE OURS SIP_VIA "Max-Forwards: 9\r\nMax-Breadth: 6\r\n" REST BODY),
             TND_RULE_FORWARD_HOPS);
    CHECK_EQ(asked(SIP_LINE OURS SIP_VIA "Max-Breadth: 6\r\n" REST BODY), TND_RULE_FORWARD_HOPS);
    CHECK_EQ(asked_with("", "Max-Breadth: 6\r\n"), TND_RULE_FORWARD_HOPS);
    CHECK_EQ(asked_with("Max-Forwards: 0\r\n", "Max-Forwards: 0\r\nMax-Breadth: 6\r\n"),
             TND_RULE_FORWARD_HOPS);
    CHECK_EQ(asked_with("Max-Forwards: 0\r\n", "Max-Forwards: 4294967295\r\nMax-Breadth: 6\r\n"),
             TND_RULE_FORWARD_HOPS);
    CHECK_EQ(asked_with("Max-Forwards: x\r\n", "Max-Forwards: x\r\nMax-Breadth: 6\r\n"), 0);
}

TND_TEST(fault_breadth, "RFC 5393 §5.3.3",
         "Max-Breadth that is missing, there twice or has grown is seen")
{
    PROVES(FORWARD_BREADTH);
    CHECK_EQ(asked_with("", "Max-Forwards: 70\r\n"), TND_RULE_FORWARD_BREADTH);
    CHECK_EQ(asked_with("", "Max-Forwards: 70\r\nMax-Breadth: 6\r\nMax-Breadth: 6\r\n"),
             TND_RULE_FORWARD_BREADTH);
    CHECK_EQ(asked_with("Max-Breadth: 5\r\n", "Max-Forwards: 70\r\nMax-Breadth: 6\r\n"),
             TND_RULE_FORWARD_BREADTH);
    CHECK_EQ(asked_with("Max-Breadth: 6\r\n", "Max-Forwards: 70\r\nMax-Breadth: 6\r\n"), 0);
    CHECK_EQ(tnd_forward_request_fault(
                 sip_read_str("CANCEL sip:b SIP/2.0\r\n" SIP_VIA SIP_HOPS "\r\n"),
                 sip_read_str("CANCEL sip:b SIP/2.0\r\n" OURS SIP_VIA "Max-Forwards: 69\r\n\r\n")),
             0);
}

TND_TEST(fault_fields, "RFC 3261 §16.6",
         "header fields that are lost, changed or in another order are seen")
{
    PROVES(FORWARD_FIELDS);
    CHECK_EQ(asked("INFO sip:a SIP/2.0\r\n" FIRST REST BODY), TND_RULE_FORWARD_FIELDS);
    CHECK_EQ(asked(SIP_LINE FIRST SIP_FROM SIP_TO SIP_CALL SIP_CSEQ "X: y\r\n" BODY),
             TND_RULE_FORWARD_FIELDS);
    CHECK_EQ(asked(SIP_LINE FIRST SIP_FROM SIP_TO SIP_CALL SIP_CSEQ "X: z\r\nX: y\r\n" BODY),
             TND_RULE_FORWARD_FIELDS);
    CHECK_EQ(asked(SIP_LINE FIRST SIP_FROM SIP_TO SIP_CALL SIP_CSEQ "X: y\r\nY: z\r\n" BODY),
             TND_RULE_FORWARD_FIELDS);
    CHECK_EQ(
        asked(SIP_LINE FIRST SIP_FROM SIP_TO SIP_CALL "CSeq: 1 OPTIONS\r\nX: y\r\nX: z\r\n" BODY),
        TND_RULE_FORWARD_FIELDS);
}

TND_TEST(fault_field_twice, "RFC 3261 §16.6", "a header field that stood twice stands twice")
{
    CHECK_EQ(
        asked_with("X: a\r\nX: a\r\n", "Max-Forwards: 70\r\nMax-Breadth: 6\r\nX: a\r\nX: a\r\n"),
        0);
    CHECK_EQ(asked_with("X: a\r\nX: a\r\n", "Max-Forwards: 70\r\nMax-Breadth: 6\r\nX: a\r\n"),
             TND_RULE_FORWARD_FIELDS);
}

TND_TEST(fault_body, "RFC 3261 §16.6", "a body that is not as it was is seen")
{
    PROVES(FORWARD_BODY);
    CHECK_EQ(asked(SIP_LINE FIRST REST "l: 4\r\n\r\nBody"), TND_RULE_FORWARD_BODY);
    CHECK_EQ(asked(SIP_LINE FIRST REST "l: 0\r\n\r\n"), TND_RULE_FORWARD_BODY);
}

#define ANSWER "SIP/2.0 503 No\r\n" OURS SIP_VIA REST "Contact: <sip:b>\r\n" BODY

static enum tnd_rule answered(const char *went)
{
    return tnd_forward_response_fault(sip_read_str(ANSWER), sip_read_str(went));
}

TND_TEST(fault_of_response, "RFC 3261 §16.7",
         "what is done to a response beyond its top Via is seen")
{
    PROVES(BACK_VIA);
    PROVES(BACK_FIELDS);
    CHECK_EQ(answered("SIP/2.0 503 No\r\n" SIP_VIA REST "Contact: <sip:b>\r\n" BODY), 0);
    CHECK_EQ(answered("SIP/2.0 500 Server\r\n" SIP_VIA REST "Contact: <sip:b>\r\nX: y\r\n" BODY),
             0);
    CHECK_EQ(answered(ANSWER), TND_RULE_BACK_VIA);
    CHECK_EQ(answered("SIP/2.0 503 No\r\n" REST "Contact: <sip:b>\r\n" BODY), TND_RULE_BACK_VIA);
    CHECK_EQ(answered("SIP/2.0 503 No\r\n" OURS REST "Contact: <sip:b>\r\n" BODY),
             TND_RULE_BACK_VIA);
    CHECK_EQ(answered("SIP/2.0 503 No\r\n" SIP_VIA REST BODY), TND_RULE_BACK_FIELDS);
    CHECK_EQ(answered("SIP/2.0 503 No\r\n" SIP_VIA REST "Contact: <sip:b>\r\nl: 0\r\n\r\n"),
             TND_RULE_FORWARD_BODY);
    CHECK_EQ(tnd_forward_response_fault(
                 sip_read_str("SIP/2.0 302 M\r\n" OURS SIP_VIA REST "Contact: <sip:b>\r\n" BODY),
                 sip_read_str("SIP/2.0 302 M\r\n" SIP_VIA REST BODY)),
             0);
}
