/* The answers of the redirect role. */
#include "base/assert.h"
#include "redirect/parts.h"
#include "tandem/sip/write.h"

/* ret is filled if all did fit. */
static int finish(const struct tnd_redirect_answer *answer, const struct tnd_arena *a,
                  struct tnd_redirect_answer *ret)
{
    if (tnd_arena_over(a))
        return TND_ENOMEM;
    *ret = *answer;
    return 0;
}

/* The answer that names contacts; where none can be named, what RFC 3261 §8.3 has in its place. */
static int redirect(const struct redirect_contacts *c, unsigned code, enum tnd_rule rule,
                    struct tnd_arena *a, struct tnd_redirect_answer *ret)
{
    struct tnd_redirect_answer answer = {.code = (uint16_t)code, .rule = rule};

    if (c->count > 0) {
        answer.fact = c->list[0].uri;
        answer.fields = redirect_contacts_lines(c, a);
    } else {
        answer.code = 404;
        answer.rule = TND_RULE_REDIRECT_ELSEWHERE;
        answer.fact = c->request_uri->text;
    }
    return finish(&answer, a, ret);
}

static struct tnd_slice filled(const struct tnd_route_contact *contact,
                               const struct tnd_uri *request_uri, struct tnd_arena *a)
{
    struct tnd_writer count = tnd_writer(NULL, 0);

    tnd_route_uri_write(&count, contact, request_uri);
    struct tnd_writer w = tnd_writer(tnd_arena_take(a, count.len), count.len);
    if (!w.ptr)
        return tnd_slice(NULL, 0);
    tnd_route_uri_write(&w, contact, request_uri);
    return tnd_writer_slice(&w);
}

/* says_more: q and expires too. */
static void add_contacts(struct redirect_contacts *c, const struct tnd_route *route, bool says_more,
                         struct tnd_arena *a)
{
    redirect_contacts_init(c, a, route->contact_count, c->request_uri);
    for (size_t i = 0; i < route->contact_count; i++) {
        const struct tnd_route_contact *contact = &route->contacts[i];
        struct redirect_contact add = {.uri = filled(contact, c->request_uri, a), .q = -1};

        if (says_more) {
            add.q = (int16_t)contact->q;
            add.expires = contact->expires;
        }
        redirect_contacts_add(c, &add);
    }
}

static int reject(const struct tnd_route *route, const struct tnd_uri *request_uri,
                  struct tnd_arena *a, struct tnd_redirect_answer *ret)
{
    enum { SIZE = sizeof("Retry-After: 4294967295\r\n") };
    struct tnd_redirect_answer answer = {.code = route->code,
                                         .rule = TND_RULE_ROUTE_REJECT,
                                         .fact = request_uri->text,
                                         .reason = route->reason};

    if (route->retry_after > 0) { /* RFC 3261 §20.33 */
        struct tnd_writer w = tnd_writer(tnd_arena_take(a, SIZE), SIZE);
        if (!w.ptr)
            return TND_ENOMEM;
        tnd_put_field_name(&w, TND_HEADER_RETRY_AFTER);
        tnd_put_number(&w, route->retry_after);
        tnd_put_line_end(&w);
        answer.fields = tnd_writer_slice(&w);
    }
    return finish(&answer, a, ret);
}

static struct tnd_slice body_of(const struct tnd_route *route, struct tnd_arena *a)
{
    struct tnd_writer count = tnd_writer(NULL, 0);

    redirect_body_write(&count, route->text);
    struct tnd_writer w = tnd_writer(tnd_arena_take(a, count.len), count.len);
    if (!w.ptr)
        return tnd_slice(NULL, 0);
    redirect_body_write(&w, route->text);
    return tnd_writer_slice(&w);
}

/* RFC 3261 §21.3.5: the alternative is described in the body; who can use them finds its Contacts
 * beside it. There may be none. */
static int offer_alternative(const struct tnd_route *route, const struct tnd_uri *request_uri,
                             struct tnd_arena *a, struct tnd_redirect_answer *ret)
{
    struct redirect_contacts c = {.request_uri = request_uri};

    add_contacts(&c, route, false, a);
    struct tnd_redirect_answer answer = {.code = 380,
                                         .rule = TND_RULE_ROUTE_ALTERNATIVE,
                                         .fact = request_uri->text,
                                         .fields = redirect_contacts_lines(&c, a),
                                         .content_type = TND_STR("application/3gpp-ims+xml"),
                                         .body = body_of(route, a)};
    return finish(&answer, a, ret);
}

int tnd_redirect_by_route(const struct tnd_route *route, const struct tnd_uri *request_uri,
                          struct tnd_arena *a, struct tnd_redirect_answer *ret)
{
    struct redirect_contacts c = {.request_uri = request_uri};

    switch ((enum tnd_route_action)route->action) {
    case TND_ROUTE_REDIRECT:
        add_contacts(&c, route, true, a);
        return redirect(&c, route->code, TND_RULE_ROUTE_REDIRECT, a, ret);
    case TND_ROUTE_REJECT:
        return reject(route, request_uri, a, ret);
    case TND_ROUTE_ALTERNATIVE:
        return offer_alternative(route, request_uri, a, ret);
    case TND_ROUTE_PROXY:
        break;
    }
    TND_ASSERT(!"a route that answers");
    return 0;
}

/* Seconds until then, at least one: what has just ended was there when it was looked up, and without
 * expires it would be taken to last for this call alone (RFC 3261 §21.3.3). */
static uint32_t seconds_until(int64_t until, int64_t wall)
{
    uint64_t left = until > wall ? (uint64_t)until - (uint64_t)wall : 1;

    return left < UINT32_MAX ? (uint32_t)left : UINT32_MAX;
}

int tnd_redirect_by_forward(const struct tnd_forward *forward, const struct tnd_uri *request_uri,
                            int64_t wall, struct tnd_arena *a, struct tnd_redirect_answer *ret)
{
    struct redirect_contact contact = {.uri = forward->uri, .q = -1};
    struct redirect_contacts c;

    if (forward->until != 0)
        contact.expires = seconds_until(forward->until, wall);
    redirect_contacts_init(&c, a, 1, request_uri);
    redirect_contacts_add(&c, &contact);
    return redirect(&c, 302, TND_RULE_REDIRECT_FORWARD, a, ret);
}

int tnd_redirect_by_bindings(const struct tnd_binding *bindings, size_t count,
                             const struct tnd_uri *request_uri, int64_t wall, struct tnd_arena *a,
                             struct tnd_redirect_answer *ret)
{
    struct redirect_contacts c;

    redirect_contacts_init(&c, a, count, request_uri);
    for (size_t i = 0; i < count; i++) {
        struct redirect_contact contact = {.uri = bindings[i].uri,
                                           .expires = seconds_until(bindings[i].until, wall),
                                           .q = bindings[i].q};
        redirect_contacts_add(&c, &contact);
    }
    return redirect(&c, 302, TND_RULE_REDIRECT_BINDINGS, a, ret);
}
