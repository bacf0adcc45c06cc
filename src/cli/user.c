/* tandem user: users, and what they prove who they are by. */
#include <string.h>

#include "cli/listing.h"
#include "cli/password.h"
#include "net/digest_openssl.h"
#include "tandem/auth.h"

static const char usage[] =
    "usage: tandem user add NAME@DOMAIN [OPTION...]\n"
    "       tandem user list [NAME@DOMAIN] [OPTION...]\n"
    "       tandem user remove NAME@DOMAIN [OPTION...]\n"
    "\n"
    "Adds a user, or gives him another password; lists users; removes a user, and with him his\n"
    "forwards and what is registered for him. The server may run or not.\n"
    "\n"
    "  -c, --config FILE     the configuration of the server: its store, domains and realm\n"
    "      --store URL       another store: lmdb:/DIRECTORY\n"
    "      --password-file F the password is the first line of F; of -, of standard input\n"
    "      --password P      the password; everybody on this machine can see it while it runs\n"
    "      --realm TEXT      what the server calls itself when it asks for a password; by\n"
    "                        default auth.realm of the configuration, else DOMAIN\n"
    "      --json            results as JSON\n"
    "  -h, --help            this text\n"
    "\n"
    "Without a password it is asked for at the terminal, or else a line of standard input is it.\n"
    "\n"
    "Exit status: 0 done, 1 there is no such user, or the store failed, 2 wrong usage or\n"
    "configuration.\n";

static const char *const heads[] = {"user", "realm", "digests", "forwards", "contacts"};
enum { COLUMN_COUNT = sizeof(heads) / sizeof(*heads) };

static json_t *json_of(struct tnd_slice aor, const struct tnd_user *user)
{
    json_t *algorithms = json_array();

    for (unsigned i = 0; i < TND_DIGEST_COUNT; i++)
        if (user->has[i])
            json_array_append_new(algorithms, json_string(tnd_digest_name((enum tnd_digest)i)));
    return json_pack("{s:o, s:o, s:o}", "aor", cli_json_string(aor), "realm",
                     cli_json_string(user->realm), "algorithms", algorithms);
}

/* One object, or a line. */
static int say(const struct provision *p, json_t *object, struct tnd_slice aor, const char *what)
{
    if (p->option[PROVISION_JSON])
        return cli_json_print(object);
    json_decref(object);
    cli_put_text(stdout, aor);
    printf(": %s\n", what);
    return CLI_OK;
}

static struct tnd_slice realm_of(const struct provision *p, const struct web_aor *aor)
{
    if (p->option[PROVISION_REALM])
        return tnd_slice_str(p->option[PROVISION_REALM]);
    return p->option[PROVISION_CONFIG] ? p->conf->auth.realm : aor->domain;
}

/* A1 of the password, which is gone afterwards. */
static int make(const struct provision *p, const struct web_aor *aor, struct tnd_user *ret)
{
    struct password password;
    struct tnd_digest_openssl openssl;
    struct tnd_slice realm = realm_of(p, aor);

    if (realm.len == 0 || realm.len > TND_REALM_LEN_MAX)
        return cli_fail("%s: --realm: give 1 to %d characters", p->name, TND_REALM_LEN_MAX);
    int status = password_get(p, &password);
    if (status == CLI_OK && tnd_digest_openssl_init(&openssl))
        status = cli_fail("%s: out of memory", p->name);
    if (status == CLI_OK) {
        int err = tnd_user_make(&openssl.digester, aor->text, realm, password.text, ret);
        if (err)
            status = cli_fail("%s: OpenSSL makes no digest: %s", p->name, tnd_strerror(err));
        tnd_digest_openssl_fini(&openssl);
    }
    password_wipe(&password);
    return status;
}

static int is_there(struct provision *p, const struct web_aor *aor, bool *ret)
{
    struct tnd_entry entry;
    struct tnd_arena a;
    int status = provision_find(p, aor, &a, &entry);

    if (status == CLI_OK)
        *ret = entry.user;
    tnd_arena_fini(&a);
    return status;
}

