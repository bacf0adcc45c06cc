/* Responses on their way to the caller. */
#include <stdio.h>
#include <string.h>

#include "unit/node/town.h"
#include "unit/test.h"

static struct play p;

#define BOB "bob@example.com"

static void call_bob(struct town_leg *leg)
{
    town_open(&p);
    town_bind(BOB, "sip:bob@192.0.2.11");
    play_say(&p, "INVITE", TOWN_BOB, "");
    town_leg(&p, "INVITE sip:bob@192.0.2.11 ", leg);
}

TND_TEST(back_several_2xx, "RFC 3261 §16.7",
         "each 2xx goes up, at once, however late, to where the INVITE came from")
{
    for (int tcp = 0; tcp < 2; tcp++) {
        struct town_leg leg;

        town_open(&p);
        town_bind(BOB, "sip:bob@192.0.2.11");
        p.flow = tcp ? play_tcp() : play_udp();
        p.sent_by = "client.invalid";
        play_say(&p, "INVITE", TOWN_BOB, "");
        town_leg(&p, "INVITE ", &leg);
        for (int i = 0; i < 3; i++) {
            char tag[16];

            snprintf(tag, sizeof(tag), "fork%d", i);
            town_respond_as(&p, &leg, 200, tag, "");
            CHECK_EQ(play_code(&p), 200);
            CHECK_STR(tnd_slice_str(play_to_tag(&p)), tag);
            CHECK_EQ(p.outs[0].out.flow, tcp ? PLAY_TCP : PLAY_UDP);
            play_wait(&p, TND_SEC(5));
        }
        play_say(&p, "INVITE", TOWN_BOB, ""); /* RFC 6026 §7.1 */
        CHECK_EQ(p.out_count, 0);
        play_close(&p);
    }
}

TND_TEST(back_late_1xx, "RFC 3261 §16.7", "a provisional response after a final one goes nowhere")
{
    struct town_leg leg;

    call_bob(&leg);
    town_respond(&p, &leg, 200, "");
    town_respond_as(&p, &leg, 183, "other", "");
    CHECK_EQ(p.out_count, 0);
    town_respond_as(&p, &leg, 486, "other", "");
    CHECK_EQ(p.out_count, 0);
    play_close(&p);
}

TND_TEST(back_after_all, "RFC 3261 §16.11",
         "a response whose transaction is gone goes on by its Via, if its branch is ours")
{
    struct town_leg leg;
    char text[PLAY_TEXT_SIZE];

    call_bob(&leg);
    town_respond(&p, &leg, 200, "");
    play_wait(&p, TND_SEC(100));
    CHECK_EQ(tnd_node_stats(p.node)->clients, 0);
    town_respond(&p, &leg, 200, "");
    CHECK_EQ(play_code(&p), 200);
    CHECK_EQ(p.outs[0].out.to.port, 5062);
    memcpy(text, leg.text, sizeof(text));
    char *branch = strstr(leg.text, "branch=z9hG4bK");
    branch[20] = branch[20] == '0' ? '1' : '0';
    town_respond(&p, &leg, 200, "");
    CHECK_EQ(p.out_count, 0);
    memcpy(leg.text, text, sizeof(text)); /* nor does it lead to anybody else */
    char *below = strstr(strstr(leg.text, "Via: ") + 5, "Via: ");
    memcpy(strstr(below, "198.51.100.7"), "198.51.100.8", 12);
    town_respond(&p, &leg, 200, "");
    CHECK_EQ(p.out_count, 0);
    play_close(&p);
}

TND_TEST(
    back_after_crash, "RFC 3261 §16.11",
    "nor does a crash stop a call that rings: what comes back goes on, and so do ACK and CANCEL")
{
    struct town_leg leg, again, cancel;

    call_bob(&leg);
    town_respond(&p, &leg, 180, "");
    play_close(&p);
    town_open_another(&p);
    town_respond(&p, &leg, 183, "");
    CHECK_EQ(play_code(&p), 183);
    play_say(&p, "CANCEL", TOWN_BOB, "");
    town_leg(&p, "CANCEL sip:bob@192.0.2.11 ", &cancel);
    CHECK_STR(tnd_slice_str(town_value(cancel.text, "Via")),
              town_value(leg.text, "Via")); /* §9.1 */
    town_respond(&p, &leg, 487, "");
    CHECK_EQ(play_code(&p), 487);
    p.to_tag = "phone11-5060";
    play_say(&p, "ACK", TOWN_BOB, "");
    town_leg(&p, "ACK sip:bob@192.0.2.11 ", &again);
    CHECK_STR(tnd_slice_str(town_value(again.text, "Via")), town_value(leg.text, "Via"));
    CHECK_EQ(tnd_node_stats(p.node)->contexts, 0);
    play_close(&p);
}

