/* The machine of offer and answer: RFC 3264 §4, with RFC 6337.
 *
 * Two exchanges, the agreed and the pending, each with an arena of its own. Whatever ends
 * an exchange swaps or resets whole arenas, so that nothing is left half changed. Rejected:
 * editing the agreed descriptions in place and undoing it. */
#include "sdp/agree.h"

static void clear(struct tnd_oa_exchange *x)
{
    tnd_arena_reset(&x->arena);
    x->has_local = x->has_remote = false;
    x->local = x->remote = (struct tnd_sdp){0};
    x->local_text = x->remote_text = tnd_slice(NULL, 0);
    memset(x->slot, -1, sizeof(x->slot));
}

void tnd_oa_init(struct tnd_oa *oa, const struct tnd_mem *mem, size_t size_max)
{
    *oa = (struct tnd_oa){.state = TND_OA_STABLE};
    oa->agreed = &oa->exchanges[0];
    oa->pending = &oa->exchanges[1];
    tnd_arena_init(&oa->agreed->arena, NULL, 0, mem, size_max);
    tnd_arena_init(&oa->pending->arena, NULL, 0, mem, size_max);
    tnd_arena_init(&oa->sent_arena, NULL, 0, mem, size_max);
    clear(oa->agreed);
    clear(oa->pending);
}

void tnd_oa_fini(struct tnd_oa *oa)
{
    tnd_arena_fini(&oa->exchanges[0].arena);
    tnd_arena_fini(&oa->exchanges[1].arena);
    tnd_arena_fini(&oa->sent_arena);
    *oa = (struct tnd_oa){.state = TND_OA_STABLE};
}

void tnd_oa_rollback(struct tnd_oa *oa)
{
    clear(oa->pending);
    oa->state = TND_OA_STABLE;
}

/* The pending exchange is the agreed one from now on. */
static void agree(struct tnd_oa *oa)
{
    struct tnd_oa_exchange *was = oa->agreed;

    TND_ASSERT(oa->pending->has_local && oa->pending->has_remote);
    TND_ASSERT(oa->pending->local.media_count == oa->pending->remote.media_count);
    oa->agreed = oa->pending;
    oa->pending = was;
    clear(oa->pending);
    oa->state = TND_OA_STABLE;
}

/* The text of sdp, in a. */
static int print(struct tnd_arena *a, const struct tnd_sdp *sdp, struct tnd_slice *ret)
{
    struct tnd_writer count = tnd_writer(NULL, 0);
    int err = tnd_sdp_write(&count, sdp);

    if (err)
        return err;
    struct tnd_writer w = tnd_writer(tnd_arena_take(a, count.len), count.len);
    if (!w.ptr)
        return TND_ENOMEM;
    tnd_sdp_write(&w, sdp);
    *ret = tnd_writer_slice(&w);
    return 0;
}

/* RFC 3264 §8: the version increments by one if the description differs from the previous
 * one, and that is the last that the other side was given, refused or not. */
static int print_with_version(const struct tnd_oa *oa, struct tnd_arena *a, struct tnd_sdp *sdp,
                              struct tnd_slice *ret)
{
    if (oa->given)
        sdp->origin.version = oa->version;
    int err = print(a, sdp, ret);
    if (err || !oa->given || tnd_slice_eq(*ret, oa->sent))
        return err;
    sdp->origin.version++;
    return print(a, sdp, ret);
}

/* Keeps text and reads it, so that its slices live as long as the exchange. */
static int keep_local(struct tnd_oa_exchange *x, struct tnd_slice text)
{
    struct tnd_sdp_flaws flaws = {.count = 0};

    x->local_text = tnd_slice_keep(&x->arena, text);
    if (tnd_arena_over(&x->arena))
        return TND_ENOMEM;
    int err = tnd_sdp_read(&x->arena, x->local_text, &x->local, &flaws);
    if (err == TND_ESYNTAX) /* what was written breaks a bound, for nothing else is left */
        return TND_ESPACE;
    x->has_local = err == 0;
    return err;
}

/* Remembers what the other side was given. If that fails, the next differs: a version that
 * grows for nothing does no harm. */
static void note_sent(struct tnd_oa *oa)
{
    tnd_arena_reset(&oa->sent_arena);
    oa->sent = tnd_slice_keep(&oa->sent_arena, oa->pending->local_text);
    oa->version = oa->pending->local.origin.version;
    oa->given = true;
}

static int give(struct tnd_oa *oa, struct tnd_arena *a, struct tnd_sdp *sdp, const int8_t *slot)
{
    struct tnd_slice text;
    int err = print_with_version(oa, a, sdp, &text);

    if (!err)
        err = keep_local(oa->pending, text);
    if (err)
        return err;
    memcpy(oa->pending->slot, slot, sizeof(oa->pending->slot));
    note_sent(oa);
    return 0;
}

int tnd_oa_offer(struct tnd_oa *oa, struct tnd_arena *a, const struct tnd_oa_local *local,
                 struct tnd_slice *ret)
{
    int8_t slot[TND_SDP_MEDIA_COUNT_MAX];
    struct tnd_sdp sdp = {.name = {NULL, 0}};

    if (oa->state != TND_OA_STABLE) /* RFC 3264 §4: MUST NOT generate a new offer */
        return TND_ESTATE;
    int count = tnd_oa_bind_offer(oa, local, slot);
    if (count < 0)
        return count;
    int err = tnd_oa_compose_offer(oa, a, local, slot, (size_t)count, &sdp);
    if (!err)
        err = give(oa, a, &sdp, slot);
    if (err) {
        clear(oa->pending);
        return err;
    }
    oa->state = TND_OA_OFFER_SENT;
    *ret = oa->pending->local_text;
    return 0;
}

