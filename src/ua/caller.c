/* A call of ours: its INVITE, which may be tried again in other ways, and the dialogs that its responses
 * make. The first 2xx is the call; what other forks say then is acknowledged and ended (RFC 3261
 * §13.2.2.4). */
#include "ua/call.h"

#include "base/assert.h"

enum { SILENCE_MAX = 240 }; /* seconds; more than timer C, so that a proxy answers first */

struct ua_call *ua_call_new(struct tnd_ua *ua, bool is_caller)
{
    struct ua_call *call = ua_object_new(ua, UA_CALL, sizeof(*call));

    if (!call)
        return NULL;
    ua->call_count++;
    call->is_caller = is_caller;
    call->auth = ua_auth_new(ua, &call->object.arena);
    return call;
}

void ua_call_cause(struct ua_call *call, enum tnd_ua_cause cause, uint16_t code)
{
    if (call->has_cause)
        return;
    call->has_cause = true;
    call->cause = (uint8_t)cause;
    call->code = code;
}

static void give_back(struct tnd_ua *ua, struct ua_call *call)
{
    ua->call_count--;
    ua_object_end(ua, &call->object);
}

void ua_call_check(struct tnd_ua *ua, struct ua_call *call)
{
    if (call->object.is_ended || call->legs || call->errand)
        return;
    if (!call->is_caller && !call->is_final_said)
        return;
    ua_call_cause(call, TND_UA_LOST, 0);
    if (!call->is_untold)
        ua_end_told(ua, call->object.serial, (enum tnd_ua_cause)call->cause, call->code);
    give_back(ua, call);
}

static bool is_added(const struct ua_errand *e, struct tnd_slice tag)
{
    for (uint8_t i = 0; i < e->recover.next.add_count; i++)
        if (tnd_slice_eq_fold(e->recover.next.added[i], tag))
            return true;
    return false;
}

/* RFC 3261 §13.2.1: an invitation that is valid for so long is cancelled then. */
static void limit(struct tnd_ua *ua, struct ua_call *call, const struct ua_errand *e)
{
    if (e->recover.next.expires)
        ua_arm(ua, &call->object, UA_WAIT_EXPIRY, ua->now + TND_SEC(e->recover.next.expires));
    else
        ua_disarm(ua, &call->object, UA_WAIT_EXPIRY);
}

bool ua_call_prepare(struct tnd_ua *ua, struct ua_call *call, struct ua_errand *e)
{
    uint8_t at_most = e->recover.next.preconditions;

    if (is_added(e, TND_STR("precondition")) && call->precondition == TND_UA_PRECONDITION_NONE)
        call->precondition = TND_UA_PRECONDITION_OPTIONAL; /* RFC 3261 §21.4.16 */
    if (call->precondition > at_most)
        call->precondition = at_most;
    call->is_other = e->recover.next.other_offer;
    call->names.cseq++;
    e->names = call->names;
    e->fields = ua_refresh_lines(e, &call->refresh, &call->asked);
    limit(ua, call, e);
    return ua_media_invite(ua, e, (enum tnd_ua_precondition)call->precondition);
}

/* Early dialogs end with the INVITE that made them. */
static void drop_legs(struct tnd_ua *ua, struct ua_call *call)
{
    while (call->legs)
        ua_leg_over(ua, call->legs);
}

static void abandon_others(struct tnd_ua *ua, struct ua_call *call, const struct ua_leg *chosen)
{
    struct ua_leg *leg = call->legs, *next;

    for (; leg; leg = next) {
        next = leg->next;
        if (leg != chosen)
            ua_leg_abandon(ua, leg);
    }
}

static void tell_progress(struct tnd_ua *ua, const struct ua_call *call, const struct ua_news *news)
{
    struct tnd_ua_event *event = ua_tell(ua, TND_UA_PROGRESS, call->object.serial);

    event->method = TND_METHOD_INVITE;
    event->code = news->code;
    ua_tell_msg(ua, event, news->response->msg);
}

