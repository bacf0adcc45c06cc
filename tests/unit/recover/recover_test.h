/* A caller whose requests are refused, and what is done about it. */
#ifndef TESTS_RECOVER_TEST_H
#define TESTS_RECOVER_TEST_H

#include "tandem/recover.h"
#include "unit/sip/sip_test.h"

enum { NOW = TND_SEC(1000), WALL_SECONDS = 1800000000 };

struct recover_test {
    struct tnd_recover r;
    struct tnd_recovery last;
    struct tnd_arena a;
    char room[512 * 1024];
};

/* Asks for sip:bob@example.org with a policy of zero bytes. Static until the next one. */
struct recover_test *recover_start(void);
struct recover_test *recover_start_with(const struct tnd_recover_policy *policy, const char *uri,
                                        const char *first);

/* What was refused, and how. What is 0 is as in an INVITE that begins a call. */
struct said {
    uint16_t code;
    const char *fields; /* of the response: whole lines */
    const char *body;   /* its body; NULL: none */
    const char *sent;   /* further lines of the request */
    const char *uri;    /* of the request; NULL: r.next.uri */
    const char *method; /* "INVITE" */
    bool nobody;        /* there is no response */
    uint64_t random;
    struct tnd_recover_attempt a; /* situation and flags */
};

/* Plays it; the recovery is t->last. */
const struct tnd_recovery *recover_say(struct recover_test *t, const struct said *said);

#define SAY(t, ...) recover_say(t, &(struct said){__VA_ARGS__})

/* Playing it gives this action by that rule. */
#define CHECK_DOES(t, action_, rule_, ...)                                                         \
    do {                                                                                           \
        SAY(t, __VA_ARGS__);                                                                       \
        CHECK_STR(                                                                                 \
            tnd_slice_str(tnd_recover_action_name((enum tnd_recover_action)(t)->last.action)),     \
            action_);                                                                              \
        CHECK_STR(tnd_slice_str(tnd_rule_name((enum tnd_rule)(t)->last.rule)), "RECOVER_" #rule_); \
        PROVES(RECOVER_##rule_);                                                                   \
    } while (0)

#define CHECK_DETAIL(t, text) CHECK_STR((t)->last.detail, text)

#endif
