/* Requests of ours in a dialog: re-INVITE and UPDATE, whose offers are made anew for each attempt; ACK,
 * PRACK and BYE. */
#include "ua/call.h"

#include "tandem/sip/session.h"

enum { LINES_ROOM = 256 };

static enum tnd_session_kind kind_of(enum tnd_method method)
{
    return method == TND_METHOD_INVITE ? TND_SESSION_INVITE : TND_SESSION_UPDATE;
}

static bool is_change(const struct ua_errand *e)
{
    return e->method == TND_METHOD_INVITE || e->method == TND_METHOD_UPDATE;
}

/* An offer, where one belongs in it; and the session hears that it is sent. */
static bool prepare_change(struct tnd_ua *ua, struct ua_leg *leg, struct ua_errand *e)
{
    struct tnd_session_message m = {.kind = (uint8_t)kind_of((enum tnd_method)e->method),
                                    .is_described = e->is_described,
                                    .cseq = e->names.cseq};
    enum tnd_session_part part;

    e->is_final = true; /* of what cannot be sent there is no other attempt */
    if (tnd_session_forbids(&leg->session, &m) != TND_RULE_NONE)
        return false;
    e->body = tnd_slice(NULL, 0);
    if (e->is_described) {
        e->body = tnd_slice_keep(&e->object.arena, ua_media_offer(ua, leg));
        e->content_type = TND_STR("application/sdp");
        if (!e->body.ptr)
            return false;
    } else {
        e->content_type = tnd_slice(NULL, 0);
    }
    e->fields = ua_refresh_lines(e, &leg->refresh, &leg->asked);
    e->preconditions = leg->pre.streams[0].wish_count > 0;
    e->requires_preconditions = e->is_described && leg->pre.tag == TND_PRE_TAG_REQUIRE;
    e->is_told = ua_leg_send(ua, leg, &m, &part);
    e->is_final = !e->is_told;
    return e->is_told;
}

bool ua_leg_prepare(struct tnd_ua *ua, struct ua_leg *leg, struct ua_errand *e)
{
    e->text.uri = tnd_slice_keep(&e->object.arena, leg->dialog.target);
    e->text.hop = tnd_slice_keep(&e->object.arena, tnd_dialog_next_hop(&leg->dialog));
    if (!e->text.uri.ptr || !e->text.hop.ptr)
        return false;
    if (e->method == TND_METHOD_ACK)
        return true;
    e->names.cseq = tnd_dialog_next_cseq(&leg->dialog);
    if (e->names.cseq == 0)
        return false;
    return !is_change(e) || prepare_change(ua, leg, e);
}

static void put_ack_head(struct tnd_writer *w, const struct ua_leg *leg, struct tnd_slice via)
{
    char room[8192]; /* the index of an INVITE of ours; one that is larger has no ACK of ours */
    struct tnd_arena a;
    struct tnd_msg invite;

    tnd_arena_init(&a, room, sizeof(room), leg->object.arena.mem, UA_OBJECT_SIZE_MAX);
    if (leg->invite.ptr &&
        tnd_msg_parse(&invite, &a, tnd_slice(leg->invite.ptr, leg->invite.len), TND_DATAGRAM) == 0)
        tnd_dialog_ack_write(w, &leg->dialog, &invite, via);
    tnd_arena_fini(&a);
}

void ua_leg_put_head(struct tnd_writer *w, const struct ua_leg *leg, const struct ua_errand *e,
                     struct tnd_slice via)
{
    if (e->method == TND_METHOD_ACK)
        put_ack_head(w, leg, via);
    else
        tnd_dialog_write(w, &leg->dialog,
                         &(struct tnd_dialog_head){
                             .method = tnd_slice_str(tnd_method_name((enum tnd_method)e->method)),
                             .cseq = e->names.cseq,
                             .lines = via});
}

static struct ua_errand *new_errand(struct tnd_ua *ua, struct ua_leg *leg, enum tnd_method method,
                                    enum tnd_recover_situation situation)
{
    struct ua_errand *e =
        ua_errand_new(ua, &leg->object, method, situation, leg->dialog.target, tnd_slice(NULL, 0));

    if (!e)
        return NULL;
    e->leg = leg;
    return e;
}

bool ua_leg_change(struct tnd_ua *ua, struct ua_leg *leg, enum tnd_method method,
                   enum tnd_recover_situation situation, bool is_described, bool is_wanted)
{
    struct tnd_session_message m = {.kind = (uint8_t)kind_of(method),
                                    .is_described = is_described,
                                    .cseq = leg->dialog.local_cseq + 1};

