/* Two INVITE usages against each other, from fixed seeds: messages are late, overtake one another
 * and get lost; users and timers do what they like. And one against a peer that says anything at
 * any time.
 *
 * What must hold: never two offers are outstanding; every 2xx that is not acknowledged ends in
 * ACK or BYE; when faults stop, both sides have the same answer, or the call is over for both. */
#include "base/random.h"
#include "unit/dialog/session_test.h"

enum {
    RUN_COUNT = 2000,
    STEP_COUNT = 120,
    MAIL_COUNT_MAX = 64,
    CSEQ_COUNT_MAX = 1024,
    ANYTHING_COUNT = 20000,
};

/* On its way. session is what the description says: a number for each exchange. */
struct mail {
    struct tnd_session_message m;
    unsigned session;
    bool is_to_caller, is_used;
};

struct side {
    struct tnd_session s;
    tnd_time due[TND_DIALOG_TIMER_COUNT];
    uint32_t cseq;
    unsigned session;       /* in force */
    unsigned offered;       /* that waits for its answer */
    unsigned before;        /* the re-INVITE */
    unsigned pending[3];    /* what the offer said of their INVITE, PRACK, UPDATE */
    uint32_t their_cseq[3]; /* of those */
    bool is_waiting[3];
    struct final { /* our 2xx to the INVITE with this number, as they were sent */
        bool is_described;
        unsigned session;
    } final[CSEQ_COUNT_MAX];
    bool is_unacked; /* a reliable response: one at a time, as tandem/dialog/provisional.h has it */
    bool must_synchronize;
    bool is_done; /* the usage is over */
};

enum { THEIR_INVITE, THEIR_PRACK, THEIR_UPDATE };

struct walk {
    struct side side[2]; /* callee, caller */
    struct mail mail[MAIL_COUNT_MAX];
    struct tnd_random random;
    tnd_time now;
    unsigned sessions;
    bool is_lossy;
};

static const struct tnd_dialog_timing timing = {TND_MS(500), TND_SEC(4)};

/* Requests and their responses come in the end (their transactions see to it); 2xx and ACK may
 * get lost. */
static bool may_be_lost(const struct tnd_session_message *m)
{
    return m->kind == OK || m->kind == ACK || m->kind == PROVISIONAL;
}

static void post(struct walk *w, bool is_from_caller, struct tnd_session_message m,
                 unsigned session)
{
    if (w->is_lossy && may_be_lost(&m) && tnd_random_chance(&w->random, 1, 4))
        return;
    for (unsigned i = 0; i < MAIL_COUNT_MAX; i++) {
        if (!w->mail[i].is_used) {
            w->mail[i] = (struct mail){m, session, !is_from_caller, true};
            return;
        }
    }
    CHECK(!"too much mail");
}

static struct tnd_session_message message(int kind, bool is_described, uint32_t cseq)
{
    return (struct tnd_session_message){
        .kind = (uint8_t)kind, .is_described = is_described, .cseq = cseq};
}

static void do_acts(struct walk *w, bool is_caller, const struct tnd_dialog_acts *acts,
                    const struct mail *mail);

/* What a description of ours, or theirs, that has this part makes of the session. */
static void take_part(struct side *side, enum tnd_session_part part, unsigned session)
{
    if (part == TND_SESSION_OFFER)
        side->offered = session;
    if (part == TND_SESSION_ANSWER || part == TND_SESSION_PREVIEWED) {
        CHECK_EQ(side->offered, session);
        side->session = session;
    }
}

/* Sends it if that is allowed; what it says follows from its part. */
static bool try_send(struct walk *w, bool is_caller, struct tnd_session_message m)
{
    struct side *side = &w->side[is_caller];
    struct tnd_session_out out;
    unsigned session = side->offered;

    if (tnd_session_forbids(&side->s, &m) != TND_RULE_NONE)
        return false;
    tnd_session_send(&side->s, &m, w->now, &out);
    if (out.part == TND_SESSION_OFFER)
        session = ++w->sessions;
    if (m.kind == INVITE)
        side->before = side->session;
    if (m.kind == RELIABLE)
        side->is_unacked = true;
    if (m.kind == OK)
        side->final[m.cseq % CSEQ_COUNT_MAX] = (struct final){m.is_described, session};
    if (m.kind != ACK) /* each again would be another copy */
        take_part(side, (enum tnd_session_part)out.part, session);
    else
        side->session = session;
    post(w, is_caller, m, session);
    do_acts(w, is_caller, &out.acts, NULL);
    return true;
}

