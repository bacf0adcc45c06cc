/* gen_po LANG FILE.po: run by the build: makes a table of translations, and prints it as C. Of the format
 * of gettext it reads what po/ has: msgid and msgstr, of one or several strings. Fuzzy and empty
 * entries are left out, so they stay English; obsolete ones (#~) are comments. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_SIZE = 4096, ENTRY_COUNT_MAX = 4096 };

/* Strings as they stand in the file, with their escapes, which are those of C. */
struct entry {
    char *english, *text;
};

struct reader {
    struct entry entry[ENTRY_COUNT_MAX];
    size_t count;
    char english[TEXT_SIZE], text[TEXT_SIZE];
    char *into; /* which of the two a string belongs to; NULL: none yet */
    bool is_fuzzy, next_is_fuzzy;
    const char *path;
    unsigned line;
};

static _Noreturn void fail(const struct reader *r, const char *what)
{
    fprintf(stderr, "%s:%u: %s\n", r->path, r->line, what);
    exit(1);
}

static char *copy(const struct reader *r, const char *text)
{
    char *kept = malloc(strlen(text) + 1);

    if (!kept)
        fail(r, "out of memory");
    return strcpy(kept, text);
}

static void end_entry(struct reader *r)
{
    if (r->english[0] && r->text[0] && !r->is_fuzzy) {
        if (r->count == ENTRY_COUNT_MAX)
            fail(r, "too many entries; raise ENTRY_COUNT_MAX");
        r->entry[r->count++] = (struct entry){copy(r, r->english), copy(r, r->text)};
    }
    r->english[0] = r->text[0] = '\0';
    r->into = NULL;
}

/* "…" at the end of a line. */
static void take_string(struct reader *r, const char *from)
{
    size_t len = strlen(from), had;

    if (!r->into)
        fail(r, "a string that belongs to nothing");
    if (len < 2 || from[0] != '"' || from[len - 1] != '"')
        fail(r, "a string is not closed");
    had = strlen(r->into);
    if (had + len >= TEXT_SIZE)
        fail(r, "too long; raise TEXT_SIZE");
    memcpy(r->into + had, from + 1, len - 2);
    r->into[had + len - 2] = '\0';
}

static void take_line(struct reader *r, const char *line)
{
    if (line[0] == '#') {
        r->next_is_fuzzy |= line[1] == ',' && strstr(line, "fuzzy");
    } else if (strncmp(line, "msgid ", 6) == 0) {
        end_entry(r);
        r->is_fuzzy = r->next_is_fuzzy;
        r->next_is_fuzzy = false;
        r->into = r->english;
        take_string(r, line + 6);
    } else if (strncmp(line, "msgstr ", 7) == 0) {
        r->into = r->text;
        take_string(r, line + 7);
    } else if (line[0] == '"') {
        take_string(r, line);
    } else if (line[0] != '\0') {
        fail(r, "neither msgid nor msgstr nor a string");
    }
}

static void read_file(struct reader *r)
{
    char line[TEXT_SIZE];
    FILE *in = fopen(r->path, "r");

    if (!in)
        fail(r, "cannot be opened");
    while (fgets(line, sizeof(line), in)) {
        r->line++;
        line[strcspn(line, "\n")] = '\0';
        take_line(r, line);
    }
    end_entry(r);
    fclose(in);
}

/* The order of bytes of what the string means: of its escapes only \" is made, which sorts as ". */
static int compare(const void *a, const void *b)
{
    const char *x = ((const struct entry *)a)->english, *y = ((const struct entry *)b)->english;

    for (;; x++, y++) {
        x += *x == '\\';
        y += *y == '\\';
        if (*x != *y || *x == '\0')
            return (unsigned char)*x - (unsigned char)*y;
    }
}

int main(int argc, char **argv)
{
    static struct reader r;

    if (argc != 3)
        return 1;
    r.path = argv[2];
    read_file(&r);
    qsort(r.entry, r.count, sizeof(*r.entry), compare);
    printf("/* Made by gen_po.c. */\n#include \"ref/texts.h\"\n\n"
           "static const struct tnd_translation rows[] = {\n");
    for (size_t i = 0; i < r.count; i++) {
        if (i > 0 && compare(&r.entry[i - 1], &r.entry[i]) == 0)
            fail(&r, "one text has two translations");
        printf("    {\"%s\", \"%s\"},\n", r.entry[i].english, r.entry[i].text);
    }
    printf("    {NULL, NULL},\n};\n\nconst struct tnd_translations tnd_translations_%s = "
           "{rows, %zu};\n",
           argv[1], r.count);
    return 0;
}
