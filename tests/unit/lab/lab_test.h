/* A request to a user of the lab, and what it is answered with, step by step. */
#ifndef TESTS_LAB_TEST_H
#define TESTS_LAB_TEST_H

#include "tandem/lab.h"
#include "tandem/sdp.h"
#include "unit/sip/sip_test.h"

struct lab_test {
    const struct tnd_msg *request;
    struct tnd_uri uri;
    struct tnd_lab lab;
    struct tnd_lab_asked asked;
    struct tnd_lab_step step;    /* the last one */
    const struct tnd_msg *reply; /* of it, written and read; NULL: there was none */
    size_t room;                 /* of the arena that each step has */
};

/* A request outside of a dialog; lines with their CRLF, body NULL: none. One that a UAS would
 * not process fails the test. */
void lab_ask(struct lab_test *t, const char *method, const char *uri, const char *lines,
             const char *body);

/* The same in a dialog. */
void lab_ask_in_dialog(struct lab_test *t, const char *method, const char *uri, const char *lines,
                       const char *body);

/* The next step. A reply that is not valid fails the test, as does one without a rule. */
void lab_next(struct lab_test *t);

/* All steps that are left; the code of the last. */
unsigned lab_end(struct lab_test *t);

/* A field of the reply; absent: it has none. */
struct tnd_slice lab_value(const struct lab_test *t, enum tnd_header kind);

/* Whether str is somewhere in text. */
bool lab_holds(struct tnd_slice text, const char *str);

/* The code of the one and only step to this request, and its rule is that. */
#define CHECK_REFUSED(t, code_, rule_)              \
    do {                                            \
        lab_next(t);                                \
        CHECK((t)->reply);                          \
        CHECK_EQ((t)->step.due, -1);                \
        CHECK_EQ((t)->reply->code, code_);          \
        CHECK_EQ((t)->step.rule, TND_RULE_##rule_); \
        CHECK(!(t)->step.forgets);                  \
        PROVES(rule_);                              \
    } while (0)

#define LAB_SDP_HEAD "v=0\r\no=- 1 1 IN IP4 192.0.2.7\r\ns=-\r\nc=IN IP4 192.0.2.7\r\nt=0 0\r\n"
#define LAB_SDP      LAB_SDP_HEAD "m=audio 4000 RTP/AVP 0\r\n"
#define LAB_SDP_TYPE "Content-Type: application/sdp\r\n"

#endif
