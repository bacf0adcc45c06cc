/* Messages: whatever the bytes are, the index points into them, the verdicts are of this
 * world, a reply is no worse than what it copies, and a copy without a change is the same. */
#include "fuzz/fuzz.h"

#include "sip/scan.h"
#include "tandem/sip.h"

enum { ROOM_SIZE = 1 << 20, TEXT_SIZE = 1 << 18, REPLY_GROWTH = 256 };

static _Alignas(TND_ARENA_ALIGN) char room[ROOM_SIZE], reply_room[ROOM_SIZE];
static char text_out[TEXT_SIZE], reason_out[1024];

static bool within(struct tnd_slice part, struct tnd_slice all)
{
    return part.ptr >= all.ptr && tnd_slice_end(part) <= tnd_slice_end(all);
}

static void check_index(const struct tnd_msg *msg)
{
    FUZZ_CHECK(within(msg->head, msg->text));
    FUZZ_CHECK(!msg->body.ptr || tnd_slice_end(msg->body) == tnd_slice_end(msg->text));
    FUZZ_CHECK(msg->field_count <= TND_FIELD_COUNT_MAX);
    for (uint32_t i = 1; i <= msg->field_count; i++) {
        const struct tnd_field *f = &msg->fields[i];
        struct tnd_slice lines = tnd_field_lines(msg, f);

        FUZZ_CHECK(f->kind < TND_HEADER_COUNT && f->name_len > 0);
        FUZZ_CHECK(within(lines, msg->head) && within(tnd_field_value(msg, f), lines));
        FUZZ_CHECK(tnd_header_find(tnd_field_name(msg, f)) == f->kind);
        FUZZ_CHECK(f->next == 0 || (f->next > i && msg->fields[f->next].kind == f->kind));
        FUZZ_CHECK(tnd_is_token(tnd_field_name(msg, f)));
        FUZZ_CHECK(tnd_msg_field_at(msg, lines.ptr) == f);
    }
}

static void check_flaws(const struct tnd_msg *msg)
{
    FUZZ_CHECK(msg->flaw_count <= TND_FLAW_COUNT_MAX);
    FUZZ_CHECK(msg->flaws_lost == 0 || msg->flaw_count == TND_FLAW_COUNT_MAX);
    for (unsigned i = 0; i < msg->flaw_count; i++) {
        FUZZ_CHECK(msg->flaws[i].rule != TND_RULE_NONE);
        FUZZ_CHECK(within(msg->flaws[i].where, msg->text));
    }
}

static void check_verdict(const struct tnd_msg *msg, enum tnd_stand stand)
{
    struct tnd_verdict v = tnd_msg_verdict(msg, stand);
    struct tnd_writer w = tnd_writer(reason_out, sizeof(reason_out));

    FUZZ_CHECK((v.action == TND_REPLY) == (v.code != 0));
    FUZZ_CHECK(v.action != TND_REPLY || msg->kind == TND_MSG_REQUEST);
    FUZZ_CHECK(v.action != TND_PROCESS || msg->kind != TND_MSG_NONE);
    tnd_verdict_reason(&w, msg, &v);
    struct tnd_slice reason = tnd_writer_slice(&w);
    FUZZ_CHECK(reason.ptr && !memchr(reason.ptr, '\n', reason.len));
}

/* Whether msg has a flaw of this rule, or one in a field of this kind. */
static bool has_flaw(const struct tnd_msg *msg, enum tnd_rule rule, int kind)
{
    for (unsigned i = 0; i < msg->flaw_count; i++) {
        const struct tnd_field *f = tnd_msg_field_at(msg, msg->flaws[i].where.ptr);

        if (msg->flaws[i].rule == rule || (f && f->kind == kind))
            return true;
    }
    return false;
}

/* A flaw of a reply is one of what it copied, but for a tag that was one parameter too many. */
static void check_reply_flaws(const struct tnd_msg *request, const struct tnd_msg *reply)
{
    for (unsigned i = 0; i < reply->flaw_count; i++) {
        enum tnd_rule rule = reply->flaws[i].rule;
        const struct tnd_field *f = tnd_msg_field_at(reply, reply->flaws[i].where.ptr);

        FUZZ_CHECK(has_flaw(request, rule, f ? f->kind : -1) || rule == TND_RULE_PARAM_COUNT);
    }
}

