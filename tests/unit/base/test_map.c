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

static struct thing *make_things(void)
{
    struct thing *things = calloc(THING_COUNT, sizeof(*things));

    CHECK(things);
    for (uint32_t i = 0; i < THING_COUNT; i++)
        things[i].number = i;
    return things;
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
        if (find(m, i) != (things[i].in ? &things[i] : NULL))
            return false;
    return walked == count && m->count == count;
}

/* One add or remove, of a thing that the model says is out or in. */
static void step(struct tnd_map *m, struct thing *t, size_t *count)
{
    if (t->in) {
        tnd_map_remove(m, &t->node);
        --*count;
    } else {
        CHECK_EQ(add(m, t), 0);
        ++*count;
    }
    t->in = !t->in;
}

TND_TEST(map_and_model, "ARCHITECTURE §6",
         "after any adds and removes a map holds what an array of flags holds")
{
    for (uint64_t seed = 0; seed < 4; seed++) {
        struct thing *things = make_things();
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

TND_TEST(map_removes_while_walking, "ARCHITECTURE §6",
         "a walk that removes what it passes, after asking for the next, misses nothing")
{
    struct thing *things = make_things();
    struct failing_mem m = failing_mem(0);
    struct tnd_map map;
    size_t walked = 0;

    tnd_map_init(&map, &secret, failing_mem_use(&m));
    for (uint32_t i = 0; i < THING_COUNT; i++)
        CHECK_EQ(add(&map, &things[i]), 0);
    for (struct tnd_map_node *n = tnd_map_first(&map), *after; n; n = after) {
        after = tnd_map_after(&map, n);
        tnd_map_remove(&map, n);
        walked++;
    }
    CHECK_EQ(walked, THING_COUNT);
    CHECK(!tnd_map_first(&map));
    tnd_map_fini(&map);
    free(things);
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
        CHECK_EQ(count, nth == 1 ? 0 : 16u << (nth - 2));
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

static size_t longest_chain(const struct tnd_map *m)
{
    size_t longest = 0, len = 0;

    for (struct tnd_map_node *n = tnd_map_first(m); n; n = tnd_map_after(m, n)) {
        len++;
        longest = len > longest ? len : longest;
        len = n->next ? len : 0;
    }
    return longest;
}

TND_TEST(map_chains_stay_short, "ARCHITECTURE §5",
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
        }
        CHECK(longest_chain(&map) <= 12);
        tnd_map_fini(&map);
        free(things);
    }
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
