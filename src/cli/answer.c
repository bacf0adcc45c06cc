/* tandem answer: a callee, who answers as he is told to. */
#include <stdlib.h>
#include <time.h>

#include "cli/agent.h"
#include "cli/json.h"
#include "cli/refusal.h"

static const char usage[] =
    "usage: tandem answer [OPTION...]\n"
    "\n"
    "Waits for calls and answers them, or refuses them with any code; shows the messages. Says\n"
    "\"tandem: ready\" on standard error when it can be called. Ctrl-C ends calls and the registration,\n"
    "a second one at once.\n"
    "\n"
    "      --listen [udp:|tcp:]HOST[:PORT]\n"
    "                            where; unless said 127.0.0.1:5070, or the address that leads to the\n"
    "                            registrar; both transports unless one is said\n"
    "      --register URI        registers for URI, again before it expires, and takes it back\n"
    "      --expires S           for so long, 3600 seconds unless said\n"
    "      --respond CODE        the answer: 200, or 300 to 699. A caller who sends what a 401, 407, 420,\n"
    "                            421, 422 or 423 asks for is answered with 200\n"
    "      --contact URI         where else to call, of a 3xx or 485; repeatable, the best one first\n"
    "      --alternative TEXT    what a 380 says of it\n"
    "      --unsupported TAG     of what a caller requires, what a 420 names; else all; repeatable\n"
    "      --require TAG         what a 421 asks for; else 100rel and precondition; repeatable\n"
    "      --at-least S          what a 422 or 423 asks for, 7200 seconds unless said\n"
    "      --retry-after S       when to call again, of any refusal\n"
    "      --ring S              rings for so long before it answers\n"
    "      --count N             ends after so many calls\n"
    "      --duration S          hangs up after so long; else the caller does\n"
    "      --precondition none|optional|mandatory\n"
    "                            what is to be reserved before it rings (RFC 3312)\n"
    "      --reserve ok|fail|CMD how that goes; see 'tandem call --help'\n"
    "      --audio tone|echo|FILE|none\n"
    "                            what the caller hears, his echo unless said; FILE is WAV, 8000 Hz,\n"
    "                            one channel\n"
    "      --user NAME           who the password is of; else the user of URI\n"
    "      --password-file FILE  whose first line is the password; '-': standard input. It is also what\n"
    "                            a 401 or 407 asks a caller for; without it nothing that he says is right\n"
    "      --proxy HOST[:PORT][;transport=udp|tcp]\n"
    "                            the registration goes there\n"
    "      --dns HOST[:PORT]     the resolver to ask; repeatable; else those of the system\n"
    "      --pcap FILE           what is sent and comes, for Wireshark\n" AGENT_HELP_OUT "\n"
    "Examples:\n"
    "  tandem answer --ring 2\n"
    "  tandem answer --respond 302 --contact sip:bob@127.0.0.1:5080\n"
    "  tandem answer --respond 486 --retry-after 5\n"
    "  tandem answer --register sip:bob@127.0.0.1 --listen 127.0.0.1:5071\n"
    "\n"
    "Exit status: 0 after --count calls, or when it was told to end and no count was given; 1 it could\n"
    "not register, 2 wrong usage, or an address that cannot be used; 130 it was interrupted before\n"
    "--count calls.\n";

enum { CALL_COUNT_MAX = TND_MEDIA_LEG_COUNT_MAX };
static const uint16_t listen_port = 5070;

struct call {
    tnd_ua_id id; /* 0: this place is free */
    tnd_time due; /* to answer, or to hang up */
    bool is_answered, is_refused;
    struct refusal refusal; /* what is said, if it is refused */
};

struct answer {
    struct refuser refuser;
    struct call calls[CALL_COUNT_MAX];
    uint32_t ended;         /* calls */
    json_t *told;           /* of --json: an object for each of them */
    tnd_ua_id registration; /* 0: none */
    bool is_ending, has_failed, is_ready;
};

