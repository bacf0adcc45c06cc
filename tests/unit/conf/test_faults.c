/* What is said of a configuration that is wrong, or odd. */
#include <stdio.h>

#include "unit/conf/conf_test.h"

TND_TEST(conf_faults_all_at_once, "ARCHITECTURE §7",
         "all that is wrong is told, by line, whatever else is wrong")
{
    CONF_SAYS(
        "limits: {connections: 0}\n"
        "workers: many\n"
        "nonsense: [1, {a: b}]\n"
        "proxy:\n"
        "  timer_c: 0\n"
        "  mode: redirct\n"
        "listen:\n"
        "  - udp:127.0.0.1\n"
        "  - tcp:localhost\n",
        "f:1: limits.connections: 0 is below 1\n"
        "f:2: workers: 'many' is no whole number\n"
        "f:3: nonsense: unknown key; known here: domains, listen, advertise, store, web, "
        "web_token_file, hep, cdr, dns, workers, auth, registrar, proxy, lab, log, limits, routes\n"
        "f:5: proxy.timer_c: 0 is below 1\n"
        "f:6: proxy.mode: 'redirct' is not proxy or redirect\n"
        "f:9: listen[1]: 'tcp:localhost' is not like udp:192.0.2.1:5060 or "
        "tcp:[2001:db8::1]:5060\n");
}

TND_TEST(conf_fault_unknown_key, "ARCHITECTURE §7",
         "an unknown key is told with the one that was meant, or where it belongs")
{
    CONF_SAYS("domain: [a]\nListen: [b]\nwebtokenfile: c\n",
              "f:1: domain: unknown key; the nearest is domains\n"
              "f:2: Listen: unknown key; the nearest is listen\n"
              "f:3: webtokenfile: unknown key; the nearest is web_token_file\n");
    CONF_SAYS("max_contacts: 3", "f:1: max_contacts: unknown here; registrar.max_contacts is a "
                                 "key\n");
    CONF_SAYS("log:\n  routes: []\n", "f:2: log.routes: unknown here; routes belongs to the file "
                                      "itself: indent it less\n");
    CONF_SAYS("routes: [{match: {}, reject: {cod: 600, code: 600, colour: red}}]",
              "f:1: routes[0].reject.cod: unknown key; the nearest is code\n"
              "f:1: routes[0].reject.colour: unknown key; known here: code, reason, retry_after\n");
    CONF_SAYS("log: {levee: info, lexxx: info}",
              "f:1: log.levee: unknown key; the nearest is level\n"
              "f:1: log.lexxx: unknown key; known here: level, format\n");
    CONF_SAYS(
        "routes: [{match: {usxx: a}, reject: {code: 600}}]",
        "f:1: routes[0].match.usxx: unknown key; known here: method, user, domain, from_user, "
        "from_domain, source\n");
    CONF_SAYS("a: 1",
              "f:1: a: unknown key; known here: domains, listen, advertise, store, web, "
              "web_token_file, hep, cdr, dns, workers, auth, registrar, proxy, lab, log, limits, "
              "routes\n");
}

TND_TEST(conf_fault_shape, "ARCHITECTURE §7",
         "a list, a mapping or a value is told where another one is wanted, all of them at once")
{
    CONF_SAYS("domains: example.com\n"
              "workers: [1]\n"
              "lab: {on: true}\n"
              "proxy: [mode]\n"
              "log: info\n"
              "dns:\n  - {a: b}\n  - [c]\n  -\n  - ~\n"
              "routes: {match: {}}\n",
              "f:1: domains: a list is wanted here\n"
              "f:2: workers: one value is wanted here\n"
              "f:3: lab: one value is wanted here\n"
              "f:4: proxy: a mapping is wanted here\n"
              "f:5: log: a mapping is wanted here\n"
              "f:7: dns[0]: one value is wanted here\n"
              "f:8: dns[1]: one value is wanted here\n"
              "f:9: dns[2]: an entry without a value\n"
              "f:10: dns[3]: an entry without a value\n"
              "f:11: routes: a list is wanted here\n");
    CONF_SAYS("- workers", "f:1: a configuration consists of lines like 'workers: 4'\n");
    CONF_SAYS("\nworkers", "f:2: a configuration consists of lines like 'workers: 4'\n");
}

