/* tandem diagnose, for people: a call with its ladder, what went wrong, what to change; and the sum. */
#include <string.h>

#include "cli/cli.h"
#include "cli/columns.h"
#include "cli/diagnose.h"
#include "cli/pager.h"
#include "ref/texts.h"
#include "web/call_json.h"
#include "web/moment.h"

enum {
    INDENT = 2,
    TEXT_WIDTH_MAX = 100, /* longer lines are hard to read */
    LINE_SIZE = 4096,     /* the longest text, in the language with the longest letters */
    DETAIL_LEN_MAX = TND_DIAG_DETAIL_SIZE, /* of it, a peer's words are cut there */
};

static int text_width(const struct diagnose *d)
{
    return d->width < TEXT_WIDTH_MAX ? d->width : TEXT_WIDTH_MAX;
}

static void colour(const struct diagnose *d, const char *code)
{
    if (d->colour)
        fprintf(d->out, "\033[%sm", code);
}

static void put_heading(const struct diagnose *d, const char *text)
{
    fputc('\n', d->out);
    colour(d, "1");
    cli_put_text(d->out, tnd_slice_str(text));
    colour(d, "");
    fputc('\n', d->out);
}

/* A paragraph, cut off if it is too long for one. */
static void put_paragraph(const struct diagnose *d, struct tnd_writer *w, int indent)
{
    struct tnd_slice text = tnd_slice(w->ptr, w->len < w->size ? w->len : w->size);

    columns_put(d->out, text, text_width(d), indent, "");
}

/* As much of text as there is room for: what peers sent has any length. */
static void put_some(struct tnd_writer *w, struct tnd_slice text)
{
    size_t room = w->size > w->len ? w->size - w->len : 0;

    tnd_put(w, tnd_slice(text.ptr, text.len < room ? text.len : room));
}

static const char *colour_of(const struct tnd_diag_call *call)
{
    static const char *const codes[] = {
        [TND_DIAG_OPEN] = "1",
        [TND_DIAG_ANSWERED] = "1;32",
        [TND_DIAG_CANCELLED] = "1;33",
        [TND_DIAG_FAILED] = "1;31",
    };

    return codes[diagnose_is_trouble(call) ? TND_DIAG_FAILED : call->result];
}

/* "Failed: 420 Bad Extension" */
static void put_outcome(struct tnd_writer *w, const struct diagnose *d,
                        const struct tnd_diag_call *call)
{
    tnd_put_str(w, tnd_call_result_text((enum tnd_diag_result)call->result, d->lang));
    if (!call->code)
        return;
    tnd_put_str(w, ": ");
    tnd_put_number(w, call->code);
    if (tnd_code_phrase(call->code)) {
        tnd_put_char(w, ' ');
        tnd_put_str(w, tnd_code_phrase(call->code));
    }
}

