/* The table of keys. */
#include "conf/keys.h"

#include "conf/value.h"

/* Texts of a type, numbers with their bounds, lists; each with its field and default. */
#define FIELD(type, field) .at = offsetof(type, field), .size = sizeof(((type *)0)->field)
#define TEXT(type, field, reader, default_)                                        \
    {                                                                              \
        .name = #field, FIELD(type, field), .read = (reader), .standard = default_ \
    }
#define NUMBER(type, field, least_, most_, default_)                                     \
    {                                                                                    \
        .name = #field, FIELD(type, field), .read = conf_read_number, .least = (least_), \
        .most = (most_), .standard = default_                                            \
    }
#define WORD(type, field, words_, default_)                                            \
    {                                                                                  \
        .name = #field, FIELD(type, field), .read = conf_read_word, .words = (words_), \
        .standard = default_                                                           \
    }
#define SECTION(type, field, keys_)                                                         \
    {                                                                                       \
        .name = #field, .shape = CONF_MAPPING, .at = offsetof(type, field), .keys = (keys_) \
    }
#define OPTIONAL(type, field, keys_)                                                         \
    {                                                                                        \
        .name = #field, .shape = CONF_MAPPING, .at = offsetof(type, field), .keys = (keys_), \
        .optional = true                                                                     \
    }
#define LIST(type, field, count)                                                    \
    .name = #field, .at = offsetof(type, field), .count_at = offsetof(type, count), \
    .size = sizeof(*((type *)0)->field)
#define SECONDS_MAX 86400

static const struct conf_word digests[] = {
    {"MD5", TND_DIGEST_MD5},
    {"SHA-256", TND_DIGEST_SHA_256},
    {"SHA-512-256", TND_DIGEST_SHA_512_256},
    {NULL, 0},
};
static const struct conf_word modes[] = {
    {"proxy", TND_CONF_MODE_PROXY},
    {"redirect", TND_CONF_MODE_REDIRECT},
    {NULL, 0},
};
static const struct conf_word forks[] = {
    {"parallel", TND_CONF_FORK_PARALLEL},
    {"serial", TND_CONF_FORK_SERIAL},
    {NULL, 0},
};
static const struct conf_word recursions[] = {
    {"local", TND_CONF_RECURSE_LOCAL}, {"any", TND_CONF_RECURSE_ANY},
    {"none", TND_CONF_RECURSE_NONE},   {"true", TND_CONF_RECURSE_LOCAL},
    {"false", TND_CONF_RECURSE_NONE},  {NULL, 0},
};
static const struct conf_word levels[] = {
    {"error", TND_CONF_LOG_ERROR},
    {"warn", TND_CONF_LOG_WARN},
    {"info", TND_CONF_LOG_INFO},
    {"debug", TND_CONF_LOG_DEBUG},
    {NULL, 0},
};
static const struct conf_word formats[] = {
    {"text", TND_CONF_LOG_TEXT},
    {"json", TND_CONF_LOG_JSON},
    {NULL, 0},
};
static const struct conf_word alternatives[] = {
    {"emergency", TND_CONF_ALTERNATIVE_EMERGENCY},
    {NULL, 0},
};

