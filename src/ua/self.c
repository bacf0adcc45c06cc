/* Who we are: addresses, and what nobody else can make up. */
#include "ua/ua.h"

#include "base/digest.h"

/* The best that fits: by transport and family, by transport, any. */
const struct tnd_endpoint *ua_address_for(const struct tnd_ua *ua, const struct tnd_endpoint *to)
{
    const struct tnd_endpoint *best = &ua->config.addresses[0];
    int best_fit = -1;

    for (size_t i = 0; i < ua->config.address_count; i++) {
        const struct tnd_endpoint *e = &ua->config.addresses[i];
        int fit = 2 * (e->transport == to->transport) + (e->family == to->family);

        if (fit > best_fit) {
            best = e;
            best_fit = fit;
        }
    }
    return best;
}

void ua_put_host(struct tnd_writer *w, const struct tnd_endpoint *address)
{
    tnd_address_write_host(w, address);
}

static const char *transport_param(enum tnd_transport transport)
{
    switch (transport) {
    case TND_TRANSPORT_TCP:
        return ";transport=tcp";
    case TND_TRANSPORT_TLS: /* RFC 3261 §26.2.2: a SIPS URI would say more than we know */
        return ";transport=tls";
    case TND_TRANSPORT_WS:
    case TND_TRANSPORT_WSS: /* RFC 7118 §5.3 */
        return ";transport=ws";
    case TND_TRANSPORT_NONE:
    case TND_TRANSPORT_UDP:
    case TND_TRANSPORT_COUNT:
        return "";
    }
    return "";
}

void ua_put_contact(struct tnd_writer *w, const struct tnd_ua *ua,
                    const struct tnd_endpoint *address)
{
    tnd_put(w, TND_STR("<sip:"));
    if (ua->from.uri.user.ptr) {
        tnd_put(w, ua->from.uri.user);
        tnd_put_char(w, '@');
    }
    ua_put_host(w, address);
    tnd_put_char(w, ':');
    tnd_put_number(w, address->port);
    tnd_put_str(w, transport_param((enum tnd_transport)address->transport));
    tnd_put_char(w, '>');
}

void ua_draw(struct tnd_ua *ua, const char *what, char *ret, size_t len)
{
    uint64_t number = ++ua->drawn;
    const struct tnd_slice parts[] = {tnd_slice_str(what),
                                      tnd_slice((const char *)&number, sizeof(number)),
                                      tnd_slice((const char *)&ua->seed, sizeof(ua->seed))};
    unsigned char digest[TND_DIGEST_KEYED_SIZE];
    struct tnd_writer w = tnd_writer(ret, len);

    tnd_digest_keyed(&ua->key, parts, 3, digest);
    tnd_put_hex(&w, digest, len / 2);
}

void ua_tag_of(const struct tnd_ua *ua, const struct tnd_txn_parts *parts, char ret[UA_TAG_LEN])
{
    const struct tnd_slice texts[] = {TND_STR("refusal"), parts->call_id, parts->from_tag,
                                      parts->via.branch};
    unsigned char digest[TND_DIGEST_KEYED_SIZE];
    struct tnd_writer w = tnd_writer(ret, UA_TAG_LEN);

    tnd_digest_keyed(&ua->key, texts, 4, digest);
    tnd_put_hex(&w, digest, UA_TAG_LEN / 2);
}

uint64_t ua_random(struct tnd_ua *ua)
{
    uint64_t number = ++ua->drawn;

    return tnd_siphash_2_4(&ua->key, tnd_slice((const char *)&number, sizeof(number)));
}
