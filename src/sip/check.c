/* Checking a message: what each header field holds, and what one says of another.
 *
 * Parsing notes what is wrong with the lines; this notes what is wrong with their values.
 * Neither decides what follows from it: see verdict.c. */
#include "sip/grammar.h"
#include "sip/message.h"
#include "tandem/sip/field.h"

struct checker {
    struct tnd_msg *msg;
    struct tnd_arena *arena;
    struct tnd_judged judged;
    uint32_t count[TND_HEADER_COUNT]; /* values of each kind so far */
};

static void note(const struct checker *k, enum tnd_rule rule, struct tnd_slice where)
{
    tnd_msg_note(k->msg, k->arena, rule, where);
}

/* Where a missing field would stand: at the empty line. */
static struct tnd_slice at_end(const struct tnd_msg *msg)
{
    return tnd_slice(tnd_fields_end(msg), 0);
}

/* RFC 3261 §8.1.1: what every message has. */
static void check_presence(const struct checker *k)
{
    static const struct {
        enum tnd_header kind;
        enum tnd_rule rule;
    } wanted[] = {
        {TND_HEADER_VIA, TND_RULE_VIA_MISSING},   {TND_HEADER_FROM, TND_RULE_FROM_MISSING},
        {TND_HEADER_TO, TND_RULE_TO_MISSING},     {TND_HEADER_CALL_ID, TND_RULE_CALL_ID_MISSING},
        {TND_HEADER_CSEQ, TND_RULE_CSEQ_MISSING},
    };
    const struct tnd_msg *msg = k->msg;

    for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
        if (!tnd_msg_has(msg, wanted[i].kind))
            note(k, wanted[i].rule, at_end(msg));
    if (msg->kind == TND_MSG_REQUEST && !tnd_msg_has(msg, TND_HEADER_MAX_FORWARDS))
        note(k, TND_RULE_MAX_FORWARDS_MISSING, at_end(msg));
    if (msg->body.len > 0 && !tnd_msg_has(msg, TND_HEADER_CONTENT_TYPE))
        note(k, TND_RULE_CONTENT_TYPE_MISSING, at_end(msg));
    if (msg->carrier == TND_STREAM && !tnd_msg_has(msg, TND_HEADER_CONTENT_LENGTH))
        note(k, TND_RULE_CONTENT_LENGTH_STREAM, at_end(msg));
}

static void check_uri(const struct checker *k)
{
    struct tnd_uri uri;
    struct tnd_flaw flaw;

    if (k->msg->kind != TND_MSG_REQUEST)
        return;
    if (k->msg->uri.len > TND_URI_LEN_MAX)
        note(k, TND_RULE_URI_LEN, tnd_slice(k->msg->uri.ptr, 1));
    else if (!tnd_msg_uri(k->msg, &uri, &flaw))
        note(k, flaw.rule, flaw.where);
    else if (uri.headers.ptr) /* RFC 3261 §19.1.1, table 1 */
        note(k, TND_RULE_REQUEST_URI_HEADERS, uri.headers);
}

/* Fields whose flaws were noted while the message was parsed. */
static bool is_checked(enum tnd_header kind)
{
    return kind == TND_HEADER_CONTENT_LENGTH;
}

static void check_field(struct checker *k, const struct tnd_field *f)
{
    enum tnd_header kind = (enum tnd_header)f->kind;
    struct tnd_flaw flaw;

    /* RFC 3261 §7.3.1: only a field that is a list may stand twice */
    if (tnd_header_number(kind) == TND_HEADER_ONE && f != tnd_msg_field(k->msg, kind))
        note(k, TND_RULE_HEADER_ONCE, tnd_field_name(k->msg, f));
    if (!is_checked(kind) && !tnd_field_good(k->msg, f, &k->count[kind], &k->judged, &flaw))
        note(k, flaw.rule, flaw.where);
}

static void check_top_via(const struct checker *k)
{
    const struct tnd_via *via = &k->judged.via;

    if (!k->judged.has_via)
        return;
    if (via->branch.len == sizeof(TND_BRANCH_COOKIE) - 1 &&
        tnd_slice_eq_fold(via->branch, TND_STR(TND_BRANCH_COOKIE)))
        note(k, TND_RULE_BRANCH, via->branch);
    else if (!tnd_via_has_cookie(via))
        note(k, TND_RULE_BRANCH_COOKIE, via->branch.ptr ? via->branch : via->text);
}

/* RFC 3261 §8.1.1.5; of a response the method in CSeq is that of its request. */
static void check_cseq(const struct checker *k)
{
    struct tnd_slice method = k->judged.cseq.method_name;

    if (k->msg->kind == TND_MSG_REQUEST && k->judged.has_cseq &&
        !tnd_slice_eq(method, k->msg->method_name))
        note(k, TND_RULE_CSEQ_METHOD, method);
}

static void check_from_tag(const struct checker *k)
{
    if (k->judged.has_from && !k->judged.from.tag.ptr)
        note(k, TND_RULE_FROM_TAG_MISSING, tnd_msg_value(k->msg, TND_HEADER_FROM));
}

int tnd_msg_check(struct tnd_msg *msg, struct tnd_arena *a)
{
    return tnd_msg_check_used(msg, a, NULL);
}

int tnd_msg_check_used(struct tnd_msg *msg, struct tnd_arena *a, const bool *used)
{
    struct checker k = {.msg = msg, .arena = a};

    check_uri(&k);
    for (uint32_t i = 1; i <= msg->field_count; i++)
        if (!used || used[msg->fields[i].kind])
            check_field(&k, &msg->fields[i]);
    check_presence(&k);
    if (msg->text.len > TND_MESSAGE_LEN_MAX)
        note(&k, TND_RULE_MESSAGE_LEN, tnd_slice(msg->body.ptr, 0));
    check_top_via(&k);
    check_cseq(&k);
    check_from_tag(&k);
    return tnd_arena_over(a) ? TND_ENOMEM : 0;
}
