/* A request of ours until it is answered for good: attempt after attempt, as tandem/recover.h says. Each
 * that ended with another response than 2xx is told as an event. */
#include "ua/call.h"

#include "base/assert.h"

struct tnd_auth_client *ua_auth_new(const struct tnd_ua *ua, struct tnd_arena *a)
{
    struct tnd_auth_client *auth = tnd_arena_take(a, sizeof(*auth));
    struct tnd_slice user = ua->config.user.ptr ? ua->config.user : ua->from.uri.user;

    if (auth)
        tnd_auth_client_init(auth, ua->digester, ua->secret, user, ua->config.password);
    return auth;
}

/* What we can do, though a plain INVITE does not offer it. */
static struct tnd_recover_policy policy_of(const struct tnd_ua *ua, enum tnd_method method)
{
    static const struct tnd_slice offers[] = {TND_STR_INIT("precondition")};
    struct tnd_recover_policy policy = ua->config.recover;

    if (method == TND_METHOD_BYE) /* RFC 3261 §15.1.1: whatever is said to it, the call is over */
        policy.retries = false;
    if (method == TND_METHOD_INVITE && policy.offer_count == 0) {
        policy.offers = offers;
        policy.offer_count = sizeof(offers) / sizeof(*offers);
    }
    return policy;
}

struct ua_errand *ua_errand_new(struct tnd_ua *ua, struct ua_object *owner, enum tnd_method method,
                                enum tnd_recover_situation situation, struct tnd_slice uri,
                                struct tnd_slice first)
{
    struct tnd_recover_policy policy = policy_of(ua, method);
    struct ua_errand *e = ua_object_new(ua, UA_ERRAND, sizeof(*e));

    if (!e)
        return NULL;
    e->owner = owner;
    e->method = (uint8_t)method;
    e->situation = (uint8_t)situation;
    if (tnd_recover_start(&e->recover, &policy, uri, first, &e->object.arena) != 0) {
        ua_object_end(ua, &e->object);
        return NULL;
    }
    return e;
}

static const struct tnd_slice *keep_tags(struct tnd_arena *a, const struct tnd_slice *tags,
                                         size_t count)
{
    struct tnd_slice *kept = tnd_arena_zero(a, count, sizeof(*kept));

    for (size_t i = 0; kept && i < count; i++)
        kept[i] = tnd_slice_keep(a, tags[i]);
    return kept;
}

bool ua_with_keep(struct tnd_arena *a, const struct tnd_ua_with *with, struct tnd_ua_with *ret)
{
    *ret = (struct tnd_ua_with){
        .require = keep_tags(a, with->require, with->require_count),
        .require_count = with->require_count,
        .supported = keep_tags(a, with->supported, with->supported_count),
        .supported_count = with->supported_count,
        .fields = tnd_slice_keep(a, with->fields),
        .part_type = tnd_slice_keep(a, with->part_type),
        .part = tnd_slice_keep(a, with->part),
    };
    return !tnd_arena_over(a);
}

static void leave_client(struct ua_errand *e)
{
    if (e->client)
        e->client->errand = NULL;
    e->client = NULL;
}

void ua_errand_end(struct tnd_ua *ua, struct ua_errand *e)
{
    if (e->object.is_ended)
        return;
    leave_client(e);
    ua_object_end(ua, &e->object);
}

void ua_errands_end(struct tnd_ua *ua, const struct ua_object *owner)
{
    struct ua_object *object = ua->all, *next;

    for (; object; object = next) {
        next = object->next;
        if (object->kind == UA_ERRAND && ((struct ua_errand *)object)->owner == owner)
            ua_errand_end(ua, (struct ua_errand *)object);
    }
}

void ua_errand_ack_again(struct tnd_ua *ua, struct ua_errand *e)
{
    if (e->ack.ptr)
        ua_send(ua, &(struct ua_to){.endpoint = e->ack_to}, e->ack, e->object.serial << 8);
}

