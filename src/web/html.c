/* HTML into a writer: escapes, templates, links. */
#include "web/html.h"

#include <stdarg.h>

#include "base/utf8.h"

/* RFC 8259 §7; and "</script>" must not come up. */
static bool needs_escape(char c)
{
    return (unsigned char)c < 0x20 || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&';
}

void tnd_json_put(struct tnd_writer *w, struct tnd_slice text)
{
    tnd_put_char(w, '"');
    for (size_t i = 0, len; i < text.len; i += len) {
        struct tnd_slice rest = tnd_slice(text.ptr + i, text.len - i);

        len = (unsigned char)rest.ptr[0] < 0x80 ? 1 : tnd_utf8_len(rest);
        if (needs_escape(rest.ptr[0])) {
            tnd_put_str(w, "\\u00");
            tnd_put_hex(w, rest.ptr, 1);
        } else {
            tnd_put(w, len > 0 ? tnd_slice(rest.ptr, len) : TND_STR("\xef\xbf\xbd"));
        }
        len = len ? len : 1;
    }
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
        case 'l':
            tnd_link(h, va_arg(args, const struct tnd_page *));
            break;
        }
    }
    tnd_put_str(h->w, template);
    va_end(args);
}