static const struct conf_key auth[] = {
    TEXT(struct tnd_conf_auth, required, conf_read_bool, NULL), /* see judge.c */
    TEXT(struct tnd_conf_auth, realm, conf_read_text, NULL),
    {LIST(struct tnd_conf_auth, algorithms, algorithm_count), .shape = CONF_TEXTS,
     .read = conf_read_word, .words = digests, .least = 1, .most = TND_DIGEST_COUNT,
     .standard = "SHA-256 MD5"},
    {LIST(struct tnd_conf_auth, trusted, trusted_count), .shape = CONF_TEXTS,
     .read = conf_read_network, .most = TND_CONF_TRUSTED_COUNT_MAX},
    {.name = NULL},
};
static const struct conf_key registrar[] = {
    NUMBER(struct tnd_conf_registrar, default_expires, 1, UINT32_MAX, "3600"),
    /* RFC 3261 §10.3, step 7: what asks for an hour or more is not too brief */
    NUMBER(struct tnd_conf_registrar, min_expires, 1, 3600, "60"),
    NUMBER(struct tnd_conf_registrar, max_expires, 1, UINT32_MAX, "86400"),
    NUMBER(struct tnd_conf_registrar, max_contacts, 1, 100, "10"),
    {LIST(struct tnd_conf_registrar, service_route, service_route_count), .shape = CONF_TEXTS,
     .read = conf_read_sip_uri, .most = TND_CONF_SERVICE_ROUTE_COUNT_MAX},
    {.name = NULL},
};
static const struct conf_key proxy[] = {
    WORD(struct tnd_conf_proxy, mode, modes, "proxy"),
    WORD(struct tnd_conf_proxy, fork, forks, "parallel"),
    WORD(struct tnd_conf_proxy, recurse, recursions, "local"),
    NUMBER(struct tnd_conf_proxy, max_redirects, 0, 32, "5"),
    TEXT(struct tnd_conf_proxy, record_route, conf_read_bool, "true"),
    NUMBER(struct tnd_conf_proxy, timer_c, 1, SECONDS_MAX, "185"),
    {.name = NULL},
};
static const struct conf_key log_keys[] = {
    WORD(struct tnd_conf_log, level, levels, "info"),
    WORD(struct tnd_conf_log, format, formats, "text"),
    {.name = NULL},
};
static const struct conf_key limits[] = {
    /* RFC 3261 §18.1.1: a larger one goes over TCP where the path is unknown; less than that
     * would refuse what every element may send */
    NUMBER(struct tnd_conf_limits, max_message, 1300, 65535, "65535"),
    NUMBER(struct tnd_conf_limits, requests_per_second, 0, 1000000, "0"),
    NUMBER(struct tnd_conf_limits, connections, 1, 1000000, "10000"),
    NUMBER(struct tnd_conf_limits, connections_per_source, 1, 1000000, "1000"),
    NUMBER(struct tnd_conf_limits, connection_idle, 1, SECONDS_MAX, "3600"),
    NUMBER(struct tnd_conf_limits, connection_slow, 1, 600, "30"),
    NUMBER(struct tnd_conf_limits, transactions, 1, 10000000, "100000"),
    NUMBER(struct tnd_conf_limits, memory, 16, 1048576, "1024"),
    {.name = NULL},
};

