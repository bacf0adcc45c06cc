/* tandem call: places a call, shows it, reacts to refusals, explains them. */
#include <stdlib.h>

#include "cli/agent.h"

static const char usage[] =
    "usage: tandem call URI [OPTION...]\n"
    "\n"
    "Places a call and shows the ladder of messages as it happens. A refusal is explained, and what it\n"
    "says how to fix is done: a redirect is followed, an extension left out, credentials given,\n"
    "preconditions relaxed. An answered call is hung up after --duration. Ctrl-C ends it properly, a\n"
    "second one at once.\n"
    "\n" AGENT_HELP_WHO AGENT_HELP_TAGS "      --precondition none|optional|mandatory\n"
    "                            what is to be reserved before it rings (RFC 3312)\n"
    "      --reserve ok|fail|CMD how that goes; CMD is run with TANDEM_STREAM, TANDEM_DIRECTION,\n"
    "                            TANDEM_ADDRESS, TANDEM_PORT and TANDEM_BANDWIDTH, and ends with 0\n"
    "                            if it could be reserved\n" AGENT_HELP_RECOVER
    "      --duration S          how long to talk, 3 seconds unless said\n"
    "      --mid-call hold|update|none\n"
    "                            hold and take back, or update, in the middle of it\n"
    "      --timeout S           give up if it is not answered by then; counts as 408\n"
    "      --audio tone|echo|FILE|none\n"
    "                            what is heard there: FILE is WAV, 8000 Hz, one channel\n" AGENT_HELP_NET
    "      --no-book             do not use what earlier calls have taught ('tandem book')\n" AGENT_HELP_OUT
    "\n"
    "Examples, with 'tandem serve' running:\n"
    "  tandem call sip:lab-302@127.0.0.1\n"
    "  tandem call sip:lab-420@127.0.0.1 --require foo\n"
    "  tandem call sip:bob@example.com --from sip:alice@example.com --password-file secret\n"
    "\n"
    "Exit status: 0 it was answered, 1 it was not, 2 wrong usage, 130 it was interrupted.\n";

static const tnd_time again = TND_MS(100); /* a change that could not be made now */

enum { STEP_NONE, STEP_HOLD, STEP_RESUME, STEP_UPDATE, STEP_END, STEP_TIMEOUT };

struct call {
    uint8_t step; /* what a->due is for */
    tnd_time answered, end;
    bool is_changed; /* the call was changed in its middle: once is enough */
    bool has_timed_out;
    char trouble[AGENT_TROUBLE_SIZE]; /* the last: why an answer could not be used */
    json_t *media;
};

static void wait_for(struct agent *a, uint8_t step, tnd_time at)
{
    struct call *c = a->ctx;

    c->step = step;
    a->due = at;
}

static void answered(struct agent *a)
{
    struct call *c = a->ctx;
    tnd_time span = a->o->duration;

    c->answered = a->phone.now;
    c->end = c->answered + span;
    if (!c->is_changed && a->o->mid_call == AGENT_MID_HOLD)
        wait_for(a, STEP_HOLD, c->answered + span / 3);
    else if (!c->is_changed && a->o->mid_call == AGENT_MID_UPDATE)
        wait_for(a, STEP_UPDATE, c->answered + span / 2);
    else
        wait_for(a, STEP_END, c->end);
}

/* RFC 3261 §9.1: without a provisional response there can be no CANCEL, so it is waited for; who gives up on
 * somebody from whom nothing came at all does not. */
static void end(struct agent *a)
{
    struct call *c = a->ctx;

    if (!a->has_heard && c->has_timed_out)
        a->is_done = true;
    else if (!a->has_heard)
        agent_note(
            a, LADDER_PLAIN, "",
            "waiting for a word from there, so that it can be cancelled; Ctrl-C again: at once");
    if (tnd_ua_end(a->ua, a->phone.now, a->id))
        a->is_done = true; /* there is no call any more */
    a->due = TND_NEVER_DUE;
}

