/* Calls of phones behind a NAT: what is within them goes by the flow that Record-Route names, from
 * either side, whatever Contact says. */
#include <stdio.h>
#include <string.h>

#include "unit/node/town.h"
#include "unit/test.h"

static struct play p;

#define BOB        "bob@example.com"
#define BOB_SAYS   "sip:bob@10.0.0.5"
#define ALICE_SAYS "sip:alice@10.0.0.9"

static struct tnd_endpoint endpoint(const char *text)
{
    struct tnd_endpoint e;

    CHECK_EQ(tnd_endpoint_parse(tnd_slice_str(text), TND_TRANSPORT_UDP, &e), 0);
    return e;
}

/* Bob registered from source, at local, by the connection flow if that is one. */
static void bind_bob(const char *source, const char *local)
{
    town_bind_as(BOB, &(struct tnd_binding){.uri = TND_STR(BOB_SAYS),
                                            .q = -1,
                                            .source = endpoint(source),
                                            .flow = 99,
                                            .life = p.world.life,
                                            .local = endpoint(local)});
}

/* The other listener of the node. */
static void listen_at_5070(void)
{
    static struct tnd_endpoint list[3];

    CHECK(p.config.address_count == 2);
    memcpy(list, p.config.addresses, 2 * sizeof(*list));
    list[2] = endpoint("udp:192.0.2.1:5070");
    p.config.addresses = list;
    p.config.address_count = 3;
}

/* A call to bob from alice, who is behind a NAT too; its routes, as each side has them. */
struct call {
    char from_alice[1024], from_bob[1024];
    struct town_leg leg;
};

static struct call call_bob(void)
{
    struct call c = {.from_alice = ""};

    p.sent_by = "10.0.0.9:5060;rport";
    play_say(&p, "INVITE", TOWN_BOB, "Contact: <" ALICE_SAYS ">\r\n");
    town_leg(&p, "INVITE " BOB_SAYS " ", &c.leg);
    snprintf(c.from_bob, sizeof(c.from_bob), "%s", town_routes(c.leg.text, false));
    town_respond_as(&p, &c.leg, 200, "phone11-5060", "Contact: <" BOB_SAYS ">\r\n");
    CHECK_EQ(play_code(&p), 200);
    snprintf(c.from_alice, sizeof(c.from_alice), "%s", town_routes(play_text(&p), true));
    p.to_tag = "phone11-5060";
    return c;
}

/* Who gets a request within the call. */
static struct town_leg within(const char *method, const char *uri, const char *routes)
{
    static unsigned number;
    static char branch[32];
    struct town_leg leg;
    char start[64];

    snprintf(branch, sizeof(branch), "z9hG4bKw%u", number++);
    snprintf(start, sizeof(start), "%s %s ", method, uri);
    p.branch = branch;
    play_say(&p, method, uri, routes);
    town_leg(&p, start, &leg);
    CHECK(!strstr(leg.text, "\r\nRoute:"));
    CHECK(!strstr(leg.text, "\r\nRecord-Route:"));
    return leg;
}

static void check_to(const struct town_leg *leg, const char *where)
{
    struct tnd_endpoint expected = endpoint(where);

    CHECK(tnd_endpoint_eq(&leg->to, &expected));
}

static const char *const methods[] = {"ACK", "INVITE", "INFO", "BYE"};

static void speak_from_alice(const struct call *c, const char *where, uint64_t flow)
{
    for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
        struct town_leg leg = within(methods[i], BOB_SAYS, c->from_alice);

        check_to(&leg, where);
        if (flow)
            CHECK_EQ(leg.flow, flow);
        p.cseq++;
    }
}

static void speak_from_bob(const struct call *c)
{
    struct tnd_flow flow = p.flow;

    p.flow.remote = c->leg.to;
    p.sent_by = "10.0.0.5:5060;rport";
    p.from_tag = "phone11-5060";
    p.to_tag = "alice";
    for (size_t i = 1; i < sizeof(methods) / sizeof(*methods); i++) {
        struct town_leg leg = within(methods[i], ALICE_SAYS, c->from_bob);

        check_to(&leg, "udp:198.51.100.7:5062");
        p.cseq++;
    }
    p.flow = flow;
    p.from_tag = "alice";
    p.to_tag = "phone11-5060";
}

