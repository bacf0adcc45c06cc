/* Configurations: whatever the bytes are, there is a configuration whose values keep what the
 * header promises, or a fault that says where. What the outline lets through, libcyaml reads. */
#include "fuzz/fuzz.h"

#include <stdbool.h>

#include "conf/conf.h"

enum { TEXT_SIZE = 8192 };

static void check_fault(const struct tnd_conf_fault *f, unsigned line_max)
{
    char out[TEXT_SIZE];
    struct tnd_writer w = tnd_writer(out, sizeof(out));

    FUZZ_CHECK(f->line <= line_max);
    FUZZ_CHECK(memchr(f->key, '\0', sizeof(f->key)) && memchr(f->text, '\0', sizeof(f->text)));
    FUZZ_CHECK(f->text[0] && strncmp(f->text, "libcyaml", 8) != 0);
    tnd_conf_fault_write(&w, "path", f);
    FUZZ_CHECK(!tnd_writer_over(&w));
}

static void check_faults(const struct tnd_conf_faults *faults, unsigned line_max)
{
    size_t fault_count = 0;

    FUZZ_CHECK(faults->count <= TND_CONF_FAULT_COUNT_MAX);
    FUZZ_CHECK(faults->lost == 0 || faults->count == TND_CONF_FAULT_COUNT_MAX);
    for (size_t i = 0; i < faults->count; i++) {
        check_fault(&faults->list[i], line_max);
        FUZZ_CHECK(i == 0 || faults->list[i - 1].line <= faults->list[i].line);
        fault_count += faults->list[i].severity == TND_CONF_FAULT;
    }
    FUZZ_CHECK(fault_count <= faults->fault_count);
    FUZZ_CHECK(faults->fault_count <= fault_count + faults->lost);
}

static void check_contacts(const struct tnd_conf_contact *contacts, size_t count)
{
    FUZZ_CHECK(count <= TND_CONF_CONTACT_COUNT_MAX);
    for (size_t i = 0; i < count; i++)
        FUZZ_CHECK(contacts[i].uri.len > 0 && contacts[i].q <= 1000);
}

static void check_route(const struct tnd_conf_route *r)
{
    check_contacts(r->redirect.contacts, r->redirect.contact_count);
    check_contacts(r->proxy.targets, r->proxy.target_count);
    switch (r->action) {
    case TND_CONF_ACTION_NONE:
        FUZZ_CHECK(!"a route without an action");
        return;
    case TND_CONF_ACTION_REDIRECT:
        FUZZ_CHECK(r->redirect.code >= 300 && r->redirect.code < 400);
        FUZZ_CHECK(r->redirect.contact_count > 0);
        return;
    case TND_CONF_ACTION_REJECT:
        FUZZ_CHECK(r->reject.code >= 400 && r->reject.code < 700);
        return;
    case TND_CONF_ACTION_ALTERNATIVE:
        FUZZ_CHECK(r->alternative.contact_count <= TND_CONF_CONTACT_COUNT_MAX);
        return;
    case TND_CONF_ACTION_PROXY:
        FUZZ_CHECK(r->proxy.target_count > 0 && r->proxy.fork != TND_CONF_FORK_NONE);
        return;
    }
}

static void check_listeners(const struct tnd_conf *conf)
{
    FUZZ_CHECK(conf->listen_count > 0 && conf->listen_count <= TND_CONF_LISTEN_COUNT_MAX);
    for (size_t i = 0; i < conf->listen_count; i++) {
        FUZZ_CHECK(conf->listen[i].port > 0 && conf->listen[i].transport);
        for (size_t k = 0; k < i; k++)
            FUZZ_CHECK(!tnd_endpoint_eq(&conf->listen[i], &conf->listen[k]));
    }
}

static void check_conf(const struct tnd_conf *conf)
{
    const struct tnd_conf_registrar *r = &conf->registrar;

    check_listeners(conf);
    FUZZ_CHECK(conf->domain_count <= TND_CONF_DOMAIN_COUNT_MAX);
    FUZZ_CHECK((conf->web.port > 0) == (conf->web.family != 0) && !conf->web.transport);
    FUZZ_CHECK(conf->dns_count <= TND_CONF_DNS_COUNT_MAX);
    for (size_t i = 0; i < conf->dns_count; i++)
        FUZZ_CHECK(tnd_endpoint_is_target(&conf->dns[i]));
    FUZZ_CHECK(conf->workers <= TND_CONF_WORKER_COUNT_MAX);
    FUZZ_CHECK(conf->auth.realm.len > 0 && conf->auth.algorithm_count > 0);
    FUZZ_CHECK(0 < r->min_expires && r->min_expires <= r->default_expires);
    FUZZ_CHECK(r->default_expires <= r->max_expires);
    FUZZ_CHECK(conf->proxy.timer_c > 0 && conf->proxy.fork != TND_CONF_FORK_NONE);
    FUZZ_CHECK(conf->limits.max_message >= 1300 && conf->limits.max_message <= 65535);
    for (size_t i = 0; i < conf->route_count; i++)
        check_route(&conf->routes[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct tnd_conf_faults faults;
    struct tnd_conf *conf = NULL;

    faults = (struct tnd_conf_faults){.count = 0};
    int err = tnd_conf_parse(tnd_slice((const char *)data, size), &faults, &conf);
    FUZZ_CHECK(err == 0 || err == TND_ESYNTAX);
    FUZZ_CHECK((err == 0) == (conf != NULL));
    FUZZ_CHECK((err == 0) == (faults.fault_count == 0));
    /* each character of the file may end a line, and the end of the file is in one */
    check_faults(&faults, (unsigned)size + 1);
    if (conf)
        check_conf(conf);
    tnd_conf_free(&conf);
    return 0;
}
