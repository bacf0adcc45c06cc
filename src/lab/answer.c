/* The final response: by the dialog, by the parameters, by the code; and for what is answered
 * with 2xx by the method and the body. */
#include "lab/parts.h"

static void reply(struct lab_answer *ret, unsigned code, enum tnd_rule rule)
{
    ret->reply = (struct tnd_reply){.code = (uint16_t)code, .rport = -1};
    ret->rule = rule;
}

static void fields(const struct tnd_lab_asked *asked, const struct lab_params *params,
                   struct lab_answer *ret, lab_put *put)
{
    struct lab_asking q = {asked, params, ret->reply.code};

    ret->reply.fields = lab_fields(&q, put);
}

static void refuse(const struct tnd_lab_asked *asked, struct lab_answer *ret, unsigned code,
                   enum tnd_rule rule, lab_put *put)
{
    ret->as_called = ret->forgets = false;
    reply(ret, code, rule);
    if (put)
        fields(asked, NULL, ret, put);
}

/* RFC 3261 §13.3.1.3 */
static struct tnd_slice warning_line(struct tnd_arena *a, const struct tnd_warning *warning)
{
    size_t size = sizeof("Warning: 000  \r\n") + warning->agent.len + warning->text.len;
    struct tnd_writer w = tnd_writer(tnd_arena_take(a, size), size);

    if (!w.ptr)
        return (struct tnd_slice){NULL, 0};
    tnd_put_field_name(&w, TND_HEADER_WARNING);
    tnd_warning_write(&w, warning);
    tnd_put_line_end(&w);
    return tnd_writer_slice(&w);
}

/* RFC 3261 §13.3.1.4: an answer, else an offer; of UPDATE only an answer (RFC 3311 §5.2). */
static void describe(const struct tnd_lab_asked *asked, struct lab_answer *ret)
{
    struct tnd_slice offer = {NULL, 0}, sdp = {NULL, 0};
    struct tnd_warning warning = {.code = 0};
    struct lab_fault fault;

    if (lab_body_of(asked->request) == LAB_BODY_KNOWN)
        offer = asked->request->body;
    else if (asked->request->method == TND_METHOD_UPDATE)
        return;
    unsigned code = lab_describe(asked, offer, &sdp, &fault, &warning);
    if (code) {
        refuse(asked, ret, code, fault.rule, code == 580 ? lab_put_warning : NULL);
        ret->reply.reason = fault.reason;
        if (warning.code)
            ret->reply.fields = warning_line(asked->a, &warning);
        if (code != 580)
            return;
    }
    ret->reply.content_type = TND_STR("application/sdp");
    ret->reply.body = sdp;
}

static void put_accept_both(struct tnd_writer *w, const struct lab_asking *q)
{
    lab_put_accept(w, q);
    lab_put_accept_encoding(w, q);
}

/* RFC 3261 §8.2.3. false: it was refused. */
static bool check_body(const struct tnd_lab_asked *asked, struct lab_answer *ret)
{
    switch (lab_body_of(asked->request)) {
    case LAB_BODY_NONE:
    case LAB_BODY_KNOWN:
        return true;
    case LAB_BODY_TYPE:
        refuse(asked, ret, 415, TND_RULE_LAB_BODY, lab_put_accept);
        return false;
    case LAB_BODY_CODING:
        refuse(asked, ret, 415, TND_RULE_LAB_BODY, put_accept_both);
        return false;
    }
    return false;
}

/* A 2xx to a method that we serve; ret has code and rule. */
static void accept(const struct tnd_lab_asked *asked, struct lab_answer *ret)
{
    uint8_t method = asked->request->method;

    /* a BYE ends the call, whatever it carries */
    if (method != TND_METHOD_BYE && !check_body(asked, ret))
        return;
    fields(asked, NULL, ret, lab_put_accepted);
    if (method == TND_METHOD_INVITE || method == TND_METHOD_UPDATE)
        describe(asked, ret);
}

/* RFC 3261 §14.2, RFC 3311 §5.2: what would change a call that is not answered yet. */
static bool is_too_soon(const struct tnd_lab_asked *asked)
{
    if (!asked->is_early)
        return false;
    return asked->request->method == TND_METHOD_INVITE ||
           (asked->request->method == TND_METHOD_UPDATE &&
            lab_body_of(asked->request) == LAB_BODY_KNOWN);
}

static void in_dialog(const struct tnd_lab_asked *asked, struct lab_answer *ret)
{
    if (is_too_soon(asked)) {
        refuse(asked, ret, 500, TND_RULE_LAB_TOO_SOON, lab_put_retry_soon);
        return;
    }
    switch ((enum tnd_method)asked->request->method) {
    case TND_METHOD_INFO:
        if (tnd_msg_has(asked->request, TND_HEADER_INFO_PACKAGE)) {
            refuse(asked, ret, 469, TND_RULE_LAB_INFO_PACKAGE, lab_put_recv_info);
            return;
        }
        /* fall through */
    case TND_METHOD_BYE:
    case TND_METHOD_INVITE:
    case TND_METHOD_MESSAGE:
    case TND_METHOD_OPTIONS:
    case TND_METHOD_UPDATE:
        reply(ret, 200, TND_RULE_LAB_DIALOG);
        accept(asked, ret);
        return;
    case TND_METHOD_PRACK: /* no provisional response of ours is reliable */
        refuse(asked, ret, 481, TND_RULE_LAB_PRACK, NULL);
        return;
    case TND_METHOD_ACK:
    case TND_METHOD_CANCEL:
    case TND_METHOD_COUNT:
    case TND_METHOD_NOTIFY:
    case TND_METHOD_OTHER:
    case TND_METHOD_PUBLISH:
    case TND_METHOD_REFER:
    case TND_METHOD_REGISTER:
    case TND_METHOD_SUBSCRIBE:
        refuse(asked, ret, 405, TND_RULE_LAB_METHOD, lab_put_allow);
        return;
    }
}

