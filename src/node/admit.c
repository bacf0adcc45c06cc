/* Who may have what (RFC 3261 §22, §16.3 step 6, §10.3 steps 3 and 4), and proves who he is. No open
 * relay: what is for a domain that we do not serve is passed on for users of ours and for peers that
 * are trusted, and for nobody else; within a dialog for its sides, each to the other (pass.c). */
#include "base/assert.h"
#include "node/context.h"

static struct tnd_auth_with with_of(const struct tnd_node *n, struct tnd_slice realm)
{
    const struct tnd_node_auth *config = &n->config->auth;

    return (struct tnd_auth_with){.realm = realm,
                                  .algorithms = config->algorithms,
                                  .algorithm_count = n->digester ? config->algorithm_count : 0,
                                  .digester = n->digester,
                                  .key = &n->key};
}

static enum tnd_auth_role role_of(const struct node_pass *pass)
{
    return pass->is_register ? TND_AUTH_REGISTRAR : TND_AUTH_PROXY;
}

/* Who must be the user: the one whose bindings he changes (RFC 3261 §10.3 step 4), or who he says that
 * he is. false: there is none. */
static bool claimed_uri(const struct tnd_msg *msg, const struct node_pass *pass,
                        struct tnd_uri *ret)
{
    struct tnd_addr addr;
    bool is_there =
        pass->is_register ? tnd_msg_to(msg, &addr, NULL) : tnd_msg_from(msg, &addr, NULL);

    *ret = addr.uri;
    return is_there;
}

/* The realm that users are added for where nobody says ours: their own domain. In a. Absent: it is ours,
 * or he is no user of ours. */
static struct tnd_slice own_realm(const struct tnd_node *n, const struct tnd_flow *flow,
                                  const struct tnd_msg *msg, const struct node_pass *pass,
                                  struct tnd_arena *a)
{
    struct tnd_slice aor = tnd_slice(NULL, 0), realm;
    struct tnd_uri uri;

    if (claimed_uri(msg, pass, &uri) && uri.scheme != TND_SCHEME_TEL &&
        !tnd_slice_eq(uri.host, n->config->auth.realm) && node_is_ours(n, flow, &uri))
        aor = node_aor(n, &uri, a);
    if (!aor.ptr)
        return aor;
    const char *at = memchr(aor.ptr, '@', aor.len); /* an AOR has one */
    TND_ASSERT(at);
    realm = tnd_slice_between(at + 1, tnd_slice_end(aor));
    return tnd_slice_eq(realm, n->config->auth.realm) ? tnd_slice(NULL, 0) : realm;
}

/* Whether the sender says that he is one of our users. */
static bool is_from_ours(const struct tnd_node *n, const struct tnd_flow *flow,
                         const struct tnd_msg *msg)
{
    struct tnd_addr from;

    return tnd_msg_from(msg, &from, NULL) && from.uri.scheme != TND_SCHEME_TEL &&
           node_is_ours(n, flow, &from.uri);
}

/* RFC 3261 §22.1: nobody can answer a challenge to an ACK or a CANCEL. */
static bool needs_proof(const struct tnd_node *n, const struct tnd_flow *flow,
                        const struct tnd_msg *msg, const struct node_pass *pass)
{
    if (msg->method == TND_METHOD_ACK || msg->method == TND_METHOD_CANCEL || pass->is_known ||
        pass->is_spiral || node_is_trusted(n, &flow->remote))
        return false;
    if (pass->is_foreign)
        return true;
    return n->config->auth.required && (pass->is_register || is_from_ours(n, flow, msg));
}

/* The challenge, in a. */
static void challenge(struct tnd_node *n, const struct tnd_msg *msg, const struct node_pass *pass,
                      enum tnd_auth_result result, struct tnd_arena *a, struct node_answer *ret)
{
    struct tnd_auth_with with =
        with_of(n, pass->own_realm.ptr ? pass->own_realm : n->config->auth.realm);
    size_t room = with.algorithm_count * (256 + 2 * with.realm.len);
    char *at = tnd_arena_take(a, room);
    struct tnd_writer w = tnd_writer(at, at ? room : 0);

    tnd_auth_challenge_write(&w, &with, msg, role_of(pass), result == TND_AUTH_STALE, node_wall(n));
    *ret = (struct node_answer){.code = pass->is_register ? 401 : 407,
                                .rule = tnd_auth_rule(result),
                                .fields = tnd_writer_slice(&w)};
    if (pass->is_astray && result == TND_AUTH_NONE) { /* it would have needed no proof */
        ret->rule = TND_RULE_PROXY_SIDE;
        ret->says_why = true;
    }
}

static void refuse(struct node_answer *ret, enum tnd_rule rule, struct tnd_slice fact)
{
    *ret = (struct node_answer){.code = 403, .rule = rule, .fact = fact, .says_why = true};
}

/* Credentials for the realm of his domain, which he has been asked for, come before those for ours. */
static enum tnd_auth_result read_credentials(const struct tnd_node *n, const struct node_got *got,
                                             struct node_pass *pass)
{
    struct tnd_credentials cred;
    enum tnd_header kind =
        pass->is_register ? TND_HEADER_AUTHORIZATION : TND_HEADER_PROXY_AUTHORIZATION;
    struct tnd_auth_with with;

