/* Records of why: what they hold, and how they are found again. */
#include <stdio.h>
#include <string.h>

#include "unit/node/play.h"
#include "unit/test.h"

static struct play p;

/* Answers branch i of what the last call sent, as its phone would. */
static void answer(struct play *play, const char *request, unsigned code, const char *phrase)
{
    static char text[PLAY_TEXT_SIZE];
    size_t len = 0;
    const char *at = strchr(request, '\n') + 1;

    len += (size_t)snprintf(text, sizeof(text), "SIP/2.0 %u %s\r\n", code, phrase);
    for (const char *end; at && *at != '\r'; at = end) {
        end = strchr(at, '\n') + 1;
        static const char *const copied[] = {"Via:", "From:", "To:", "Call-ID:", "CSeq:"};

        for (size_t i = 0; i < sizeof(copied) / sizeof(*copied); i++)
            if (strncmp(at, copied[i], strlen(copied[i])) == 0)
                len +=
                    (size_t)snprintf(text + len, sizeof(text) - len, "%.*s", (int)(end - at), at);
    }
    snprintf(text + len, sizeof(text) - len,
             "Contact: <sip:phone@192.0.2.9>\r\nContent-Length: 0\r\n\r\n");
    play_feed(play, text);
}

static const struct tnd_route_contact phones[] = {
    {.uri = TND_STR_INIT("sip:one@192.0.2.11"), .q = 1000},
    {.uri = TND_STR_INIT("sip:two@192.0.2.12:5070"), .q = 1000},
};
static const struct tnd_route route = {
    .action = TND_ROUTE_PROXY, .contacts = phones, .contact_count = 2};

static char sent[2][PLAY_TEXT_SIZE];

/* A request that is tried at two phones at once; sent are its copies. */
static void fork_it(struct play *play, const char *method)
{
    size_t count = 0;

    play_open(play);
    play->config.has_users = true;
    play->config.routes = &route;
    play->config.route_count = 1;
    play->config.proxy.timer_c = 200;
    play_say(play, method, "sip:bob@example.com", "Contact: <sip:alice@198.51.100.7:5062>\r\n");
    for (unsigned i = 0; i < play->out_count; i++)
        if (strncmp(play->outs[i].text, method, strlen(method)) == 0 && count < 2)
            memcpy(sent[count++], play->outs[i].text, PLAY_TEXT_SIZE);
    CHECK_EQ(count, 2);
}

static const struct tnd_why *newest(struct play *play)
{
    const struct tnd_why *why = tnd_node_why(play->node, tnd_slice_str(play->call_id));

    CHECK(why);
    return why;
}

TND_TEST(why_of_a_choice, "RFC 3261 §16.7",
         "the record of a choice has all branches, their codes, and which was chosen")
{
    char line[1024];
    struct tnd_writer w = tnd_writer(line, sizeof(line));

    fork_it(&p, "INVITE");
    answer(&p, sent[0], 404, "Not Found");
    CHECK(!tnd_node_why(p.node, tnd_slice_str(p.call_id)));
    answer(&p, sent[1], 486, "Busy Here");
    const struct tnd_why *why = newest(&p);
    CHECK_EQ(why->code, 486);
    CHECK_EQ(why->rule, TND_RULE_PROXY_BEST_CLASS);
    CHECK_EQ(tnd_why_branches(why), 2);
    CHECK_EQ(why->chosen, 1);
    CHECK_EQ(why->branch[0].code, 404);
    CHECK_EQ(why->branch[1].code, 486);
    CHECK_EQ(why->branch[0].end, TND_WHY_ENDED);
    CHECK_STR(tnd_why_target(why, 0), "sip:one@192.0.2.11");
    CHECK_STR(tnd_why_target(why, 1), "sip:two@192.0.2.12:5070");
    CHECK_STR(tnd_slice(why->fact, why->fact_len), "sip:bob@example.com");
    tnd_why_write(&w, why);
    line[w.len] = '\0';
    CHECK(strstr(line, "[sip:bob@example.com] of sip:one@192.0.2.11 404, "
                       "sip:two@192.0.2.12:5070 486 * Call-ID call-1@198.51.100.7"));
    play_close(&p);
}

TND_TEST(why_of_an_answer, "RFC 3261 §16.7", "a 2xx that is passed back has a record too")
{
    PROVES(PROXY_2XX);
    fork_it(&p, "INVITE");
    answer(&p, sent[0], 180, "Ringing");
    CHECK(!tnd_node_why(p.node, tnd_slice_str(p.call_id)));
    answer(&p, sent[1], 200, "OK");
    const struct tnd_why *why = newest(&p);
    CHECK_EQ(why->code, 200);
    CHECK_EQ(why->rule, TND_RULE_PROXY_2XX);
    CHECK_EQ(why->chosen, 1);
    CHECK_EQ(why->branch[0].end, TND_WHY_CANCELLED);
    CHECK_EQ(why->branch[0].code, 0);
    answer(&p, sent[0], 200, "OK"); /* it did not hear the CANCEL in time: a second one */
    CHECK_EQ(newest(&p)->chosen, 0);
    CHECK_EQ(newest(&p)->branch[1].code, 200);
    play_close(&p);
}

TND_TEST(why_of_silence, "RFC 4320 §4.2",
         "a request that nobody answered, and that is not answered, has a record with code 0")
{
    PROVES(PROXY_NO_408);
    fork_it(&p, "MESSAGE");
    play_wait(&p, TND_SEC(32));
    const struct tnd_why *why = newest(&p);
    CHECK_EQ(why->code, 0);
    CHECK_EQ(why->rule, TND_RULE_PROXY_NO_408);
    CHECK_EQ(why->chosen, TND_WHY_NO_BRANCH);
    CHECK_EQ(why->branch[0].end, TND_WHY_SILENT);
    CHECK_EQ(why->branch[1].end, TND_WHY_SILENT);
    CHECK_EQ(tnd_node_whys(p.node, tnd_slice_str(p.call_id), (struct tnd_why[4]){{0}}, 4), 1);
    play_close(&p);
}

