#include <stdio.h>
#include <string.h>

#include "unit/test.h"
#include "unit/ua/pair.h"

/* A request of a peer to bob, and the code of what he says. */
struct asked {
    const char *method, *uri, *branch, *to_tag, *lines, *body;
};

static void say(struct pair *p, const struct asked *a)
{
    char text[4096];
    const char *body = a->body ? a->body : "";

    snprintf(text, sizeof(text),
             "%s %s SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK%s\r\n"
             "Max-Forwards: 70\r\nFrom: <sip:alice@192.0.2.1>;tag=a1\r\n"
             "To: <sip:bob@192.0.2.2>%s%s\r\nCall-ID: inspect\r\nCSeq: 1 %s\r\n"
             "Contact: <sip:alice@192.0.2.1>\r\n%sContent-Length: %zu\r\n\r\n%s",
             a->method, a->uri ? a->uri : "sip:bob@192.0.2.2", a->branch ? a->branch : "1",
             a->to_tag ? ";tag=" : "", a->to_tag ? a->to_tag : "", a->method,
             a->lines ? a->lines : "", strlen(body), body);
    pair_say(p, ALICE, text);
    pair_run(p, TND_MS(100));
}

static void open_alone(struct pair *p)
{
    pair_prepare(p);
    pair_start(p, BOB);
    p->side[BOB].accepts = p->side[BOB].rings = false;
}

static unsigned code_of(const struct pair *p)
{
    const char *last = pair_last(p, BOB, "SIP/2.0");
    unsigned code = 0;

    sscanf(last, "SIP/2.0 %u", &code);
    return code;
}

static unsigned code_for(const struct asked *a)
{
    static struct pair p;

    open_alone(&p);
    say(&p, a);
    unsigned code = code_of(&p);
    pair_close(&p);
    return code;
}

TND_TEST(
    ua_refuses_what_it_does_not_serve, "RFC 3261 §8.2.1",
    "a method that is not served is refused with 405 and an Allow, one that is not known with 501")
{
    static struct pair p;

    PROVES(UAS_METHOD);
    PROVES(UAS_METHOD_UNKNOWN);
    open_alone(&p);
    say(&p, &(struct asked){.method = "SUBSCRIBE", .lines = "Event: presence\r\n"});
    CHECK_EQ(code_of(&p), 405);
    CHECK(strstr(pair_value(pair_last(&p, BOB, "SIP/2.0"), "Allow"), "INVITE"));
    pair_close(&p);
    CHECK_EQ(code_for(&(struct asked){.method = "DANCE"}), 501);
}

TND_TEST(ua_refuses_extensions, "RFC 3261 §8.2.2.3",
         "what is required and not known is refused with 420, and Unsupported names just that")
{
    static struct pair p;

    PROVES(UAS_REQUIRE);
    open_alone(&p);
    say(&p, &(struct asked){.method = "OPTIONS", .lines = "Require: 100rel, foo, bar\r\n"});
    CHECK_EQ(code_of(&p), 420);
    CHECK_EQ(strcmp(pair_value(pair_last(&p, BOB, "SIP/2.0"), "Unsupported"), "foo, bar"), 0);
    pair_close(&p);
}

TND_TEST(ua_has_no_dialog, "RFC 3261 §12.2.2",
         "a request within a dialog that is not known is refused with 481")
{
    PROVES(UAS_NO_DIALOG);
    CHECK_EQ(code_for(&(struct asked){.method = "BYE", .to_tag = "b"}), 481);
    CHECK_EQ(code_for(&(struct asked){.method = "INVITE", .to_tag = "b"}), 481);
    CHECK_EQ(code_for(&(struct asked){.method = "PRACK", .lines = "RAck: 1 1 INVITE\r\n"}), 481);
    CHECK_EQ(code_for(&(struct asked){.method = "CANCEL"}), 481);
}

TND_TEST(ua_merged, "RFC 3261 §8.2.2.2",
         "a request that came before by another way is refused with 482, the same one absorbed")
{
    static struct pair p;

    PROVES(TXN_MERGED);
    open_alone(&p);
    say(&p, &(struct asked){.method = "INVITE"});
    say(&p, &(struct asked){.method = "INVITE"});
    CHECK_EQ(pair_event_count(&p, BOB, TND_UA_INCOMING), 1);
    say(&p, &(struct asked){.method = "INVITE", .branch = "2"});
    CHECK_EQ(code_of(&p), 482);
    pair_close(&p);
}

TND_TEST(ua_refuses_bodies, "RFC 3261 §8.2.3",
         "a body that is not understood is refused with 415, unless it is optional")
{
    CHECK_EQ(code_for(&(struct asked){
                 .method = "INVITE", .lines = "Content-Type: text/html\r\n", .body = "<p>"}),
             415);
    CHECK_EQ(code_for(&(struct asked){.method = "INVITE",
                                      .lines = "Content-Type: application/sdp\r\n"
                                               "Content-Encoding: gzip\r\n",
                                      .body = pair_sdp}),
             415);
    CHECK_EQ(code_for(&(struct asked){.method = "OPTIONS",
                                      .lines = "Content-Type: text/html\r\n"
                                               "Content-Disposition: render;handling=optional\r\n",
                                      .body = "<p>"}),
             200);
}

TND_TEST(ua_verdict, "RFC 3261 §8.2.2.1",
         "a request that is broken is refused with 400, one for another scheme with 416")
{
    PROVES(UAS_SCHEME);
    CHECK_EQ(code_for(&(struct asked){.method = "OPTIONS", .lines = "Contact: <sip:\r\n"}), 400);
    CHECK_EQ(code_for(&(struct asked){.method = "OPTIONS", .uri = "http://192.0.2.2"}), 416);
}

