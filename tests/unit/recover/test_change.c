/* What is changed in the request: tags, intervals, bodies, transport, preconditions, credentials. */
#include "tandem/transport/endpoint.h"
#include "unit/recover/recover_test.h"

TND_TEST(
    recover_drops_tags, "RFC 3261 §8.1.3.5",
    "tags of Unsupported that were required are required no more; another that knows them may use them")
{
    struct recover_test *t = recover_start();

    CHECK_DOES(t, "drop-extension", 420, .code = 420,
               .sent = "Require: foo, Bar, 100rel\r\nProxy-Require: baz\r\n",
               .fields = "Unsupported: FOO, baz\r\nUnsupported: other\r\n");
    CHECK_DETAIL(t, "without Require: FOO, baz");
    CHECK_EQ(t->r.next.drop_count, 2);
    CHECK_STR(t->r.next.dropped[0], "FOO");
    CHECK(!t->r.next.drop_supported[0] && t->r.next.drop_supported[1]);
    CHECK_DOES(t, "drop-extension", 420, .code = 420, .sent = "Require: bar\r\n",
               .fields = "Unsupported: bar\r\n");
    CHECK_EQ(t->r.next.drop_count, 3);
    CHECK_DOES(t, "give-up", 420, .code = 420, .sent = "Require: bar\r\n",
               .fields = "Unsupported: bar\r\n");
    CHECK_DETAIL(t, "bar is refused though it was dropped");
    CHECK_EQ(t->r.next.drop_count, 3);
}

TND_TEST(recover_drops_no_more_than_it_may, "RFC 3261 §8.1.3.5",
         "what was not sent, is not named, cannot be read or is essential is no tag to drop")
{
    static const struct tnd_slice kept[] = {TND_STR_INIT("Foo")};
    struct recover_test *t = recover_start_with(
        &(struct tnd_recover_policy){.kept = kept, .kept_count = 1, .keeps_preconditions = true},
        "sip:bob@example.org", NULL);

    CHECK_DOES(t, "give-up", 420, .code = 420, .sent = "Require: a\r\n",
               .fields = "Unsupported: b\r\n");
    CHECK_DETAIL(t, "Unsupported names b, which was not required");
    SAY(t, .code = 420, .sent = "Require: a\r\n");
    CHECK_DETAIL(t, "the response does not say which extensions: no Unsupported");
    SAY(t, .code = 420, .sent = "Require: a\r\n", .fields = "Unsupported: \r\n");
    CHECK_DETAIL(t, "Unsupported names no extension that was required");
    SAY(t, .code = 420, .sent = "Require: a, foo\r\n", .fields = "Unsupported: a, foo\r\n");
    CHECK_DETAIL(t, "foo is not known there, and not to be done without");
    CHECK_EQ(t->r.next.drop_count, 0);
    SAY(t, .code = 420, .sent = "Require: precondition\r\n",
        .fields = "Unsupported: precondition\r\n", .a.preconditions = 2);
    CHECK_EQ(t->last.action, TND_RECOVER_GIVE_UP);
    t = recover_start();
    SAY(t, .code = 420, .sent = "Require: precondition\r\n",
        .fields = "Unsupported: precondition\r\n", .a.preconditions = 2);
    CHECK_EQ(t->last.action, TND_RECOVER_DROP_EXTENSION);
    CHECK_EQ(t->r.next.preconditions, 1);
}

TND_TEST(bug_tag_named_twice, "RFC 3261 §8.1.3.5, §21.4.16",
         "a tag that a response names twice is dropped, or added, once")
{
    static const struct tnd_slice offers[] = {TND_STR_INIT("timer")};
    struct recover_test *t =
        recover_start_with(&(struct tnd_recover_policy){.offers = offers, .offer_count = 1},
                           "sip:bob@example.org", NULL);

    CHECK_DOES(t, "drop-extension", 420, .code = 420, .sent = "Require: foo, bar, foo\r\n",
               .fields = "Unsupported: foo, bar, FOO\r\n");
    CHECK_DETAIL(t, "without Require: foo, bar");
    CHECK_EQ(t->r.next.drop_count, 2);
    CHECK_DOES(t, "add-extension", 421, .code = 421, .fields = "Require: timer, Timer\r\n");
    CHECK_DETAIL(t, "with Supported: timer");
    CHECK_EQ(t->r.next.add_count, 1);
}

