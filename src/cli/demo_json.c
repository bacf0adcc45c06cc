/* A flow as JSON. */
#include "cli/demo.h"
#include "cli/json.h"

static json_t *facts_of(const struct tnd_ladder_line *line)
{
    json_t *list = json_array();

    for (size_t i = 0; i < line->fact_count; i++)
        json_array_append_new(list, cli_json_string(line->fact[i]));
    return list;
}

static json_t *line_of(const struct demo_run *run, size_t i)
{
    const struct tnd_ladder_line *line = &run->ladder.line[i];
    const struct tnd_demo_line *of = &run->demo.line[i];

    if (of->remark)
        return json_pack("{s:o, s:o, s:s}", "at", cli_json_string(run->ladder.party[line->from]),
                         "remark", cli_json_string(line->text), "action",
                         tnd_recover_action_name((enum tnd_recover_action)of->action));
    return json_pack("{s:f, s:o, s:o, s:o, s:o, s:b, s:b, s:s}", "time", (double)line->at / 1e6,
                     "from", cli_json_string(run->ladder.party[line->from]), "to",
                     cli_json_string(run->ladder.party[line->to]), "line",
                     cli_json_string(line->text), "facts", facts_of(line), "lost", line->is_lost,
                     "again", line->tone == TND_LADDER_FAINT, "transport",
                     line->aside.len > 0 ? "tcp" : "udp");
}

json_t *demo_json(enum tnd_lang lang, const struct demo_run *run)
{
    struct tnd_explanation e;
    json_t *parties = json_array(), *ladder = json_array();

    tnd_explain(run->demo.code, lang, &e);
    for (size_t i = 0; i < run->ladder.party_count; i++)
        json_array_append_new(parties, cli_json_string(run->ladder.party[i]));
    for (size_t i = 0; i < run->ladder.line_count; i++)
        json_array_append_new(ladder, line_of(run, i));
    return json_pack("{s:i, s:s, s:s, s:o, s:o, s:o, s:s, s:o, s:s, s:s, s:i, s:s}", "code",
                     (int)run->demo.code, "phrase", e.phrase, "title", e.title, "about",
                     cli_json_string(run->ladder.title), "parties", parties, "ladder", ladder,
                     "action", tnd_recover_action_name((enum tnd_recover_action)run->demo.action),
                     "detail", cli_json_string(run->demo.detail), "recovery", e.recovery, "result",
                     run->demo.is_made ? "answered" : "failed", "final", (int)run->demo.last,
                     "lang", tnd_lang_code(lang));
}

json_t *demo_json_both(enum tnd_lang lang, const struct demo_run run[static 2])
{
    struct tnd_comparison c;
    json_t *rows = json_array();

    tnd_compare(run[0].demo.code, run[1].demo.code, lang, &c);
    for (size_t i = 0; i < c.row_count; i++)
        json_array_append_new(rows, json_pack("{s:s, s:s, s:s}", "subject", c.row[i].heading, "a",
                                              c.row[i].a, "b", c.row[i].b));
    return json_pack("{s:o, s:o, s:s?, s:o, s:s}", "a", demo_json(lang, &run[0]), "b",
                     demo_json(lang, &run[1]), "difference", c.note, "rows", rows, "lang",
                     tnd_lang_code(lang));
}
