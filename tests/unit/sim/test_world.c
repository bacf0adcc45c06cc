/* The simulated world: what it does with what is sent. */
#include "sim/trace.h"
#include "unit/failing_mem.h"
#include "unit/sim/probe.h"
#include "unit/test.h"

enum { SEED = 7, MANY = 40 };

/* Two probes in a world. */
struct pair {
    struct failing_mem mem;
    struct sim_world *w;
    struct sim_trace trace;
    struct probe a, b;
    struct tnd_endpoint udp_a, udp_b, tcp_b;
};

static struct pair pair;

static struct tnd_endpoint endpoint(enum tnd_transport transport, uint8_t last)
{
    const uint8_t octets[4] = {192, 0, 2, last};

    return tnd_endpoint(transport, octets, sizeof(octets), SIM_PORT);
}

static struct pair *begin(uint64_t seed, const struct sim_faults *faults)
{
    memset(&pair, 0, sizeof(pair));
    pair.mem = failing_mem(0);
    pair.w = sim_world_new(failing_mem_use(&pair.mem), seed);
    sim_trace_init(&pair.trace, pair.w);
    sim_world_watch(pair.w, sim_trace_watcher(&pair.trace));
    sim_world_faults(pair.w, faults);
    pair.udp_a = endpoint(TND_TRANSPORT_UDP, 1);
    pair.udp_b = endpoint(TND_TRANSPORT_UDP, 2);
    pair.tcp_b = endpoint(TND_TRANSPORT_TCP, 2);
    return &pair;
}

/* What is to be sent is known by now. */
static void meet(struct pair *p)
{
    const struct sim_kind a = probe_kind(&p->a), b = probe_kind(&p->b);

    CHECK_EQ(sim_host_add(p->w, "a", p->udp_a, NULL, &a), 0);
    CHECK_EQ(sim_host_add(p->w, "b", p->udp_b, NULL, &b), 1);
}

static void end(struct pair *p)
{
    sim_world_free(&p->w);
    CHECK_EQ(p->mem.live_count, 0);
}

static void send_many(struct pair *p, struct tnd_endpoint to)
{
    static char words[MANY][4];

    for (unsigned i = 0; i < MANY; i++) {
        words[i][0] = 'm';
        words[i][1] = (char)('0' + i / 10);
        words[i][2] = (char)('0' + i % 10);
        probe_send(&p->a, TND_MS(i), to, words[i], 0);
    }
}

/* "m00 m01 m02..." */
static const char *all_in_order(void)
{
    static char text[4 * MANY + 1];

    for (unsigned i = 0; i < MANY; i++) {
        text[4 * i] = 'm';
        text[4 * i + 1] = (char)('0' + i / 10);
        text[4 * i + 2] = (char)('0' + i % 10);
        text[4 * i + 3] = ' ';
    }
    text[4 * MANY - 1] = '\0';
    return text;
}

TND_TEST(sim_datagram_arrives, "sim/world.h",
         "a datagram arrives after the delay, and its source is that of the sender")
{
    struct pair *p = begin(SEED, &(struct sim_faults){.delay_min = 5000, .delay_max = 5000});

    probe_send(&p->a, TND_MS(1), p->udp_b, "hello", 0);
    meet(p);
    sim_world_run(p->w, TND_MS(5));
    CHECK_STR(probe_heard(&p->b), "");
    sim_world_run(p->w, TND_SEC(1));
    CHECK_STR(probe_heard(&p->b), "hello");
    CHECK_EQ(p->b.last_at, TND_MS(6));
    CHECK(tnd_endpoint_eq(&p->b.last_flow.remote, &p->udp_a));
    CHECK(tnd_endpoint_eq(&p->b.last_flow.local, &p->udp_b));
    CHECK_STR(probe_heard(&p->a), "");
    end(p);
}

TND_TEST(sim_loss, "sim/world.h", "when all is lost nothing arrives, and nobody is told")
{
    struct pair *p = begin(SEED, &(struct sim_faults){.lost_of_1000 = 1000});

    send_many(p, p->udp_b);
    meet(p);
    sim_world_run(p->w, TND_SEC(10));
    CHECK_STR(probe_heard(&p->b), "");
    CHECK_STR(probe_heard(&p->a), "");
    CHECK_EQ(sim_world_counts(p->w)->lost, MANY);
    end(p);
}

TND_TEST(sim_no_loss, "sim/world.h", "without faults all datagrams arrive, in their order")
{
    struct pair *p = begin(SEED, &(struct sim_faults){.delay_max = TND_MS(300)});

    send_many(p, p->udp_b);
    meet(p);
    sim_world_run(p->w, TND_SEC(10));
    CHECK_STR(probe_heard(&p->b), all_in_order());
    end(p);
}

