/* Replaces and Join: a dialog by its Call-ID and tags (RFC 3891 §6.1). */
#include "sip/value.h"
#include "tandem/sip/session.h"

/* to-tag / from-tag / early-flag / generic-param (RFC 3891 §6.1) */
static bool take_tag(void *ctx, const struct tnd_param *p)
{
    struct tnd_dialog_id *id = ctx;

    if (TND_TOKEN_IS(p->name, "to-tag"))
        return tnd_take_token(&id->to_tag, p->value);
    if (TND_TOKEN_IS(p->name, "from-tag"))
        return tnd_take_token(&id->from_tag, p->value);
    if (TND_TOKEN_IS(p->name, "early-only")) {
        if (id->early_only || p->value.ptr)
            return false;
        id->early_only = true;
    }
    return true;
}

bool tnd_dialog_id_next(struct tnd_values *v, struct tnd_dialog_id *ret)
{
    struct tnd_cursor *c = &v->c;

    *ret = (struct tnd_dialog_id){0};
    if (!tnd_values_open(v, false) || !tnd_read_call_id(c, &ret->call_id) ||
        !tnd_read_params(c, &ret->params, take_tag, ret))
        return false;
    /* RFC 3891 §6.1: "MUST contain exactly one to-tag and exactly one from-tag" */
    if (!ret->to_tag.ptr || !ret->from_tag.ptr)
        return tnd_flawed(c, TND_RULE_DIALOG_TAGS, ret->call_id.ptr);
    return tnd_values_close(v);
}

void tnd_dialog_id_write(struct tnd_writer *w, const struct tnd_dialog_id *id)
{
    tnd_put(w, id->call_id);
    tnd_put_param(w, "to-tag", id->to_tag);
    tnd_put_param(w, "from-tag", id->from_tag);
    if (id->early_only)
        tnd_put(w, TND_STR(";early-only"));
}
