/* Responses that cannot be delivered where they should be. */
#include "unit/node/play.h"
#include "unit/test.h"

static struct play p;

static void fail_last(void)
{
    uint64_t token = p.outs[p.out_count - 1].out.token;

    CHECK(token != 0);
    play_input(&p, &(struct tnd_input){.kind = TND_IN_FAILED, .token = token});
}

static void call_over_tcp(const char *sent_by)
{
    play_open(&p);
    p.flow = play_tcp();
    p.sent_by = sent_by;
    play_say(&p, "INVITE", "sip:lab-486@example.com", "");
    CHECK_EQ(play_code(&p), 486);
    CHECK_EQ(p.outs[0].out.flow, PLAY_TCP);
}

TND_TEST(deliver_new_connection, "RFC 3261 §18.2.2",
         "where the connection is gone, a new one goes to received and the port of sent-by")
{
    call_over_tcp("198.51.100.7:5070");
    fail_last();
    CHECK_EQ(play_code(&p), 486);
    CHECK_EQ(p.outs[0].out.flow, 0);
    CHECK_EQ(p.outs[0].out.to.port, 5070);
    CHECK_EQ(p.outs[0].out.to.transport, TND_TRANSPORT_TCP);
    fail_last(); /* sent-by is no other place */
    CHECK_EQ(p.out_count, 0);
    CHECK_EQ(tnd_node_stats(p.node)->undelivered, 1);
    play_wait(&p, TND_SEC(40)); /* RFC 6026 §8.8: it stays until its timer */
    CHECK_EQ(tnd_node_stats(p.node)->transactions, 0);
    play_close(&p);
}

static void answer(uint64_t token, const struct tnd_lookup_answer *a)
{
    play_input(&p, &(struct tnd_input){.kind = TND_IN_RESOLVED, .token = token, .answer = a});
}

/* The name has two addresses: another's, and this one. */
static void answer_addresses(uint64_t token, const char *address)
{
    struct tnd_lookup_answer none = {.lookup = {TND_STR("client.example"), TND_LOOKUP_AAAA},
                                     .result = TND_LOOKUP_NONE};
    struct tnd_endpoint addresses[2];

    CHECK_EQ(tnd_address_parse(TND_STR("203.0.113.9"), &addresses[0]), 0);
    CHECK_EQ(tnd_address_parse(tnd_slice_str(address), &addresses[1]), 0);
    answer(token, &none);
    answer(token, &(struct tnd_lookup_answer){.lookup = {TND_STR("client.example"), TND_LOOKUP_A},
                                              .result = TND_LOOKUP_FOUND,
                                              .count = 2,
                                              .addresses = addresses});
}

TND_TEST(deliver_sent_by, "RFC 3263 §5", "then what sent-by means in the DNS is tried")
{
    static const struct tnd_srv srv = {TND_STR_INIT("client.example"), 1, 1, 5090};

    call_over_tcp("client.example");
    fail_last(); /* received, port 5060 */
    CHECK_EQ(p.outs[0].out.to.port, 5060);
    fail_last();
    CHECK_EQ(play_count(&p, TND_OUT_RESOLVE, 0), p.out_count);
    CHECK(p.out_count > 0);
    CHECK_STR(tnd_slice_str(p.outs[0].text), "_sip._tcp.client.example");
    uint64_t token = p.outs[0].out.token;
    answer(token, &(struct tnd_lookup_answer){
                      .lookup = {TND_STR("_sip._tcp.client.example"), TND_LOOKUP_SRV},
                      .result = TND_LOOKUP_FOUND,
                      .count = 1,
                      .srvs = &srv});
    CHECK_EQ(play_count(&p, TND_OUT_RESOLVE, 0), 2); /* A and AAAA */
    answer_addresses(token, "198.51.100.7");
    CHECK_EQ(play_code(&p), 486);
    CHECK_EQ(p.outs[0].out.to.octets[0], 198);
    CHECK_EQ(p.outs[0].out.to.port, 5090);
    fail_last();
    CHECK_EQ(tnd_node_stats(p.node)->undelivered, 1);
    play_close(&p);
}

TND_TEST(deliver_to_source_alone, "RFC 3261 §26.1.5",
         "a Via does not lead to another address than the request came from")
{
    call_over_tcp("127.0.0.1:6379");
    fail_last(); /* received, port 6379 */
    fail_last();
    CHECK_EQ(p.out_count, 0);
    CHECK_EQ(tnd_node_stats(p.node)->undelivered, 1);
    play_close(&p);
    call_over_tcp("client.example:6379");
    fail_last();
    fail_last();
    CHECK_EQ(play_count(&p, TND_OUT_RESOLVE, 0), 2);
    answer_addresses(p.outs[0].out.token, "127.0.0.1");
    CHECK_EQ(p.out_count, 0);
    CHECK_EQ(tnd_node_stats(p.node)->undelivered, 1);
    play_close(&p);
}