static struct ua_leg *find_leg(struct tnd_ua *ua, struct ua_call *call, const struct ua_news *news)
{
    struct ua_leg *leg = ua_leg_find(ua, news->response->msg);

    if (leg && !leg->is_over)
        return leg->call == call ? leg : NULL;
    if (leg) /* of an attempt before this one: some give the same tag to each */
        ua_leg_forget(ua, leg);
    return ua_leg_of_response(ua, call, news->request, news->response->msg);
}

/* RFC 3261 §13.3.1.1: a callee who is still ringing says so each minute. Who says nothing for longer than a
 * proxy would wait (timer C, RFC 3261 §16.6) is gone: over TCP, or after a 100, nothing else would tell. */
void ua_call_silent(struct tnd_ua *ua, struct ua_call *call)
{
    if (!call->errand || call->is_end_wanted)
        return;
    ua_trouble(ua, call->object.serial, NULL, TND_RULE_NONE,
               TND_STR("nothing was heard any more: the call is given up"));
    ua_call_cause(call, TND_UA_LOST, 408);
    ua_call_end(ua, call);
}

static void provisional(struct tnd_ua *ua, struct ua_call *call, const struct ua_news *news)
{
    ua_arm(ua, &call->object, UA_WAIT_RING, ua->now + TND_SEC(SILENCE_MAX));
    if (news->code == 100)
        return;
    tell_progress(ua, call, news);
    struct ua_leg *leg = find_leg(ua, call, news);
    if (!leg)
        return;
    tnd_dialog_response(&leg->dialog, news->response->msg);
    ua_leg_response(ua, leg, news);
}

static void start_refresh(struct tnd_ua *ua, struct ua_leg *leg, const struct tnd_msg *response)
{
    struct tnd_refresh_fields got;
    struct tnd_dialog_acts acts;

    tnd_refresh_read(&got, response);
    tnd_refresh_response(&leg->refresh, &leg->asked, &got, ua->now, &acts);
    ua_leg_do(ua, leg, &acts, &(struct ua_turn){.is_refresh = true});
}

static void tell_answered(struct tnd_ua *ua, struct ua_call *call, struct ua_leg *leg,
                          const struct ua_news *news)
{
    struct tnd_ua_event *event = ua_tell(ua, TND_UA_ANSWERED, call->object.serial);

    event->method = TND_METHOD_INVITE;
    event->code = news->code;
    ua_tell_msg(ua, event, news->response->msg);
    ua_media_tell(ua, leg, event);
}

/* The other forks are not wanted any more; if there were too many to remember this one, it has room now. */
static struct ua_leg *choose(struct tnd_ua *ua, struct ua_call *call, const struct ua_news *news)
{
    struct ua_leg *leg = find_leg(ua, call, news);

    abandon_others(ua, call, leg);
    return leg ? leg : find_leg(ua, call, news);
}

/* A 2xx whose dialog cannot be read is one that nobody can acknowledge. */
static void answered(struct tnd_ua *ua, struct ua_call *call, const struct ua_errand *e,
                     const struct ua_news *news)
{
    struct ua_leg *leg = choose(ua, call, news);

    if (!leg) {
        ua_trouble(ua, call->object.serial, news->response->msg, TND_RULE_NONE,
                   TND_STR("a 2xx that makes no dialog"));
        call->errand = NULL;
        ua_call_cause(call, TND_UA_LOST, news->code);
        ua_call_check(ua, call);
        return;
    }
    if (e->own_code) /* the 2xx has crossed the CANCEL: it is ended by BYE */
        ua_call_cause(call, TND_UA_REFUSED, e->own_code);
    call->leg = leg;
    call->errand = NULL;
    tnd_dialog_response(&leg->dialog, news->response->msg);
    ua_leg_response(ua, leg, news);
    if (leg->is_over || !leg->call)
        return;
    start_refresh(ua, leg, news->response->msg);
    if (call->is_end_wanted || leg->is_astray || leg->session.state != TND_SESSION_CONFIRMED) {
        ua_call_cause(call, TND_UA_LOST, 488); /* its answer is none: it was told as trouble */
        ua_leg_end(ua, leg);
        return;
    }
    call->is_answered = true;
    ua_disarm(ua, &call->object, UA_WAIT_EXPIRY);
    tell_answered(ua, call, leg, news);
    ua_reserve(ua, leg);
}

