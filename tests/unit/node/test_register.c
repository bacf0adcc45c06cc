/* REGISTER: the node between the phone, the registrar and the store. */
#include <stdio.h>
#include <string.h>

#include "unit/node/town.h"
#include "unit/test.h"

static struct play p;

#define AOR     "bob@example.com"
#define CONTACT "Contact: <sip:bob@192.0.2.11>\r\n"

static void register_bob(const char *lines)
{
    p.from = p.to = TOWN_BOB;
    play_say(&p, "REGISTER", "sip:example.com", lines);
    p.cseq++;
    p.branch = p.cseq % 2 ? "z9hG4bKodd" : "z9hG4bKeven";
}

TND_TEST(register_binds, "RFC 3261 §10.3", "a contact is kept, and the 200 lists what is there")
{
    town_open(&p);
    register_bob(CONTACT);
    CHECK_EQ(play_code(&p), 200);
    CHECK(play_has(&p, "<sip:bob@192.0.2.11>"));
    CHECK(play_has(&p, "expires=3600"));
    CHECK_EQ(town_binding_count(AOR), 1);
    register_bob("");
    CHECK_EQ(play_code(&p), 200);
    CHECK(play_has(&p, "<sip:bob@192.0.2.11>"));
    register_bob("Contact: *\r\nExpires: 0\r\n");
    CHECK_EQ(play_code(&p), 200);
    CHECK_EQ(town_binding_count(AOR), 0);
    CHECK_EQ(tnd_node_stats(p.node)->contexts, 0);
    play_close(&p);
}

TND_TEST(register_waits, "RFC 3261 §10.3", "the answer comes when the store has answered, and once")
{
    char first[PLAY_TEXT_SIZE];

    town_open(&p);
    town_use_store(TOWN_LATER);
    register_bob(CONTACT);
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 0), 0);
    p.cseq--;
    p.branch = "z9hG4bKplay";
    register_bob(CONTACT); /* again: absorbed */
    CHECK_EQ(p.out_count, 0);
    town_stored(&p);
    CHECK_EQ(play_code(&p), 200);
    memcpy(first, play_text(&p), sizeof(first));
    p.cseq--;
    p.branch = "z9hG4bKplay";
    register_bob(CONTACT); /* §17.2.2: the same answer */
    CHECK_STR(tnd_slice_str(play_text(&p)), first);
    CHECK_EQ(town_asked(), 1);
    play_wait(&p, TND_SEC(40));
    CHECK_EQ(tnd_node_stats(p.node)->transactions, 0);
    play_close(&p);
}

TND_TEST(register_store_fails, "RFC 3261 §10.3",
         "what cannot be committed is answered with 500, and so is what cannot be looked up")
{
    PROVES(STORE_FAILED);
    town_open(&p);
    town_use_store(TOWN_FAILS);
    register_bob(CONTACT);
    CHECK_EQ(play_code(&p), 500);
    p.call_id = "call-2";
    play_say(&p, "INVITE", TOWN_BOB, "");
    CHECK_EQ(play_code(&p), 500);
    CHECK(play_has(&p, "STORE_FAILED"));
    CHECK_EQ(tnd_node_stats(p.node)->contexts, 0);
    play_close(&p);
}

TND_TEST(register_other_to, "RFC 3261 §10.3",
         "an address-of-record that is not of a domain of ours is refused with 404")
{
    static const char *const others[] = {"sip:bob@example.org", "tel:+4930123", "sip:example.com"};

    for (size_t i = 0; i < 3; i++) {
        town_open(&p);
        p.from = p.to = others[i];
        play_say(&p, "REGISTER", "sip:example.com", CONTACT);
        CHECK_EQ(play_code(&p), 404);
        CHECK_EQ(town_asked(), 0);
        CHECK_EQ(tnd_node_stats(p.node)->contexts, 0);
        play_close(&p);
    }
}

TND_TEST(register_long_aor, "RFC 3261 §10.3", "so is one that is too long to be kept")
{
    static char to[512];

    snprintf(to, sizeof(to), "sip:%0400d@example.com", 0);
    town_open(&p);
    p.from = p.to = to;
    play_say(&p, "REGISTER", "sip:example.com", CONTACT);
    CHECK_EQ(play_code(&p), 404);
    play_close(&p);
}

TND_TEST(register_names, "RFC 3261 §10.3",
         "the address-of-record is the same however it is written, and wherever it was sent to")
{
    static const char *const same[] = {"sip:bob@EXAMPLE.com:5060;x=y", "sips:b%6Fb@example.com",
                                       "sip:bob@192.0.2.1"};

    town_open(&p);
    for (size_t i = 0; i < 3; i++) {
        p.from = p.to = same[i];
        play_say(&p, "REGISTER", i == 2 ? "sip:192.0.2.1" : "sip:example.com", CONTACT);
        CHECK_EQ(play_code(&p), 200);
        CHECK_EQ(town_binding_count(AOR), 1);
        p.cseq++;
        p.branch = i ? "z9hG4bKa" : "z9hG4bKb";
    }
    play_close(&p);
}