/* A user that answers with 2xx, outside of a dialog. */
static void answer_2xx(const struct tnd_lab_asked *asked, struct lab_answer *ret)
{
    switch ((enum tnd_method)asked->request->method) {
    case TND_METHOD_INVITE:
    case TND_METHOD_MESSAGE:
    case TND_METHOD_OPTIONS:
        accept(asked, ret);
        return;
    case TND_METHOD_BYE:
    case TND_METHOD_INFO:
    case TND_METHOD_UPDATE:
        refuse(asked, ret, 481, TND_RULE_LAB_NO_DIALOG, NULL);
        return;
    case TND_METHOD_PRACK:
        refuse(asked, ret, 481, TND_RULE_LAB_PRACK, NULL);
        return;
    case TND_METHOD_ACK:
    case TND_METHOD_CANCEL:
    case TND_METHOD_COUNT:
    case TND_METHOD_NOTIFY:
    case TND_METHOD_OTHER:
    case TND_METHOD_PUBLISH:
    case TND_METHOD_REFER:
    case TND_METHOD_REGISTER:
    case TND_METHOD_SUBSCRIBE:
        refuse(asked, ret, 405, TND_RULE_LAB_METHOD, lab_put_allow);
        return;
    }
}

/* The final code that the user is called by, and the rule that makes it so. */
static void choose_code(const struct tnd_lab_asked *asked, const struct lab_params *params,
                        struct lab_answer *ret)
{
    bool is_invite = asked->request->method == TND_METHOD_INVITE;
    unsigned code = tnd_lab_code(asked->uri->user);

    if (code < 200) /* RFC 4320 §4.1: what is not INVITE has no provisional response */
        reply(ret, 200, is_invite ? TND_RULE_LAB_PROVISIONAL : TND_RULE_LAB_NO_1XX);
    else if (code == 420 && params->tag_count == 0 && !lab_requires(asked->request))
        reply(ret, 200, TND_RULE_LAB_REQUIRES_NOTHING);
    else if (lab_is_mended(asked, params, code))
        reply(ret, 200, TND_RULE_LAB_MENDED);
    else if (code == 580)
        reply(ret, 200, TND_RULE_LAB_RESERVES_NOTHING);
    else if (code == 481 && is_invite)
        reply(ret, 200, TND_RULE_LAB_FORGETS);
    else
        reply(ret, code, TND_RULE_LAB_CODE);
    ret->forgets = code == 481 && is_invite;
}

static bool has_to_tag(const struct tnd_msg *request)
{
    struct tnd_addr to;

    return tnd_msg_to(request, &to, NULL) && to.tag.ptr;
}

static void refuse_param(const struct tnd_lab_asked *asked, struct lab_answer *ret,
                         const struct lab_fault *fault)
{
    refuse(asked, ret, 400, fault->rule, NULL);
    ret->reply.reason = fault->reason;
}

/* The body of body=. A 2xx to INVITE has its session description, one to MESSAGE has none
 * (RFC 3428 §7). */
static void add_body(const struct tnd_lab_asked *asked, const struct lab_params *params,
                     struct lab_answer *ret)
{
    static const struct lab_fault no_place = {
        TND_RULE_LAB_PARAM,
        TND_STR_INIT("Bad body parameter: a 2xx to INVITE or MESSAGE has no place for it")};
    uint8_t method = asked->request->method;

    if (!params->body.ptr || !ret->as_called)
        return;
    if (ret->reply.code < 300 && (method == TND_METHOD_INVITE || method == TND_METHOD_MESSAGE)) {
        refuse_param(asked, ret, &no_place);
        return;
    }
    ret->reply.content_type = TND_STR("text/plain;charset=UTF-8");
    ret->reply.body = params->body;
}

/* The 580 of lab-580 is what the user is called by: it may wait. RFC 3312 §6: but not ring. */
static void fail(const struct tnd_lab_asked *asked, struct lab_params *params,
                 struct lab_answer *ret)
{
    ret->as_called = true;
    params->ring = -1;
    fields(asked, params, ret, lab_put_code);
}

void lab_answer(const struct tnd_lab_asked *asked, struct lab_params *params,
                struct lab_answer *ret)
{
    struct lab_fault fault;

    *ret = (struct lab_answer){.as_called = false};
    if (asked->in_dialog) {
        in_dialog(asked, ret);
        return;
    }
    if (has_to_tag(asked->request)) { /* RFC 3261 §12.2.2 */
        refuse(asked, ret, 481, TND_RULE_LAB_NO_DIALOG, NULL);
        return;
    }
    if (!lab_params_read(asked, params, &fault)) {
        refuse_param(asked, ret, &fault);
        return;
    }
    ret->as_called = true;
    choose_code(asked, params, ret);
    if (ret->reply.code < 300)
        answer_2xx(asked, ret);
    else
        fields(asked, params, ret, lab_put_code);
    if (ret->rule == TND_RULE_LAB_PRECONDITION)
        fail(asked, params, ret);
    add_body(asked, params, ret);
}
