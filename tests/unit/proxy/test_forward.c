/* The request that is passed on: what changes, and that nothing else does. */
#include "unit/dying.h"
#include "unit/proxy/forward_test.h"

#define OURS "Via: SIP/2.0/UDP 198.51.100.1;branch=z9hG4bKours\r\n"

/* What most have: a Via and no more. */
static struct tnd_forward_with plain(void)
{
    return (struct tnd_forward_with){.lines = TND_STR(OURS), .rport = -1, .max_forwards = 70};
}

static struct tnd_slice copy_of(const struct tnd_msg *msg, const struct tnd_forward_with *with)
{
    static char room[65536];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_forward_with filled = *with;
    struct tnd_via top;

    CHECK(tnd_msg_via(msg, &top, NULL));
    filled.top = &top;
    tnd_forward_request_write(&w, msg, &filled);
    CHECK(!tnd_writer_over(&w));
    return tnd_writer_slice(&w);
}

#define CHECK_COPY(msg, with, text) CHECK_STR(copy_of(msg, &(with)), text)

static const char after[] = "l: 0\r\n\r\n";

/* A request whose first lines are via and whose last ones are these. */
static const struct tnd_msg *request(const char *via, const char *lines)
{
    char text[4096];

    snprintf(text, sizeof(text), SIP_LINE "%s" SIP_FROM SIP_TO SIP_CALL SIP_CSEQ "%s%s", via, lines,
             after);
    return sip_read_str(text);
}

#define COPY(via, lines) SIP_LINE OURS via SIP_FROM SIP_TO SIP_CALL SIP_CSEQ lines "l: 0\r\n\r\n"

TND_TEST(forward_plain, "RFC 3261 §16.6",
         "the copy has our Via on top and one hop less, and is else as it came")
{
    struct tnd_forward_with with = plain();

    CHECK_COPY(request(SIP_VIA, "Max-Forwards: 70\r\nDate: nonsense\r\nX-New : y \r\n  z\r\n"),
               with, COPY(SIP_VIA, "Max-Forwards: 69\r\nDate: nonsense\r\nX-New : y \r\n  z\r\n"));
}

TND_TEST(forward_uri, "RFC 3261 §16.6", "the Request-URI is that of the target, or stays")
{
    struct tnd_forward_with with = plain();
    const struct tnd_msg *msg = request(SIP_VIA, SIP_HOPS);

    with.uri = TND_STR("sip:bob@[2001:db8::9]:5070;transport=tcp");
    CHECK_COPY(msg, with,
               "OPTIONS sip:bob@[2001:db8::9]:5070;transport=tcp SIP/2.0\r\n" OURS SIP_VIA SIP_FROM
                   SIP_TO SIP_CALL SIP_CSEQ "Max-Forwards: 69\r\nl: 0\r\n\r\n");
}

TND_TEST(forward_hops, "RFC 3261 §16.6",
         "Max-Forwards goes down by one, and is 70 where there was none")
{
    struct tnd_forward_with with = plain();

    with.max_forwards = 1;
    CHECK_COPY(request(SIP_VIA, "mAx-fOrwards :\t1\r\n"), with,
               COPY(SIP_VIA, "mAx-fOrwards :\t0\r\n"));
    with.max_forwards = 255;
    CHECK_COPY(request(SIP_VIA, "Max-Forwards: 255\r\n"), with,
               COPY(SIP_VIA, "Max-Forwards: 254\r\n"));
    with.max_forwards = -1;
    CHECK_COPY(request(SIP_VIA, ""), with,
               SIP_LINE OURS "Max-Forwards: 70\r\n" SIP_VIA SIP_FROM SIP_TO SIP_CALL SIP_CSEQ
                             "l: 0\r\n\r\n");
}

static void forward_it(void *msg)
{
    struct tnd_forward_with with = plain();

    with.max_forwards = 0;
    copy_of(msg, &with);
}

TND_TEST(forward_no_hops_left, "RFC 3261 §16.3",
         "whoever passes on a request with no hops left made a mistake")
{
    check_dies(forward_it, (void *)(uintptr_t)request(SIP_VIA, "Max-Forwards: 0\r\n"));
}

TND_TEST(forward_breadth, "RFC 5393 §5.3.3",
         "a request that is passed on has one Max-Breadth, its share")
{
    struct tnd_forward_with with = plain();

    with.max_breadth = 60;
    CHECK_COPY(request(SIP_VIA, SIP_HOPS), with,
               SIP_LINE OURS "Max-Breadth: 60\r\n" SIP_VIA SIP_FROM SIP_TO SIP_CALL SIP_CSEQ
                             "Max-Forwards: 69\r\nl: 0\r\n\r\n");
    with.max_breadth = 7;
    CHECK_COPY(request(SIP_VIA, SIP_HOPS "Max-Breadth:  15\r\nMax-Breadth: 9\r\n"), with,
               COPY(SIP_VIA, "Max-Forwards: 69\r\nMax-Breadth:  7\r\n"));
    with.max_breadth = 0;
    CHECK_COPY(request(SIP_VIA, SIP_HOPS "Max-Breadth: x\r\n"), with,
               COPY(SIP_VIA, "Max-Forwards: 69\r\nMax-Breadth: x\r\n"));
}

