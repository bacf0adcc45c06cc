/* tandem: one program, with commands like git's. */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/config.h"

static const struct cli_command commands[] = {
    {"serve", "the server: SIP over UDP and TCP, and the lab", cli_serve},
    {"check", "check a configuration: say ok, or each fault with its line", cli_check},
    {"call", "place a call: show its ladder, react to refusals, explain them", cli_call},
    {"answer", "wait for calls, answer or refuse them", cli_answer},
    {"register", "register once", cli_register},
    {"options", "ask what a server or a phone can do", cli_options},
    {"message", "send a text", cli_message},
    {"book", "list and forget what calls have taught: who is called elsewhere", cli_book},
    {"parse", "check one SIP message: print its structure, or each flaw and its place", cli_parse},
    {"user", "add, list and remove users and their passwords", cli_user},
    {"forward", "set, list and clear the forwards of users", cli_forward},
    {"contacts", "list what is registered", cli_contacts},
    {"diagnose", "what went wrong with the calls of a capture or a log, and what to change",
     cli_diagnose},
    {"explain", "what a response code means and how to fix it, or two side by side", cli_explain},
    {"demo", "make a call that shows what a response code means, and draw it", cli_demo},
    {"site", "write the reference of response codes as a web site", cli_site},
    {"top", "calls and failures of the running server, live in the terminal", cli_top},
    {"why", "ask the running server why a call ended as it did", cli_why},
};

enum { COMMAND_COUNT = sizeof(commands) / sizeof(*commands) };

static void help(FILE *out)
{
    fputs("usage: tandem COMMAND [OPTION...] [ARGUMENT...]\n\n", out);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
    fputs("\n'tandem COMMAND --help' tells more about one of them.\n", out);
}

/* What was printed has been printed, or the disk is full. */
static int end(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    return cli_fail("standard output: %s", strerror(errno));
}

static const struct cli_command *find(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(name, commands[i].name) == 0)
            return &commands[i];
    return NULL;
}

/* Who starts us may have closed 0, 1 or 2. What is opened next would get its number, and what is
 * said would be written into a socket. */
static void open_standard_streams(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

int main(int argc, char **argv)
{
    open_standard_streams();
    if (argc < 2)
        return cli_fail("give a command; 'tandem --help' lists them");
    if (strcmp(argv[1], "help") == 0 && argc > 2) { /* of a command: its own */
        static char option[] = "--help";
        argv[1] = argv[2];
        argv[2] = option;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0) {
        help(stdout);
        return end(CLI_OK);
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("tandem " TANDEM_VERSION);
        return end(CLI_OK);
    }
    const struct cli_command *command = find(argv[1]);
    if (command)
        return end(command->run(argc - 1, argv + 1));
    return cli_fail("no command is called '%s'; 'tandem --help' lists them", argv[1]);
}
