/* What a REGISTER asks for (RFC 3261 §10.3, steps 6 and 7). Each check says false when it has
 * refused, or when the arena is over. */
#include "base/assert.h"
#include "registrar/parts.h"

enum { HOUR = 3600 };

/* A REGISTER as far as it has been read. */
struct reading {
    struct registrar_asking q;
    struct tnd_arena *a;
    struct tnd_registrar_step step;
    struct tnd_binding shared;    /* what all its contacts have */
    int64_t expires;              /* seconds that Expires says; -1: there is none */
    struct tnd_binding *bindings; /* of its contacts, room of them; */
    struct tnd_uri *uris;         /* their URIs, to compare them by */
    size_t count, room;
    size_t param_count; /* of the URIs of all contacts */
};

static bool refuse(struct reading *r, uint16_t code, enum tnd_rule rule, struct tnd_slice fact)
{
    r->step = (struct tnd_registrar_step){.code = code, .rule = rule, .fact = fact};
    return false;
}

static bool refuse_flaw(struct reading *r, const struct tnd_flaw *flaw)
{
    return refuse(r, 400, flaw->rule, flaw->where);
}

static bool supports_path(const struct tnd_msg *msg)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_SUPPORTED);
    struct tnd_slice tag;

    while (tnd_token_or_none_next(&v, &tag))
        if (tnd_option_find(tag) == TND_OPTION_PATH)
            return true;
    return false;
}

/* RFC 3327 §5.3: the recommended policy, which "allows the UA to detect that an intermediate proxy
 * has inappropriately added a Path". */
static bool is_path_welcome(struct reading *r)
{
    const struct tnd_msg *msg = r->q.request;

    if (!tnd_msg_has(msg, TND_HEADER_PATH) || supports_path(msg))
        return true;
    refuse(r, 420, TND_RULE_REGISTRAR_PATH, tnd_msg_value(msg, TND_HEADER_PATH));
    r->step.fields = TND_STR("Unsupported: path\r\n");
    return false;
}

static void put_path(struct tnd_writer *w, const struct registrar_asking *q)
{
    for (const struct tnd_field *f = tnd_msg_field(q->request, TND_HEADER_PATH); f;
         f = f->next ? &q->request->fields[f->next] : NULL) {
        tnd_put_str(w, w->len > 0 ? ", " : "");
        registrar_put_flat(w, tnd_field_value(q->request, f));
    }
}

/* What is wrong with a Path was noted when the request was checked; a user agent, for whom the
 * verdict is, does not mind. NULL: nothing. */
static const struct tnd_flaw *flaw_of_path(const struct tnd_msg *msg)
{
    for (unsigned i = 0; i < msg->flaw_count; i++) {
        const struct tnd_field *f = tnd_msg_field_at(msg, msg->flaws[i].where.ptr);

        if (f && f->kind == TND_HEADER_PATH &&
            tnd_rule_level(msg->flaws[i].rule) != TND_LEVEL_SHOULD)
            return &msg->flaws[i];
    }
    return NULL;
}

/* RFC 3327 §5.3: "an ordered list of route elements", kept with each contact. */
static bool read_path(struct reading *r)
{
    if (!tnd_msg_has(r->q.request, TND_HEADER_PATH))
        return true;
    const struct tnd_flaw *flaw = flaw_of_path(r->q.request);
    if (flaw)
        return refuse_flaw(r, flaw);
    r->shared.path = registrar_write(r->a, &r->q, put_path);
    return r->shared.path.ptr != NULL;
}

/* RFC 3261 §10.3, step 7: "Each binding record records the Call-ID and CSeq values". */
static bool read_shared(struct reading *r)
{
    struct tnd_values expires = tnd_msg_values(r->q.request, TND_HEADER_EXPIRES);
    struct tnd_cseq cseq;
    struct tnd_flaw flaw;
    uint32_t seconds;

    if (!tnd_msg_cseq(r->q.request, &cseq, &flaw) ||
        !tnd_msg_call_id(r->q.request, &r->shared.call_id, &flaw))
        return refuse_flaw(r, &flaw);
    r->shared.cseq = cseq.number;
    r->expires = tnd_seconds_next(&expires, &seconds) ? (int64_t)seconds : -1;
    if (expires.c.flaw.rule)
        return refuse_flaw(r, &expires.c.flaw);
    return read_path(r);
}

