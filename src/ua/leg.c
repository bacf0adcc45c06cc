/* One dialog of a call, with the machines that run in it: made of the first response that has its tag, or
 * of an INVITE to us; found by its key; kept for a while when it is over, because what comes late is
 * acknowledged still. */
#include "ua/call.h"

#include "base/assert.h"
#include "base/owner.h"

enum { KEY_ROOM = 512 };

tnd_ua_id ua_leg_id(const struct ua_leg *leg)
{
    return leg->call ? leg->call->object.serial : 0;
}

bool ua_leg_is_owner(const struct ua_leg *leg)
{
    return leg->dialog.is_uac;
}

/* The key of a dialog is as long as the peer's words. */
static struct tnd_slice key_of(struct tnd_arena *a, const struct tnd_dialog *d,
                               const struct tnd_msg *received)
{
    for (size_t room = KEY_ROOM;;) {
        char *at = tnd_arena_take(a, room);
        struct tnd_writer w = tnd_writer(at, at ? room : 0);

        if (!at)
            return tnd_slice(NULL, 0);
        if (d)
            tnd_dialog_key(&w, d);
        else if (tnd_dialog_message_key(&w, received) == TND_RULE_NONE)
            return tnd_slice(NULL, 0);
        if (!tnd_writer_over(&w))
            return tnd_writer_slice(&w);
        room = w.len;
    }
}

struct ua_leg *ua_leg_find(const struct tnd_ua *ua, const struct tnd_msg *received)
{
    struct tnd_slice key = key_of((struct tnd_arena *)&ua->work, NULL, received);
    struct tnd_map_node *found = key.ptr ? tnd_map_find(&ua->by_dialog, key) : NULL;

    return found ? TND_OWNER(found, struct ua_leg, by_dialog) : NULL;
}

static struct tnd_refresh_policy policy_of(const struct tnd_ua *ua)
{
    return (struct tnd_refresh_policy){
        .interval = ua->config.session_expires > 1 ? ua->config.session_expires : 0,
        .is_off = ua->config.session_expires == 1,
    };
}

/* false: no memory, or there is one already. */
static bool enter(struct tnd_ua *ua, struct ua_leg *leg, struct ua_call *call)
{
    struct tnd_slice key = key_of(&leg->object.arena, &leg->dialog, NULL);

    if (!key.ptr || tnd_map_add(&ua->by_dialog, &leg->by_dialog, key) != 0) {
        leg->by_dialog.key = tnd_slice(NULL, 0);
        return false;
    }
    leg->call = call;
    if (call) {
        leg->next = call->legs;
        call->legs = leg;
    }
    return true;
}

/* Server transactions may last longer than the leg that answered them. */
static void leave_servers(struct tnd_ua *ua, const struct ua_leg *leg)
{
    for (struct ua_object *o = ua->all; o; o = o->next)
        if (o->kind == UA_SERVER && ((struct ua_server *)o)->leg == leg)
            ((struct ua_server *)o)->leg = NULL;
}

static void gone(struct tnd_ua *ua, struct ua_leg *leg)
{
    ua_leave(&ua->by_dialog, &leg->by_dialog);
    ua_errands_end(ua, &leg->object);
    leave_servers(ua, leg);
    ua_object_end(ua, &leg->object);
}

static struct ua_leg *give_back(struct tnd_ua *ua, struct ua_leg *leg)
{
    gone(ua, leg);
    return NULL;
}

static bool allows_update(const struct tnd_msg *msg)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_ALLOW);
    struct tnd_slice method;

    while (tnd_token_or_none_next(&v, &method))
        if (tnd_slice_eq(method, TND_STR("UPDATE")))
            return true;
    return false;
}

void ua_leg_keep_invite(struct tnd_ua *ua, struct ua_leg *leg, const struct tnd_msg *request)
{
    char *ptr = request ? ua->mem.take(ua->mem.ctx, request->text.len) : NULL;

    if (!ptr)
        return;
    if (leg->invite.ptr)
        ua->mem.give(ua->mem.ctx, leg->invite.ptr, leg->invite.len);
    memcpy(ptr, request->text.ptr, request->text.len);
    leg->invite = (struct ua_blob){ptr, request->text.len};
}

