/* Calls as JSON. */
#include "web/call_json.h"

#include "web/html.h"

/* ,"name": */
static void put_name(struct tnd_writer *w, const char *name)
{
    tnd_put_str(w, ",\"");
    tnd_put_str(w, name);
    tnd_put_str(w, "\":");
}

/* Absent: null. */
static void put_slice(struct tnd_writer *w, const char *name, struct tnd_slice text)
{
    put_name(w, name);
    if (text.ptr)
        tnd_json_put(w, text);
    else
        tnd_put_str(w, "null");
}

static void put_text(struct tnd_writer *w, const char *name, const char *text)
{
    put_slice(w, name, tnd_slice_str(text));
}

static void put_count(struct tnd_writer *w, const char *name, uint64_t n)
{
    put_name(w, name);
    tnd_put_number(w, n);
}

/* 0: null. */
static void put_code(struct tnd_writer *w, const char *name, unsigned code)
{
    put_name(w, name);
    if (code)
        tnd_put_number(w, code);
    else
        tnd_put_str(w, "null");
}

static void put_bool(struct tnd_writer *w, const char *name, bool is)
{
    put_name(w, name);
    tnd_put_str(w, is ? "true" : "false");
}

/* Microseconds as seconds: 0.002000. */
static void put_seconds(struct tnd_writer *w, int64_t at)
{
    uint64_t n = at < 0 ? 0 - (uint64_t)at : (uint64_t)at;
    char digits[7] = ".000000";
    uint64_t rest = n % 1000000;

    for (size_t i = sizeof(digits); --i > 0; rest /= 10)
        digits[i] = (char)('0' + rest % 10);
    if (at < 0)
        tnd_put_char(w, '-');
    tnd_put_number(w, n / 1000000);
    tnd_put(w, tnd_slice(digits, sizeof(digits)));
}

static void put_place(struct tnd_writer *w, const char *name, const struct tnd_endpoint *place)
{
    char room[TND_ENDPOINT_LEN_MAX];
    struct tnd_writer text = tnd_writer(room, sizeof(room));

    if (place->family != TND_FAMILY_NONE)
        tnd_endpoint_write(&text, place);
    put_slice(w, name, text.len > 0 ? tnd_writer_slice(&text) : (struct tnd_slice){NULL, 0});
}

/* The first line of a message. */
static struct tnd_slice start_line(struct tnd_slice bytes)
{
    size_t len = 0;

    while (len < bytes.len && bytes.ptr[len] != '\r' && bytes.ptr[len] != '\n')
        len++;
    return tnd_slice(bytes.ptr, len);
}

struct tnd_slice tnd_call_evidence(const struct tnd_diag_call *call,
                                   const struct tnd_diag_evidence *evidence)
{
    return evidence->line.ptr ? tnd_slice_trim(evidence->line)
                              : start_line(call->message[evidence->message].bytes);
}

static void put_evidence(struct tnd_writer *w, const struct tnd_diag_call *call,
                         const struct tnd_diag_finding *f)
{
    put_name(w, "evidence");
    tnd_put_char(w, '[');
    for (size_t i = 0; i < f->evidence_count; i++) {
        tnd_put_str(w, i > 0 ? "," : "");
        tnd_json_put(w, tnd_call_evidence(call, &f->evidence[i]));
    }
    tnd_put_char(w, ']');
    put_name(w, "evidence_messages");
    tnd_put_char(w, '[');
    for (size_t i = 0; i < f->evidence_count; i++) {
        tnd_put_str(w, i > 0 ? "," : "");
        tnd_put_number(w, call->message[f->evidence[i].message].number);
    }
    tnd_put_char(w, ']');
}

/* Absent: there is none. */
static struct tnd_slice rule_name(unsigned rule)
{
    return rule == TND_RULE_NONE ? (struct tnd_slice){NULL, 0}
                                 : tnd_slice_str(tnd_rule_name((enum tnd_rule)rule));
}

static void put_finding(struct tnd_writer *w, const struct tnd_diag_call *call,
                        const struct tnd_diag_finding *f, enum tnd_lang lang)
{
    char room[TND_DIAG_DETAIL_SIZE];

    tnd_put_str(w, "{\"rule\":");
    tnd_json_put(w, tnd_slice_str(tnd_diag_rule_name(f->rule)));
    put_text(w, "severity", tnd_diag_severity_name((enum tnd_diag_severity)f->severity));
    put_text(w, "culprit", tnd_diag_culprit_name((enum tnd_diag_culprit)f->culprit));
    put_place(w, "place", &f->place);
    put_bool(w, "guess", f->is_guess);
    put_code(w, "code", f->code);
    put_text(w, "text", tnd_diag_rule_text(f->rule, lang));
    put_slice(w, "flaw", rule_name(f->flaw));
    put_slice(w, "detail", tnd_diag_detail(f, lang, room));
    put_evidence(w, call, f);
    put_text(w, "fix", tnd_diag_rule_fix(f->rule, lang));
    tnd_put_char(w, '}');
}

