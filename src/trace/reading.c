/* The modes of a reading: each looks at what is to be read, and uses some of it. */
#include "trace/reading.h"

#include "base/ascii.h"
#include "trace/traced.h"

enum {
    HTTP_HEAD_MAX = 16384,
    SEARCH_MAX = 262144, /* who was never seen to speak SIP is no longer searched for it then */
    TLS_HANDSHAKE = 0x16,
    TLS_MAJOR = 3,
};

enum step {
    STEP_MORE,  /* nothing more can be told yet */
    STEP_AGAIN, /* something was used, or the mode is another */
    STEP_MESSAGE,
};

static struct tnd_slice unread(const struct tnd_reading *r)
{
    return r->len > r->start ? tnd_slice(r->buffer + r->start, r->len - r->start) : r->left;
}

static void forget_buffer(struct tnd_reading *r, struct tnd_purse *purse)
{
    tnd_purse_give(purse, r->buffer, r->size);
    r->buffer = NULL;
    r->start = r->len = r->size = 0;
}

static void use(struct tnd_reading *r, struct tnd_purse *purse, size_t len)
{
    if (len == 0)
        return;
    r->at_segment = false;
    if (r->len == r->start) {
        r->left = tnd_slice(r->left.ptr + len, r->left.len - len);
        return;
    }
    r->start += len;
    if (r->start == r->len)
        forget_buffer(r, purse);
}

/* Behind what is in the buffer. false: there is no memory. */
static bool keep(struct tnd_reading *r, struct tnd_purse *purse, struct tnd_slice bytes)
{
    if (r->start > 0) {
        memmove(r->buffer, r->buffer + r->start, r->len - r->start);
        r->len -= r->start;
        r->start = 0;
    }
    if (!tnd_purse_grow(purse, &r->buffer, &r->size, r->len, r->len + bytes.len))
        return false;
    memcpy(r->buffer + r->len, bytes.ptr, bytes.len);
    r->len += bytes.len;
    return true;
}

void tnd_reading_feed(struct tnd_reading *r, struct tnd_reading_room *room,
                      struct tnd_slice segment)
{
    if (segment.len == 0)
        return;
    r->at_segment = r->len == r->start;
    r->left = segment;
    if (r->at_segment)
        return;
    r->left.len = 0;
    if (!keep(r, room->purse, segment))
        tnd_reading_tear(r);
}

void tnd_reading_tear(struct tnd_reading *r)
{
    r->is_torn = true;
}

void tnd_reading_clear(struct tnd_reading *r, struct tnd_reading_room *room,
                       enum tnd_reading_mode mode)
{
    forget_buffer(r, room->purse);
    tnd_websocket_clear(&r->ws, room->purse);
    *r = (struct tnd_reading){.mode = (uint8_t)mode};
    tnd_stream_init(&r->stream, 0);
}

static void be(struct tnd_reading *r, enum tnd_reading_mode mode)
{
    r->mode = (uint8_t)mode;
    r->searched = 0;
    tnd_stream_init(&r->stream, 0);
}

static bool begins(struct tnd_slice s, struct tnd_slice with)
{
    return s.len >= with.len && memcmp(s.ptr, with.ptr, with.len) == 0;
}

/* What a WebSocket begins with, of both sides (RFC 6455 §1.3). */
static bool is_http(struct tnd_slice s)
{
    return begins(s, TND_STR("GET ")) || begins(s, TND_STR("HTTP/1."));
}

/* In the middle of something, half a method would do for one, or the end of a body and the method behind it: it
 * has to be one that is known. */
static enum tnd_look look_within(struct tnd_slice s)
{
    enum tnd_look look = tnd_look(s);
    const char *space = memchr(s.ptr, ' ', s.len);

    if (look != TND_LOOK_SIP ||
        tnd_slice_eq_fold(tnd_slice(s.ptr, s.len < 4 ? s.len : 4), TND_STR("SIP/")))
        return look;
    return space && tnd_method_find(tnd_slice_between(s.ptr, space)) != TND_METHOD_OTHER
               ? look
               : TND_LOOK_NO;
}

static enum step read_other(struct tnd_reading *r, struct tnd_reading_room *room,
                            struct tnd_slice all)
{
    if (r->at_segment && look_within(all) == TND_LOOK_SIP) {
        be(r, TND_READING_SIP);
        return STEP_AGAIN;
    }
    if (r->at_segment && is_http(all)) {
        be(r, TND_READING_HTTP);
        return STEP_AGAIN;
    }
    use(r, room->purse, all.len);
    return STEP_MORE;
}

static enum step read_fresh(struct tnd_reading *r, struct tnd_reading_room *room,
                            struct tnd_slice all)
{
    struct tnd_slice text = tnd_look_behind(all);
    enum tnd_look look = tnd_look(text);

