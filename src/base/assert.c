/* What happens when an assertion fails: the words go to standard error by write(2), which
 * needs no lock, no buffer and no heap; then the last trace records; then abort(). */
#include "base/assert.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "tandem/base.h"

static _Atomic uint64_t beliefs_failed;

static void say(const char *condition, const char *file, int line)
{
    char text[512];
    struct tnd_writer w = tnd_writer(text, sizeof(text));

    tnd_put_str(&w, "tandem: assertion failed: ");
    tnd_put_str(&w, condition);
    tnd_put_str(&w, " (");
    tnd_put_str(&w, file);
    tnd_put_char(&w, ':');
    tnd_put_number(&w, (uint64_t)line);
    tnd_put_str(&w, ")\n");
    size_t len = w.len < sizeof(text) ? w.len : sizeof(text);
    if (write(STDERR_FILENO, text, len) < 0)
        return; /* nobody is left to tell */
}

_Noreturn void tnd_assert_failed(const char *condition, const char *file, int line)
{
    say(condition, file, line);
    abort();
}

bool tnd_belief_failed(const char *condition, const char *file, int line)
{
    beliefs_failed++;
#ifdef TND_TESTING
    tnd_assert_failed(condition, file, line);
#else
    if (beliefs_failed == 1)
        say(condition, file, line);
    return false;
#endif
}

uint64_t tnd_beliefs_failed(void)
{
    return beliefs_failed;
}