void ua_errand_ack_failed(struct tnd_ua *ua, struct ua_errand *e)
{
    if (e->method == TND_METHOD_ACK && ua_aim_look(ua, e) == UA_AIM_SENT)
        ua_aim_send_next(ua, e);
}

/* To whom it belongs; with the last news it ends. */
static void tell_owner(struct tnd_ua *ua, struct ua_errand *e, const struct ua_news *news)
{
    if (news->is_last)
        ua_errand_end(ua, e);
    if (!e->owner) {
        ua_outside_news(ua, e, news);
        return;
    }
    switch ((enum ua_kind)e->owner->kind) {
    case UA_CALL:
        ua_call_news(ua, (struct ua_call *)e->owner, e, news);
        return;
    case UA_REGISTRATION:
        ua_registration_news(ua, (struct ua_registration *)e->owner, e, news);
        return;
    case UA_LEG:
        ua_leg_news(ua, (struct ua_leg *)e->owner, e, news);
        return;
    case UA_CLIENT:
    case UA_SERVER:
    case UA_ERRAND:
        TND_ASSERT(!"these send nothing");
    }
}

static tnd_ua_id id_of(const struct ua_errand *e)
{
    if (e->leg)
        return e->leg->call ? e->leg->call->object.serial : 0;
    return e->owner ? e->owner->serial : e->object.serial;
}

static void tell_attempt(struct tnd_ua *ua, const struct ua_errand *e,
                         const struct tnd_recovery *recovery)
{
    if (id_of(e) == 0) /* of a dialog that nobody knows of */
        return;
    struct tnd_ua_event *event = ua_tell(ua, TND_UA_ATTEMPT, id_of(e));
    struct tnd_recovery *kept = tnd_arena_take(&ua->out, sizeof(*kept));

    event->method = e->method;
    event->code = e->failure.code;
    event->rule = recovery->rule;
    event->uri = tnd_slice_keep(&ua->out, e->text.uri);
    event->text = tnd_slice_keep(&ua->out, recovery->detail);
    ua_tell_msg(ua, event, e->failure.response);
    if (kept) { /* its texts are in the arena of the errand, which lasts as long as the event */
        *kept = *recovery;
        event->recovery = kept;
    }
}

static struct tnd_msg *read_sent(struct tnd_ua *ua, const struct ua_errand *e)
{
    struct tnd_slice sent = e->client ? e->client->sent : tnd_slice(NULL, 0);
    struct tnd_msg *msg = sent.ptr ? tnd_arena_take(&ua->work, sizeof(*msg)) : NULL;

    if (!msg || tnd_msg_parse(msg, &ua->work, sent, TND_DATAGRAM) != 0)
        return NULL;
    return msg;
}

/* What the attempt failed with; is_last: no other follows. */
static void tell_failure(struct tnd_ua *ua, struct ua_errand *e,
                         const struct tnd_recovery *recovery, bool is_last)
{
    struct tnd_txn_parts parts;
    struct ua_news news = {.request = read_sent(ua, e),
                           .code = e->failure.code,
                           .recovery = recovery,
                           .is_last = is_last};

    if (e->failure.response) {
        tnd_txn_read(&parts, e->failure.response);
        news.response = &parts;
    }
    tell_owner(ua, e, &news);
}

/* An attempt that could not even begin. */
static void fail_unsent(struct tnd_ua *ua, struct ua_errand *e)
{
    if (e->method == TND_METHOD_ACK) /* the 2xx comes again, and so it is tried again */
        return;
    e->failure = (struct ua_failure){.code = 503, .is_unsent = true};
    ua_errand_judge(ua, e, false);
}

void ua_errand_go(struct tnd_ua *ua, struct ua_errand *e)
{
    leave_client(e);
    e->next = (struct tnd_endpoint){0};
    e->failure = (struct ua_failure){0};
    e->own_code = 0;
    e->is_looking = false;
    if (!ua_write_attempt(ua, e) || ua_aim_start(ua, e) == UA_AIM_NONE)
        fail_unsent(ua, e);
}

