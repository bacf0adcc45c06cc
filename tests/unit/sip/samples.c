/* Well-formed messages: one of each kind that the tests cut up, mend and break. */
#include "unit/sip/sip_test.h"

/* TND_STR is no constant before C23, a plain initializer is. */
#define SAMPLE(text)           \
    {                          \
        text, sizeof(text) - 1 \
    }

#define SDP                                                                                      \
    "v=0\r\no=alice 2890844526 2890844526 IN IP4 192.0.2.101\r\ns=-\r\nc=IN IP4 192.0.2.101\r\n" \
    "t=0 0\r\nm=audio 49172 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"

const struct tnd_slice sip_samples[] = {
    SAMPLE("INVITE sip:bob@biloxi.example.com SIP/2.0\r\n"
           "Via: SIP/2.0/TCP client.atlanta.example.com:5060;branch=z9hG4bK74bf9;rport\r\n"
           "Max-Forwards: 70\r\n"
           "Route: <sip:ss1.atlanta.example.com;lr>, <sip:ss2.biloxi.example.com;lr>\r\n"
           "From: \"Alice \\\"A\\\"\" <sip:alice@atlanta.example.com>;tag=9fxced76sl\r\n"
           "To: Bob <sip:bob@biloxi.example.com>\r\n"
           "Call-ID: 3848276298220188511@atlanta.example.com\r\n"
           "CSeq: 1 INVITE\r\n"
           "Contact: <sip:alice@client.atlanta.example.com;transport=tcp>;q=0.7\r\n"
           "Allow: INVITE, ACK, CANCEL,\r\n OPTIONS, BYE\r\n"
           "Supported: 100rel,timer\r\n"
           "Content-Type: application/sdp\r\n"
           "Content-Length: 136\r\n\r\n" SDP),
    SAMPLE("REGISTER sip:registrar.biloxi.example.com SIP/2.0\r\n"
           "Via: SIP/2.0/UDP bobspc.biloxi.example.com:5060;branch=z9hG4bKnashds7\r\n"
           "Max-Forwards: 70\r\n"
           "To: Bob <sip:bob@biloxi.example.com>\r\n"
           "From: Bob <sip:bob@biloxi.example.com>;tag=456248\r\n"
           "Call-ID: 843817637684230@998sdasdh09\r\n"
           "CSeq: 1826 REGISTER\r\n"
           "Contact: <sip:bob@192.0.2.4>;expires=60\r\n"
           "Contact: <sip:bob@[2001:db8::9]:5062>, \"B\" <sips:bob@192.0.2.5>\r\n"
           "Authorization: Digest username=\"bob\", realm=\"biloxi.example.com\",\r\n"
           "\tnonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c0\", uri=\"sip:biloxi.example.com\",\r\n"
           "\tresponse=\"6629fae49393a05397450978507c4ef1\"\r\n"
           "Expires: 7200\r\n"
           "Content-Length: 0\r\n\r\n"),
    SAMPLE("SIP/2.0 200 OK\r\n"
           "Via: SIP/2.0/UDP ss1.example.com;branch=z9hG4bK4b43c2ff8.1;received=192.0.2.3\r\n"
           "Via: SIP/2.0/UDP pc33.example.com;branch=z9hG4bK776asdhds ;received=192.0.2.1\r\n"
           "Record-Route: <sip:ss1.example.com;lr>\r\n"
           "To: Bob <sip:bob@biloxi.example.com>;tag=a6c85cf\r\n"
           "From: Alice <sip:alice@atlanta.example.com>;tag=1928301774\r\n"
           "Call-ID: a84b4c76e66710@pc33.example.com\r\n"
           "CSeq: 314159 INVITE\r\n"
           "Contact: <sip:bob@192.0.2.4>\r\n"
           "Content-Type: application/sdp\r\n"
           "Content-Length: 136\r\n\r\n" SDP),
    SAMPLE("SIP/2.0 100 \r\n"
           "Via: SIP/2.0/UDP pc33.example.com;branch=z9hG4bK776asdhds;received=192.0.2.1\r\n"
           "To: Bob <sip:bob@biloxi.example.com>\r\n"
           "From: Alice <sip:alice@atlanta.example.com>;tag=1928301774\r\n"
           "Call-ID: a84b4c76e66710@pc33.example.com\r\n"
           "CSeq: 314159 INVITE\r\n"
           "Content-Length: 0\r\n\r\n"),
    SAMPLE("ACK sip:bob@192.0.2.4 SIP/2.0\r\n"
           "Via: SIP/2.0/UDP pc33.example.com;branch=z9hG4bKnashds9\r\n"
           "Max-Forwards: 70\r\n"
           "To: Bob <sip:bob@biloxi.example.com>;tag=a6c85cf\r\n"
           "From: Alice <sip:alice@atlanta.example.com>;tag=1928301774\r\n"
           "Call-ID: a84b4c76e66710\r\n"
           "CSeq: 314159 ACK\r\n"
           "Content-Length: 0\r\n\r\n"),
    SAMPLE("NOTIFY sip:user@[2001:db8::1]:5060;transport=tls SIP/2.0\r\n"
           "v: SIP/2.0/TLS [2001:db8::2];branch=z9hG4bKnew;keep\r\n"
           "Max-Forwards: 20\r\n"
           "f: <sip:presence@example.com>;tag=ffd2\r\n"
           "t: <sip:user@example.com>;tag=xfg9\r\n"
           "i: 2010@terminal.example.com\r\n"
           "CSeq: 8775 NOTIFY\r\n"
           "o: presence;id=1\r\n"
           "Subscription-State: active;expires=599\r\n"
           "m: <sip:presence.example.com>\r\n"
           "k:\r\n"
           "X-Odd : kept as it came ;;,,\r\n"
           "c: text/plain\r\n"
           "l: 12\r\n\r\n"
           "a\r\n\r\nb\0\xff\xfe\r\n\r"),
    {NULL, 0},
};
