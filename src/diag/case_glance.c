/* A glance at a message: how its lines begin. Most calls are as they should be, and a message that is not parsed
 * costs nothing. A glance may see too much, never too little: whoever needs to know parses. */
#include "diag/find_case.h"

static bool begins(struct tnd_slice line, struct tnd_slice with)
{
    return line.len >= with.len && tnd_slice_eq_fold(tnd_slice(line.ptr, with.len), with);
}

/* The word behind the first count spaces. */
static struct tnd_slice word_of(struct tnd_slice line, int count)
{
    size_t at = 0, len = 0;

    for (; at < line.len && count > 0; at++)
        count -= line.ptr[at] == ' ';
    while (at + len < line.len && line.ptr[at + len] != ' ' && line.ptr[at + len] != '/' &&
           line.ptr[at + len] != '\r')
        len++;
    return tnd_slice(line.ptr + at, len);
}

/* "c=IN IP4 10.0.0.7" */
static uint8_t of_connection(struct tnd_slice line)
{
    struct tnd_slice address = word_of(line, 2);
    struct tnd_endpoint host;

    if (tnd_slice_eq(address, TND_STR("0.0.0.0")))
        return CASE_SDP_HOLD;
    return tnd_address_parse(address, &host) == 0 && case_is_private(&host) ? CASE_SDP_PRIVATE : 0;
}

static uint8_t glance_at_sdp(struct tnd_slice line)
{
    switch (line.ptr[0]) {
    case 'c':
        return of_connection(line);
    case 'm':
        return begins(word_of(line, 1), TND_STR("0")) ? CASE_SDP_NO_PORT : 0;
    case 'a':
        return begins(line, TND_STR("a=sendonly")) || begins(line, TND_STR("a=recvonly")) ||
                       begins(line, TND_STR("a=inactive"))
                   ? CASE_SDP_DIRECTION
                   : 0;
    }
    return 0;
}

static uint8_t glance_at(struct tnd_slice line)
{
    if (line.len < 3)
        return 0;
    if (line.ptr[1] == '=')
        return glance_at_sdp(line);
    switch (line.ptr[0] | 0x20) {
    case 'r':
        if (begins(line, TND_STR("record-route")))
            return CASE_HAS_RECORD_ROUTE;
        return begins(line, TND_STR("route")) ? CASE_HAS_ROUTE : 0;
    case 's':
        return begins(line, TND_STR("session-expires")) ? CASE_HAS_SESSION_EXPIRES : 0;
    case 'x':
        return begins(line, TND_STR("x:")) || begins(line, TND_STR("x ")) ? CASE_HAS_SESSION_EXPIRES
                                                                          : 0;
    }
    return 0;
}

static uint8_t take_glance(struct tnd_slice bytes)
{
    const char *at = bytes.ptr, *end = tnd_slice_end(bytes);
    uint8_t glance = CASE_GLANCED;

    while (at < end) {
        const char *next = memchr(at, '\n', (size_t)(end - at));

        glance |= glance_at(tnd_slice_between(at, next ? next : end));
        at = next ? next + 1 : end;
    }
    return glance;
}

bool case_glance(struct find_case *c, uint32_t i, enum case_glance bit)
{
    struct case_view *view = &c->view[i];

    if (!view->glance)
        view->glance = take_glance(c->m[i].bytes);
    return (view->glance & bit) != 0;
}