TND_TEST(sim_reordering, "sim/world.h", "datagrams overtake one another, and none is lost by it")
{
    struct pair *p =
        begin(SEED, &(struct sim_faults){.reordered_of_1000 = 500, .reorder_max = TND_SEC(1)});

    send_many(p, p->udp_b);
    meet(p);
    sim_world_run(p->w, TND_SEC(10));
    CHECK_EQ(p->b.heard_len, 4 * MANY - 1);
    CHECK(!tnd_slice_eq(probe_heard(&p->b), tnd_slice_str(all_in_order())));
    end(p);
}

TND_TEST(sim_doubling, "sim/world.h", "a datagram arrives twice")
{
    struct pair *p = begin(SEED, &(struct sim_faults){.doubled_of_1000 = 1000});

    probe_send(&p->a, 0, p->udp_b, "twin", 0);
    meet(p);
    sim_world_run(p->w, TND_SEC(1));
    CHECK_STR(probe_heard(&p->b), "twin twin");
    end(p);
}

TND_TEST(sim_stream_keeps_order, "sim/world.h",
         "what is sent over a connection arrives whole and in its order, in pieces, late and "
         "after losses")
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct pair *p = begin(seed, &(struct sim_faults){.delay_max = TND_MS(100),
                                                          .lost_of_1000 = 300,
                                                          .reordered_of_1000 = 500,
                                                          .reorder_max = TND_SEC(1),
                                                          .pieces = true});

        send_many(p, p->tcp_b);
        meet(p);
        sim_world_run(p->w, TND_SEC(100));
        CHECK_STR(probe_heard(&p->b), all_in_order());
        CHECK_EQ(sim_world_counts(p->w)->connections, 1);
        CHECK_EQ(p->b.last_flow.remote.transport, TND_TRANSPORT_TCP);
        end(p);
    }
}

TND_TEST(sim_stream_breaks, "sim/world.h",
         "of each message that a broken connection did not carry its sender is told")
{
    struct pair *p =
        begin(SEED, &(struct sim_faults){
                        .delay_min = TND_MS(10), .delay_max = TND_MS(10), .broken_of_1000 = 1000});

    probe_send(&p->a, 0, p->tcp_b, "one", 1); /* is on its way for 30 ms, breaks after 10 */
    meet(p);
    sim_world_run(p->w, TND_SEC(1));
    CHECK_STR(probe_heard(&p->b), "");
    CHECK_STR(probe_heard(&p->a), "failed:1");
    end(p);
}

TND_TEST(sim_stream_refused, "sim/world.h",
         "a connection to a host that is down, or to a port where nobody is, is refused")
{
    struct pair *p = begin(SEED, &(struct sim_faults){.delay_max = TND_MS(10)});
    struct tnd_endpoint nobody = p->tcp_b;

    nobody.port = 9;
    probe_send(&p->a, TND_SEC(2), p->tcp_b, "down", 1);
    probe_send(&p->a, TND_SEC(3), nobody, "port", 2);
    probe_send(&p->a, TND_SEC(4), endpoint(TND_TRANSPORT_TCP, 99), "host", 3);
    meet(p);
    sim_world_crash(p->w, 1, TND_SEC(1), TND_SEC(10));
    sim_world_run(p->w, TND_SEC(9));
    CHECK_STR(probe_heard(&p->a), "failed:1 failed:2 failed:3");
    CHECK_STR(probe_heard(&p->b), "");
    end(p);
}

TND_TEST(sim_partition, "sim/world.h",
         "while two hosts are parted nothing passes; a stream goes on afterwards, unless that "
         "took too long")
{
    struct pair *p = begin(SEED, &(struct sim_faults){.delay_max = TND_MS(10)});

    probe_send(&p->a, TND_SEC(1), p->udp_b, "u1", 1);
    probe_send(&p->a, TND_SEC(2), p->tcp_b, "t1", 2);
    probe_send(&p->a, TND_SEC(6), p->udp_b, "u2", 3);
    probe_send(&p->a, TND_SEC(20), p->tcp_b, "t2", 4);
    meet(p);
    sim_world_part(p->w, 0, 1, 0, TND_SEC(5));
    sim_world_part(p->w, 1, 0, TND_SEC(10), TND_SEC(60));
    sim_world_run(p->w, TND_SEC(100));
    CHECK_STR(probe_heard(&p->b), "t1 u2");
    CHECK_STR(probe_heard(&p->a), "failed:4");
    end(p);
}

