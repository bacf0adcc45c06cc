/* The set of targets: each once (RFC 3261 §16.5), and what redirects add to it (RFC 3261 §16.7, step 4). */
#include "proxy/proxy.h"
#include "tandem/sip/uri.h"

/* A URI that cannot be read is the same as one of the same bytes. */
static void read_uri(struct tnd_slice text, struct tnd_uri *ret)
{
    struct tnd_flaw flaw;

    if (tnd_uri_parse(text, ret, &flaw) != 0)
        *ret = (struct tnd_uri){.text = text, .scheme = TND_SCHEME_OTHER};
}

/* Two next hops of one URI are two targets: a gateway, and another one when that fails. */
static bool has_same(const struct tnd_proxy *p, const struct tnd_uri *known,
                     const struct tnd_target *target, const struct tnd_uri *uri)
{
    for (size_t i = 0; i < p->count; i++)
        if (tnd_uri_eq(&known[i], uri) && tnd_slice_eq(p->branch[i].target.hop, target->hop))
            return true;
    return false;
}

/* A target that waits, below parent; there is room. */
static struct tnd_branch *put(struct tnd_proxy *p, const struct tnd_target *target, int parent)
{
    TND_ASSERT(p->count < p->size);
    struct tnd_branch *b = &p->branch[p->count++];

    *b = (struct tnd_branch){.target = *target,
                             .c_due = TND_NEVER_DUE,
                             .state = TND_BRANCH_WAITING,
                             .parent = (int8_t)parent,
                             .turn.open = 1};
    return b;
}

static void add(struct tnd_proxy *p, const struct tnd_target *target)
{
    struct tnd_branch *b = put(p, target, -1);

    if (target->when != TND_TARGET_AT_ONCE)
        return;
    if (target->is_redirect)
        proxy_tell(b);
    else
        p->turn.waiting++;
}

static void add_each_once(struct tnd_proxy *p, const struct tnd_target *targets, size_t count)
{
    struct tnd_uri known[TND_PROXY_BRANCH_COUNT_MAX], uri;

    for (size_t i = 0; i < count && p->count < p->size; i++) {
        read_uri(targets[i].uri, &uri);
        if (has_same(p, known, &targets[i], &uri))
            continue;
        known[p->count] = uri;
        add(p, &targets[i]);
    }
}

int proxy_targets(struct tnd_proxy *p, const struct tnd_target *targets, size_t count,
                  struct tnd_arena *a)
{
    p->size = count < TND_PROXY_BRANCH_COUNT_MAX ? count : TND_PROXY_BRANCH_COUNT_MAX;
    p->branch = tnd_arena_take(a, p->size * sizeof(*p->branch));
    if (!p->branch)
        return TND_ENOMEM;
    if (count == 1)
        add(p, &targets[0]);
    else
        add_each_once(p, targets, count);
    return 0;
}

/* How many targets redirects may add yet. None is deeper than there are of them. */
static size_t redirects_left(const struct tnd_proxy *p)
{
    uint32_t max = p->with.max_redirects < TND_PROXY_REDIRECT_COUNT_MAX
                       ? p->with.max_redirects
                       : TND_PROXY_REDIRECT_COUNT_MAX;
    size_t room = TND_PROXY_BRANCH_COUNT_MAX - p->count, left = max - p->redirect_count;

    return left < room ? left : room;
}

/* RFC 3261 §21.3.4: 305 names a proxy for this one request, not a place where the user is;
 * RFC 3261 §21.3.5: what 380 offers is in its body. RFC 3261 §16.7, step 4: 416 is like a redirect. */
static bool leads_on(unsigned code)
{
    return (code >= 300 && code <= 399 && code != 305 && code != 380) || code == 416;
}

static bool may_follow(const struct tnd_proxy *p, const struct tnd_branch *b)
{
    return proxy_is_running(b) && !b->is_cancelled && !p->is_stopped && p->with.max_redirects > 0;
}

static bool make_room(struct tnd_proxy *p, size_t more, struct tnd_arena *a)
{
    if (p->count + more <= p->size)
        return true;
    struct tnd_branch *branch = tnd_arena_take(a, (p->count + more) * sizeof(*branch));
    if (!branch)
        return false;
    memcpy(branch, p->branch, p->count * sizeof(*branch));
    p->branch = branch;
    p->size = p->count + more;
    return true;
}

