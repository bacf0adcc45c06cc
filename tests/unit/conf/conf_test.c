/* Reading a configuration for a test, and comparing two of them. */
#include "unit/conf/conf_test.h"

#include <stdio.h>
#include <stdlib.h>

static char said[1 << 16], dumped[1 << 16];

struct tnd_conf *conf_read_good(const char *text)
{
    struct tnd_conf_faults faults = {.count = 0};
    struct tnd_conf *conf = NULL;

    if (tnd_conf_parse(tnd_slice_str(text), &faults, &conf))
        tnd_test_fail(__FILE__, __LINE__, "line %u: %s: %s, in: %s", faults.list[0].line,
                      faults.list[0].key, faults.list[0].text, text);
    CHECK_EQ(faults.fault_count, 0);
    return conf;
}

void conf_check_says(const char *file, int line, const char *text, const char *lines)
{
    struct tnd_conf_faults faults = {.count = 0};
    struct tnd_conf *conf = NULL;
    struct tnd_writer w = tnd_writer(said, sizeof(said) - 1);
    size_t count = strlen(text);
    char *exact = malloc(count ? count : 1); /* the sanitizers see a look beyond it */

    memcpy(exact, text, count);
    int err = tnd_conf_parse(tnd_slice(exact, count), &faults, &conf);
    free(exact);
    for (size_t i = 0; i < faults.count; i++) {
        tnd_conf_fault_write(&w, "f", &faults.list[i]);
        tnd_put_char(&w, '\n');
    }
    said[w.len] = '\0';
    if (err != (faults.fault_count > 0 ? TND_ESYNTAX : 0) || !conf != (err != 0))
        tnd_test_fail(file, line, "%d with %zu faults: %s", err, faults.fault_count, text);
    tnd_conf_free(&conf);
    if (strcmp(said, lines) != 0)
        tnd_test_fail(file, line, "of\n%s\nit says\n%s\nand not\n%s", text, said, lines);
}

static void put_slice(struct tnd_writer *w, const char *name, struct tnd_slice s)
{
    tnd_put_str(w, name);
    tnd_put(w, s.ptr ? s : TND_STR("-"));
    tnd_put_char(w, '\n');
}

static void put(struct tnd_writer *w, const char *name, uint64_t n)
{
    tnd_put_str(w, name);
    tnd_put_number(w, n);
    tnd_put_char(w, '\n');
}

static void put_endpoints(struct tnd_writer *w, const char *name, const struct tnd_endpoint *e,
                          size_t count)
{
    tnd_put_str(w, name);
    for (size_t i = 0; i < count; i++) {
        tnd_put_char(w, ' ');
        tnd_endpoint_write(w, &e[i]);
    }
    tnd_put_char(w, '\n');
}

static void put_network(struct tnd_writer *w, const struct tnd_network *network)
{
    tnd_address_write(w, &network->address);
    put(w, "/", network->bits);
}

static void dump_auth(struct tnd_writer *w, const struct tnd_conf_auth *auth)
{
    put(w, "required ", auth->required);
    put_slice(w, "realm ", auth->realm);
    for (size_t i = 0; i < auth->algorithm_count; i++)
        put(w, "algorithm ", auth->algorithms[i]);
    for (size_t i = 0; i < auth->trusted_count; i++)
        put_network(w, &auth->trusted[i]);
}

static void dump_numbers(struct tnd_writer *w, const struct tnd_conf *c)
{
    put(w, "default_expires ", c->registrar.default_expires);
    put(w, "min_expires ", c->registrar.min_expires);
    put(w, "max_expires ", c->registrar.max_expires);
    put(w, "max_contacts ", c->registrar.max_contacts);
    for (size_t i = 0; i < c->registrar.service_route_count; i++)
        put_slice(w, "service_route ", c->registrar.service_route[i]);
    put(w, "mode ", c->proxy.mode);
    put(w, "fork ", c->proxy.fork);
    put(w, "recurse ", c->proxy.recurse);
    put(w, "max_redirects ", c->proxy.max_redirects);
    put(w, "record_route ", c->proxy.record_route);
    put(w, "timer_c ", c->proxy.timer_c);
    put(w, "lab ", c->lab);
    put(w, "level ", c->log.level);
    put(w, "format ", c->log.format);
    put(w, "max_message ", c->limits.max_message);
    put(w, "requests_per_second ", c->limits.requests_per_second);
    put(w, "connections ", c->limits.connections);
    put(w, "connections_per_source ", c->limits.connections_per_source);
    put(w, "connection_idle ", c->limits.connection_idle);
    put(w, "connection_slow ", c->limits.connection_slow);
    put(w, "transactions ", c->limits.transactions);
    put(w, "memory ", c->limits.memory);
}

static void dump_contacts(struct tnd_writer *w, const struct tnd_conf_contact *contacts,
                          size_t count)
{
    for (size_t i = 0; i < count; i++) {
        put_slice(w, "  uri ", contacts[i].uri);
        put(w, "    q ", contacts[i].q);
        put(w, "    expires ", contacts[i].expires);
    }
}

static void dump_route(struct tnd_writer *w, const struct tnd_conf_route *r)
{
    put(w, "route ", r->action);
    put_slice(w, " method ", r->match.method);
    put_slice(w, " user ", r->match.user);
    put_slice(w, " domain ", r->match.domain);
    put_slice(w, " from_user ", r->match.from_user);
    put_slice(w, " from_domain ", r->match.from_domain);
    tnd_put_str(w, " source ");
    put_network(w, &r->match.source);
    put(w, " redirect ", r->redirect.code);
    dump_contacts(w, r->redirect.contacts, r->redirect.contact_count);
    put(w, " reject ", r->reject.code);
    put_slice(w, "  reason ", r->reject.reason);
    put(w, "  retry_after ", r->reject.retry_after);
    put(w, " alternative ", r->alternative.type);
    put_slice(w, "  text ", r->alternative.text);
    for (size_t i = 0; i < r->alternative.contact_count; i++)
        put_slice(w, "  contact ", r->alternative.contacts[i]);
    put(w, " proxy ", r->proxy.fork);
    dump_contacts(w, r->proxy.targets, r->proxy.target_count);
}

const char *conf_dump(const struct tnd_conf *c)
{
    struct tnd_writer w = tnd_writer(dumped, sizeof(dumped) - 1);

    for (size_t i = 0; i < c->domain_count; i++)
        put_slice(&w, "domain ", c->domains[i]);
    put_endpoints(&w, "listen", c->listen, c->listen_count);
    put_slice(&w, "advertise ", c->advertise.host);
    put(&w, " port ", c->advertise.port);
    put(&w, "store ", c->store.kind);
    put_slice(&w, " path ", c->store.path);
    put_slice(&w, " host ", c->store.host);
    put(&w, " port ", c->store.port);
    put(&w, " database ", c->store.database);
    put_endpoints(&w, "web", &c->web, 1);
    put_slice(&w, "web_token_file ", c->web_token_file);
    put_slice(&w, "hep ", c->hep.host);
    put(&w, " port ", c->hep.port);
    put_slice(&w, "cdr ", c->cdr);
    put_endpoints(&w, "dns", c->dns, c->dns_count);
    put(&w, "workers ", c->workers);
    dump_auth(&w, &c->auth);
    dump_numbers(&w, c);
    for (size_t i = 0; i < c->route_count; i++)
        dump_route(&w, &c->routes[i]);
    CHECK(!tnd_writer_over(&w));
    dumped[w.len] = '\0';
    return dumped;
}
