/* What comes of a call that is tried at one phone or several. */
#include <stdio.h>
#include <string.h>

#include "unit/node/town.h"
#include "unit/test.h"

static struct play p;

#define BOB  "bob@example.com"
#define MANY TND_SEC(32)

/* Bob has so many phones, sip:bob@192.0.2.11 and so on; he is called. */
static void call_phones(unsigned count, const char *method, struct town_leg *legs)
{
    town_open(&p);
    for (unsigned i = 0; i < count; i++) {
        char uri[64];

        snprintf(uri, sizeof(uri), "sip:bob@192.0.2.%u", 11 + i);
        town_bind(BOB, uri);
    }
    play_say(&p, method, TOWN_BOB, "");
    for (unsigned i = 0; i < count; i++) {
        char start[96];

        snprintf(start, sizeof(start), "%s sip:bob@192.0.2.%u ", method, 11 + i);
        town_leg(&p, start, &legs[i]);
    }
}

/* All that was there has ended. */
static void close_quiet(tnd_time span)
{
    play_wait(&p, span);
    CHECK_EQ(tnd_node_stats(p.node)->transactions, 0);
    CHECK_EQ(tnd_node_stats(p.node)->clients, 0);
    CHECK_EQ(tnd_node_stats(p.node)->contexts, 0);
    CHECK_EQ(tnd_node_due(p.node), TND_NEVER_DUE);
    play_close(&p);
}

TND_TEST(search_call, "RFC 3261 §16.7", "a call goes to the phone, and its responses come back")
{
    struct town_leg leg;

    PROVES(PROXY_TRYING);
    call_phones(1, "INVITE", &leg);
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 100), 1); /* §16.2 */
    CHECK_EQ(leg.to.octets[3], 11);
    CHECK_STR(tnd_slice_str(town_value(leg.text, "Max-Forwards")), "69");
    town_respond(&p, &leg, 100, "");
    CHECK_EQ(p.out_count, 0); /* §16.7 step 5 */
    town_respond(&p, &leg, 180, "");
    CHECK_EQ(play_code(&p), 180);
    town_respond(&p, &leg, 200, "Contact: <sip:bob@192.0.2.11>\r\n");
    CHECK_EQ(play_code(&p), 200);
    CHECK_STR(tnd_slice_str(play_to_tag(&p)), "phone11-5060");
    CHECK(!strstr(play_text(&p), "192.0.2.1:")); /* our Via has gone */
    close_quiet(MANY);
}

TND_TEST(search_nobody, "RFC 3261 §16.5",
         "who has no phone is 480, who is unknown 404, and of a call that is there 481")
{
    PROVES(PROXY_NO_BINDING);
    town_open(&p);
    town_user("bob@example.com", "hidden");
    play_say(&p, "INVITE", TOWN_BOB, "");
    CHECK_EQ(play_code(&p), 480);
    p.branch = "z9hG4bKtwo";
    play_say(&p, "INVITE", "sip:nobody@example.com", "");
    CHECK_EQ(play_code(&p), 404);
    p.branch = "z9hG4bKbye";
    p.to_tag = "phone";
    play_say(&p, "BYE", "sip:nobody@example.com", "");
    CHECK_EQ(play_code(&p), 481); /* RFC 5057 §5.1 */
    close_quiet(MANY);
}

TND_TEST(search_repeated, "RFC 3261 §17.2.1", "an INVITE that comes again is not passed on again")
{
    struct town_leg leg;

    call_phones(1, "INVITE", &leg);
    play_say(&p, "INVITE", TOWN_BOB, "");
    CHECK_EQ(play_code(&p), 100);
    town_respond(&p, &leg, 180, "");
    play_say(&p, "INVITE", TOWN_BOB, "");
    CHECK_EQ(play_code(&p), 180);
    CHECK_EQ(tnd_node_stats(p.node)->passed_on, 1);
    play_close(&p);
}

