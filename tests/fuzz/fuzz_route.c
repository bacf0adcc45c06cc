/* Routes: three lines, a pattern, the URI of a contact with or without "{user}", a Request-URI. The
 * user of a stranger leaves scheme, host and port of the contact as they are, and adds no parameter to
 * it and no line to the answer. What a pattern matches it matches with another * around it. */
#include "fuzz/fuzz.h"

#include "tandem/redirect.h"

enum { TEXT_SIZE = 1 << 22 };

static char filled_room[TEXT_SIZE], marked_room[TEXT_SIZE], arena_room[2 * TEXT_SIZE];

static struct tnd_slice line_of(struct tnd_slice *rest)
{
    const char *lf = rest->len > 0 ? memchr(rest->ptr, '\n', rest->len) : NULL;
    struct tnd_slice line = lf ? tnd_slice_between(rest->ptr, lf) : *rest;

    *rest = lf ? tnd_slice_between(lf + 1, tnd_slice_end(*rest)) : tnd_slice(rest->ptr, 0);
    return line;
}

static bool read(struct tnd_slice text, struct tnd_uri *ret)
{
    struct tnd_flaw flaw;

    return tnd_uri_parse(text, ret, &flaw) == 0;
}

/* What the configuration takes for a contact: a URI if an escape stands for the user. */
static bool read_template(struct tnd_slice text, struct tnd_uri *ret)
{
    const struct tnd_slice word = TND_STR("{user}");
    struct tnd_writer w = tnd_writer(marked_room, sizeof(marked_room));

    for (size_t i = 0; i < text.len;) {
        bool stands = text.len - i >= word.len && memcmp(text.ptr + i, word.ptr, word.len) == 0;

        tnd_put(&w, stands ? TND_STR("%75") : tnd_slice(text.ptr + i, 1));
        i += stands ? word.len : 1;
    }
    return read(tnd_writer_slice(&w), ret);
}

static size_t count_of(struct tnd_slice text, char c)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == c;
    return count;
}

static void check_filled(const struct tnd_route_contact *contact, const struct tnd_uri *template,
                         const struct tnd_uri *request_uri)
{
    struct tnd_writer w = tnd_writer(filled_room, sizeof(filled_room));
    struct tnd_uri uri;

    tnd_route_uri_write(&w, contact, request_uri);
    FUZZ_CHECK(!tnd_writer_over(&w));
    if (!read(tnd_writer_slice(&w), &uri)) {
        /* without a user a parameter has no value; with one it may stand there already */
        FUZZ_CHECK(!request_uri->user.ptr || template->params.len > 0 || w.len > TND_LOOSE_LEN_MAX);
        return;
    }
    FUZZ_CHECK(uri.scheme == template->scheme && uri.port == template->port);
    FUZZ_CHECK(tnd_slice_eq(uri.host, template->host));
    FUZZ_CHECK(count_of(uri.params, ';') == count_of(template->params, ';'));
    FUZZ_CHECK(count_of(uri.headers, '&') == count_of(template->headers, '&'));
}

static void check_answer(const struct tnd_route_contact *contact, const struct tnd_uri *request_uri)
{
    const struct tnd_route route = {
        .action = TND_ROUTE_REDIRECT, .code = 302, .contacts = contact, .contact_count = 1};
    struct tnd_redirect_answer answer;
    struct tnd_arena a;

    tnd_arena_init(&a, arena_room, sizeof(arena_room), NULL, 0);
    FUZZ_CHECK(tnd_redirect_by_route(&route, request_uri, &a, &answer) == 0);
    FUZZ_CHECK(answer.code == 302 || answer.code == 404);
    FUZZ_CHECK((answer.code == 302) == (answer.fields.len > 0));
    if (answer.fields.len > 0)
        FUZZ_CHECK(memchr(answer.fields.ptr, '\r', answer.fields.len) ==
                   tnd_slice_end(answer.fields) - 2);
}

static bool matches(struct tnd_slice pattern, const struct tnd_uri *request_uri)
{
    const struct tnd_route route = {.match = {.user = pattern}};
    const struct tnd_endpoint source = {.family = TND_FAMILY_IPV4};
    const struct tnd_route_asked asked = {
        .method = TND_STR("INVITE"), .uri = request_uri, .from = NULL, .source = &source};

    return tnd_route_find(&route, 1, &asked) != NULL;
}

static void check_pattern(struct tnd_slice pattern, const struct tnd_uri *request_uri)
{
    struct tnd_writer w = tnd_writer(marked_room, sizeof(marked_room));

    tnd_put_char(&w, '*');
    tnd_put(&w, pattern);
    tnd_put_char(&w, '*');
    struct tnd_slice around = tnd_writer_slice(&w);
    if (matches(tnd_slice(pattern.ptr ? pattern.ptr : "", pattern.len), request_uri))
        FUZZ_CHECK(matches(around, request_uri));
    FUZZ_CHECK(matches(TND_STR("**"), request_uri));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tnd_slice rest = tnd_slice((const char *)data, size);
    struct tnd_slice pattern = line_of(&rest), text = line_of(&rest);
    struct tnd_route_contact contact = {.uri = text, .q = 1000};
    struct tnd_uri request_uri, template;

    if (size > 8192 || !read(rest, &request_uri))
        return 0;
    check_pattern(pattern, &request_uri);
    if (!read_template(text, &template))
        return 0;
    check_filled(&contact, &template, &request_uri);
    check_answer(&contact, &request_uri);
    return 0;
}
