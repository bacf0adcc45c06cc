/* Who may ask. With a token: who knows it. Without one the web is on loopback, and then the danger is a page of a
 * stranger in a browser on this machine: it can name a host of its own that it lets point to us (DNS rebinding), or send
 * us a form. So the host that is asked for must be loopback, and what changes something must come from a page of ours. */
#include "base/digest.h"
#include "web/inside.h"

/* "localhost:8060", "[::1]:8060", "127.0.0.1": without its port. */
static struct tnd_slice without_port(struct tnd_slice host)
{
    const char *end = tnd_slice_end(host);
    const char *bracket = host.len > 0 ? memchr(host.ptr, ']', host.len) : NULL;
    const char *from = bracket ? bracket : host.ptr;
    const char *colon = host.len > 0 ? memchr(from, ':', (size_t)(end - from)) : NULL;

    return colon ? tnd_slice_between(host.ptr, colon) : host;
}

/* Any port: it may be that of a tunnel. */
bool web_guard_is_own_host(const struct tnd_web *web, struct tnd_slice host)
{
    struct tnd_slice name = without_port(host);
    struct tnd_endpoint e;

    if (web->settings->token.ptr)
        return name.len > 0;
    if (tnd_slice_eq_fold(name, TND_STR("localhost")) ||
        tnd_slice_eq_fold(name, TND_STR("localhost.")))
        return true;
    return !tnd_address_parse(name, &e) && tnd_address_kind(&e) == TND_ADDRESS_LOOPBACK;
}

/* Browsers say where the page is from that sends (RFC 6454 §7); programs say nothing. */
bool web_guard_is_same_origin(struct tnd_slice origin, struct tnd_slice site, struct tnd_slice host)
{
    static const struct tnd_slice schemes[] = {TND_STR_INIT("http://"), TND_STR_INIT("https://")};

    if (site.ptr && !tnd_slice_eq(site, TND_STR("same-origin")) &&
        !tnd_slice_eq(site, TND_STR("none")))
        return false;
    if (!origin.ptr)
        return true;
    for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
        size_t len = schemes[i].len;

        if (origin.len > len && tnd_slice_eq(tnd_slice(origin.ptr, len), schemes[i]))
            return tnd_slice_eq_fold(tnd_slice(origin.ptr + len, origin.len - len), host);
    }
    return false; /* "null" */
}

/* RFC 6750 §2.1. The scheme has no case (RFC 9110 §11.1). */
bool web_guard_knows(const struct tnd_web *web, struct tnd_slice authorization)
{
    const struct tnd_slice scheme = TND_STR("Bearer ");
    size_t len = scheme.len;

    if (!web->settings->token.ptr)
        return true;
    if (authorization.len <= len || !tnd_slice_eq_fold(tnd_slice(authorization.ptr, len), scheme))
        return false;
    struct tnd_slice given =
        tnd_slice_trim(tnd_slice(authorization.ptr + len, authorization.len - len));
    return tnd_digest_eq(given, web->settings->token);
}
