/* A user agent with its person: he does what the flow says, one thing after the other, and what he is told is
 * written down. */
#include "demo/stage.h"
#include "sim/mem.h"
#include "sim/sound.h"

#define TALKS TND_SEC(1) /* from the answer to the next thing that is done */
#define CHANGES \
    TND_SEC(8) /* and as long again, where the call is changed: RFC 3261 §14.1 waits up to 4 */
#define RINGS TND_SEC(1)

/* So that what both sides say crosses on the way: the callee has answered before the caller knows it. */
#define CROSSES (TALKS + DEMO_DELAY - TND_MS(2))

static const struct tnd_oa_codec wideband[] = {
    {.encoding = TND_STR_INIT("G722"), .clock = 8000, .payload = 9},
};

enum todo { TODO_CALL, TODO_CHANGE, TODO_END, TODO_ANSWER, TODO_COUNT };

struct person {
    const struct tnd_mem *mem;
    const struct demo_role *role;
    struct tnd_ua *ua;
    struct tnd_ua_config config;
    struct tnd_endpoint addresses[2];
    struct sim_sound sound, wide; /* wide: of a caller who is_wideband */
    tnd_time now;
    tnd_time at[TODO_COUNT]; /* when each is to be done */
    tnd_ua_id id;            /* of what is going on */
    unsigned calls;          /* that it has placed, or that have come */
    bool has_changed, is_over;
    bool is_pleased; /* what came has nothing of what the step refuses */
    char learned[DEMO_URI_SIZE];
    int64_t learned_until;
};

static const struct demo_caller *caller_of(const struct person *p)
{
    return &p->role->stage->flow->caller;
}

static struct tnd_demo *ret_of(const struct person *p)
{
    return p->role->stage->ret;
}

static void remark(const struct person *p, enum tnd_ladder_tone tone, const char *text)
{
    demo_remark(p->role->stage, p->role->host, tone, text);
}

/* What was learned of the address that is called, while it is good. */
static struct tnd_slice learned_of(const struct person *p)
{
    bool is_good = p->learned[0] && p->learned_until > p->now;

    return is_good ? tnd_slice_str(p->learned) : tnd_slice(NULL, 0);
}

/* Some bytes that stand for one. */
static struct tnd_slice picture_of(const struct demo_caller *c)
{
    static const char picture[] = "\x89PNG\r\n\x1a\n"
                                  "........................................................"
                                  "........................................................"
                                  "........................................................";

    return c->has_picture ? tnd_slice(picture, sizeof(picture) - 1) : tnd_slice(NULL, 0);
}

static void place(struct person *p)
{
    const struct demo_caller *c = caller_of(p);
    struct tnd_slice require = tnd_slice_str(c->require), offer = tnd_slice_str(c->offer);
    struct tnd_ua_with with = {.require = &require,
                               .require_count = c->require != NULL,
                               .supported = &offer,
                               .supported_count = c->offer != NULL,
                               .fields = tnd_slice_str(c->fields),
                               .part_type = TND_STR("image/png"),
                               .part = picture_of(c)};
    bool is_message = c->method == TND_METHOD_MESSAGE;

    if (p->calls++ > 0)
        remark(p, TND_LADDER_PLAIN, c->before_again);
    if (c->method == TND_METHOD_REGISTER)
        tnd_ua_register(p->ua, p->now,
                        &(struct tnd_ua_registration){.registrar = tnd_slice_str(c->uri),
                                                      .expires = c->register_expires,
                                                      .once = true},
                        &p->id);
    else if (c->method != 0)
        tnd_ua_request(p->ua, p->now,
                       &(struct tnd_ua_request){
                           .method = c->method,
                           .uri = tnd_slice_str(c->uri),
                           .with = with,
                           .content_type = is_message ? TND_STR("text/plain") : tnd_slice(NULL, 0),
                           .body = is_message ? TND_STR("hello") : tnd_slice(NULL, 0)},
                       &p->id);
    else
        tnd_ua_call(p->ua, p->now,
                    &(struct tnd_ua_call){.uri = tnd_slice_str(c->uri),
                                          .with = with,
                                          .precondition = c->precondition,
                                          .learned = learned_of(p)},
                    &p->id);
}

static const struct demo_step *step_of(const struct person *p)
{
    return &p->role->callee->step[p->calls > 1];
}

/* Whether the request has nothing of what the step refuses: then it is answered. */
static bool pleases(const struct demo_step *step, const struct tnd_msg *msg)
{
    struct tnd_uri uri;

    return step->minds_tel && tnd_msg_uri(msg, &uri, NULL) && uri.scheme != TND_SCHEME_TEL;
}

