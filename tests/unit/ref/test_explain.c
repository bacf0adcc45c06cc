/* Explanations: each code has one, and each text is a sentence that can be printed. */
#include <ctype.h>
#include <strings.h>

#include "tandem/dialog/damage.h"
#include "tandem/ref/explain.h"
#include "unit/test.h"

enum { CODE_FIRST = 100, CODE_END = 700 };

static struct tnd_explanation explained(unsigned code)
{
    struct tnd_explanation e;

    tnd_explain(code, TND_LANG_EN, &e);
    return e;
}

/* "the the" */
static bool repeats_a_word(const char *text)
{
    const char *last = text;
    size_t last_len = 0;

    for (const char *p = text; *p;) {
        size_t len = 0;

        while (isalpha((unsigned char)p[len]))
            len++;
        if (len > 0 && len == last_len && strncasecmp(p, last, len) == 0 && last[len] == ' ')
            return true;
        last = p;
        last_len = len;
        p += len;
        p += *p != '\0' && len == 0;
        while (*p == ' ')
            p++;
    }
    return false;
}

static void check_text(unsigned code, const char *what, const char *text, size_t min, size_t max)
{
    if (!text)
        tnd_test_fail(__FILE__, __LINE__, "%u has no %s", code, what);
    size_t len = strlen(text);
    if (len < min || len > max)
        tnd_test_fail(__FILE__, __LINE__, "%u: %s has %zu bytes: %s", code, what, len, text);
    if (text[len - 1] != '.')
        tnd_test_fail(__FILE__, __LINE__, "%u: %s ends without a full stop: %s", code, what, text);
    if (strpbrk(text, "{}%$<>\t\n\\") || strstr(text, "  ") || strstr(text, ".."))
        tnd_test_fail(__FILE__, __LINE__, "%u: %s has a trace of a template: %s", code, what, text);
    if (repeats_a_word(text))
        tnd_test_fail(__FILE__, __LINE__, "%u: %s repeats a word: %s", code, what, text);
}

static void check_optional(unsigned code, const char *what, const char *text)
{
    if (text)
        check_text(code, what, text, 15, 400);
}

static void check_texts(const struct tnd_explanation *e)
{
    check_text(e->code, "description", e->description, 40, 400);
    check_text(e->code, "when", e->when, 15, 300);
    check_text(e->code, "fix", e->fix, 15, 400);
    check_text(e->code, "use", e->use, 15, 200);
    check_text(e->code, "recovery", e->recovery, 15, 200);
    check_optional(e->code, "fix_callee", e->fix_callee);
    check_optional(e->code, "fix_developer", e->fix_developer);
    check_optional(e->code, "note", e->note);
    CHECK(e->cause[0]);
    for (size_t i = 0; i < TND_EXPLAIN_CAUSE_COUNT_MAX && e->cause[i]; i++)
        check_text(e->code, "cause", e->cause[i], 10, 200);
    for (size_t i = 0; i < TND_EXPLAIN_FIELD_COUNT_MAX && e->field[i].header; i++)
        check_text(e->code, "field", e->field[i].text, 10, 200);
}

TND_TEST(a_repeated_word_is_found, "", "a text with the same word twice in a row is found")
{
    CHECK(repeats_a_word("You see it when when a phone rings."));
    CHECK(repeats_a_word("The the end."));
    CHECK(!repeats_a_word("The then end. End."));
    CHECK(!repeats_a_word("From one to one hundred."));
}

TND_TEST(explain_every_registered_code, "RFC 3261 §21",
         "each registered code has an explanation of its own, by its phrase and its RFC")
{
    for (unsigned code = CODE_FIRST; code < CODE_END; code++) {
        struct tnd_explanation e = explained(code);
        const char *law = tnd_code_law(code);

        if (!law)
            continue;
        CHECK_EQ(e.standing, TND_CODE_REGISTERED);
        CHECK_EQ(e.read_as, code);
        CHECK_STR(tnd_slice_str(e.phrase), tnd_code_phrase(code));
        CHECK_STR(tnd_slice(e.reference, strlen(law)), law);
        CHECK(e.sender != 0 && !e.note);
        CHECK_EQ(e.lang, TND_LANG_EN);
    }
}

