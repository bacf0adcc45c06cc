/* The language of explanations, of the option or of the environment, and the options beside that. */
#include "cli/lang.h"

#include <getopt.h>
#include <stdlib.h>

#include "cli/cli.h"

static enum tnd_lang of_environment(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    enum tnd_lang lang = TND_LANG_EN;

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        const char *value = getenv(names[i]);

        if (value && *value) { /* POSIX.1-2017 §8.2: the first that is set and not empty */
            tnd_lang_find(tnd_slice_str(value), &lang);
            break;
        }
    }
    return lang;
}

int cli_lang(const char *command, const char *option, enum tnd_lang *ret)
{
    if (!option)
        *ret = of_environment();
    else if (!tnd_lang_find(tnd_slice_str(option), ret))
        return cli_fail("%s: '%s' is no language; there are en, ko, ru, id and vi", command,
                        option);
    return CLI_OK;
}

enum { OPTION_JSON = 256, OPTION_LANG, OPTION_FLAG };

int cli_reference_options(const char *command, const char *flag, int argc, char **argv,
                          struct cli_reference_options *ret)
{
    const struct option long_options[] = {{"json", no_argument, NULL, OPTION_JSON},
                                          {"lang", required_argument, NULL, OPTION_LANG},
                                          {"help", no_argument, NULL, 'h'},
                                          {flag, no_argument, NULL, OPTION_FLAG}, /* or the end */
                                          {0}};
    const char *lang = NULL;

    *ret = (struct cli_reference_options){.json = false};
    opterr = 0;
    for (int c; (c = getopt_long(argc, argv, ":h", long_options, NULL)) != -1;) {
        switch (c) {
        case OPTION_JSON:
            ret->json = true;
            break;
        case OPTION_LANG:
            lang = optarg;
            break;
        case OPTION_FLAG:
            ret->flag = true;
            break;
        case 'h':
            ret->help = true;
            return CLI_OK;
        case ':':
            return cli_fail("%s: --lang needs a language ('tandem %s --help')", command, command);
        default:
            return cli_no_option(command, argv);
        }
    }
    return cli_lang(command, lang, &ret->lang);
}
