/* How a call went. What counts is what the caller saw: the responses to his own requests, the last of them
 * if he tried again after a challenge or a redirect; not those that a proxy got on its branches. */
#include "diag/call.h"

/* RFC 3261 §17.1.1.2 and §17.1.2.2: by timers B and F who has no response gives up at 64*T1. The request goes out at
 * 63*T1 for the last time, and a capture of that call alone ends with it; clocks may be a little fast. */
#define UNANSWERED TND_SEC(31)

/* The attempt by which the call is judged, and what became of it. */
struct attempt {
    const struct tnd_diag_kept *call;
    uint32_t top;   /* the request of the caller */
    uint32_t final; /* its response */
    bool is_answered_at_all, is_cancelled;
};

static bool is_of_method(const struct tnd_diag_kept *call, size_t i)
{
    return call->message[i].leg == 0 && call->message[i].method == call->told.method &&
           !call->message[i].is_again;
}

/* What makes a call; without such, of a capture that began later, what is within one. */
static bool is_start(const struct tnd_diag_kept *call, size_t i, bool is_within)
{
    return is_of_method(call, i) && call->message[i].code == 0 &&
           (is_within || call->key[i].to_tag == 0);
}

static bool is_same_sender(const struct tnd_diag_kept *call, size_t i, size_t k)
{
    return tnd_endpoint_eq(&call->message[i].from, &call->message[k].from);
}

/* RFC 3261 §8.1.3.4, §8.1.3.5, §22.2: who tries again raises CSeq, and keeps From, To and Call-ID. A proxy that
 * passes a request on does not. Of those who keep CSeq as well all attempts count as one. */
static bool is_next_attempt(const struct tnd_diag_kept *call, uint32_t top, uint32_t i)
{
    return call->key[i].cseq > call->key[top].cseq &&
           (call->key[top].from_tag == call->key[i].from_tag || is_same_sender(call, top, i));
}

static uint32_t find_top(const struct tnd_diag_kept *call, bool is_within)
{
    uint32_t top = TND_DIAG_NO_MESSAGE;

    for (uint32_t i = 0; i < call->told.message_count; i++)
        if (is_start(call, i, is_within) &&
            (top == TND_DIAG_NO_MESSAGE || is_next_attempt(call, top, i)))
            top = i;
    return top;
}

/* Whether response i is one that the caller got, or may have got. A caller that forks by itself (a proxy, where
 * nothing was seen in front of it) has several requests. */
static bool is_to_caller(const struct attempt *t, size_t i)
{
    const struct tnd_diag_kept *call = t->call;
    uint32_t request = call->message[i].request;

    if (t->top == TND_DIAG_NO_MESSAGE || request == t->top)
        return true;
    if (call->key[i].cseq != call->key[t->top].cseq)
        return false;
    return request == TND_DIAG_NO_MESSAGE || is_same_sender(call, request, t->top);
}

static bool is_success(unsigned code)
{
    return code >= 200 && code < 300;
}

/* The first 2xx, else the last refusal. */
static void find_final(struct attempt *t)
{
    const struct tnd_diag_message *m = t->call->message;

    for (uint32_t i = 0; i < t->call->told.message_count; i++) {
        if (!is_of_method(t->call, i) || m[i].code == 0 || !is_to_caller(t, i))
            continue;
        t->is_answered_at_all = true;
        if (m[i].code < 200)
            continue;
        if (t->final == TND_DIAG_NO_MESSAGE || !is_success(m[t->final].code))
            t->final = i;
    }
}

/* By the caller: the CANCEL has the branch of his request (RFC 3261 §9.1), and came before the end. */
static void find_cancel(struct attempt *t)
{
    const struct tnd_diag_kept *call = t->call;
    size_t end = t->final == TND_DIAG_NO_MESSAGE ? call->told.message_count : t->final;

    for (size_t i = 0; i < end; i++) {
        const struct tnd_diag_message *m = &call->message[i];

        if (m->method != TND_METHOD_CANCEL || m->code != 0 || m->leg != 0)
            continue;
        if (t->top == TND_DIAG_NO_MESSAGE || (call->key[i].branch == call->key[t->top].branch &&
                                              call->key[i].cseq == call->key[t->top].cseq))
            t->is_cancelled = true;
    }
}

