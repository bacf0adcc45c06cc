/* The response that is passed back: our Via goes, and what else is asked for. */
#include "unit/proxy/forward_test.h"

#define OURS    "SIP/2.0/UDP 198.51.100.1;branch=z9hG4bKours"
#define TAIL    "From: <sip:a>;tag=1\r\nTo: <sip:b>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n"
#define NO_BODY "Content-Length: 0\r\n\r\n"

static struct tnd_slice copy_of(const char *text, struct tnd_forward_back back)
{
    static char room[8192];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    const struct tnd_msg *msg = sip_read_str(text);
    struct tnd_via top;

    CHECK(tnd_msg_via(msg, &top, NULL));
    back.top = &top;
    tnd_forward_response_write(&w, msg, &back);
    CHECK(!tnd_writer_over(&w));
    return tnd_writer_slice(&w);
}

#define BACK(...) ((struct tnd_forward_back){__VA_ARGS__})

static const struct tnd_forward_back plain;

TND_TEST(back_via, "RFC 3261 §16.7", "the response loses its top Via and is else as it came")
{
    CHECK_STR(copy_of("SIP/2.0 180 Ringing, she said\r\nVia: " OURS
                      "\r\nVia: SIP/2.0/UDP a\r\n" TAIL
                      "Record-Route: <sip:us;lr>\r\nWarning: nonsense\r\n" NO_BODY,
                      plain),
              "SIP/2.0 180 Ringing, she said\r\nVia: SIP/2.0/UDP a\r\n" TAIL
              "Record-Route: <sip:us;lr>\r\nWarning: nonsense\r\n" NO_BODY);
    CHECK_STR(copy_of("SIP/2.0 200 OK\r\nX: y\r\nv :" OURS
                      " ,\r\n SIP/2.0/UDP a, SIP/2.0/TCP b\r\n" TAIL
                      "c: a/b\r\nl: 4\r\n\r\nbody, and more",
                      plain),
              "SIP/2.0 200 OK\r\nX: y\r\nv :SIP/2.0/UDP a, SIP/2.0/TCP b\r\n" TAIL
              "c: a/b\r\nl: 4\r\n\r\nbody");
}

TND_TEST(back_code, "RFC 3261 §16.7", "a 503 goes up as 500, with its phrase")
{
    CHECK_STR(copy_of("SIP/2.0 503 Down for lunch\r\nVia: " OURS ", SIP/2.0/UDP a\r\n" TAIL
                      "Retry-After: 60\r\n" NO_BODY,
                      BACK(.code = 500)),
              "SIP/2.0 500 Server Internal Error\r\nVia: SIP/2.0/UDP a\r\n" TAIL
              "Retry-After: 60\r\n" NO_BODY);
    CHECK_STR(
        copy_of("SIP/2.0 503 \r\nVia: " OURS ", SIP/2.0/UDP a\r\n" TAIL NO_BODY, BACK(.code = 408)),
        "SIP/2.0 408 Request Timeout\r\nVia: SIP/2.0/UDP a\r\n" TAIL NO_BODY);
    CHECK_STR(
        copy_of("SIP/2.0 503\r\nVia: " OURS ", SIP/2.0/UDP a\r\n" TAIL NO_BODY, BACK(.code = 408)),
        "SIP/2.0 408 Request Timeout\r\nVia: SIP/2.0/UDP a\r\n" TAIL NO_BODY);
}

TND_TEST(back_fields, "RFC 3261 §16.7", "further lines come behind the others")
{
    CHECK_STR(copy_of("SIP/2.0 401 No\r\nVia: " OURS ", SIP/2.0/UDP a\r\n" TAIL NO_BODY,
                      BACK(.fields = TND_STR("Warning: 399 us \"a\"\r\n"))),
              "SIP/2.0 401 No\r\nVia: SIP/2.0/UDP a\r\n" TAIL
              "Content-Length: 0\r\nWarning: 399 us \"a\"\r\n\r\n");
    CHECK_STR(copy_of("SIP/2.0 401 No\r\nVia: " OURS ", SIP/2.0/UDP a\r\n" TAIL "\r\n", plain),
              "SIP/2.0 401 No\r\nVia: SIP/2.0/UDP a\r\n" TAIL NO_BODY);
}

