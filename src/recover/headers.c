/* The headers part of a URI (RFC 3261 §19.1.5): what somebody else would have us say. */
#include "base/ascii.h"
#include "recover/recover.h"

enum { LINES_LEN_MAX = 2048, MESSAGE_ROOM = 8192 };

/* RFC 3261 §19.1.5: not what is "obviously dangerous", nor what would "falsely advertise its location or
 * capabilities". So these, which tell people something, or proxies what the callee prefers. */
static bool does_no_harm(enum tnd_header kind)
{
    static const uint16_t kinds[] = {
        TND_HEADER_SUBJECT,        TND_HEADER_PRIORITY,       TND_HEADER_CALL_INFO,
        TND_HEADER_ALERT_INFO,     TND_HEADER_IN_REPLY_TO,    TND_HEADER_USER_TO_USER,
        TND_HEADER_ACCEPT_CONTACT, TND_HEADER_REJECT_CONTACT, TND_HEADER_REQUEST_DISPOSITION,
    };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (kinds[i] == kind)
            return true;
    return false;
}

/* No control characters, so that a value is one line. */
static bool is_line(struct tnd_slice value)
{
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.ptr[i] < 0x20 || value.ptr[i] == 0x7f)
            return false;
    return true;
}

/* A flaw of the one line, not of what is missing around it. */
static bool has_flaw(const struct tnd_msg *msg)
{
    struct tnd_slice line = tnd_field_lines(msg, &msg->fields[1]);

    for (unsigned i = 0; i < msg->flaw_count; i++)
        if (msg->flaws[i].where.ptr >= line.ptr && msg->flaws[i].where.ptr < tnd_slice_end(line))
            return true;
    return false;
}

/* RFC 3261 §19.1.5: "If the request formed ... is not a valid SIP request, the URI is invalid". Here only
 * the line is. */
static bool is_right(struct tnd_slice line)
{
    char room[MESSAGE_ROOM], text[LINES_LEN_MAX + 64];
    struct tnd_writer w = tnd_writer(text, sizeof(text));
    struct tnd_arena a;
    struct tnd_msg msg;

    tnd_put_status_line(&w, 200, tnd_slice(NULL, 0));
    tnd_put(&w, line);
    tnd_put_line_end(&w);
    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    return !tnd_writer_over(&w) && tnd_msg_parse_datagram(&msg, &a, tnd_writer_slice(&w)) == 0 &&
           msg.field_count == 1 && tnd_msg_check(&msg, &a) == 0 && !has_flaw(&msg);
}

/* RFC 3261 §7.3.1: what is no list stands once; the first one counts. */
static bool stands_already(struct tnd_slice lines, enum tnd_header kind)
{
    const struct tnd_slice name = tnd_slice_str(tnd_header_name(kind));

    if (tnd_header_number(kind) != TND_HEADER_ONE)
        return false;
    for (const char *at = lines.ptr, *end = tnd_slice_end(lines); at < end;) {
        if ((size_t)(end - at) > name.len && memcmp(at, name.ptr, name.len) == 0 &&
            at[name.len] == ':')
            return true;
        at = (const char *)memchr(at, '\n', (size_t)(end - at)) + 1;
    }
    return false;
}

static void put_header(struct tnd_writer *w, struct tnd_slice name, struct tnd_slice value)
{
    char name_room[64], value_room[1024], line_room[LINES_LEN_MAX];
    struct tnd_writer n = tnd_writer(name_room, sizeof(name_room));
    struct tnd_writer v = tnd_writer(value_room, sizeof(value_room));
    struct tnd_writer line = tnd_writer(line_room, sizeof(line_room));

    tnd_put_unescaped(&n, name);
    tnd_put_unescaped(&v, value);
    if (tnd_writer_over(&n) || tnd_writer_over(&v) || !is_line(tnd_writer_slice(&v)))
        return;
    enum tnd_header kind = tnd_header_find(tnd_writer_slice(&n));
    if (!does_no_harm(kind) || stands_already(tnd_writer_slice(w), kind))
        return;
    tnd_put_field(&line, kind, tnd_writer_slice(&v));
    /* one that would make it too long is left out, the others are not */
    if (is_right(tnd_writer_slice(&line)) && w->len + line.len <= w->size)
        tnd_put(w, tnd_writer_slice(&line));
}

struct tnd_slice recover_header_lines(struct tnd_arena *a, struct tnd_slice headers)
{
    char room[LINES_LEN_MAX];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    const char *at = headers.ptr, *end = tnd_slice_end(headers);

    while (at < end) {
        const char *next = memchr(at, '&', (size_t)(end - at));
        const char *part_end = next ? next : end;
        const char *equals = memchr(at, '=', (size_t)(part_end - at));

        if (equals)
            put_header(&w, tnd_slice_between(at, equals), tnd_slice_between(equals + 1, part_end));
        at = next ? next + 1 : end;
    }
    return w.len > 0 ? tnd_slice_keep(a, tnd_writer_slice(&w)) : tnd_slice(NULL, 0);
}
