/* Answers, as those who make them put them together. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "web/inside.h"
#include "web/json.h"

enum { DETAIL_SIZE = 1024 };

void tnd_http_bytes(struct tnd_http_reply *reply, const char *type, char *bytes, size_t len)
{
    if (!bytes) {
        tnd_http_fail(reply, 500, "out of memory");
        return;
    }
    reply->type = type;
    reply->body = tnd_slice(bytes, len);
    reply->is_taken = true;
}

static void put_json(struct tnd_http_reply *reply, const char *type, json_t *value)
{
    char *text = value ? json_dumps(value, JSON_COMPACT) : NULL;

    json_decref(value);
    if (text) {
        tnd_http_bytes(reply, type, text, strlen(text));
        return;
    }
    reply->status = 500;
    reply->type = type;
    reply->body = TND_STR("{\"status\":500,\"title\":\"Internal Server Error\","
                          "\"detail\":\"out of memory\"}");
}

void tnd_http_json(struct tnd_http_reply *reply, unsigned status, json_t *value)
{
    reply->status = status;
    put_json(reply, "application/json", value);
}

void tnd_http_fail(struct tnd_http_reply *reply, unsigned status, const char *format, ...)
{
    char detail[DETAIL_SIZE];
    va_list args;

    va_start(args, format);
    int len = vsnprintf(detail, sizeof(detail), format, args);
    va_end(args);
    size_t size = len < 0 ? 0 : (size_t)len < sizeof(detail) ? (size_t)len : sizeof(detail) - 1;
    reply->status = status;
    put_json(reply, "application/problem+json",
             json_pack("{s:i, s:s, s:o}", "status", (int)status, "title", web_status_text(status),
                       "detail", tnd_json_string(tnd_slice(detail, size))));
}
