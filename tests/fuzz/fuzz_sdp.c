/* Session descriptions: whatever the bytes are, what is read and written is the same when it
 * is read and written again; and offer and answer keep to their states and their bounds.
 *
 * For the machine the bytes are cut in two at the first "\n\n", else in the middle: an offer
 * to answer, and an answer to an offer of ours. */
#include "fuzz/fuzz.h"

#include "tandem/sdp.h"

enum { ROOM_SIZE = 1 << 20 };

static _Alignas(TND_ARENA_ALIGN) char room[ROOM_SIZE], first[ROOM_SIZE], second[ROOM_SIZE];

static void *take(void *ctx, size_t size)
{
    (void)ctx;
    return malloc(size);
}

static void give(void *ctx, void *ptr, size_t size)
{
    (void)ctx;
    (void)size;
    free(ptr);
}

static struct tnd_arena fresh_arena(void)
{
    struct tnd_arena a;

    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    return a;
}

static void check_flaws(const struct tnd_sdp_flaws *flaws, struct tnd_slice text)
{
    for (size_t i = 0; i < flaws->count && i < TND_SDP_FLAW_COUNT_MAX; i++) {
        struct tnd_slice where = flaws->first[i].where;
        FUZZ_CHECK(flaws->first[i].rule != TND_RULE_NONE);
        FUZZ_CHECK(where.len <= text.len);
        FUZZ_CHECK(!where.ptr ||
                   (where.ptr >= text.ptr && tnd_slice_end(where) <= tnd_slice_end(text)));
    }
}

/* Reads text; what is well formed is written into out. */
static struct tnd_slice rewrite(struct tnd_slice text, char *out, bool must)
{
    struct tnd_writer w = tnd_writer(out, ROOM_SIZE);
    struct tnd_sdp_flaws flaws = {.count = 0};
    struct tnd_arena a = fresh_arena();
    struct tnd_sdp sdp;

    int err = tnd_sdp_read(&a, text, &sdp, &flaws);
    FUZZ_CHECK(err == 0 || err == TND_ESYNTAX);
    FUZZ_CHECK(flaws.refusing == (err != 0));
    check_flaws(&flaws, text);
    FUZZ_CHECK(!must || err == 0); /* a malformed attribute is kept, and named again */
    int unwritten = tnd_sdp_write(&w, &sdp);
    FUZZ_CHECK(err || !unwritten);
    return err ? tnd_slice(NULL, 0) : tnd_writer_slice(&w);
}

static void read_write(struct tnd_slice text)
{
    struct tnd_slice once = rewrite(text, first, false);

    /* Shorter than the bound: what is written may be longer than what was read. */
    if (once.ptr && once.len <= TND_SDP_SIZE_MAX)
        FUZZ_CHECK(tnd_slice_eq(once, rewrite(once, second, true)));
}

static const struct tnd_oa_codec audio[] = {
    {TND_STR_INIT("PCMU"), 8000, 1, 0, {NULL, 0}},
    {TND_STR_INIT("opus"), 48000, 2, 111, TND_STR_INIT("useinbandfec=1")},
    {TND_STR_INIT("telephone-event"), 8000, 1, 101, TND_STR_INIT("0-15")},
};
static const struct tnd_oa_codec video[] = {{TND_STR_INIT("H264"), 90000, 1, 96, {NULL, 0}}};
static const struct tnd_oa_stream streams[] = {
    {TND_STR_INIT("audio"), TND_STR_INIT("RTP/AVP"), 4000, TND_SDP_SENDRECV, audio, 3, NULL, 0},
    {TND_STR_INIT("video"), TND_STR_INIT("RTP/AVP"), 4002, TND_SDP_RECV, video, 1, NULL, 0},
};

static struct tnd_oa_local local_side(void)
{
    struct tnd_oa_local local = {.streams = streams, .stream_count = 2};

    tnd_sdp_conn_to(TND_STR("192.0.2.1"), &local.conn);
    local.origin = (struct tnd_sdp_origin){TND_STR("-"),        1, 1, TND_STR("IN"), TND_STR("IP4"),
                                           TND_STR("192.0.2.1")};
    return local;
}

static void check_session(const struct tnd_oa *oa)
{
    struct tnd_arena a = fresh_arena();
    struct tnd_oa_session session;
    int err = tnd_oa_session(oa, &a, &session);

    FUZZ_CHECK(err == 0 || err == TND_ENONE);
    for (size_t i = 0; !err && i < session.flow_count; i++)
        FUZZ_CHECK(!session.flows[i].live || session.flows[i].format_count > 0);
    struct tnd_oa_session kept = {NULL, 0};
    FUZZ_CHECK(tnd_oa_session_keep(oa, &a, &kept) == err);
    FUZZ_CHECK(err || kept.flow_count == session.flow_count);
    for (size_t i = 0; i < kept.flow_count; i++)
        FUZZ_CHECK(kept.flows[i].format_count == session.flows[i].format_count &&
                   kept.flows[i].direction == session.flows[i].direction);
}

/* What we answer must be what the other side takes for an answer to its offer. */
static void answer(struct tnd_oa *oa, struct tnd_slice offer)
{
    struct tnd_oa_local local = local_side();
    struct tnd_sdp_flaws flaws = {.count = 0};
    struct tnd_arena a = fresh_arena();
    struct tnd_slice text;

    int err = tnd_oa_offered(oa, offer, &flaws);
    FUZZ_CHECK((oa->state == TND_OA_OFFER_RECEIVED) == (err == 0));
    if (err) {
        check_flaws(&flaws, offer);
        return;
    }
    err = tnd_oa_answer(oa, &a, &local, &text);
    if (err == TND_ENONE) {
        local.stream_count = 0;
        err = tnd_oa_answer(oa, &a, &local, &text);
    }
    FUZZ_CHECK(err == 0 || err == TND_ENOMEM || err == TND_ESPACE);
    FUZZ_CHECK(oa->state == (err ? TND_OA_OFFER_RECEIVED : TND_OA_STABLE));
    FUZZ_CHECK(err || oa->agreed->local.media_count == oa->agreed->remote.media_count);
    tnd_oa_rollback(oa);
    check_session(oa);
}

static void offer(struct tnd_oa *oa, struct tnd_slice answer_text)
{
    struct tnd_oa_local local = local_side();
    struct tnd_sdp_flaws flaws = {.count = 0};
    struct tnd_arena a = fresh_arena();
    struct tnd_slice text;

    int err = tnd_oa_offer(oa, &a, &local, &text);
    FUZZ_CHECK(err == 0 || err == TND_ENOMEM || err == TND_ESPACE);
    if (err)
        return;
    err = tnd_oa_answered(oa, answer_text, &flaws);
    FUZZ_CHECK(oa->state == (err ? TND_OA_OFFER_SENT : TND_OA_STABLE));
    if (err)
        check_flaws(&flaws, answer_text);
    tnd_oa_rollback(oa);
    check_session(oa);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct tnd_mem mem = {take, give, NULL};
    struct tnd_slice text = tnd_slice((const char *)data, size);
    size_t cut = size / 2, next = size / 2;
    struct tnd_oa oa;

    read_write(text);
    for (size_t i = 0; i + 1 < size; i++) {
        if (data[i] != '\n' || data[i + 1] != '\n')
            continue;
        cut = i + 1;
        next = i + 2;
        break;
    }
    tnd_oa_init(&oa, &mem, ROOM_SIZE);
    answer(&oa, tnd_slice(text.ptr, cut));
    offer(&oa, tnd_slice(text.ptr + next, size - next));
    answer(&oa, text);
    tnd_oa_fini(&oa);
    return 0;
}