TND_TEST(conf_fault_twice, "ARCHITECTURE §7", "a key that stands twice is a fault")
{
    CONF_SAYS("workers: 1\nlab: true\nworkers: 1\n",
              "f:3: workers: stands here twice: which one counts?\n");
    CONF_SAYS("proxy: {fork: serial, fork: serial}",
              "f:1: proxy.fork: stands here twice: which one counts?\n");
}

TND_TEST(conf_fault_number, "ARCHITECTURE §7", "a number is decimal, whole and within its bounds")
{
    CONF_SAYS("workers: 65", "f:1: workers: 65 is above 64\n");
    CONF_SAYS("workers: -1", "f:1: workers: -1 is below 0\n");
    CONF_SAYS("workers: 99999999999999999999999",
              "f:1: workers: 99999999999999999999999 is above 64\n");
    CONF_SAYS("workers: 08", "f:1: workers: '08' is no whole number\n");
    CONF_SAYS("workers: 0x8", "f:1: workers: '0x8' is no whole number\n");
    CONF_SAYS("workers: 1.0", "f:1: workers: '1.0' is no whole number\n");
    CONF_SAYS("workers: '-'", "f:1: workers: '-' is no whole number\n");
    CONF_SAYS("workers: ''", "f:1: workers: '' is no whole number\n");
    CONF_SAYS("limits: {max_message: 1299}", "f:1: limits.max_message: 1299 is below 1300\n");
    CONF_SAYS("limits: {max_message: 65536}", "f:1: limits.max_message: 65536 is above 65535\n");
    CONF_SAYS("lab: yes", "f:1: lab: 'yes' is neither true nor false\n");
}

TND_TEST(conf_fault_listen, "ARCHITECTURE §7",
         "a listener is a transport, an address and a port, and no two share a socket")
{
    CONF_SAYS("listen: []", "f:1: listen: is empty: at least one is needed\n");
    CONF_SAYS("listen: [127.0.0.1:5060]", "f:1: listen[0]: '127.0.0.1:5060' is not like "
                                          "udp:192.0.2.1:5060 or tcp:[2001:db8::1]:5060\n");
    CONF_SAYS(
        "listen: ['udp:127.0.0.1:0']",
        "f:1: listen[0]: port 0 is none: say one from 1 to 65535, or leave it out for 5060\n");
    CONF_SAYS("listen: ['udp:224.0.1.75', 'udp:255.255.255.255']",
              "f:1: listen[0]: 'udp:224.0.1.75' is not the address of one host\n"
              "f:1: listen[1]: 'udp:255.255.255.255' is not the address of one host\n");
    CONF_SAYS("listen:\n  - udp:127.0.0.1\n  - tcp:127.0.0.1\n  - UDP:127.0.0.1:5060\n",
              "f:4: listen[2]: the same address and port as entry 0\n");
    CONF_SAYS("listen: ['udp:127.0.0.1:5060', 'udp:127.0.0.1:5062', 'udp:127.0.0.2:5060']", "");
    CONF_SAYS("listen:\n  - tcp:127.0.0.1:80\n  - ws:127.0.0.1\n",
              "f:3: listen[1]: WS is not yet available, has no effect\n"
              "f:3: listen[1]: the same address and port as entry 0\n");
    CONF_SAYS("listen:\n  - udp:127.0.0.1\n  - udp:0.0.0.0\n",
              "f:3: listen[1]: the same port as entry 0, and one of the two is every address\n");
    CONF_SAYS("listen:\n  - tcp:[::]:80\n  - tcp:[::1]:80\n",
              "f:3: listen[1]: the same port as entry 0, and one of the two is every address\n");
    CONF_SAYS("listen: ['udp:0.0.0.0', 'udp:[::1]', 'tcp:127.0.0.1', 'udp:127.0.0.1:5062']", "");
    CONF_SAYS("listen:\n  - tls:127.0.0.1\n",
              "f:1: listen: none of these is available yet: add one of udp: or tcp:\n"
              "f:2: listen[0]: TLS is not yet available, has no effect\n");
}