TND_TEST(search_answered, "RFC 3261 §16.7",
         "the first who answers has the call; the others are cancelled, and told why")
{
    struct town_leg legs[3];

    call_phones(3, "INVITE", legs);
    town_respond(&p, &legs[0], 180, "");
    town_respond(&p, &legs[1], 200, "");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 200), 1);
    CHECK_EQ(town_count(&p, "CANCEL "), 1);
    CHECK_EQ(town_count(&p, "CANCEL sip:bob@192.0.2.11 "), 1);
    struct town_leg cancel;
    town_leg(&p, "CANCEL ", &cancel);
    CHECK(strstr(cancel.text, "Reason: SIP;cause=200;text=\"Call completed elsewhere\"\r\n"));
    town_respond(&p, &legs[2], 180, ""); /* §9.1: now it can be */
    CHECK_EQ(town_count(&p, "CANCEL sip:bob@192.0.2.13 "), 1);
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 180), 0);
    town_respond(&p, &legs[0], 487, "");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 487), 0);
    CHECK_EQ(town_count(&p, "ACK sip:bob@192.0.2.11 "), 1);
    town_respond(&p, &legs[2], 200, ""); /* it was too late: each 2xx goes up */
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 200), 1);
    close_quiet(TND_SEC(70));
}

TND_TEST(search_cancel, "RFC 3261 §16.10",
         "a call that is cancelled is cancelled wherever it rings, with the reason that was given")
{
    struct town_leg legs[2];

    call_phones(2, "INVITE", legs);
    town_respond(&p, &legs[0], 180, "");
    play_say(&p, "CANCEL", TOWN_BOB, "Reason: SIP;cause=200\r\n");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 200), 1);
    CHECK_EQ(town_count(&p, "CANCEL sip:bob@192.0.2.11 "), 1);
    CHECK_EQ(town_count(&p, "CANCEL "), 1); /* the other one has not been heard of */
    CHECK(strstr(p.outs[1].text, "\r\nReason: SIP;cause=200\r\n"));
    town_respond(&p, &legs[1], 180, "");
    CHECK_EQ(town_count(&p, "CANCEL sip:bob@192.0.2.12 "), 1);
    town_respond(&p, &legs[0], 487, "");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 487), 0); /* one is waited for still */
    town_respond(&p, &legs[1], 487, "");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 487), 1);
    play_say(&p, "ACK", TOWN_BOB, "");
    close_quiet(TND_SEC(70));
}

TND_TEST(search_cancel_unheard, "RFC 3261 §9.1",
         "a phone that never answers ends by its timer, and the call as cancelled")
{
    struct town_leg leg;

    call_phones(1, "INVITE", &leg);
    play_say(&p, "CANCEL", TOWN_BOB, "");
    CHECK_EQ(town_count(&p, "CANCEL "), 0);
    play_wait(&p, MANY);
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 487), 1);
    close_quiet(TND_SEC(70));
}

TND_TEST(search_cancel_late, "RFC 3261 §9.1", "a 2xx that crosses the CANCEL goes up")
{
    struct town_leg leg;

    call_phones(1, "INVITE", &leg);
    town_respond(&p, &leg, 180, "");
    play_say(&p, "CANCEL", TOWN_BOB, "");
    town_respond(&p, &leg, 200, "");
    CHECK_EQ(play_code(&p), 200);
    close_quiet(TND_SEC(70));
}

TND_TEST(search_6xx, "RFC 3261 §16.7",
         "a 6xx ends the call everywhere, and goes up when all have ended")
{
    struct town_leg legs[3];

    call_phones(3, "INVITE", legs);
    town_respond(&p, &legs[0], 180, "");
    town_respond(&p, &legs[1], 180, "");
    town_respond(&p, &legs[2], 600, "");
    CHECK_EQ(town_count(&p, "CANCEL "), 2);
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 600), 0);
    town_respond(&p, &legs[0], 200, ""); /* that races it */
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 200), 1);
    town_respond(&p, &legs[1], 487, "");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 600), 0);
    close_quiet(TND_SEC(70));
}

TND_TEST(search_6xx_unknown, "RFC 3261 §8.1.3.2", "one that is not registered too")
{
    struct town_leg legs[2];

    call_phones(2, "INVITE", legs);
    town_respond(&p, &legs[0], 180, "");
    town_respond(&p, &legs[1], 699, "");
    CHECK_EQ(town_count(&p, "CANCEL "), 1);
    town_leg(&p, "CANCEL ", &legs[0]);
    CHECK(strstr(legs[0].text, "Reason: SIP;cause=699"));
    play_close(&p);
}

TND_TEST(search_challenges, "RFC 3261 §16.7",
         "the challenges of all phones go up together, those of the last one too")
{
    struct town_leg legs[3];

    call_phones(3, "INVITE", legs);
    town_respond(&p, &legs[0], 407, "Proxy-Authenticate: Digest realm=\"a\", nonce=\"1\"\r\n");
    town_respond(&p, &legs[1], 401, "WWW-Authenticate: Digest realm=\"b\", nonce=\"2\"\r\n");
    town_respond(&p, &legs[2], 401, "WWW-Authenticate: Digest realm=\"c\", nonce=\"3\"\r\n");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 407), 1);
    const char *text = NULL;
    for (unsigned i = 0; i < p.out_count; i++)
        if (strncmp(p.outs[i].text, "SIP/2.0 407", 11) == 0)
            text = p.outs[i].text;
    CHECK(text && strstr(text, "realm=\"a\"") && strstr(text, "realm=\"b\"") &&
          strstr(text, "realm=\"c\""));
    play_close(&p);
}

