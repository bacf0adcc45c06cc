/* What a configuration says when it is right. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit/conf/conf_test.h"

/* HOME and XDG_STATE_HOME; NULL: not set. */
static void live_in(const char *home, const char *state)
{
    unsetenv("HOME");
    unsetenv("XDG_STATE_HOME");
    if (home)
        setenv("HOME", home, 1);
    if (state)
        setenv("XDG_STATE_HOME", state, 1);
}

TND_TEST(conf_defaults, "ARCHITECTURE §7",
         "without a file Tandem listens on loopback alone, with the lab and without passwords")
{
    struct tnd_conf *conf = NULL;

    live_in("/home/ada", NULL);
    CHECK_EQ(tnd_conf_default(&conf), 0);
    CHECK_STR(tnd_slice_str(conf_dump(conf)),
              "listen udp:127.0.0.1:5060 tcp:127.0.0.1:5060\n"
              "advertise -\n port 0\n"
              "store 0\n path /home/ada/.local/state/tandem\n"
              " host -\n port 0\n database 0\n"
              "web 127.0.0.1:8060\nweb_token_file -\n"
              "hep -\n port 0\ncdr -\ndns\n"
              "workers 0\nrequired 0\nrealm tandem\n"
              "algorithm 1\nalgorithm 0\n"
              "default_expires 3600\nmin_expires 60\n"
              "max_expires 86400\nmax_contacts 10\n"
              "mode 0\nfork 1\nrecurse 1\nmax_redirects 5\n"
              "record_route 1\ntimer_c 185\nlab 1\nlevel 2\nformat 0\n"
              "max_message 65535\nrequests_per_second 0\n"
              "connections 10000\nconnections_per_source 1000\n"
              "connection_idle 3600\nconnection_slow 30\n"
              "transactions 100000\nmemory 1024\n");
    tnd_conf_free(&conf);
    CHECK(!conf);
    tnd_conf_free(&conf);
}

TND_TEST(conf_nothing_is_default, "ARCHITECTURE §7",
         "a file that says nothing is as no file, but for the lab")
{
    static const char *const files[] = {
        "",
        "\n\n",
        "# nothing\n",
        "---\n",
        "--- ~\n...\n",
        "{}",
        "\xef\xbb\xbf",
        "proxy:\n#  mode: redirect\nworkers:\nlab: ~\ndomains: null\nroutes:\nauth: {realm: }\n",
    };
    struct tnd_conf *none;
    char expected[4096];

    CHECK_EQ(tnd_conf_default(&none), 0);
    none->lab = false;
    snprintf(expected, sizeof(expected), "%s", conf_dump(none));
    tnd_conf_free(&none);
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
        struct tnd_conf *conf = conf_read_good(files[i]);

        CHECK_STR(tnd_slice_str(conf_dump(conf)), expected);
        tnd_conf_free(&conf);
    }
}

static const char whole[] =
    "domains: [example.com, '192.0.2.1']\n"
    "listen: ['udp:0.0.0.0:5070', 'tcp:[::1]', 'tls:0.0.0.0']\n"
    "advertise: 'sip.example.com:5062'\n"
    "store: 'redis://cache.example.com:6380/2'\n"
    "web: '[::]:80'\n"
    "web_token_file: /etc/tandem/token\n"
    "hep: 'udp:homer.example.com:9061'\n"
    "cdr: /var/log/tandem/cdr.json\n"
    "dns: [192.0.2.53, '[2001:db8::53]:5353']\n"
    "workers: 64\n"
    "auth: {required: false, realm: here, algorithms: [SHA-512-256], trusted: [10.0.0.0/8, '::1']}\n"
    "registrar: {default_expires: 90, min_expires: 80, max_expires: 100, max_contacts: 1,\n"
    "            service_route: ['sip:a.example.com;lr']}\n"
    "proxy: {mode: redirect, fork: serial, recurse: any, max_redirects: 0, record_route: false,\n"
    "        timer_c: 200}\n"
    "lab: true\n"
    "log: {level: debug, format: json}\n"
    "limits: {max_message: 1300, requests_per_second: 7, connections: 6,\n"
    "         connections_per_source: 5, connection_idle: 400, connection_slow: 3,\n"
    "         transactions: 2, memory: 16}\n"
    "routes:\n"
    "  - match: {method: INVITE, user: '+49*', domain: d, from_user: fu, from_domain: fd,\n"
    "            source: 192.0.2.0/24}\n"
    "    redirect: {contacts: [{uri: 'sip:{user}@gw', q: 0.25, expires: 60}, {uri: 'tel:+1'}]}\n"
    "  - match: {user: 'null'}\n"
    "    reject: {code: 600, reason: Nope, retry_after: 120}\n"
    "  - match: {}\n"
    "    alternative: {text: Dial, contacts: ['sip:112@psap']}\n"
    "  - proxy: {targets: [{uri: 'sips:gw', q: 0}]}\n"
    "    match: {}\n";

