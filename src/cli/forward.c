/* tandem forward: where the calls of a user go when he says so. */
#include <string.h>

#include "cli/listing.h"
#include "cli/moment.h"
#include "cli/provision.h"

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

enum { AFTER_DEFAULT = 20, AFTER_MAX = 600 };

static const char *const when_names[] = {[TND_FORWARD_ALWAYS] = "always",
                                         [TND_FORWARD_BUSY] = "busy",
                                         [TND_FORWARD_NO_ANSWER] = "no-answer",
                                         [TND_FORWARD_OFFLINE] = "offline"};
static const char *const mode_names[] = {
    [TND_FORWARD_REDIRECT] = "redirect", [TND_FORWARD_PROXY] = "proxy"};

static int take_when(const struct provision *p, uint8_t *ret)
{
    const char *text = p->option[PROVISION_WHEN];

    for (uint8_t i = 0; text && i < TND_FORWARD_WHEN_COUNT; i++)
        if (strcmp(text, when_names[i]) == 0) {
            *ret = i;
            return CLI_OK;
        }
    if (!text)
        return CLI_OK;
    return cli_fail("%s: --when %s: give always, busy, no-answer or offline", p->name, text);
}

static int take_mode(const struct provision *p, uint8_t *ret)
{
    const char *text = p->option[PROVISION_MODE];

    for (uint8_t i = 0; text && i <= TND_FORWARD_PROXY; i++)
        if (strcmp(text, mode_names[i]) == 0) {
            *ret = i;
            return CLI_OK;
        }
    if (!text)
        return CLI_OK;
    return cli_fail("%s: --mode %s: give redirect or proxy", p->name, text);
}

static int take_after(const struct provision *p, struct tnd_forward *f)
{
    const char *text = p->option[PROVISION_AFTER];
    uint64_t seconds = AFTER_DEFAULT;

    if (text && f->when != TND_FORWARD_NO_ANSWER)
        return cli_fail("%s: --after is of --when no-answer alone; leave one out", p->name);
    if (text && (!tnd_slice_number(tnd_slice_str(text), AFTER_MAX, &seconds) || seconds == 0))
        return cli_fail("%s: --after %s: give seconds, 1 to %d", p->name, text, AFTER_MAX);
    f->after = f->when == TND_FORWARD_NO_ANSWER ? (uint32_t)seconds : 0;
    return CLI_OK;
}

static int take_until(const struct provision *p, struct tnd_forward *f)
{
    const char *text = p->option[PROVISION_UNTIL];
    char now[MOMENT_SIZE];

    if (!text)
        return CLI_OK;
    const char *wrong = moment_read(text, &f->until);
    if (wrong)
        return cli_fail("%s: --until %s: %s", p->name, text, wrong);
    if (f->until <= p->now)
        return cli_fail("%s: --until %s: is over: here it is %s", p->name, text,
                        moment_write(now, p->now, true));
    return CLI_OK;
}

/* Whoever follows it must know how: the caller, or the server, which has no way to a number. */
static int take_uri(const struct provision *p, const struct provision_aor *aor,
                    struct tnd_forward *f)
{
    const char *text = p->arg[1];
    char room[TND_AOR_LEN_MAX];
    struct tnd_writer own = tnd_writer(room, sizeof(room));
    struct tnd_uri uri;
    struct tnd_flaw flaw;

    if (tnd_uri_parse(tnd_slice_str(text), &uri, &flaw))
        return cli_fail("%s: '%s' is no URI; give one like sip:alice@hotel.example", p->name, text);
    if (uri.scheme == TND_SCHEME_OTHER)
        return cli_fail("%s: '%s' is no SIP address; give one like sip:alice@hotel.example or "
                        "tel:+4930123456",
                        p->name, text);
    if (uri.scheme == TND_SCHEME_TEL && f->mode == TND_FORWARD_PROXY)
        return cli_fail("%s: '%s' is a number, which the server cannot follow; give a SIP URI, or "
                        "--mode redirect",
                        p->name, text);
    if (uri.text.len > TND_FORWARD_LEN_MAX)
        return cli_fail("%s: the URI is longer than %d bytes", p->name, TND_FORWARD_LEN_MAX);
    if (tnd_aor_write(&own, &uri) && tnd_slice_eq(tnd_writer_slice(&own), aor->text))
        return cli_fail("%s: %.*s would be forwarded to himself; give another URI", p->name,
                        TND_FMT(aor->text));
    f->uri = uri.text;
    return CLI_OK;
}

static json_t *json_of(struct tnd_slice aor, const struct tnd_forward *f)
{
    char until[MOMENT_SIZE];

    return json_pack(
        "{s:o, s:o, s:s, s:s, s:o, s:o}", "aor", cli_json_string(aor), "uri",
        cli_json_string(f->uri), "when", when_names[f->when], "mode", mode_names[f->mode], "until",
        f->until ? json_string(moment_write(until, f->until, false)) : json_null(), "after",
        f->when == TND_FORWARD_NO_ANSWER ? json_integer(f->after) : json_null());
}

static const char *const heads[] = {"user", "when", "mode", "until", "forward"};
enum { COLUMN_COUNT = sizeof(heads) / sizeof(*heads) };

static void add_row(struct listing *l, struct tnd_slice aor, const struct tnd_forward *f)
{
    char until[MOMENT_SIZE] = "cleared", when[40];
    int len = snprintf(when, sizeof(when), "%s", when_names[f->when]);

    if (f->when == TND_FORWARD_NO_ANSWER)
        snprintf(when + len, sizeof(when) - (size_t)len, " after %us", f->after);
    if (f->until)
        moment_write(until, f->until, true);
    const struct tnd_slice cells[COLUMN_COUNT] = {
        aor, tnd_slice_str(when), tnd_slice_str(mode_names[f->mode]), tnd_slice_str(until), f->uri};
    listing_row(l, cells);
}

static bool list_one(void *ctx, struct tnd_slice aor, const struct tnd_entry *entry)
{
    struct listing *l = ctx;

    for (size_t i = 0; i < entry->forward_count; i++) {
        if (l->json)
            listing_object(l, json_of(aor, &entry->forwards[i]));
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
        return cli_json_print(json_of(aor, f));
    listing_start(&l, false, heads, COLUMN_COUNT);
    add_row(&l, aor, f);
    return listing_end(&l, "", CLI_OK);
}

static int set(struct provision *p)
{
    struct tnd_forward f = {.when = TND_FORWARD_ALWAYS, .mode = TND_FORWARD_REDIRECT};
    struct provision_aor aor;
    struct tnd_db_fault fault;
    int status = provision_aor(p, p->arg[0], &aor);

    status = status ? status : provision_domain(p, &aor);
    status = status ? status : take_when(p, &f.when);
    status = status ? status : take_mode(p, &f.mode);
    status = status ? status : take_after(p, &f);
    status = status ? status : take_until(p, &f);
    status = status ? status : take_uri(p, &aor, &f);
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
    struct provision_aor aor;
    struct tnd_db_fault fault;
    int status = provision_aor(p, p->arg[0], &aor);

    status = status ? status : take_when(p, &when);
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
