/* One side of a call with preconditions. */
#include "unit/sdp/side.h"

#include <stdio.h>

static void init(struct side *s, const char *host, uint16_t port, const struct tnd_pre_wish *wish)
{
    party_init(&s->p, "-", 1, host);
    party_add(&s->p, "audio", port, "0 PCMU/8000");
    s->wishes[0] = *wish;
    tnd_pre_init(&s->pre, &s->p.oa, s->streams, 1, s->wishes, 1);
}

void side_init_a(struct side *s, const struct tnd_pre_wish *wish)
{
    init(s, "192.0.2.1", 20000, wish);
}

void side_init_b(struct side *s, const struct tnd_pre_wish *wish)
{
    init(s, "192.0.2.4", 30000, wish);
    s->pre.uas = true;
}

void side_fini(struct side *s)
{
    party_fini(&s->p);
}

struct tnd_slice side_offer(struct side *s)
{
    struct tnd_slice text = {NULL, 0};

    CHECK_EQ(tnd_pre_offer(&s->pre, sdp_arena(), &s->p.local, &text), 0);
    return text;
}

struct tnd_slice side_answer(struct side *s)
{
    struct tnd_slice text = {NULL, 0};

    CHECK_EQ(tnd_pre_answer(&s->pre, sdp_arena(), &s->p.local, &text), 0);
    return text;
}

static void check_flaw(const struct tnd_sdp_flaws *flaws, enum tnd_rule rule)
{
    if (rule == TND_RULE_NONE ? flaws->count > 0 : !sdp_has_flaw(flaws, rule))
        tnd_test_fail(__FILE__, __LINE__, "%s and not %s", tnd_rule_name(flaws->first[0].rule),
                      tnd_rule_name(rule));
    CHECK(!flaws->refusing);
}

void side_names_offer(struct side *s, struct tnd_slice text, enum tnd_rule rule)
{
    struct tnd_sdp_flaws flaws = {.count = 0};

    CHECK_EQ(tnd_pre_offered(&s->pre, sdp_arena(), &s->p.local, text, &flaws), 0);
    check_flaw(&flaws, rule);
}

void side_names_answer(struct side *s, struct tnd_slice text, enum tnd_rule rule)
{
    struct tnd_sdp_flaws flaws = {.count = 0};

    CHECK_EQ(tnd_pre_answered(&s->pre, text, &flaws), 0);
    check_flaw(&flaws, rule);
}

void side_take_offer(struct side *s, struct tnd_slice text)
{
    side_names_offer(s, text, TND_RULE_NONE);
}

void side_take_answer(struct side *s, struct tnd_slice text)
{
    side_names_answer(s, text, TND_RULE_NONE);
}

void side_talk(struct side *from, struct side *to)
{
    side_take_offer(to, side_offer(from));
    side_take_answer(from, side_answer(to));
}

const char *side_lines(struct tnd_slice text)
{
    static char room[4096];
    struct tnd_writer w = tnd_writer(room, sizeof(room) - 1);
    const char *at = text.ptr, *end = tnd_slice_end(text);

    while (at < end) {
        const char *eol = memchr(at, '\r', (size_t)(end - at));
        struct tnd_slice line = tnd_slice_between(at, eol);
        bool ours = line.len > 6 && (!memcmp(at, "a=curr:", 7) || !memcmp(at, "a=des:", 6) ||
                                     !memcmp(at, "a=conf:", 7));
        if (ours) {
            tnd_put(&w, tnd_slice_between(at + 2, eol));
            tnd_put_char(&w, '\n');
        } else if (*at == 'm' && w.len > 0) {
            tnd_put_str(&w, "m\n");
        }
        at = eol + 2;
    }
    CHECK(!tnd_writer_over(&w));
    room[w.len] = '\0';
    return room;
}

struct tnd_slice side_description(unsigned version, const char *lines)
{
    static char room[4096];
    int len = snprintf(room, sizeof(room),
                       "v=0\r\no=- 1 %u IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
                       "m=audio 20000 RTP/AVP 0\r\n%s",
                       version, lines);

    CHECK(len > 0 && (size_t)len < sizeof(room));
    return tnd_slice(room, (size_t)len);
}

void side_reserved(struct side *s, enum tnd_sdp_status status, enum tnd_sdp_direction direction,
                   enum tnd_pre_outcome outcome)
{
    struct tnd_pre_rows rows = {.type = TND_STR("qos"), .status = status, .direction = direction};

    CHECK_EQ(tnd_pre_reserved(&s->pre, &rows, outcome), 0);
}

static void put_rows(struct tnd_writer *w, const struct tnd_pre_rows *rows)
{
    static const char *const directions[] = {"none", "send", "recv", "sendrecv"};

    tnd_put_number(w, rows->stream);
    tnd_put_char(w, ' ');
    tnd_put(w, rows->type);
    tnd_put_char(w, ' ');
    tnd_put_str(w, tnd_sdp_status_name(rows->status));
    tnd_put_char(w, ' ');
    tnd_put_str(w, directions[rows->direction]);
    tnd_put_char(w, ' ');
    tnd_put_str(w, tnd_sdp_strength_name(rows->strength));
    tnd_put_str(w, rows->early ? " early\n" : "\n");
}

const char *side_next(const struct side *s)
{
    static char room[4096];
    struct tnd_writer w = tnd_writer(room, sizeof(room) - 1);
    struct tnd_pre_rows rows;

    for (size_t at = 0; tnd_pre_next(&s->pre, &at, &rows);)
        put_rows(&w, &rows);
    room[w.len] = '\0';
    return room;
}

const char *side_unmet(const struct side *s, bool failed)
{
    static char room[4096];
    struct tnd_writer w = tnd_writer(room, sizeof(room) - 1);
    struct tnd_pre_rows rows;

    for (size_t at = 0; tnd_pre_unmet(&s->pre, failed, &at, &rows);)
        put_rows(&w, &rows);
    room[w.len] = '\0';
    return room;
}

enum tnd_rule side_rule(const struct side *s)
{
    enum tnd_rule rule = TND_RULE_NONE;

    tnd_pre_verdict(&s->pre, &rule);
    return rule;
}
