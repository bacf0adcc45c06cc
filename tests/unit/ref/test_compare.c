/* Comparisons: any two codes, in both orders. */
#include <stdio.h>

#include "tandem/ref/explain.h"
#include "unit/test.h"

static struct tnd_comparison compared(unsigned a, unsigned b)
{
    struct tnd_comparison c;

    tnd_compare(a, b, TND_LANG_EN, &c);
    return c;
}

static void check_mirrored(const struct tnd_comparison *c, const struct tnd_comparison *mirror)
{
    CHECK_EQ(c->a.code, mirror->b.code);
    CHECK_EQ(c->row_count, mirror->row_count);
    CHECK(c->note == mirror->note);
    for (size_t i = 0; i < c->row_count; i++) {
        CHECK_EQ(c->row[i].subject, mirror->row[i].subject);
        CHECK(c->row[i].a == mirror->row[i].b && c->row[i].b == mirror->row[i].a);
        CHECK(c->row[i].heading[0] && c->row[i].a[0] && c->row[i].b[0]);
        CHECK(strcmp(c->row[i].a, c->row[i].b) != 0);
    }
}

TND_TEST(compare_every_pair, "",
         "any two codes can be compared, in both orders alike, and each row is a difference")
{
    for (unsigned a = tnd_explain_next(0); a; a = tnd_explain_next(a))
        for (unsigned b = tnd_explain_next(a); b; b = tnd_explain_next(b)) {
            struct tnd_comparison c = compared(a, b), mirror = compared(b, a);

            check_mirrored(&c, &mirror);
            if (a / 100 != b / 100)
                CHECK_EQ(c.row[0].subject, TND_COMPARE_CLASS);
        }
}

TND_TEST(compare_a_code_with_itself, "", "a code does not differ from itself")
{
    for (unsigned a = tnd_explain_next(0); a; a = tnd_explain_next(a)) {
        CHECK_EQ(compared(a, a).row_count, 0);
        CHECK(!compared(a, a).note);
    }
}

static const unsigned confused[][4] = {
    {301, 302},      {302, 380},      {302, 305},           {302, 420},      {302, 481},
    {302, 580},      {302, 600},      {480, 486, 600, 603}, {404, 410, 604}, {401, 403, 407},
    {420, 421},      {408, 480, 487}, {481, 487, 491},      {488, 606},      {500, 503, 504},
    {480, 503},      {488, 580},      {603, 607, 608},      {422, 423},      {181, 302},
    {406, 488, 606}, {408, 503},      {428, 438},           {436, 437, 438}, {469, 489},
    {477, 480},      {502, 504},
};

static bool has_code(const char *text, unsigned code)
{
    char number[16];

    snprintf(number, sizeof(number), "%u", code);
    return strstr(text, number);
}

static void check_confused(unsigned a, unsigned b)
{
    const char *note = compared(a, b).note;

    if (!note)
        tnd_test_fail(__FILE__, __LINE__, "%u and %u have no note", a, b);
    CHECK(has_code(note, a) || has_code(note, b) || strstr(note, "Both"));
    CHECK(note[strlen(note) - 1] == '.');
}

TND_TEST(compare_what_people_confuse, "", "two codes that people confuse have a note about it")
{
    for (size_t i = 0; i < sizeof(confused) / sizeof(*confused); i++)
        for (size_t a = 0; a < 4 && confused[i][a]; a++)
            for (size_t b = a + 1; b < 4 && confused[i][b]; b++)
                check_confused(confused[i][a], confused[i][b]);
}

/* The statement of a row about a, or "". */
static const char *about(unsigned a, unsigned b, enum tnd_compare_subject subject)
{
    static struct tnd_comparison c;

    c = compared(a, b);
    for (size_t i = 0; i < c.row_count; i++)
        if (c.row[i].subject == subject)
            return c.row[i].a;
    return "";
}

TND_TEST(compare_302_with_others, "RFC 3261 §21.3.3",
         "of a 302 the Contact tells, the call goes on elsewhere, and the old address stays")
{
    CHECK_STR(tnd_slice_str(about(302, 580, TND_COMPARE_CLASS)), "Redirection");
    CHECK_STR(tnd_slice_str(about(302, 420, TND_COMPARE_FIELD)), "Contact");
    CHECK(strstr(about(302, 600, TND_COMPARE_OUTCOME), "another address"));
    CHECK(strstr(about(302, 301, TND_COMPARE_MEMORY), "Keep the old address"));
    CHECK(strstr(about(600, 486, TND_COMPARE_OTHERS), "No other target"));
}

TND_TEST(compare_what_forbids_others, "RFC 3261 §16.7",
         "a 410 or a 403 has failed at one target, a 604 or a 603 at all")
{
    CHECK(strstr(about(410, 604, TND_COMPARE_OTHERS), "others may be tried"));
    CHECK(strstr(about(604, 410, TND_COMPARE_OTHERS), "No other target"));
    CHECK(strstr(about(403, 603, TND_COMPARE_OTHERS), "others may be tried"));
}

TND_TEST(compare_491_with_481, "RFC 5057 §5.1",
         "a call goes on after a 491, and is lost after a 481")
{
    CHECK(strstr(about(491, 481, TND_COMPARE_OUTCOME), "goes on as it was"));
    CHECK(strstr(about(481, 491, TND_COMPARE_OUTCOME), "lost"));
}
