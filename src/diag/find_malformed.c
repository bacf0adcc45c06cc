/* What the parser finds wrong with messages. */
#include "diag/find_case.h"

/* All header fields are read: that is for calls that went wrong, not for each that went well. */
static void check(struct find_case *c, uint32_t i)
{
    case_msg(c, i);
    struct tnd_msg *msg = c->view[i].msg;

    if (msg->fields && !c->m[i].is_cut)
        (void)tnd_msg_check(msg, c->a);
}

/* What the capture has done itself: a log writes lines in its own way. */
static bool is_of_capture(enum tnd_rule rule)
{
    return rule == TND_RULE_LINE_CRLF || rule == TND_RULE_BODY_SHORT;
}

static bool is_refused(struct find_case *c, uint32_t i)
{
    uint32_t final = c->m[i].code == 0 ? case_final(c, i) : CASE_NONE;

    if (c->m[i].code != 0 || c->m[i].method == TND_METHOD_ACK)
        return false;
    return final == CASE_NONE ? case_response(c, i, 100, 699) == CASE_NONE
                              : c->m[final].code == 400;
}

/* Who passes a message on, passes on what is wrong with it. */
static bool is_known(const struct find_case *c, enum tnd_rule rule)
{
    for (size_t i = 0; i < c->finding_count; i++)
        if (c->finding[i].flaw == rule)
            return true;
    return false;
}

static void raise(struct find_case *c, enum tnd_diag_rule rule, uint32_t i,
                  const struct tnd_flaw *flaw)
{
    struct tnd_diag_finding *f = case_raise(c, rule, i);
    uint32_t final = c->m[i].code == 0 ? case_final(c, i) : CASE_NONE;

    case_show_line(c, f, i, flaw->where);
    if (rule == TND_DIAG_RULE_MALFORMED_REFUSED && final != CASE_NONE) {
        case_show(f, final);
        f->code = c->m[final].code;
    }
    if (c->m[i].code == 0)
        case_blame_sender(c, f, i);
    else
        case_blame_answer(c, f, i);
    f->flaw = (uint16_t)flaw->rule;
    if (tnd_rule_level(flaw->rule) == TND_LEVEL_SHOULD)
        f->severity = TND_DIAG_NOTE;
}

static void find_flaws(struct find_case *c, enum tnd_diag_rule rule)
{
    for (uint32_t i = 0; i < c->count; i++) {
        const struct tnd_msg *msg = case_msg(c, i);

        if (c->m[i].is_again || c->m[i].is_cut)
            continue;
        for (uint32_t k = 0; k < msg->flaw_count; k++) {
            const struct tnd_flaw *flaw = &msg->flaws[k];
            bool is_grave = is_refused(c, i) && tnd_rule_level(flaw->rule) != TND_LEVEL_SHOULD;

            if (!is_of_capture(flaw->rule) && !is_known(c, flaw->rule) &&
                is_grave == (rule == TND_DIAG_RULE_MALFORMED_REFUSED))
                raise(c, rule, i, flaw);
        }
    }
}

/* What was refused first: the same flaw in another message says no more. */
void find_malformed(struct find_case *c)
{
    if (c->call->result != TND_DIAG_FAILED)
        return;
    for (uint32_t i = 0; i < c->count; i++)
        if (!c->m[i].is_again)
            check(c, i);
    find_flaws(c, TND_DIAG_RULE_MALFORMED_REFUSED);
    find_flaws(c, TND_DIAG_RULE_MALFORMED);
}
