/* The reference, served from memory: the pages of tandem site, whose addresses have no ".html". */
#include <stdlib.h>

#include "web/html.h"
#include "web/inside.h"
#include "web/own.h"

enum { SIZE_FIRST = 64 << 10 };

/* Made twice if it is larger than most. */
static void answer_page(const struct tnd_http_request *r, struct tnd_http_reply *reply,
                        const struct tnd_page *page)
{
    const struct tnd_site *site = &r->web->site;
    size_t size = SIZE_FIRST;
    char *room = malloc(size);
    struct tnd_writer w = tnd_writer(room, room ? size : 0);

    tnd_page_write(&w, site, page);
    if (room && tnd_writer_over(&w)) {
        free(room);
        size = w.len;
        room = malloc(size);
        w = tnd_writer(room, room ? size : 0);
        tnd_page_write(&w, site, page);
    }
    reply->is_kept = true;
    tnd_http_bytes(reply, tnd_page_type(page), room, w.len);
}

/* By its code alone: each page has one address. */
static bool lang_of(const struct tnd_http_request *r, struct tnd_http_reply *reply,
                    enum tnd_lang *ret)
{
    for (int lang = 0; lang < TND_LANG_COUNT; lang++)
        if (tnd_slice_eq(r->part[0], tnd_slice_str(tnd_lang_code((enum tnd_lang)lang)))) {
            *ret = (enum tnd_lang)lang;
            return true;
        }
    tnd_http_fail(reply, 404, "there are en, ko, ru, id and vi");
    return false;
}

static void answer_of_kind(const struct tnd_http_request *r, struct tnd_http_reply *reply,
                           enum tnd_page_kind kind)
{
    enum tnd_lang lang;

    if (lang_of(r, reply, &lang))
        answer_page(r, reply, &(struct tnd_page){.kind = (uint8_t)kind, .lang = (uint8_t)lang});
}

void get_index(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    answer_of_kind(r, reply, TND_PAGE_INDEX);
}

void get_texts(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    answer_of_kind(r, reply, TND_PAGE_TEXTS);
}

void get_style(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    answer_page(r, reply, &(struct tnd_page){.kind = TND_PAGE_STYLE});
}

void get_search(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    answer_page(r, reply, &(struct tnd_page){.kind = TND_PAGE_SCRIPT});
}

void get_code_page(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    enum tnd_lang lang;
    unsigned code;

    if (!lang_of(r, reply, &lang))
        return;
    if (!web_code_of(r->part[1], &code)) {
        tnd_http_fail(reply, 404, "response codes are from 100 to 699");
        return;
    }
    struct tnd_page page = tnd_page_code(lang, code);
    answer_page(r, reply, &page);
}

/* "302-vs-580" */
static bool pair_of(struct tnd_slice text, unsigned *a, unsigned *b)
{
    const struct tnd_slice between = TND_STR("-vs-");

    return text.len == 10 && tnd_slice_eq(tnd_slice(text.ptr + 3, 4), between) &&
           web_code_of(tnd_slice(text.ptr, 3), a) && web_code_of(tnd_slice(text.ptr + 7, 3), b);
}

/* Each pair has one page, the lower code first; one code twice is its own page. */
static void redirect(const struct tnd_http_request *r, struct tnd_http_reply *reply,
                     const struct tnd_page *page)
{
    struct tnd_writer w = tnd_writer(reply->location, sizeof(reply->location) - 1);

    tnd_put_char(&w, '/');
    tnd_page_path(&w, &r->web->site, page);
    reply->location[w.len] = '\0';
    reply->status = 301;
}

void get_compare_page(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    enum tnd_lang lang;
    unsigned a, b;

    if (!lang_of(r, reply, &lang))
        return;
    if (!pair_of(r->part[1], &a, &b)) {
        tnd_http_fail(reply, 404, "give two codes, like 302-vs-580");
        return;
    }
    struct tnd_page page = a == b ? tnd_page_code(lang, a) : tnd_page_compare(lang, a, b);
    if (a < b)
        answer_page(r, reply, &page);
    else
        redirect(r, reply, &page);
}
