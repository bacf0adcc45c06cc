/* The body of a 380: what is there instead, for a phone to read (3GPP TS 24.229 §7.6). */
#include "base/ascii.h"
#include "base/utf8.h"
#include "redirect/parts.h"

/* What XML would take for its own, as a reference; NULL: nothing of it. */
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
        return "&apos;";
    default:
        return NULL;
    }
}

/* XML has no place for control characters, for U+FFFE and U+FFFF, nor for what is no UTF-8. */
static bool is_xml(struct tnd_slice letter)
{
    if (letter.len == 0 || tnd_is_control(*letter.ptr))
        return false;
    return letter.len != 3 || memcmp(letter.ptr, "\xef\xbf", 2) != 0 ||
           (unsigned char)letter.ptr[2] < 0xbe;
}

static void put_text(struct tnd_writer *w, struct tnd_slice text)
{
    while (text.len > 0) {
        struct tnd_slice letter = tnd_slice(text.ptr, tnd_utf8_len(text));
        const char *reference = reference_of(*text.ptr);
        size_t len = letter.len > 0 ? letter.len : 1;

        if (reference)
            tnd_put_str(w, reference);
        else if (is_xml(letter))
            tnd_put(w, letter);
        else
            tnd_put_char(w, '?');
        text = tnd_slice(text.ptr + len, text.len - len);
    }
}

/* The schema asks for a reason; where nothing is to be said, it is empty. */
void redirect_body_write(struct tnd_writer *w, struct tnd_slice text)
{
    tnd_put(w, TND_STR("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
                       "<ims-3gpp version=\"1\"><alternative-service>"
                       "<type>emergency</type><reason>"));
    put_text(w, text);
    tnd_put(w, TND_STR("</reason></alternative-service></ims-3gpp>\r\n"));
}