TND_TEST(search_other_408, "RFC 4320 §4.2",
         "a phone that answers a request other than INVITE with 408 is silence to who sent it")
{
    struct town_leg leg;

    for (int tcp = 0; tcp < 2; tcp++) {
        call_phones(1, "MESSAGE", &leg);
        town_respond(&p, &leg, 408, "");
        CHECK_EQ(p.out_count, 0);
        play_wait(&p, TND_SEC(10)); /* no 100 either */
        CHECK_EQ(p.out_count, 0);
        play_say(&p, "MESSAGE", TOWN_BOB, "");
        CHECK_EQ(p.out_count, 0);
        close_quiet(TND_SEC(70));
    }
}

TND_TEST(search_other, "RFC 3261 §16.7",
         "other requests are passed on and back, and forget themselves")
{
    struct town_leg legs[2];

    call_phones(2, "MESSAGE", legs);
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 100), 0); /* RFC 4320 §4.1 */
    town_respond(&p, &legs[0], 200, "");
    CHECK_EQ(play_code(&p), 200);
    CHECK_EQ(town_count(&p, "CANCEL "), 0); /* §9.1 */
    town_respond(&p, &legs[1], 200, "");
    CHECK_EQ(p.out_count, 0); /* RFC 4320 §4.2 */
    close_quiet(TND_SEC(70));
}

TND_TEST(search_timer_c, "RFC 3261 §16.8",
         "a phone that rings too long is cancelled, and the call ends with what it says then")
{
    struct town_leg leg;

    call_phones(1, "INVITE", &leg);
    town_respond(&p, &leg, 180, "");
    play_wait(&p, TND_SEC(184));
    CHECK_EQ(p.out_count, 0);
    town_respond(&p, &leg, 183, ""); /* step 2: it starts anew */
    play_wait(&p, TND_SEC(184));
    CHECK_EQ(p.out_count, 0);
    play_wait(&p, TND_SEC(2));
    CHECK(town_count(&p, "CANCEL ") > 0);
    CHECK(strstr(p.outs[0].text, "Reason: SIP;cause=408"));
    town_respond(&p, &leg, 487, "");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 487), 1);
    close_quiet(TND_SEC(70));
}

TND_TEST(
    search_timer_c_brief, "RFC 3261 §16.8",
    "a timer C that is up before anything was heard ends the call with 408, and what rings later is cancelled")
{
    struct town_leg leg;

    town_open(&p);
    p.config.proxy.timer_c = 2;
    town_bind(BOB, "sip:bob@192.0.2.11");
    play_say(&p, "INVITE", TOWN_BOB, "");
    town_leg(&p, "INVITE sip:bob@192.0.2.11 ", &leg);
    play_wait(&p, TND_SEC(3));
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 408), 2); /* and once more by timer G */
    town_respond(&p, &leg, 180, "");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 180), 0);
    CHECK_EQ(town_count(&p, "CANCEL "), 1);
    close_quiet(TND_SEC(100));
}

TND_TEST(search_unsent, "RFC 3261 §16.9", "what can be sent nowhere is a 500")
{
    struct town_leg legs[2];

    call_phones(2, "INVITE", legs);
    town_fail(&p, &legs[0]);
    CHECK_EQ(p.out_count, 0);
    town_fail(&p, &legs[1]);
    CHECK_EQ(play_code(&p), 500);
    close_quiet(TND_SEC(70));
}

TND_TEST(search_503, "RFC 3261 §16.7",
         "a 503 goes up as 500, unless it carries Retry-After and is the only one")
{
    struct town_leg leg;

    call_phones(1, "INVITE", &leg);
    town_respond(&p, &leg, 503, "");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 500), 1);
    play_close(&p);
    call_phones(1, "INVITE", &leg);
    town_respond(&p, &leg, 503, "Retry-After: 9\r\n");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 503), 1);
    play_close(&p);
}

