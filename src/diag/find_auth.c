/* 401 and 407: what is wrong with the credentials, or why there are none (RFC 3261 §22; RFC 7616 §3.3;
 * RFC 8760). */
#include "diag/find_case.h"

enum { CHALLENGES_MAX = 4 }; /* one for each of two realms, and each nonce may be old once */

/* A challenge and the request that got it. */
struct refusal {
    uint32_t response, request;
    struct tnd_auth challenge; /* the first that is Digest; scheme absent: none */
    struct tnd_auth
        proof; /* of the request, in the field that this code asks for, for this realm */
    struct tnd_auth other; /* in that field, for another realm */
    bool has_proof, has_other;
};

static bool is_challenge(const struct find_case *c, uint32_t i)
{
    return (c->m[i].code == 401 || c->m[i].code == 407) && !c->m[i].is_again;
}

static enum tnd_header field_of(unsigned code)
{
    return code == 407 ? TND_HEADER_PROXY_AUTHORIZATION : TND_HEADER_AUTHORIZATION;
}

static enum tnd_header other_field_of(unsigned code)
{
    return code == 407 ? TND_HEADER_AUTHORIZATION : TND_HEADER_PROXY_AUTHORIZATION;
}

static enum tnd_header challenge_of(unsigned code)
{
    return code == 407 ? TND_HEADER_PROXY_AUTHENTICATE : TND_HEADER_WWW_AUTHENTICATE;
}

static void read_challenge(struct find_case *c, struct refusal *ret)
{
    struct tnd_values v =
        tnd_msg_values(case_msg(c, ret->response), challenge_of(c->m[ret->response].code));
    struct tnd_auth auth;

    while (tnd_challenge_next(&v, &auth))
        if (!ret->challenge.scheme.ptr || (auth.digest && !ret->challenge.digest))
            ret->challenge = auth;
}

static void read_proof(struct find_case *c, struct refusal *ret)
{
    struct tnd_values v =
        tnd_msg_values(case_msg(c, ret->request), field_of(c->m[ret->response].code));
    struct tnd_auth auth;

    while (tnd_credentials_next(&v, &auth)) {
        if (tnd_value_eq(auth.realm, ret->challenge.realm)) {
            ret->proof = auth;
            ret->has_proof = true;
        } else {
            ret->other = auth;
            ret->has_other = true;
        }
    }
}

static void read_refusal(struct find_case *c, uint32_t response, struct refusal *ret)
{
    *ret = (struct refusal){.response = response, .request = case_request(c, response)};
    read_challenge(c, ret);
    if (ret->request != CASE_NONE)
        read_proof(c, ret);
}

/* The challenge that the request is an answer to: the last one before it, to the same sender. */
static uint32_t challenge_before(struct find_case *c, uint32_t request)
{
    for (uint32_t i = request; i-- > 0;)
        if (is_challenge(c, i) && case_next_try(c, i) == request)
            return i;
    return CASE_NONE;
}

/* Any of its challenges has this nonce, or offers this algorithm. */
static bool says(struct find_case *c, uint32_t response, const struct tnd_auth *proof,
                 bool algorithm)
{
    struct tnd_values v = tnd_msg_values(case_msg(c, response), challenge_of(c->m[response].code));
    struct tnd_auth auth;

    while (tnd_challenge_next(&v, &auth))
        if (algorithm ? auth.algorithm == proof->algorithm : tnd_value_eq(auth.nonce, proof->nonce))
            return true;
    return false;
}

/* Nobody who speaks only MD5 can answer. */
static bool has_md5(struct find_case *c, uint32_t response)
{
    const struct tnd_auth md5 = {.algorithm = TND_ALGORITHM_MD5};

    return says(c, response, &md5, true);
}

static enum tnd_diag_rule cause_of_proof(struct find_case *c, const struct refusal *now)
{
    uint32_t before = challenge_before(c, now->request);
    struct refusal then;

