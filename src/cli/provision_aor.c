/* Addresses-of-record on the command line, and whether their domain is served. */
#include <stdio.h>
#include <string.h>

#include "cli/provision.h"

/* "sip:" is written by whoever does not leave it out. */
static bool has_scheme(const char *text)
{
    return strncmp(text, "sip:", 4) == 0 || strncmp(text, "sips:", 5) == 0;
}

/* A user and a domain, and nothing that an address-of-record has not. */
static bool is_plain(const struct tnd_uri *uri)
{
    return uri->user.ptr && !uri->password.ptr && uri->port < 0 && uri->params.len == 0 &&
           !uri->headers.ptr;
}

int provision_aor(const struct provision *p, const char *text, struct provision_aor *ret)
{
    char room[TND_LOOSE_LEN_MAX];
    struct tnd_writer uri_text = tnd_writer(room, sizeof(room));
    struct tnd_writer w = tnd_writer(ret->room, sizeof(ret->room));
    struct tnd_uri uri;
    struct tnd_flaw flaw;

    if (!has_scheme(text))
        tnd_put_str(&uri_text, "sip:");
    tnd_put_str(&uri_text, text);
    if (tnd_uri_parse(tnd_writer_slice(&uri_text), &uri, &flaw) || !is_plain(&uri))
        return cli_fail(
            "%s: '%s' is not like alice@example.com (what may not stand in a SIP URI is "
            "written as %%HH)",
            p->name, text);
    if (!tnd_aor_write(&w, &uri))
        return cli_fail("%s: %.20s...: longer than %d characters: no address is", p->name, text,
                        TND_AOR_LEN_MAX);
    ret->text = tnd_writer_slice(&w);
    const char *at = memrchr(ret->text.ptr, '@', ret->text.len);
    ret->domain = tnd_slice_between(at + 1, tnd_slice_end(ret->text));
    return CLI_OK;
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

int provision_domain(const struct provision *p, const struct provision_aor *aor)
{
    if (!p->option[PROVISION_CONFIG] || is_served(p->conf, aor->domain))
        return CLI_OK;
    return cli_fail("%s: %s does not serve %.*s, so nobody would ever ask for %.*s; add the domain "
                    "there first",
                    p->name, p->option[PROVISION_CONFIG], TND_FMT(aor->domain), TND_FMT(aor->text));
}
