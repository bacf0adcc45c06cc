/* Files that are not what a person writes: broken, large, or made to hurt. */
#include <stdio.h>
#include <stdlib.h>

#include "unit/conf/conf_test.h"

static char text[1 << 18];

/* head, then count times part, then tail */
static const char *repeat(const char *head, const char *part, size_t count, const char *tail)
{
    struct tnd_writer w = tnd_writer(text, sizeof(text) - 1);

    tnd_put_str(&w, head);
    while (count-- > 0)
        tnd_put_str(&w, part);
    tnd_put_str(&w, tail);
    CHECK(!tnd_writer_over(&w));
    text[w.len] = '\0';
    return text;
}

TND_TEST(conf_broken_yaml, "ARCHITECTURE §7", "what is no YAML is told where and why, in one line")
{
    CONF_SAYS(
        "workers: 1\nlisten: [a,\nlab: true\n\n",
        "f:3: listen[1]: one value is wanted here\n"
        "f:5: this is no YAML: did not find expected ',' or ']' while parsing a flow sequence "
        "in line 2\n");
    CONF_SAYS("proxy:\n\tmode: proxy\n",
              "f:2: this is no YAML: found character that cannot start any token; indent with "
              "spaces, a tab is none\n");
    CONF_SAYS(
        "store: memory:\n",
        "f:1: this is no YAML: mapping values are not allowed in this context; a value with a "
        "colon at its end, or before a space, stands in quotes\n");
    CONF_SAYS("lab: true\nadvertise: \xff\xfe\n", "f:2: this is no text: invalid leading UTF-8 "
                                                  "octet\n");
    CONF_SAYS("\x7f"
              "ELF\x02\x01\x01",
              "f:1: this is no text: control characters are not allowed\n");
    CONF_SAYS("lab: true\n---\nlab: false\n", "f:2: a second document (---) in a file\n");
}

TND_TEST(conf_aliases, "ARCHITECTURE §7",
         "an alias is refused wherever it stands, so that no file is larger than it looks")
{
    CONF_SAYS("workers: &n 4\nlab: *n\n",
              "f:2: lab: aliases (*name) are not read here: write the value out\n");
    CONF_SAYS("dns: &d [*d]\n",
              "f:1: dns[0]: aliases (*name) are not read here: write the value out\n");
    CONF_SAYS("proxy:\n  <<: *p\n",
              "f:2: proxy.<<: unknown key; known here: mode, fork, recurse, max_redirects, "
              "record_route, timer_c\n"
              "f:2: proxy.<<: aliases (*name) are not read here: write the value out\n");
    CONF_SAYS("*a : 1\n", "f:1: a key is a word\n"
                          "f:1: aliases (*name) are not read here: write the value out\n");
    CONF_SAYS(
        "a: &a [x, x]\nb: &b [*a, *a]\n",
        "f:1: a: unknown key; known here: domains, listen, advertise, store, web, "
        "web_token_file, hep, cdr, dns, workers, auth, registrar, proxy, lab, log, limits, routes\n"
        "f:2: b: unknown key; known here: domains, listen, advertise, store, web, "
        "web_token_file, hep, cdr, dns, workers, auth, registrar, proxy, lab, log, limits, routes\n"
        "f:2: b: aliases (*name) are not read here: write the value out\n"
        "f:2: b: aliases (*name) are not read here: write the value out\n");
}

TND_TEST(conf_anchors_and_tags, "ARCHITECTURE §7", "anchors and tags change nothing")
{
    CONF_SAYS("workers: &n !!int 4\nproxy: !p {}\n", "");
}

TND_TEST(conf_odd_keys, "ARCHITECTURE §7", "what is no word is no key")
{
    CONF_SAYS("? [a, b]\n: c\nlab: yes\n", "f:1: a key is a word\n");
    CONF_SAYS("\"web\\0\": 127.0.0.1\nweb: 127.0.0.1\n", "f:1: a key is a word\n");
    CONF_SAYS("advertise: \"a\\0b\"\n", "f:1: advertise: holds a NUL character\n");
    CONF_SAYS(
        repeat("", "k", 200, ": 1"),
        "f:1: kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk: unknown key; "
        "known here: domains, listen, advertise, store, web, web_token_file, hep, cdr, dns, workers, "
        "auth, registrar, proxy, lab, log, limits, routes\n");
}

TND_TEST(conf_nesting, "ARCHITECTURE §7", "nesting has a bound, in keys that are unknown too")
{
    static const char said[] = "f:1: proxy.x: unknown key; known here: mode, fork, recurse, "
                               "max_redirects, record_route, timer_c\n";
    char more[sizeof(said) + 64];

    CONF_SAYS(repeat("proxy: {x: ", "[", 16, "]]]]]]]]]]]]]]]]}"), said);
    snprintf(more, sizeof(more), "%sf:1: proxy.x: lists and mappings are nested too deep\n", said);
    CONF_SAYS(repeat("proxy: {x: ", "[", 17, "]]]]]]]]]]]]]]]]]}"), more);
    CONF_SAYS(repeat("proxy: {x: ", "[", 100000, ""), more);
    CONF_SAYS(repeat("proxy: {x: ", "[\n", 100000, ""), more);
}