TND_TEST(recover_tag_count, "TND_RECOVER_TAG_COUNT_MAX",
         "tags that are dropped stay within the limit")
{
    char sent[1024], fields[1200];
    struct tnd_writer w = tnd_writer(sent, sizeof(sent) - 1);
    struct recover_test *t = recover_start();

    tnd_put_str(&w, "Require: x");
    for (int i = 0; i < TND_RECOVER_TAG_COUNT_MAX; i++) {
        tnd_put_str(&w, ", t");
        tnd_put_number(&w, (uint64_t)i);
    }
    tnd_put_str(&w, "\r\n");
    sent[w.len] = '\0';
    snprintf(fields, sizeof(fields), "Unsupported%s", sent + strlen("Require"));
    CHECK_DOES(t, "give-up", TAGS, .code = 420, .sent = sent, .fields = fields);
    CHECK_EQ(t->r.next.drop_count, 0);
}

TND_TEST(recover_adds_tags, "RFC 3261 §21.4.16",
         "what a 421 requires is offered, if all of it is known here and was not offered before")
{
    static const struct tnd_slice offers[] = {TND_STR_INIT("timer"), TND_STR_INIT("gruu")};
    struct recover_test *t =
        recover_start_with(&(struct tnd_recover_policy){.offers = offers, .offer_count = 2},
                           "sip:bob@example.org", NULL);

    CHECK_DOES(t, "give-up", 421, .code = 421, .fields = "Require: timer, sec-agree\r\n");
    CHECK_DETAIL(t, "sec-agree is needed there, and not known here; Require: timer, sec-agree");
    CHECK_EQ(t->r.next.add_count, 0);
    CHECK_DOES(t, "add-extension", 421, .code = 421, .fields = "Require: Timer\r\n");
    CHECK_STR(t->r.next.added[0], "Timer");
    CHECK_DOES(t, "give-up", 421, .code = 421, .fields = "Require: timer\r\n");
    CHECK_DOES(t, "give-up", 421, .code = 421, .fields = "Require: gruu\r\n",
               .sent = "Supported: gruu\r\n");
    CHECK_DETAIL(t, "gruu is asked for, which was offered already; Require: gruu");
    CHECK_DOES(t, "give-up", 421, .code = 421);
}

TND_TEST(recover_tags_of_a_code, "RFC 5626 §11.6", "417 and 439 are about one tag each")
{
    struct recover_test *t = recover_start();

    CHECK_DOES(t, "drop-extension", 417, .code = 417, .sent = "Require: resource-priority\r\n");
    CHECK_STR(t->r.next.dropped[0], "resource-priority");
    CHECK_DOES(t, "give-up", 417, .code = 417, .fields = "Accept-Resource-Priority: dsn.flash\r\n");
    CHECK_DETAIL(
        t, "the request did not ask for resource-priority; Accept-Resource-Priority: dsn.flash");
    CHECK_DOES(t, "drop-extension", 439, .code = 439, .sent = "Supported: outbound, path\r\n",
               .method = "REGISTER", .a.situation = TND_RECOVER_REGISTER);
    CHECK_DOES(t, "give-up", 439, .code = 439, .sent = "Supported: outbound, path\r\n",
               .method = "REGISTER", .a.situation = TND_RECOVER_REGISTER);
}

TND_TEST(recover_raises_min_se, "RFC 4028 §7.3",
         "the session interval is raised to the highest Min-SE, as often as that rises")
{
    struct recover_test *t = recover_start();

    CHECK_DOES(t, "give-up", 422, .code = 422, .fields = "Min-SE: 90\r\n",
               .sent = "Session-Expires: 1800\r\n");
    CHECK_DOES(t, "adjust", 422, .code = 422, .fields = "Min-SE: 3600\r\n",
               .sent = "Session-Expires: 1800\r\n");
    CHECK_EQ(t->r.next.min_se, 3600);
    CHECK_DETAIL(t, "Session-Expires and Min-SE 3600");
    CHECK_DOES(t, "adjust", 422, .code = 422, .fields = "Min-SE: 4000\r\n",
               .sent = "Session-Expires: 3600\r\n");
    CHECK_DOES(t, "give-up", 422, .code = 422, .fields = "Min-SE: 4000\r\n");
    CHECK_DETAIL(t, "Min-SE 4000 is not more than what was asked for");
    CHECK_DOES(t, "give-up", 422, .code = 422, .fields = "Min-SE: 90\r\n",
               .sent = "Session-Expires: 3600\r\n");
    CHECK_DOES(t, "give-up", 422, .code = 422, .fields = "Min-SE: soon\r\n");
    CHECK_DETAIL(t, "the response does not say how often: no Min-SE");
    CHECK_DOES(t, "adjust", 422, .code = 422, .fields = "Min-SE: 5000\r\n",
               .a.situation = TND_RECOVER_REFRESH);
    CHECK_DOES(t, "give-up", 422, .code = 422, .fields = "Min-SE: 6000\r\n",
               .a.situation = TND_RECOVER_OUTSIDE);
}

