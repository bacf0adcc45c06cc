/* The INVITE usage: what it makes of responses that come. */
#include "dialog/session.h"
#include "tandem/dialog/damage.h"

static bool is_to_our_invite(const struct tnd_session *s, const struct session_got *g)
{
    return s->invite == TND_SESSION_OURS && g->m->cseq == s->invite_cseq;
}

void session_got_provisional(struct tnd_session *s, struct session_got *g)
{
    if (!is_to_our_invite(s, g) || session_is_over(s)) {
        session_absorb(g, TND_RULE_SESSION_LATE);
        return;
    }
    if (g->m->kind == TND_SESSION_RELIABLE && g->m->is_described) {
        s->reliable = TND_SESSION_THEIRS;
        s->prack_cseq = 0;
    }
    session_take(s, g);
    session_pass(g);
}

/* A 2xx to an INVITE that had its final response: its ACK was lost, or is not made yet. */
static void got_2xx_again(struct tnd_session *s, struct session_got *g)
{
    session_absorb(g, TND_RULE_SESSION_ACK);
    if (g->m->cseq == s->answer_cseq)
        return;
    g->acts->count = 0;
    act_cseq(g->acts, TND_DIALOG_SEND_ACK, g->m->cseq, TND_RULE_SESSION_ACK);
}

/* A 2xx without what is due in it: the first one leaves no session, a later one the one that was. */
static void got_2xx_fault(struct tnd_session *s, struct session_got *g, bool is_first)
{
    session_drop_offer(s, TND_SESSION_OURS, TND_SESSION_INVITE);
    act_cseq(g->acts, TND_DIALOG_SEND_ACK, g->m->cseq, TND_RULE_SESSION_ACK);
    if (is_first)
        session_finish(s, (enum tnd_rule)g->part.rule, g->acts);
    else
        act_do(g->acts, TND_DIALOG_ROLLBACK, TND_RULE_SESSION_ROLLBACK);
}

static void got_first_2xx(struct tnd_session *s, struct session_got *g)
{
    bool is_first = s->state == TND_SESSION_EARLY;

    session_take(s, g);
    session_end_invite(s);
    s->state = TND_SESSION_CONFIRMED;
    session_pass(g);
    if (g->part.part == TND_SESSION_FAULT) {
        got_2xx_fault(s, g, is_first);
    } else if (g->part.part == TND_SESSION_OFFER) {
        s->answer_cseq = g->m->cseq;
        act_cseq(g->acts, TND_DIALOG_ANSWER_IN_ACK, g->m->cseq, TND_RULE_SESSION_NO_ANSWER);
    } else {
        act_cseq(g->acts, TND_DIALOG_SEND_ACK, g->m->cseq, TND_RULE_SESSION_ACK);
    }
    session_end_if_wanted(s, g->acts); /* RFC 5407 §3.1.2: we had cancelled */
}

void session_got_2xx(struct tnd_session *s, struct session_got *g)
{
    if (!is_to_our_invite(s, g)) {
        got_2xx_again(s, g);
        return;
    }
    if (!session_is_over(s)) {
        got_first_2xx(s, g);
        return;
    }
    /* RFC 5407 §3.1.3, §3.2.3: acknowledged, but no call begins. */
    session_end_invite(s);
    session_absorb(g, TND_RULE_SESSION_ENDING);
    act_cseq(g->acts, TND_DIALOG_SEND_ACK, g->m->cseq, TND_RULE_SESSION_ACK);
}

static bool is_lost(enum tnd_method method, unsigned code)
{
    return tnd_damage(method, code) >= TND_DAMAGE_USAGE;
}

/* RFC 3261 §14.1: in units of 10 ms. */
static void wait_for_glare(struct tnd_session *s, struct session_got *g)
{
    uint64_t units = s->is_caller ? 210 + g->random % 191 : g->random % 201;

    s->is_glaring = true;
    act_arm(g->acts, TND_DIALOG_TIMER_GLARE, g->now + TND_MS(10) * (tnd_time)units,
            TND_RULE_SESSION_GLARE);
}

