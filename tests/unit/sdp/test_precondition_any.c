/* Pairs of sides whose reservations come, fail and go in any order, while offers cross the network, are
 * answered or refused. Held to a dumb model: what is true on each side, and what each was told of the
 * other, without any table of the machine. */
#include "base/random.h"
#include "unit/sdp/side.h"

enum { SEEDS = 300, STEPS = 60, STATUSES = TND_PRE_STATUS_COUNT };

/* What one side has, and knows. */
struct truth {
    uint8_t has[STATUSES], failed[STATUSES];    /* of its own rows */
    uint8_t told[STATUSES];                     /* has, when it made the last description */
    uint8_t knows[STATUSES], pending[STATUSES]; /* of the other side's rows, seen by itself */
    uint8_t mandatory[STATUSES];                /* as agreed, seen by itself */
};

enum wire { IDLE, OFFER, OFFERED };

struct world {
    struct side side[2];
    struct truth truth[2];
    struct tnd_random r;
    enum wire wire;
    int from; /* who has offered */
    struct tnd_slice text;
    uint8_t mandatory[STATUSES]; /* of the pending exchange, seen by from */
    bool used[STATUSES], agreed;
};

static uint8_t own_of(int status)
{
    static const uint8_t own[] = {TND_SDP_SEND, TND_SDP_SENDRECV, TND_SDP_NONE};

    return own[status];
}

static int turned(int status)
{
    return status == TND_SDP_E2E ? status : TND_SDP_LOCAL + TND_SDP_REMOTE - status;
}

/* rows of the other side, by status, seen from here. */
static void turn(const uint8_t *rows, uint8_t *ret)
{
    for (int status = 0; status < STATUSES; status++)
        ret[turned(status)] =
            (uint8_t)tnd_sdp_direction_reverse((enum tnd_sdp_direction)rows[status]);
}

static void any_wish(struct tnd_random *r, struct tnd_pre_wish *wish)
{
    tnd_pre_qos((enum tnd_sdp_strength)tnd_random_below(r, 3), tnd_random_chance(r, 1, 2), wish);
    for (int status = 0; status < STATUSES; status++)
        if (tnd_random_chance(r, 1, 4))
            wish->mandatory[status] &= (uint8_t)tnd_random_below(r, 4);
    if (tnd_random_chance(r, 1, 4))
        wish->confirm[TND_SDP_REMOTE] = TND_SDP_SENDRECV;
}

static void world_init(struct world *w, uint64_t seed)
{
    struct tnd_pre_wish wish;

    *w = (struct world){.wire = IDLE};
    tnd_random_init(&w->r, seed);
    any_wish(&w->r, &wish);
    side_init_a(&w->side[0], &wish);
    any_wish(&w->r, &wish);
    side_init_b(&w->side[1], &wish);
}

static void note_told(struct truth *t)
{
    memcpy(t->told, t->has, sizeof(t->told));
}

/* An offer is what was agreed, and what is wished; before anything was agreed, what is wished. */
static void model_offer(struct world *w, int from)
{
    const struct tnd_pre_wish *wish = &w->side[from].wishes[0];

    for (int status = 0; status < STATUSES; status++) {
        if (!w->agreed)
            w->used[status] = wish->offered[status];
        w->mandatory[status] = wish->mandatory[status];
        if (w->agreed)
            w->mandatory[status] |= w->truth[from].mandatory[status];
        if (!w->used[status])
            w->mandatory[status] = 0;
    }
    note_told(&w->truth[from]);
}

/* "used" is symmetric but for local and remote, which go together. */
static void model_raise(struct world *w, int to)
{
    uint8_t raised[STATUSES];

    turn(w->side[to].wishes[0].mandatory, raised);
    for (int status = 0; status < STATUSES; status++)
        if (w->used[status])
            w->mandatory[status] |= raised[status];
    turn(w->truth[w->from].told, w->truth[to].pending);
}

static void model_agree(struct world *w)
{
    struct truth *from = &w->truth[w->from], *to = &w->truth[!w->from];

    memcpy(from->mandatory, w->mandatory, sizeof(from->mandatory));
    turn(w->mandatory, to->mandatory);
    turn(to->told, from->knows);
    memcpy(to->knows, to->pending, sizeof(to->knows));
    w->agreed = true;
}

/* No strength in answer is below that in the offer. */
static void check_not_lowered(const struct world *w)
{
    const struct tnd_oa_exchange *x = w->side[!w->from].p.oa.agreed;
    struct tnd_sdp_precondition offered, answered;

    for (size_t i = 0; i < x->remote.media[0].part.attr_count; i++) {
        if (!tnd_sdp_precondition_read(&x->remote.media[0].part.attrs[i], &offered) ||
            offered.kind != TND_SDP_DES)
            continue;
        unsigned seen = 0, wanted = tnd_sdp_direction_reverse(offered.direction);
        for (size_t j = 0; j < x->local.media[0].part.attr_count; j++)
            if (tnd_sdp_precondition_read(&x->local.media[0].part.attrs[j], &answered) &&
                answered.kind == TND_SDP_DES && answered.strength >= offered.strength &&
                (int)answered.status == turned((int)offered.status))
                seen |= (uint8_t)answered.direction;
        CHECK_EQ(wanted & ~seen, 0);
    }
}

static void send_offer(struct world *w, int from)
{
    w->from = from;
    w->text = side_offer(&w->side[from]);
    w->wire = OFFER;
    model_offer(w, from);
}

static void refuse(struct world *w)
{
    tnd_pre_rollback(&w->side[0].pre);
    tnd_pre_rollback(&w->side[1].pre);
    w->wire = IDLE;
}

