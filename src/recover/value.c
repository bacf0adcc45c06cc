/* Intervals that were too short. They are only raised. */
#include "recover/recover.h"

static uint32_t seconds_of(const struct tnd_msg *msg, enum tnd_header kind)
{
    uint32_t seconds;

    if (!msg)
        return 0;
    struct tnd_values v = tnd_msg_values(msg, kind);
    return tnd_seconds_next(&v, &seconds) ? seconds : 0;
}

static uint32_t session_of(const struct tnd_msg *msg)
{
    struct tnd_session_expires se;

    if (!msg)
        return 0;
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_SESSION_EXPIRES);
    return tnd_session_expires_next(&v, &se) ? se.seconds : 0;
}

static uint32_t min_session_of(const struct tnd_msg *msg)
{
    struct tnd_session_expires se;

    if (!msg)
        return 0;
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_MIN_SE);
    return tnd_min_se_next(&v, &se) ? se.seconds : 0;
}

/* RFC 4028 §7.3: the retry has "the largest value" of Min-SE that any 422 had. */
bool recover_raise_min_se(struct recover_case *c)
{
    uint32_t min = min_session_of(c->response), had = session_of(c->request);

    if (min == 0)
        return RECOVER_REFUSE(c, TND_STR("the response does not say how often: no Min-SE"));
    if (min <= had || min <= c->r->next.min_se)
        return RECOVER_REFUSE(c, TND_STR("Min-SE "), recover_number(c, min),
                              TND_STR(" is not more than what was asked for"));
    c->r->next.min_se = min;
    return RECOVER_DO(c, TND_STR("Session-Expires and Min-SE "), recover_number(c, min));
}

static uint32_t expires_of(const struct tnd_msg *msg)
{
    struct tnd_contact contact;
    uint32_t most = seconds_of(msg, TND_HEADER_EXPIRES);

    if (!msg)
        return 0;
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_CONTACT);
    while (tnd_contact_next(&v, &contact))
        if (contact.expires > (int64_t)most)
            most = (uint32_t)contact.expires;
    return most;
}

/* RFC 3261 §20.19, RFC 3428 §4, RFC 3903 §4, RFC 6665 §3.1.1: of others it means nothing. */
static bool may_expire(enum tnd_method method)
{
    return method == TND_METHOD_REGISTER || method == TND_METHOD_INVITE ||
           method == TND_METHOD_SUBSCRIBE || method == TND_METHOD_PUBLISH ||
           method == TND_METHOD_MESSAGE;
}

/* An interval of 0 ends something; whoever raised that would begin it again. */
static bool ends_something(const struct tnd_msg *request)
{
    return request && tnd_msg_has(request, TND_HEADER_EXPIRES) && expires_of(request) == 0;
}

bool recover_raise_expires(struct recover_case *c)
{
    uint32_t min = seconds_of(c->response, TND_HEADER_MIN_EXPIRES);

    if (min == 0)
        return RECOVER_REFUSE(c, TND_STR("the response does not say how soon: no Min-Expires"));
    if (!may_expire((enum tnd_method)c->attempt->method))
        return RECOVER_REFUSE(c, TND_STR("the request has no Expires that could be longer"));
    if (min <= expires_of(c->request) || min <= c->r->next.expires)
        return RECOVER_REFUSE(c, TND_STR("Min-Expires "), recover_number(c, min),
                              TND_STR(" is not more than what was asked for"));
    if (ends_something(c->request))
        return RECOVER_REFUSE(c, TND_STR("the request was to end it, at once"));
    c->r->next.expires = min;
    return RECOVER_DO(c, TND_STR("Expires "), recover_number(c, min));
}
