/* What `tandem serve` is to do. */
#include "cli/setup.h"

#include <getopt.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/routes.h"

const char setup_usage[] =
    "usage: tandem serve [OPTION...]\n"
    "\n"
    "Serves SIP until it is told to end. Without a file: UDP and TCP at 127.0.0.1:5060, and the\n"
    "lab: the users lab-CODE answer as they are called, sip:lab-486@127.0.0.1 with 486. Phones\n"
    "register and call each other; without credentials where all listeners are loopback.\n"
    "docs/tandem.example.yaml shows what a file may say. The other options override it.\n"
    "\n"
    "  -c, --config FILE    the configuration; 'tandem check' checks it\n"
    "  --listen [TRANSPORT:]ADDRESS[:PORT]\n"
    "                       where to listen instead: udp:192.0.2.1:5060, tcp:[::]:5060; several\n"
    "                       times for several places\n"
    "  --domain NAME        a domain that is served, besides the own addresses; likewise\n"
    "  --workers N          threads; 0, the default: one for each core\n"
    "  --lab, --no-lab      whether the lab is there\n"
    "  --log-level LEVEL    error, warn, info (the default) or debug, which tells of each refusal\n"
    "                       the rule that decided\n"
    "  --store URL          where it is kept who is registered: lmdb:/DIRECTORY, or memory:, which\n"
    "                       is gone when the server ends. lmdb:, the default, is in\n"
    "                       $XDG_STATE_HOME/tandem, else in ~/.local/state/tandem\n"
    "  --web ADDRESS:PORT|off\n"
    "                       where the web page and the API are; 127.0.0.1:8060 by default. Not on\n"
    "                       loopback it needs web_token_file in the configuration\n"
    "  -h, --help           this text\n"
    "\n"
    "Says \"tandem: ready\" on standard error when it serves. SIGTERM: new requests are refused\n"
    "(503), those that are there are finished, for at most 32 seconds; a second one ends it at\n"
    "once. SIGHUP: the file is read again; if it is wrong that is told, and nothing changes.\n"
    "\n"
    "Exit status: 0 it was told to end, 2 it cannot serve: one line says what, where and what to\n"
    "do.\n";

enum { WEB_PORT = 8060 };

enum { LISTEN = 256, DOMAIN, STORE, WEB, WORKERS, LAB, NO_LAB, LOG_LEVEL };

static const struct option long_options[] = {{"config", required_argument, NULL, 'c'},
                                             {"listen", required_argument, NULL, LISTEN},
                                             {"domain", required_argument, NULL, DOMAIN},
                                             {"store", required_argument, NULL, STORE},
                                             {"web", required_argument, NULL, WEB},
                                             {"workers", required_argument, NULL, WORKERS},
                                             {"lab", no_argument, NULL, LAB},
                                             {"no-lab", no_argument, NULL, NO_LAB},
                                             {"log-level", required_argument, NULL, LOG_LEVEL},
                                             {"help", no_argument, NULL, 'h'},
                                             {0}};

static int add_listen(struct setup_options *o, const char *text)
{
    struct tnd_endpoint e;

    if (tnd_endpoint_parse(tnd_slice_str(text), TND_TRANSPORT_UDP, &e) || e.port == 0)
        return cli_fail("--listen %s: give transport:address:port, such as udp:127.0.0.1:5060 or "
                        "tcp:[::1]:5060",
                        text);
    if (!tnd_conf_can_listen(&e))
        return cli_fail("--listen %s: only udp and tcp are there yet", text);
    if (tnd_address_kind(&e) == TND_ADDRESS_MULTICAST ||
        tnd_address_kind(&e) == TND_ADDRESS_BROADCAST)
        return cli_fail("--listen %s: is not the address of one host; choose one that is", text);
    for (size_t i = 0; i < o->listen_count; i++) {
        if (tnd_endpoint_eq(&o->listen[i], &e))
            return cli_fail("--listen %s: is given twice; leave one out", text);
        if (tnd_conf_listen_overlap(&o->listen[i], &e))
            return cli_fail("--listen %s: every address of this port takes in the other one that "
                            "is given; leave one out",
                            text);
    }
    if (o->listen_count == TND_SERVER_LISTEN_COUNT_MAX)
        return cli_fail("--listen %s: at most %d places are listened at", text,
                        TND_SERVER_LISTEN_COUNT_MAX);
    o->listen[o->listen_count++] = e;
    return CLI_OK;
}

