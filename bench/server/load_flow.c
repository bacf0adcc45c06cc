/* The flows: of each, what the two ends must see for a call to count, and what they do when they
 * see it. All that arrives is looked up in the table; what is not there is unexpected, what was
 * there before has been sent twice. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load.h"

static const uint64_t T1_NS = 500000000; /* RFC 3261 §17.1.1.1 */

/* ---- what an end sends ---- */

static void sent(enum end end, const struct text *t, enum method method, int code)
{
    size_t size = (size_t)(t->at - t->start);

    net_send(end, size);
    count_message(end, TO_SERVER, method, code, size);
}

static void send_in_dialog(struct call *c, enum method method)
{
    struct text t = net_packet(CALLER);

    sip_write_in_dialog(&t, c, method);
    sent(CALLER, &t, method, 0);
}

static void respond(struct call *c, const struct message *request, int code, const char *reason,
                    unsigned branch, enum extras extras)
{
    struct text t = net_packet(CALLEE);

    sip_write_response(&t, c, request, code, reason, branch, extras);
    sent(CALLEE, &t, request->method, code);
}

void flow_first(struct call *c, uint64_t now_ns)
{
    struct text t;

    c->sent_ns = now_ns;
    if (opt.flow->raw) {
        raw_first(c);
        return;
    }
    t = net_packet(CALLER);
    sip_write_first(&t, c, opt.flow->first);
    sent(CALLER, &t, opt.flow->first, 0);
}

/* ---- actions of the caller ---- */

static void ack(struct call *c, const struct message *m, unsigned branch)
{
    struct text t = net_packet(CALLER);

    (void)branch;
    sip_write_ack(&t, c, sip_first(m, TO));
    sent(CALLER, &t, ACK, 0);
}

static void copy(char *space, size_t size, struct slice s)
{
    struct text t = text_over(space, size - 1);

    put_slice(&t, s);
    *t.at = 0;
}

/* The route set is Record-Route backwards (RFC 3261 §12.1.2). */
static void learn_dialog(struct call *c, const struct message *m)
{
    struct text route = text_over(c->route, sizeof(c->route) - 1);

    copy(c->to, sizeof(c->to), sip_first(m, TO));
    copy(c->target, sizeof(c->target), sip_uri_of(sip_first(m, CONTACT)));
    for (int i = m->field[RECORD_ROUTE].count - 1; i >= 0; i--) {
        PUT(&route, "Route: ");
        put_slice(&route, m->field[RECORD_ROUTE].value[i]);
        PUT(&route, "\r\n");
    }
    *route.at = 0;
}

static void ack_and_bye(struct call *c, const struct message *m, unsigned branch)
{
    (void)branch;
    learn_dialog(c, m);
    send_in_dialog(c, ACK);
    send_in_dialog(c, BYE);
}

/* ---- actions of the callee ---- */

static void ring(struct call *c, const struct message *m, unsigned branch)
{
    respond(c, m, 180, "Ringing", branch, WITH_CONTACT);
}

static void answer(struct call *c, const struct message *m, unsigned branch)
{
    respond(c, m, 200, "OK", branch, WITH_CONTACT | WITH_SDP);
}

static void ok(struct call *c, const struct message *m, unsigned branch)
{
    respond(c, m, 200, "OK", branch, BARE);
}

static void refuse(struct call *c, const struct message *m, unsigned branch)
{
    respond(c, m, 600, "Busy Everywhere", branch, BARE);
}

static bool read_kept(const struct call *c, unsigned branch, struct message *ret)
{
    struct slice bytes = {c->kept[branch].bytes, c->kept[branch].size};

    return sip_read(bytes, ret);
}

static unsigned branches_seen(const struct call *c, const struct step *s);

/* Every branch but the first rings; once all are there, the first refuses for all of them. */
static void ring_or_refuse(struct call *c, const struct message *m, unsigned branch)
{
    const struct step *invited = &opt.flow->steps[0];
    struct message first;

    call_keep(c, branch, m->bytes);
    if (branch > 0)
        ring(c, m, branch);
    if (branches_seen(c, invited) == (unsigned)opt.branches && read_kept(c, 0, &first))
        refuse(c, &first, 0);
}

static void be_cancelled(struct call *c, const struct message *m, unsigned branch)
{
    struct message invite;

    ok(c, m, branch);
    if (!branch || !c->kept[branch].bytes || !read_kept(c, branch, &invite))
        fault(&run.unexpected, "callee: CANCEL of branch %u", branch);
    else
        respond(c, &invite, 487, "Request Terminated", branch, BARE);
}

/* ---- what else a server owes ---- */

static bool names_contact(const struct message *m)
{
    return m->field[CONTACT].count > 0;
}

static bool makes_dialog(const struct message *m)
{
    return names_contact(m) && sip_has_tag(sip_first(m, TO)) && m->field[RECORD_ROUTE].count > 0;
}

/* By one proxy: it adds a Via and takes one off Max-Forwards (RFC 3261 §16.6). */
static bool forwarded(const struct message *m)
{
    struct slice hops = sip_first(m, MAX_FORWARDS);

    return m->field[VIA].count == 2 && hops.size == 2 && !memcmp(hops.at, "69", 2);
}

