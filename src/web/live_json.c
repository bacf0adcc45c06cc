/* A call as JSON: docs/schema/call.json. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "net/heap.h"
#include "web/call_json.h"
#include "web/json.h"
#include "web/live_inside.h"

enum { TIME_SIZE = 40, LADDER_SIZE_MAX = 16 << 20 };

/* "2026-11-26T14:03:07.214512Z" */
json_t *live_time_json(int64_t at)
{
    char day[24], text[TIME_SIZE];
    time_t seconds = (time_t)(at / 1000000);
    struct tm tm;

    gmtime_r(&seconds, &tm);
    strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(text, sizeof(text), "%s.%06dZ", day, (int)(at % 1000000));
    return json_string(text);
}

static bool has_bye(const struct tnd_diag_call *call)
{
    for (size_t i = call->message_count; i-- > 0;)
        if (call->message[i].method == TND_METHOD_BYE && call->message[i].code == 0)
            return true;
    return false;
}

const char *live_state(const struct live_seen *seen)
{
    const struct tnd_diag_call *call = seen->call;

    switch ((enum tnd_diag_result)call->result) {
    case TND_DIAG_OPEN:
        if (seen->is_over)
            return "unknown"; /* its end was not seen */
        return call->rang != INT64_MIN ? "ringing" : "calling";
    case TND_DIAG_ANSWERED:
        if (call->method != TND_METHOD_INVITE || seen->is_over || has_bye(call))
            return "answered";
        return "talking";
    case TND_DIAG_CANCELLED:
        return "cancelled";
    case TND_DIAG_FAILED:
        return "failed";
    }
    return "unknown";
}

static json_t *why_of_record(const struct tnd_why *why, enum tnd_lang lang)
{
    enum tnd_rule rule = (enum tnd_rule)why->rule;

    return json_pack("{s:s, s:s, s:s, s:o}", "rule", tnd_rule_name(rule), "text",
                     tnd_text(lang, tnd_rule_sentence(rule)), "reference", tnd_rule_law(rule),
                     "fact", tnd_json_string(tnd_slice(why->fact, why->fact_len)));
}

/* What the messages show: the gravest. */
static json_t *why_of_finding(const struct tnd_diag_finding *f, enum tnd_lang lang)
{
    char room[TND_DIAG_DETAIL_SIZE];

    return json_pack("{s:s, s:s, s:n, s:o}", "rule", tnd_diag_rule_name(f->rule), "text",
                     tnd_diag_rule_text(f->rule, lang), "reference", "fact",
                     tnd_json_string(tnd_diag_detail(f, lang, room)));
}

/* What the server noted itself, else what was found. */
static json_t *why_json(const struct live_seen *seen, enum tnd_lang lang)
{
    const struct tnd_diag_call *call = seen->call;

    if (seen->why)
        return why_of_record(seen->why, lang);
    if (call->finding_count == 0 || call->result != TND_DIAG_FAILED)
        return json_null();
    return why_of_finding(&call->finding[0], lang);
}

static json_t *id_json(uint64_t id)
{
    char text[LIVE_ID_SIZE];

    snprintf(text, sizeof(text), "%016llx", (unsigned long long)id);
    return json_string(text);
}

json_t *live_json(const struct live_seen *seen, enum tnd_lang lang)
{
    const struct tnd_diag_call *call = seen->call;
    const char *state = live_state(seen);
    bool has_ended = strcmp(state, "calling") != 0 && strcmp(state, "ringing") != 0 &&
                     strcmp(state, "talking") != 0;

    return json_pack("{s:o, s:o, s:s, s:o, s:o, s:s, s:o, s:s, s:o, s:o, s:o, s:i}", /* */
                     "id", id_json(seen->id), "call_id", tnd_json_string(call->call_id), "method",
                     tnd_method_name((enum tnd_method)call->method), "from",
                     tnd_json_string(call->from), "to", tnd_json_string(call->to), "state", state,
                     "code", call->code ? json_integer(call->code) : json_null(), "phrase",
                     call->code ? tnd_code_phrase(call->code) : "", "started",
                     live_time_json(call->began), "ended",
                     has_ended ? live_time_json(call->ended) : json_null(), "why",
                     why_json(seen, lang), "messages", (int)call->message_count);
}

/* What is written of a call by others who tell of it (web/call_json.h). */
struct piece {
    const struct tnd_diag_call *call;
    enum tnd_lang lang;
    const struct tnd_ladder *ladder;
};

static void put_findings(struct tnd_writer *w, const struct piece *p)
{
    tnd_call_json_findings(w, p->call, p->lang);
}

static void put_ladder(struct tnd_writer *w, const struct piece *p)
{
    tnd_call_json_ladder(w, p->ladder);
}

static void put_explanation(struct tnd_writer *w, const struct piece *p)
{
    tnd_call_json_explanation(w, p->call->code, p->lang);
}

static json_t *piece_json(void (*put)(struct tnd_writer *w, const struct piece *p),
                          const struct piece *p)
{
    struct tnd_writer count = tnd_writer(NULL, 0);

    put(&count, p);
    char *room = malloc(count.len + 1);
    struct tnd_writer w = tnd_writer(room, room ? count.len : 0);
    if (room)
        put(&w, p);
    json_t *value = room ? json_loadb(room, w.len, JSON_ALLOW_NUL, NULL) : NULL;
    free(room);
    return value;
}

static json_t *ladder_json(const struct tnd_diag_call *call, enum tnd_lang lang)
{
    struct piece p = {.call = call, .lang = lang};
    struct tnd_ladder ladder;
    struct tnd_arena a;
    json_t *value = NULL;

    tnd_arena_init(&a, NULL, 0, &tnd_heap, LADDER_SIZE_MAX);
    p.ladder = &ladder;
    if (tnd_diag_ladder(call, lang, &a, &ladder) == 0)
        value = piece_json(put_ladder, &p);
    tnd_arena_fini(&a);
    return value;
}

/* What was tried, of a request that was passed on. */
static json_t *branches_json(const struct tnd_why *why)
{
    json_t *list = json_array();

    for (size_t i = 0; list && why && i < tnd_why_branches(why); i++) {
        const struct tnd_why_branch *b = &why->branch[i];
        const char *outcome = tnd_why_end_text((enum tnd_why_end)b->end);

        json_array_append_new(list, json_pack("{s:o, s:o, s:s, s:b}", "target",
                                              tnd_json_string(tnd_why_target(why, i)), "code",
                                              b->code ? json_integer(b->code) : json_null(),
                                              "outcome", *outcome ? outcome : "responded", "chosen",
                                              i == why->chosen));
    }
    return list;
}

json_t *live_json_whole(const struct live_seen *seen, enum tnd_lang lang)
{
    const struct tnd_diag_call *call = seen->call;
    struct piece p = {.call = call, .lang = lang};
    bool is_failed = call->result == TND_DIAG_FAILED && call->code >= 300;
    json_t *whole = live_json(seen, lang);

    if (!whole)
        return NULL;
    json_object_set_new(whole, "ladder", ladder_json(call, lang));
    json_object_set_new(whole, "left_out", json_integer(call->left_out));
    json_object_set_new(whole, "findings", piece_json(put_findings, &p));
    json_object_set_new(whole, "branches", branches_json(seen->why));
    json_object_set_new(whole, "explanation",
                        is_failed ? piece_json(put_explanation, &p) : json_null());
    return whole;
}
