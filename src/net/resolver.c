/* Look-ups by c-ares. Its callbacks only note what came; the worker takes it when it has time. */
#include "net/resolver.h"

#include <ares.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>

#include "base/assert.h"
#include "net/heap.h"
#include "net/sockaddr.h"

/* Numbers of the registry of DNS parameters. */
enum { CLASS_IN = 1, TYPE_SRV = 33, TYPE_NAPTR = 35 };

enum {
    TIMEOUT_MS = 2000, /* of the first try; the next ones wait longer */
    TRY_COUNT = 3,
    ARENA_SIZE = 1024,
    ARENA_SIZE_MAX = 32768, /* of one answer: at most so many bytes more */
};

struct tnd_resolver_lookup {
    struct tnd_resolver *resolver;
    struct tnd_resolver_lookup *next;
    uint64_t token;
    struct tnd_lookup_answer answer;
    struct tnd_arena arena; /* of what answer points to */
    char name[TND_LOCATE_NAME_LEN_MAX + 1];
    _Alignas(TND_ARENA_ALIGN) char first[ARENA_SIZE];
};

int tnd_resolver_library_init(void)
{
    return ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS ? 0 : TND_ENOMEM;
}

/* c-ares opened a socket, wants something else of it, or is about to close it. */
static void watch(void *ctx, ares_socket_t socket, int readable, int writable)
{
    struct tnd_resolver *r = ctx;
    struct epoll_event event = {.data.u64 = TND_RESOLVER_SOCKET + (unsigned)socket};

    event.events = (readable ? EPOLLIN : 0u) | (writable ? EPOLLOUT : 0u);
    if (event.events == 0)
        epoll_ctl(r->epoll, EPOLL_CTL_DEL, socket, NULL);
    else if (epoll_ctl(r->epoll, EPOLL_CTL_MOD, socket, &event) < 0)
        epoll_ctl(r->epoll, EPOLL_CTL_ADD, socket, &event);
}

static int set_servers(struct tnd_resolver *r, const struct tnd_endpoint *servers, size_t count)
{
    char list[TND_RESOLVER_SERVER_COUNT_MAX * (TND_ENDPOINT_LEN_MAX + 1) + 1];
    struct tnd_writer w = tnd_writer(list, sizeof(list) - 1);

    TND_ASSERT(count <= TND_RESOLVER_SERVER_COUNT_MAX);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            tnd_put_char(&w, ',');
        tnd_address_write_host(&w, &servers[i]);
        tnd_put_char(&w, ':');
        tnd_put_number(&w, servers[i].port ? servers[i].port : 53);
    }
    list[w.len] = '\0';
    return count == 0 || ares_set_servers_ports_csv(r->channel, list) == ARES_SUCCESS ? 0
                                                                                      : TND_ENOMEM;
}

int tnd_resolver_init(struct tnd_resolver *r, int epoll, const struct tnd_endpoint *servers,
                      size_t server_count)
{
    struct ares_options options = {.flags = ARES_FLAG_NOSEARCH,
                                   .timeout = TIMEOUT_MS,
                                   .tries = TRY_COUNT,
                                   .sock_state_cb = watch,
                                   .sock_state_cb_data = r};
    int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB;

    *r = (struct tnd_resolver){.epoll = epoll};
    r->done_last = &r->done;
    int status = ares_init_options(&r->channel, &options, mask);
    if (status != ARES_SUCCESS) {
        r->channel = NULL;
        return status == ARES_ENOMEM ? TND_ENOMEM : TND_ENONE;
    }
    if (set_servers(r, servers, server_count)) {
        tnd_resolver_fini(r);
        return TND_ENOMEM;
    }
    return 0;
}

static void forget(struct tnd_resolver_lookup *l)
{
    if (!l)
        return;
    l->resolver->count--;
    tnd_arena_fini(&l->arena);
    free(l);
}

void tnd_resolver_fini(struct tnd_resolver *r)
{
    if (r->channel)
        ares_destroy(r->channel); /* calls back for all that wait */
    forget(r->given);
    for (struct tnd_resolver_lookup *l = r->done, *next; l; l = next) {
        next = l->next;
        forget(l);
    }
    *r = (struct tnd_resolver){0};
}

/* Ends l: it waits to be taken. */
static void done(struct tnd_resolver_lookup *l, enum tnd_lookup_result result)
{
    struct tnd_resolver *r = l->resolver;

    if (tnd_arena_over(&l->arena) || result != TND_LOOKUP_FOUND) {
        l->answer.count = 0;
        result = result == TND_LOOKUP_FOUND ? TND_LOOKUP_FAILED : result;
    }
    l->answer.result = (uint8_t)result;
    if (result == TND_LOOKUP_FAILED)
        tnd_count_add(&r->stats.failed, 1);
    l->next = NULL;
    *r->done_last = l;
    r->done_last = &l->next;
}

