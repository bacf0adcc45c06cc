/* The contract of tandem/ua.h: what goes in, what comes out, and when. */
#include "ua/call.h"

#include "base/assert.h"
#include "base/owner.h"

/* The memory that grows with what peers send: as the world's, but bounded as a whole. */
static void *take_bounded(void *ctx, size_t size)
{
    struct tnd_ua *ua = ctx;
    void *piece = size <= ua->memory_left ? ua->world.take(ua->world.ctx, size) : NULL;

    if (piece)
        ua->memory_left -= size;
    return piece;
}

static void give_bounded(void *ctx, void *piece, size_t size)
{
    struct tnd_ua *ua = ctx;

    ua->memory_left += size;
    ua->world.give(ua->world.ctx, piece, size);
}

enum {
    OUTPUTS_SIZE = UA_OUT_COUNT * sizeof(struct tnd_output),
    EVENTS_SIZE = UA_EVENT_COUNT * sizeof(struct tnd_ua_event),
    KEPT_SIZE_MAX = 65536,
    SESSION_INTERVAL = 1800, /* RFC 4028 §4 */
    RING_MAX = 180,
};

/* Each map hashes with a secret of its own, made from the key. */
static void init_map(struct tnd_ua *ua, struct tnd_map *map, const char *name)
{
    struct tnd_siphash_key secret = {tnd_siphash_2_4(&ua->key, tnd_slice_str(name)), ua->seed};

    tnd_map_init(map, &secret, &ua->mem);
}

static void init_maps(struct tnd_ua *ua)
{
    init_map(ua, &ua->by_serial, "serial");
    init_map(ua, &ua->by_branch, "branch");
    init_map(ua, &ua->by_key, "key");
    init_map(ua, &ua->by_merged, "merged");
    init_map(ua, &ua->by_ack, "ack");
    init_map(ua, &ua->by_dialog, "dialog");
}

/* RFC 3261 §8.1.1.3 */
static const struct tnd_slice ANONYMOUS =
    TND_STR_INIT("\"Anonymous\" <sip:anonymous@anonymous.invalid>");

static int read_from(struct tnd_ua *ua)
{
    struct tnd_marks room;
    struct tnd_slice text = ua->config.from.ptr ? ua->config.from : ANONYMOUS;
    struct tnd_values v = tnd_values(text, &room);

    if (!tnd_addr_next(&v, &ua->from) ||
        (ua->from.uri.scheme != TND_SCHEME_SIP && ua->from.uri.scheme != TND_SCHEME_SIPS))
        return TND_ESYNTAX;
    ua->from.params = tnd_slice(NULL, 0);
    size_t size = text.len + 2;
    char *at = tnd_arena_take(&ua->kept, size);
    struct tnd_writer w = tnd_writer(at, at ? size : 0);
    tnd_addr_write(&w, &ua->from);
    ua->from_value = tnd_writer_slice(&w);
    return ua->from_value.ptr ? 0 : TND_ENOMEM;
}

static int read_config(struct tnd_ua *ua)
{
    if (ua->config.address_count == 0)
        return TND_ESYNTAX;
    for (size_t i = 0; i < ua->config.address_count; i++)
        if (!tnd_endpoint_is_target(&ua->config.addresses[i]) ||
            ua->config.addresses[i].transport == TND_TRANSPORT_NONE)
            return TND_ESYNTAX;
    if (ua->config.proxy.ptr &&
        (ua_uri_read(ua->config.proxy, &ua->proxy) != 0 ||
         (ua->proxy.scheme != TND_SCHEME_SIP && ua->proxy.scheme != TND_SCHEME_SIPS)))
        return TND_ESYNTAX;
    return read_from(ua);
}

