/* What a server says of itself when it has accepted somebody: Authentication-Info (RFC 7616 §3.5). */
#include "auth/client.h"

/* The realm whose nonce a request proved itself with, to the server at its end. */
static struct tnd_auth_realm *find_used(struct tnd_auth_client *c, const struct tnd_msg *request,
                                        struct tnd_auth *ret)
{
    for (size_t i = 0; i < c->count; i++) {
        struct tnd_auth_realm *r = &c->realm[i];

        if (!r->is_proxy && client_find_sent(request, r, ret) &&
            tnd_value_eq(ret->nonce, client_nonce(r)))
            return r;
    }
    return NULL;
}

/* RFC 7616 §3.5: as the response, but without a method, and of auth-int with the body of the answer. */
static enum tnd_auth_proof check_proof(const struct tnd_auth_client *c,
                                       const struct tnd_auth_realm *r, const struct tnd_auth *sent,
                                       const struct tnd_auth *info, struct tnd_slice body)
{
    char uri_room[TND_URI_LEN_MAX], said_room[AUTH_HEX_SIZE], cnonce_room[CLIENT_CNONCE_LEN];
    char nc_room[CLIENT_NC_LEN], response_room[AUTH_HEX_SIZE];
    struct tnd_writer uri = tnd_writer(uri_room, sizeof(uri_room));
    struct tnd_writer said = tnd_writer(said_room, sizeof(said_room));

    if (!info->response.ptr || !r->qop)
        return TND_AUTH_UNPROVED;
    const struct auth_secret secret = client_secret(c, r, client_cnonce(c, r, cnonce_room));
    tnd_unquote(&uri, sent->uri);
    tnd_unquote(&said, info->response);
    const struct auth_act act = {.qop = r->qop,
                                 .nc = client_nc(sent->nc_count, nc_room),
                                 .method = TND_STR(""),
                                 .uri = tnd_writer_slice(&uri),
                                 .body = body};
    struct tnd_slice right = auth_respond(&secret, &act, response_room);
    if (!right.ptr || tnd_writer_over(&uri))
        return TND_AUTH_UNPROVED;
    return !tnd_writer_over(&said) && tnd_digest_eq(right, tnd_writer_slice(&said))
               ? TND_AUTH_PROVED
               : TND_AUTH_FALSE;
}

/* RFC 7616 §3.5: a client "SHOULD construct the Authorization header field using this method for its next
 * request". One that is too long is none. */
static void take_next(struct tnd_auth_realm *r, struct tnd_slice nextnonce)
{
    char room[TND_AUTH_NONCE_LEN_MAX];
    uint16_t len;

    if (!nextnonce.ptr || !client_take_text(nextnonce, room, sizeof(room), &len))
        return;
    memcpy(r->nonce, room, len);
    r->nonce_len = len;
    r->count = 0;
}

enum tnd_auth_proof tnd_auth_client_answered(struct tnd_auth_client *c,
                                             const struct tnd_msg *request,
                                             const struct tnd_msg *response)
{
    struct tnd_values v = tnd_msg_values(response, TND_HEADER_AUTHENTICATION_INFO);
    struct tnd_auth info, sent;

    if (!tnd_auth_info_next(&v, &info))
        return TND_AUTH_UNPROVED;
    struct tnd_auth_realm *r = find_used(c, request, &sent);
    if (!r)
        return TND_AUTH_UNPROVED;
    enum tnd_auth_proof proof = check_proof(c, r, &sent, &info, response->body);
    if (proof != TND_AUTH_FALSE)
        take_next(r, info.nonce);
    return proof;
}