static enum tnd_lookup_result result_of(int status)
{
    if (status == ARES_SUCCESS)
        return TND_LOOKUP_FOUND;
    if (status == ARES_ENOTFOUND || status == ARES_ENODATA || status == ARES_EBADNAME)
        return TND_LOOKUP_NONE;
    return TND_LOOKUP_FAILED;
}

static void note_ttl(struct tnd_resolver_lookup *l, int ttl)
{
    if (ttl >= 0 && (uint32_t)ttl < l->answer.ttl)
        l->answer.ttl = (uint32_t)ttl;
}

/* The addresses, in the order in which RFC 6724 would have them tried. */
static void got_addresses(void *ctx, int status, int timeouts, struct ares_addrinfo *info)
{
    struct tnd_resolver_lookup *l = ctx;
    struct tnd_endpoint *list = NULL;

    (void)timeouts;
    if (status == ARES_SUCCESS && info)
        list = tnd_arena_zero(&l->arena, TND_LOCATE_RECORD_COUNT_MAX, sizeof(*list));
    for (struct ares_addrinfo_node *n = list ? info->nodes : NULL;
         n && l->answer.count < TND_LOCATE_RECORD_COUNT_MAX; n = n->ai_next) {
        union tnd_sockaddr address = {.any.sa_family = AF_UNSPEC};

        if (n->ai_addrlen > sizeof(address))
            continue;
        memcpy(&address, n->ai_addr, n->ai_addrlen);
        list[l->answer.count] = tnd_sockaddr_endpoint(&address, TND_TRANSPORT_NONE);
        list[l->answer.count].port = 0;
        l->answer.count += list[l->answer.count].family != TND_FAMILY_NONE;
        note_ttl(l, n->ai_ttl);
    }
    if (info)
        ares_freeaddrinfo(info);
    l->answer.addresses = list;
    done(l, status == ARES_SUCCESS && l->answer.count == 0 && !tnd_arena_over(&l->arena)
                ? TND_LOOKUP_NONE
                : result_of(status));
}

static struct tnd_slice keep(struct tnd_resolver_lookup *l, const char *text)
{
    return tnd_slice_keep(&l->arena, tnd_slice_str(text ? text : ""));
}

static void got_srv(void *ctx, int status, int timeouts, unsigned char *bytes, int len)
{
    struct tnd_resolver_lookup *l = ctx;
    struct ares_srv_reply *records = NULL;
    struct tnd_srv *list = NULL;

    (void)timeouts;
    if (status == ARES_SUCCESS)
        status = ares_parse_srv_reply(bytes, len, &records);
    if (status == ARES_SUCCESS)
        list = tnd_arena_zero(&l->arena, TND_LOCATE_RECORD_COUNT_MAX, sizeof(*list));
    for (struct ares_srv_reply *s = list ? records : NULL;
         s && l->answer.count < TND_LOCATE_RECORD_COUNT_MAX; s = s->next)
        list[l->answer.count++] =
            (struct tnd_srv){keep(l, s->host), s->priority, s->weight, s->port};
    if (records)
        ares_free_data(records);
    l->answer.srvs = list;
    l->answer.ttl = 0; /* c-ares does not tell it of these: nothing is to be kept */
    done(l, result_of(status));
}

static void got_naptr(void *ctx, int status, int timeouts, unsigned char *bytes, int len)
{
    struct tnd_resolver_lookup *l = ctx;
    struct ares_naptr_reply *records = NULL;
    struct tnd_naptr *list = NULL;

    (void)timeouts;
    if (status == ARES_SUCCESS)
        status = ares_parse_naptr_reply(bytes, len, &records);
    if (status == ARES_SUCCESS)
        list = tnd_arena_zero(&l->arena, TND_LOCATE_RECORD_COUNT_MAX, sizeof(*list));
    for (struct ares_naptr_reply *n = list ? records : NULL;
         n && l->answer.count < TND_LOCATE_RECORD_COUNT_MAX; n = n->next)
        list[l->answer.count++] = (struct tnd_naptr){keep(l, (char *)n->flags),
                                                     keep(l, (char *)n->service),
                                                     keep(l, (char *)n->regexp),
                                                     keep(l, n->replacement),
                                                     n->order,
                                                     n->preference};
    if (records)
        ares_free_data(records);
    l->answer.naptrs = list;
    l->answer.ttl = 0;
    done(l, result_of(status));
}

/* "localhost", and what ends with ".localhost"; with or without the dot of the root. */
static bool is_localhost(struct tnd_slice name)
{
    struct tnd_slice word = TND_STR("localhost");

    name.len -= name.len > 0 && name.ptr[name.len - 1] == '.';
    if (name.len < word.len)
        return false;
    const char *last = tnd_slice_end(name) - word.len;
    return tnd_slice_eq_fold(tnd_slice(last, word.len), word) &&
           (last == name.ptr || last[-1] == '.');
}