TND_TEST(why_of_a_timeout, "RFC 3261 §16.7", "an INVITE that nobody answered tells which phones")
{
    PROVES(PROXY_408);
    fork_it(&p, "INVITE");
    play_wait(&p, TND_SEC(33));
    const struct tnd_why *why = newest(&p);
    CHECK_EQ(why->code, 408);
    CHECK_EQ(why->rule, TND_RULE_PROXY_408);
    CHECK_EQ(why->branch_count, 2);
    CHECK_EQ(why->branch[0].end, TND_WHY_SILENT);
    CHECK_EQ(why->branch[1].end, TND_WHY_SILENT);
    play_close(&p);
}

TND_TEST(why_of_a_cancel, "RFC 3261 §16.10",
         "of a call that was cancelled there are two records: the CANCEL, then the INVITE")
{
    struct tnd_why whys[3];

    fork_it(&p, "INVITE");
    answer(&p, sent[0], 180, "Ringing");
    answer(&p, sent[1], 180, "Ringing");
    play_say(&p, "CANCEL", "sip:bob@example.com", "");
    answer(&p, sent[0], 487, "Request Terminated");
    answer(&p, sent[1], 487, "Request Terminated");
    CHECK_EQ(tnd_node_whys(p.node, tnd_slice_str(p.call_id), whys, 3), 2);
    CHECK_EQ(whys[0].method, TND_METHOD_CANCEL);
    CHECK_EQ(whys[0].code, 200);
    CHECK_EQ(whys[1].method, TND_METHOD_INVITE);
    CHECK_EQ(whys[1].code, 487);
    CHECK(whys[0].number < whys[1].number);
    CHECK_EQ(tnd_node_whys(p.node, tnd_slice_str(p.call_id), whys, 1), 1);
    CHECK_EQ(whys[0].method, TND_METHOD_INVITE); /* the newest */
    play_close(&p);
}

/* OPTIONS of another call, answered or refused. */
static void another(struct play *play, unsigned number, const char *uri)
{
    static char branch[32], call_id[32];

    snprintf(branch, sizeof(branch), "z9hG4bK%u", number);
    snprintf(call_id, sizeof(call_id), "other-%u", number);
    play->branch = branch;
    play->call_id = call_id;
    play->now += TND_MS(1);
    play_say(play, "OPTIONS", uri, "");
}

TND_TEST(
    why_is_kept, "tandem/node.h",
    "what was answered does not push out what was refused, and since when all is there is told")
{
    static struct play some;
    struct tnd_slice first = TND_STR("other-0");
    unsigned number = 0;

    play_open(&some);
    another(&some, number++, "sip:nobody@example.com");
    while (number < TND_WHY_COUNT + 2)
        another(&some, number++, "sip:192.0.2.1");
    CHECK_EQ(play_code(&some), 200);
    CHECK(tnd_node_why(some.node, first));
    CHECK(!tnd_node_why(some.node, TND_STR("other-1")));
    CHECK_EQ(tnd_node_why_since(some.node, false), 0);
    CHECK_EQ(tnd_node_why_since(some.node, true), TND_MS(3));
    while (number < 2 * TND_WHY_COUNT + 2)
        another(&some, number++, "sip:nobody@example.com");
    CHECK(!tnd_node_why(some.node, first));
    CHECK(tnd_node_why(some.node, TND_STR("other-2")));
    play_close(&some);
}

TND_TEST(
    why_of_many, "tandem/node.h",
    "of more branches than a record holds the chosen one is there, and each has a part of the room")
{
    static struct tnd_route_contact many[12];
    static char uris[12][64];
    static struct tnd_route all = {
        .action = TND_ROUTE_PROXY, .contacts = many, .contact_count = 12};
    static char copies[12][PLAY_TEXT_SIZE];
    size_t count = 0;

    for (size_t i = 0; i < 12; i++) {
        snprintf(uris[i], sizeof(uris[i]), "sip:a-phone-with-a-name-that-is-long-%zu@192.0.2.%zu",
                 i, 20 + i);
        many[i] = (struct tnd_route_contact){.uri = tnd_slice_str(uris[i]), .q = 1000};
    }
    play_open(&p);
    p.config.has_users = true;
    p.config.routes = &all;
    p.config.route_count = 1;
    p.config.proxy.timer_c = 200;
    play_say(&p, "INVITE", "sip:bob@example.com", "Contact: <sip:alice@198.51.100.7:5062>\r\n");
    for (unsigned i = 0; i < p.out_count; i++)
        if (strncmp(p.outs[i].text, "INVITE", 6) == 0)
            memcpy(copies[count++], p.outs[i].text, PLAY_TEXT_SIZE);
    CHECK_EQ(count, 12);
    answer(&p, copies[11], 200, "OK");
    const struct tnd_why *why = newest(&p);
    CHECK_EQ(why->branch_count, 12);
    CHECK_EQ(tnd_why_branches(why), TND_WHY_BRANCH_COUNT);
    CHECK_EQ(why->chosen, TND_WHY_BRANCH_COUNT - 1);
    CHECK_EQ(why->branch[TND_WHY_BRANCH_COUNT - 1].code, 200);
    for (size_t i = 0; i < TND_WHY_BRANCH_COUNT; i++)
        CHECK_EQ(tnd_why_target(why, i).len, TND_WHY_TARGETS_SIZE / TND_WHY_BRANCH_COUNT);
    play_close(&p);
}
