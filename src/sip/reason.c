/* Reason: why a request was sent, or a call ended (RFC 3326). */
#include "sip/value.h"
#include "tandem/sip/notice.h"

/* protocol-cause / reason-text / reason-extension (RFC 3326 §2) */
static bool take_reason_param(void *ctx, const struct tnd_param *p)
{
    struct tnd_reason *reason = ctx;

    if (TND_TOKEN_IS(p->name, "cause"))
        return tnd_take_number(&reason->cause, p->value, UINT32_MAX);
    if (TND_TOKEN_IS(p->name, "text"))
        return tnd_take_quoted(&reason->text, p->value);
    return true;
}

bool tnd_reason_next(struct tnd_values *v, struct tnd_reason *ret)
{
    ret->text = tnd_slice(NULL, 0);
    ret->cause = -1;
    return tnd_values_open(v, false) && tnd_read_token(&v->c, TND_RULE_TOKEN, &ret->protocol) &&
           tnd_read_params(&v->c, &ret->params, take_reason_param, ret) && tnd_values_close(v);
}

void tnd_reason_write(struct tnd_writer *w, const struct tnd_reason *reason)
{
    tnd_put(w, reason->protocol);
    tnd_put_number_param(w, "cause", reason->cause);
    tnd_put_param(w, "text", reason->text);
}
