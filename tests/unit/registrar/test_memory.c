/* Every room that is too small says so, and leaves no trace. */
#include <stdlib.h>

#include "unit/registrar/registrar_test.h"

/* One that takes from the arena wherever that can be. */
static const char *const requests[] = {
    "Contact: <sip:a?b=c>;x=\"y\", <sip:d>;expires=0\r\nPath: <sip:p>\r\nSupported: path\r\n",
    "Contact: <sip:a>;expires=1\r\n",
    "Contact: *\r\nExpires: 0\r\n",
    "Contact: <sip:a>, <sip:b>, <sip:c>, <sip:d>, <sip:e>, <sip:f>, <sip:g>\r\n",
    "",
};

/* The least room in which work() says 0; with less it says TND_ENOMEM and step is untouched. */
static size_t least_room(struct registrar_test *t,
                         int (*work)(struct registrar_test *, struct tnd_arena *))
{
    for (size_t size = 0; size < 65536; size += 16) {
        void *room = malloc(size); /* exactly: the sanitizers watch over its end */
        struct tnd_arena a;

        t->step = (struct tnd_registrar_step){.code = 699};
        tnd_arena_init(&a, room, size, NULL, 0);
        int err = work(t, &a);
        tnd_arena_fini(&a);
        free(room);
        if (err == 0)
            return size;
        CHECK_EQ(err, TND_ENOMEM);
        CHECK_EQ(t->step.code, 699);
    }
    CHECK(!"64 KiB are enough");
    return 0;
}

static int read_it(struct registrar_test *t, struct tnd_arena *a)
{
    return tnd_registrar_read(&t->with, t->msg, a, &t->step);
}

static int answer_it(struct registrar_test *t, struct tnd_arena *a)
{
    struct tnd_store_answer answer = {
        .entry = {.bindings = t->bindings, .binding_count = t->count}};

    return tnd_registrar_answer(&t->with, t->msg, &answer, a, &t->step);
}

static int refuse_it(struct registrar_test *t, struct tnd_arena *a)
{
    struct tnd_store_answer answer = {.result = TND_STORE_FULL};

    return tnd_registrar_answer(&t->with, t->msg, &answer, a, &t->step);
}

TND_TEST(registrar_memory, "ARCHITECTURE §5",
         "whatever room there is, a step is whole or there is none")
{
    struct registrar_test *t = registrar_start();

    CHECK_EQ(registrar_do(t, "Contact: <sip:x>, <sip:y>\r\n"), 200);
    for (size_t i = 0; i < sizeof(requests) / sizeof(*requests); i++) {
        registrar_read(t, "b", requests[i]);
        uint16_t code = t->step.code;
        size_t least = least_room(t, read_it);
        CHECK_EQ(t->step.code, code);
        CHECK(least > 0 || i == 4);
        CHECK(least_room(t, answer_it) > 0);
        CHECK_EQ(t->step.code, 200);
        CHECK(least_room(t, refuse_it) > 0);
        CHECK_EQ(t->step.code, 403);
    }
}
