/* Tokens of our Record-Route (tandem/proxy/forward.h): what leads to a side of a dialog.
 *
 *   side      of the call and of the tag of that side
 *   way       the side, and the next proxy if there is one
 *   target    of the side and its Contact
 *
 * A digest of the Call-ID alone would do to know a call again, but be a leave for whoever is in one, or has
 * seen one, to have us send anything anywhere. */
#include "proxy/branch.h"

enum { USER_ROOM = 256, HOST_ROOM = 32, PORT = 5060, PORT_SIPS = 5061 };

/* With needless escapes undone (RFC 3261 §19.1.4). What may not stand there without its escape keeps it:
 * another user has another digest. One that is so long is taken as it stands. */
static struct tnd_slice unescaped(struct tnd_slice user, char room[USER_ROOM])
{
    struct tnd_writer w = tnd_writer(room, USER_ROOM);

    for (size_t i = 0, len; i < user.len; i += len) {
        char octet;
        struct tnd_writer one = tnd_writer(&octet, 1);

        len = user.ptr[i] == '%' && user.len - i >= 3 ? 3 : 1;
        tnd_put_unescaped(&one, tnd_slice(user.ptr + i, len));
        tnd_put_user(&w, tnd_slice(&octet, 1));
    }
    return tnd_writer_over(&w) ? user : tnd_writer_slice(&w);
}

/* Of a URI that is neither SIP nor SIPS all of it. */
static struct tnd_slice user_of(const struct tnd_uri *uri, char room[USER_ROOM])
{
    if (uri->scheme != TND_SCHEME_SIP && uri->scheme != TND_SCHEME_SIPS)
        return uri->text;
    if (uri->user.len == 0 || !memchr(uri->user.ptr, '%', uri->user.len))
        return uri->user;
    return unescaped(uri->user, room);
}

/* Who says no port means the usual one, and may be told so by some phone. */
static uint64_t port_of(const struct tnd_uri *uri)
{
    if (uri->port >= 0)
        return (uint16_t)uri->port;
    return uri->scheme == TND_SCHEME_SIPS ? PORT_SIPS : PORT;
}

/* An IPv6 address in one way of its many (RFC 5954 §4.2), as octets in digits; else as it stands. */
static struct tnd_slice host_of(const struct tnd_uri *uri, char room[HOST_ROOM])
{
    struct tnd_writer w = tnd_writer(room, HOST_ROOM);
    uint8_t octets[16];

    if (uri->host_kind != TND_HOST_IPV6 || !tnd_ipv6_octets(uri->host, octets))
        return uri->host;
    tnd_put_hex(&w, octets, sizeof(octets));
    return tnd_writer_slice(&w);
}

/* By maddr a URI leads elsewhere (§19.1.1). */
static uint64_t with_maddr(const struct tnd_siphash_key *key, uint64_t place,
                           const struct tnd_uri *uri)
{
    struct tnd_siphash_words h;
    struct tnd_slice maddr;

    if (!tnd_param_find(uri->params, TND_STR("maddr"), &maddr))
        return place;
    proxy_begin(&h, key, PROXY_OF_MADDR, proxy_len(maddr));
    tnd_siphash_put_number(&h, place);
    tnd_siphash_put_lower(&h, maddr);
    return tnd_siphash_finish(&h);
}

/* Of a side and a URI: of what it leads to. */
static uint64_t place_of(const struct tnd_siphash_key *key, enum proxy_digest digest, uint64_t side,
                         const struct tnd_uri *uri)
{
    char user_room[USER_ROOM], host_room[HOST_ROOM];
    struct tnd_slice user = user_of(uri, user_room), host = host_of(uri, host_room);
    struct tnd_siphash_words h;
    uint64_t place;

    proxy_begin(&h, key, digest,
                (uint64_t)uri->scheme << 48 | port_of(uri) << 32 | (uint64_t)proxy_len(user) << 16 |
                    proxy_len(host));
    tnd_siphash_put_number(&h, side);
    tnd_siphash_put_text(&h, user);
    tnd_siphash_put_lower(&h, host);
    place = tnd_siphash_finish(&h);
    return uri->params.len > 0 ? with_maddr(key, place, uri) : place;
}