TND_TEST(explain_texts_are_sentences, "",
         "each text ends with a full stop, is neither short nor long, repeats no word and has no "
         "trace of a template")
{
    for (unsigned code = CODE_FIRST; code < CODE_END; code++) {
        struct tnd_explanation e = explained(code);

        check_texts(&e);
    }
}

/* What a class says of each of its codes. */
static void check_class(const struct tnd_explanation *e)
{
    switch (e->code / 100) {
    case 1: /* RFC 3261 §7.2: final only from 200 on */
        CHECK(e->others == TND_OTHERS_WAIT && e->outcome == TND_OUTCOME_OPEN);
        CHECK_EQ(e->next, TND_NEXT_NONE);
        break;
    case 2:
        CHECK(e->others == TND_OTHERS_DONE && e->outcome == TND_OUTCOME_MADE);
        CHECK_EQ(e->next, TND_NEXT_NONE);
        break;
    case 6: /* RFC 3261 §16.7, step 10 */
        CHECK_EQ(e->others, TND_OTHERS_NO);
        break;
    default:
        CHECK(e->outcome > TND_OUTCOME_MADE);
        CHECK(e->others > TND_OTHERS_DONE || e->outcome == TND_OUTCOME_KEPT || e->code == 487);
    }
}

TND_TEST(explain_facts_fit_the_class, "RFC 3261 §7.2",
         "a provisional response leaves all open, a 2xx ends it well, and a 6xx forbids others")
{
    for (unsigned code = CODE_FIRST; code < CODE_END; code++) {
        struct tnd_explanation e = explained(code);

        check_class(&e);
    }
}

/* What the caller does by himself says how the call goes on. Whoever gives up may have any outcome. */
static bool is_outcome_of(enum tnd_code_next next, enum tnd_code_outcome outcome)
{
    switch (next) {
    case TND_NEXT_AUTHENTICATE:
    case TND_NEXT_DROP_EXTENSION:
    case TND_NEXT_ADD_EXTENSION:
    case TND_NEXT_RELAX_PRECONDITIONS:
    case TND_NEXT_ADJUST:
    case TND_NEXT_CHANGE_TRANSPORT:
        return outcome == TND_OUTCOME_CHANGED;
    case TND_NEXT_FOLLOW_CONTACT:
    case TND_NEXT_FOLLOW_ALTERNATIVE:
        return outcome == TND_OUTCOME_ELSEWHERE;
    case TND_NEXT_WAIT_AND_RETRY:
    case TND_NEXT_NEXT_SERVER:
        return outcome == TND_OUTCOME_LATER || outcome == TND_OUTCOME_KEPT;
    case TND_NEXT_REESTABLISH:
        return outcome == TND_OUTCOME_LOST;
    case TND_NEXT_NONE:
    case TND_NEXT_GIVE_UP:
    case TND_NEXT_COUNT:
        break;
    }
    return true;
}

TND_TEST(explain_facts_fit_each_other, "tandem/ref/explain.h",
         "whether the call goes on is not said in one way and done in another")
{
    for (unsigned code = tnd_explain_next(0); code; code = tnd_explain_next(code)) {
        struct tnd_explanation e = explained(code);

        if (!is_outcome_of((enum tnd_code_next)e.next, (enum tnd_code_outcome)e.outcome))
            tnd_test_fail(__FILE__, __LINE__, "%u: %s, but %s", code,
                          tnd_code_next_name((enum tnd_code_next)e.next),
                          tnd_code_outcome_text((enum tnd_code_outcome)e.outcome, TND_LANG_EN));
    }
}

TND_TEST(explain_what_leaves_a_call_alone, "RFC 5057 §5.1",
         "of what says that the call goes on, a dialog loses nothing")
{
    for (unsigned code = tnd_explain_next(0); code; code = tnd_explain_next(code))
        if (explained(code).outcome == TND_OUTCOME_KEPT)
            CHECK_EQ(tnd_damage(TND_METHOD_INVITE, code), TND_DAMAGE_TRANSACTION);
}

static bool has_field(const struct tnd_explanation *e, enum tnd_header header)
{
    for (size_t i = 0; i < TND_EXPLAIN_FIELD_COUNT_MAX && e->field[i].header; i++)
        if (e->field[i].header == header)
            return true;
    return false;
}

