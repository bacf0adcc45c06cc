/* The INVITE usage: what it makes of requests that come, and who is asked about responses. */
#include "dialog/session.h"

enum { RETRY_AFTER_MAX = 10 }; /* seconds: RFC 3261 §14.2, RFC 3311 §5.2 */

void session_pass(struct session_got *g)
{
    act_do(g->acts, TND_DIALOG_PASS, TND_RULE_SESSION_IN_ORDER);
}

void session_absorb(struct session_got *g, enum tnd_rule rule)
{
    g->out->part = g->m->is_described ? TND_SESSION_IGNORED : TND_SESSION_NO_PART;
    g->out->rule = (uint16_t)rule;
    act_do(g->acts, TND_DIALOG_ABSORB, rule);
}

void session_take(struct tnd_session *s, struct session_got *g)
{
    session_take_part(s, g->m, TND_SESSION_THEIRS, g->part);
}

/* Its description means nothing then. */
static void refuse(struct session_got *g, unsigned code, enum tnd_rule rule)
{
    g->out->part = g->m->is_described ? TND_SESSION_IGNORED : TND_SESSION_NO_PART;
    g->out->rule = (uint16_t)rule;
    act_refuse(g->acts, TND_DIALOG_REFUSE, code, rule);
    if (code == 500) /* RFC 3261 §14.2, RFC 3311 §5.2: random, from 0 to 10 */
        g->acts->act[g->acts->count - 1].seconds = (int32_t)(g->random % (RETRY_AFTER_MAX + 1));
}

/* 491 if ours is in the way, 500 if theirs is. */
static void refuse_by_side(struct session_got *g, enum tnd_session_side side, enum tnd_rule rule)
{
    refuse(g, side == TND_SESSION_OURS ? 491 : 500, rule);
}

static void got_invite(struct tnd_session *s, struct session_got *g)
{
    enum tnd_session_side side = session_in_the_way(s);

    if (s->invite != TND_SESSION_NOBODY) {
        refuse_by_side(g, (enum tnd_session_side)s->invite, TND_RULE_SESSION_INVITE_PENDING);
    } else if (s->our_update || s->their_update) { /* RFC 6337 §4.3 UAS-UcI, UAS-UsI */
        refuse_by_side(g, s->our_update ? TND_SESSION_OURS : TND_SESSION_THEIRS,
                       TND_RULE_SESSION_UPDATE_PENDING);
    } else if (side != TND_SESSION_NOBODY) {
        /* RFC 6337 §4.3 UAS-IsI; RFC 5407 §3.1.5 would have 491, and 500 does too */
        refuse_by_side(g, side, TND_RULE_SESSION_OFFER_PENDING);
    } else if (!session_has_room(s)) {
        refuse(g, 500, TND_RULE_SESSION_UNACKED_COUNT);
    } else { /* RFC 5407 §3.1.4: also if the ACK to the INVITE before is not here yet */
        session_begin_invite(s, g->m, TND_SESSION_THEIRS);
        session_take(s, g);
        session_pass(g);
    }
}

static void got_update(struct tnd_session *s, struct session_got *g)
{
    enum tnd_session_side side = session_in_the_way(s);

    if (s->their_update) {
        refuse(g, 500, TND_RULE_SESSION_UPDATE_PENDING);
    } else if (g->m->is_described && side != TND_SESSION_NOBODY) {
        refuse_by_side(g, side, TND_RULE_SESSION_OFFER_PENDING);
    } else {
        s->their_update = true;
        session_take(s, g);
        session_pass(g);
    }
}

static void got_ack(struct tnd_session *s, struct session_got *g)
{
    if (!session_acked(s, g->m->cseq, g->acts)) {
        session_absorb(g, TND_RULE_SESSION_ACK_STRAY);
        return;
    }
    session_take(s, g);
    session_pass(g);
    if (g->part.part == TND_SESSION_FAULT) {
        session_drop_offer(s, TND_SESSION_OURS, TND_SESSION_2XX);
        session_finish(s, TND_RULE_SESSION_NO_ANSWER, g->acts);
        return;
    }
    session_end_if_wanted(s, g->acts);
}

static void got_cancel(struct tnd_session *s, struct session_got *g)
{
    if (s->invite != TND_SESSION_THEIRS || g->m->cseq != s->invite_cseq) {
        session_absorb(g, TND_RULE_SESSION_CANCEL_LATE);
        return;
    }
    if (s->is_used) { /* RFC 6141 §3.8: a 2xx is due */
        session_absorb(g, TND_RULE_SESSION_USED);
        return;
    }
    session_pass(g);
    if (s->state == TND_SESSION_CONFIRMED) {
        session_refuse_invite(s, 487, TND_RULE_SESSION_CANCEL, g->acts);
        act_do(g->acts, TND_DIALOG_ROLLBACK, TND_RULE_SESSION_ROLLBACK);
    } else {
        session_refuse_waiting(s, 487, TND_RULE_SESSION_CANCEL, g->acts);
        s->offer = TND_SESSION_NOBODY;
        s->state = TND_SESSION_ENDED;
        act_do(g->acts, TND_DIALOG_END, TND_RULE_SESSION_CANCEL);
    }
}

