/* tandem contacts: what is registered. */
#include <string.h>

#include "cli/listing.h"
#include "cli/provision.h"
#include "web/forward.h"
#include "web/moment.h"

static const char usage[] =
    "usage: tandem contacts [NAME@DOMAIN] [OPTION...]\n"
    "\n"
    "Lists what is registered: each contact of each address-of-record, or those of one. The server\n"
    "may run or not.\n"
    "\n"
    "  -c, --config FILE  the configuration of the server, which names its store\n"
    "      --store URL    another store: lmdb:/DIRECTORY\n"
    "      --json         an array of objects: aor, uri, q, expires_in, source, call_id, cseq\n"
    "  -h, --help         this text\n"
    "\n"
    "Exit status: 0 done, 1 the store failed, 2 wrong usage or configuration, or there is no store.\n";

static const char *const heads[] = {"address", "contact", "q", "expires in", "source"};
enum { COLUMN_COUNT = sizeof(heads) / sizeof(*heads) };

struct contacts {
    struct listing listing;
    int64_t now;
};

static void add_row(struct contacts *c, struct tnd_slice aor, const struct tnd_binding *b)
{
    char source[TND_ENDPOINT_LEN_MAX], q[24], span[MOMENT_SIZE];
    int n = web_contact_q(b);

    snprintf(q, sizeof(q), "%d.%03d", n / 1000, n % 1000);
    for (size_t end = strlen(q); q[end - 1] == '0' || q[end - 1] == '.';) { /* 0.500: 0.5 */
        bool dot = q[--end] == '.';
        q[end] = '\0';
        if (dot)
            break;
    }
    const struct tnd_slice cells[COLUMN_COUNT] = {
        aor, b->uri, tnd_slice_str(q), tnd_slice_str(moment_write_span(span, b->until - c->now)),
        web_contact_source(b, source)};
    listing_row(&c->listing, cells);
}

static bool list_one(void *ctx, struct tnd_slice aor, const struct tnd_entry *entry)
{
    struct contacts *c = ctx;

    for (size_t i = 0; i < entry->binding_count; i++) {
        if (c->listing.json)
            listing_object(&c->listing, web_contact_json(aor, &entry->bindings[i], c->now));
        else
            add_row(c, aor, &entry->bindings[i]);
    }
    return true;
}

static int list(struct provision *p)
{
    struct contacts c = {.now = p->now};

    listing_start(&c.listing, p->option[PROVISION_JSON], heads, COLUMN_COUNT);
    return listing_end(&c.listing, "no contacts", provision_each(p, 0, list_one, &c));
}

int cli_contacts(int argc, char **argv)
{
    static const struct provision_action action = {.arg_max = 1, .run = list};
    static const struct provision_command command = {"contacts", usage, &action, 1};

    return provision_run(&command, argc, argv);
}
