/* Session descriptions: what a look at the lines tells, and the description itself. Reading one is the dearest part
 * of looking at a call in which nothing is wrong, and mostly there is no line that a rule could be about. */
#include "diag/find_case.h"

static bool is_sdp(const struct tnd_msg *msg)
{
    static const struct tnd_slice type = TND_STR_INIT("application/sdp");
    struct tnd_slice value = tnd_msg_value(msg, TND_HEADER_CONTENT_TYPE);

    return value.len >= type.len && tnd_slice_eq_fold(tnd_slice(value.ptr, type.len), type);
}

static struct tnd_sdp *read_sdp(struct find_case *c, const struct tnd_msg *msg)
{
    struct tnd_sdp_flaws flaws = {0};
    struct tnd_sdp *sdp;

    if (msg->body.len == 0 || !is_sdp(msg))
        return NULL;
    sdp = tnd_arena_zero(c->a, 1, sizeof(*sdp));
    /* One that is broken is shown as far as it could be read. */
    return sdp && tnd_sdp_read(c->a, msg->body, sdp, &flaws) != TND_ENOMEM ? sdp : NULL;
}

const struct tnd_sdp *case_sdp(struct find_case *c, uint32_t i)
{
    const struct tnd_msg *msg = case_msg(c, i);
    struct case_view *view = &c->view[i];

    if (!view->was_asked) {
        view->was_asked = true;
        view->sdp = read_sdp(c, msg);
    }
    return view->sdp;
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

static bool begins(struct tnd_slice line, const char *word)
{
    size_t len = strlen(word);

    return line.len >= len && memcmp(line.ptr, word, len) == 0;
}

/* "c=IN IP4 10.0.0.7" */
static unsigned of_connection(struct tnd_slice line)
{
    struct tnd_slice address = word_of(line, 2);
    struct tnd_endpoint host;

    if (tnd_slice_eq(address, TND_STR("0.0.0.0")))
        return CASE_SDP_HOLD;
    return tnd_address_parse(address, &host) == 0 && case_is_private(&host) ? CASE_SDP_PRIVATE : 0;
}

static unsigned of_line(struct tnd_slice line)
{
    if (begins(line, "c="))
        return of_connection(line);
    if (begins(line, "m="))
        return begins(word_of(line, 1), "0") ? CASE_SDP_NO_PORT : 0;
    return begins(line, "a=sendonly") || begins(line, "a=recvonly") || begins(line, "a=inactive")
               ? CASE_SDP_DIRECTION
               : 0;
}

static unsigned look(const struct tnd_msg *msg)
{
    struct tnd_slice rest = msg->body;
    unsigned hints = 0;

    if (rest.len == 0 || !is_sdp(msg))
        return 0;
    while (rest.len > 0) {
        const char *lf = memchr(rest.ptr, '\n', rest.len);
        const char *end = lf ? lf : tnd_slice_end(rest);

        hints |= of_line(tnd_slice_between(rest.ptr, end));
        rest = lf ? tnd_slice_between(lf + 1, tnd_slice_end(rest)) : tnd_slice(NULL, 0);
    }
    return hints;
}

bool case_sdp_has(struct find_case *c, uint32_t i, enum case_sdp_hint hint)
{
    const struct tnd_msg *msg = case_msg(c, i);
    struct case_view *view = &c->view[i];

    if (!view->was_looked_at) {
        view->was_looked_at = true;
        view->sdp_hints = (uint8_t)look(msg);
    }
    return (view->sdp_hints & hint) != 0;
}