static bool send_either(struct walk *w, bool is_caller, int kind, uint32_t cseq)
{
    bool first = tnd_random_chance(&w->random, 1, 2);

    return try_send(w, is_caller, message(kind, first, cseq)) ||
           try_send(w, is_caller, message(kind, !first, cseq));
}

static void refuse(struct walk *w, bool is_caller, unsigned code, const struct mail *mail)
{
    int kind = mail->m.kind == INVITE  ? REFUSAL
               : mail->m.kind == PRACK ? PRACK_REFUSAL
               : mail->m.kind == BYE   ? BYE_FINAL
                                       : UPDATE_REFUSAL;
    struct tnd_session_message m = message(kind, false, mail->m.cseq);

    m.code = (uint16_t)code;
    post(w, is_caller, m, 0);
}

static void refuse_waiting(struct walk *w, bool is_caller, unsigned what, int kind, unsigned code)
{
    struct side *side = &w->side[is_caller];
    struct tnd_session_message m = message(kind, false, side->their_cseq[what]);

    if (!side->is_waiting[what])
        return;
    m.code = (uint16_t)code;
    side->is_waiting[what] = false;
    post(w, is_caller, m, 0);
}

static void note_request(struct side *side, const struct mail *mail)
{
    unsigned what = mail->m.kind == INVITE  ? THEIR_INVITE
                    : mail->m.kind == PRACK ? THEIR_PRACK
                                            : THEIR_UPDATE;

    side->is_waiting[what] = true;
    side->their_cseq[what] = mail->m.cseq;
    if (what == THEIR_INVITE)
        side->before = side->session;
}

static void do_act(struct walk *w, bool is_caller, const struct tnd_dialog_act *a,
                   const struct mail *mail)
{
    struct side *side = &w->side[is_caller];

    switch ((enum tnd_dialog_act_kind)a->kind) {
    case TND_DIALOG_PASS:
        /* A PRACK without an offer is answered at once. */
        if (mail->m.kind == INVITE || mail->m.kind == UPDATE ||
            (mail->m.kind == PRACK &&
             !try_send(w, is_caller, message(PRACK_OK, false, mail->m.cseq))))
            note_request(side, mail);
        if (mail->m.kind == BYE)
            post(w, is_caller, message(BYE_FINAL, false, mail->m.cseq), 0);
        if (mail->m.kind == RELIABLE)
            CHECK(send_either(w, is_caller, PRACK, ++side->cseq));
        return;
    case TND_DIALOG_REFUSE:
        refuse(w, is_caller, a->code, mail);
        return;
    case TND_DIALOG_REFUSE_INVITE:
        refuse_waiting(w, is_caller, THEIR_INVITE, REFUSAL, a->code);
        return;
    case TND_DIALOG_REFUSE_PENDING:
        refuse_waiting(w, is_caller, THEIR_PRACK, PRACK_REFUSAL, a->code);
        refuse_waiting(w, is_caller, THEIR_UPDATE, UPDATE_REFUSAL, a->code);
        return;
    case TND_DIALOG_SEND_ACK: /* with the answer, if its 2xx had the offer */
        post(w, is_caller, message(ACK, mail && mail->m.is_described, a->cseq),
             mail ? mail->session : 0);
        return;
    case TND_DIALOG_ANSWER_IN_ACK: /* at once, half the time */
        if (tnd_random_chance(&w->random, 1, 2))
            CHECK(try_send(w, is_caller, message(ACK, true, a->cseq)));
        return;
    case TND_DIALOG_SEND_CANCEL:
        post(w, is_caller, message(CANCEL, false, side->s.invite_cseq), 0);
        return;
    case TND_DIALOG_SEND_BYE:
        post(w, is_caller, message(BYE, false, ++side->cseq), 0);
        return;
    case TND_DIALOG_SEND_AGAIN: {
        struct final final = side->final[a->cseq % CSEQ_COUNT_MAX];
        post(w, is_caller, message(OK, final.is_described, a->cseq), final.session);
        return;
    }
    case TND_DIALOG_ROLLBACK:
        if (!mail || mail->m.kind == REFUSAL || mail->m.kind == CANCEL)
            side->session = side->before;
        return;
    case TND_DIALOG_END:
        side->is_done = true;
        return;
    case TND_DIALOG_ARM:
        CHECK(a->at >= w->now);
        side->due[a->timer] = a->at;
        return;
    case TND_DIALOG_DISARM:
        CHECK(side->due[a->timer] != TND_NEVER_DUE);
        side->due[a->timer] = TND_NEVER_DUE;
        return;
    case TND_DIALOG_SYNCHRONIZE:
        side->must_synchronize = true;
        return;
    case TND_DIALOG_RETRY:
    case TND_DIALOG_ABSORB:
        return;
    case TND_DIALOG_SEND_INVITE:
    case TND_DIALOG_SEND_UPDATE:
    case TND_DIALOG_SEND_PRACK:
    case TND_DIALOG_SEND_RELIABLE:
    case TND_DIALOG_SEND_FINAL:
        CHECK(!"of another machine");
    }
}

