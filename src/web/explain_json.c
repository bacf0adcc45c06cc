/* What a code means, as JSON. */
#include "web/explain_json.h"
#include "web/ends.h"

static json_t *text_of(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *codes_of(const uint16_t *codes, size_t max)
{
    json_t *list = json_array();

    for (size_t i = 0; i < max && codes[i]; i++)
        json_array_append_new(list, json_integer(codes[i]));
    return list;
}

static json_t *causes_of(const struct tnd_explanation *e)
{
    json_t *list = json_array();

    for (size_t i = 0; i < TND_EXPLAIN_CAUSE_COUNT_MAX && e->cause[i]; i++)
        json_array_append_new(list, json_string(e->cause[i]));
    return list;
}

static json_t *fields_of(const struct tnd_explanation *e)
{
    json_t *list = json_array();

    for (size_t i = 0; i < TND_EXPLAIN_FIELD_COUNT_MAX && e->field[i].header; i++)
        json_array_append_new(list,
                              json_pack("{s:s, s:s}", "name", tnd_header_name(e->field[i].header),
                                        "text", e->field[i].text));
    return list;
}

static json_t *senders_of(const struct tnd_explanation *e, enum tnd_lang lang)
{
    json_t *list = json_array();

    for (unsigned bit = TND_BY_CALLEE; bit <= TND_BY_OWN; bit <<= 1)
        if (e->sender & bit)
            json_array_append_new(
                list, json_string(tnd_code_sender_text((enum tnd_code_sender)bit, lang)));
    return list;
}

static json_t *facts_of(const struct tnd_explanation *e, enum tnd_lang lang)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s?}", "decides",
                     tnd_code_decider_text((enum tnd_code_decider)e->decider, lang), "outcome",
                     tnd_code_outcome_text((enum tnd_code_outcome)e->outcome, lang), "others",
                     tnd_code_others_text((enum tnd_code_others)e->others, lang), "remember",
                     tnd_code_memory_text((enum tnd_code_memory)e->memory, lang), "ends",
                     tnd_ends_text(e->code, lang));
}

/* What a list has of each. */
static json_t *head_of(const struct tnd_explanation *e)
{
    static const char *const standings[] = {
        [TND_CODE_REGISTERED] = "registered",
        [TND_CODE_FIELD] = "field",
        [TND_CODE_UNKNOWN] = "unknown",
        [TND_CODE_NONE] = "none",
    };

    return json_pack("{s:i, s:s, s:s, s:s, s:s, s:s}", "code", (int)e->code, "phrase", e->phrase,
                     "title", e->title, "class", e->of_class, "reference", e->reference, "standing",
                     standings[e->standing]);
}

json_t *tnd_explain_json(enum tnd_lang lang, unsigned code)
{
    struct tnd_explanation e;

    tnd_explain(code, lang, &e);
    json_t *o = head_of(&e);
    json_t *more = json_pack(
        "{s:s, s:s, s:s, s:o, s:o, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:s}",
        "description", e.description, "when", e.when, "fix", e.fix, "fix_callee",
        text_of(e.fix_callee), "fix_developer", text_of(e.fix_developer), "use", e.use, "recovery",
        e.recovery, "action", tnd_code_next_name((enum tnd_code_next)e.next), "causes",
        causes_of(&e), "fields", fields_of(&e), "sent_by", senders_of(&e, lang), "facts",
        facts_of(&e, lang), "related", codes_of(e.related, TND_EXPLAIN_RELATED_COUNT_MAX), "note",
        text_of(e.note), "lang", tnd_lang_code((enum tnd_lang)e.lang));

    if (!o || !more || json_object_update(o, more) != 0) {
        json_decref(o);
        o = NULL;
    }
    json_decref(more);
    return o;
}

/* "Class. 302: Redirection. 580: Server Failure." */
static json_t *difference(const struct tnd_comparison *c, const struct tnd_compare_row *row)
{
    const char *stop_a = row->a[strlen(row->a) - 1] == '.' ? "" : ".";
    const char *stop_b = row->b[strlen(row->b) - 1] == '.' ? "" : ".";

    return json_sprintf("%s. %u: %s%s %u: %s%s", row->heading, c->a.code, row->a, stop_a, c->b.code,
                        row->b, stop_b);
}

json_t *tnd_explain_json_both(enum tnd_lang lang, unsigned a, unsigned b)
{
    struct tnd_comparison c;
    json_t *differences = json_array();

    tnd_compare(a, b, lang, &c);
    if (c.note)
        json_array_append_new(differences, json_string(c.note));
    for (size_t i = 0; i < c.row_count; i++)
        json_array_append_new(differences, difference(&c, &c.row[i]));
    return json_pack("{s:o, s:o, s:o, s:{s:s, s:s}, s:s}", "a", tnd_explain_json(lang, a), "b",
                     tnd_explain_json(lang, b), "differences", differences, "use", "a", c.a.use,
                     "b", c.b.use, "lang",
                     tnd_lang_code(c.a.lang == c.b.lang ? (enum tnd_lang)c.a.lang : TND_LANG_EN));
}

json_t *tnd_explain_json_list(enum tnd_lang lang, const uint16_t *codes, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++) {
        struct tnd_explanation e;

        tnd_explain(codes[i], lang, &e);
        json_array_append_new(list, head_of(&e));
    }
    return list;
}

json_t *tnd_explain_json_all(enum tnd_lang lang)
{
    json_t *list = json_array();

    for (unsigned code = tnd_explain_next(0); code; code = tnd_explain_next(code)) {
        struct tnd_explanation e;

        tnd_explain(code, lang, &e);
        json_array_append_new(list, head_of(&e));
    }
    return list;
}
