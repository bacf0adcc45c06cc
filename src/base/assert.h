/* Assertions that ship: our own mistakes, never a peer's and never the world's.
 *
 *   TND_ASSERT(x)  must hold; if not, the program says where, prints the last trace
 *                  records and aborts, in every build
 *   TND_ALWAYS(x)  believed but not proved: in a test build as TND_ASSERT, else counted,
 *   TND_NEVER(x)   and the caller takes the safe branch: if (TND_NEVER(n > max)) return;
 *
 * None may have side effects. */
#ifndef BASE_ASSERT_H
#define BASE_ASSERT_H

#include <stdbool.h>
#include <stdint.h>

_Noreturn void tnd_assert_failed(const char *condition, const char *file, int line);

/* Aborts if the library was built for tests; else counts, says the first, returns false. */
bool tnd_belief_failed(const char *condition, const char *file, int line);

/* How many beliefs failed since the program started. */
uint64_t tnd_beliefs_failed(void);

/* From now on an assertion that fails in this thread prints the last records of trace; of
 * NULL, none. Keeps trace until the next call. Returns what was shown before, so that one
 * node can run inside another's step and put it back. */
struct tnd_trace;
const struct tnd_trace *tnd_assert_show(const struct tnd_trace *trace);

#define TND_ASSERT(x) \
    (__builtin_expect(!(x), 0) ? tnd_assert_failed(#x, __FILE__, __LINE__) : (void)0)
#define TND_ALWAYS(x) (__builtin_expect(!(x), 0) ? tnd_belief_failed(#x, __FILE__, __LINE__) : true)
#define TND_NEVER(x) \
    (__builtin_expect(!!(x), 0) ? !tnd_belief_failed("never " #x, __FILE__, __LINE__) : false)

#endif
