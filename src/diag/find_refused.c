/* What a final response says by itself, where no other rule explains it: the last of the rules. */
#include "diag/find_case.h"

#include "tandem/sip/notice.h"

static enum tnd_diag_rule rule_of(unsigned code)
{
    static const struct {
        uint16_t code, rule;
    } rules[] = {
        {400, TND_DIAG_RULE_MALFORMED_BY_OTHERS},
        {403, TND_DIAG_RULE_FORBIDDEN},
        {404, TND_DIAG_RULE_USER_UNKNOWN},
        {405, TND_DIAG_RULE_METHOD_REFUSED},
        {408, TND_DIAG_RULE_TIMED_OUT},
        {410, TND_DIAG_RULE_USER_GONE},
        {413, TND_DIAG_RULE_REQUEST_LARGE},
        {414, TND_DIAG_RULE_REQUEST_LARGE},
        {415, TND_DIAG_RULE_BODY_REFUSED},
        {480, TND_DIAG_RULE_NOT_REACHABLE},
        {484, TND_DIAG_RULE_ADDRESS_INCOMPLETE},
        {485, TND_DIAG_RULE_ADDRESS_INCOMPLETE},
        {486, TND_DIAG_RULE_BUSY},
        {488, TND_DIAG_RULE_MEDIA_REFUSED},
        {500, TND_DIAG_RULE_SERVER_FAILED},
        {501, TND_DIAG_RULE_METHOD_REFUSED},
        {502, TND_DIAG_RULE_GATEWAY_FAILED},
        {503, TND_DIAG_RULE_SERVER_OVERLOADED},
        {504, TND_DIAG_RULE_TIMED_OUT},
        {505, TND_DIAG_RULE_SERVER_FAILED},
        {513, TND_DIAG_RULE_REQUEST_LARGE},
        {600, TND_DIAG_RULE_BUSY_EVERYWHERE},
        {603, TND_DIAG_RULE_DECLINED},
        {604, TND_DIAG_RULE_USER_UNKNOWN},
        {606, TND_DIAG_RULE_MEDIA_REFUSED},
        {607, TND_DIAG_RULE_DECLINED},
        {608, TND_DIAG_RULE_BLOCKED},
    };

    for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
        if (rules[i].code == code)
            return (enum tnd_diag_rule)rules[i].rule;
    return code >= 500 && code < 600 ? TND_DIAG_RULE_SERVER_FAILED : TND_DIAG_RULE_REFUSED;
}

/* Something has said already why it came to this code; that somebody is busy needs no other reason. */
static bool is_explained(const struct find_case *c)
{
    for (size_t i = 0; i < c->finding_count; i++)
        if (c->finding[i].code == c->call->code &&
            (c->finding[i].severity == TND_DIAG_ERROR ||
             c->finding[i].rule == TND_DIAG_RULE_NOT_PICKED_UP ||
             c->finding[i].rule == TND_DIAG_RULE_CALL_OVER ||
             c->finding[i].rule == TND_DIAG_RULE_REQUEST_MERGED))
            return true;
    return false;
}

/* The last response with the code of the call; where it came from, not where it was passed on. */
static uint32_t source_of(struct find_case *c)
{
    for (uint32_t i = c->count; i-- > 0;)
        if (case_is_response(c, i, c->call->code) && c->m[i].method == c->call->method &&
            !case_is_passed_on(c, i))
            return i;
    return CASE_NONE;
}

/* RFC 3261 §16.7, step 6: a proxy passes a 503 on as 500. The one that it got, else the response itself. */
static uint32_t cause_behind(struct find_case *c, uint32_t response)
{
    uint32_t asked = case_request(c, response);

    for (uint32_t i = response; asked != CASE_NONE && c->m[response].code == 500 && i-- > 0;)
        if (case_is_response(c, i, 503) && case_request(c, i) != CASE_NONE &&
            case_up(c, case_request(c, i)) == asked)
            return i;
    return response;
}

/* What people have written into it. */
static struct tnd_slice text_of(struct find_case *c, uint32_t response)
{
    struct tnd_values v = tnd_msg_values(case_msg(c, response), TND_HEADER_REASON);
    struct tnd_values w = tnd_msg_values(case_msg(c, response), TND_HEADER_WARNING);
    struct tnd_warning warning;
    struct tnd_reason reason;

    if (tnd_reason_next(&v, &reason))
        return reason.text.ptr ? case_unquoted(reason.text)
                               : tnd_msg_value(case_msg(c, response), TND_HEADER_REASON);
    if (tnd_warning_next(&w, &warning))
        return case_unquoted(warning.text);
    return (struct tnd_slice){0};
}

/* Who has decided, where the code itself says that it was the domain, or an element on the way. */
static void blame(struct find_case *c, struct tnd_diag_finding *f, uint32_t response)
{
    if (f->culprit == TND_DIAG_CALLEE)
        case_blame_answer(c, f, response);
    else if (f->culprit == TND_DIAG_CALLER && case_request(c, response) != CASE_NONE)
        case_blame_sender(c, f, case_request(c, response));
    else if (f->culprit == TND_DIAG_NETWORK)
        f->place = c->m[response].from;
}

void find_refused(struct find_case *c)
{
    static const enum tnd_header fields[] = {
        TND_HEADER_REASON,      TND_HEADER_WARNING, TND_HEADER_ERROR_INFO,
        TND_HEADER_RETRY_AFTER, TND_HEADER_ALLOW,   TND_HEADER_UNSUPPORTED,
    };
    uint32_t response;

    if (c->call->result != TND_DIAG_FAILED || c->call->code < 300 || is_explained(c))
        return;
    response = source_of(c);
    if (response == CASE_NONE)
        return;
    response = cause_behind(c, response);
    struct tnd_diag_finding *f = case_raise(c, rule_of(c->m[response].code), response);
    blame(c, f, response);
    for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
        case_show_field(c, f, response, fields[i]);
    f->detail = text_of(c, response);
    if (!f->detail.ptr && case_request(c, response) != CASE_NONE)
        f->detail = case_msg(c, case_request(c, response))->uri;
}

void find_too_many(struct find_case *c)
{
    if ((c->call->left_out == 0 && c->count == c->call->message_count) || c->count == 0)
        return;
    case_raise(c, TND_DIAG_RULE_TOO_MANY_MESSAGES, c->count - 1)->code = 0;
}