/* RFC 3261 §10.3, step 6. more is what is behind the star. */
static bool take_star(struct reading *r, struct tnd_values *more)
{
    struct tnd_contact other;

    if (r->count > 0 || tnd_contact_next(more, &other) || more->c.flaw.rule || r->expires != 0)
        return refuse(r, 400, TND_RULE_REGISTRAR_STAR_ALONE,
                      tnd_msg_value(r->q.request, TND_HEADER_CONTACT));
    r->step.change.star = true;
    return true;
}

/* RFC 3261 §10.3, step 7: how long, in seconds. -1: too short. */
static int64_t interval_of(const struct reading *r, const struct tnd_contact *contact)
{
    const struct tnd_registrar_with *with = r->q.with;
    int64_t asked = contact->expires >= 0 ? contact->expires : r->expires;

    if (asked < 0)
        asked = with->default_expires;
    /* "greater than zero AND smaller than one hour AND less than a registrar-configured minimum" */
    if (asked > 0 && asked < HOUR && asked < with->min_expires)
        return -1;
    return asked < with->max_expires ? asked : with->max_expires;
}

static bool is_param(const struct tnd_param *p, struct tnd_slice name)
{
    return tnd_slice_eq_fold(p->name, name);
}

/* Those of a contact that are nobody's but its own: ";+sip.instance=...;reg-id=1" and others. */
static struct tnd_slice keep_params(struct reading *r, struct tnd_slice params)
{
    struct tnd_writer w = {0};
    struct tnd_param p;

    if (params.len == 0)
        return tnd_slice(NULL, 0);
    char *at = tnd_arena_take(r->a, params.len);
    if (!at)
        return tnd_slice(NULL, 0);
    w = tnd_writer(at, params.len);
    while (tnd_param_next(&params, &p)) {
        if (is_param(&p, TND_STR("q")) || is_param(&p, TND_STR("expires")))
            continue;
        tnd_put_char(&w, ';');
        tnd_put(&w, p.name);
        tnd_put_str(&w, p.value.ptr ? "=" : "");
        registrar_put_flat(&w, p.value);
    }
    tnd_arena_shrink(r->a, at, w.len);
    return w.len > 0 ? tnd_writer_slice(&w) : tnd_slice(NULL, 0);
}

/* Departs from RFC 3261 §19.1.1, where a Contact that is registered may have a headers part: it is
 * left out, because a contact is to become a Request-URI, which has none, and what it would put
 * into requests nobody has asked their sender (§19.1.5). */
static struct tnd_uri without_headers(const struct tnd_uri *uri)
{
    struct tnd_uri ret = *uri;

    if (ret.headers.ptr) {
        ret.text = tnd_slice_between(ret.text.ptr, ret.headers.ptr - 1);
        ret.headers = tnd_slice(NULL, 0);
    }
    return ret;
}

/* RFC 3261 §10.3, step 7: contacts are processed "in turn", so the last word counts. That equality
 * is not transitive means that it may replace several. */
static void put_last(struct reading *r, const struct tnd_binding *binding,
                     const struct tnd_uri *uri)
{
    size_t count = 0;

    for (size_t i = 0; i < r->count; i++) {
        if (tnd_uri_eq(&r->uris[i], uri))
            continue;
        r->bindings[count] = r->bindings[i];
        r->uris[count++] = r->uris[i];
    }
    r->bindings[count] = *binding;
    r->uris[count++] = *uri;
    r->count = count;
}

static bool has_too_many_params(struct reading *r, struct tnd_slice params)
{
    struct tnd_param p;

    while (tnd_param_next(&params, &p))
        r->param_count++;
    return r->param_count > TND_REGISTER_PARAM_COUNT_MAX;
}

