/* Framing: where a message on a stream ends.
 *
 * Two numbers are all the state: how far the bytes at the front have been searched for an
 * empty line, and, once the head is whole, how long the message is. */
#include "tandem/sip/stream.h"

#include "base/assert.h"

void tnd_stream_init(struct tnd_stream *s, size_t message_max)
{
    if (message_max == 0 || message_max > TND_MESSAGE_LEN_MAX)
        message_max = TND_MESSAGE_LEN_MAX;
    *s = (struct tnd_stream){.message_max = message_max};
}

/* How many bytes at the front are those of CRLF CRLF. */
static size_t matched_ping(struct tnd_slice buffered)
{
    static const char ping[] = "\r\n\r\n";
    size_t len = 0;

    while (len < 4 && len < buffered.len && buffered.ptr[len] == ping[len])
        len++;
    return len;
}

/* Empty lines in front of a message. MESSAGE: one follows, maybe behind a CRLF of *ret_used
 * bytes that is skipped (RFC 3261 §7.5). */
static enum tnd_stream_got take_empty_lines(struct tnd_stream *s, struct tnd_slice buffered,
                                            size_t *ret_used)
{
    size_t matched = matched_ping(buffered);

    if (matched >= 2 && s->awaits_pong) {
        s->awaits_pong = false;
        *ret_used = 2;
        return TND_STREAM_PONG;
    }
    if (matched == 4) {
        *ret_used = 4;
        return TND_STREAM_PING;
    }
    if (matched == buffered.len) /* may become a ping yet */
        return TND_STREAM_MORE;
    *ret_used = matched >= 2 ? 2 : 0;
    return TND_STREAM_MESSAGE;
}

/* Where the message starts: behind a CRLF that is skipped. */
static size_t skipped(struct tnd_slice text)
{
    return matched_ping(text) >= 2 ? 2 : 0;
}

/* Whether an empty line ends at this LF: LF LF or LF CR LF, as in a scan (scan_loop.h). A bare
 * LF where the message starts is its first line. */
static bool ends_empty_line(const char *start, const char *lf)
{
    const char *before = lf;

    if (before > start && before[-1] == '\r')
        before--;
    return before > start && before[-1] == '\n';
}

/* Looks for an empty line from where the last look ended. */
static bool has_head(struct tnd_stream *s, struct tnd_slice text)
{
    const char *at = text.ptr + s->scanned, *end = tnd_slice_end(text);
    const char *start = text.ptr + skipped(text);

    while (at < end) {
        const char *lf = memchr(at, '\n', (size_t)(end - at));

        if (!lf)
            break;
        if (ends_empty_line(start, lf))
            return true;
        at = lf + 1;
    }
    s->scanned = text.len;
    return false;
}

/* What may be the head, and has to end with its empty line. */
static struct tnd_slice within_bound(const struct tnd_stream *s, struct tnd_slice text)
{
    size_t max = s->message_max < TND_HEADER_SECTION_MAX ? s->message_max : TND_HEADER_SECTION_MAX;
    size_t len = skipped(text) + max;

    return tnd_slice(text.ptr, text.len < len ? text.len : len);
}

/* No head within the bound: what is there is parsed as far as it goes. */
static enum tnd_stream_got head_too_long(struct tnd_arena *a, struct tnd_slice text,
                                         struct tnd_msg *ret_msg)
{
    if (tnd_msg_parse_torn(ret_msg, a, text) == TND_ENOMEM)
        return TND_STREAM_NOMEM;
    ret_msg->carrier = TND_STREAM;
    /* its last flaw says that it was cut off, or else that its end is missing */
    if (ret_msg->flaws[ret_msg->flaw_count - 1].rule == TND_RULE_HEADER_SECTION_LEN)
        return TND_STREAM_BROKEN;
    return tnd_msg_note(ret_msg, a, TND_RULE_HEADER_SECTION_LEN,
                        tnd_slice(tnd_slice_end(ret_msg->head), 0)) == TND_ENOMEM
               ? TND_STREAM_NOMEM
               : TND_STREAM_BROKEN;
}

/* The head is there; is the body, and may it be? */
static enum tnd_stream_got parse(struct tnd_stream *s, struct tnd_arena *a, struct tnd_slice text,
                                 struct tnd_msg *ret_msg)
{
    int err = tnd_msg_parse(ret_msg, a, text, TND_STREAM);

    if (err == TND_ENOMEM)
        return TND_STREAM_NOMEM;
    if (ret_msg->wanted > s->message_max) {
        ret_msg->body = tnd_slice(tnd_slice_end(ret_msg->head), 0);
        ret_msg->text = ret_msg->head;
        err = tnd_msg_note(ret_msg, a, TND_RULE_MESSAGE_LEN, ret_msg->body);
        return err == TND_ENOMEM ? TND_STREAM_NOMEM : TND_STREAM_BROKEN;
    }
    s->wanted = (size_t)(ret_msg->head.ptr - text.ptr) + ret_msg->wanted;
    return err == TND_EMORE ? TND_STREAM_MORE : TND_STREAM_MESSAGE;
}

enum tnd_stream_got tnd_stream_next(struct tnd_stream *s, struct tnd_arena *a,
                                    struct tnd_slice buffered, struct tnd_msg *ret_msg,
                                    size_t *ret_used)
{
    enum tnd_stream_got got = TND_STREAM_MESSAGE;

    *ret_used = 0;
    if (s->scanned == 0)
        got = take_empty_lines(s, buffered, ret_used);
    if (got != TND_STREAM_MESSAGE)
        return got;
    if (s->scanned == 0)
        s->scanned = *ret_used; /* a lone CRLF, skipped and used with the message */
    *ret_used = 0;
    if (buffered.len < s->wanted)
        return TND_STREAM_MORE;
    struct tnd_slice head = within_bound(s, buffered);
    if (has_head(s, head))
        got = parse(s, a, buffered, ret_msg);
    else if (head.len < buffered.len)
        got = head_too_long(a, head, ret_msg);
    else
        return TND_STREAM_MORE;
    if (got != TND_STREAM_MESSAGE && got != TND_STREAM_BROKEN)
        return got;
    *ret_used = got == TND_STREAM_BROKEN ? buffered.len
                                         : (size_t)(tnd_slice_end(ret_msg->text) - buffered.ptr);
    s->scanned = s->wanted = 0;
    return got;
}