void ua_call_news(struct tnd_ua *ua, struct ua_call *call, struct ua_errand *e,
                  const struct ua_news *news)
{
    if (news->code < 200) {
        provisional(ua, call, news);
        return;
    }
    ua_disarm(ua, &call->object, UA_WAIT_RING);
    if (news->code < 300) {
        answered(ua, call, e, news);
        return;
    }
    drop_legs(ua, call);
    if (!news->is_last)
        return;
    call->errand = NULL;
    ua_call_cause(call, TND_UA_REFUSED, news->code);
    if (call->cause == TND_UA_BY_US)
        call->code = news->code; /* 487, of what was cancelled (RFC 3261 §9.2) */
    ua_call_check(ua, call);
}

static struct ua_leg *stray_leg(struct tnd_ua *ua, const struct ua_client *c,
                                const struct tnd_msg *response)
{
    struct tnd_msg *request = tnd_arena_take(&ua->work, sizeof(*request));
    struct ua_leg *leg = ua_leg_find(ua, response);

    if (leg)
        return leg;
    if (!request || tnd_msg_parse(request, &ua->work, c->sent, TND_DATAGRAM) != 0)
        return NULL;
    return ua_leg_of_response(ua, NULL, request, response);
}

/* RFC 3261 §13.2.2.4: acknowledged, and ended by BYE, if it is of another fork. */
void ua_late_2xx(struct tnd_ua *ua, struct ua_client *c, const struct tnd_txn_parts *response)
{
    struct ua_leg *leg = stray_leg(ua, c, response->msg);
    struct ua_turn turn = {.response = response};

    if (!leg)
        return;
    if (leg->dialog.state == TND_DIALOG_EARLY)
        tnd_dialog_response(&leg->dialog, response->msg);
    ua_leg_receive(ua, leg,
                   &(struct tnd_session_message){.kind = TND_SESSION_2XX,
                                                 .is_described = ua_is_sdp(response->msg),
                                                 .code = response->msg->code,
                                                 .cseq = response->cseq.number},
                   response->msg, &turn);
    if (leg->call)
        return;
    ua_arm(ua, &leg->object, UA_WAIT_GONE, ua->now + 64 * ua->timing.t1);
    ua_leg_end(ua, leg);
}

static int start(struct tnd_ua *ua, struct ua_call *call, struct tnd_slice first)
{
    struct ua_errand *e =
        ua_errand_new(ua, &call->object, TND_METHOD_INVITE, TND_RECOVER_INITIAL, call->uri, first);

    if (!e)
        return TND_ENOMEM;
    e->with = call->with;
    e->auth = call->auth;
    call->errand = e;
    ua_errand_go(ua, e);
    return 0;
}

/* RFC 5057 §5.1: the dialog is gone, the call is set up again under another name. */
void ua_call_restart(struct tnd_ua *ua, struct ua_call *call)
{
    struct ua_leg *leg = call->leg;

    call->restarts++;
    call->is_answered = false;
    if (!ua_names_new(ua, &call->object.arena, call->uri, &call->names) ||
        start(ua, call, tnd_slice(NULL, 0)) != 0)
        ua_call_cause(call, TND_UA_LOST, 481);
    if (leg) /* it says BYE, which concerns nobody any more */
        ua_leg_detach(ua, leg);
}

/* CANCEL, if it has been sent; else it simply does not go (RFC 3261 §9.1). */
static void cancel(struct tnd_ua *ua, struct ua_call *call)
{
    struct ua_errand *e = call->errand;
    struct ua_leg *leg = call->legs, *next;

    e->is_final = true;
    if (e->client && !e->is_looking) {
        ua_client_cancel(ua, e->client, tnd_slice(NULL, 0));
        for (; leg; leg = next) {
            next = leg->next;
            ua_leg_end(ua, leg);
        }
        return;
    }
    ua_errand_end(ua, e);
    call->errand = NULL;
    drop_legs(ua, call);
    ua_call_check(ua, call);
}

