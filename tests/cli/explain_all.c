/* Prints what tandem explain --json says, each on a line: every code in every language, every two codes in
 * either order, and the list. By the same functions, in one process. */
#include <stdio.h>
#include <stdlib.h>

#include "web/explain_json.h"

static void print(json_t *told)
{
    char *text = told ? json_dumps(told, JSON_COMPACT) : NULL;

    if (!text || puts(text) < 0) {
        fputs("explain-all: out of memory\n", stderr);
        exit(1);
    }
    free(text);
    json_decref(told);
}

int main(void)
{
    for (int lang = 0; lang < TND_LANG_COUNT; lang++) {
        print(tnd_explain_json_all((enum tnd_lang)lang));
        for (unsigned code = 100; code < 700; code++)
            print(tnd_explain_json((enum tnd_lang)lang, code));
    }
    for (unsigned a = tnd_explain_next(0); a; a = tnd_explain_next(a))
        for (unsigned b = tnd_explain_next(0); b; b = tnd_explain_next(b))
            print(tnd_explain_json_both(TND_LANG_EN, a, b));
    return 0;
}
