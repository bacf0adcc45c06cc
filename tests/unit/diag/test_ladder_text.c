/* Ladders as text. */
#include "base/columns.h"
#include "diag/ladder.h"
#include "tandem/ref/explain.h"
#include "unit/test.h"

static char room[1 << 16];

static const struct tnd_ladder_line flow[] = {
    {.from = 0, .to = 1, .text = TND_STR_INIT("INVITE")},
    {.at = 2000, .from = 1, .to = 2, .text = TND_STR_INIT("INVITE"), .aside = TND_STR_INIT("TCP")},
    {.at = 4499,
     .from = 2,
     .to = 1,
     .tone = TND_LADDER_BAD,
     .text = TND_STR_INIT("486 Busy Here"),
     .fact_count = 1,
     .fact = {TND_STR_INIT("Retry-After: 5")}},
    {.at = 504500, .from = 0, .to = 2, .tone = TND_LADDER_FAINT, .text = TND_STR_INIT("INVITE")},
    {.at = 1, .from = 1, .to = 1, .text = TND_STR_INIT("a remark")},
    {.from = 2, .to = 0, .is_lost = true, .is_timeless = true, .text = TND_STR_INIT("200 OK")},
    {.from = 0, .to = 7, .text = TND_STR_INIT("to nobody")},
};

static struct tnd_ladder ladder = {
    .party = {TND_STR_INIT("caller"), TND_STR_INIT("proxy"), TND_STR_INIT("callee")},
    .party_count = 3,
    .line = flow,
    .line_count = sizeof(flow) / sizeof(*flow)};

static struct tnd_slice drawn(const struct tnd_ladder *l, struct tnd_ladder_look look)
{
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_ladder_text(&w, l, &look);
    CHECK(!tnd_writer_over(&w));
    return tnd_writer_slice(&w);
}

TND_TEST(ladder_text_between_parties, "",
         "an arrow stands between its two parties, with its time, what it says, and how it went")
{
    CHECK_STR(drawn(&ladder, (struct tnd_ladder_look){.width = 62}),
              "          caller               proxy                callee\n"
              "   0.000  |-- INVITE --------->|                    |\n"
              "   0.002  |                    |-- INVITE --------->|  TCP\n"
              "   0.004  |                    |<- 486 Busy Here ---|\n"
              "          |                    |   Retry-After: 5   |\n"
              "   0.505  |-- INVITE ------------------------------>|  again\n"
              "          |                    => a remark\n"
              "          |x- 200 OK -------------------------------|\n");
    CHECK_STR(drawn(&ladder, (struct tnd_ladder_look){.width = 64, .utf8 = true}),
              "          caller                proxy                 callee\n"
              "   0.000  ├── INVITE ──────────>│                     │\n"
              "   0.002  │                     ├── INVITE ──────────>│  TCP\n"
              "   0.004  │                     │<─ 486 Busy Here ────┤\n"
              "          │                     │   Retry-After: 5    │\n"
              "   0.505  ├── INVITE ───────────┼────────────────────>│  again\n"
              "          │                     => a remark\n"
              "          │×─ 200 OK ───────────┼─────────────────────┤\n");
}

/* No line is wider than that. */
static void check_width(struct tnd_slice text, unsigned width)
{
    while (text.len > 0) {
        const char *end = memchr(text.ptr, '\n', text.len);

        CHECK(end != NULL);
        CHECK(tnd_columns_width(tnd_slice_between(text.ptr, end)) <= width);
        text = tnd_slice_between(end + 1, tnd_slice_end(text));
    }
}

TND_TEST(ladder_text_language, "", "what is sent again is said to be in the language of the ladder")
{
    const struct tnd_ladder in_korean = {
        .party = {TND_STR_INIT("a"), TND_STR_INIT("b")}, .party_count = 2, .lang = TND_LANG_KO};
    const struct tnd_ladder_line line = {.to = 1, .tone = TND_LADDER_FAINT};
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_ladder_text_line(&w, &in_korean, &(struct tnd_ladder_look){.width = 62}, &line);
    struct tnd_slice text = tnd_writer_slice(&w);
    CHECK(memmem(text.ptr, text.len, "|  재전송\n", 13));
}

TND_TEST(ladder_text_is_not_wider, "", "no line is wider than the terminal, however narrow that is")
{
    for (unsigned width = 1; width < 130; width++) {
        check_width(drawn(&ladder, (struct tnd_ladder_look){.width = width}), width);
        check_width(drawn(&ladder, (struct tnd_ladder_look){.width = width, .utf8 = true}), width);
    }
}