TND_TEST(conf_every_value, "ARCHITECTURE §7", "every key of a file is read into its value")
{
    struct tnd_conf *conf = conf_read_good(whole);

    CHECK_STR(tnd_slice_str(conf_dump(conf)),
              "domain example.com\ndomain 192.0.2.1\n"
              "listen udp:0.0.0.0:5070 tcp:[::1]:5060 tls:0.0.0.0:5061\n"
              "advertise sip.example.com\n port 5062\n"
              "store 1\n path -\n host cache.example.com\n port 6380\n database 2\n"
              "web [::]:80\nweb_token_file /etc/tandem/token\n"
              "hep homer.example.com\n port 9061\ncdr /var/log/tandem/cdr.json\n"
              "dns 192.0.2.53:53 [2001:db8::53]:5353\nworkers 64\n"
              "required 0\nrealm here\nalgorithm 2\n10.0.0.0/8\n::1/128\n"
              "default_expires 90\nmin_expires 80\nmax_expires 100\nmax_contacts 1\n"
              "service_route sip:a.example.com;lr\n"
              "mode 1\nfork 2\nrecurse 2\nmax_redirects 0\nrecord_route 0\ntimer_c 200\n"
              "lab 1\nlevel 3\nformat 1\nmax_message 1300\nrequests_per_second 7\nconnections 6\n"
              "connections_per_source 5\nconnection_idle 400\nconnection_slow 3\n"
              "transactions 2\nmemory 16\n"
              "route 1\n method INVITE\n user +49*\n domain d\n from_user fu\n from_domain fd\n"
              " source 192.0.2.0/24\n redirect 302\n"
              "  uri sip:{user}@gw\n    q 250\n    expires 60\n"
              "  uri tel:+1\n    q 1000\n    expires 0\n"
              " reject 0\n  reason -\n  retry_after 0\n alternative 0\n  text -\n proxy 0\n"
              "route 2\n method -\n user null\n domain -\n from_user -\n from_domain -\n"
              " source /0\n redirect 0\n reject 600\n  reason Nope\n  retry_after 120\n"
              " alternative 0\n  text -\n proxy 0\n"
              "route 3\n method -\n user -\n domain -\n from_user -\n from_domain -\n"
              " source /0\n redirect 0\n reject 0\n  reason -\n  retry_after 0\n"
              " alternative 0\n  text Dial\n  contact sip:112@psap\n proxy 0\n"
              "route 4\n method -\n user -\n domain -\n from_user -\n from_domain -\n"
              " source /0\n redirect 0\n reject 0\n  reason -\n  retry_after 0\n"
              " alternative 0\n  text -\n proxy 2\n  uri sips:gw\n    q 0\n    expires 0\n");
    tnd_conf_free(&conf);
}

