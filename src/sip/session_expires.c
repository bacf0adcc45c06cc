/* Session-Expires and Min-SE: session timers (RFC 4028 §4, §5). */
#include "sip/value.h"
#include "tandem/sip/session.h"

/* refresher-param = "refresher" EQUAL ("uas" / "uac") (RFC 4028 §4) */
static bool take_refresher(void *ctx, const struct tnd_param *p)
{
    struct tnd_session_expires *se = ctx;

    if (!TND_TOKEN_IS(p->name, "refresher"))
        return true;
    if (se->refresher != TND_REFRESHER_NONE)
        return false;
    if (TND_TOKEN_IS(p->value, "uac"))
        se->refresher = TND_REFRESHER_UAC;
    else if (TND_TOKEN_IS(p->value, "uas"))
        se->refresher = TND_REFRESHER_UAS;
    return se->refresher != TND_REFRESHER_NONE;
}

/* delta-seconds *(SEMI params) */
static bool read_seconds(struct tnd_values *v, struct tnd_session_expires *se,
                         bool (*take)(void *, const struct tnd_param *))
{
    uint64_t seconds;

    if (!tnd_values_open(v, false) ||
        !tnd_read_number(&v->c, TND_RULE_DELTA_SECONDS, UINT32_MAX, &seconds))
        return false;
    se->seconds = (uint32_t)seconds;
    se->refresher = TND_REFRESHER_NONE;
    return tnd_read_params(&v->c, &se->params, take, se) && tnd_values_close(v);
}

bool tnd_session_expires_next(struct tnd_values *v, struct tnd_session_expires *ret)
{
    return read_seconds(v, ret, take_refresher);
}

bool tnd_min_se_next(struct tnd_values *v, struct tnd_session_expires *ret)
{
    return read_seconds(v, ret, tnd_take_any);
}

void tnd_session_expires_write(struct tnd_writer *w, const struct tnd_session_expires *se)
{
    tnd_put_number(w, se->seconds);
    if (se->refresher == TND_REFRESHER_UAC)
        tnd_put(w, TND_STR(";refresher=uac"));
    else if (se->refresher == TND_REFRESHER_UAS)
        tnd_put(w, TND_STR(";refresher=uas"));
}
