/* Streams: byte by byte, all at once, and in pieces of any length give the same results.
 *
 * The first four bytes of the input are the longest message allowed, whether a pong is
 * awaited, and two lengths of pieces; the rest is what comes on the stream. */
#include "fuzz/fuzz.h"

#include "tandem/sip.h"

enum { ROOM_SIZE = 1 << 20, STEP_COUNT_MAX = 512, SETTING_SIZE = 4 };

static _Alignas(TND_ARENA_ALIGN) char room[ROOM_SIZE];

/* What one call said, if it said anything. */
struct step {
    enum tnd_stream_got got;
    size_t start, end; /* of what was used; end of a broken stream depends on what was there */
    size_t text_len, body_len;
    unsigned flaw_count;
    struct {
        enum tnd_rule rule;
        size_t at;
    } flaws[TND_FLAW_COUNT_MAX];
};

struct run {
    unsigned count;
    struct step steps[STEP_COUNT_MAX];
};

struct setting {
    size_t message_max;
    bool awaits_pong;
    size_t piece[2];
};

static struct step step_of(enum tnd_stream_got got, const struct tnd_msg *msg, struct tnd_slice all,
                           const char *start, size_t used)
{
    struct step s;

    memset(&s, 0, sizeof(s)); /* compared as bytes */
    s.got = got;
    s.start = (size_t)(start - all.ptr);
    if (got != TND_STREAM_BROKEN)
        s.end = s.start + used;
    if (got != TND_STREAM_BROKEN && got != TND_STREAM_MESSAGE)
        return s;
    s.flaw_count = msg->flaw_count;
    for (unsigned i = 0; i < msg->flaw_count; i++) {
        s.flaws[i].rule = msg->flaws[i].rule;
        s.flaws[i].at = (size_t)(msg->flaws[i].where.ptr - msg->text.ptr);
    }
    s.text_len = msg->text.len;
    s.body_len = msg->body.len;
    if (got == TND_STREAM_MESSAGE)
        FUZZ_CHECK(tnd_slice_end(msg->text) == start + used);
    return s;
}

/* Takes all that bytes up to there hold. false: the stream is broken. */
static bool drain(struct tnd_stream *s, struct tnd_slice all, const char **at, const char *there,
                  struct run *run)
{
    for (;;) {
        struct tnd_arena a;
        struct tnd_msg msg;
        size_t used;

        tnd_arena_init(&a, room, sizeof(room), NULL, 0);
        enum tnd_stream_got got =
            tnd_stream_next(s, &a, tnd_slice_between(*at, there), &msg, &used);
        FUZZ_CHECK(got != TND_STREAM_NOMEM);
        if (got == TND_STREAM_MORE)
            return true;
        FUZZ_CHECK(used > 0 && used <= (size_t)(there - *at));
        if (run->count == STEP_COUNT_MAX)
            return false;
        run->steps[run->count++] = step_of(got, &msg, all, *at, used);
        *at += used;
        if (got == TND_STREAM_BROKEN)
            return false;
    }
}

/* first and second are the lengths of the pieces, in turn. */
static void take(struct tnd_slice all, const struct setting *setting, size_t odd, size_t even,
                 struct run *ret)
{
    struct tnd_stream s;
    const char *at = all.ptr, *there = all.ptr, *end = tnd_slice_end(all);
    bool more = true;

    ret->count = 0;
    tnd_stream_init(&s, setting->message_max);
    s.awaits_pong = setting->awaits_pong;
    for (unsigned i = 0; more && there < end; i++) {
        size_t piece = i % 2 ? even : odd;

        there += piece < (size_t)(end - there) ? piece : (size_t)(end - there);
        more = drain(&s, all, &at, there, ret);
    }
}

static void check_same(const struct run *a, const struct run *b)
{
    FUZZ_CHECK(a->count == b->count);
    for (unsigned i = 0; i < a->count; i++)
        FUZZ_CHECK(memcmp(&a->steps[i], &b->steps[i], sizeof(a->steps[i])) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct run whole, bytes, pieces;

    if (size <= SETTING_SIZE)
        return 0;
    const struct setting setting = {data[0] * 64u, data[1] & 1, {data[2] + 1u, data[3] + 1u}};
    struct tnd_slice all = tnd_slice((const char *)data + SETTING_SIZE, size - SETTING_SIZE);
    take(all, &setting, all.len, all.len, &whole);
    take(all, &setting, 1, 1, &bytes);
    take(all, &setting, setting.piece[0], setting.piece[1], &pieces);
    check_same(&whole, &bytes);
    check_same(&whole, &pieces);
    return 0;
}