static void answer(struct person *p)
{
    const struct demo_step *step = step_of(p);

    if (step->code == 0 || p->is_pleased)
        tnd_ua_accept(p->ua, p->now, p->id);
    else if (step->code >= 300)
        tnd_ua_refuse(p->ua, p->now, p->id,
                      &(struct tnd_ua_refusal){.code = step->code,
                                               .contacts = tnd_slice_str(step->contacts),
                                               .fields = tnd_slice_str(step->fields)});
}

static void incoming(struct person *p, const struct tnd_ua_event *event)
{
    p->id = event->id;
    p->calls++;
    const struct demo_step *step = step_of(p);
    p->is_pleased = pleases(step, event->msg);
    if (step->code < 300 || step->after > 0 || p->is_pleased)
        tnd_ua_ring(p->ua, p->now, p->id);
    p->at[TODO_ANSWER] = p->now + step->after;
}

/* The call is on. */
static void answered(struct person *p, const struct tnd_ua_event *event)
{
    struct demo_stage *s = p->role->stage;
    const struct demo_callee *callee = p->role->callee;

    if (callee) {
        if (callee->holds)
            p->at[TODO_CHANGE] = p->now + CROSSES;
        return;
    }
    if (event->method != TND_METHOD_INVITE)
        return;
    bool changes = caller_of(p)->holds && !p->has_changed;
    if (changes)
        p->at[TODO_CHANGE] = p->now + TALKS;
    p->at[TODO_END] = p->now + TALKS + (changes ? CHANGES : 0);
    if (changes && s->flow->callee[0].forgets) {
        unsigned host = sim_host_count(s->world) - 1;

        sim_world_crash(s->world, host, p->now + TALKS / 2, p->now + TALKS / 2);
    }
}

static void keep_learned(struct person *p, const struct tnd_recovery *recovery)
{
    if (!recovery->learned.ptr || recovery->learned.len >= sizeof(p->learned))
        return;
    memset(p->learned, 0, sizeof(p->learned));
    memcpy(p->learned, recovery->learned.ptr, recovery->learned.len);
    p->learned_until = recovery->learned_until;
}

static void attempt(struct person *p, const struct tnd_ua_event *event)
{
    struct demo_stage *s = p->role->stage;
    const struct tnd_recovery *recovery = event->recovery;

    if (p->role->callee || !recovery)
        return;
    keep_learned(p, recovery);
    if (event->code == s->flow->code && ret_of(p)->action == TND_RECOVER_NONE && !p->is_over) {
        ret_of(p)->is_seen = true;
        ret_of(p)->action = recovery->action;
        ret_of(p)->detail = tnd_slice_keep(s->a, recovery->detail);
    }
    ret_of(p)->attempts += !p->is_over;
    demo_action(s, p->role->host, recovery->action);
}

static void ended(struct person *p, const struct tnd_ua_event *event)
{
    const struct demo_caller *c = caller_of(p);
    bool is_made = event->cause == TND_UA_BY_US || event->cause == TND_UA_DONE;

    p->at[TODO_CHANGE] = p->at[TODO_END] = p->at[TODO_ANSWER] = TND_NEVER_DUE;
    if (p->role->callee || p->is_over)
        return;
    p->is_over = true;
    ret_of(p)->is_made = is_made && !c->cancels;
    ret_of(p)->last = event->code ? event->code : ret_of(p)->is_made ? 200 : 0;
    if (c->again)
        p->at[TODO_CALL] = p->now + c->again;
}

static void hear(struct person *p, const struct tnd_ua_event *event)
{
    switch ((enum tnd_ua_event_kind)event->kind) {
    case TND_UA_INCOMING:
        incoming(p, event);
        return;
    case TND_UA_PROGRESS:
        if (!p->role->callee && caller_of(p)->cancels && event->code == 180)
            p->at[TODO_END] = p->now + RINGS;
        return;
    case TND_UA_ATTEMPT:
        attempt(p, event);
        return;
    case TND_UA_RESERVE:
        tnd_ua_reserved(p->ua, p->now, event->id, event->stream, true);
        return;
    case TND_UA_ANSWERED:
        answered(p, event);
        return;
    case TND_UA_ENDED:
        ended(p, event);
        return;
    case TND_UA_MEDIA:
    case TND_UA_CHANGED:
    case TND_UA_REGISTERED:
    case TND_UA_TROUBLE:
    case TND_UA_RECEIVED:
        return;
    }
}

