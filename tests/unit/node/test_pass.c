/* Requests on their way: Route, Record-Route, size, spirals, what has no transaction. */
#include <stdio.h>
#include <string.h>

#include "unit/node/town.h"
#include "unit/test.h"

static struct play p;

#define BOB        "bob@example.com"
#define INVITE_BOB "INVITE sip:bob@192.0.2.11 "

static void open_with_bob(void)
{
    town_open(&p);
    town_bind(BOB, "sip:bob@192.0.2.11");
}

/* Bob is called by alice and answers; beyond: a proxy that is between him and us, NULL: none. The routes
 * of the one who calls are returned, those of bob are in bobs_routes. */
static char bobs_routes[2048];

static const char *call_bob_by(const char *beyond)
{
    struct town_leg leg;

    play_say(&p, "INVITE", TOWN_BOB, "Contact: <sip:alice@198.51.100.7:5062>\r\n");
    town_leg(&p, INVITE_BOB, &leg);
    if (beyond)
        town_record(&leg, beyond);
    snprintf(bobs_routes, sizeof(bobs_routes), "%s", town_routes(leg.text, false));
    town_respond(&p, &leg, 200, "Contact: <sip:bob@192.0.2.11>\r\n");
    CHECK_EQ(play_code(&p), 200);
    return town_routes(play_text(&p), true);
}

static const char *call_bob(void)
{
    return call_bob_by(NULL);
}

/* What is said from here on is within that call, and from alice, or from bob. */
static void within(bool is_from_bob)
{
    p.from_tag = is_from_bob ? "phone11-5060" : "alice";
    p.to_tag = is_from_bob ? "alice" : "phone11-5060";
}

TND_TEST(pass_record_route, "RFC 3261 §16.6",
         "what makes a dialog comes by here again: Record-Route with a token of the call")
{
    struct town_leg leg;

    open_with_bob();
    play_say(&p, "INVITE", TOWN_BOB, "Record-Route: <sip:192.0.2.90;lr>\r\n");
    town_leg(&p, INVITE_BOB, &leg);
    const char *ours = town_value(leg.text, "Record-Route");
    CHECK(strncmp(ours, "<sip:192.0.2.1;lr;tnd=", 22) == 0);
    CHECK(strstr(leg.text, "Record-Route: <sip:192.0.2.90;lr>"));
    CHECK(strstr(leg.text, "Record-Route: <sip:192.0.2.90") > strstr(leg.text, ours));
    p.branch = "z9hG4bKm";
    play_say(&p, "MESSAGE", TOWN_BOB, "");
    town_leg(&p, "MESSAGE ", &leg);
    CHECK(!strstr(leg.text, "Record-Route"));
    p.config.proxy.record_route = false;
    p.branch = "z9hG4bKi";
    p.cseq = 2;
    play_say(&p, "INVITE", TOWN_BOB, "");
    town_leg(&p, INVITE_BOB, &leg);
    CHECK(!strstr(leg.text, "Record-Route"));
    play_close(&p);
}

TND_TEST(pass_double_record_route, "RFC 5658 §3",
         "a call that comes by one transport and leaves by another has one Record-Route for each")
{
    struct town_leg leg;
    char lines[600];

    open_with_bob();
    p.flow = play_tcp();
    play_say(&p, "INVITE", TOWN_BOB, "Contact: <sip:alice@198.51.100.7;transport=tcp>\r\n");
    town_leg(&p, INVITE_BOB, &leg);
    CHECK_EQ(leg.to.transport, TND_TRANSPORT_UDP);
    char *out = strstr(leg.text, "Record-Route: <sip:192.0.2.1;lr;");
    char *in = strstr(leg.text, "Record-Route: <sip:192.0.2.1;transport=tcp;lr;");
    CHECK(out && in && out < in);
    town_respond(&p, &leg, 200, "Contact: <sip:bob@192.0.2.11>\r\n");
    /* both are ours, and are used up together */
    snprintf(lines, sizeof(lines), "%s", town_routes(play_text(&p), true));
    p.to_tag = "phone11-5060";
    p.branch = "z9hG4bKack";
    play_say(&p, "ACK", "sip:bob@192.0.2.11", lines);
    town_leg(&p, "ACK sip:bob@192.0.2.11 ", &leg);
    CHECK(!strstr(leg.text, "\r\nRoute:"));
    CHECK_EQ(leg.to.octets[3], 11);
    CHECK_EQ(leg.to.transport, TND_TRANSPORT_UDP);
    play_close(&p);
}