TND_TEST(search_ack_unsent, "RFC 3261 §17.1.1.2",
         "an ACK that cannot be delivered changes nothing: the call has ended")
{
    struct town_leg leg, ack;

    town_open(&p);
    town_bind_as(BOB, &(struct tnd_binding){.uri = TND_STR("sip:bob@10.0.0.5"),
                                            .q = -1,
                                            .source = {.family = TND_FAMILY_IPV4,
                                                       .transport = TND_TRANSPORT_UDP,
                                                       .octets = {192, 0, 2, 11},
                                                       .port = 5060}});
    town_bind(BOB, "sip:bob@192.0.2.12");
    play_say(&p, "INVITE", TOWN_BOB, "");
    town_leg(&p, "INVITE sip:bob@10.0.0.5 ", &leg);
    town_respond(&p, &leg, 486, "");
    town_leg(&p, "ACK ", &ack);
    town_fail(&p, &ack);
    CHECK_EQ(town_count(&p, "INVITE "), 0);
    play_close(&p);
}

TND_TEST(search_cancel_503, "RFC 3263 §4.3", "who gave up is not called at the next place")
{
    struct town_leg leg;

    town_open(&p);
    town_bind_as(BOB, &(struct tnd_binding){.uri = TND_STR("sip:bob@10.0.0.5"),
                                            .q = -1,
                                            .source = {.family = TND_FAMILY_IPV4,
                                                       .transport = TND_TRANSPORT_UDP,
                                                       .octets = {192, 0, 2, 11},
                                                       .port = 5060}});
    play_say(&p, "INVITE", TOWN_BOB, "");
    town_leg(&p, "INVITE sip:bob@10.0.0.5 ", &leg);
    town_respond(&p, &leg, 180, "");
    play_say(&p, "CANCEL", TOWN_BOB, "");
    town_respond(&p, &leg, 503, "");
    CHECK_EQ(town_count(&p, "INVITE "), 0);
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 500), 1);
    close_quiet(TND_SEC(70));
}

TND_TEST(search_many, "TND_PROXY_BRANCH_COUNT_MAX",
         "a user may have a hundred phones: all are called, all are cancelled, for each of a batch")
{
    town_open(&p);
    for (unsigned i = 0; i < 100; i++) {
        static char uris[100][64];

        snprintf(uris[i], sizeof(uris[i]), "sip:bob@192.0.2.%u:%u", 2 + i, 5000 + i);
        town_bind(BOB, uris[i]);
    }
    play_say(&p, "INVITE", TOWN_BOB, "");
    CHECK_EQ(town_count(&p, "INVITE "), 60); /* RFC 5393 §5.3.3 */
    struct play_out *outs = p.outs;
    static struct town_leg legs[60];
    unsigned count = 0;
    for (unsigned i = 0; i < p.out_count; i++)
        if (strncmp(outs[i].text, "INVITE ", 7) == 0) {
            memcpy(legs[count].text, outs[i].text, PLAY_TEXT_SIZE);
            legs[count].to = outs[i].out.to;
            count++;
        }
    for (unsigned i = 0; i < count; i++)
        town_respond(&p, &legs[i], 180, "");
    play_say(&p, "CANCEL", TOWN_BOB, "");
    CHECK_EQ(town_count(&p, "CANCEL "), 60);
    close_quiet(TND_SEC(100));
}

TND_TEST(search_many_batch, "TND_NODE_BATCH_MAX",
         "a batch of calls that each go to many places may be fed before outputs are taken")
{
    static struct tnd_route_contact contacts[60];
    static char uris[60][64], room[65536];
    static const struct tnd_route route = {
        .action = TND_ROUTE_PROXY, .contacts = contacts, .contact_count = 60};
    struct tnd_output out;
    unsigned count = 0;

    town_open(&p);
    p.world.transactions_max = 100 * TND_NODE_BATCH_MAX;
    tnd_node_free(&p.node);
    CHECK_EQ(tnd_node_new(&p.world, &p.config, 0, &p.node), 0);
    for (unsigned i = 0; i < 60; i++) {
        snprintf(uris[i], sizeof(uris[i]), "sip:bob@192.0.2.%u", 2 + i);
        contacts[i] = (struct tnd_route_contact){tnd_slice_str(uris[i]), 1000, 0};
    }
    p.config.routes = &route;
    p.config.route_count = 1;
    p.config.log = true;
    for (unsigned i = 0; i < TND_NODE_BATCH_MAX; i++) {
        char text[1024];
        struct tnd_arena a;
        struct tnd_msg msg;

        snprintf(text, sizeof(text),
                 "INVITE " TOWN_BOB " SIP/2.0\r\nVia: SIP/2.0/UDP 198.51.100.7;branch=z9hG4bK%u\r\n"
                 "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: %u\r\nCSeq: 1 INVITE\r\n"
                 "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
                 i, i);
        tnd_arena_init(&a, room, sizeof(room), NULL, 0);
        CHECK_EQ(tnd_msg_parse_datagram(&msg, &a, tnd_slice_str(text)), 0);
        CHECK_EQ(tnd_node_feed(p.node, 0,
                               &(struct tnd_input){
                                   .kind = TND_IN_MESSAGE, .flow = p.flow, .msg = &msg, .a = &a}),
                 0);
    }
    while (tnd_node_take(p.node, &out))
        count += out.kind == TND_OUT_SEND && memcmp(out.bytes.ptr, "INVITE", 6) == 0;
    CHECK_EQ(count, 60 * TND_NODE_BATCH_MAX);
    play_close(&p);
}