TND_TEST(ladder_text_of_wide_characters, "",
         "columns stay where they are beside wide and combining characters")
{
    static const struct tnd_ladder_line lines[] = {
        {.from = 0, .to = 1, .text = TND_STR_INIT("MESSAGE 호출")},
        {.from = 1, .to = 0, .text = TND_STR_INIT("200 go\xcc\xa3i")},
        {.from = 0, .to = 1, .text = TND_STR_INIT("호출호출호출호")}};
    struct tnd_ladder l = {.party = {TND_STR_INIT("발신자"), TND_STR_INIT("착신자")},
                           .party_count = 2,
                           .line = lines,
                           .line_count = 3};

    CHECK_STR(drawn(&l, (struct tnd_ladder_look){.width = 40}),
              "          발신자              착신자\n"
              "   0.000  |-- MESSAGE 호출 -->|\n"
              "   0.000  |<- 200 go\xcc\xa3i --------|\n"
              "   0.000  |-- 호출호출호.. -->|\n");
}

TND_TEST(ladder_text_remark_is_wrapped, "", "a remark is wrapped behind its mark, not cut")
{
    static const struct tnd_ladder_line remark[] = {
        {.from = 1,
         .to = 1,
         .mark = "* ",
         .text = TND_STR_INIT("the callee has started again and knows nothing of the call")}};
    struct tnd_ladder l = ladder;

    l.line = remark;
    l.line_count = 1;
    CHECK_STR(drawn(&l, (struct tnd_ladder_look){.width = 74}),
              "          caller                     proxy                      callee\n"
              "          |                          * the callee has started again and\n"
              "          |                            knows nothing of the call\n");
    CHECK_STR(drawn(&l, (struct tnd_ladder_look){.width = 52}), /* no room there */
              "          caller          proxy           callee\n"
              "          * the callee has started again and knows\n"
              "            nothing of the call\n");
}

TND_TEST(ladder_text_hostile, "UAX #9 §2",
         "no text of a peer reaches the terminal as a command, nor turns what stands around it")
{
    static const struct tnd_ladder_line lines[] = {
        {.from = 0,
         .to = 1,
         .text = TND_STR_INIT("\033[2J\n"),
         .fact_count = 1,
         .fact = {TND_STR_INIT("Subject: \xe2\x80\xaetxt\xff\r")},
         .aside = TND_STR_INIT("\a")},
        {.from = 0,
         .to = 0,
         .text = TND_STR_INIT("\xc2\x9b"
                              "1m")}};
    struct tnd_ladder l = {.party = {TND_STR_INIT("\033]0;x\a"), TND_STR_INIT("b\tb")},
                           .party_count = 2,
                           .line = lines,
                           .line_count = 2};
    struct tnd_slice text = drawn(&l, (struct tnd_ladder_look){.colour = false});

    for (size_t i = 0; i < text.len; i++)
        CHECK(text.ptr[i] == '\n' || (text.ptr[i] >= ' ' && text.ptr[i] < 0x7f));
    CHECK_STR(text, "          \\x1b]0;x\\x07                        b\\x09b\n"
                    "   0.000  |-- \\x1b[2J\\x0a ------------------->|  \\x07\n"
                    "          |   Subject: \\xe2\\x80\\xaetxt\\xff\\x0d|\n"
                    "          => \\xc2\\x9b1m\n");
}

TND_TEST(ladder_text_left_out, "", "what is too much for a picture is left out, and counted")
{
    static struct tnd_ladder_line lines[TND_LADDER_LINE_COUNT_MAX + 3];
    struct tnd_ladder l = ladder;

    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
        lines[i] = (struct tnd_ladder_line){.from = 0, .to = 1, .text = TND_STR("INFO")};
    l.line = lines;
    l.line_count = sizeof(lines) / sizeof(*lines);
    struct tnd_slice text = drawn(&l, (struct tnd_ladder_look){.width = 80});
    static const char last[] = "          ... +3\n";
    CHECK(text.len > sizeof(last));
    CHECK_STR(tnd_slice(tnd_slice_end(text) - (sizeof(last) - 1), sizeof(last) - 1), last);
}

TND_TEST(ladder_text_colours, "", "colours are only where they are wanted, and end with their text")
{
    struct tnd_ladder l = ladder;

    l.line = &flow[2];
    l.line_count = 1;
    CHECK_STR(drawn(&l, (struct tnd_ladder_look){.width = 62, .colour = true}),
              "          caller               proxy                callee\n"
              "   0.004  |                    |<- \033[31m486 Busy Here\033[m ---|\n"
              "          |                    |   Retry-After: 5   |\n");
}
