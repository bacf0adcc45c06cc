/* Ways and silence: routes, NATs, losses, and nobody who answers. */
#include "unit/diag/scene.h"

#define AUDIO "m=audio 4000 RTP/AVP 0\r\n"

TND_TEST(find_missing_record_route, "RFC 3261 §16.6",
         "a BYE that goes around a proxy and fails is the doing of the proxy that did not stay")
{
    SCENE({"0.0 A>P INVITE 1"}, {"0.1 P>B INVITE 1 via=A>P"}, {"1.0 B>P 200 INVITE 1 via=A>P"},
          {"1.1 P>A 200 INVITE 1"}, {"1.2 A>P ACK 1"}, {"9.0 A>B BYE 2"}, {"9.5 A>B BYE 2"},
          {"10.5 A>B BYE 2"});
    CHECK_FOUND(RECORD_ROUTE_MISSING, TND_DIAG_ERROR, TND_DIAG_PROXY);
    CHECK(FOUND(RECORD_ROUTE_MISSING)->is_guess);
    CHECK_EQ(FOUND(RECORD_ROUTE_MISSING)->place.octets[3], 5);
    CHECK_FOUND(DIALOG_REQUEST_UNANSWERED, TND_DIAG_WARNING, TND_DIAG_NETWORK);
}

#define RECORDED "Record-Route: <sip:203.0.113.5;lr>\r\n"