TND_TEST(forward_record_route, "RFC 3261 §16.6",
         "our Record-Route comes before those that are there, wherever they stand")
{
    static const char text[] = SIP_LINE "Record-Route: <sip:p1;lr>\r\n" SIP_HEAD
                                        "l: 0\r\nRecord-Route: <sip:p0;lr>\r\n\r\n";
    struct tnd_forward_with with = plain();

    with.lines = TND_STR(OURS "Record-Route: <sip:us;lr>\r\n");
    CHECK_COPY(sip_read_str(text), with,
               SIP_LINE OURS
               "Record-Route: <sip:us;lr>\r\nRecord-Route: <sip:p1;lr>\r\n" SIP_VIA SIP_FROM SIP_TO
                   SIP_CALL SIP_CSEQ
               "Max-Forwards: 69\r\nl: 0\r\nRecord-Route: <sip:p0;lr>\r\n\r\n");
}

/* The Via of the sender, before and after. */
static void check_seen(const char *came, const char *went, const char *received, int rport)
{
    struct tnd_forward_with with = plain();
    char via[512], copy[1024];

    with.received = tnd_slice_str(received);
    with.rport = rport;
    snprintf(via, sizeof(via), "Via: %s, SIP/2.0/UDP next;rport;received=192.0.2.77\r\n", came);
    snprintf(copy, sizeof(copy),
             SIP_LINE OURS "Via: %s, SIP/2.0/UDP next;rport;received=192.0.2.77\r\n" SIP_FROM SIP_TO
                 SIP_CALL SIP_CSEQ "Max-Forwards: 69\r\nl: 0\r\n\r\n",
             went);
    CHECK_COPY(request(via, SIP_HOPS), with, copy);
}

TND_TEST(forward_received, "RFC 3261 §18.2.1", "the sender's Via says where the request came from")
{
    PROVES(VIA_RECEIVED);
    check_seen("SIP/2.0/UDP pc;branch=z9hG4bKa",
               "SIP/2.0/UDP pc;branch=z9hG4bKa;received=192.0.2.4", "192.0.2.4", -1);
    check_seen("SIP/2.0/UDP pc", "SIP/2.0/UDP pc;received=2001:db8::1", "2001:db8::1", -1);
    check_seen("SIP/2.0/UDP pc;branch=z9hG4bKa", "SIP/2.0/UDP pc;branch=z9hG4bKa", NULL, -1);
    /* what the sender says itself is not believed */
    check_seen("SIP/2.0/UDP pc;received=1.2.3.4;branch=z9hG4bKa",
               "SIP/2.0/UDP pc;branch=z9hG4bKa;received=192.0.2.4", "192.0.2.4", -1);
    check_seen("SIP/2.0/UDP pc;a ; received = 1.2.3.4", "SIP/2.0/UDP pc;a ;received=192.0.2.4",
               "192.0.2.4", -1);
}

TND_TEST(forward_rport, "RFC 3581 §4",
         "rport gets the source port where it stands, and received goes with it")
{
    PROVES(VIA_RPORT);
    check_seen("SIP/2.0/UDP pc;branch=z9hG4bKa;rport",
               "SIP/2.0/UDP pc;branch=z9hG4bKa;rport=40000;received=192.0.2.4", "192.0.2.4", 40000);
    check_seen("SIP/2.0/UDP pc;rport;branch=z9hG4bKa",
               "SIP/2.0/UDP pc;rport=40000;received=192.0.2.4;branch=z9hG4bKa", "192.0.2.4", 40000);
    check_seen("SIP/2.0/UDP pc;x;RPort ;branch=z9hG4bKa",
               "SIP/2.0/UDP pc;x;RPort=40000;received=192.0.2.4 ;branch=z9hG4bKa", "192.0.2.4",
               40000);
    check_seen("SIP/2.0/UDP pc;rport=99;branch=z9hG4bKa",
               "SIP/2.0/UDP pc;rport=40000;received=192.0.2.4;branch=z9hG4bKa", "192.0.2.4", 40000);
    check_seen("SIP/2.0/UDP pc;rport = 99", "SIP/2.0/UDP pc;rport=40000;received=192.0.2.4",
               "192.0.2.4", 40000);
    check_seen("SIP/2.0/UDP pc;rport;received=1.2.3.4;ttl=1",
               "SIP/2.0/UDP pc;rport=40000;received=192.0.2.4;ttl=1", "192.0.2.4", 40000);
    check_seen("SIP/2.0/UDP pc;received=1.2.3.4;x-rport=2;rport",
               "SIP/2.0/UDP pc;x-rport=2;rport=40000;received=192.0.2.4", "192.0.2.4", 40000);
    /* not where it was not asked for */
    check_seen("SIP/2.0/UDP pc;branch=z9hG4bKa", "SIP/2.0/UDP pc;branch=z9hG4bKa", NULL, 40000);
}