/* Who calls whom, and what became of it. */
static void put_title(const struct diagnose *d, const struct tnd_diag_call *call)
{
    char room[LINE_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    if (call->method != TND_METHOD_INVITE) {
        tnd_put_str(&w, tnd_method_name((enum tnd_method)call->method));
        tnd_put_char(&w, ' ');
    }
    put_some(&w, tnd_slice(call->from.ptr, call->from.len < 512 ? call->from.len : 512));
    tnd_put_str(&w, d->utf8 ? " → " : " -> ");
    put_some(&w, tnd_slice(call->to.ptr, call->to.len < 512 ? call->to.len : 512));
    tnd_put_str(&w, "  ");
    put_outcome(&w, d, call);
    colour(d, colour_of(call));
    put_paragraph(d, &w, 0);
    colour(d, "");
}

/* "Call-ID 3c26@host, 2026-11-26T10:31:05+00:00, 0.412 s, messages #3 to #17" */
static void put_about(const struct diagnose *d, const struct tnd_diag_call *call)
{
    char room[LINE_SIZE], when[MOMENT_SIZE], span[64];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_put_str(&w, "Call-ID ");
    put_some(&w, tnd_slice(call->call_id.ptr, call->call_id.len < 512 ? call->call_id.len : 512));
    tnd_put_str(&w, ", ");
    tnd_put_str(&w, moment_write(when, call->began / TND_SEC(1), true));
    snprintf(span, sizeof(span), ", %.3f s", (double)(call->ended - call->began) / 1e6);
    tnd_put_str(&w, span);
    if (call->message_count > 0) {
        tnd_put_str(&w, ", #");
        tnd_put_number(&w, call->message[0].number);
        tnd_put_str(&w, d->utf8 ? "–#" : "-#");
        tnd_put_number(&w, call->message[call->message_count - 1].number);
    }
    put_paragraph(d, &w, 0);
}

struct drawing {
    const struct diagnose *d;
    const struct tnd_ladder *ladder;
};

static void write_ladder(struct tnd_writer *w, void *ctx)
{
    const struct drawing *of = ctx;

    tnd_ladder_text(w, of->ladder,
                    &(struct tnd_ladder_look){.width = (unsigned)of->d->width,
                                              .utf8 = of->d->utf8,
                                              .colour = of->d->colour});
}

static void put_ladder(struct diagnose *d, const struct tnd_diag_call *call)
{
    struct tnd_ladder ladder;
    struct drawing drawing = {d, &ladder};

    if (!diagnose_ladder(d, call, &ladder)) {
        d->is_broken = true;
        return;
    }
    struct tnd_slice text = diagnose_fill(&d->room, write_ladder, &drawing);
    fputc('\n', d->out);
    if (text.ptr)
        fwrite(text.ptr, 1, text.len, d->out);
    else
        d->is_broken = true;
}

/* "Whose doing: the callee, udp:192.0.2.2:5060" */
static void put_culprit(const struct diagnose *d, const struct tnd_diag_finding *f)
{
    char room[LINE_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    if (f->culprit != TND_DIAG_NOBODY) {
        tnd_put_str(&w, tnd_text(d->lang, N_("Whose doing")));
        tnd_put_str(&w, ": ");
        tnd_put_str(&w, tnd_diag_culprit_text((enum tnd_diag_culprit)f->culprit, d->lang));
        if (f->place.family != TND_FAMILY_NONE) {
            tnd_put_str(&w, ", ");
            tnd_endpoint_write(&w, &f->place);
        }
        put_paragraph(d, &w, 2 * INDENT);
    }
    if (f->is_guess)
        columns_put(
            d->out,
            tnd_slice_str(tnd_text(
                d->lang, N_("A guess: the messages do not show it, but it is the likeliest."))),
            text_width(d), 2 * INDENT, "");
}

/* "#12  Require: precondition", as it stands but for its length. */
static void put_evidence(const struct diagnose *d, const struct tnd_diag_call *call,
                         const struct tnd_diag_finding *f)
{
    for (size_t i = 0; i < f->evidence_count; i++) {
        struct tnd_slice line = tnd_call_evidence(call, &f->evidence[i]);
        char mark[32];

        snprintf(mark, sizeof(mark), "#%llu  ",
                 (unsigned long long)call->message[f->evidence[i].message].number);
        line.len = line.len < LINE_SIZE ? line.len : LINE_SIZE;
        colour(d, "36");
        columns_put(d->out, line, text_width(d), 2 * INDENT + (int)strlen(mark), mark);
        colour(d, "");
    }
}

static void put_fix(const struct diagnose *d, const struct tnd_diag_finding *f)
{
    char room[LINE_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_put_str(&w, tnd_text(d->lang, N_("How to fix it")));
    tnd_put_str(&w, ": ");
    tnd_put_str(&w, tnd_diag_rule_fix(f->rule, d->lang));
    put_paragraph(d, &w, 2 * INDENT);
}

static void put_finding(const struct diagnose *d, const struct tnd_diag_call *call,
                        const struct tnd_diag_finding *f)
{
    static const char *const marks[] = {
        [TND_DIAG_NOTE] = "- ",
        [TND_DIAG_WARNING] = "? ",
        [TND_DIAG_ERROR] = "! ",
    };
    static const char *const colours[] = {
        [TND_DIAG_NOTE] = "",
        [TND_DIAG_WARNING] = "33",
        [TND_DIAG_ERROR] = "31",
    };
    char room[LINE_SIZE], detail_room[TND_DIAG_DETAIL_SIZE];
    struct tnd_slice detail = tnd_diag_detail(f, d->lang, detail_room);
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_put_str(&w, tnd_diag_rule_text(f->rule, d->lang));
    if (detail.ptr) {
        tnd_put_str(&w, " (");
        put_some(&w,
                 tnd_slice(detail.ptr, detail.len < DETAIL_LEN_MAX ? detail.len : DETAIL_LEN_MAX));
        tnd_put_char(&w, ')');
    }
    colour(d, colours[f->severity]);
    columns_put(d->out, tnd_slice(w.ptr, w.len < w.size ? w.len : w.size), text_width(d),
                2 * INDENT, marks[f->severity]);
    colour(d, "");
    put_culprit(d, f);
    put_evidence(d, call, f);
    put_fix(d, f);
}

/* What the code of a call that failed means. */
static void put_explanation(const struct diagnose *d, const struct tnd_diag_call *call)
{
    struct tnd_explanation e;
    char title[LINE_SIZE];

    if (call->result != TND_DIAG_FAILED || !call->code)
        return;
    tnd_explain(call->code, d->lang, &e);
    snprintf(title, sizeof(title), "%u %s (tandem explain %u)", e.code, e.title, e.code);
    put_heading(d, title);
    columns_put(d->out, tnd_slice_str(e.description), text_width(d), INDENT, "");
}

void diagnose_show(struct diagnose *d, const struct tnd_diag_call *call)
{
    diagnose_progress_end(&d->progress, d->out == NULL);
    if (!d->out)
        d->out = d->interface ? stdout : pager_start();
    put_title(d, call);
    put_about(d, call);
    put_ladder(d, call);
    if (call->finding_count > 0)
        put_heading(d, tnd_text(d->lang, N_("What went wrong")));
    for (size_t i = 0; i < call->finding_count; i++)
        put_finding(d, call, &call->finding[i]);
    put_explanation(d, call);
    fputs("\n\n", d->out);
    fflush(d->out);
}

/* "Messages: 120   Calls: 12   Failed: 3   ..." */
static void put_numbers(const struct diagnose *d)
{
    const struct {
        const char *name;
        uint64_t count;
        bool is_always;
    } numbers[] = {
        {N_("Messages"), d->sum.messages, true},
        {N_("Calls"), d->sum.calls, true},
        {N_("Failed"), d->sum.failed, true},
        {N_("Not failed, but with errors"), d->sum.broken, false},
        {N_("Answered"), d->sum.answered, false},
        {N_("Cancelled"), d->sum.cancelled, false},
        {N_("Open"), d->sum.open, false},
    };

    char room[LINE_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
        if (!numbers[i].is_always && numbers[i].count == 0)
            continue;
        tnd_put_str(&w, i > 0 ? ", " : "");
        tnd_put_str(&w, tnd_text(d->lang, numbers[i].name));
        tnd_put_str(&w, ": ");
        tnd_put_number(&w, numbers[i].count);
    }
    put_paragraph(d, &w, 0);
}

/* "3  The called device is busy. (BUSY)": by that name --rule finds them. */
static void put_common(const struct diagnose *d, const struct tnd_call_common *common)
{
    char room[LINE_SIZE], mark[32];

    snprintf(mark, sizeof(mark), "%llu  ", (unsigned long long)common->count);
    snprintf(room, sizeof(room), "%s (%s)", tnd_diag_rule_text(common->rule, d->lang),
             tnd_diag_rule_name(common->rule) + strlen("DIAG_"));
    columns_put(d->out, tnd_slice_str(room), text_width(d), 8, mark);
}

void diagnose_show_sum(struct diagnose *d)
{
    diagnose_progress_end(&d->progress, true);
    if (!d->out)
        d->out = stdout;
    put_numbers(d);
    if (d->sum.common_count > 0)
        put_heading(d, tnd_text(d->lang, N_("The commonest findings")));
    for (size_t i = 0; i < d->sum.common_count; i++)
        put_common(d, &d->sum.common[i]);
    if (d->out != stdout)
        pager_end(d->out);
    d->out = NULL;
}
