/* Whether the values of a configuration go together. */
#include <stdio.h>

#include "base/assert.h"
#include "conf/read.h"
#include "tandem/sip/uri.h"

struct judge {
    struct conf_reading *r;
    const struct conf_place *file;
    struct tnd_conf *conf;
};

/* The chain to a key of the file, or to one of a section of it, or to an entry of its list. */
struct spot {
    struct conf_at file, section, key, entry;
    const struct conf_place *place; /* of key; NULL: the file does not set it */
};

static struct conf_at step_to(const struct conf_at *up, const struct conf_key *key,
                              const struct conf_place *place)
{
    return (struct conf_at){up, key->name, 0, place ? place->line : up->line};
}

/* section may be NULL. Fills in spot, which must not move. */
static const struct conf_at *at(const struct judge *j, const char *section, const char *name,
                                struct spot *spot)
{
    const struct conf_key *keys = conf_keys, *key;
    const struct conf_at *up = &spot->file;
    const struct conf_place *place = j->file;

    *spot = (struct spot){.place = NULL};
    if (section) {
        key = conf_key_find(keys, tnd_slice_str(section));
        TND_ASSERT(key);
        place = conf_place_of(place, key);
        spot->section = step_to(up, key, place);
        up = &spot->section;
        keys = key->keys;
    }
    key = conf_key_find(keys, tnd_slice_str(name));
    TND_ASSERT(key);
    spot->place = conf_place_of(place, key);
    spot->key = step_to(up, key, spot->place);
    return &spot->key;
}

/* The place of the entry in a list; NULL: it is not in the file. */
static const struct conf_place *entry_place(const struct conf_place *list, size_t index)
{
    const struct conf_place *place = list ? list->first : NULL;

    while (place && index-- > 0)
        place = place->next;
    return place;
}

/* The entry of a list of the file itself, or of a section. */
static const struct conf_at *at_entry(const struct judge *j, const char *section, const char *name,
                                      size_t index, struct spot *spot)
{
    const struct conf_at *list = at(j, section, name, spot);
    const struct conf_place *place = entry_place(spot->place, index);

    spot->entry = (struct conf_at){list, NULL, index, place ? place->line : list->line};
    return &spot->entry;
}

static bool is_set(const struct judge *j, const char *section, const char *name)
{
    struct spot spot;

    at(j, section, name, &spot);
    return spot.place != NULL;
}

#define FAULT(j, at, ...)   conf_fault((j)->r->faults, TND_CONF_FAULT, at, __VA_ARGS__)
#define WARNING(j, at, ...) conf_fault((j)->r->faults, TND_CONF_WARNING, at, __VA_ARGS__)
#define NOTICE(j, at, ...)  conf_fault((j)->r->faults, TND_CONF_NOTICE, at, __VA_ARGS__)

bool tnd_conf_can_listen(const struct tnd_endpoint *e)
{
    return e->transport == TND_TRANSPORT_UDP || e->transport == TND_TRANSPORT_TCP;
}

static bool is_any(const struct tnd_endpoint *e)
{
    return tnd_address_kind(e) == TND_ADDRESS_UNSPECIFIED;
}

/* All but UDP listen with TCP. */
bool tnd_conf_listen_overlap(const struct tnd_endpoint *a, const struct tnd_endpoint *b)
{
    bool same_protocol = (a->transport == TND_TRANSPORT_UDP) == (b->transport == TND_TRANSPORT_UDP);

    return same_protocol && a->port == b->port && a->family == b->family &&
           (is_any(a) || is_any(b) || tnd_address_eq(a, b));
}

static void judge_listener(struct judge *j, size_t index)
{
    const struct tnd_endpoint *listen = j->conf->listen, *e = &listen[index];
    struct spot spot;
    const struct conf_at *here = at_entry(j, NULL, "listen", index, &spot);

    if (e->family == TND_FAMILY_NONE)
        return; /* told already */
    if (!tnd_conf_can_listen(e))
        NOTICE(j, here, "%s is not yet available, has no effect",
               tnd_transport_name((enum tnd_transport)e->transport));
    for (size_t i = 0; i < index; i++) {
        if (!tnd_conf_listen_overlap(e, &listen[i]))
            continue;
        if (tnd_address_eq(e, &listen[i]))
            FAULT(j, here, "the same address and port as entry %zu", i);
        else
            FAULT(j, here, "the same port as entry %zu, and one of the two is every address", i);
        return;
    }
}

