/* URIs: what is read and written is the same URI; equality is reflexive and symmetric; an
 * escape is undone once. The first line end parts two URIs, which are compared. */
#include "fuzz/fuzz.h"

#include "tandem/sip/uri.h"

enum { TEXT_SIZE = 1 << 16 };

static char first[TEXT_SIZE], second[TEXT_SIZE];

static bool within(struct tnd_slice part, struct tnd_slice all)
{
    return !part.ptr || (part.ptr >= all.ptr && tnd_slice_end(part) <= tnd_slice_end(all));
}

static bool read(struct tnd_slice text, struct tnd_uri *ret)
{
    struct tnd_flaw flaw = {TND_RULE_NONE, {NULL, 0}};
    int err = tnd_uri_parse(text, ret, &flaw);

    FUZZ_CHECK((err == TND_ESYNTAX) == (flaw.rule != TND_RULE_NONE));
    FUZZ_CHECK(err == 0 || err == TND_ESYNTAX);
    FUZZ_CHECK(!text.ptr || within(flaw.where, text));
    return err == 0;
}

static struct tnd_slice write(char *out, const struct tnd_uri *uri)
{
    struct tnd_writer w = tnd_writer(out, TEXT_SIZE);

    tnd_uri_write(&w, uri);
    FUZZ_CHECK(!tnd_writer_over(&w));
    return tnd_writer_slice(&w);
}

static void check_parts(const struct tnd_uri *uri, struct tnd_slice text)
{
    struct tnd_slice params = uri->params;
    struct tnd_param param;

    FUZZ_CHECK(tnd_slice_eq(uri->text, text));
    FUZZ_CHECK(within(uri->user, text) && within(uri->password, text) && within(uri->host, text));
    FUZZ_CHECK(within(uri->params, text) && within(uri->headers, text));
    FUZZ_CHECK(uri->port >= -1 && uri->port <= 65535);
    FUZZ_CHECK(!uri->host.ptr || tnd_host_kind(uri->host) == uri->host_kind);
    FUZZ_CHECK(!uri->host.ptr || tnd_host_eq(uri->host, uri->host));
    while (tnd_param_next(&params, &param))
        FUZZ_CHECK(within(param.name, text) && within(param.value, text));
}

/* RFC 3261 §19.1.1 forbids it, and what it equals is nobody's to say. */
/* A name may be written with escapes, and be the same all the same (RFC 3261 §19.1.4). */
static bool is_same_name(struct tnd_slice a, struct tnd_slice b)
{
    static char rooms[2][TND_LOOSE_LEN_MAX];
    struct tnd_writer wa = tnd_writer(rooms[0], sizeof(rooms[0]));
    struct tnd_writer wb = tnd_writer(rooms[1], sizeof(rooms[1]));

    tnd_put_unescaped(&wa, a);
    tnd_put_unescaped(&wb, b);
    return tnd_slice_eq_fold(tnd_writer_slice(&wa), tnd_writer_slice(&wb));
}

static bool has_param_twice(const struct tnd_uri *uri)
{
    struct tnd_slice params = uri->params;
    struct tnd_param param, same;

    while (tnd_param_next(&params, &param))
        for (struct tnd_slice rest = params; tnd_param_next(&rest, &same);)
            if (is_same_name(param.name, same.name))
                return true;
    return false;
}

/* More headers than this are never compared: it would take the square of their number. */
static bool has_many_headers(const struct tnd_uri *uri)
{
    unsigned count = 1;

    for (size_t i = 0; i < uri->headers.len; i++)
        count += uri->headers.ptr[i] == '&';
    return count > TND_PARAM_COUNT_MAX;
}

static void check_rewrite(const struct tnd_uri *uri)
{
    struct tnd_slice once = write(first, uri);
    struct tnd_uri again;

    FUZZ_CHECK(read(once, &again));
    FUZZ_CHECK(tnd_uri_eq(uri, &again) == tnd_uri_eq(&again, uri));
    FUZZ_CHECK(tnd_uri_eq(uri, &again) || has_param_twice(uri) || has_many_headers(uri));
    FUZZ_CHECK(tnd_slice_eq(once, write(second, &again)));
}

/* Any octets can be a user part, and are the same when the escapes are undone. */
static void check_escapes(struct tnd_slice text)
{
    struct tnd_writer w = tnd_writer(first, sizeof(first));
    struct tnd_writer back = tnd_writer(second, sizeof(second));
    struct tnd_uri uri;

    if (text.len == 0 || text.len > TND_LOOSE_LEN_MAX / 4)
        return;
    tnd_put_str(&w, "sip:");
    tnd_put_user(&w, text);
    tnd_put_str(&w, "@a");
    FUZZ_CHECK(read(tnd_writer_slice(&w), &uri));
    tnd_put_unescaped(&back, uri.user);
    FUZZ_CHECK(tnd_slice_eq(tnd_writer_slice(&back), text));
}

static void check_host(struct tnd_slice text)
{
    uint8_t octets[16];

    if (tnd_host_kind(text) != TND_HOST_NONE)
        FUZZ_CHECK(tnd_host_eq(text, text));
    if (tnd_host_kind(text) == TND_HOST_IPV6)
        FUZZ_CHECK(tnd_ipv6_octets(text, octets));
}

static bool check_one(struct tnd_slice text, struct tnd_uri *ret)
{
    struct tnd_writer w = tnd_writer(first, sizeof(first));

    tnd_put_unescaped(&w, text);
    FUZZ_CHECK(w.len <= text.len);
    check_escapes(text);
    check_host(text);
    if (!read(text, ret))
        return false;
    check_parts(ret, text);
    FUZZ_CHECK(tnd_uri_eq(ret, ret));
    check_rewrite(ret);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tnd_slice text = tnd_slice((const char *)data, size);
    const char *lf = size ? memchr(text.ptr, '\n', size) : NULL;
    struct tnd_uri a, b;

    if (size > TEXT_SIZE / 4)
        return 0;
    if (!lf) {
        check_one(text, &a);
        return 0;
    }
    bool has_a = check_one(tnd_slice_between(text.ptr, lf), &a);
    bool has_b = check_one(tnd_slice_between(lf + 1, tnd_slice_end(text)), &b);
    if (has_a && has_b)
        FUZZ_CHECK(tnd_uri_eq(&a, &b) == tnd_uri_eq(&b, &a));
    return 0;
}
