/* Session-ID: one name for a session, end to end (RFC 7989 §5). */
#include "sip/value.h"
#include "tandem/sip/session.h"

enum { UUID_LEN = 32 };

static bool take_remote(void *ctx, const struct tnd_param *p)
{
    struct tnd_session_id *id = ctx;

    if (TND_TOKEN_IS(p->name, "remote"))
        return tnd_is_lhex(p->value, UUID_LEN) && tnd_take_value(&id->remote, p->value);
    return true;
}

/* local-uuid *(SEMI sess-id-param), a UUID being 32 of [0-9a-f] (RFC 7989 §5) */
bool tnd_session_id_next(struct tnd_values *v, struct tnd_session_id *ret)
{
    struct tnd_cursor *c = &v->c;

    ret->remote = tnd_slice(NULL, 0);
    if (!tnd_values_open(v, false) || !tnd_read_token(c, TND_RULE_SESSION_ID, &ret->local))
        return false;
    if (!tnd_is_lhex(ret->local, UUID_LEN))
        return tnd_flawed(c, TND_RULE_SESSION_ID, ret->local.ptr);
    return tnd_read_params(c, &ret->params, take_remote, ret) && tnd_values_close(v);
}

void tnd_session_id_write(struct tnd_writer *w, const struct tnd_session_id *id)
{
    tnd_put(w, id->local);
    tnd_put_param(w, "remote", id->remote);
}
