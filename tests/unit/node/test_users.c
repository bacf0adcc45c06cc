/* Requests of users, who register, and for them: what is asked of the store, and what comes of it. */
#include <stdio.h>

#include "unit/node/town.h"
#include "unit/test.h"

static struct play p;

static void open_with_users(void)
{
    play_open(&p);
    p.config.has_users = true;
    p.config.registrar = (struct tnd_node_registrar){
        .default_expires = 3600, .min_expires = 60, .max_expires = 86400, .max_contacts = 10};
    p.config.proxy = (struct tnd_node_proxy){.record_route = true, .timer_c = 185};
    p.world.life = 7;
    tnd_node_free(&p.node);
    CHECK_EQ(tnd_node_new(&p.world, &p.config, p.now, &p.node), 0);
}

/* The store has bindings of whoever was asked for last. */
static void find(const struct tnd_binding *bindings, size_t count)
{
    struct tnd_store_answer answer = {.entry = {.bindings = bindings, .binding_count = count}};
    uint64_t token = 0;

    for (unsigned i = 0; i < p.out_count; i++)
        if (p.outs[i].out.kind == TND_OUT_STORE)
            token = p.outs[i].out.token;
    CHECK(token != 0);
    play_input(&p, &(struct tnd_input){.kind = TND_IN_STORED, .token = token, .stored = &answer});
}

static struct tnd_endpoint endpoint(const char *text)
{
    struct tnd_endpoint e;

    CHECK_EQ(tnd_endpoint_parse(tnd_slice_str(text), TND_TRANSPORT_NONE, &e), 0);
    return e;
}

/* The request that was sent, but for the 100. */
static const struct tnd_output *passed_on(void)
{
    for (unsigned i = 0; i < p.out_count; i++)
        if (p.outs[i].out.kind == TND_OUT_SEND && strncmp(p.outs[i].text, "SIP/2.0", 7) != 0)
            return &p.outs[i].out;
    CHECK(!"a request was sent");
    return NULL;
}

static void register_to(const char *to)
{
    static unsigned count;
    char text[1024];

    snprintf(text, sizeof(text),
             "REGISTER sip:example.com SIP/2.0\r\n"
             "Via: SIP/2.0/UDP 198.51.100.7:5062;branch=z9hG4bK%u\r\n"
             "Max-Forwards: 70\r\nFrom: <sip:bob@example.com>;tag=1\r\nTo: <%s>\r\n"
             "Call-ID: 1\r\nCSeq: 1 REGISTER\r\nContact: <sip:bob@198.51.100.7>\r\n\r\n",
             count++, to);
    play_feed(&p, text);
}

TND_TEST(users_aor_of_ours, "RFC 3261 §10.3",
         "who registers an address-of-record of another domain, or none, has 404")
{
    static const char *const none[] = {"sip:bob@elsewhere.example", "sip:example.com",
                                       "tel:+49301234"};

    PROVES(REGISTRAR_AOR);
    open_with_users();
    for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
        register_to(none[i]);
        CHECK_EQ(play_count(&p, TND_OUT_STORE, 0), 0);
        CHECK_EQ(play_code(&p), 404);
    }
    register_to("sip:bob@example.com");
    CHECK_EQ(play_count(&p, TND_OUT_STORE, 0), 1);
    play_close(&p);
}

TND_TEST(bug_nat_of_another_worker, "RFC 3581 §4",
         "a phone behind a NAT is sent datagrams from our own socket, whichever it registered at")
{
    struct tnd_binding b = {.uri = TND_STR("sip:bob@10.0.0.1"),
                            .until = INT64_MAX,
                            .q = -1,
                            .source = endpoint("udp:203.0.113.9:5070"),
                            .flow = 99, /* of another worker, who has sockets of his own */
                            .life = 7};

    open_with_users();
    play_say(&p, "INVITE", "sip:bob@example.com", "");
    find(&b, 1);
    CHECK_EQ(passed_on()->flow, PLAY_UDP);
    CHECK(tnd_endpoint_eq(&passed_on()->to, &b.source));
    play_close(&p);
}

TND_TEST(users_connection_kept, "RFC 5626 §5.3",
         "a phone is called over the connection that it registered by, whosever that is")
{
    struct tnd_binding b = {.uri = TND_STR("sip:bob@10.0.0.1;transport=tcp"),
                            .until = INT64_MAX,
                            .q = -1,
                            .source = endpoint("tcp:203.0.113.9:5070"),
                            .flow = 99,
                            .life = 7};

    open_with_users();
    play_say(&p, "INVITE", "sip:bob@example.com", "");
    find(&b, 1);
    CHECK_EQ(passed_on()->flow, 99);
    play_close(&p);
}

TND_TEST(bug_tcp_after_a_restart, "RFC 3261 §18.2.2",
         "after a restart a response for a caller over TCP goes there by a new connection")
{
    struct town_leg leg;

    town_open(&p);
    town_bind("bob@example.com", "sip:bob@192.0.2.11");
    p.flow = play_tcp();
    p.sent_by = "198.51.100.7:5070";
    play_say(&p, "INVITE", TOWN_BOB, "");
    town_leg(&p, "INVITE ", &leg);
    play_close(&p); /* a crash */
    town_open_another(&p);
    town_respond(&p, &leg, 200, "");
    CHECK_EQ(play_code(&p), 200);
    CHECK_EQ(p.outs[0].out.flow, 0);
    CHECK_EQ(p.outs[0].out.to.transport, TND_TRANSPORT_TCP);
    CHECK_EQ(p.outs[0].out.to.port, 5070);
    play_close(&p);
}
