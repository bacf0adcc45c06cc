/* Dialogs: how they are made, confirmed and ended; which requests of the other side come in
 * order; whose Contact is the new target (RFC 3261 §12). */
#include "base/assert.h"
#include "dialog/parts.h"

/* What both sides read of what makes a dialog. */
struct ids {
    struct tnd_addr from, to;
    struct tnd_slice call_id;
    struct tnd_cseq cseq;
};

static bool read_ids(const struct tnd_msg *msg, struct ids *ret)
{
    return tnd_msg_from(msg, &ret->from, NULL) && tnd_msg_to(msg, &ret->to, NULL) &&
           tnd_msg_call_id(msg, &ret->call_id, NULL) && tnd_msg_cseq(msg, &ret->cseq, NULL);
}

static struct tnd_slice keep(struct tnd_dialog *d, struct tnd_slice s)
{
    return s.ptr ? tnd_slice_keep(d->arena, s) : s;
}

/* RFC 3261 §12.1.1, §12.1.2: over TLS, and the Request-URI is a SIPS URI. */
static bool is_secure(const struct tnd_msg *request, bool is_tls)
{
    struct tnd_uri uri;

    return is_tls && tnd_msg_uri(request, &uri, NULL) && uri.scheme == TND_SCHEME_SIPS;
}

static bool makes_dialog(const struct tnd_msg *response, const struct ids *ids)
{
    if (response->kind != TND_MSG_RESPONSE || response->code <= 100 || response->code >= 300)
        return false;
    /* RFC 3261 §12.1: 101-199 with a To tag; a 2xx of RFC 2543 may have none (§12.1.2). */
    return response->code >= 200 || ids->to.tag.ptr;
}

/* Whoever sends no Contact is reached where it was found: he is of RFC 2543, or wrong; the call
 * can be acknowledged and ended all the same. */
static bool take_first_target(struct tnd_dialog *d, const struct tnd_msg *msg,
                              const struct tnd_uri *otherwise)
{
    return dialog_take_target(d, msg) || dialog_set_target(d, otherwise);
}

static int finish(const struct tnd_dialog *d, bool has_target)
{
    if (tnd_arena_over(d->arena))
        return TND_ENOMEM;
    return has_target ? 0 : TND_ESYNTAX;
}

int tnd_dialog_uac(struct tnd_dialog *ret, struct tnd_arena *arena, const struct tnd_msg *request,
                   const struct tnd_msg *response, bool is_tls)
{
    struct tnd_dialog d = {.arena = arena, .is_uac = true, .is_loose = true};
    struct ids ids, ours;
    struct tnd_uri uri;

    if (!read_ids(response, &ids) || !read_ids(request, &ours) || !tnd_msg_uri(request, &uri, NULL))
        return TND_ESYNTAX;
    if (!makes_dialog(response, &ids))
        return TND_ENONE;
    int err = dialog_take_routes(&d, response);
    if (err)
        return err;
    /* RFC 3261 §12.1.2: all that is ours is of the request, whatever came back; To is of the response. */
    d.call_id = keep(&d, ours.call_id);
    d.local_tag = keep(&d, ours.from.tag);
    d.remote_tag = keep(&d, ids.to.tag);
    d.local = keep(&d, tnd_msg_value(request, TND_HEADER_FROM));
    d.remote = keep(&d, tnd_msg_value(response, TND_HEADER_TO));
    d.local_cseq = ours.cseq.number;
    d.is_secure = is_secure(request, is_tls);
    d.state = response->code < 200 ? TND_DIALOG_EARLY : TND_DIALOG_CONFIRMED;
    err = finish(&d, take_first_target(&d, response, &uri));
    if (!err)
        *ret = d;
    return err;
}

/* To of our requests and responses: as it came, with our tag. */
static struct tnd_slice keep_local(struct tnd_dialog *d, struct tnd_slice to, struct tnd_slice tag)
{
    size_t size = to.len + sizeof(";tag=") - 1 + tag.len;
    char *ptr = tnd_arena_take(d->arena, size);
    struct tnd_writer w = tnd_writer(ptr, ptr ? size : 0);

    tnd_put(&w, to);
    tnd_put(&w, TND_STR(";tag="));
    tnd_put(&w, tag);
    return tnd_writer_slice(&w);
}

int tnd_dialog_uas(struct tnd_dialog *ret, struct tnd_arena *arena, const struct tnd_msg *request,
                   struct tnd_slice tag, uint32_t first_cseq, bool is_tls)
{
    struct tnd_dialog d = {.arena = arena, .is_loose = true, .local_cseq = first_cseq};
    struct ids ids;