/* RFC 6761 §6.3: this name is never asked for. Nor does c-ares ask, but its version 1.18 loses
 * some memory each time, and who asks is a stranger. */
static void find_localhost(struct tnd_resolver_lookup *l)
{
    static const uint8_t ipv4[4] = {127, 0, 0, 1}, ipv6[16] = {[15] = 1};
    struct tnd_endpoint *found = tnd_arena_zero(&l->arena, 1, sizeof(*found));

    if (found)
        *found = l->answer.lookup.kind == TND_LOOKUP_A
                     ? tnd_endpoint(TND_TRANSPORT_NONE, ipv4, sizeof(ipv4), 0)
                     : tnd_endpoint(TND_TRANSPORT_NONE, ipv6, sizeof(ipv6), 0);
    l->answer.addresses = found;
    l->answer.count = 1;
    l->answer.ttl = 0;
    done(l, TND_LOOKUP_FOUND);
}

static void ask(struct tnd_resolver *r, struct tnd_resolver_lookup *l)
{
    struct ares_addrinfo_hints hints = {.ai_socktype = SOCK_STREAM};

    switch ((enum tnd_lookup_kind)l->answer.lookup.kind) {
    case TND_LOOKUP_A:
    case TND_LOOKUP_AAAA:
        if (is_localhost(l->answer.lookup.name)) {
            find_localhost(l);
            return;
        }
        hints.ai_family = l->answer.lookup.kind == TND_LOOKUP_A ? AF_INET : AF_INET6;
        ares_getaddrinfo(r->channel, l->name, NULL, &hints, got_addresses, l);
        return;
    case TND_LOOKUP_SRV:
        ares_query(r->channel, l->name, CLASS_IN, TYPE_SRV, got_srv, l);
        return;
    case TND_LOOKUP_NAPTR:
        ares_query(r->channel, l->name, CLASS_IN, TYPE_NAPTR, got_naptr, l);
        return;
    }
    TND_ASSERT(!"a kind that is none");
}

void tnd_resolver_ask(struct tnd_resolver *r, const struct tnd_lookup *lookup, uint64_t token)
{
    struct tnd_resolver_lookup *l = malloc(sizeof(*l));

    if (!l)
        return;
    *l = (struct tnd_resolver_lookup){.resolver = r, .token = token};
    tnd_arena_init(&l->arena, l->first, sizeof(l->first), &tnd_heap, ARENA_SIZE_MAX);
    size_t len = lookup->name.len < sizeof(l->name) ? lookup->name.len : 0;
    memcpy(l->name, lookup->name.ptr, len);
    l->answer.lookup = (struct tnd_lookup){tnd_slice(l->name, len), lookup->kind};
    l->answer.ttl = UINT32_MAX;
    r->count++;
    tnd_count_add(&r->stats.asked, 1);
    if (r->count > TND_RESOLVER_COUNT_MAX)
        done(l, TND_LOOKUP_FAILED);
    else if (len == 0 || memchr(l->name, '\0', len))
        done(l, TND_LOOKUP_NONE); /* no name that there could be */
    else
        ask(r, l);
}

void tnd_resolver_ready(struct tnd_resolver *r, int socket, uint32_t events)
{
    bool readable = events & (EPOLLIN | EPOLLERR | EPOLLHUP), writable = events & EPOLLOUT;

    ares_process_fd(r->channel, readable ? socket : ARES_SOCKET_BAD,
                    writable ? socket : ARES_SOCKET_BAD);
}

void tnd_resolver_tick(struct tnd_resolver *r)
{
    ares_process_fd(r->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

tnd_time tnd_resolver_wait(const struct tnd_resolver *r, tnd_time max)
{
    struct timeval most = {.tv_sec = max / TND_SEC(1), .tv_usec = max % TND_SEC(1)}, room;

    if (r->count == 0)
        return max;
    const struct timeval *t = ares_timeout(r->channel, &most, &room);
    return TND_SEC(t->tv_sec) + t->tv_usec;
}

bool tnd_resolver_next(struct tnd_resolver *r, uint64_t *ret_token,
                       const struct tnd_lookup_answer **ret)
{
    forget(r->given);
    r->given = r->done;
    if (!r->given)
        return false;
    r->done = r->given->next;
    if (!r->done)
        r->done_last = &r->done;
    *ret_token = r->given->token;
    *ret = &r->given->answer;
    return true;
}

/* ares_channel is a pointer to this, and no header tells more of it. */
_Static_assert(sizeof(ares_channel) == sizeof(struct ares_channeldata *), "ares_channel");