/* The Contacts of a 302, before and after those in followed are gone. */
static void check_contacts(const char *came, uint64_t followed, const char *went)
{
    char text[2048], copy[2048];

    snprintf(text, sizeof(text),
             "SIP/2.0 302 M\r\nVia: " OURS ", SIP/2.0/UDP a\r\n" TAIL "%s" NO_BODY, came);
    snprintf(copy, sizeof(copy), "SIP/2.0 302 M\r\nVia: SIP/2.0/UDP a\r\n" TAIL "%s" NO_BODY, went);
    CHECK_STR(copy_of(text, BACK(.followed = followed)), copy);
}

TND_TEST(back_contacts, "RFC 3261 §16.7", "Contacts that were followed are taken out of a 3xx")
{
    static const char three[] = "Contact: <sip:a>;q=0.7 , B <sip:b>,\r\n sip:c;q=1\r\n";

    check_contacts(three, 0, three);
    check_contacts(three, 1, "Contact: B <sip:b>,\r\n sip:c;q=1\r\n");
    check_contacts(three, 2, "Contact: <sip:a>;q=0.7 , sip:c;q=1\r\n");
    check_contacts(three, 4, "Contact: <sip:a>;q=0.7 , B <sip:b>\r\n");
    check_contacts(three, 3, "Contact: sip:c;q=1\r\n");
    check_contacts(three, 5, "Contact: B <sip:b>\r\n");
    check_contacts(three, 6, "Contact: <sip:a>;q=0.7\r\n");
    check_contacts(three, 7, "");
    check_contacts("m: <sip:a>, <sip:b>\r\nX: y\r\nm: <sip:c>\r\n", 5, "m: <sip:b>\r\nX: y\r\n");
    check_contacts("m: <sip:a>, <sip:b>\r\nX: y\r\nm: <sip:c>, <sip:d>\r\n", 11,
                   "X: y\r\nm: <sip:c>\r\n");
    check_contacts("Contact: *\r\n", 1, "Contact: *\r\n");
    check_contacts("Contact: <sip:a>, nonsense\r\n", 1, "");
}

TND_TEST(back_challenges, "RFC 3261 §16.7",
         "all challenges of other branches go up with a 401 or 407")
{
    char room[1024];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_forward_challenges_write(
        &w,
        sip_read_str("SIP/2.0 407 P\r\nVia: " OURS ", SIP/2.0/UDP a\r\n" TAIL
                     "Proxy-Authenticate: Digest realm=\"p\", nonce=\"1\"\r\n"
                     "WWW-Authenticate:Digest realm=\"w\",\r\n nonce=\"2\"\r\n"
                     "Proxy-Authenticate: Digest realm=\"q\", nonce=\"3\"\r\nX: y\r\n" NO_BODY));
    CHECK_STR(tnd_writer_slice(&w), "WWW-Authenticate: Digest realm=\"w\",   nonce=\"2\"\r\n"
                                    "Proxy-Authenticate: Digest realm=\"p\", nonce=\"1\"\r\n"
                                    "Proxy-Authenticate: Digest realm=\"q\", nonce=\"3\"\r\n");
}

TND_TEST(back_other_contacts, "RFC 3261 §16.7",
         "Contacts that were not followed go up with another 3xx")
{
    char room[1024];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    const struct tnd_msg *other =
        sip_read_str("SIP/2.0 302 M\r\nVia: " OURS ", SIP/2.0/UDP a\r\n" TAIL
                     "m: \"A, B\" <sip:a>;q=0.1, <sip:b>\r\nm: sip:c\r\n" NO_BODY);

    tnd_forward_contacts_write(&w, other, 2);
    CHECK_STR(tnd_writer_slice(&w), "Contact: \"A, B\" <sip:a>;q=0.1\r\nContact: sip:c\r\n");
}
