/* Explanations: finds the row of a code, and tells it in a language. */
#include "tandem/ref/explain.h"

#include "ref/texts.h"

enum {
    UNKNOWN_PROVISIONAL = 183, /* RFC 3261 §8.1.3.2: what stands for an unknown 1xx */
    VENDOR_FIRST = 490,        /* the row of codes that vendors made up */
    VENDOR_LAST = 499,
};

static const struct tnd_explanation *const tables[] = {
    tnd_texts_1xx_2xx, tnd_texts_3xx,     tnd_texts_400_419, tnd_texts_420_439,
    tnd_texts_440_489, tnd_texts_490_513, tnd_texts_555_608, tnd_texts_field};

enum { TABLE_COUNT = sizeof(tables) / sizeof(*tables) };

static const struct tnd_explanation *row_of(unsigned code)
{
    for (size_t i = 0; i < TABLE_COUNT; i++)
        for (const struct tnd_explanation *row = tables[i]; row->code; row++)
            if (row->code == code)
                return row;
    return NULL;
}

/* Whose texts a code without any has. */
static unsigned stand_in(unsigned code)
{
    if (code < 200)
        return UNKNOWN_PROVISIONAL;
    if (code == 475 || code == 476) /* of OpenSIPS, for what Kamailio sends 479 and 478 */
        return code == 475 ? 479 : 478;
    if (code >= VENDOR_FIRST && code <= VENDOR_LAST)
        return VENDOR_FIRST;
    return code < 700 ? code / 100 * 100 : 600; /* RFC 3261 §8.1.3.2 */
}

static uint8_t standing_of(unsigned code, const struct tnd_explanation *row)
{
    if (code < 100 || code > 699)
        return TND_CODE_NONE;
    if (row->code != code && row->standing != TND_CODE_FIELD)
        return TND_CODE_UNKNOWN;
    return row->standing;
}

static const char *class_of(unsigned code)
{
    static const char *const classes[] = {N_("Provisional"),    N_("Success"),
                                          N_("Redirection"),    N_("Client Failure"),
                                          N_("Server Failure"), N_("Global Failure")};

    return classes[code / 100 - 1];
}

static const char *note_of(const struct tnd_explanation *e)
{
    switch ((enum tnd_code_standing)e->standing) {
    case TND_CODE_REGISTERED:
    case TND_CODE_FIELD:
        return e->note;
    case TND_CODE_UNKNOWN:
        return e->code < 200 ? N_("Not registered. An unknown provisional response is treated as "
                                  "183 (RFC 3261 §8.1.3.2), whose texts these are.")
                             : N_("Not registered. An unknown code is treated as the x00 of its "
                                  "class (RFC 3261 §8.1.3.2), whose texts these are.");
    case TND_CODE_NONE:
        break;
    }
    return N_("No response code: those of SIP are from 100 to 699.");
}

/* Each text of e, which is English so far, in lang. */
static void translate(struct tnd_explanation *e, enum tnd_lang lang)
{
    const char **const texts[] = {&e->title,    &e->of_class,     &e->description, &e->when,
                                  &e->fix,      &e->fix_callee,   &e->note,        &e->use,
                                  &e->recovery, &e->fix_developer};

    e->lang = (uint8_t)(tnd_text_is_translated(lang, e->description) ? lang : TND_LANG_EN);
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
        *texts[i] = tnd_text(lang, *texts[i]);
    for (size_t i = 0; i < TND_EXPLAIN_CAUSE_COUNT_MAX; i++)
        e->cause[i] = tnd_text(lang, e->cause[i]);
    for (size_t i = 0; i < TND_EXPLAIN_FIELD_COUNT_MAX; i++)
        e->field[i].text = tnd_text(lang, e->field[i].text);
}

void tnd_explain(unsigned code, enum tnd_lang lang, struct tnd_explanation *ret)
{
    const struct tnd_explanation *row = row_of(code);

    if (!row)
        row = row_of(stand_in(code));
    *ret = *row;
    ret->code = code;
    ret->read_as = row->code;
    ret->standing = standing_of(code, row);
    if (ret->standing != TND_CODE_FIELD)
        ret->phrase = tnd_code_phrase(code);
    if (ret->standing == TND_CODE_UNKNOWN)
        ret->reference = "RFC 3261 §8.1.3.2";
    ret->title = ret->phrase;
    ret->of_class = class_of(row->code);
    ret->note = note_of(ret);
    if (!ret->recovery)
        ret->recovery = tnd_code_next_text((enum tnd_code_next)ret->next, TND_LANG_EN);
    translate(ret, lang);
}

unsigned tnd_explain_next(unsigned code)
{
    unsigned next = 0;

    for (size_t i = 0; i < TABLE_COUNT; i++)
        for (const struct tnd_explanation *row = tables[i]; row->code; row++)
            if (row->code > code && (next == 0 || row->code < next))
                next = row->code;
    return next;
}