    if (leg->is_over || leg->change || leg->glare ||
        tnd_session_forbids(&leg->session, &m) != TND_RULE_NONE)
        return false;
    struct ua_errand *e = new_errand(ua, leg, method, situation);
    if (!e)
        return false;
    e->is_described = is_described;
    e->is_wanted = is_wanted;
    leg->change = e;
    ua_errand_go(ua, e);
    return true;
}

void ua_leg_send_ack(struct tnd_ua *ua, struct ua_leg *leg, uint32_t cseq, struct tnd_slice body)
{
    struct ua_errand *e = new_errand(ua, leg, TND_METHOD_ACK, TND_RECOVER_IN_DIALOG);

    if (!e)
        return; /* the 2xx comes again */
    if (leg->ack)
        ua_errand_end(ua, leg->ack);
    leg->ack = e;
    leg->ack_cseq = cseq;
    e->body = tnd_slice_keep(&e->object.arena, body);
    e->content_type = body.ptr ? TND_STR("application/sdp") : tnd_slice(NULL, 0);
    ua_errand_go(ua, e);
}

static struct tnd_slice rack_line(struct ua_errand *e, const struct tnd_msg *response,
                                  uint32_t rseq)
{
    char *at = tnd_arena_take(&e->object.arena, LINES_ROOM);
    struct tnd_writer w = tnd_writer(at, at ? LINES_ROOM : 0);
    struct tnd_cseq cseq;

    if (!tnd_msg_cseq(response, &cseq, NULL))
        return tnd_slice(NULL, 0);
    tnd_put_field_name(&w, TND_HEADER_RACK);
    tnd_rack_write(&w, &(struct tnd_rack){.rseq = rseq,
                                          .cseq = cseq.number,
                                          .method = cseq.method,
                                          .method_name = cseq.method_name});
    tnd_put_line_end(&w);
    return tnd_writer_slice(&w);
}

/* RFC 3262 §4, §5: with the answer to what the response offers. */
void ua_leg_send_prack(struct tnd_ua *ua, struct ua_leg *leg, const struct tnd_msg *response,
                       uint32_t rseq)
{
    bool must_answer = leg->oa.state == TND_OA_OFFER_RECEIVED;
    struct tnd_slice answer = must_answer ? ua_media_answer(ua, leg, true) : tnd_slice(NULL, 0);
    struct tnd_session_message m = {
        .kind = TND_SESSION_PRACK, .is_described = answer.ptr, .cseq = leg->dialog.local_cseq + 1};
    enum tnd_session_part part = TND_SESSION_NO_PART;
    struct ua_errand *e = new_errand(ua, leg, TND_METHOD_PRACK, TND_RECOVER_IN_DIALOG);

    if (!e)
        return; /* the response comes again, but is not passed again: the other side gives up */
    e->fields = rack_line(e, response, rseq);
    e->body = tnd_slice_keep(&e->object.arena, answer);
    e->content_type = answer.ptr ? TND_STR("application/sdp") : tnd_slice(NULL, 0);
    e->is_described = answer.ptr;
    if (!ua_leg_send(ua, leg, &m, &part)) {
        ua_errand_end(ua, e);
        return;
    }
    ua_errand_go(ua, e);
    if (part == TND_SESSION_ANSWER)
        ua_media_agreed(ua, leg, response);
}

struct tnd_slice ua_leg_reason(const struct ua_leg *leg)
{
    const struct ua_call *call = leg->call;
    bool is_given_up = call && call->has_cause && call->code == 580;
    bool is_tried_again = call && call->errand && call->errand->own_code == 580;

    if (!is_given_up && !is_tried_again)
        return tnd_slice(NULL, 0);
    return TND_STR("Reason: SIP;cause=580;text=\"Precondition Failure\"\r\n");
}

/* RFC 3312 §8: with what could not be reserved, if that is why. */
void ua_leg_send_bye(struct tnd_ua *ua, struct ua_leg *leg)
{
    struct ua_errand *e = new_errand(ua, leg, TND_METHOD_BYE, TND_RECOVER_IN_DIALOG);

    if (!e) {
        ua_leg_over(ua, leg);
        return;
    }
    e->fields = ua_leg_reason(leg);
    if (e->fields.ptr) {
        e->body = tnd_slice_keep(&e->object.arena, ua_media_failure(ua, leg));
        e->content_type = e->body.ptr ? TND_STR("application/sdp") : tnd_slice(NULL, 0);
    }
    ua_errand_go(ua, e);
}
