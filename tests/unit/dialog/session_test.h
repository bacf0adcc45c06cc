/* An INVITE usage under test, with its timers, in a time of its own. What a step says is text:
 * the part of the description, then the acts:
 *
 *     session_callee(&t, D);
 *     CHECK_TEXT(session_got(&t, CANCEL, N, 1), "PASS REFUSE_INVITE 487 END");
 *
 * Each step is checked: each act has a rule, no timer is disarmed in vain, none is armed in the
 * past. */
#ifndef TESTS_SESSION_TEST_H
#define TESTS_SESSION_TEST_H

#include "tandem/dialog/session.h"
#include "unit/dialog/dialog_test.h"

/* Kinds by their last word; with a description, or not. */
enum {
    INVITE = TND_SESSION_INVITE,
    PROVISIONAL = TND_SESSION_1XX,
    RELIABLE = TND_SESSION_RELIABLE,
    OK = TND_SESSION_2XX,
    REFUSAL = TND_SESSION_REFUSAL,
    ACK = TND_SESSION_ACK,
    CANCEL = TND_SESSION_CANCEL,
    PRACK = TND_SESSION_PRACK,
    PRACK_OK = TND_SESSION_PRACK_2XX,
    PRACK_REFUSAL = TND_SESSION_PRACK_REFUSAL,
    UPDATE = TND_SESSION_UPDATE,
    UPDATE_OK = TND_SESSION_UPDATE_2XX,
    UPDATE_REFUSAL = TND_SESSION_UPDATE_REFUSAL,
    BYE = TND_SESSION_BYE,
    BYE_FINAL = TND_SESSION_BYE_FINAL,
};
enum { N = false, D = true };

struct session_test {
    struct tnd_session s;
    struct tnd_session_out out; /* of the last step */
    tnd_time now;
    tnd_time due[TND_DIALOG_TIMER_COUNT]; /* TND_NEVER_DUE: not armed */
    uint64_t random;
    unsigned code; /* of the next refusal */
};

/* At 0, by an INVITE with the number 1. */
void session_caller(struct session_test *t, bool is_described);
void session_callee(struct session_test *t, bool is_described);

/* The same, answered and acknowledged: no offer waits. */
void session_calling(struct session_test *t);
void session_called(struct session_test *t);

/* Texts are good until the next call. */
const char *session_got(struct session_test *t, int kind, bool is_described, uint32_t cseq);
const char *session_sent(struct session_test *t, int kind, bool is_described, uint32_t cseq);
const char *session_refused(struct session_test *t, int kind, unsigned code, uint32_t cseq);
const char *session_ended(struct session_test *t);
const char *session_forbidden(struct session_test *t, int kind, bool is_described, uint32_t cseq);

/* Fires what is due up to ms: "500: SEND_AGAIN 1 2XX+1000; ...". */
const char *session_run(struct session_test *t, int ms);

/* The last step was by this rule, or one of its acts. */
bool session_by(const struct session_test *t, enum tnd_rule rule);

#define CHECK_BY(t, rule)                      \
    do {                                       \
        CHECK(session_by(t, TND_RULE_##rule)); \
        PROVES(rule);                          \
    } while (0)

#endif