static int add_domain(struct setup_options *o, const char *text)
{
    if (*text == '\0')
        return cli_fail("--domain: give the name of a domain, such as example.com");
    if (!tnd_conf_is_host(tnd_slice_str(text)))
        return cli_fail("--domain %s: is no domain; give one such as example.com", text);
    if (o->domain_count == TND_CONF_DOMAIN_COUNT_MAX)
        return cli_fail("--domain %s: at most %d domains are served", text,
                        TND_CONF_DOMAIN_COUNT_MAX);
    o->domains[o->domain_count++] = tnd_slice_str(text);
    return CLI_OK;
}

static int set_web(struct setup_options *o, const char *text)
{
    struct tnd_endpoint e = {.port = 0};

    if (strcmp(text, "off") != 0) {
        if (tnd_address_parse(tnd_slice_str(text), &e) == 0)
            e.port = WEB_PORT;
        else if (tnd_endpoint_parse(tnd_slice_str(text), TND_TRANSPORT_NONE, &e) || e.transport ||
                 e.port == 0)
            return cli_fail("--web %s: give an address and a port, such as 127.0.0.1:8060, or off",
                            text);
    }
    o->has_web = true;
    o->web = e;
    return CLI_OK;
}

static int set_workers(struct setup_options *o, const char *text)
{
    uint64_t n;

    if (!tnd_slice_number(tnd_slice_str(text), TND_SERVER_WORKER_COUNT_MAX, &n))
        return cli_fail("--workers %s: give a number from 0, which is one for each core, to %d",
                        text, TND_SERVER_WORKER_COUNT_MAX);
    o->workers = (long)n;
    return CLI_OK;
}

static int set_log_level(struct setup_options *o, const char *text)
{
    static const char *const names[] = {
        [TND_SERVER_ERROR] = "error",
        [TND_SERVER_WARN] = "warn",
        [TND_SERVER_INFO] = "info",
        [TND_SERVER_DEBUG] = "debug",
    };

    for (int i = 0; i <= TND_SERVER_DEBUG; i++)
        if (strcmp(text, names[i]) == 0) {
            o->log_level = i;
            return CLI_OK;
        }
    return cli_fail("--log-level %s: give error, warn, info or debug", text);
}

static int wrong_option(int c, char **argv)
{
    if (c == ':')
        return cli_fail("serve: '%s' wants a value ('tandem serve --help')", argv[optind - 1]);
    return cli_no_option("serve", argv);
}

static int take_option(struct setup_options *o, int c, char **argv)
{
    switch (c) {
    case 'c':
        o->config = optarg;
        return CLI_OK;
    case LISTEN:
        return add_listen(o, optarg);
    case DOMAIN:
        return add_domain(o, optarg);
    case STORE:
        o->store = optarg;
        return CLI_OK;
    case WEB:
        return set_web(o, optarg);
    case WORKERS:
        return set_workers(o, optarg);
    case LAB:
    case NO_LAB:
        o->lab = c == LAB;
        return CLI_OK;
    case LOG_LEVEL:
        return set_log_level(o, optarg);
    default:
        return wrong_option(c, argv);
    }
}

int setup_options(int argc, char **argv, struct setup_options *ret, bool *ret_help)
{
    int status = CLI_OK;

    *ret = (struct setup_options){.workers = -1, .log_level = -1, .lab = -1};
    *ret_help = false;
    opterr = 0; /* what is wrong is said here, in one line like all the rest */
    for (int c;
         status == CLI_OK && (c = getopt_long(argc, argv, ":c:h", long_options, NULL)) != -1;) {
        if (c == 'h') {
            *ret_help = true;
            return CLI_OK;
        }
        status = take_option(ret, c, argv);
    }
    if (status == CLI_OK && optind != argc)
        return cli_fail("serve: '%s' is one word too many ('tandem serve --help')", argv[optind]);
    return status;
}