static void read_world(struct tnd_ua *ua, const struct tnd_ua_world *world)
{
    ua->world = *world->mem;
    ua->mem = (struct tnd_mem){take_bounded, give_bounded, ua};
    ua->memory_left = world->memory_max ? world->memory_max : SIZE_MAX;
    ua->timing = world->timing ? *world->timing : tnd_txn_timing_default();
    ua->dialog_timing = (struct tnd_dialog_timing){.t1 = ua->timing.t1, .t2 = ua->timing.t2};
    ua->key = tnd_siphash_key(world->key);
    memcpy(ua->secret, world->key, sizeof(ua->secret));
    ua->seed = world->seed;
    ua->digester = world->digester;
    ua->alternatives = world->alternatives;
    ua->calls_max = world->calls_max;
}

static void read_defaults(struct tnd_ua *ua)
{
    if (ua->config.session_expires == 0)
        ua->config.session_expires = SESSION_INTERVAL;
    if (ua->config.ring_max == 0)
        ua->config.ring_max = RING_MAX;
}

int tnd_ua_new(const struct tnd_ua_world *world, const struct tnd_ua_config *config, tnd_time now,
               struct tnd_ua **ret)
{
    struct tnd_ua *ua = world->mem->take(world->mem->ctx, sizeof(*ua));

    if (!ua)
        return TND_ENOMEM;
    memset(ua, 0, sizeof(*ua));
    read_world(ua, world);
    ua->config = *config;
    read_defaults(ua);
    ua->now = now;
    ua->outputs = world->mem->take(world->mem->ctx, OUTPUTS_SIZE);
    ua->events = world->mem->take(world->mem->ctx, EVENTS_SIZE);
    tnd_wheel_init(&ua->wheel, now);
    init_maps(ua);
    tnd_arena_init(&ua->kept, NULL, 0, &ua->mem, KEPT_SIZE_MAX);
    tnd_arena_init(&ua->out, NULL, 0, &ua->mem, UA_ROOM_SIZE_MAX);
    tnd_arena_init(&ua->work, NULL, 0, &ua->mem, UA_ROOM_SIZE_MAX);
    int err = ua->outputs && ua->events ? read_config(ua) : TND_ENOMEM;
    if (err)
        tnd_ua_free(&ua);
    else
        *ret = ua;
    return err;
}

static void give(struct tnd_ua *ua, void *piece, size_t size)
{
    if (piece)
        ua->world.give(ua->world.ctx, piece, size);
}

void tnd_ua_free(struct tnd_ua **which)
{
    struct tnd_ua *ua = *which;

    *which = NULL;
    if (!ua)
        return;
    ua_end_all(ua);
    tnd_map_fini(&ua->by_serial);
    tnd_map_fini(&ua->by_branch);
    tnd_map_fini(&ua->by_key);
    tnd_map_fini(&ua->by_merged);
    tnd_map_fini(&ua->by_ack);
    tnd_map_fini(&ua->by_dialog);
    tnd_arena_fini(&ua->kept);
    tnd_arena_fini(&ua->out);
    tnd_arena_fini(&ua->work);
    give(ua, ua->outputs, OUTPUTS_SIZE);
    give(ua, ua->events, EVENTS_SIZE);
    struct tnd_mem mem = ua->world;
    mem.give(mem.ctx, ua, sizeof(*ua));
}

void tnd_ua_set_wall(struct tnd_ua *ua, tnd_time now, int64_t wall)
{
    ua->wall_offset = wall - now;
}

/* Nobody looks any more at what was told before, once all of it was taken. */
static void start_anew(struct tnd_ua *ua)
{
    bool is_said = ua->output_count == 0 || ua->are_outputs_taken;
    bool is_told = ua->event_count == 0 || ua->are_events_taken;

    if (is_said && is_told)
        ua_out_reset(ua);
}

int ua_begin(struct tnd_ua *ua, tnd_time now)
{
    TND_ASSERT(now >= ua->now);
    start_anew(ua);
    if (!ua_out_has_room(ua, 1))
        return TND_ESPACE;
    ua->now = now;
    return 0;
}

