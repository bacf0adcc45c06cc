/* tandem forward: where the calls of a user go when he says so. */
#include <string.h>

#include "cli/listing.h"
#include "cli/provision.h"
#include "web/forward.h"
#include "web/moment.h"

static const char usage[] =
    "usage: tandem forward set NAME@DOMAIN URI [OPTION...]\n"
    "       tandem forward list [NAME@DOMAIN] [OPTION...]\n"
    "       tandem forward clear NAME@DOMAIN [OPTION...]\n"
    "\n"
    "Sets a forward of a user, one for each --when, in the place of one that was there; lists\n"
    "forwards; clears those of a user, all of them or the one with that --when. The server may run\n"
    "or not: it knows at once.\n"
    "\n"
    "      --until TIME       until then, ISO 8601: 2026-12-01T18:00 here, ...T17:00Z or\n"
    "                         ...T18:00+01:00; by default until it is cleared\n"
    "      --when WHEN        always (the default); busy: the best answer of all phones is 486 or\n"
    "                         600; no-answer: nobody has answered in time; offline: no phone is\n"
    "                         registered\n"
    "      --after S          seconds, of no-answer: 1 to 600; default 20\n"
    "      --mode MODE        redirect (the default): the caller is told with 302; proxy: the\n"
    "                         server follows it, and the caller does not notice\n"
    "  -c, --config FILE      the configuration of the server: its store and domains\n"
    "      --store URL        another store: lmdb:/DIRECTORY\n"
    "      --json             results as JSON\n"
    "  -h, --help             this text\n"
    "\n"
    "Exit status: 0 done, 1 there is no such forward, or the store failed, 2 wrong usage or\n"
    "configuration.\n";

static const char *const heads[] = {"user", "when", "mode", "until", "forward"};
enum { COLUMN_COUNT = sizeof(heads) / sizeof(*heads) };

static void add_row(struct listing *l, struct tnd_slice aor, const struct tnd_forward *f)
{
    char until[MOMENT_SIZE] = "cleared", when[40];
    int len = snprintf(when, sizeof(when), "%s", web_forward_when_name(f->when));

    if (f->when == TND_FORWARD_NO_ANSWER)
        snprintf(when + len, sizeof(when) - (size_t)len, " after %us", f->after);
    if (f->until)
        moment_write(until, f->until, true);
    const struct tnd_slice cells[COLUMN_COUNT] = {aor, tnd_slice_str(when),
                                                  tnd_slice_str(web_forward_mode_name(f->mode)),
                                                  tnd_slice_str(until), f->uri};
    listing_row(l, cells);
}

static bool list_one(void *ctx, struct tnd_slice aor, const struct tnd_entry *entry)
{
    struct listing *l = ctx;

    for (size_t i = 0; i < entry->forward_count; i++) {
        if (l->json)
            listing_object(l, web_forward_json(aor, &entry->forwards[i]));
        else
            add_row(l, aor, &entry->forwards[i]);
    }
    return true;
}

static int list(struct provision *p)
{
    struct listing l;

    listing_start(&l, p->option[PROVISION_JSON], heads, COLUMN_COUNT);
    return listing_end(&l, "no forwards", provision_each(p, 0, list_one, &l));
}

/* What was set, as list shows it. */
static int show(const struct provision *p, struct tnd_slice aor, const struct tnd_forward *f)
{
    struct listing l;

    if (p->option[PROVISION_JSON])
        return cli_json_print(web_forward_json(aor, f));
    listing_start(&l, false, heads, COLUMN_COUNT);
    add_row(&l, aor, f);
    return listing_end(&l, "", CLI_OK);
}

/* Fails with what is wrong. */
static int fail(const struct provision *p, const struct web_forward_fault *fault)
{
    return cli_fail("%s: %s", p->name, fault->text);
}

static int take_words(const struct provision *p, const struct web_aor *aor, struct tnd_forward *ret)
{
    const struct web_forward_words words = {.uri = p->arg[1],
                                            .when = p->option[PROVISION_WHEN],
                                            .mode = p->option[PROVISION_MODE],
                                            .until = p->option[PROVISION_UNTIL],
                                            .after = p->option[PROVISION_AFTER],
                                            .dash = "--"};
    struct web_forward_fault fault;

    return web_forward_read(&words, aor, p->now, &fault, ret) ? CLI_OK : fail(p, &fault);
}

static int set(struct provision *p)
{
    struct tnd_forward f;
    struct web_aor aor;
    struct tnd_db_fault fault;
    int status = provision_aor(p, p->arg[0], &aor);

    status = status ? status : provision_domain(p, &aor);
    status = status ? status : take_words(p, &aor, &f);
    status = status ? status : provision_open(p, true);
    if (status)
        return status;
    if (tnd_db_put_forward(p->db, aor.text, &f, p->now, &fault))
        return provision_failed(CLI_FAILED, &fault);
    return show(p, aor.text, &f);
}

static int clear(struct provision *p)
{
    uint8_t when = TND_FORWARD_WHEN_COUNT;
    struct web_aor aor;
    struct web_forward_fault wrong;
    struct tnd_db_fault fault;
    int status = provision_aor(p, p->arg[0], &aor);

    if (!status && !web_forward_when(p->option[PROVISION_WHEN], "--", &wrong, &when))
        status = fail(p, &wrong);
    status = status ? status : provision_open(p, false);
    if (status)
        return status;
    int err = tnd_db_remove_forward(p->db, aor.text, when, p->now, &fault);
    if (err == TND_ENONE) {
        cli_fail("%s: %.*s: has no such forward ('tandem forward list' has them)", p->name,
                 TND_FMT(aor.text));
        return CLI_FAILED;
    }
    if (err)
        return provision_failed(CLI_FAILED, &fault);
    if (p->option[PROVISION_JSON])
        return cli_json_print(
            json_pack("{s:o, s:b}", "aor", cli_json_string(aor.text), "removed", 1));
    cli_put_text(stdout, aor.text);
    puts(": cleared");
    return CLI_OK;
}

#define BIT(option) (1U << PROVISION_##option)

static const struct provision_action actions[] = {
    {.name = "forward set",
     .wants = "NAME@DOMAIN and a URI",
     .options = BIT(UNTIL) | BIT(WHEN) | BIT(MODE) | BIT(AFTER),
     .arg_min = 2,
     .arg_max = 2,
     .run = set},
    {.name = "forward list", .arg_max = 1, .run = list},
    {.name = "forward clear",
     .wants = "one NAME@DOMAIN",
     .options = BIT(WHEN),
     .arg_min = 1,
     .arg_max = 1,
     .run = clear},
};

int cli_forward(int argc, char **argv)
{
    static const struct provision_command command = {"forward", usage, actions,
                                                     sizeof(actions) / sizeof(*actions)};

    return provision_run(&command, argc, argv);
}