static bool forwarded_and_recorded(const struct message *m)
{
    return forwarded(m) && m->field[RECORD_ROUTE].count > 0;
}

/* ---- the table ---- */

/* clang-format off */
static const struct flow FLOWS[] = {
    {"proxy", INVITE, .held = "RINGING", .steps = {
        {CALLEE, INVITE, REQUEST,     ONCE, forwarded_and_recorded, ring, answer},
        {CALLER, INVITE, PROVISIONAL, ANY,  NULL,                   NULL, NULL},
        {CALLER, INVITE, 200,         ONCE, makes_dialog,           ack_and_bye, NULL},
        {CALLEE, ACK,    REQUEST,     ONCE, NULL,                   NULL, NULL},
        {CALLEE, BYE,    REQUEST,     ONCE, NULL,                   ok, NULL},
        {CALLER, BYE,    200,         ONCE, NULL,                   NULL, NULL}}},

    {"message", MESSAGE, .steps = {
        {CALLEE, MESSAGE, REQUEST, ONCE, forwarded, ok, NULL},
        {CALLER, MESSAGE, 200,     ONCE, NULL,      NULL, NULL}}},

    {"busy6xx", INVITE, .steps = {
        {CALLEE, INVITE, REQUEST,     ONCE, forwarded, refuse, NULL},
        {CALLER, INVITE, PROVISIONAL, ANY,  NULL,      NULL, NULL},
        {CALLEE, ACK,    REQUEST,     ONCE, NULL,      NULL, NULL},
        {CALLER, INVITE, 600,         ONCE, NULL,      ack, NULL}}},

    {"fork", INVITE, .steps = {
        {CALLEE, INVITE, REQUEST,     EACH_BRANCH,    forwarded, ring_or_refuse, NULL},
        {CALLER, INVITE, PROVISIONAL, ANY,            NULL,      NULL, NULL},
        {CALLEE, CANCEL, REQUEST,     OTHER_BRANCHES, NULL,      be_cancelled, NULL},
        {CALLEE, ACK,    REQUEST,     EACH_BRANCH,    NULL,      NULL, NULL},
        {CALLER, INVITE, 600,         ONCE,           NULL,      ack, NULL}}},

    {"redirect", INVITE, .held = "COMPLETED", .steps = {
        {CALLER, INVITE, PROVISIONAL, ANY,  NULL,          NULL, NULL},
        {CALLER, INVITE, 302,         ONCE, names_contact, NULL, ack}}},

    {"register", REGISTER, .steps = {
        {CALLER, REGISTER, 200, ONCE, names_contact, NULL, NULL}}},

    {"options", OPTIONS, .steps = {
        {CALLER, OPTIONS, 200, ONCE, NULL, NULL, NULL}}},

    {"raw", OTHER, .raw = true},
};
/* clang-format on */

const struct flow *flow_named(const char *name)
{
    for (size_t i = 0; i < sizeof(FLOWS) / sizeof(*FLOWS); i++)
        if (!strcmp(FLOWS[i].name, name))
            return &FLOWS[i];
    return NULL;
}

static int times_of(const struct step *s)
{
    switch (s->times) {
    case ONCE:
        return 1;
    case ANY:
        return 0;
    case EACH_BRANCH:
        return opt.branches;
    case OTHER_BRANCHES:
        return opt.branches - 1;
    }
    return 0;
}

/* The caller receives no request: a row that says so is not in use. */
static bool is_step(const struct step *s)
{
    return s->end == CALLEE || s->code != REQUEST;
}

int flow_messages(const struct flow *f)
{
    int count = f->raw ? raw_messages() : 0;

    for (int i = 0; i < STEPS_MAX && is_step(&f->steps[i]); i++)
        count += times_of(&f->steps[i]);
    return count;
}

/* ---- what arrives ---- */

static const struct step *step_of(enum end end, enum method method, int code)
{
    const struct step *steps = opt.flow->steps;

    for (int i = 0; i < STEPS_MAX && is_step(&steps[i]); i++)
        if (steps[i].end == end && steps[i].method == method &&
            steps[i].code == (code / 100 == 1 ? PROVISIONAL : code))
            return &steps[i];
    return NULL;
}

static uint8_t *seen(struct call *c, const struct step *s)
{
    return &c->seen[s - opt.flow->steps];
}

static unsigned branches_seen(const struct call *c, const struct step *s)
{
    return (unsigned)__builtin_popcount(c->seen[s - opt.flow->steps]);
}

/* The callee's contacts are sip:b0..., sip:b1...; elsewhere there is one branch, 0. */
static bool branch_of(const struct message *m, const struct step *s, unsigned *ret)
{
    *ret = 0;
    if (s->times != EACH_BRANCH && s->times != OTHER_BRANCHES)
        return true;
    if (m->uri.size < 6 || memcmp(m->uri.at, "sip:b", 5))
        return false;
    *ret = (unsigned)(m->uri.at[5] - '0');
    return *ret < (unsigned)opt.branches;
}

