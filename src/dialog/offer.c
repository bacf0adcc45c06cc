/* Which description is an offer and which an answer (RFC 3261 §13.2.1, RFC 3262 §5, RFC 3311 §5,
 * RFC 6337 §2.2): one function for what either side sends. */
#include "dialog/session.h"

static struct session_part part(enum tnd_session_part part, enum tnd_rule rule)
{
    return (struct session_part){.part = (uint8_t)part, .rule = (uint16_t)rule};
}

/* Where a description is neither. */
static struct session_part nothing(const struct tnd_session_message *m)
{
    return m->is_described ? part(TND_SESSION_IGNORED, TND_RULE_SESSION_IGNORED)
                           : part(TND_SESSION_NO_PART, TND_RULE_SESSION_IN_ORDER);
}

static struct session_part offer(const struct tnd_session_message *m)
{
    return m->is_described ? part(TND_SESSION_OFFER, TND_RULE_SESSION_OFFER) : nothing(m);
}

static struct session_part answer(const struct tnd_session_message *m)
{
    return m->is_described ? part(TND_SESSION_ANSWER, TND_RULE_SESSION_ANSWER)
                           : part(TND_SESSION_FAULT, TND_RULE_SESSION_NO_ANSWER);
}

/* Whether the sender of m owes the answer to an offer that this carried. */
static bool owes_answer(const struct tnd_session *s, const struct tnd_session_message *m,
                        enum tnd_session_side sender, enum tnd_session_kind carrier)
{
    return s->offer == session_other(sender) && s->offer_in == carrier &&
           (carrier == TND_SESSION_RELIABLE || s->offer_cseq == m->cseq);
}

/* 101-199: reliable or not. */
static struct session_part provisional(const struct tnd_session *s,
                                       const struct tnd_session_message *m,
                                       enum tnd_session_side sender)
{
    bool is_reliable = m->kind == TND_SESSION_RELIABLE;

    if (owes_answer(s, m, sender, TND_SESSION_INVITE) && m->is_described)
        return is_reliable ? answer(m) : part(TND_SESSION_PREVIEW, TND_RULE_SESSION_PREVIEW);
    if (!s->is_decided && is_reliable)
        return m->is_described ? offer(m) : part(TND_SESSION_FAULT, TND_RULE_SESSION_NO_OFFER);
    return nothing(m);
}

static struct session_part accepted(const struct tnd_session *s,
                                    const struct tnd_session_message *m,
                                    enum tnd_session_side sender)
{
    if (owes_answer(s, m, sender, TND_SESSION_INVITE))
        return s->is_previewed && !m->is_described
                   ? part(TND_SESSION_PREVIEWED, TND_RULE_SESSION_PREVIEW)
                   : answer(m);
    if (!s->is_decided)
        return m->is_described ? offer(m) : part(TND_SESSION_FAULT, TND_RULE_SESSION_NO_OFFER);
    return nothing(m);
}

struct session_part session_part(const struct tnd_session *s, const struct tnd_session_message *m,
                                 enum tnd_session_side sender)
{
    switch ((enum tnd_session_kind)m->kind) {
    case TND_SESSION_INVITE:
    case TND_SESSION_UPDATE:
        return offer(m);
    case TND_SESSION_1XX:
    case TND_SESSION_RELIABLE:
        return provisional(s, m, sender);
    case TND_SESSION_2XX:
        return accepted(s, m, sender);
    case TND_SESSION_ACK:
        return owes_answer(s, m, sender, TND_SESSION_2XX) ? answer(m) : nothing(m);
    case TND_SESSION_PRACK:
        return owes_answer(s, m, sender, TND_SESSION_RELIABLE) ? answer(m) : offer(m);
    case TND_SESSION_PRACK_2XX:
        return owes_answer(s, m, sender, TND_SESSION_PRACK) ? answer(m) : nothing(m);
    case TND_SESSION_UPDATE_2XX:
        return owes_answer(s, m, sender, TND_SESSION_UPDATE) ? answer(m) : nothing(m);
    case TND_SESSION_REFUSAL:
    case TND_SESSION_CANCEL:
    case TND_SESSION_PRACK_REFUSAL:
    case TND_SESSION_UPDATE_REFUSAL:
    case TND_SESSION_BYE:
    case TND_SESSION_BYE_FINAL:
        return nothing(m); /* what a 488 has tells what would be possible: RFC 6337 §2.4 */
    }
    TND_ASSERT(!"a kind of message");
}

