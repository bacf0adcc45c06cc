/* Call-Info, Alert-Info, Error-Info: a URI in <> and what it is for (RFC 3261 §20.9). Privacy,
 * whose values are parted by semicolons (RFC 3323 §4.2). */
#include "sip/value.h"
#include "tandem/sip/notice.h"

static bool take_info_param(void *ctx, const struct tnd_param *p)
{
    struct tnd_info *info = ctx;

    if (TND_TOKEN_IS(p->name, "purpose"))
        return tnd_take_token(&info->purpose, p->value);
    return true;
}

/* LAQUOT absoluteURI RAQUOT *( SEMI info-param ) (RFC 3261 §25.1) */
bool tnd_info_next(struct tnd_values *v, struct tnd_info *ret)
{
    struct tnd_cursor *c = &v->c;

    if (!tnd_values_open(v, false))
        return false;
    if (tnd_peek(c, c->at) != '<')
        return tnd_flawed(c, TND_RULE_INFO_ANGLE, c->at);
    const char *end = tnd_uri_at(c, c->at + 1, TND_URI_ANGLE, &ret->uri);
    if (!end)
        return false;
    if (end == c->end)
        return tnd_flawed(c, TND_RULE_INFO_ANGLE, end);
    c->at = end + 1; /* behind the '>' */
    ret->purpose = tnd_slice(NULL, 0);
    return tnd_read_params(c, &ret->params, take_info_param, ret) && tnd_values_close(v);
}

void tnd_info_write(struct tnd_writer *w, const struct tnd_info *info)
{
    tnd_put_char(w, '<');
    tnd_uri_write(w, &info->uri);
    tnd_put_char(w, '>');
    tnd_put(w, info->params);
}

/* priv-value *(";" priv-value). Departs from RFC 3323 §4.2: commas are taken too, because
 * there are those who send a list as every other field has it, and it can mean nothing else. */
bool tnd_privacy_next(struct tnd_values *v, struct tnd_slice *ret)
{
    struct tnd_cursor *c = &v->c;

    if (c->flaw.rule == TND_RULE_NONE && v->opened && tnd_peek(c, c->at) == ';') {
        c->at++;
        tnd_skip_space(c);
        if (v->count++ == TND_LIST_COUNT_MAX)
            return tnd_flawed(c, TND_RULE_LIST_COUNT, c->at);
    } else if (!tnd_values_open(v, false)) {
        return false;
    }
    if (!tnd_read_token(c, TND_RULE_TOKEN, ret))
        return false;
    tnd_skip_space(c);
    return tnd_peek(c, c->at) == ';' || tnd_values_close(v);
}
