/* A request and its answer. libmicrohttpd calls with its target (web_exchange_begin()), when its head is there, with each piece of
 * its body, and when all of it is there (web_exchange_go()), and when its answer has been taken (web_exchange_end()). What can be
 * refused is refused when the head is there, before anybody has to send the rest. */
#include <stdlib.h>
#include <sys/socket.h>

#include "net/clock.h"
#include "web/inside.h"
#include "web/target.h"

enum {
    ROOM_SIZE = 4096,
    SKIPPED_LEN_MAX =
        1 << 20, /* of a body that is too large, and is read so that its sender hears why */
};

struct web_exchange {
    struct web_connection *connection;
    const struct tnd_http_route *route;
    struct tnd_http_request request;
    struct web_target target;
    bool is_begun;    /* its head was looked at */
    bool is_answered; /* its answer is on its way */
    bool is_ambiguous;
    size_t body_len; /* as it came, even if it is too large */
    char *body;
    struct tnd_arena arena; /* what is decoded */
    char room[ROOM_SIZE];
    size_t text_len; /* beyond the bound of what text has */
    char text[TND_HTTP_TARGET_LEN_MAX + 1];
};

struct tnd_slice tnd_http_header(const struct tnd_http_request *r, const char *name)
{
    return tnd_slice_str(
        MHD_lookup_connection_value(r->exchange->connection->mhd, MHD_HEADER_KIND, name));
}

/* A copy with its %HH undone. Absent: they are wrong. */
static struct tnd_slice decoded(struct web_exchange *x, struct tnd_slice text)
{
    char *copy = tnd_arena_take(&x->arena, text.len);

    if (!copy)
        return tnd_slice(NULL, 0);
    if (text.len > 0)
        memcpy(copy, text.ptr, text.len);
    return web_target_decode(copy, &text.len) ? tnd_slice(copy, text.len) : tnd_slice(NULL, 0);
}

struct tnd_slice tnd_http_query(const struct tnd_http_request *r, const char *name)
{
    struct tnd_slice value = web_target_param(r->exchange->target.query, name);

    return value.ptr ? decoded(r->exchange, value) : value;
}

void web_exchange_free(struct web_exchange *x)
{
    if (!x)
        return;
    tnd_arena_fini(&x->arena);
    free(x->body);
    free(x);
}

void *web_exchange_begin(void *web, const char *target, struct MHD_Connection *mhd)
{
    struct web_exchange *x = calloc(1, sizeof(*x));

    if (!x)
        return NULL;
    x->connection = web_connection_of(mhd);
    if (x->connection) {
        x->connection->due = tnd_clock() + TND_SEC(TND_WEB_REQUEST_SECONDS);
        web_exchange_free(x->connection->exchange);
        x->connection->exchange = x;
    }
    x->request.web = web;
    x->request.exchange = x;
    x->text_len = strlen(target);
    if (x->text_len < sizeof(x->text))
        memcpy(x->text, target, x->text_len + 1);
    tnd_arena_init(&x->arena, x->room, sizeof(x->room), NULL, 0);
    return x;
}

static enum MHD_Result send_reply(struct web_exchange *x, struct tnd_http_reply *reply,
                                  unsigned methods)
{
    struct web_connection *c = x->connection;

    x->is_answered = true;
    c->due = reply->is_stream ? TND_NEVER_DUE : tnd_clock() + TND_SEC(TND_WEB_ANSWER_SECONDS);
    return web_send(c, &x->request, reply, methods);
}

static enum MHD_Result refuse(struct web_exchange *x, unsigned status, const char *detail)
{
    struct tnd_http_reply reply = {.status = 200, .is_last = x->is_ambiguous};

    tnd_http_fail(&reply, status, "%s", detail);
    return send_reply(x, &reply, 0);
}

