/* Requests that belong to no call and no registration: OPTIONS, MESSAGE, and any other. The errand is all
 * there is of them. */
#include "ua/errand.h"

enum { TAG_PARAM = 5 + UA_TAG_LEN, CALL_ID_LEN = 32 };

static struct tnd_slice from_with_tag(struct tnd_ua *ua, struct tnd_arena *a)
{
    size_t room = ua->from_value.len + TAG_PARAM;
    char *at = tnd_arena_take(a, room);
    struct tnd_writer w = tnd_writer(at, at ? room : 0);
    char tag[UA_TAG_LEN];

    ua_draw(ua, "tag", tag, UA_TAG_LEN);
    tnd_put(&w, ua->from_value);
    tnd_put(&w, TND_STR(";tag="));
    tnd_put(&w, tnd_slice(tag, UA_TAG_LEN));
    return tnd_writer_slice(&w);
}

/* RFC 3261 §8.1.1.2; without what may not stand there (§19.1.1). */
static struct tnd_slice to_of(struct tnd_arena *a, struct tnd_slice text)
{
    size_t room = text.len + 2;
    char *at = tnd_arena_take(a, room);
    struct tnd_writer w = tnd_writer(at, at ? room : 0);
    struct tnd_uri uri = {0};

    if (ua_uri_read(text, &uri) == 0 && uri.headers.ptr)
        text = tnd_slice_between(text.ptr, uri.headers.ptr - 1);
    tnd_put_char(&w, '<');
    tnd_put(&w, text);
    tnd_put_char(&w, '>');
    return tnd_writer_slice(&w);
}

bool ua_names_new(struct tnd_ua *ua, struct tnd_arena *a, struct tnd_slice uri,
                  struct ua_names *ret)
{
    char call_id[CALL_ID_LEN];

    ua_draw(ua, "call", call_id, CALL_ID_LEN);
    *ret = (struct ua_names){.call_id = tnd_slice_keep(a, tnd_slice(call_id, CALL_ID_LEN)),
                             .from = from_with_tag(ua, a),
                             .to = to_of(a, uri)};
    return !tnd_arena_over(a);
}

void ua_outside_news(struct tnd_ua *ua, struct ua_errand *e, const struct ua_news *news)
{
    bool is_done = news->code / 100 == 2;

    if (!news->is_last)
        return;
    if (is_done) {
        struct tnd_ua_event *event = ua_tell(ua, TND_UA_ANSWERED, e->object.serial);

        event->method = e->method;
        event->code = news->code;
        ua_tell_msg(ua, event, news->response->msg);
    }
    ua_end_told(ua, e->object.serial, is_done ? TND_UA_DONE : TND_UA_REFUSED, news->code);
}

/* ACK, CANCEL and BYE have no sense here; INVITE and REGISTER have calls of their own. */
static bool is_fit(enum tnd_method method)
{
    return method != TND_METHOD_OTHER && method != TND_METHOD_INVITE && method != TND_METHOD_ACK &&
           method != TND_METHOD_CANCEL && method != TND_METHOD_BYE && method != TND_METHOD_REGISTER;
}

static bool can_be_asked(const struct tnd_ua_request *request)
{
    struct tnd_uri uri;

    return ua_uri_read(request->uri, &uri) == 0 && uri.scheme != TND_SCHEME_OTHER &&
           (!request->learned.ptr || ua_uri_read(request->learned, &uri) == 0);
}

static int fill(struct tnd_ua *ua, struct ua_errand *e, const struct tnd_ua_request *request)
{
    struct tnd_arena *a = &e->object.arena;

    e->auth = ua_auth_new(ua, a);
    e->content_type = tnd_slice_keep(a, request->content_type);
    e->body = tnd_slice_keep(a, request->body);
    if (!ua_names_new(ua, a, request->uri, &e->names) || !ua_with_keep(a, &request->with, &e->with))
        return TND_ENOMEM;
    return 0;
}

int tnd_ua_request(struct tnd_ua *ua, tnd_time now, const struct tnd_ua_request *request,
                   tnd_ua_id *ret)
{
    int err = ua_begin(ua, now);

    if (err)
        return err;
    if (!is_fit((enum tnd_method)request->method) || !can_be_asked(request))
        return ua_done(ua, TND_ESYNTAX);
    struct ua_errand *e = ua_errand_new(ua, NULL, (enum tnd_method)request->method,
                                        TND_RECOVER_OUTSIDE, request->uri, request->learned);
    if (!e)
        return ua_done(ua, TND_ENOMEM);
    if (fill(ua, e, request) != 0) {
        ua_errand_end(ua, e);
        return ua_done(ua, TND_ENOMEM);
    }
    *ret = e->object.serial;
    ua_errand_go(ua, e);
    return ua_done(ua, 0);
}