    TND_ASSERT(tag.len > 0 && first_cseq < UINT32_C(1) << 31);
    if (!read_ids(request, &ids))
        return TND_ESYNTAX;
    if (request->kind != TND_MSG_REQUEST || ids.to.tag.ptr)
        return TND_ENONE;
    int err = dialog_take_routes(&d, request);
    if (err)
        return err;
    d.call_id = keep(&d, ids.call_id);
    d.local_tag = keep(&d, tag);
    d.remote_tag = keep(&d, ids.from.tag); /* RFC 3261 §12.1.1: none is null, as in RFC 2543 */
    d.local = keep_local(&d, tnd_msg_value(request, TND_HEADER_TO), tag);
    d.remote = keep(&d, tnd_msg_value(request, TND_HEADER_FROM));
    d.remote_cseq = ids.cseq.number;
    d.has_remote_cseq = true;
    d.is_secure = is_secure(request, is_tls);
    err = finish(&d, take_first_target(&d, request, &ids.from.uri));
    if (!err)
        *ret = d;
    return err;
}

void tnd_dialog_answered(struct tnd_dialog *d, unsigned code)
{
    if (d->state != TND_DIALOG_EARLY || code < 200)
        return;
    /* RFC 3261 §12.3: any other final response ends what is early. */
    d->state = code < 300 ? TND_DIALOG_CONFIRMED : TND_DIALOG_TERMINATED;
}

void tnd_dialog_terminate(struct tnd_dialog *d)
{
    d->state = TND_DIALOG_TERMINATED;
}

bool tnd_dialog_is_target_refresh(enum tnd_method method)
{
    /* RFC 3261 §12.2; RFC 3311 §5.1; RFC 6665 §4.4.1, RFC 3515 §2.4.1 by way of it */
    return method == TND_METHOD_INVITE || method == TND_METHOD_UPDATE ||
           method == TND_METHOD_SUBSCRIBE || method == TND_METHOD_NOTIFY ||
           method == TND_METHOD_REFER;
}

/* RFC 6141 §4.7: a 2xx, or a provisional response that is reliable, and so has an RSeq. */
static bool may_refresh(const struct tnd_msg *response)
{
    return response->code >= 200 || tnd_msg_has(response, TND_HEADER_RSEQ);
}

/* The final response to the INVITE that made an early dialog. */
static enum tnd_rule settle(struct tnd_dialog *d, const struct tnd_msg *response)
{
    if (response->code >= 300) {
        d->state = TND_DIALOG_TERMINATED;
        return TND_RULE_DIALOG_EARLY_ENDS;
    }
    d->state = TND_DIALOG_CONFIRMED;
    /* RFC 3261 §13.2.2.4: the route set anew, whatever it was before. One that cannot be read leaves
     * the old one. */
    dialog_take_routes(d, response);
    dialog_take_target(d, response);
    return TND_RULE_DIALOG_CONFIRMED;
}

enum tnd_rule tnd_dialog_response(struct tnd_dialog *d, const struct tnd_msg *response)
{
    struct tnd_cseq cseq;

    if (response->kind != TND_MSG_RESPONSE || response->code <= 100 ||
        d->state == TND_DIALOG_TERMINATED || !tnd_msg_cseq(response, &cseq, NULL))
        return TND_RULE_NONE;
    if (d->state == TND_DIALOG_EARLY && d->is_uac && cseq.method == TND_METHOD_INVITE &&
        response->code >= 200)
        return settle(d, response);
    if (response->code >= 300 || !tnd_dialog_is_target_refresh((enum tnd_method)cseq.method) ||
        !may_refresh(response))
        return TND_RULE_NONE;
    return dialog_take_target(d, response) ? TND_RULE_DIALOG_TARGET : TND_RULE_NONE;
}

static unsigned by_rule(unsigned code, enum tnd_rule rule, enum tnd_rule *ret_rule)
{
    *ret_rule = rule;
    return code;
}

unsigned tnd_dialog_request(struct tnd_dialog *d, const struct tnd_msg *request,
                            enum tnd_rule *ret_rule)
{
    struct tnd_cseq cseq;

    if (!tnd_msg_cseq(request, &cseq, NULL))
        return by_rule(400, TND_RULE_CSEQ, ret_rule);
    /* RFC 3261 §12.2.1.1: ACK and CANCEL have the number of the INVITE. */
    if (request->method == TND_METHOD_ACK || request->method == TND_METHOD_CANCEL)
        return by_rule(0, TND_RULE_DIALOG_CSEQ, ret_rule);
    /* RFC 3261 §12.2.2: a gap is fine, a step back is not. */
    if (d->has_remote_cseq && cseq.number < d->remote_cseq)
        return by_rule(500, TND_RULE_DIALOG_CSEQ, ret_rule);
    d->remote_cseq = cseq.number;
    d->has_remote_cseq = true;
    return by_rule(0, TND_RULE_DIALOG_CSEQ, ret_rule);
}

enum tnd_rule tnd_dialog_refresh(struct tnd_dialog *d, const struct tnd_msg *request)
{
    if (request->kind != TND_MSG_REQUEST || d->state == TND_DIALOG_TERMINATED ||
        !tnd_dialog_is_target_refresh((enum tnd_method)request->method))
        return TND_RULE_NONE;
    return dialog_take_target(d, request) ? TND_RULE_DIALOG_TARGET : TND_RULE_NONE;
}