/* RFC 3261 §7.3.1: a tag is a token, and compares without case. */
static uint64_t side_of(const struct tnd_branch_seed *seed, struct tnd_slice tag)
{
    struct tnd_siphash_words h;

    proxy_begin(&h, seed->key, PROXY_OF_SIDE, proxy_len(tag));
    tnd_siphash_put_number(&h, seed->call);
    tnd_siphash_put_lower(&h, tag);
    return tnd_siphash_finish(&h);
}

static uint64_t way_of(const struct tnd_siphash_key *key, uint64_t side, const struct tnd_uri *next)
{
    return next ? place_of(key, PROXY_OF_WAY, side, next) : side;
}

/* Without a Contact it is one that no Request-URI has. */
static uint64_t target_of(const struct tnd_siphash_key *key, uint64_t side,
                          const struct tnd_uri *contact)
{
    struct tnd_siphash_words h;

    if (contact)
        return place_of(key, PROXY_OF_CONTACT, side, contact);
    proxy_begin(&h, key, PROXY_OF_NO_CONTACT, 0);
    tnd_siphash_put_number(&h, side);
    return tnd_siphash_finish(&h);
}

uint64_t tnd_route_target(const struct tnd_branch_seed *seed, struct tnd_slice tag,
                          const struct tnd_uri *contact)
{
    return target_of(seed->key, side_of(seed, tag), contact);
}

void tnd_route_token(const struct tnd_branch_seed *seed, const struct tnd_route_side *side,
                     char ret[TND_ROUTE_TOKEN_LEN])
{
    uint64_t digest = side_of(seed, side->tag);

    proxy_put_digits(ret, way_of(seed->key, digest, side->next));
    proxy_put_digits(ret + PROXY_DIGITS, target_of(seed->key, digest, side->target));
}

/* The parameter where we put it, at the end; else wherever it stands. */
bool tnd_route_token_find(const struct tnd_uri *uri, struct tnd_slice *ret)
{
    const struct tnd_slice name = TND_STR(";" TND_ROUTE_PARAM "=");
    struct tnd_slice params = uri->params, found;

    if (params.len >= name.len + TND_ROUTE_TOKEN_LEN) {
        const char *value = tnd_slice_end(params) - TND_ROUTE_TOKEN_LEN;

        if (memcmp(value - name.len, name.ptr, name.len) == 0) {
            *ret = tnd_slice(value, TND_ROUTE_TOKEN_LEN);
            return true;
        }
    }
    if (!tnd_param_find(params, TND_STR(TND_ROUTE_PARAM), &found) ||
        found.len != TND_ROUTE_TOKEN_LEN)
        return false;
    *ret = found;
    return true;
}

/* Whether these are the digits of digest: capitals too (RFC 3261 §19.1.4). In the same time wherever they
 * differ. */
static bool is_digits(const char *at, uint64_t digest)
{
    char made[PROXY_DIGITS];

    proxy_put_digits(made, digest);
    return ((tnd_lower_eight(tnd_siphash_read(at)) ^ tnd_siphash_read(made)) |
            (tnd_lower_eight(tnd_siphash_read(at + 8)) ^ tnd_siphash_read(made + 8))) == 0;
}

enum tnd_route_read tnd_route_token_read(const struct tnd_branch_seed *seed, struct tnd_slice token,
                                         const struct tnd_route_side *side, uint64_t *ret_target)
{
    uint64_t digest = side_of(seed, side->tag);

    if (token.len != TND_ROUTE_TOKEN_LEN ||
        !is_digits(token.ptr, way_of(seed->key, digest, side->next)))
        return TND_ROUTE_STRANGE;
    *ret_target = target_of(seed->key, digest, side->target);
    return is_digits(token.ptr + PROXY_DIGITS, *ret_target) ? TND_ROUTE_TARGET : TND_ROUTE_WAY;
}