    if (now->challenge.stale == TND_YES)
        return TND_DIAG_RULE_AUTH_NONCE_OLD;
    if (before == CASE_NONE)
        return TND_DIAG_RULE_AUTH_REJECTED;
    read_refusal(c, before, &then);
    if (then.has_proof && tnd_slice_eq(then.proof.response, now->proof.response) &&
        tnd_slice_eq(then.proof.nonce, now->proof.nonce))
        return TND_DIAG_RULE_AUTH_REPEATED;
    if (!tnd_value_eq(then.challenge.realm, now->challenge.realm))
        return TND_DIAG_RULE_AUTH_REJECTED;
    if (!says(c, before, &now->proof, false))
        return TND_DIAG_RULE_AUTH_NONCE_IGNORED;
    if (!says(c, before, &now->proof, true))
        return TND_DIAG_RULE_AUTH_ALGORITHM;
    return TND_DIAG_RULE_AUTH_REJECTED;
}

/* The request answers a challenge of this realm, but with something else. */
static bool was_asked_for(struct find_case *c, const struct refusal *now)
{
    uint32_t before = challenge_before(c, now->request);
    struct refusal then;

    if (before == CASE_NONE || c->m[before].code != c->m[now->response].code)
        return false;
    read_refusal(c, before, &then);
    return tnd_value_eq(then.challenge.realm, now->challenge.realm);
}

static enum tnd_diag_rule cause_without_proof(struct find_case *c, const struct refusal *now)
{
    if (was_asked_for(c, now)) {
        if (now->has_other)
            return TND_DIAG_RULE_AUTH_REALM_WRONG;
        if (tnd_msg_has(case_msg(c, now->request), other_field_of(c->m[now->response].code)))
            return TND_DIAG_RULE_AUTH_FIELD_WRONG;
    }
    if (case_next_try(c, now->response) != CASE_NONE || c->call->result != TND_DIAG_FAILED)
        return TND_DIAG_RULE_NONE;
    return has_md5(c, now->response) || !now->challenge.digest ? TND_DIAG_RULE_AUTH_NOT_ANSWERED
                                                               : TND_DIAG_RULE_AUTH_ALGORITHM;
}

static enum tnd_diag_rule cause_of(struct find_case *c, const struct refusal *now)
{
    if (now->request == CASE_NONE || !now->challenge.scheme.ptr)
        return TND_DIAG_RULE_NONE;
    return now->has_proof ? cause_of_proof(c, now) : cause_without_proof(c, now);
}

void find_auth(struct find_case *c)
{
    struct refusal now;

    if (!case_has(c, 401) && !case_has(c, 407))
        return;
    for (uint32_t i = 0; i < c->count; i++) {
        if (!is_challenge(c, i) || case_is_handed_up(c, i))
            continue;
        read_refusal(c, i, &now);
        enum tnd_diag_rule rule = cause_of(c, &now);
        if (rule == TND_DIAG_RULE_NONE)
            continue;
        struct tnd_diag_finding *f = case_raise(c, rule, i);
        case_blame_sender(c, f, now.request);
        case_show_field(c, f, i, challenge_of(c->m[i].code));
        case_show_field(c, f, now.request, field_of(c->m[i].code));
        f->detail = rule == TND_DIAG_RULE_AUTH_ALGORITHM ? now.challenge.algorithm_name
                                                         : case_unquoted(now.challenge.realm);
        /* Who has no password, or one of another algorithm, is not told apart by the messages. */
        f->is_guess = rule == TND_DIAG_RULE_AUTH_ALGORITHM && !now.has_proof;
        case_ease(c, f, i);
    }
}

void find_auth_loop(struct find_case *c)
{
    uint32_t first = CASE_NONE, last = CASE_NONE;
    size_t count = 0;

    if (!case_has(c, 401) && !case_has(c, 407))
        return;
    for (uint32_t i = 0; i < c->count; i++) {
        if (!is_challenge(c, i) || case_is_handed_up(c, i) || case_next_try(c, i) == CASE_NONE)
            continue;
        if (first != CASE_NONE && c->m[i].method != c->m[first].method)
            continue;
        if (first == CASE_NONE)
            first = i;
        last = i;
        count++;
    }
    if (count < CHALLENGES_MAX)
        return;
    struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_AUTH_LOOP, last);
    case_show(f, first);
    if (case_request(c, last) != CASE_NONE)
        case_blame_sender(c, f, case_request(c, last));
    case_ease(c, f, last);
}