    if (!tnd_msg_has(got->msg, kind))
        return TND_AUTH_NONE;
    pass->own_realm = own_realm(n, &got->flow, got->msg, pass, got->a);
    if (pass->own_realm.ptr) {
        with = with_of(n, pass->own_realm);
        enum tnd_auth_result result =
            tnd_auth_read(&with, got->msg, role_of(pass), node_wall(n), &cred);
        if (result != TND_AUTH_NONE)
            return result;
    }
    pass->own_realm = tnd_slice(NULL, 0);
    with = with_of(n, n->config->auth.realm);
    return tnd_auth_read(&with, got->msg, role_of(pass), node_wall(n), &cred);
}

bool node_admit(struct tnd_node *n, struct node_got *got, struct node_answer *ret)
{
    struct node_pass *pass = &got->pass;

    if (!needs_proof(n, &got->flow, got->msg, pass))
        return true;
    if (with_of(n, n->config->auth.realm).algorithm_count == 0) {
        refuse(ret, pass->is_astray ? TND_RULE_PROXY_SIDE : TND_RULE_PROXY_RELAY, got->msg->uri);
        return false;
    }
    enum tnd_auth_result result = read_credentials(n, got, pass);
    pass->has_claim = result == TND_AUTH_CLAIMED;
    if (!pass->has_claim)
        challenge(n, got->msg, pass, result, got->a, ret);
    return pass->has_claim;
}

/* The address-of-record of "alice" or "alice@example.com". */
static struct tnd_slice aor_of(const struct tnd_node *n, const struct node_context *ctx,
                               const struct tnd_credentials *cred, struct tnd_arena *a)
{
    struct tnd_uri uri = {.scheme = TND_SCHEME_SIP, .host_kind = TND_HOST_NAME}, claimed;
    char *at = tnd_arena_take(a, 3 * cred->name.len);
    struct tnd_writer w = tnd_writer(at, at ? 3 * cred->name.len : 0);

    tnd_put_user(&w, cred->name);
    uri.user = tnd_writer_slice(&w);
    uri.host = cred->domain;
    if (!uri.host.ptr && claimed_uri(ctx->request->msg, &ctx->pass, &claimed) &&
        node_is_ours(n, &ctx->flow, &claimed))
        uri.host = claimed.host;
    if (!uri.host.ptr && n->config->domain_count > 0)
        uri.host = n->config->domains[0];
    return uri.host.ptr && uri.user.len > 0 ? node_aor(n, &uri, a) : tnd_slice(NULL, 0);
}

static enum tnd_auth_result read_claim(const struct tnd_node *n, const struct node_context *ctx,
                                       struct tnd_credentials *ret)
{
    struct tnd_auth_with with = with_of(n, node_realm(n, ctx));

    return tnd_auth_read(&with, ctx->request->msg, role_of(&ctx->pass), node_wall(n), ret);
}

void node_admit_ask(struct tnd_node *n, struct node_context *ctx)
{
    struct tnd_credentials cred;
    struct tnd_slice aor = tnd_slice(NULL, 0);

    if (read_claim(n, ctx, &cred) == TND_AUTH_CLAIMED)
        aor = aor_of(n, ctx, &cred, &ctx->arena);
    if (!aor.ptr) /* a name that no user of ours can have: asked all the same, as for any other */
        aor = TND_STR("@");
    node_context_find(n, ctx, NODE_STAGE_ADMIT, aor);
}

/* The user may do this in his own name only. A From of another domain is no claim to be one of ours. */
static bool is_himself(struct tnd_node *n, const struct node_context *ctx,
                       const struct tnd_credentials *cred)
{
    struct tnd_uri uri;

    if (!claimed_uri(ctx->request->msg, &ctx->pass, &uri) || !node_is_ours(n, &ctx->flow, &uri))
        return !ctx->pass.is_register;
    struct tnd_slice claimed = node_aor(n, &uri, &n->work);
    return claimed.ptr && tnd_slice_eq(claimed, aor_of(n, ctx, cred, &n->work));
}

struct tnd_slice node_realm(const struct tnd_node *n, const struct node_context *ctx)
{
    return ctx->pass.own_realm.ptr ? ctx->pass.own_realm : n->config->auth.realm;
}

/* Whether he was added for the realm of his domain, and did not know that he will be asked for that. He is
 * from now on. */
static bool is_of_own_realm(const struct tnd_node *n, struct node_context *ctx,
                            const struct tnd_entry *entry)
{
    struct tnd_slice realm;

    if (ctx->pass.own_realm.ptr || !entry->user)
        return false;
    realm = own_realm(n, &ctx->flow, ctx->request->msg, &ctx->pass, &ctx->arena);
    if (!realm.ptr || !tnd_slice_eq(realm, entry->user->realm))
        return false;
    ctx->pass.own_realm = realm;
    return true;
}

bool node_admit_claim(struct tnd_node *n, struct node_context *ctx, const struct tnd_entry *entry)
{
    struct tnd_auth_with with = with_of(n, node_realm(n, ctx));
    struct node_answer answer;
    struct tnd_credentials cred;
    enum tnd_auth_result result = read_claim(n, ctx, &cred);

    if (result == TND_AUTH_CLAIMED && is_of_own_realm(n, ctx, entry))
        result = TND_AUTH_NONE;
    else if (result == TND_AUTH_CLAIMED)
        result = tnd_auth_check(&with, &cred, entry->user, n->auth_seen);
    if (result != TND_AUTH_GOOD)
        challenge(n, ctx->request->msg, &ctx->pass, result, &n->work, &answer);
    else if (!is_himself(n, ctx, &cred))
        refuse(&answer, ctx->pass.is_register ? TND_RULE_REGISTRAR_USER : TND_RULE_PROXY_FROM,
               cred.username);
    else
        return true;
    node_context_answer(n, ctx, &answer);
    return false;
}
