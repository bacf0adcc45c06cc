/* Names and words for results, severities and whose doing it is. */
#include "diag/diag.h"
#include "ref/texts.h"

static const struct {
    const char *name, *text;
} culprits[] = {
    [TND_DIAG_NOBODY] = {"nobody", N_("nobody")},    [TND_DIAG_CALLER] = {"caller", N_("caller")},
    [TND_DIAG_CALLEE] = {"callee", N_("callee")},    [TND_DIAG_PROXY] = {"proxy", N_("proxy")},
    [TND_DIAG_NETWORK] = {"network", N_("network")},
};

const char *tnd_diag_culprit_name(enum tnd_diag_culprit culprit)
{
    return culprits[culprit].name;
}

const char *tnd_diag_culprit_text(enum tnd_diag_culprit culprit, enum tnd_lang lang)
{
    return tnd_text(lang, culprits[culprit].text);
}

struct tnd_slice tnd_diag_detail(const struct tnd_diag_finding *finding, enum tnd_lang lang,
                                 char room[static TND_DIAG_DETAIL_SIZE])
{
    enum tnd_rule rule = (enum tnd_rule)finding->flaw;
    struct tnd_writer w = tnd_writer(room, TND_DIAG_DETAIL_SIZE);

    if (rule == TND_RULE_NONE)
        return finding->detail;
    tnd_put_str(&w, tnd_rule_name(rule));
    tnd_put_str(&w, ": ");
    tnd_put_str(&w, tnd_text(lang, tnd_rule_sentence(rule)));
    tnd_put_str(&w, " (");
    tnd_put_str(&w, tnd_rule_law(rule));
    tnd_put_str(&w, ")");
    return tnd_writer_slice(&w);
}

const char *tnd_diag_severity_name(enum tnd_diag_severity severity)
{
    static const char *const names[] = {
        [TND_DIAG_NOTE] = "note", [TND_DIAG_WARNING] = "warning", [TND_DIAG_ERROR] = "error"};

    return names[severity];
}

const char *tnd_diag_result_name(enum tnd_diag_result result)
{
    static const char *const names[] = {[TND_DIAG_OPEN] = "open",
                                        [TND_DIAG_ANSWERED] = "answered",
                                        [TND_DIAG_CANCELLED] = "cancelled",
                                        [TND_DIAG_FAILED] = "failed"};

    return names[result];
}
