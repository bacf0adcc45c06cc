/* Client transactions of a node: where they look for servers, what they send themselves. */
#include <stdio.h>
#include <string.h>

#include "unit/node/town.h"
#include "unit/test.h"

static struct play p;

#define BOB "bob@example.com"

static void call_bob(const char *method, const char *uri)
{
    town_open(&p);
    town_bind(BOB, uri);
    play_say(&p, method, TOWN_BOB, "");
}

static void close_quiet(tnd_time span)
{
    play_wait(&p, span);
    CHECK_EQ(tnd_node_stats(p.node)->transactions, 0);
    CHECK_EQ(tnd_node_stats(p.node)->clients, 0);
    CHECK_EQ(tnd_node_stats(p.node)->contexts, 0);
    play_close(&p);
}

/* The token of what is looked up. */
static uint64_t asked(void)
{
    for (unsigned i = 0; i < p.out_count; i++)
        if (p.outs[i].out.kind == TND_OUT_RESOLVE)
            return p.outs[i].out.token;
    CHECK(!"something is looked up");
    return 0;
}

/* The name has so many addresses, 192.0.2.31 and so on. */
static void answer_addresses(uint64_t token, const char *name, size_t count)
{
    struct tnd_endpoint found[4] = {0};
    struct tnd_lookup_answer answer = {.lookup = {tnd_slice_str(name), TND_LOOKUP_AAAA},
                                       .result = TND_LOOKUP_NONE};

    play_input(&p, &(struct tnd_input){.kind = TND_IN_RESOLVED, .token = token, .answer = &answer});
    for (size_t i = 0; i < count; i++)
        found[i] = (struct tnd_endpoint){.family = TND_FAMILY_IPV4,
                                         .octets = {192, 0, 2, (uint8_t)(31 + i)}};
    answer.lookup.kind = TND_LOOKUP_A;
    answer.result = count ? TND_LOOKUP_FOUND : TND_LOOKUP_NONE;
    answer.count = count;
    answer.addresses = found;
    play_input(&p, &(struct tnd_input){.kind = TND_IN_RESOLVED, .token = token, .answer = &answer});
}

#define NAMED "sip:bob@pbx.example.net:5080"

TND_TEST(
    client_next_server, "RFC 3263 §4.3",
    "where a server does not answer, cannot be reached or says 503, the next one is tried, with another branch")
{
    for (int how = 0; how < 3; how++) {
        struct town_leg first, second;

        call_bob("INVITE", NAMED);
        answer_addresses(asked(), "pbx.example.net", 2);
        town_leg(&p, "INVITE " NAMED " ", &first);
        CHECK_EQ(first.to.octets[3], 31);
        CHECK_EQ(first.to.port, 5080);
        if (how == 0)
            town_respond(&p, &first, 503, "");
        else if (how == 1)
            town_fail(&p, &first);
        else
            play_wait(&p, TND_SEC(32));
        town_leg(&p, how == 2 && p.outs[0].out.to.octets[3] != 32 ? "INVITE " : "INVITE " NAMED " ",
                 &second);
        for (unsigned i = 0; i < p.out_count; i++)
            if (p.outs[i].out.kind == TND_OUT_SEND && p.outs[i].out.to.octets[3] == 32)
                memcpy(second.text, p.outs[i].text, sizeof(second.text)),
                    second.to = p.outs[i].out.to;
        CHECK_EQ(second.to.octets[3], 32);
        CHECK(strcmp(town_value(first.text, "Via"), town_value(second.text, "Via")) != 0);
        CHECK_EQ(play_count(&p, TND_OUT_SEND, 500), 0);
        town_respond(&p, &second, 486, "");
        CHECK_EQ(play_count(&p, TND_OUT_SEND, 486), 1);
        play_say(&p, "ACK", TOWN_BOB, "");
        close_quiet(TND_SEC(70));
    }
}

TND_TEST(client_not_found, "RFC 3261 §16.9", "a name that leads nowhere is a 500")
{
    call_bob("INVITE", NAMED);
    answer_addresses(asked(), "pbx.example.net", 0);
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 500), 1);
    play_close(&p);
}

TND_TEST(client_cancel_looked_up, "RFC 3261 §16.10",
         "a call that is cancelled while its server is looked up is not sent any more")
{
    call_bob("INVITE", NAMED);
    uint64_t token = asked();
    play_say(&p, "CANCEL", TOWN_BOB, "");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 200), 1);
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 487), 1);
    answer_addresses(token, "pbx.example.net", 1);
    CHECK_EQ(town_count(&p, "INVITE "), 0);
    play_say(&p, "ACK", TOWN_BOB, "");
    close_quiet(TND_SEC(70));
}

TND_TEST(client_too_late, "RFC 4321 §1.4",
         "a request that is not INVITE is not tried elsewhere when its sender has given up")
{
    struct town_leg leg;

    call_bob("MESSAGE", NAMED);
    answer_addresses(asked(), "pbx.example.net", 3);
    town_leg(&p, "MESSAGE " NAMED " ", &leg);
    play_wait(&p, TND_SEC(33));
    for (unsigned i = 0; i < p.out_count; i++)
        CHECK(p.outs[i].out.to.octets[3] != 32);
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 408), 0);
    close_quiet(TND_SEC(70));
}

