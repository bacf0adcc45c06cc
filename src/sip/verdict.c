/* What a message deserves for its flaws. */
#include "tandem/sip/verdict.h"

#include "sip/message.h"
#include "tandem/sip/field.h"

const struct tnd_field *tnd_msg_field_at(const struct tnd_msg *msg, const char *at)
{
    /* compared as numbers: at may point to another object */
    uintptr_t offset = (uintptr_t)at - (uintptr_t)msg->text.ptr;

    for (uint32_t i = msg->field_count; i > 0; i--)
        if (offset < msg->head.len && msg->fields[i].name <= offset)
            return offset <= msg->fields[i].value + msg->fields[i].value_len ? &msg->fields[i]
                                                                             : NULL;
    return NULL;
}

/* What a proxy uses of a request (RFC 3261 §16.3 to §16.6), and what the transaction does. */
static bool proxy_uses(enum tnd_header kind)
{
    return kind == TND_HEADER_VIA || kind == TND_HEADER_FROM || kind == TND_HEADER_TO ||
           kind == TND_HEADER_CALL_ID || kind == TND_HEADER_CSEQ ||
           kind == TND_HEADER_MAX_FORWARDS || kind == TND_HEADER_ROUTE ||
           kind == TND_HEADER_RECORD_ROUTE || kind == TND_HEADER_PROXY_REQUIRE ||
           kind == TND_HEADER_PROXY_AUTHORIZATION || kind == TND_HEADER_CONTENT_LENGTH ||
           kind == TND_HEADER_MAX_BREADTH;
}

/* What a user agent uses besides: the dialog, the body, the extensions. */
static bool uas_uses(enum tnd_header kind)
{
    return proxy_uses(kind) || kind == TND_HEADER_CONTACT || kind == TND_HEADER_REQUIRE ||
           kind == TND_HEADER_SUPPORTED || kind == TND_HEADER_CONTENT_TYPE ||
           kind == TND_HEADER_CONTENT_ENCODING || kind == TND_HEADER_CONTENT_DISPOSITION ||
           kind == TND_HEADER_ACCEPT || kind == TND_HEADER_EXPIRES ||
           kind == TND_HEADER_AUTHORIZATION || kind == TND_HEADER_RACK || kind == TND_HEADER_RSEQ ||
           kind == TND_HEADER_SESSION_EXPIRES || kind == TND_HEADER_MIN_SE ||
           kind == TND_HEADER_REPLACES || kind == TND_HEADER_REFER_TO || kind == TND_HEADER_EVENT ||
           kind == TND_HEADER_SUBSCRIPTION_STATE;
}

static bool uses(enum tnd_header kind, enum tnd_stand stand)
{
    return stand == TND_AS_PROXY ? proxy_uses(kind) : uas_uses(kind);
}

/* Where lines and the header fields together end is a matter of the message, whatever field
 * it is noted in: others see other fields there. */
static bool is_of_lines(enum tnd_rule rule)
{
    return rule == TND_RULE_LINE_CRLF || rule == TND_RULE_HEADER_END ||
           rule == TND_RULE_HEADER_SECTION_LEN;
}

static bool matters(const struct tnd_msg *msg, const struct tnd_flaw *flaw, enum tnd_stand stand)
{
    /* a display name in another encoding hurts nobody who passes it on */
    if (tnd_rule_level(flaw->rule) == TND_LEVEL_SHOULD || flaw->rule == TND_RULE_UTF8)
        return false;
    if (flaw->rule == TND_RULE_CONTENT_TYPE_MISSING)
        return stand == TND_AS_UAS;
    if (is_of_lines(flaw->rule))
        return true;
    const struct tnd_field *f = tnd_msg_field_at(msg, flaw->where.ptr);
    if (!f)
        return true;
    return uses((enum tnd_header)f->kind, stand);
}

int tnd_msg_check_as(struct tnd_msg *msg, struct tnd_arena *a, enum tnd_stand stand)
{
    bool used[TND_HEADER_COUNT];

    for (uint32_t i = 1; i <= msg->field_count; i++)
        used[msg->fields[i].kind] = uses((enum tnd_header)msg->fields[i].kind, stand);
    return tnd_msg_check_used(msg, a, used);
}

/* Where the next message of a stream starts is lost with the length of this one; or it may
 * be: one of the fields beyond the bound, which were not read, may have been a Content-Length. */
static bool breaks_stream(enum tnd_rule rule)
{
    return rule == TND_RULE_CONTENT_LENGTH || rule == TND_RULE_CONTENT_LENGTH_ONE ||
           rule == TND_RULE_FIELD_COUNT || rule == TND_RULE_CONTENT_LENGTH_STREAM ||
           rule == TND_RULE_MESSAGE_LEN || rule == TND_RULE_HEADER_SECTION_LEN ||
           rule == TND_RULE_HEADER_END || rule == TND_RULE_LINE_CRLF || rule == TND_RULE_START_LINE;
}