TND_TEST(forward_length, "RFC 3261 §16.6", "Content-Length is put in where there is none")
{
    const struct tnd_msg *msg = sip_read_str(SIP_LINE SIP_HEAD "Content-Type: a/b\r\n\r\nhello");
    struct tnd_forward_with with = plain();

    CHECK_COPY(msg, with,
               SIP_LINE OURS SIP_VIA SIP_FROM SIP_TO SIP_CALL SIP_CSEQ
               "Max-Forwards: 69\r\nContent-Type: a/b\r\nContent-Length: 5\r\n\r\nhello");
}

TND_TEST(forward_body, "RFC 3261 §16.6",
         "the body goes as it came, and what followed it in the datagram does not")
{
    const struct tnd_msg *msg =
        sip_read_str(SIP_LINE SIP_HEAD "c: a/b\r\nl: 4\r\n\r\n\r\n\r\nVia: no");
    struct tnd_forward_with with = plain();

    CHECK_COPY(msg, with,
               SIP_LINE OURS SIP_VIA SIP_FROM SIP_TO SIP_CALL SIP_CSEQ
               "Max-Forwards: 69\r\nc: a/b\r\nl: 4\r\n\r\n\r\n\r\n");
}

static const char credentials[] =
    "Proxy-Authorization: Digest username=\"a\", realm=\"atlanta\", nonce=\"n\", uri=\"sip:b\", "
    "response=\"00000000000000000000000000000000\"\r\n"
    "Proxy-Authorization: Digest username=\"a\", realm=\"bil\\oxi\", nonce=\"n\", uri=\"sip:b\", "
    "response=\"00000000000000000000000000000000\"\r\n"
    "Proxy-Authorization: Basic realm=\"biloxi\"\r\nProxy-Authorization: nonsense\r\n"
    "Authorization: Digest username=\"a\", realm=\"biloxi\", nonce=\"n\", uri=\"sip:b\", "
    "response=\"00000000000000000000000000000000\"\r\n";

TND_TEST(forward_credentials, "RFC 3261 §22.3",
         "credentials for our realm go if they were used here, all others stay")
{
    struct tnd_forward_with with = plain();
    char lines[2048];
    struct tnd_slice copy;

    snprintf(lines, sizeof(lines), SIP_HOPS "%s", credentials);
    with.realm = TND_STR("biloxi");
    copy = copy_of(request(SIP_VIA, lines), &with);
    CHECK(memmem(copy.ptr, copy.len, credentials, strlen(credentials)));
    with.strips_credentials = true;
    copy = copy_of(request(SIP_VIA, lines), &with);
    CHECK(!memmem(copy.ptr, copy.len, "bil\\oxi", 7));
    CHECK(memmem(copy.ptr, copy.len, "atlanta", 7));
    CHECK(memmem(
        copy.ptr, copy.len,
        "\r\nProxy-Authorization: Basic realm=\"biloxi\"\r\nProxy-Authorization: nonsense\r\nAuthorization: Digest",
        85));
    with.realm = TND_STR("elsewhere");
    copy = copy_of(request(SIP_VIA, lines), &with);
    CHECK(memmem(copy.ptr, copy.len, credentials, strlen(credentials)));
}

TND_TEST(forward_too_many_edits, "RFC 3261 §16.6",
         "what takes too many edits is not written at all, and the writer says so")
{
    char lines[16384];
    struct tnd_writer w = tnd_writer(lines, sizeof(lines));
    struct tnd_forward_with with = plain();
    struct tnd_via top;

    for (unsigned i = 0; i < TND_EDIT_COUNT_MAX; i++)
        tnd_put_str(
            &w,
            "Proxy-Authorization: Digest username=\"a\", realm=\"r\", nonce=\"n\", uri=\"sip:b\", "
            "response=\"00000000000000000000000000000000\"\r\nX: y\r\n");
    tnd_put_char(&w, '\0');
    CHECK(!tnd_writer_over(&w));
    const struct tnd_msg *msg = sip_request_with(lines);
    char room[32768];
    struct tnd_writer copy = tnd_writer(room, sizeof(room));
    CHECK(tnd_msg_via(msg, &top, NULL));
    with.top = &top;
    with.strips_credentials = true;
    with.realm = TND_STR("r");
    tnd_forward_request_write(&copy, msg, &with);
    CHECK(tnd_writer_over(&copy));
}

TND_TEST(forward_over, "RFC 3261 §16.6", "a copy that does not fit says how much room it needs")
{
    const struct tnd_msg *msg = request(SIP_VIA, SIP_HOPS);
    struct tnd_forward_with with = plain();
    size_t len = copy_of(msg, &with).len;
    struct tnd_writer w = tnd_writer(NULL, 0);
    struct tnd_via top;

    CHECK(tnd_msg_via(msg, &top, NULL));
    with.top = &top;
    tnd_forward_request_write(&w, msg, &with);
    CHECK_EQ(w.len, len);
}
