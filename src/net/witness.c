/* What is seen of a worker's messages. */
#include "net/witness.h"

int tnd_witness_init(struct tnd_witness *w, size_t recorder_size)
{
    memset(w, 0, sizeof(*w));
    return recorder_size > 0 ? tnd_recorder_new(recorder_size, &w->recorder) : 0;
}

void tnd_witness_fini(struct tnd_witness *w)
{
    tnd_recorder_free(&w->recorder);
}

void tnd_witness_count(struct tnd_witness *w, const struct tnd_msg *msg)
{
    tnd_tally_came(&w->tally, msg);
}

void tnd_witness_came(struct tnd_witness *w, tnd_time now, const struct tnd_flow *flow,
                      struct tnd_slice bytes)
{
    if (w->recorder)
        tnd_recorder_put(w->recorder, &(struct tnd_recorded){.at = now + w->wall_offset,
                                                             .local = flow->local,
                                                             .remote = flow->remote,
                                                             .bytes = bytes});
}

void tnd_witness_left(struct tnd_witness *w, tnd_time now, const struct tnd_endpoint *local,
                      const struct tnd_endpoint *remote, struct tnd_slice bytes)
{
    tnd_tally_left(&w->tally, bytes);
    if (w->recorder)
        tnd_recorder_put(w->recorder, &(struct tnd_recorded){.at = now + w->wall_offset,
                                                             .is_sent = true,
                                                             .local = *local,
                                                             .remote = *remote,
                                                             .bytes = bytes});
}

static void put_why(struct tnd_witness *w, const struct tnd_why *why)
{
    struct tnd_why copy = *why;

    copy.at += w->wall_offset;
    tnd_recorder_put(w->recorder,
                     &(struct tnd_recorded){.at = copy.at,
                                            .kind = TND_RECORDED_WHY,
                                            .remote = why->source,
                                            .bytes = tnd_slice((const char *)&copy, sizeof(copy))});
}

/* Who answered with 2xx is asked by nobody why: it is counted only. */
void tnd_witness_whys(struct tnd_witness *w, const struct tnd_node *node)
{
    const struct tnd_why *why;

    for (int answered = 1; answered >= 0; answered--)
        while ((why = tnd_node_why_next(node, answered, &w->whys_seen[answered]))) {
            tnd_tally_answer(&w->tally, tnd_tally_key(why->method, why->code, why->rule), 1);
            if (w->recorder && !answered)
                put_why(w, why);
        }
}
