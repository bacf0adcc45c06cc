/* The table of routes. */
#include "redirect/parts.h"

static const struct wild_how as_method = {.fold = true};
static const struct wild_how as_user = {.escaped = true};
static const struct wild_how as_host = {.fold = true};

static bool matches(struct tnd_slice pattern, struct tnd_slice text, struct wild_how how)
{
    return !pattern.ptr || wild_match(pattern, text, how);
}

/* An address in another spelling is the same host (RFC 5954 §4.2). */
static bool host_matches(struct tnd_slice pattern, struct tnd_slice host)
{
    return matches(pattern, host, as_host) || (host.ptr && tnd_host_eq(pattern, host));
}

static bool from_matches(const struct tnd_route_match *match, const struct tnd_uri *from)
{
    if (!match->from_user.ptr && !match->from_domain.ptr)
        return true;
    return from && matches(match->from_user, from->user, as_user) &&
           host_matches(match->from_domain, from->host);
}

static bool source_matches(const struct tnd_network *network, const struct tnd_endpoint *source)
{
    return network->address.family == TND_FAMILY_NONE || tnd_network_has(network, source);
}

static bool route_matches(const struct tnd_route_match *match, const struct tnd_route_asked *asked)
{
    return source_matches(&match->source, asked->source) &&
           matches(match->method, asked->method, as_method) &&
           matches(match->user, asked->uri->user, as_user) &&
           host_matches(match->domain, asked->uri->host) && from_matches(match, asked->from);
}

const struct tnd_route *tnd_route_find(const struct tnd_route *routes, size_t count,
                                       const struct tnd_route_asked *asked)
{
    for (size_t i = 0; i < count; i++)
        if (route_matches(&routes[i].match, asked))
            return &routes[i];
    return NULL;
}
