/* What the web shows of the running server. */
#include "cli/serve_live.h"

#include "cli/cli.h"
#include "cli/config.h"
#include "net/clock.h"

int serve_live_start(const struct setup *setup, const struct tnd_server *server,
                     struct serve_live *ret)
{
    struct tnd_live_config config = {.listen = setup->server.listen,
                                     .listen_count = setup->server.listen_count};
    int err = tnd_server_tape(server, &config.tape);

    *ret = (struct serve_live){.metrics = {server, TANDEM_VERSION}};
    if (err)
        return err;
    tnd_entropy(&config.seed, sizeof(config.seed));
    err = tnd_live_new(&config, &ret->live);
    if (err) {
        tnd_tape_free(&config.tape);
        return err;
    }
    ret->table[0] = tnd_live_table(ret->live);
    ret->table[1] = tnd_metrics_table(&ret->metrics);
    ret->turn = tnd_live_turn(ret->live);
    return 0;
}

void serve_live_stop(struct serve_live *live)
{
    tnd_live_free(&live->live);
}

static bool is_followed(const struct setup *setup)
{
    return setup->conf->hep.host.ptr || setup->conf->cdr.ptr;
}

bool serve_live_is_wanted(const struct setup *setup)
{
    return setup->web.family != TND_FAMILY_NONE || is_followed(setup);
}

int serve_follow_start(const struct setup *setup, const struct tnd_server *server,
                       struct tnd_follow **ret)
{
    struct tnd_follow_config config = {.server = server,
                                       .listen = setup->server.listen,
                                       .listen_count = setup->server.listen_count,
                                       .hep_host = setup->conf->hep.host,
                                       .hep_port = setup->conf->hep.port,
                                       .cdr = setup->conf->cdr.ptr,
                                       .log = setup->server.log};
    char why[TND_FOLLOW_WHY_SIZE];

    if (!is_followed(setup))
        return CLI_OK;
    tnd_entropy(&config.seed, sizeof(config.seed));
    return tnd_follow_start(&config, why, ret) ? cli_fail("%s", why) : CLI_OK;
}
