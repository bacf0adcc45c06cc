/* The configuration of Tandem: one YAML file, docs/tandem.example.yaml shows it.
 *
 * A file is read into typed values, all of them set: what the file does not say has its default.
 * What is wrong with it is collected, not printed. An unset key, an empty value, ~ and null mean
 * the same. Without a file, or from an empty one, everything is as by default; only the lab is
 * on without a file and off in any.
 *
 *     struct tnd_conf_faults faults = {.count = 0};
 *     struct tnd_conf *conf;
 *
 *     int err = tnd_conf_read(path, &faults, &conf);
 *     for (size_t i = 0; i < faults.count; i++)
 *         tnd_conf_fault_write(&w, path, &faults.list[i]);
 *     if (err)
 *         ...
 *     tnd_conf_free(&conf);
 */
#ifndef CONF_CONF_H
#define CONF_CONF_H

#include "base/digest.h"
#include "tandem/transport/network.h"

/* Bounds of what a file can grow. */
enum {
    TND_CONF_FILE_LEN_MAX = 1 << 20,
    TND_CONF_NESTING_MAX = 16,
    TND_CONF_TEXT_LEN_MAX = 1024, /* of one value */
    TND_CONF_LISTEN_COUNT_MAX = 64,
    TND_CONF_DOMAIN_COUNT_MAX = 256,
    TND_CONF_DNS_COUNT_MAX = 8,
    TND_CONF_TRUSTED_COUNT_MAX = 256,
    TND_CONF_SERVICE_ROUTE_COUNT_MAX = 8,
    TND_CONF_ROUTE_COUNT_MAX = 1024,
    TND_CONF_CONTACT_COUNT_MAX = 16, /* of one route; targets too */
    TND_CONF_WORKER_COUNT_MAX = 64,
    TND_CONF_FAULT_COUNT_MAX = 100,
};

/* A host and maybe a port. */
struct tnd_conf_host {
    struct tnd_slice host; /* absent: none; IPv6 with its brackets */
    uint16_t port;         /* 0: not said */
};

enum tnd_conf_store_kind { TND_CONF_STORE_LMDB, TND_CONF_STORE_REDIS, TND_CONF_STORE_MEMORY };

struct tnd_conf_store {
    enum tnd_conf_store_kind kind;
    struct tnd_slice path; /* of LMDB: the directory, absolute and terminated */
    struct tnd_slice host; /* of Redis; IPv6 with its brackets */
    uint16_t port;         /* of Redis */
    uint32_t database;     /* of Redis: its number */
};

enum tnd_conf_mode { TND_CONF_MODE_PROXY, TND_CONF_MODE_REDIRECT };

enum tnd_conf_fork {
    TND_CONF_FORK_NONE, /* while reading: not said. No configuration has it */
    TND_CONF_FORK_PARALLEL,
    TND_CONF_FORK_SERIAL, /* by q; equal q in parallel */
};

/* Whose 3xx is followed on the caller's behalf. */
enum tnd_conf_recurse {
    TND_CONF_RECURSE_NONE,  /* "none", "false" */
    TND_CONF_RECURSE_LOCAL, /* "local", "true": to served domains and trusted peers */
    TND_CONF_RECURSE_ANY,
};

enum tnd_conf_log_level {
    TND_CONF_LOG_ERROR,
    TND_CONF_LOG_WARN,
    TND_CONF_LOG_INFO,
    TND_CONF_LOG_DEBUG,
};

struct tnd_conf_auth {
    bool required;        /* default: true, unless every listener is loopback */
    bool required_is_set; /* the file says it; so is the next */
    bool realm_is_set;
    struct tnd_slice realm; /* default: the first domain, else advertise, else "tandem" */
    enum tnd_digest *algorithms;
    size_t algorithm_count; /* in the order of preference, none twice; SHA-256, MD5 */
    struct tnd_network *trusted;
    size_t trusted_count; /* peers that need no credentials and may relay; none */
};

struct tnd_conf_registrar {
    uint32_t default_expires; /* seconds; 3600. min_expires <= default_expires <= max_expires */
    uint32_t min_expires;     /* seconds; 60 */
    uint32_t max_expires;     /* seconds; 86400 */
    uint32_t max_contacts;    /* of one address of record; 10 */
    struct tnd_slice *service_route;
    size_t service_route_count; /* URIs, the first hop first (RFC 3608); none */
};