/* A call is over once both ends have seen all of it. */
static void end_if_whole(struct call *c)
{
    if (!c->missing && !c->held)
        call_end(c, true, "");
}

/* What the caller learns of its first request. */
static void advance(struct call *c, const struct step *s, uint64_t now_ns)
{
    if (s->end == CALLEE || s->method != opt.flow->first)
        return;
    if (s->code == PROVISIONAL) {
        c->progress = c->progress == ASKING ? PROCEEDING : c->progress;
        return;
    }
    c->progress = ANSWERED;
    c->sent_ns = now_ns;
    c->resent = 0;
    count_latency(now_ns - c->asked_ns);
}

static void hold(struct call *c, const struct step *s, const struct message *m)
{
    c->held = s;
    run.held++;
    call_keep(c, 0, m->bytes);
}

/* What was seen before is answered as before: its answer may have been lost. */
static void take(struct call *c, const struct step *s, const struct message *m, unsigned branch,
                 uint64_t now_ns)
{
    bool again = *seen(c, s) >> branch & 1;

    if (again && s->times != ANY)
        run.again[s->end]++;
    if (!again) {
        *seen(c, s) |= (uint8_t)(1u << branch);
        c->missing -= s->times != ANY;
        advance(c, s, now_ns);
        if (s->right && !s->right(m))
            fault(&run.bad_forward, "%s %d: not as it should be", METHOD_NAMES[m->method], m->code);
    }
    if (s->now)
        s->now(c, m, branch);
    if (s->then && opt.hold && !again)
        hold(c, s, m);
    else if (s->then && !c->held)
        s->then(c, m, branch);
    end_if_whole(c);
}

/* A final response to INVITE wants its ACK, expected or not. */
static void refuse_unexpected(struct call *c, enum end end, const struct message *m)
{
    char why[80];

    snprintf(why, sizeof(why), "%s: unexpected %s %d", end == CALLER ? "caller" : "callee",
             METHOD_NAMES[m->method], m->code);
    fault(&run.unexpected, "%s", why);
    if (end == CALLER && m->method == INVITE && m->code >= 300)
        ack(c, m, 0);
    call_end(c, false, why);
}

/* By the branch that the caller gave to its request, or by the Call-ID, which the callee sees. */
static struct call *call_of(enum end end, const struct message *m)
{
    struct slice token = sip_first(m, CALL_ID);

    if (end == CALLER && !sip_call_of_branch(m, &token))
        token.size = 0;
    return call_find(token.at, token.size);
}

void flow_receive(enum end end, struct slice packet, uint64_t now_ns)
{
    const struct step *s;
    struct message m;
    struct call *c;
    unsigned branch;

    if (opt.flow->raw) {
        raw_receive(end, packet, now_ns);
        return;
    }
    if (!sip_read(packet, &m)) {
        fault(&run.unexpected, "a message of %zu bytes that is no SIP", packet.size);
        return;
    }
    count_message(end, FROM_SERVER, m.method, m.code, packet.size);
    c = call_of(end, &m);
    if (!c)
        return;
    s = step_of(end, m.method, m.code);
    if (!s || !branch_of(&m, s, &branch))
        refuse_unexpected(c, end, &m);
    else
        take(c, s, &m, branch, now_ns);
}

/* ---- what happens without a message ---- */

void flow_release(struct call *c, uint64_t now_ns)
{
    const struct step *s = c->held;
    struct message m;

    c->held = NULL;
    c->sent_ns = now_ns;
    c->deadline_ns = now_ns + seconds_ns(opt.timeout_s);
    run.held--;
    if (read_kept(c, 0, &m))
        s->then(c, &m, 0);
    end_if_whole(c);
}

static bool has_seen(struct call *c, enum end end, enum method method)
{
    const struct step *s = step_of(end, method, end == CALLER ? 200 : REQUEST);

    return !s || *seen(c, s);
}

/* RFC 3261 §17.1.1.2: a request is repeated until there is a response; §13.2.2.4: so is, in
 * effect, the ACK of a 2xx. After a refusal it is for the server to repeat itself. */
static void resend(struct call *c, uint64_t now_ns)
{
    long before = run.packets[TO_SERVER];

    if (c->progress == ASKING) {
        flow_first(c, now_ns);
    } else if (c->progress == ANSWERED && *c->target) {
        if (!has_seen(c, CALLEE, ACK))
            send_in_dialog(c, ACK);
        if (!has_seen(c, CALLER, BYE))
            send_in_dialog(c, BYE);
    }
    c->sent_ns = now_ns;
    c->resent++;
    run.resent += run.packets[TO_SERVER] - before;
}

void flow_timers(uint64_t now_ns)
{
    for (struct call *c = call_next(NULL); c; c = call_next(c)) {
        if (c->held)
            continue;
        if (now_ns > c->deadline_ns) {
            run.timeouts++;
            call_end(c, false, "timeout");
        } else if (!opt.flow->raw && now_ns > c->sent_ns + (T1_NS << c->resent)) {
            resend(c, now_ns);
        }
    }
}
