/* The table of what may be done, and its words. */
#include "recover/recover.h"

enum {
    INITIAL = 1 << TND_RECOVER_INITIAL,
    REINVITE = 1 << TND_RECOVER_REINVITE,
    REFRESH = 1 << TND_RECOVER_REFRESH,
    IN_DIALOG = 1 << TND_RECOVER_IN_DIALOG,
    REGISTER = 1 << TND_RECOVER_REGISTER,
    OUTSIDE = 1 << TND_RECOVER_OUTSIDE,

    CALL = INITIAL,
    CHANGE = REINVITE | REFRESH,
    DIALOG = CHANGE | IN_DIALOG,
    NEW = INITIAL | REGISTER | OUTSIDE,
    ANY = NEW | DIALOG,
};

static const struct recover_row rows[] = {
#define RECOVER(code, situations, action, rule, how, text) \
    {code, situations, TND_RECOVER_##action, rule, recover_##how, text},
#include "recover/table.h"
#undef RECOVER
};

static const struct recover_row *const rows_end = rows + sizeof(rows) / sizeof(*rows);

static bool has(unsigned code)
{
    for (const struct recover_row *row = rows; row < rows_end; row++)
        if (row->code == code)
            return true;
    return false;
}

/* RFC 3261 §8.1.3.2: "it MUST treat it as being equivalent to the x00 response code of that class" */
static unsigned code_of(unsigned code)
{
    return has(code) ? code : code / 100 * 100;
}

const struct recover_row *recover_row_next(unsigned code, enum tnd_recover_situation situation,
                                           const struct recover_row *row)
{
    unsigned wanted = code_of(code);

    for (row = row ? row + 1 : rows; row < rows_end; row++)
        if (row->code == wanted && row->situations & (1 << situation))
            return row;
    return NULL;
}

enum tnd_recover_action tnd_recover_by_table(unsigned code, enum tnd_recover_situation situation,
                                             enum tnd_rule *ret_rule)
{
    const struct recover_row *row = recover_row_next(code, situation, NULL);

    *ret_rule = row ? (enum tnd_rule)row->rule : TND_RULE_NONE;
    return row ? (enum tnd_recover_action)row->action : TND_RECOVER_NONE;
}

const char *tnd_recover_text(unsigned code, enum tnd_recover_situation situation)
{
    const struct recover_row *row = recover_row_next(code, situation, NULL);

    return row ? row->text : "";
}

const char *tnd_recover_action_name(enum tnd_recover_action action)
{
    static const char *const names[TND_RECOVER_ACTION_COUNT] = {
        [TND_RECOVER_NONE] = "none",
        [TND_RECOVER_AUTHENTICATE] = "authenticate",
        [TND_RECOVER_FOLLOW_CONTACT] = "follow-contact",
        [TND_RECOVER_FOLLOW_ALTERNATIVE] = "follow-alternative",
        [TND_RECOVER_DROP_EXTENSION] = "drop-extension",
        [TND_RECOVER_ADD_EXTENSION] = "add-extension",
        [TND_RECOVER_REESTABLISH] = "reestablish",
        [TND_RECOVER_RELAX_PRECONDITIONS] = "relax-preconditions",
        [TND_RECOVER_WAIT_AND_RETRY] = "wait-and-retry",
        [TND_RECOVER_ADJUST] = "adjust",
        [TND_RECOVER_NEXT_SERVER] = "next-server",
        [TND_RECOVER_CHANGE_TRANSPORT] = "change-transport",
        [TND_RECOVER_GIVE_UP] = "give-up",
    };

    TND_ASSERT(action < TND_RECOVER_ACTION_COUNT);
    return names[action];
}

const char *tnd_recover_situation_name(enum tnd_recover_situation situation)
{
    static const char *const names[TND_RECOVER_SITUATION_COUNT] = {
        [TND_RECOVER_INITIAL] = "initial",   [TND_RECOVER_REINVITE] = "reinvite",
        [TND_RECOVER_REFRESH] = "refresh",   [TND_RECOVER_IN_DIALOG] = "in-dialog",
        [TND_RECOVER_REGISTER] = "register", [TND_RECOVER_OUTSIDE] = "outside",
    };

    TND_ASSERT(situation < TND_RECOVER_SITUATION_COUNT);
    return names[situation];
}