void ua_call_end(struct tnd_ua *ua, struct ua_call *call)
{
    if (call->is_end_wanted)
        return;
    call->is_end_wanted = true;
    ua_call_cause(call, TND_UA_BY_US, 0);
    if (call->errand)
        cancel(ua, call);
    else if (!call->is_caller && !call->is_final_said)
        ua_callee_refuse(ua, call, &(struct ua_answer){.code = 603});
    else if (call->leg)
        ua_leg_end(ua, call->leg);
}

static int fill(struct tnd_ua *ua, struct ua_call *call, const struct tnd_ua_call *asked)
{
    struct tnd_arena *a = &call->object.arena;
    struct tnd_refresh_policy policy = {
        .interval = ua->config.session_expires > 1 ? ua->config.session_expires : 0,
        .is_off = ua->config.session_expires == 1,
    };

    call->uri = tnd_slice_keep(a, asked->uri);
    call->learned = tnd_slice_keep(a, asked->learned);
    call->precondition = asked->precondition;
    tnd_refresh_start(&call->refresh, &policy);
    if (!call->auth || !ua_with_keep(a, &asked->with, &call->with) ||
        !ua_names_new(ua, a, call->uri, &call->names))
        return TND_ENOMEM;
    return 0;
}

static int place(struct tnd_ua *ua, const struct tnd_ua_call *asked, tnd_ua_id *ret)
{
    struct tnd_uri uri;

    if (!ua_media_fits(ua))
        return TND_ESTATE;
    if (ua->calls_max > 0 && ua->call_count >= ua->calls_max)
        return TND_ESPACE;
    if (ua_uri_read(asked->uri, &uri) != 0 || uri.scheme == TND_SCHEME_OTHER ||
        (asked->learned.ptr && ua_uri_read(asked->learned, &uri) != 0))
        return TND_ESYNTAX;
    struct ua_call *call = ua_call_new(ua, true);
    if (!call)
        return TND_ENOMEM;
    *ret = call->object.serial;
    if (fill(ua, call, asked) != 0 || start(ua, call, call->learned) != 0) {
        give_back(ua, call);
        return TND_ENOMEM;
    }
    return 0;
}

int tnd_ua_call(struct tnd_ua *ua, tnd_time now, const struct tnd_ua_call *call, tnd_ua_id *ret)
{
    int err = ua_begin(ua, now);

    return err ? err : ua_done(ua, place(ua, call, ret));
}

static int change(struct tnd_ua *ua, tnd_ua_id id, enum tnd_ua_change how)
{
    struct ua_object *object = ua_object_find(ua, id);
    struct ua_call *call = (struct ua_call *)object;
    enum tnd_method method = TND_METHOD_INVITE;

    if (!object || object->kind != UA_CALL)
        return TND_ENONE;
    struct ua_leg *leg = call->leg;
    if (!call->is_answered || !leg || leg->is_over)
        return TND_ESTATE;
    if ((how == TND_UA_UPDATE || how == TND_UA_REFRESH) && leg->refresh.has_update)
        method = TND_METHOD_UPDATE;
    bool was_held = leg->is_held;
    leg->was_held = was_held;
    if (how == TND_UA_HOLD || how == TND_UA_RESUME)
        leg->is_held = how == TND_UA_HOLD;
    bool is_described = how != TND_UA_REFRESH || method == TND_METHOD_INVITE;
    if (ua_leg_change(ua, leg, method,
                      how == TND_UA_REFRESH ? TND_RECOVER_REFRESH : TND_RECOVER_REINVITE,
                      is_described, true))
        return 0;
    leg->is_held = was_held;
    return TND_ESTATE;
}

int tnd_ua_change(struct tnd_ua *ua, tnd_time now, tnd_ua_id call, enum tnd_ua_change how)
{
    int err = ua_begin(ua, now);

    return err ? err : ua_done(ua, change(ua, call, how));
}