TND_TEST(explain_when_to_try_again, "RFC 3261 §20.33",
         "what is to be remembered until Retry-After names that field")
{
    for (unsigned code = tnd_explain_next(0); code; code = tnd_explain_next(code)) {
        struct tnd_explanation e = explained(code);

        if (e.memory == TND_MEMORY_WAIT)
            CHECK(has_field(&e, TND_HEADER_RETRY_AFTER));
    }
}

static void check_related(const struct tnd_explanation *e)
{
    CHECK(e->related[0]);
    for (size_t i = 0; i < TND_EXPLAIN_RELATED_COUNT_MAX && e->related[i]; i++) {
        CHECK(e->related[i] != e->read_as);
        CHECK_EQ(explained(e->related[i]).standing, TND_CODE_REGISTERED);
        for (size_t k = 0; k < i; k++)
            CHECK(e->related[k] != e->related[i]);
    }
}

TND_TEST(explain_related_codes_exist, "", "a code names other codes, each once, never itself")
{
    for (unsigned code = tnd_explain_next(0); code; code = tnd_explain_next(code)) {
        struct tnd_explanation e = explained(code);

        check_related(&e);
    }
}

TND_TEST(explain_fields_are_named, "",
         "each header field that matters is one that Tandem knows, once")
{
    for (unsigned code = tnd_explain_next(0); code; code = tnd_explain_next(code)) {
        struct tnd_explanation e = explained(code);

        for (size_t i = 0; i < TND_EXPLAIN_FIELD_COUNT_MAX && e.field[i].header; i++)
            for (size_t k = 0; k < i; k++)
                CHECK(e.field[k].header != e.field[i].header);
    }
}

TND_TEST(explain_unknown_codes, "RFC 3261 §8.1.3.2",
         "an unknown code is explained as the x00 of its class, an unknown 1xx as 183, and says so")
{
    CHECK_EQ(explained(150).read_as, 183);
    CHECK_EQ(explained(299).read_as, 200);
    CHECK_EQ(explained(399).read_as, 300);
    CHECK_EQ(explained(444).read_as, 400);
    CHECK_EQ(explained(599).read_as, 500);
    CHECK_EQ(explained(699).read_as, 600);
    for (unsigned code = 150; code < CODE_END; code += 107) {
        CHECK_EQ(explained(code).code, code);
        CHECK_EQ(explained(code).standing, TND_CODE_UNKNOWN);
        CHECK(strstr(explained(code).note, "Not registered."));
        CHECK_STR(tnd_slice_str(explained(code).reference), "RFC 3261 §8.1.3.2");
    }
}

TND_TEST(explain_field_codes, "", "codes that are not registered but met are told as such")
{
    CHECK_EQ(explained(409).standing, TND_CODE_FIELD);
    CHECK_STR(tnd_slice_str(explained(409).phrase), "Conflict");
    CHECK_EQ(explained(499).standing, TND_CODE_FIELD);
    CHECK_EQ(explained(499).read_as, 490);
    CHECK_EQ(explained(491).standing, TND_CODE_REGISTERED);
    CHECK(strstr(explained(495).note, "its sender"));
    CHECK_EQ(explained(475).read_as, 479); /* of OpenSIPS */
    CHECK_EQ(explained(476).read_as, 478);
    CHECK_EQ(explained(476).standing, TND_CODE_FIELD);
    CHECK(strstr(explained(476).note, "OpenSIPS 476"));
}

TND_TEST(explain_what_is_no_code, "RFC 3261 §7.2", "what is no response code is told as such")
{
    static const unsigned none[] = {0, 1, 99, 700, 4711, UINT32_MAX};

    for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
        CHECK_EQ(explained(none[i]).standing, TND_CODE_NONE);
        CHECK_STR(tnd_slice_str(explained(none[i]).phrase), "");
        CHECK(strstr(explained(none[i]).note, "from 100 to 699"));
    }
}

TND_TEST(explain_next_goes_through_all, "",
         "the codes with texts come in ascending order, each once")
{
    unsigned count = 0;

    for (unsigned code = 0, next; (next = tnd_explain_next(code)) != 0; code = next) {
        CHECK(next > code);
        CHECK_EQ(explained(next).read_as, next);
        count++;
    }
    CHECK_EQ(count, 75 + 6); /* the registry, and 409, 411, 477, 478, 479, 490 */
}
