/* Says texts with something filled in: the order of words is that of the language. */
#include "cli/say.h"

#include <string.h>

#include "cli/cli.h"

void say_value(struct tnd_slice value)
{
    for (size_t i = 0; i < value.len;) {
        size_t end = i;

        while (end < value.len && value.ptr[end] != '\r' && value.ptr[end] != '\n')
            end++;
        cli_put_text(stdout, tnd_slice_between(value.ptr + i, value.ptr + end));
        if (end == value.len)
            return;
        putchar(' ');
        for (i = end; i < value.len && strchr(" \t\r\n", value.ptr[i]) && value.ptr[i];)
            i++;
    }
}

/* What stands between the braces: one letter. */
static void put_value(char name, const struct say *values)
{
    switch (name) {
    case 'a':
        say_value(values->a);
        return;
    case 'b':
        say_value(values->b);
        return;
    case 'c':
        say_value(values->c);
        return;
    default:
        printf("%zu", values->n);
    }
}

static bool is_place(const char *text)
{
    return text[0] == '{' && text[1] && strchr("abcn", text[1]) && text[2] == '}';
}

void say_put(enum tnd_lang lang, const char *english, const struct say *values)
{
    const char *text = tnd_text(lang, english);

    while (*text) {
        if (is_place(text)) {
            put_value(text[1], values);
            text += 3;
        } else {
            putchar(*text++);
        }
    }
}
