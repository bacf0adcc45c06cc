/* A registrar, a store behind it, and phones that send REGISTERs. */
#ifndef TESTS_REGISTRAR_TEST_H
#define TESTS_REGISTRAR_TEST_H

#include "tandem/registrar.h"
#include "unit/sip/sip_test.h"

struct registrar_test {
    struct tnd_registrar_with with;
    const struct tnd_msg *msg;
    struct tnd_registrar_step step; /* the last one; its texts end with the next call */
    const struct tnd_msg *reply;    /* of it, written and read; NULL: it asks the store */
    struct tnd_binding bindings[TND_BINDING_COUNT_MAX]; /* what the store has */
    size_t count;
    uint32_t cseq;  /* of the next REGISTER */
    bool is_broken; /* the request may have flaws */
};

/* Static until the next one: 60 to 7200 seconds, 3600 if nothing is said, 3 contacts. */
struct registrar_test *registrar_start(void);

/* tnd_registrar_read() of a REGISTER of this Call-ID and the next CSeq, lines with their CRLF. */
void registrar_read(struct registrar_test *t, const char *call_id, const char *lines);

/* tnd_registrar_answer() with this result and what the store has. */
void registrar_answer(struct registrar_test *t, enum tnd_store_result result);

/* The whole of it, with a store that does what the step asks for. The code. */
unsigned registrar_do_as(struct registrar_test *t, const char *call_id, const char *lines);
unsigned registrar_do(struct registrar_test *t, const char *lines);

/* All values of this kind in the last reply, parted by " | "; static until the next call. */
const char *registrar_values(const struct registrar_test *t, enum tnd_header kind);

/* The URIs of the contacts of the step, removed ones with a '-', parted by spaces. */
const char *registrar_uris(const struct registrar_test *t);

/* This is refused with that code by that rule, and nothing has been asked of the store. */
#define CHECK_REFUSED(t, lines, code_, rule_)       \
    do {                                            \
        registrar_read(t, "a", lines);              \
        CHECK_EQ((t)->step.code, code_);            \
        CHECK_EQ((t)->step.rule, TND_RULE_##rule_); \
        CHECK(!(t)->step.is_change);                \
        PROVES(rule_);                              \
    } while (0)

#define CHECK_VALUES(t, kind, text) \
    CHECK_STR(tnd_slice_str(registrar_values(t, TND_HEADER_##kind)), text)

#define CHECK_URIS(t, text) CHECK_STR(tnd_slice_str(registrar_uris(t)), text)

#endif
