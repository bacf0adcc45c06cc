/* Maps. */
#include "base/map.h"

#include <stdlib.h>

#include "base/owner.h"
#include "base/random.h"
#include "unit/dying.h"
#include "unit/failing_mem.h"
#include "unit/test.h"

struct thing {
    uint32_t number; /* the key */
    bool in;         /* as the model has it */
    struct tnd_map_node node;
};

enum { THING_COUNT = 3000 };

static const struct tnd_siphash_key secret = {0x1234, 0x5678};

static int add(struct tnd_map *m, struct thing *t)
{
    return tnd_map_add(m, &t->node, tnd_map_key(&t->number, sizeof(t->number)));
}

static struct thing *find(const struct tnd_map *m, uint32_t number)
{
    struct tnd_map_node *node = tnd_map_find(m, tnd_map_key(&number, sizeof(number)));

    return node ? TND_OWNER(node, struct thing, node) : NULL;
}

static uint64_t hash_of(uint32_t number)
{
    return tnd_siphash_1_3(&secret, tnd_map_key(&number, sizeof(number)));
}

/* With hashes that are 0 in the lowest bits: one of so many buckets gets all of them. */
static struct thing *make_crowd(unsigned bits)
{
    struct thing *things = calloc(THING_COUNT, sizeof(*things));
    uint32_t number = 0;

    CHECK(things);
    for (uint32_t i = 0; i < THING_COUNT; i++) {
        while (hash_of(number) & ((1U << bits) - 1))
            number++;
        things[i].number = number++;
    }
    return things;
}

static struct thing *make_things(void)
{
    return make_crowd(0);
}

TND_TEST(map_by_text, "ARCHITECTURE §6",
         "what was added under a text is found by the same bytes and by no others")
{
    struct failing_mem m = failing_mem(0);
    struct tnd_map map;
    struct tnd_map_node a, b, again, empty;

    tnd_map_init(&map, &secret, failing_mem_use(&m));
    CHECK(!tnd_map_find(&map, TND_STR("a")));
    CHECK_EQ(tnd_map_add(&map, &a, TND_STR("a84b4c76e66710@pc33")), 0);
    CHECK_EQ(tnd_map_add(&map, &b, TND_STR("A84b4c76e66710@pc33")), 0);
    CHECK_EQ(tnd_map_add(&map, &empty, TND_STR("")), 0);
    CHECK_EQ(tnd_map_add(&map, &again, TND_STR("a84b4c76e66710@pc33")), TND_EEXISTS);
    CHECK(tnd_map_find(&map, TND_STR("a84b4c76e66710@pc33")) == &a);
    CHECK(tnd_map_find(&map, TND_STR("A84b4c76e66710@pc33")) == &b);
    CHECK(tnd_map_find(&map, TND_STR("")) == &empty);
    CHECK(!tnd_map_find(&map, TND_STR("a84b4c76e66710@pc3")));
    tnd_map_remove(&map, &a);
    CHECK(!tnd_map_find(&map, TND_STR("a84b4c76e66710@pc33")));
    CHECK_EQ(tnd_map_add(&map, &again, TND_STR("a84b4c76e66710@pc33")), 0);
    CHECK_EQ(map.count, 3);
    tnd_map_fini(&map);
    CHECK_EQ(m.live_count, 0);
}

/* Whether map and model hold the same things, by walk and by search. */
static bool agree(const struct tnd_map *m, const struct thing *things, size_t count)
{
    size_t walked = 0;

    for (struct tnd_map_node *n = tnd_map_first(m); n; n = tnd_map_after(m, n)) {
        if (!TND_OWNER(n, struct thing, node)->in)
            return false;
        walked++;
    }
    for (uint32_t i = 0; i < THING_COUNT; i++)
        if (find(m, things[i].number) != (things[i].in ? &things[i] : NULL))
            return false;
    return walked == count && m->count == count;
}

/* One add or remove, of a thing that the model says is out or in. */
static void step(struct tnd_map *m, struct thing *t, size_t *count)
{
    if (t->in) {
        tnd_map_remove(m, &t->node);
        memset(&t->node, 0xa5, sizeof(t->node)); /* gone: the map may not follow it */
        --*count;
    } else {
        CHECK_EQ(add(m, t), 0);
        ++*count;
    }
    t->in = !t->in;
}

