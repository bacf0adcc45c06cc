/* tandem options: asks what a server or a phone can do, without calling it. */
#include "cli/ask.h"

static const char usage[] =
    "usage: tandem options URI [OPTION...]\n"
    "\n"
    "Asks with OPTIONS whether URI could be called and what is supported there; shows the messages and\n"
    "explains a refusal.\n"
    "\n" AGENT_HELP_WHO AGENT_HELP_TAGS AGENT_HELP_RECOVER ASK_TIMEOUT AGENT_HELP_NET
    "      --no-book             do not use what earlier calls have taught, and keep nothing of what a\n"
    "                            301 or a 302 teaches ('tandem book')\n" AGENT_HELP_OUT "\n"
    "Example: tandem options sip:127.0.0.1\n"
    "\n" ASK_EXIT;

static int start(struct agent *a)
{
    struct tnd_slice uri = tnd_slice_str(a->o->arg[0]);
    struct tnd_ua_request request = {.method = TND_METHOD_OPTIONS,
                                     .uri = uri,
                                     .with = agent_with(a->o),
                                     .learned = agent_learned(a, uri)};

    return tnd_ua_request(a->ua, a->phone.now, &request, &a->id);
}

int cli_options(int argc, char **argv)
{
    static const struct agent_usage command = {.name = "options",
                                               .text = usage,
                                               .wants = "a URI to ask",
                                               .command = AGENT_OPTIONS,
                                               .arg_min = 1,
                                               .arg_max = 1};

    return ask_run(&command, argc, argv, TND_METHOD_OPTIONS, start);
}
