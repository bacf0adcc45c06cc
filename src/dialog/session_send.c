/* The INVITE usage: how it starts, what we may send, and what it makes of what we send. */
#include "dialog/session.h"

void tnd_session_start(struct tnd_session *s, const struct tnd_dialog_timing *timing,
                       bool is_caller, const struct tnd_session_message *invite,
                       struct tnd_session_out *out)
{
    enum tnd_session_side sender = is_caller ? TND_SESSION_OURS : TND_SESSION_THEIRS;

    TND_ASSERT(invite->kind == TND_SESSION_INVITE);
    *s = (struct tnd_session){.timing = timing, .is_caller = is_caller, .first_cseq = invite->cseq};
    for (unsigned i = 0; i < TND_SESSION_UNACKED_COUNT_MAX; i++)
        s->unacked[i].end_at = TND_NEVER_DUE;
    struct session_part part = session_part(s, invite, sender);
    session_begin_invite(s, invite, sender);
    session_take_part(s, invite, sender, part);
    *out = (struct tnd_session_out){.part = part.part, .rule = part.rule};
}

/* RFC 3261 §14.1, RFC 6337 §4.3 UAC-II, UAC-UI. Stricter than those where that avoids a refusal:
 * not before every 2xx is acknowledged. */
static enum tnd_rule forbids_invite(const struct tnd_session *s)
{
    if (s->state != TND_SESSION_CONFIRMED || s->is_end_wanted)
        return TND_RULE_SESSION_HANG_UP;
    if (s->invite != TND_SESSION_NOBODY || session_is_unacked(s) || s->answer_cseq != 0)
        return TND_RULE_SESSION_INVITE_PENDING;
    if (s->our_update || s->their_update)
        return TND_RULE_SESSION_UPDATE_PENDING;
    if (s->offer != TND_SESSION_NOBODY || s->reliable != TND_SESSION_NOBODY)
        return TND_RULE_SESSION_OFFER_PENDING;
    return s->is_glaring ? TND_RULE_SESSION_GLARE : TND_RULE_NONE;
}

/* RFC 3311 §5.1, RFC 6337 §4.3 UAC-UU, UAC-IU. */
static enum tnd_rule forbids_update(const struct tnd_session *s, bool is_described)
{
    if (session_is_over(s))
        return TND_RULE_SESSION_ENDING;
    if (s->our_update)
        return TND_RULE_SESSION_UPDATE_PENDING;
    if (!is_described)
        return TND_RULE_NONE;
    if (session_in_the_way(s) != TND_SESSION_NOBODY || session_is_unacked(s) || !s->is_agreed)
        return TND_RULE_SESSION_OFFER_PENDING;
    return s->is_glaring ? TND_RULE_SESSION_GLARE : TND_RULE_NONE;
}

/* RFC 3262 §5, RFC 6337 §3.2. */
static enum tnd_rule forbids_prack(const struct tnd_session *s, const struct tnd_session_message *m)
{
    if (session_part(s, m, TND_SESSION_OURS).part != TND_SESSION_OFFER)
        return TND_RULE_NONE;
    return s->offer == TND_SESSION_NOBODY && s->is_agreed && s->is_decided
               ? TND_RULE_NONE
               : TND_RULE_SESSION_OFFER_PENDING;
}

static enum tnd_rule forbids_bye(const struct tnd_session *s)
{
    if (session_is_over(s))
        return TND_RULE_SESSION_ENDING;
    /* RFC 3261 §15: the callee never in an early dialog, nor before its ACK. */
    if (!s->is_caller && !s->is_first_acked)
        return TND_RULE_SESSION_BYE_WAITS;
    return s->answer_cseq != 0 ? TND_RULE_SESSION_ACK : TND_RULE_NONE;
}

/* A response to their INVITE. */
static enum tnd_rule forbids_response(const struct tnd_session *s,
                                      const struct tnd_session_message *m)
{
    if (s->invite != TND_SESSION_THEIRS || m->cseq != s->invite_cseq)
        return TND_RULE_SESSION_LATE;
    if (m->kind == TND_SESSION_2XX && s->reliable == TND_SESSION_OURS)
        return TND_RULE_SESSION_2XX_WAITS;
    if (m->kind == TND_SESSION_REFUSAL && s->is_used)
        return TND_RULE_SESSION_USED;
    return TND_RULE_NONE;
}

/* By the state of what it belongs to. */
static enum tnd_rule forbids_kind(const struct tnd_session *s, const struct tnd_session_message *m)
{
    switch ((enum tnd_session_kind)m->kind) {
    case TND_SESSION_INVITE:
        return forbids_invite(s);
    case TND_SESSION_1XX:
    case TND_SESSION_RELIABLE:
    case TND_SESSION_2XX:
    case TND_SESSION_REFUSAL:
        return forbids_response(s, m);
    case TND_SESSION_ACK:
        return s->answer_cseq != 0 && m->cseq == s->answer_cseq ? TND_RULE_NONE
                                                                : TND_RULE_SESSION_ACK_STRAY;
    case TND_SESSION_CANCEL:
        return s->invite == TND_SESSION_OURS ? TND_RULE_NONE : TND_RULE_SESSION_CANCEL_LATE;
    case TND_SESSION_PRACK:
        return forbids_prack(s, m);
    case TND_SESSION_PRACK_2XX:
    case TND_SESSION_PRACK_REFUSAL:
        return s->their_pracks > 0 ? TND_RULE_NONE : TND_RULE_SESSION_LATE;
    case TND_SESSION_UPDATE:
        return forbids_update(s, m->is_described);
    case TND_SESSION_UPDATE_2XX:
    case TND_SESSION_UPDATE_REFUSAL:
        return s->their_update ? TND_RULE_NONE : TND_RULE_SESSION_LATE;
    case TND_SESSION_BYE:
        return forbids_bye(s);
    case TND_SESSION_BYE_FINAL:
        return TND_RULE_NONE;
    }
    TND_ASSERT(!"a kind of message");
}

