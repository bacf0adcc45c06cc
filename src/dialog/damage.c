/* What a failure response to a request within a dialog ends (RFC 5057 §5.1): damage.def, and what
 * depends on the method. */
#include "tandem/dialog/damage.h"

static const struct row {
    uint16_t code;
    uint8_t damage; /* enum tnd_damage */
    const char *law;
} rows[] = {
#define DAMAGE(code, damage, law) {code, TND_DAMAGE_##damage, law},
#include "dialog/damage.def"
#undef DAMAGE
};

static const struct row *find(unsigned code)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (rows[i].code == code)
            return &rows[i];
    return NULL;
}

/* RFC 3261 §8.1.3.2: a code that is not known counts as x00 of its class. */
static const struct row *row_of(unsigned code)
{
    const struct row *row = find(code);

    return row ? row : find(code / 100 * 100);
}

/* What belongs to no usage (RFC 5057 §5.3), so that none ends with it. */
static bool is_of_no_usage(enum tnd_method method)
{
    return method == TND_METHOD_OTHER || method == TND_METHOD_OPTIONS ||
           method == TND_METHOD_MESSAGE || method == TND_METHOD_PUBLISH;
}

/* The usage goes on without it. */
static bool is_spared(enum tnd_method method, unsigned code)
{
    if (is_of_no_usage(method))
        return true;
    if (method == TND_METHOD_CANCEL) /* RFC 5057 §5.1 note 8: its transaction alone */
        return true;
    /* RFC 3262 §3: it acknowledges nothing any more, since the INVITE has its final response, which
     * decides. */
    if (method == TND_METHOD_PRACK && code == 481)
        return true;
    if (code == 405 || code == 501) /* note 3: the request was not integral to the usage */
        return method == TND_METHOD_INFO || method == TND_METHOD_REFER ||
               method == TND_METHOD_UPDATE;
    if (code == 489) /* note 12: to others it is an unknown 4xx */
        return method != TND_METHOD_SUBSCRIBE && method != TND_METHOD_NOTIFY;
    return false;
}

enum tnd_damage tnd_damage(enum tnd_method method, unsigned code)
{
    const struct row *row = code < 300 ? NULL : row_of(code);

    if (!row)
        return TND_DAMAGE_NONE;
    if (row->damage == TND_DAMAGE_USAGE && is_spared(method, code))
        return TND_DAMAGE_TRANSACTION;
    return (enum tnd_damage)row->damage;
}

const char *tnd_damage_law(unsigned code)
{
    const struct row *row = code < 300 ? NULL : row_of(code);

    return row ? row->law : "";
}