TND_TEST(conf_store, "ARCHITECTURE §7",
         "lmdb: alone is the state directory of the user, else one of the machine")
{
    static const struct {
        const char *home, *state, *path;
    } rows[] = {
        {"/home/ada", "/state", "/state/tandem"},
        {"/home/ada", "relative", "/home/ada/.local/state/tandem"},
        {"/home/ada", "", "/home/ada/.local/state/tandem"},
        {NULL, NULL, "/var/lib/tandem"},
        {"", NULL, "/var/lib/tandem"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        live_in(rows[i].home, rows[i].state);
        struct tnd_conf *conf = conf_read_good("store: 'lmdb:'");

        CHECK_EQ(conf->store.kind, TND_CONF_STORE_LMDB);
        CHECK_STR(conf->store.path, rows[i].path);
        CHECK_EQ(conf->store.path.ptr[conf->store.path.len], '\0');
        tnd_conf_free(&conf);
    }
    static char long_home[5000] = "/";
    memset(long_home + 1, 'h', sizeof(long_home) - 2);
    live_in(long_home, NULL);
    CONF_SAYS("", "f: store: XDG_STATE_HOME or HOME is too long: say where, like "
                  "lmdb:/var/lib/tandem\n");
    live_in("/home/ada", NULL);
}

TND_TEST(conf_store_kinds, "ARCHITECTURE §7", "a store is a directory, a server or memory")
{
    struct tnd_conf *conf = conf_read_good("store: lmdb:/var/lib/tandem");

    CHECK_STR(conf->store.path, "/var/lib/tandem");
    tnd_conf_free(&conf);
    conf = conf_read_good("store: 'memory:'");
    CHECK_EQ(conf->store.kind, TND_CONF_STORE_MEMORY);
    tnd_conf_free(&conf);
    conf = conf_read_good("store: 'redis://[::1]'");
    CHECK_EQ(conf->store.kind, TND_CONF_STORE_REDIS);
    CHECK_STR(conf->store.host, "[::1]");
    CHECK_EQ(conf->store.port, 6379);
    CHECK_EQ(conf->store.database, 0);
    tnd_conf_free(&conf);
}

TND_TEST(conf_web_off, "ARCHITECTURE §7", "the web can be off, and needs no token then")
{
    struct tnd_conf *conf = conf_read_good("web: off");

    CHECK_EQ(conf->web.family, TND_FAMILY_NONE);
    CHECK_EQ(conf->web.port, 0);
    tnd_conf_free(&conf);
}

TND_TEST(conf_auth_required, "ARCHITECTURE §7",
         "credentials are asked for by default as soon as one listener is beyond loopback")
{
    static const struct {
        const char *text;
        bool required;
    } rows[] = {
        {"listen: ['udp:127.0.0.1', 'tcp:127.1.2.3', 'udp:[::1]']", false},
        {"listen: ['udp:127.0.0.1', 'tcp:0.0.0.0']", true},
        {"listen: ['udp:192.0.2.1']\nauth: {required: false}", false},
        {"auth: {required: true}", true},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct tnd_conf *conf = conf_read_good(rows[i].text);

        CHECK_EQ(conf->auth.required, rows[i].required);
        tnd_conf_free(&conf);
    }
}

TND_TEST(conf_realm, "ARCHITECTURE §7",
         "the realm is by default the first domain, else what is advertised")
{
    struct tnd_conf *conf = conf_read_good("domains: [a.example, b.example]\nadvertise: c");

    CHECK_STR(conf->auth.realm, "a.example");
    tnd_conf_free(&conf);
    conf = conf_read_good("advertise: '[2001:db8::1]:5060'");
    CHECK_STR(conf->auth.realm, "[2001:db8::1]");
    CHECK_EQ(conf->advertise.port, 5060);
    tnd_conf_free(&conf);
}

TND_TEST(conf_route_fork, "ARCHITECTURE §7", "a route forks as the proxy does unless it says how")
{
    struct tnd_conf *conf =
        conf_read_good("proxy: {fork: serial}\n"
                       "routes: [{match: {}, proxy: {targets: [{uri: 'sip:a'}]}},\n"
                       "  {match: {}, proxy: {fork: parallel, targets: [{uri: 'sip:a'}]}}]");

    CHECK_EQ(conf->routes[0].proxy.fork, TND_CONF_FORK_SERIAL);
    CHECK_EQ(conf->routes[1].proxy.fork, TND_CONF_FORK_PARALLEL);
    tnd_conf_free(&conf);
}

TND_TEST(conf_words, "ARCHITECTURE §7", "recurse has two words for what it does in three ways")
{
    static const struct {
        const char *text;
        enum tnd_conf_recurse recurse;
    } rows[] = {
        {"proxy: {recurse: true}", TND_CONF_RECURSE_LOCAL},
        {"proxy: {recurse: local}", TND_CONF_RECURSE_LOCAL},
        {"proxy: {recurse: false}", TND_CONF_RECURSE_NONE},
        {"proxy: {recurse: none}", TND_CONF_RECURSE_NONE},
        {"proxy: {recurse: any}", TND_CONF_RECURSE_ANY},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct tnd_conf *conf = conf_read_good(rows[i].text);

        CHECK_EQ(conf->proxy.recurse, rows[i].recurse);
        tnd_conf_free(&conf);
    }
}

TND_TEST(conf_networks, "ARCHITECTURE §7", "a network has the addresses that begin with its bits")
{
    static const struct {
        const char *address;
        bool first, second, third;
    } rows[] = {
        {"10.32.0.1", true, false, false},        {"10.63.255.255", true, false, false},
        {"10.64.0.0", false, false, false},       {"10.31.255.255", false, false, false},
        {"2001:db8:8000::1", false, true, false}, {"2001:db8:7fff::", false, false, false},
        {"192.0.2.7", false, false, true},        {"192.0.2.6", false, false, false},
        {"::ffff:192.0.2.7", false, false, true}, {"::", false, false, false},
    };
    struct tnd_conf *conf = conf_read_good(
        "auth: {trusted: [10.32.0.0/11, '2001:db8:8000::/33', 192.0.2.7, 0.0.0.0/0]}");
    struct tnd_network none = {.bits = 0};

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct tnd_endpoint e;

        CHECK_EQ(tnd_address_parse(tnd_slice_str(rows[i].address), &e), 0);
        CHECK_EQ(tnd_network_has(&conf->auth.trusted[0], &e), rows[i].first);
        CHECK_EQ(tnd_network_has(&conf->auth.trusted[1], &e), rows[i].second);
        CHECK_EQ(tnd_network_has(&conf->auth.trusted[2], &e), rows[i].third);
        CHECK_EQ(tnd_network_has(&conf->auth.trusted[3], &e), e.family == TND_FAMILY_IPV4);
        CHECK(!tnd_network_has(&none, &e));
    }
    CHECK(!tnd_network_has(&none, &none.address));
    tnd_conf_free(&conf);
}