    if (text.len < all.len) {
        use(r, room->purse, all.len - text.len);
        return STEP_AGAIN;
    }
    if (look == TND_LOOK_MORE)
        return STEP_MORE;
    if (look == TND_LOOK_SIP) {
        be(r, TND_READING_SIP);
    } else {
        room->encrypted += all.len > 1 && all.ptr[0] == TLS_HANDSHAKE && all.ptr[1] == TLS_MAJOR;
        be(r, is_http(text) ? TND_READING_HTTP : TND_READING_OTHER);
    }
    return STEP_AGAIN;
}

static struct tnd_slice rest(struct tnd_slice s, size_t used)
{
    return tnd_slice(s.ptr + used, s.len - used);
}

/* At the beginning of each line, from where the last look ended. */
static enum step search(struct tnd_reading *r, struct tnd_reading_room *room, struct tnd_slice all)
{
    const char *at = all.ptr, *end = tnd_slice_end(all);

    while (at < end) {
        enum tnd_look look = look_within(tnd_slice_between(at, end));

        if (look != TND_LOOK_NO) {
            use(r, room->purse, (size_t)(at - all.ptr));
            if (look == TND_LOOK_SIP)
                be(r, TND_READING_SIP);
            return look == TND_LOOK_SIP ? STEP_AGAIN : STEP_MORE;
        }
        const char *lf = memchr(at, '\n', (size_t)(end - at));
        at = lf ? lf + 1 : end;
    }
    r->searched += all.len;
    use(r, room->purse, all.len);
    if (r->searched > SEARCH_MAX && !r->is_known)
        be(r, TND_READING_OTHER);
    return STEP_MORE;
}

static enum step read_lost(struct tnd_reading *r, struct tnd_reading_room *room,
                           struct tnd_slice all)
{
    if (r->at_segment && tnd_websocket_look(all)) {
        be(r, TND_READING_WEBSOCKET);
        return STEP_AGAIN;
    }
    if (r->mode == TND_READING_WEBSOCKET_LOST || (r->at_segment && is_http(all)))
        return read_other(r, room, all);
    return search(r, room, all);
}

/* Something odd stands where a message should begin: from the byte behind it on, the next one is searched for. */
static enum step lose(struct tnd_reading *r, struct tnd_reading_room *room, size_t used)
{
    use(r, room->purse, used);
    be(r, TND_READING_LOST);
    return STEP_AGAIN;
}

static enum step give(struct tnd_reading *r, struct tnd_slice text, size_t used,
                      struct tnd_slice *ret)
{
    r->is_known = true;
    r->given = used;
    *ret = text;
    return STEP_MESSAGE;
}

/* What is no SIP to the framing, but begins like it: its front is a message all the same. */
static enum step give_broken(struct tnd_reading *r, struct tnd_reading_room *room,
                             struct tnd_slice all, struct tnd_slice *ret, bool *ret_is_cut)
{
    struct tnd_slice text = tnd_look_behind(all);

    if (tnd_look(text) != TND_LOOK_SIP)
        return lose(r, room, 1);
    if (text.len > TND_HEADER_SECTION_MAX)
        text.len = TND_HEADER_SECTION_MAX;
    be(r, TND_READING_LOST);
    *ret_is_cut = true;
    return give(r, text, (size_t)(tnd_slice_end(text) - all.ptr), ret);
}

/* Even with a start line that is none, if it is meant as one: that is to be told. */
static bool is_message(const struct tnd_msg *msg)
{
    return tnd_look(msg->text) == TND_LOOK_SIP ||
           (tnd_msg_has(msg, TND_HEADER_CALL_ID) && tnd_is_alpha(*msg->text.ptr));
}

static enum step read_sip(struct tnd_reading *r, struct tnd_reading_room *room,
                          struct tnd_slice all, struct tnd_slice *ret, bool *ret_is_cut)
{
    struct tnd_msg msg;
    size_t used;

    tnd_arena_reset(room->arena);
    switch (tnd_stream_next(&r->stream, room->arena, all, &msg, &used)) {
    case TND_STREAM_MORE:
        return STEP_MORE;
    case TND_STREAM_MESSAGE:
        return is_message(&msg) ? give(r, msg.text, used, ret) : lose(r, room, 1);
    case TND_STREAM_PING:
    case TND_STREAM_PONG:
        use(r, room->purse, used);
        return STEP_AGAIN;
    case TND_STREAM_BROKEN:
    case TND_STREAM_NOMEM:
        break;
    }
    return give_broken(r, room, all, ret, ret_is_cut);
}

/* The bytes up to and with the empty line; 0: it is not there. */
static size_t http_head(struct tnd_slice all)
{
    for (const char *at = all.ptr, *end = tnd_slice_end(all);
         (at = memchr(at, '\n', (size_t)(end - at))); at++)
        if (at - all.ptr >= 3 && at[-1] == '\r' && at[-2] == '\n')
            return (size_t)(at + 1 - all.ptr);
    return 0;
}

