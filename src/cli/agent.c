/* The loop of the commands of the user agent. */
#include "cli/agent.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/alternative_xml.h"
#include "cli/config.h"
#include "cli/json.h"
#include "cli/lang.h"
#include "net/clock.h"
#include "tandem/sip/field.h"

enum {
    ARENA_SIZE_MAX = 256 << 20, /* a sound of a file, above all */
    WORK_SIZE_MAX = 4 << 20,
    UA_MEMORY_MAX = 256 << 20,
    CALLS_MAX = TND_MEDIA_LEG_COUNT_MAX,
    NOTE_SIZE = 4096,
    RING_MARGIN = 60, /* seconds */
};

static const tnd_time wall_again = TND_SEC(1);
static const tnd_time farewell = TND_SEC(2); /* for what was put to leave */

struct agent *agent_new(const struct agent_options *o)
{
    struct agent *a = calloc(1, sizeof(*a));
    enum tnd_lang lang;

    if (!a || cli_lang(o->name, o->lang, &lang)) {
        free(a);
        return NULL;
    }
    signal(SIGPIPE, SIG_IGN); /* who reads the ladder may leave; the call is ended, not dropped */
    a->o = o;
    a->due = TND_NEVER_DUE;
    a->media.fd = -1;
    tnd_arena_init(&a->arena, NULL, 0, &cli_mem, ARENA_SIZE_MAX);
    tnd_arena_init(&a->work, NULL, 0, &cli_mem, WORK_SIZE_MAX);
    report_start(&a->report, o->arg[0], lang);
    return a;
}

/* What was said last leaves, as far as it does so soon. */
static void say_farewell(struct agent *a)
{
    tnd_time end = tnd_clock() + farewell;

    tnd_phone_turn(&a->phone, 0);
    while (tnd_phone_is_sending(&a->phone) && a->phone.now < end && a->phone.stops < 2)
        tnd_phone_turn(&a->phone, end);
}

int agent_free(struct agent **a, int status)
{
    struct agent *x = *a;

    if (x->ua && x->phone.element.self)
        say_farewell(x);
    reserve_end(&x->reserve);
    tnd_media_close(&x->media);
    tnd_phone_fini(&x->phone);
    tnd_ua_free(&x->ua);
    tnd_digest_openssl_fini(&x->digest);
    password_wipe(&x->password);
    report_free(&x->report);
    tnd_arena_fini(&x->arena);
    tnd_arena_fini(&x->work);
    if (tnd_capture_close(&x->capture)) {
        cli_fail("%s: %s: not everything could be written", x->o->name, x->o->pcap);
        status = status == CLI_OK ? CLI_FAILED : status;
    }
    free(x);
    *a = NULL;
    return status;
}

/* Not within a dialog: To has no tag. */
static bool begins(const struct tnd_msg *msg)
{
    struct tnd_addr to;
    struct tnd_flaw flaw;

    return msg->kind == TND_MSG_REQUEST && msg->method != TND_METHOD_ACK &&
           msg->method != TND_METHOD_CANCEL && tnd_msg_to(msg, &to, &flaw) && !to.tag.ptr;
}

static void see(void *ctx, const struct tnd_seen *seen)
{
    struct agent *a = ctx;
    struct tnd_msg msg;

    if (a->capture)
        tnd_capture_add(a->capture, seen, tnd_clock_wall());
    if (seen->is_media)
        return;
    tnd_arena_reset(&a->work);
    if (tnd_msg_parse_datagram(&msg, &a->work, seen->bytes))
        return;
    a->has_heard |= !seen->sent;
    if (seen->sent && begins(&msg)) {
        snprintf(a->target, sizeof(a->target), "%.*s", TND_FMT(msg.uri));
        report_sent(&a->report, tnd_msg_value(&msg, TND_HEADER_CALL_ID));
    }
    ladder_message(&a->ladder, seen, &msg, &a->work);
}

void agent_answered(struct agent *a, const struct tnd_ua_event *event)
{
    struct tnd_ua_event told = *event;

    if (!told.uri.ptr && *a->target)
        told.uri = tnd_slice_str(a->target);
    report_answered(&a->report, &told);
}