TND_TEST(conf_directives, "ARCHITECTURE §7", "directives are bounded before libyaml sees them")
{
    static const char bytes[] = "lab: true\nweb:\0";
    struct tnd_conf_faults faults = {.count = 0};
    struct tnd_conf *conf = NULL;

    CONF_SAYS("%YAML 1.1\n%TAG !a! x\n---\nlab: true\n", "");
    CONF_SAYS(repeat("advertise: \"", "%TAG ", 16, "\""),
              "f:1: advertise: '%TAG %TAG %TAG %TAG %TAG %TAG %TAG %TAG %TAG %TAG %TAG %TAG %TAG' "
              "is no host, like sip.example.com, with or without :PORT\n");
    CONF_SAYS(repeat("", "%TAG !a! x\n", 17, "---\nlab: true\n"), "f:17: more than 16 %TAG\n");
    CHECK_EQ(tnd_conf_parse(tnd_slice(bytes, sizeof(bytes) - 1), &faults, &conf), TND_ESYNTAX);
    CHECK_EQ(faults.list[0].line, 2);
    CHECK_STR(tnd_slice_str(faults.list[0].text),
              "this is no text: a NUL byte. It is to be in UTF-8");
}

TND_TEST(conf_lengths, "ARCHITECTURE §7", "lists and texts have bounds")
{
    struct tnd_conf *conf = conf_read_good(repeat("dns: [", "192.0.2.1,", 8, "]"));

    CHECK_EQ(conf->dns_count, TND_CONF_DNS_COUNT_MAX);
    tnd_conf_free(&conf);
    CONF_SAYS(repeat("dns: [", "192.0.2.1,", 9, "]"), "f:1: dns[8]: more than 8 entries\n");
    CONF_SAYS(repeat("dns: [", "192.0.2.1,", 9000, "]"), "f:1: dns[8]: more than 8 entries\n");
    conf = conf_read_good(
        repeat("routes:", "\n- {match: {}, reject: {code: 600}}", TND_CONF_ROUTE_COUNT_MAX, ""));
    CHECK_EQ(conf->route_count, TND_CONF_ROUTE_COUNT_MAX);
    CHECK_EQ(conf->routes[TND_CONF_ROUTE_COUNT_MAX - 1].reject.code, 600);
    tnd_conf_free(&conf);
    conf = conf_read_good(repeat("auth: {realm: ", "r", TND_CONF_TEXT_LEN_MAX, "}"));
    CHECK_EQ(conf->auth.realm.len, TND_CONF_TEXT_LEN_MAX);
    tnd_conf_free(&conf);
    CONF_SAYS(repeat("auth: {realm: ", "r", TND_CONF_TEXT_LEN_MAX + 1, "}"),
              "f:1: auth.realm: more than 1024 bytes\n");
}

TND_TEST(conf_quotes, "ARCHITECTURE §7",
         "what is quoted of a file is short, and cut at a character")
{
    CONF_SAYS(
        repeat("lab: ", "\xc3\xa4", 50, ""),
        "f:1: lab: '\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
        "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
        "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
        "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4' is neither true nor "
        "false\n");
    CONF_SAYS(repeat("lab: a", "\xc3\xa4", 33, ""),
              "f:1: lab: 'a\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
              "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
              "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"
              "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4' is neither true nor "
              "false\n");
}

TND_TEST(conf_many_faults, "ARCHITECTURE §7", "faults beyond the first so many are counted")
{
    static struct tnd_conf_faults faults;
    struct tnd_conf *conf = NULL;

    repeat("lab: no\n", "domain: x\n", 150, "listen: 1\n");
    CHECK_EQ(tnd_conf_parse(tnd_slice_str(text), &faults, &conf), TND_ESYNTAX);
    CHECK_EQ(faults.count, TND_CONF_FAULT_COUNT_MAX);
    CHECK_EQ(faults.lost, 51);
    CHECK_EQ(faults.fault_count, 151);
    CHECK_EQ(faults.list[99].line, 101);
    CHECK(!conf);
}

static void check_unreadable(const char *path, const char *why)
{
    struct tnd_conf_faults faults = {.count = 0};
    struct tnd_conf *conf = NULL;

    CHECK_EQ(tnd_conf_read(path, &faults, &conf), TND_ESYNTAX);
    CHECK(!conf);
    CHECK_EQ(faults.count, 1);
    CHECK_EQ(faults.list[0].line, 0);
    CHECK_STR(tnd_slice_str(faults.list[0].key), "");
    CHECK_STR(tnd_slice_str(faults.list[0].text), why);
}

TND_TEST(conf_unreadable, "ARCHITECTURE §7", "a file that cannot be read is told, whatever it is")
{
    check_unreadable("/", "Is a directory");
    check_unreadable("/nonexistent/tandem.yaml", "No such file or directory");
    check_unreadable("/dev/zero", "longer than 1 MiB: no configuration is");
}
