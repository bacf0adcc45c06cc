/* Who may have what, and proves who he is. */
#include <stdio.h>
#include <string.h>

#include "unit/node/town.h"
#include "unit/test.h"

static struct play p;

#define ALICE   "sip:alice@example.com"
#define FOREIGN "sip:carol@192.0.2.77"

static void open_strict(void)
{
    town_open(&p);
    town_requires_proof(&p);
    town_user("alice@example.com", "secret");
    town_user("bob@example.com", "hidden");
    town_bind("bob@example.com", "sip:bob@192.0.2.11");
    p.from = ALICE;
}

/* Another request of the same call. */
static void next(const char *branch)
{
    p.cseq++;
    p.branch = branch;
}

static void call_with(const char *uri, const char *user, const char *password, unsigned count)
{
    const char *line = town_proof(&p, "Proxy-Authorization", "INVITE", user, password, count);

    next(p.cseq % 2 ? "z9hG4bKodd" : "z9hG4bKeven");
    play_say(&p, "INVITE", uri, line);
}

TND_TEST(admit_call, "RFC 3261 §22.3",
         "a user of ours who calls is challenged, and let through when he proves who he is")
{
    struct town_leg leg;

    open_strict();
    play_say(&p, "INVITE", TOWN_BOB, "");
    CHECK_EQ(play_code(&p), 407);
    CHECK(play_has(&p, "\r\nProxy-Authenticate: Digest "));
    CHECK_EQ(town_asked(), 0); /* nothing is kept, nobody is asked */
    CHECK_EQ(tnd_node_stats(p.node)->transactions, 0);
    call_with(TOWN_BOB, "alice", "secret", 1);
    town_leg(&p, "INVITE sip:bob@192.0.2.11 ", &leg);
    CHECK_STR(tnd_slice_str(town_value(leg.text, "Proxy-Authorization")), ""); /* §22.3 */
    play_close(&p);
}

TND_TEST(admit_wrong, "RFC 3261 §22.3",
         "a wrong password, and a user who does not exist, are challenged again")
{
    static const char *const names[] = {"alice", "nobody", "nobody@example.com", "@", "al%69ce"};

    for (size_t i = 0; i < 5; i++) {
        open_strict();
        play_say(&p, "INVITE", TOWN_BOB, "");
        call_with(TOWN_BOB, names[i], "wrong", 1);
        CHECK_EQ(play_code(&p), 407);
        CHECK_EQ(town_asked(), 1);
        CHECK_EQ(town_count(&p, "INVITE "), 0);
        CHECK_EQ(tnd_node_stats(p.node)->contexts, 0);
        play_close(&p);
    }
}

TND_TEST(admit_names, "tandem/auth.h", "a phone may say its name with its domain")
{
    open_strict();
    play_say(&p, "INVITE", TOWN_BOB, "");
    call_with(TOWN_BOB, "alice@example.com", "secret", 1);
    CHECK_EQ(town_count(&p, "INVITE sip:bob@192.0.2.11 "), 1);
    play_close(&p);
}

TND_TEST(admit_from, "RFC 3261 §22.3", "a user calls in his own name only")
{
    PROVES(PROXY_FROM);
    open_strict();
    p.from = TOWN_BOB;
    play_say(&p, "INVITE", TOWN_BOB, "");
    CHECK_EQ(play_code(&p), 407);
    call_with(TOWN_BOB, "alice", "secret", 1);
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 403), 1);
    CHECK_EQ(town_count(&p, "INVITE "), 0);
    play_close(&p);
}

TND_TEST(admit_register, "RFC 3261 §10.3", "a user changes his own bindings only")
{
    PROVES(REGISTRAR_USER);
    open_strict();
    p.to = ALICE;
    play_say(&p, "REGISTER", "sip:example.com", "Contact: <sip:alice@192.0.2.12>\r\n");
    CHECK_EQ(play_code(&p), 401);
    const char *line = town_proof(&p, "Authorization", "REGISTER", "bob", "hidden", 1);
    char lines[1200];
    snprintf(lines, sizeof(lines), "%sContact: <sip:alice@192.0.2.12>\r\n", line);
    next("z9hG4bKtwo");
    play_say(&p, "REGISTER", "sip:example.com", lines);
    CHECK_EQ(play_code(&p), 403);
    CHECK_EQ(town_binding_count("alice@example.com"), 0);
    next("z9hG4bKthree");
    play_say(&p, "REGISTER", "sip:example.com", "");
    line = town_proof(&p, "Authorization", "REGISTER", "alice", "secret", 1);
    snprintf(lines, sizeof(lines), "%sContact: <sip:alice@192.0.2.12>\r\n", line);
    next("z9hG4bKfour");
    play_say(&p, "REGISTER", "sip:example.com", lines);
    CHECK_EQ(play_code(&p), 200);
    CHECK_EQ(town_binding_count("alice@example.com"), 1);
    play_close(&p);
}

