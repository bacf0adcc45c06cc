/* Texts of the catalogue as HTML: what they name, they lead to. "RFC 3261 §8.1.3.2" is a link to that section,
 * and the number of a code is one to its page. */
#include "base/ascii.h"
#include "web/html.h"

static bool is_word(char c)
{
    return tnd_is_alnum(c) || c == '-' || c == '.' || c == '/';
}

/* How many digits text begins with. */
static size_t digits(struct tnd_slice text)
{
    size_t n = 0;

    while (n < text.len && tnd_is_digit(text.ptr[n]))
        n++;
    return n;
}

static struct tnd_slice behind(struct tnd_slice text, size_t n)
{
    return tnd_slice(text.ptr + n, text.len - n);
}

static bool begins_with(struct tnd_slice text, struct tnd_slice with)
{
    return text.len >= with.len && tnd_slice_eq(tnd_slice(text.ptr, with.len), with);
}

/* "21.3.3" in front of text; a full stop behind it is the sentence's. */
static struct tnd_slice section_of(struct tnd_slice text)
{
    size_t len = 0;

    for (size_t n; (n = digits(behind(text, len))) > 0;) {
        len += n;
        if (len + 1 >= text.len || text.ptr[len] != '.' || !tnd_is_digit(text.ptr[len + 1]))
            break;
        len++;
    }
    return tnd_slice(text.ptr, len);
}

/* "RFC 3261 §21.3.3", or without a section. Returns its length; 0: text begins with something else. */
static size_t put_rfc(const struct tnd_html *h, struct tnd_slice text)
{
    struct tnd_slice section = {NULL, 0};
    size_t len = 4;

    if (!begins_with(text, TND_STR("RFC ")) || digits(behind(text, len)) == 0)
        return 0;
    struct tnd_slice number = tnd_slice(text.ptr + len, digits(behind(text, len)));
    len += number.len;
    if (begins_with(behind(text, len), TND_STR(" §"))) {
        section = section_of(behind(text, len + TND_STR(" §").len));
        len += section.len > 0 ? TND_STR(" §").len + section.len : 0;
    }
    tnd_put_str(h->w, "<a class=\"rfc\" href=\"https://www.rfc-editor.org/rfc/rfc");
    tnd_put(h->w, number);
    tnd_put_str(h->w, section.len > 0 ? "#section-" : "");
    tnd_put(h->w, section);
    tnd_put_str(h->w, "\">");
    tnd_html_escape(h->w, tnd_slice(text.ptr, len));
    tnd_put_str(h->w, "</a>");
    return len;
}

/* A code that has a page, and is not what this page is about. Returns its length; 0: it is none. */
static size_t put_code(const struct tnd_html *h, struct tnd_slice text)
{
    uint64_t code;

    if (digits(text) != 3 || (text.len > 3 && is_word(text.ptr[3]) && text.ptr[3] != '.'))
        return 0;
    if (!tnd_slice_number(tnd_slice(text.ptr, 3), 699, &code) || code < 100 ||
        tnd_explain_next((unsigned)code - 1) != code || code == h->page->a || code == h->page->b)
        return 0;
    struct tnd_page page = tnd_page_code(h->lang, (unsigned)code);
    tnd_html(h, "<a href=\"%l\">%u</a>", &page, (unsigned)code);
    return 3;
}

void tnd_prose(const struct tnd_html *h, struct tnd_slice text)
{
    size_t begin = 0;

    for (size_t i = 0; i < text.len;) {
        bool is_start = i == 0 || !is_word(text.ptr[i - 1]);
        struct tnd_slice rest = behind(text, i);
        struct tnd_writer before = *h->w;
        size_t len = 0;

        if (is_start && (rest.ptr[0] == 'R' || tnd_is_digit(rest.ptr[0]))) {
            tnd_html_escape(h->w, tnd_slice(text.ptr + begin, i - begin));
            len = put_rfc(h, rest);
            len = len > 0 ? len : put_code(h, rest);
            if (len == 0)
                *h->w = before;
            else
                begin = i + len;
        }
        i += len > 0 ? len : 1;
    }
    tnd_html_escape(h->w, behind(text, begin));
}
