/* Which message repeats or answers which, as somebody sees it who stands beside the wire; and what is still
 * to be expected.
 *
 * The same request seen on two hops is two messages: only what goes between the same two endpoints is sent
 * again. Each hop has a branch of its own, so that a response finds the request of its hop. */
#include "diag/call.h"

static bool is_same_hop(const struct tnd_diag_message *a, const struct tnd_diag_message *b)
{
    return tnd_endpoint_eq(&a->from, &b->from) && tnd_endpoint_eq(&a->to, &b->to);
}

/* RFC 3261 §17.1.3, §17.2.3: the branch names the transaction; CSeq tells a CANCEL and an ACK from their
 * INVITE, and attempts of those who draw no new branch. */
static bool is_same_transaction(const struct tnd_diag_key *a, const struct tnd_diag_key *b)
{
    return a->branch == b->branch && a->cseq == b->cseq && a->from_tag == b->from_tag;
}

static bool is_provisional(unsigned code)
{
    return code >= 100 && code < 200;
}

/* Whether b is a again. Provisional responses of one transaction differ (RFC 3262 §3), so they are
 * compared by their bytes; and so is what has no branch. */
static bool is_repeated(const struct tnd_diag_message *a, const struct tnd_diag_key *of_a,
                        const struct tnd_diag_message *b, const struct tnd_diag_key *of_b)
{
    if (!is_same_transaction(of_a, of_b) || of_a->to_tag != of_b->to_tag || a->code != b->code ||
        a->method != b->method || a->leg != b->leg || !is_same_hop(a, b))
        return false;
    return (of_a->branch != 0 && !is_provisional(a->code)) || tnd_slice_eq(a->bytes, b->bytes);
}

/* How well a response goes the way back of its request. A response may come from another port (RFC 3261
 * §18.2.2), and an address may have been translated. */
static unsigned fit_of(const struct tnd_diag_message *request, const struct tnd_diag_message *m)
{
    enum { BY_BRANCH = 1, BY_ADDRESS, BY_PORT };

    if (!tnd_address_eq(&request->from, &m->to) || !tnd_address_eq(&request->to, &m->from))
        return BY_BRANCH;
    return request->from.port == m->to.port && request->to.port == m->from.port ? BY_PORT
                                                                                : BY_ADDRESS;
}

static uint32_t request_of(const struct tnd_diag_kept *call, const struct tnd_diag_key *key,
                           const struct tnd_diag_message *m)
{
    uint32_t found = TND_DIAG_NO_MESSAGE;
    unsigned best = 0;

    for (size_t i = call->told.message_count; i-- > 0;) {
        const struct tnd_diag_message *request = &call->message[i];

        if (!is_same_transaction(&call->key[i], key) || request->code != 0 || request->is_again ||
            request->method != m->method || request->leg != m->leg)
            continue;
        unsigned fit = fit_of(request, m);
        if (fit > best) {
            best = fit;
            found = (uint32_t)i;
        }
    }
    return found;
}

/* A capture of all interfaces has a packet at each that it passes. Nobody sends again so soon: T1 is as long as
 * the way there and back (RFC 3261 §17.1.1.1). A log that knows seconds only does not tell. */
static bool is_doubled(const struct tnd_diag_message *before, const struct tnd_diag_message *m)
{
    int64_t since = m->at - before->at;

    return since < TND_MS(10) && since > -TND_MS(10) && m->at % TND_SEC(1) != 0 &&
           tnd_slice_eq(before->bytes, m->bytes);
}

bool tnd_diag_match(const struct tnd_diag_kept *call, const struct tnd_diag_key *key,
                    struct tnd_diag_message *m, uint32_t index)
{
    m->first = index;
    m->is_again = false;
    for (size_t i = call->told.message_count; i-- > 0;) {
        const struct tnd_diag_message *before = &call->message[i];

        if (!is_repeated(before, &call->key[i], m, key))
            continue;
        m->is_again = true;
        m->first = before->first;
        m->request = before->request;
        return !is_doubled(before, m);
    }
    m->request = m->code ? request_of(call, key, m) : TND_DIAG_NO_MESSAGE;
    return true;
}