TND_TEST(flow_within_a_call, "RFC 5626 §5.3.1",
         "what is within a call of two phones behind NATs goes where they are, not where they say")
{
    PROVES(PROXY_FLOW);
    town_open(&p);
    town_requires_proof(&p);
    p.from = "sip:alice@example.org";
    bind_bob("udp:203.0.113.11:62000", "udp:192.0.2.1:5060");
    struct call c = call_bob();
    speak_from_alice(&c, "udp:203.0.113.11:62000", PLAY_UDP);
    speak_from_bob(&c);
    play_close(&p); /* a crash */
    town_open_another(&p);
    p.from = "sip:alice@example.org";
    p.sent_by = "10.0.0.9:5060;rport";
    p.to_tag = "phone11-5060";
    speak_from_alice(&c, "udp:203.0.113.11:62000", PLAY_UDP);
    speak_from_bob(&c);
    play_close(&p);
}

TND_TEST(flow_keeps_the_socket, "RFC 3581 §4",
         "a phone behind a NAT is sent datagrams from where it registered, and told so in Via")
{
    town_open(&p);
    listen_at_5070();
    bind_bob("udp:203.0.113.11:62000", "udp:192.0.2.1:5070");
    struct tnd_endpoint from = endpoint("udp:192.0.2.1:5070");
    struct call c = call_bob();
    CHECK(strstr(c.leg.text, "Via: SIP/2.0/UDP 192.0.2.1:5070;"));
    CHECK(strncmp(town_value(c.leg.text, "Record-Route"), "<sip:192.0.2.1:5070;", 20) == 0);
    struct town_leg leg = within("BYE", BOB_SAYS, c.from_alice);
    CHECK(strstr(leg.text, "Via: SIP/2.0/UDP 192.0.2.1:5070;"));
    for (unsigned i = 0; i < p.out_count; i++)
        if (strncmp(p.outs[i].text, "BYE ", 4) == 0) {
            CHECK(tnd_endpoint_eq(&p.outs[i].out.from, &from));
            CHECK_EQ(p.outs[i].out.flow, 0);
        }
    play_close(&p);
}

TND_TEST(flow_place_of_before, "RFC 3581 §4",
         "where we do not listen any more nothing can leave from: then from where we do")
{
    struct town_leg leg;

    town_open(&p);
    bind_bob("udp:203.0.113.11:62000", "udp:192.0.2.1:5070");
    play_say(&p, "INVITE", TOWN_BOB, "");
    town_leg(&p, "INVITE ", &leg);
    CHECK(strstr(leg.text, "Via: SIP/2.0/UDP 192.0.2.1;"));
    CHECK_EQ(leg.flow, PLAY_UDP);
    play_close(&p);
}

TND_TEST(flow_of_a_connection, "RFC 5626 §5.3.1",
         "what is for a phone over TCP goes over its connection; without that the answer is 430")
{
    town_open(&p);
    p.from = "sip:alice@example.org";
    bind_bob("tcp:203.0.113.11:62000", "tcp:192.0.2.1:5060");
    struct call c = call_bob();
    speak_from_alice(&c, "tcp:203.0.113.11:62000", 99);
    speak_from_bob(&c);
    p.sent_by = "10.0.0.9:5060;rport";
    struct town_leg leg = within("INFO", BOB_SAYS, c.from_alice);
    town_fail(&p, &leg);
    CHECK_EQ(play_code(&p), 430);
    play_close(&p); /* a crash */
    town_open_another(&p);
    p.from = "sip:alice@example.org";
    p.to_tag = "phone11-5060";
    p.branch = "z9hG4bKgone";
    play_say(&p, "BYE", BOB_SAYS, c.from_alice);
    CHECK_EQ(play_code(&p), 430);
    play_close(&p);
}

/* Bob registers by a connection: another phone has another one. */
static void register_bob(const char *contact, unsigned id)
{
    struct play before = {.flow = p.flow, .from = p.from, .to = p.to, .sent_by = p.sent_by};
    static char branch[32];
    char line[256];

    snprintf(branch, sizeof(branch), "z9hG4bKr%u", id);
    snprintf(line, sizeof(line), "Contact: %s\r\n", contact);
    p.flow = play_tcp();
    p.flow.id = id;
    p.flow.remote.port = (uint16_t)id;
    p.branch = branch;
    p.from = p.to = TOWN_BOB;
    p.to_tag = NULL;
    p.sent_by = "10.0.0.5";
    p.cseq += 100;
    play_say(&p, "REGISTER", "sip:example.com", line);
    CHECK_EQ(play_code(&p), 200);
    p.flow = before.flow;
    p.from = before.from;
    p.to = before.to;
    p.sent_by = before.sent_by;
    p.to_tag = "phone11-5060";
}