TND_TEST(register_hops, "RFC 3261 §16.3", "Max-Forwards does not count where the request ends")
{
    town_open(&p);
    register_bob(CONTACT "Max-Forwards: 0\r\n");
    CHECK_EQ(play_code(&p), 200);
    play_close(&p);
}

TND_TEST(register_path, "RFC 3327 §5.3",
         "Path is kept and told, and a call goes by it; other extensions are refused")
{
    struct town_leg leg;

    town_open(&p);
    register_bob(CONTACT "Require: path, gruu\r\n");
    CHECK_EQ(play_code(&p), 420);
    CHECK(play_has(&p, "\r\nUnsupported: gruu\r\n"));
    register_bob(CONTACT "Supported: path\r\nPath: <sip:192.0.2.40;lr>, <sip:192.0.2.41;lr>\r\n");
    CHECK_EQ(play_code(&p), 200);
    CHECK(play_has(&p, "\r\nPath: <sip:192.0.2.40;lr>"));
    p.from = "sip:alice@example.org";
    play_say(&p, "INVITE", TOWN_BOB, "");
    town_leg(&p, "INVITE sip:bob@192.0.2.11 ", &leg);
    CHECK_EQ(leg.to.octets[3], 40);
    CHECK_STR(tnd_slice_str(town_value(leg.text, "Route")),
              "<sip:192.0.2.40;lr>, <sip:192.0.2.41;lr>");
    play_close(&p);
}

TND_TEST(register_nat, "RFC 3581 §4",
         "a phone behind a NAT, which Via shows, is called where it sends from")
{
    struct town_leg leg;

    town_open(&p);
    p.sent_by = "10.0.0.5:5060;rport";
    register_bob("Contact: <sip:bob@10.0.0.5>\r\n");
    CHECK_EQ(play_code(&p), 200);
    p.from = "sip:alice@example.org";
    p.flow.remote.octets[3] = 99;
    play_say(&p, "INVITE", TOWN_BOB, "");
    town_leg(&p, "INVITE sip:bob@10.0.0.5 ", &leg);
    CHECK_EQ(leg.to.octets[3], 7);
    CHECK_EQ(leg.to.port, 5062);
    play_close(&p);
}

TND_TEST(bug_register_for_another, "RFC 3261 §10.2",
         "who registers a phone at another address, without a NAT, is believed")
{
    struct town_leg leg;

    town_open(&p);
    register_bob("Contact: <sip:bob@198.51.100.20:5062>\r\n");
    CHECK_EQ(play_code(&p), 200);
    play_say(&p, "INVITE", TOWN_BOB, "");
    town_leg(&p, "INVITE sip:bob@198.51.100.20:5062 ", &leg);
    CHECK_EQ(leg.to.octets[3], 20);
    play_close(&p);
}

TND_TEST(register_connection, "RFC 5626 §5.3",
         "a phone that registered over a connection is called over it, while the process lives")
{
    for (int i = 0; i < 2; i++) {
        struct town_leg leg;

        town_open(&p);
        p.flow = play_tcp();
        register_bob("Contact: <sip:bob@198.51.100.7:5070;transport=tcp>\r\n");
        CHECK_EQ(play_code(&p), 200);
        if (i) { /* a crash */
            play_close(&p);
            town_open_another(&p);
        }
        p.from = "sip:alice@example.org";
        p.flow = play_udp();
        play_say(&p, "INVITE", TOWN_BOB, "");
        town_leg(&p, "INVITE sip:bob@198.51.100.7:5070;transport=tcp ", &leg);
        CHECK_EQ(leg.to.transport, TND_TRANSPORT_TCP);
        CHECK_EQ(leg.flow, i ? 0 : PLAY_TCP);
        CHECK_EQ(leg.to.port, i ? 5070 : 40000);
        play_close(&p);
    }
}

TND_TEST(register_foreign, "RFC 3261 §10.3",
         "a REGISTER for another domain is not ours to answer; without credentials it goes nowhere")
{
    struct town_leg leg;

    town_open(&p);
    play_say(&p, "REGISTER", "sip:example.net", CONTACT);
    CHECK_EQ(play_code(&p), 407);
    CHECK_EQ(town_asked(), 0);
    play_close(&p);
    town_open(&p);
    town_trusts(&p, "198.51.100.7");
    play_say(&p, "REGISTER", "sip:192.0.2.77", CONTACT);
    town_leg(&p, "REGISTER sip:192.0.2.77 ", &leg);
    CHECK_EQ(town_asked(), 0);
    town_respond(&p, &leg, 200, "");
    CHECK_EQ(play_code(&p), 200);
    play_close(&p);
}

TND_TEST(register_late_store, "RFC 4320 §4.2",
         "a store that answers when the phone has long given up changes nothing for it")
{
    town_open(&p);
    town_use_store(TOWN_LATER);
    register_bob(CONTACT);
    play_wait(&p, TND_SEC(100));
    CHECK_EQ(tnd_node_stats(p.node)->transactions, 0);
    town_stored(&p);
    CHECK_EQ(p.out_count, 0);
    CHECK_EQ(tnd_node_stats(p.node)->contexts, 0);
    play_close(&p);
}
