/* The person behind a user agent: what he does about what he is told. Nothing is said from here: what he
 * is going to do is noted. */
#include "sim/agent_parts.h"

#define RINGS_AFTER     TND_SEC(1)
#define ANSWERS_AFTER   TND_SEC(12)
#define RESERVES_WITHIN TND_SEC(3)
#define TALKS           TND_SEC(60)
#define CHANGES_SOON    TND_SEC(2) /* so that both sides do it at the same time */

static uint16_t draw_code(struct agent *p)
{
    static const uint16_t codes[] = {486, 600, 603, 302, 302, 301, 301, 300, 380, 305, 420, 421,
                                     422, 484, 485, 488, 580, 503, 404, 410, 480, 500, 604, 606};
    const unsigned count = sizeof(codes) / sizeof(*codes);

    if (agent_chance(p, 1, 5))
        return (uint16_t)(300 + tnd_random_below(&p->random, 400));
    return codes[tnd_random_below(&p->random, count)];
}

static void copy(char *ret, size_t size, struct tnd_slice text)
{
    size_t len = text.len < size - 1 ? text.len : size - 1;

    memset(ret, 0, size);
    if (len > 0)
        memcpy(ret, text.ptr, len);
}

static void incoming(struct agent *p, const struct tnd_ua_event *event)
{
    struct sim_entry *e = agent_begin(p, false, event->id);
    struct tnd_cseq cseq;

    if (event->msg) {
        copy(e->number, sizeof(e->number), tnd_msg_value(event->msg, TND_HEADER_SUBJECT));
        copy(e->call_id, sizeof(e->call_id), tnd_msg_value(event->msg, TND_HEADER_CALL_ID));
        e->cseq = tnd_msg_cseq(event->msg, &cseq, NULL) ? cseq.number : 0;
    }
    e->is_mandatory = p->setup->precondition == TND_UA_PRECONDITION_MANDATORY;
    if (p->is_closed) {
        agent_do(p, AGENT_REFUSE, event->id, p->now, 480);
        return;
    }
    tnd_time at = p->now + agent_time(p, 0, RINGS_AFTER);
    if (agent_chance(p, 3, 4))
        agent_do(p, AGENT_RING, event->id, at, 0);
    if (agent_chance(p, 1, 20) && !p->setup->is_plain)
        return; /* he is away */
    at += agent_time(p, 0, ANSWERS_AFTER);
    if (p->setup->is_plain || agent_chance(p, 1, 2))
        agent_do(p, AGENT_ACCEPT, event->id, at, 0);
    else
        agent_do(p, AGENT_REFUSE, event->id, at, draw_code(p));
}

static bool is_own_invite(const struct sim_entry *e, const struct tnd_ua_event *event)
{
    return e->is_caller && event->method == TND_METHOD_INVITE && e->state != SIM_ENTRY_ANSWERED;
}

static void attempt(struct agent *p, const struct tnd_ua_event *event)
{
    struct sim_entry *e;

    if (event->id == p->registration)
        return;
    e = agent_entry(p, event->id);
    if (!e)
        return;
    if (is_own_invite(e, event)) {
        e->attempts++;
        if (event->recovery)
            agent_learn(p, e->asked, event->recovery);
    }
    if (event->recovery && event->recovery->action == TND_RECOVER_REESTABLISH) {
        e->state = SIM_ENTRY_BEGUN;
        e->attempts = 0;
        e->tried_at = p->now;
    }
}

static void reserve(struct agent *p, const struct tnd_ua_event *event)
{
    tnd_time at = p->now + agent_time(p, 0, RESERVES_WITHIN);
    uint64_t luck = p->setup->is_plain ? 0 : tnd_random_below(&p->random, 10);

    if (luck == 9)
        return; /* it is lost */
    agent_do(p, AGENT_RESERVED, event->id, at, 0);
    for (unsigned i = 0; i < AGENT_TODO_MAX; i++)
        if (p->todo[i].at == at && p->todo[i].order + 1 == p->order) {
            p->todo[i].stream = event->stream;
            p->todo[i].ok = luck < 8;
        }
}

/* Some never hang up. */
static void answered(struct agent *p, const struct tnd_ua_event *event)
{
    static const uint16_t changes[] = {TND_UA_HOLD, TND_UA_RESUME, TND_UA_UPDATE, TND_UA_REFRESH};
    struct sim_entry *e = agent_entry(p, event->id);

    if (!e)
        return;
    e->state = SIM_ENTRY_ANSWERED;
    e->was_answered = true;
    e->rang_until = p->now;
    e->code = event->code;
    for (uint64_t i = tnd_random_below(&p->random, 4); i > 0; i--)
        agent_do(p, AGENT_CHANGE, event->id,
                 p->now + agent_time(p, 0, agent_chance(p, 1, 2) ? CHANGES_SOON : TALKS),
                 changes[tnd_random_below(&p->random, 4)]);
    if (agent_chance(p, 1, 3))
        agent_do(p, AGENT_HANG_UP, event->id, p->now + agent_time(p, 0, TALKS), false);
}

static void ended(struct agent *p, const struct tnd_ua_event *event)
{
    struct sim_entry *e;

    if (event->id == p->registration) {
        p->registration = 0;
        if (!p->is_closed) /* it was refused, or nobody answered */
            agent_do(p, AGENT_REGISTER, 0, p->now + agent_time(p, TND_SEC(5), TND_SEC(20)), 0);
        return;
    }
    e = agent_entry(p, event->id);
    if (!e)
        return;
    e->ends++;
    e->state = SIM_ENTRY_ENDED;
    e->cause = event->cause;
    if (event->code != 0 && !e->was_answered)
        e->code = event->code;
    if (!e->was_answered)
        e->rang_until = p->now;
    for (unsigned i = 0; i < AGENT_TODO_MAX; i++)
        if (p->todo[i].id == event->id)
            p->todo[i].at = TND_NEVER_DUE;
}

static void agreed(struct agent *p, const struct tnd_ua_event *event)
{
    const struct tnd_oa_session *session = event->session;
    struct sim_entry *e = session ? agent_entry(p, event->id) : NULL;

    if (!e)
        return;
    e->is_live = session->flow_count > 0 && session->flows[0].live;
    e->direction = e->is_live ? (uint8_t)session->flows[0].direction : TND_SDP_NONE;
}

void agent_told(struct agent *p, const struct tnd_ua_event *event)
{
    switch ((enum tnd_ua_event_kind)event->kind) {
    case TND_UA_INCOMING:
        incoming(p, event);
        return;
    case TND_UA_ATTEMPT:
        attempt(p, event);
        return;
    case TND_UA_RESERVE:
        reserve(p, event);
        return;
    case TND_UA_ANSWERED:
        answered(p, event);
        agreed(p, event);
        return;
    case TND_UA_ENDED:
        ended(p, event);
        return;
    case TND_UA_MEDIA:
    case TND_UA_CHANGED:
        agreed(p, event);
        return;
    case TND_UA_PROGRESS:
    case TND_UA_REGISTERED:
    case TND_UA_TROUBLE:
    case TND_UA_RECEIVED:
        return;
    }
}