TND_TEST(pass_in_dialog, "RFC 3261 §16.4",
         "within a call our Route lets both sides through, each to the other: ACK, BYE")
{
    struct town_leg leg;
    const char *lines;

    open_with_bob();
    town_requires_proof(&p);
    lines = call_bob();
    within(false);
    p.branch = "z9hG4bKack";
    play_say(&p, "ACK", "sip:bob@192.0.2.11", lines);
    town_leg(&p, "ACK sip:bob@192.0.2.11 ", &leg);
    CHECK_EQ(p.out_count, 1);
    CHECK_STR(tnd_slice_str(town_value(leg.text, "Max-Forwards")), "70");
    p.branch = "z9hG4bKbye";
    p.cseq = 2;
    play_say(&p, "BYE", "sip:bob@192.0.2.11", lines);
    town_leg(&p, "BYE sip:bob@192.0.2.11 ", &leg);
    CHECK(!strstr(leg.text, "Record-Route"));
    town_respond(&p, &leg, 200, "");
    CHECK_EQ(play_code(&p), 200);
    within(true);
    p.from = TOWN_BOB; /* from the other side */
    p.to = "sip:alice@example.org";
    p.branch = "z9hG4bKback";
    play_say(&p, "BYE", "sip:alice@198.51.100.7:5062", bobs_routes);
    CHECK_EQ(town_count(&p, "BYE sip:alice@198.51.100.7:5062 "), 1);
    p.branch = "z9hG4bKother";
    p.call_id = "another"; /* the token is of one call */
    play_say(&p, "BYE", "sip:alice@198.51.100.7:5062", bobs_routes);
    CHECK_EQ(play_code(&p), 407);
    p.branch = "z9hG4bKnone";
    play_say(&p, "BYE", "sip:alice@198.51.100.7:5062", "");
    CHECK_EQ(play_code(&p), 407);
    play_say(&p, "ACK", "sip:alice@198.51.100.7:5062", "");
    CHECK_EQ(p.out_count, 0);
    play_close(&p);
}

TND_TEST(pass_token_begins_nothing, "RFC 3261 §22.3",
         "who was called has our Route too: with it nobody begins another call through us")
{
    const char *lines;

    open_with_bob();
    town_requires_proof(&p);
    lines = call_bob();
    p.branch = "z9hG4bKfraud";
    play_say(&p, "INVITE", "sip:premium@192.0.2.77", lines);
    CHECK_EQ(play_code(&p), 407);
    p.branch = "z9hG4bKfraud2"; /* not even where it is of */
    play_say(&p, "INVITE", "sip:bob@192.0.2.11", lines);
    CHECK_EQ(play_code(&p), 407);
    play_close(&p);
}

TND_TEST(pass_credentials_within, "RFC 3261 §22.3",
         "credentials for our realm go no further within a call either")
{
    struct town_leg leg;
    char lines[1200];

    open_with_bob();
    snprintf(lines, sizeof(lines),
             "%s"
             "Proxy-Authorization: Digest username=\"a\", realm=\"example.com\", nonce=\"n\", "
             "uri=\"sip:a\", response=\"0123456789abcdef0123456789abcdef\"\r\n"
             "Proxy-Authorization: Digest username=\"a\", realm=\"other\", nonce=\"n\", "
             "uri=\"sip:a\", response=\"0123456789abcdef0123456789abcdef\"\r\n",
             call_bob());
    p.to_tag = "phone11-5060";
    p.branch = "z9hG4bKbye";
    play_say(&p, "BYE", "sip:bob@192.0.2.11", lines);
    town_leg(&p, "BYE ", &leg);
    CHECK(!strstr(leg.text, "realm=\"example.com\""));
    CHECK(strstr(leg.text, "realm=\"other\""));
    play_close(&p);
}

