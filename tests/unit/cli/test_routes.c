/* The routes of a file, as a node has them. */
#include <stdlib.h>

#include "cli/routes.h"
#include "unit/conf/conf_test.h"

static const char file[] =
    "proxy: {fork: serial}\n"
    "routes:\n"
    "  - match: {method: INVITE, user: '+49*', domain: d, from_user: fu, from_domain: fd,\n"
    "            source: 192.0.2.0/24}\n"
    "    redirect: {code: 301, contacts: [{uri: 'sip:{user}@gw', q: 0.25, expires: 60},\n"
    "                                     {uri: 'tel:+1'}]}\n"
    "  - match: {}\n"
    "    reject: {code: 600, reason: Nope, retry_after: 120}\n"
    "  - match: {user: sos}\n"
    "    alternative: {text: Dial, contacts: ['sip:112@psap', 'tel:112;phone-context=+1']}\n"
    "  - match: {user: a}\n"
    "    alternative: {}\n"
    "  - match: {user: b}\n"
    "    proxy: {targets: [{uri: 'sips:gw', q: 0}]}\n"
    "  - match: {user: c}\n"
    "    proxy: {targets: [{uri: 'sip:gw'}], fork: parallel}\n";

enum { COUNT = 6 };

static void check_match(const struct tnd_route_match *match)
{
    CHECK_STR(match->method, "INVITE");
    CHECK_STR(match->user, "+49*");
    CHECK_STR(match->domain, "d");
    CHECK_STR(match->from_user, "fu");
    CHECK_STR(match->from_domain, "fd");
    CHECK_EQ(match->source.bits, 24);
    CHECK_EQ(match->source.address.octets[0], 192);
}

static void check_contact(const struct tnd_route *route, size_t i, const char *uri, unsigned q,
                          unsigned expires)
{
    CHECK(i < route->contact_count);
    CHECK_STR(route->contacts[i].uri, uri);
    CHECK_EQ(route->contacts[i].q, q);
    CHECK_EQ(route->contacts[i].expires, expires);
}

static void check_routes(const struct tnd_route *r)
{
    check_match(&r[0].match);
    CHECK_EQ(r[0].action, TND_ROUTE_REDIRECT);
    CHECK_EQ(r[0].code, 301);
    CHECK_EQ(r[0].contact_count, 2);
    check_contact(&r[0], 0, "sip:{user}@gw", 250, 60);
    check_contact(&r[0], 1, "tel:+1", 1000, 0);
    CHECK(!r[1].match.method.ptr && !r[1].match.user.ptr && !r[1].match.domain.ptr);
    CHECK(!r[1].match.from_user.ptr && !r[1].match.from_domain.ptr);
    CHECK_EQ(r[1].match.source.address.family, TND_FAMILY_NONE);
    CHECK_EQ(r[1].action, TND_ROUTE_REJECT);
    CHECK_EQ(r[1].code, 600);
    CHECK_STR(r[1].reason, "Nope");
    CHECK_EQ(r[1].retry_after, 120);
    CHECK_EQ(r[2].action, TND_ROUTE_ALTERNATIVE);
    CHECK_STR(r[2].text, "Dial");
    CHECK_EQ(r[2].contact_count, 2);
    CHECK_STR(r[2].contacts[1].uri, "tel:112;phone-context=+1");
    CHECK(!r[3].text.ptr);
    CHECK_EQ(r[3].contact_count, 0);
    CHECK_EQ(r[4].action, TND_ROUTE_PROXY);
    CHECK(r[4].serial);
    check_contact(&r[4], 0, "sips:gw", 0, 0);
    CHECK(!r[5].serial);
    check_contact(&r[5], 0, "sip:gw", 1000, 0);
}

TND_TEST(routes_of_file, "ARCHITECTURE §7",
         "a node has the routes of the file, each with all it says")
{
    struct tnd_conf *conf = conf_read_good(file);
    static char room[8192];
    struct tnd_route *routes;
    struct tnd_arena a;

    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    CHECK_EQ(conf->route_count, COUNT);
    CHECK_EQ(routes_make(conf, &a, &routes), 0);
    check_routes(routes);
    tnd_conf_free(&conf);
}

TND_TEST(routes_kept, "ARCHITECTURE §7", "a copy of routes outlives the file that they came from")
{
    struct tnd_conf *conf = conf_read_good(file);
    static char room[8192];
    struct tnd_route *routes;
    struct tnd_arena a;

    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    CHECK_EQ(routes_make(conf, &conf->arena, &routes), 0);
    struct tnd_route *kept = tnd_routes_keep(&a, routes, COUNT);
    tnd_conf_free(&conf); /* from here on the sanitizers watch */
    CHECK(kept);
    check_routes(kept);
}

TND_TEST(routes_over, "TND_ENOMEM", "without room for all routes there are none")
{
    struct tnd_conf *conf = conf_read_good(file);
    struct tnd_route *routes = NULL;
    int err = TND_ENOMEM;

    for (size_t size = 0; err; size += 16) {
        struct tnd_arena a;
        char *room = malloc(size + 1);

        tnd_arena_init(&a, room, size, NULL, 0);
        err = routes_make(conf, &a, &routes);
        CHECK_EQ(err == 0, routes != NULL);
        CHECK(err == 0 || err == TND_ENOMEM);
        if (!err) {
            check_routes(routes);
            CHECK(!tnd_routes_keep(&a, routes, COUNT));
        }
        free(room);
        CHECK(size < sizeof(struct tnd_route) * COUNT * 4);
    }
    tnd_conf_free(&conf);
}
