/* Diagnosed calls as HTML. */
#include "web/call_page.h"

#include "web/call_json.h"
#include "web/parts.h"

/* What stands around a piece: texts in lang. It links to no other page. */
static struct tnd_html html(struct tnd_writer *w, enum tnd_lang lang)
{
    return (struct tnd_html){.w = w, .lang = lang};
}

const char *tnd_call_result_text(enum tnd_diag_result result, enum tnd_lang lang)
{
    static const char *const texts[] = {
        [TND_DIAG_OPEN] = N_("Open"),
        [TND_DIAG_ANSWERED] = N_("Answered"),
        [TND_DIAG_CANCELLED] = N_("Cancelled"),
        [TND_DIAG_FAILED] = N_("Failed"),
    };

    return tnd_text(lang, texts[result]);
}

static void put_number(const struct tnd_html *h, const char *name, uint64_t n)
{
    tnd_html(h, "<li>%t <b>", name);
    tnd_put_number(h->w, n);
    tnd_html(h, "</b></li>\n");
}

static void put_numbers(const struct tnd_html *h, const struct tnd_call_sum *sum)
{
    tnd_html(h, "<ul class=\"sum\">\n");
    put_number(h, N_("Messages"), sum->messages);
    put_number(h, N_("Calls"), sum->calls);
    put_number(h, N_("Failed"), sum->failed);
    put_number(h, N_("Not failed, but with errors"), sum->broken);
    put_number(h, N_("Answered"), sum->answered);
    put_number(h, N_("Cancelled"), sum->cancelled);
    put_number(h, N_("Open"), sum->open);
    tnd_html(h, "</ul>\n");
}

static void put_commonest(const struct tnd_html *h, const struct tnd_call_sum *sum)
{
    if (sum->common_count == 0)
        return;
    tnd_html(h, "<h2>%t</h2>\n<ol class=\"common\">\n", N_("The commonest findings"));
    for (size_t i = 0; i < sum->common_count; i++) {
        unsigned rule = sum->common[i].rule;

        tnd_html(h, "<li><b>");
        tnd_put_number(h->w, sum->common[i].count);
        tnd_html(h, " ×</b> %s <code>%s</code></li>\n", tnd_diag_rule_text(rule, h->lang),
                 tnd_diag_rule_name(rule));
    }
    tnd_html(h, "</ol>\n");
}

static void put_head(const struct tnd_html *h, struct tnd_slice title)
{
    tnd_html(h,
             "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
             "'unsafe-inline'\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
             "<meta name=\"color-scheme\" content=\"light dark\">\n"
             "<meta name=\"generator\" content=\"tandem diagnose\">\n<title>",
             tnd_lang_code(h->lang));
    tnd_html_escape(h->w, title);
    tnd_html(h, "</title>\n<style>\n");
    tnd_put(h->w, tnd_asset_style);
    tnd_put(h->w, tnd_asset_diagnosis);
    tnd_html(h, "</style>\n</head>\n");
}

void tnd_call_page_begin(struct tnd_writer *w, enum tnd_lang lang, struct tnd_slice title,
                         const struct tnd_call_sum *sum, uint64_t left_out)
{
    struct tnd_html h = html(w, lang);

    put_head(&h, title);
    tnd_html(&h, "<body>\n<main class=\"diagnosis\">\n<header class=\"hero\">\n<h1>");
    tnd_html_escape(w, title);
    tnd_html(&h, "</h1>\n");
    put_numbers(&h, sum);
    if (left_out > 0) {
        tnd_html(&h, "<p class=\"note\">%t ", N_("Calls that are not shown on this page:"));
        tnd_put_number(w, left_out);
        tnd_html(&h, "</p>\n");
    }
    put_commonest(&h, sum);
    tnd_html(&h, "</header>\n");
}

/* "420 Bad Extension", or what became of it. */
static void put_outcome(const struct tnd_html *h, const struct tnd_diag_call *call)
{
    const char *phrase = tnd_code_phrase(call->code);

    tnd_html(h, "<span class=\"outcome\">%s",
             tnd_call_result_text((enum tnd_diag_result)call->result, h->lang));
    if (call->code)
        tnd_html(h, ": <b>%u</b> %s", (unsigned)call->code, phrase ? phrase : "");
    tnd_html(h, "</span>");
}

/* It did not fail, and yet has errors. */
static bool is_broken(const struct tnd_diag_call *call)
{
    for (size_t i = 0; i < call->finding_count; i++)
        if (call->finding[i].severity == TND_DIAG_ERROR)
            return call->result != TND_DIAG_FAILED;
    return false;
}