static void play_model(unsigned bits, uint64_t seed)
{
    struct thing *things = make_crowd(bits);
    struct failing_mem m = failing_mem(0);
    struct tnd_random random;
    struct tnd_map map;
    size_t count = 0;

    tnd_random_init(&random, seed);
    tnd_map_init(&map, &secret, failing_mem_use(&m));
    for (int i = 0; i < 20000; i++) {
        step(&map, &things[tnd_random_below(&random, THING_COUNT)], &count);
        if (i % 1000 == 0)
            CHECK(agree(&map, things, count));
    }
    CHECK(agree(&map, things, count));
    things[7].in = !things[7].in; /* the model alone: they must differ */
    CHECK(!agree(&map, things, count));
    tnd_map_fini(&map);
    CHECK_EQ(m.live_count, 0);
    free(things);
}

TND_TEST(map_and_model, "ARCHITECTURE §6",
         "after any adds and removes a map holds what an array of flags holds")
{
    for (uint64_t seed = 0; seed < 4; seed++)
        play_model(0, seed);
}

TND_TEST(map_of_a_crowd, "ARCHITECTURE §6",
         "so it does if many more nodes than fit belong to a few buckets")
{
    play_model(1, 1);
    play_model(3, 2);
    play_model(6, 3);
}

/* Numbers in the order of a walk, after the same adds and removes at another address. */
static size_t walk_elsewhere(uint64_t seed, uint32_t *ret)
{
    struct tnd_siphash_key key = {seed, seed};
    struct thing *things = make_things();
    struct failing_mem m = failing_mem(0);
    struct tnd_map map;
    size_t count = 0;

    tnd_map_init(&map, &key, failing_mem_use(&m));
    for (uint32_t i = 0; i < 1000; i++)
        CHECK_EQ(add(&map, &things[i]), 0);
    for (uint32_t i = 0; i < 1000; i += 3)
        tnd_map_remove(&map, &things[i].node);
    for (struct tnd_map_node *n = tnd_map_first(&map); n; n = tnd_map_after(&map, n))
        ret[count++] = TND_OWNER(n, struct thing, node)->number;
    tnd_map_fini(&map);
    free(things);
    return count;
}

TND_TEST(map_walks_the_same_way, "ARCHITECTURE §1",
         "the order of a walk follows from the secret, not from addresses")
{
    static uint32_t first[1000], second[1000], other[1000];
    void *in_between;

    CHECK_EQ(walk_elsewhere(1, first), 666);
    in_between = malloc(100000);
    CHECK_EQ(walk_elsewhere(1, second), 666);
    free(in_between);
    CHECK_EQ(walk_elsewhere(2, other), 666);
    CHECK(memcmp(first, second, sizeof(first)) == 0);
    CHECK(memcmp(first, other, sizeof(first)) != 0);
}

/* Removes one of each step that it passes; the last step passes all that are left. */
static void remove_walking(struct tnd_map *map, struct thing *things)
{
    size_t left = THING_COUNT;

    for (uint32_t i = 0; i < THING_COUNT; i++) {
        CHECK_EQ(add(map, &things[i]), 0);
        things[i].in = true;
    }
    for (size_t every = 4; every > 0; every--) {
        size_t passed = 0;

        for (struct tnd_map_node *n = tnd_map_first(map), *after; n; n = after) {
            after = tnd_map_after(map, n);
            if (passed++ % every != 0)
                continue;
            TND_OWNER(n, struct thing, node)->in = false;
            tnd_map_remove(map, n);
        }
        CHECK_EQ(passed, left);
        left -= (passed + every - 1) / every;
        CHECK(agree(map, things, left));
    }
    CHECK(!tnd_map_first(map));
}

TND_TEST(map_removes_while_walking, "ARCHITECTURE §6",
         "a walk that removes what it passes, after asking for the next, misses nothing")
{
    for (unsigned bits = 0; bits <= 6; bits += 2) {
        struct thing *things = make_crowd(bits);
        struct failing_mem m = failing_mem(0);
        struct tnd_map map;

        tnd_map_init(&map, &secret, failing_mem_use(&m));
        remove_walking(&map, things);
        tnd_map_fini(&map);
        free(things);
    }
}