TND_TEST(recover_raises_expires, "RFC 3261 §10.2.8",
         "a registration asks for at least Min-Expires; one that ends is not made to begin again")
{
    struct recover_test *t = recover_start();

#define REG .code = 423, .method = "REGISTER", .a.situation = TND_RECOVER_REGISTER
    CHECK_DOES(t, "adjust", 423, REG, .fields = "Min-Expires: 600\r\n", .sent = "Expires: 60\r\n");
    CHECK_EQ(t->r.next.expires, 600);
    CHECK_DOES(t, "give-up", 423, REG, .fields = "Min-Expires: 600\r\n",
               .sent = "Expires: 600\r\n");
    CHECK_DOES(t, "give-up", 423, REG, .fields = "Min-Expires: 700\r\n",
               .sent = "Contact: <sip:a@b>;expires=900\r\n");
    CHECK_DOES(t, "give-up", 423, REG);
    CHECK_DOES(t, "give-up", 423, REG, .fields = "Min-Expires: 60000\r\n",
               .sent = "Expires: 0\r\n");
    CHECK_DETAIL(t, "the request was to end it, at once");
    CHECK_EQ(t->r.next.expires, 600);
#undef REG
}

#define PARTS "Content-Type: multipart/mixed;boundary=x\r\n"

TND_TEST(
    recover_shortens_once, "RFC 3261 §8.1.3.5",
    "a body that was too large is sent once without its other parts; a shorter head is no shorter body")
{
    struct recover_test *t = recover_start();

    CHECK_DOES(t, "give-up", 413, .code = 413, .sent = "Content-Type: application/sdp\r\n");
    CHECK_DOES(t, "give-up", 413, .code = 413, .sent = "Subject: a long one\r\n");
    CHECK_DOES(t, "give-up", 413, .code = 413, .sent = PARTS, .a.has_one_body = true);
    CHECK_DOES(t, "adjust", 413, .code = 413, .sent = PARTS);
    CHECK_DETAIL(t, "with the session description alone");
    CHECK(t->r.next.sdp_only && !t->r.next.is_smaller);
    CHECK_DOES(t, "give-up", 413, .code = 413, .sent = PARTS);
    t = recover_start();
    CHECK_DOES(t, "give-up", 413, .code = 413, .sent = PARTS, .method = "MESSAGE",
               .a.situation = TND_RECOVER_OUTSIDE);
}

TND_TEST(
    recover_shrinks_once, "RFC 3261 §21.5.7",
    "a message that was too large is sent once without what can be left out, if there is anything")
{
    struct recover_test *t = recover_start();

    CHECK_DOES(t, "give-up", 513, .code = 513, .sent = "Content-Type: application/sdp\r\n");
    CHECK_DOES(t, "give-up", 513, .code = 513, .sent = PARTS, .a.has_one_body = true);
    CHECK_DOES(t, "adjust", 513, .code = 513, .sent = "Subject: a long one\r\n");
    CHECK(t->r.next.is_smaller);
    CHECK_DOES(t, "give-up", 513, .code = 513, .sent = "Subject: a long one\r\n");
    t = recover_start();
    CHECK_DOES(t, "adjust", 513, .code = 513, .sent = PARTS);
}

