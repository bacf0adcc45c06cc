/* HTML into a writer. What comes from outside is always escaped: only the template is markup. */
#ifndef WEB_HTML_H
#define WEB_HTML_H

#include "base/xml.h"
#include "ref/texts.h"
#include "web/page.h"

/* A page while it is written. */
struct tnd_html {
    struct tnd_writer *w;
    const struct tnd_site *site;
    const struct tnd_page *page;
    enum tnd_lang lang;
};

/* Escaped for text and for attributes in quotes. */
static inline void tnd_html_escape(struct tnd_writer *w, struct tnd_slice text)
{
    tnd_put_xml(w, text);
}

/* As a string of JSON with its quotes, which may stand in a <script>: '<' is an escape too. What is no UTF-8
 * becomes U+FFFD. */
void tnd_json_put(struct tnd_writer *w, struct tnd_slice text);

/* The template as it is, but for
 *
 *   %t  const char *, English: in the language of the page, escaped
 *   %s  const char *: escaped
 *   %p  const char *: a text of the catalogue, escaped; RFCs and codes in it are links
 *   %u  unsigned
 *   %v  unsigned, twice: "302 vs 580", as the language of the page has it
 *   %l  const struct tnd_page *: its address, seen from this page
 */
void tnd_html(const struct tnd_html *h, const char *template, ...);

/* A text of the catalogue: "as RFC 3261 §8.1.3.2 has it, send 404". */
void tnd_prose(const struct tnd_html *h, struct tnd_slice text);

/* "a vs b", as the language has it; not escaped. */
void tnd_put_versus(struct tnd_writer *w, enum tnd_lang lang, struct tnd_slice a,
                    struct tnd_slice b);

/* The address of another page, seen from this one; and the whole one, where it is known. */
void tnd_link(const struct tnd_html *h, const struct tnd_page *to);
void tnd_link_whole(const struct tnd_html *h, const struct tnd_page *to);

struct tnd_page tnd_page_index(enum tnd_lang lang);
struct tnd_page tnd_page_code(enum tnd_lang lang, unsigned code);
/* In either order. */
struct tnd_page tnd_page_compare(enum tnd_lang lang, unsigned a, unsigned b);

#endif
