/* The set of targets: each URI once (RFC 3261 §8.1.3.4), tried by q and among equals in their order. */
#include "recover/recover.h"

/* RFC 3261 §8.1.3.4: all of the URI "except for the method-param and header URI parameters". */
static void put_params(struct tnd_writer *w, struct tnd_slice params)
{
    struct tnd_param param;

    while (tnd_param_next(&params, &param)) {
        if (tnd_slice_eq_fold(param.name, TND_STR("method")))
            continue;
        tnd_put_char(w, ';');
        tnd_put(w, param.name);
        if (!param.value.ptr)
            continue;
        tnd_put_char(w, '=');
        tnd_put(w, param.value);
    }
}

static bool is_sip(const struct tnd_uri *uri)
{
    return uri->scheme == TND_SCHEME_SIP || uri->scheme == TND_SCHEME_SIPS;
}

static void put_target(struct tnd_writer *w, struct tnd_uri uri)
{
    char room[TND_URI_LEN_MAX];
    struct tnd_writer params = tnd_writer(room, sizeof(room));

    if (is_sip(&uri)) {
        put_params(&params, uri.params);
        uri.params = tnd_writer_slice(&params);
        uri.headers = tnd_slice(NULL, 0);
    }
    tnd_uri_write(w, &uri);
}

bool recover_target_read(struct recover_case *c, struct tnd_slice text,
                         struct tnd_recover_target *ret)
{
    char room[TND_URI_LEN_MAX];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_uri uri;
    struct tnd_flaw flaw;

    if (text.len > TND_URI_LEN_MAX || tnd_uri_parse(text, &uri, &flaw) != 0 ||
        uri.scheme == TND_SCHEME_OTHER)
        return false;
    put_target(&w, uri);
    if (tnd_writer_over(&w))
        return false;
    *ret = (struct tnd_recover_target){.uri = tnd_slice_keep(c->r->a, tnd_writer_slice(&w)),
                                       .q = 1000};
    if (is_sip(&uri))
        ret->fields = recover_header_lines(c->r->a, uri.headers);
    return true;
}

static void go_to(struct tnd_recover *r, size_t i)
{
    r->target[i].is_tried = true;
    r->next.target = (uint8_t)i;
    r->next.uri = r->target[i].uri;
    r->next.fields = r->target[i].fields;
    r->next.transport = 0; /* what the last server needed is not for this one */
    r->done &= ~(uint32_t)RECOVER_DID_STREAM;
}

void recover_target_first(struct tnd_recover *r, const struct tnd_recover_target *target)
{
    r->target[0] = *target;
    r->target_count = 1;
    go_to(r, 0);
}

void recover_target_again(struct recover_case *c)
{
    struct tnd_recover_target target;

    if (!recover_target_read(c, c->r->asked, &target))
        target = (struct tnd_recover_target){.uri = c->r->asked, .q = 1000};
    recover_target_first(c->r, &target);
}

/* RFC 3261 §8.1.3.4: "MUST NOT add any given URI to the target set more than once". */
static bool has(const struct tnd_recover *r, struct tnd_slice text)
{
    struct tnd_uri uri, known;
    struct tnd_flaw flaw;

    if (tnd_uri_parse(text, &uri, &flaw) != 0)
        return true;
    for (size_t i = 0; i < r->target_count; i++) {
        if (tnd_uri_parse(r->target[i].uri, &known, &flaw) == 0 && tnd_uri_eq(&known, &uri))
            return true;
    }
    return false;
}

static bool add(struct recover_case *c, const struct tnd_recover_target *target)
{
    struct tnd_recover *r = c->r;

    if (has(r, target->uri))
        return recover_refuse(
            c, TND_RULE_RECOVER_CONTACT,
            RECOVER_TEXT(c, target->uri, TND_STR(" was tried, or waits already")));
    if (r->target_count == TND_RECOVER_TARGET_COUNT_MAX)
        return recover_refuse(c, TND_RULE_RECOVER_TARGETS, TND_STR("there are too many contacts"));
    r->target[r->target_count++] = *target;
    return true;
}

bool recover_target_go(struct recover_case *c, const struct tnd_recover_target *target)
{
    if (!add(c, target))
        return false;
    go_to(c->r, c->r->target_count - 1u);
    return true;
}

/* The scheme of the URI that the user asked for is one that promises security. */
static bool is_secure(struct tnd_slice uri)
{
    return uri.len > 5 && tnd_slice_eq_fold(tnd_slice(uri.ptr, 5), TND_STR("sips:"));
}

static bool add_contact(struct recover_case *c, const struct tnd_contact *contact)
{
    struct tnd_recover_target target;
    const struct tnd_slice text = contact->addr.uri.text;

    if (contact->star)
        return RECOVER_REFUSE(c, TND_STR("the Contact is an asterisk"));
    if (!recover_target_read(c, text, &target))
        return RECOVER_REFUSE(c, text, TND_STR(" is no URI of SIP, SIPS or tel"));
    if (is_secure(c->r->asked) && !is_secure(target.uri))
        return recover_refuse(
            c, TND_RULE_RECOVER_SIPS,
            RECOVER_TEXT(c, text, TND_STR(" is not secure, unlike "), c->r->asked));
    target.q = contact->q < 0 ? 1000 : contact->q;
    target.code = c->attempt->code;
    target.parent = c->r->next.target;
    target.depth = (uint8_t)(recover_target(c)->depth + 1);
    target.is_alternative = target.code == 380;
    return add(c, &target);
}

size_t recover_target_add(struct recover_case *c)
{
    struct tnd_contact contact;
    size_t count = 0;

    if (!c->response || !tnd_msg_has(c->response, TND_HEADER_CONTACT)) {
        RECOVER_REFUSE(c, TND_STR("the response names no Contact"));
        return 0;
    }
    struct tnd_values v = tnd_msg_values(c->response, TND_HEADER_CONTACT);
    while (tnd_contact_next(&v, &contact))
        count += add_contact(c, &contact);
    if (v.c.flaw.rule)
        RECOVER_REFUSE(c, TND_STR("its Contact cannot be read: "),
                       tnd_slice_str(tnd_rule_sentence(v.c.flaw.rule)));
    return count;
}

static size_t best_of(const struct tnd_recover *r)
{
    size_t best = r->target_count;

    for (size_t i = 0; i < r->target_count; i++) {
        const struct tnd_recover_target *t = &r->target[i];

        if (!t->is_tried && (best == r->target_count || t->q > r->target[best].q))
            best = i;
    }
    return best;
}

bool recover_target_next(struct recover_case *c)
{
    size_t i = best_of(c->r);

    if (i == c->r->target_count)
        return false;
    go_to(c->r, i);
    const struct tnd_recover_target *t = recover_target(c);
    c->ret->action =
        t->is_alternative ? TND_RECOVER_FOLLOW_ALTERNATIVE : TND_RECOVER_FOLLOW_CONTACT;
    c->ret->rule = t->is_alternative ? TND_RULE_RECOVER_380
                   : t->fields.ptr   ? TND_RULE_RECOVER_HEADERS
                                     : TND_RULE_NONE;
    return RECOVER_DO(c, TND_STR("to "), t->uri, TND_STR(" (q "), recover_q(c, t->q),
                      t->fields.ptr ? TND_STR("), with header fields that the contact asks for")
                                    : TND_STR(")"));
}