TND_TEST(recover_offers_anew, "RFC 3261 §21.4.26",
         "a session that was not acceptable is offered once in another way, where there is one")
{
    struct recover_test *t = recover_start();

    CHECK_DOES(t, "give-up", NOTHING, .code = 488);
    CHECK_DOES(t, "adjust", 488, .code = 488, .a.has_other_offer = true,
               .fields = "Warning: 305 b.example \"Incompatible media format\"\r\n");
    CHECK_DETAIL(t, "with another offer; warning 305: \"Incompatible media format\"");
    CHECK(t->r.next.other_offer);
    CHECK_DOES(t, "give-up", NOTHING, .code = 488, .a.has_other_offer = true);
    t = recover_start();
    CHECK_DOES(t, "adjust", 415, .code = 488, .a.has_other_offer = true, .sent = PARTS,
               .fields = "Accept: application/sdp\r\n");
    CHECK_DOES(t, "adjust", 488, .code = 488, .a.has_other_offer = true);
    t = recover_start();
    CHECK_DOES(t, "give-up", NOTHING, .code = 488, .a.has_other_offer = true,
               .a.situation = TND_RECOVER_REINVITE);
    CHECK(!t->r.next.other_offer);
}

TND_TEST(recover_changes_transport, "RFC 3261 §21.5.7",
         "a message too large for a datagram goes over TCP, then smaller, then not at all")
{
    struct recover_test *t = recover_start();

    CHECK_DOES(t, "change-transport", 513, .code = 513, .sent = "Subject: x\r\n",
               .a.was_udp = true);
    CHECK_EQ(t->r.next.transport, TND_TRANSPORT_TCP);
    CHECK_DOES(t, "adjust", 513, .code = 513, .sent = "Subject: x\r\n", .a.was_udp = true);
    CHECK_DOES(t, "give-up", 513, .code = 513);
    SAY(t, .code = 302, .fields = "Contact: <sip:a@x.example>\r\n");
    CHECK_EQ(t->r.next.transport, TND_TRANSPORT_NONE);
    CHECK_DOES(t, "change-transport", 513, .code = 513, .a.was_udp = true);
}

TND_TEST(recover_changes_the_body, "RFC 3261 §8.1.3.5",
         "a body is sent plain or as a session description alone, if that is what was accepted")
{
    struct recover_test *t = recover_start();

    CHECK_DOES(t, "adjust", 415, .code = 415, .sent = PARTS "Content-Encoding: gzip\r\n",
               .fields = "Accept-Encoding: identity\r\nAccept: application/sdp\r\n");
    CHECK(t->r.next.without_body_coding && !t->r.next.sdp_only);
    CHECK_DOES(t, "adjust", 415, .code = 415, .sent = PARTS, .fields = "Accept: application/*\r\n");
    CHECK(t->r.next.sdp_only);
    CHECK_DOES(t, "give-up", 415, .code = 415, .sent = PARTS);
    t = recover_start();
    CHECK_DOES(t, "give-up", 415, .code = 415, .sent = PARTS, .a.has_one_body = true,
               .fields = "Accept-Encoding: identity\r\nAccept: application/sdp\r\n");
    CHECK_DETAIL(t, "there is no other form of the body; Accept: application/sdp");
    CHECK(!t->r.next.without_body_coding && !t->r.next.sdp_only);
    CHECK_DOES(t, "give-up", 415, .code = 415, .sent = PARTS "Content-Encoding: gzip\r\n",
               .fields = "Accept-Encoding: gzip\r\nAccept: text/plain, application/sdp;q=0\r\n");
    CHECK_DOES(t, "give-up", 415, .code = 415, .sent = "Content-Type: text/plain\r\n");
    SAY(t, .code = 488, .sent = PARTS);
    CHECK_EQ(t->last.action, TND_RECOVER_GIVE_UP);
    CHECK_DOES(t, "adjust", 415, .code = 488, .sent = PARTS,
               .fields = "Accept: application/sdp\r\n");
}

TND_TEST(recover_relaxes_preconditions, "RFC 3312 §8",
         "mandatory preconditions become optional, then none; those not known at all, none at once")
{
    static const char body[] =
        "v=0\r\nm=audio 0 RTP/AVP 0\r\na=curr:qos local none\r\n"
        "a=des:qos failure local sendrecv\r\na=des:qos optional remote send\r\n";
    struct recover_test *t = recover_start();

    CHECK_DOES(t, "relax-preconditions", 580, .code = 580, .body = body, .a.preconditions = 2);
    CHECK_EQ(t->r.next.preconditions, 1);
    CHECK_DETAIL(t, "with optional preconditions; refused: a=des:qos failure local sendrecv");
    CHECK_DOES(t, "relax-preconditions", 580, .code = 580, .a.preconditions = 1);
    CHECK_EQ(t->r.next.preconditions, 0);
    CHECK_DETAIL(t, "without preconditions");
    CHECK_DOES(t, "give-up", 580, .code = 580);
    CHECK_DETAIL(t, "preconditions failed, though none was asked for");
    t = recover_start();
    SAY(t, .code = 580, .body = "a=des:sec unknown e2e send", .a.preconditions = 2);
    CHECK_EQ(t->r.next.preconditions, 0);
    t = recover_start_with(&(struct tnd_recover_policy){.keeps_preconditions = true}, "sip:b@c",
                           NULL);
    CHECK_DOES(t, "give-up", 580, .code = 580, .a.preconditions = 2);
    CHECK_DOES(t, "relax-preconditions", 580, .code = 580, .a.preconditions = 1);
}

