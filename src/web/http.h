/* What answers a request: a table of routes, each with the function that answers it.
 *
 *     static void get_calls(const struct tnd_http_request *r, struct tnd_http_reply *reply)
 *     {
 *         tnd_http_json(reply, 200, calls_json(r->ctx, r->lang));
 *     }
 *
 *     static const struct tnd_http_route routes[] = {
 *         {TND_HTTP_GET, "/api/v1/calls", get_calls},
 *         {TND_HTTP_GET, "/api/v1/calls/{}", get_call},
 *     };
 *
 * The server (web/web.h) is one thread: it reads the request, finds the route, checks who asks, calls the
 * function, and writes the answer as fast as its reader takes it. So functions of one server never run at
 * the same time, and none may wait for long: nobody else is answered meanwhile. What holds for all (sizes,
 * times, headers of security, HEAD, OPTIONS, 404, 405, 413) is the server's. */
#ifndef WEB_HTTP_H
#define WEB_HTTP_H

#include <jansson.h>

#include "tandem/ref/explain.h"

enum tnd_http_method {
    TND_HTTP_GET, /* HEAD too: the server leaves the body out */
    TND_HTTP_PUT,
    TND_HTTP_POST,
    TND_HTTP_DELETE,
    TND_HTTP_METHOD_COUNT
};

enum {
    TND_HTTP_PART_COUNT_MAX = 2,      /* {} of one pattern */
    TND_HTTP_TARGET_LEN_MAX = 2048,   /* bytes of path and query; beyond: 414 */
    TND_HTTP_BODY_LEN_MAX = 16 << 10, /* bytes of a request; beyond: 413 */
};

struct tnd_http_request {
    enum tnd_http_method method;
    /* What stood for each {} of the pattern, with its %HH undone: one segment of the path, never empty. May
     * be any bytes but NUL. */
    struct tnd_slice part[TND_HTTP_PART_COUNT_MAX];
    struct tnd_slice path; /* as it came, without query */
    struct tnd_slice body;
    enum tnd_lang
        lang;    /* that the reader wants: of ?lang=, else of Accept-Language, else English */
    int64_t now; /* microseconds since 1970-01-01 UTC */
    void *ctx;   /* of the table */
    struct tnd_web *web;
    struct web_exchange *exchange; /* for the next two */
};

/* A parameter of the query: of "?after=x" that of "after", with its %HH undone. Absent: there is none. Good until the answer. */
struct tnd_slice tnd_http_query(const struct tnd_http_request *r, const char *name);
/* A header field. Likewise. */
struct tnd_slice tnd_http_header(const struct tnd_http_request *r, const char *name);

/* The answer, which starts as a 200 without a body. */
struct tnd_http_reply {
    unsigned status;
    const char *type;      /* static: "text/plain; charset=utf-8" */
    struct tnd_slice body; /* from malloc() if it is_taken, else static */
    bool is_taken;         /* the server frees it */
    bool is_kept;       /* whoever reads it may keep it, and asks whether it is still so (ETag) */
    bool is_stream;     /* the server goes on with events (web/events.h) */
    bool varies;        /* with Accept-Language */
    bool is_last;       /* nothing is read behind the request */
    char location[256]; /* of a redirect; "": none */
    char next[1280];    /* Link to what comes behind this answer (RFC 8288); "": that is all */
};

/* With a body that was malloc()ed, and is the server's from now on. NULL: 500. */
void tnd_http_bytes(struct tnd_http_reply *reply, const char *type, char *bytes, size_t len);
/* Takes value. NULL: there was no memory for it, 500. */
void tnd_http_json(struct tnd_http_reply *reply, unsigned status, json_t *value);
/* What is wrong, as a sentence for people, in an object: {"status", "title", "detail"} (RFC 9457). */
void tnd_http_fail(struct tnd_http_reply *reply, unsigned status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

typedef void tnd_http_answer(const struct tnd_http_request *r, struct tnd_http_reply *reply);

struct tnd_http_route {
    enum tnd_http_method method;
    const char *pattern; /* "/api/v1/calls/{}": each {} is one segment */
    tnd_http_answer *answer;
    bool is_open; /* also to who has no token: nothing of a user is in the answer */
};

/* Tables are asked in their order. */
struct tnd_http_table {
    const struct tnd_http_route *route; /* kept until the server stops */
    size_t count;
    void *ctx; /* given to its functions; kept likewise */
};

/* Which route a path has. 0 and ret; TND_ENONE: none has this path; TND_ESTATE: some have, but not with this
 * method: ret_methods are those, 1 << method. ret_part are slices of path, %HH and all. */
int tnd_http_find(const struct tnd_http_table *table, size_t count, enum tnd_http_method method,
                  struct tnd_slice path, const struct tnd_http_route **ret, void **ret_ctx,
                  struct tnd_slice ret_part[static TND_HTTP_PART_COUNT_MAX], unsigned *ret_methods);

#endif
