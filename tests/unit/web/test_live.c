/* Calls of the running server, as they are read from its flight recorders. */
#include <stdio.h>
#include <stdlib.h>

#include "net/recorder.h"
#include "unit/test.h"
#include "web/live_inside.h"

#define START INT64_C(1790000000000000)

static const struct tnd_endpoint server = {{127, 0, 0, 1},
                                           5060,
                                           TND_TRANSPORT_UDP,
                                           TND_FAMILY_IPV4},
                                 alice = {{127, 0, 0, 1}, 5062, TND_TRANSPORT_UDP, TND_FAMILY_IPV4},
                                 bob = {{127, 0, 0, 1}, 5064, TND_TRANSPORT_UDP, TND_FAMILY_IPV4};

static struct tnd_recorder *recorder;
static struct tnd_live *live;
static int64_t now;

static void open_live(size_t size)
{
    struct tnd_live_config config = {.listen = &server, .listen_count = 1, .seed = 7};

    CHECK_EQ(tnd_recorder_new(size, &recorder), 0);
    CHECK_EQ(tnd_tape_new((const struct tnd_recorder *const *)&recorder, 1, &config.tape), 0);
    CHECK_EQ(tnd_live_new(&config, &live), 0);
    now = START;
}

static void close_live(void)
{
    tnd_live_free(&live);
    tnd_recorder_free(&recorder);
}

/* first: the start line; the rest follows from the number of the call and the method. */
static void record(const struct tnd_endpoint *remote, bool is_sent, const char *first,
                   const char *method, unsigned call, bool has_to_tag)
{
    char text[1024];

    snprintf(text, sizeof(text),
             "%s\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bK-%u-%s-%u\r\n"
             "From: <sip:alice@127.0.0.1>;tag=a%u\r\nTo: <sip:bob@127.0.0.1>%s\r\n"
             "Call-ID: call-%u@test\r\nCSeq: 1 %s\r\nContent-Length: 0\r\n\r\n",
             first, remote->port, call, method, remote->port, call, has_to_tag ? ";tag=b" : "",
             call, method);
    tnd_recorder_put(recorder, &(struct tnd_recorded){.at = now,
                                                      .is_sent = is_sent,
                                                      .local = server,
                                                      .remote = *remote,
                                                      .bytes = tnd_slice_str(text)});
    now += 1000;
}

static void refuse(unsigned call)
{
    record(&alice, false, "INVITE sip:bob@127.0.0.1 SIP/2.0", "INVITE", call, false);
    record(&bob, true, "INVITE sip:bob@127.0.0.1:5064 SIP/2.0", "INVITE", call, false);
    record(&bob, false, "SIP/2.0 180 Ringing", "INVITE", call, true);
    record(&alice, true, "SIP/2.0 180 Ringing", "INVITE", call, true);
    record(&bob, false, "SIP/2.0 486 Busy Here", "INVITE", call, true);
    record(&alice, true, "SIP/2.0 486 Busy Here", "INVITE", call, true);
}

static void record_why(unsigned call, enum tnd_rule rule)
{
    struct tnd_why why = {
        .at = now, .code = 486, .rule = (uint16_t)rule, .method = TND_METHOD_INVITE};

    why.call_id_len = (uint8_t)snprintf(why.call_id, sizeof(why.call_id), "call-%u@test", call);
    why.fact_len = 3;
    memcpy(why.fact, "bob", 3);
    tnd_recorder_put(recorder,
                     &(struct tnd_recorded){.at = now,
                                            .kind = TND_RECORDED_WHY,
                                            .bytes = tnd_slice((const char *)&why, sizeof(why))});
}

static bool first_open(void *ctx, const struct tnd_diag_call *call)
{
    *(struct live_seen *)ctx = live_see(live, call);
    return false;
}

static struct live_seen open_one(void)
{
    struct live_seen seen = {.call = NULL};

    tnd_diag_each(live->diag, first_open, &seen);
    CHECK(seen.call);
    return seen;
}

