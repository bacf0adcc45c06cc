/* What a failure ends: the table of RFC 5057 §5.1, and what its notes say of methods. */
#include "tandem/dialog/damage.h"
#include "unit/test.h"

/* Table 1 of RFC 5057, column by column, with what 3xx and 408 are elsewhere in it. */
static const unsigned transaction[] = {400, 401, 402, 403, 406, 407, 412, 413, 414, 415, 417, 420,
                                       421, 422, 423, 428, 429, 436, 437, 438, 486, 487, 488, 491,
                                       493, 494, 500, 503, 504, 505, 513, 580, 600, 603, 606};
static const unsigned usage[] = {405, 408, 480, 481, 501};
static const unsigned dialog[] = {300, 301, 302, 305, 380, 404, 410,
                                  416, 482, 483, 484, 485, 502, 604};

#define CHECK_ALL(codes, damage)                                \
    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) \
    CHECK_EQ(tnd_damage(TND_METHOD_INVITE, codes[i]), TND_DAMAGE_##damage)

TND_TEST(damage_table, "RFC 5057 §5.1", "each code ends what table 1 says")
{
    CHECK_ALL(transaction, TRANSACTION);
    CHECK_ALL(usage, USAGE);
    CHECK_ALL(dialog, DIALOG);
    CHECK_EQ(tnd_damage(TND_METHOD_NOTIFY, 489), TND_DAMAGE_USAGE);
    CHECK_EQ(tnd_damage(TND_METHOD_INVITE, 100), TND_DAMAGE_NONE);
    CHECK_EQ(tnd_damage(TND_METHOD_BYE, 299), TND_DAMAGE_NONE);
}

TND_TEST(damage_unknown, "RFC 3261 §8.1.3.2", "a code that nobody registered counts as x00")
{
    CHECK_EQ(tnd_damage(TND_METHOD_INVITE, 399), TND_DAMAGE_DIALOG);
    CHECK_EQ(tnd_damage(TND_METHOD_INVITE, 499), TND_DAMAGE_TRANSACTION);
    CHECK_EQ(tnd_damage(TND_METHOD_INVITE, 599), TND_DAMAGE_TRANSACTION);
    CHECK_EQ(tnd_damage(TND_METHOD_INVITE, 699), TND_DAMAGE_TRANSACTION);
}

TND_TEST(damage_registered, "RFC 5057 §5.1",
         "each registered failure has a row, and each row its law")
{
    static const unsigned codes[] = {
#define CODE(code, phrase, law) code,
#include "tandem/ref/codes.def"
#undef CODE
    };

    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
        CHECK_EQ(*tnd_damage_law(codes[i]) == '\0', codes[i] < 300);
        CHECK_EQ(tnd_damage(TND_METHOD_UPDATE, codes[i]) == TND_DAMAGE_NONE, codes[i] < 300);
    }
    CHECK_STR(tnd_slice_str(tnd_damage_law(481)), "RFC 5057 §5.1 note 8");
    CHECK_STR(tnd_slice_str(tnd_damage_law(469)), "RFC 6086 §4.2.2");
}

TND_TEST(damage_method, "RFC 5057 §5.1, §5.3",
         "what belongs to no usage ends none, but a dialog; nor does what a usage can do without")
{
    static const enum tnd_method none[] = {TND_METHOD_OPTIONS, TND_METHOD_MESSAGE,
                                           TND_METHOD_OTHER};

    for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
        CHECK_EQ(tnd_damage(none[i], 481), TND_DAMAGE_TRANSACTION);
        CHECK_EQ(tnd_damage(none[i], 408), TND_DAMAGE_TRANSACTION);
        CHECK_EQ(tnd_damage(none[i], 501), TND_DAMAGE_TRANSACTION);
        CHECK_EQ(tnd_damage(none[i], 404), TND_DAMAGE_DIALOG);
    }
    CHECK_EQ(tnd_damage(TND_METHOD_CANCEL, 481), TND_DAMAGE_TRANSACTION); /* note 8 */
    CHECK_EQ(tnd_damage(TND_METHOD_PRACK, 481), TND_DAMAGE_TRANSACTION);
    CHECK_EQ(tnd_damage(TND_METHOD_PRACK, 408), TND_DAMAGE_USAGE);
    CHECK_EQ(tnd_damage(TND_METHOD_INFO, 405), TND_DAMAGE_TRANSACTION); /* note 3 */
    CHECK_EQ(tnd_damage(TND_METHOD_UPDATE, 501), TND_DAMAGE_TRANSACTION);
    CHECK_EQ(tnd_damage(TND_METHOD_NOTIFY, 405), TND_DAMAGE_USAGE);
    CHECK_EQ(tnd_damage(TND_METHOD_INVITE, 489), TND_DAMAGE_TRANSACTION); /* note 12 */
}
