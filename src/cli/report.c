/* The result of a command of the user agent, as JSON. */
#include "cli/report.h"

#include "cli/json.h"

void report_start(struct report *r, const char *uri, enum tnd_lang lang)
{
    *r = (struct report){.uri = uri, .lang = lang, .attempts = json_array()};
}

void report_free(struct report *r)
{
    json_decref(r->attempts);
    r->attempts = NULL;
}

void report_sent(struct report *r, struct tnd_slice call_id)
{
    snprintf(r->call_id, sizeof(r->call_id), "%.*s", TND_FMT(call_id));
}

static struct tnd_slice call_id_of(const struct report *r, const struct tnd_ua_event *event)
{
    return event->msg ? tnd_msg_value(event->msg, TND_HEADER_CALL_ID) : tnd_slice_str(r->call_id);
}

static struct tnd_slice reason_of(const struct tnd_ua_event *event)
{
    return event->reason.len > 0 ? event->reason : tnd_slice_str(tnd_code_phrase(event->code));
}

static void add(struct report *r, const struct tnd_ua_event *event, const char *action,
                struct tnd_slice detail)
{
    const char *method = tnd_method_name((enum tnd_method)event->method);
    struct tnd_slice uri = event->uri.ptr ? event->uri : tnd_slice_str(r->uri);

    json_array_append_new(r->attempts,
                          json_pack("{s:o, s:s, s:i, s:o, s:s, s:o, s:o}", "uri",
                                    cli_json_string(uri), "method", method, "code", event->code,
                                    "reason", cli_json_string(reason_of(event)), "action", action,
                                    "detail", cli_json_string(detail), "call_id",
                                    cli_json_string(call_id_of(r, event))));
}

void report_final(struct report *r, unsigned code, struct tnd_slice reason)
{
    r->final_code = (uint16_t)code;
    snprintf(r->final_reason, sizeof(r->final_reason), "%.*s",
             (int)(reason.len < sizeof(r->final_reason) ? reason.len : 0), reason.ptr);
}

void report_attempt(struct report *r, const struct tnd_ua_event *event)
{
    const struct tnd_recovery *recovery = event->recovery;

    add(r, event,
        tnd_recover_action_name(recovery ? (enum tnd_recover_action)recovery->action
                                         : TND_RECOVER_NONE),
        recovery && recovery->detail.ptr ? recovery->detail : TND_STR(""));
    r->refused = event->code;
    if (!r->is_answered)
        report_final(r, event->code, reason_of(event));
}

void report_answered(struct report *r, const struct tnd_ua_event *event)
{
    add(r, event, tnd_recover_action_name(TND_RECOVER_NONE), TND_STR(""));
    r->is_answered = true;
    report_final(r, event->code ? event->code : 200, reason_of(event));
}

void report_given_up(struct report *r, enum tnd_method method, struct tnd_slice uri, unsigned code,
                     struct tnd_slice why)
{
    const struct tnd_recovery recovery = {
        .action = TND_RECOVER_GIVE_UP, .code = (uint16_t)code, .detail = why};

    report_attempt(r, &(struct tnd_ua_event){.kind = TND_UA_ATTEMPT,
                                             .method = (uint8_t)method,
                                             .code = (uint16_t)code,
                                             .uri = uri,
                                             .recovery = &recovery});
}

static json_t *explanation_of(const struct report *r)
{
    struct tnd_explanation e;

    if (r->refused == 0)
        return json_null();
    tnd_explain(r->refused, r->lang, &e);
    return json_pack("{s:i, s:s, s:s, s:s, s:s}", "code", r->refused, "title", e.title,
                     "description", e.description, "fix", e.fix, "lang",
                     tnd_lang_code((enum tnd_lang)e.lang));
}

json_t *report_json(const struct report *r)
{
    json_t *final = r->final_code == 0 ? json_null()
                                       : json_pack("{s:i, s:o}", "code", r->final_code, "reason",
                                                   cli_json_string(tnd_slice_str(r->final_reason)));

    return json_pack("{s:s, s:o, s:o, s:O, s:o}", "result", r->is_answered ? "answered" : "failed",
                     "uri", cli_json_string(tnd_slice_str(r->uri)), "final", final, "attempts",
                     r->attempts, "explanation", explanation_of(r));
}
