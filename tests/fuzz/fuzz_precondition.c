/* Preconditions: whatever the other side says in its offers and answers, and whatever becomes of the
 * reservations, nothing trips; what is asked for can be told; a failure can be described.
 *
 * The bytes are messages, parted by an empty line. The first letter of each says what happens: 'o' the
 * other side offers, 'a' it answers an offer of ours, 'x' an offer is refused, 'm' we move, 'r' it goes
 * on; then a digit, what becomes of what is asked for. The rest is the description, whose lines above
 * the first "m=" may be left out. */
#include "fuzz/fuzz.h"

#include "tandem/sdp.h"

enum { ROOM_SIZE = 1 << 20, STREAM_COUNT = 2 };

static _Alignas(TND_ARENA_ALIGN) char room[ROOM_SIZE];

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

static const struct tnd_mem mem = {take, give, NULL};

static const struct tnd_oa_codec audio[] = {{TND_STR_INIT("PCMU"), 8000, 1, 0, {NULL, 0}}};
static const struct tnd_oa_codec video[] = {{TND_STR_INIT("H261"), 90000, 1, 31, {NULL, 0}}};
static const struct tnd_oa_stream media[STREAM_COUNT] = {
    {TND_STR_INIT("audio"), TND_STR_INIT("RTP/AVP"), 4000, TND_SDP_SENDRECV, audio, 1, NULL, 0},
    {TND_STR_INIT("video"), TND_STR_INIT("RTP/AVP"), 4002, TND_SDP_RECV, video, 1, NULL, 0},
};

struct call {
    struct tnd_oa oa;
    struct tnd_pre pre;
    struct tnd_pre_stream streams[STREAM_COUNT];
    struct tnd_pre_wish wishes[2];
    struct tnd_oa_local local;
    unsigned version;
};

static void call_init(struct call *c, bool uas)
{
    *c = (struct call){.local = {.streams = media, .stream_count = STREAM_COUNT}};
    tnd_sdp_conn_to(TND_STR("192.0.2.1"), &c->local.conn);
    c->local.origin = (struct tnd_sdp_origin){
        TND_STR("-"), 1, 1, TND_STR("IN"), TND_STR("IP4"), TND_STR("192.0.2.1")};
    tnd_pre_qos(TND_SDP_STRENGTH_MANDATORY, true, &c->wishes[0]);
    c->wishes[1] = (struct tnd_pre_wish){.type = TND_STR("sec"), .optional = {TND_SDP_SENDRECV}};
    tnd_oa_init(&c->oa, &mem, ROOM_SIZE);
    tnd_pre_init(&c->pre, &c->oa, c->streams, STREAM_COUNT, c->wishes, 2);
    c->pre.uas = uas;
}

/* text with the lines above "m=" in front, if it lacks them. Static. */
static struct tnd_slice whole(struct call *c, struct tnd_slice text)
{
    static char description[ROOM_SIZE];
    struct tnd_writer w = tnd_writer(description, sizeof(description));

    if (text.len < 2 || memcmp(text.ptr, "m=", 2) != 0)
        return text;
    tnd_put_str(&w, "v=0\r\no=- 1 ");
    tnd_put_number(&w, ++c->version);
    tnd_put_str(&w, " IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=0 0\r\n");
    tnd_put(&w, text);
    return tnd_writer_over(&w) ? text : tnd_writer_slice(&w);
}

static struct tnd_arena fresh_arena(void)
{
    struct tnd_arena a;

    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    return a;
}

/* RFC 3312 §8: as many lines as they had, and each failure can be read again. */
static void check_failure(const struct call *c)
{
    struct tnd_arena a = fresh_arena();
    struct tnd_sdp_flaws flaws = {.count = 0};
    struct tnd_sdp_precondition p;
    struct tnd_slice text;
    struct tnd_sdp sdp;
    size_t at = 0, line;

    int err = tnd_pre_failure(&c->pre, &a, &c->local, &text);
    FUZZ_CHECK(!err || err == TND_ENOMEM || err == TND_ENONE);
    if (err)
        return;
    FUZZ_CHECK(tnd_sdp_read(&a, text, &sdp, &flaws) == 0);
    FUZZ_CHECK(tnd_pre_failure_next(&sdp, &at, &line, &p) && line < sdp.media_count);
}