static bool take_contact(struct reading *r, const struct tnd_contact *contact)
{
    struct tnd_uri uri = without_headers(&contact->addr.uri);
    struct tnd_binding binding = r->shared;
    int64_t interval = interval_of(r, contact);

    if (interval < 0) {
        refuse(r, 423, TND_RULE_REGISTRAR_BRIEF, uri.text);
        r->step.fields = registrar_write(r->a, &r->q, registrar_put_min_expires);
        return false;
    }
    if (has_too_many_params(r, uri.params))
        return refuse(r, 513, TND_RULE_REGISTRAR_PARAM_COUNT, uri.text);
    binding.uri = uri.text;
    binding.q = contact->q;
    binding.params = keep_params(r, contact->addr.params);
    binding.until = interval > 0 ? r->q.with->wall + interval : 0;
    enum tnd_rule rule = tnd_binding_judge(&binding);
    if (rule)
        return refuse(r, 513, rule, uri.text);
    put_last(r, &binding, &uri);
    return true;
}

/* At least as many as there are contacts. */
static size_t count_commas(const struct tnd_msg *msg)
{
    size_t count = 0;

    for (const struct tnd_field *f = tnd_msg_field(msg, TND_HEADER_CONTACT); f;
         f = f->next ? &msg->fields[f->next] : NULL) {
        struct tnd_slice value = tnd_field_value(msg, f);

        count++;
        for (size_t i = 0; i < value.len; i++)
            count += value.ptr[i] == ',';
    }
    return count;
}

/* No more are useful than can be removed and added. Others cost time: each is compared with each. */
static bool take_rooms(struct reading *r)
{
    size_t useful = 2 * (size_t)r->q.with->max_contacts, count = count_commas(r->q.request);

    r->room = count < useful ? count : useful;
    r->bindings = tnd_arena_take(r->a, r->room * sizeof(*r->bindings));
    r->uris = tnd_arena_take(r->a, r->room * sizeof(*r->uris));
    return !tnd_arena_over(r->a);
}

static bool read_contacts(struct reading *r)
{
    struct tnd_values v = tnd_msg_values(r->q.request, TND_HEADER_CONTACT);
    struct tnd_contact contact;
    size_t seen = 0;

    if (!take_rooms(r))
        return false;
    while (tnd_contact_next(&v, &contact)) {
        if (contact.star)
            return take_star(r, &v);
        if (seen++ == r->room) {
            refuse(r, 403, TND_RULE_REGISTRAR_CONTACT_COUNT,
                   registrar_write(r->a, &r->q, registrar_put_max_contacts));
            r->step.reason = TND_STR("Too Many Contacts");
            return false;
        }
        if (!take_contact(r, &contact))
            return false;
    }
    return !v.c.flaw.rule || refuse_flaw(r, &v.c.flaw);
}

static void read_change(struct reading *r)
{
    if (!tnd_msg_has(r->q.request, TND_HEADER_CONTACT) || !read_contacts(r))
        return;
    r->step.is_change = true;
    r->step.change.contacts = r->bindings;
    r->step.change.count = r->count;
    r->step.change.call_id = r->shared.call_id;
    r->step.change.cseq = r->shared.cseq;
    r->step.change.count_max = r->q.with->max_contacts;
}

int tnd_registrar_read(const struct tnd_registrar_with *with, const struct tnd_msg *msg,
                       struct tnd_arena *a, struct tnd_registrar_step *ret)
{
    struct reading r = {
        .q = {.with = with, .request = msg},
        .a = a,
        .shared = {
            .source = with->source, .flow = with->flow, .life = with->life, .local = with->local}};

    TND_ASSERT(with->max_contacts > 0 && with->max_contacts <= TND_BINDING_COUNT_MAX);
    if (is_path_welcome(&r) && read_shared(&r))
        read_change(&r);
    if (tnd_arena_over(a))
        return TND_ENOMEM;
    *ret = r.step;
    return 0;
}
