/* The table of what can be found, for people and for machines. */
#include "diag/find.h"

#include "ref/texts.h"

static const struct {
    const char *name, *text, *fix;
    uint8_t severity, culprit;
} rules[TND_DIAG_RULE_COUNT] = {
    {"", "", "", TND_DIAG_NOTE, TND_DIAG_NOBODY},
#define DIAG(id, severity, culprit, text, fix) \
    {"DIAG_" #id, text, fix, TND_DIAG_##severity, TND_DIAG_##culprit},
#include "diag/rules.def"
#undef DIAG
};

static unsigned known(unsigned rule)
{
    return rule < TND_DIAG_RULE_COUNT ? rule : TND_DIAG_RULE_NONE;
}

const char *tnd_diag_rule_name(unsigned rule)
{
    return rules[known(rule)].name;
}

const char *tnd_diag_rule_text(unsigned rule, enum tnd_lang lang)
{
    return tnd_text(lang, rules[known(rule)].text);
}

const char *tnd_diag_rule_fix(unsigned rule, enum tnd_lang lang)
{
    return tnd_text(lang, rules[known(rule)].fix);
}

enum tnd_diag_severity tnd_diag_rule_severity(unsigned rule)
{
    return (enum tnd_diag_severity)rules[known(rule)].severity;
}

enum tnd_diag_culprit tnd_diag_rule_culprit(unsigned rule)
{
    return (enum tnd_diag_culprit)rules[known(rule)].culprit;
}
