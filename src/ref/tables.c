/* Response codes, timers and rules: the tables and the look-ups. */
#include "tandem/ref.h"

struct code_row {
    const char *phrase, *law;
};

enum { CODE_FIRST = 100, CODE_END = 700 };

static const struct code_row code_rows[CODE_END - CODE_FIRST] = {
#define CODE(code, phrase, law) [code - CODE_FIRST] = {phrase, law},
#include "tandem/ref/codes.def"
#undef CODE
};

const char *tnd_code_phrase(unsigned code)
{
    static const char *const classes[] = {"Provisional",    "Success",        "Redirection",
                                          "Client Failure", "Server Failure", "Global Failure"};

    if (code < CODE_FIRST || code >= CODE_END)
        return "";
    const char *phrase = code_rows[code - CODE_FIRST].phrase;
    return phrase ? phrase : classes[code / 100 - 1];
}

const char *tnd_code_law(unsigned code)
{
    return code < CODE_FIRST || code >= CODE_END ? NULL : code_rows[code - CODE_FIRST].law;
}

static const struct {
    const char *name, *law, *text;
    tnd_time value;
} timer_rows[TND_TIMER_COUNT] = {
    [TND_TIMER_NONE] = {"", "", "", 0},
#define TIMER(id, value, law, text) [TND_TIMER_##id] = {#id, law, text, value},
#include "tandem/ref/timers.def"
#undef TIMER
};

const char *tnd_timer_name(enum tnd_timer timer)
{
    return timer_rows[timer].name;
}

tnd_time tnd_timer_default(enum tnd_timer timer)
{
    return timer_rows[timer].value;
}

const char *tnd_timer_law(enum tnd_timer timer)
{
    return timer_rows[timer].law;
}

const char *tnd_timer_text(enum tnd_timer timer)
{
    return timer_rows[timer].text;
}

static const struct {
    const char *name, *law, *sentence;
    enum tnd_level level;
} rule_rows[TND_RULE_COUNT] = {
    [TND_RULE_NONE] = {"", "", "", TND_LEVEL_MUST},
#define RULE(id, law, level, sentence) [TND_RULE_##id] = {#id, law, sentence, TND_LEVEL_##level},
#include "tandem/ref/rules.def"
#undef RULE
};

const char *tnd_rule_name(enum tnd_rule rule)
{
    return rule_rows[rule].name;
}

const char *tnd_rule_law(enum tnd_rule rule)
{
    return rule_rows[rule].law;
}

enum tnd_level tnd_rule_level(enum tnd_rule rule)
{
    return rule_rows[rule].level;
}

const char *tnd_rule_sentence(enum tnd_rule rule)
{
    return rule_rows[rule].sentence;
}
