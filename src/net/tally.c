/* What a worker counts of messages. */
#include "net/tally.h"

static const char version[] = "SIP/2.0 ";

enum { VERSION_LEN = sizeof(version) - 1 };

static void count_response(struct tnd_tally *t, enum tnd_way way, unsigned code)
{
    if (code >= 100 && code - 100 < TND_TALLY_CODE_COUNT)
        tnd_count_add(&t->responses[way][code - 100], 1);
}

void tnd_tally_came(struct tnd_tally *t, const struct tnd_msg *msg)
{
    if (msg->kind == TND_MSG_REQUEST)
        tnd_count_add(&t->requests[TND_WAY_IN][msg->method], 1);
    else if (msg->kind == TND_MSG_RESPONSE)
        count_response(t, TND_WAY_IN, msg->code);
    for (size_t i = 0; i < msg->flaw_count; i++)
        tnd_count_add(&t->flaws[msg->flaws[i].rule], 1);
}

/* Of a response that we wrote: three digits behind the version. */
static unsigned code_of(struct tnd_slice bytes)
{
    unsigned code = 0;

    for (size_t i = VERSION_LEN; i < VERSION_LEN + 3; i++)
        code = 10 * code + (unsigned)(bytes.ptr[i] - '0');
    return code;
}

void tnd_tally_left(struct tnd_tally *t, struct tnd_slice bytes)
{
    if (bytes.len < VERSION_LEN + 3)
        return;
    if (memcmp(bytes.ptr, version, VERSION_LEN) == 0) {
        count_response(t, TND_WAY_OUT, code_of(bytes));
        return;
    }
    const char *end = memchr(bytes.ptr, ' ', bytes.len);
    if (end)
        tnd_count_add(&t->requests[TND_WAY_OUT][tnd_method_find(tnd_slice_between(bytes.ptr, end))],
                      1);
}

/* By the lowest bits of all three parts. */
static size_t place_of(uint64_t key)
{
    return (size_t)((key ^ key >> 13 ^ key >> 29) & (TND_TALLY_ANSWER_COUNT - 1));
}

void tnd_tally_answer(struct tnd_tally *t, uint64_t key, uint64_t n)
{
    for (size_t i = 0, at = place_of(key); i < TND_TALLY_ANSWER_COUNT; i++, at++) {
        struct tnd_tally_answer *a = &t->answers[at & (TND_TALLY_ANSWER_COUNT - 1)];
        uint64_t found = tnd_count_read(&a->key);

        if (found != 0 && found != key)
            continue;
        tnd_count_add(&a->count, n);
        if (found == 0)
            tnd_count_set(&a->key, key);
        return;
    }
    tnd_count_add(&t->answers_lost, n);
}

static void add_all(tnd_count *to, const tnd_count *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        tnd_count_add(&to[i], tnd_count_read(&from[i]));
}

void tnd_tally_add(struct tnd_tally *to, const struct tnd_tally *from)
{
    for (int way = 0; way < TND_WAY_COUNT; way++) {
        add_all(to->requests[way], from->requests[way], TND_METHOD_COUNT);
        add_all(to->responses[way], from->responses[way], TND_TALLY_CODE_COUNT);
    }
    add_all(to->flaws, from->flaws, TND_RULE_COUNT);
    add_all(&to->answers_lost, &from->answers_lost, 1);
    for (size_t i = 0; i < TND_TALLY_ANSWER_COUNT; i++) {
        uint64_t key = tnd_count_read(&from->answers[i].key);

        if (key)
            tnd_tally_answer(to, key, tnd_count_read(&from->answers[i].count));
    }
}