TND_TEST(
    admit_relay, "RFC 3261 §22.3",
    "what is for a domain that is not ours is passed on for users who prove it, and trusted peers")
{
    PROVES(PROXY_RELAY);
    for (int required = 0; required < 2; required++) {
        open_strict();
        p.config.auth.required = required;
        p.from = "sip:mallory@example.org";
        play_say(&p, "INVITE", FOREIGN, "");
        CHECK_EQ(play_code(&p), 407);
        p.from = ALICE;
        call_with(FOREIGN, "alice", "secret", 1);
        CHECK_EQ(town_count(&p, "INVITE " FOREIGN " "), 1);
        next("z9hG4bKtrust");
        p.from = "sip:mallory@example.org";
        p.call_id = "another";
        town_trusts(&p, "198.51.100.7");
        play_say(&p, "INVITE", FOREIGN, "");
        CHECK_EQ(town_count(&p, "INVITE " FOREIGN " "), 1);
        play_close(&p);
    }
    town_open(&p); /* where nobody can prove anything */
    p.config.auth.algorithm_count = 0;
    play_say(&p, "INVITE", FOREIGN, "");
    CHECK_EQ(play_code(&p), 403);
    play_close(&p);
}

TND_TEST(admit_route_away, "RFC 3261 §16.12", "nor does a Route lead a stranger anywhere")
{
    open_strict();
    p.from = "sip:mallory@example.org";
    play_say(&p, "INVITE", TOWN_BOB, "Route: <sip:192.0.2.1;lr>, <sip:192.0.2.66;lr>\r\n");
    CHECK_EQ(play_code(&p), 407);
    play_say(&p, "MESSAGE", "sip:192.0.2.1;lr", "Route: <sip:x@192.0.2.66>\r\n");
    CHECK_EQ(play_code(&p), 407);
    play_close(&p);
}

TND_TEST(admit_tel, "RFC 3261 §22.3",
         "a telephone number is of no domain of ours: strangers do not call it")
{
    static const struct tnd_route_contact gateway = {TND_STR_INIT("sip:192.0.2.50"), 1000, 0};
    static const struct tnd_route route = {
        .action = TND_ROUTE_PROXY, .contacts = &gateway, .contact_count = 1};

    open_strict();
    p.config.routes = &route;
    p.config.route_count = 1;
    p.from = "sip:mallory@example.org";
    play_say(&p, "INVITE", "tel:+4930123", "");
    CHECK_EQ(play_code(&p), 407);
    p.from = ALICE;
    call_with("tel:+4930123", "alice", "secret", 1);
    CHECK_EQ(town_count(&p, "INVITE tel:+4930123 "), 1);
    play_close(&p);
}

TND_TEST(admit_replay, "RFC 7616 §5.3",
         "a counter that was used is told to be stale, with a fresh nonce")
{
    char line[1200];

    open_strict();
    play_say(&p, "INVITE", TOWN_BOB, "");
    snprintf(line, sizeof(line), "%s",
             town_proof(&p, "Proxy-Authorization", "INVITE", "alice", "secret", 1));
    next("z9hG4bKtwo");
    play_say(&p, "INVITE", TOWN_BOB, line);
    CHECK_EQ(town_count(&p, "INVITE "), 1);
    next("z9hG4bKthree");
    play_say(&p, "INVITE", TOWN_BOB, line);
    CHECK_EQ(play_code(&p), 407);
    CHECK(play_has(&p, "stale=true"));
    play_close(&p);
}

TND_TEST(admit_two_nodes, "tandem/auth.h",
         "a nonce of one node is good at another one that has the same key")
{
    static struct play other;

    open_strict();
    play_say(&p, "INVITE", TOWN_BOB, "");
    const char *line = town_proof(&p, "Proxy-Authorization", "INVITE", "alice", "secret", 1);
    town_open_another(&other);
    other.config.auth.required = true;
    tnd_node_set_wall(other.node, 0, (int64_t)1800000000 * 1000000);
    other.from = ALICE;
    other.cseq = 2;
    play_say(&other, "INVITE", TOWN_BOB, line);
    CHECK_EQ(town_count(&other, "INVITE "), 1);
    play_close(&other);
    play_close(&p);
}

TND_TEST(admit_cancel, "RFC 3261 §22.1", "an ACK and a CANCEL are never challenged")
{
    open_strict();
    play_say(&p, "CANCEL", TOWN_BOB, "");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 407), 0);
    p.to_tag = "phone";
    play_say(&p, "ACK", TOWN_BOB, "");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 407), 0);
    play_close(&p);
}

