/* The command line of the commands of the user agent: a table of options, and which command takes which. */
#include "cli/agent_options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>

#include "tandem/sip/uri.h"
#include "tandem/ua.h"

enum {
    FIRST = 256,
    SECONDS_MAX = 86400,
    DEFAULT_DURATION = 3,
    DEFAULT_LISTEN_PORT = 5070,
    DNS_PORT = 53,
    ALTERNATIVE_LEN_MAX = 100,
};

enum { ALL = AGENT_CALL | AGENT_ANSWER | AGENT_REGISTER | AGENT_OPTIONS | AGENT_MESSAGE };
enum { ASKS = ALL & ~AGENT_ANSWER };
enum { TALKS = AGENT_CALL | AGENT_ANSWER };

/* Returns NULL, or what is wrong with arg. */
typedef const char *reader(struct agent_options *o, const char *arg);

static const char *read_uri(const char *arg, struct tnd_slice *ret)
{
    struct tnd_uri uri;
    struct tnd_flaw flaw;

    if (tnd_uri_parse(tnd_slice_str(arg), &uri, &flaw) ||
        (uri.scheme != TND_SCHEME_SIP && uri.scheme != TND_SCHEME_SIPS))
        return "is no SIP URI; write it as sip:alice@example.com";
    *ret = uri.text;
    return NULL;
}

static const char *read_from(struct agent_options *o, const char *arg)
{
    return read_uri(arg, &o->from);
}

static const char *read_user(struct agent_options *o, const char *arg)
{
    o->user = arg;
    return *arg ? NULL : "is nobody";
}

static const char *read_password_file(struct agent_options *o, const char *arg)
{
    o->password_file = arg;
    return NULL;
}

/* As a URI with lr: RFC 3261 §19.1.1, so that the Request-URI stays as it is. */
static const char *read_proxy(struct agent_options *o, const char *arg)
{
    struct tnd_slice uri;
    bool has_scheme = strncmp(arg, "sip:", 4) == 0 || strncmp(arg, "sips:", 5) == 0;
    bool has_lr = strstr(arg, ";lr") != NULL;
    int len = snprintf(o->proxy, sizeof(o->proxy), "%s%s%s", has_scheme ? "" : "sip:", arg,
                       has_lr ? "" : ";lr");

    if (len >= (int)sizeof(o->proxy))
        return "is too long";
    return read_uri(o->proxy, &uri) ? "is none; write HOST, HOST:PORT or HOST:PORT;transport=tcp"
                                    : NULL;
}

static bool is_token(const char *arg)
{
    return *arg && strspn(arg, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                               "-.!%*_+`'~") == strlen(arg);
}

static const char *add_tag(struct tnd_slice *list, size_t *count, const char *arg)
{
    if (!is_token(arg))
        return "is no option tag; give one, such as 100rel or timer";
    if (*count == AGENT_TAG_COUNT_MAX)
        return "is one too many";
    list[(*count)++] = tnd_slice_str(arg);
    return NULL;
}

static const char *read_require(struct agent_options *o, const char *arg)
{
    return add_tag(o->require, &o->require_count, arg);
}

static const char *read_supported(struct agent_options *o, const char *arg)
{
    return add_tag(o->supported, &o->supported_count, arg);
}

static const char *read_unsupported(struct agent_options *o, const char *arg)
{
    return add_tag(o->unsupported, &o->unsupported_count, arg);
}

/* One of names, separated by '|': which. -1: none. */
static int choose(const char *names, const char *arg)
{
    size_t len = strlen(arg);
    int i = 0;

    for (const char *name = names; name; name = strchr(name, '|'), name += name != NULL, i++)
        if (strncmp(name, arg, len) == 0 && (name[len] == '|' || name[len] == '\0') && len > 0)
            return i;
    return -1;
}

static const char *read_precondition(struct agent_options *o, const char *arg)
{
    int i = choose("none|optional|mandatory", arg);

    o->precondition = (uint8_t)i;
    return i < 0 ? "is none; there are none, optional and mandatory" : NULL;
}

static const char *read_reserve(struct agent_options *o, const char *arg)
{
    o->reserve = arg;
    return *arg ? NULL : "is empty; give ok, fail or a command";
}

static const char *read_mid_call(struct agent_options *o, const char *arg)
{
    int i = choose("none|hold|update", arg);

    o->mid_call = (uint8_t)i;
    return i < 0 ? "is none; there are hold, update and none" : NULL;
}

static const char *read_transport(struct agent_options *o, const char *arg)
{
    enum tnd_transport transport = tnd_transport_find(tnd_slice_str(arg));

    o->transport = (uint8_t)transport;
    return transport == TND_TRANSPORT_UDP || transport == TND_TRANSPORT_TCP
               ? NULL
               : "is none that there is; udp and tcp are";
}