static uint32_t cseq_of(const struct tnd_msg *msg)
{
    struct tnd_cseq cseq;

    return tnd_msg_cseq(msg, &cseq, NULL) ? cseq.number : 0;
}

static size_t leg_count(const struct ua_call *call)
{
    size_t count = 0;

    for (const struct ua_leg *leg = call ? call->legs : NULL; leg; leg = leg->next)
        count++;
    return count;
}

static void start_caller(struct tnd_ua *ua, struct ua_leg *leg, const struct ua_call *call,
                         const struct tnd_msg *request)
{
    struct tnd_refresh_policy policy = policy_of(ua);
    struct tnd_session_out out;

    tnd_session_start(&leg->session, &ua->dialog_timing, true,
                      &(struct tnd_session_message){.kind = TND_SESSION_INVITE,
                                                    .is_described = request->body.len > 0,
                                                    .cseq = cseq_of(request)},
                      &out);
    tnd_refresh_start(&leg->refresh, &policy);
    if (call) {
        leg->refresh = call->refresh;
        leg->asked = call->asked;
    }
    ua_leg_keep_invite(ua, leg, request);
}

static bool went_by_tls(const struct tnd_msg *request)
{
    struct tnd_via via;

    return tnd_msg_via(request, &via, NULL) &&
           tnd_transport_is_secure(tnd_transport_find(via.transport));
}

/* RFC 3261 §13.2.2.4: a 2xx is acknowledged, also one whose Record-Route cannot be used. Then ACK and BYE
 * go to its Contact, which is better than to let the other side wait for them. */
static int make_dialog(struct tnd_ua *ua, struct ua_leg *leg, const struct ua_call *call,
                       const struct tnd_msg *request, const struct tnd_msg *response)
{
    struct tnd_arena *a = &leg->object.arena;
    struct tnd_msg bare = *response;
    bool is_tls = went_by_tls(request);
    int err = tnd_dialog_uac(&leg->dialog, a, request, response, is_tls);

    if ((err != TND_ESYNTAX && err != TND_ESPACE) || response->code < 200)
        return err;
    bare.first[TND_HEADER_RECORD_ROUTE] = 0;
    err = tnd_dialog_uac(&leg->dialog, a, request, &bare, is_tls);
    if (err)
        return err;
    leg->is_astray = true;
    ua_trouble(ua, call ? call->object.serial : 0, response, TND_RULE_NONE,
               TND_STR("a 2xx whose Record-Route cannot be used: the call is ended"));
    return 0;
}

struct ua_leg *ua_leg_of_response(struct tnd_ua *ua, struct ua_call *call,
                                  const struct tnd_msg *request, const struct tnd_msg *response)
{
    struct ua_leg *leg = request && leg_count(call) < UA_FORK_COUNT_MAX
                             ? ua_object_new(ua, UA_LEG, sizeof(*leg))
                             : NULL;
    enum tnd_ua_precondition strength =
        call ? (enum tnd_ua_precondition)call->precondition : TND_UA_PRECONDITION_NONE;

    if (!leg)
        return NULL;
    ua_media_init(ua, leg, strength);
    leg->is_other = call && call->is_other;
    if (make_dialog(ua, leg, call, request, response) != 0 || !enter(ua, leg, call))
        return give_back(ua, leg);
    start_caller(ua, leg, call, request);
    leg->refresh.has_update = allows_update(response);
    if (call)
        (void)ua_media_offer(ua, leg); /* each fork answers the offer for itself */
    return leg;
}

struct ua_leg *ua_leg_of_invite(struct tnd_ua *ua, struct ua_call *call, struct ua_server *s)
{
    struct ua_leg *leg = ua_object_new(ua, UA_LEG, sizeof(*leg));
    struct tnd_refresh_policy policy = policy_of(ua);
    uint32_t first = (uint32_t)(ua_random(ua) & 0xffff); /* RFC 3261 §8.1.1.5: below 2^31 */
    bool is_tls = tnd_transport_is_secure((enum tnd_transport)s->flow.remote.transport);