static const char *text_of(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

TND_TEST(live_open, "web/live.h", "a call is seen as it goes on")
{
    open_live(1 << 16);
    record(&alice, false, "INVITE sip:bob@127.0.0.1 SIP/2.0", "INVITE", 1, false);
    tnd_live_catch_up(live, now);
    struct live_seen seen = open_one();
    uint64_t id = seen.id;
    CHECK_STR(tnd_slice_str(live_state(&seen)), "calling");
    record(&alice, true, "SIP/2.0 180 Ringing", "INVITE", 1, true);
    tnd_live_catch_up(live, now);
    seen = open_one();
    CHECK_STR(tnd_slice_str(live_state(&seen)), "ringing");
    record(&alice, true, "SIP/2.0 200 OK", "INVITE", 1, true);
    tnd_live_catch_up(live, now);
    seen = open_one();
    CHECK_STR(tnd_slice_str(live_state(&seen)), "talking");
    record(&alice, false, "BYE sip:bob@127.0.0.1 SIP/2.0", "BYE", 1, true);
    record(&alice, true, "SIP/2.0 200 OK", "BYE", 1, true);
    tnd_live_catch_up(live, now);
    seen = open_one();
    CHECK_STR(tnd_slice_str(live_state(&seen)), "answered");
    CHECK(seen.id == id); /* all the while */
    close_live();
}

TND_TEST(live_failed, "web/live.h",
         "a call that failed tells why as the server's node noted it, and its messages as a ladder")
{
    open_live(1 << 16);
    refuse(1);
    record_why(2, TND_RULE_UAS_USER); /* of another call */
    record_why(1, TND_RULE_PROXY_BEST_CLASS);
    tnd_live_catch_up(live, now);
    struct live_seen seen = open_one();
    json_t *whole = live_json_whole(&seen, TND_LANG_EN);
    CHECK_STR(tnd_slice_str(text_of(whole, "state")), "failed");
    CHECK_EQ(json_integer_value(json_object_get(whole, "code")), 486);
    CHECK_STR(tnd_slice_str(text_of(whole, "from")), "sip:alice@127.0.0.1");
    CHECK_STR(tnd_slice_str(text_of(whole, "started")), "2026-09-21T14:13:20.000000Z");
    CHECK_STR(tnd_slice_str(text_of(json_object_get(whole, "why"), "rule")), "PROXY_BEST_CLASS");
    CHECK_STR(tnd_slice_str(text_of(json_object_get(whole, "why"), "fact")), "bob");
    CHECK(json_array_size(json_object_get(whole, "ladder")) >= 6);
    CHECK(json_is_array(json_object_get(whole, "findings")));
    CHECK_EQ(json_integer_value(json_object_get(json_object_get(whole, "explanation"), "code")),
             486);
    json_decref(whole);
    close_live();
}

TND_TEST(live_reason_in_a_language, "web/live.h",
         "the rule that the server's node noted is told in the language of the reader")
{
    const char *english = tnd_rule_sentence(TND_RULE_PROXY_BEST_CLASS);

    open_live(1 << 16);
    refuse(1);
    record_why(1, TND_RULE_PROXY_BEST_CLASS);
    tnd_live_catch_up(live, now);
    struct live_seen seen = open_one();
    for (int lang = 0; lang < TND_LANG_COUNT; lang++) {
        json_t *call = live_json(&seen, (enum tnd_lang)lang), *why = json_object_get(call, "why");

        CHECK_STR(tnd_slice_str(text_of(why, "text")), tnd_text((enum tnd_lang)lang, english));
        CHECK_STR(tnd_slice_str(text_of(why, "rule")), "PROXY_BEST_CLASS");
        CHECK_STR(tnd_slice_str(text_of(why, "reference")),
                  tnd_rule_law(TND_RULE_PROXY_BEST_CLASS));
        json_decref(call);
    }
    close_live();
}

TND_TEST(live_over, "web/live.h", "the last calls that are over are known, the oldest go first")
{
    open_live(8 << 20);
    for (unsigned call = 0; call < TND_LIVE_OVER_COUNT_MAX + 10; call++)
        refuse(call);
    tnd_live_catch_up(live, now + 40 * INT64_C(1000000));
    CHECK_EQ(live->over_count, TND_LIVE_OVER_COUNT_MAX + 10);
    CHECK_EQ(live->over_first, 10);
    struct live_seen seen = live_see_over(live_over_at(live, 10));
    json_t *whole = live_json_whole(&seen, TND_LANG_EN);
    CHECK_STR(tnd_slice_str(text_of(whole, "call_id")), "call-10@test");
    CHECK_STR(tnd_slice_str(text_of(whole, "state")), "failed");
    CHECK(json_array_size(json_object_get(whole, "ladder")) >= 6);
    json_decref(whole);
    live_forget_all(live);
    CHECK_EQ(live->over_size, 0);
    close_live();
}

TND_TEST(live_lost, "web/live.h",
         "what was overwritten before it was read ends the calls that it may have belonged to")
{
    open_live(1 << 16);
    record(&alice, false, "INVITE sip:bob@127.0.0.1 SIP/2.0", "INVITE", 1, false);
    tnd_live_catch_up(live, now);
    for (unsigned call = 2; call < 100; call++)
        refuse(call);
    tnd_live_catch_up(live, now);
    struct live_seen seen = live_see_over(live_over_at(live, 0));
    CHECK_STR(seen.call->call_id, "call-1@test");
    CHECK_STR(tnd_slice_str(live_state(&seen)), "unknown");
    close_live();
}

TND_TEST(live_hostile, "web/live.h", "what a peer sends can do no more than be shown")
{
    open_live(1 << 16);
    for (size_t i = 0; i < 4; i++)
        tnd_recorder_put(recorder, &(struct tnd_recorded){
                                       .at = now,
                                       .kind = i % 2 ? TND_RECORDED_WHY : TND_RECORDED_MESSAGE,
                                       .remote = alice,
                                       .bytes = tnd_slice("\r\n\0\xff\xfe", i + 1)});
    record(&alice, false, "INVITE sip:\xff\xfe<script>@127.0.0.1 SIP/2.0", "INVITE", 1, false);
    record(&alice, true, "SIP/2.0 400 \xff\"\\\x01", "INVITE", 1, true);
    tnd_live_catch_up(live, now);
    struct live_seen seen = open_one();
    json_t *whole = live_json_whole(&seen, TND_LANG_EN);
    char *text = json_dumps(whole, 0); /* NULL: what is no UTF-8 is in it */
    CHECK(text);
    free(text);
    json_decref(whole);
    close_live();
}