/* A PRACK without the answer that is due: its INVITE cannot go on, and is refused with it. */
static void got_prack_fault(struct tnd_session *s, struct session_got *g)
{
    session_drop_offer(s, TND_SESSION_OURS, TND_SESSION_RELIABLE);
    if (s->state == TND_SESSION_EARLY) {
        session_finish(s, TND_RULE_SESSION_NO_ANSWER, g->acts);
        return;
    }
    session_refuse_waiting(s, 400, TND_RULE_SESSION_NO_ANSWER, g->acts);
    act_do(g->acts, TND_DIALOG_ROLLBACK, TND_RULE_SESSION_ROLLBACK);
}

/* RFC 3262 §5 */
static void got_prack(struct tnd_session *s, struct session_got *g)
{
    bool is_offer = g->part.part == TND_SESSION_OFFER;

    if (s->reliable == TND_SESSION_OURS)
        s->reliable = TND_SESSION_NOBODY;
    enum tnd_session_side side = session_in_the_way(s);
    if (is_offer && side != TND_SESSION_NOBODY) {
        refuse_by_side(g, side, TND_RULE_SESSION_OFFER_PENDING);
        return;
    }
    s->their_pracks++;
    session_take(s, g);
    if (g->part.part == TND_SESSION_FAULT)
        got_prack_fault(s, g);
    else
        session_pass(g);
}

static void got_bye(struct tnd_session *s, struct session_got *g)
{
    session_pass(g); /* RFC 5407 §3.2.1: also if it crosses ours */
    if (!session_is_over(s))
        session_was_hung_up(s, g->acts);
}

/* What there is to do with it after the end; false: as always. */
static bool came_too_late(struct tnd_session *s, struct session_got *g)
{
    if (!session_is_over(s))
        return false;
    switch ((enum tnd_session_kind)g->m->kind) {
    case TND_SESSION_INVITE:
    case TND_SESSION_UPDATE:
    case TND_SESSION_PRACK:
        refuse(g, 481, TND_RULE_SESSION_ENDING);
        return true;
    case TND_SESSION_BYE:
        if (s->state == TND_SESSION_ENDING)
            return false;
        refuse(g, 481, TND_RULE_SESSION_ENDING);
        return true;
    case TND_SESSION_ACK:
    case TND_SESSION_CANCEL:
    case TND_SESSION_PRACK_2XX:
    case TND_SESSION_PRACK_REFUSAL:
    case TND_SESSION_UPDATE_2XX:
    case TND_SESSION_UPDATE_REFUSAL:
        session_absorb(g, TND_RULE_SESSION_ENDING);
        return true;
    case TND_SESSION_1XX:
    case TND_SESSION_RELIABLE:
    case TND_SESSION_2XX:
    case TND_SESSION_REFUSAL:
    case TND_SESSION_BYE_FINAL:
        return false;
    }
    return false;
}

static void got(struct tnd_session *s, struct session_got *g)
{
    static void (*const by_kind[])(struct tnd_session *, struct session_got *) = {
        [TND_SESSION_INVITE] = got_invite,
        [TND_SESSION_1XX] = session_got_provisional,
        [TND_SESSION_RELIABLE] = session_got_provisional,
        [TND_SESSION_2XX] = session_got_2xx,
        [TND_SESSION_REFUSAL] = session_got_refusal,
        [TND_SESSION_ACK] = got_ack,
        [TND_SESSION_CANCEL] = got_cancel,
        [TND_SESSION_PRACK] = got_prack,
        [TND_SESSION_PRACK_2XX] = session_got_prack_2xx,
        [TND_SESSION_PRACK_REFUSAL] = session_got_prack_refusal,
        [TND_SESSION_UPDATE] = got_update,
        [TND_SESSION_UPDATE_2XX] = session_got_update_final,
        [TND_SESSION_UPDATE_REFUSAL] = session_got_update_final,
        [TND_SESSION_BYE] = got_bye,
        [TND_SESSION_BYE_FINAL] = session_got_bye_final,
    };

    TND_ASSERT(g->m->kind < sizeof(by_kind) / sizeof(*by_kind));
    by_kind[g->m->kind](s, g);
}

void tnd_session_receive(struct tnd_session *s, const struct tnd_session_message *m, tnd_time now,
                         uint64_t random, struct tnd_session_out *out)
{
    struct session_got g = {.m = m,
                            .part = session_part(s, m, TND_SESSION_THEIRS),
                            .now = now,
                            .random = random,
                            .out = out,
                            .acts = &out->acts};

    *out = (struct tnd_session_out){.part = g.part.part, .rule = g.part.rule};
    if (!came_too_late(s, &g))
        got(s, &g);
}
