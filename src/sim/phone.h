/* Simulated phones. */
#ifndef SIM_PHONE_H
#define SIM_PHONE_H

#include "sim/book.h"
#include "sim/element.h"

enum { SIM_TARGET_MAX = 4 };

/* A phone that behaves: it calls the users of the lab, sends again as the machines of
 * tandem/txn.h say, acknowledges, cancels, hangs up; and writes each request into the book.
 * It never crashes. Kept while it lives. */
struct sim_phone_setup {
    struct sim_book *book;
    unsigned host; /* its number, for the book */
    struct tnd_endpoint targets[SIM_TARGET_MAX];
    unsigned target_count;
    tnd_time from, until; /* when its first calls begin */
    tnd_time after;       /* from then on there are no faults, and it calls again */
    unsigned calls, calls_after;
    bool tcp;        /* calls over TCP, too */
    bool named;      /* its Via names a host, not an address */
    bool rport;      /* asks for it; one behind a NAT must */
    bool may_forget; /* nodes crash, and may not know a dialog any more */
};
int sim_phone_make(void *ctx, const struct sim_life *life, struct sim_element *ret);

/* A phone that does not behave: each trick of sim/tricks.c, at random. Kept while it lives. */
struct sim_rogue_setup {
    struct tnd_endpoint targets[SIM_TARGET_MAX];
    unsigned target_count;
    tnd_time from, until;
    unsigned tricks; /* how many it does */
    int only;        /* the number of the one trick that it does; -1: any */
};
int sim_rogue_make(void *ctx, const struct sim_life *life, struct sim_element *ret);

/* How many tricks there are. */
unsigned sim_trick_count(void);
const char *sim_trick_name(unsigned trick);

#endif
