/* Answers on the wire: what every answer says beside what it is about. */
#include <stdio.h>
#include <stdlib.h>

#include "base/siphash.h"
#include "web/inside.h"

enum { TAG_SIZE = 2 + 32 + 1 };

const char *web_status_text(unsigned status)
{
    static const struct {
        unsigned status;
        const char *text;
    } texts[] = {
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {409, "Conflict"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {415, "Unsupported Media Type"},
        {421, "Misdirected Request"},
        {422, "Unprocessable Content"},
        {500, "Internal Server Error"},
        {503, "Service Unavailable"},
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        if (texts[i].status == status)
            return texts[i].text;
    return "";
}

const char *web_methods(unsigned methods, char room[WEB_METHODS_SIZE])
{
    static const char *const names[] = {[TND_HTTP_GET] = "GET, HEAD",
                                        [TND_HTTP_PUT] = "PUT",
                                        [TND_HTTP_POST] = "POST",
                                        [TND_HTTP_DELETE] = "DELETE"};
    struct tnd_writer w = tnd_writer(room, WEB_METHODS_SIZE - 1);

    for (size_t i = 0; i < TND_HTTP_METHOD_COUNT; i++) {
        if (!(methods >> i & 1))
            continue;
        tnd_put_str(&w, names[i]);
        tnd_put_str(&w, ", ");
    }
    tnd_put_str(&w, "OPTIONS");
    room[w.len] = '\0';
    return room;
}

/* RFC 9110 §8.8.3: the same bytes have the same. Known keys do: nobody gains by two pages of the same tag. */
static void write_tag(struct tnd_slice body, char room[static TAG_SIZE])
{
    static const struct tnd_siphash_key key = {0};
    unsigned char digest[16];
    struct tnd_siphash h;
    struct tnd_writer w = tnd_writer(room, TAG_SIZE);

    tnd_siphash_init(&h, &key);
    tnd_siphash_put(&h, body);
    tnd_siphash_end(&h, digest);
    tnd_put_char(&w, '"');
    tnd_put_hex(&w, digest, sizeof(digest));
    tnd_put_str(&w, "\"");
    room[TAG_SIZE - 1] = '\0';
}

/* RFC 9110 §13.1.2: weakly compared, so whatever is before the quote does not matter. */
static bool names_tag(struct tnd_slice list, const char *tag)
{
    return list.len > 0 &&
           (tnd_slice_eq(list, TND_STR("*")) || memmem(list.ptr, list.len, tag, strlen(tag)));
}

static void add(struct MHD_Response *response, const char *name, const char *value)
{
    MHD_add_response_header(response, name, value);
}

/* Nothing runs and nothing is loaded but what this server has; nobody shows it within a page of his own. */
static void add_security(struct MHD_Response *response)
{
    add(response, "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    add(response, "X-Content-Type-Options", "nosniff");
    add(response, "X-Frame-Options", "DENY");
    add(response, "Referrer-Policy", "same-origin");
    add(response, "Cross-Origin-Resource-Policy", "same-origin");
    add(response, "Cross-Origin-Opener-Policy", "same-origin");
}

static void add_fields(struct MHD_Response *response, const struct tnd_http_reply *reply,
                       unsigned methods)
{
    char room[WEB_METHODS_SIZE];

    add_security(response);
    if (reply->type)
        add(response, "Content-Type", reply->type);
    if (reply->varies)
        add(response, "Vary", "Accept-Language");
    if (reply->location[0])
        add(response, "Location", reply->location);
    if (reply->next[0])
        add(response, "Link", reply->next);
    if (methods)
        add(response, "Allow", web_methods(methods, room));
    if (reply->status == 401)
        add(response, "WWW-Authenticate", "Bearer realm=\"tandem\"");
    if (reply->status == 503)
        add(response, "Retry-After", "5");
    if (reply->is_last)
        add(response, "Connection", "close");
    add(response, "Cache-Control", reply->is_kept ? "no-cache" : "no-store");
}

static void drop_body(struct tnd_http_reply *reply)
{
    if (reply->is_taken)
        free((char *)(uintptr_t)reply->body.ptr);
    reply->body = tnd_slice(NULL, 0);
    reply->is_taken = false;
}

static struct MHD_Response *make(struct web_connection *c, struct tnd_http_reply *reply)
{
    if (reply->is_stream)
        return web_events_open(c);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        reply->body.len, (void *)(uintptr_t)reply->body.ptr,
        reply->is_taken ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    if (!response)
        drop_body(reply);
    return response;
}

enum MHD_Result web_send(struct web_connection *c, const struct tnd_http_request *r,
                         struct tnd_http_reply *reply, unsigned methods)
{
    char tag[TAG_SIZE] = "";

    if (reply->is_kept && reply->status == 200) {
        write_tag(reply->body, tag);
        if (names_tag(tnd_http_header(r, "If-None-Match"), tag)) {
            drop_body(reply);
            reply->status = 304;
            reply->type = NULL;
        }
    }
    struct MHD_Response *response = make(c, reply);
    if (!response)
        return MHD_NO;
    add_fields(response, reply, methods);
    if (tag[0])
        add(response, "ETag", tag);
    enum MHD_Result result = MHD_queue_response(c->mhd, reply->status, response);
    MHD_destroy_response(response);
    return result;
}
