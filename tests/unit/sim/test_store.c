/* The store of the simulated world: what is there after a crash. */
#include "sim/store.h"
#include "tandem/sip/uri.h"
#include "unit/failing_mem.h"
#include "unit/sim/probe.h"
#include "unit/test.h"

enum { ASKED = 40, EXPIRES = 100 };

/* An element that registers one contact and hears what became of it; then it asks what is there. */
struct asker {
    struct tnd_store_op op;
    struct tnd_binding_change change;
    struct tnd_binding binding;
    bool has_asked, is_kept, has_failed;
    unsigned lives;
};

static int feed(void *self, tnd_time now, const struct tnd_input *in)
{
    struct asker *a = self;

    (void)now;
    if (in->kind == TND_IN_STORED && in->stored->result == TND_STORE_OK)
        a->is_kept = true;
    if (in->kind == TND_IN_STORED && in->stored->result == TND_STORE_FAILED)
        a->has_failed = true;
    return 0;
}

static bool take(void *self, struct tnd_output *ret)
{
    struct asker *a = self;

    if (a->has_asked || a->lives > 1)
        return false;
    a->has_asked = true;
    *ret = (struct tnd_output){.kind = TND_OUT_STORE, .token = 7, .store = &a->op};
    return true;
}

static tnd_time due(const void *self)
{
    (void)self;
    return TND_NEVER_DUE;
}

static void end(void *self)
{
    (void)self;
}

static const struct sim_element_ops ops = {feed, take, due, NULL, end};

static int make(void *ctx, const struct sim_life *life, struct sim_element *ret)
{
    struct asker *a = ctx;

    (void)life;
    a->lives++;
    *ret = (struct sim_element){&ops, a};
    return 0;
}

static void prepare(struct asker *a)
{
    *a = (struct asker){.binding = {.uri = TND_STR("sip:alice@192.0.2.9"),
                                    .call_id = TND_STR("c"),
                                    .until = EXPIRES,
                                    .cseq = 1,
                                    .q = -1}};
    a->change = (struct tnd_binding_change){
        .contacts = &a->binding, .count = 1, .call_id = TND_STR("c"), .cseq = 1, .count_max = 10};
    a->op = (struct tnd_store_op){
        .kind = TND_STORE_CHANGE, .aor = TND_STR("alice@example.com"), .change = &a->change};
}

/* How many bindings there are in a world of that seed whose host crashes at that time, or never. */
static size_t bindings_after(struct asker *a, uint64_t seed, const struct sim_faults *faults,
                             tnd_time crash)
{
    struct failing_mem mem = failing_mem(0);
    struct sim_world *w = sim_world_new(failing_mem_use(&mem), seed);
    const uint8_t octets[4] = {192, 0, 2, 1};
    const struct sim_kind kind = {make, a, false};
    struct tnd_entry entry;
    struct tnd_arena arena;

    prepare(a);
    sim_world_faults(w, faults);
    sim_host_add(w, "a", tnd_endpoint(TND_TRANSPORT_NONE, octets, 4, 0), NULL, &kind);
    if (crash >= 0)
        sim_world_crash(w, 0, crash, crash + 1);
    sim_world_run(w, TND_SEC(60));
    tnd_arena_init(&arena, NULL, 0, &mem.mem, 1 << 16);
    sim_store_find(w, TND_STR("alice@example.com"), 0, &arena, &entry);
    size_t count = entry.binding_count;
    sim_store_find(w, TND_STR("alice@example.com"), EXPIRES, &arena, &entry);
    CHECK_EQ(entry.binding_count, 0);
    tnd_arena_fini(&arena);
    sim_world_free(&w);
    CHECK_EQ(mem.live_count, 0);
    return count;
}

TND_TEST(sim_store_keeps, "sim/store.h",
         "a change is kept, at once or late, and what has ended is left out")
{
    const struct sim_faults none = {.store_max = 0}, slow = {.store_max = TND_SEC(8)};
    struct asker a;

    CHECK_EQ(bindings_after(&a, 1, &none, -1), 1);
    CHECK(a.is_kept);
    CHECK_EQ(bindings_after(&a, 1, &slow, -1), 1);
    CHECK(a.is_kept);
}

TND_TEST(sim_store_outlives_crashes, "sim/store.h",
         "a change that was answered is there after a crash; of another one nobody knows")
{
    const struct sim_faults slow = {.store_max = TND_SEC(8)};
    unsigned there = 0, gone = 0;
    struct asker a;

    for (uint64_t seed = 1; seed <= ASKED; seed++) {
        size_t count = bindings_after(&a, seed, &slow, TND_SEC(4));

        CHECK(!a.is_kept || count == 1);
        there += !a.is_kept && count == 1;
        gone += !a.is_kept && count == 0;
    }
    CHECK(there > 0);
    CHECK(gone > 0);
}

TND_TEST(sim_store_fails, "sim/store.h", "of a change that failed nobody knows")
{
    const struct sim_faults failing = {.store_failed_of_1000 = 1000};
    unsigned there = 0;
    struct asker a;

    for (uint64_t seed = 1; seed <= ASKED; seed++) {
        there += bindings_after(&a, seed, &failing, -1) == 1;
        CHECK(a.has_failed && !a.is_kept);
    }
    CHECK(there > 0 && there < ASKED);
}
