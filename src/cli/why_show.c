/* Records of tandem why as text. */
#include "cli/why.h"

#include <string.h>
#include <time.h>

#include "cli/cli.h"
#include "cli/columns.h"
#include "cli/say.h"

enum { INDENT = 2 };

/* What stands in front of the lines below a record. */
enum label { LABEL_WHY, LABEL_FOR, LABEL_FACT, LABEL_TRIED, LABEL_COUNT };

static const char *const labels[LABEL_COUNT] = {
    [LABEL_WHY] = N_("why"),
    [LABEL_FOR] = N_("for"),
    [LABEL_FACT] = N_("fact"),
    [LABEL_TRIED] = N_("tried"),
};

struct tnd_slice why_text(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return value && json_is_string(value)
               ? tnd_slice(json_string_value(value), json_string_length(value))
               : TND_STR("");
}

const char *why_time(struct tnd_slice moment, char room[64])
{
    struct tm t = {0};
    char zone[8];
    int thousandths = 0;
    const char *rest = strptime(moment.ptr, "%Y-%m-%dT%H:%M:%S", &t);

    if (!rest || sscanf(rest, ".%3d", &thousandths) != 1) {
        snprintf(room, 64, "%.*s", TND_FMT(moment));
        return room;
    }
    time_t seconds = timegm(&t);
    localtime_r(&seconds, &t);
    strftime(zone, sizeof(zone), "%z", &t);
    size_t len = strftime(room, 64, "%Y-%m-%d %H:%M:%S", &t);
    snprintf(room + len, 64 - len, ".%03d%s", thousandths, zone);
    return room;
}

/* All lines begin in the column behind the longest label. LABEL_COUNT: none. */
static void put_label(enum tnd_lang lang, enum label label)
{
    struct tnd_slice text =
        label == LABEL_COUNT ? TND_STR("") : tnd_slice_str(tnd_text(lang, labels[label]));
    int longest = 0;

    for (size_t i = 0; i < LABEL_COUNT; i++) {
        int width = columns_width(tnd_slice_str(tnd_text(lang, labels[i])));
        longest = width > longest ? width : longest;
    }
    printf("%*s%.*s%*s", INDENT, "", TND_FMT(text), longest - columns_width(text) + INDENT, "");
}

/* "486 Busy Here" */
static void put_code(int code, struct tnd_slice phrase)
{
    printf("%d", code);
    if (phrase.len > 0)
        putchar(' ');
    cli_put_text(stdout, phrase);
}

/* What became of a branch, in the words of the server (tnd_why_end_text()); those that we do not know stay. */
static struct tnd_slice outcome_of(enum tnd_lang lang, const json_t *branch)
{
    static const char *const known[] = {
        N_("not tried"),       N_("not answered yet"),  N_("cancelled"),          N_("followed"),
        N_("nobody answered"), N_("could not be sent"), N_("told to the caller"),
    };
    struct tnd_slice outcome = why_text(branch, "outcome");

    for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
        if (tnd_slice_eq(outcome, tnd_slice_str(known[i])))
            return tnd_slice_str(tnd_text(lang, known[i]));
    return tnd_slice_eq(outcome, TND_STR("responded")) ? TND_STR("") : outcome;
}

static void print_branch(const json_t *branch, enum tnd_lang lang)
{
    const json_t *code = json_object_get(branch, "code");
    struct tnd_slice outcome = outcome_of(lang, branch);
    int number = (int)json_integer_value(code);

    cli_put_text(stdout, why_text(branch, "target"));
    fputs(": ", stdout);
    if (json_is_integer(code))
        put_code(number, tnd_slice_str(number > 0 ? tnd_code_phrase((unsigned)number) : ""));
    if (outcome.len > 0 && json_is_integer(code))
        fputs(", ", stdout);
    cli_put_text(stdout, outcome);
    if (json_is_true(json_object_get(branch, "chosen")))
        printf(", %s",
               tnd_text(lang, number / 100 == 2 ? N_("which answered") : N_("which was chosen")));
    putchar('\n');
}

static void print_branches(const json_t *record, enum tnd_lang lang)
{
    const json_t *list = json_object_get(record, "branches");
    size_t all = (size_t)json_integer_value(json_object_get(record, "branch_count"));
    size_t told = json_array_size(list);

    for (size_t i = 0; i < told; i++) {
        put_label(lang, i == 0 ? LABEL_TRIED : LABEL_COUNT);
        print_branch(json_array_get(list, i), lang);
    }
    if (all <= told)
        return;
    put_label(lang, LABEL_COUNT);
    say_put(lang, N_("and {n} more"), &(struct say){.n = all - told});
    putchar('\n');
}

/* "404 Not Found to INVITE from udp:192.0.2.1:5060" */
static void print_answer(const json_t *record, enum tnd_lang lang)
{
    const json_t *code = json_object_get(record, "code");
    struct tnd_slice method = why_text(record, "method"), phrase = why_text(record, "phrase");
    struct say values = {.a = method, .b = why_text(record, "source"), .c = phrase};

    if (method.len == 0)
        values.a = tnd_slice_str(tnd_text(lang, N_("a request")));
    if (!json_is_integer(code)) {
        say_put(lang, N_("no answer to {a} from {b}"), &values);
        return;
    }
    values.n = (size_t)json_integer_value(code);
    say_put(lang, phrase.len > 0 ? N_("{n} {c} to {a} from {b}") : N_("{n} to {a} from {b}"),
            &values);
}

static void print_record(const json_t *record, enum tnd_lang lang)
{
    bool has_branches = json_array_size(json_object_get(record, "branches")) > 0;
    struct tnd_slice fact = why_text(record, "fact");
    char room[64];

    printf("%s  ", why_time(why_text(record, "time"), room));
    print_answer(record, lang);
    putchar('\n');
    put_label(lang, LABEL_WHY);
    cli_put_text(stdout, why_text(record, "text"));
    putchar('\n');
    put_label(lang, LABEL_COUNT);
    cli_put_text(stdout, why_text(record, "rule"));
    fputs(", ", stdout);
    cli_put_text(stdout, why_text(record, "reference"));
    putchar('\n');
    if (fact.len > 0) {
        put_label(lang, has_branches ? LABEL_FOR : LABEL_FACT);
        cli_put_text(stdout, fact);
        putchar('\n');
    }
    print_branches(record, lang);
}

void why_show(const json_t *records, enum tnd_lang lang)
{
    for (size_t i = 0; i < json_array_size(records); i++) {
        if (i > 0)
            putchar('\n');
        print_record(json_array_get(records, i), lang);
    }
}