static void put_title(const struct tnd_html *h, const struct tnd_diag_call *call, const char *when)
{
    unsigned class = call->code ? class_number(call->code) : 4;

    tnd_html(h, "<section class=\"call %s c%u\">\n<h2>",
             is_broken(call) ? "broken" : tnd_diag_result_name((enum tnd_diag_result)call->result),
             class);
    put_outcome(h, call);
    tnd_html(h, " ");
    tnd_html_escape(h->w, call->from);
    tnd_html(h, " → ");
    tnd_html_escape(h->w, call->to);
    tnd_html(h, "</h2>\n<p class=\"about\">%s <code>", when);
    tnd_html_escape(h->w, call->call_id);
    tnd_html(h, "</code></p>\n");
}

static void put_evidence(const struct tnd_html *h, const struct tnd_diag_call *call,
                         const struct tnd_diag_finding *f)
{
    if (f->evidence_count == 0)
        return;
    tnd_html(h, "<ul class=\"proof\">\n");
    for (size_t i = 0; i < f->evidence_count; i++) {
        tnd_html(h, "<li><b>#");
        tnd_put_number(h->w, call->message[f->evidence[i].message].number);
        tnd_html(h, "</b> <code>");
        tnd_html_escape(h->w, tnd_call_evidence(call, &f->evidence[i]));
        tnd_html(h, "</code></li>\n");
    }
    tnd_html(h, "</ul>\n");
}

/* Whose doing it is, where, and how sure that is. */
static void put_culprit(const struct tnd_html *h, const struct tnd_diag_finding *f)
{
    char room[TND_ENDPOINT_LEN_MAX];
    struct tnd_writer place = tnd_writer(room, sizeof(room));

    if (f->culprit != TND_DIAG_NOBODY) {
        tnd_html(h, "<p class=\"who\">%t: %s", N_("Whose doing"),
                 tnd_diag_culprit_text((enum tnd_diag_culprit)f->culprit, h->lang));
        if (f->place.family != TND_FAMILY_NONE) {
            tnd_endpoint_write(&place, &f->place);
            tnd_html(h, " <code>");
            tnd_html_escape(h->w, tnd_writer_slice(&place));
            tnd_html(h, "</code>");
        }
        tnd_html(h, "</p>\n");
    }
    if (f->is_guess)
        tnd_html(h, "<p class=\"who\">%t</p>\n",
                 N_("A guess: the messages do not show it, but it is the likeliest."));
}

static void put_finding(const struct tnd_html *h, const struct tnd_diag_call *call,
                        const struct tnd_diag_finding *f)
{
    char room[TND_DIAG_DETAIL_SIZE];
    struct tnd_slice detail = tnd_diag_detail(f, h->lang, room);

    tnd_html(h, "<div class=\"finding %s\">\n<p class=\"what\">%s",
             tnd_diag_severity_name((enum tnd_diag_severity)f->severity),
             tnd_diag_rule_text(f->rule, h->lang));
    if (detail.ptr) {
        tnd_html(h, " <code>");
        tnd_html_escape(h->w, detail);
        tnd_html(h, "</code>");
    }
    tnd_html(h, "</p>\n");
    put_culprit(h, f);
    put_evidence(h, call, f);
    tnd_html(h, "<p class=\"mend\"><b>%t</b> %s</p>\n</div>\n", N_("How to fix it"),
             tnd_diag_rule_fix(f->rule, h->lang));
}

static void put_explanation(const struct tnd_html *h, const struct tnd_diag_call *call)
{
    struct tnd_explanation e;

    if (call->result != TND_DIAG_FAILED || !call->code)
        return;
    tnd_explain(call->code, h->lang, &e);
    tnd_html(h, "<h3>%u %s</h3>\n<p>%s</p>\n", e.code, e.title, e.description);
}

void tnd_call_page_put(struct tnd_writer *w, enum tnd_lang lang, const struct tnd_diag_call *call,
                       const struct tnd_ladder *ladder, const char *when)
{
    struct tnd_html h = html(w, lang);

    put_title(&h, call, when);
    /* who has no mouse scrolls what is wider than the screen */
    tnd_html(&h, "<div class=\"ladder\">\n<div class=\"scroll\" tabindex=\"0\">\n");
    tnd_ladder_svg(w, ladder);
    tnd_html(&h, "</div>\n</div>\n");
    if (call->finding_count > 0)
        tnd_html(&h, "<h3>%t</h3>\n", N_("What went wrong"));
    for (size_t i = 0; i < call->finding_count; i++)
        put_finding(&h, call, &call->finding[i]);
    put_explanation(&h, call);
    tnd_html(&h, "</section>\n");
}

void tnd_call_page_end(struct tnd_writer *w, enum tnd_lang lang)
{
    struct tnd_html h = html(w, lang);

    tnd_html(&h, "</main>\n</body>\n</html>\n");
}
