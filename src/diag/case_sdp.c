/* Session descriptions. Reading one is the dearest part of looking at a call in which nothing is wrong: ask
 * case_glance() before. */
#include "diag/find_case.h"

static bool is_sdp(const struct tnd_msg *msg)
{
    static const struct tnd_slice type = TND_STR_INIT("application/sdp");
    struct tnd_slice value = tnd_msg_value(msg, TND_HEADER_CONTENT_TYPE);

    return value.len >= type.len && tnd_slice_eq_fold(tnd_slice(value.ptr, type.len), type);
}

static struct tnd_sdp *read_sdp(struct find_case *c, const struct tnd_msg *msg)
{
    struct tnd_sdp_flaws flaws = {0};
    struct tnd_sdp *sdp;

    if (msg->body.len == 0 || !is_sdp(msg))
        return NULL;
    sdp = tnd_arena_zero(c->a, 1, sizeof(*sdp));
    /* One that is broken is shown as far as it could be read. */
    return sdp && tnd_sdp_read(c->a, msg->body, sdp, &flaws) != TND_ENOMEM ? sdp : NULL;
}

const struct tnd_sdp *case_sdp(struct find_case *c, uint32_t i)
{
    const struct tnd_msg *msg = case_msg(c, i);
    struct case_view *view = &c->view[i];

    if (!view->was_asked) {
        view->was_asked = true;
        view->sdp = read_sdp(c, msg);
    }
    return view->sdp;
}