/* Whole seconds, or with a fraction. */
static const char *read_seconds(const char *arg, tnd_time *ret)
{
    char *end;
    double seconds = strtod(arg, &end);

    /* strtod() takes "0x10", " 1" and "nan" too */
    if (end == arg || *end || strspn(arg, "0123456789.") != strlen(arg) || seconds > SECONDS_MAX)
        return "is no number of seconds, from 0 to 86400";
    *ret = (tnd_time)(seconds * 1e6);
    return NULL;
}

static const char *read_duration(struct agent_options *o, const char *arg)
{
    return read_seconds(arg, &o->duration);
}

static const char *read_timeout(struct agent_options *o, const char *arg)
{
    const char *why = read_seconds(arg, &o->timeout);

    return why ? why : o->timeout == 0 ? "is no time at all" : NULL;
}

static const char *read_ring(struct agent_options *o, const char *arg)
{
    return read_seconds(arg, &o->ring);
}

static const char *read_number(const char *arg, uint32_t min, uint32_t *ret)
{
    uint64_t n;

    if (!tnd_slice_number(tnd_slice_str(arg), UINT32_MAX, &n) || n < min)
        return min > 0 ? "is no number above 0" : "is no number";
    *ret = (uint32_t)n;
    return NULL;
}

static const char *read_attempts(struct agent_options *o, const char *arg)
{
    return read_number(arg, 1, &o->attempts_max);
}

static const char *read_count(struct agent_options *o, const char *arg)
{
    return read_number(arg, 1, &o->count);
}

static const char *read_expires(struct agent_options *o, const char *arg)
{
    return read_number(arg, 1, &o->expires);
}

static const char *read_retry_after(struct agent_options *o, const char *arg)
{
    return read_number(arg, 1, &o->retry_after);
}

static const char *read_at_least(struct agent_options *o, const char *arg)
{
    return read_number(arg, 1, &o->at_least);
}

static const char *read_alternative(struct agent_options *o, const char *arg)
{
    o->alternative = arg;
    return strlen(arg) > ALTERNATIVE_LEN_MAX ? "is too long" : NULL;
}

/* port: where none is said. */
static const char *read_endpoint(const char *arg, uint16_t port, struct tnd_endpoint *ret)
{
    struct tnd_slice text = tnd_slice_str(arg);
    struct tnd_endpoint e, address;

    if (tnd_endpoint_parse(text, TND_TRANSPORT_NONE, &e))
        return "is no address; write 192.0.2.1, 192.0.2.1:5070 or [2001:db8::1]:5070";
    if (tnd_address_parse(text, &address) == 0)
        e.port = port; /* it says none */
    if (tnd_address_kind(&e) == TND_ADDRESS_UNSPECIFIED)
        return "is every address; name one that others can reach";
    *ret = e;
    return NULL;
}

static const char *read_local(struct agent_options *o, const char *arg)
{
    return read_endpoint(arg, 0, &o->local);
}

static const char *read_listen(struct agent_options *o, const char *arg)
{
    const char *why = read_endpoint(arg, DEFAULT_LISTEN_PORT, &o->local);

    if (!why && o->local.transport > TND_TRANSPORT_TCP)
        return "is of a transport that is not there; write udp:HOST:PORT or tcp:HOST:PORT";
    if (!why)
        o->transport = o->local.transport;
    return why;
}

static const char *read_dns(struct agent_options *o, const char *arg)
{
    if (o->dns_count == AGENT_DNS_COUNT_MAX)
        return "is one too many";
    return read_endpoint(arg, DNS_PORT, &o->dns[o->dns_count++]);
}

static const char *read_pcap(struct agent_options *o, const char *arg)
{
    o->pcap = arg;
    return *arg ? NULL : "is no file";
}

static const char *read_audio(struct agent_options *o, const char *arg)
{
    o->audio = arg;
    return *arg ? NULL : "is no file; there are tone, echo and none too";
}

static const char *read_lang(struct agent_options *o, const char *arg)
{
    o->lang = arg;
    return choose("en|ko|ru|id|vi", arg) < 0 ? "is none; there are en, ko, ru, id and vi" : NULL;
}

static const char *read_register(struct agent_options *o, const char *arg)
{
    o->register_uri = arg;
    return read_uri(arg, &o->from);
}

static const char *read_respond(struct agent_options *o, const char *arg)
{
    uint32_t n = 0;
    const char *why = read_number(arg, 200, &n);

    o->respond = (uint16_t)n;
    return why || n > 699 || (n > 200 && n < 300)
               ? "is no answer; give 200, or a code from 300 to 699"
               : NULL;
}

static const char *read_contact(struct agent_options *o, const char *arg)
{
    if (o->contact_count == AGENT_CONTACT_COUNT_MAX)
        return "is one too many";
    return read_uri(arg, &o->contact[o->contact_count++]);
}

static const char *read_no_recover(struct agent_options *o, const char *arg)
{
    (void)arg;
    o->no_recover = true;
    return NULL;
}

static const char *read_retry(struct agent_options *o, const char *arg)
{
    (void)arg;
    o->retry = true;
    return NULL;
}

