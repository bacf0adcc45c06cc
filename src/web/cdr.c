/* A call as its record. */
#include "web/cdr.h"

#include "web/json.h"
#include "web/live_inside.h"

static json_t *legs_json(const struct tnd_diag_call *call)
{
    json_t *list = json_array();

    for (size_t i = 0; list && i < call->leg_count; i++)
        json_array_append_new(list, tnd_json_string(call->leg[i]));
    return list;
}

static json_t *endpoint_json(const struct tnd_endpoint *e)
{
    char text[TND_ENDPOINT_LEN_MAX + 1];
    struct tnd_writer w = tnd_writer(text, sizeof(text));

    if (e->family == TND_FAMILY_NONE)
        return json_null();
    tnd_endpoint_write(&w, e);
    return tnd_json_string(tnd_writer_slice(&w));
}

static json_t *moment_json(int64_t at)
{
    return at == INT64_MIN ? json_null() : live_time_json(at);
}

/* What the callee's side said, where a proxy made another code of it (RFC 3261 §16.7 step 6). */
static unsigned original_code(const struct tnd_live_over *over)
{
    const struct tnd_why *why = over->why;

    if (why && why->chosen < tnd_why_branches(why) && why->branch[why->chosen].code > 0)
        return why->branch[why->chosen].code;
    return over->call->code;
}

/* The rule that decided here, else what the messages show. */
static const char *cause_of(const struct tnd_live_over *over)
{
    if (over->why)
        return tnd_rule_name((enum tnd_rule)over->why->rule);
    if (over->call->result == TND_DIAG_FAILED && over->call->finding_count > 0)
        return tnd_diag_rule_name(over->call->finding[0].rule);
    return NULL;
}

static json_t *code_json(unsigned code)
{
    return code ? json_integer(code) : json_null();
}

static double seconds_between(int64_t from, int64_t to)
{
    return from == INT64_MIN || to < from ? 0 : (double)(to - from) / 1e6;
}

json_t *tnd_cdr_json(const struct tnd_live_over *over)
{
    static const struct tnd_endpoint nobody = {.family = TND_FAMILY_NONE};
    const struct tnd_diag_call *call = over->call;
    const struct tnd_endpoint *source = call->message_count > 0 ? &call->message[0].from : &nobody;

    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:f, s:f, s:s, s:o, s:o, s:s?, s:o}",
        "call_id", tnd_json_string(call->call_id), "legs", legs_json(call), "from",
        tnd_json_string(call->from), "to", tnd_json_string(call->to), "source",
        endpoint_json(source), "started", moment_json(call->began), "rang", moment_json(call->rang),
        "answered", moment_json(call->answered), "ended", moment_json(call->ended), "setup",
        seconds_between(call->began, call->answered), "duration",
        seconds_between(call->answered, call->ended), "state", over->state, "code",
        code_json(call->code), "original_code", code_json(original_code(over)), "cause",
        cause_of(over), "fact",
        over->why ? tnd_json_string(tnd_slice(over->why->fact, over->why->fact_len)) : json_null());
}
