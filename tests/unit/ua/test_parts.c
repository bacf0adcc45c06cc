#include <string.h>

#include "unit/test.h"
#include "unit/ua/pair.h"

/* bob is the test's own: he refuses the first INVITE, with these lines, and answers the second. */
static void refuse_then_answer(struct pair *p, const struct tnd_ua_call *call, unsigned code,
                               const char *lines)
{
    pair_call(p, call);
    pair_run(p, TND_MS(100));
    pair_respond(p, BOB, pair_last(p, ALICE, "INVITE"), code, "b1", lines, NULL);
    pair_run(p, TND_MS(100));
    pair_respond(p, BOB, pair_last(p, ALICE, "INVITE"), 200, "b2",
                 "Contact: <sip:bob@192.0.2.2>\r\n", pair_sdp);
    pair_run(p, TND_MS(100));
}

static const struct tnd_ua_call with_picture = {
    .uri = TND_STR_INIT("sip:bob@192.0.2.2"),
    .with = {.part_type = TND_STR_INIT("image/png"), .part = TND_STR_INIT("a picture")}};

static size_t length_of(const char *request)
{
    return strlen(strstr(request, "\r\n\r\n") + 4);
}

TND_TEST(ua_sends_parts, "RFC 5621 §5",
         "a further part stands beside the session description, each with its type")
{
    static struct pair p;

    pair_prepare(&p);
    pair_start(&p, ALICE);
    pair_call(&p, &with_picture);
    const char *invite = pair_last(&p, ALICE, "INVITE");
    const char *type = pair_value(invite, "Content-Type");
    CHECK(strncmp(type, "multipart/mixed;boundary=", 25) == 0);
    const char *boundary = strchr(type, '=') + 1;
    const char *body = strstr(invite, "\r\n\r\n") + 4;
    CHECK(strncmp(body, "--", 2) == 0 && strncmp(body + 2, boundary, strlen(boundary)) == 0);
    const char *second = strstr(body, "\r\n--");
    CHECK(strstr(body, "Content-Type: application/sdp\r\n\r\nv=0\r\n") < second);
    CHECK(strstr(second, "Content-Type: image/png\r\n"));
    CHECK(strstr(second, "handling=optional\r\n\r\na picture\r\n--"));
    CHECK_EQ(strcmp(body + strlen(body) - 4, "--\r\n"), 0);
    pair_close(&p);
}

TND_TEST(ua_leaves_parts_out, "RFC 3261 §8.1.3.5",
         "where the body is too large, or not understood, the session description goes alone")
{
    static const struct {
        unsigned code;
        const char *lines;
    } refusals[] = {{413, ""}, {415, "Accept: application/sdp\r\n"}};
    static struct pair p;

    for (size_t i = 0; i < 2; i++) {
        pair_prepare(&p);
        pair_start(&p, ALICE);
        refuse_then_answer(&p, &with_picture, refusals[i].code, refusals[i].lines);
        CHECK_EQ(pair_event(&p, ALICE, TND_UA_ATTEMPT)->action, TND_RECOVER_ADJUST);
        const char *first = pair_nth(&p, ALICE, "INVITE", 0);
        const char *last = pair_last(&p, ALICE, "INVITE");
        CHECK_EQ(strcmp(pair_value(last, "Content-Type"), "application/sdp"), 0);
        CHECK(length_of(last) < length_of(first));
        CHECK(strstr(pair_value(last, "User-Agent"),
                     "tandem-test")); /* it is not the head that shrinks */
        CHECK(pair_event(&p, ALICE, TND_UA_ANSWERED)->is_live);
        pair_close(&p);
    }
}

TND_TEST(ua_offers_anew, "RFC 3261 §21.4.26",
         "after a 488 the other description is offered, and the call stays with it")
{
    static const struct tnd_oa_codec wide[] = {
        {.encoding = TND_STR_INIT("G722"), .clock = 8000, .payload = 9}};
    static struct pair p;
    static struct tnd_oa_local first;
    static struct tnd_oa_stream stream;

    pair_prepare(&p);
    stream = p.side[ALICE].streams[0];
    stream.codecs = wide;
    stream.codec_count = 1;
    first = p.side[ALICE].media;
    first.streams = &stream;
    p.side[ALICE].config.media = &first;
    p.side[ALICE].config.other_media = &p.side[ALICE].media;
    pair_start(&p, ALICE);
    pair_start(&p, BOB);
    pair_call(&p, &(struct tnd_ua_call){.uri = TND_STR("sip:bob@192.0.2.2")});
    pair_run(&p, TND_SEC(1));
    CHECK(strstr(pair_nth(&p, ALICE, "INVITE", 0), "RTP/AVP 9\r\n"));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ATTEMPT)->event.code, 488);
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_ATTEMPT)->action, TND_RECOVER_ADJUST);
    CHECK(strstr(pair_last(&p, ALICE, "INVITE"), "RTP/AVP 0 8\r\n"));
    CHECK(pair_event(&p, ALICE, TND_UA_ANSWERED)->is_live);
    CHECK_EQ(tnd_ua_change(p.side[ALICE].ua, p.now, p.side[ALICE].id, TND_UA_HOLD), 0);
    pair_take(&p, ALICE);
    pair_run(&p, TND_SEC(1));
    CHECK(strstr(pair_last(&p, ALICE, "INVITE"), "RTP/AVP 0 8\r\n"));
    CHECK_EQ(pair_event(&p, ALICE, TND_UA_CHANGED)->event.code, 200);
    pair_close(&p);
}
