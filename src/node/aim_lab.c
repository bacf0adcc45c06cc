/* Users of the lab who are several phones, so that a fork and what comes of it can be watched: lab-600
 * refuses on one phone while the others ring, and lab-fork is busy, away and there. Each phone is a user of
 * the lab too, told by a URI parameter, and is called through the server as any other. */
#include "node/context.h"

enum { PHONE_COUNT = 3, PHONE_ROOM = 96 };

struct phones {
    const char *user;
    const char *phone[PHONE_COUNT]; /* what stands in front of the host, and behind it */
    const char *params[PHONE_COUNT];
};

static const struct phones several[] = {
    {"lab-600",
     {"lab-600", "lab-200", "lab-200"},
     {";phone=1;delay=1", ";phone=2;ring=30", ";phone=3;ring=30"}},
    {"lab-fork", {"lab-486", "lab-302", "lab-200"}, {";phone=1", ";phone=2", ";phone=3;ring=1"}},
};

static const struct phones *phones_of(struct tnd_slice user)
{
    for (size_t i = 0; i < sizeof(several) / sizeof(*several); i++)
        if (tnd_slice_eq_fold(user, tnd_slice_str(several[i].user)))
            return &several[i];
    return NULL;
}

bool node_is_several_phones(const struct tnd_uri *uri)
{
    struct tnd_slice phone;

    return uri->user.ptr && phones_of(uri->user) &&
           !tnd_param_find(uri->params, TND_STR("phone"), &phone);
}

/* What steers the user of the lab steers the first of his phones. */
static struct tnd_slice uri_of(struct tnd_node *n, struct node_context *ctx,
                               const struct phones *phones, size_t i)
{
    struct tnd_slice host = node_self(n, &ctx->flow);
    size_t room = PHONE_ROOM + host.len + ctx->uri.params.len;
    char *at = tnd_arena_take(&ctx->arena, room);
    struct tnd_writer w = tnd_writer(at, at ? room : 0);

    tnd_put(&w, TND_STR("sip:"));
    tnd_put_str(&w, phones->phone[i]);
    tnd_put_char(&w, '@');
    tnd_put(&w, host);
    tnd_put_str(&w, phones->params[i]);
    if (i == 0)
        tnd_put(&w, ctx->uri.params);
    return tnd_writer_slice(&w);
}

void node_aim_at_phones(struct tnd_node *n, struct node_context *ctx)
{
    const struct phones *phones = phones_of(ctx->uri.user);
    struct tnd_target targets[PHONE_COUNT];

    for (size_t i = 0; i < PHONE_COUNT; i++)
        targets[i] = (struct tnd_target){.uri = uri_of(n, ctx, phones, i), .q = 1000};
    if (tnd_arena_over(&ctx->arena))
        node_context_overload(n, ctx);
    else
        node_search_start(n, ctx, targets, PHONE_COUNT, false);
}
