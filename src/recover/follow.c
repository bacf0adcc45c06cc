/* Elsewhere: contacts of a redirect, what is learned of them, and an address that was learned wrongly. */
#include "recover/recover.h"

enum { MICROSECONDS = 1000000 };

/* Seconds that the contact lasts, by its own parameter or by Expires; -1: not said. */
static int64_t expires_of(const struct recover_case *c, const struct tnd_contact *contact)
{
    uint32_t seconds;

    if (contact->expires >= 0)
        return contact->expires;
    struct tnd_values v = tnd_msg_values(c->response, TND_HEADER_EXPIRES);
    return tnd_seconds_next(&v, &seconds) ? (int64_t)seconds : -1;
}

/* The contact of the response that is that target. */
static bool find_contact(struct recover_case *c, const struct tnd_recover_target *target,
                         struct tnd_contact *ret)
{
    struct tnd_values v = tnd_msg_values(c->response, TND_HEADER_CONTACT);
    struct tnd_recover_target read;

    while (tnd_contact_next(&v, ret))
        if (!ret->star && recover_target_read(c, ret->addr.uri.text, &read) &&
            tnd_slice_eq(read.uri, target->uri))
            return true;
    return false;
}

/* Whether what that target says is said of the URI that was asked for, and for good: it is that, or all
 * redirects up to it were 301. */
static bool speaks_of_asked(const struct tnd_recover *r, const struct tnd_recover_target *t)
{
    if (r->is_learned)
        return false;
    for (; t->code; t = &r->target[t->parent])
        if (t->code != 301)
            return false;
    return true;
}

/* RFC 3261 §21.3.2: 301 "SHOULD update any local directories"; RFC 3261 §21.3.3: a contact of a 302 lasts
 * as long as it says, and if it does not say, "is only valid once for recursing". */
static void learn(struct recover_case *c, const struct tnd_recover_target *from)
{
    const struct tnd_recover_target *to = recover_target(c);
    struct tnd_contact contact;

    if (c->attempt->situation == TND_RECOVER_REGISTER || to->code != c->attempt->code ||
        !speaks_of_asked(c->r, from) || !find_contact(c, to, &contact))
        return;
    int64_t expires = expires_of(c, &contact);
    if (c->attempt->code == 301) {
        c->ret->learned = to->uri;
        c->ret->learned_until = INT64_MAX;
    } else if (c->attempt->code == 302 && from->code == 0 && expires > 0) {
        c->ret->learned = to->uri;
        c->ret->learned_until = c->wall + expires * MICROSECONDS;
    }
}

bool recover_follow(struct recover_case *c)
{
    size_t from = c->r->next.target, before = c->r->target_count;

    if (recover_target_add(c) == 0 || !recover_target_next(c))
        return false;
    if (c->r->next.target >= before)
        learn(c, &c->r->target[from]);
    /* RFC 3261 §8.1.3.4: "SHOULD inform the user of the redirection to an insecure URI" */
    if (c->why_rule == TND_RULE_RECOVER_SIPS || c->why_rule == TND_RULE_RECOVER_TARGETS)
        return RECOVER_DO(c, c->ret->detail, TND_STR("; not all contacts: "), c->why);
    return true;
}

bool recover_forget(struct recover_case *c)
{
    struct tnd_recover_target target;

    if (!c->r->is_learned || c->r->next.target != 0 || recover_did(c, RECOVER_DID_FORGET))
        return false;
    c->ret->forgets = true;
    c->r->done |= RECOVER_DID_FORGET;
    if (!recover_target_read(c, c->r->asked, &target) || !recover_target_go(c, &target))
        return false;
    return RECOVER_DO(c, TND_STR("to "), target.uri,
                      TND_STR(", for what was learned of it is no longer true"));
}

/* A telephone number as a SIP URI of the caller's own domain (RFC 3261 §19.1.6). */
static void put_number_uri(struct tnd_writer *w, const struct tnd_uri *tel,
                           const struct tnd_uri *domain)
{
    tnd_put_str(w, domain->scheme == TND_SCHEME_SIPS ? "sips:" : "sip:");
    tnd_put(w, tel->user);
    tnd_put(w, tel->params);
    tnd_put_char(w, '@');
    tnd_put(w, domain->host);
    tnd_put_str(w, ";user=phone");
}

bool recover_use_sip(struct recover_case *c)
{
    char room[TND_URI_LEN_MAX];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_recover_target target;
    struct tnd_uri uri;
    struct tnd_addr from;
    struct tnd_flaw flaw;

    if (tnd_uri_parse(c->r->next.uri, &uri, &flaw) != 0 || uri.scheme != TND_SCHEME_TEL)
        return RECOVER_REFUSE(c, c->r->next.uri, TND_STR(" cannot be written in another scheme"));
    if (!c->request || !tnd_msg_from(c->request, &from, NULL) || !from.uri.host.ptr)
        return RECOVER_REFUSE(c, TND_STR("the caller has no domain for a SIP URI of the number"));
    put_number_uri(&w, &uri, &from.uri);
    if (tnd_writer_over(&w) || !recover_target_read(c, tnd_writer_slice(&w), &target))
        return RECOVER_REFUSE(c, TND_STR("the number does not fit into a SIP URI"));
    target.code = c->attempt->code;
    target.parent = c->r->next.target;
    target.depth = (uint8_t)(recover_target(c)->depth + 1);
    if (!recover_target_go(c, &target))
        return false;
    return RECOVER_DO(c, TND_STR("to "), target.uri, TND_STR(", the same number as a SIP URI"));
}