TND_TEST(find_ignored_route, "RFC 3261 §12.2.1.1",
         "a request without Route in a call that has one is told")
{
    SCENE({"0.0 A>P INVITE 1"}, {"1.0 P>A 200 INVITE 1", RECORDED}, {"1.1 A>B ACK 1"},
          {"9.0 A>B BYE 2"}, {"9.1 B>A 481 BYE 2"});
    CHECK_FOUND(ROUTE_IGNORED, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK_SHOWS(ROUTE_IGNORED, "Record-Route");
    CHECK_STR(FOUND(ROUTE_IGNORED)->detail, "BYE");
    SCENE({"0.0 A>P INVITE 1"}, {"1.0 P>A 200 INVITE 1", RECORDED}, {"1.1 A>B ACK 1"},
          {"9.0 A>B BYE 2"}, {"9.1 B>A 200 BYE 2"});
    CHECK_FOUND(ROUTE_IGNORED, TND_DIAG_WARNING, TND_DIAG_CALLER);
    SCENE({"0.0 A>P INVITE 1"}, {"1.0 P>A 200 INVITE 1", RECORDED},
          {"1.1 A>P ACK 1", "Route: <sip:203.0.113.5;lr>\r\n"},
          {"9.0 A>P BYE 2", "Route: <sip:203.0.113.5;lr>\r\n"}, {"9.1 P>A 200 BYE 2"});
    CHECK(!FOUND(ROUTE_IGNORED));
}

TND_TEST(find_no_ignored_route_in_a_refusal, "RFC 3261 §17.1.1.3",
         "the ACK by which a proxy takes the refusal of a re-INVITE has no Route, as it should be")
{
    SCENE({"0.0 A>P INVITE 1"}, {"0.1 P>B INVITE 1 via=A>P", RECORDED},
          {"1.0 B>P 200 INVITE 1 via=A>P", RECORDED}, {"1.1 P>A 200 INVITE 1", RECORDED},
          {"1.2 A>P ACK 1", "Route: <sip:203.0.113.5;lr>\r\n"}, {"1.2 P>B ACK 1 via=A>P"},
          {"5.0 A>P INVITE 2 to=b", "Route: <sip:203.0.113.5;lr>\r\n"},
          {"5.1 P>B INVITE 2 to=b via=A>P", RECORDED}, {"5.2 B>P 491 INVITE 2 via=A>P"},
          {"5.2 P>B ACKN 2"}, {"5.3 P>A 491 INVITE 2"},
          {"5.3 A>P ACKN 2", "Route: <sip:203.0.113.5;lr>\r\n"});
    CHECK(!FOUND(ROUTE_IGNORED));
}

TND_TEST(find_private_addresses, "RFC 3581 §1",
         "private addresses in Contact and SDP of a message that comes from a public one are told")
{
    SCENE({"0.0 N>B INVITE 1", "Contact: <sip:alice@192.168.1.5:5062>\r\n",
           SDP("192.168.1.5", AUDIO)},
          {"1.0 B>N 200 INVITE 1", NULL, SDP("198.51.100.2", AUDIO)}, {"1.1 N>B ACK 1"});
    CHECK_FOUND(CONTACT_PRIVATE, TND_DIAG_WARNING, TND_DIAG_CALLER);
    CHECK_STR(FOUND(CONTACT_PRIVATE)->detail, "sip:alice@192.168.1.5:5062");
    CHECK_FOUND(SDP_PRIVATE, TND_DIAG_WARNING, TND_DIAG_CALLER);
    CHECK_SHOWS(SDP_PRIVATE, "c=IN IP4 192.168.1.5");
    SCENE({"0.0 N>B INVITE 1", NULL,
           SDP("192.168.1.5", AUDIO "a=candidate:1 1 UDP 1 203.0.113.9 4000 typ srflx\r\n")},
          {"1.0 B>N 200 INVITE 1", NULL, SDP("198.51.100.2", AUDIO)}, {"1.1 N>B ACK 1"});
    CHECK(!FOUND(CONTACT_PRIVATE) && !FOUND(SDP_PRIVATE));
    SCENE({"0.0 N>P REGISTER 1", "Contact: <sip:alice@192.168.1.5>\r\n"},
          {"0.1 P>N 200 REGISTER 1"});
    CHECK_FOUND(CONTACT_PRIVATE, TND_DIAG_NOTE, TND_DIAG_CALLER);
}

TND_TEST(find_response_from_elsewhere, "RFC 3581 §4",
         "a response from another port than was asked is told, and is a fault when nobody hears it")
{
    SCENE({"0.0 A>B INVITE 1"}, {"0.1 B7>A 200 INVITE 1"}, {"0.2 A>B ACK 1"});
    CHECK_FOUND(RESPONSE_FROM_ELSEWHERE, TND_DIAG_WARNING, TND_DIAG_CALLEE);
    CHECK_EQ(FOUND(RESPONSE_FROM_ELSEWHERE)->place.port, 5067);
    SCENE({"0.0 A>B REGISTER 1"}, {"0.1 B7>A 403 REGISTER 1"}, {"0.5 A>B REGISTER 1"});
    CHECK_FOUND(RESPONSE_FROM_ELSEWHERE, TND_DIAG_ERROR, TND_DIAG_CALLEE);
    SCENE({"0.0 A>B REGISTER 1"}, {"0.1 B>A 403 REGISTER 1"}, {"0.5 A>B REGISTER 1"});
    CHECK(!FOUND(RESPONSE_FROM_ELSEWHERE) && !FOUND(RESPONSE_TO_ELSEWHERE));
}

TND_TEST(
    find_response_to_elsewhere, "RFC 3581 §4",
    "a response that goes to another port than the request came from is told if nobody hears it")
{
    SCENE({"0.0 N3>B REGISTER 1"}, {"0.1 B>N 403 REGISTER 1"}, {"0.5 N3>B REGISTER 1"});
    CHECK_FOUND(RESPONSE_TO_ELSEWHERE, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK_SHOWS(RESPONSE_TO_ELSEWHERE, "Via: ");
    SCENE({"0.0 N3>B REGISTER 1"}, {"0.1 B>N 403 REGISTER 1"});
    CHECK(!FOUND(RESPONSE_TO_ELSEWHERE));
}

TND_TEST(find_nobody_there, "RFC 3261 §17.1.1.2",
         "no response at all is told by method, and a large datagram as a guess")
{
    char large[1500];

    SCENE({"0.0 A>B INVITE 1"}, {"0.5 A>B INVITE 1"}, {"1.5 A>B INVITE 1"});
    CHECK_FOUND(NO_RESPONSE, TND_DIAG_ERROR, TND_DIAG_NETWORK);
    CHECK_STR(FOUND(NO_RESPONSE)->detail, "sip:bob@example.com");
    CHECK(!FOUND(REQUEST_TOO_LARGE));
    SCENE({"0.0 A>B OPTIONS 1"}, {"0.5 A>B OPTIONS 1"});
    CHECK_FOUND(OPTIONS_UNANSWERED, TND_DIAG_ERROR, TND_DIAG_NETWORK);
    SCENE({"0.0 A>P REGISTER 1"}, {"0.5 A>P REGISTER 1"});
    CHECK_FOUND(REGISTER_UNANSWERED, TND_DIAG_ERROR, TND_DIAG_NETWORK);
    memset(large, 'x', sizeof(large) - 1);
    memcpy(large, "X: ", 3);
    memcpy(large + sizeof(large) - 3, "\r\n", 3);
    SCENE({"0.0 A>B INVITE 1", large}, {"0.5 A>B INVITE 1", large});
    CHECK_FOUND(REQUEST_TOO_LARGE, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK(FOUND(REQUEST_TOO_LARGE)->is_guess);
}

TND_TEST(find_nobody_behind_the_proxy, "RFC 3261 §16.8",
         "a 408 of a proxy that nobody answered is told as that, and not as its own")
{
    SCENE({"0.0 A>P INVITE 1"}, {"0.1 P>A 100 INVITE 1"}, {"0.1 P>B INVITE 1 via=A>P"},
          {"0.6 P>B INVITE 1 via=A>P"}, {"32 P>A 408 INVITE 1"}, {"32.1 A>P ACKN 1"});
    CHECK_FOUND(NO_RESPONSE_BEHIND, TND_DIAG_ERROR, TND_DIAG_NETWORK);
    CHECK_EQ(FOUND(NO_RESPONSE_BEHIND)->code, 408);
    CHECK(!FOUND(NO_RESPONSE) && !FOUND(TIMED_OUT) && !FOUND(NOT_PICKED_UP));
}

TND_TEST(find_the_503_behind_a_500, "RFC 3261 §16.7",
         "a 503 that a proxy passes on as 500 is the cause, with what it says")
{
    SCENE({"0.0 A>P INVITE 1"}, {"0.1 P>B INVITE 1 via=A>P"},
          {"0.2 B>P 503 INVITE 1 via=A>P", "Retry-After: 30\r\n"}, {"0.2 P>B ACKN 1"},
          {"0.3 P>A 500 INVITE 1 to=p"}, {"0.4 A>P ACKN 1 to=p"});
    CHECK(FOUND(SERVER_OVERLOADED));
    CHECK_EQ(FOUND(SERVER_OVERLOADED)->code, 503);
    CHECK_SHOWS(SERVER_OVERLOADED, "Retry-After: 30");
    CHECK(!FOUND(SERVER_FAILED));
}

TND_TEST(find_nobody_picks_up, "RFC 3261 §21.4.9",
         "a 408 after 180 is told as a phone that rang, and not as a fault of the network")
{
    SCENE({"0.0 A>P INVITE 1"}, {"0.1 P>B INVITE 1 via=A>P"}, {"0.2 B>P 180 INVITE 1 via=A>P"},
          {"0.3 P>A 180 INVITE 1"}, {"60 P>B CANCEL 1"}, {"60.1 B>P 200 CANCEL 1"},
          {"60.1 B>P 487 INVITE 1 via=A>P"}, {"60.2 P>B ACKN 1"}, {"60.2 P>A 408 INVITE 1"},
          {"60.3 A>P ACKN 1"});
    CHECK_FOUND(NOT_PICKED_UP, TND_DIAG_WARNING, TND_DIAG_CALLEE);
    CHECK(!FOUND(TIMED_OUT) && !FOUND(NO_RESPONSE_BEHIND));
}

TND_TEST(find_losses, "RFC 3261 §17.1",
         "what is sent again and again before and after a response tells who does not hear whom")
{
    SCENE({"0.0 A>B INVITE 1"}, {"0.5 A>B INVITE 1"}, {"1.5 A>B INVITE 1"},
          {"1.6 B>A 200 INVITE 1"}, {"1.7 A>B ACK 1"});
    CHECK_FOUND(REQUEST_LOST, TND_DIAG_WARNING, TND_DIAG_NETWORK);
    CHECK(!FOUND(RESPONSE_LOST));
    SCENE({"0.0 A>B REGISTER 1"}, {"0.1 B>A 403 REGISTER 1"}, {"0.5 A>B REGISTER 1"},
          {"0.6 B>A 403 REGISTER 1"}, {"1.5 A>B REGISTER 1"}, {"1.6 B>A 403 REGISTER 1"});
    CHECK_FOUND(RESPONSE_LOST, TND_DIAG_ERROR, TND_DIAG_NETWORK);
    CHECK(!FOUND(REQUEST_LOST));
}

TND_TEST(find_proxy_that_says_no_more, "RFC 3261 §16.7",
         "a request of which only a 100 was heard is the doing of who sent the 100")
{
    SCENE({"0.0 A>P INVITE 1"}, {"0.1 P>A 100 INVITE 1"}, {"32 P>A 408 INVITE 1"},
          {"32.1 A>P ACKN 1"});
    CHECK(!FOUND(NO_FINAL_RESPONSE));
    SCENE({"0.0 A>P INVITE 1"}, {"0.1 P>A 100 INVITE 1"}, {"0.1 P>B INVITE 1 via=A>P"},
          {"0.2 B>P 100 INVITE 1 via=A>P"}, {"180 P>A 408 INVITE 1"}, {"180.1 A>P ACKN 1"});
    CHECK_FOUND(NO_FINAL_RESPONSE, TND_DIAG_ERROR, TND_DIAG_CALLEE);
    CHECK_EQ(FOUND(NO_FINAL_RESPONSE)->code, 408);
}

TND_TEST(find_silence_within_a_call, "RFC 3261 §12.2.1.2",
         "a BYE without a response is told, also where it is all that was captured")
{
    SCENE({"0.0 A>B BYE 2"});
    CHECK_FOUND(DIALOG_REQUEST_UNANSWERED, TND_DIAG_WARNING, TND_DIAG_NETWORK);
    SCENE({"0.0 A>B INFO 2"}, {"0.1 B>A 200 INFO 2"});
    CHECK_EQ(scene_worst(), -1);
}
