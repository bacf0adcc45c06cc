/* The calls of a phone: whom it asks for what, and what it does when somebody answers. */
#include "base/assert.h"
#include "sim/phone_parts.h"
#include "tandem/lab.h"

#define PATIENCE TND_SEC(190) /* of the person at the phone; the lab never takes longer */

/* What must come back is what tandem/lab.h and RFC 3261 §8.2 say. */
static const struct sim_question questions[] = {
    {"INVITE", "lab-200", "", "", 200},
    {"INVITE", "lab-200", ";ring=3", "", 200},
    {"INVITE", "lab-200", ";ring=40", "", 200},
    {"INVITE", "lab-200", ";delay=2", "", 200},
    {"INVITE", "lab-180", "", "", 200},
    {"INVITE", "lab-183", "", "", 200},
    {"INVITE", "lab-100", "", "", 200},
    {"INVITE", "lab-302", "", "", 302},
    {"INVITE", "lab-302", ";contact=sip:bob%40192.0.2.99", "", 302},
    {"INVITE", "lab-486", "", "", 486},
    {"INVITE", "lab-486", ";ring=2", "", 486},
    {"INVITE", "lab-486", ";delay=20", "", 486},
    {"INVITE", "lab-408", ";delay=1", "", 408},
    {"INVITE", "lab-480", ";retry-after=5", "", 480},
    {"INVITE", "lab-503", "", "", 503},
    {"INVITE", "lab-600", "", "", 600},
    {"INVITE", "lab-699", "", "", 699},
    {"INVITE", "lab-481", "", "", 200},
    {"INVITE", "lab-420", "", "", 200},
    {"INVITE", "lab-420", "", "Require: foo\r\n", 420},
    {"INVITE", "lab-200", "", "Require: foo\r\n", 420},
    {"INVITE", "nobody", "", "", 404},
    {"OPTIONS", "lab-200", "", "", 200},
    {"OPTIONS", "lab-200", ";delay=1", "", 200},
    {"OPTIONS", "lab-200", ";delay=9", "", 200},
    {"OPTIONS", "lab-200", ";delay=100", "", 400}, /* RFC 4320 §4.2: too late for an answer */
    {"OPTIONS", "lab-180", "", "", 200},
    {"OPTIONS", "lab-408", ";delay=1", "", 0}, /* RFC 4320 §4.2: never a 408 */
    {"OPTIONS", "lab-404", "", "", 404},
    {"OPTIONS", "nobody", "", "", 404},
    {"OPTIONS", "lab-200", "", "Require: foo, bar\r\n", 420},
    {"MESSAGE", "lab-200", "", "", 200},
    {"MESSAGE", "lab-603", ";delay=1", "", 603},
    {"FOO", "lab-200", "", "", 501}, /* RFC 3261 §8.2.1, §21.5.2 */
};

enum { QUESTION_COUNT = sizeof(questions) / sizeof(*questions) };

static struct tnd_slice kept(struct phone *p, const struct tnd_writer *w)
{
    TND_ASSERT(!tnd_writer_over(w));
    struct tnd_slice s = tnd_slice_keep(&p->a, tnd_writer_slice(w));
    TND_ASSERT(!tnd_arena_over(&p->a));
    return s;
}

static struct tnd_slice draw_token(struct phone *p, const char *before)
{
    char room[64];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    uint64_t random = tnd_random_next(&p->random);

    tnd_put_str(&w, before);
    tnd_put_hex(&w, &random, sizeof(random));
    return kept(p, &w);
}

static void put_sent_by(struct tnd_writer *w, const struct phone *p)
{
    if (p->setup->named)
        tnd_put(w, p->name);
    else
        tnd_address_write_host(w, &p->address);
    tnd_put_str(w, ":");
    tnd_put_number(w, p->address.port);
}

/* A request, or an ACK, of a call. to is what its To holds. */
static void put_request(struct tnd_writer *w, struct phone *p, const struct phone_call *call,
                        struct tnd_slice method, struct tnd_slice uri, struct tnd_slice to,
                        unsigned number)
{
    tnd_put_request_line(w, method, uri);
    tnd_put_str(w, "Via: SIP/2.0/");
    tnd_put_str(w, tnd_transport_name((enum tnd_transport)call->to.transport));
    tnd_put_str(w, " ");
    put_sent_by(w, p);
    tnd_put_str(w, ";branch=");
    tnd_put(w, draw_token(p, TND_BRANCH_COOKIE));
    tnd_put_str(w, p->setup->rport ? ";rport\r\n" : "\r\n");
    tnd_put_str(w, "Max-Forwards: ");
    /* RFC 3261 §16.3: it matters to who forwards only */
    tnd_put_str(w, tnd_lab_code(tnd_slice_str(call->question->user)) != 0 &&
                           tnd_random_chance(&p->random, 1, 8)
                       ? "0\r\n"
                       : "70\r\n");
    tnd_put_str(w, "From: <sip:phone@sim.example>;tag=");
    tnd_put(w, call->tag);
    tnd_put_str(w, "\r\nTo: ");
    tnd_put(w, to);
    tnd_put_str(w, "\r\nCall-ID: ");
    tnd_put(w, call->call_id);
    tnd_put_str(w, "\r\nCSeq: ");
    tnd_put_number(w, number);
    tnd_put_str(w, " ");
    tnd_put(w, method);
    tnd_put_str(w, "\r\nContact: <sip:phone@");
    put_sent_by(w, p);
    tnd_put_str(w, ">\r\n");
}

