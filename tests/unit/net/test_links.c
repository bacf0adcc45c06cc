/* Links: what workers know of the connections of others. */
#include "net/links.h"

#include <pthread.h>
#include <stdatomic.h>

#include "net/heap.h"
#include "unit/failing_mem.h"
#include "unit/test.h"

static const struct tnd_siphash_key secret = {1, 2};

static struct tnd_endpoint at(uint16_t port)
{
    return tnd_endpoint(TND_TRANSPORT_TCP, (const uint8_t[4]){192, 0, 2, 1}, 4, port);
}

static struct tnd_link link_with(uint16_t port, uint64_t flow)
{
    return (struct tnd_link){.remote = at(port), .flow = flow};
}

TND_TEST(links_found, "RFC 3261 §18",
         "the connections of all workers are found by their far end, address, port and transport, "
         "until they end")
{
    struct tnd_link one = link_with(50000, 1), other = link_with(50001, 2);
    struct tnd_endpoint to = at(50000), udp = to, near = to;
    struct tnd_links *l = NULL;

    CHECK_EQ(tnd_links_new(&secret, &tnd_heap, &l), 0);
    CHECK_EQ(tnd_links_find(l, &to), 0);
    tnd_links_add(l, &one);
    tnd_links_add(l, &other);
    CHECK_EQ(tnd_links_find(l, &to), 1);
    CHECK_EQ(tnd_links_find(l, &other.remote), 2);
    udp.transport = TND_TRANSPORT_UDP;
    near.octets[3]++;
    CHECK(tnd_links_find(l, &udp) == 0 && tnd_links_find(l, &near) == 0);
    tnd_links_remove(l, &one);
    CHECK_EQ(tnd_links_find(l, &to), 0);
    tnd_links_remove(l, &one); /* whoever ends a connection need not know whether it was listed */
    CHECK_EQ(tnd_links_find(l, &other.remote), 2);
    tnd_links_remove(l, &other);
    tnd_links_free(&l);
    CHECK(!l);
}

/* Which of three with one far end is found before each of them goes, as digits. */
static unsigned found_after(const unsigned order[3])
{
    struct tnd_link links[3] = {link_with(9, 1), link_with(9, 2), link_with(9, 3)};
    struct tnd_links *l = NULL;
    unsigned found = 0;

    CHECK_EQ(tnd_links_new(&secret, &tnd_heap, &l), 0);
    for (int i = 0; i < 3; i++)
        tnd_links_add(l, &links[i]);
    for (int i = 0; i < 3; i++) {
        uint64_t flow = tnd_links_find(l, &links[0].remote);

        CHECK(flow >= 1 && flow <= 3 && links[flow - 1].is_listed);
        found = 10 * found + (unsigned)flow;
        tnd_links_remove(l, &links[order[i]]);
    }
    CHECK_EQ(tnd_links_find(l, &links[0].remote), 0);
    tnd_links_free(&l);
    return found;
}

TND_TEST(links_several, "RFC 3261 §18",
         "of several connections with one far end another is found when the first has ended")
{
    CHECK_EQ(found_after((const unsigned[]){1, 2, 0}), 111);
    CHECK_EQ(found_after((const unsigned[]){2, 1, 0}), 111);
    CHECK_EQ(found_after((const unsigned[]){2, 0, 1}), 112);
    CHECK_EQ(found_after((const unsigned[]){1, 0, 2}), 113);
    CHECK(found_after((const unsigned[]){0, 1, 2}) / 10 % 10 != 1);
    CHECK(found_after((const unsigned[]){0, 2, 1}) / 10 % 10 != 1);
}

enum { MANY = 60000 };

TND_TEST(links_many, "RFC 3261 §18", "however many connections there are, each one is found")
{
    static struct tnd_link links[MANY];
    struct tnd_links *l = NULL;
    unsigned found = 0, gone = 0;

    CHECK_EQ(tnd_links_new(&secret, &tnd_heap, &l), 0);
    for (unsigned i = 0; i < MANY; i++) {
        links[i] = link_with((uint16_t)(i + 1), i + 1);
        tnd_links_add(l, &links[i]);
    }
    for (unsigned i = 0; i < MANY; i++)
        found += tnd_links_find(l, &links[i].remote) == i + 1;
    CHECK_EQ(found, MANY);
    for (unsigned i = 0; i < MANY; i++) {
        tnd_links_remove(l, &links[i]);
        gone += tnd_links_find(l, &links[i].remote) == 0;
    }
    CHECK_EQ(gone, MANY);
    tnd_links_free(&l);
}