/* The pending exchange goes on by one message. */
static void go_on(struct world *w)
{
    struct side *from = &w->side[w->from], *to = &w->side[!w->from];

    switch (w->wire) {
    case IDLE:
        return;
    case OFFER:
        side_take_offer(to, w->text);
        model_raise(w, !w->from);
        w->wire = OFFERED;
        return;
    case OFFERED:
        w->text = side_answer(to);
        note_told(&w->truth[!w->from]);
        check_not_lowered(w);
        model_agree(w);
        side_take_answer(from, w->text);
        w->wire = IDLE;
        return;
    }
}

static void any_outcome(struct world *w, int who, enum tnd_pre_outcome outcome)
{
    struct truth *t = &w->truth[who];
    int status = (int)tnd_random_below(&w->r, STATUSES);
    uint8_t rows = own_of(status) & (uint8_t)tnd_random_below(&w->r, 4);

    if (!rows)
        return;
    side_reserved(&w->side[who], (enum tnd_sdp_status)status, (enum tnd_sdp_direction)rows,
                  outcome);
    t->has[status] &= (uint8_t)~rows;
    t->failed[status] &= (uint8_t)~rows;
    if (outcome == TND_PRE_RESERVED)
        t->has[status] |= rows;
    if (outcome == TND_PRE_REFUSED)
        t->failed[status] |= rows;
}

/* What the verdict must be, by the model. */
static enum tnd_pre_verdict judge(const struct world *w, int who)
{
    const struct truth *t = &w->truth[who];
    bool pending = w->wire == OFFERED && who != w->from;
    const uint8_t *knows = pending ? t->pending : t->knows;
    enum tnd_pre_verdict verdict = TND_PRE_MET;
    uint8_t mandatory[STATUSES];

    if (pending)
        turn(w->mandatory, mandatory);
    else
        memcpy(mandatory, t->mandatory, sizeof(mandatory));
    for (int status = 0; status < STATUSES; status++) {
        uint8_t own = own_of(status);
        uint8_t is = (uint8_t)((t->has[status] & own) | (knows[status] & ~own));
        uint8_t open = mandatory[status] & (uint8_t)~is;
        if (open & t->failed[status])
            return TND_PRE_FAILED;
        if (open)
            verdict = TND_PRE_SUSPENDED;
    }
    return verdict;
}

static void check(const struct world *w)
{
    for (int who = 0; who < 2; who++) {
        if (!w->agreed && !(w->wire == OFFERED && who != w->from))
            continue;
        CHECK_EQ(tnd_pre_verdict(&w->side[who].pre, NULL), judge(w, who));
    }
}

static void any_step(struct world *w)
{
    int who = (int)tnd_random_below(&w->r, 2);
    uint64_t dice = tnd_random_below(&w->r, 10);

    if (dice < 4)
        any_outcome(w, who, (enum tnd_pre_outcome)tnd_random_below(&w->r, 3));
    else if (w->wire == IDLE && (dice < 6 || tnd_pre_offer_is_due(&w->side[who].pre)))
        send_offer(w, who);
    else if (w->wire == OFFERED && dice == 9)
        refuse(w);
    else
        go_on(w);
}

TND_TEST(pre_any_order, "RFC 3312 §6",
         "in any order of reservations, losses and messages, a side is met exactly if all that is "
         "mandatory is true of itself, and was told by the other")
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct world w;
        world_init(&w, seed);
        for (int step = 0; step < STEPS; step++) {
            any_step(&w);
            check(&w);
        }
        side_fini(&w.side[0]);
        side_fini(&w.side[1]);
    }
}

/* Everything that is asked for is had. Returns whether there was anything. */
static bool reserve_all(struct side *s)
{
    struct tnd_pre_rows rows;
    bool any = false;

    for (size_t at = 0; tnd_pre_next(&s->pre, &at, &rows); any = true)
        CHECK_EQ(tnd_pre_reserved(&s->pre, &rows, TND_PRE_RESERVED), 0);
    return any;
}

/* What was refused is had after all. */
static void forgive_all(struct side *s)
{
    side_reserved(s, TND_SDP_LOCAL, TND_SDP_SENDRECV, TND_PRE_LOST);
    side_reserved(s, TND_SDP_E2E, TND_SDP_SEND, TND_PRE_LOST);
}

TND_TEST(
    pre_settles, "RFC 3312 §7",
    "when all is reserved in the end, the offers that are due bring the callee to ring, and it "
    "takes few of them")
{
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct world w;
        world_init(&w, seed);
        for (int step = 0; step < STEPS; step++)
            any_step(&w);
        if (w.wire == OFFER)
            go_on(&w);
        refuse(&w);
        forgive_all(&w.side[0]);
        forgive_all(&w.side[1]);
        if (!w.agreed)
            side_talk(&w.side[0], &w.side[1]);
        int offers = 0;
        for (bool busy = true; busy && offers < 8;) {
            bool first = reserve_all(&w.side[0]), second = reserve_all(&w.side[1]);
            busy = first || second;
            for (int who = 0; who < 2; who++) {
                if (!tnd_pre_offer_is_due(&w.side[who].pre))
                    continue;
                side_talk(&w.side[who], &w.side[!who]);
                busy = true;
                offers++;
            }
        }
        CHECK(offers <= 3);
        CHECK_MET(&w.side[1]);
        tnd_pre_resumed(&w.side[0].pre);
        CHECK_MET(&w.side[0]);
        side_fini(&w.side[0]);
        side_fini(&w.side[1]);
    }
}
