/* Forwards of users: always, busy, no answer, offline; told to the caller, or followed. */
#include <stdio.h>
#include <string.h>

#include "unit/node/town.h"
#include "unit/test.h"

static struct play p;

#define BOB   "bob@example.com"
#define HOTEL "sip:bob@192.0.2.80"

static void forward_bob(enum tnd_forward_when when, enum tnd_forward_mode mode)
{
    town_forward(
        BOB, &(struct tnd_forward){
                 .uri = TND_STR(HOTEL), .when = (uint8_t)when, .mode = (uint8_t)mode, .after = 20});
}

static void call_bob(struct town_leg *leg)
{
    town_bind(BOB, "sip:bob@192.0.2.11");
    play_say(&p, "INVITE", TOWN_BOB, "");
    town_leg(&p, "INVITE sip:bob@192.0.2.11 ", leg);
}

TND_TEST(forwards_always, "PRODUCT",
         "a forward takes the call at once: the caller is told, or it is followed")
{
    struct town_leg leg;

    town_open(&p);
    town_bind(BOB, "sip:bob@192.0.2.11");
    forward_bob(TND_FORWARD_ALWAYS, TND_FORWARD_REDIRECT);
    play_say(&p, "INVITE", TOWN_BOB, "");
    CHECK_EQ(play_code(&p), 302);
    CHECK(play_has(&p, "Contact: <" HOTEL ">"));
    play_close(&p);
    town_open(&p);
    forward_bob(TND_FORWARD_ALWAYS, TND_FORWARD_PROXY);
    play_say(&p, "INVITE", TOWN_BOB, "");
    town_leg(&p, "INVITE " HOTEL " ", &leg);
    CHECK(strstr(leg.text, "Diversion: <sip:bob@example.com>;reason=unconditional\r\n"));
    play_close(&p);
}

TND_TEST(forwards_offline, "PRODUCT", "one for who is offline counts while there is no phone")
{
    struct town_leg leg;

    town_open(&p);
    forward_bob(TND_FORWARD_OFFLINE, TND_FORWARD_PROXY);
    play_say(&p, "INVITE", TOWN_BOB, "");
    town_leg(&p, "INVITE " HOTEL " ", &leg);
    CHECK(strstr(leg.text, ";reason=unavailable\r\n"));
    p.branch = "z9hG4bKtwo";
    p.cseq = 2;
    call_bob(&leg);
    CHECK_EQ(town_count(&p, "INVITE " HOTEL), 0);
    play_close(&p);
}

TND_TEST(forwards_busy, "PRODUCT", "one for who is busy counts when all phones are")
{
    struct town_leg leg, next;

    town_open(&p);
    forward_bob(TND_FORWARD_BUSY, TND_FORWARD_PROXY);
    call_bob(&leg);
    town_respond(&p, &leg, 486, "");
    town_leg(&p, "INVITE " HOTEL " ", &next);
    CHECK(strstr(next.text, ";reason=user-busy\r\n"));
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 486), 0);
    town_respond(&p, &next, 200, "");
    CHECK_EQ(play_code(&p), 200);
    play_close(&p);
}

TND_TEST(forwards_no_answer, "PRODUCT",
         "one for no answer counts after its time, and what rings is cancelled")
{
    struct town_leg leg, next;

    for (int redirect = 0; redirect < 2; redirect++) {
        town_open(&p);
        forward_bob(TND_FORWARD_NO_ANSWER, redirect ? TND_FORWARD_REDIRECT : TND_FORWARD_PROXY);
        call_bob(&leg);
        town_respond(&p, &leg, 180, "");
        play_wait(&p, TND_MS(19900));
        CHECK_EQ(p.out_count, 0);
        play_wait(&p, TND_MS(100));
        CHECK_EQ(town_count(&p, "CANCEL sip:bob@192.0.2.11 "), 1);
        CHECK_EQ(town_count(&p, "INVITE " HOTEL " "), !redirect);
        if (!redirect) {
            town_leg(&p, "INVITE " HOTEL " ", &next);
            town_respond(&p, &leg, 487, "");
            town_respond(&p, &next, 200, "");
            CHECK_EQ(play_code(&p), 200);
        } else {
            town_respond(&p, &leg, 487, "");
            CHECK_EQ(play_count(&p, TND_OUT_SEND, 302), 1);
        }
        play_close(&p);
    }
}

static const char *response_text(const char *start)
{
    for (unsigned i = 0; i < p.out_count; i++)
        if (strncmp(p.outs[i].text, start, strlen(start)) == 0)
            return p.outs[i].text;
    return "";
}

TND_TEST(forwards_busy_redirect, "PRODUCT", "one for who is busy may be told to the caller")
{
    struct town_leg leg;

    town_open(&p);
    forward_bob(TND_FORWARD_BUSY, TND_FORWARD_REDIRECT);
    call_bob(&leg);
    town_respond(&p, &leg, 600, "");
    CHECK(strstr(response_text("SIP/2.0 302"), "Contact: <" HOTEL ">"));
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 600), 0);
    play_close(&p);
}

TND_TEST(forwards_redirects_together, "RFC 3261 §16.7",
         "a forward that the caller is told of and contacts that phones name go up together")
{
    for (unsigned code = 301; code <= 302; code++) {
        struct town_leg one, two;

        town_open(&p);
        p.config.proxy.recurse = TND_RECURSE_NONE;
        forward_bob(TND_FORWARD_NO_ANSWER, TND_FORWARD_REDIRECT);
        town_bind(BOB, "sip:bob@192.0.2.12");
        call_bob(&one);
        town_leg(&p, "INVITE sip:bob@192.0.2.12 ", &two);
        town_respond(&p, &one, code, "Contact: <sip:bob@198.51.100.99>\r\n");
        town_respond(&p, &two, 180, "");
        play_wait(&p, TND_SEC(20));
        town_respond(&p, &two, 487, "");
        CHECK(strstr(response_text("SIP/2.0 302"), "<" HOTEL ">"));
        CHECK(strstr(response_text("SIP/2.0 302"), "<sip:bob@198.51.100.99>"));
        play_close(&p);
    }
}

TND_TEST(forwards_call_that_is_there, "RFC 3261 §12.2",
         "what belongs to a call goes to the phone, whatever forward there is since")
{
    town_open(&p);
    forward_bob(TND_FORWARD_ALWAYS, TND_FORWARD_REDIRECT);
    town_bind(BOB, "sip:bob@192.0.2.11");
    p.to_tag = "phone";
    play_say(&p, "BYE", TOWN_BOB, "");
    CHECK_EQ(town_count(&p, "BYE sip:bob@192.0.2.11 "), 1);
    play_close(&p);
}

TND_TEST(forwards_redirect_mode, "RFC 3261 §8.3", "a server that only redirects tells the bindings")
{
    town_open(&p);
    p.config.proxy.redirects = true;
    town_bind(BOB, "sip:bob@192.0.2.11");
    town_bind(BOB, "sip:bob@192.0.2.12");
    play_say(&p, "INVITE", TOWN_BOB, "");
    CHECK_EQ(play_code(&p), 302);
    CHECK(play_has(&p, "<sip:bob@192.0.2.11>") && play_has(&p, "<sip:bob@192.0.2.12>"));
    play_close(&p);
}