static void judge_listeners(struct judge *j)
{
    struct spot spot;
    bool any = j->conf->listen_count == 0; /* told already */

    for (size_t i = 0; i < j->conf->listen_count; i++) {
        const struct tnd_endpoint *e = &j->conf->listen[i];

        judge_listener(j, i);
        any = any || e->family == TND_FAMILY_NONE || tnd_conf_can_listen(e);
    }
    if (!any)
        FAULT(j, at(j, NULL, "listen", &spot),
              "none of these is available yet: add one of udp: or tcp:");
}

static void judge_domain(struct judge *j, size_t index)
{
    const struct tnd_slice *domains = j->conf->domains;
    struct spot spot;

    for (size_t i = 0; i < index && domains[index].ptr; i++) {
        if (!domains[i].ptr || !tnd_host_eq(domains[index], domains[i]))
            continue;
        FAULT(j, at_entry(j, NULL, "domains", index, &spot), "the same as entry %zu", i);
        return;
    }
}

static void judge_store(struct judge *j)
{
    struct spot spot;

    if (j->conf->store.kind == TND_CONF_STORE_REDIS)
        NOTICE(j, at(j, NULL, "store", &spot),
               "Redis is not yet available, a server does not start with it");
}

static void judge_web(struct judge *j)
{
    enum tnd_address_kind kind = tnd_address_kind(&j->conf->web);
    struct spot spot;

    if (kind != TND_ADDRESS_NONE && kind != TND_ADDRESS_LOOPBACK &&
        !is_set(j, NULL, "web_token_file"))
        FAULT(j, at(j, NULL, "web", &spot), "not on loopback, so web_token_file is needed");
}

static bool only_loopback(const struct tnd_conf *conf)
{
    for (size_t i = 0; i < conf->listen_count; i++)
        if (tnd_address_kind(&conf->listen[i]) != TND_ADDRESS_LOOPBACK)
            return false;
    return true;
}

static void judge_auth(struct judge *j)
{
    struct tnd_conf_auth *auth = &j->conf->auth;
    struct spot spot;

    auth->required_is_set = is_set(j, "auth", "required");
    if (!auth->required_is_set)
        auth->required = !only_loopback(j->conf);
    auth->realm_is_set = is_set(j, "auth", "realm");
    if (!auth->realm_is_set && j->conf->domain_count > 0)
        auth->realm = j->conf->domains[0];
    else if (!auth->realm_is_set)
        auth->realm = j->conf->advertise.host.ptr ? j->conf->advertise.host : TND_STR("tandem");
    for (size_t i = 0; i < auth->trusted_count; i++)
        if (auth->trusted[i].address.family && auth->trusted[i].bits == 0)
            WARNING(j, at_entry(j, "auth", "trusted", i, &spot), "trusts everybody");
}

/* low is not above high. Tells it of the one that the file sets, the first if it sets both. */
static void judge_order(struct judge *j, const char *low_name, uint32_t low, const char *high_name,
                        uint32_t high)
{
    struct spot spot;

    if (low <= high)
        return;
    if (is_set(j, "registrar", low_name))
        FAULT(j, at(j, "registrar", low_name, &spot), "%u is above %s, which is %u%s", low,
              high_name, high, is_set(j, "registrar", high_name) ? "" : " by default");
    else
        FAULT(j, at(j, "registrar", high_name, &spot), "%u is below %s, which is %u by default",
              high, low_name, low);
}

