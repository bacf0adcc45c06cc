/* What a REGISTER is answered with, once the store has spoken (RFC 3261 §10.3, steps 7 and 8). */
#include "registrar/parts.h"

static struct tnd_registrar_step answer_to(const struct registrar_asking *q,
                                           enum tnd_store_result result, struct tnd_arena *a)
{
    switch (result) {
    case TND_STORE_OK:
        return (struct tnd_registrar_step){.code = 200,
                                           .fields = registrar_write(a, q, registrar_put_ok)};
    case TND_STORE_STALE:
        return (struct tnd_registrar_step){.code = 500,
                                           .fact = tnd_msg_value(q->request, TND_HEADER_CSEQ),
                                           .reason = TND_STR("CSeq Is Not Higher")};
    case TND_STORE_FULL:
        return (struct tnd_registrar_step){.code = 403,
                                           .fact =
                                               registrar_write(a, q, registrar_put_max_contacts),
                                           .reason = TND_STR("Too Many Contacts")};
    case TND_STORE_FAILED:
        break;
    }
    return (struct tnd_registrar_step){.code = 500, .reason = TND_STR("Registration Not Stored")};
}

/* Whether msg fetches only, or asks for all to go. One that came this far has a star alone. */
static enum tnd_rule rule_of(const struct tnd_msg *msg, enum tnd_store_result result)
{
    if (result == TND_STORE_OK && !tnd_msg_has(msg, TND_HEADER_CONTACT))
        return TND_RULE_REGISTRAR_FETCH;
    return tnd_store_rule(result,
                          tnd_slice_eq(tnd_msg_value(msg, TND_HEADER_CONTACT), TND_STR("*")));
}

int tnd_registrar_answer(const struct tnd_registrar_with *with, const struct tnd_msg *msg,
                         const struct tnd_store_answer *answer, struct tnd_arena *a,
                         struct tnd_registrar_step *ret)
{
    struct registrar_asking q = {with, msg, &answer->entry};
    enum tnd_store_result result = (enum tnd_store_result)answer->result;
    struct tnd_registrar_step step = answer_to(&q, result, a);

    if (tnd_arena_over(a))
        return TND_ENOMEM;
    step.rule = rule_of(msg, result);
    *ret = step;
    return 0;
}
