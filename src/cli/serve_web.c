/* The web of the server, by its configuration. */
#include "cli/serve_web.h"

#include <errno.h>

#include "base/assert.h"
#include "cli/cli.h"

static struct tnd_web_settings settings_of(const struct setup *setup)
{
    const struct tnd_node_config *node = &setup->server.node;

    return (struct tnd_web_settings){.token_file = setup->conf->web_token_file.ptr,
                                     .domains = node->domains,
                                     .domain_count = node->domain_count,
                                     .advertise = setup->conf->advertise.host,
                                     .listen = setup->server.listen,
                                     .listen_count = setup->server.listen_count,
                                     .lab = node->lab};
}

/* Who chose the place wants it; else somebody has it already, and calls are more than a page. */
static int fail_start(const struct setup *setup, const struct tnd_web_fault *fault,
                      struct tnd_web_fault *ret_warning)
{
    char text[TND_ENDPOINT_LEN_MAX + 1] = "";
    struct tnd_writer w = tnd_writer(text, sizeof(text) - 1);
    bool is_in_use = fault->error == EADDRINUSE;

    tnd_endpoint_write(&w, &setup->web);
    if (!fault->error)
        return cli_fail("%s", fault->text);
    if (!setup->web_is_chosen) {
        snprintf(ret_warning->text, sizeof(ret_warning->text),
                 "web: %s: %.300s; there is no web page of this server", text,
                 is_in_use ? "address already in use" : fault->text);
        return CLI_OK;
    }
    return cli_fail("web: %s: %s; choose another place with --web, or --web off", text,
                    is_in_use ? "address already in use" : fault->text);
}

int serve_web_start(const struct setup *setup, struct tnd_db *db, const struct serve_web_with *with,
                    struct tnd_web_fault *ret_warning, struct tnd_web **ret)
{
    struct tnd_web_config config = {.at = setup->web,
                                    .db = db,
                                    .settings = settings_of(setup),
                                    .turn = with->turn,
                                    .ladder_of = site_flows_find,
                                    .ladder_ctx = with->flows};
    struct tnd_web_fault fault;

    ret_warning->text[0] = '\0';
    TND_ASSERT(with->table_count < TND_WEB_TABLE_COUNT_MAX);
    if (setup->web.family == TND_FAMILY_NONE)
        return CLI_OK;
    for (size_t i = 0; i < with->table_count; i++)
        config.table[config.table_count++] = with->tables[i];
    return tnd_web_start(&config, &fault, ret) ? fail_start(setup, &fault, ret_warning) : CLI_OK;
}

int serve_web_configure(struct tnd_web *web, const struct setup *setup,
                        struct tnd_web_fault *ret_fault)
{
    const struct tnd_web_settings settings = settings_of(setup);

    return web ? tnd_web_configure(web, &settings, ret_fault) : 0;
}
