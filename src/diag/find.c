/* The table of rules, and how they are asked. */
#include "diag/find_case.h"

#define R(id) TND_DIAG_RULE_##id

/* The causes come first: of two findings that are equally grave, the one that stands above is told first. The
 * last ones look at what was found. code: the rule is about it alone, so it need not be asked where no such
 * response came; 0: of several, or of none. */
static const struct {
    uint16_t rule, code;
    find_rule *find;
} table[] = {
    {R(EXTENSION_INSISTED), 420, find_extension_insisted},
    {R(EXTENSION_UNKNOWN), 420, find_extension},
    {R(PROXY_EXTENSION_UNKNOWN), 420, find_extension},
    {R(EXTENSION_NOT_NAMED), 420, find_extension},
    {R(EXTENSION_NEEDED), 421, find_extension_needed},
    {R(PRECONDITION_UNKNOWN), 580, find_precondition},
    {R(PRECONDITION_FAILED), 580, find_precondition},
    {R(PRECONDITION_UNMET), 580, find_precondition},
    {R(RECORD_ROUTE_MISSING), 0, find_record_route},
    {R(ROUTE_IGNORED), 0, find_route_ignored},
    {R(TAG_WRONG), 481, find_dialog},
    {R(TAG_MISSING), 481, find_dialog},
    {R(CALL_OVER), 481, find_dialog},
    {R(CALL_FORGOTTEN), 481, find_dialog},
    {R(CALL_UNKNOWN), 481, find_dialog},
    {R(CANCEL_LATE), 481, find_dialog},
    {R(CANCEL_UNMATCHED), 481, find_dialog},
    {R(PRACK_UNMATCHED), 481, find_dialog},
    {R(REDIRECT_LOOP), 0, find_redirect},
    {R(REDIRECT_WITHOUT_CONTACT), 0, find_redirect},
    {R(REDIRECT_NOT_FOLLOWED), 0, find_redirect},
    {R(REDIRECT_TO_PROXY), 305, find_redirect},
    {R(ALTERNATIVE_NOT_USED), 380, find_redirect},
    {R(FORK_STOPPED), 0, find_fork_stopped},
    {R(FORK_NOT_STOPPED), 0, find_fork_not_stopped},
    {R(LOOP), 0, find_loop},
    {R(REQUEST_MERGED), 482, find_loop},
    {R(HOPS_SPENT), 483, find_hops_spent},
    {R(ACK_MISSING), 0, find_ack},
    {R(ACK_LOST), 0, find_ack},
    {R(CALL_DROPPED_UNACKNOWLEDGED), 0, find_dropped},
    {R(REFUSAL_NOT_ACKNOWLEDGED), 0, find_refusal_repeated},
    {R(PROVISIONAL_NOT_ACKNOWLEDGED), 0, find_provisional_repeated},
    {R(CANCEL_CROSSED_OPEN), 0, find_cancel_crossed},
    {R(CANCEL_CROSSED), 0, find_cancel_crossed},
    {R(CANCEL_WITHOUT_END), 0, find_cancel_without_end},
    {R(AUTH_REPEATED), 0, find_auth},
    {R(AUTH_FIELD_WRONG), 0, find_auth},
    {R(AUTH_REALM_WRONG), 0, find_auth},
    {R(AUTH_NONCE_IGNORED), 0, find_auth},
    {R(AUTH_ALGORITHM), 0, find_auth},
    {R(AUTH_NONCE_OLD), 0, find_auth},
    {R(AUTH_REJECTED), 0, find_auth},
    {R(AUTH_NOT_ANSWERED), 0, find_auth},
    {R(AUTH_LOOP), 0, find_auth_loop},
    {R(MALFORMED_REFUSED), 0, find_malformed},
    {R(REQUEST_TOO_LARGE), 0, find_too_large},
    {R(NO_RESPONSE), 0, find_silence},
    {R(OPTIONS_UNANSWERED), 0, find_silence},
    {R(REGISTER_UNANSWERED), 0, find_silence},
    {R(NO_RESPONSE_BEHIND), 0, find_silence},
    {R(NO_FINAL_RESPONSE), 0, find_silence},
    {R(NOT_PICKED_UP), 0, find_not_picked_up},
    {R(DIALOG_REQUEST_UNANSWERED), 0, find_dialog_silence},
    {R(CODECS_DIFFER), 0, find_media_refused},
    {R(MEDIA_ENCRYPTION), 0, find_media_refused},
    {R(MEDIA_REFUSED), 0, find_media_refused},
    {R(SESSION_INTERVAL_SMALL), 422, find_interval_small},
    {R(SESSION_EXPIRED), 0, find_session_expired},
    {R(GLARE_GIVEN_UP), 491, find_glare_given_up},
    {R(GLARE), 491, find_glare},
    {R(EXPIRES_BRIEF), 423, find_expires_brief},
    {R(RETRIED_EARLY), 0, find_retried_early},
    {R(NEXT_SERVER_NOT_TRIED), 503, find_next_server},
    {R(RESPONSE_FROM_ELSEWHERE), 0, find_response_from},
    {R(RESPONSE_TO_ELSEWHERE), 0, find_response_to},
    {R(RESPONSE_LOST), 0, find_response_lost},
    {R(REQUEST_LOST), 0, find_request_lost},
    {R(CONTACT_PRIVATE), 0, find_contact_private},
    {R(SDP_PRIVATE), 0, find_sdp_private},
    {R(MEDIA_NO_ADDRESS), 0, find_no_address},
    {R(MEDIA_ONE_WAY), 0, find_one_way},
    {R(STREAM_REFUSED), 0, find_stream_refused},
    {R(MALFORMED), 0, find_malformed},
    {R(CANCELLED), 0, find_cancelled},
    {R(TOO_MANY_MESSAGES), 0, find_too_many},
    {R(REFUSED), 0, find_refused},
};

static void note_codes(struct find_case *c)
{
    for (uint32_t i = 0; i < c->count; i++)
        if (c->m[i].code < 64 * CASE_CODE_WORDS)
            c->codes[c->m[i].code / 64] |= (uint64_t)1 << c->m[i].code % 64;
}

/* Insertion, so that equals keep their order; there are few. */
static void put_gravest_first(struct tnd_diag_finding *finding, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct tnd_diag_finding f = finding[i];
        size_t at = i;

        for (; at > 0 && finding[at - 1].severity < f.severity; at--)
            finding[at] = finding[at - 1];
        finding[at] = f;
    }
}

static bool open_case(struct find_case *c, const struct tnd_diag_call *call, struct tnd_arena *a)
{
    *c = (struct find_case){.call = call, .m = call->message, .a = a};
    c->count = (uint32_t)call->message_count;
    c->view = tnd_arena_zero(a, call->message_count, sizeof(*c->view));
    note_codes(c);
    return !tnd_arena_over(a);
}

int tnd_diag_find(const struct tnd_diag_call *call, struct tnd_arena *a,
                  struct tnd_diag_findings *ret)
{
    struct find_case c;

    *ret = (struct tnd_diag_findings){0};
    if (!open_case(&c, call, a))
        return TND_ENOMEM;
    for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
        if (table[i].code == 0 || case_has(&c, table[i].code))
            table[i].find(&c, (enum tnd_diag_rule)table[i].rule);
    put_gravest_first(c.finding, c.finding_count);
    ret->finding = c.finding;
    ret->count =
        c.finding_count < TND_DIAG_FINDING_COUNT_MAX ? c.finding_count : TND_DIAG_FINDING_COUNT_MAX;
    return tnd_arena_over(a) ? TND_ENOMEM : 0;
}