TND_TEST(conf_fixed_change, "ARCHITECTURE §7",
         "what a running server cannot change is told, and only that")
{
    struct tnd_conf *old = conf_read_good("listen: [udp:127.0.0.1, tcp:127.0.0.1]");
    struct tnd_conf *same = conf_read_good("listen: [tcp:127.0.0.1, udp:127.0.0.1]\nlab: true\n"
                                           "limits: {connections: 3}\nproxy: {timer_c: 300}");
    struct tnd_conf *other = conf_read_good("listen: [udp:127.0.0.1]\nstore: 'memory:'\n"
                                            "web: 127.0.0.1:80\nworkers: 3\ndns: ['::1']\n"
                                            "hep: 'udp:192.0.2.1'\ncdr: /tmp/cdr\n"
                                            "limits: {transactions: 7, memory: 17}");
    static const char *const keys[] = {"listen",       "store", "web",     "hep",
                                       "cdr",          "dns",   "workers", "limits.transactions",
                                       "limits.memory"};
    struct tnd_conf_faults faults = {.count = 0};

    tnd_conf_fixed_change(old, same, &faults);
    CHECK_EQ(faults.count, 0);
    tnd_conf_fixed_change(old, other, &faults);
    CHECK_EQ(faults.count, sizeof(keys) / sizeof(*keys));
    CHECK_EQ(faults.fault_count, 0);
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
        CHECK_STR(tnd_slice_str(faults.list[i].key), keys[i]);
        CHECK_EQ(faults.list[i].severity, TND_CONF_NOTICE);
        CHECK_STR(tnd_slice_str(faults.list[i].text), "changed: takes effect at the next start");
    }
    tnd_conf_free(&old);
    tnd_conf_free(&same);
    tnd_conf_free(&other);
}