static void check_reply(const struct tnd_msg *request, const struct tnd_reply *reply)
{
    struct tnd_writer w = tnd_writer(text_out, sizeof(text_out));
    struct tnd_arena a;
    struct tnd_msg msg;

    /* near a bound, what a reply adds may go beyond it */
    if (request->field_count > TND_FIELD_COUNT_MAX - REPLY_GROWTH ||
        request->head.len > TND_LINE_LEN_MAX - REPLY_GROWTH)
        return;
    tnd_reply_write(&w, request, reply);
    FUZZ_CHECK(!tnd_writer_over(&w));
    tnd_arena_init(&a, reply_room, sizeof(reply_room), NULL, 0);
    FUZZ_CHECK(tnd_msg_parse(&msg, &a, tnd_writer_slice(&w), TND_STREAM) == 0);
    FUZZ_CHECK(tnd_msg_check(&msg, &a) == 0);
    FUZZ_CHECK(msg.kind == TND_MSG_RESPONSE && msg.code == reply->code);
    FUZZ_CHECK(msg.text.len == w.len && tnd_slice_eq(msg.body, reply->body));
    if (request->flaws_lost == 0)
        check_reply_flaws(request, &msg);
}

static void check_replies(const struct tnd_msg *msg)
{
    const struct tnd_reply plain = {.code = 100, .rport = -1};
    const struct tnd_reply full = {.code = 183,
                                   .reason = TND_STR("Busy\r\nHere"),
                                   .to_tag = TND_STR("a1b2"),
                                   .received = TND_STR("192.0.2.7"),
                                   .rport = 5062,
                                   .fields = TND_STR("Server: fuzz\r\n"),
                                   .content_type = TND_STR("text/plain"),
                                   .body = TND_STR("busy")};

    if (msg->kind != TND_MSG_REQUEST)
        return;
    check_reply(msg, &plain);
    check_reply(msg, &full);
}

/* Every value put in its own place: nothing has changed. */
static void check_same_copy(const struct tnd_msg *msg)
{
    struct tnd_writer w = tnd_writer(text_out, sizeof(text_out));
    struct tnd_edits edits;

    tnd_edits_init(&edits, msg);
    for (uint32_t i = msg->field_count; i > 0 && edits.count < TND_EDIT_COUNT_MAX; i--)
        tnd_edit_value(&edits, &msg->fields[i], tnd_field_value(msg, &msg->fields[i]));
    tnd_edits_write(&w, &edits);
    FUZZ_CHECK(tnd_slice_eq(tnd_writer_slice(&w), msg->text));
}

static uint32_t via_count(const struct tnd_msg *msg)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_VIA);
    struct tnd_via via;

    while (tnd_via_next(&v, &via))
        ;
    return v.c.flaw.rule ? 0 : v.count;
}

/* What a proxy does to a response: the top Via goes; and a field comes. */
static void check_changed_copy(const struct tnd_msg *msg)
{
    struct tnd_writer w = tnd_writer(text_out, sizeof(text_out));
    struct tnd_edits edits;
    struct tnd_arena a;
    struct tnd_msg copy;
    struct tnd_via via;
    uint32_t vias = via_count(msg);

    if (vias == 0 || msg->flaw_count > 0 || msg->field_count >= TND_FIELD_COUNT_MAX)
        return;
    FUZZ_CHECK(tnd_msg_via(msg, &via, NULL));
    tnd_edits_init(&edits, msg);
    tnd_edit_insert(&edits, NULL, TND_STR("X-Last: 1\r\n"));
    tnd_edit_remove_first(&edits, tnd_msg_field(msg, TND_HEADER_VIA), via.text);
    tnd_edits_write(&w, &edits);
    tnd_arena_init(&a, reply_room, sizeof(reply_room), NULL, 0);
    FUZZ_CHECK(tnd_msg_parse(&copy, &a, tnd_writer_slice(&w), TND_DATAGRAM) == 0);
    FUZZ_CHECK(copy.flaw_count == 0 && via_count(&copy) == vias - 1);
    FUZZ_CHECK(copy.fields[copy.field_count].kind == TND_HEADER_OTHER);
    FUZZ_CHECK(tnd_slice_eq(copy.body, msg->body));
}