static void do_acts(struct walk *w, bool is_caller, const struct tnd_dialog_acts *acts,
                    const struct mail *mail)
{
    for (unsigned i = 0; i < acts->count; i++) {
        CHECK(acts->act[i].rule != TND_RULE_NONE);
        CHECK(acts->act[i].kind != TND_DIALOG_END || i == acts->count - 1);
        do_act(w, is_caller, &acts->act[i], mail);
    }
}

static void deliver(struct walk *w, struct mail *slot)
{
    struct mail mail = *slot;
    struct side *side = &w->side[mail.is_to_caller];
    struct tnd_session_out out;

    slot->is_used = false;
    side->is_unacked &= mail.m.kind != PRACK && mail.m.kind != INVITE;
    tnd_session_receive(&side->s, &mail.m, w->now, tnd_random_next(&w->random), &out);
    take_part(side, (enum tnd_session_part)out.part, mail.session);
    do_acts(w, mail.is_to_caller, &out.acts, &mail);
}

/* Two offers are never taken at the same time: one that meets another is refused. */
static void check_offers(const struct walk *w)
{
    CHECK(w->side[0].s.offer != TND_SESSION_THEIRS || w->side[1].s.offer != TND_SESSION_THEIRS);
}

static void fire(struct walk *w, bool is_caller)
{
    struct side *side = &w->side[is_caller];
    struct tnd_session_out out;

    for (int i = TND_DIALOG_TIMER_2XX; i <= TND_DIALOG_TIMER_GLARE; i++) {
        if (side->due[i] > w->now)
            continue;
        side->due[i] = TND_NEVER_DUE;
        tnd_session_timer(&side->s, (enum tnd_dialog_timer)i, w->now, &out);
        do_acts(w, is_caller, &out.acts, NULL);
    }
}

/* RFC 6141 §3.4: an UPDATE, or a re-INVITE if an UPDATE may not be. */
static void synchronize(struct walk *w, bool is_caller)
{
    struct side *side = &w->side[is_caller];
    bool is_sent =
        side->must_synchronize && (try_send(w, is_caller, message(UPDATE, true, side->cseq + 1)) ||
                                   try_send(w, is_caller, message(INVITE, true, side->cseq + 1)));

    side->cseq += is_sent;
    side->must_synchronize = side->must_synchronize && !is_sent;
}

