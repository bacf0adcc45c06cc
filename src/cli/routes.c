/* Routes: from the words of a configuration into those of the role. */
#include "cli/routes.h"

#include "base/assert.h"

static struct tnd_route_match match_of(const struct tnd_conf_match *match)
{
    return (struct tnd_route_match){.method = match->method,
                                    .user = match->user,
                                    .domain = match->domain,
                                    .from_user = match->from_user,
                                    .from_domain = match->from_domain,
                                    .source = match->source};
}

/* An arena that is over gives NULL here; who made it looks at the end. */
static void set_contacts(struct tnd_route *route, const struct tnd_conf_contact *contacts,
                         size_t count, struct tnd_arena *a)
{
    struct tnd_route_contact *list = tnd_arena_zero(a, count, sizeof(*list));

    for (size_t i = 0; list && i < count; i++)
        list[i] = (struct tnd_route_contact){
            .uri = contacts[i].uri, .q = (uint16_t)contacts[i].q, .expires = contacts[i].expires};
    route->contacts = list;
    route->contact_count = count;
}

static void set_alternative(struct tnd_route *route, const struct tnd_conf_alternative *alternative,
                            struct tnd_arena *a)
{
    struct tnd_route_contact *list = tnd_arena_zero(a, alternative->contact_count, sizeof(*list));

    for (size_t i = 0; list && i < alternative->contact_count; i++)
        list[i].uri = alternative->contacts[i];
    route->text = alternative->text;
    route->contacts = list;
    route->contact_count = alternative->contact_count;
}

static void set_reject(struct tnd_route *route, const struct tnd_conf_reject *reject)
{
    route->code = (uint16_t)reject->code;
    route->reason = reject->reason;
    route->retry_after = reject->retry_after;
}

static void set_action(struct tnd_route *route, const struct tnd_conf_route *conf,
                       struct tnd_arena *a)
{
    switch (conf->action) {
    case TND_CONF_ACTION_REDIRECT:
        route->action = TND_ROUTE_REDIRECT;
        route->code = (uint16_t)conf->redirect.code;
        set_contacts(route, conf->redirect.contacts, conf->redirect.contact_count, a);
        return;
    case TND_CONF_ACTION_REJECT:
        route->action = TND_ROUTE_REJECT;
        set_reject(route, &conf->reject);
        return;
    case TND_CONF_ACTION_ALTERNATIVE: /* there is no type but EMERGENCY */
        route->action = TND_ROUTE_ALTERNATIVE;
        set_alternative(route, &conf->alternative, a);
        return;
    case TND_CONF_ACTION_PROXY:
        route->action = TND_ROUTE_PROXY;
        route->serial = conf->proxy.fork == TND_CONF_FORK_SERIAL;
        set_contacts(route, conf->proxy.targets, conf->proxy.target_count, a);
        return;
    case TND_CONF_ACTION_NONE:
        break;
    }
    TND_ASSERT(!"a route that was read has an action");
}

int routes_make(const struct tnd_conf *conf, struct tnd_arena *a, struct tnd_route **ret)
{
    struct tnd_route *routes = tnd_arena_zero(a, conf->route_count, sizeof(*routes));

    for (size_t i = 0; routes && i < conf->route_count; i++) {
        routes[i].match = match_of(&conf->routes[i].match);
        set_action(&routes[i], &conf->routes[i], a);
    }
    if (tnd_arena_over(a))
        return TND_ENOMEM;
    *ret = routes;
    return 0;
}
