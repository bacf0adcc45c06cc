/* Reliable provisional responses, both sides (RFC 3262 §3, §4). */
#include "tandem/dialog/provisional.h"

#include "dialog/act.h"

void tnd_reliable_uas_start(struct tnd_reliable_uas *u, const struct tnd_dialog_timing *timing,
                            uint32_t cseq, uint32_t first)
{
    TND_ASSERT(first > 0 && first < UINT32_C(1) << 31); /* RFC 3262 §3 */
    *u = (struct tnd_reliable_uas){.timing = timing, .cseq = cseq, .rseq = first - 1};
}

static void arm(struct tnd_reliable_uas *u, enum tnd_rule rule, struct tnd_dialog_acts *out)
{
    act_arm(out, TND_DIALOG_TIMER_PROVISIONAL, u->again_at < u->end_at ? u->again_at : u->end_at,
            rule);
}

/* The one whose bit of described is 0 goes. */
static void send(struct tnd_reliable_uas *u, tnd_time now, struct tnd_dialog_acts *out)
{
    u->rseq++; /* RFC 3262 §3: by exactly one; it cannot wrap before an INVITE has ended */
    u->is_unacked = true;
    u->wait = u->timing->t1;
    u->again_at = now + u->wait;
    u->end_at = now + 64 * u->timing->t1;
    act_rseq(out, TND_DIALOG_SEND_RELIABLE, u->rseq, TND_RULE_RELIABLE_SENT);
    arm(u, TND_RULE_RELIABLE_SENT, out);
}

int tnd_reliable_uas_add(struct tnd_reliable_uas *u, bool is_described, tnd_time now,
                         struct tnd_dialog_acts *out)
{
    out->count = 0;
    if (u->is_over || u->is_held)
        return TND_ESTATE;
    if (u->waiting == TND_RELIABLE_WAITING_COUNT_MAX)
        return TND_ESPACE;
    if (!u->is_unacked) {
        u->described = is_described;
        send(u, now, out);
        return 0;
    }
    u->waiting++;
    u->described |= (uint16_t)((unsigned)is_described << u->waiting);
    act_do(out, TND_DIALOG_ABSORB, TND_RULE_RELIABLE_WAITS);
    return 0;
}

/* RFC 3262 §3: no new one after the final response; a PRACK for the last is still taken. */
static void end(struct tnd_reliable_uas *u)
{
    u->is_over = true;
    u->is_held = false;
    u->waiting = 0;
    u->described = 0;
}

/* What waited longest goes, or else the final response if that waits for nothing any more. */
static void go_on(struct tnd_reliable_uas *u, tnd_time now, struct tnd_dialog_acts *out)
{
    u->is_unacked = false;
    u->described >>= 1;
    if (u->is_held && u->described == 0) {
        end(u);
        act_do(out, TND_DIALOG_SEND_FINAL, TND_RULE_RELIABLE_FINAL_WAITS);
    } else if (u->waiting > 0) {
        u->waiting--;
        send(u, now, out);
    }
}

static bool is_acknowledged_by(const struct tnd_reliable_uas *u, const struct tnd_rack *rack)
{
    return u->is_unacked && rack->rseq == u->rseq && rack->cseq == u->cseq &&
           rack->method == TND_METHOD_INVITE;
}

void tnd_reliable_uas_prack(struct tnd_reliable_uas *u, const struct tnd_rack *rack, tnd_time now,
                            struct tnd_dialog_acts *out)
{
    out->count = 0;
    if (!is_acknowledged_by(u, rack)) {
        act_refuse(out, TND_DIALOG_REFUSE, 481, TND_RULE_RELIABLE_PRACK_STRAY);
        return;
    }
    act_do(out, TND_DIALOG_PASS, TND_RULE_RELIABLE_PRACK);
    if (u->is_over) { /* RFC 3262 §3: it is taken still; nothing follows */
        u->is_unacked = false;
        return;
    }
    act_disarm(out, TND_DIALOG_TIMER_PROVISIONAL, TND_RULE_RELIABLE_PRACK);
    go_on(u, now, out);
}

void tnd_reliable_uas_timer(struct tnd_reliable_uas *u, tnd_time now, struct tnd_dialog_acts *out)
{
    out->count = 0;
    TND_ASSERT(u->is_unacked && !u->is_over);
    if (now >= u->end_at) {
        end(u);
        act_refuse(out, TND_DIALOG_REFUSE_INVITE, 504, TND_RULE_RELIABLE_NO_PRACK);
        return;
    }
    u->wait *= 2; /* RFC 3262 §3: T2 does not cap it, as it does that of a 2xx */
    u->again_at = now + u->wait;
    act_rseq(out, TND_DIALOG_SEND_AGAIN, u->rseq, TND_RULE_RELIABLE_AGAIN);
    arm(u, TND_RULE_RELIABLE_AGAIN, out);
}

void tnd_reliable_uas_final(struct tnd_reliable_uas *u, unsigned code, struct tnd_dialog_acts *out)
{
    out->count = 0;
    if (u->is_over) {
        act_do(out, TND_DIALOG_ABSORB, TND_RULE_RELIABLE_FINAL);
        return;
    }
    if (code < 300 && u->described != 0) {
        u->is_held = true;
        act_do(out, TND_DIALOG_ABSORB, TND_RULE_RELIABLE_FINAL_WAITS);
        return;
    }
    end(u);
    if (u->is_unacked)
        act_disarm(out, TND_DIALOG_TIMER_PROVISIONAL, TND_RULE_RELIABLE_FINAL);
    act_do(out, TND_DIALOG_SEND_FINAL, TND_RULE_RELIABLE_FINAL);
}

void tnd_reliable_uac_receive(struct tnd_reliable_uac *u, uint32_t rseq,
                              struct tnd_dialog_acts *out)
{
    out->count = 0;
    if (u->is_over) {
        act_do(out, TND_DIALOG_ABSORB, TND_RULE_RELIABLE_LATE);
    } else if (u->rseq != 0 && rseq <= u->rseq) {
        act_do(out, TND_DIALOG_ABSORB, TND_RULE_RELIABLE_DUPLICATE);
    } else if (u->rseq != 0 && rseq != u->rseq + 1) {
        act_do(out, TND_DIALOG_ABSORB, TND_RULE_RELIABLE_GAP);
    } else {
        u->rseq = rseq; /* RFC 3262 §4: the first may be any */
        act_do(out, TND_DIALOG_PASS, TND_RULE_RELIABLE_TAKEN);
        act_rseq(out, TND_DIALOG_SEND_PRACK, rseq, TND_RULE_RELIABLE_TAKEN);
    }
}

void tnd_reliable_uac_final(struct tnd_reliable_uac *u)
{
    u->is_over = true;
}
