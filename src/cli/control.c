/* What a server answers to the commands that ask it: one JSON object to each line. */
#include "cli/control.h"

#include <stdlib.h>
#include <time.h>

static json_t *json_moment(int64_t wall)
{
    char text[64];
    time_t seconds = (time_t)(wall / 1000000);
    struct tm t;

    gmtime_r(&seconds, &t);
    size_t len = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &t);
    snprintf(text + len, sizeof(text) - len, ".%06dZ", (int)(wall % 1000000));
    return json_string(text);
}

static json_t *json_code(unsigned code)
{
    return code > 0 ? json_integer(code) : json_null();
}

static json_t *json_branch(const struct tnd_why *why, size_t i)
{
    const struct tnd_why_branch *b = &why->branch[i];
    const char *outcome = tnd_why_end_text((enum tnd_why_end)b->end);

    return json_pack("{s:o, s:o, s:s, s:b}", "target", cli_json_string(tnd_why_target(why, i)),
                     "code", json_code(b->code), "outcome", *outcome ? outcome : "responded",
                     "chosen", i == why->chosen);
}

static json_t *json_branches(const struct tnd_why *why)
{
    json_t *list = json_array();

    for (size_t i = 0; i < tnd_why_branches(why); i++)
        json_array_append_new(list, json_branch(why, i));
    return list;
}

static json_t *json_record(const struct tnd_why *why)
{
    enum tnd_rule rule = (enum tnd_rule)why->rule;
    char source[TND_ENDPOINT_LEN_MAX];
    struct tnd_writer w = tnd_writer(source, sizeof(source));

    tnd_endpoint_write(&w, &why->source);
    return json_pack("{s:o, s:o, s:s, s:o, s:o, s:s, s:s, s:s, s:s, s:o, s:o, s:i}", "time",
                     json_moment(why->at), "call_id",
                     cli_json_string(tnd_slice(why->call_id, why->call_id_len)), "method",
                     why->method ? tnd_method_name((enum tnd_method)why->method) : "", "source",
                     cli_json_string(tnd_writer_slice(&w)), "code", json_code(why->code), "phrase",
                     why->code > 0 ? tnd_code_phrase(why->code) : "", "rule", tnd_rule_name(rule),
                     "text", tnd_rule_sentence(rule), "reference", tnd_rule_law(rule), "fact",
                     cli_json_string(tnd_slice(why->fact, why->fact_len)), "branches",
                     json_branches(why), "branch_count", (int)why->branch_count);
}

json_t *control_whys(const struct tnd_server_whys *whys)
{
    json_t *list = json_array();

    for (size_t i = 0; i < whys->count; i++)
        json_array_append_new(list, json_record(&whys->list[i]));
    return json_pack("{s:o, s:{s:o, s:o}}", "records", list, "since", "answered",
                     json_moment(whys->since[0]), "others", json_moment(whys->since[1]));
}

static void answer(struct tnd_control *c, json_t *object)
{
    char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;

    json_decref(object);
    tnd_control_answer(c, text ? tnd_slice_str(text) : tnd_slice(NULL, 0));
    free(text);
}

static void ask(struct tnd_control *c, struct tnd_server *s, struct tnd_slice line)
{
    const struct tnd_slice why = TND_STR("why ");

    if (line.len <= why.len || !tnd_slice_eq(tnd_slice(line.ptr, why.len), why))
        answer(c, json_pack("{s:s}", "error", "nothing that this server knows to answer"));
    else if (tnd_server_ask_why(s, tnd_slice(line.ptr + why.len, line.len - why.len)))
        answer(c, json_pack("{s:s}", "error", "out of memory"));
}

void control_turn(struct tnd_control *c, struct tnd_server *s)
{
    struct tnd_server_whys whys;
    struct tnd_slice line;

    tnd_control_step(c);
    if (tnd_server_why(s, &whys))
        answer(c, control_whys(&whys));
    while ((line = tnd_control_next(c)).ptr)
        ask(c, s, line);
}
