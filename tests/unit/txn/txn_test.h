/* A transaction under test, with its timers, in a time of its own. What a step asks for is
 * told as text, so that a test is a list of events and answers:
 *
 *     CHECK_TEXT(txn_start(&t, ICT, UDP), "SEND_REQUEST A+500 B+32000");
 *     CHECK_TEXT(txn_response(&t, 100, 180), "-A -B PASS");
 *
 * "A+500": timer A is armed for in 500 ms; "-A": it is disarmed. Each step is checked: no
 * action without a rule, none after DESTROY, no timer armed in the past or disarmed in vain. */
#ifndef TESTS_TXN_TEST_H
#define TESTS_TXN_TEST_H

#include "tandem/txn.h"
#include "unit/test.h"

enum txn_kind { ICT, NICT, IST, NIST, TXN_KIND_COUNT };

enum { UDP = false, TCP = true };

struct txn {
    enum txn_kind kind;
    union {
        struct tnd_ict ict;
        struct tnd_nict nict;
        struct tnd_ist ist;
        struct tnd_nist nist;
    } u;
    struct tnd_txn_timing timing;
    tnd_time now;
    struct tnd_acts out;           /* of the last step */
    tnd_time due[TND_TIMER_COUNT]; /* TND_NEVER_DUE: not armed */
    bool over;                     /* destroyed */
};

/* At 0, with the times of RFC 3261 or others. Texts are good until the next call. */
const char *txn_start(struct txn *t, enum txn_kind kind, bool reliable);
const char *txn_start_with(struct txn *t, enum txn_kind kind, bool reliable,
                           struct tnd_txn_timing timing);

/* What happens at ms. */
const char *txn_event(struct txn *t, int ms, enum tnd_ev kind);
const char *txn_response(struct txn *t, int ms, unsigned code);
const char *txn_step(struct txn *t, struct tnd_txn_event ev);

/* The timer that is due next, TND_TIMER_NONE if none is, and firing it. */
enum tnd_timer txn_next(const struct txn *t);
const char *txn_fire(struct txn *t);

/* Fires all that is due up to ms, in order: "500 A: SEND_REQUEST A+1000; 1500 A: ...". */
const char *txn_run(struct txn *t, int ms);

/* How many of the last step's actions are of this kind. */
unsigned txn_count(const struct txn *t, enum tnd_act_kind kind);

/* Whether an action of the last step was made by this rule. */
bool txn_by(const struct txn *t, enum tnd_rule rule);

#define CHECK_TEXT(text, expected) CHECK_STR(tnd_slice_str(text), expected)

/* The last step of t has an action made by the rule, which is claimed. */
#define CHECK_BY(t, rule)                  \
    do {                                   \
        CHECK(txn_by(t, TND_RULE_##rule)); \
        PROVES(rule);                      \
    } while (0)

#endif