TND_TEST(pass_ack_later, "RFC 3263 §4",
         "an ACK whose Route is a name waits for the DNS, and leaves nothing behind")
{
    static const struct tnd_endpoint found = {.family = TND_FAMILY_IPV4, .octets = {192, 0, 2, 33}};
    struct tnd_lookup_answer answer = {.result = TND_LOOKUP_NONE};
    char lines[600];

    open_with_bob();
    snprintf(lines, sizeof(lines), "%s", call_bob_by("sip:edge.example.net:5070;lr"));
    p.to_tag = "phone11-5060";
    p.branch = "z9hG4bKack";
    play_say(&p, "ACK", "sip:bob@192.0.2.11", lines);
    CHECK_EQ(play_count(&p, TND_OUT_RESOLVE, 0), 2);
    uint64_t token = p.outs[0].out.token;
    CHECK_EQ(tnd_node_stats(p.node)->contexts, 1);
    answer.lookup = (struct tnd_lookup){TND_STR("edge.example.net"), TND_LOOKUP_AAAA};
    play_input(&p, &(struct tnd_input){.kind = TND_IN_RESOLVED, .token = token, .answer = &answer});
    answer = (struct tnd_lookup_answer){.lookup = {TND_STR("edge.example.net"), TND_LOOKUP_A},
                                        .result = TND_LOOKUP_FOUND,
                                        .count = 1,
                                        .addresses = &found};
    play_input(&p, &(struct tnd_input){.kind = TND_IN_RESOLVED, .token = token, .answer = &answer});
    CHECK_EQ(town_count(&p, "ACK sip:bob@192.0.2.11 "), 1);
    CHECK_EQ(p.outs[0].out.to.port, 5070);
    CHECK_EQ(tnd_node_stats(p.node)->contexts, 0);
    play_close(&p);
}

TND_TEST(pass_ack_nowhere, "RFC 3261 §16.11",
         "nor does one that goes nowhere, or where that needs no look-up after all")
{
    static const char *const routes[] = {"sips:192.0.2.33;lr", "sip:192.0.2.33;maddr=192.0.2.34;lr",
                                         "sip:192.0.2.33;transport=sctp;lr"};
    char lines[600];

    for (size_t i = 0; i < 3; i++) {
        open_with_bob();
        snprintf(lines, sizeof(lines), "%s", call_bob_by(routes[i]));
        p.to_tag = "phone11-5060";
        p.branch = "z9hG4bKack";
        play_say(&p, "ACK", "sip:bob@192.0.2.11", lines);
        CHECK_EQ(town_count(&p, "ACK "), i == 1);
        CHECK_EQ(tnd_node_stats(p.node)->contexts, 0);
        play_close(&p);
    }
}

TND_TEST(pass_strict, "RFC 3261 §16.4",
         "a strict router in front of us and behind us is understood")
{
    struct town_leg leg;
    char uri[256];

    open_with_bob();
    const char *route = strstr(call_bob(), "<");
    snprintf(uri, sizeof(uri), "%.*s", (int)strcspn(route + 1, ">"), route + 1);
    p.to_tag = "phone11-5060";
    p.branch = "z9hG4bKbye";
    play_say(&p, "BYE", uri, "Route: <sip:bob@192.0.2.11>\r\n");
    town_leg(&p, "BYE sip:bob@192.0.2.11 ", &leg);
    CHECK(!strstr(leg.text, "\r\nRoute:"));
    p.to_tag = NULL;
    p.cseq = 7;
    p.branch = "z9hG4bKinvite2";
    route = call_bob_by("sip:old@192.0.2.60");
    p.to_tag = "phone11-5060";
    p.branch = "z9hG4bKbye2"; /* §16.6 step 6 */
    play_say(&p, "BYE", "sip:bob@192.0.2.11", route);
    town_leg(&p, "BYE sip:old@192.0.2.60 ", &leg);
    CHECK_STR(tnd_slice_str(town_value(leg.text, "Route")), "<sip:bob@192.0.2.11>");
    CHECK_EQ(leg.to.octets[3], 60);
    play_close(&p);
}