/* next: the step behind this one. */
static void change(struct agent *a, enum tnd_ua_change change, uint8_t next, tnd_time at)
{
    struct call *c = a->ctx;

    c->is_changed = true;
    if (tnd_ua_change(a->ua, a->phone.now, a->id, change) == TND_ESTATE && a->phone.now < c->end)
        a->due = a->phone.now + again;
    else
        wait_for(a, next, at);
}

static void wake(struct agent *a)
{
    struct call *c = a->ctx;

    switch (c->step) {
    case STEP_HOLD:
        agent_note(a, LADDER_PLAIN, "", "on hold");
        change(a, TND_UA_HOLD, STEP_RESUME, c->answered + a->o->duration * 2 / 3);
        return;
    case STEP_RESUME:
        agent_note(a, LADDER_PLAIN, "", "taken back");
        change(a, TND_UA_RESUME, STEP_END, c->end);
        return;
    case STEP_UPDATE:
        change(a, TND_UA_UPDATE, STEP_END, c->end);
        return;
    case STEP_TIMEOUT:
        c->has_timed_out = true;
        agent_timeout(a, TND_METHOD_INVITE);
        end(a);
        return;
    default:
        end(a);
        return;
    }
}

static void ended(struct agent *a, const struct tnd_ua_event *event)
{
    struct call *c = a->ctx;
    struct tnd_media_leg *leg = tnd_media_leg(&a->media, event->id);

    if (leg && a->report.is_answered) {
        agent_note_media(a, leg);
        c->media = agent_media_json(leg);
    }
    if (event->cause == TND_UA_LOST && !a->report.is_answered && *c->trouble)
        report_given_up(&a->report, TND_METHOD_INVITE, tnd_slice_str(a->target), event->code,
                        tnd_slice_str(c->trouble));
    else if (!c->has_timed_out && !a->report.is_answered && event->code > 0)
        report_final(&a->report, event->code,
                     event->reason.len > 0 ? event->reason
                                           : tnd_slice_str(tnd_code_phrase(event->code)));
    a->is_done = true;
}

static void handle(struct agent *a, const struct tnd_ua_event *event)
{
    struct call *c = a->ctx;

    if (event->id != a->id)
        return;
    if (event->kind == TND_UA_ANSWERED) {
        agent_answered(a, event);
        answered(a);
    } else if (event->kind == TND_UA_TROUBLE) {
        snprintf(c->trouble, sizeof(c->trouble), "%.*s", TND_FMT(event->text));
    } else if (event->kind == TND_UA_ENDED) {
        ended(a, event);
    }
}

static int place(struct agent *a)
{
    struct tnd_slice uri = tnd_slice_str(a->o->arg[0]);
    struct tnd_ua_call call = {.uri = uri,
                               .with = agent_with(a->o),
                               .precondition = a->o->precondition,
                               .learned = agent_learned(a, uri)};
    int err = tnd_ua_call(a->ua, a->phone.now, &call, &a->id);
    if (err)
        return cli_fail("call: '%s' cannot be called: %s", a->o->arg[0], tnd_strerror(err));
    if (a->o->timeout > 0)
        wait_for(a, STEP_TIMEOUT, a->phone.now + a->o->timeout);
    return CLI_OK;
}

static int run(struct agent *a)
{
    struct call call = {.step = STEP_NONE};
    int status = agent_open(a, a->o->arg[0]);

    a->ctx = &call;
    a->handle = handle;
    a->wake = wake;
    a->stop = end;
    status = status ? status : place(a);
    if (status)
        return status;
    agent_run(a);
    status = a->is_interrupted ? CLI_INTERRUPTED : a->report.is_answered ? CLI_OK : CLI_FAILED;
    return agent_report(a, status, call.media);
}

int cli_call(int argc, char **argv)
{
    static const struct agent_usage command = {.name = "call",
                                               .text = usage,
                                               .wants = "a URI to call",
                                               .command = AGENT_CALL,
                                               .arg_min = 1,
                                               .arg_max = 1};
    struct agent_options options;
    bool is_done;
    int status = agent_options_read(&command, argc, argv, &options, &is_done);

    if (status || is_done)
        return status;
    struct agent *a = agent_new(&options);
    return a ? agent_free(&a, run(a)) : CLI_USAGE;
}