/* A change of ours was refused. */
static void after_refusal(struct tnd_session *s, struct session_got *g, bool was_used,
                          enum tnd_method method)
{
    if (is_lost(method, g->m->code))
        session_finish(s, TND_RULE_SESSION_LOST, g->acts);
    else if (was_used)
        act_do(g->acts, TND_DIALOG_SYNCHRONIZE, TND_RULE_SESSION_SYNCHRONIZE);
    if (g->m->code == 491 && !session_is_over(s) && !s->is_glaring)
        wait_for_glare(s, g);
}

void session_got_refusal(struct tnd_session *s, struct session_got *g)
{
    bool was_used = s->is_used;

    if (!is_to_our_invite(s, g)) {
        session_absorb(g, TND_RULE_SESSION_LATE);
        return;
    }
    session_end_invite(s);
    session_drop_offer(s, TND_SESSION_OURS, TND_SESSION_INVITE);
    session_drop_offer(s, TND_SESSION_THEIRS, TND_SESSION_RELIABLE);
    session_pass(g);
    if (s->state == TND_SESSION_CONFIRMED) {
        act_do(g->acts, TND_DIALOG_ROLLBACK, TND_RULE_SESSION_ROLLBACK);
        after_refusal(s, g, was_used, TND_METHOD_INVITE);
    } else if (s->state == TND_SESSION_EARLY) {
        session_refuse_waiting(s, 487, TND_RULE_SESSION_REFUSED, g->acts);
        s->offer = TND_SESSION_NOBODY;
        s->state = TND_SESSION_ENDED;
        act_do(g->acts, TND_DIALOG_END, TND_RULE_SESSION_REFUSED);
    }
}

/* The PRACK that we sent for a response with a description has its final response. */
static void end_prack(struct tnd_session *s, const struct session_got *g)
{
    if (s->prack_cseq == 0 || g->m->cseq != s->prack_cseq)
        return;
    s->prack_cseq = 0;
    if (s->reliable == TND_SESSION_THEIRS)
        s->reliable = TND_SESSION_NOBODY;
}

/* A 2xx that should answer an offer of ours and does not: nothing has changed. */
static void got_no_answer(struct tnd_session *s, struct session_got *g,
                          enum tnd_session_kind carrier)
{
    if (session_drop_offer(s, TND_SESSION_OURS, carrier))
        act_do(g->acts, TND_DIALOG_ROLLBACK, TND_RULE_SESSION_ROLLBACK);
}

void session_got_prack_2xx(struct tnd_session *s, struct session_got *g)
{
    end_prack(s, g);
    session_take(s, g);
    session_pass(g);
    if (g->part.part == TND_SESSION_FAULT)
        got_no_answer(s, g, TND_SESSION_PRACK);
}

void session_got_prack_refusal(struct tnd_session *s, struct session_got *g)
{
    end_prack(s, g);
    session_pass(g);
    if (s->offer_cseq == g->m->cseq)
        got_no_answer(s, g, TND_SESSION_PRACK);
    if (is_lost(TND_METHOD_PRACK, g->m->code))
        session_finish(s, TND_RULE_SESSION_LOST, g->acts);
}

void session_got_update_final(struct tnd_session *s, struct session_got *g)
{
    if (!s->our_update) {
        session_absorb(g, TND_RULE_SESSION_LATE);
        return;
    }
    s->our_update = false;
    session_take(s, g);
    session_pass(g);
    if (g->m->kind == TND_SESSION_UPDATE_2XX) {
        if (g->part.part == TND_SESSION_FAULT)
            got_no_answer(s, g, TND_SESSION_UPDATE);
        return;
    }
    got_no_answer(s, g, TND_SESSION_UPDATE);
    after_refusal(s, g, false, TND_METHOD_UPDATE);
}

void session_got_bye_final(struct tnd_session *s, struct session_got *g)
{
    if (s->state != TND_SESSION_ENDING) {
        session_absorb(g, TND_RULE_SESSION_LATE);
        return;
    }
    /* RFC 3261 §15.1.1: whatever it says, the call is over. */
    s->state = TND_SESSION_ENDED;
    session_pass(g);
    act_do(g->acts, TND_DIALOG_END, TND_RULE_SESSION_HANG_UP);
}