TND_TEST(sim_crash, "sim/world.h",
         "what is on its way to a host that crashes is lost, and it begins a new life")
{
    struct pair *p = begin(SEED, &(struct sim_faults){.delay_min = TND_MS(100),
                                                      .delay_max = TND_MS(100),
                                                      .bounced_of_1000 = 1000});

    probe_send(&p->a, TND_MS(950), p->udp_b, "on-its-way", 1);
    probe_send(&p->a, TND_MS(1500), p->udp_b, "down", 2);
    probe_send(&p->a, TND_MS(1950), p->udp_b, "up-again", 3);
    probe_send(&p->a, TND_MS(2500), p->udp_b, "later", 4);
    meet(p);
    sim_world_crash(p->w, 1, TND_SEC(1), TND_SEC(2));
    sim_world_run(p->w, TND_SEC(10));
    CHECK_STR(probe_heard(&p->b), "up-again later");
    CHECK_STR(probe_heard(&p->a), "failed:1 failed:2");
    CHECK_EQ(p->b.lives, 2);
    CHECK_EQ(sim_world_counts(p->w)->crashes, 1);
    end(p);
}

TND_TEST(sim_dns, "sim/world.h", "the DNS knows the hosts by their names, late, or fails")
{
    struct pair *p = begin(SEED, &(struct sim_faults){.dns_max = TND_SEC(3)});

    probe_resolve(&p->a, 0, "B.sim.example", 1);
    probe_resolve(&p->a, TND_SEC(5), "c.sim.example", 2);
    probe_resolve(&p->a, TND_SEC(20), "b.sim.example", 3);
    meet(p);
    sim_world_run(p->w, TND_SEC(10));
    CHECK_STR(probe_heard(&p->a), "192.0.2.2 none");
    sim_world_faults(p->w, &(struct sim_faults){.dns_failed_of_1000 = 1000});
    sim_world_run(p->w, TND_SEC(30));
    CHECK_STR(probe_heard(&p->a), "192.0.2.2 none dns-failed");
    CHECK_EQ(sim_world_counts(p->w)->lookups, 3);
    end(p);
}

TND_TEST(sim_nat, "sim/world.h",
         "a host behind a NAT is seen at another address, and reached there alone")
{
    struct pair *p = begin(SEED, &(struct sim_faults){0});
    struct tnd_endpoint outside = endpoint(TND_TRANSPORT_UDP, 77);
    const struct sim_kind a = probe_kind(&p->a), b = probe_kind(&p->b);

    outside.port = 40000;
    probe_send(&p->a, 0, p->udp_b, "out", 0);
    probe_send(&p->b, TND_SEC(1), outside, "in", 0);
    probe_send(&p->b, TND_SEC(2), p->udp_a, "not-in", 0);
    sim_host_add(p->w, "a", p->udp_a, &outside, &a);
    sim_host_add(p->w, "b", p->udp_b, NULL, &b);
    sim_world_run(p->w, TND_SEC(5));
    CHECK_STR(probe_heard(&p->b), "out");
    CHECK(tnd_endpoint_eq(&p->b.last_flow.remote, &outside));
    CHECK_STR(probe_heard(&p->a), "in");
    CHECK(tnd_endpoint_eq(&p->a.last_flow.local, &p->udp_a));
    end(p);
}

static uint64_t history(uint64_t seed)
{
    struct pair *p = begin(seed, &(struct sim_faults){.delay_max = TND_MS(300),
                                                      .lost_of_1000 = 200,
                                                      .doubled_of_1000 = 200,
                                                      .batched_of_1000 = 300,
                                                      .late_max = TND_MS(5)});

    send_many(p, p->udp_b);
    meet(p);
    sim_world_run(p->w, TND_SEC(10));
    uint64_t hash = sim_trace_hash(&p->trace);
    end(p);
    return hash;
}

TND_TEST(sim_world_repeats, "sim/trace.h",
         "the same seed has the same history, another seed another one")
{
    CHECK(history(1) == history(1));
    CHECK(history(2) == history(2));
    CHECK(history(1) != history(2));
}

static void keep_line(void *ctx, struct tnd_slice line)
{
    struct tnd_writer *w = ctx;

    tnd_put(w, line);
    tnd_put_char(w, '\n');
}

TND_TEST(sim_ladder, "sim/trace.h", "the ladder has a line for what leaves, arrives and is lost")
{
    char room[1000];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct pair *p = begin(SEED, &(struct sim_faults){0});

    p->trace.put = keep_line;
    p->trace.ctx = &w;
    probe_send(&p->a, TND_MS(1), p->udp_b, "x", 0);
    probe_send(&p->a, TND_MS(2), endpoint(TND_TRANSPORT_UDP, 99), "x", 0);
    meet(p);
    sim_world_run(p->w, TND_SEC(1));
    p->trace.put = NULL;
    CHECK_STR(
        tnd_writer_slice(&w),
        "    0.000000 a         *            starts\n"
        "    0.000000 b         *            starts\n"
        "    0.001000 a         > b          OPTIONS sip:you SIP/2.0                     x\n"
        "    0.001000 b         < a          OPTIONS sip:you SIP/2.0                     x\n"
        "    0.002000 a         > udp:192.0.2.99:5060 OPTIONS sip:you SIP/2.0            x\n"
        "    0.002000 a         x a          OPTIONS sip:you SIP/2.0                     x\n");
    end(p);
}
