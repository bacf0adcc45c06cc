/* A ring of messages under test. */
#include "unit/sip/sip_test.h"

#include "unit/guarded.h"

enum { ROOM_SIZE = 256 * 1024 };

static struct slot {
    struct tnd_slice text;
    struct tnd_msg msg;
    _Alignas(TND_ARENA_ALIGN) char room[ROOM_SIZE];
} slots[SIP_MSG_COUNT_MAX];
static unsigned next_slot;

static const struct tnd_msg *read_as(struct tnd_slice text, enum tnd_carrier carrier)
{
    struct slot *s = &slots[next_slot++ % SIP_MSG_COUNT_MAX];
    struct tnd_slice copy = guarded(text); /* text may be that of the oldest slot */
    struct tnd_arena a;

    if (s->text.ptr)
        guarded_free(s->text);
    s->text = copy;
    tnd_arena_init(&a, s->room, sizeof(s->room), NULL, 0);
    int err = carrier == TND_DATAGRAM ? tnd_msg_parse_datagram(&s->msg, &a, copy)
                                      : tnd_msg_parse(&s->msg, &a, copy, carrier);
    CHECK_EQ(err, 0);
    CHECK_EQ(tnd_msg_check(&s->msg, &a), 0);
    return &s->msg;
}

const struct tnd_msg *sip_read(struct tnd_slice text)
{
    return read_as(text, TND_DATAGRAM);
}

const struct tnd_msg *sip_read_str(const char *text)
{
    return sip_read(tnd_slice_str(text));
}

const struct tnd_msg *sip_read_stream(struct tnd_slice text)
{
    return read_as(text, TND_STREAM);
}

const struct tnd_msg *sip_request_with(const char *lines)
{
    return sip_read(sip_repeat(SIP_LINE SIP_HEAD, lines, 1, "\r\n"));
}

struct tnd_slice sip_repeat(const char *before, const char *text, size_t count, const char *after)
{
    static char room[256 * 1024];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_put_str(&w, before);
    for (size_t i = 0; i < count; i++)
        tnd_put_str(&w, text);
    tnd_put_str(&w, after);
    CHECK(!tnd_writer_over(&w));
    return tnd_writer_slice(&w);
}

const struct tnd_flaw *sip_flaw(const struct tnd_msg *msg, enum tnd_rule rule)
{
    for (unsigned i = 0; i < msg->flaw_count; i++)
        if (msg->flaws[i].rule == rule)
            return &msg->flaws[i];
    return NULL;
}

unsigned sip_flaw_count(const struct tnd_msg *msg, enum tnd_rule rule)
{
    unsigned count = 0;

    for (unsigned i = 0; i < msg->flaw_count; i++)
        count += msg->flaws[i].rule == rule;
    return count;
}

const char *sip_flaw_names(const struct tnd_msg *msg)
{
    static char room[2048];
    struct tnd_writer w = tnd_writer(room, sizeof(room) - 1);

    for (unsigned i = 0; i < msg->flaw_count; i++) {
        tnd_put_str(&w, i > 0 ? " " : "");
        tnd_put_str(&w, tnd_rule_name(msg->flaws[i].rule));
    }
    CHECK(!tnd_writer_over(&w));
    room[w.len] = '\0';
    return room;
}

static bool same_place(const struct tnd_msg *a, struct tnd_slice x, const struct tnd_msg *b,
                       struct tnd_slice y)
{
    if (!x.ptr || !y.ptr)
        return x.ptr == y.ptr;
    return x.len == y.len && x.ptr - a->text.ptr == y.ptr - b->text.ptr;
}

static bool same_fields(const struct tnd_msg *a, const struct tnd_msg *b)
{
    for (uint32_t i = 1; i <= a->field_count; i++)
        if (memcmp(&a->fields[i], &b->fields[i], sizeof(a->fields[i])) != 0)
            return false;
    for (unsigned kind = 0; kind < TND_HEADER_COUNT; kind++) {
        const struct tnd_field *x = tnd_msg_field(a, (enum tnd_header)kind);
        const struct tnd_field *y = tnd_msg_field(b, (enum tnd_header)kind);
        if ((x ? x - a->fields : -1) != (y ? y - b->fields : -1))
            return false;
    }
    return true;
}

bool sip_same(const struct tnd_msg *a, const struct tnd_msg *b)
{
    if (a->kind != b->kind || a->method != b->method || a->code != b->code ||
        a->field_count != b->field_count || a->flaw_count != b->flaw_count ||
        a->flaws_lost != b->flaws_lost || a->body_short != b->body_short)
        return false;
    for (unsigned i = 0; i < a->flaw_count; i++)
        if (a->flaws[i].rule != b->flaws[i].rule ||
            !same_place(a, a->flaws[i].where, b, b->flaws[i].where))
            return false;
    return tnd_slice_eq(a->text, b->text) && same_place(a, a->head, b, b->head) &&
           same_place(a, a->body, b, b->body) && same_place(a, a->uri, b, b->uri) &&
           same_place(a, a->method_name, b, b->method_name) &&
           same_place(a, a->reason, b, b->reason) && same_fields(a, b);
}
