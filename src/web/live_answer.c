/* The live page, answered. */
#include <stdlib.h>

#include "web/live_page.h"
#include "web/own.h"

enum { PAGE_SIZE = 32 << 10 };

void get_live(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    char *room = malloc(PAGE_SIZE);
    struct tnd_writer w = tnd_writer(room, room ? PAGE_SIZE : 0);

    tnd_live_page_write(&w, r->lang);
    if (room && tnd_writer_over(&w)) {
        free(room);
        tnd_http_fail(reply, 500, "the page is larger than its room");
        return;
    }
    tnd_http_bytes(reply, "text/html; charset=utf-8", room, w.len);
    reply->is_kept = reply->varies = true;
}

static void answer_asset(struct tnd_http_reply *reply, const char *type, struct tnd_slice asset)
{
    reply->type = type;
    reply->body = asset;
    reply->is_kept = true;
}

void get_live_style(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    (void)r;
    answer_asset(reply, "text/css; charset=utf-8", tnd_asset_live_style);
}

void get_live_script(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    (void)r;
    answer_asset(reply, "text/javascript; charset=utf-8", tnd_asset_live_script);
}

void get_ladder_script(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    (void)r;
    answer_asset(reply, "text/javascript; charset=utf-8", tnd_asset_ladder_script);
}

void get_try_script(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    (void)r;
    answer_asset(reply, "text/javascript; charset=utf-8", tnd_asset_try_script);
}
