/* What a REGISTER makes of the bindings of an address-of-record (RFC 3261 §10.3, steps 6 and 7).
 *
 * First each binding is asked which contact is about it, and whether that contact may change it.
 * Only then anything is written, so all is done or nothing. */
#include "base/assert.h"
#include "tandem/store.h"

enum { KEPT = -1 }; /* no contact is about this binding */

struct judged {
    const struct tnd_binding *live[TND_BINDING_COUNT_MAX]; /* that have not ended */
    struct tnd_uri uri[TND_BINDING_COUNT_MAX];             /* as far as is_read */
    bool is_read[TND_BINDING_COUNT_MAX];
    int16_t by[TND_BINDING_COUNT_MAX]; /* the contact that each is changed by, or KEPT */
    size_t count;
    bool found[TND_LIST_COUNT_MAX]; /* the contacts that are about a binding */
};

/* What is no URI is kept and compared as the text that it is. */
static struct tnd_uri read_uri(struct tnd_slice text)
{
    struct tnd_uri uri;
    struct tnd_flaw flaw;

    if (tnd_uri_parse(text, &uri, &flaw))
        return (struct tnd_uri){.text = text};
    return uri;
}

static void read_live(struct judged *j, const struct tnd_binding *bindings, size_t count,
                      int64_t now)
{
    j->count = 0;
    for (size_t i = 0; i < count; i++) {
        if (bindings[i].until <= now)
            continue;
        j->live[j->count] = &bindings[i];
        j->is_read[j->count] = false;
        j->by[j->count++] = KEPT;
    }
}

/* A contact, its URI read when it is needed. */
struct compared {
    struct tnd_slice text;
    struct tnd_uri uri;
    bool is_read;
};

/* Nearly always a phone says the same words again: then nothing is read. */
static bool is_about(struct compared *c, struct judged *j, size_t i)
{
    if (tnd_slice_eq(c->text, j->live[i]->uri))
        return true;
    if (!c->is_read)
        c->uri = read_uri(c->text);
    if (!j->is_read[i])
        j->uri[i] = read_uri(j->live[i]->uri);
    c->is_read = j->is_read[i] = true;
    return tnd_uri_eq(&c->uri, &j->uri[i]);
}

/* RFC 3261 §10.3: bindings are searched "using the URI comparison rules". Those are not transitive:
 * a contact can be about several bindings, and then stands for them all. */
static void find_changed(struct judged *j, const struct tnd_binding_change *change)
{
    for (size_t c = 0; c < change->count; c++) {
        struct compared contact;

        contact.text = change->contacts[c].uri;
        contact.is_read = false;
        j->found[c] = false;
        for (size_t i = 0; i < j->count; i++) {
            if (j->by[i] != KEPT || !is_about(&contact, j, i))
                continue;
            j->by[i] = (int16_t)c;
            j->found[c] = true;
        }
    }
}

/* RFC 3261 §10.3: under the same Call-ID only a higher CSeq changes a binding; "if not, the update
 * MUST be aborted". So a REGISTER that was overtaken by a later one changes nothing. */
static bool is_stale(const struct judged *j, const struct tnd_binding_change *change)
{
    for (size_t i = 0; i < j->count; i++)
        if ((change->star || j->by[i] != KEPT) &&
            tnd_slice_eq(j->live[i]->call_id, change->call_id) && change->cseq <= j->live[i]->cseq)
            return true;
    return false;
}

/* Writes to ret, if that is not NULL, what is there afterwards. Returns how many. A refreshed
 * binding keeps its place, a new one comes last. */
static size_t apply(const struct judged *j, const struct tnd_binding_change *change, int64_t now,
                    struct tnd_binding *ret)
{
    bool placed[TND_LIST_COUNT_MAX] = {false};
    size_t count = 0;

    for (size_t i = 0; i < j->count; i++) {
        const struct tnd_binding *b = j->live[i];

        if (j->by[i] != KEPT) {
            b = &change->contacts[j->by[i]];
            if (b->until <= now || placed[j->by[i]])
                continue;
            placed[j->by[i]] = true;
        }
        if (ret)
            ret[count] = *b;
        count++;
    }
    for (size_t c = 0; c < change->count; c++) {
        if (j->found[c] || change->contacts[c].until <= now)
            continue;
        if (ret)
            ret[count] = change->contacts[c];
        count++;
    }
    return count;
}

/* Too many is more than allowed and more than before: nobody is kept from refreshing or removing
 * what he has since the limit was higher. */
static bool is_full(const struct judged *j, size_t after, uint32_t count_max)
{
    return after > j->count && (after > count_max || after > TND_BINDING_COUNT_MAX);
}

enum tnd_store_result tnd_bindings_change(const struct tnd_binding *bindings, size_t count,
                                          const struct tnd_binding_change *change, int64_t now,
                                          struct tnd_binding *ret, size_t *ret_count)
{
    struct judged j;

    TND_ASSERT(count <= TND_BINDING_COUNT_MAX && change->count <= TND_LIST_COUNT_MAX);
    TND_ASSERT(!change->star || change->count == 0);
    read_live(&j, bindings, count, now);
    find_changed(&j, change);
    if (is_stale(&j, change))
        return TND_STORE_STALE;
    if (change->star) {
        *ret_count = 0;
        return TND_STORE_OK;
    }
    if (is_full(&j, apply(&j, change, now, NULL), change->count_max))
        return TND_STORE_FULL;
    *ret_count = apply(&j, change, now, ret);
    return TND_STORE_OK;
}

enum tnd_rule tnd_binding_judge(const struct tnd_binding *b)
{
    size_t len = b->uri.len + b->call_id.len + b->path.len + b->params.len;

    return len > TND_BINDING_LEN_MAX ? TND_RULE_BINDING_LEN : TND_RULE_NONE;
}

enum tnd_rule tnd_store_rule(enum tnd_store_result result, bool star)
{
    switch (result) {
    case TND_STORE_OK:
        return star ? TND_RULE_REGISTRAR_STAR : TND_RULE_REGISTRAR_CONTACT;
    case TND_STORE_STALE:
        return star ? TND_RULE_REGISTRAR_STAR : TND_RULE_REGISTRAR_CSEQ;
    case TND_STORE_FULL:
        return TND_RULE_BINDING_COUNT;
    case TND_STORE_FAILED:
        return TND_RULE_REGISTRAR_COMMIT;
    }
    TND_ASSERT(!"a result that is none");
}