TND_TEST(map_without_memory, "ARCHITECTURE §5",
         "whichever block cannot be had, the add says so, the map is as before and can go on")
{
    for (size_t nth = 1; nth <= 8; nth++) {
        struct thing *things = make_things();
        struct failing_mem m = failing_mem(nth);
        struct tnd_map map;
        uint32_t count = 0;

        tnd_map_init(&map, &secret, failing_mem_use(&m));
        while (add(&map, &things[count]) == 0)
            things[count++].in = true;
        /* the first block has 4 buckets, 7 nodes fill 2 */
        CHECK_EQ(count, nth == 1 ? 0 : 14u << (nth - 2));
        CHECK_EQ(add(&map, &things[count]), TND_ENOMEM);
        CHECK(agree(&map, things, count));
        m.fail_at = 0;
        CHECK_EQ(add(&map, &things[count]), 0);
        things[count].in = true;
        CHECK(agree(&map, things, count + 1));
        tnd_map_fini(&map);
        CHECK_EQ(m.live_count, 0);
        free(things);
    }
}

/* How many found their bucket full: each is the next of one other. */
static size_t count_chained(const struct tnd_map *m)
{
    size_t count = 0;

    for (struct tnd_map_node *n = tnd_map_first(m); n; n = tnd_map_after(m, n))
        count += n->next != NULL;
    return count;
}

TND_TEST(map_chains_are_rare, "ARCHITECTURE §5",
         "keys that differ in a few low or high bits, as a stranger may choose them, spread")
{
    for (int shift = 0; shift <= 20; shift += 10) {
        struct thing *things = make_things();
        struct failing_mem m = failing_mem(0);
        struct tnd_map map;

        tnd_map_init(&map, &secret, failing_mem_use(&m));
        for (uint32_t i = 0; i < THING_COUNT; i++) {
            things[i].number = i << shift;
            CHECK_EQ(add(&map, &things[i]), 0);
            if (i % 50 == 0)
                CHECK(count_chained(&map) <= 10 + i / 8);
        }
        CHECK(count_chained(&map) > 0); /* this counts */
        tnd_map_fini(&map);
        free(things);
    }
}

TND_TEST(map_asks_no_node_in_vain, "ARCHITECTURE §6",
         "what is not there is not there though every node, if asked, would say it is the one")
{
    struct thing *things = make_things();
    struct failing_mem m = failing_mem(0);
    struct tnd_map map;
    size_t found = 0;

    tnd_map_init(&map, &secret, failing_mem_use(&m));
    for (uint32_t i = 0; i < 900; i++)
        CHECK_EQ(add(&map, &things[i]), 0);
    for (uint32_t absent = THING_COUNT; absent < THING_COUNT + 1000; absent++) {
        uint64_t hash = hash_of(absent);

        for (uint32_t i = 0; i < 900; i++) {
            things[i].node.hash = hash;
            things[i].node.key = tnd_map_key(&absent, sizeof(absent));
        }
        found += find(&map, absent) != NULL;
    }
    CHECK(found <= 30); /* a bit of the tag or of the crowd is the same */
    tnd_map_fini(&map);
    free(things);
}

TND_TEST(map_parts_nodes_unseen, "ARCHITECTURE §6",
         "a map grows from 60 to 128 buckets without the hash of nodes that are in no chain")
{
    struct thing *things = make_things();
    struct failing_mem m = failing_mem(0);
    struct tnd_map map;
    size_t found = 0;

    tnd_map_init(&map, &secret, failing_mem_use(&m));
    for (uint32_t i = 0; i < 210; i++)
        CHECK_EQ(add(&map, &things[i]), 0);
    for (uint32_t i = 0; i < 210; i++)
        things[i].node.hash = ~things[i].node.hash;
    for (uint32_t i = 210; i < 448; i++)
        CHECK_EQ(add(&map, &things[i]), 0);
    for (uint32_t i = 0; i < 210; i++)
        things[i].node.hash = ~things[i].node.hash;
    for (uint32_t i = 0; i < 210; i++)
        found += find(&map, i) == &things[i];
    CHECK(found >= 180);
    tnd_map_fini(&map);
    free(things);
}

static void remove_twice(void *ctx)
{
    struct tnd_map *map = ctx;
    struct tnd_map_node *node = tnd_map_first(map);

    tnd_map_remove(map, node);
    tnd_map_remove(map, node);
}

TND_TEST(map_catches_a_second_remove, "ARCHITECTURE §5",
         "to remove what is not in the map is an assertion")
{
    struct failing_mem m = failing_mem(0);
    struct tnd_map map;
    struct tnd_map_node a, b;

    tnd_map_init(&map, &secret, failing_mem_use(&m));
    CHECK_EQ(tnd_map_add(&map, &a, TND_STR("a")), 0);
    CHECK_EQ(tnd_map_add(&map, &b, TND_STR("b")), 0);
    check_dies(remove_twice, &map);
    tnd_map_fini(&map);
}