static int open_phone(struct agent *a, const char *uri)
{
    struct tnd_phone_with with = {
        .dns = a->o->dns, .dns_count = a->o->dns_count, .onlooker = {see, a}};
    char room[TND_ENDPOINT_LEN_MAX + 1];

    if (tnd_resolver_library_init())
        return cli_fail("%s: the resolver cannot be used", a->o->name);
    if (agent_find_place(a->o, uri, &with.local))
        return CLI_USAGE;
    int err = tnd_phone_init(&a->phone, &with);
    if (!err)
        return CLI_OK;
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    tnd_endpoint_write(&w, &with.local);
    return cli_fail("%s: %.*s: %s; give another one with %s, or no port at all", a->o->name,
                    TND_FMT(tnd_writer_slice(&w)), strerror(err),
                    strcmp(a->o->name, "answer") == 0 ? "--listen" : "--local");
}

static int read_password(struct agent *a)
{
    struct provision p = {.name = a->o->name};

    if (!a->o->password_file)
        return CLI_OK;
    p.option[PROVISION_PASSWORD_FILE] = a->o->password_file;
    return password_get(&p, &a->password);
}

static void configure(struct agent *a)
{
    const struct agent_options *o = a->o;
    uint32_t ring = (uint32_t)(o->ring / TND_SEC(1));
    bool is_one = o->transport != TND_TRANSPORT_NONE, is_tcp = o->transport == TND_TRANSPORT_TCP;

    a->config = (struct tnd_ua_config){
        .addresses = is_tcp ? &a->phone.addresses[1] : a->phone.addresses,
        .address_count = is_one ? 1 : 2,
        .from = o->from,
        .user = tnd_slice_str(o->user),
        .password = a->password.text,
        .proxy = *o->proxy ? tnd_slice_str(o->proxy) : tnd_slice(NULL, 0),
        .agent = TND_STR("Tandem/" TANDEM_VERSION),
        .media = &a->local,
        .recover = {.attempts_max = o->attempts_max, .is_off = o->no_recover, .retries = o->retry},
        .precondition = o->precondition,
        .ring_max =
            ring > 0 ? ring + RING_MARGIN : 0, /* so that --ring may be longer than what is usual */
    };
}

static int make_ua(struct agent *a)
{
    struct tnd_ua_world world = {.mem = &cli_mem,
                                 .digester = &a->digest.digester,
                                 .alternatives = &alternative_xml,
                                 .memory_max = UA_MEMORY_MAX,
                                 .calls_max = CALLS_MAX};

    if (tnd_digest_openssl_init(&a->digest))
        return cli_fail("%s: out of memory", a->o->name);
    tnd_entropy(world.key, sizeof(world.key));
    tnd_entropy(&world.seed, sizeof(world.seed));
    configure(a);
    int err = tnd_ua_new(&world, &a->config, a->phone.now, &a->ua);
    if (err)
        return cli_fail("%s: %s", a->o->name,
                        err == TND_ESYNTAX ? "--from or --proxy cannot be used"
                                           : tnd_strerror(err));
    tnd_ua_set_wall(a->ua, a->phone.now, tnd_clock_wall());
    return CLI_OK;
}

static void reserved(void *ctx, tnd_ua_id call, size_t stream, bool ok)
{
    struct agent *a = ctx;

    agent_note(a, ok ? LADDER_GOOD : LADDER_BAD, "", "reservation of stream %zu: %s", stream,
               ok ? "ok" : "failed");
    tnd_ua_reserved(a->ua, a->phone.now, call, stream, ok);
}

int agent_open(struct agent *a, const char *uri)
{
    const char *why;

    a->start = tnd_clock();
    ladder_start(&a->ladder, a->o->json ? NULL : stdout, a->start);
    if (a->o->pcap && !(a->capture = tnd_capture_open(a->o->pcap, &why)))
        return cli_fail("%s: --pcap: %s", a->o->name, why);
    int status = read_password(a);
    status = status ? status : open_phone(a, uri);
    status = status ? status : agent_open_media(a);
    status = status ? status : make_ua(a);
    if (status == CLI_OK)
        reserve_start(&a->reserve, a->o->reserve, &a->phone, reserved, a);
    return status;
}

