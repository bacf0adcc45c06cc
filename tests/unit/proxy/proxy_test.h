/* A response context under test, in a time of its own. What an event asks for is told as text, so that a
 * test is a list of events and answers:
 *
 *     CHECK_TEXT(proxy_start(&t, INVITE, "a b"), "TRY 0, TRY 1");
 *     CHECK_TEXT(proxy_response(&t, 1, 180), "FORWARD 1 180");
 *     CHECK_TEXT(proxy_response(&t, 1, 200), "FORWARD 1 200, CANCEL 0 200");
 *     CHECK_TEXT(proxy_response(&t, 0, 487), "DONE");
 *
 * Targets are names; behind one: "=500" its q, "!busy" a forward for BUSY, "!20" one for NO_ANSWER after
 * so many seconds, ">" it is a redirect.
 *
 * A dumb model goes along, and checks after each event what must hold whatever happens: see
 * proxy_test.c. */
#ifndef TESTS_PROXY_TEST_H
#define TESTS_PROXY_TEST_H

#include "tandem/proxy.h"
#include "unit/test.h"

enum { OTHER = false, INVITE = true };
enum { PROXY_TIMER_C = 185, PROXY_TARGET_COUNT_MAX = 130, PROXY_ACT_COUNT_MAX = 256 };

/* What the model knows of a branch. */
struct proxy_seen {
    bool tried, ended, cancelled;
    uint16_t code; /* that it ended with */
    bool made;
};

struct proxy_test {
    struct tnd_proxy_with with; /* to be set before the start */
    struct tnd_proxy p;
    struct tnd_arena a;
    tnd_time now;
    bool is_cancelled; /* by the caller */
    struct proxy_seen seen[TND_PROXY_BRANCH_COUNT_MAX];
    unsigned seen_6xx, finals, finals_2xx, dones, tries;
    struct tnd_proxy_act act[PROXY_ACT_COUNT_MAX]; /* of the last event */
    size_t count;
};

/* As the configuration has it by default: parallel, 5 redirects, timer C 185 s, no Max-Breadth. */
void proxy_init(struct proxy_test *t);

/* Texts are good until the next call. */
const char *proxy_start(struct proxy_test *t, bool is_invite, const char *targets);
const char *proxy_serial(struct proxy_test *t, bool is_invite, const char *targets);
const char *proxy_response(struct proxy_test *t, size_t branch, unsigned code);
const char *proxy_none(struct proxy_test *t, size_t branch, unsigned code);
const char *proxy_cancel(struct proxy_test *t);

/* At that second: the timer, if it is due. */
const char *proxy_at(struct proxy_test *t, int second);

/* A 3xx with these contacts, all of what it names or not. */
const char *proxy_redirect(struct proxy_test *t, size_t branch, unsigned code, const char *contacts,
                           bool all);

/* The same without text, for many runs. */
void proxy_feed_start(struct proxy_test *t, const struct tnd_target *targets, size_t count);
void proxy_feed_response(struct proxy_test *t, size_t branch, unsigned code);
void proxy_feed_none(struct proxy_test *t, size_t branch, unsigned code);
void proxy_feed_cancel(struct proxy_test *t);
void proxy_feed_timer(struct proxy_test *t);

/* Reads targets; names are kept for good. Returns how many. */
size_t proxy_targets_read(const char *text, struct tnd_target ret[PROXY_TARGET_COUNT_MAX]);

/* Whether an act of the last event was made by this rule. */
bool proxy_by(const struct proxy_test *t, enum tnd_rule rule);

#define CHECK_TEXT(text, expected) CHECK_STR(tnd_slice_str(text), expected)

#define CHECK_BY(t, rule)                    \
    do {                                     \
        CHECK(proxy_by(t, TND_RULE_##rule)); \
        PROVES(rule);                        \
    } while (0)

#endif
