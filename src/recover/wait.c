/* The same once more, later. */
#include "recover/recover.h"

enum { TOO_SOON_SECONDS_MAX = 10 };

static bool read_wait(const struct recover_case *c, uint32_t *ret)
{
    struct tnd_retry_after retry;

    if (!c->response)
        return false;
    struct tnd_values v = tnd_msg_values(c->response, TND_HEADER_RETRY_AFTER);
    if (!tnd_retry_after_next(&v, &retry))
        return false;
    *ret = retry.seconds;
    return true;
}

/* At least a second, so that nobody is called without a pause. */
static bool wait_seconds(struct recover_case *c, uint32_t seconds)
{
    c->ret->at = c->now + TND_SEC(seconds > 0 ? seconds : 1);
    return RECOVER_DO(c, tnd_slice_str(c->row->text), TND_STR("; once more in "),
                      recover_number(c, seconds > 0 ? seconds : 1), TND_STR(" s"));
}

bool recover_wait_as_told(struct recover_case *c)
{
    uint32_t seconds;

    if (!read_wait(c, &seconds))
        return false;
    if (!c->r->policy.retries)
        return recover_refuse(c, TND_RULE_RECOVER_RETRY_AFTER,
                              RECOVER_TEXT(c, tnd_slice_str(c->row->text),
                                           TND_STR("; it may be tried again in "),
                                           recover_number(c, seconds), TND_STR(" s")));
    if (seconds > TND_RECOVER_WAIT_SECONDS_MAX)
        return recover_refuse(c, TND_RULE_RECOVER_WAIT,
                              RECOVER_TEXT(c, tnd_slice_str(c->row->text), TND_STR(" for "),
                                           recover_number(c, seconds),
                                           TND_STR(" s, which is too long to wait")));
    return wait_seconds(c, seconds);
}

/* RFC 3261 §14.2: whoever is not done with an earlier request says 500, and 0 to 10 seconds. */
bool recover_wait_a_little(struct recover_case *c)
{
    uint32_t seconds;

    if (!read_wait(c, &seconds) || seconds > TOO_SOON_SECONDS_MAX)
        return false;
    return wait_seconds(c, seconds);
}

/* RFC 3261 §14.1: "between 2.1 and 4 seconds in units of 10 ms" for the owner of the Call-ID, else
 * "between 0 and 2 seconds in units of 10 ms". */
bool recover_wait_at_random(struct recover_case *c)
{
    uint64_t ms = c->attempt->is_owner ? 2100 + 10 * (c->random % 191) : 10 * (c->random % 201);

    c->ret->at = c->now + TND_MS((tnd_time)ms);
    return RECOVER_DO(c, TND_STR("both sides changed the call at once; once more in "),
                      recover_number(c, ms), TND_STR(" ms"));
}
