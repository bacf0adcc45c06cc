/* 380: another service is offered, described in a body (RFC 3261 §21.3.5). */
#include "recover/recover.h"

/* What the body says; false: why is what is said of it then. */
static bool read_body(struct recover_case *c, const char **why)
{
    const struct tnd_alternative_reader *reader = c->attempt->alternatives;
    struct tnd_slice type = tnd_msg_value(c->response, TND_HEADER_CONTENT_TYPE);
    struct tnd_alternative read = {0};

    *why = "nobody here can read it";
    if (!reader || !reader->read(reader->ctx, type, c->response->body, c->r->a, &read, why))
        return false;
    c->ret->alternative = read;
    return true;
}

static struct tnd_slice or_none(struct tnd_slice s)
{
    return s.ptr ? s : TND_STR("");
}

/* "; it offers emergency (emergency-registration): text". RFC 3261 §21.3.5: the body says what; where it
 * cannot be read that is told, and nothing is made up. */
static struct tnd_slice offered(struct recover_case *c)
{
    const struct tnd_alternative *alternative = &c->ret->alternative;
    const char *why;

    if (!c->response || c->response->body.len == 0)
        return TND_STR("; the response does not describe it");
    if (!read_body(c, &why))
        return RECOVER_TEXT(c, TND_STR("; its description ("),
                            or_none(tnd_msg_value(c->response, TND_HEADER_CONTENT_TYPE)),
                            TND_STR(") cannot be read: "), tnd_slice_str(why));
    return RECOVER_TEXT(
        c, TND_STR("; it offers: "), or_none(alternative->type),
        alternative->action.len ? TND_STR(", ") : TND_STR(""), or_none(alternative->action),
        alternative->reason.len ? TND_STR(", ") : TND_STR(""), or_none(alternative->reason));
}

bool recover_alternative(struct recover_case *c)
{
    struct tnd_slice what = offered(c);

    if (recover_target_add(c) == 0 || !recover_target_next(c)) {
        c->why = RECOVER_TEXT(c, c->why.ptr ? c->why : TND_STR("no contact is left"), what);
        return false;
    }
    return RECOVER_DO(c, c->ret->detail, what);
}
