/* Which calls are told. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/ascii.h"
#include "cli/cli.h"
#include "cli/diagnose.h"
#include "diag/find.h"
#include "web/moment.h"

/* Whether part stands somewhere in whole, whatever the case of letters is. */
static bool holds(struct tnd_slice whole, const char *part)
{
    struct tnd_slice sought = tnd_slice_str(part);

    for (size_t i = 0; i + sought.len <= whole.len; i++)
        if (tnd_slice_eq_fold(tnd_slice(whole.ptr + i, sought.len), sought))
            return true;
    return false;
}

static bool has_call_id(const struct tnd_diag_call *call, const char *call_id)
{
    struct tnd_slice sought = tnd_slice_str(call_id);

    if (tnd_slice_eq(call->call_id, sought))
        return true;
    for (size_t i = 0; i < call->leg_count; i++)
        if (tnd_slice_eq(call->leg[i], sought))
            return true;
    return false;
}

static bool is_wanted(const struct diagnose_filter *f, unsigned code)
{
    for (size_t i = 0; i < f->code_count; i++)
        if (code >= f->code[i].first && code <= f->code[i].last)
            return true;
    return false;
}

/* Of a response that came, or one that a finding is about: nothing may have come, which is a 408. */
static bool has_code(const struct diagnose_filter *f, const struct tnd_diag_call *call)
{
    if (is_wanted(f, call->code))
        return true;
    for (size_t i = 0; i < call->message_count; i++)
        if (call->message[i].code && is_wanted(f, call->message[i].code))
            return true;
    for (size_t i = 0; i < call->finding_count; i++)
        if (call->finding[i].code && is_wanted(f, call->finding[i].code))
            return true;
    return false;
}

static bool has_rule(const struct tnd_diag_call *call, const char *rule)
{
    for (size_t i = 0; i < call->finding_count; i++)
        if (strcmp(tnd_diag_rule_name(call->finding[i].rule), rule) == 0)
            return true;
    return false;
}

bool diagnose_filter_fits(const struct diagnose_filter *f, const struct tnd_diag_call *call)
{
    return (!f->call_id || has_call_id(call, f->call_id)) &&
           (!f->from || holds(call->from, f->from)) && (!f->to || holds(call->to, f->to)) &&
           (!f->rule || has_rule(call, f->rule)) && (!f->has_since || call->began >= f->since) &&
           (f->code_count == 0 || has_code(f, call));
}

/* A code of three digits, or two of them for a class: "4xx" is from 400 to 499. */
static bool take_code(const char **at, struct diagnose_codes *ret)
{
    const char *c = *at;

    if (c[0] < '1' || c[0] > '6')
        return false;
    ret->first = (uint16_t)((c[0] - '0') * 100);
    ret->last = (uint16_t)(ret->first + 99);
    if (tnd_is_digit(c[1]) && tnd_is_digit(c[2])) {
        ret->first = (uint16_t)(ret->first + (c[1] - '0') * 10 + c[2] - '0');
        ret->last = ret->first;
    } else if ((c[1] != 'x' && c[1] != 'X') || (c[2] != 'x' && c[2] != 'X')) {
        return false;
    }
    *at += 3;
    return true;
}

/* "486", "4xx", "400-403". */
static bool take_codes(const char **at, struct diagnose_codes *ret)
{
    struct diagnose_codes to;

    if (!take_code(at, ret))
        return false;
    if (**at == '-') {
        ++*at;
        if (!take_code(at, &to) || to.last < ret->first)
            return false;
        ret->last = to.last;
    }
    return **at == ',' || **at == '\0';
}

int diagnose_filter_codes(struct diagnose_filter *f, const char *text)
{
    for (const char *at = text;; at++) {
        if (f->code_count == DIAGNOSE_CODES_COUNT_MAX)
            return cli_fail("diagnose: --code may name %d codes and ranges",
                            DIAGNOSE_CODES_COUNT_MAX);
        if (!take_codes(&at, &f->code[f->code_count]))
            return cli_fail("diagnose: --code '%s' is no response code; write it like 486, 4xx, "
                            "400-403 or 486,6xx",
                            text);
        f->code_count++;
        if (*at == '\0')
            return CLI_OK;
    }
}

int diagnose_filter_rule(struct diagnose_filter *f, const char *text)
{
    for (unsigned rule = 1; rule < TND_DIAG_RULE_COUNT; rule++) {
        const char *name = tnd_diag_rule_name(rule);

        if (strcasecmp(name, text) != 0 && strcasecmp(name + strlen("DIAG_"), text) != 0)
            continue;
        f->rule = name;
        return CLI_OK;
    }
    return cli_fail("diagnose: --rule '%s' is no finding; --json names those of a capture", text);
}

/* "15m": microseconds. */
static bool read_span(const char *text, int64_t *ret)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
    size_t len = strlen(text);
    uint64_t n;

    if (len < 2 || !tnd_slice_number(tnd_slice(text, len - 1), 100000000, &n))
        return false;
    for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
        if (text[len - 1] != units[i].unit)
            continue;
        *ret = TND_SEC((int64_t)n * units[i].seconds);
        return true;
    }
    return false;
}

int diagnose_filter_since(struct diagnose_filter *f, const char *text, int64_t now)
{
    int64_t moment, span;
    const char *fault = NULL;

    if (read_span(text, &span))
        f->since = now - span;
    else if ((fault = moment_read(text, &moment)))
        return cli_fail("diagnose: --since '%s' %s, or how long ago like 15m", text, fault);
    else
        f->since = TND_SEC(moment);
    f->has_since = true;
    return CLI_OK;
}
