/* Text for XML and HTML: what would be taken for markup is a reference. */
#include "base/xml.h"

#include "base/utf8.h"

static const char *reference_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

/* XML 1.0 §2.2: of the control characters only white space, and neither U+FFFE nor U+FFFF. */
static bool is_char(struct tnd_slice letter)
{
    if (letter.len == 0)
        return false;
    unsigned char c = (unsigned char)letter.ptr[0];
    if (letter.len == 1)
        return (c >= ' ' && c != 0x7f) || c == '\t' || c == '\n' || c == '\r';
    return letter.len != 3 || memcmp(letter.ptr, "\xef\xbf", 2) != 0 ||
           (unsigned char)letter.ptr[2] < 0xbe;
}

/* How much of text stands as it is. */
static size_t run_of(struct tnd_slice text)
{
    size_t at = 0;

    while (at < text.len && !reference_of(text.ptr[at])) {
        bool is_ascii = text.ptr[at] >= ' ' && text.ptr[at] < 0x7f; /* most are */
        size_t len = is_ascii ? 1 : tnd_utf8_len(tnd_slice(text.ptr + at, text.len - at));

        if (!is_ascii && !is_char(tnd_slice(text.ptr + at, len)))
            break;
        at += len;
    }
    return at;
}

void tnd_put_xml(struct tnd_writer *w, struct tnd_slice text)
{
    while (text.len > 0) {
        size_t run = run_of(text);

        tnd_put(w, tnd_slice(text.ptr, run));
        text = tnd_slice(text.ptr + run, text.len - run);
        if (text.len == 0)
            return;
        const char *reference = reference_of(*text.ptr);
        size_t len = tnd_utf8_len(text);
        tnd_put_str(w, reference ? reference : "\xef\xbf\xbd");
        len = len > 0 ? len : 1;
        text = tnd_slice(text.ptr + len, text.len - len);
    }
}
