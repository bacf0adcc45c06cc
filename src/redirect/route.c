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

bool tnd_routes_ask_from(const struct tnd_route *routes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (routes[i].match.from_user.ptr || routes[i].match.from_domain.ptr)
            return true;
    return false;
}

static void keep(struct tnd_arena *a, struct tnd_slice *text)
{
    if (text->ptr) /* an empty pattern is another thing than none */
        *text = tnd_slice_keep(a, *text);
}

static void keep_contacts(struct tnd_arena *a, struct tnd_route *route)
{
    struct tnd_route_contact *list = tnd_arena_zero(a, route->contact_count, sizeof(*list));

    for (size_t i = 0; list && i < route->contact_count; i++) {
        list[i] = route->contacts[i];
        keep(a, &list[i].uri);
    }
    route->contacts = list;
}

struct tnd_route *tnd_routes_keep(struct tnd_arena *a, const struct tnd_route *routes, size_t count)
{
    struct tnd_route *list = tnd_arena_zero(a, count, sizeof(*list));

    for (size_t i = 0; list && i < count; i++) {
        list[i] = routes[i];
        keep(a, &list[i].match.method);
        keep(a, &list[i].match.user);
        keep(a, &list[i].match.domain);
        keep(a, &list[i].match.from_user);
        keep(a, &list[i].match.from_domain);
        keep(a, &list[i].reason);
        keep(a, &list[i].text);
        keep_contacts(a, &list[i]);
    }
    return tnd_arena_over(a) ? NULL : list;
}