/* A copy of msg, checked, with these marks. */
static struct tnd_msg checked(const struct tnd_msg *msg, uint64_t *marks, struct tnd_flaw *flaws)
{
    struct tnd_msg copy = *msg;
    struct tnd_arena none;

    tnd_arena_init(&none, NULL, 0, NULL, 0);
    if (msg->flaw_count > 0)
        memcpy(flaws, msg->flaws, msg->flaw_count * sizeof(*flaws));
    copy.flaws = flaws;
    copy.marks = marks;
    FUZZ_CHECK(tnd_msg_check(&copy, &none) == 0);
    return copy;
}

/* Readers find the same where the scan has made no marks. */
static void check_without_marks(const struct tnd_msg *msg)
{
    struct tnd_flaw flaws[2][TND_FLAW_COUNT_MAX];
    struct tnd_msg with = checked(msg, msg->marks, flaws[0]);
    struct tnd_msg without = checked(msg, NULL, flaws[1]);

    FUZZ_CHECK(with.flaw_count == without.flaw_count && with.flaws_lost == without.flaws_lost);
    for (unsigned i = 0; i < with.flaw_count; i++) {
        FUZZ_CHECK(flaws[0][i].rule == flaws[1][i].rule);
        FUZZ_CHECK(flaws[0][i].where.ptr == flaws[1][i].where.ptr);
        FUZZ_CHECK(flaws[0][i].where.len == flaws[1][i].where.len);
    }
}

static void check_message(struct tnd_msg *msg, struct tnd_arena *a)
{
    check_index(msg);
    check_without_marks(msg);
    FUZZ_CHECK(tnd_msg_check(msg, a) == 0);
    check_flaws(msg);
    check_verdict(msg, TND_AS_PROXY);
    check_verdict(msg, TND_AS_UAS);
    FUZZ_CHECK(!tnd_msg_valid(msg) || msg->kind != TND_MSG_NONE);
    check_replies(msg);
    check_same_copy(msg);
    check_changed_copy(msg);
}

static void parse(struct tnd_slice text, enum tnd_carrier carrier)
{
    struct tnd_arena a;
    struct tnd_msg msg;

    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    int err = tnd_msg_parse(&msg, &a, text, carrier);
    FUZZ_CHECK(err == 0 || err == TND_EMORE);
    if (err == TND_EMORE && carrier == TND_STREAM)
        FUZZ_CHECK(text.len == 0 || msg.wanted == 0 || msg.wanted > msg.text.len);
    if (err == TND_EMORE && carrier == TND_DATAGRAM)
        err = tnd_msg_parse_torn(&msg, &a, text);
    if (err == 0)
        check_message(&msg, &a);
}

static struct tnd_scan scanned[3]; /* portable, chosen, AVX2 */

static void check_same_scan(const struct tnd_scan *a, const struct tnd_scan *b, size_t len)
{
    FUZZ_CHECK(a->header_len == b->header_len && a->line_count == b->line_count);
    FUZZ_CHECK(a->odd == b->odd && a->beyond_ascii == b->beyond_ascii);
    if (a->header_len > 0)
        len = a->header_len;
    for (size_t i = 0; i <= len / TND_SCAN_BLOCK; i++) {
        FUZZ_CHECK(a->line_ends[i] == b->line_ends[i]);
        FUZZ_CHECK(!a->marks || !b->marks || a->marks[i] == b->marks[i]);
    }
}

/* Whatever instructions a scan is made of, it finds the same. */
static void check_scans(struct tnd_slice text)
{
    static uint64_t words[2 * 3][TEXT_SIZE / TND_SCAN_BLOCK];

    if (text.len > TEXT_SIZE / 2)
        return;
    for (int i = 0; i < 3; i++)
        scanned[i] = (struct tnd_scan){.marks = words[2 * i], .line_ends = words[2 * i + 1]};
    tnd_scan_portable(text, &scanned[0]);
    tnd_scan(text, &scanned[1]);
    check_same_scan(&scanned[0], &scanned[1], text.len);
#ifdef __x86_64__
    if (!__builtin_cpu_supports("avx2"))
        return;
    tnd_scan_avx2(text, &scanned[2]);
    check_same_scan(&scanned[0], &scanned[2], text.len);
#endif
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tnd_slice text = tnd_slice((const char *)data, size);

    check_scans(text);
    parse(text, TND_DATAGRAM);
    parse(text, TND_STREAM);
    return 0;
}
