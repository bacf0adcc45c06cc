/* The web of `tandem serve`: what it is started with, and told when the configuration is read again. */
#ifndef CLI_SERVE_WEB_H
#define CLI_SERVE_WEB_H

#include "cli/setup.h"
#include "cli/site_flows.h"
#include "web/web.h"

/* What others give the web. */
struct serve_web_with {
    const struct tnd_http_table *tables; /* what they answer */
    size_t table_count;
    struct tnd_web_turn turn;
    struct site_flows *flows; /* of the pages of the reference; kept while there is a web */
};

/* Starts it, unless it is off. CLI_OK: there is one, or ret_warning says why there is none; CLI_USAGE after a line. */
int serve_web_start(const struct setup *setup, struct tnd_db *db, const struct serve_web_with *with,
                    struct tnd_web_fault *ret_warning, struct tnd_web **ret);

/* By a new setup. Negative: ret_fault says why, and nothing has changed. Of NULL: fine. */
int serve_web_configure(struct tnd_web *web, const struct setup *setup,
                        struct tnd_web_fault *ret_fault);

#endif
