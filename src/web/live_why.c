/* Why the server refused what it refused, as its nodes have noted it. */
#include "web/live_inside.h"

static uint64_t hash_of(const struct tnd_live *l, struct tnd_slice call_id)
{
    if (call_id.len > TND_WHY_CALL_ID_SIZE)
        call_id.len = TND_WHY_CALL_ID_SIZE;
    return tnd_siphash_2_4(&l->secret, call_id);
}

void live_note_why(struct tnd_live *l, struct tnd_slice why)
{
    size_t place = (size_t)(l->whys.count % LIVE_WHY_COUNT);
    struct tnd_why *to = &l->whys.list[place];

    if (why.len != sizeof(*to))
        return;
    memcpy(to, why.ptr, sizeof(*to));
    l->whys.call[place] = hash_of(l, tnd_slice(to->call_id, to->call_id_len));
    l->whys.count++;
}

static bool is_of_call(const uint64_t *hashes, size_t count, uint64_t hash)
{
    for (size_t i = 0; i < count; i++)
        if (hashes[i] == hash)
            return true;
    return false;
}

/* The newest of the response that the call ended with, else the newest to what it began with. */
const struct tnd_why *live_find_why(const struct tnd_live *l, const struct tnd_diag_call *call)
{
    uint64_t first = l->whys.count > LIVE_WHY_COUNT ? l->whys.count - LIVE_WHY_COUNT : 0;
    uint64_t hashes[TND_DIAG_LEG_COUNT_MAX];
    const struct tnd_why *found = NULL;

    if (call->result != TND_DIAG_FAILED)
        return NULL;
    for (size_t i = 0; i < call->leg_count; i++)
        hashes[i] = hash_of(l, call->leg[i]);
    for (uint64_t n = l->whys.count; n > first; n--) {
        size_t place = (size_t)((n - 1) % LIVE_WHY_COUNT);
        const struct tnd_why *why = &l->whys.list[place];

        if (!is_of_call(hashes, call->leg_count, l->whys.call[place]) ||
            why->method != call->method || why->at < call->began)
            continue;
        if (why->code == call->code)
            return why;
        found = found ? found : why;
    }
    return found;
}
