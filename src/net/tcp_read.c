/* Connections: what comes in. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/assert.h"
#include "net/tcp_conn.h"
#include "tandem/sip/verdict.h"

enum {
    ROOM_MIN = 4096,            /* a read has at least that much room */
    IN_SIZE_MAX = 65536 + 4096, /* what tnd_stream_next() wants more of is shorter */
};

/* The peer has ended its side. It may wait for answers still (RFC 3261 §18.2.2). */
static void ended(struct tnd_tcp *tcp, struct tnd_tcp_conn *c)
{
    c->eof = true;
    c->message_since = -1;
    tnd_tcp_enter(tcp, c, TND_TCP_DEAF);
    if (c->owed == 0)
        c->closing = true;
    tnd_tcp_settle(tcp, c);
}

/* Room for more behind what is kept. */
static bool grow(struct tnd_tcp *tcp, struct tnd_tcp_conn *c, size_t size)
{
    if (size > IN_SIZE_MAX)
        size = IN_SIZE_MAX;
    if (size <= c->in_size)
        return true;
    if (!tnd_tcp_may_buffer(tcp, size - c->in_size))
        return false;
    char *in = realloc(c->in, size);
    if (!in) {
        tcp->buffered -= size - c->in_size;
        return false;
    }
    c->in = in;
    c->in_size = size;
    return true;
}

static ssize_t receive(struct tnd_tcp *tcp, struct tnd_tcp_conn *c)
{
    char *at = c->in ? c->in + c->in_len : tcp->scratch;
    size_t size = c->in ? c->in_size - c->in_len : TND_TCP_SCRATCH_SIZE;

    for (;;) {
        ssize_t got = recv(c->fd, at, size, MSG_DONTWAIT);

        if (got >= 0 || errno != EINTR)
            return got;
    }
}

/* Throws away what comes after our last word. */
static void discard(struct tnd_tcp *tcp, struct tnd_tcp_conn *c)
{
    ssize_t got = recv(c->fd, tcp->scratch, TND_TCP_SCRATCH_SIZE, MSG_DONTWAIT);

    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    c->discarded += got > 0 ? (size_t)got : 0;
    if (got <= 0 || c->discarded > TND_TCP_LINGER_SIZE_MAX)
        tnd_tcp_die(tcp, c, NULL);
}

struct tnd_tcp_conn *tnd_tcp_read(struct tnd_tcp *tcp, uint64_t id)
{
    struct tnd_tcp_conn *c = tnd_tcp_find(tcp, id);

    if (!c || (c->stage != TND_TCP_OPEN && c->stage != TND_TCP_LINGERING))
        return NULL;
    if (c->stage == TND_TCP_LINGERING) {
        discard(tcp, c);
        return NULL;
    }
    if (c->in && c->in_size - c->in_len < ROOM_MIN && !grow(tcp, c, 2 * c->in_len + ROOM_MIN)) {
        tnd_tcp_die(tcp, c, &tcp->stats.full);
        return NULL;
    }
    ssize_t got = receive(tcp, c);
    if (got < 0) {
        if (errno != EAGAIN)
            tnd_tcp_die(tcp, c, NULL);
        return NULL;
    }
    if (got == 0) {
        ended(tcp, c);
        return NULL;
    }
    c->active = tcp->now;
    c->in_len += c->in ? (size_t)got : 0;
    c->rest = c->in ? tnd_slice(c->in, c->in_len) : tnd_slice(tcp->scratch, (size_t)got);
    return c;
}

static void forget_input(struct tnd_tcp *tcp, struct tnd_tcp_conn *c)
{
    tcp->buffered -= c->in_size;
    free(c->in);
    c->in = NULL;
    c->in_len = c->in_size = 0;
    c->rest = tnd_slice(NULL, 0);
}