/* What happens only in a call that was answered: an ACK to a 2xx has a branch of its own (RFC 3261 §13.2.2.4,
 * §17.1.1.3), and a BYE is in a dialog. For captures that lack the answer. */
static bool is_talking(const struct attempt *t)
{
    const struct tnd_diag_kept *call = t->call;

    if (call->told.method != TND_METHOD_INVITE || t->is_cancelled)
        return false;
    for (size_t i = 0; i < call->told.message_count; i++) {
        const struct tnd_diag_message *m = &call->message[i];

        if (m->leg != 0 || m->code != 0 || call->key[i].to_tag == 0)
            continue;
        if (m->method == TND_METHOD_BYE)
            return true;
        if (m->method == TND_METHOD_ACK && t->top != TND_DIAG_NO_MESSAGE &&
            call->key[i].cseq == call->key[t->top].cseq &&
            call->key[i].branch != call->key[t->top].branch && !t->is_answered_at_all)
            return true;
    }
    return false;
}

static bool is_unanswered(const struct attempt *t, int64_t now)
{
    return t->top != TND_DIAG_NO_MESSAGE && !t->is_answered_at_all &&
           t->call->told.method != TND_METHOD_ACK &&
           now - t->call->message[t->top].at >= UNANSWERED;
}

static enum tnd_diag_result result_of(const struct attempt *t, int64_t now)
{
    unsigned code = t->final == TND_DIAG_NO_MESSAGE ? 0 : t->call->message[t->final].code;

    if (is_success(code))
        return TND_DIAG_ANSWERED;
    if (t->is_cancelled || code == 487) /* RFC 3261 §21.4.25: by a CANCEL or a BYE */
        return TND_DIAG_CANCELLED;
    if (code != 0)
        return TND_DIAG_FAILED;
    if (is_talking(t))
        return TND_DIAG_ANSWERED;
    return is_unanswered(t, now) ? TND_DIAG_FAILED : TND_DIAG_OPEN;
}

static int64_t rang_at(const struct tnd_diag_kept *call)
{
    for (size_t i = 0; i < call->told.message_count; i++)
        if (is_of_method(call, i) && call->told.method == TND_METHOD_INVITE &&
            (call->message[i].code == 180 || call->message[i].code == 183))
            return call->message[i].at;
    return INT64_MIN;
}

/* The BYE; else what decided it; else the last that was seen. */
static int64_t ended_at(const struct attempt *t)
{
    const struct tnd_diag_call *told = &t->call->told;
    const struct tnd_diag_message *m = t->call->message;

    for (size_t i = told->message_count; i-- > 0;)
        if (m[i].method == TND_METHOD_BYE && m[i].code == 0 && !m[i].is_again)
            return m[i].at;
    if (t->final != TND_DIAG_NO_MESSAGE &&
        (told->result != TND_DIAG_ANSWERED || told->method != TND_METHOD_INVITE))
        return m[t->final].at;
    return told->message_count > 0 ? m[told->message_count - 1].at : told->began;
}

void tnd_diag_judge(struct tnd_diag_kept *call, int64_t now)
{
    struct tnd_diag_call *told = &call->told;
    struct attempt t = {.call = call, .final = TND_DIAG_NO_MESSAGE};

    t.top = find_top(call, false);
    if (t.top == TND_DIAG_NO_MESSAGE)
        t.top = find_top(call, true);
    find_final(&t);
    find_cancel(&t);
    told->result = (uint8_t)result_of(&t, now);
    told->code = t.final == TND_DIAG_NO_MESSAGE ? 0 : call->message[t.final].code;
    told->rang = rang_at(call);
    told->answered = told->result == TND_DIAG_ANSWERED && t.final != TND_DIAG_NO_MESSAGE
                         ? call->message[t.final].at
                         : INT64_MIN;
    told->ended = ended_at(&t);
    told->message = call->message;
}