TND_TEST(client_ack, "RFC 3261 §17.1.1.3",
         "each refusal that comes again is acknowledged again, after a 2xx of another phone too")
{
    struct town_leg leg, ack;

    call_bob("INVITE", "sip:bob@192.0.2.11");
    town_leg(&p, "INVITE sip:bob@192.0.2.11 ", &leg);
    town_respond(&p, &leg, 486, "");
    town_leg(&p, "ACK sip:bob@192.0.2.11 ", &ack);
    CHECK_STR(tnd_slice_str(town_value(ack.text, "Via")), town_value(leg.text, "Via"));
    town_respond_as(&p, &leg, 200, "other", ""); /* a fork behind it */
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 200), 1);
    town_respond(&p, &leg, 486, "");
    CHECK_EQ(town_count(&p, "ACK "), 1);
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 486), 0);
    play_close(&p);
}

TND_TEST(client_repeats, "RFC 3261 §17.1.1.2",
         "an INVITE is sent again over UDP until something is heard, over TCP it is not")
{
    struct town_leg leg;

    call_bob("INVITE", "sip:bob@192.0.2.11");
    town_leg(&p, "INVITE ", &leg);
    play_wait(&p, TND_SEC(4)); /* at 0.5, 1.5, 3.5 s */
    CHECK_EQ(town_count(&p, "INVITE "), 3);
    town_respond(&p, &leg, 100, "");
    play_wait(&p, TND_SEC(10));
    CHECK_EQ(p.out_count, 0);
    play_close(&p);
    call_bob("INVITE", "sip:bob@192.0.2.11;transport=tcp");
    play_wait(&p, TND_SEC(4));
    CHECK_EQ(town_count(&p, "INVITE "), 0);
    play_close(&p);
}

TND_TEST(client_timeout, "RFC 3261 §16.7", "an INVITE that nobody answers is a 408")
{
    call_bob("INVITE", "sip:bob@192.0.2.11");
    play_wait(&p, TND_SEC(32));
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 408), 1);
    play_say(&p, "ACK", TOWN_BOB, "");
    close_quiet(TND_SEC(70));
}

/* A response to leg as bytes, with this status line and this in place of the Vias of others. */
static void feed_response(const struct town_leg *leg, const char *status, bool has_below)
{
    char text[PLAY_TEXT_SIZE], via[512];
    const char *vias = strstr(leg->text, "Via: ");
    struct tnd_flow flow = p.flow;

    snprintf(via, sizeof(via), "%s", town_value(leg->text, "Via"));
    const char *below = strstr(vias + 1, "\r\nVia: ") + 2;
    snprintf(text, sizeof(text),
             "%s\r\nVia: %s\r\n%.*s%sFrom: <sip:a@b>;tag=alice\r\nTo: <sip:c@d>;tag=1\r\n"
             "Call-ID: %s\r\nCSeq: %s\r\nContent-Length: 0\r\n\r\n",
             status, via, has_below ? (int)strcspn(below, "\r\n") : 0, below,
             has_below ? "\r\n" : "", town_value(leg->text, "Call-ID"),
             town_value(leg->text, "CSeq"));
    p.flow.remote = leg->to;
    play_feed(&p, text);
    p.flow = flow;
}

TND_TEST(client_last_via, "RFC 3261 §16.7",
         "a response that has no Via but ours is for us, and goes no further")
{
    struct town_leg leg;

    call_bob("INVITE", "sip:bob@192.0.2.11");
    town_leg(&p, "INVITE ", &leg);
    feed_response(&leg, "SIP/2.0 180 Ringing", false);
    CHECK_EQ(p.out_count, 0);
    feed_response(&leg, "SIP/2.0 200 OK", false);
    CHECK_EQ(p.out_count, 0);
    feed_response(&leg, "SIP/2.0 180 Ringing", true);
    CHECK_EQ(play_code(&p), 180);
    play_close(&p);
}

TND_TEST(
    client_no_code, "RFC 3261 §7.2",
    "a response whose code is none is dropped, and does not stop the INVITE from being sent again")
{
    static const char *const lines[] = {"SIP/2.0 099 No", "SIP/2.0 700 No", "SIP/2.0 abc No",
                                        "SIP/2.0"};
    struct town_leg leg;

    call_bob("INVITE", "sip:bob@192.0.2.11");
    town_leg(&p, "INVITE ", &leg);
    for (size_t i = 0; i < 4; i++) {
        feed_response(&leg, lines[i], true);
        CHECK_EQ(p.out_count, 0);
    }
    play_wait(&p, TND_MS(500));
    CHECK_EQ(town_count(&p, "INVITE "), 1);
    play_close(&p);
}

TND_TEST(
    client_dns_late, "RFC 4320 §4.2",
    "a name that is found when who asked has long given up has nothing sent, and nothing is left")
{
    for (int tcp = 0; tcp < 2; tcp++) {
        town_open(&p);
        p.flow = tcp ? play_tcp() : play_udp();
        town_bind(BOB, NAMED);
        play_say(&p, "MESSAGE", TOWN_BOB, "");
        uint64_t token = asked();
        play_wait(&p, tcp ? TND_SEC(33) : TND_SEC(65));
        CHECK_EQ(tnd_node_stats(p.node)->transactions, 0);
        answer_addresses(token, "pbx.example.net", 1);
        CHECK_EQ(p.out_count, 0);
        close_quiet(1);
    }
}
