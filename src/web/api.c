/* The API: what codes mean, and that the server lives. */
#include "web/explain_json.h"
#include "web/inside.h"
#include "web/own.h"

bool web_code_of(struct tnd_slice text, unsigned *ret)
{
    uint64_t n;

    if (text.len != 3 || !tnd_slice_number(text, 699, &n) || n < 100)
        return false;
    *ret = (unsigned)n;
    return true;
}

void get_health(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    (void)r;
    reply->type = "text/plain; charset=utf-8";
    reply->body = TND_STR("ok\n");
}

void get_codes(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    tnd_http_json(reply, 200, tnd_explain_json_all(r->lang));
    reply->varies = reply->is_kept = true;
}

void get_code(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    unsigned code;

    if (!web_code_of(r->part[0], &code)) {
        tnd_http_fail(reply, 404, "response codes are from 100 to 699");
        return;
    }
    tnd_http_json(reply, 200, tnd_explain_json(r->lang, code));
    reply->varies = reply->is_kept = true;
}

void get_comparison(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    unsigned a, b;

    if (!web_code_of(r->part[0], &a) || !web_code_of(r->part[1], &b)) {
        tnd_http_fail(reply, 404, "response codes are from 100 to 699");
        return;
    }
    tnd_http_json(reply, 200, tnd_explain_json_both(r->lang, a, b));
    reply->varies = reply->is_kept = true;
}

void get_events(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    if (r->web->events.listener_count >= TND_WEB_LISTENER_COUNT_MAX) {
        tnd_http_fail(reply, 503, "%d listen already, and no more may", TND_WEB_LISTENER_COUNT_MAX);
        return;
    }
    if (r->web->events.listener_count == 0)
        web_look_for_news(r->web, true); /* from here on it is news, and none is missed */
    reply->type = "text/event-stream";
    reply->is_stream = true;
}

/* A call against the lab, which is seen among the calls by its From. */
void post_demo(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    struct web_trial_call call;
    unsigned code;

    if (!web_code_of(r->part[0], &code)) {
        tnd_http_fail(reply, 404, "response codes are from 100 to 699");
        return;
    }
    switch (web_trial_begin(&r->web->trials, r->web->settings, code, &call)) {
    case 0:
        r->web->is_tried = true;
        tnd_http_json(
            reply, 202,
            json_pack("{s:i, s:s, s:s}", "code", (int)code, "from", call.from, "uri", call.uri));
        return;
    case TND_ENONE:
        tnd_http_fail(reply, 409, "the lab of this server is off: lab: true switches it on");
        return;
    case TND_ESPACE:
        tnd_http_fail(reply, 503, "%d calls are made for pages already", WEB_TRIAL_COUNT_MAX);
        return;
    default:
        tnd_http_fail(reply, 500, "the call cannot be started");
    }
}
