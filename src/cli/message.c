/* tandem message: sends a text (RFC 3428). */
#include "cli/ask.h"

static const char usage[] =
    "usage: tandem message URI TEXT [OPTION...]\n"
    "\n"
    "Sends a text with MESSAGE (RFC 3428); shows the messages and explains a refusal.\n"
    "\n" AGENT_HELP_WHO AGENT_HELP_TAGS AGENT_HELP_RECOVER ASK_TIMEOUT AGENT_HELP_NET
    "      --no-book             do not use what earlier calls have taught, and keep nothing of what a\n"
    "                            301 or a 302 teaches ('tandem book')\n" AGENT_HELP_OUT "\n"
    "Example: tandem message sip:lab-200@127.0.0.1 'Dinner at eight?'\n"
    "\n" ASK_EXIT;

static int start(struct agent *a)
{
    struct tnd_slice uri = tnd_slice_str(a->o->arg[0]);
    struct tnd_ua_request request = {.method = TND_METHOD_MESSAGE,
                                     .uri = uri,
                                     .with = agent_with(a->o),
                                     .content_type = TND_STR("text/plain;charset=UTF-8"),
                                     .body = tnd_slice_str(a->o->arg[1]),
                                     .learned = agent_learned(a, uri)};

    return tnd_ua_request(a->ua, a->phone.now, &request, &a->id);
}

int cli_message(int argc, char **argv)
{
    static const struct agent_usage command = {.name = "message",
                                               .text = usage,
                                               .wants = "a URI and a text",
                                               .command = AGENT_MESSAGE,
                                               .arg_min = 2,
                                               .arg_max = 2};

    return ask_run(&command, argc, argv, TND_METHOD_MESSAGE, start);
}