/* Whether a message has begun. What is only a line end may become a ping, or nothing ever. */
static bool has_begun(struct tnd_slice rest)
{
    for (size_t i = 0; i < rest.len; i++)
        if (rest.ptr[i] != '\r' && rest.ptr[i] != '\n')
            return true;
    return false;
}

/* Keeps what is no whole message yet. */
static void keep_rest(struct tnd_tcp *tcp, struct tnd_tcp_conn *c)
{
    struct tnd_slice rest = c->rest;

    if (rest.len == 0) {
        forget_input(tcp, c);
        return;
    }
    if (c->message_since < 0 && has_begun(rest))
        c->message_since = tcp->now;
    if (!c->in && !grow(tcp, c, (rest.len + 63) & ~(size_t)63)) {
        tnd_tcp_die(tcp, c, &tcp->stats.full);
        return;
    }
    memmove(c->in, rest.ptr, rest.len);
    c->in_len = rest.len;
    c->rest = tnd_slice(NULL, 0);
    TND_ASSERT(c->in_len < IN_SIZE_MAX); /* or nothing more could be read */
}

/* RFC 5626 §4.4.1: each ping is answered by CRLF; many that came together, together. */
static void answer_pings(struct tnd_tcp *tcp, struct tnd_tcp_conn *c, size_t count)
{
    static const char pongs[] = "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n";

    tnd_count_add(&tcp->stats.pings, count);
    while (count > 0 && c->stage != TND_TCP_DEAD) {
        size_t len = 2 * count < sizeof(pongs) - 1 ? 2 * count : sizeof(pongs) - 1;

        tnd_tcp_put(tcp, c->flow.id, tnd_slice(pongs, len), tcp->worker, 0);
        count -= len / 2;
    }
    tnd_tcp_flush(tcp);
}

/* Nothing that comes after this one can be read. */
static void go_deaf(struct tnd_tcp *tcp, struct tnd_tcp_conn *c)
{
    tnd_count_add(&tcp->stats.broken, 1);
    tnd_tcp_enter(tcp, c, TND_TCP_DEAF);
    c->rest.len = 0;
}

static void took_message(struct tnd_tcp *tcp, struct tnd_tcp_conn *c, const struct tnd_msg *msg)
{
    tnd_count_add(&tcp->stats.messages, 1);
    c->owed += msg->kind == TND_MSG_REQUEST && msg->method != TND_METHOD_ACK;
    c->message_since = -1;
    if (msg->flaw_count > 0 && tnd_msg_verdict(msg, TND_AS_UAS).close)
        go_deaf(tcp, c);
}

enum tnd_stream_got tnd_tcp_next(struct tnd_tcp *tcp, struct tnd_tcp_conn *c, struct tnd_arena *a,
                                 struct tnd_msg *ret_msg)
{
    size_t pings = 0;

    while (c->stage == TND_TCP_OPEN && c->rest.len > 0) {
        size_t used = 0;
        enum tnd_stream_got got = tnd_stream_next(&c->stream, a, c->rest, ret_msg, &used);

        c->rest = tnd_slice(c->rest.ptr + used, c->rest.len - used);
        if (got == TND_STREAM_MESSAGE)
            took_message(tcp, c, ret_msg);
        else if (got == TND_STREAM_BROKEN)
            go_deaf(tcp, c);
        else if (got == TND_STREAM_NOMEM)
            tnd_tcp_die(tcp, c, &tcp->stats.full);
        pings += got == TND_STREAM_PING;
        if (got == TND_STREAM_MESSAGE || got == TND_STREAM_BROKEN) {
            answer_pings(tcp, c, pings);
            return got;
        }
        if (got == TND_STREAM_MORE)
            break;
    }
    answer_pings(tcp, c, pings);
    if (c->stage == TND_TCP_OPEN)
        keep_rest(tcp, c);
    else if (c->stage != TND_TCP_DEAD)
        forget_input(tcp, c);
    tnd_tcp_watch(tcp, c);
    return TND_STREAM_MORE;
}
