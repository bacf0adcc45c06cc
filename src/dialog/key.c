/* By what a dialog is found: its ID (RFC 3261 §12), and what Replaces names (RFC 3891 §3). */
#include "tandem/dialog.h"

/* As in the keys of transactions: parts with a line end behind each. A tag is a token, so case
 * does not count (RFC 3261 §7.3.1); in a Call-ID it does (§20.8). */
static void put_key(struct tnd_writer *w, struct tnd_slice call_id, struct tnd_slice local_tag,
                    struct tnd_slice remote_tag)
{
    tnd_put_char(w, 'd');
    tnd_put(w, call_id);
    tnd_put_char(w, '\n');
    tnd_put_lower(w, local_tag);
    tnd_put_char(w, '\n');
    tnd_put_lower(w, remote_tag);
    tnd_put_char(w, '\n');
}

void tnd_dialog_key(struct tnd_writer *w, const struct tnd_dialog *d)
{
    put_key(w, d->call_id, d->local_tag, d->remote_tag);
}

enum tnd_rule tnd_dialog_message_key(struct tnd_writer *w, const struct tnd_msg *received)
{
    struct tnd_addr from, to;
    struct tnd_slice call_id;

    if (received->kind == TND_MSG_NONE || !tnd_msg_from(received, &from, NULL) ||
        !tnd_msg_to(received, &to, NULL) || !tnd_msg_call_id(received, &call_id, NULL))
        return TND_RULE_NONE;
    if (received->kind == TND_MSG_REQUEST)
        put_key(w, call_id, to.tag, from.tag);
    else
        put_key(w, call_id, from.tag, to.tag);
    return TND_RULE_DIALOG_ID;
}

/* RFC 3891 §6.1: 0 also means that there is none. */
static struct tnd_slice tag_of(struct tnd_slice tag, bool is_null)
{
    return is_null && tnd_slice_eq(tag, TND_STR("0")) ? tnd_slice(NULL, 0) : tag;
}

void tnd_dialog_id_key(struct tnd_writer *w, const struct tnd_dialog_id *id, bool is_null)
{
    put_key(w, id->call_id, tag_of(id->to_tag, is_null), tag_of(id->from_tag, is_null));
}

static unsigned by_rule(unsigned code, enum tnd_rule rule, enum tnd_rule *ret_rule)
{
    *ret_rule = rule;
    return code;
}

unsigned tnd_dialog_replaced(const struct tnd_dialog *d, const struct tnd_dialog_id *id,
                             enum tnd_rule *ret_rule)
{
    switch ((enum tnd_dialog_state)d->state) {
    case TND_DIALOG_TERMINATED:
        return by_rule(603, TND_RULE_REPLACES_TERMINATED, ret_rule);
    case TND_DIALOG_CONFIRMED:
        return by_rule(id->early_only ? 486 : 0, TND_RULE_REPLACES_EARLY_ONLY, ret_rule);
    case TND_DIALOG_EARLY:
        break;
    }
    return by_rule(d->is_uac ? 0 : 481, TND_RULE_REPLACES_EARLY, ret_rule);
}
