/* What the commands of the user agent (`tandem call`, `answer`, `register`, `options`, `message`) may be
 * told; each takes some of it. */
#ifndef CLI_AGENT_OPTIONS_H
#define CLI_AGENT_OPTIONS_H

#include "cli/cli.h"
#include "tandem/recover.h"
#include "tandem/transport/endpoint.h"

enum agent_command {
    AGENT_CALL = 1,
    AGENT_ANSWER = 2,
    AGENT_REGISTER = 4,
    AGENT_OPTIONS = 8,
    AGENT_MESSAGE = 16,
};

enum {
    AGENT_TAG_COUNT_MAX = 16,
    AGENT_CONTACT_COUNT_MAX = 16,
    AGENT_DNS_COUNT_MAX = 8,
    AGENT_ARG_COUNT_MAX = 2,
};

enum agent_mid_call { AGENT_MID_NONE, AGENT_MID_HOLD, AGENT_MID_UPDATE };

struct agent_options {
    const char *name; /* of the command */
    const char *arg[AGENT_ARG_COUNT_MAX];
    struct tnd_slice from; /* a SIP URI; absent: none */
    const char *user, *password_file;
    char proxy[300]; /* a SIP URI; "": none */
    struct tnd_slice require[AGENT_TAG_COUNT_MAX], supported[AGENT_TAG_COUNT_MAX];
    size_t require_count, supported_count;
    uint8_t precondition; /* 0: none, 1: optional, 2: mandatory */
    const char *reserve;
    bool no_recover, retry, json, no_book;
    uint32_t attempts_max;
    uint8_t mid_call;           /* enum agent_mid_call */
    tnd_time duration, timeout; /* timeout 0: none */
    uint8_t transport;          /* enum tnd_transport; NONE: not said */
    struct tnd_endpoint local;  /* of --local or --listen; no family: not said */
    uint16_t port;              /* where local is not said; 0: any */
    struct tnd_endpoint dns[AGENT_DNS_COUNT_MAX];
    size_t dns_count;
    const char *pcap, *audio, *lang;
    /* of answer and register */
    const char *register_uri;
    uint16_t respond; /* 0: not said */
    struct tnd_slice unsupported[AGENT_TAG_COUNT_MAX];
    size_t unsupported_count;
    const char *alternative;        /* of a 380; NULL: not said */
    uint32_t retry_after, at_least; /* seconds; 0: not said */
    struct tnd_slice contact[AGENT_CONTACT_COUNT_MAX];
    size_t contact_count;
    tnd_time ring;
    uint32_t count; /* calls; 0: no bound */
    uint32_t expires;
};

/* What a command takes. */
struct agent_usage {
    const char *name, *text, *wants; /* wants: its arguments, for people: "a URI" */
    unsigned command;                /* enum agent_command */
    int arg_min, arg_max;
};

/* Reads the command line, whose strings are kept. CLI_OK, and *ret_done if --help was all; or CLI_USAGE after a line. */
int agent_options_read(const struct agent_usage *usage, int argc, char **argv,
                       struct agent_options *ret, bool *ret_done);

/* The lines of --help that several commands have. */
#define AGENT_HELP_WHO                                                                        \
    "      --from URI            who calls, sip:alice@example.com; without it, nobody says\n" \
    "      --user NAME           who the password is of; else the user of --from\n"           \
    "      --password-file FILE  whose first line is the password; '-': standard input\n"     \
    "      --proxy HOST[:PORT][;transport=udp|tcp]\n"                                         \
    "                            everything goes there first\n"
#define AGENT_HELP_RECOVER                                                                   \
    "      --no-recover          say what would be done about a refusal, and do not do it\n" \
    "      --max-attempts N      try at most so often, 10 unless said\n"                     \
    "      --retry               wait as long as Retry-After says, and try again\n"
#define AGENT_HELP_TAGS                                                                         \
    "      --require TAG         an extension without which it is not to be done; repeatable\n" \
    "      --supported TAG       one that is offered; repeatable\n"
#define AGENT_HELP_NET                                                                            \
    "      --transport udp|tcp   by this one alone\n"                                             \
    "      --local HOST[:PORT]   the address to be at; else the one that leads there, any port\n" \
    "      --dns HOST[:PORT]     the resolver to ask; repeatable; else those of the system\n"     \
    "      --pcap FILE           what is sent and comes, for Wireshark\n"
#define AGENT_HELP_OUT                                                               \
    "      --json                one object, when it is over, and no ladder\n"       \
    "      --lang CODE           the language of explanations: en, ko, ru, id, vi\n" \
    "  -h, --help                this text\n"

#endif
