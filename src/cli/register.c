/* tandem register: registers once, and says what came of it. */
#include "cli/ask.h"

static const char usage[] =
    "usage: tandem register URI [OPTION...]\n"
    "\n"
    "Registers a contact for URI, an address-of-record, with the registrar of its domain, once; shows the\n"
    "messages and explains a refusal. Whoever is to be called at it is 'tandem answer --register'.\n"
    "\n"
    "      --contact URI         where to be called; else the address that it is sent from\n"
    "      --expires S           for so long, 3600 seconds unless said\n"
    "      --user NAME           who the password is of; else the user of URI\n"
    "      --password-file FILE  whose first line is the password; '-': standard input\n"
    "      --proxy HOST[:PORT][;transport=udp|tcp]\n"
    "                            everything goes there first\n" AGENT_HELP_TAGS AGENT_HELP_RECOVER
        ASK_TIMEOUT AGENT_HELP_NET AGENT_HELP_OUT "\n"
    "Example: tandem register sip:alice@127.0.0.1 --expires 60\n"
    "\n" ASK_EXIT;

static int start(struct agent *a)
{
    struct tnd_ua_registration registration = {
        .expires = a->o->expires, .with = agent_with(a->o), .once = true};

    if (a->o->contact_count > 0)
        registration.contact = a->o->contact[0];
    return tnd_ua_register(a->ua, a->phone.now, &registration, &a->id);
}

int cli_register(int argc, char **argv)
{
    static const struct agent_usage command = {.name = "register",
                                               .text = usage,
                                               .wants = "a URI to register",
                                               .command = AGENT_REGISTER,
                                               .arg_min = 1,
                                               .arg_max = 1};

    return ask_run(&command, argc, argv, TND_METHOD_REGISTER, start);
}
