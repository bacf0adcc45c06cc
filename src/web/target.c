/* Targets of requests, and the language that their reader wants. */
#include "web/target.h"

#include "base/ascii.h"

bool web_target_read(struct tnd_slice text, struct web_target *ret)
{
    const struct tnd_slice scheme = TND_STR("http://");
    struct web_target t = {.path = text};

    if (text.len > scheme.len && tnd_slice_eq_fold(tnd_slice(text.ptr, scheme.len), scheme)) {
        struct tnd_slice rest = tnd_slice(text.ptr + scheme.len, text.len - scheme.len);
        const char *slash = memchr(rest.ptr, '/', rest.len);

        if (!slash)
            return false;
        t.host = tnd_slice_between(rest.ptr, slash);
        t.path = tnd_slice_between(slash, tnd_slice_end(rest));
    }
    if (t.path.len == 0 || t.path.ptr[0] != '/')
        return false;
    const char *mark = memchr(t.path.ptr, '?', t.path.len);
    if (mark) {
        t.query = tnd_slice_between(mark + 1, tnd_slice_end(t.path));
        t.path = tnd_slice_between(t.path.ptr, mark);
    }
    *ret = t;
    return true;
}

static int digit_of(char c)
{
    if (tnd_is_digit(c))
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool web_target_decode(char *text, size_t *len)
{
    size_t out = 0;

    for (size_t i = 0; i < *len; i++) {
        if (text[i] != '%') {
            text[out++] = text[i];
            continue;
        }
        int high = i + 2 < *len ? digit_of(text[i + 1]) : -1;
        int low = high >= 0 ? digit_of(text[i + 2]) : -1;
        if (low < 0 || 16 * high + low == 0)
            return false;
        text[out++] = (char)(16 * high + low);
        i += 2;
    }
    *len = out;
    return true;
}

bool web_target_is_sound(struct tnd_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char piece[3] = "";
        size_t len = text.len - i < sizeof(piece) ? text.len - i : sizeof(piece);

        if (text.ptr[i] != '%')
            continue;
        memcpy(piece, text.ptr + i, len);
        if (!web_target_decode(piece, &len))
            return false;
    }
    return true;
}

struct tnd_slice web_target_param(struct tnd_slice query, const char *name)
{
    const char *at = query.ptr, *end = tnd_slice_end(query);

    while (at && at < end) {
        const char *amp = memchr(at, '&', (size_t)(end - at));
        const char *stop = amp ? amp : end;
        const char *equals = memchr(at, '=', (size_t)(stop - at));
        const char *name_end = equals ? equals : stop;

        if (tnd_slice_eq(tnd_slice_between(at, name_end), tnd_slice_str(name)))
            return equals ? tnd_slice_between(equals + 1, stop) : TND_STR("");
        at = stop + 1;
    }
    return tnd_slice(NULL, 0);
}

/* ";q=0.8" in thousandths; without: 1000 (RFC 9110 §12.4.2). */
static unsigned weight_of(struct tnd_slice params)
{
    const char *at = params.len > 0 ? memchr(params.ptr, '=', params.len) : NULL;
    const char *end = tnd_slice_end(params);
    unsigned weight = 0, unit = 1000;

    if (!at)
        return 1000;
    for (at++; at < end && unit > 0; at++) {
        if (*at == '.' || *at == ' ')
            continue;
        if (!tnd_is_digit(*at))
            break;
        weight += unit * (unsigned)(*at - '0');
        unit /= 10;
    }
    return weight > 1000 ? 1000 : weight;
}

/* One of ours by its range: "ko", "ko-KR"; "*" is English. */
static bool find(struct tnd_slice range, enum tnd_lang *ret)
{
    if (tnd_slice_eq(range, TND_STR("*"))) {
        *ret = TND_LANG_EN;
        return true;
    }
    return range.len >= 2 && tnd_lang_find(range, ret);
}

enum tnd_lang web_target_lang(struct tnd_slice accept_language)
{
    const char *at = accept_language.ptr, *end = tnd_slice_end(accept_language);
    enum tnd_lang best = TND_LANG_EN;
    unsigned best_weight = 0;

    while (at && at < end) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *stop = comma ? comma : end;
        const char *semicolon = memchr(at, ';', (size_t)(stop - at));
        struct tnd_slice range =
            tnd_slice_trim(tnd_slice_between(at, semicolon ? semicolon : stop));
        unsigned weight = weight_of(tnd_slice_between(semicolon ? semicolon : stop, stop));
        enum tnd_lang lang;

        if (weight > best_weight && find(range, &lang)) {
            best = lang;
            best_weight = weight;
        }
        at = stop + 1;
    }
    return best;
}