static struct call *find(struct answer *s, tnd_ua_id id)
{
    for (size_t i = 0; i < CALL_COUNT_MAX; i++)
        if (s->calls[i].id == id)
            return &s->calls[i];
    return NULL;
}

static void plan(struct agent *a)
{
    struct answer *s = a->ctx;

    a->due = TND_NEVER_DUE;
    for (size_t i = 0; i < CALL_COUNT_MAX; i++)
        if (s->calls[i].id && s->calls[i].due < a->due)
            a->due = s->calls[i].due;
}

static void decide(struct agent *a, struct call *c)
{
    c->due = TND_NEVER_DUE;
    if (c->is_refused)
        refusal_say(&c->refusal, a, c->id);
    else
        tnd_ua_accept(a->ua, a->phone.now, c->id);
}

static void incoming(struct agent *a, const struct tnd_ua_event *event)
{
    struct answer *s = a->ctx;
    struct call *c = find(s, 0);

    agent_note(a, LADDER_PLAIN, "", "%.*s calls", TND_FMT(event->uri));
    if (!c || s->is_ending || (a->o->count > 0 && s->ended >= a->o->count)) {
        tnd_ua_refuse(a->ua, a->phone.now, event->id, &(struct tnd_ua_refusal){.code = 486});
        return;
    }
    *c = (struct call){.id = event->id, .due = TND_NEVER_DUE};
    c->is_refused = refuser_judge(&s->refuser, event->msg, &c->refusal);
    if (a->o->ring > 0 || !c->is_refused)
        tnd_ua_ring(a->ua, a->phone.now, c->id);
    c->due = a->phone.now + a->o->ring;
    if (a->o->ring == 0)
        decide(a, c);
}

static void tell(struct agent *a, const struct tnd_ua_event *event, const struct call *c)
{
    static const char *const causes[] = {
        [TND_UA_BY_US] = "by us", [TND_UA_BY_THEM] = "by them", [TND_UA_REFUSED] = "refused",
        [TND_UA_DONE] = "done",   [TND_UA_LOST] = "lost",       [TND_UA_NO_ACK] = "no ACK"};
    struct answer *s = a->ctx;
    struct tnd_media_leg *leg = tnd_media_leg(&a->media, event->id);

    agent_note(a, LADDER_PLAIN, "", "the call has ended: %s", causes[event->cause]);
    json_t *object = json_pack("{s:b, s:s, s:i}", "answered", c->is_answered, "cause",
                               causes[event->cause], "code", event->code);
    if (leg) {
        agent_note_media(a, leg);
        if (object)
            json_object_set_new(object, "media", agent_media_json(leg));
        tnd_media_forget(leg);
    }
    if (a->o->json)
        json_array_append_new(s->told, object);
    else
        json_decref(object);
}

static void end_if_all(struct agent *a)
{
    struct answer *s = a->ctx;
    bool is_all = a->o->count > 0 && s->ended >= a->o->count;

    if (is_all && !s->is_ending) {
        s->is_ending = true;
        a->stop(a);
        return;
    }
    if (!s->is_ending || s->registration)
        return;
    for (size_t i = 0; i < CALL_COUNT_MAX; i++)
        if (s->calls[i].id)
            return;
    a->is_done = true;
}

static void ended(struct agent *a, const struct tnd_ua_event *event)
{
    struct answer *s = a->ctx;
    struct call *c = event->id ? find(s, event->id) : NULL;

    if (c) {
        tell(a, event, c);
        *c = (struct call){.id = 0};
        s->ended++;
    } else if (event->id == s->registration) {
        s->registration = 0;
        if (!s->is_ending) { /* nobody reaches us any more */
            s->has_failed = s->is_ending = true;
            a->stop(a);
        }
    }
    end_if_all(a);
}

static void ready(struct agent *a)
{
    struct answer *s = a->ctx;

    if (s->is_ready)
        return;
    s->is_ready = true;
    fputs("tandem: ready\n", stderr);
}