static int add(struct provision *p)
{
    struct web_aor aor;
    struct tnd_db_fault fault;
    struct tnd_user user;
    bool old;
    int status = provision_aor(p, p->arg[0], &aor);

    if (status == CLI_OK)
        status = provision_domain(p, &aor);
    if (status == CLI_OK)
        status = make(p, &aor, &user);
    if (status == CLI_OK)
        status = provision_open(p, true);
    if (status == CLI_OK)
        status = is_there(p, &aor, &old);
    if (status != CLI_OK)
        return status;
    if (tnd_db_put_user(p->db, aor.text, &user, &fault))
        return provision_failed(CLI_FAILED, &fault);
    return say(p, json_of(aor.text, &user), aor.text, old ? "has a new password" : "added");
}

static int remove_user(struct provision *p)
{
    struct web_aor aor;
    struct tnd_db_fault fault;
    bool there;
    int status = provision_aor(p, p->arg[0], &aor);

    if (status == CLI_OK)
        status = provision_open(p, false);
    if (status == CLI_OK)
        status = is_there(p, &aor, &there);
    if (status != CLI_OK)
        return status;
    if (!there) {
        cli_fail("%s: %.*s: there is no such user ('tandem user list' has them)", p->name,
                 TND_FMT(aor.text));
        return CLI_FAILED;
    }
    if (tnd_db_remove(p->db, aor.text, TND_DB_USER | TND_DB_FORWARDS | TND_DB_BINDINGS, &fault))
        return provision_failed(CLI_FAILED, &fault);
    return say(p, json_pack("{s:o, s:b}", "aor", cli_json_string(aor.text), "removed", 1), aor.text,
               "removed");
}

static void add_row(struct listing *l, struct tnd_slice aor, const struct tnd_entry *entry)
{
    char digests[64], forwards[24], contacts[24];
    struct tnd_writer w = tnd_writer(digests, sizeof(digests));

    for (unsigned i = 0; i < TND_DIGEST_COUNT; i++) {
        if (!entry->user->has[i])
            continue;
        tnd_put_str(&w, w.len > 0 ? " " : "");
        tnd_put_str(&w, tnd_digest_name((enum tnd_digest)i));
    }
    snprintf(forwards, sizeof(forwards), "%zu", entry->forward_count);
    snprintf(contacts, sizeof(contacts), "%zu", entry->binding_count);
    const struct tnd_slice cells[COLUMN_COUNT] = {aor, entry->user->realm, tnd_writer_slice(&w),
                                                  tnd_slice_str(forwards), tnd_slice_str(contacts)};
    listing_row(l, cells);
}

static bool list_one(void *ctx, struct tnd_slice aor, const struct tnd_entry *entry)
{
    struct listing *l = ctx;

    if (!entry->user)
        return true;
    if (!l->json) {
        add_row(l, aor, entry);
        return true;
    }
    json_t *o = json_of(aor, entry->user);
    json_object_set_new(o, "forwards", json_integer((json_int_t)entry->forward_count));
    json_object_set_new(o, "contacts", json_integer((json_int_t)entry->binding_count));
    listing_object(l, o);
    return true;
}

static int list(struct provision *p)
{
    struct listing l;

    listing_start(&l, p->option[PROVISION_JSON], heads, COLUMN_COUNT);
    return listing_end(&l, "no users", provision_each(p, 0, list_one, &l));
}

static const struct provision_action actions[] = {
    {.name = "user add",
     .wants = "one NAME@DOMAIN",
     .options = 1U << PROVISION_PASSWORD | 1U << PROVISION_PASSWORD_FILE | 1U << PROVISION_REALM,
     .arg_min = 1,
     .arg_max = 1,
     .run = add},
    {.name = "user list", .arg_max = 1, .run = list},
    {.name = "user remove",
     .wants = "one NAME@DOMAIN",
     .arg_min = 1,
     .arg_max = 1,
     .run = remove_user},
};

int cli_user(int argc, char **argv)
{
    static const struct provision_command command = {"user", usage, actions,
                                                     sizeof(actions) / sizeof(*actions)};

    return provision_run(&command, argc, argv);
}
