/* 2xx of ours that wait for their ACK: sent again, and given up (RFC 3261 §13.3.1.4). */
#include "dialog/session.h"

static bool is_free(const struct tnd_session_unacked *u)
{
    return u->end_at == TND_NEVER_DUE;
}

static struct tnd_session_unacked *find_free(struct tnd_session *s)
{
    for (unsigned i = 0; i < TND_SESSION_UNACKED_COUNT_MAX; i++)
        if (is_free(&s->unacked[i]))
            return &s->unacked[i];
    return NULL;
}

bool session_has_room(const struct tnd_session *s)
{
    for (unsigned i = 0; i < TND_SESSION_UNACKED_COUNT_MAX; i++)
        if (is_free(&s->unacked[i]))
            return true;
    return false;
}

bool session_is_unacked(const struct tnd_session *s)
{
    for (unsigned i = 0; i < TND_SESSION_UNACKED_COUNT_MAX; i++)
        if (!is_free(&s->unacked[i]))
            return true;
    return false;
}

static tnd_time due(const struct tnd_session *s)
{
    tnd_time at = TND_NEVER_DUE;

    for (unsigned i = 0; i < TND_SESSION_UNACKED_COUNT_MAX; i++) {
        const struct tnd_session_unacked *u = &s->unacked[i];
        tnd_time next = u->again_at < u->end_at ? u->again_at : u->end_at;
        if (!is_free(u) && next < at)
            at = next;
    }
    return at;
}

/* The timer is for the earliest of all. */
static void arm(const struct tnd_session *s, enum tnd_rule rule, struct tnd_dialog_acts *out)
{
    if (session_is_unacked(s))
        act_arm(out, TND_DIALOG_TIMER_2XX, due(s), rule);
    else
        act_disarm(out, TND_DIALOG_TIMER_2XX, rule);
}

void session_wait_for_ack(struct tnd_session *s, uint32_t cseq, tnd_time now,
                          struct tnd_dialog_acts *out)
{
    struct tnd_session_unacked *u = find_free(s);

    TND_ASSERT(u);
    *u = (struct tnd_session_unacked){
        .cseq = cseq,
        .wait = s->timing->t1,
        .again_at = now + s->timing->t1,
        .end_at = now + 64 * s->timing->t1,
    };
    arm(s, TND_RULE_SESSION_2XX_AGAIN, out);
}

static void release(struct tnd_session *s, struct tnd_session_unacked *u)
{
    if (u->cseq == s->first_cseq)
        s->is_first_acked = true;
    u->end_at = TND_NEVER_DUE;
}

bool session_acked(struct tnd_session *s, uint32_t cseq, struct tnd_dialog_acts *out)
{
    for (unsigned i = 0; i < TND_SESSION_UNACKED_COUNT_MAX; i++) {
        struct tnd_session_unacked *u = &s->unacked[i];
        if (!is_free(u) && u->cseq == cseq) {
            release(s, u);
            arm(s, TND_RULE_SESSION_2XX_AGAIN, out);
            return true;
        }
    }
    return false;
}

void session_forget_unacked(struct tnd_session *s, enum tnd_rule rule, struct tnd_dialog_acts *out)
{
    if (!session_is_unacked(s))
        return;
    for (unsigned i = 0; i < TND_SESSION_UNACKED_COUNT_MAX; i++)
        if (!is_free(&s->unacked[i]))
            release(s, &s->unacked[i]);
    act_disarm(out, TND_DIALOG_TIMER_2XX, rule);
}

/* RFC 3261 §13.3.1.4: also over a reliable transport, for the ACK comes from end to end. */
static void send_again(const struct tnd_session *s, struct tnd_session_unacked *u, tnd_time now,
                       struct tnd_dialog_acts *out)
{
    u->wait = 2 * u->wait < s->timing->t2 ? 2 * u->wait : s->timing->t2;
    u->again_at = now + u->wait;
    act_cseq(out, TND_DIALOG_SEND_AGAIN, u->cseq, TND_RULE_SESSION_2XX_AGAIN);
}

static void timer_2xx(struct tnd_session *s, tnd_time now, struct tnd_dialog_acts *out)
{
    bool is_given_up = false;

    TND_ASSERT(session_is_unacked(s));
    for (unsigned i = 0; i < TND_SESSION_UNACKED_COUNT_MAX; i++) {
        struct tnd_session_unacked *u = &s->unacked[i];
        if (!is_free(u) && now >= u->end_at) {
            session_drop_offer(s, TND_SESSION_OURS, TND_SESSION_2XX);
            release(s, u);
            is_given_up = true;
        } else if (!is_free(u) && now >= u->again_at) {
            send_again(s, u, now, out);
        }
    }
    if (is_given_up)
        session_finish(s, TND_RULE_SESSION_2XX_NO_ACK, out);
    if (session_is_unacked(s))
        arm(s, TND_RULE_SESSION_2XX_AGAIN, out);
}

void tnd_session_timer(struct tnd_session *s, enum tnd_dialog_timer timer, tnd_time now,
                       struct tnd_session_out *out)
{
    *out = (struct tnd_session_out){.rule = TND_RULE_SESSION_IN_ORDER};
    if (timer == TND_DIALOG_TIMER_2XX) {
        timer_2xx(s, now, &out->acts);
        return;
    }
    TND_ASSERT(timer == TND_DIALOG_TIMER_GLARE && s->is_glaring);
    s->is_glaring = false;
    act_do(&out->acts, TND_DIALOG_RETRY, TND_RULE_SESSION_GLARE);
}