static void handle(struct agent *a, const struct tnd_ua_event *event)
{
    struct call *c = event->id ? find(a->ctx, event->id) : NULL;

    switch ((enum tnd_ua_event_kind)event->kind) {
    case TND_UA_INCOMING:
        incoming(a, event);
        break;
    case TND_UA_ANSWERED:
        if (!c)
            break;
        c->is_answered = a->report.is_answered = true;
        c->due = a->o->duration > 0 ? a->phone.now + a->o->duration : TND_NEVER_DUE;
        break;
    case TND_UA_REGISTERED:
        agent_note(a, LADDER_GOOD, "", "registered for %u s", event->expires);
        ready(a);
        break;
    case TND_UA_RECEIVED:
        agent_note(a, LADDER_PLAIN, "", "a text came: %.*s", TND_FMT(event->msg->body));
        break;
    case TND_UA_ENDED:
        ended(a, event);
        break;
    case TND_UA_PROGRESS:
    case TND_UA_ATTEMPT:
    case TND_UA_RESERVE:
    case TND_UA_MEDIA:
    case TND_UA_CHANGED:
    case TND_UA_TROUBLE:
        break;
    }
    plan(a);
}

static void wake(struct agent *a)
{
    struct answer *s = a->ctx;

    for (size_t i = 0; i < CALL_COUNT_MAX; i++) {
        struct call *c = &s->calls[i];

        if (!c->id || c->due > a->phone.now)
            continue;
        if (c->is_answered)
            tnd_ua_end(a->ua, a->phone.now, c->id);
        else
            decide(a, c);
        c->due = TND_NEVER_DUE;
    }
    plan(a);
}

static void stop(struct agent *a)
{
    struct answer *s = a->ctx;

    s->is_ending = true;
    for (size_t i = 0; i < CALL_COUNT_MAX; i++)
        if (s->calls[i].id)
            tnd_ua_end(a->ua, a->phone.now, s->calls[i].id);
    if (s->registration)
        tnd_ua_end(a->ua, a->phone.now, s->registration);
    end_if_all(a);
}

static int start(struct agent *a)
{
    struct tnd_ua_registration registration = {.expires = a->o->expires};
    struct answer *s = a->ctx;

    if (!a->o->register_uri) {
        ready(a);
        return CLI_OK;
    }
    int err = tnd_ua_register(a->ua, a->phone.now, &registration, &s->registration);
    return err ? cli_fail("answer: '%s' cannot be registered: %s", a->o->register_uri,
                          tnd_strerror(err))
               : CLI_OK;
}

static int status_of(const struct agent *a, const struct answer *s)
{
    if (s->has_failed)
        return CLI_FAILED;
    return a->is_interrupted && a->o->count > s->ended ? CLI_INTERRUPTED : CLI_OK;
}

static int run(struct agent *a)
{
    struct answer s = {.told = json_array()};
    int status = agent_open(a, a->o->register_uri ? a->o->register_uri : "");

    a->ctx = &s;
    a->handle = handle;
    a->wake = wake;
    a->stop = stop;
    status = status ? status : refuser_open(&s.refuser, a);
    status = status ? status : start(a);
    if (status == CLI_OK) {
        agent_run(a);
        status = status_of(a, &s);
        if (a->o->json)
            status = cli_json_print(json_pack("{s:s, s:O}", "result",
                                              a->report.is_answered ? "answered" : "failed",
                                              "calls", s.told))
                         ? CLI_FAILED
                         : status;
    }
    json_decref(s.told);
    refuser_close(&s.refuser);
    return status;
}

int cli_answer(int argc, char **argv)
{
    static const struct agent_usage command = {
        .name = "answer", .text = usage, .wants = "options only", .command = AGENT_ANSWER};
    struct agent_options options;
    bool is_done;
    int status = agent_options_read(&command, argc, argv, &options, &is_done);

    if (status || is_done)
        return status;
    options.port = listen_port;
    if (!options.audio)
        options.audio = "echo";
    struct agent *a = agent_new(&options);
    return a ? agent_free(&a, run(a)) : CLI_USAGE;
}