TND_TEST(conf_fault_hosts, "ARCHITECTURE §7", "domains and hosts are names or addresses")
{
    CONF_SAYS("domains: [a.example, 'b c', 'd.example:5060', A.example, '*', 'a_b']",
              "f:1: domains[1]: 'b c' is no domain, like example.com, and no address\n"
              "f:1: domains[2]: 'd.example:5060' is no domain, like example.com, and no address\n"
              "f:1: domains[4]: '*' is no domain, like example.com, and no address\n"
              "f:1: domains[5]: 'a_b' is no domain, like example.com, and no address\n"
              "f:1: domains[3]: the same as entry 0\n");
    CONF_SAYS("advertise: 'a:0'", "f:1: advertise: 'a:0' is no host, like sip.example.com, with or "
                                  "without :PORT\n");
    CONF_SAYS("advertise: 'a:65536'", "f:1: advertise: 'a:65536' is no host, like sip.example.com, "
                                      "with or without :PORT\n");
    CONF_SAYS("advertise: '2001:db8::1'",
              "f:1: advertise: '2001:db8::1' is no host, like sip.example.com, with or without "
              ":PORT\n");
    CONF_SAYS("dns: [resolver.example, 'udp:192.0.2.1', '192.0.2.1:0', 0.0.0.0]",
              "f:1: dns[0]: 'resolver.example' is not like 192.0.2.1:53 or [2001:db8::1]:53\n"
              "f:1: dns[1]: 'udp:192.0.2.1' is not like 192.0.2.1:53 or [2001:db8::1]:53\n"
              "f:1: dns[2]: '192.0.2.1:0' is not like 192.0.2.1:53 or [2001:db8::1]:53\n"
              "f:1: dns[3]: nobody answers at '0.0.0.0'\n");
}

TND_TEST(conf_fault_collector, "ARCHITECTURE §7",
         "messages are told to a host, by UDP; records to a path")
{
    CONF_SAYS("hep: 'udp:192.0.2.1'\ncdr: /tmp/cdr", "");
    CONF_SAYS("hep: '192.0.2.1:9060'",
              "f:1: hep: '192.0.2.1:9060' is not like udp:homer.example.com:9060\n");
    CONF_SAYS("hep: 'udp:'", "f:1: hep: 'udp:' is not like udp:homer.example.com:9060\n");
    CONF_SAYS("hep: 'udp:a:0'", "f:1: hep: 'udp:a:0' is not like udp:homer.example.com:9060\n");
    CONF_SAYS("cdr: here", "f:1: cdr: 'here' is no absolute path: it begins with /\n");
}

TND_TEST(conf_fault_store, "ARCHITECTURE §7", "a store is one of three kinds")
{
    CONF_SAYS("store: lmdb:here", "f:1: store: 'here' is no absolute path: it begins with /\n");
    CONF_SAYS("store: 'memory:x'", "f:1: store: 'memory:x' is not like lmdb:/var/lib/tandem, "
                                   "redis://host:6379/0 or memory:\n");
    CONF_SAYS("store: 'redis://'", "f:1: store: '' is not like redis://host:6379/0\n");
    CONF_SAYS("store: 'redis://a:b/0'", "f:1: store: 'a:b/0' is not like redis://host:6379/0\n");
    CONF_SAYS("store: 'redis://a/x'", "f:1: store: 'a/x' is not like redis://host:6379/0\n");
    CONF_SAYS("web_token_file: token",
              "f:1: web_token_file: 'token' is no absolute path: it begins with /\n");
}

TND_TEST(conf_fault_web, "ARCHITECTURE §7", "a web that is not on loopback needs a token")
{
    CONF_SAYS("web: 0.0.0.0:80", "f:1: web: not on loopback, so web_token_file is needed\n");
    CONF_SAYS("web: 0.0.0.0\nweb_token_file: /t", "");
    CONF_SAYS("web: localhost", "f:1: web: 'localhost' is not like 192.0.2.1:8060 or "
                                "[2001:db8::1]:8060\n");
}

