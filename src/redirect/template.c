/* "{user}" in the URI of a contact. The user comes from a stranger: it stays within the part of the
 * URI that it was put into. */
#include "redirect/parts.h"
#include "sip/chars.h"

/* Where a user may be put: into a user part, and into what is neither scheme nor host. */
enum {
    IN_USER = TND_CHAR_USER,
    ANYWHERE = TND_CHAR_USER | TND_CHAR_PASSWORD | TND_CHAR_PARAM | TND_CHAR_HEADER | TND_CHAR_URI,
};

static const struct tnd_slice word = TND_STR_INIT("{user}");

static bool starts_with_word(struct tnd_slice text)
{
    return text.len >= word.len && memcmp(text.ptr, word.ptr, word.len) == 0;
}

static bool is_words(struct tnd_slice text)
{
    for (; starts_with_word(text); text.len -= word.len)
        text.ptr += word.len;
    return text.len == 0;
}

/* user is escaped already; what may stand in a user part may be more than classes allow. */
static void put_user(struct tnd_writer *w, struct tnd_slice user, unsigned classes)
{
    for (size_t i = 0; i < user.len; i++) {
        char c = user.ptr[i];

        if (c == '%' || (tnd_char_classes[(unsigned char)c] & classes) == classes) {
            tnd_put_char(w, c);
        } else {
            tnd_put_char(w, '%');
            tnd_put_hex(w, &c, 1);
        }
    }
}

static void put_filled(struct tnd_writer *w, struct tnd_slice text, struct tnd_slice user,
                       unsigned classes)
{
    while (text.len > 0) {
        size_t len = starts_with_word(text) ? word.len : 1;

        if (len == 1)
            tnd_put_char(w, *text.ptr);
        else
            put_user(w, user, classes);
        text = tnd_slice(text.ptr + len, text.len - len);
    }
}

/* What stands between "sip:" and '@', which no other part of a URI can hold (RFC 3261 §25.1). */
static struct tnd_slice userinfo_of(struct tnd_slice uri)
{
    const char *colon = memchr(uri.ptr, ':', uri.len);
    const char *sign = memchr(uri.ptr, '@', uri.len);
    struct tnd_slice scheme = tnd_slice_between(uri.ptr, colon ? colon : uri.ptr);

    if (!sign ||
        (!tnd_slice_eq_fold(scheme, TND_STR("sip")) && !tnd_slice_eq_fold(scheme, TND_STR("sips"))))
        return tnd_slice(NULL, 0);
    return tnd_slice_between(colon + 1, sign);
}

/* The user part of it, in front of a password. */
static struct tnd_slice user_of(struct tnd_slice userinfo)
{
    const char *colon = userinfo.len > 0 ? memchr(userinfo.ptr, ':', userinfo.len) : NULL;

    return colon ? tnd_slice_between(userinfo.ptr, colon) : userinfo;
}

/* RFC 3261 §19.1.1: a user part is not empty; without one there is neither '@' nor password. */
void tnd_route_uri_write(struct tnd_writer *w, const struct tnd_route_contact *contact,
                         const struct tnd_uri *request_uri)
{
    struct tnd_slice uri = contact->uri, user = request_uri->user, info = userinfo_of(uri);

    if (info.ptr) {
        struct tnd_slice part = user_of(info);
        bool is_empty = user.len == 0 && is_words(part);

        tnd_put(w, tnd_slice_between(uri.ptr, info.ptr));
        put_filled(w, is_empty ? TND_STR("") : part, user, IN_USER);
        uri = tnd_slice_between(is_empty ? tnd_slice_end(info) + 1 : tnd_slice_end(part),
                                tnd_slice_end(uri));
    }
    put_filled(w, uri, user, ANYWHERE);
}