static const struct conf_key match[] = {
    TEXT(struct tnd_conf_match, method, conf_read_text, NULL),
    TEXT(struct tnd_conf_match, user, conf_read_text, NULL),
    TEXT(struct tnd_conf_match, domain, conf_read_text, NULL),
    TEXT(struct tnd_conf_match, from_user, conf_read_text, NULL),
    TEXT(struct tnd_conf_match, from_domain, conf_read_text, NULL),
    TEXT(struct tnd_conf_match, source, conf_read_network, NULL),
    {.name = NULL},
};
static const struct conf_key contact[] = {
    {.name = "uri",
     FIELD(struct tnd_conf_contact, uri),
     .read = conf_read_template,
     .required = true},
    TEXT(struct tnd_conf_contact, q, conf_read_q, "1.0"),
    NUMBER(struct tnd_conf_contact, expires, 1, UINT32_MAX, NULL),
    {.name = NULL},
};
static const struct conf_key target[] = {
    {.name = "uri",
     FIELD(struct tnd_conf_contact, uri),
     .read = conf_read_sip_uri,
     .required = true},
    TEXT(struct tnd_conf_contact, q, conf_read_q, "1.0"),
    {.name = NULL},
};
static const struct conf_key redirect[] = {
    NUMBER(struct tnd_conf_redirect, code, 300, 399, "302"),
    {LIST(struct tnd_conf_redirect, contacts, contact_count), .shape = CONF_MAPPINGS,
     .keys = contact, .required = true, .least = 1, .most = TND_CONF_CONTACT_COUNT_MAX},
    {.name = NULL},
};
static const struct conf_key reject[] = {
    {.name = "code",
     FIELD(struct tnd_conf_reject, code),
     .read = conf_read_number,
     .least = 400,
     .most = 699,
     .required = true},
    TEXT(struct tnd_conf_reject, reason, conf_read_text, NULL),
    NUMBER(struct tnd_conf_reject, retry_after, 1, UINT32_MAX, NULL),
    {.name = NULL},
};
static const struct conf_key alternative[] = {
    WORD(struct tnd_conf_alternative, type, alternatives, "emergency"),
    TEXT(struct tnd_conf_alternative, text, conf_read_text, NULL),
    {LIST(struct tnd_conf_alternative, contacts, contact_count), .shape = CONF_TEXTS,
     .read = conf_read_uri, .most = TND_CONF_CONTACT_COUNT_MAX},
    {.name = NULL},
};
static const struct conf_key route_proxy[] = {
    {LIST(struct tnd_conf_targets, targets, target_count), .shape = CONF_MAPPINGS, .keys = target,
     .required = true, .least = 1, .most = TND_CONF_CONTACT_COUNT_MAX},
    WORD(struct tnd_conf_targets, fork, forks, NULL), /* see judge.c */
    {.name = NULL},
};
static const struct conf_key route[] = {
    {.name = "match",
     .shape = CONF_MAPPING,
     .at = offsetof(struct tnd_conf_route, match),
     .keys = match,
     .required = true},
    OPTIONAL(struct tnd_conf_route, redirect, redirect),
    OPTIONAL(struct tnd_conf_route, reject, reject),
    OPTIONAL(struct tnd_conf_route, alternative, alternative),
    OPTIONAL(struct tnd_conf_route, proxy, route_proxy),
    {.name = NULL},
};

const struct conf_key conf_keys[] = {
    {LIST(struct tnd_conf, domains, domain_count), .shape = CONF_TEXTS, .read = conf_read_domain,
     .most = TND_CONF_DOMAIN_COUNT_MAX},
    {LIST(struct tnd_conf, listen, listen_count), .shape = CONF_TEXTS, .read = conf_read_listener,
     .least = 1, .most = TND_CONF_LISTEN_COUNT_MAX,
     .standard = "udp:127.0.0.1:5060 tcp:127.0.0.1:5060"},
    TEXT(struct tnd_conf, advertise, conf_read_host, NULL),
    TEXT(struct tnd_conf, store, conf_read_store, "lmdb:"),
    TEXT(struct tnd_conf, web, conf_read_web, "127.0.0.1:8060"),
    TEXT(struct tnd_conf, web_token_file, conf_read_path, NULL),
    TEXT(struct tnd_conf, hep, conf_read_collector, NULL),
    TEXT(struct tnd_conf, cdr, conf_read_path, NULL),
    {LIST(struct tnd_conf, dns, dns_count), .shape = CONF_TEXTS, .read = conf_read_resolver,
     .most = TND_CONF_DNS_COUNT_MAX},
    NUMBER(struct tnd_conf, workers, 0, TND_CONF_WORKER_COUNT_MAX, "0"),
    SECTION(struct tnd_conf, auth, auth),
    SECTION(struct tnd_conf, registrar, registrar),
    SECTION(struct tnd_conf, proxy, proxy),
    TEXT(struct tnd_conf, lab, conf_read_bool, "false"),
    SECTION(struct tnd_conf, log, log_keys),
    SECTION(struct tnd_conf, limits, limits),
    {LIST(struct tnd_conf, routes, route_count), .shape = CONF_MAPPINGS, .keys = route,
     .most = TND_CONF_ROUTE_COUNT_MAX},
    {.name = NULL},
};