TND_TEST(conf_fault_auth, "ARCHITECTURE §7", "algorithms are known, trusted peers are addresses")
{
    CONF_SAYS("auth: {algorithms: [MD4, MD5, MD5]}",
              "f:1: auth.algorithms[0]: 'MD4' is not MD5, SHA-256 or SHA-512-256\n"
              "f:1: auth.algorithms[2]: the same as entry 1\n");
    CONF_SAYS("auth: {algorithms: []}", "f:1: auth.algorithms: is empty: at least one is needed\n");
    CONF_SAYS("auth: {trusted: [a.example, 10.0.0.0/33, 10.1.0.0/8, '::/129']}",
              "f:1: auth.trusted[0]: 'a.example' is no address, like 192.0.2.1, and no network, "
              "like 192.0.2.0/24\n"
              "f:1: auth.trusted[1]: '10.0.0.0/33' is no address, like 192.0.2.1, and no network, "
              "like 192.0.2.0/24\n"
              "f:1: auth.trusted[2]: '10.1.0.0/8' has bits beyond the first 8: leave out the /8 "
              "for this address alone\n"
              "f:1: auth.trusted[3]: '::/129' is no address, like 192.0.2.1, and no network, like "
              "192.0.2.0/24\n");
    CONF_SAYS("auth:\n  trusted:\n  - 10.0.0.0/8\n  - ::/0\n",
              "f:4: auth.trusted[1]: warning: trusts everybody\n");
}

TND_TEST(conf_fault_expires, "RFC 3261 §10.3",
         "the times of the registrar are in order; one hour is never too brief")
{
    CONF_SAYS("registrar: {default_expires: 60, max_expires: 60}", "");
    CONF_SAYS("registrar:\n  service_route: ['sip:a;lr',\n    'sip:b']\n",
              "f:3: registrar.service_route[1]: needs ;lr at its end (RFC 3608 §5)\n");
    CONF_SAYS("registrar: {min_expires: 3601}", "f:1: registrar.min_expires: 3601 is above 3600\n");
    CONF_SAYS("registrar: {default_expires: 30}",
              "f:1: registrar.default_expires: 30 is below min_expires, which is 60 by default\n");
    CONF_SAYS("registrar:\n  max_expires: 120\n  min_expires: 100\n  default_expires: 90\n",
              "f:3: registrar.min_expires: 100 is above default_expires, which is 90\n");
    CONF_SAYS("registrar:\n  default_expires: 90000\n",
              "f:2: registrar.default_expires: 90000 is above max_expires, which is 86400 by "
              "default\n");
    CONF_SAYS("registrar: {max_expires: 3000}",
              "f:1: registrar.max_expires: 3000 is below default_expires, which is 3600 by "
              "default\n");
}

TND_TEST(conf_warn_timer_c, "RFC 3261 §16.6", "a timer C of 3 minutes or less is warned of")
{
    CONF_SAYS("proxy: {timer_c: 180}",
              "f:1: proxy.timer_c: warning: 180 is below 181: RFC 3261 §16.6 asks for more than 3 "
              "minutes\n");
    CONF_SAYS("proxy: {timer_c: 181}", "");
}

TND_TEST(conf_warn_idle, "RFC 5626 §4.4.1",
         "closing connections between two keep-alives is warned of")
{
    CONF_SAYS("limits: {connection_idle: 119}",
              "f:1: limits.connection_idle: warning: 119 is below 120: phones send a keep-alive no "
              "sooner than that (RFC 5626 §4.4.1)\n");
    CONF_SAYS("limits: {connection_idle: 120}", "");
}

TND_TEST(conf_fault_route, "ARCHITECTURE §7", "a route has a match and exactly one action")
{
    CONF_SAYS("routes:\n"
              "  - match: {}\n"
              "  - reject: {code: 600}\n"
              "  - match: {}\n"
              "    reject: {code: 600}\n"
              "    alternative: {}\n"
              "  - match: {user: '', source: host.example}\n"
              "    reject:\n",
              "f:2: routes[0]: has no action: redirect, reject, alternative or proxy\n"
              "f:3: routes[1].match: is missing\n"
              "f:4: routes[2]: has both reject and alternative: one action is all that a route "
              "has\n"
              "f:7: routes[3].match.user: is empty: leave the key out\n"
              "f:7: routes[3].match.source: 'host.example' is no address, like 192.0.2.1, and no "
              "network, like 192.0.2.0/24\n"
              "f:7: routes[3]: has no action: redirect, reject, alternative or proxy\n");
}