TND_TEST(pass_large, "RFC 3261 §18.1.1",
         "what is too large for UDP goes by TCP, and by UDP again where that is refused")
{
    static char line[1500];
    struct town_leg leg, again;

    snprintf(line, sizeof(line), "Subject: %01300d\r\n", 0);
    open_with_bob();
    play_say(&p, "INVITE", TOWN_BOB, line);
    town_leg(&p, INVITE_BOB, &leg);
    CHECK_EQ(leg.to.transport, TND_TRANSPORT_TCP);
    CHECK(strstr(leg.text, "Via: SIP/2.0/TCP 192.0.2.1;branch="));
    town_fail(&p, &leg);
    town_leg(&p, INVITE_BOB, &again);
    CHECK_EQ(again.to.transport, TND_TRANSPORT_UDP);
    CHECK(strstr(again.text, "Via: SIP/2.0/UDP 192.0.2.1;branch="));
    town_fail(&p, &again);
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 500), 1);
    play_close(&p);
    open_with_bob();
    play_say(&p, "INVITE", TOWN_BOB, line);
    town_leg(&p, INVITE_BOB, &leg);
    town_respond(&p, &leg, 503, ""); /* it has been reached: the same server is not asked twice */
    CHECK_EQ(town_count(&p, INVITE_BOB), 0);
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 500), 1);
    play_close(&p);
}

TND_TEST(
    pass_large_nat, "RFC 3261 §18.1.1",
    "but behind a NAT there is no listener: a phone that came by UDP is sent datagrams of any size")
{
    static char line[1500];
    struct town_leg leg;

    snprintf(line, sizeof(line), "Subject: %01300d\r\n", 0);
    town_open(&p);
    town_bind_as(BOB, &(struct tnd_binding){.uri = TND_STR("sip:bob@10.0.0.5"),
                                            .q = -1,
                                            .flow = 1,
                                            .source = {.family = TND_FAMILY_IPV4,
                                                       .transport = TND_TRANSPORT_UDP,
                                                       .octets = {192, 0, 2, 11},
                                                       .port = 5060}});
    play_say(&p, "INVITE", TOWN_BOB, line);
    town_leg(&p, "INVITE sip:bob@10.0.0.5 ", &leg);
    CHECK_EQ(leg.to.transport, TND_TRANSPORT_UDP);
    CHECK_EQ(leg.to.octets[3], 11);
    play_close(&p);
}

TND_TEST(pass_spiral, "RFC 5393 §4.2",
         "a user's forward to another user comes back to us, needs no proof, and is no loop")
{
    struct town_leg spiral, leg;

    open_with_bob();
    town_requires_proof(&p);
    p.config.auth.trusted_count = 0;
    town_user("carol@example.com", "secret");
    town_forward("carol@example.com",
                 &(struct tnd_forward){.uri = TND_STR(TOWN_BOB), .mode = TND_FORWARD_PROXY});
    play_say(&p, "INVITE", "sip:carol@example.com", "");
    town_leg(&p, "INVITE " TOWN_BOB " ", &spiral);
    CHECK(strstr(spiral.text, "Diversion: <sip:carol@example.com>;reason=unconditional"));
    town_return(&p, &spiral);
    town_leg(&p, INVITE_BOB, &leg);
    CHECK_STR(tnd_slice_str(town_value(leg.text, "Max-Forwards")), "68");
    town_respond(&p, &leg, 180, "");
    CHECK_EQ(play_code(&p), 180); /* to ourselves */
    play_close(&p);
}