/* RFC 3261 §22.2: what the response asks for, and whether it is known already. */
static void look_at_challenge(struct ua_errand *e, struct tnd_recover_attempt *attempt)
{
    unsigned code = e->failure.code;

    if ((code != 401 && code != 407) || !e->failure.response || !attempt->request || !ua_auth_of(e))
        return;
    struct tnd_auth_asked asked =
        tnd_auth_client_challenged(ua_auth_of(e), attempt->request, e->failure.response);
    attempt->has_credentials = asked.can_answer;
    attempt->had_credentials = asked.had_credentials;
    attempt->is_stale = asked.is_stale;
}

static void ask_recovery(struct tnd_ua *ua, struct ua_errand *e, bool has_more,
                         struct tnd_recovery *ret)
{
    struct tnd_recover_attempt attempt = {
        .situation = e->situation,
        .method = e->method,
        .code = e->failure.code,
        .request = read_sent(ua, e),
        .response = e->failure.response,
        .has_more_servers = has_more,
        .was_udp = e->is_udp,
        .preconditions = e->preconditions,
        .is_owner = e->leg && ua_leg_is_owner(e->leg),
        .alternatives = ua->alternatives,
        .has_one_body = !e->has_parts,
        .has_other_offer = ua->config.other_media,
    };

    look_at_challenge(e, &attempt);
    tnd_recover(&e->recover, &attempt, ua->now, ua_wall(ua), ua_random(ua), ret);
}

static bool is_retried(const struct ua_errand *e, enum tnd_recover_action action)
{
    if (e->method == TND_METHOD_BYE && action == TND_RECOVER_WAIT_AND_RETRY)
        return false;
    switch (action) {
    case TND_RECOVER_AUTHENTICATE:
    case TND_RECOVER_FOLLOW_CONTACT:
    case TND_RECOVER_FOLLOW_ALTERNATIVE:
    case TND_RECOVER_DROP_EXTENSION:
    case TND_RECOVER_ADD_EXTENSION:
    case TND_RECOVER_RELAX_PRECONDITIONS:
    case TND_RECOVER_WAIT_AND_RETRY:
    case TND_RECOVER_ADJUST:
    case TND_RECOVER_CHANGE_TRANSPORT:
    case TND_RECOVER_NEXT_SERVER:
        return true;
    case TND_RECOVER_REESTABLISH: /* by the call, which is to be another one */
    case TND_RECOVER_NONE:
    case TND_RECOVER_GIVE_UP:
    case TND_RECOVER_ACTION_COUNT:
        return false;
    }
    return false;
}

/* A change that was refused with 491: its session says when it may go again. */
static bool waits_for_session(const struct ua_errand *e)
{
    return e->leg && e->failure.code == 491 && e->leg->change == e && e->leg->session.is_glaring;
}

static void try_again(struct tnd_ua *ua, struct ua_errand *e, const struct tnd_recovery *recovery)
{
    if (recovery->action == TND_RECOVER_NEXT_SERVER && e->next.family != TND_FAMILY_NONE) {
        leave_client(e);
        if (ua_aim_send_next(ua, e) == UA_AIM_NONE)
            fail_unsent(ua, e);
        return;
    }
    if (recovery->action == TND_RECOVER_FOLLOW_CONTACT ||
        recovery->action == TND_RECOVER_FOLLOW_ALTERNATIVE)
        ua_history_add(e);
    if (waits_for_session(e)) { /* RFC 3261 §14.1 */
        leave_client(e);
        e->leg->glare = e;
        return;
    }
    /* Never at once in this call, which may have begun far down: a peer that refuses each attempt
     * before it is sent would have us go deeper with each */
    leave_client(e);
    ua_arm(ua, &e->object, UA_WAIT_RETRY, recovery->at > ua->now ? recovery->at : ua->now);
}