TND_TEST(back_invite_after_crash, "RFC 3261 §17.2.3",
         "an INVITE that comes again after a crash goes to the same phone as the same one")
{
    struct town_leg leg, again;

    call_bob(&leg);
    play_close(&p);
    town_open_another(&p);
    play_say(&p, "INVITE", TOWN_BOB, "");
    town_leg(&p, "INVITE sip:bob@192.0.2.11 ", &again);
    CHECK_STR(tnd_slice_str(again.text), leg.text);
    play_close(&p);
}

TND_TEST(back_302, "RFC 3261 §16.7",
         "contacts of a redirect are followed where they are ours; others go up")
{
    struct town_leg leg, next;

    call_bob(&leg);
    town_respond(&p, &leg, 302,
                 "Contact: <sip:carol@example.com>;q=0.5, <sip:x@198.51.100.99>\r\n");
    town_leg(&p, "INVITE sip:carol@example.com ", &next);
    CHECK(strstr(next.text, "Diversion: "));
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 302), 0);
    town_respond(&p, &next, 486, "");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 302), 1);
    for (unsigned i = 0; i < p.out_count; i++)
        if (strncmp(p.outs[i].text, "SIP/2.0 302", 11) == 0) {
            CHECK(strstr(p.outs[i].text, "x@198.51.100.99"));
            CHECK(!strstr(p.outs[i].text, "carol"));
        }
    play_close(&p);
}

TND_TEST(back_302_never, "PRODUCT",
         "none is followed where the configuration says so, and a stranger's never by default")
{
    struct town_leg leg;

    for (int i = 0; i < 2; i++) {
        call_bob(&leg);
        p.config.proxy.recurse = i ? TND_RECURSE_LOCAL : TND_RECURSE_NONE;
        town_respond(&p, &leg, 302,
                     i ? "Contact: <sip:x@198.51.100.99>\r\n"
                       : "Contact: <sip:carol@example.com>\r\n");
        CHECK_EQ(town_count(&p, "INVITE "), 0);
        CHECK_EQ(play_count(&p, TND_OUT_SEND, 302), 1);
        play_close(&p);
    }
}

TND_TEST(back_302_many, "proxy.max_redirects",
         "contacts beyond the bound are not followed, and the caller is told of them")
{
    struct town_leg leg;
    char lines[1024] = "";

    call_bob(&leg);
    p.config.proxy.max_redirects = 2;
    play_close(&p);
    town_open(&p);
    p.config.proxy.max_redirects = 2;
    town_bind(BOB, "sip:bob@192.0.2.11");
    play_say(&p, "INVITE", TOWN_BOB, "");
    town_leg(&p, "INVITE sip:bob@192.0.2.11 ", &leg);
    for (int i = 0; i < 4; i++)
        snprintf(lines + strlen(lines), sizeof(lines) - strlen(lines),
                 "Contact: <sip:c%d@example.com>\r\n", i);
    town_respond(&p, &leg, 302, lines);
    CHECK_EQ(town_count(&p, "INVITE "), 2);
    struct town_leg one, two;
    town_leg(&p, "INVITE sip:c0@", &one);
    town_leg(&p, "INVITE sip:c1@", &two);
    town_respond(&p, &one, 486, "");
    town_respond(&p, &two, 486, "");
    for (unsigned i = 0; i < p.out_count; i++)
        if (strncmp(p.outs[i].text, "SIP/2.0 302", 11) == 0) {
            CHECK(strstr(p.outs[i].text, "c2@") && strstr(p.outs[i].text, "c3@"));
            CHECK(!strstr(p.outs[i].text, "c0@") && !strstr(p.outs[i].text, "c1@"));
        }
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 302), 1);
    play_close(&p);
}