/* What is done about an event whatever the command is. */
static void handle(struct agent *a, const struct tnd_ua_event *event)
{
    char room[AGENT_TROUBLE_SIZE];
    struct tnd_ua_event told = *event;

    switch ((enum tnd_ua_event_kind)event->kind) {
    case TND_UA_ATTEMPT:
        agent_tell_attempt(a, event);
        break;
    case TND_UA_MEDIA:
    case TND_UA_ANSWERED:
    case TND_UA_CHANGED:
        if (event->session)
            agent_agree(a, event);
        break;
    case TND_UA_TROUBLE:
        told.text = agent_trouble(a, event, room);
        agent_note(a, LADDER_BAD, "! ", "%.*s", TND_FMT(told.text));
        break;
    case TND_UA_INCOMING:
    case TND_UA_PROGRESS:
    case TND_UA_RESERVE:
    case TND_UA_REGISTERED:
    case TND_UA_ENDED:
    case TND_UA_RECEIVED:
        break;
    }
    a->handle(a, &told);
    if (event->kind == TND_UA_RESERVE) /* last: to answer at once ends what event borrows from */
        reserve_ask(&a->reserve, event);
}

static int feed(void *self, tnd_time now, const struct tnd_input *in)
{
    return tnd_ua_feed(((struct agent *)self)->ua, now, in);
}

static bool take(void *self, struct tnd_output *ret)
{
    return tnd_ua_take(((struct agent *)self)->ua, ret);
}

static tnd_time due(const void *self)
{
    return tnd_ua_due(((const struct agent *)self)->ua);
}

/* When the loop has something to do besides the user agent. */
static tnd_time until(const struct agent *a)
{
    tnd_time media = tnd_media_due(&a->media);

    if (a->is_done)
        return 0;
    return media < a->due ? media : a->due;
}

static bool tell(void *self)
{
    struct tnd_ua_event event;
    struct agent *a = self;
    bool is_told = false;

    while (!a->is_done && tnd_ua_event(a->ua, &event)) {
        handle(a, &event);
        is_told = true;
    }
    a->phone.until = until(a);
    return is_told;
}

static void tick(struct agent *a)
{
    tnd_time now = a->phone.now;

    if (now - a->walled >= wall_again) {
        a->walled = now;
        tnd_ua_set_wall(a->ua, now, tnd_clock_wall());
    }
    tnd_media_tick(&a->media, now);
    if (a->due <= now)
        a->wake(a);
    if (ferror(stdout) && !a->is_interrupted) { /* nobody sees the ladder: no call without him */
        a->is_interrupted = true;
        a->stop(a);
    }
    if (a->phone.stops == a->stops_seen)
        return;
    a->is_done |= a->stops_seen > 0; /* a second one: at once */
    a->stops_seen = a->phone.stops;
    a->is_interrupted = true;
    if (!a->is_done)
        a->stop(a);
}

void agent_run(struct agent *a)
{
    a->phone.element = (struct tnd_phone_element){feed, take, due, tell, a};
    while (!a->is_done) {
        tnd_phone_turn(&a->phone, until(a));
        tick(a);
    }
}

void agent_note(struct agent *a, enum ladder_tone tone, const char *mark, const char *format, ...)
{
    char text[NOTE_SIZE]; /* what is longer is cut off */
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    ladder_note(&a->ladder, tone, mark, tnd_slice_str(text));
}

int agent_report(struct agent *a, int status, json_t *extra)
{
    json_t *object;

    if (!a->o->json) {
        json_decref(extra);
        return status;
    }
    object = report_json(&a->report);
    if (extra)
        json_object_set_new(object, "media", extra);
    int printed = cli_json_print(object);
    return printed == CLI_OK ? status : printed;
}

struct tnd_ua_with agent_with(const struct agent_options *o)
{
    return (struct tnd_ua_with){.require = o->require,
                                .require_count = o->require_count,
                                .supported = o->supported,
                                .supported_count = o->supported_count};
}