static void check_all(const struct call *c)
{
    enum tnd_rule rule = TND_RULE_NONE;
    enum tnd_pre_verdict verdict = tnd_pre_verdict(&c->pre, &rule);
    struct tnd_pre_rows rows;
    size_t at = 0;

    FUZZ_CHECK((verdict == TND_PRE_MET) == (rule == TND_RULE_NONE));
    if (verdict == TND_PRE_MET)
        FUZZ_CHECK(!tnd_pre_unmet(&c->pre, false, &at, &rows));
    if (verdict == TND_PRE_FAILED)
        check_failure(c);
    tnd_pre_offer_is_due(&c->pre);
}

/* What is asked for is told, one way or the other: then it is not asked for again, unless it was lost. */
static void reserve(struct call *c, unsigned outcome)
{
    struct tnd_pre_rows rows;

    for (size_t at = 0; tnd_pre_next(&c->pre, &at, &rows);)
        FUZZ_CHECK(tnd_pre_reserved(&c->pre, &rows, (enum tnd_pre_outcome)(outcome % 3)) == 0);
    size_t at = 0;
    FUZZ_CHECK(outcome % 3 == TND_PRE_LOST || !tnd_pre_next(&c->pre, &at, &rows));
}

static void hear_offer(struct call *c, struct tnd_slice text, unsigned outcome)
{
    struct tnd_sdp_flaws flaws = {.count = 0};
    struct tnd_arena a = fresh_arena();
    struct tnd_slice answer;

    if (tnd_pre_offered(&c->pre, &a, &c->local, text, &flaws) != 0)
        return;
    FUZZ_CHECK(!flaws.refusing);
    check_all(c);
    if (outcome > 4)
        reserve(c, outcome);
    a = fresh_arena();
    int err = tnd_pre_answer(&c->pre, &a, &c->local, &answer);
    FUZZ_CHECK(c->oa.state == (err ? TND_OA_OFFER_RECEIVED : TND_OA_STABLE));
    if (err)
        tnd_pre_rollback(&c->pre);
}

static void hear_answer(struct call *c, struct tnd_slice text, unsigned outcome)
{
    struct tnd_sdp_flaws flaws = {.count = 0};
    struct tnd_arena a = fresh_arena();
    struct tnd_slice offer;

    if (tnd_pre_offer(&c->pre, &a, &c->local, &offer) != 0)
        return;
    FUZZ_CHECK(!tnd_pre_offer_is_due(&c->pre));
    if (outcome > 4)
        reserve(c, outcome);
    if (tnd_pre_answered(&c->pre, text, &flaws) != 0)
        tnd_pre_rollback(&c->pre);
}

static void happen(struct call *c, struct tnd_slice message)
{
    unsigned outcome = message.len > 1 ? (unsigned char)message.ptr[1] % 10 : 0;
    struct tnd_slice text = {NULL, 0};

    if (message.len > 2)
        text = whole(c, tnd_slice(message.ptr + 2, message.len - 2));
    switch (message.len > 0 ? message.ptr[0] : 0) {
    case 'o':
        hear_offer(c, text, outcome);
        break;
    case 'a':
        hear_answer(c, text, outcome);
        break;
    case 'x':
        tnd_pre_rollback(&c->pre);
        break;
    case 'm':
        tnd_pre_moved(&c->pre, outcome % STREAM_COUNT);
        break;
    case 'r':
        tnd_pre_resumed(&c->pre);
        break;
    default:
        break;
    }
    check_all(c);
    reserve(c, outcome);
    check_all(c);
}

static void play(struct tnd_slice text, bool uas)
{
    struct call c;

    call_init(&c, uas);
    while (text.len > 0) {
        size_t len = 0;
        while (len < text.len &&
               !(text.ptr[len] == '\n' && len + 1 < text.len && text.ptr[len + 1] == '\n'))
            len++;
        happen(&c, tnd_slice(text.ptr, len < text.len ? len + 1 : len));
        len = len + 2 < text.len ? len + 2 : text.len;
        text = tnd_slice(text.ptr + len, text.len - len);
    }
    tnd_oa_fini(&c.oa);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    play(tnd_slice((const char *)data, size), true);
    play(tnd_slice((const char *)data, size), false);
    return 0;
}