TND_TEST(links_no_memory, "net/links.h",
         "without memory a connection is not listed, those that are stay, and one that goes is "
         "replaced")
{
    static struct tnd_link links[MANY], twins[MANY];
    struct failing_mem none = failing_mem(1), some = failing_mem(100);
    struct tnd_links *l = NULL;
    unsigned listed = 0, right = 0;

    CHECK_EQ(tnd_links_new(&secret, failing_mem_use(&none), &l), TND_ENOMEM);
    CHECK(!l);
    CHECK_EQ(tnd_links_new(&secret, failing_mem_use(&some), &l), 0);
    for (unsigned i = 0; i < MANY; i++) {
        links[i] = link_with((uint16_t)(i + 1), i + 1);
        tnd_links_add(l, &links[i]);
        listed += links[i].is_listed;
    }
    CHECK(listed > 0 && listed < MANY);
    for (unsigned i = 0; i < MANY; i++) {
        twins[i] = link_with((uint16_t)(i + 1), MANY + i + 1);
        if (links[i].is_listed)
            tnd_links_add(l, &twins[i]);
        tnd_links_remove(l, &links[i]);
        right += tnd_links_find(l, &twins[i].remote) == (twins[i].is_listed ? twins[i].flow : 0);
    }
    CHECK_EQ(right, MANY);
    for (unsigned i = 0; i < MANY; i++)
        tnd_links_remove(l, &twins[i]);
    tnd_links_free(&l);
    CHECK_EQ(some.live_count, 0);
}

enum { THREADS = 4, ROUNDS = 20000, PORTS = 8 };

struct thread {
    pthread_t id;
    struct tnd_links *links;
    uint64_t number;
    atomic_uint *wrong;
};

/* Lists connections with far ends that the others have too, and looks whether it finds one. */
static void *come_and_go(void *ctx)
{
    struct thread *t = ctx;
    struct tnd_link links[PORTS], never = link_with(PORTS + 1, 1);

    for (unsigned i = 0; i < PORTS; i++)
        links[i] = link_with((uint16_t)(i + 1), t->number << 8 | i);
    for (unsigned n = 0; n < ROUNDS; n++) {
        struct tnd_link *mine = &links[(n * 5 + t->number) % PORTS];

        if (mine->is_listed)
            tnd_links_remove(t->links, mine);
        else
            tnd_links_add(t->links, mine);
        uint64_t flow = tnd_links_find(t->links, &mine->remote);
        *t->wrong += mine->is_listed && flow == 0;
        *t->wrong += flow != 0 && (flow & 0xff) + 1 != mine->remote.port;
        *t->wrong += tnd_links_find(t->links, &never.remote) != 0;
    }
    for (unsigned i = 0; i < PORTS; i++)
        tnd_links_remove(t->links, &links[i]);
    return NULL;
}

TND_TEST(links_threads, "net/links.h",
         "threads that list, ask and remove at once find what is there, and nothing that is not")
{
    struct thread threads[THREADS];
    struct tnd_links *l = NULL;
    atomic_uint wrong = 0;

    CHECK_EQ(tnd_links_new(&secret, &tnd_heap, &l), 0);
    for (unsigned i = 0; i < THREADS; i++) {
        threads[i] = (struct thread){.links = l, .number = i + 1, .wrong = &wrong};
        CHECK_EQ(pthread_create(&threads[i].id, NULL, come_and_go, &threads[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(threads[i].id, NULL);
    CHECK_EQ(wrong, 0);
    for (uint16_t port = 1; port <= PORTS; port++) {
        struct tnd_endpoint to = at(port);

        CHECK_EQ(tnd_links_find(l, &to), 0);
    }
    tnd_links_free(&l);
}
