/* The first value of what most messages have. */
#include "sip/cursor.h"
#include "sip/message.h"
#include "tandem/sip/field.h"

static bool is_missing(const struct tnd_msg *msg, enum tnd_header kind, enum tnd_rule rule,
                       struct tnd_flaw *ret_flaw)
{
    if (tnd_msg_has(msg, kind))
        return false;
    if (ret_flaw)
        *ret_flaw = (struct tnd_flaw){rule, tnd_slice(tnd_fields_end(msg), 0)};
    return true;
}

#define FIRST(name, KIND, type, next)                                                    \
    bool tnd_msg_##name(const struct tnd_msg *msg, type *ret, struct tnd_flaw *ret_flaw) \
    {                                                                                    \
        if (is_missing(msg, TND_HEADER_##KIND, TND_RULE_##KIND##_MISSING, ret_flaw))     \
            return false;                                                                \
        struct tnd_values v = tnd_msg_values(msg, TND_HEADER_##KIND);                    \
        bool good = next(&v, ret);                                                       \
        if (!good && ret_flaw)                                                           \
            *ret_flaw = v.c.flaw;                                                        \
        return good;                                                                     \
    }

FIRST(via, VIA, struct tnd_via, tnd_via_next)
FIRST(from, FROM, struct tnd_addr, tnd_addr_next)
FIRST(to, TO, struct tnd_addr, tnd_addr_next)
FIRST(cseq, CSEQ, struct tnd_cseq, tnd_cseq_next)
FIRST(call_id, CALL_ID, struct tnd_slice, tnd_call_id_next)

bool tnd_msg_uri(const struct tnd_msg *msg, struct tnd_uri *ret, struct tnd_flaw *ret_flaw)
{
    struct tnd_cursor c = tnd_cursor_over(msg->uri, msg->head, msg->marks);

    if (msg->kind != TND_MSG_REQUEST)
        return false;
    tnd_aim(&c, c.at);
    bool good = tnd_uri_at(&c, c.at, TND_URI_WHOLE, ret);
    if (!good && ret_flaw)
        *ret_flaw = c.flaw;
    return good;
}
