/* Languages: their names, and the look-up of a text in what was compiled in. */
#include "tandem/ref/explain.h"

#include "ref/texts.h"

static const struct {
    const char *code, *name;
    const struct tnd_translations *texts;
} langs[TND_LANG_COUNT] = {
    [TND_LANG_EN] = {"en", "English", NULL},
    [TND_LANG_KO] = {"ko", "한국어", &tnd_translations_ko},
    [TND_LANG_RU] = {"ru", "Русский", &tnd_translations_ru},
    [TND_LANG_ID] = {"id", "Bahasa Indonesia", &tnd_translations_id},
    [TND_LANG_VI] = {"vi", "Tiếng Việt", &tnd_translations_vi},
};

const char *tnd_lang_code(enum tnd_lang lang)
{
    return langs[lang].code;
}

const char *tnd_lang_name(enum tnd_lang lang)
{
    return langs[lang].name;
}

/* "ko_KR.UTF-8" begins with "ko", and "kok" does not. */
static bool begins_with(struct tnd_slice name, struct tnd_slice code)
{
    if (name.len < code.len || !tnd_slice_eq_fold(tnd_slice(name.ptr, code.len), code))
        return false;
    return name.len == code.len || memchr("_-.@", name.ptr[code.len], 4);
}

bool tnd_lang_find(struct tnd_slice name, enum tnd_lang *ret)
{
    if (begins_with(name, TND_STR("C")) || begins_with(name, TND_STR("POSIX"))) {
        *ret = TND_LANG_EN;
        return true;
    }
    for (int lang = 0; lang < TND_LANG_COUNT; lang++)
        if (begins_with(name, tnd_slice_str(langs[lang].code))) {
            *ret = (enum tnd_lang)lang;
            return true;
        }
    return false;
}

static int compare(const char *a, const char *b)
{
    size_t len_a = strlen(a), len_b = strlen(b);
    int order = memcmp(a, b, len_a < len_b ? len_a : len_b);

    return order ? order : (len_a > len_b) - (len_a < len_b);
}

/* NULL: there is none. */
static const char *find(const struct tnd_translations *texts, const char *english)
{
    size_t low = 0, high = texts ? texts->count : 0;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(english, texts->row[middle].english);

        if (order == 0)
            return texts->row[middle].text;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const char *tnd_text(enum tnd_lang lang, const char *english)
{
    const char *text = english ? find(langs[lang].texts, english) : NULL;

    return text ? text : english;
}

bool tnd_text_is_translated(enum tnd_lang lang, const char *english)
{
    return lang == TND_LANG_EN || find(langs[lang].texts, english);
}
