/* Asks the server: one request of HTTP/1.0, which is answered in one piece and closed. */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "cli/top.h"

static bool take(struct tnd_slice *text, const char *prefix)
{
    size_t len = strlen(prefix);

    if (text->len < len || memcmp(text->ptr, prefix, len) != 0)
        return false;
    *text = tnd_slice(text->ptr + len, text->len - len);
    return true;
}

static bool keep(char *room, size_t size, struct tnd_slice text)
{
    if (text.len >= size)
        return false;
    memcpy(room, text.ptr, text.len);
    room[text.len] = '\0';
    return true;
}

const char *top_read_url(const char *url, struct top_server *ret)
{
    struct tnd_slice rest = tnd_slice_str(url), host, port = TND_STR("8060");
    uint64_t number;

    if (!take(&rest, "http://"))
        return "give a URL such as http://127.0.0.1:8060";
    const char *slash = memchr(rest.ptr, '/', rest.len);
    host = slash ? tnd_slice_between(rest.ptr, slash) : rest;
    struct tnd_slice path = slash ? tnd_slice_between(slash, tnd_slice_end(rest)) : TND_STR("");
    while (path.len > 0 && path.ptr[path.len - 1] == '/')
        path.len--;
    const char *bracket = host.len > 0 ? memrchr(host.ptr, ']', host.len) : NULL;
    const char *colon = host.len > 0 ? memrchr(host.ptr, ':', host.len) : NULL;
    if (colon && (!bracket || colon > bracket)) {
        port = tnd_slice_between(colon + 1, tnd_slice_end(host));
        host = tnd_slice_between(host.ptr, colon);
    }
    if (host.len > 2 && host.ptr[0] == '[' && bracket)
        host = tnd_slice(host.ptr + 1, host.len - 2);
    if (host.len == 0 || !tnd_slice_number(port, 65535, &number) || number == 0)
        return "its host or port is none";
    if (!keep(ret->host, sizeof(ret->host), host) || !keep(ret->port, sizeof(ret->port), port) ||
        !keep(ret->path, sizeof(ret->path), path))
        return "too long";
    return NULL;
}

static int connect_to(const struct top_server *server, char why[TOP_WHY_SIZE])
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    struct timeval wait = {TOP_WAIT_MS / 1000, 0};
    int fd = -1, err = getaddrinfo(server->host, server->port, &hints, &found);

    if (err)
        snprintf(why, TOP_WHY_SIZE, "%.100s: %s", server->host, gai_strerror(err));
    for (struct addrinfo *i = found; i && fd < 0; i = i->ai_next) {
        fd = socket(i->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait)); /* of connect() too */
        setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
        if (fd >= 0 && connect(fd, i->ai_addr, i->ai_addrlen) < 0) {
            snprintf(why, TOP_WHY_SIZE, "%.100s:%s: %s; no server with a web runs there",
                     server->host, server->port, strerror(errno));
            close(fd);
            fd = -1;
        }
    }
    if (found)
        freeaddrinfo(found);
    return fd;
}

static bool send_request(int fd, const struct top_server *server, const char *path)
{
    char text[4096];
    bool is_ipv6 = strchr(server->host, ':');
    int len = snprintf(text, sizeof(text),
                       "GET %s/api/v1/%s HTTP/1.0\r\nHost: %s%s%s:%s\r\n"
                       "User-Agent: tandem-top\r\nAccept: application/json\r\n",
                       server->path, path, is_ipv6 ? "[" : "", server->host, is_ipv6 ? "]" : "",
                       server->port);

    if (server->token[0] && len > 0 && (size_t)len < sizeof(text))
        len += snprintf(text + len, sizeof(text) - (size_t)len, "Authorization: Bearer %s\r\n",
                        server->token);
    if (len < 0 || (size_t)len + 2 >= sizeof(text))
        return false;
    memcpy(text + len, "\r\n", 2);
    return send(fd, text, (size_t)len + 2, MSG_NOSIGNAL) == len + 2;
}

/* All that comes until the end. false: it is too much, or does not come. The caller frees ret->ptr. */
static bool read_all(int fd, struct tnd_slice *ret)
{
    size_t size = 65536, len = 0;
    char *text = malloc(size);
    ssize_t got = 1;

    while (text && got > 0 && len < TOP_ANSWER_SIZE_MAX) {
        if (len == size) {
            char *larger = realloc(text, 2 * size);

            if (!larger)
                break;
            text = larger;
            size *= 2;
        }
        got = recv(fd, text + len, size - len, 0);
        len += got > 0 ? (size_t)got : 0;
    }
    *ret = tnd_slice(text, len);
    return text && got == 0;
}

/* "HTTP/1.1 200 OK"; 0: it is none. */
static int status_of(struct tnd_slice answer)
{
    uint64_t status;

    if (answer.len < 12 || memcmp(answer.ptr, "HTTP/1.", 7) != 0 ||
        !tnd_slice_number(tnd_slice(answer.ptr + 9, 3), 599, &status))
        return 0;
    return (int)status;
}

static json_t *read_answer(struct tnd_slice answer, char why[TOP_WHY_SIZE], int *ret_status)
{
    const char *body = answer.len > 0 ? memmem(answer.ptr, answer.len, "\r\n\r\n", 4) : NULL;
    json_t *value = NULL;

    *ret_status = status_of(answer);
    if (body && *ret_status)
        value =
            json_loadb(body + 4, (size_t)(tnd_slice_end(answer) - body - 4), JSON_ALLOW_NUL, NULL);
    if (*ret_status == 401)
        snprintf(why, TOP_WHY_SIZE, "the server wants a token: give --token-file");
    else if (*ret_status != 200 && json_is_object(value))
        snprintf(why, TOP_WHY_SIZE, "%.200s", top_text(value, "detail").ptr);
    else if (!value)
        snprintf(why, TOP_WHY_SIZE, "what answers there is no tandem, or one of another version");
    if (*ret_status == 200)
        return value;
    json_decref(value);
    return NULL;
}

json_t *top_ask(const struct top_server *server, const char *path, char why[TOP_WHY_SIZE],
                int *ret_status)
{
    struct tnd_slice answer = {NULL, 0};
    json_t *value = NULL;
    int fd = connect_to(server, why);

    *ret_status = 0;
    if (fd < 0)
        return NULL;
    if (send_request(fd, server, path) && read_all(fd, &answer))
        value = read_answer(answer, why, ret_status);
    else
        snprintf(why, TOP_WHY_SIZE, "%.100s:%s: the server does not answer", server->host,
                 server->port);
    free((char *)(uintptr_t)answer.ptr);
    close(fd);
    return value;
}
