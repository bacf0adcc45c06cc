/* Connections: what goes out. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/assert.h"
#include "net/tcp_conn.h"

/* Whether bytes are a final response: it is owed no more. */
static bool is_final(struct tnd_slice bytes)
{
    static const char version[] = "SIP/2.0 ";

    return bytes.len > sizeof(version) && memcmp(bytes.ptr, version, sizeof(version) - 1) == 0 &&
           bytes.ptr[sizeof(version) - 1] >= '2';
}

bool tnd_tcp_queue(struct tnd_tcp *tcp, struct tnd_tcp_conn *c, struct tnd_slice bytes,
                   struct tnd_failed_send token)
{
    struct tnd_tcp_chunk *chunk = NULL;
    bool fits =
        bytes.len <= tcp->bounds.unsent_max && c->out_len <= tcp->bounds.unsent_max - bytes.len;

    if (fits && tnd_tcp_may_buffer(tcp, bytes.len)) {
        chunk = malloc(sizeof(*chunk) + bytes.len);
        tcp->buffered -= chunk ? 0 : bytes.len;
    }
    if (!chunk) {
        tnd_failed_add(tcp->failed, token.worker, token.token);
        tnd_tcp_die(tcp, c, fits ? &tcp->stats.full : &tcp->stats.unread);
        return false;
    }
    *chunk = (struct tnd_tcp_chunk){.len = bytes.len, .since = tcp->now, .token = token};
    memcpy(chunk->bytes, bytes.ptr, bytes.len);
    tcp->unsent += c->out_first == NULL;
    *c->out_last = chunk;
    c->out_last = &chunk->next;
    c->out_len += bytes.len;
    return true;
}

void tnd_tcp_put(struct tnd_tcp *tcp, uint64_t id, struct tnd_slice bytes, unsigned worker,
                 uint64_t token)
{
    struct tnd_tcp_conn *c = tnd_tcp_find(tcp, id);
    struct tnd_failed_send send = {token, worker};

    if (!c || c->stage == TND_TCP_LINGERING) {
        tnd_failed_add(tcp->failed, worker, token);
        return;
    }
    c->owed -= c->owed > 0 && is_final(bytes);
    if (tcp->gathered && (tcp->gathered != c || tcp->gather_count == TND_TCP_GATHER_MAX))
        tnd_tcp_flush(tcp);
    if (c->stage == TND_TCP_DEAD) {
        tnd_failed_add(tcp->failed, worker, token);
    } else if (c->out_first || c->stage == TND_TCP_CONNECTING) {
        if (tnd_tcp_queue(tcp, c, bytes, send))
            tnd_tcp_watch(tcp, c);
    } else {
        tcp->gathered = c;
        tcp->gather[tcp->gather_count] = (struct iovec){(char *)(uintptr_t)bytes.ptr, bytes.len};
        tcp->gather_tokens[tcp->gather_count++] = send;
    }
}

static ssize_t send_all(int fd, struct iovec *iovs, size_t count)
{
    struct msghdr msg = {.msg_iov = iovs, .msg_iovlen = count};

    for (;;) {
        ssize_t sent = sendmsg(fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (sent >= 0 || errno != EINTR)
            return sent < 0 && errno == EAGAIN ? 0 : sent;
    }
}

/* What was gathered and the kernel did not take, from the first byte of it on. */
static void queue_gathered(struct tnd_tcp *tcp, struct tnd_tcp_conn *c, size_t count, size_t sent)
{
    for (size_t i = 0; i < count; i++) {
        struct tnd_slice bytes = tnd_slice(tcp->gather[i].iov_base, tcp->gather[i].iov_len);

        if (sent >= bytes.len) {
            sent -= bytes.len;
            continue;
        }
        bytes = tnd_slice(bytes.ptr + sent, bytes.len - sent);
        sent = 0;
        if (c->stage == TND_TCP_DEAD)
            tnd_failed_add(tcp->failed, tcp->gather_tokens[i].worker, tcp->gather_tokens[i].token);
        else
            tnd_tcp_queue(tcp, c, bytes, tcp->gather_tokens[i]);
    }
}

void tnd_tcp_flush(struct tnd_tcp *tcp)
{
    struct tnd_tcp_conn *c = tcp->gathered;
    size_t count = tcp->gather_count;

    if (!c)
        return;
    tcp->gathered = NULL;
    tcp->gather_count = 0;
    ssize_t sent = c->stage == TND_TCP_DEAD ? -1 : send_all(c->fd, tcp->gather, count);
    if (sent < 0 && c->stage != TND_TCP_DEAD)
        tnd_tcp_die(tcp, c, NULL);
    c->active = tcp->now;
    queue_gathered(tcp, c, count, sent < 0 ? 0 : (size_t)sent);
    tnd_tcp_settle(tcp, c);
}

/* The front of what waits, as far as the kernel took it, goes. */
static void drop_written(struct tnd_tcp *tcp, struct tnd_tcp_conn *c, size_t sent)
{
    tcp->buffered -= sent;
    c->out_len -= sent;
    while (sent > 0) {
        struct tnd_tcp_chunk *chunk = c->out_first;
        size_t left = chunk->len - chunk->written;

        if (sent < left) {
            chunk->written += sent;
            break;
        }
        sent -= left;
        c->out_first = chunk->next;
        free(chunk);
    }
    if (!c->out_first) {
        c->out_last = &c->out_first;
        tcp->unsent--;
    }
}

void tnd_tcp_write(struct tnd_tcp *tcp, struct tnd_tcp_conn *c)
{
    struct iovec iovs[TND_TCP_GATHER_MAX];
    size_t count = 0;

    for (struct tnd_tcp_chunk *chunk = c->out_first; chunk && count < TND_TCP_GATHER_MAX;
         chunk = chunk->next)
        iovs[count++] = (struct iovec){chunk->bytes + chunk->written, chunk->len - chunk->written};
    ssize_t sent = count > 0 ? send_all(c->fd, iovs, count) : 0;
    if (sent < 0) {
        tnd_tcp_die(tcp, c, NULL);
        return;
    }
    if (sent > 0) {
        c->active = tcp->now;
        drop_written(tcp, c, (size_t)sent);
    }
    tnd_tcp_settle(tcp, c);
}

void tnd_tcp_close(struct tnd_tcp *tcp, uint64_t id)
{
    struct tnd_tcp_conn *c = tnd_tcp_find(tcp, id);

    if (!c || c->stage == TND_TCP_LINGERING)
        return;
    c->closing = true;
    tnd_tcp_hide(tcp, c);
    if (tcp->gathered == c)
        tnd_tcp_flush(tcp);
    else
        tnd_tcp_settle(tcp, c);
}

void tnd_tcp_settle(struct tnd_tcp *tcp, struct tnd_tcp_conn *c)
{
    if (c->stage == TND_TCP_DEAD)
        return;
    if (!c->out_first && (c->closing || (c->eof && c->owed == 0))) {
        if (c->eof || shutdown(c->fd, SHUT_WR) < 0) {
            tnd_tcp_die(tcp, c, NULL);
            return;
        }
        tnd_tcp_enter(tcp, c, TND_TCP_LINGERING);
    }
    tnd_tcp_watch(tcp, c);
}
