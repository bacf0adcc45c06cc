/* What it costs a worker to write a message into its flight recorder: nanoseconds of one put, for rings
 * that fit into a cache and ones that do not. */
#include "net/recorder.h"

#include <stdio.h>
#include <time.h>

enum { WARM_COUNT = 300000, COUNT = 1000000 };

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void put(struct tnd_recorder *r, const struct tnd_recorded *m, int count)
{
    for (int i = 0; i < count; i++)
        tnd_recorder_put(r, m);
}

static int measure(size_t size, size_t len)
{
    static char text[4096];
    struct tnd_recorded m = {.at = 1, .bytes = tnd_slice(text, len)};
    struct tnd_recorder *r;

    if (tnd_recorder_new(size, &r))
        return 1;
    put(r, &m, WARM_COUNT);
    double began = now();
    put(r, &m, COUNT);
    printf("ring of %3zu MiB, message of %4zu bytes: %6.1f ns\n", size >> 20, len,
           (now() - began) / COUNT);
    tnd_recorder_free(&r);
    return 0;
}

int main(void)
{
    static const size_t sizes[] = {1 << 20, 8 << 20, 64 << 20}, lens[] = {400, 700, 1200};
    int status = 0;

    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 3; k++)
            status |= measure(sizes[i], lens[k]);
    return status;
}
