/* The table of connections; the newest first. */
#include "trace/stream.h"

#include "base/map.h"
#include "base/owner.h"
#include "base/pool.h"
#include "trace/reading.h"
#include "trace/side.h"

enum {
    ARENA_SIZE = 65536, /* of the index of one message; more is taken as need be */
    ARENA_SIZE_MAX = 1 << 20,
    ROOM_MIN =
        1 << 20, /* so much of the purse is free when a segment comes: more than it can ask for */
};

struct key {
    struct tnd_endpoint low, high;
};

struct connection {
    struct tnd_map_node node;
    struct key key;
    struct connection *newer, *older;
    struct tnd_side side[2]; /* of those who sent it: low, high */
    struct tnd_reading reading[2];
    bool is_reset;
    bool is_torn; /* its readings were told that this is the end */
};

struct tnd_streams {
    const struct tnd_mem *mem;
    struct tnd_map map;
    struct tnd_pool pool;
    struct tnd_purse purse;
    struct tnd_reading_room room;
    struct tnd_arena arena;
    struct connection *newest, *oldest;
    struct connection *current; /* what may have messages */
    int64_t now;
    uint64_t number;
    bool is_ending;
    uint64_t gaps, forgotten;
    char first[ARENA_SIZE];
};

int tnd_streams_new(const struct tnd_mem *mem, const struct tnd_siphash_key *secret,
                    struct tnd_streams **ret)
{
    struct tnd_streams *s = mem->take(mem->ctx, sizeof(*s));

    if (!s)
        return TND_ENOMEM;
    memset(s, 0, offsetof(struct tnd_streams, first));
    s->mem = mem;
    s->purse = (struct tnd_purse){.mem = mem, .max = TND_STREAMS_SIZE_MAX};
    s->room = (struct tnd_reading_room){.purse = &s->purse, .arena = &s->arena};
    tnd_map_init(&s->map, secret, mem);
    tnd_pool_init(&s->pool, "TND_STREAMS_COUNT_MAX", sizeof(struct connection),
                  TND_STREAMS_COUNT_MAX, mem);
    tnd_arena_init(&s->arena, s->first, sizeof(s->first), mem, ARENA_SIZE_MAX);
    *ret = s;
    return 0;
}

/* Out of the list. */
static void unchain(struct tnd_streams *s, struct connection *c)
{
    *(c->newer ? &c->newer->older : &s->newest) = c->older;
    *(c->older ? &c->older->newer : &s->oldest) = c->newer;
    c->newer = c->older = NULL;
}

static void chain_newest(struct tnd_streams *s, struct connection *c)
{
    c->older = s->newest;
    *(s->newest ? &s->newest->newer : &s->oldest) = c;
    s->newest = c;
}

static void forget(struct tnd_streams *s, struct connection *c)
{
    if (s->current == c)
        s->current = NULL;
    for (int i = 0; i < 2; i++) {
        tnd_side_clear(&c->side[i], &s->purse);
        tnd_reading_clear(&c->reading[i], &s->room, TND_READING_LOST);
    }
    unchain(s, c);
    tnd_map_remove(&s->map, &c->node);
    tnd_pool_give(&s->pool, c);
}

void tnd_streams_free(struct tnd_streams **s)
{
    if (!*s)
        return;
    while ((*s)->oldest)
        forget(*s, (*s)->oldest);
    tnd_map_fini(&(*s)->map);
    tnd_pool_fini(&(*s)->pool);
    tnd_arena_fini(&(*s)->arena);
    (*s)->mem->give((*s)->mem->ctx, *s, sizeof(**s));
    *s = NULL;
}

/* *ret_side: who sent it. */
static struct key key_of(const struct tnd_packet *packet, int *ret_side)
{
    *ret_side = tnd_endpoint_cmp(&packet->from, &packet->to) > 0;
    return *ret_side ? (struct key){packet->to, packet->from}
                     : (struct key){packet->from, packet->to};
}

static struct connection *add(struct tnd_streams *s, const struct key *key)
{
    if (tnd_pool_full(&s->pool)) {
        forget(s, s->oldest);
        s->forgotten++;
    }
    struct connection *c = tnd_pool_take(&s->pool);
    if (!c)
        return NULL;
    c->key = *key;
    if (tnd_map_add(&s->map, &c->node, tnd_map_key(&c->key, sizeof(c->key)))) {
        tnd_pool_give(&s->pool, c);
        return NULL;
    }
    chain_newest(s, c);
    return c;
}

