/* Addresses-of-record on the command line, and whether their domain is served. */
#include "cli/provision.h"

int provision_aor(const struct provision *p, const char *text, struct web_aor *ret)
{
    switch (web_aor_read(tnd_slice_str(text), ret)) {
    case 0:
        return CLI_OK;
    case TND_ESPACE:
        return cli_fail("%s: %.20s...: longer than %d characters: no address is", p->name, text,
                        TND_AOR_LEN_MAX);
    default:
        return cli_fail(
            "%s: '%s' is not like alice@example.com (what may not stand in a SIP URI is "
            "written as %%HH)",
            p->name, text);
    }
}

/* Own addresses are served too; of a wildcard they are not known, so each may be one. */
static bool is_own_address(const struct tnd_conf *conf, struct tnd_slice domain)
{
    struct tnd_endpoint e;

    if (tnd_address_parse(domain, &e))
        return false;
    for (size_t i = 0; i < conf->listen_count; i++)
        if (tnd_address_eq(&conf->listen[i], &e) ||
            tnd_address_kind(&conf->listen[i]) == TND_ADDRESS_UNSPECIFIED)
            return true;
    return false;
}

static bool is_served(const struct tnd_conf *conf, struct tnd_slice domain)
{
    for (size_t i = 0; i < conf->domain_count; i++)
        if (tnd_host_eq(conf->domains[i], domain))
            return true;
    return tnd_host_eq(conf->advertise.host, domain) || is_own_address(conf, domain);
}

int provision_domain(const struct provision *p, const struct web_aor *aor)
{
    if (!p->option[PROVISION_CONFIG] || is_served(p->conf, aor->domain))
        return CLI_OK;
    return cli_fail("%s: %s does not serve %.*s, so nobody would ever ask for %.*s; add the domain "
                    "there first",
                    p->name, p->option[PROVISION_CONFIG], TND_FMT(aor->domain), TND_FMT(aor->text));
}