    if (!leg)
        return NULL;
    ua_media_init(ua, leg, (enum tnd_ua_precondition)call->precondition);
    leg->pre.uas = true;
    if (tnd_dialog_uas(&leg->dialog, &leg->object.arena, s->request->msg, s->tag, first, is_tls) !=
            0 ||
        !enter(ua, leg, call))
        return give_back(ua, leg);
    tnd_refresh_start(&leg->refresh, &policy);
    leg->refresh.has_update = allows_update(s->request->msg);
    tnd_reliable_uas_start(&leg->uas, &ua->dialog_timing, cseq_of(s->request->msg),
                           1 + (uint32_t)(ua_random(ua) & 0xffffff));
    leg->invite_server = s;
    s->leg = leg;
    return leg;
}

void ua_leg_fini(struct ua_leg *leg)
{
    const struct tnd_mem *mem = leg->object.arena.mem;

    tnd_oa_fini(&leg->oa);
    if (leg->invite.ptr)
        mem->give(mem->ctx, leg->invite.ptr, leg->invite.len);
    leg->invite = (struct ua_blob){NULL, 0};
}

static void leave_call(struct ua_leg *leg)
{
    struct ua_call *call = leg->call;

    if (!call)
        return;
    for (struct ua_leg **at = &call->legs; *at; at = &(*at)->next)
        if (*at == leg) {
            *at = leg->next;
            break;
        }
    if (call->leg == leg)
        call->leg = NULL;
    leg->call = NULL;
}

/* What nobody else will answer any more. */
static void answer_pending(struct tnd_ua *ua, struct ua_leg *leg)
{
    struct ua_server *servers[] = {leg->invite_server, leg->update_server, leg->prack_server};

    for (size_t i = 0; i < 3; i++) {
        if (!servers[i])
            continue;
        ua_server_reply(ua, servers[i], &(struct ua_answer){.code = i == 0 ? 487 : 481});
        servers[i]->leg = NULL;
    }
    leg->invite_server = leg->update_server = leg->prack_server = NULL;
}

static void end_errands(struct tnd_ua *ua, struct ua_leg *leg)
{
    struct ua_errand *ack = leg->ack;

    if (ack)
        ack->owner = NULL; /* not this one */
    ua_errands_end(ua, &leg->object);
    if (ack)
        ack->owner = &leg->object;
    leg->change = leg->glare = NULL;
}

void ua_leg_over(struct tnd_ua *ua, struct ua_leg *leg)
{
    struct ua_call *call = leg->call;

    if (leg->is_over)
        return;
    leg->is_over = true;
    tnd_dialog_terminate(&leg->dialog);
    answer_pending(ua, leg);
    end_errands(ua, leg);
    for (uint8_t i = 0; i < TND_DIALOG_TIMER_COUNT; i++)
        ua_disarm(ua, &leg->object, (uint8_t)(UA_OF_DIALOG + i));
    ua_arm(ua, &leg->object, UA_WAIT_GONE, ua->now + 64 * ua->timing.t1);
    leave_call(leg);
    if (call)
        ua_call_check(ua, call);
}

void ua_leg_detach(struct tnd_ua *ua, struct ua_leg *leg)
{
    struct ua_call *call = leg->call;

    leave_call(leg);
    if (call)
        ua_call_check(ua, call);
}

void ua_leg_abandon(struct tnd_ua *ua, struct ua_leg *leg)
{
    leave_call(leg);
    ua_errands_end(ua, &leg->object);
    leg->change = leg->glare = leg->ack = NULL;
    ua_arm(ua, &leg->object, UA_WAIT_GONE, ua->now + 64 * ua->timing.t1);
}

void ua_leg_forget(struct tnd_ua *ua, struct ua_leg *leg)
{
    ua_leave(&ua->by_dialog, &leg->by_dialog);
}

