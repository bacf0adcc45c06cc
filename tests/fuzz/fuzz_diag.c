/* Calls out of messages: whatever they are, each message is in one call that is told once, what is said of it
 * leads to others of the same call, every call can be drawn, and the memory comes back.
 *
 * The bytes are messages, each behind "%%" and three letters: from whom, to whom, and how much later. The
 * first byte of all chooses the bounds. */
#include "fuzz/fuzz.h"

#include "diag/diag.h"
#include "unit/counted_mem.h"

enum { ROOM_SIZE = 1 << 22, HEAD_SIZE = 5 };

static _Alignas(TND_ARENA_ALIGN) char room[ROOM_SIZE];
static uint64_t told;

/* A letter is a host; what is none is not known. */
static struct tnd_endpoint end_of(uint8_t c)
{
    const uint8_t octets[] = {192, 0, 2, c};

    if (c < '0')
        return (struct tnd_endpoint){0};
    return tnd_endpoint(c < 'a' ? TND_TRANSPORT_UDP : TND_TRANSPORT_TCP, octets, 4,
                        (uint16_t)(c < 'a' ? 5060 : 40000 + c));
}

static void check_message(const struct tnd_diag_call *call, uint32_t i)
{
    const struct tnd_diag_message *m = &call->message[i];

    FUZZ_CHECK(m->leg < call->leg_count);
    FUZZ_CHECK(m->first <= i && m->is_again == (m->first < i));
    FUZZ_CHECK(m->bytes.len > 0);
    FUZZ_CHECK(m->request == UINT32_MAX || (m->code > 0 && m->request < i));
    if (m->request != UINT32_MAX)
        FUZZ_CHECK(call->message[m->request].code == 0 && call->message[m->request].leg == m->leg);
    if (m->is_again)
        FUZZ_CHECK(!call->message[m->first].is_again);
}

static bool check_call(void *ctx, const struct tnd_diag_call *call)
{
    struct tnd_ladder ladder;
    struct tnd_arena a;

    (void)ctx;
    FUZZ_CHECK(call->message_count > 0);
    FUZZ_CHECK(call->leg_count > 0 && call->leg_count <= TND_DIAG_LEG_COUNT_MAX);
    FUZZ_CHECK(tnd_slice_eq(call->call_id, call->leg[0]) && call->call_id.len > 0);
    for (uint32_t i = 0; i < call->message_count; i++)
        check_message(call, i);
    for (size_t i = 0; i < call->finding_count; i++)
        for (size_t k = 0; k < call->finding[i].evidence_count; k++)
            FUZZ_CHECK(call->finding[i].evidence[k].message < call->message_count);
    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    if (tnd_diag_ladder(call, TND_LANG_EN, &a, &ladder) == 0)
        FUZZ_CHECK(ladder.line_count <= TND_LADDER_LINE_COUNT_MAX && ladder.party_count > 0);
    return true;
}

static void take_all(struct tnd_diag *diag)
{
    for (const struct tnd_diag_call *call; (call = tnd_diag_take(diag));) {
        check_call(NULL, call);
        told += call->message_count + call->left_out;
    }
}

/* Where the next message begins, or the end. */
static size_t next_at(const uint8_t *data, size_t size, size_t at)
{
    while (at < size && !(at + HEAD_SIZE <= size && data[at] == '%' && data[at + 1] == '%'))
        at++;
    return at;
}

static void feed_all(struct tnd_diag *diag, const uint8_t *data, size_t size)
{
    int64_t now = 0;
    uint64_t number = 0;

    for (size_t at = next_at(data, size, 0); at < size;) {
        size_t start = at + HEAD_SIZE, end = next_at(data, size, start);
        int64_t step = data[at + 4];

        now += step < 'a' ? TND_MS(step) : TND_SEC((step - 'm') * 20); /* back in time, too */
        struct tnd_diag_seen seen = {.at = now,
                                     .number = ++number,
                                     .from = end_of(data[at + 2]),
                                     .to = end_of(data[at + 3]),
                                     .bytes = tnd_slice((const char *)data + start, end - start)};
        int err = tnd_diag_feed(diag, &seen);
        FUZZ_CHECK(err == 0 || err == TND_ESYNTAX || err == TND_ENOMEM);
        if (number % 4 == 0)
            take_all(diag);
        if (number % 16 == 0)
            tnd_diag_each(diag, check_call, NULL);
        at = end;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool is_small = size > 0 && data[0] % 2 == 1;
    struct tnd_diag_world world = {.mem = &counted_mem, .seed = 1};
    struct tnd_diag *diag;

    if (is_small) {
        world.calls_max = 2;
        world.messages_max = 4;
        world.memory_max = 20000;
    }
    told = 0;
    FUZZ_CHECK(tnd_diag_new(&world, &diag) == 0);
    feed_all(diag, data, size);
    tnd_diag_end(diag);
    take_all(diag);
    FUZZ_CHECK(told == tnd_diag_stats(diag)->messages);
    FUZZ_CHECK(tnd_diag_stats(diag)->memory == 0 && tnd_diag_stats(diag)->open == 0);
    tnd_diag_free(&diag);
    FUZZ_CHECK(counted_live == 0);
    return 0;
}