TND_TEST(bug_pass_spiral_by_tcp, "RFC 5393 §4.2",
         "likewise where we listen for TCP alone; but only for whom we sent it to")
{
    struct tnd_flow alice = play_tcp(), ours = play_tcp();
    struct town_leg spiral;
    char text[PLAY_TEXT_SIZE + 64];

    open_with_bob();
    town_requires_proof(&p);
    p.config.addresses++; /* TCP */
    p.config.address_count = 1;
    town_forward("carol@example.com",
                 &(struct tnd_forward){.uri = TND_STR(TOWN_BOB), .mode = TND_FORWARD_PROXY});
    town_user("carol@example.com", "secret");
    town_user("alice@example.com", "secret");
    p.flow = alice;
    p.from = "sip:alice@example.com";
    play_say(&p, "INVITE", "sip:carol@example.com", "");
    CHECK_EQ(play_code(&p), 407);
    p.branch = "z9hG4bKproved";
    p.cseq = 2;
    play_say(&p, "INVITE", "sip:carol@example.com",
             town_proof(&p, "Proxy-Authorization", "INVITE", "alice", "secret", 1));
    town_leg(&p, "INVITE " TOWN_BOB " ", &spiral);
    CHECK_EQ(spiral.to.transport, TND_TRANSPORT_TCP);
    ours.remote = ours.local;
    ours.remote.port = 40000;
    ours.id = 77;
    p.flow = ours;
    snprintf(text, sizeof(text), "INVITE sip:eve@example.com %s",
             spiral.text + strlen("INVITE " TOWN_BOB " "));
    play_feed(&p, text);
    CHECK_EQ(play_code(&p), 407);
    p.flow.remote.octets[3] = 99;
    play_feed(&p, spiral.text);
    CHECK_EQ(play_code(&p), 407);
    p.flow = ours;
    play_feed(&p, spiral.text);
    CHECK_EQ(town_count(&p, INVITE_BOB), 1);
    play_close(&p);
}

TND_TEST(pass_spiral_replayed, "RFC 3261 §22.3",
         "whom we called cannot use our words to have his own requests passed on")
{
    struct town_leg leg;
    char text[PLAY_TEXT_SIZE + 64];

    open_with_bob();
    play_say(&p, "INVITE", TOWN_BOB, "");
    town_leg(&p, INVITE_BOB, &leg);
    snprintf(text, sizeof(text), "INVITE sip:premium@192.0.2.77 %s", leg.text + strlen(INVITE_BOB));
    p.flow.remote = leg.to;
    play_feed(&p, text);
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 407), 1);
    play_close(&p);
}

TND_TEST(pass_loop, "RFC 5393 §4.2.2", "two users who forward to one another end in 482")
{
    struct town_leg leg;

    town_open(&p);
    town_forward("carol@example.com", &(struct tnd_forward){.uri = TND_STR("sip:dave@example.com"),
                                                            .mode = TND_FORWARD_PROXY});
    town_forward("dave@example.com", &(struct tnd_forward){.uri = TND_STR("sip:carol@example.com"),
                                                           .mode = TND_FORWARD_PROXY});
    play_say(&p, "INVITE", "sip:carol@example.com", "");
    for (int i = 0; i < 2; i++) {
        town_leg(&p, "INVITE ", &leg);
        town_return(&p, &leg);
    }
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 482), 1);
    play_close(&p);
}

TND_TEST(bug_pass_contacts_of_oneself, "RFC 5393 §4.2.1",
         "a user whose contacts are himself, each spelled in another way, is looked up once")
{
    static const char *const spelled[] = {"sip:bob@example.com;x=1", "sip:%62ob@example.com;x=3",
                                          "sip:bob@192.0.2.1:5060"};
    struct town_leg legs[3];

    town_open(&p);
    for (size_t i = 0; i < 3; i++)
        town_bind(BOB, spelled[i]);
    town_bind_as(BOB, &(struct tnd_binding){.uri = TND_STR("sip:bob@example.com;x=2"),
                                            .path = TND_STR("<sip:192.0.2.1;lr;x=2>"),
                                            .q = -1});
    play_say(&p, "INVITE", TOWN_BOB, "");
    CHECK_EQ(town_count(&p, "INVITE "), 4);
    for (size_t i = 0; i < 3; i++) {
        char start[64];

        snprintf(start, sizeof(start), "INVITE %s ", spelled[i]);
        town_leg(&p, start, &legs[i]);
    }
    struct town_leg path;
    town_leg(&p, "INVITE sip:bob@example.com;x=2 ", &path);
    for (size_t i = 0; i < 3; i++) {
        town_return(&p, &legs[i]);
        CHECK_EQ(town_count(&p, "INVITE "), 0);
        CHECK_EQ(play_count(&p, TND_OUT_SEND, 482), 1);
    }
    town_return(&p, &path);
    CHECK_EQ(town_count(&p, "INVITE "), 0);
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 482), 1);
    play_close(&p);
}

