/* Header fields whose value is a number, a token or a word: CSeq, Call-ID, Max-Forwards… */
#include "sip/value.h"
#include "tandem/sip/field.h"

/* The method of a CSeq: nearly always that of its request, which is known already. */
static inline enum tnd_method method_of(const struct tnd_values *v, struct tnd_slice name)
{
    if (v->msg && tnd_slice_eq(name, v->msg->method_name))
        return (enum tnd_method)v->msg->method;
    return tnd_method_find(name);
}

/* CSeq = 1*DIGIT LWS Method (RFC 3261 §25.1), the number below 2^31 (§8.1.1.5) */
bool tnd_cseq_next(struct tnd_values *v, struct tnd_cseq *ret)
{
    struct tnd_cursor *c = &v->c;
    uint64_t number;

    if (!tnd_values_open(v, false))
        return false;
    if (!tnd_read_number(c, TND_RULE_CSEQ, INT32_MAX, &number))
        return false;
    if (!tnd_is_space(tnd_peek(c, c->at)))
        return tnd_flawed(c, TND_RULE_CSEQ, c->at);
    tnd_skip_space(c);
    if (!tnd_read_token(c, TND_RULE_CSEQ, &ret->method_name))
        return false;
    ret->number = (uint32_t)number;
    ret->method = (uint8_t)method_of(v, ret->method_name);
    return tnd_values_close(v);
}

void tnd_cseq_write(struct tnd_writer *w, const struct tnd_cseq *cseq)
{
    tnd_put_number(w, cseq->number);
    tnd_put_char(w, ' ');
    tnd_put(w, cseq->method_name);
}

/* word of RFC 3261 §25.1: ends at what is no character of one */
static const char *word_end(struct tnd_cursor *c)
{
    const char *p = tnd_mark(c, c->at);

    while (p < c->end && tnd_char_is(*p, TND_CHAR_WORD))
        p = tnd_mark_after(c, p);
    return p;
}

bool tnd_read_call_id(struct tnd_cursor *c, struct tnd_slice *ret)
{
    const char *first = c->at, *end = word_end(c);

    if (end == first)
        return tnd_flawed(c, TND_RULE_CALL_ID, first);
    c->at = end;
    if (tnd_peek(c, end) == '@') {
        c->at++;
        end = word_end(c);
        if (end == c->at)
            return tnd_flawed(c, TND_RULE_CALL_ID, end);
        c->at = end;
    }
    *ret = tnd_slice_between(first, end);
    return true;
}

bool tnd_call_id_next(struct tnd_values *v, struct tnd_slice *ret)
{
    return tnd_values_open(v, false) && tnd_read_call_id(&v->c, ret) && tnd_values_close(v);
}

bool tnd_token_next(struct tnd_values *v, struct tnd_slice *ret)
{
    return tnd_values_open(v, false) && tnd_read_token(&v->c, TND_RULE_TOKEN, ret) &&
           tnd_values_close(v);
}

bool tnd_token_or_none_next(struct tnd_values *v, struct tnd_slice *ret)
{
    return tnd_values_open(v, true) && tnd_read_token(&v->c, TND_RULE_TOKEN, ret) &&
           tnd_values_close(v);
}

static bool read_one_number(struct tnd_values *v, enum tnd_rule rule, uint64_t min, uint64_t max,
                            uint32_t *ret)
{
    uint64_t n;

    if (!tnd_values_open(v, false))
        return false;
    const char *first = v->c.at;
    if (!tnd_read_number(&v->c, rule, max, &n))
        return false;
    if (n < min)
        return tnd_flawed(&v->c, rule, first);
    if (!tnd_values_close(v))
        return false;
    *ret = (uint32_t)n;
    return true;
}

bool tnd_max_forwards_next(struct tnd_values *v, uint32_t *ret)
{
    return read_one_number(v, TND_RULE_MAX_FORWARDS, 0, 255, ret);
}

bool tnd_content_length_next(struct tnd_values *v, uint32_t *ret)
{
    return read_one_number(v, TND_RULE_CONTENT_LENGTH, 0, INT32_MAX, ret);
}

bool tnd_seconds_next(struct tnd_values *v, uint32_t *ret)
{
    return read_one_number(v, TND_RULE_DELTA_SECONDS, 0, UINT32_MAX, ret);
}

bool tnd_rseq_next(struct tnd_values *v, uint32_t *ret)
{
    return read_one_number(v, TND_RULE_RSEQ, 1, UINT32_MAX, ret);
}
