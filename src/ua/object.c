/* What lives on its own: transactions, errands, calls. Each has an arena, a number by which answers from
 * outside find it, and a few timers. */
#include "ua/call.h"

#include "base/assert.h"
#include "base/owner.h"

void ua_leave(struct tnd_map *map, struct tnd_map_node *node)
{
    if (node->key.ptr)
        tnd_map_remove(map, node);
    node->key = tnd_slice(NULL, 0);
}

void *ua_object_new(struct tnd_ua *ua, enum ua_kind kind, size_t size)
{
    struct ua_object *object = ua->mem.take(ua->mem.ctx, size);

    if (!object)
        return NULL;
    memset(object, 0, size);
    object->size = size;
    object->kind = (uint8_t)kind;
    object->serial = ++ua->serial;
    tnd_waits_init(object->waits, UA_WAIT_COUNT, object);
    if (tnd_map_add(&ua->by_serial, &object->by_serial,
                    tnd_map_key(&object->serial, sizeof(object->serial)))) {
        ua->mem.give(ua->mem.ctx, object, size);
        return NULL;
    }
    tnd_arena_init(&object->arena, NULL, 0, &ua->mem, UA_OBJECT_SIZE_MAX);
    object->next = ua->all;
    if (ua->all)
        ua->all->prev = object;
    ua->all = object;
    return object;
}

static void unlink(struct tnd_ua *ua, struct ua_object *object)
{
    if (object->next)
        object->next->prev = object->prev;
    if (object->prev)
        object->prev->next = object->next;
    else
        ua->all = object->next;
}

void ua_object_end(struct tnd_ua *ua, struct ua_object *object)
{
    TND_ASSERT(!object->is_ended);
    tnd_waits_stop(&ua->wheel, object->waits, UA_WAIT_COUNT);
    ua_leave(&ua->by_serial, &object->by_serial);
    unlink(ua, object);
    object->is_ended = true;
    object->next_ended = ua->ended;
    ua->ended = object;
}

struct ua_object *ua_object_find(const struct tnd_ua *ua, uint64_t serial)
{
    struct tnd_map_node *found = tnd_map_find(&ua->by_serial, tnd_map_key(&serial, sizeof(serial)));

    return found ? TND_OWNER(found, struct ua_object, by_serial) : NULL;
}

/* What it holds besides its arena. */
static void fini(struct tnd_ua *ua, struct ua_object *object)
{
    switch ((enum ua_kind)object->kind) {
    case UA_SERVER:
        ua_server_fini(ua, (struct ua_server *)object);
        return;
    case UA_LEG:
        ua_leg_fini((struct ua_leg *)object);
        return;
    case UA_CALL:
    case UA_CLIENT:
    case UA_ERRAND:
    case UA_REGISTRATION:
        return;
    }
}

void ua_give_ended(struct tnd_ua *ua)
{
    while (ua->ended) {
        struct ua_object *object = ua->ended;

        ua->ended = object->next_ended;
        fini(ua, object);
        tnd_arena_fini(&object->arena);
        ua->mem.give(ua->mem.ctx, object, object->size);
    }
}

/* Without a word to anybody. */
void ua_end_all(struct tnd_ua *ua)
{
    while (ua->all) {
        struct ua_object *object = ua->all;

        if (object->kind == UA_CLIENT)
            ua_leave(&ua->by_branch, &((struct ua_client *)object)->by_branch);
        if (object->kind == UA_SERVER)
            ua_server_leave(ua, (struct ua_server *)object);
        if (object->kind == UA_LEG)
            ua_leave(&ua->by_dialog, &((struct ua_leg *)object)->by_dialog);
        ua_object_end(ua, object);
    }
    ua_give_ended(ua);
}

void ua_arm(struct tnd_ua *ua, struct ua_object *object, uint8_t id, tnd_time due)
{
    TND_ASSERT(!object->is_ended);
    tnd_waits_arm(&ua->wheel, object->waits, UA_WAIT_COUNT, id, due);
}

void ua_disarm(struct tnd_ua *ua, struct ua_object *object, uint8_t id)
{
    tnd_waits_disarm(&ua->wheel, object->waits, UA_WAIT_COUNT, id);
}

void ua_timer_due(struct tnd_ua *ua, struct tnd_wait *wait)
{
    struct ua_object *object = wait->owner;

    switch ((enum ua_kind)object->kind) {
    case UA_CLIENT:
        ua_client_timer(ua, (struct ua_client *)object, (enum tnd_timer)wait->id);
        return;
    case UA_SERVER:
        ua_server_timer(ua, (struct ua_server *)object, (enum tnd_timer)wait->id);
        return;
    case UA_ERRAND:
        ua_errand_timer(ua, (struct ua_errand *)object);
        return;
    case UA_CALL:
        ua_call_timer(ua, (struct ua_call *)object, wait->id);
        return;
    case UA_LEG:
        ua_leg_timer(ua, (struct ua_leg *)object, wait->id);
        return;
    case UA_REGISTRATION:
        ua_registration_timer(ua, (struct ua_registration *)object, wait->id);
        return;
    }
}