/* TND_HTTP_METHOD_COUNT: one that nothing is answered to. */
static enum tnd_http_method method_of(const char *name)
{
    static const char *const names[] = {[TND_HTTP_GET] = "GET",
                                        [TND_HTTP_PUT] = "PUT",
                                        [TND_HTTP_POST] = "POST",
                                        [TND_HTTP_DELETE] = "DELETE"};

    if (strcmp(name, "HEAD") == 0)
        return TND_HTTP_GET;
    for (size_t i = 0; i < TND_HTTP_METHOD_COUNT; i++)
        if (strcmp(name, names[i]) == 0)
            return (enum tnd_http_method)i;
    return TND_HTTP_METHOD_COUNT;
}

/* 405 with what is allowed (RFC 9110 §15.5.6), or that alone. */
static enum MHD_Result tell_methods(struct web_exchange *x, const char *method, unsigned methods)
{
    struct tnd_http_reply reply = {.status = 204};
    char room[WEB_METHODS_SIZE];

    if (strcmp(method, "OPTIONS") != 0)
        tnd_http_fail(&reply, 405, "this can be asked for with %s", web_methods(methods, room));
    return send_reply(x, &reply, methods);
}

/* The language: that of ?lang=, else that of the browser. */
static enum tnd_lang lang_of(const struct tnd_http_request *r)
{
    struct tnd_slice chosen = tnd_http_query(r, "lang");
    enum tnd_lang lang;

    if (chosen.len >= 2 && tnd_lang_find(chosen, &lang))
        return lang;
    return web_target_lang(tnd_http_header(r, "Accept-Language"));
}

static bool decode_parts(struct web_exchange *x)
{
    for (size_t i = 0; i < TND_HTTP_PART_COUNT_MAX; i++) {
        struct tnd_slice *part = &x->request.part[i];

        if (part->ptr && !(*part = decoded(x, *part)).ptr)
            return false;
    }
    return true;
}

/* Of one that changes something. */
static bool is_same_origin(const struct web_exchange *x)
{
    const struct tnd_http_request *r = &x->request;

    return r->method == TND_HTTP_GET ||
           web_guard_is_same_origin(tnd_http_header(r, "Origin"),
                                    tnd_http_header(r, "Sec-Fetch-Site"),
                                    tnd_http_header(r, "Host"));
}

static bool is_too_large(const struct tnd_http_request *r)
{
    struct tnd_slice length = tnd_http_header(r, "Content-Length");
    uint64_t n;

    return length.ptr && !tnd_slice_number(length, TND_HTTP_BODY_LEN_MAX, &n);
}

static enum MHD_Result count_one(void *count, enum MHD_ValueKind kind, const char *name,
                                 const char *value)
{
    struct tnd_slice field = tnd_slice_str(name);
    unsigned *n = count;

    (void)kind, (void)value;
    n[0] += tnd_slice_eq_fold(field, TND_STR("Host"));
    n[1] += tnd_slice_eq_fold(field, TND_STR("Content-Length")) ||
            tnd_slice_eq_fold(field, TND_STR("Transfer-Encoding"));
    return MHD_YES;
}

/* One that a proxy before us may have understood otherwise: of two hosts (RFC 9112 §3.2), or of a body that has two
 * lengths (RFC 9112 §6.3). */
static bool is_ambiguous(const struct web_exchange *x)
{
    unsigned n[2] = {0, 0};

    MHD_get_connection_values(x->connection->mhd, MHD_HEADER_KIND, count_one, n);
    return n[0] > 1 || n[1] > 1;
}

/* Whom it is for, and what it is. */
static bool is_for_us(struct web_exchange *x)
{
    struct tnd_slice host = tnd_http_header(&x->request, "Host");

    return web_guard_is_own_host(x->request.web, x->target.host.ptr ? x->target.host : host);
}

static enum MHD_Result judge(struct web_exchange *x, const char *method)
{
    struct tnd_http_request *r = &x->request;
    unsigned methods = 0;