void ua_leg_end(struct tnd_ua *ua, struct ua_leg *leg)
{
    struct tnd_session_out out;

    if (leg->is_over)
        return;
    tnd_session_end(&leg->session, &out);
    ua_leg_do(ua, leg, &out.acts, &(struct ua_turn){0});
}

static bool asks_for(const struct tnd_dialog_acts *acts, enum tnd_dialog_act_kind kind)
{
    for (unsigned i = 0; i < acts->count; i++)
        if (acts->act[i].kind == kind)
            return true;
    return false;
}

static void session_timer(struct tnd_ua *ua, struct ua_leg *leg, enum tnd_dialog_timer timer)
{
    struct tnd_session_out out;

    tnd_session_timer(&leg->session, timer, ua->now, &out);
    if (timer == TND_DIALOG_TIMER_2XX && leg->call &&
        (asks_for(&out.acts, TND_DIALOG_SEND_BYE) || asks_for(&out.acts, TND_DIALOG_END)))
        ua_call_cause(leg->call, TND_UA_NO_ACK, 408);
    ua_leg_do(ua, leg, &out.acts, &(struct ua_turn){0});
}

static void refresh_timer(struct tnd_ua *ua, struct ua_leg *leg, enum tnd_dialog_timer timer)
{
    struct tnd_dialog_acts acts;

    tnd_refresh_timer(&leg->refresh, timer, ua->now, &acts);
    if (asks_for(&acts, TND_DIALOG_SEND_BYE) && leg->call)
        ua_call_cause(leg->call, TND_UA_LOST, 408); /* RFC 4028 §10 */
    ua_leg_do(ua, leg, &acts, &(struct ua_turn){.is_refresh = true});
}

void ua_leg_timer(struct tnd_ua *ua, struct ua_leg *leg, uint8_t id)
{
    struct tnd_dialog_acts acts;

    if (id == UA_WAIT_GONE) {
        gone(ua, leg);
        return;
    }
    switch ((enum tnd_dialog_timer)(id - UA_OF_DIALOG)) {
    case TND_DIALOG_TIMER_2XX:
    case TND_DIALOG_TIMER_GLARE:
        session_timer(ua, leg, (enum tnd_dialog_timer)(id - UA_OF_DIALOG));
        return;
    case TND_DIALOG_TIMER_PROVISIONAL:
        tnd_reliable_uas_timer(&leg->uas, ua->now, &acts);
        if (asks_for(&acts, TND_DIALOG_REFUSE_INVITE) && leg->call) /* RFC 3262 §3 */
            ua_callee_refuse(ua, leg->call, &(struct ua_answer){.code = 504});
        else
            ua_leg_do(ua, leg, &acts, &(struct ua_turn){0});
        return;
    case TND_DIALOG_TIMER_REFRESH:
    case TND_DIALOG_TIMER_EXPIRY:
        refresh_timer(ua, leg, (enum tnd_dialog_timer)(id - UA_OF_DIALOG));
        return;
    case TND_DIALOG_TIMER_COUNT:
        return;
    }
}

void ua_leg_server_gone(struct ua_leg *leg, const struct ua_server *s)
{
    if (leg->invite_server == s)
        leg->invite_server = NULL;
    if (leg->update_server == s)
        leg->update_server = NULL;
    if (leg->prack_server == s)
        leg->prack_server = NULL;
    if (leg->call && leg->call->server == s)
        leg->call->server = NULL;
}

/* Its response did not arrive anywhere, or its ACK never came: the session waits for that itself. */
void ua_leg_undelivered(struct tnd_ua *ua, struct ua_leg *leg, const struct ua_server *s)
{
    if (!leg->is_over && leg->invite_server == s)
        ua_trouble(ua, ua_leg_id(leg), s->request->msg, TND_RULE_TXN_RESPONSE_FAILED,
                   TND_STR("a response to an INVITE was not acknowledged, or could not be sent"));
}
