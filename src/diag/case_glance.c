/* A glance at a message: how its lines begin. Most calls are as they should be, and a message that is not parsed
 * costs nothing. A glance may see too much, never too little: whoever needs to know parses. */
#include "diag/find_case.h"

static bool begins(struct tnd_slice line, struct tnd_slice with)
{
    return line.len >= with.len && tnd_slice_eq_fold(tnd_slice(line.ptr, with.len), with);
}

/* "c=IN IP4 10.0.0.1": behind the third space of what may be private, or no address at all. */
static bool is_odd_conn(struct tnd_slice line)
{
    static const struct tnd_slice odd[] = {
        TND_STR_INIT("c=IN IP4 0."),   TND_STR_INIT("c=IN IP4 10."),
        TND_STR_INIT("c=IN IP4 100."), TND_STR_INIT("c=IN IP4 169.254."),
        TND_STR_INIT("c=IN IP4 172."), TND_STR_INIT("c=IN IP4 192.168."),
        TND_STR_INIT("c=IN IP6 f"),
    };

    for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++)
        if (begins(line, odd[i]))
            return true;
    return false;
}

/* "m=audio 0 RTP/AVP 0" */
static bool is_port_zero(struct tnd_slice line)
{
    const char *space = memchr(line.ptr, ' ', line.len);

    return space && tnd_slice_end(line) - space > 2 && space[1] == '0' && space[2] == ' ';
}

static bool is_direction(struct tnd_slice line)
{
    return begins(line, TND_STR("a=inactive")) || begins(line, TND_STR("a=sendonly")) ||
           begins(line, TND_STR("a=recvonly"));
}

static uint8_t glance_at_body(struct tnd_slice line)
{
    bool is_odd = (line.ptr[0] == 'c' && is_odd_conn(line)) ||
                  (line.ptr[0] == 'm' && is_port_zero(line)) ||
                  (line.ptr[0] == 'a' && is_direction(line));

    return is_odd ? CASE_HAS_ODD_MEDIA : 0;
}

static uint8_t glance_at(struct tnd_slice line)
{
    if (line.len < 3)
        return 0;
    if (line.ptr[1] == '=')
        return glance_at_body(line);
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