    if (x->text_len >= sizeof(x->text))
        return refuse(x, 414, "the address is too long");
    if (!web_target_read(tnd_slice(x->text, x->text_len), &x->target))
        return refuse(x, 400, "the target of the request begins with a slash");
    x->is_ambiguous = is_ambiguous(x);
    if (x->is_ambiguous)
        return refuse(x, 400, "there may be one Host, and one length of a body");
    if (!is_for_us(x))
        return refuse(x, 421,
                      "without a token only localhost and addresses of loopback are answered");
    r->method = method_of(method);
    r->path = x->target.path;
    int err = tnd_http_find(r->web->table, r->web->table_count, r->method, r->path, &x->route,
                            &r->ctx, r->part, &methods);
    if (err == TND_ENONE)
        return refuse(x, 404, "there is nothing here");
    if (err)
        return tell_methods(x, method, methods);
    if (!decode_parts(x) || !web_target_is_sound(x->target.query))
        return refuse(x, 400, "a % in the address wants two hexadecimal digits behind it");
    if (!x->route->is_open && !web_guard_knows(r->web, tnd_http_header(r, "Authorization")))
        return refuse(x, 401, "give the token: Authorization: Bearer TOKEN");
    if (!is_same_origin(x))
        return refuse(x, 403, "what changes something is not taken from pages of others");
    if (is_too_large(r))
        return refuse(x, 413, "the body is too large");
    return MHD_YES;
}

static enum MHD_Result take_body(struct web_exchange *x, const char *piece, size_t size)
{
    if (x->is_answered)
        return MHD_YES;
    if (x->body_len + size <= TND_HTTP_BODY_LEN_MAX && x->request.method != TND_HTTP_GET) {
        if (!x->body)
            x->body = malloc(TND_HTTP_BODY_LEN_MAX);
        if (!x->body)
            return MHD_NO;
        memcpy(x->body + x->body_len, piece, size);
    }
    x->body_len += size;
    return x->body_len > SKIPPED_LEN_MAX ? MHD_NO : MHD_YES;
}

static enum MHD_Result answer(struct web_exchange *x)
{
    struct tnd_http_request *r = &x->request;
    struct tnd_http_reply reply = {.status = 200};

    if (x->body_len > TND_HTTP_BODY_LEN_MAX)
        return refuse(x, 413, "the body is too large");
    if (x->body)
        r->body = tnd_slice(x->body, x->body_len);
    r->now = tnd_clock_wall();
    r->lang = lang_of(r);
    x->route->answer(r, &reply);
    return send_reply(x, &reply, 0);
}

enum MHD_Result web_exchange_go(void *web, struct MHD_Connection *mhd, const char *path,
                                const char *method, const char *version, const char *upload,
                                size_t *upload_size, void **exchange)
{
    struct web_exchange *x = *exchange;

    (void)web, (void)mhd, (void)path, (void)version;
    if (!x || !x->connection)
        return MHD_NO; /* no memory was left */
    if (!x->is_begun) {
        x->is_begun = true;
        return judge(x, method);
    }
    if (*upload_size > 0) {
        enum MHD_Result result = take_body(x, upload, *upload_size);

        *upload_size = 0;
        return result;
    }
    return x->is_answered ? MHD_YES : answer(x);
}

/* Whether the client sends nothing more. libmicrohttpd is told that once, maybe before it has read the request. */
static bool is_half_closed(const struct web_connection *c)
{
    char byte;

    return recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

void web_exchange_end(void *web, struct MHD_Connection *mhd, void **exchange,
                      enum MHD_RequestTerminationCode why)
{
    struct web_exchange *x = *exchange;

    (void)web, (void)mhd, (void)why;
    if (!x)
        return;
    if (x->connection) {
        x->connection->exchange = NULL;
        x->connection->due =
            tnd_clock() +
            TND_SEC(is_half_closed(x->connection) ? TND_WEB_LINGER_SECONDS : TND_WEB_IDLE_SECONDS);
    }
    web_exchange_free(x);
    *exchange = NULL;
}