TND_TEST(conf_fault_action, "ARCHITECTURE §7", "the values of an action are of their kind")
{
    CONF_SAYS(
        "routes:\n"
        "  - {match: {}, redirect: {code: 299}}\n"
        "  - {match: {}, redirect: {code: 400, contacts: []}}\n"
        "  - {match: {}, redirect: {contacts: [{q: 1.001, expires: 0}, {uri: 'a b'}]}}\n"
        "  - {match: {}, redirect: {contacts: [{uri: 'sip:{host}@a', q: .5}]}}\n"
        "  - {match: {}, reject: {}}\n"
        "  - {match: {}, reject: {code: 399}}\n"
        "  - {match: {}, reject: {code: 700, reason: \"a\\nb\"}}\n"
        "  - {match: {}, alternative: {type: voicemail, contacts: [x]}}\n"
        "  - {match: {}, proxy: {}}\n"
        "  - {match: {}, proxy: {targets: [{uri: 'tel:+1'}, {uri: 'sip:{user}@a'}]}}\n",
        "f:2: routes[0].redirect.code: 299 is below 300\n"
        "f:2: routes[0].redirect.contacts: is missing\n"
        "f:3: routes[1].redirect.code: 400 is above 399\n"
        "f:3: routes[1].redirect.contacts: is empty: at least one is needed\n"
        "f:4: routes[2].redirect.contacts[0].uri: is missing\n"
        "f:4: routes[2].redirect.contacts[0].q: '1.001' is no number from 0 to 1 with up to "
        "three decimals\n"
        "f:4: routes[2].redirect.contacts[0].expires: 0 is below 1\n"
        "f:4: routes[2].redirect.contacts[1].uri: 'a b' is no URI: a URI starts with a scheme "
        "and a colon\n"
        "f:5: routes[3].redirect.contacts[0].uri: 'sip:{host}@a' is no URI: the user part is "
        "not empty and escapes what it may not hold\n"
        "f:5: routes[3].redirect.contacts[0].q: '.5' is no number from 0 to 1 with up to "
        "three decimals\n"
        "f:6: routes[4].reject.code: is missing\n"
        "f:7: routes[5].reject.code: 399 is below 400\n"
        "f:8: routes[6].reject.code: 700 is above 699\n"
        "f:8: routes[6].reject.reason: holds a control character\n"
        "f:9: routes[7].alternative.type: 'voicemail' is not emergency\n"
        "f:9: routes[7].alternative.contacts[0]: 'x' is no URI: a URI starts with a scheme "
        "and a colon\n"
        "f:10: routes[8].proxy.targets: is missing\n"
        "f:11: routes[9].proxy.targets[0].uri: 'tel:+1' is no sip: or sips: URI\n"
        "f:11: routes[9].proxy.targets[1].uri: 'sip:{user}@a' is no URI: the user part is not "
        "empty and escapes what it may not hold\n");
}

TND_TEST(conf_reject_bare, "RFC 3261 §21.4.2",
         "a code that is none without a header field is warned of, where a route rejects with it")
{
    CONF_SAYS("routes:\n"
              "  - {match: {user: a}, reject: {code: 401}}\n"
              "  - {match: {user: b}, reject: {code: 403}}\n"
              "  - {match: {user: c}, reject: {code: 494}}\n",
              "f:2: routes[0]: warning: a 401 has a header field that a route cannot write: choose "
              "another code\n"
              "f:4: routes[2]: warning: a 494 has a header field that a route cannot write: choose "
              "another code\n");
}

