/* What flows are run with. */
#include "cli/alternative_xml.h"
#include "cli/cli.h"
#include "cli/demo.h"

int demo_world_open(struct demo_world *w, const char *command)
{
    *w = (struct demo_world){.world = {.mem = &cli_mem, .alternatives = &alternative_xml}};
    if (tnd_digest_openssl_init(&w->openssl) != 0)
        return cli_fail("%s: out of memory", command);
    w->world.digester = &w->openssl.digester;
    return CLI_OK;
}

void demo_world_close(struct demo_world *w)
{
    tnd_digest_openssl_fini(&w->openssl);
}