/* Answers what waits. */
static void answer(struct walk *w, bool is_caller, bool is_patient)
{
    struct side *side = &w->side[is_caller];
    static const int finals[] = {OK, PRACK_OK, UPDATE_OK};
    static const int refusals[] = {REFUSAL, PRACK_REFUSAL, UPDATE_REFUSAL};

    if (side->s.answer_cseq != 0)
        try_send(w, is_caller, message(ACK, true, side->s.answer_cseq));
    for (unsigned i = 0; i < 3; i++) {
        if (!side->is_waiting[i] || (is_patient && tnd_random_chance(&w->random, 1, 2)))
            continue;
        struct tnd_session_message no = message(refusals[i], false, side->their_cseq[i]);
        no.code = 488;
        side->is_waiting[i] = false;
        bool is_refused = is_patient && i != THEIR_PRACK && side->s.state != TND_SESSION_EARLY &&
                          tnd_random_chance(&w->random, 1, 4) && try_send(w, is_caller, no);
        if (!is_refused)
            side->is_waiting[i] = !send_either(w, is_caller, finals[i], side->their_cseq[i]);
        else if (i == THEIR_INVITE)
            side->session = side->before;
    }
}

/* Something that a user may do. */
static void act(struct walk *w, bool is_caller)
{
    struct side *side = &w->side[is_caller];
    struct tnd_session_out out;
    uint64_t what = tnd_random_below(&w->random, 40);

    if (what < 12)
        answer(w, is_caller, true);
    else if (what < 18)
        side->cseq += send_either(w, is_caller, UPDATE, side->cseq + 1);
    else if (what < 24)
        side->cseq += send_either(w, is_caller, INVITE, side->cseq + 1);
    else if (what < 30 && side->is_waiting[THEIR_INVITE] && !side->is_unacked)
        send_either(w, is_caller, what < 26 ? PROVISIONAL : RELIABLE,
                    side->their_cseq[THEIR_INVITE]);
    else if (what == 39 && tnd_random_chance(&w->random, 1, 4)) {
        tnd_session_end(&side->s, &out);
        do_acts(w, is_caller, &out.acts, NULL);
    }
}

static unsigned mail_count(const struct walk *w)
{
    unsigned count = 0;

    for (unsigned i = 0; i < MAIL_COUNT_MAX; i++)
        count += w->mail[i].is_used;
    return count;
}

static void deliver_one(struct walk *w)
{
    uint64_t first = tnd_random_below(&w->random, MAIL_COUNT_MAX);

    for (unsigned i = 0; i < MAIL_COUNT_MAX; i++) {
        struct mail *mail = &w->mail[(first + i) % MAIL_COUNT_MAX];
        if (mail->is_used) {
            deliver(w, mail);
            return;
        }
    }
}

static void start(struct walk *w, uint64_t seed)
{
    struct tnd_session_out out;

    memset(w, 0, sizeof(*w));
    tnd_random_init(&w->random, seed);
    w->is_lossy = true;
    struct tnd_session_message invite = message(INVITE, tnd_random_chance(&w->random, 2, 3), 1);
    w->sessions = invite.is_described;
    for (int i = 0; i < 2; i++) {
        struct side *side = &w->side[i];
        for (int timer = 0; timer < TND_DIALOG_TIMER_COUNT; timer++)
            side->due[timer] = TND_NEVER_DUE;
        side->cseq = 1;
        side->offered = w->sessions;
        tnd_session_start(&side->s, &timing, i == 1, &invite, &out);
    }
    w->side[0].is_waiting[THEIR_INVITE] = true;
    w->side[0].their_cseq[THEIR_INVITE] = 1;
}

/* Nothing is lost any more, and everything is answered. */
static void settle(struct walk *w)
{
    w->is_lossy = false;
    for (int i = 0; i < 400; i++) {
        while (mail_count(w) > 0)
            deliver_one(w);
        answer(w, false, false);
        answer(w, true, false);
        synchronize(w, false);
        synchronize(w, true);
        if (mail_count(w) == 0)
            w->now += TND_MS(200);
        fire(w, false);
        fire(w, true);
    }
    CHECK_EQ(mail_count(w), 0);
}