TND_TEST(ua_offers_that_cannot_be_read, "RFC 3261 §13.3.1.3",
         "an offer that cannot be read is refused with 400, one with nothing in common with 488")
{
    CHECK_EQ(code_for(&(struct asked){.method = "INVITE",
                                      .lines = "Content-Type: application/sdp\r\n",
                                      .body = "v=0\r\nnonsense\r\n"}),
             400);
    CHECK_EQ(code_for(&(struct asked){.method = "INVITE",
                                      .lines = "Content-Type: application/sdp\r\n",
                                      .body = "v=0\r\no=- 7 1 IN IP4 192.0.2.1\r\ns=-\r\n"
                                              "c=IN IP4 192.0.2.1\r\nt=0 0\r\n"
                                              "m=video 4000 RTP/AVP 31\r\n"}),
             488);
}

TND_TEST(ua_cancelled, "RFC 3261 §9.2",
         "an INVITE that is cancelled is answered with 487, its CANCEL with 200 and the same tag")
{
    static struct pair p;

    PROVES(UAS_CANCELLED);
    PROVES(UAS_CANCEL);
    open_alone(&p);
    p.side[BOB].rings = true;
    say(&p, &(struct asked){.method = "INVITE"});
    CHECK_EQ(code_of(&p), 180);
    say(&p, &(struct asked){.method = "CANCEL"});
    CHECK_EQ(pair_count(&p, BOB, "SIP/2.0 487"), 1);
    CHECK_EQ(strcmp(pair_value(pair_last(&p, BOB, "SIP/2.0 487"), "To"),
                    pair_value(pair_last(&p, BOB, "SIP/2.0 200"), "To")),
             0);
    CHECK_EQ(pair_event(&p, BOB, TND_UA_ENDED)->event.cause, TND_UA_BY_THEM);
    pair_close(&p);
}

TND_TEST(
    ua_rings_so_long, "RFC 3261 §13.3.1",
    "a call rings for ring_max and no longer, and for the seconds of its Expires and no longer")
{
    static struct pair p;

    PROVES(UAS_EXPIRES);
    open_alone(&p);
    p.side[BOB].rings = true;
    say(&p, &(struct asked){.method = "INVITE"});
    pair_run(&p, TND_SEC(179));
    CHECK_EQ(code_of(&p), 180);
    pair_run(&p, TND_SEC(2));
    CHECK(pair_count(&p, BOB, "SIP/2.0 480") > 0);
    CHECK_EQ(pair_event(&p, BOB, TND_UA_ENDED)->event.code, 480);
    pair_close(&p);
    open_alone(&p);
    say(&p, &(struct asked){.method = "INVITE", .lines = "Expires: 5\r\n"});
    pair_run(&p, TND_SEC(6));
    CHECK(pair_count(&p, BOB, "SIP/2.0 487") > 0);
    pair_close(&p);
}

TND_TEST(bug_rings_on, "RFC 3261 §13.3.1.1",
         "who rings for long says so each minute, reliably or not, until it is answered")
{
    static struct pair p;
    static const struct tnd_slice rel[] = {TND_STR_INIT("100rel")};
    struct tnd_ua_call call = {.uri = TND_STR("sip:bob@192.0.2.2")};

    for (int is_reliable = 0; is_reliable < 2; is_reliable++) {
        pair_prepare(&p);
        p.side[BOB].config.ring_max = 400;
        p.side[BOB].accepts = false;
        pair_start(&p, ALICE);
        pair_start(&p, BOB);
        call.with = (struct tnd_ua_with){.require = rel, .require_count = is_reliable};
        pair_call(&p, &call);
        pair_run(&p, TND_SEC(310));
        CHECK_EQ(pair_count(&p, BOB, "SIP/2.0 180"), 6);
        CHECK_EQ(pair_count(&p, ALICE, "PRACK"), is_reliable ? 6 : 0);
        CHECK_EQ(tnd_ua_accept(p.side[BOB].ua, p.now, p.side[BOB].id), 0);
        pair_take(&p, BOB);
        pair_run(&p, TND_SEC(100));
        CHECK_EQ(pair_event_count(&p, ALICE, TND_UA_ANSWERED), 1);
        CHECK_EQ(pair_count(&p, BOB, "SIP/2.0 180"), 6);
        pair_close(&p);
    }
}

TND_TEST(ua_info, "RFC 6086 §4.2.2",
         "an INFO in a call is answered with 200, of a package that was not asked for with 469")
{
    static struct pair p;
    char tag[64];

    open_alone(&p);
    p.side[BOB].accepts = true;
    say(&p, &(struct asked){.method = "INVITE"});
    CHECK_EQ(sscanf(strstr(pair_value(pair_last(&p, BOB, "SIP/2.0 200"), "To"), ";tag="),
                    ";tag=%63s", tag),
             1);
    say(&p, &(struct asked){.method = "INFO", .branch = "i1", .to_tag = tag});
    CHECK(strstr(pair_value(pair_last(&p, BOB, "SIP/2.0 200"), "CSeq"), "INFO"));
    say(&p, &(struct asked){
                .method = "INFO", .branch = "i2", .to_tag = tag, .lines = "Info-Package: foo\r\n"});
    CHECK_EQ(pair_count(&p, BOB, "SIP/2.0 469"), 1);
    pair_close(&p);
}
