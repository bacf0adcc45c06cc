/* Retry-After: when to try again (RFC 3261 §20.33). */
#include "sip/value.h"
#include "tandem/sip/notice.h"

static bool take_retry_param(void *ctx, const struct tnd_param *p)
{
    struct tnd_retry_after *retry = ctx;

    if (TND_TOKEN_IS(p->name, "duration"))
        return tnd_take_number(&retry->duration, p->value, UINT32_MAX);
    return true;
}

/* delta-seconds [ comment ] *( SEMI retry-param ) (RFC 3261 §25.1) */
bool tnd_retry_after_next(struct tnd_values *v, struct tnd_retry_after *ret)
{
    struct tnd_cursor *c = &v->c;
    uint64_t seconds;

    if (!tnd_values_open(v, false) ||
        !tnd_read_number(c, TND_RULE_DELTA_SECONDS, UINT32_MAX, &seconds))
        return false;
    ret->seconds = (uint32_t)seconds;
    ret->comment = tnd_slice(NULL, 0);
    ret->duration = -1;
    tnd_skip_space(c);
    if (tnd_peek(c, c->at) == '(' && !tnd_read_comment(c, &ret->comment))
        return false;
    return tnd_read_params(c, &ret->params, take_retry_param, ret) && tnd_values_close(v);
}

void tnd_retry_after_write(struct tnd_writer *w, const struct tnd_retry_after *retry)
{
    tnd_put_number(w, retry->seconds);
    if (retry->comment.ptr) {
        tnd_put_char(w, ' ');
        tnd_put(w, retry->comment);
    }
    tnd_put_number_param(w, "duration", retry->duration);
}
