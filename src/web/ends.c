/* What a response code ends within a dialog. */
#include "web/ends.h"

#include "ref/texts.h"
#include "tandem/dialog/damage.h"

const char tnd_ends_heading[] = N_("Within a dialog");

const char *tnd_ends_text(unsigned code, enum tnd_lang lang)
{
    static const char *const texts[] = {
        [TND_DAMAGE_NONE] = NULL,
        [TND_DAMAGE_TRANSACTION] = N_("It ends its own request alone; the call goes on."),
        [TND_DAMAGE_USAGE] = N_("It ends the call or the subscription that the request is of."),
        [TND_DAMAGE_DIALOG] =
            N_("It ends all of the dialog: the call, and what else goes on there."),
    };
    /* RFC 5057 §5.1 note 12: a code of subscriptions */
    enum tnd_method method = code == 489 ? TND_METHOD_SUBSCRIBE : TND_METHOD_INVITE;

    return tnd_text(lang, texts[tnd_damage(method, code)]);
}
