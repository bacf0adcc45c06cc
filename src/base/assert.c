/* What happens when an assertion fails: the words go to standard error by write(2), which
 * needs no lock, no buffer and no heap; then the last trace records; then abort().
 *
 * The core keeps no state outside its objects, but for two things here: how often a belief
 * failed, and which trace each thread shows. The assertion that fails knows neither its
 * node nor its ring, and handing them to every function that may assert would be worse. */
#include "base/assert.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/trace.h"
#include "tandem/base.h"

enum { RECORD_COUNT_MAX = 32 };

static _Atomic uint64_t beliefs_failed;

/* initial-exec: at a fixed place of the thread, found without a call into the loader. */
static _Thread_local const struct tnd_trace *shown __attribute__((tls_model("initial-exec")));

const struct tnd_trace *tnd_assert_show(const struct tnd_trace *trace)
{
    const struct tnd_trace *before = shown;

    shown = trace;
    return before;
}

/* Room for words; what does not fit there comes out as dots. */
static struct tnd_writer writer(char *text, size_t size)
{
    memset(text, '.', size);
    return tnd_writer(text, size);
}

static void say_written(const struct tnd_writer *w)
{
    size_t len = w->len < w->size ? w->len : w->size;

    if (write(STDERR_FILENO, w->ptr, len) < 0)
        return; /* nobody is left to tell */
}

static void say(const char *condition, const char *file, int line)
{
    char text[512];
    struct tnd_writer w = writer(text, sizeof(text));

    tnd_put_str(&w, "tandem: assertion failed: ");
    tnd_put_str(&w, condition);
    tnd_put_str(&w, " (");
    tnd_put_str(&w, file);
    tnd_put_char(&w, ':');
    tnd_put_number(&w, (uint64_t)line);
    tnd_put_str(&w, ")\n");
    say_written(&w);
}

/* The ring is forgotten first: should reading it fail too, that is said without it. */
static void say_shown(void)
{
    const struct tnd_trace *trace = tnd_assert_show(NULL);

    if (!trace)
        return;
    size_t count = tnd_trace_count(trace);
    for (size_t age = count < RECORD_COUNT_MAX ? count : RECORD_COUNT_MAX; age > 0; age--) {
        char text[256];
        struct tnd_writer w = writer(text, sizeof(text));

        tnd_put_str(&w, "tandem: ");
        tnd_trace_put(&w, tnd_trace_at(trace, age - 1));
        say_written(&w);
    }
}

_Noreturn void tnd_assert_failed(const char *condition, const char *file, int line)
{
    say(condition, file, line);
    say_shown();
    abort();
}

bool tnd_belief_failed(const char *condition, const char *file, int line)
{
#ifdef TND_TESTING
    tnd_assert_failed(condition, file, line);
#else
    if (beliefs_failed++ == 0)
        say(condition, file, line);
    return false;
#endif
}

uint64_t tnd_beliefs_failed(void)
{
    return beliefs_failed;
}