/* A call of alice to bob, who registers over connection 700. */
static struct call call_over_tcp(const char *contact)
{
    town_open(&p);
    p.from = "sip:alice@example.org";
    p.to = TOWN_BOB;
    p.from_tag = "bobs";
    register_bob(contact, 700);
    p.from_tag = "alice";
    p.to_tag = NULL;
    p.branch = "z9hG4bKcall";
    return call_bob();
}

#define INSTANCE ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000a95a0e128>\""
#define ANOTHER  ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-AABBCCDDEEFF>\""
#define MOVED    "sip:bob@10.0.0.5:5099"

static void open_after_crash(void)
{
    play_close(&p);
    town_open_another(&p);
    p.from = "sip:alice@example.org";
    p.to = TOWN_BOB;
    p.to_tag = "phone11-5060";
    p.cseq = 1000;
}

TND_TEST(flow_registered_anew, "RFC 5626 §5.3.2",
         "a phone that registers anew over another connection has what is within its call by that")
{
    struct call c = call_over_tcp("<" BOB_SAYS ">");

    CHECK_EQ(within("INFO", BOB_SAYS, c.from_alice).flow, 700);
    register_bob("<" BOB_SAYS ">", 701);
    CHECK_EQ(within("INFO", BOB_SAYS, c.from_alice).flow, 701);
    CHECK_EQ(within("ACK", BOB_SAYS, c.from_alice).flow, 701);
    open_after_crash();
    p.branch = "z9hG4bKgone";
    play_say(&p, "BYE", BOB_SAYS, c.from_alice);
    CHECK_EQ(play_code(&p), 430);
    register_bob("<" BOB_SAYS ">", 702);
    CHECK_EQ(within("BYE", BOB_SAYS, c.from_alice).flow, 702);
    play_close(&p);
}

TND_TEST(flow_of_the_instance, "RFC 5626 §7",
         "it may register with another Contact too, if it says which instance it is")
{
    struct call c = call_over_tcp("<" BOB_SAYS ">" INSTANCE);

    register_bob("<" MOVED ">" ANOTHER, 701); /* another phone */
    CHECK_EQ(within("INFO", BOB_SAYS, c.from_alice).flow, 700);
    register_bob("<sip:bob@10.0.0.5:5098>", 702); /* which says nothing */
    CHECK_EQ(within("INFO", BOB_SAYS, c.from_alice).flow, 700);
    register_bob("<sip:bob@10.0.0.5:5097>" INSTANCE, 703);
    CHECK_EQ(within("INFO", BOB_SAYS, c.from_alice).flow, 703);
    open_after_crash();
    register_bob("<" MOVED ">" ANOTHER, 704);
    p.branch = "z9hG4bKgone";
    play_say(&p, "BYE", BOB_SAYS, c.from_alice);
    CHECK_EQ(play_code(&p), 430);
    register_bob("<sip:bob@10.0.0.5:5096>" INSTANCE, 705);
    CHECK_EQ(within("BYE", BOB_SAYS, c.from_alice).flow, 705);
    play_close(&p);
}

TND_TEST(flow_without_the_store, "RFC 5626 §5.3.1",
         "where the store does not answer the connection of the call is tried, if it can be there")
{
    struct call c = call_over_tcp("<" BOB_SAYS ">");

    town_use_store(TOWN_FAILS);
    CHECK_EQ(within("INFO", BOB_SAYS, c.from_alice).flow, 700);
    town_use_store(TOWN_LATER);
    p.branch = "z9hG4bKlater";
    play_say(&p, "INFO", BOB_SAYS, c.from_alice);
    CHECK_EQ(town_count(&p, "INFO "), 0);
    town_stored(&p);
    CHECK_EQ(town_count(&p, "INFO "), 1);
    town_use_store(TOWN_AT_ONCE);
    play_close(&p);
}

TND_TEST(flow_forged, "RFC 5626 §5.3.1",
         "a flow token that was changed leads nowhere: 403, and an ACK is dropped")
{
    town_open(&p);
    p.from = "sip:alice@example.org";
    bind_bob("udp:203.0.113.11:62000", "udp:192.0.2.1:5060");
    struct call c = call_bob();
    char *digit = strstr(strstr(c.from_alice, "flow=") + 5, "flow=") + 5;
    *digit = *digit == '0' ? '1' : '0';
    p.branch = "z9hG4bKforged";
    play_say(&p, "BYE", BOB_SAYS, c.from_alice);
    CHECK_EQ(play_code(&p), 403);
    play_say(&p, "ACK", BOB_SAYS, c.from_alice);
    CHECK_EQ(p.out_count, 0);
    play_close(&p);
}

