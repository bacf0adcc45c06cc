/* One request, with authentication and recovery, shown and explained. */
#include "cli/ask.h"

static void handle(struct agent *a, const struct tnd_ua_event *event)
{
    if (event->id != a->id)
        return;
    if (event->kind == TND_UA_REGISTERED)
        agent_note(a, LADDER_GOOD, "", "registered for %u s", event->expires);
    if (event->kind == TND_UA_ANSWERED || event->kind == TND_UA_REGISTERED)
        agent_answered(a, event);
    if (event->kind != TND_UA_ENDED)
        return;
    if (!a->report.is_answered && event->code > 0)
        report_final(&a->report, event->code,
                     event->reason.len > 0 ? event->reason
                                           : tnd_slice_str(tnd_code_phrase(event->code)));
    a->is_done = true;
}

static void stop(struct agent *a)
{
    tnd_ua_end(a->ua, a->phone.now, a->id);
    a->is_done = true;
}

/* --timeout */
static void wake(struct agent *a)
{
    stop(a);
    agent_timeout(a, a->method);
}

static int run(struct agent *a, enum tnd_method method, int (*start)(struct agent *a))
{
    int status = agent_open(a, a->o->arg[0]);

    a->handle = handle;
    a->wake = wake;
    a->stop = stop;
    a->method = method;
    if (status)
        return status;
    int err = start(a);
    if (err)
        return cli_fail("%s: '%s' cannot be asked: %s", a->o->name, a->o->arg[0],
                        tnd_strerror(err));
    if (a->o->timeout > 0)
        a->due = a->phone.now + a->o->timeout;
    agent_run(a);
    status = a->is_interrupted ? CLI_INTERRUPTED : a->report.is_answered ? CLI_OK : CLI_FAILED;
    return agent_report(a, status, NULL);
}

int ask_run(const struct agent_usage *usage, int argc, char **argv, enum tnd_method method,
            int (*start)(struct agent *a))
{
    struct agent_options options;
    bool is_done;
    int status = agent_options_read(usage, argc, argv, &options, &is_done);

    if (status || is_done)
        return status;
    options.audio = "none";
    if (usage->command == AGENT_REGISTER)
        options.from = tnd_slice_str(options.arg[0]);
    struct agent *a = agent_new(&options);
    return a ? agent_free(&a, run(a, method, start)) : CLI_USAGE;
}
