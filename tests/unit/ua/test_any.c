/* Two owners who do anything, over a network that loses and reorders. */
#include <stdio.h>
#include <string.h>

#include "ua/call.h"
#include "unit/test.h"
#include "unit/ua/pair.h"

enum { WALK_COUNT = 60, STEP_COUNT = 40 };

static void any_call(struct pair *p, int side)
{
    struct tnd_ua_call call = {
        .uri = tnd_slice_str(side == ALICE ? "sip:bob@192.0.2.2" : "sip:alice@192.0.2.1"),
        .precondition = (uint8_t)tnd_random_below(&p->random, 3)};

    if (tnd_ua_call(p->side[side].ua, p->now, &call, &p->side[side].id) == 0)
        pair_take(p, side);
}

static void any_command(struct pair *p)
{
    int side = (int)tnd_random_below(&p->random, 2);
    struct pair_side *s = &p->side[side];

    switch (tnd_random_below(&p->random, 8)) {
    case 0:
    case 1:
        any_call(p, side);
        break;
    case 2:
        tnd_ua_end(s->ua, p->now, s->id);
        break;
    case 3:
        tnd_ua_ring(s->ua, p->now, s->id);
        break;
    case 4:
        tnd_ua_accept(s->ua, p->now, s->id);
        break;
    case 5:
        tnd_ua_refuse(s->ua, p->now, s->id, &(struct tnd_ua_refusal){.code = 480});
        break;
    default:
        tnd_ua_change(s->ua, p->now, s->id,
                      (enum tnd_ua_change)tnd_random_below(&p->random, TND_UA_REFRESH + 1));
    }
    pair_take(p, side);
}

static void open_any(struct pair *p, uint64_t seed)
{
    pair_prepare(p);
    tnd_random_init(&p->random, seed);
    for (int i = 0; i < PAIR_COUNT; i++) {
        struct pair_side *s = &p->side[i];

        s->config.require_100rel = (uint8_t)tnd_random_below(&p->random, 2);
        s->config.precondition = (uint8_t)tnd_random_below(&p->random, 3);
        s->config.session_expires = 90;
        s->reserves = (int)tnd_random_below(&p->random, 3) - 1;
        s->rings = tnd_random_chance(&p->random, 1, 2);
        s->accepts = tnd_random_chance(&p->random, 1, 2);
        pair_start(p, i);
    }
    p->loss = (unsigned)tnd_random_below(&p->random, 40);
    p->delay_max = tnd_random_time(&p->random, 0, TND_MS(800));
}

/* Dialogs that are answered and not over. */
static size_t count_dialogs(const struct pair *p, int side, struct tnd_slice call_id)
{
    size_t count = 0;

    for (struct ua_object *o = p->side[side].ua->all; o; o = o->next) {
        struct ua_leg *leg = (struct ua_leg *)o;

        count += o->kind == UA_LEG && !leg->is_over &&
                 (!call_id.ptr || tnd_slice_eq(leg->dialog.call_id, call_id));
    }
    return count;
}

static void check_both_know(const struct pair *p)
{
    for (int side = 0; side < PAIR_COUNT; side++)
        for (struct ua_object *o = p->side[side].ua->all; o; o = o->next) {
            struct ua_leg *leg = (struct ua_leg *)o;

            if (o->kind == UA_LEG && !leg->is_over)
                CHECK_EQ(count_dialogs(p, 1 - side, leg->dialog.call_id), 1);
        }
}

static void end_all(struct pair *p)
{
    for (int side = 0; side < PAIR_COUNT; side++)
        for (tnd_ua_id id = 1; id <= p->side[side].ua->serial; id++)
            if (tnd_ua_end(p->side[side].ua, p->now, id) == 0)
                pair_take(p, side);
}

static void walk(struct pair *p, uint64_t seed)
{
    open_any(p, seed);
    for (int i = 0; i < STEP_COUNT; i++) {
        any_command(p);
        pair_run(p, tnd_random_time(&p->random, 0, TND_SEC(3)));
    }
    p->loss = 0;
    p->delay_max = 0;
    pair_run(p, TND_SEC(400));
    check_both_know(p);
    end_all(p);
    pair_run(p, TND_SEC(400));
    for (int side = 0; side < PAIR_COUNT; side++) {
        CHECK_EQ(p->side[side].ua->call_count, 0);
        CHECK_EQ(p->side[side].ua->txn_count, 0);
        CHECK_EQ(tnd_ua_due(p->side[side].ua), TND_NEVER_DUE);
    }
    pair_close(p);
}

