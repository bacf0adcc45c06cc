/* A redirect server (RFC 3261 §8.3): whoever calls bob is told where he is, with 302; whom nobody
 * knows is a 404. docs/library.md explains it.
 *
 *     redirect_server ADDRESS USER=URI[;q=Q][;expires=S]...
 *     redirect_server 127.0.0.1:5060 'bob=sip:bob@127.0.0.1:5070;q=0.9' 'bob=tel:+4989123;q=0.1'
 *
 * It is a node (tandem/node.h) with routes (tandem/redirect.h) and nothing else: the node judges what
 * comes, answers what comes again as before, and keeps the transactions; we have a socket and a table. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "tandem/node.h"
#include "udp.h"

enum { USERS_MAX = 100, CONTACTS_MAX = 10, TRANSACTIONS_MAX = 10000 };

static struct tnd_route_contact contacts[USERS_MAX][CONTACTS_MAX];
static struct tnd_route routes[USERS_MAX + 1];
static size_t route_count;
static volatile sig_atomic_t is_over;

static void stop(int signal)
{
    (void)signal;
    is_over = 1;
}

/* Cuts the value of ";name=value" out of text, from its end on. NULL: it has none. */
static char *cut(char *text, const char *name)
{
    char *at = strstr(text, name);

    if (at)
        *at = 0;
    return at ? at + strlen(name) : NULL;
}

/* The route of that user, which may be new. NULL: there is no room. */
static struct tnd_route *route_of(const char *user)
{
    struct tnd_slice name = tnd_slice_str(user);

    for (size_t i = 0; i < route_count; i++)
        if (tnd_slice_eq(routes[i].match.user, name))
            return &routes[i];
    if (route_count == USERS_MAX)
        return NULL;
    routes[route_count] = (struct tnd_route){.match = {.user = name},
                                             .action = TND_ROUTE_REDIRECT,
                                             .code = 302,
                                             .contacts = contacts[route_count]};
    return &routes[route_count++];
}

/* Takes "bob=sip:bob@127.0.0.1:5070;q=0.9;expires=60". Routes borrow their texts, so that text stays
 * where it is for as long as the node lives. */
static bool add(char *text)
{
    char *uri = strchr(text, '=');
    char *expires = cut(text, ";expires="), *q = cut(text, ";q=");
    double value = q ? atof(q) : 1;

    if (!uri || value < 0 || value > 1)
        return false;
    *uri++ = 0;
    struct tnd_route *route = route_of(text);
    if (!route || route->contact_count == CONTACTS_MAX)
        return false;
    struct tnd_route_contact *contact = &contacts[route - routes][route->contact_count++];
    contact->uri = tnd_slice_str(uri);
    contact->q = (uint16_t)(value * 1000 + 0.5);
    contact->expires = expires ? (uint32_t)strtoul(expires, NULL, 10) : 0;
    return true;
}

/* A loop: wait, feed what came, do what the node wants. */
static void serve(struct tnd_node *node, struct udp *udp)
{
    struct tnd_input in, failed;
    struct tnd_output out;

    while (!is_over) {
        udp_wait(udp, tnd_node_due(node), &in);
        if (tnd_node_feed(node, udp_now(), &in)) /* TND_ENOMEM: lost, its sender sends again */
            fprintf(stderr, "redirect_server: out of memory\n");
        while (tnd_node_take(node, &out))
            if (!udp_do(udp, &out, &failed))
                tnd_node_feed(node, udp_now(), &failed); /* to the next place of the Via */
    }
}

int main(int argc, char **argv)
{
    static struct udp udp;
    struct tnd_node_config config = {.addresses = &udp.local, .address_count = 1};
    struct tnd_node_world world = {
        .mem = &udp_mem, .life = (uint64_t)udp_wall(), .transactions_max = TRANSACTIONS_MAX};
    struct tnd_node *node;

    for (int i = 2; i < argc; i++)
        if (!add(argv[i])) {
            fprintf(stderr, "redirect_server: not a user and a contact: %s\n", argv[i]);
            return 2;
        }
    /* Routes are tried in their order; the last one takes whatever came so far, so that nobody asks
     * for a store, and we have none. */
    routes[route_count++] = (struct tnd_route){.action = TND_ROUTE_REJECT, .code = 404};
    config.routes = routes;
    config.route_count = route_count;
    config.has_users = true;
    if (argc < 2 || !udp_open(&udp, argv[1])) {
        fprintf(stderr, "redirect_server: %s\n", argc < 2 ? "no address" : strerror(errno));
        return 2;
    }
    signal(SIGINT, stop);
    signal(SIGTERM, stop);
    if (!udp_secret(world.key, sizeof(world.key)) ||
        tnd_node_new(&world, &config, udp_now(), &node)) {
        fprintf(stderr, "redirect_server: it cannot start\n");
        return 1;
    }
    tnd_node_set_wall(node, udp_now(), udp_wall());
    fprintf(stderr, "ready\n");
    serve(node, &udp);
    tnd_node_free(&node);
    udp_close(&udp);
    return 0;
}