void tnd_call_json_findings(struct tnd_writer *w, const struct tnd_diag_call *call,
                            enum tnd_lang lang)
{
    tnd_put_char(w, '[');
    for (size_t i = 0; i < call->finding_count; i++) {
        tnd_put_str(w, i > 0 ? "," : "");
        put_finding(w, call, &call->finding[i], lang);
    }
    tnd_put_char(w, ']');
}

static void put_party(struct tnd_writer *w, const char *name, const struct tnd_ladder *l, size_t at)
{
    put_slice(w, name, at < l->party_count ? l->party[at] : (struct tnd_slice){NULL, 0});
}

static void put_line(struct tnd_writer *w, const struct tnd_ladder *l,
                     const struct tnd_ladder_line *line)
{
    tnd_put_str(w, "{\"time\":");
    put_seconds(w, line->at);
    put_party(w, "from", l, line->from);
    put_party(w, "to", l, line->to);
    put_slice(w, "line", line->text);
    put_name(w, "facts");
    tnd_put_char(w, '[');
    for (size_t i = 0; i < line->fact_count; i++) {
        tnd_put_str(w, i > 0 ? "," : "");
        tnd_json_put(w, line->fact[i]);
    }
    tnd_put_str(w, "]}");
}

void tnd_call_json_ladder(struct tnd_writer *w, const struct tnd_ladder *l)
{
    tnd_put_char(w, '[');
    for (size_t i = 0; i < l->line_count; i++) {
        tnd_put_str(w, i > 0 ? "," : "");
        put_line(w, l, &l->line[i]);
    }
    tnd_put_char(w, ']');
}

void tnd_call_json_explanation(struct tnd_writer *w, unsigned code, enum tnd_lang lang)
{
    struct tnd_explanation e;

    tnd_explain(code, lang, &e);
    tnd_put_str(w, "{\"code\":");
    tnd_put_number(w, e.code);
    put_text(w, "phrase", e.phrase);
    put_text(w, "title", e.title);
    put_text(w, "description", e.description);
    put_text(w, "fix", e.fix);
    put_text(w, "lang", tnd_lang_code((enum tnd_lang)e.lang));
    tnd_put_char(w, '}');
}

static void put_legs(struct tnd_writer *w, const struct tnd_diag_call *call)
{
    put_name(w, "legs");
    tnd_put_char(w, '[');
    for (size_t i = 0; i < call->leg_count; i++) {
        tnd_put_str(w, i > 0 ? ",{\"call_id\":" : "{\"call_id\":");
        tnd_json_put(w, call->leg[i]);
        put_bool(w, "guess", call->leg_is_guess[i]);
        tnd_put_char(w, '}');
    }
    tnd_put_char(w, ']');
}

/* Who, what, when, and how it ended. */
static void put_head(struct tnd_writer *w, const struct tnd_diag_call *call)
{
    tnd_put_str(w, "{\"call_id\":");
    tnd_json_put(w, call->call_id);
    put_slice(w, "from", call->from);
    put_slice(w, "to", call->to);
    put_text(w, "method", tnd_method_name((enum tnd_method)call->method));
    put_text(w, "result", tnd_diag_result_name((enum tnd_diag_result)call->result));
    put_code(w, "code", call->code);
    put_name(w, "began");
    put_seconds(w, call->began);
    put_name(w, "ended");
    put_seconds(w, call->ended);
    put_count(w, "messages", call->message_count);
    put_count(w, "left_out", call->left_out);
}

void tnd_call_json(struct tnd_writer *w, const struct tnd_diag_call *call, enum tnd_lang lang,
                   const struct tnd_ladder *ladder)
{
    put_head(w, call);
    put_legs(w, call);
    put_name(w, "findings");
    tnd_call_json_findings(w, call, lang);
    put_name(w, "explanation");
    if (call->result == TND_DIAG_FAILED && call->code)
        tnd_call_json_explanation(w, call->code, lang);
    else
        tnd_put_str(w, "null");
    if (ladder) {
        put_name(w, "ladder");
        tnd_call_json_ladder(w, ladder);
    }
    tnd_put_char(w, '}');
}
