/* tandem explain WORDS: which codes are meant. */
#include <stdio.h>
#include <string.h>

#include "cli/explain.h"

enum { TEXT_SIZE = 8192, WORD_COUNT_MAX = 16, NEAR_LEN_MAX = 64 };

/* How well a text fits; the best are shown. */
enum rank { RANK_NONE, RANK_TEXT, RANK_TITLE, RANK_EXACT };

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
    explain_fold(w->room);
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
    explain_fold(all);
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

/* Of a word from the one of title that is least unlike it. SIZE_MAX: none is like it. */
static size_t distance_of_word(const char *word, const struct words *title)
{
    size_t least = SIZE_MAX;

    for (size_t i = 0; i < title->count; i++) {
        size_t d = distance(word, title->word[i]);

        if (d < least && d <= strlen(word) / 3)
            least = d;
    }
    return least;
}

/* As a whole, or of each word. SIZE_MAX: they are not alike. */
static size_t distance_of_title(const struct words *w, const struct words *title)
{
    size_t whole = distance(w->whole, title->whole), each = 0;

    for (size_t i = 0; i < w->count && each != SIZE_MAX; i++) {
        size_t d = distance_of_word(w->word[i], title);

        each = d == SIZE_MAX ? SIZE_MAX : each + d;
    }
    if (whole > strlen(w->whole) / 3) /* as many wrong letters are no miss */
        whole = SIZE_MAX;
    return whole < each ? whole : each;
}

unsigned explain_near(enum tnd_lang lang, const char *words)
{
    static struct words w, title;
    const enum tnd_lang in[] = {TND_LANG_EN, lang};
    size_t least = SIZE_MAX;
    unsigned near = 0;

    read_words(&w, words);
    if (w.count == 0 || strlen(w.whole) > NEAR_LEN_MAX)
        return 0;
    for (unsigned code = tnd_explain_next(0); code; code = tnd_explain_next(code))
        for (size_t i = 0; i < sizeof(in) / sizeof(*in); i++) {
            struct tnd_explanation e;

            tnd_explain(code, in[i], &e);
            read_words(&title, e.title);
            if (strlen(title.whole) > NEAR_LEN_MAX)
                continue;
            size_t d = distance_of_title(&w, &title);
            if (d < least) {
                least = d;
                near = code;
            }
        }
    return near;
}
