/* Which scan: the portable one. Linked where there is no other, and by the benchmark of it. */
#include "sip/scan.h"

void tnd_scan(struct tnd_slice text, struct tnd_scan *scan)
{
    tnd_scan_portable(text, scan);
}
