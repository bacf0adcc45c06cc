/* 401 and 407: whether it is of use to prove who we are (RFC 3261 §22.2, §22.3). */
#include "recover/recover.h"

enum { STALE_IN_ROW_MAX = 2 };

/* RFC 7616 §3.3: without qop only as RFC 2069 had it, by MD5; one that is unknown is ignored. */
static bool can_be_answered(const struct tnd_auth *auth)
{
    if (!auth->digest || auth->algorithm == TND_ALGORITHM_OTHER)
        return false;
    return auth->qop.ptr ? auth->qops != 0 : auth->algorithm == TND_ALGORITHM_MD5;
}

/* A challenge of that field that can be answered; else ret is the last one, if there is any. */
static bool find(const struct recover_case *c, enum tnd_header kind, struct tnd_auth *ret)
{
    struct tnd_values v = tnd_msg_values(c->response, kind);
    struct tnd_auth auth;

    while (tnd_challenge_next(&v, &auth)) {
        *ret = auth;
        if (can_be_answered(&auth))
            return true;
    }
    return false;
}

/* A response of a proxy that forked may have both (RFC 3261 §16.7, step 7). */
static bool find_any(const struct recover_case *c, struct tnd_auth *ret)
{
    return c->response && (find(c, TND_HEADER_WWW_AUTHENTICATE, ret) ||
                           find(c, TND_HEADER_PROXY_AUTHENTICATE, ret));
}

static struct tnd_slice algorithm_of(const struct tnd_auth *auth)
{
    return auth->algorithm_name.ptr ? auth->algorithm_name : TND_STR("no algorithm");
}

static bool refuse_unknown(struct recover_case *c, const struct tnd_auth *auth)
{
    if (!auth->scheme.ptr)
        return RECOVER_REFUSE(c, TND_STR("the response holds no challenge that can be read"));
    return RECOVER_REFUSE(c, TND_STR("the challenge cannot be answered: "), auth->scheme,
                          TND_STR(" with "), algorithm_of(auth));
}

/* RFC 3261 §22.2: "MUST NOT re-attempt requests with the credentials that have just been rejected (though
 * the request may be retried if the nonce was stale)". */
static bool may_repeat(struct recover_case *c, struct tnd_slice realm)
{
    if (!c->attempt->had_credentials) {
        c->r->stale_in_row = 0;
        return true;
    }
    if (!c->attempt->is_stale)
        return RECOVER_REFUSE(c, TND_STR("the name and password for "), realm,
                              TND_STR(" were rejected"));
    if (c->r->stale_in_row == STALE_IN_ROW_MAX)
        return recover_refuse(
            c, TND_RULE_RECOVER_STALE,
            RECOVER_TEXT(c, realm, TND_STR(" says of each nonce that it is old")));
    c->r->stale_in_row++;
    return true;
}

bool recover_answer_challenge(struct recover_case *c)
{
    struct tnd_auth auth = {0};

    if (!find_any(c, &auth))
        return refuse_unknown(c, &auth);
    if (!c->attempt->has_credentials)
        return RECOVER_REFUSE(c, TND_STR("there is no password for "), auth.realm);
    if (!may_repeat(c, auth.realm))
        return false;
    return RECOVER_DO(c, TND_STR("for "), auth.realm, TND_STR(" by "),
                      tnd_slice_str(tnd_algorithm_name((enum tnd_algorithm)auth.algorithm)),
                      c->attempt->had_credentials ? TND_STR(", with a new nonce") : TND_STR(""));
}
