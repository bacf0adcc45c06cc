/* Event and Subscription-State (RFC 6665 §8.2, §8.4). */
#include "sip/value.h"
#include "tandem/sip/session.h"

/* event-type = event-package *( "." event-template ), each of token-nodot: no dot without a
 * word on both sides */
static bool is_event_type(struct tnd_slice type)
{
    char before = '.';

    for (size_t i = 0; i < type.len; i++) {
        if (type.ptr[i] == '.' && before == '.')
            return false;
        before = type.ptr[i];
    }
    return before != '.';
}

static bool take_event_param(void *ctx, const struct tnd_param *p)
{
    struct tnd_event *event = ctx;

    return TND_TOKEN_IS(p->name, "id") ? tnd_take_token(&event->id, p->value) : true;
}

bool tnd_event_next(struct tnd_values *v, struct tnd_event *ret)
{
    struct tnd_cursor *c = &v->c;

    ret->id = tnd_slice(NULL, 0);
    if (!tnd_values_open(v, false) || !tnd_read_token(c, TND_RULE_EVENT, &ret->type))
        return false;
    if (!is_event_type(ret->type))
        return tnd_flawed(c, TND_RULE_EVENT, ret->type.ptr);
    const char *dot = memchr(ret->type.ptr, '.', ret->type.len);
    ret->package = dot ? tnd_slice_between(ret->type.ptr, dot) : ret->type;
    return tnd_read_params(c, &ret->params, take_event_param, ret) && tnd_values_close(v);
}

void tnd_event_write(struct tnd_writer *w, const struct tnd_event *event)
{
    tnd_put(w, event->type);
    tnd_put(w, event->params);
}

static bool take_state_param(void *ctx, const struct tnd_param *p)
{
    struct tnd_subscription_state *state = ctx;

    if (TND_TOKEN_IS(p->name, "reason"))
        return tnd_take_token(&state->reason, p->value);
    if (TND_TOKEN_IS(p->name, "expires"))
        return tnd_take_number(&state->expires, p->value, UINT32_MAX);
    if (TND_TOKEN_IS(p->name, "retry-after"))
        return tnd_take_number(&state->retry_after, p->value, UINT32_MAX);
    return true;
}

static enum tnd_substate substate_of(struct tnd_slice name)
{
    if (TND_TOKEN_IS(name, "active"))
        return TND_SUBSTATE_ACTIVE;
    if (TND_TOKEN_IS(name, "pending"))
        return TND_SUBSTATE_PENDING;
    if (TND_TOKEN_IS(name, "terminated"))
        return TND_SUBSTATE_TERMINATED;
    return TND_SUBSTATE_OTHER;
}

bool tnd_subscription_state_next(struct tnd_values *v, struct tnd_subscription_state *ret)
{
    ret->reason = tnd_slice(NULL, 0);
    ret->expires = -1;
    ret->retry_after = -1;
    if (!tnd_values_open(v, false) || !tnd_read_token(&v->c, TND_RULE_TOKEN, &ret->name))
        return false;
    ret->state = (uint8_t)substate_of(ret->name);
    return tnd_read_params(&v->c, &ret->params, take_state_param, ret) && tnd_values_close(v);
}

void tnd_subscription_state_write(struct tnd_writer *w, const struct tnd_subscription_state *state)
{
    tnd_put(w, state->name);
    tnd_put_param(w, "reason", state->reason);
    tnd_put_number_param(w, "expires", state->expires);
    tnd_put_number_param(w, "retry-after", state->retry_after);
}