/* RFC 3608 §5: its values are those of Route, with lr. */
static void judge_service_route(struct judge *j)
{
    const struct tnd_conf_registrar *r = &j->conf->registrar;

    for (size_t i = 0; i < r->service_route_count; i++) {
        struct tnd_slice lr;
        struct tnd_flaw flaw;
        struct tnd_uri uri;
        struct spot spot;

        if (r->service_route[i].ptr && tnd_uri_parse(r->service_route[i], &uri, &flaw) == 0 &&
            !tnd_param_find(uri.params, TND_STR("lr"), &lr))
            FAULT(j, at_entry(j, "registrar", "service_route", i, &spot),
                  "needs ;lr at its end (RFC 3608 §5)");
    }
}

static void judge_registrar(struct judge *j)
{
    const struct tnd_conf_registrar *r = &j->conf->registrar;

    judge_order(j, "min_expires", r->min_expires, "default_expires", r->default_expires);
    judge_order(j, "default_expires", r->default_expires, "max_expires", r->max_expires);
    judge_service_route(j);
}

static void judge_times(struct judge *j)
{
    struct spot spot;

    /* RFC 3261 §16.6, step 11: more than 3 minutes */
    if (j->conf->proxy.timer_c <= 180)
        WARNING(j, at(j, "proxy", "timer_c", &spot),
                "%u is below 181: RFC 3261 §16.6 asks for more than 3 minutes",
                j->conf->proxy.timer_c);
    /* RFC 5626 §4.4.1: each 120 seconds at the latest, where no battery is to be spared */
    if (j->conf->limits.connection_idle < 120)
        WARNING(j, at(j, "limits", "connection_idle", &spot),
                "%u is below 120: phones send a keep-alive no sooner than that (RFC 5626 §4.4.1)",
                j->conf->limits.connection_idle);
}

/* Which action the route has; a fault for none, or for several. */
static void judge_route(struct judge *j, const struct conf_at *here, const struct conf_place *place,
                        struct tnd_conf_route *route)
{
    static const char *const names[] = {"redirect", "reject", "alternative", "proxy"};
    const struct conf_key *keys = conf_key_find(conf_keys, TND_STR("routes"))->keys;
    const char *first = NULL;

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        const struct conf_key *key = conf_key_find(keys, tnd_slice_str(names[i]));

        TND_ASSERT(key);
        if (!conf_place_of(place, key))
            continue;
        if (first) {
            FAULT(j, here, "has both %s and %s: one action is all that a route has", first,
                  names[i]);
            return;
        }
        first = names[i];
        route->action = (enum tnd_conf_action)(TND_CONF_ACTION_REDIRECT + i);
    }
    if (!first)
        FAULT(j, here, "has no action: redirect, reject, alternative or proxy");
    if (route->proxy.fork == TND_CONF_FORK_NONE && route->action == TND_CONF_ACTION_PROXY)
        route->proxy.fork = j->conf->proxy.fork;
}

/* What RFC 3261 §21.4, RFC 3329, RFC 4028, RFC 6086 and RFC 6665 do not let stand alone: a challenge, a
 * list of what would do, a least value. */
static void judge_reject(struct judge *j, const struct conf_at *here, uint32_t code)
{
    static const uint16_t codes[] = {401, 405, 407, 415, 420, 421, 422, 423, 469, 489, 494};

    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
        if (codes[i] == code)
            WARNING(j, here,
                    "a %u has a header field that a route cannot write: choose another code", code);
}

static void judge_routes(struct judge *j)
{
    struct spot spot;
    const struct conf_at *list = at(j, NULL, "routes", &spot);
    const struct conf_place *place = spot.place ? spot.place->first : NULL;

    for (size_t i = 0; i < j->conf->route_count && place; i++, place = place->next) {
        struct conf_at here = {list, NULL, i, place->line};

        judge_route(j, &here, place, &j->conf->routes[i]);
        judge_reject(j, &here, j->conf->routes[i].reject.code);
    }
}

void conf_judge(struct conf_reading *r, const struct conf_place *file, struct tnd_conf *conf)
{
    struct judge j = {r, file, conf};

    judge_listeners(&j);
    for (size_t i = 0; i < conf->domain_count; i++)
        judge_domain(&j, i);
    judge_store(&j);
    judge_web(&j);
    judge_auth(&j);
    judge_registrar(&j);
    judge_times(&j);
    judge_routes(&j);
}