static void agree(struct tnd_session *s, const struct tnd_session_message *m)
{
    s->offer = TND_SESSION_NOBODY;
    s->is_agreed = true;
    /* RFC 6141 §3.3: an exchange without preconditions is a change that is in use. */
    if (s->invite != TND_SESSION_NOBODY && s->state == TND_SESSION_CONFIRMED && !m->is_conditional)
        s->is_used = true;
}

void session_take_part(struct tnd_session *s, const struct tnd_session_message *m,
                       enum tnd_session_side sender, struct session_part p)
{
    switch ((enum tnd_session_part)p.part) {
    case TND_SESSION_OFFER:
        TND_ASSERT(s->offer == TND_SESSION_NOBODY);
        s->offer = (uint8_t)sender;
        s->offer_in = m->kind;
        s->offer_cseq = m->cseq;
        if (m->kind == TND_SESSION_RELIABLE || m->kind == TND_SESSION_2XX)
            s->is_decided = true;
        return;
    case TND_SESSION_ANSWER:
    case TND_SESSION_PREVIEWED:
        agree(s, m);
        return;
    case TND_SESSION_PREVIEW:
        s->is_previewed = true;
        return;
    case TND_SESSION_NO_PART:
    case TND_SESSION_IGNORED:
    case TND_SESSION_FAULT:
        return;
    }
}

/* The transaction that carries the offer: of an offer in a response it is that of the other side. */
static enum tnd_session_side carrier_of(const struct tnd_session *s)
{
    bool is_in_response = s->offer_in == TND_SESSION_RELIABLE || s->offer_in == TND_SESSION_2XX;

    return is_in_response ? session_other((enum tnd_session_side)s->offer)
                          : (enum tnd_session_side)s->offer;
}

enum tnd_session_side session_in_the_way(const struct tnd_session *s)
{
    if (s->offer != TND_SESSION_NOBODY)
        return carrier_of(s);
    /* RFC 6337 §4.1, figure 5: its first reliable response will have the offer. */
    if (s->invite != TND_SESSION_NOBODY && !s->is_decided)
        return (enum tnd_session_side)s->invite;
    /* RFC 6337 §4.3, UAS-IcU and UAS-IsU: its PRACK is under way. */
    if (s->reliable != TND_SESSION_NOBODY)
        return session_other((enum tnd_session_side)s->reliable);
    return TND_SESSION_NOBODY;
}

bool session_drop_offer(struct tnd_session *s, enum tnd_session_side offerer,
                        enum tnd_session_kind carrier)
{
    if (s->offer != offerer || s->offer_in != carrier)
        return false;
    s->offer = TND_SESSION_NOBODY;
    return true;
}

void session_begin_invite(struct tnd_session *s, const struct tnd_session_message *m,
                          enum tnd_session_side sender)
{
    s->invite = (uint8_t)sender;
    s->invite_cseq = m->cseq;
    s->is_decided = m->is_described;
    s->is_previewed = false;
    s->is_used = false;
}

void session_end_invite(struct tnd_session *s)
{
    s->invite = TND_SESSION_NOBODY;
    /* A PRACK of ours that is under way has an answer yet to come; no other one is awaited. */
    if (s->reliable == TND_SESSION_OURS || s->prack_cseq == 0)
        s->reliable = TND_SESSION_NOBODY;
}
