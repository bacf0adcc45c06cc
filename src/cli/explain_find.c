/* tandem explain WORDS: which codes are meant. */
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "cli/explain.h"

enum { TEXT_SIZE = 8192, WORD_COUNT_MAX = 16, NEAR_LEN_MAX = 64 };

/* How well a text fits; the best are shown. */
enum rank { RANK_NONE, RANK_TEXT, RANK_TITLE, RANK_EXACT };

/* Cyrillic letters as small ones; ASCII too. The capitals of Vietnamese stay. */
static void fold(char *text)
{
    for (unsigned char *c = (unsigned char *)text; *c; c++) {
        if (*c < 0x80) {
            *c = (unsigned char)tnd_lower((char)*c);
        } else if (*c == 0xd0 && c[1] >= 0x90 && c[1] <= 0x9f) { /* А to П */
            *++c += 0x20;
        } else if (*c == 0xd0 && c[1] >= 0xa0 && c[1] <= 0xaf) { /* Р to Я */
            *c++ = 0xd1;
            *c -= 0x20;
        }
    }
}

struct words {
    char room[TEXT_SIZE];
    const char *word[WORD_COUNT_MAX];
    size_t count;
    char whole[TEXT_SIZE]; /* with one space between words */
};

static void read_words(struct words *w, const char *text)
{
    char *rest;

    snprintf(w->room, sizeof(w->room), "%s", text);
    fold(w->room);
    w->count = 0;
    w->whole[0] = '\0';
    for (char *word = strtok_r(w->room, " \t\n-/", &rest); word && w->count < WORD_COUNT_MAX;
         word = strtok_r(NULL, " \t\n-/", &rest)) {
        if (w->count > 0)
            strcat(w->whole, " ");
        strcat(w->whole, word);
        w->word[w->count++] = word;
    }
}

static bool has_all(const struct words *w, const char *text)
{
    for (size_t i = 0; i < w->count; i++)
        if (!strstr(text, w->word[i]))
            return false;
    return w->count > 0;
}

static enum rank rank_of_title(const struct words *w, const char *title)
{
    static struct words of_title;

    read_words(&of_title, title);
    if (strcmp(w->whole, of_title.whole) == 0)
        return RANK_EXACT;
    return has_all(w, of_title.whole) ? RANK_TITLE : RANK_NONE;
}

static void add(char room[static TEXT_SIZE], const char *text)
{
    size_t len = strlen(room);

    if (text)
        snprintf(room + len, TEXT_SIZE - len, "%s ", text);
}

static bool is_in_texts(const struct words *w, const struct tnd_explanation *e)
{
    char all[TEXT_SIZE] = "";

    add(all, e->title);
    add(all, e->description);
    add(all, e->when);
    add(all, e->fix);
    add(all, e->fix_callee);
    add(all, e->fix_developer);
    add(all, e->reference);
    for (size_t i = 0; i < TND_EXPLAIN_CAUSE_COUNT_MAX; i++)
        add(all, e->cause[i]);
    for (size_t i = 0; i < TND_EXPLAIN_FIELD_COUNT_MAX && e->field[i].header; i++) {
        add(all, tnd_header_name(e->field[i].header));
        add(all, e->field[i].text);
    }
    fold(all);
    return has_all(w, all);
}

static enum rank rank_of(const struct words *w, unsigned code, enum tnd_lang lang)
{
    struct tnd_explanation e;

    tnd_explain(code, lang, &e);
    enum rank rank = rank_of_title(w, e.title);
    if (rank == RANK_NONE && is_in_texts(w, &e))
        rank = RANK_TEXT;
    return rank;
}

size_t explain_find(enum tnd_lang lang, const char *words,
                    uint16_t ret[static EXPLAIN_FOUND_COUNT_MAX])
{
    static struct words w;
    enum rank best = RANK_TEXT;
    size_t count = 0;

    read_words(&w, words);
    for (unsigned code = tnd_explain_next(0); code; code = tnd_explain_next(code)) {
        enum rank rank = rank_of(&w, code, lang), english = rank_of(&w, code, TND_LANG_EN);

        if (english > rank)
            rank = english;
        if (rank > best) {
            best = rank;
            count = 0;
        }
        if (rank == best && count < EXPLAIN_FOUND_COUNT_MAX)
            ret[count++] = (uint16_t)code;
    }
    return count;
}

/* How many letters must be added, dropped or replaced (Levenshtein). */
static size_t distance(const char *a, const char *b)
{
    size_t row[NEAR_LEN_MAX + 1], len_b = strlen(b);

    for (size_t j = 0; j <= len_b; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t corner = row[0];

        row[0] = i;
        for (size_t j = 1; j <= len_b; j++) {
            size_t best = corner + (a[i - 1] != b[j - 1]);

            corner = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[len_b];
}

unsigned explain_near(const char *words)
{
    static struct words w, title;
    unsigned near = 0;

    read_words(&w, words);
    size_t len = strlen(w.whole), least = len / 3 + 1; /* as many wrong letters are no miss */
    for (unsigned code = tnd_explain_next(0); code; code = tnd_explain_next(code)) {
        struct tnd_explanation e;

        tnd_explain(code, TND_LANG_EN, &e);
        read_words(&title, e.title);
        if (len > NEAR_LEN_MAX || strlen(title.whole) > NEAR_LEN_MAX)
            continue;
        size_t d = distance(w.whole, title.whole);
        if (d < least) {
            least = d;
            near = code;
        }
    }
    return near;
}
