/* What the files of a world of users share: who is in it, as it is drawn from the seed. */
#ifndef SIM_TOWN_H
#define SIM_TOWN_H

#include "sim/calls.h"
#include "sim/drawn.h"
#include "sim/party.h"
#include "sim/store.h"
#include "sim/trace.h"

enum {
    TOWN_NODE_MAX = 2,
    TOWN_USER_MAX = 6,
    TOWN_PHONE_MAX = 8,
    TOWN_STRANGER_MAX = 2,
    TOWN_ROUTE_MAX = 3,
    TOWN_CONTACT_MAX = 3,
    TOWN_ROOM_MAX = 100000,
    TOWN_NAT_PORT = 40000,
    TOWN_NET_PHONES = 100, /* and the next one: what their NATs show of them; both are trusted */
    TOWN_NET_STRANGERS = 103,
    TOWN_NAME_SIZE = 32,
};

struct town_user {
    char name[TOWN_NAME_SIZE];
    unsigned node;
    bool is_plain; /* one phone, which always answers; no forwards */
    struct tnd_forward forwards[TND_FORWARD_WHEN_COUNT];
    unsigned forward_count;
};

struct town {
    const struct sim_plan *plan;
    struct tnd_random random;
    struct sim_world *w;
    struct sim_trace trace;
    struct sim_check check;
    struct sim_calls calls;
    struct sim_ledger ledger;
    struct sim_node_setup node;
    struct sim_node_users node_users;
    struct sim_faults faults;
    struct sim_happenings happenings;
    unsigned node_count, user_count, phone_count, stranger_count;
    char domains[TOWN_NODE_MAX][TOWN_NAME_SIZE];
    struct town_user users[TOWN_USER_MAX];
    struct sim_callee callees[SIM_CALLEE_MAX];
    unsigned callee_count;
    struct tnd_route routes[TOWN_ROUTE_MAX];
    struct tnd_route_contact contacts[TOWN_ROUTE_MAX][TOWN_CONTACT_MAX];
    struct sim_party_setup phones[TOWN_PHONE_MAX], strangers[TOWN_STRANGER_MAX];
    bool ipv6;
    tnd_time faults_end, after;
};

/* "phone1", "node0.sim.example". */
void town_name(char ret[TOWN_NAME_SIZE], const char *before, unsigned number, const char *behind);
struct tnd_endpoint town_address(const struct town *t, unsigned net, unsigned i);
struct tnd_endpoint town_phone_address(const struct town *t, unsigned net, unsigned i);

/* Everything, from t->random; plan is known. */
void town_draw(struct town *t);

/* The users of the nodes, into the store. */
void town_provision(struct town *t);

/* The nodes, which are the first hosts. */
void town_add_nodes(struct town *t);

#endif
