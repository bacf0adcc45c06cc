/* Which scan: that of the processor that runs this. Linked where there is a choice. */
#include "sip/scan.h"

void tnd_scan(struct tnd_slice text, struct tnd_scan *scan)
{
    /* libgcc asked the processor once, at start; this reads a constant */
    if (__builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512bw"))
        tnd_scan_avx512(text, scan);
    else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi"))
        tnd_scan_avx2(text, scan);
    else
        tnd_scan_portable(text, scan);
}