/* The levels of a file are those of the server. */
_Static_assert((int)TND_CONF_LOG_ERROR == (int)TND_SERVER_ERROR &&
                   (int)TND_CONF_LOG_DEBUG == (int)TND_SERVER_DEBUG,
               "levels");

static struct tnd_server_config server_of(const struct tnd_conf *conf, struct tnd_slice advertise)
{
    const struct tnd_conf_limits *limits = &conf->limits;

    return (struct tnd_server_config){
        .workers = conf->workers,
        .dns = conf->dns,
        .dns_count = conf->dns_count,
        .transactions_max = limits->transactions,
        .memory_max = (size_t)limits->memory << 20,
        .node = {.domains = conf->domains,
                 .domain_count = conf->domain_count,
                 .advertise = advertise,
                 .server = TND_STR("Tandem"),
                 .requests_per_second = limits->requests_per_second,
                 .lab = conf->lab},
        .bounds = {.max_message = limits->max_message,
                   .connections = limits->connections,
                   .connections_per_source = limits->connections_per_source,
                   .connection_idle = limits->connection_idle,
                   .connection_slow = limits->connection_slow},
    };
}

static enum tnd_recurse recurse_of(enum tnd_conf_recurse recurse)
{
    switch (recurse) {
    case TND_CONF_RECURSE_NONE:
        return TND_RECURSE_NONE;
    case TND_CONF_RECURSE_LOCAL:
        return TND_RECURSE_LOCAL;
    case TND_CONF_RECURSE_ANY:
        return TND_RECURSE_ANY;
    }
    return TND_RECURSE_NONE;
}

/* "<sip:a;lr>, <sip:b;lr>": the value of Service-Route (RFC 3608 §5). */
static struct tnd_slice service_route_of(struct setup *setup)
{
    const struct tnd_conf_registrar *r = &setup->conf->registrar;
    struct tnd_writer w = tnd_writer(setup->service_route, sizeof(setup->service_route));

    for (size_t i = 0; i < r->service_route_count; i++) {
        tnd_put_str(&w, i > 0 ? ", <" : "<");
        tnd_put(&w, r->service_route[i]);
        tnd_put_char(&w, '>');
    }
    return w.len > 0 ? tnd_writer_slice(&w) : tnd_slice(NULL, 0);
}

/* What the users of the server may do, and what becomes of their calls. */
static int set_users(struct setup *setup)
{
    const struct tnd_conf *conf = setup->conf;
    struct tnd_node_config *node = &setup->server.node;
    struct tnd_route *routes = NULL;
    int err = routes_make(conf, &setup->conf->arena, &routes);

    node->has_users = true;
    node->auth = (struct tnd_node_auth){.required = conf->auth.required,
                                        .realm = conf->auth.realm,
                                        .algorithms = conf->auth.algorithms,
                                        .algorithm_count = conf->auth.algorithm_count,
                                        .trusted = conf->auth.trusted,
                                        .trusted_count = conf->auth.trusted_count};
    node->registrar = (struct tnd_node_registrar){
        conf->registrar.default_expires, conf->registrar.min_expires, conf->registrar.max_expires,
        conf->registrar.max_contacts, service_route_of(setup)};
    node->proxy = (struct tnd_node_proxy){
        .redirects = conf->proxy.mode == TND_CONF_MODE_REDIRECT,
        .serial = conf->proxy.fork == TND_CONF_FORK_SERIAL,
        .recurse = (uint8_t)recurse_of(conf->proxy.recurse),
        .max_redirects = conf->proxy.max_redirects,
        .record_route = conf->proxy.record_route,
        .timer_c = conf->proxy.timer_c,
    };
    node->routes = routes;
    node->route_count = conf->route_count;
    return err;
}

/* "host", or "host:port". */
static struct tnd_slice advertise_of(struct setup *setup)
{
    const struct tnd_conf_host *host = &setup->conf->advertise;
    struct tnd_writer w = tnd_writer(setup->advertise, sizeof(setup->advertise));

    if (!host->host.ptr)
        return tnd_slice(NULL, 0);
    tnd_put(&w, host->host);
    if (host->port > 0) {
        tnd_put_char(&w, ':');
        tnd_put_number(&w, host->port);
    }
    return tnd_writer_slice(&w);
}

