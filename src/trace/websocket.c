/* The machine: the head of a frame, its payload, the next head. */
#include "trace/websocket.h"

#include "tandem/sip/message.h"
#include "trace/traced.h"

enum {
    FINAL = 0x80,
    RESERVED = 0x70, /* an extension, as compression is, has a say: RFC 6455 §5.2, RFC 7692 §6 */
    OPCODE = 0x0f,
    MASKED = 0x80,
    LEN = 0x7f,
    CONTINUATION = 0,
    TEXT = 1,
    BINARY = 2,
    CONTROL = 8, /* and above: RFC 6455 §5.5 */
    PONG = 10,
    CONTROL_LEN_MAX = 125,
    LOOK_LEN = 48, /* of a payload: enough to tell a start line from anything else */
};

/* How long the head is, as its first two bytes say (RFC 6455 §5.2). */
static size_t head_len(const unsigned char *head)
{
    size_t len = head[1] & LEN;

    return 2u + (len == 126 ? 2 : len == 127 ? 8 : 0) + (head[1] & MASKED ? 4 : 0);
}

static uint64_t payload_len(const unsigned char *head)
{
    uint64_t len = head[1] & LEN;
    int octets = len == 126 ? 2 : len == 127 ? 8 : 0;

    for (int i = 0; i < octets; i++)
        len = (i ? len << 8 : 0) | head[2 + i];
    return len;
}

static bool is_control(const struct tnd_websocket *ws)
{
    return (ws->head[0] & OPCODE) >= CONTROL;
}

/* RFC 6455 §5.4, §5.5. */
static bool is_head(const struct tnd_websocket *ws)
{
    unsigned opcode = ws->head[0] & OPCODE;

    if (opcode > PONG || (opcode > BINARY && opcode < CONTROL) || ws->left >> 63)
        return false;
    return opcode < CONTROL || (ws->head[0] & FINAL && ws->left <= CONTROL_LEN_MAX);
}

/* Its bytes, until it is whole. MORE: it is, or there are no more. */
static enum tnd_websocket_got read_head(struct tnd_websocket *ws, struct tnd_slice bytes,
                                        size_t *used)
{
    while (*used < bytes.len && (ws->head_len < 2 || ws->head_len < head_len(ws->head)))
        ws->head[ws->head_len++] = (unsigned char)bytes.ptr[(*used)++];
    if (ws->head_len < 2 || ws->head_len < head_len(ws->head))
        return TND_WEBSOCKET_MORE;
    ws->left = payload_len(ws->head);
    if (!is_head(ws))
        return TND_WEBSOCKET_BROKEN;
    ws->in_payload = true;
    ws->mask_at = 0;
    if (is_control(ws))
        return TND_WEBSOCKET_MORE;
    if ((ws->head[0] & OPCODE) != CONTINUATION) {
        ws->len = 0;
        ws->is_message = true;
        ws->is_skipped = (ws->head[0] & RESERVED) != 0;
    } else if (!ws->is_message) {
        ws->is_message = ws->is_skipped = true; /* its beginning was not seen */
        ws->len = 0;
    }
    return TND_WEBSOCKET_MORE;
}

/* RFC 6455 §5.3: every fourth byte has the same byte of the mask. */
static void unmask(struct tnd_websocket *ws, char *to, struct tnd_slice from)
{
    const unsigned char *mask = ws->head + ws->head_len - 4;

    if (!(ws->head[1] & MASKED)) {
        memcpy(to, from.ptr, from.len);
        return;
    }
    for (size_t i = 0; i < from.len; i++)
        to[i] = (char)((unsigned char)from.ptr[i] ^ mask[(ws->mask_at + i) & 3]);
    ws->mask_at += from.len;
}

static void read_payload(struct tnd_websocket *ws, struct tnd_purse *purse, struct tnd_slice bytes,
                         size_t *used)
{
    size_t len = bytes.len - *used;

    if (len > ws->left)
        len = (size_t)ws->left;
    if (len > 0 && !is_control(ws) && !ws->is_skipped) {
        if (ws->len + len > TND_MESSAGE_LEN_MAX ||
            !tnd_purse_grow(purse, &ws->text, &ws->size, ws->len, ws->len + len)) {
            ws->is_skipped = true;
        } else {
            unmask(ws, ws->text + ws->len, tnd_slice(bytes.ptr + *used, len));
            ws->len += len;
        }
    }
    ws->left -= len;
    *used += len;
}

/* The frame is over. MESSAGE: so is its message. */
static enum tnd_websocket_got end_frame(struct tnd_websocket *ws, struct tnd_slice *ret)
{
    ws->in_payload = false;
    ws->head_len = 0;
    if (is_control(ws) || !(ws->head[0] & FINAL))
        return TND_WEBSOCKET_MORE;
    ws->is_message = false;
    if (ws->is_skipped || ws->len == 0)
        return TND_WEBSOCKET_MORE;
    ws->is_given = true;
    *ret = tnd_slice(ws->text, ws->len);
    return TND_WEBSOCKET_MESSAGE;
}

enum tnd_websocket_got tnd_websocket_step(struct tnd_websocket *ws, struct tnd_purse *purse,
                                          struct tnd_slice bytes, size_t *ret_used,
                                          struct tnd_slice *ret)
{
    enum tnd_websocket_got got = TND_WEBSOCKET_MORE;

    *ret_used = 0;
    if (ws->is_given)
        tnd_websocket_clear(ws, purse);
    while (got == TND_WEBSOCKET_MORE && *ret_used < bytes.len) {
        if (!ws->in_payload)
            got = read_head(ws, bytes, ret_used);
        if (got == TND_WEBSOCKET_MORE && ws->in_payload) {
            read_payload(ws, purse, bytes, ret_used);
            if (ws->left == 0)
                got = end_frame(ws, ret);
        }
    }
    return got;
}

struct tnd_slice tnd_websocket_torn(const struct tnd_websocket *ws)
{
    if (!ws->is_message || ws->is_skipped || ws->len == 0)
        return (struct tnd_slice){0};
    return tnd_slice(ws->text, ws->len);
}

void tnd_websocket_clear(struct tnd_websocket *ws, struct tnd_purse *purse)
{
    tnd_purse_give(purse, ws->text, ws->size);
    *ws = (struct tnd_websocket){0};
}

bool tnd_websocket_look(struct tnd_slice bytes)
{
    struct tnd_websocket ws = {0};
    char text[LOOK_LEN];
    size_t used = 0;

    if (bytes.len == 0 || ((unsigned char)*bytes.ptr != (FINAL | TEXT) &&
                           (unsigned char)*bytes.ptr != (FINAL | BINARY)))
        return false;
    if (read_head(&ws, bytes, &used) != TND_WEBSOCKET_MORE || !ws.in_payload)
        return false;
    size_t len = bytes.len - used;
    if (len > ws.left)
        len = (size_t)ws.left;
    if (len > LOOK_LEN)
        len = LOOK_LEN;
    unmask(&ws, text, tnd_slice(bytes.ptr + used, len));
    return len > 0 && tnd_look(tnd_slice(text, len)) != TND_LOOK_NO;
}