TND_TEST(search_no_breadth, "RFC 5393 §5.3.3",
         "a request that may not even go to one place is refused with 440")
{
    town_open(&p);
    town_bind(BOB, "sip:bob@192.0.2.11");
    play_say(&p, "INVITE", TOWN_BOB, "Max-Breadth: 0\r\n");
    CHECK_EQ(play_code(&p), 440);
    play_close(&p);
}

TND_TEST(search_breadth, "RFC 5393 §5.3.3",
         "phones share the breadth of the request, and wait where there is none left")
{
    struct town_leg leg;

    town_open(&p);
    for (unsigned i = 0; i < 3; i++) {
        static char uris[3][64];

        snprintf(uris[i], sizeof(uris[i]), "sip:bob@192.0.2.%u", 11 + i);
        town_bind(BOB, uris[i]);
    }
    play_say(&p, "INVITE", TOWN_BOB, "Max-Breadth: 2\r\n");
    CHECK_EQ(town_count(&p, "INVITE "), 2);
    town_leg(&p, "INVITE ", &leg);
    CHECK_STR(tnd_slice_str(town_value(leg.text, "Max-Breadth")), "1");
    town_respond(&p, &leg, 486, "");
    CHECK_EQ(town_count(&p, "INVITE "), 1);
    play_close(&p);
}

TND_TEST(search_late_store, "RFC 4320 §4.2",
         "a store that answers when who asked has long given up has nothing sent")
{
    town_open(&p);
    town_bind(BOB, "sip:bob@192.0.2.11");
    town_use_store(TOWN_LATER);
    play_say(&p, "MESSAGE", TOWN_BOB, "");
    play_wait(&p, TND_SEC(100));
    town_stored(&p);
    CHECK_EQ(p.out_count, 0);
    close_quiet(1);
}

/* A phone that is called where it registered from, and then by its URI. */
static void bind_behind_nat(void)
{
    town_bind_as(BOB, &(struct tnd_binding){.uri = TND_STR("sip:bob@10.0.0.5"),
                                            .q = -1,
                                            .source = {.family = TND_FAMILY_IPV4,
                                                       .transport = TND_TRANSPORT_UDP,
                                                       .octets = {192, 0, 2, 11},
                                                       .port = 5060}});
}

TND_TEST(search_6xx_other, "RFC 3261 §16.7",
         "after a 6xx no other place is tried, of a request that cannot be cancelled either")
{
    struct town_leg one, two;

    town_open(&p);
    bind_behind_nat();
    town_bind(BOB, "sip:bob@192.0.2.12");
    play_say(&p, "MESSAGE", TOWN_BOB, "");
    town_leg(&p, "MESSAGE sip:bob@10.0.0.5 ", &one);
    town_leg(&p, "MESSAGE sip:bob@192.0.2.12 ", &two);
    town_respond(&p, &two, 603, "");
    town_respond(&p, &one, 503, "");
    CHECK_EQ(play_code(&p), 603);
    close_quiet(TND_SEC(70));
}

TND_TEST(search_timer_c_503, "RFC 3261 §16.8",
         "nor after timer C, of a phone that answers its CANCEL with 503")
{
    struct town_leg leg;

    town_open(&p);
    bind_behind_nat();
    play_say(&p, "INVITE", TOWN_BOB, "");
    town_leg(&p, "INVITE sip:bob@10.0.0.5 ", &leg);
    town_respond(&p, &leg, 180, "");
    play_wait(&p, TND_SEC(186));
    town_respond(&p, &leg, 503, "");
    CHECK_EQ(town_count(&p, "INVITE "), 0);
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 500), 1);
    close_quiet(TND_SEC(70));
}