#define DIGEST(more) "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"" more "\r\n"

TND_TEST(
    recover_answers_challenges, "RFC 3261 §22.2",
    "a challenge is answered if there is a password and an algorithm, and rejected credentials are not repeated")
{
    struct recover_test *t = recover_start();

    CHECK_DOES(t, "authenticate", CHALLENGE, .code = 401,
               .fields = DIGEST(", qop=\"auth\", algorithm=SHA-256"), .a.has_credentials = true);
    CHECK_DETAIL(t, "for \"r\" by SHA-256");
    CHECK_DOES(t, "give-up", CHALLENGE, .code = 401, .fields = DIGEST(), .a.has_credentials = true,
               .a.had_credentials = true);
    CHECK_DETAIL(t, "the name and password for \"r\" were rejected");
    CHECK_DOES(t, "give-up", CHALLENGE, .code = 401, .fields = DIGEST());
    CHECK_DETAIL(t, "there is no password for \"r\"");
    CHECK_DOES(t, "authenticate", CHALLENGE, .code = 407, .a.has_credentials = true,
               .fields = "Proxy-Authenticate: Basic realm=\"x\"\r\n"
                         "Proxy-Authenticate: Digest realm=\"p\", nonce=\"n\", algorithm=FOO\r\n"
                         "Proxy-Authenticate: Digest realm=\"p\", nonce=\"n\"\r\n");
    CHECK_DETAIL(t, "for \"p\" by MD5");
}

TND_TEST(recover_challenges_that_cannot_be_answered, "RFC 3261 §22.2",
         "unknown schemes, algorithms and qop are told, as is a challenge that is none")
{
    struct recover_test *t = recover_start();

#define CANNOT(fields_, text)                                               \
    do {                                                                    \
        CHECK_DOES(t, "give-up", CHALLENGE, .code = 401, .fields = fields_, \
                   .a.has_credentials = true);                              \
        CHECK_DETAIL(t, text);                                              \
    } while (0)
    CANNOT("WWW-Authenticate: Basic realm=\"x\"\r\n",
           "the challenge cannot be answered: Basic with no algorithm");
    CANNOT(DIGEST(", algorithm=FOO"), "the challenge cannot be answered: Digest with FOO");
    CANNOT(DIGEST(", algorithm=SHA-256"), "the challenge cannot be answered: Digest with SHA-256");
    CANNOT(DIGEST(", qop=\"other\""), "the challenge cannot be answered: Digest with no algorithm");
    CANNOT("", "the response holds no challenge that can be read");
    CANNOT("WWW-Authenticate: Digest\r\n", "the response holds no challenge that can be read");
#undef CANNOT
}

TND_TEST(recover_stale_challenges, "RFC 7616 §3.3",
         "a stale nonce is replaced, but not for ever by a server that calls each one stale")
{
    struct recover_test *t = recover_start();
    const struct said stale = {.code = 401,
                               .fields = DIGEST(", stale=true"),
                               .a.has_credentials = true,
                               .a.had_credentials = true,
                               .a.is_stale = true};

    for (int i = 0; i < 2; i++)
        CHECK_EQ(recover_say(t, &stale)->action, TND_RECOVER_AUTHENTICATE);
    CHECK_EQ(recover_say(t, &stale)->action, TND_RECOVER_GIVE_UP);
    CHECK_EQ(t->last.rule, TND_RULE_RECOVER_STALE);
    PROVES(RECOVER_STALE);
    SAY(t, .code = 486);
    CHECK_EQ(recover_say(t, &stale)->action, TND_RECOVER_AUTHENTICATE);
}