TND_TEST(bug_pass_redirected_to_oneself, "RFC 3261 §16.5",
         "a phone that redirects to the user it belongs to is not asked again by way of us")
{
    struct town_leg leg;

    open_with_bob();
    play_say(&p, "INVITE", TOWN_BOB, "");
    town_leg(&p, INVITE_BOB, &leg);
    town_respond(&p, &leg, 302, "Contact: <" TOWN_BOB ">\r\n");
    CHECK_EQ(town_count(&p, "INVITE "), 0);
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 482), 1);
    play_close(&p);
}

TND_TEST(pass_spiral_limit, "limits.requests_per_second",
         "what we send to ourselves does not count as one source")
{
    struct town_leg leg;

    open_with_bob();
    p.config.requests_per_second = 3;
    town_forward("carol@example.com",
                 &(struct tnd_forward){.uri = TND_STR(TOWN_BOB), .mode = TND_FORWARD_PROXY});
    for (unsigned i = 0; i < 5; i++) {
        char branch[32], call_id[32];

        snprintf(branch, sizeof(branch), "z9hG4bK%u", i);
        snprintf(call_id, sizeof(call_id), "call%u", i);
        p.branch = branch;
        p.call_id = call_id;
        p.flow.remote.octets[3] = (uint8_t)(20 + i);
        play_say(&p, "INVITE", "sip:carol@example.com", "");
        town_leg(&p, "INVITE " TOWN_BOB " ", &leg);
        town_return(&p, &leg);
        CHECK_EQ(town_count(&p, INVITE_BOB), 1);
    }
    play_close(&p);
}

TND_TEST(
    pass_cancel_alone, "RFC 3261 §16.10",
    "a CANCEL that is of no call here goes where its INVITE would, and what is said of it comes back")
{
    struct town_leg leg;

    open_with_bob();
    play_say(&p, "CANCEL", TOWN_BOB, "");
    town_leg(&p, "CANCEL sip:bob@192.0.2.11 ", &leg);
    CHECK_EQ(p.out_count, 2); /* and what was asked of the store */
    CHECK_EQ(tnd_node_stats(p.node)->contexts, 0);
    CHECK_EQ(tnd_node_stats(p.node)->transactions, 0);
    town_respond(&p, &leg, 481, "");
    CHECK_EQ(play_code(&p), 481);
    CHECK_EQ(p.outs[0].out.to.port, 5062);
    p.branch = "z9hG4bKtwo";
    play_say(&p, "CANCEL", "sip:nobody@example.com", "");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 481), 1);
    p.branch = "z9hG4bKthree";
    play_say(&p, "CANCEL", "sip:x@192.0.2.77", ""); /* no relay for strangers */
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 481), 1);
    CHECK_EQ(town_count(&p, "CANCEL "), 0);
    play_close(&p);
}

TND_TEST(pass_route_foreign, "PRODUCT",
         "a route of the configuration may be for a domain that is not ours")
{
    static const struct tnd_route_contact gateway = {TND_STR_INIT("sip:192.0.2.50"), 1000, 0};
    static const struct tnd_route route = {.match = {.domain = TND_STR_INIT("partner.example")},
                                           .action = TND_ROUTE_PROXY,
                                           .contacts = &gateway,
                                           .contact_count = 1};
    struct town_leg leg;

    town_open(&p);
    p.config.routes = &route;
    p.config.route_count = 1;
    play_say(&p, "INVITE", "sip:carol@partner.example", "");
    CHECK_EQ(play_code(&p), 407);
    town_trusts(&p, "198.51.100.7");
    play_say(&p, "INVITE", "sip:carol@partner.example", "");
    town_leg(&p, "INVITE sip:carol@partner.example ", &leg);
    CHECK_EQ(leg.to.octets[3], 50);
    play_close(&p);
}

