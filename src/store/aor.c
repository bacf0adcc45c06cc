/* The canonical form of an address-of-record (RFC 3261 §10.3, step 5). */
#include "tandem/store.h"

/* RFC 3261 §10.3: "any escaped characters MUST be converted to their unescaped form". What may not
 * stand in a user part without its escape keeps it, so that the form is a user part again. */
static void put_user(struct tnd_writer *w, struct tnd_slice user)
{
    for (size_t i = 0, len; i < user.len; i += len) {
        char octet;
        struct tnd_writer one = tnd_writer(&octet, 1);

        len = user.ptr[i] == '%' && user.len - i >= 3 ? 3 : 1;
        tnd_put_unescaped(&one, tnd_slice(user.ptr + i, len));
        tnd_put_user(w, tnd_slice(&octet, 1));
    }
}

static void put_host(struct tnd_writer *w, const struct tnd_uri *uri)
{
    struct tnd_endpoint e;

    if (uri->host_kind == TND_HOST_IPV6 && tnd_address_parse(uri->host, &e) == 0)
        tnd_address_write_host(w, &e);
    else
        tnd_put_lower(w, uri->host);
}

bool tnd_aor_write(struct tnd_writer *w, const struct tnd_uri *uri)
{
    size_t before = w->len;

    if ((uri->scheme != TND_SCHEME_SIP && uri->scheme != TND_SCHEME_SIPS) || !uri->user.ptr)
        return false;
    if (memchr(uri->user.ptr, '%', uri->user.len))
        put_user(w, uri->user);
    else
        tnd_put(w, uri->user);
    tnd_put_char(w, '@');
    put_host(w, uri);
    if (w->len - before <= TND_AOR_LEN_MAX)
        return true;
    w->len = before;
    return false;
}