TND_TEST(admit_ack_of_refusal, "RFC 3261 §8.2.7",
         "the ACK to a refusal of ours ends here: nobody is looked up for it, no phone gets it")
{
    char tag[64];

    open_strict();
    play_say(&p, "INVITE", TOWN_BOB, "");
    CHECK_EQ(play_code(&p), 407);
    snprintf(tag, sizeof(tag), "%s", play_to_tag(&p));
    p.to_tag = tag;
    play_say(&p, "ACK", TOWN_BOB, "");
    CHECK_EQ(p.out_count, 0);
    CHECK_EQ(town_asked(), 0);
    play_close(&p);
}

TND_TEST(admit_while_waiting, "RFC 3261 §16.10",
         "a call that is cancelled while its sender is looked up ends with 487")
{
    open_strict();
    play_say(&p, "INVITE", TOWN_BOB, "");
    town_use_store(TOWN_LATER);
    call_with(TOWN_BOB, "alice", "secret", 1);
    play_wait(&p, TND_MS(200));
    CHECK_EQ(play_code(&p), 100);
    play_say(&p, "CANCEL", TOWN_BOB, "");
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 200), 1);
    CHECK_EQ(play_count(&p, TND_OUT_SEND, 487), 1);
    town_stored(&p);
    CHECK_EQ(p.out_count, 0);
    CHECK_EQ(tnd_node_stats(p.node)->contexts, 0);
    play_close(&p);
}

TND_TEST(admit_draining, "UAS_DRAINING",
         "a server that is about to end begins no call, but goes on with those that are there")
{
    struct town_leg leg;

    town_open(&p);
    town_bind("bob@example.com", "sip:bob@192.0.2.11");
    town_forward("carol@example.com", &(struct tnd_forward){.uri = TND_STR("sip:bob@example.com"),
                                                            .mode = TND_FORWARD_PROXY});
    play_say(&p, "INVITE", "sip:carol@example.com", "");
    town_leg(&p, "INVITE sip:bob@example.com ", &leg);
    p.config.draining = true;
    town_return(&p, &leg); /* it is of a call that is there */
    CHECK_EQ(town_count(&p, "INVITE sip:bob@192.0.2.11 "), 1);
    next("z9hG4bKnew");
    p.call_id = "another";
    play_say(&p, "INVITE", TOWN_BOB, "");
    CHECK_EQ(play_code(&p), 503);
    play_close(&p);
}

/* Alice's line for a realm that the server is not of. */
static const char *proof_for(const char *realm, unsigned count)
{
    static char line[1200];
    const char *proof = town_proof(&p, "Proxy-Authorization", "INVITE", "alice", "secret", count);
    const char *at = strstr(proof, "example.com\", nonce");

    snprintf(line, sizeof(line), "%.*s%s%s", (int)(at - proof), proof, realm,
             at + strlen("example.com"));
    return line;
}

TND_TEST(
    bug_admit_realm_of_domain, "RFC 3261 §22.1",
    "a user who was added for the realm of his domain, where ours is another, is asked for that")
{
    struct town_leg leg;

    open_strict();
    p.config.auth.realm = TND_STR("tandem");
    play_say(&p, "INVITE", TOWN_BOB, "");
    CHECK(play_has(&p, "realm=\"tandem\""));
    next("z9hG4bKfirst");
    play_say(&p, "INVITE", TOWN_BOB, proof_for("tandem", 1));
    CHECK_EQ(play_code(&p), 407);
    CHECK(play_has(&p, "realm=\"example.com\""));
    CHECK(!play_has(&p, "realm=\"tandem\""));
    next("z9hG4bKsecond");
    play_say(&p, "INVITE", TOWN_BOB, proof_for("example.com", 1));
    town_leg(&p, "INVITE sip:bob@192.0.2.11 ", &leg);
    CHECK_STR(tnd_slice_str(town_value(leg.text, "Proxy-Authorization")), ""); /* §22.3 */
    play_close(&p);
}

TND_TEST(
    admit_realm_of_nobody, "RFC 3261 §22.1",
    "who does not exist, or has a wrong password for the realm of his domain, does not get through")
{
    open_strict();
    p.config.auth.realm = TND_STR("tandem");
    p.from = "sip:nobody@example.com";
    play_say(&p, "INVITE", TOWN_BOB, "");
    next("z9hG4bKfirst");
    play_say(&p, "INVITE", TOWN_BOB, proof_for("tandem", 1)); /* alice, who is not nobody */
    CHECK_EQ(play_code(&p), 407);
    p.from = ALICE;
    next("z9hG4bKsecond");
    const char *proof = town_proof(&p, "Proxy-Authorization", "INVITE", "alice", "wrong", 1);
    play_say(&p, "INVITE", TOWN_BOB, proof);
    CHECK_EQ(play_code(&p), 407);
    CHECK_EQ(town_count(&p, "INVITE "), 0);
    play_close(&p);
}