TND_TEST(deliver_fails_twice, "RFC 3263 §5",
         "a place is given up for what was sent there, not for what was sent to the one before")
{
    play_open(&p);
    p.flow = play_tcp();
    p.sent_by = "198.51.100.7:5070";
    play_say(&p, "INVITE", "sip:lab-200@example.com;ring=1", "");
    CHECK_EQ(play_code(&p), 180);
    uint64_t first = p.outs[0].out.token;
    play_wait(&p, TND_SEC(1));
    CHECK_EQ(play_code(&p), 200);
    uint64_t second = p.outs[0].out.token;
    play_input(&p, &(struct tnd_input){.kind = TND_IN_FAILED, .token = first});
    CHECK_EQ(play_code(&p), 200); /* over a new connection */
    CHECK_EQ(p.outs[0].out.to.port, 5070);
    play_input(&p, &(struct tnd_input){.kind = TND_IN_FAILED, .token = second});
    CHECK_EQ(tnd_node_stats(p.node)->undelivered, 0);
    play_wait(&p, TND_SEC(1));
    CHECK_EQ(play_code(&p), 200); /* again, to the same place */
    CHECK_EQ(p.outs[0].out.to.port, 5070);
    fail_last();
    CHECK_EQ(tnd_node_stats(p.node)->undelivered, 1);
    play_close(&p);
}

TND_TEST(deliver_unknown_token, "RFC 3261 §18.4", "news of what nobody waits for is no matter")
{
    struct tnd_lookup_answer answer = {.result = TND_LOOKUP_NONE};

    call_over_tcp("198.51.100.7:5070");
    play_input(&p, &(struct tnd_input){.kind = TND_IN_FAILED, .token = 4711});
    play_input(&p, &(struct tnd_input){
                       .kind = TND_IN_RESOLVED, .token = p.outs[0].out.token, .answer = &answer});
    CHECK_EQ(p.out_count, 0);
    play_close(&p);
}

TND_TEST(deliver_close, "RFC 3261 §18.3", "a stream whose messages cannot be told apart is closed")
{
    play_open(&p);
    p.flow = play_tcp();
    play_feed(&p,
              "OPTIONS sip:192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/TCP 198.51.100.7;branch=z9hG4bKx\r\n"
              "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\n\r\n");
    CHECK_EQ(play_code(&p), 400);
    CHECK_EQ(play_count(&p, TND_OUT_CLOSE, 0), 1);
    CHECK_EQ(p.outs[p.out_count - 1].out.kind, TND_OUT_CLOSE); /* behind its reply */
    play_close(&p);
}

TND_TEST(deliver_batch, "TND_NODE_BATCH_MAX",
         "a batch of inputs may be fed before outputs are taken")
{
    static char room[65536];
    struct tnd_output out;
    struct tnd_arena a;
    unsigned count = 0;

    play_open(&p);
    for (unsigned i = 0; i < TND_NODE_BATCH_MAX; i++) {
        char text[1024];
        struct tnd_msg msg;
        struct tnd_writer w = tnd_writer(text, sizeof(text));

        tnd_put_str(&w, "INVITE sip:lab-486@example.com SIP/2.0\r\n"
                        "Via: SIP/2.0/UDP 198.51.100.7;branch=z9hG4bK");
        tnd_put_number(&w, i);
        tnd_put_str(&w,
                    "\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCSeq: 1 INVITE\r\nCall-ID: ");
        tnd_put_number(&w, i);
        tnd_put_str(&w, "\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n");
        tnd_arena_init(&a, room, sizeof(room), NULL, 0);
        CHECK_EQ(tnd_msg_parse_datagram(&msg, &a, tnd_writer_slice(&w)), 0);
        CHECK_EQ(tnd_node_feed(p.node, 0,
                               &(struct tnd_input){
                                   .kind = TND_IN_MESSAGE, .flow = p.flow, .msg = &msg, .a = &a}),
                 0);
    }
    while (tnd_node_take(p.node, &out))
        count += out.kind == TND_OUT_SEND && memcmp(out.bytes.ptr, "SIP/2.0 486", 11) == 0;
    CHECK_EQ(count, p.world.transactions_max); /* the others: 503 */
    play_close(&p);
}
