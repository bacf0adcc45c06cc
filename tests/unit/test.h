/* A test names the rule it proves and says it in a sentence.
 *
 *     TND_TEST(max_forwards_zero, "RFC 3261 §16.3",
 *              "a request with Max-Forwards 0 is not forwarded")
 *     {
 *         PROVES(MAX_FORWARDS);           // claims a row of include/tandem/ref/rules.def
 *         CHECK_EQ(answer(...), 483);
 *     }
 *
 * A failed CHECK ends its test. The runner ends with "N passed, N failed" and lists the
 * rules that no test claims. */
#ifndef TESTS_TEST_H
#define TESTS_TEST_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

#include "tandem/base.h"
#include "tandem/ref.h"

struct tnd_test {
    const char *name, *law, *sentence, *file;
    void (*run)(void);
    struct tnd_test *next;
};

void tnd_test_add(struct tnd_test *test);
void tnd_test_claim(enum tnd_rule rule);
_Noreturn void tnd_test_fail(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define TND_TEST(name_, law_, sentence_)                                                    \
    static void test_##name_(void);                                                         \
    __attribute__((constructor)) static void add_##name_(void)                              \
    {                                                                                       \
        static struct tnd_test test = {#name_, law_, sentence_, __FILE__, test_##name_, 0}; \
        tnd_test_add(&test);                                                                \
    }                                                                                       \
    static void test_##name_(void)

#define PROVES(rule) tnd_test_claim(TND_RULE_##rule)

#define CHECK(x) ((x) ? (void)0 : tnd_test_fail(__FILE__, __LINE__, "%s", #x))

#define CHECK_EQ(a, b)                                                                      \
    do {                                                                                    \
        long long a_ = (long long)(a), b_ = (long long)(b);                                 \
        if (a_ != b_)                                                                       \
            tnd_test_fail(__FILE__, __LINE__, "%s is %lld, not %s (%lld)", #a, a_, #b, b_); \
    } while (0)

#define CHECK_STR(slice, str)                                                                    \
    do {                                                                                         \
        struct tnd_slice a_ = (slice), b_ = tnd_slice_str(str);                                  \
        if (!tnd_slice_eq(a_, b_))                                                               \
            tnd_test_fail(__FILE__, __LINE__, "%s is \"%.*s\", not \"%s\"", #slice, TND_FMT(a_), \
                          (const char *)(str));                                                  \
    } while (0)

#endif