struct tnd_conf_proxy {
    enum tnd_conf_mode mode;       /* PROXY */
    enum tnd_conf_fork fork;       /* PARALLEL */
    enum tnd_conf_recurse recurse; /* LOCAL */
    uint32_t max_redirects;        /* depth, and targets taken from redirects; 5 */
    bool record_route;             /* true */
    uint32_t timer_c;              /* seconds; 185 */
};

enum tnd_conf_log_format { TND_CONF_LOG_TEXT, TND_CONF_LOG_JSON };

struct tnd_conf_log {
    enum tnd_conf_log_level level;   /* INFO */
    enum tnd_conf_log_format format; /* TEXT */
};

struct tnd_conf_limits {
    uint32_t max_message;            /* bytes; 65535 */
    uint32_t requests_per_second;    /* from one source address; 0, the default: no limit */
    uint32_t connections;            /* of one worker; 10000 */
    uint32_t connections_per_source; /* of one worker, from one address; 1000 */
    uint32_t connection_idle;        /* seconds without a byte, then it is closed; 3600 */
    uint32_t connection_slow;        /* seconds for one message to arrive in whole, and for the
                                      * peer to take what was written; 30 */
    uint32_t transactions;           /* of one worker; 100000 */
    uint32_t memory;                 /* MiB that peers can make one worker take; 1024 */
};

/* What a request must be for the route. Patterns: * is any text, ? any one character. What is
 * absent matches everything. */
struct tnd_conf_match {
    struct tnd_slice method, user, domain, from_user, from_domain;
    struct tnd_network source; /* of zero bytes: any */
};

/* A contact of a redirect, or a target. */
struct tnd_conf_contact {
    struct tnd_slice uri; /* of a redirect it may hold "{user}", once or several times */
    uint32_t q;           /* in thousandths: 0 to 1000, the default */
    uint32_t expires;     /* seconds; 0: not said */
};

struct tnd_conf_redirect {
    uint32_t code; /* 300 to 399; 302 */
    struct tnd_conf_contact *contacts;
    size_t contact_count; /* at least 1 */
};

struct tnd_conf_reject {
    uint32_t code;           /* 400 to 699 */
    struct tnd_slice reason; /* absent: the phrase of the code */
    uint32_t retry_after;    /* seconds; 0: not said */
};

enum tnd_conf_alternative_type { TND_CONF_ALTERNATIVE_EMERGENCY };

/* Refuses with 380 and a body that describes the alternative. */
struct tnd_conf_alternative {
    enum tnd_conf_alternative_type type; /* EMERGENCY */
    struct tnd_slice text;               /* for people; absent: none */
    struct tnd_slice *contacts;          /* URIs */
    size_t contact_count;                /* may be 0 */
};

struct tnd_conf_targets {
    struct tnd_conf_contact *targets; /* SIP or SIPS; expires is 0 */
    size_t target_count;              /* at least 1 */
    enum tnd_conf_fork fork;          /* default: that of proxy */
};

enum tnd_conf_action {
    TND_CONF_ACTION_NONE, /* while reading. No configuration has it */
    TND_CONF_ACTION_REDIRECT,
    TND_CONF_ACTION_REJECT,
    TND_CONF_ACTION_ALTERNATIVE,
    TND_CONF_ACTION_PROXY,
};

struct tnd_conf_route {
    struct tnd_conf_match match;
    enum tnd_conf_action action; /* which of these it is; the others are zero bytes */
    struct tnd_conf_redirect redirect;
    struct tnd_conf_reject reject;
    struct tnd_conf_alternative alternative;
    struct tnd_conf_targets proxy;
};