static struct connection *find(struct tnd_streams *s, const struct key *key)
{
    struct tnd_map_node *node = tnd_map_find(&s->map, tnd_map_key(key, sizeof(*key)));

    if (!node)
        return NULL;
    struct connection *c = TND_OWNER(node, struct connection, node);
    unchain(s, c);
    chain_newest(s, c);
    return c;
}

static void make_room(struct tnd_streams *s, const struct connection *but)
{
    while (s->purse.max - s->purse.out < ROOM_MIN && s->oldest != but) {
        forget(s, s->oldest);
        s->forgotten++;
    }
}

static void put(struct tnd_streams *s, struct connection *c, int side,
                const struct tnd_packet *packet)
{
    switch (tnd_side_put(&c->side[side], &s->purse, packet)) {
    case TND_SIDE_GOES_ON:
        break;
    case TND_SIDE_BEGINS:
        tnd_reading_clear(&c->reading[side], &s->room, TND_READING_FRESH);
        break;
    case TND_SIDE_JOINED:
        tnd_reading_clear(&c->reading[side], &s->room, TND_READING_LOST);
        break;
    }
    if (packet->flags & TND_TCP_ACK)
        tnd_side_acked(&c->side[!side], packet->acknowledged, packet->at);
    c->is_reset |= (packet->flags & TND_TCP_RST) != 0;
}

int tnd_streams_feed(struct tnd_streams *s, const struct tnd_packet *packet)
{
    int side;
    struct key key = key_of(packet, &side);
    struct connection *c = find(s, &key);

    if (!c && packet->payload.len == 0 && !(packet->flags & TND_TCP_SYN))
        return 0; /* the last words of a connection, or an ACK of one that says nothing */
    if (!c)
        c = add(s, &key);
    if (!c)
        return TND_ENOMEM;
    make_room(s, c);
    s->current = c;
    s->now = packet->at;
    s->number = packet->number;
    put(s, c, side, packet);
    return 0;
}

void tnd_streams_end(struct tnd_streams *s)
{
    s->is_ending = true;
    s->current = s->oldest;
}

static bool is_over(const struct tnd_streams *s, const struct connection *c)
{
    return s->is_ending || c->is_reset ||
           (tnd_side_is_over(&c->side[0]) && tnd_side_is_over(&c->side[1]));
}

static bool next_of(struct tnd_streams *s, struct connection *c, int side, struct tnd_traced *ret)
{
    struct tnd_slice bytes;

    while (!tnd_reading_next(&c->reading[side], &s->room, &ret->bytes, &ret->is_cut)) {
        switch (tnd_side_next(&c->side[side], &s->purse, s->now, is_over(s, c), &bytes)) {
        case TND_SIDE_BYTES:
            tnd_reading_feed(&c->reading[side], &s->room, bytes);
            break;
        case TND_SIDE_GAP:
            s->gaps++;
            tnd_reading_tear(&c->reading[side]);
            break;
        case TND_SIDE_NOTHING:
            return false;
        }
    }
    ret->at = s->now;
    ret->number = s->number;
    ret->from = side ? c->key.high : c->key.low;
    ret->to = side ? c->key.low : c->key.high;
    if (tnd_reading_is_websocket(&c->reading[side]))
        ret->from.transport = ret->to.transport = TND_TRANSPORT_WS;
    return true;
}

bool tnd_streams_next(struct tnd_streams *s, struct tnd_traced *ret)
{
    while (s->current) {
        struct connection *c = s->current;

        if (next_of(s, c, 0, ret) || next_of(s, c, 1, ret))
            return true;
        if (is_over(s, c) && !c->is_torn) {
            c->is_torn = true;
            tnd_reading_tear(&c->reading[0]);
            tnd_reading_tear(&c->reading[1]);
            continue;
        }
        if (is_over(s, c))
            forget(s, c);
        s->current = s->is_ending ? s->oldest : NULL;
    }
    return false;
}

struct tnd_streams_stats tnd_streams_stats(const struct tnd_streams *s)
{
    return (struct tnd_streams_stats){.gaps = s->gaps,
                                      .forgotten = s->forgotten,
                                      .encrypted = s->room.encrypted,
                                      .open = s->map.count,
                                      .size = s->purse.out};
}
