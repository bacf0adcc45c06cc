/* Who listens is told of calls as they go on. A turn reads what was recorded since the last one; nobody
 * remembers what was told of which call: it has news if its last message is newer than the last turn. */
#include "net/clock.h"
#include "web/live_inside.h"

enum {
    EVENT_COUNT_MAX = 500, /* of one turn; who wants all asks for them */
    REST = 4,              /* turns are so many times further apart than they take */
};

struct telling {
    struct tnd_live *live;
    struct tnd_web *web;
    size_t count;
};

static const struct tnd_diag_message *last_of(const struct tnd_diag_call *call)
{
    return call->message_count > 0 ? &call->message[call->message_count - 1] : NULL;
}

static void publish(struct telling *t, const char *event, const struct live_seen *seen)
{
    if (t->count++ < EVENT_COUNT_MAX)
        tnd_web_publish(t->web, event, live_json(seen, TND_LANG_EN));
}

/* Whether what it failed with came since the last turn. */
static bool has_just_failed(const struct tnd_live *l, const struct tnd_diag_call *call)
{
    for (size_t i = call->message_count; i-- > 0 && call->message[i].number > l->told;)
        if (call->message[i].code == call->code && call->message[i].method == call->method &&
            !call->message[i].is_again)
            return true;
    return false;
}

static void tell_one(struct telling *t, const struct live_seen *seen, bool has_failed)
{
    const struct tnd_diag_call *call = seen->call;

    if (call->method == TND_METHOD_INVITE)
        publish(t, "call", seen);
    if (call->method == TND_METHOD_REGISTER && call->result == TND_DIAG_ANSWERED)
        publish(t, "registration", seen);
    if (call->result == TND_DIAG_FAILED && has_failed)
        publish(t, "failure", seen);
}

static bool visit(void *ctx, const struct tnd_diag_call *call)
{
    struct telling *t = ctx;
    const struct tnd_diag_message *last = last_of(call);

    if (!last || last->number <= t->live->told)
        return true;
    struct live_seen seen = live_see(t->live, call);
    tell_one(t, &seen, call->code != 0 && has_just_failed(t->live, call));
    return true;
}

/* Those that are over: what they failed with was told, but for silence. */
static void tell_over(struct telling *t, uint64_t from)
{
    for (uint64_t n = from; n < t->live->over_count; n++) {
        const struct live_over *over = live_over_at(t->live, n);
        struct live_seen seen = live_see_over(over);

        if (over->call.code == 0 || has_just_failed(t->live, &over->call))
            tell_one(t, &seen, true);
    }
}

static void tell(void *live, struct tnd_web *web, bool is_listened)
{
    struct tnd_live *l = live;
    struct telling t = {l, web, 0};
    int64_t began = tnd_clock_wall();

    if (!is_listened)
        l->told = UINT64_MAX;
    if (!is_listened || (l->told != UINT64_MAX && began < l->quiet_until))
        return;
    bool is_first = l->told == UINT64_MAX; /* what was before is no news */
    tnd_live_catch_up(l, began);
    if (!is_first) {
        tnd_diag_each(l->diag, visit, &t);
        tell_over(&t, l->told_over > l->over_first ? l->told_over : l->over_first);
    }
    l->told = l->number;
    l->told_over = l->over_count;
    int64_t took = tnd_clock_wall() - began;
    l->quiet_until = took > 0 ? began + REST * took : 0;
}

struct tnd_web_turn tnd_live_turn(struct tnd_live *l)
{
    return (struct tnd_web_turn){tell, l};
}