/* All that it points to ends with it. */
struct tnd_conf {
    struct tnd_arena arena;
    struct tnd_slice *domains; /* hosts, none twice; none */
    size_t domain_count;
    struct tnd_endpoint *listen; /* no two overlap; one that can be listened at */
    size_t listen_count;         /* at least 1; udp and tcp at 127.0.0.1:5060 */
    struct tnd_conf_host advertise;
    struct tnd_conf_store store;     /* LMDB in $XDG_STATE_HOME/tandem or ~/.local/state/tandem */
    struct tnd_endpoint web;         /* without transport; 127.0.0.1:8060; zero bytes: off */
    struct tnd_slice web_token_file; /* absolute and terminated; absent: none */
    struct tnd_conf_host hep;        /* a collector of messages, by UDP; port 9060; absent: none */
    struct tnd_slice cdr;            /* a file; absolute and terminated; absent: none */
    struct tnd_endpoint *dns;        /* without transport */
    size_t dns_count;                /* 0, the default: the system's */
    uint32_t workers;                /* 0, the default: one for each core */
    struct tnd_conf_auth auth;
    struct tnd_conf_registrar registrar;
    struct tnd_conf_proxy proxy;
    bool lab; /* false in a file, true without one */
    struct tnd_conf_log log;
    struct tnd_conf_limits limits;
    struct tnd_conf_route *routes; /* in their order; none */
    size_t route_count;
};

enum tnd_conf_severity {
    TND_CONF_FAULT,   /* there is no configuration */
    TND_CONF_WARNING, /* it is used; somebody should look at it */
    TND_CONF_NOTICE,  /* it is used; this part of it has no effect, or not yet */
};

/* "fault", "warning", "notice". */
const char *tnd_conf_severity_name(enum tnd_conf_severity severity);

/* Terminated; what is too long is cut off. May hold bytes of the file, whatever they are. */
struct tnd_conf_fault {
    enum tnd_conf_severity severity;
    unsigned line; /* from 1; 0: of no line, or of the whole file */
    char key[96];  /* "routes[2].reject.code"; "": of no key */
    char text[256];
};

/* Starts with zero bytes. By line; those that came after the first so many are counted only. */
struct tnd_conf_faults {
    size_t count, lost;
    size_t fault_count; /* of severity FAULT, lost ones too */
    struct tnd_conf_fault list[TND_CONF_FAULT_COUNT_MAX];
};

/* Writes "FILE:12: proxy.timer_c: 0 is below 1", a warning with "warning: " before its text,
 * without a line end. Bytes of the file may be control characters. */
void tnd_conf_fault_write(struct tnd_writer *w, const char *path, const struct tnd_conf_fault *f);

/* Reads the file at path. TND_ESYNTAX: it cannot be read or is wrong, faults say why, ret is
 * untouched; TND_ENOMEM likewise, and no fault may say it. 0: there may be warnings and
 * notices. The caller frees *ret. Looks at XDG_STATE_HOME and HOME. */
int tnd_conf_read(const char *path, struct tnd_conf_faults *faults, struct tnd_conf **ret);

/* The same of the text of a file. Borrows it. */
int tnd_conf_parse(struct tnd_slice text, struct tnd_conf_faults *faults, struct tnd_conf **ret);

/* What holds without a file. 0, or TND_ENOMEM. */
int tnd_conf_default(struct tnd_conf **ret);

/* Writes NULL. *conf may be NULL. */
void tnd_conf_free(struct tnd_conf **conf);

/* Adds a notice for each key that cannot change in a running server and differs between the
 * two: listen, store, web, hep, cdr, dns, workers, limits.transactions, limits.memory. Without lines. */
void tnd_conf_fixed_change(const struct tnd_conf *old, const struct tnd_conf *new,
                           struct tnd_conf_faults *faults);

/* Whether the transport can be listened at: those of the others have no effect yet. */
bool tnd_conf_can_listen(const struct tnd_endpoint *e);

/* Whether the two cannot be listened at together: the same port of the same address, or of one
 * and of every address. */
bool tnd_conf_listen_overlap(const struct tnd_endpoint *a, const struct tnd_endpoint *b);

/* Whether text is what may stand in domains: a name or an address, as long as DNS takes it. */
bool tnd_conf_is_host(struct tnd_slice text);

/* Calls visit with the path of each key that a file may set, those of lists as "routes[].match",
 * and "" or its default. */
void tnd_conf_each_key(void (*visit)(void *ctx, const char *key, const char *standard), void *ctx);

#endif
