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