TND_TEST(conf_fault_template, "RFC 3261 §19.1.2",
         "{user} stands where a stranger may say what he likes: not in scheme, host and port")
{
    struct tnd_conf *conf = conf_read_good(
        "routes: [{match: {}, redirect: {contacts: [{uri: 'sip:{user}:{user}@a;b={user}?c={user}'},"
        " {uri: 'https://a/{user}'}]}}]");

    CHECK_EQ(conf->routes[0].redirect.contact_count, 2);
    tnd_conf_free(&conf);
    CONF_SAYS(
        "routes:\n"
        "  - match: {}\n"
        "    redirect:\n"
        "      contacts:\n"
        "        - {uri: 'sip:a@{user}'}\n"
        "        - {uri: 'sip:{user}.example.com'}\n"
        "        - {uri: 'sip:a@b:{user}'}\n"
        "        - {uri: '{user}:a@b'}\n",
        "f:5: routes[0].redirect.contacts[0].uri: 'sip:a@{user}' is no URI: a host is a name, "
        "an IPv4 address or an IPv6 address in brackets\n"
        "f:6: routes[0].redirect.contacts[1].uri: 'sip:{user}.example.com' is no URI: a host "
        "is a name, an IPv4 address or an IPv6 address in brackets\n"
        "f:7: routes[0].redirect.contacts[2].uri: 'sip:a@b:{user}' is no URI: a port is a "
        "number from 0 to 65535\n"
        "f:8: routes[0].redirect.contacts[3].uri: '{user}:a@b' is no URI: a URI starts with a "
        "scheme and a colon\n");
}

TND_TEST(conf_fault_q, "RFC 3261 §25.1", "q is from 0 to 1, with at most three decimals")
{
    static const char *const good[] = {"0", "1", "0.", "1.", "0.0", "0.123", "1.000"};
    static const char *const bad[] = {"0.1234", "1.0000", "1.1",  "2",  "-0",
                                      ".5",     "0,5",    "00.5", "1e0"};
    static const unsigned values[] = {0, 1000, 0, 1000, 0, 123, 1000};
    char text[128], said[256];

    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
        snprintf(text, sizeof(text),
                 "routes: [{match: {}, redirect: {contacts: [{uri: 'sip:a', q: '%s'}]}}]", good[i]);
        struct tnd_conf *conf = conf_read_good(text);

        CHECK_EQ(conf->routes[0].redirect.contacts[0].q, values[i]);
        tnd_conf_free(&conf);
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        snprintf(text, sizeof(text),
                 "routes: [{match: {}, redirect: {contacts: [{uri: 'sip:a', q: '%s'}]}}]", bad[i]);
        snprintf(said, sizeof(said),
                 "f:1: routes[0].redirect.contacts[0].q: '%s' is no number from 0 to 1 with up to "
                 "three decimals\n",
                 bad[i]);
        CONF_SAYS(text, said);
    }
}

TND_TEST(conf_notices, "ARCHITECTURE §7",
         "a key without an effect yet is told when it is set to something else than its default")
{
    CONF_SAYS("store: 'lmdb:'\nweb: 127.0.0.1:8060\nroutes: []\n"
              "auth: {algorithms: [SHA-256, MD5], trusted: []}\n"
              "registrar: {min_expires: 60}\nproxy: {recurse: true, timer_c: '185'}\n",
              "");
    CONF_SAYS(
        "store: 'redis://a'\nweb: 127.0.0.1:80\nweb_token_file: /t\n"
        "auth:\n  required: true\n  realm: a\n  algorithms: [MD5]\n  trusted: ['::1']\n"
        "registrar: {max_contacts: 3}\nproxy: {recurse: none}\nlisten: ['tls:127.0.0.1', 'udp:[::1]']\n"
        "routes:\n- {match: {user: a}, reject: {code: 600}}\n",
        "f:1: store: Redis is not yet available, a server does not start with it\n"
        "f:11: listen[0]: TLS is not yet available, has no effect\n");
    CONF_SAYS(
        "store: 'memory:'\ndomains: [a]\nadvertise: b\ndns: [192.0.2.1]\nworkers: 2\nlab: true\n"
        "log: {level: debug}\nlimits: {transactions: 5}\nlisten: ['udp:0.0.0.0']\n",
        "");
}