TND_TEST(pass_from_loopback, "RFC 3261 §18.1.1",
         "who calls from this host is not named by its loopback address to phones elsewhere")
{
    static struct tnd_endpoint addresses[2];
    struct town_leg leg;

    open_with_bob();
    CHECK_EQ(tnd_endpoint_parse(TND_STR("udp:127.0.0.1:5060"), TND_TRANSPORT_NONE, &addresses[0]),
             0);
    CHECK_EQ(tnd_endpoint_parse(TND_STR("udp:192.0.2.1:5060"), TND_TRANSPORT_NONE, &addresses[1]),
             0);
    p.config.addresses = addresses;
    p.flow.local = addresses[0];
    p.flow.remote = addresses[0];
    p.flow.remote.port = 5070;
    play_say(&p, "INVITE", TOWN_BOB, "");
    town_leg(&p, INVITE_BOB, &leg);
    CHECK(strncmp(town_value(leg.text, "Via"), "SIP/2.0/UDP 192.0.2.1;", 22) == 0);
    CHECK_EQ(leg.flow, 0); /* whichever leads there: not the socket of the loopback */
    CHECK_EQ(strncmp(town_value(leg.text, "Record-Route"), "<sip:192.0.2.1;lr", 17), 0);
    play_close(&p);
}

TND_TEST(bug_pass_route_names, "PRODUCT",
         "a target may name the user as often as it likes, however long his name is")
{
#define NAMED "sip:{user}@192.0.2.50;a={user};b={user};c={user};d={user};e={user};f={user};g={user}"
    static const struct tnd_route_contact named = {
        TND_STR_INIT(NAMED ";h={user};i={user};j={user};k={user};l={user};m={user};n={user}"), 1000,
        0};
    static const struct tnd_route route = {.match = {.domain = TND_STR_INIT("example.com")},
                                           .action = TND_ROUTE_PROXY,
                                           .contacts = &named,
                                           .contact_count = 1};
    char uri[300], line[300];
    struct town_leg leg;

    snprintf(uri, sizeof(uri), "sip:%0200d@example.com", 7);
    snprintf(line, sizeof(line), "INVITE sip:%0200d@192.0.2.50;a=", 7);
    town_open(&p);
    p.config.routes = &route;
    p.config.route_count = 1;
    play_say(&p, "INVITE", uri, "");
    town_leg(&p, line, &leg);
    play_close(&p);
}

TND_TEST(bug_pass_port_0, "RFC 3261 §25.1", "nobody is at port 0, and it is not the usual one")
{
    town_open(&p);
    town_bind(BOB, "sip:bob@192.0.2.11:0");
    play_say(&p, "INVITE", TOWN_BOB, "");
    CHECK_EQ(town_count(&p, "INVITE "), 0);
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 500), 1);
    play_close(&p);
}

TND_TEST(bug_pass_long_path_to_oneself, "RFC 3327 §5.3",
         "a Path by way of us, too long for a datagram, is not challenged when it comes by TCP")
{
    struct town_leg self;
    char path[1800] = "<sip:192.0.2.1;lr>";

    for (size_t i = 0, len = strlen(path); i < 60; i++)
        len += (size_t)snprintf(path + len, sizeof(path) - len, ",<sip:192.0.2.1;lr;x=%zu>", i);
    town_open(&p);
    town_requires_proof(&p);
    town_bind_as(BOB, &(struct tnd_binding){.uri = TND_STR("sip:bob@192.0.2.11"),
                                            .path = tnd_slice_str(path),
                                            .q = -1});
    play_say(&p, "INVITE", TOWN_BOB, "");
    town_leg(&p, INVITE_BOB, &self);
    CHECK_EQ(self.to.transport, TND_TRANSPORT_TCP);
    p.flow = play_tcp();
    p.flow.remote = p.flow.local;
    p.flow.remote.port = 40000;
    play_feed(&p, self.text);
    CHECK_EQ(town_count(&p, INVITE_BOB), 1);
    play_close(&p);
}

TND_TEST(
    pass_domain_is_address, "RFC 3261 §16.5",
    "where a domain is an address, a phone at another port of it is a phone, and no user of ours")
{
    static const struct tnd_slice domain = TND_STR_INIT("203.0.113.5");
    struct town_leg leg;

    town_open(&p);
    p.config.domains = &domain;
    town_bind("bob@203.0.113.5", "sip:bob@203.0.113.5:5070");
    p.to = "sip:bob@203.0.113.5:5060";
    play_say(&p, "INVITE", "sip:bob@203.0.113.5:5060", "");
    town_leg(&p, "INVITE sip:bob@203.0.113.5:5070 ", &leg);
    CHECK_EQ(leg.to.port, 5070);
    play_close(&p);
}