/* RFC 3261 §16.5: the request has been at its Request-URI, which led here. */
static bool is_request_uri(const struct tnd_proxy *p, const struct tnd_uri *uri)
{
    struct tnd_uri request;

    if (!p->with.uri.ptr)
        return false;
    read_uri(p->with.uri, &request);
    return tnd_uri_eq(&request, uri);
}

/* The place of a target with that URI. count: there is none, or it will not be tried. */
static size_t find(const struct tnd_proxy *p, const struct tnd_uri *known,
                   const struct tnd_uri *uri)
{
    size_t i = 0;

    while (i < p->count &&
           (p->branch[i].state == TND_BRANCH_DROPPED || !tnd_uri_eq(&known[i], uri)))
        i++;
    return i;
}

/* Whether a contact with that URI is a new target. A forward that waits for its case is no
 * hindrance: somebody leads there sooner. */
static bool is_new(struct tnd_proxy *p, const struct tnd_uri *known, const struct tnd_uri *uri)
{
    size_t i = find(p, known, uri);

    if (i == p->count)
        return true;
    struct tnd_branch *b = &p->branch[i];
    if (b->state != TND_BRANCH_WAITING || b->target.when == TND_TARGET_AT_ONCE || b->is_next)
        return false;
    b->state = TND_BRANCH_DROPPED;
    return true;
}

static void add_contact(struct tnd_proxy *p, size_t parent, const struct tnd_target *contact)
{
    struct tnd_branch *b = put(p, contact, (int)parent);

    b->depth = (uint8_t)(p->branch[parent].depth + 1);
    b->target.when = TND_TARGET_AT_ONCE;
    b->target.is_redirect = false;
    p->branch[parent].turn.waiting++;
    p->redirect_count++;
}

/* Adds as many as there is room for; false: some were left out. */
static bool add_contacts(struct tnd_proxy *p, size_t parent, const struct tnd_target *contacts,
                         size_t count)
{
    struct tnd_uri known[TND_PROXY_BRANCH_COUNT_MAX], uri;

    for (size_t i = 0; i < p->count; i++)
        read_uri(p->branch[i].target.uri, &known[i]);
    for (size_t i = 0; i < count; i++) {
        read_uri(contacts[i].uri, &uri);
        if (is_request_uri(p, &uri))
            continue;
        if (redirects_left(p) == 0) {
            if (find(p, known, &uri) == p->count)
                return false;
        } else if (is_new(p, known, &uri)) {
            known[p->count] = uri;
            add_contact(p, parent, &contacts[i]);
        }
    }
    return true;
}

size_t tnd_proxy_follow(struct tnd_proxy *p, size_t branch, unsigned code,
                        const struct tnd_target *targets, size_t count, bool all,
                        struct tnd_arena *a)
{
    size_t before = p->count, left = redirects_left(p);

    TND_ASSERT(branch < p->count && p->todo == 0);
    if (!leads_on(code) || !may_follow(p, &p->branch[branch]) ||
        !make_room(p, left < count ? left : count, a))
        return 0;
    if (count > TND_PROXY_BRANCH_COUNT_MAX) { /* more are not even looked at */
        count = TND_PROXY_BRANCH_COUNT_MAX;
        all = false;
    }
    /* RFC 3261 §16.7, step 4: without contacts it is no candidate. */
    all = add_contacts(p, branch, targets, count) && all;
    p->branch[branch].is_followed = all;
    return p->count - before;
}

bool tnd_proxy_has(const struct tnd_proxy *p, struct tnd_slice text)
{
    struct tnd_uri uri, known;

    read_uri(text, &uri);
    if (is_request_uri(p, &uri))
        return true;
    for (size_t i = 0; i < p->count; i++) {
        const struct tnd_branch *b = &p->branch[i];
        if (b->target.is_redirect || b->state == TND_BRANCH_DROPPED)
            continue;
        read_uri(b->target.uri, &known);
        if (tnd_uri_eq(&known, &uri))
            return true;
    }
    return false;
}
