/* JSON on standard output. */
#include "cli/json.h"

#include <stdio.h>

#include "cli/cli.h"

int cli_json_print(json_t *object)
{
    bool good = object && json_dumpf(object, stdout, JSON_INDENT(2)) == 0;

    json_decref(object);
    if (good) {
        putchar('\n');
        return CLI_OK;
    }
    if (!ferror(stdout)) /* else it is said when all is over */
        cli_fail("out of memory");
    return CLI_FAILED;
}