void ua_errand_judge(struct tnd_ua *ua, struct ua_errand *e, bool has_more)
{
    struct tnd_recovery recovery = {0};

    e->is_looking = false;
    if (e->is_final) {
        tell_failure(ua, e, NULL, true);
        return;
    }
    ask_recovery(ua, e, has_more, &recovery);
    tell_attempt(ua, e, &recovery);
    bool is_last = !is_retried(e, (enum tnd_recover_action)recovery.action);

    tell_failure(ua, e, &recovery, is_last);
    if (!is_last && !e->object.is_ended)
        try_again(ua, e, &recovery);
}

/* RFC 3263 §4.3: after these the next server may do better. */
static bool asks_for_next(const struct ua_failure *failure)
{
    return failure->code == 503 || (failure->code == 408 && !failure->response);
}

static void fail(struct tnd_ua *ua, struct ua_errand *e)
{
    enum ua_aim aim = UA_AIM_NONE;

    if (e->own_code && !e->is_final)
        e->failure = (struct ua_failure){.code = e->own_code};
    if (asks_for_next(&e->failure) && !e->is_final)
        aim = ua_aim_look(ua, e);
    if (aim == UA_AIM_WAIT)
        e->is_looking = true; /* the answer of the DNS decides */
    else
        ua_errand_judge(ua, e, aim == UA_AIM_SENT);
}

void ua_errand_no_response(struct tnd_ua *ua, struct ua_client *c, uint16_t code)
{
    struct ua_errand *e = c->errand;

    if (!e || e->client != c || e->is_looking || e->failure.code)
        return;
    if (code == 503 && ua_aim_back_to_udp(ua, e))
        return;
    e->failure = (struct ua_failure){.code = code, .is_unsent = code == 503};
    fail(ua, e);
}

/* The response is kept: it may be needed when the DNS has answered. */
static struct tnd_msg *keep_response(struct ua_errand *e, const struct tnd_msg *msg)
{
    struct tnd_msg *kept = tnd_arena_take(&e->object.arena, sizeof(*kept));

    return kept && tnd_msg_keep(kept, &e->object.arena, msg) == 0 ? kept : NULL;
}

static void succeed(struct tnd_ua *ua, struct ua_errand *e, const struct tnd_txn_parts *response)
{
    struct tnd_msg *request = read_sent(ua, e);

    if (ua_auth_of(e) && request)
        tnd_auth_client_answered(ua_auth_of(e), request, response->msg);
    tell_owner(ua, e,
               &(struct ua_news){.request = request,
                                 .response = response,
                                 .code = response->msg->code,
                                 .is_last = true});
}

void ua_errand_response(struct tnd_ua *ua, struct ua_client *c,
                        const struct tnd_txn_parts *response)
{
    struct ua_errand *e = c->errand;
    uint16_t code = response->msg->code;

    if (!e || e->client != c) {
        if (c->method == TND_METHOD_INVITE && code / 100 == 2)
            ua_late_2xx(ua, c, response);
        return;
    }
    if (code < 200) {
        tell_owner(
            ua, e,
            &(struct ua_news){.request = read_sent(ua, e), .response = response, .code = code});
    } else if (code < 300) {
        succeed(ua, e, response);
    } else {
        e->failure = (struct ua_failure){.code = code, .response = keep_response(e, response->msg)};
        fail(ua, e);
    }
}

void ua_errand_resolved(struct tnd_ua *ua, struct ua_errand *e,
                        const struct tnd_lookup_answer *answer)
{
    if (!e->locate || !tnd_locate_answer(e->locate, answer))
        return;
    enum ua_aim aim = ua_aim_look(ua, e);

    if (aim == UA_AIM_WAIT)
        return;
    if (e->is_looking)
        ua_errand_judge(ua, e, aim == UA_AIM_SENT);
    else if (!e->client && (aim == UA_AIM_NONE || ua_aim_send_next(ua, e) == UA_AIM_NONE))
        fail_unsent(ua, e);
}

void ua_errand_timer(struct tnd_ua *ua, struct ua_errand *e)
{
    ua_errand_go(ua, e);
}