enum tnd_rule tnd_session_forbids(const struct tnd_session *s, const struct tnd_session_message *m)
{
    enum tnd_rule rule = forbids_kind(s, m);

    if (rule != TND_RULE_NONE)
        return rule;
    struct session_part p = session_part(s, m, TND_SESSION_OURS);
    bool is_wrong = p.part == TND_SESSION_FAULT || p.part == TND_SESSION_PREVIEWED ||
                    /* Of a refusal it tells what would be possible (RFC 3261 §21.4.26). */
                    (p.part == TND_SESSION_IGNORED && m->kind != TND_SESSION_REFUSAL &&
                     m->kind != TND_SESSION_UPDATE_REFUSAL && m->kind != TND_SESSION_PRACK_REFUSAL);
    return is_wrong ? (enum tnd_rule)p.rule : TND_RULE_NONE;
}

static void send_2xx(struct tnd_session *s, const struct tnd_session_message *m, tnd_time now,
                     struct tnd_dialog_acts *out)
{
    session_end_invite(s);
    s->state = TND_SESSION_CONFIRMED;
    session_wait_for_ack(s, m->cseq, now, out);
}

static void send_refusal(struct tnd_session *s, struct tnd_dialog_acts *out)
{
    session_end_invite(s);
    session_drop_offer(s, TND_SESSION_THEIRS, TND_SESSION_INVITE);
    session_drop_offer(s, TND_SESSION_OURS, TND_SESSION_RELIABLE);
    if (s->state == TND_SESSION_CONFIRMED) {
        act_do(out, TND_DIALOG_ROLLBACK, TND_RULE_SESSION_ROLLBACK);
    } else if (s->state == TND_SESSION_EARLY) {
        session_refuse_waiting(s, 487, TND_RULE_SESSION_REFUSED, out);
        s->state = TND_SESSION_ENDED;
        act_do(out, TND_DIALOG_END, TND_RULE_SESSION_REFUSED);
    }
}

static void send_prack(struct tnd_session *s, const struct tnd_session_message *m)
{
    if (s->reliable == TND_SESSION_THEIRS && s->prack_cseq == 0)
        s->prack_cseq = m->cseq;
}

/* What follows from it, but for its description. */
static void send(struct tnd_session *s, const struct tnd_session_message *m, tnd_time now,
                 struct tnd_dialog_acts *out)
{
    switch ((enum tnd_session_kind)m->kind) {
    case TND_SESSION_INVITE:
        session_begin_invite(s, m, TND_SESSION_OURS);
        return;
    case TND_SESSION_RELIABLE:
        if (m->is_described)
            s->reliable = TND_SESSION_OURS;
        return;
    case TND_SESSION_2XX:
        send_2xx(s, m, now, out);
        return;
    case TND_SESSION_REFUSAL:
        send_refusal(s, out);
        return;
    case TND_SESSION_ACK:
        s->answer_cseq = 0;
        session_end_if_wanted(s, out);
        return;
    case TND_SESSION_CANCEL: /* of the first INVITE: a 2xx that crosses it is not wanted */
        s->is_end_wanted |= s->state == TND_SESSION_EARLY;
        return;
    case TND_SESSION_PRACK:
        send_prack(s, m);
        return;
    case TND_SESSION_PRACK_2XX:
        s->their_pracks--;
        return;
    case TND_SESSION_PRACK_REFUSAL:
        s->their_pracks--;
        if (s->offer_cseq == m->cseq)
            session_drop_offer(s, TND_SESSION_THEIRS, TND_SESSION_PRACK);
        return;
    case TND_SESSION_UPDATE:
        s->our_update = true;
        return;
    case TND_SESSION_UPDATE_2XX:
        s->their_update = false;
        return;
    case TND_SESSION_UPDATE_REFUSAL:
        s->their_update = false;
        session_drop_offer(s, TND_SESSION_THEIRS, TND_SESSION_UPDATE);
        return;
    case TND_SESSION_BYE:
        session_hang_up(s, TND_RULE_SESSION_HANG_UP, out);
        out->count--; /* SEND_BYE: that is what was done */
        return;
    case TND_SESSION_1XX:
    case TND_SESSION_BYE_FINAL:
        return;
    }
}

void tnd_session_send(struct tnd_session *s, const struct tnd_session_message *m, tnd_time now,
                      struct tnd_session_out *out)
{
    enum tnd_rule rule = tnd_session_forbids(s, m);

    /* That a change is in use advises against a refusal, and does not forbid it: the INVITE may
     * have been given up. */
    TND_ASSERT(rule == TND_RULE_NONE || rule == TND_RULE_SESSION_USED);
    struct session_part p = session_part(s, m, TND_SESSION_OURS);
    *out = (struct tnd_session_out){.part = p.part, .rule = p.rule};
    session_take_part(s, m, TND_SESSION_OURS, p);
    send(s, m, now, &out->acts);
}