static uint16_t code_of(enum tnd_rule rule)
{
    if (rule == TND_RULE_VERSION)
        return 505;
    if (rule == TND_RULE_URI_LEN)
        return 414;
    return tnd_rule_level(rule) == TND_LEVEL_BOUND ? 513 : 400;
}

/* The weightiest flaw that matters; the first among equals. */
static struct tnd_verdict weigh(const struct tnd_msg *msg, enum tnd_stand stand)
{
    static const uint16_t weight[] = {505, 513, 414, 400};
    struct tnd_verdict v = {.action = TND_PROCESS};

    for (size_t w = 0; w < sizeof(weight) / sizeof(*weight) && v.code == 0; w++)
        for (unsigned i = 0; i < msg->flaw_count && v.code == 0; i++)
            if (code_of(msg->flaws[i].rule) == weight[w] && matters(msg, &msg->flaws[i], stand))
                v = (struct tnd_verdict){TND_REPLY, false, weight[w], msg->flaws[i]};
    /* more than were noted: those that were lost may have been the ones that matter */
    if (v.code == 0 && msg->flaws_lost > 0)
        v = (struct tnd_verdict){TND_REPLY, false, 400, msg->flaws[msg->flaw_count - 1]};
    v.close = msg->carrier == TND_STREAM && msg->flaws_lost > 0;
    for (unsigned i = 0; i < msg->flaw_count; i++)
        v.close |= msg->carrier == TND_STREAM && breaks_stream(msg->flaws[i].rule);
    return v;
}

/* A reply needs what it copies (RFC 3261 §8.2.6.2) and a Via that says where to; the rest of
 * the Via may be as broken as it likes. */
static bool can_be_answered(const struct tnd_msg *msg)
{
    struct tnd_via via = {0};

    if (msg->kind != TND_MSG_REQUEST || msg->method == TND_METHOD_ACK)
        return false;
    if (!tnd_msg_has(msg, TND_HEADER_VIA) || !tnd_msg_has(msg, TND_HEADER_FROM) ||
        !tnd_msg_has(msg, TND_HEADER_TO) || !tnd_msg_has(msg, TND_HEADER_CALL_ID) ||
        !tnd_msg_has(msg, TND_HEADER_CSEQ))
        return false;
    tnd_msg_via(msg, &via, NULL);
    return via.host_kind != TND_HOST_NONE;
}

/* Most begin with "sip:" or "sips:", which needs no reading. */
static bool is_foreign_uri(const struct tnd_msg *msg)
{
    struct tnd_uri uri;

    if (msg->uri.len > 4 && tnd_slice_eq_fold(tnd_slice(msg->uri.ptr, 3), TND_STR("sip")) &&
        (msg->uri.ptr[3] == ':' || msg->uri.ptr[3] == 's'))
        return false;

    return tnd_msg_uri(msg, &uri, NULL) && uri.scheme == TND_SCHEME_OTHER;
}

static void set(struct tnd_verdict *v, uint16_t code)
{
    v->action = TND_REPLY;
    v->code = code;
    v->flaw = (struct tnd_flaw){TND_RULE_NONE, {0}};
}

struct tnd_verdict tnd_msg_verdict(const struct tnd_msg *msg, enum tnd_stand stand)
{
    struct tnd_verdict v = weigh(msg, stand);

    if (msg->kind == TND_MSG_REQUEST) {
        bool unknown = stand == TND_AS_UAS && msg->method == TND_METHOD_OTHER;
        bool only_cseq = v.flaw.rule == TND_RULE_CSEQ_METHOD || v.code == 0;

        if (unknown && only_cseq)
            set(&v, 501);
        else if (v.code == 0 && is_foreign_uri(msg))
            set(&v, 416);
    } else if (msg->kind == TND_MSG_NONE && v.code == 0) {
        v.action = TND_DROP;
    }
    if (v.action == TND_REPLY && !can_be_answered(msg)) {
        v.action = TND_DROP;
        v.code = 0;
    }
    return v;
}

void tnd_verdict_reason(struct tnd_writer *w, const struct tnd_msg *msg,
                        const struct tnd_verdict *verdict)
{
    const struct tnd_field *f =
        is_of_lines(verdict->flaw.rule) ? NULL : tnd_msg_field_at(msg, verdict->flaw.where.ptr);

    if (verdict->code != 400 || verdict->flaw.rule == TND_RULE_NONE) {
        tnd_put_str(w, tnd_code_phrase(verdict->code));
        return;
    }
    tnd_put_str(w, "Bad ");
    tnd_put_str(w, !f                            ? "Request"
                   : f->kind == TND_HEADER_OTHER ? "header field"
                                                 : tnd_header_name((enum tnd_header)f->kind));
    tnd_put_str(w, ": ");
    tnd_put_str(w, tnd_rule_sentence(verdict->flaw.rule));
}

bool tnd_msg_valid(const struct tnd_msg *msg)
{
    if (msg->kind == TND_MSG_NONE || msg->flaws_lost > 0)
        return false;
    for (unsigned i = 0; i < msg->flaw_count; i++)
        if (tnd_rule_level(msg->flaws[i].rule) != TND_LEVEL_SHOULD)
            return false;
    return true;
}