TND_TEST(ua_any_walk, "RFC 3261 §12, §15",
         "whatever two owners do and the network loses: once it loses nothing more, each dialog is "
         "known at both sides or at none, and all memory is given back")
{
    static struct pair p;

    for (uint64_t seed = 1; seed <= WALK_COUNT; seed++)
        walk(&p, seed);
}

/* Some bytes of some packets become others. */
static void damage(struct pair *p, struct pair_packet *packet)
{
    if (!tnd_random_chance(&p->random, 1, 5))
        return;
    for (uint64_t n = 1 + tnd_random_below(&p->random, 3); n > 0; n--)
        packet->bytes[tnd_random_below(&p->random, packet->len)] =
            (char)tnd_random_below(&p->random, 256);
}

static void walk_damaged(struct pair *p, uint64_t seed)
{
    open_any(p, seed);
    p->meddle = damage;
    for (int i = 0; i < STEP_COUNT; i++) {
        any_command(p);
        pair_run(p, tnd_random_time(&p->random, 0, TND_SEC(3)));
    }
    p->meddle = NULL;
    end_all(p);
    pair_run(p, TND_SEC(400));
    for (int side = 0; side < PAIR_COUNT; side++) {
        CHECK_EQ(p->side[side].ua->call_count, 0);
        CHECK_EQ(tnd_ua_due(p->side[side].ua), TND_NEVER_DUE);
    }
    pair_close(p);
}

TND_TEST(ua_any_damage, "RFC 3261 §8.2, §8.1.3",
         "whatever becomes of the bytes on their way: no call is left when its owner has ended it")
{
    static struct pair p;

    for (uint64_t seed = 1; seed <= WALK_COUNT; seed++)
        walk_damaged(&p, seed);
}

/* A call of alice to bob, with preconditions, a change and an end. */
static void play_call(struct pair *p)
{
    struct tnd_ua_call call = {.uri = TND_STR("sip:bob@192.0.2.2"),
                               .precondition = TND_UA_PRECONDITION_OPTIONAL};
    tnd_ua_id id;

    if (tnd_ua_call(p->side[ALICE].ua, p->now, &call, &id) != 0)
        return;
    pair_take(p, ALICE);
    pair_run(p, TND_SEC(3));
    tnd_ua_change(p->side[ALICE].ua, p->now, id, TND_UA_HOLD);
    pair_take(p, ALICE);
    pair_run(p, TND_SEC(3));
    tnd_ua_end(p->side[ALICE].ua, p->now, id);
    pair_take(p, ALICE);
    pair_run(p, TND_SEC(2500));
}

/* The nth take of that side fails, and all behind it. false: there were not so many. */
static bool call_with_failing_memory(struct pair *p, int side, size_t nth)
{
    pair_prepare(p);
    for (int i = 0; i < PAIR_COUNT; i++) {
        struct pair_side *s = &p->side[i];
        struct tnd_ua_world world = {.mem = failing_mem_use(&s->mem), .seed = 7};

        s->config.precondition = TND_UA_PRECONDITION_OPTIONAL;
        s->mem.fail_at = i == side ? nth : 0;
        if (tnd_ua_new(&world, &s->config, 0, &s->ua) != 0)
            s->ua = NULL;
    }
    if (p->side[ALICE].ua && p->side[BOB].ua)
        play_call(p);
    bool has_failed = p->side[side].mem.take_count >= nth;
    if (p->side[side].ua)
        CHECK_EQ(p->side[side].ua->call_count, 0);
    pair_close(p);
    return has_failed;
}

TND_TEST(
    ua_memory_runs_out, "RFC 3261 §17.1.4",
    "a call whose nth take of memory fails, and all behind it, ends all the same at that side and "
    "gives everything back")
{
    static struct pair p;

    for (int side = 0; side < PAIR_COUNT; side++) {
        size_t nth = 1;

        while (call_with_failing_memory(&p, side, nth))
            nth++;
        CHECK(nth > 20);
    }
}
