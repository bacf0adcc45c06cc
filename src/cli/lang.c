/* The language of explanations: of the option, or of the environment. */
#include "cli/lang.h"

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