TND_TEST(flow_only_where_it_shows, "RFC 5626 §5.3.2",
         "who says where he is needs no flow token; who asks for one, by ob, has it")
{
    struct town_leg leg;

    town_open(&p);
    town_bind(BOB, "sip:bob@192.0.2.11");
    play_say(&p, "INVITE", TOWN_BOB, "Contact: <sip:alice@198.51.100.7:5062>\r\n");
    town_leg(&p, "INVITE ", &leg);
    CHECK(!strstr(leg.text, ";flow="));
    p.branch = "z9hG4bKname";
    p.cseq++;
    p.sent_by = "pbx.example.org"; /* a name is no other address */
    play_say(&p, "INVITE", TOWN_BOB, "Contact: <sip:alice@pbx.example.org>\r\n");
    town_leg(&p, "INVITE ", &leg);
    CHECK(!strstr(leg.text, ";flow="));
    p.branch = "z9hG4bKob";
    p.cseq++;
    play_say(&p, "INVITE", TOWN_BOB, "Contact: <sip:alice@198.51.100.7:5062;ob>\r\n");
    town_leg(&p, "INVITE ", &leg);
    CHECK(strstr(leg.text, ";flow="));
    play_close(&p);
}

TND_TEST(bug_rport_is_no_nat, "RFC 3581 §4",
         "who asks for rport and says where he is is behind no NAT, though he is told received")
{
    struct town_leg leg;

    town_open(&p);
    p.sent_by = "198.51.100.7:5062;rport";
    p.to = TOWN_BOB;
    play_say(&p, "REGISTER", "sip:example.com", "Contact: <sip:bob@192.0.2.11>\r\n");
    p.branch = "z9hG4bKcall";
    p.call_id = "call-2@198.51.100.7";
    play_say(&p, "INVITE", TOWN_BOB, "Contact: <sip:alice@198.51.100.7:5062>\r\n");
    town_leg(&p, "INVITE sip:bob@192.0.2.11 ", &leg);
    struct tnd_endpoint bob = {{192, 0, 2, 11}, 5060, TND_TRANSPORT_UDP, TND_FAMILY_IPV4};
    CHECK(tnd_endpoint_eq(&leg.to, &bob));
    CHECK(!strstr(leg.text, ";flow="));
    play_close(&p);
}

TND_TEST(bug_flow_of_no_family, "RFC 5626 §5.2",
         "a phone of a family that we have no address of any more is called, and no flow is named")
{
    struct town_leg leg;

    town_open(&p);
    bind_bob("udp:[2001:db8::11]:62000", "udp:[2001:db8::1]:5060");
    play_say(&p, "INVITE", TOWN_BOB, "");
    town_leg(&p, "INVITE ", &leg);
    CHECK(!strstr(leg.text, ";flow="));
    play_close(&p);
}

TND_TEST(bug_flow_of_the_sender, "RFC 5626 §5.3",
         "a flow token that names the sender does not send his request back to him")
{
    struct town_leg leg;
    char routes[1024] = "";

    town_open(&p);
    p.from = "sip:alice@example.org";
    bind_bob("udp:203.0.113.11:62000", "udp:192.0.2.1:5060");
    struct call c = call_bob();
    const char *first = strstr(c.from_alice, "<"), *second = strstr(first + 1, "<");
    snprintf(routes, sizeof(routes), "Route: %.*s, %.*s\r\n", (int)strcspn(second, "\r"), second,
             (int)strcspn(first, "\r"), first); /* in the other order */
    leg = within("INFO", BOB_SAYS, routes);
    check_to(&leg, "udp:203.0.113.11:62000");
    snprintf(routes, sizeof(routes), "Route: %.*s\r\n", (int)strcspn(first, "\r"), first);
    p.cseq++;
    leg = within("INFO", BOB_SAYS, routes); /* without the other one */
    check_to(&leg, "udp:10.0.0.5:5060");
    play_close(&p);
}

TND_TEST(flow_to_oneself, "RFC 5626 §5.3", "but a phone that calls itself is what it calls")
{
    town_open(&p);
    p.from = "sip:alice@example.org";
    bind_bob("udp:198.51.100.7:5062", "udp:192.0.2.1:5060");
    struct call c = call_bob();
    struct town_leg leg = within("INFO", BOB_SAYS, c.from_alice);
    check_to(&leg, "udp:198.51.100.7:5062");
    play_close(&p);
}
