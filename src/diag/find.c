/* The table of rules, and how they are asked. */
#include "diag/find_case.h"

/* code: it is about this one alone, so it need not be asked where no such response came; 0: of several, or of
 * none. The last ones look at what the others have found. */
static const struct {
    find_rule *find;
    uint16_t code;
} table[] = {
    {find_extension_insisted, 420},
    {find_extension, 420},
    {find_extension_needed, 421},
    {find_precondition, 580},
    {find_record_route, 0},
    {find_route_ignored, 0},
    {find_dialog, 481},
    {find_redirect, 0},
    {find_fork_stopped, 0},
    {find_fork_not_stopped, 0},
    {find_loop, 0},
    {find_hops_spent, 483},
    {find_ack, 0},
    {find_dropped, 0},
    {find_refusal_repeated, 0},
    {find_provisional_repeated, 0},
    {find_cancel_crossed, 0},
    {find_cancel_without_end, 0},
    {find_auth, 0},
    {find_auth_loop, 0},
    {find_malformed, 0},
    {find_too_large, 0},
    {find_silence, 0},
    {find_not_picked_up, 0},
    {find_dialog_silence, 0},
    {find_media_refused, 0},
    {find_interval_small, 422},
    {find_session_expired, 0},
    {find_glare_given_up, 491},
    {find_glare, 491},
    {find_expires_brief, 423},
    {find_retried_early, 0},
    {find_next_server, 503},
    {find_response_from, 0},
    {find_response_to, 0},
    {find_response_lost, 0},
    {find_request_lost, 0},
    {find_contact_private, 0},
    {find_sdp_private, 0},
    {find_no_address, 0},
    {find_one_way, 0},
    {find_stream_refused, 0},
    {find_cancelled, 0},
    {find_too_many, 0},
    {find_refused, 0},
};

static void note_codes(struct find_case *c)
{
    for (uint32_t i = 0; i < c->count; i++)
        if (c->m[i].code < 64 * CASE_CODE_WORDS)
            c->codes[c->m[i].code / 64] |= (uint64_t)1 << c->m[i].code % 64;
}

/* Of two that are equally grave, the cause stands above its consequence in rules.def. */
static bool comes_first(const struct tnd_diag_finding *a, const struct tnd_diag_finding *b)
{
    return a->severity != b->severity ? a->severity > b->severity : a->rule < b->rule;
}

/* Insertion, so that equals keep their order; there are few. */
static void put_gravest_first(struct tnd_diag_finding *finding, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct tnd_diag_finding f = finding[i];
        size_t at = i;

        for (; at > 0 && comes_first(&f, &finding[at - 1]); at--)
            finding[at] = finding[at - 1];
        finding[at] = f;
    }
}

static bool open_case(struct find_case *c, const struct tnd_diag_call *call, struct tnd_arena *a)
{
    *c = (struct find_case){.call = call, .m = call->message, .a = a};
    c->count = call->message_count < CASE_MESSAGE_COUNT_MAX ? (uint32_t)call->message_count
                                                            : CASE_MESSAGE_COUNT_MAX;
    c->view = tnd_arena_zero(a, c->count, sizeof(*c->view));
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
            table[i].find(&c);
    put_gravest_first(c.finding, c.finding_count);
    ret->finding = c.finding;
    ret->count =
        c.finding_count < TND_DIAG_FINDING_COUNT_MAX ? c.finding_count : TND_DIAG_FINDING_COUNT_MAX;
    return tnd_arena_over(a) ? TND_ENOMEM : 0;
}
