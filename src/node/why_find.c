/* Records of why, found again and told. Nobody keeps an index of them: they are written all the time,
 * and looked for now and then. */
#include "base/ascii.h"
#include "base/assert.h"
#include "node/node.h"

static uint64_t kept(const struct tnd_node *n, const struct node_whys *whys)
{
    return whys->count < n->why_size ? whys->count : n->why_size;
}

/* A ring that is looked through, from the newest record on. */
struct look {
    const struct node_whys *whys;
    uint64_t age;                /* of found */
    const struct tnd_why *found; /* NULL: nothing more */
};

static void look_on(const struct tnd_node *n, struct tnd_slice call_id, struct look *look)
{
    uint64_t count = kept(n, look->whys);

    look->found = NULL;
    while (!look->found && look->age < count) {
        const struct tnd_why *why =
            &look->whys->ring[(look->whys->count - ++look->age) % n->why_size];

        if (tnd_slice_eq(tnd_slice(why->call_id, why->call_id_len), call_id))
            look->found = why;
    }
}

/* Both rings as one, from the newest record on. */
struct looks {
    const struct tnd_node *n;
    struct tnd_slice call_id;
    struct look look[2];
};

static struct looks look_for(const struct tnd_node *n, struct tnd_slice call_id)
{
    struct looks l = {n, call_id, {{.whys = &n->whys[0]}, {.whys = &n->whys[1]}}};

    if (l.call_id.len > TND_WHY_CALL_ID_SIZE)
        l.call_id.len = TND_WHY_CALL_ID_SIZE;
    look_on(n, l.call_id, &l.look[0]);
    look_on(n, l.call_id, &l.look[1]);
    return l;
}

static const struct tnd_why *next(struct looks *l)
{
    const struct tnd_why *a = l->look[0].found, *b = l->look[1].found;
    struct look *newer = &l->look[a && (!b || a->number > b->number) ? 0 : 1];
    const struct tnd_why *why = newer->found;

    if (why)
        look_on(l->n, l->call_id, newer);
    return why;
}

const struct tnd_why *tnd_node_why(const struct tnd_node *n, struct tnd_slice call_id)
{
    struct looks l = look_for(n, call_id);

    return next(&l);
}

size_t tnd_node_whys(const struct tnd_node *n, struct tnd_slice call_id, struct tnd_why *ret,
                     size_t size)
{
    struct looks l = look_for(n, call_id);
    const struct tnd_why *why;
    size_t count = 0;

    while (count < size && (why = next(&l)))
        ret[size - ++count] = *why; /* from the end: they come from the newest on */
    memmove(ret, ret + size - count, count * sizeof(*ret));
    return count;
}

const struct tnd_why *tnd_node_why_next(const struct tnd_node *n, bool answered, uint64_t *seen)
{
    const struct node_whys *whys = &n->whys[answered ? NODE_WHY_ANSWERED : NODE_WHY_OTHER];

    if (*seen == whys->count)
        return NULL;
    if (whys->count - *seen > n->why_size)
        *seen = whys->count - n->why_size;
    return &whys->ring[(*seen)++ % n->why_size];
}

tnd_time tnd_node_why_since(const struct tnd_node *n, bool answered)
{
    const struct node_whys *whys = &n->whys[answered ? NODE_WHY_ANSWERED : NODE_WHY_OTHER];

    return whys->count <= n->why_size ? n->started : whys->ring[whys->count % n->why_size].at;
}

size_t tnd_why_branches(const struct tnd_why *why)
{
    return why->branch_count < TND_WHY_BRANCH_COUNT ? why->branch_count : TND_WHY_BRANCH_COUNT;
}

struct tnd_slice tnd_why_target(const struct tnd_why *why, size_t branch)
{
    size_t at = 0;

    TND_ASSERT(branch < tnd_why_branches(why));
    for (size_t i = 0; i < branch; i++)
        at += why->branch[i].target_len;
    return tnd_slice(why->targets + at, why->branch[branch].target_len);
}

const char *tnd_why_end_text(enum tnd_why_end end)
{
    switch (end) {
    case TND_WHY_NOT_TRIED:
        return "not tried";
    case TND_WHY_TRIED:
        return "not answered yet";
    case TND_WHY_CANCELLED:
        return "cancelled";
    case TND_WHY_ENDED:
        return "";
    case TND_WHY_FOLLOWED:
        return "followed";
    case TND_WHY_SILENT:
        return "nobody answered";
    case TND_WHY_NOT_SENT:
        return "could not be sent";
    case TND_WHY_TOLD:
        return "told to the caller";
    }
    TND_ASSERT(!"no end");
}

/* A peer's words: a line end in them is none of ours. */
static void put_words(struct tnd_writer *w, struct tnd_slice words)
{
    for (size_t i = 0; i < words.len; i++)
        tnd_put_char(w, tnd_is_control(words.ptr[i]) ? '?' : words.ptr[i]);
}

static void put_rule(struct tnd_writer *w, enum tnd_rule rule)
{
    tnd_put_str(w, tnd_rule_name(rule));
    tnd_put(w, TND_STR(": "));
    tnd_put_str(w, tnd_rule_sentence(rule));
    tnd_put(w, TND_STR(" ("));
    tnd_put_str(w, tnd_rule_law(rule));
    tnd_put(w, TND_STR(")"));
}

static void put_branches(struct tnd_writer *w, const struct tnd_why *why)
{
    size_t count = tnd_why_branches(why);

    for (size_t i = 0; i < count; i++) {
        const struct tnd_why_branch *b = &why->branch[i];
        const char *text = tnd_why_end_text((enum tnd_why_end)b->end);

        tnd_put(w, i > 0 ? TND_STR(", ") : TND_STR(" of "));
        put_words(w, tnd_why_target(why, i));
        if (b->code > 0) {
            tnd_put_char(w, ' ');
            tnd_put_number(w, b->code);
        }
        if (*text) {
            tnd_put_char(w, ' ');
            tnd_put_str(w, text);
        }
        if (i == why->chosen)
            tnd_put(w, TND_STR(" *"));
    }
    if (why->branch_count > count)
        tnd_put(w, TND_STR(", ..."));
}

void tnd_why_write(struct tnd_writer *w, const struct tnd_why *why)
{
    if (why->code > 0)
        tnd_put_number(w, why->code);
    else
        tnd_put(w, TND_STR("silence"));
    tnd_put(w, TND_STR(" to "));
    tnd_put_str(w, why->method ? tnd_method_name((enum tnd_method)why->method) : "a request");
    tnd_put(w, TND_STR(" from "));
    tnd_endpoint_write(w, &why->source);
    tnd_put(w, TND_STR(": "));
    put_rule(w, (enum tnd_rule)why->rule);
    if (why->fact_len > 0) {
        tnd_put(w, TND_STR(" ["));
        put_words(w, tnd_slice(why->fact, why->fact_len));
        tnd_put(w, TND_STR("]"));
    }
    put_branches(w, why);
    tnd_put(w, TND_STR(" Call-ID "));
    put_words(w, tnd_slice(why->call_id, why->call_id_len));
}