static void put_end(struct tnd_writer *w)
{
    tnd_put_body(w, tnd_slice(NULL, 0), tnd_slice(NULL, 0));
}

static void plan_call(struct phone *p, tnd_time start, bool after)
{
    const struct sim_phone_setup *s = p->setup;
    struct phone_call *call = &p->calls[p->call_count++];

    call->question = &questions[tnd_random_below(&p->random, QUESTION_COUNT)];
    call->to = s->targets[tnd_random_below(&p->random, s->target_count)];
    call->to.transport =
        s->tcp && tnd_random_chance(&p->random, 1, 2) ? TND_TRANSPORT_TCP : TND_TRANSPORT_UDP;
    call->start = start;
    call->after = after;
    call->cancel_at = call->bye_at = call->give_up_at = TND_NEVER_DUE;
}

void phone_plan(struct phone *p)
{
    const struct sim_phone_setup *s = p->setup;

    TND_ASSERT(s->calls + s->calls_after <= PHONE_CALL_MAX);
    for (unsigned i = 0; i < s->calls; i++)
        plan_call(p, tnd_random_time(&p->random, s->from, s->until), false);
    for (unsigned i = 0; i < s->calls_after; i++)
        plan_call(p, tnd_random_time(&p->random, s->after, s->after + TND_SEC(10)), true);
}

void phone_begin(struct phone *p, struct phone_call *call)
{
    const struct sim_question *q = call->question;
    char room[PHONE_REQUEST_SIZE], uri[200], to[200];
    struct tnd_writer w = tnd_writer(room, sizeof(room)), uri_w = tnd_writer(uri, sizeof(uri)),
                      to_w = tnd_writer(to, sizeof(to));
    bool invite = tnd_method_find(tnd_slice_str(q->method)) == TND_METHOD_INVITE;
    uint16_t expected = q->code, other = 0;

    call->start = TND_NEVER_DUE;
    call->call_id = draw_token(p, "call-");
    call->tag = draw_token(p, "t");
    tnd_put_str(&uri_w, "sip:");
    tnd_put_str(&uri_w, q->user);
    tnd_put_str(&uri_w, "@");
    tnd_address_write_host(&uri_w, &call->to);
    tnd_put_str(&uri_w, q->params);
    call->uri = kept(p, &uri_w);
    tnd_put_str(&to_w, "<");
    tnd_put(&to_w, call->uri);
    tnd_put_str(&to_w, ">");
    put_request(&w, p, call, tnd_slice_str(q->method), call->uri, tnd_writer_slice(&to_w), 1);
    tnd_put_str(&w, q->fields);
    put_end(&w);
    if (invite && tnd_random_chance(&p->random, 1, 4)) {
        call->cancel_at = p->now + tnd_random_time(&p->random, 0, TND_SEC(4));
        other = expected;
        expected = 487; /* RFC 3261 §9.2 */
    }
    if (invite)
        call->give_up_at = p->now + PATIENCE;
    call->client = phone_client_start(p, call, ROLE_REQUEST, kept(p, &w), expected, other);
}

/* Acknowledges a 2xx (RFC 3261 §13.2.2.4), each one again. */
void phone_answered(struct phone *p, struct phone_client *client, const struct tnd_msg *response)
{
    struct phone_call *call = client->call;
    struct tnd_values contacts = tnd_msg_values(response, TND_HEADER_CONTACT);
    struct tnd_contact contact;
    char room[PHONE_REQUEST_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    if (call->ack.ptr) {
        sim_uac_send(&p->uacs, &call->to, call->ack, 0);
        return;
    }
    call->cancel_at = call->give_up_at = TND_NEVER_DUE;
    call->remote_to = tnd_slice_keep(&p->a, tnd_msg_value(response, TND_HEADER_TO));
    /* RFC 3261 §12.1.1: a 2xx to INVITE has a Contact. Without one the call cannot be ended: the
     * book says so */
    if (!tnd_contact_next(&contacts, &contact)) {
        if (client->page)
            client->page->over = false;
        return;
    }
    call->remote_uri = tnd_slice_keep(&p->a, contact.addr.uri.text);
    put_request(&w, p, call, TND_STR("ACK"), call->remote_uri, call->remote_to, 1);
    put_end(&w);
    call->ack = kept(p, &w);
    sim_uac_send(&p->uacs, &call->to, call->ack, 0);
    call->bye_at = p->now + tnd_random_time(&p->random, 0, TND_SEC(5));
}

void phone_hang_up(struct phone *p, struct phone_call *call)
{
    char room[PHONE_REQUEST_SIZE];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    bool forgotten = tnd_lab_code(tnd_slice_str(call->question->user)) == 481;

    call->bye_at = TND_NEVER_DUE;
    put_request(&w, p, call, TND_STR("BYE"), call->remote_uri, call->remote_to, 2);
    put_end(&w);
    phone_client_start(p, call, ROLE_BYE, kept(p, &w), forgotten ? 481 : 200,
                       p->setup->may_forget && !call->after ? 481 : 0);
}
