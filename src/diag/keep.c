/* The memory of calls: the bytes of messages lie in pieces of one size, which a pool uses again and again, so
 * that a capture of any length touches the same memory. A message that is larger has a piece of its own. */
#include "diag/call.h"

struct tnd_diag_piece {
    struct tnd_diag_piece *older;
    size_t size; /* with this head; 0: of the pool */
};

enum {
    HEAD_SIZE = sizeof(struct tnd_diag_piece),
    MESSAGE_COUNT_FIRST = 8,
    MESSAGE_SIZE = sizeof(struct tnd_diag_message) + sizeof(struct tnd_diag_key),
};

static void account(struct tnd_diag *d, struct tnd_diag_kept *call, size_t size)
{
    call->memory += size;
    d->stats.memory += size;
}

struct tnd_diag_kept *tnd_diag_take_call(struct tnd_diag *d)
{
    struct tnd_diag_kept *call = tnd_pool_take(&d->call_pool);

    if (call)
        account(d, call, sizeof(*call));
    return call;
}

struct tnd_diag_leg *tnd_diag_take_leg(struct tnd_diag *d, struct tnd_diag_kept *call)
{
    struct tnd_diag_leg *leg = tnd_pool_take(&d->leg_pool);

    if (leg)
        account(d, call, sizeof(*leg));
    return leg;
}

static struct tnd_diag_piece *link_piece(struct tnd_diag_kept *call, struct tnd_diag_piece *piece,
                                         size_t size)
{
    if (piece) {
        *piece = (struct tnd_diag_piece){call->pieces, size};
        call->pieces = piece;
    }
    return piece;
}

/* A piece for one message alone. The newest of the pool stays the one that is filled. */
static char *own_piece(struct tnd_diag *d, struct tnd_diag_kept *call, size_t size)
{
    struct tnd_diag_piece *piece = d->world.mem->take(d->world.mem->ctx, HEAD_SIZE + size);

    if (!link_piece(call, piece, HEAD_SIZE + size))
        return NULL;
    account(d, call, HEAD_SIZE + size);
    return (char *)piece + HEAD_SIZE;
}

char *tnd_diag_room(struct tnd_diag *d, struct tnd_diag_kept *call, size_t size)
{
    if (size > TND_DIAG_PIECE_SIZE - HEAD_SIZE)
        return own_piece(d, call, size);
    if (size > (size_t)(call->end - call->next)) {
        struct tnd_diag_piece *piece = link_piece(call, tnd_pool_take(&d->piece_pool), 0);

        if (!piece)
            return NULL;
        account(d, call, TND_DIAG_PIECE_SIZE);
        call->next = (char *)piece + HEAD_SIZE;
        call->end = (char *)piece + TND_DIAG_PIECE_SIZE;
    }
    char *room = call->next;
    call->next += size;
    return room;
}

struct tnd_slice tnd_diag_copy(struct tnd_diag *d, struct tnd_diag_kept *call, struct tnd_slice s)
{
    if (s.len == 0)
        return s.ptr ? TND_STR("") : s;
    char *room = tnd_diag_room(d, call, s.len);
    if (!room)
        return tnd_slice(NULL, 0);
    memcpy(room, s.ptr, s.len);
    return tnd_slice(room, s.len);
}

static void give_messages(struct tnd_diag *d, struct tnd_diag_kept *call)
{
    if (call->message)
        d->world.mem->give(d->world.mem->ctx, call->message, call->room * MESSAGE_SIZE);
}

/* Messages, and behind them their keys. */
int tnd_diag_grow(struct tnd_diag *d, struct tnd_diag_kept *call)
{
    size_t count = call->told.message_count;
    size_t room = call->room ? 2 * call->room : MESSAGE_COUNT_FIRST;

    if (count < call->room)
        return 0;
    struct tnd_diag_message *message = d->world.mem->take(d->world.mem->ctx, room * MESSAGE_SIZE);
    if (!message)
        return TND_ENOMEM;
    struct tnd_diag_key *key = (struct tnd_diag_key *)(void *)(message + room);
    if (count > 0) {
        memcpy(message, call->message, count * sizeof(*message));
        memcpy(key, call->key, count * sizeof(*key));
    }
    give_messages(d, call);
    account(d, call, (room - call->room) * MESSAGE_SIZE);
    call->message = message;
    call->key = key;
    call->room = room;
    return 0;
}

void tnd_diag_drop(struct tnd_diag *d, struct tnd_diag_kept *call)
{
    while (call->pieces) {
        struct tnd_diag_piece *piece = call->pieces;

        call->pieces = piece->older;
        if (piece->size > 0)
            d->world.mem->give(d->world.mem->ctx, piece, piece->size);
        else
            tnd_pool_give(&d->piece_pool, piece);
    }
    give_messages(d, call);
    for (size_t i = 0; i < call->told.leg_count; i++)
        tnd_pool_give(&d->leg_pool, call->leg[i]);
    d->stats.memory -= call->memory;
    tnd_pool_give(&d->call_pool, call);
}