/* RFC 3261 §13.2.2.4: each To tag of a 2xx is a dialog. Those of a re-INVITE are known, one of them. */
static void open_dialog(struct tnd_diag_leg *leg, const struct tnd_diag_key *key)
{
    for (size_t i = 0; i < leg->dialog_count; i++)
        if (leg->dialog[i].tag == key->to_tag || leg->dialog[i].tag == key->from_tag)
            return;
    if (leg->dialog_count < TND_DIAG_DIALOG_COUNT_MAX)
        leg->dialog[leg->dialog_count++] = (struct tnd_diag_open_dialog){key->to_tag, false};
}

/* A BYE of either side. One of a dialog that nobody knows: the capture lacks something, all are over. */
static void end_dialog(struct tnd_diag_leg *leg, const struct tnd_diag_key *key)
{
    bool is_known = false;

    for (size_t i = 0; i < leg->dialog_count; i++) {
        if (leg->dialog[i].tag != key->to_tag && leg->dialog[i].tag != key->from_tag)
            continue;
        leg->dialog[i].is_over = true;
        is_known = true;
    }
    for (size_t i = 0; i < leg->dialog_count && !is_known; i++)
        leg->dialog[i].is_over = true;
}

/* The caller has the final response: whatever still rang on other hops is no concern of his. */
static void end_pending(struct tnd_diag_leg *leg)
{
    struct tnd_diag_kept *call = leg->call;

    for (size_t i = 0; i < call->told.message_count && leg->pending > 0; i++) {
        if (!call->key[i].is_pending || call->message[i].leg != leg->index)
            continue;
        call->key[i].is_pending = false;
        leg->pending--;
    }
}

static void invite_sent(struct tnd_diag_leg *leg, const struct tnd_diag_key *key, uint32_t index)
{
    if (key->to_tag != 0) /* a re-INVITE */
        return;
    if (leg->top == TND_DIAG_NO_MESSAGE || key->cseq > leg->call->key[leg->top].cseq)
        leg->top = index;
}

static void invite_answered(struct tnd_diag_leg *leg, const struct tnd_diag_message *m,
                            const struct tnd_diag_key *key)
{
    struct tnd_diag_key *request =
        m->request == TND_DIAG_NO_MESSAGE ? NULL : &leg->call->key[m->request];

    if (m->code >= 200 && m->code < 300 && (!request || request->to_tag == 0))
        open_dialog(leg, key);
    if (!request || request->is_done)
        return;
    if (is_provisional(m->code)) {
        leg->pending += !request->is_pending;
        request->is_pending = true;
        return;
    }
    request->is_done = true;
    leg->pending -= request->is_pending;
    request->is_pending = false;
    if (m->request == leg->top)
        end_pending(leg);
}

void tnd_diag_progress(struct tnd_diag_leg *leg, const struct tnd_diag_message *m,
                       const struct tnd_diag_key *key, uint32_t index)
{
    if (m->is_again)
        return;
    if (m->method == TND_METHOD_BYE && m->code == 0)
        end_dialog(leg, key);
    if (m->method != TND_METHOD_INVITE)
        return;
    if (m->code == 0)
        invite_sent(leg, key, index);
    else
        invite_answered(leg, m, key);
}

bool tnd_diag_is_waiting(const struct tnd_diag_kept *call)
{
    for (size_t i = 0; i < call->told.leg_count; i++) {
        const struct tnd_diag_leg *leg = call->leg[i];

        if (leg->pending > 0)
            return true;
        for (size_t k = 0; k < leg->dialog_count; k++)
            if (!leg->dialog[k].is_over)
                return true;
    }
    return false;
}
