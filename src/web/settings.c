/* Settings: copied from what the configuration says; the token is read from its file. */
#include "web/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/ascii.h"
#include "net/heap.h"
#include "tandem/sip/uri.h"

enum { SETTINGS_SIZE_MAX = 1 << 20, TOKEN_FILE_SIZE = TND_WEB_TOKEN_LEN_MAX + 64 };

/* RFC 6750 §2.1: 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"=" */
static bool is_of_token(char c)
{
    return tnd_is_alnum(c) || (c && strchr("-._~+/=", c));
}

struct tnd_slice web_token_of(struct tnd_slice file, const char **ret_why)
{
    struct tnd_slice token = tnd_slice_trim(file);

    for (size_t i = 0; i < token.len; i++)
        if (!is_of_token(token.ptr[i])) {
            *ret_why = "a token is letters, digits and -._~+/= on one line";
            return tnd_slice(NULL, 0);
        }
    if (token.len < TND_WEB_TOKEN_LEN_MIN || token.len > TND_WEB_TOKEN_LEN_MAX) {
        *ret_why = "a token has 16 to 512 characters; make one with 'openssl rand -hex 32'";
        return tnd_slice(NULL, 0);
    }
    return token;
}

/* Up to size bytes of the file; negative: errno says why. */
static ssize_t read_file(const char *path, char *room, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t len = 0;
    ssize_t got = -1;

    if (fd < 0)
        return -1;
    while (len < size && (got = read(fd, room + len, size - len)) > 0)
        len += (size_t)got;
    int error = errno;
    close(fd);
    errno = error;
    return got < 0 ? -1 : (ssize_t)len;
}

static int read_token(struct web_settings *s, const char *path, struct tnd_web_fault *fault)
{
    char room[TOKEN_FILE_SIZE];
    const char *why = "";
    ssize_t len = read_file(path, room, sizeof(room));

    if (len < 0) {
        snprintf(fault->text, sizeof(fault->text), "web_token_file: %.300s: %s", path,
                 strerror(errno));
        return TND_EIO;
    }
    struct tnd_slice token = web_token_of(tnd_slice(room, (size_t)len), &why);
    if (!token.ptr) {
        snprintf(fault->text, sizeof(fault->text), "web_token_file: %.300s: %s", path, why);
        return TND_ESYNTAX;
    }
    s->token = tnd_slice_keep(&s->arena, token);
    return 0;
}

static int fill(struct web_settings *s, const struct tnd_web_settings *from,
                const struct tnd_endpoint *at, struct tnd_web_fault *fault)
{
    if (from->token_file) {
        int err = read_token(s, from->token_file, fault);
        if (err)
            return err;
    } else if (tnd_address_kind(at) != TND_ADDRESS_LOOPBACK) {
        snprintf(fault->text, sizeof(fault->text),
                 "the web is not on loopback, so web_token_file is needed");
        return TND_ESTATE;
    }
    s->domains = tnd_arena_zero(&s->arena, from->domain_count, sizeof(*s->domains));
    s->listen = tnd_arena_zero(&s->arena, from->listen_count, sizeof(*s->listen));
    for (size_t i = 0; s->domains && i < from->domain_count; i++)
        s->domains[i] = tnd_slice_keep(&s->arena, from->domains[i]);
    if (s->listen && from->listen_count > 0)
        memcpy(s->listen, from->listen, from->listen_count * sizeof(*s->listen));
    if (from->advertise.ptr)
        s->advertise = tnd_slice_keep(&s->arena, from->advertise);
    s->domain_count = from->domain_count;
    s->listen_count = from->listen_count;
    s->lab = from->lab;
    return tnd_arena_over(&s->arena) ? TND_ENOMEM : 0;
}

int web_settings_new(const struct tnd_web_settings *from, const struct tnd_endpoint *at,
                     struct tnd_web_fault *ret_fault, struct web_settings **ret)
{
    struct web_settings *s = calloc(1, sizeof(*s));

    *ret_fault = (struct tnd_web_fault){.text = "out of memory"};
    if (!s)
        return TND_ENOMEM;
    tnd_arena_init(&s->arena, NULL, 0, &tnd_heap, SETTINGS_SIZE_MAX);
    int err = fill(s, from, at, ret_fault);
    if (err)
        web_settings_free(s);
    else
        *ret = s;
    return err;
}

void web_settings_free(struct web_settings *settings)
{
    if (settings)
        tnd_arena_fini(&settings->arena);
    free(settings);
}

static bool is_own_address(const struct web_settings *s, struct tnd_slice host)
{
    struct tnd_endpoint e;

    if (tnd_address_parse(host, &e))
        return false;
    for (size_t i = 0; i < s->listen_count; i++)
        if (tnd_address_eq(&s->listen[i], &e) ||
            tnd_address_kind(&s->listen[i]) == TND_ADDRESS_UNSPECIFIED)
            return true;
    return false;
}

bool web_settings_serve(const struct web_settings *settings, struct tnd_slice domain)
{
    for (size_t i = 0; i < settings->domain_count; i++)
        if (tnd_host_eq(settings->domains[i], domain))
            return true;
    return (settings->advertise.ptr && tnd_host_eq(settings->advertise, domain)) ||
           is_own_address(settings, domain);
}
