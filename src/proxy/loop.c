/* Loops: a request that comes back as it was (RFC 3261 §16.3 item 4, as RFC 5393 §4.2.2 has it).
 *
 * A Via of ours is known by its loop part alone: who does not hold the key cannot make one, and who
 * repeats one has his own request refused. So no sent-by is compared, and what another node of
 * the cluster sent counts too. */
#include "proxy/branch.h"

static bool has_loop_part(const struct tnd_via *via, uint64_t loop)
{
    uint64_t part;

    return via->branch.len == TND_BRANCH_LEN &&
           proxy_read_digits(via->branch.ptr + PROXY_LOOP_AT, &part) && part == loop;
}

static bool is_alone(const struct tnd_msg *msg, const struct tnd_via *via)
{
    const struct tnd_field *f = tnd_msg_field(msg, TND_HEADER_VIA);

    return f->next == 0 && tnd_slice_end(via->text) == tnd_slice_end(tnd_field_value(msg, f));
}

/* A Via alone is of whoever made the request. Else the top one counts too: we may have sent the
 * request to ourselves. Behind one that cannot be read none is looked at: those that count lie
 * above what a stranger put in before. */
enum tnd_rule tnd_branch_loops(const struct tnd_branch_seed *seed,
                               const struct tnd_txn_parts *request)
{
    struct tnd_values vias = tnd_msg_values(request->msg, TND_HEADER_VIA);
    struct tnd_via via;

    if (!request->has_via || is_alone(request->msg, &request->via))
        return TND_RULE_NONE;
    while (tnd_via_next(&vias, &via))
        if (has_loop_part(&via, seed->loop))
            return TND_RULE_PROXY_LOOP;
    return TND_RULE_NONE;
}