/* RFC 6455 §4.1, §4.2.2: "Upgrade: websocket", without case. */
static bool is_upgrade(struct tnd_slice head)
{
    static const struct tnd_slice name = TND_STR_INIT("upgrade:"),
                                  value = TND_STR_INIT("websocket");

    while (head.len > 0) {
        const char *lf = memchr(head.ptr, '\n', head.len);
        struct tnd_slice line = lf ? tnd_slice_between(head.ptr, lf) : head;

        if (line.len > name.len && tnd_slice_eq_fold(tnd_slice(line.ptr, name.len), name))
            return tnd_slice_eq_fold(tnd_slice_trim(rest(line, name.len)), value);
        head = rest(head, line.len + (lf ? 1 : 0));
    }
    return false;
}

static enum step read_http(struct tnd_reading *r, struct tnd_reading_room *room,
                           struct tnd_slice all)
{
    size_t head = http_head(all);

    if (head == 0 && all.len < HTTP_HEAD_MAX)
        return STEP_MORE;
    if (head > 0 && is_upgrade(tnd_slice(all.ptr, head))) {
        use(r, room->purse, head);
        be(r, TND_READING_WEBSOCKET);
        return STEP_AGAIN;
    }
    use(r, room->purse, all.len);
    be(r, TND_READING_OTHER);
    return STEP_MORE;
}

static enum step read_websocket(struct tnd_reading *r, struct tnd_reading_room *room,
                                struct tnd_slice all, struct tnd_slice *ret)
{
    struct tnd_slice text = {0};
    size_t used;
    enum tnd_websocket_got got = tnd_websocket_step(&r->ws, room->purse, all, &used, &text);

    use(r, room->purse, got == TND_WEBSOCKET_BROKEN ? all.len : used);
    if (got == TND_WEBSOCKET_BROKEN) {
        tnd_websocket_clear(&r->ws, room->purse);
        be(r, TND_READING_WEBSOCKET_LOST);
    }
    if (got != TND_WEBSOCKET_MESSAGE)
        return STEP_MORE;
    if (tnd_look(tnd_look_behind(text)) != TND_LOOK_SIP)
        return STEP_AGAIN;
    return give(r, text, 0, ret);
}

static enum step step(struct tnd_reading *r, struct tnd_reading_room *room, struct tnd_slice *ret,
                      bool *ret_is_cut)
{
    struct tnd_slice all = unread(r);

    if (all.len == 0)
        return STEP_MORE;
    switch ((enum tnd_reading_mode)r->mode) {
    case TND_READING_FRESH:
        return read_fresh(r, room, all);
    case TND_READING_LOST:
    case TND_READING_WEBSOCKET_LOST:
        return read_lost(r, room, all);
    case TND_READING_SIP:
        return read_sip(r, room, all, ret, ret_is_cut);
    case TND_READING_HTTP:
        return read_http(r, room, all);
    case TND_READING_WEBSOCKET:
        return read_websocket(r, room, all, ret);
    case TND_READING_OTHER:
        break;
    }
    return read_other(r, room, all);
}

/* Bytes are missing behind what is there. true: it is the front of a message, and *ret. */
static bool give_torn(struct tnd_reading *r, struct tnd_reading_room *room, struct tnd_slice *ret)
{
    struct tnd_slice torn = tnd_reading_is_websocket(r)  ? tnd_websocket_torn(&r->ws)
                            : r->mode == TND_READING_SIP ? tnd_look_behind(unread(r))
                                                         : (struct tnd_slice){0};

    if (!r->is_told && torn.len > 0 && tnd_look(torn) == TND_LOOK_SIP) {
        *ret = torn;
        r->is_told = true;
        return true;
    }
    bool is_websocket = tnd_reading_is_websocket(r), is_other = r->mode == TND_READING_OTHER;
    bool is_known = r->is_known;
    tnd_reading_clear(r, room,
                      is_websocket ? TND_READING_WEBSOCKET_LOST
                      : is_other   ? TND_READING_OTHER
                                   : TND_READING_LOST);
    r->is_known = is_known;
    return false;
}

bool tnd_reading_next(struct tnd_reading *r, struct tnd_reading_room *room, struct tnd_slice *ret,
                      bool *ret_is_cut)
{
    enum step got;

    *ret_is_cut = false;
    use(r, room->purse, r->given);
    r->given = 0;
    while ((got = step(r, room, ret, ret_is_cut)) == STEP_AGAIN)
        ;
    if (got == STEP_MESSAGE)
        return true;
    if (r->is_torn) {
        *ret_is_cut = true;
        return give_torn(r, room, ret);
    }
    if (r->left.len > 0) {
        struct tnd_slice left = r->left;

        r->left.len = 0;
        if (!keep(r, room->purse, left))
            tnd_reading_clear(r, room, TND_READING_LOST);
    }
    return false;
}
