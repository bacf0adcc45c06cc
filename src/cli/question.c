/* Reads what somebody asks of the reference. */
#include "cli/question.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "cli/cli.h"

static const char digits[] = "0123456789", spaces[] = " \t\n", gaps[] = " ,/-",
                  numbers[] = "0123456789 ,/-";

/* A number of some digits, and nothing else. */
static bool is_number(const char *text)
{
    return *text && text[strspn(text, digits)] == '\0';
}

bool question_code(const char *text, unsigned *ret)
{
    static const char *const before[] = {"SIP/2.0 ", "SIP "};

    for (size_t i = 0; i < sizeof(before) / sizeof(*before); i++)
        if (strncasecmp(text, before[i], strlen(before[i])) == 0) {
            text += strlen(before[i]);
            break;
        }
    bool has_phrase = strspn(text, digits) == 3 && strchr(spaces, text[3]);
    if (!has_phrase && !is_number(text))
        return false;
    unsigned long code = strtoul(text, NULL, 10);
    *ret = code < 1000 ? (unsigned)code : 1000;
    return true;
}

unsigned question_class(const char *text)
{
    if (text[0] < '1' || text[0] > '6' || strcasecmp(text + 1, "xx") != 0)
        return 0;
    return (unsigned)(text[0] - '0');
}

static char *trimmed(char *text)
{
    text += strspn(text, spaces);
    for (size_t len = strlen(text); len > 0 && strchr(spaces, text[len - 1]); len--)
        text[len - 1] = '\0';
    return text;
}

/* Ends text where what stands between two codes begins, and gives what is behind it. NULL: nothing does. */
static char *cut_at_vs(char *text)
{
    static const char *const between[] = {" vs ", " vs. ", " versus ", "-vs-"};

    for (; *text; text++)
        for (size_t i = 0; i < sizeof(between) / sizeof(*between); i++)
            if (strncasecmp(text, between[i], strlen(between[i])) == 0) {
                *text = '\0';
                return text + strlen(between[i]);
            }
    return NULL;
}

/* The same of "302 580", "302/580": numbers and nothing else. */
static char *cut_at_second(char *text)
{
    char *first = text + strspn(text, spaces), *gap = first + strspn(first, digits);
    char *second = gap + strspn(gap, gaps);

    if (gap == first || second == gap || !*second || strspn(second, numbers) != strlen(second))
        return NULL;
    *gap = '\0';
    return second;
}

/* With a space around it, so that a comparison is seen of which a side is missing. */
static int join(const char *command, char **argv, char text[static QUESTION_SIZE])
{
    size_t len = (size_t)sprintf(text, " ");

    for (; *argv; argv++) {
        if ((*argv)[strspn(*argv, spaces)] == '\0')
            return cli_fail("%s: an empty argument; give a code or words", command);
        if (len + strlen(*argv) + 2 > QUESTION_SIZE)
            return cli_fail("%s: a question that long is none", command);
        len += (size_t)sprintf(text + len, "%s ", *argv);
    }
    return CLI_OK;
}

int question_read(const char *command, char **argv, struct question *ret)
{
    if (join(command, argv, ret->text) != CLI_OK)
        return CLI_USAGE;
    char *right = cut_at_vs(ret->text);
    if (!right)
        right = cut_at_second(ret->text);
    if (right && (cut_at_vs(right) || cut_at_second(right)))
        return cli_fail("%s: two codes are compared, not more", command);
    ret->left = trimmed(ret->text);
    ret->right = right ? trimmed(right) : NULL;
    if (right && (!*ret->left || !*ret->right))
        return cli_fail("%s: give two codes, as in 'tandem %s 302 vs 580'", command, command);
    return CLI_OK;
}
