/* The pager: less shows what fits on a screen and ends at once (-F), keeps colours (-R), and leaves the
 * text on the screen (-X). */
#include "cli/pager.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

FILE *pager_start(void)
{
    const char *pager = getenv("PAGER");

    if (!isatty(STDOUT_FILENO) || (pager && (!*pager || strcmp(pager, "cat") == 0)))
        return stdout;
    setenv("LESS", "FRX", 0);
    setenv("LESSCHARSET", "utf-8", 0);
    signal(SIGPIPE, SIG_IGN); /* who has read enough may leave */
    FILE *out = popen(pager ? pager : "less 2>/dev/null || cat", "w");
    return out ? out : stdout;
}

void pager_end(FILE *out)
{
    if (out != stdout)
        pclose(out);
}