static void check_settled(const struct walk *w)
{
    for (int i = 0; i < 2; i++) {
        const struct side *side = &w->side[i];
        for (int u = 0; u < TND_SESSION_UNACKED_COUNT_MAX; u++)
            CHECK_EQ(side->s.unacked[u].end_at, TND_NEVER_DUE);
        CHECK_EQ(side->due[TND_DIALOG_TIMER_2XX], TND_NEVER_DUE);
        CHECK_EQ(side->s.offer, TND_SESSION_NOBODY);
        CHECK(side->s.state == TND_SESSION_CONFIRMED || side->is_done);
        CHECK(!side->s.is_end_wanted || side->is_done);
        /* Of a call that is over a 2xx may have been lost: its transaction times out. */
        CHECK(side->is_done || (side->s.invite == TND_SESSION_NOBODY && !side->s.our_update &&
                                !side->s.their_update && side->s.their_pracks == 0));
    }
    CHECK_EQ(w->side[0].is_done, w->side[1].is_done);
}

static void check_agree(const struct walk *w)
{
    if (!w->side[0].is_done)
        CHECK_EQ(w->side[0].session, w->side[1].session);
}

TND_TEST(
    session_walk, "RFC 3261 §13, §14, §15",
    "whatever gets lost or overtakes, once faults stop both sides agree, or the call is over for both")
{
    static struct walk w;
    unsigned on = 0, over = 0;

    for (uint64_t seed = 0; seed < RUN_COUNT; seed++) {
        start(&w, seed);
        for (int i = 0; i < STEP_COUNT; i++) {
            w.now += (tnd_time)tnd_random_below(&w.random, TND_MS(300));
            fire(&w, false);
            fire(&w, true);
            act(&w, tnd_random_chance(&w.random, 1, 2));
            if (tnd_random_chance(&w.random, 2, 3))
                deliver_one(&w);
            check_offers(&w);
        }
        settle(&w);
        check_settled(&w);
        check_agree(&w);
        if (w.side[0].is_done)
            over++;
        else
            on++;
    }
    CHECK(on > RUN_COUNT / 10 && over > RUN_COUNT / 10); /* both kinds were seen */
}

/* One event of a peer who says anything, or of the user, if that is allowed. */
static void anything(struct session_test *t, struct tnd_random *random)
{
    struct tnd_session_message m = {
        .kind = (uint8_t)tnd_random_below(random, TND_SESSION_BYE_FINAL + 1),
        .is_described = tnd_random_chance(random, 1, 2),
        .is_conditional = tnd_random_chance(random, 1, 4),
        .code = (uint16_t)(300 + tnd_random_below(random, 400)),
        .cseq = (uint32_t)(1 + tnd_random_below(random, 5)),
    };
    uint64_t what = tnd_random_below(random, 100);

    t->random = tnd_random_next(random);
    t->code = m.code;
    if (what < 50)
        session_got(t, m.kind, m.is_described, m.cseq);
    else if (what < 90 && tnd_session_forbids(&t->s, &m) == TND_RULE_NONE)
        session_sent(t, m.kind, m.is_described, m.cseq);
    else if (what < 99)
        session_run(t, (int)(t->now / 1000) + (int)tnd_random_below(random, 3000));
    else
        session_ended(t);
}

TND_TEST(session_anything, "RFC 3261 §13",
         "no order of a peer's messages trips an assertion, and each has an answer or a reason")
{
    struct session_test t;
    struct tnd_random random;

    tnd_random_init(&random, 1);
    for (int run = 0; run < ANYTHING_COUNT; run++) {
        if (run % 2 == 0)
            session_caller(&t, run % 4 == 0);
        else
            session_callee(&t, run % 4 == 1);
        for (int i = 0; i < 30; i++)
            anything(&t, &random);
        session_run(&t, (int)(t.now / 1000) + 40000);
        for (int u = 0; u < TND_SESSION_UNACKED_COUNT_MAX; u++)
            CHECK_EQ(t.s.unacked[u].end_at, TND_NEVER_DUE);
    }
}
