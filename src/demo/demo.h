/* Demo: for each response code a call that shows it. The call is made in a simulated world (sim/world.h) between
 * user agents and Tandem nodes as they are, in no time, and every message that is sent becomes a line of a
 * ladder; what the caller does next stands between them.
 *
 *     tnd_demo_run(&world, 302, &arena, &demo);
 *     tnd_demo_ladder(&demo, TND_LANG_KO, &arena, &ladder);
 *     tnd_ladder_svg(&w, &ladder);
 *
 * The same seed gives the same ladder. Codes with something special to show have a flow of their own
 * (demo/flows.c); to all others a user of the lab answers with them. */
#ifndef DEMO_DEMO_H
#define DEMO_DEMO_H

#include "diag/ladder.h"
#include "tandem/recover.h"
#include "tandem/ref/explain.h"

struct tnd_digester;

/* What a run needs of its owner. All is kept for the call. */
struct tnd_demo_world {
    const struct tnd_mem *mem;           /* must have memory, as of a simulated world */
    const struct tnd_digester *digester; /* as of tandem/ua.h; NULL: challenges are not answered */
    const struct tnd_alternative_reader *alternatives; /* likewise; NULL: nobody reads a 380 */
    uint64_t seed;
};

/* A line. Of a remark line.text is absent: it is said in the language of who asks. */
struct tnd_demo_line {
    struct tnd_ladder_line line;
    const char *remark; /* English; NULL: it is a message */
    uint8_t
        action; /* enum tnd_recover_action: a remark on what the caller does, whose name stands in front */
};

/* What was shown. Texts are in the arena of the run, or static. */
struct tnd_demo {
    uint16_t code;
    const char *about;                             /* English: what the flow shows, in a sentence */
    const char *party[TND_LADDER_PARTY_COUNT_MAX]; /* English */
    size_t party_count;
    const struct tnd_demo_line *line;
    size_t line_count;
    bool is_seen;            /* the caller was told the code */
    uint8_t action;          /* enum tnd_recover_action: what he did next */
    struct tnd_slice detail; /* the same for people, in English; absent: nothing is to be said */
    uint32_t attempts;       /* of the first call, or whatever it is, until it ended well or not */
    bool is_made;            /* in the end it was answered with 2xx */
    uint16_t last;           /* the code that it ended with */
    uint64_t hash;           /* of all that happened: two runs that differ have two */
};

/* Whether there is a flow of that code: from 100 to 699 there is. */
bool tnd_demo_has(unsigned code);

/* TND_ENONE: there is no such flow. TND_ENOMEM: a is over. */
int tnd_demo_run(const struct tnd_demo_world *world, unsigned code, struct tnd_arena *a,
                 struct tnd_demo *ret);

/* In a language. Takes from a what must live as long as ret, which borrows from demo too. TND_ENOMEM. */
int tnd_demo_ladder(const struct tnd_demo *demo, enum tnd_lang lang, struct tnd_arena *a,
                    struct tnd_ladder *ret);

#endif
