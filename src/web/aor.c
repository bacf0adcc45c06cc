/* Addresses-of-record as people write them. */
#include "web/aor.h"

/* "sip:" is written by whoever does not leave it out. */
static bool has_scheme(struct tnd_slice text)
{
    return (text.len >= 4 && memcmp(text.ptr, "sip:", 4) == 0) ||
           (text.len >= 5 && memcmp(text.ptr, "sips:", 5) == 0);
}

/* A user and a domain, and nothing that an address-of-record has not. */
static bool is_plain(const struct tnd_uri *uri)
{
    return uri->user.ptr && !uri->password.ptr && uri->port < 0 && uri->params.len == 0 &&
           !uri->headers.ptr;
}

int web_aor_read(struct tnd_slice text, struct web_aor *ret)
{
    char room[TND_LOOSE_LEN_MAX];
    struct tnd_writer uri_text = tnd_writer(room, sizeof(room));
    struct tnd_writer w = tnd_writer(ret->room, sizeof(ret->room));
    struct tnd_uri uri;
    struct tnd_flaw flaw;

    if (!has_scheme(text))
        tnd_put_str(&uri_text, "sip:");
    tnd_put(&uri_text, text);
    if (tnd_uri_parse(tnd_writer_slice(&uri_text), &uri, &flaw) || !is_plain(&uri))
        return TND_ESYNTAX;
    if (!tnd_aor_write(&w, &uri))
        return TND_ESPACE;
    ret->text = tnd_writer_slice(&w);
    const char *at = memrchr(ret->text.ptr, '@', ret->text.len);
    ret->domain = tnd_slice_between(at + 1, tnd_slice_end(ret->text));
    return 0;
}
