/* HTML into a writer: escapes, templates, links. */
#include "web/html.h"

#include <stdarg.h>

#include "base/columns.h"

enum { VERSUS_SIZE = 128 };

/* RFC 8259 §7; and "</script>" must not come up, nor what a terminal obeys or reads from right to left. */
static bool needs_escape(const struct tnd_glyph *g)
{
    return !g->is_plain || (g->point < 0x80 && memchr("\"\\<>&", (int)g->point, 5));
}

/* "\u009b" */
static void put_unit(struct tnd_writer *w, uint32_t unit)
{
    const char bytes[] = {(char)(unit >> 8), (char)unit};

    tnd_put_str(w, "\\u");
    tnd_put_hex(w, bytes, sizeof(bytes));
}

static void put_escape(struct tnd_writer *w, uint32_t point)
{
    if (point >= 0x10000) {
        put_unit(w, 0xd800 + ((point - 0x10000) >> 10));
        point = 0xdc00 + ((point - 0x10000) & 0x3ff);
    }
    put_unit(w, point);
}

void tnd_json_put(struct tnd_writer *w, struct tnd_slice text)
{
    struct tnd_glyph g;

    tnd_put_char(w, '"');
    while (tnd_glyph_next(&text, &g))
        if (g.point == 0xfffd)
            tnd_put_str(w, "\xef\xbf\xbd");
        else if (needs_escape(&g))
            put_escape(w, g.point);
        else
            tnd_put(w, g.bytes);
    tnd_put_char(w, '"');
}

/* How many folders a page lies below the top. */
static int depth_of(const struct tnd_page *page)
{
    switch ((enum tnd_page_kind)page->kind) {
    case TND_PAGE_LANGS:
    case TND_PAGE_STYLE:
    case TND_PAGE_SCRIPT:
    case TND_PAGE_SITEMAP:
        return 0;
    case TND_PAGE_INDEX:
    case TND_PAGE_TEXTS:
        return 1;
    case TND_PAGE_CODE:
    case TND_PAGE_COMPARE:
        return 2;
    }
    return 0;
}

void tnd_link(const struct tnd_html *h, const struct tnd_page *to)
{
    size_t before = h->w->len;

    for (int i = 0; i < depth_of(h->page); i++)
        tnd_put_str(h->w, "../");
    tnd_page_path(h->w, h->site, to);
    if (h->w->len == before) /* the top, from the top */
        tnd_put_str(h->w, "./");
}

void tnd_link_whole(const struct tnd_html *h, const struct tnd_page *to)
{
    tnd_html_escape(h->w, h->site->base_url);
    tnd_page_path(h->w, h->site, to);
}

void tnd_put_versus(struct tnd_writer *w, enum tnd_lang lang, struct tnd_slice a,
                    struct tnd_slice b)
{
    const char *text = tnd_text(lang, N_("{a} vs {b}"));

    while (*text)
        if (text[0] == '{' && (text[1] == 'a' || text[1] == 'b') && text[2] == '}') {
            tnd_put(w, text[1] == 'a' ? a : b);
            text += 3;
        } else {
            tnd_put_char(w, *text++);
        }
}

static void put_versus(const struct tnd_html *h, unsigned a, unsigned b)
{
    char numbers[2][16], room[VERSUS_SIZE];
    struct tnd_writer w[] = {tnd_writer(numbers[0], sizeof(numbers[0])),
                             tnd_writer(numbers[1], sizeof(numbers[1])),
                             tnd_writer(room, sizeof(room))};

    tnd_put_number(&w[0], a);
    tnd_put_number(&w[1], b);
    tnd_put_versus(&w[2], h->lang, tnd_writer_slice(&w[0]), tnd_writer_slice(&w[1]));
    tnd_html_escape(h->w, tnd_writer_slice(&w[2]));
}

void tnd_html(const struct tnd_html *h, const char *template, ...)
{
    const char *end = template + strlen(template), *percent;
    va_list args;

    va_start(args, template);
    for (; (percent = memchr(template, '%', (size_t)(end - template))); template = percent + 2) {
        tnd_put(h->w, tnd_slice_between(template, percent));
        switch (percent[1]) {
        case 't':
            tnd_html_escape(h->w, tnd_slice_str(tnd_text(h->lang, va_arg(args, const char *))));
            break;
        case 's':
            tnd_html_escape(h->w, tnd_slice_str(va_arg(args, const char *)));
            break;
        case 'p':
            tnd_prose(h, tnd_slice_str(va_arg(args, const char *)));
            break;
        case 'u':
            tnd_put_number(h->w, va_arg(args, unsigned));
            break;
        case 'v': {
            unsigned a = va_arg(args, unsigned);

            put_versus(h, a, va_arg(args, unsigned));
            break;
        }
        case 'l':
            tnd_link(h, va_arg(args, const struct tnd_page *));
            break;
        }
    }
    tnd_put_str(h->w, template);
    va_end(args);
}
