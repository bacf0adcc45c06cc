/* How a call ends (RFC 3261 §15): who may say what, and when. */
#include "dialog/session.h"

void session_refuse_invite(struct tnd_session *s, unsigned code, enum tnd_rule rule,
                           struct tnd_dialog_acts *out)
{
    if (s->invite != TND_SESSION_THEIRS)
        return;
    act_refuse(out, TND_DIALOG_REFUSE_INVITE, code, rule);
    session_end_invite(s);
    session_drop_offer(s, TND_SESSION_THEIRS, TND_SESSION_INVITE);
    session_drop_offer(s, TND_SESSION_OURS, TND_SESSION_RELIABLE);
}

void session_refuse_waiting(struct tnd_session *s, unsigned code, enum tnd_rule rule,
                            struct tnd_dialog_acts *out)
{
    session_refuse_invite(s, code, rule, out);
    if (s->their_update || s->their_pracks > 0)
        act_refuse(out, TND_DIALOG_REFUSE_PENDING, code, rule);
    s->their_update = false;
    s->their_pracks = 0;
    session_drop_offer(s, TND_SESSION_THEIRS, TND_SESSION_UPDATE);
    session_drop_offer(s, TND_SESSION_THEIRS, TND_SESSION_PRACK);
}

static void stop_waiting(struct tnd_session *s, enum tnd_rule rule, struct tnd_dialog_acts *out)
{
    session_forget_unacked(s, rule, out);
    if (s->is_glaring)
        act_disarm(out, TND_DIALOG_TIMER_GLARE, rule);
    s->is_glaring = false;
    s->is_end_wanted = false;
    s->offer = TND_SESSION_NOBODY;
}

void session_hang_up(struct tnd_session *s, enum tnd_rule rule, struct tnd_dialog_acts *out)
{
    stop_waiting(s, rule, out);
    session_refuse_waiting(s, 487, rule, out);
    s->state = TND_SESSION_ENDING;
    act_do(out, TND_DIALOG_SEND_BYE, rule);
}

void session_was_hung_up(struct tnd_session *s, struct tnd_dialog_acts *out)
{
    stop_waiting(s, TND_RULE_SESSION_BYE, out);
    /* RFC 3261 §15.1.2: what waits is answered; 487 is recommended. */
    session_refuse_waiting(s, 487, TND_RULE_SESSION_BYE, out);
    s->state = TND_SESSION_ENDED;
    act_do(out, TND_DIALOG_END, TND_RULE_SESSION_BYE);
}

/* Before the first INVITE has its final response. */
static void end_early(struct tnd_session *s, unsigned code, enum tnd_rule rule,
                      struct tnd_dialog_acts *out)
{
    if (s->is_caller) {
        s->is_end_wanted = true;
        act_do(out, TND_DIALOG_SEND_CANCEL, rule);
        return;
    }
    session_refuse_waiting(s, code, rule, out);
    s->offer = TND_SESSION_NOBODY;
    s->state = TND_SESSION_ENDED;
    act_do(out, TND_DIALOG_END, rule);
}

/* Whether a BYE has to wait for something. */
static bool must_wait(const struct tnd_session *s)
{
    /* RFC 3261 §15: the callee does not send it before the ACK. */
    if (!s->is_caller && !s->is_first_acked)
        return true;
    /* RFC 3261 §13.2.2.4: our ACK comes first, and waits for its answer. */
    return s->answer_cseq != 0;
}

void session_want_end(struct tnd_session *s, unsigned code, enum tnd_rule rule,
                      struct tnd_dialog_acts *out)
{
    if (session_is_over(s) || s->is_end_wanted) {
        act_do(out, TND_DIALOG_ABSORB, TND_RULE_SESSION_ENDING);
    } else if (s->state == TND_SESSION_EARLY) {
        end_early(s, code, rule, out);
    } else if (must_wait(s)) {
        s->is_end_wanted = true;
        act_do(out, TND_DIALOG_ABSORB, TND_RULE_SESSION_BYE_WAITS);
    } else {
        session_hang_up(s, rule, out);
    }
}

void session_end_if_wanted(struct tnd_session *s, struct tnd_dialog_acts *out)
{
    if (s->is_end_wanted && s->state == TND_SESSION_CONFIRMED && !must_wait(s))
        session_hang_up(s, s->is_caller ? TND_RULE_SESSION_CANCEL_LATE : TND_RULE_SESSION_BYE_WAITS,
                        out);
}

void session_finish(struct tnd_session *s, enum tnd_rule rule, struct tnd_dialog_acts *out)
{
    if (s->is_end_wanted)
        session_end_if_wanted(s, out);
    else if (!session_is_over(s))
        session_want_end(s, 400, rule, out);
}

void tnd_session_end(struct tnd_session *s, struct tnd_session_out *out)
{
    *out = (struct tnd_session_out){.rule = TND_RULE_SESSION_HANG_UP};
    session_want_end(s, 603, TND_RULE_SESSION_HANG_UP, &out->acts);
}

void tnd_session_used(struct tnd_session *s)
{
    if (s->invite != TND_SESSION_NOBODY && s->state == TND_SESSION_CONFIRMED)
        s->is_used = true;
}