int ua_done(struct tnd_ua *ua, int err)
{
    tnd_arena_reset(&ua->work);
    return err;
}

/* Those that find no room for what they bring about are due still: tnd_ua_due() says so. */
static void run_timers(struct tnd_ua *ua)
{
    struct tnd_wheel_timer *timer;

    while (ua_out_has_room(ua, 2) && (timer = tnd_wheel_next(&ua->wheel, ua->now))) {
        ua_timer_due(ua, TND_OWNER(timer, struct tnd_wait, timer));
        tnd_arena_reset(&ua->work);
    }
}

static void failed(struct tnd_ua *ua, uint64_t token)
{
    struct ua_object *object = ua_object_find(ua, token >> 8);

    if (!object)
        return;
    if (object->kind == UA_CLIENT)
        ua_client_failed(ua, (struct ua_client *)object);
    else if (object->kind == UA_SERVER)
        ua_server_failed(ua, (struct ua_server *)object, (uint8_t)token);
    else if (object->kind == UA_ERRAND)
        ua_errand_ack_failed(ua, (struct ua_errand *)object);
}

static void resolved(struct tnd_ua *ua, uint64_t token, const struct tnd_lookup_answer *answer)
{
    struct ua_object *object = ua_object_find(ua, token >> 8);

    if (object && object->kind == UA_SERVER)
        ua_server_resolved(ua, (struct ua_server *)object, answer);
    else if (object && object->kind == UA_ERRAND)
        ua_errand_resolved(ua, (struct ua_errand *)object, answer);
}

static int feed(struct tnd_ua *ua, const struct tnd_input *in)
{
    switch ((enum tnd_input_kind)in->kind) {
    case TND_IN_TICK:
    case TND_IN_STORED: /* a user agent stores nothing */
        return 0;
    case TND_IN_MESSAGE:
        return ua_receive(ua, in);
    case TND_IN_FAILED:
        failed(ua, in->token);
        return 0;
    case TND_IN_RESOLVED:
        resolved(ua, in->token, in->answer);
        return 0;
    }
    TND_ASSERT(!"an input of no kind");
}

int tnd_ua_feed(struct tnd_ua *ua, tnd_time now, const struct tnd_input *in)
{
    int err = ua_begin(ua, now);

    if (err)
        return err;
    run_timers(ua);
    if (!ua_out_has_room(ua, 1))
        return in->kind == TND_IN_TICK ? 0 : TND_ESPACE;
    return ua_done(ua, feed(ua, in));
}

tnd_time tnd_ua_due(const struct tnd_ua *ua)
{
    return tnd_wheel_due(&ua->wheel);
}

void ua_end_told(struct tnd_ua *ua, tnd_ua_id id, enum tnd_ua_cause cause, uint16_t code)
{
    struct tnd_ua_event *event = ua_tell(ua, TND_UA_ENDED, id);

    event->cause = (uint8_t)cause;
    event->code = code;
}

static int end(struct tnd_ua *ua, tnd_ua_id id)
{
    struct ua_object *object = ua_object_find(ua, id);

    if (!object)
        return TND_ENONE;
    switch ((enum ua_kind)object->kind) {
    case UA_ERRAND:
        if (((struct ua_errand *)object)->owner)
            return TND_ENONE;
        ua_errand_end(ua, (struct ua_errand *)object);
        ua_end_told(ua, id, TND_UA_BY_US, 0);
        return 0;
    case UA_CALL:
        ua_call_end(ua, (struct ua_call *)object);
        return 0;
    case UA_REGISTRATION:
        ua_registration_end(ua, (struct ua_registration *)object);
        return 0;
    case UA_CLIENT:
    case UA_SERVER:
    case UA_LEG:
        return TND_ENONE;
    }
    return TND_ENONE;
}

int tnd_ua_end(struct tnd_ua *ua, tnd_time now, tnd_ua_id id)
{
    int err = ua_begin(ua, now);

    return err ? err : ua_done(ua, end(ua, id));
}