_Static_assert((int)TND_CONF_LISTEN_COUNT_MAX <= (int)TND_SERVER_LISTEN_COUNT_MAX, "listeners");

/* Those that have no effect yet are left out. */
static void take_listeners(struct setup *setup)
{
    const struct tnd_conf *conf = setup->conf;

    setup->server.listen = setup->listen;
    for (size_t i = 0; i < conf->listen_count; i++)
        if (tnd_conf_can_listen(&conf->listen[i]))
            setup->listen[setup->server.listen_count++] = conf->listen[i];
}

static bool only_loopback(const struct tnd_server_config *s)
{
    for (size_t i = 0; i < s->listen_count; i++)
        if (tnd_address_kind(&s->listen[i]) != TND_ADDRESS_LOOPBACK)
            return false;
    return true;
}

/* A place that is the default may be that of another server of the same machine. */
static void take_web(const struct setup_options *options, struct setup *setup)
{
    struct tnd_endpoint standard;
    bool is_standard =
        !tnd_endpoint_parse(TND_STR("127.0.0.1:8060"), TND_TRANSPORT_NONE, &standard) &&
        tnd_endpoint_eq(&setup->conf->web, &standard);

    setup->web = options->has_web ? options->web : setup->conf->web;
    setup->web_is_chosen = options->has_web || !is_standard;
}

static void override(const struct setup_options *options, struct setup *setup)
{
    struct tnd_server_config *s = &setup->server;

    take_web(options, setup);
    if (options->listen_count > 0) {
        s->listen = options->listen;
        s->listen_count = options->listen_count;
        if (!setup->conf->auth.required_is_set)
            s->node.auth.required = !only_loopback(s);
    }
    if (options->domain_count > 0) {
        s->node.domains = options->domains;
        s->node.domain_count = options->domain_count;
        if (!setup->conf->auth.realm_is_set)
            s->node.auth.realm = options->domains[0];
    }
    if (options->workers >= 0)
        s->workers = (unsigned)options->workers;
    if (options->log_level >= 0)
        setup->log_level = (enum tnd_server_level)options->log_level;
    if (options->lab >= 0)
        s->node.lab = options->lab;
    s->node.log = setup->log_level == TND_SERVER_DEBUG;
}

static void put_store(struct setup *setup, const struct tnd_conf_store *store)
{
    switch (store->kind) {
    case TND_CONF_STORE_LMDB:
        snprintf(setup->store, sizeof(setup->store), "lmdb:%s", store->path.ptr);
        return;
    case TND_CONF_STORE_REDIS:
        snprintf(setup->store, sizeof(setup->store), "redis://%.*s:%u/%u", TND_FMT(store->host),
                 store->port, store->database);
        return;
    case TND_CONF_STORE_MEMORY:
        snprintf(setup->store, sizeof(setup->store), "memory:");
        return;
    }
}

/* That of --store; "lmdb:" there is what it is without a file. Else that of the file. */
static int take_store(const struct setup_options *options, struct setup *setup)
{
    struct tnd_conf *standard = NULL;
    int err = 0;

    if (!options->store) {
        put_store(setup, &setup->conf->store);
    } else if (strcmp(options->store, "lmdb:") != 0) {
        snprintf(setup->store, sizeof(setup->store), "%s", options->store);
    } else if (!(err = tnd_conf_default(&standard))) {
        put_store(setup, &standard->store);
        tnd_conf_free(&standard);
    }
    return err;
}

int setup_make(const struct setup_options *options, struct tnd_conf_faults *faults,
               struct setup *ret)
{
    struct tnd_conf *conf = NULL;
    int err =
        options->config ? tnd_conf_read(options->config, faults, &conf) : tnd_conf_default(&conf);

    *ret = (struct setup){.conf = conf};
    err = err ? err : take_store(options, ret);
    if (err) {
        setup_fini(ret);
        return err;
    }
    ret->log_level = (enum tnd_server_level)conf->log.level;
    ret->server = server_of(conf, advertise_of(ret));
    err = set_users(ret);
    take_listeners(ret);
    override(options, ret);
    if (err)
        setup_fini(ret);
    return err;
}

void setup_fini(struct setup *setup)
{
    tnd_conf_free(&setup->conf);
}
