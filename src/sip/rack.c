/* RAck: which reliable provisional response a PRACK is for (RFC 3262 §7.2). */
#include "sip/value.h"
#include "tandem/sip/session.h"

/* response-num LWS CSeq-num LWS Method (RFC 3262 §10) */
bool tnd_rack_next(struct tnd_values *v, struct tnd_rack *ret)
{
    struct tnd_cursor *c = &v->c;
    uint64_t rseq, cseq;

    if (!tnd_values_open(v, false))
        return false;
    const char *first = c->at;
    if (!tnd_read_number(c, TND_RULE_RACK, UINT32_MAX, &rseq))
        return false;
    if (rseq == 0) /* RFC 3262 §7.1: RSeq is from 1 on */
        return tnd_flawed(c, TND_RULE_RACK, first);
    if (!tnd_read_space(c, TND_RULE_RACK) || !tnd_read_number(c, TND_RULE_RACK, INT32_MAX, &cseq) ||
        !tnd_read_space(c, TND_RULE_RACK) || !tnd_read_token(c, TND_RULE_RACK, &ret->method_name))
        return false;
    ret->rseq = (uint32_t)rseq;
    ret->cseq = (uint32_t)cseq;
    ret->method = (uint8_t)tnd_method_find(ret->method_name);
    return tnd_values_close(v);
}

void tnd_rack_write(struct tnd_writer *w, const struct tnd_rack *rack)
{
    tnd_put_number(w, rack->rseq);
    tnd_put_char(w, ' ');
    tnd_put_number(w, rack->cseq);
    tnd_put_char(w, ' ');
    tnd_put(w, rack->method_name);
}