/* Keeps and reads what the other side sent; the flaws are those of its grammar. */
static int keep_remote(struct tnd_oa_exchange *x, struct tnd_slice text,
                       struct tnd_sdp_flaws *flaws)
{
    x->remote_text = tnd_slice(NULL, 0);
    if (text.len > TND_SDP_SIZE_MAX) {
        tnd_sdp_blame(flaws, TND_RULE_SDP_SIZE, tnd_slice(text.ptr, 0));
        return TND_ESYNTAX;
    }
    x->remote_text = text.len > 0 ? tnd_slice_keep(&x->arena, text) : text;
    if (tnd_arena_over(&x->arena))
        return TND_ENOMEM;
    int err = tnd_sdp_read(&x->arena, x->remote_text, &x->remote, flaws);
    x->has_remote = err == 0;
    return err;
}

/* Moves the places of flaws from copy, which goes away, to the same ones in text. */
static void move_places(struct tnd_sdp_flaws *flaws, struct tnd_slice copy, struct tnd_slice text)
{
    for (size_t i = 0; copy.ptr && i < flaws->count && i < TND_SDP_FLAW_COUNT_MAX; i++) {
        struct tnd_slice *where = &flaws->first[i].where;
        if (where->ptr)
            where->ptr = text.ptr + (where->ptr - copy.ptr);
    }
}

/* Takes what the other side sent into the pending exchange, and judges it. */
static int hear(struct tnd_oa *oa, struct tnd_slice text,
                void (*judge)(const struct tnd_oa *, struct tnd_arena *, struct tnd_sdp_flaws *),
                struct tnd_sdp_flaws *ret_flaws)
{
    struct tnd_oa_exchange *x = oa->pending;
    struct tnd_sdp_flaws flaws = {.count = 0};
    int err = keep_remote(x, text, &flaws);

    if (!err) {
        judge(oa, &x->arena, &flaws);
        oa->heard = x->remote.origin.version;
        if (tnd_arena_over(&x->arena))
            err = TND_ENOMEM;
        else if (flaws.refusing)
            err = TND_ESYNTAX;
    }
    if (err)
        move_places(&flaws, x->remote_text, text);
    tnd_sdp_blame_all(ret_flaws, &flaws);
    return err;
}

int tnd_oa_offered(struct tnd_oa *oa, struct tnd_slice text, struct tnd_sdp_flaws *ret_flaws)
{
    if (oa->state != TND_OA_STABLE) {
        tnd_sdp_blame(ret_flaws, TND_RULE_OFFER_PENDING, text);
        return TND_ESTATE;
    }
    int err = hear(oa, text, tnd_oa_judge_offer, ret_flaws);
    if (err)
        clear(oa->pending);
    else
        oa->state = TND_OA_OFFER_RECEIVED;
    return err;
}

int tnd_oa_match(const struct tnd_oa *oa, struct tnd_arena *a, const struct tnd_oa_local *local,
                 size_t i)
{
    int8_t slot[TND_SDP_MEDIA_COUNT_MAX];

    TND_ASSERT(oa->state == TND_OA_OFFER_RECEIVED);
    if (local->stream_count > TND_SDP_MEDIA_COUNT_MAX || i >= oa->pending->remote.media_count)
        return -1;
    tnd_oa_bind_answer(oa, a, local, slot);
    return tnd_arena_over(a) ? -1 : slot[i];
}

/* Whether every stream that the offer wants would be refused, though we have some to give. */
static bool is_nothing(const struct tnd_sdp *offer, const struct tnd_oa_local *local,
                       const int8_t *slot)
{
    bool wanted = false;

    for (size_t i = 0; i < offer->media_count; i++) {
        if (slot[i] >= 0)
            return false;
        wanted |= offer->media[i].port != 0;
    }
    return wanted && local->stream_count > 0;
}

int tnd_oa_answer(struct tnd_oa *oa, struct tnd_arena *a, const struct tnd_oa_local *local,
                  struct tnd_slice *ret)
{
    int8_t slot[TND_SDP_MEDIA_COUNT_MAX];
    struct tnd_sdp sdp = {.name = {NULL, 0}};

    if (oa->state != TND_OA_OFFER_RECEIVED)
        return TND_ESTATE;
    if (local->stream_count > TND_SDP_MEDIA_COUNT_MAX)
        return TND_ESPACE;
    tnd_oa_bind_answer(oa, a, local, slot);
    if (tnd_arena_over(a)) /* ask before ENONE: what was not described fits nothing */
        return TND_ENOMEM;
    if (is_nothing(&oa->pending->remote, local, slot))
        return TND_ENONE;
    int err = tnd_oa_compose_answer(oa, a, local, slot, &sdp);
    if (!err)
        err = give(oa, a, &sdp, slot);
    if (err)
        return err;
    agree(oa);
    *ret = oa->agreed->local_text;
    return 0;
}

int tnd_oa_answered(struct tnd_oa *oa, struct tnd_slice text, struct tnd_sdp_flaws *ret_flaws)
{
    if (oa->state != TND_OA_OFFER_SENT)
        return TND_ESTATE;
    int err = hear(oa, text, tnd_oa_judge_answer, ret_flaws);
    if (!err)
        agree(oa);
    else
        oa->pending->has_remote = false;
    return err;
}