static const char *read_no_book(struct agent_options *o, const char *arg)
{
    (void)arg;
    o->no_book = true;
    return NULL;
}

static const char *read_json(struct agent_options *o, const char *arg)
{
    (void)arg;
    o->json = true;
    return NULL;
}

static const struct {
    const char *name;
    unsigned commands;
    bool has_arg;
    reader *read;
} options[] = {
    {"from", ALL & ~AGENT_REGISTER, true, read_from},
    {"user", ALL, true, read_user},
    {"password-file", ALL, true, read_password_file},
    {"proxy", ALL, true, read_proxy},
    {"require", ALL, true, read_require},
    {"supported", ASKS, true, read_supported},
    {"precondition", TALKS, true, read_precondition},
    {"reserve", TALKS, true, read_reserve},
    {"no-recover", ALL, false, read_no_recover},
    {"max-attempts", ALL, true, read_attempts},
    {"retry", ALL, false, read_retry},
    {"duration", TALKS, true, read_duration},
    {"mid-call", AGENT_CALL, true, read_mid_call},
    {"timeout", ASKS, true, read_timeout},
    {"transport", ASKS, true, read_transport},
    {"local", ASKS, true, read_local},
    {"listen", AGENT_ANSWER, true, read_listen},
    {"dns", ALL, true, read_dns},
    {"pcap", ALL, true, read_pcap},
    {"audio", TALKS, true, read_audio},
    {"lang", ALL, true, read_lang},
    {"json", ALL, false, read_json},
    {"no-book", AGENT_CALL | AGENT_OPTIONS | AGENT_MESSAGE, false, read_no_book},
    {"register", AGENT_ANSWER, true, read_register},
    {"respond", AGENT_ANSWER, true, read_respond},
    {"unsupported", AGENT_ANSWER, true, read_unsupported},
    {"at-least", AGENT_ANSWER, true, read_at_least},
    {"retry-after", AGENT_ANSWER, true, read_retry_after},
    {"alternative", AGENT_ANSWER, true, read_alternative},
    {"contact", AGENT_ANSWER | AGENT_REGISTER, true, read_contact},
    {"ring", AGENT_ANSWER, true, read_ring},
    {"count", AGENT_ANSWER, true, read_count},
    {"expires", AGENT_ANSWER | AGENT_REGISTER, true, read_expires},
};

enum { OPTION_COUNT = sizeof(options) / sizeof(*options) };

static void fill(unsigned command, struct option ret[OPTION_COUNT + 2])
{
    size_t count = 0;

    for (size_t i = 0; i < OPTION_COUNT; i++)
        if (options[i].commands & command)
            ret[count++] = (struct option){options[i].name,
                                           options[i].has_arg ? required_argument : no_argument,
                                           NULL, FIRST + (int)i};
    ret[count++] = (struct option){"help", no_argument, NULL, 'h'};
    ret[count] = (struct option){0};
}

/* Who is asked for: a SIP URI, or a number, if it is said who knows where that is. */
static const char *read_target(const struct agent_options *o)
{
    struct tnd_slice uri;

    if (strncmp(o->arg[0], "tel:", 4) != 0)
        return read_uri(o->arg[0], &uri);
    return *o->proxy || o->from.ptr
               ? NULL
               : "is a number; say who knows where it is: --proxy HOST, or the domain of --from";
}

static int read_arguments(const struct agent_usage *usage, int argc, char **argv,
                          struct agent_options *ret)
{
    int count = argc - optind;

    if (count < usage->arg_min || count > usage->arg_max)
        return cli_fail("%s: give %s ('tandem %s --help' tells more)", usage->name, usage->wants,
                        usage->name);
    for (int i = 0; i < count; i++)
        ret->arg[i] = argv[optind + i];
    if (count > 0) {
        const char *why = read_target(ret);

        if (why)
            return cli_fail("%s: '%s' %s ('tandem %s --help' tells more)", usage->name, ret->arg[0],
                            why, usage->name);
    }
    return CLI_OK;
}

int agent_options_read(const struct agent_usage *usage, int argc, char **argv,
                       struct agent_options *ret, bool *ret_done)
{
    struct option table[OPTION_COUNT + 2];
    int c;

    *ret = (struct agent_options){.name = usage->name};
    if (usage->command == AGENT_CALL)
        ret->duration = TND_SEC(DEFAULT_DURATION);
    *ret_done = false;
    fill(usage->command, table);
    opterr = 0;
    while ((c = getopt_long(argc, argv, "h", table, NULL)) != -1) {
        if (c == 'h') {
            fputs(usage->text, stdout);
            *ret_done = true;
            return CLI_OK;
        }
        if (c < FIRST)
            return cli_no_option(usage->name, argv);
        const char *why = options[c - FIRST].read(ret, optarg);
        if (why)
            return cli_fail("%s: --%s: '%s' %s ('tandem %s --help' tells more)", usage->name,
                            options[c - FIRST].name, optarg, why, usage->name);
    }
    return read_arguments(usage, argc, argv, ret);
}