static void hear_all(struct person *p)
{
    struct tnd_ua_event event;

    while (tnd_ua_event(p->ua, &event))
        hear(p, &event);
}

static void carry_out(struct person *p, enum todo what)
{
    switch (what) {
    case TODO_CALL:
        place(p);
        return;
    case TODO_CHANGE:
        p->has_changed = true;
        tnd_ua_change(p->ua, p->now, p->id, TND_UA_HOLD);
        return;
    case TODO_END:
        if (caller_of(p)->cancels)
            remark(p, TND_LADDER_PLAIN, N_("The caller hangs up before the call is answered."));
        tnd_ua_end(p->ua, p->now, p->id);
        return;
    case TODO_ANSWER:
        answer(p);
        return;
    case TODO_COUNT:
        return;
    }
}

static int feed(void *self, tnd_time now, const struct tnd_input *in)
{
    struct person *p = self;

    p->now = now;
    int err = tnd_ua_feed(p->ua, now, in);
    hear_all(p);
    for (int what = 0; what < TODO_COUNT; what++) {
        if (p->at[what] > now)
            continue;
        p->at[what] = TND_NEVER_DUE;
        carry_out(p, (enum todo)what);
        hear_all(p);
    }
    return err;
}

static bool take(void *self, struct tnd_output *ret)
{
    return tnd_ua_take(((struct person *)self)->ua, ret);
}

static tnd_time due(const void *self)
{
    const struct person *p = self;
    tnd_time at = tnd_ua_due(p->ua);

    for (int what = 0; what < TODO_COUNT; what++)
        at = p->at[what] < at ? p->at[what] : at;
    return at;
}

static void end(void *self)
{
    struct person *p = self;
    const struct tnd_mem *mem = p->mem;

    tnd_ua_free(&p->ua);
    sim_give(mem, p, sizeof(*p));
}

/* The sound of a caller who offers the better codec first, and what he offers where nobody has that. */
static void prefer_wideband(struct person *p, const struct sim_life *life)
{
    sim_sound_describe(&p->wide, life);
    p->wide.stream.codecs = wideband;
    p->wide.stream.codec_count = sizeof(wideband) / sizeof(*wideband);
    p->config.media = &p->wide.media;
    p->config.other_media = &p->sound.media;
}

static void configure(struct person *p, const struct sim_life *life)
{
    uint32_t session_expires = p->role->callee ? 0 : caller_of(p)->session_expires;

    for (unsigned i = 0; i < 2; i++) {
        p->addresses[i] = life->address;
        p->addresses[i].transport = i == 0 ? TND_TRANSPORT_UDP : TND_TRANSPORT_TCP;
    }
    sim_sound_describe(&p->sound, life);
    p->config = (struct tnd_ua_config){
        .addresses = p->addresses,
        .address_count = 2,
        .from = tnd_slice_str(p->role->from),
        .password = TND_STR("secret"),
        .media = &p->sound.media,
        .session_expires = session_expires ? session_expires : 1,
    };
    if (!p->role->callee && caller_of(p)->is_wideband)
        prefer_wideband(p, life);
}

/* Before anything has come. */
static void start(struct person *p)
{
    const struct demo_callee *callee = p->role->callee;
    tnd_ua_id id;

    for (int what = 0; what < TODO_COUNT; what++)
        p->at[what] = TND_NEVER_DUE;
    if (!callee)
        p->at[TODO_CALL] = DEMO_BEGINS;
    else if (callee->registers && p->now < DEMO_BEGINS)
        tnd_ua_register(p->ua, p->now, &(struct tnd_ua_registration){.expires = 0}, &id);
}

int demo_person_make(void *ctx, const struct sim_life *life, struct sim_element *ret)
{
    static const struct sim_element_ops ops = {feed, take, due, NULL, end};
    struct person *p = sim_take(life->mem, sizeof(*p));

    p->mem = life->mem;
    p->role = ctx;
    p->now = life->now;
    const struct tnd_demo_world *given = p->role->stage->given;
    struct tnd_ua_world world = {.mem = life->mem,
                                 .seed = life->seed + life->number,
                                 .digester = given->digester,
                                 .alternatives = given->alternatives};
    for (size_t i = 0; i < sizeof(world.key); i++)
        world.key[i] = (unsigned char)(life->seed >> i % 8 * 8) ^ (unsigned char)life->number;
    configure(p, life);
    int err = tnd_ua_new(&world, &p->config, life->now, &p->ua);
    if (err != 0) {
        sim_give(life->mem, p, sizeof(*p));
        return err;
    }
    start(p);
    *ret = (struct sim_element){&ops, p};
    return 0;
}
