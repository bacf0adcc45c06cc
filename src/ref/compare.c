/* Two codes side by side: the facts in which they differ, and what people mistake. */
#include "tandem/ref/explain.h"

#include "ref/texts.h"

static const char *heading(enum tnd_compare_subject subject, enum tnd_lang lang)
{
    static const char *const headings[TND_COMPARE_COUNT] = {
        [TND_COMPARE_CLASS] = N_("Class"),
        [TND_COMPARE_DECIDER] = N_("Who decides"),
        [TND_COMPARE_OUTCOME] = N_("Does the call go on"),
        [TND_COMPARE_OTHERS] = N_("Other targets"),
        [TND_COMPARE_NEXT] = N_("What Tandem does by itself"),
        [TND_COMPARE_MEMORY] = N_("To remember for the next call"),
        [TND_COMPARE_FIELD] = N_("Header field that tells most"),
    };

    return tnd_text(lang, headings[subject]);
}

/* NULL: nothing to say of that. */
static const char *value(const struct tnd_explanation *e, enum tnd_compare_subject subject,
                         enum tnd_lang lang)
{
    switch (subject) {
    case TND_COMPARE_CLASS:
        return e->of_class;
    case TND_COMPARE_DECIDER:
        return tnd_code_decider_text((enum tnd_code_decider)e->decider, lang);
    case TND_COMPARE_OUTCOME:
        return tnd_code_outcome_text((enum tnd_code_outcome)e->outcome, lang);
    case TND_COMPARE_OTHERS:
        return tnd_code_others_text((enum tnd_code_others)e->others, lang);
    case TND_COMPARE_NEXT:
        return e->recovery;
    case TND_COMPARE_MEMORY:
        return tnd_code_memory_text((enum tnd_code_memory)e->memory, lang);
    case TND_COMPARE_FIELD:
        return e->field[0].header ? tnd_header_name(e->field[0].header)
                                  : tnd_text(lang, N_("none"));
    case TND_COMPARE_COUNT:
        break;
    }
    return NULL;
}

static const char *note_of(unsigned a, unsigned b)
{
    for (const struct tnd_pair_text *pair = tnd_pair_texts; pair->a; pair++)
        if ((pair->a == a && pair->b == b) || (pair->a == b && pair->b == a))
            return pair->note;
    return NULL;
}

void tnd_compare(unsigned a, unsigned b, enum tnd_lang lang, struct tnd_comparison *ret)
{
    *ret = (struct tnd_comparison){.note = tnd_text(lang, note_of(a, b))};
    tnd_explain(a, lang, &ret->a);
    tnd_explain(b, lang, &ret->b);
    for (int subject = 0; subject < TND_COMPARE_COUNT; subject++) {
        const char *of_a = value(&ret->a, (enum tnd_compare_subject)subject, lang);
        const char *of_b = value(&ret->b, (enum tnd_compare_subject)subject, lang);

        /* each text is one object, but a compiler need not make it so */
        if (tnd_slice_eq(tnd_slice_str(of_a), tnd_slice_str(of_b)))
            continue;
        ret->row[ret->row_count++] = (struct tnd_compare_row){
            (uint8_t)subject, heading((enum tnd_compare_subject)subject, lang), of_a, of_b};
    }
}
