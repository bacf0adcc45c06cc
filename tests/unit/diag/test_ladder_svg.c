/* Ladders as SVG. */
#include <stdlib.h>

#include "diag/ladder.h"
#include "unit/test.h"

static char room[1 << 18];

static const struct tnd_ladder_line flow[] = {
    {.from = 0, .to = 1, .text = TND_STR_INIT("INVITE")},
    {.at = 2500,
     .from = 1,
     .to = 0,
     .tone = TND_LADDER_TURN,
     .text = TND_STR_INIT("302 <Moved>"),
     .fact_count = 1,
     .fact = {TND_STR_INIT("Contact: <sip:bob@hotel.example>")}},
    {.from = 1, .to = 1, .tone = TND_LADDER_GOOD, .text = TND_STR_INIT("a remark")},
    {.from = 0, .to = 7, .text = TND_STR_INIT("to nobody")},
    {.from = 0, .to = 1, .is_lost = true, .is_timeless = true, .text = TND_STR_INIT("BYE")},
};

static const struct tnd_ladder ladder = {.title = TND_STR_INIT("302 & then"),
                                         .party = {TND_STR_INIT("caller"), TND_STR_INIT("server")},
                                         .party_count = 2,
                                         .line = flow,
                                         .line_count = sizeof(flow) / sizeof(*flow)};

static const char *drawn(const struct tnd_ladder *l)
{
    struct tnd_writer w = tnd_writer(room, sizeof(room) - 1);

    tnd_ladder_svg(&w, l);
    CHECK(!tnd_writer_over(&w));
    room[w.len] = '\0';
    return room;
}

static unsigned occurrences(const char *text, const char *of)
{
    unsigned count = 0;

    for (; (text = strstr(text, of)); text += strlen(of))
        count++;
    return count;
}

static unsigned height_of(const char *svg)
{
    const char *at = strstr(svg, " height=\"");

    return at ? (unsigned)strtoul(at + 9, NULL, 10) : 0;
}

TND_TEST(
    ladder_svg_facts_are_whole, "RFC 3261 §20.43",
    "what a message says is not cut: it has as many lines as it needs, and the picture room for them")
{
    static const struct tnd_ladder_line lines[] = {
        {.from = 1,
         .to = 0,
         .text = TND_STR_INIT("404 Not Found"),
         .fact_count = 1,
         .fact = {TND_STR_INIT("Warning: 399 192.0.2.1 \"UAS_USER: a request for a user who does "
                               "not exist is refused\"")}},
        {.from = 1,
         .to = 0,
         .text = TND_STR_INIT("404 Not Found"),
         .fact_count = 1,
         .fact = {TND_STR_INIT("Retry-After: 5")}}};
    struct tnd_ladder l = ladder;

    l.line = &lines[1];
    l.line_count = 1;
    unsigned short_one = height_of(drawn(&l));
    l.line = lines;
    const char *svg = drawn(&l);
    CHECK_EQ(occurrences(svg, "<text class=\"fact\""), 2);
    CHECK(strstr(svg, "is refused&quot;</text>"));
    CHECK(!strstr(svg, "…"));
    CHECK_EQ(height_of(svg), short_one + 17);
}

TND_TEST(
    ladder_svg_is_drawn, "",
    "a ladder has a lane for each party, an arrow for each message, and times where they are known")
{
    const char *svg = drawn(&ladder);

    CHECK_EQ(occurrences(svg, "<path class=\"lane\""), 2);
    CHECK_EQ(occurrences(svg, "<path class=\"arrow"), 3);
    CHECK_EQ(occurrences(svg, "<text class=\"label"), 3);
    CHECK_EQ(occurrences(svg, "<text class=\"when"), 2);
    CHECK(strstr(svg, ">0.003</text>")); /* to the nearest */
    CHECK(strstr(svg, "<text class=\"label turn\""));
    CHECK(strstr(svg, ">302 &lt;Moved&gt;</text>"));
    CHECK(strstr(svg, ">Contact: &lt;sip:bob@hotel.example&gt;</text>"));
    CHECK(strstr(svg, "<text class=\"remark good\""));
    CHECK(!strstr(svg, "to nobody"));
}

TND_TEST(ladder_svg_lost, "", "what is lost ends in a cross, and has no head")
{
    const char *svg = drawn(&ladder);

    CHECK_EQ(occurrences(svg, "<path class=\"cross\""), 1);
    CHECK_EQ(occurrences(svg, "<path class=\"arrow lost\""), 1);
}

TND_TEST(ladder_svg_for_who_cannot_see, "WCAG 2.2 §1.1.1",
         "a picture has a name, and says in words what it shows")
{
    const char *svg = drawn(&ladder);

    CHECK(strstr(svg, "role=\"img\""));
    CHECK(strstr(svg, "aria-label=\"302 &amp; then\""));
    CHECK(strstr(
        svg, "<desc>caller → server: INVITE.\n"
             "server → caller: 302 &lt;Moved&gt;.\na remark\ncaller → × server: BYE.\n</desc>"));
}

TND_TEST(ladder_svg_hostile, "XML 1.0 §2.2",
         "whatever a peer says is text, and nothing that turns the text around it")
{
    static const struct tnd_ladder_line lines[] = {
        {.from = 1, .to = 0, .text = TND_STR_INIT("</text><script>\033\xe2\x80\xae\xff")}};
    struct tnd_ladder l = ladder;

    l.line = lines;
    l.line_count = 1;
    l.title = TND_STR("\"><b>");
    const char *svg = drawn(&l);
    CHECK(!strstr(svg, "<script"));
    CHECK(!strstr(svg, "<b>"));
    CHECK(!strchr(svg, '\033'));
    CHECK(!strstr(svg, "\xe2\x80\xae"));
    CHECK(strstr(svg, "\\xe2\\x80\\xae"));
}

TND_TEST(ladder_svg_remark_is_wrapped, "", "a remark takes as many lines as it needs")
{
    static const struct tnd_ladder_line lines[] = {
        {.from = 0,
         .to = 0,
         .text = TND_STR_INIT(
             "호출이 끝났습니다. 발신자는 응답의 주소로 다시 호출합니다. 다음 호출은 다시 "
             "원래의 주소로 갑니다. 그것이 302의 뜻입니다.")}};
    struct tnd_ladder l = ladder;

    l.line = lines;
    l.line_count = 1;
    CHECK(occurrences(drawn(&l), "<text class=\"remark\"") >= 2);
}

TND_TEST(ladder_svg_left_out, "", "what is too much for a picture is left out, and counted")
{
    static struct tnd_ladder_line lines[TND_LADDER_LINE_COUNT_MAX + 3];
    struct tnd_ladder l = ladder;

    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
        lines[i] = (struct tnd_ladder_line){.from = 0, .to = 1, .text = TND_STR("INFO")};
    l.line = lines;
    l.line_count = sizeof(lines) / sizeof(*lines);
    const char *svg = drawn(&l);
    CHECK_EQ(occurrences(svg, ">INFO</text>"), TND_LADDER_LINE_COUNT_MAX);
    CHECK(strstr(svg, ">… +3</text>"));
}
