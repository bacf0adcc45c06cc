/* Languages: how they are found, and what a translation keeps of its text. */
#include "tandem/ref/explain.h"
#include "unit/test.h"

TND_TEST(lang_is_found, "", "a language is found by its code and by a locale")
{
    static const struct {
        const char *name;
        enum tnd_lang lang;
    } names[] = {{"en", TND_LANG_EN},      {"ko_KR.UTF-8", TND_LANG_KO},    {"RU", TND_LANG_RU},
                 {"id-ID", TND_LANG_ID},   {"vi_VN@modifier", TND_LANG_VI}, {"C", TND_LANG_EN},
                 {"C.UTF-8", TND_LANG_EN}, {"POSIX", TND_LANG_EN}};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        enum tnd_lang lang = TND_LANG_COUNT;

        CHECK(tnd_lang_find(tnd_slice_str(names[i].name), &lang));
        CHECK_EQ(lang, names[i].lang);
    }
}

TND_TEST(lang_is_not_found, "", "another language is none of ours, and ret is untouched")
{
    static const char *const names[] = {"", "e", "eng", "de_DE", "kok", "Cx", "kok_IN"};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        enum tnd_lang lang = TND_LANG_COUNT;

        CHECK(!tnd_lang_find(tnd_slice_str(names[i]), &lang));
        CHECK_EQ(lang, TND_LANG_COUNT);
    }
}

TND_TEST(lang_falls_back, "", "what has no translation stays as it is, and English needs none")
{
    for (int lang = 0; lang < TND_LANG_COUNT; lang++) {
        CHECK(tnd_text((enum tnd_lang)lang, NULL) == NULL);
        CHECK_STR(tnd_slice_str(tnd_text((enum tnd_lang)lang, "no text of ours")),
                  "no text of ours");
        CHECK_EQ(tnd_text_is_translated((enum tnd_lang)lang, "no text of ours"),
                 lang == TND_LANG_EN);
    }
}

TND_TEST(lang_of_an_explanation, "",
         "an explanation says in which language its description is, and all languages are told by "
         "one program")
{
    for (int lang = 0; lang < TND_LANG_COUNT; lang++)
        for (unsigned code = tnd_explain_next(0); code; code = tnd_explain_next(code)) {
            struct tnd_explanation english, e;

            tnd_explain(code, TND_LANG_EN, &english);
            tnd_explain(code, (enum tnd_lang)lang, &e);
            CHECK_EQ(e.lang != TND_LANG_EN, strcmp(e.description, english.description) != 0);
            CHECK(e.phrase == english.phrase && e.reference == english.reference);
            CHECK(e.lang == lang || e.lang == TND_LANG_EN);
        }
}

TND_TEST(
    lang_of_the_codes_that_matter_most, "",
    "redirection, challenges, extensions, busy, lost calls and preconditions are told in every "
    "language, with all their texts")
{
    static const unsigned codes[] = {300, 301, 302, 305, 380, 401, 407, 420, 421, 480,
                                     481, 486, 487, 488, 491, 580, 600, 603, 604, 606};

    for (int lang = 0; lang < TND_LANG_COUNT; lang++)
        for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
            struct tnd_explanation english;

            tnd_explain(codes[i], TND_LANG_EN, &english);
            CHECK(tnd_text_is_translated((enum tnd_lang)lang, english.title));
            CHECK(tnd_text_is_translated((enum tnd_lang)lang, english.description));
            CHECK(tnd_text_is_translated((enum tnd_lang)lang, english.when));
            CHECK(tnd_text_is_translated((enum tnd_lang)lang, english.fix));
            CHECK(tnd_text_is_translated((enum tnd_lang)lang, english.use));
        }
}

TND_TEST(lang_texts_fit_a_line, "", "no text is longer than what whoever prints it has room for")
{
    for (int lang = 0; lang < TND_LANG_COUNT; lang++)
        for (unsigned code = tnd_explain_next(0); code; code = tnd_explain_next(code)) {
            struct tnd_explanation e;

            tnd_explain(code, (enum tnd_lang)lang, &e);
            CHECK(strlen(e.description) < 1500 && strlen(e.fix) < 1500 && strlen(e.when) < 1500);
        }
}
