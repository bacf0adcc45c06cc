/* What is kept: whatever a record is, reading it ends well, and what was read is written as the same
 * bytes, for a thing has one form only. And what a change makes of two records of bindings is what
 * RFC 3261 §10.3 makes of them, contact by contact.
 *
 * The first byte says what follows: u, f or b a record; c the length of a record in one byte, that
 * record of what is kept, and a record of contacts. */
#include "fuzz/fuzz.h"

#include "tandem/store.h"

enum { NOW = 64, ROOM_SIZE = 1 << 20, MODEL_MAX = 2 * TND_BINDING_COUNT_MAX };

static _Alignas(TND_ARENA_ALIGN) char arena_room[2][1 << 16];
static char room[ROOM_SIZE];

static struct tnd_arena fresh_arena(int which)
{
    struct tnd_arena a;

    tnd_arena_init(&a, arena_room[which], sizeof(arena_room[which]), NULL, 0);
    return a;
}

static void check_written(const struct tnd_writer *w, size_t size_max, struct tnd_slice record)
{
    FUZZ_CHECK(w->len <= size_max);
    FUZZ_CHECK(tnd_slice_eq(tnd_writer_slice(w), record));
}

static void user(struct tnd_slice record)
{
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_arena a = fresh_arena(0);
    struct tnd_user *read;
    int err = tnd_user_record_read(record, &a, &read);

    FUZZ_CHECK(err == 0 || err == TND_ESYNTAX);
    if (err)
        return;
    tnd_user_record_write(&w, read);
    check_written(&w, TND_USER_RECORD_MAX, record);
}

static void forwards(struct tnd_slice record)
{
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_arena a = fresh_arena(0);
    struct tnd_forward *read;
    size_t count;
    int err = tnd_forwards_record_read(record, &a, &read, &count);

    FUZZ_CHECK(err == 0 || err == TND_ESYNTAX);
    if (err)
        return;
    tnd_forwards_record_write(&w, read, count);
    check_written(&w, TND_FORWARDS_RECORD_MAX, record);
}

static bool bindings(struct tnd_slice record, int which, struct tnd_binding **ret,
                     size_t *ret_count)
{
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_arena a = fresh_arena(which);
    int err = tnd_bindings_record_read(record, &a, ret, ret_count);

    FUZZ_CHECK(err == 0 || err == TND_ESYNTAX);
    if (err)
        return false;
    tnd_bindings_record_write(&w, *ret, *ret_count);
    check_written(&w, TND_BINDINGS_RECORD_MAX, record);
    return true;
}

static bool same_uri(struct tnd_slice a, struct tnd_slice b)
{
    struct tnd_uri x, y;
    struct tnd_flaw flaw;
    bool a_is = tnd_uri_parse(a, &x, &flaw) == 0, b_is = tnd_uri_parse(b, &y, &flaw) == 0;

    return a_is && b_is ? tnd_uri_eq(&x, &y) : tnd_slice_eq(a, b);
}

/* As they are in a change: no two the same, and of one Call-ID and CSeq. */
static size_t make_contacts(struct tnd_binding *contacts, size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        bool twice = false;
        for (size_t j = 0; j < kept; j++)
            twice |= same_uri(contacts[i].uri, contacts[j].uri);
        if (twice)
            continue;
        contacts[kept] = contacts[i];
        contacts[kept].call_id = contacts[0].call_id;
        contacts[kept++].cseq = contacts[0].cseq;
    }
    return kept;
}

struct model {
    struct tnd_binding list[MODEL_MAX];
    size_t count;
    bool stale;
};

static void model_remove(struct model *m, size_t i)
{
    m->count--;
    for (; i < m->count; i++)
        m->list[i] = m->list[i + 1];
}

static bool model_is_stale(const struct tnd_binding *b, const struct tnd_binding_change *change)
{
    return tnd_slice_eq(b->call_id, change->call_id) && change->cseq <= b->cseq;
}

/* RFC 3261 §10.3, step 7, for one contact. */
static void model_contact(struct model *m, const struct tnd_binding *contact,
                          const struct tnd_binding_change *change)
{
    bool done = contact->until <= NOW;

    for (size_t i = 0; i < m->count;) {
        if (!same_uri(m->list[i].uri, contact->uri)) {
            i++;
            continue;
        }
        m->stale |= model_is_stale(&m->list[i], change);
        if (done)
            model_remove(m, i);
        else
            m->list[i++] = *contact;
        done = true;
    }
    if (!done)
        m->list[m->count++] = *contact;
}

static enum tnd_store_result model_change(struct model *m, const struct tnd_binding *kept,
                                          size_t count, const struct tnd_binding_change *change)
{
    *m = (struct model){.count = 0};
    for (size_t i = 0; i < count; i++)
        if (kept[i].until > NOW)
            m->list[m->count++] = kept[i];
    size_t before = m->count;
    for (size_t i = 0; i < change->count; i++)
        model_contact(m, &change->contacts[i], change);
    if (m->stale)
        return TND_STORE_STALE;
    return m->count > before && m->count > change->count_max ? TND_STORE_FULL : TND_STORE_OK;
}

static void change(struct tnd_slice text)
{
    static struct model model;
    struct tnd_binding *kept, *contacts, after[TND_BINDING_COUNT_MAX];
    size_t count, contact_count, after_count;
    size_t cut = text.len > 0 ? (unsigned char)*text.ptr : 0;

    if (cut >= text.len || !bindings(tnd_slice(text.ptr + 1, cut), 0, &kept, &count) ||
        !bindings(tnd_slice(text.ptr + 1 + cut, text.len - 1 - cut), 1, &contacts,
                  &contact_count) ||
        contact_count == 0)
        return;
    struct tnd_binding_change c = {.contacts = contacts,
                                   .count = make_contacts(contacts, contact_count),
                                   .call_id = contacts[0].call_id,
                                   .cseq = contacts[0].cseq,
                                   .count_max = 3};
    enum tnd_store_result result = tnd_bindings_change(kept, count, &c, NOW, after, &after_count);
    FUZZ_CHECK(result == model_change(&model, kept, count, &c));
    if (result != TND_STORE_OK)
        return;
    FUZZ_CHECK(after_count == model.count);
    struct tnd_writer w = tnd_writer(room, ROOM_SIZE / 2);
    struct tnd_writer m = tnd_writer(room + ROOM_SIZE / 2, ROOM_SIZE / 2);
    tnd_bindings_record_write(&w, after, after_count);
    tnd_bindings_record_write(&m, model.list, model.count);
    FUZZ_CHECK(!tnd_writer_over(&w) && tnd_slice_eq(tnd_writer_slice(&w), tnd_writer_slice(&m)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tnd_binding *ignored;
    size_t count;

    if (size == 0)
        return 0;
    struct tnd_slice rest = tnd_slice((const char *)data + 1, size - 1);
    switch (*data) {
    case 'u':
        user(rest);
        break;
    case 'f':
        forwards(rest);
        break;
    case 'b':
        bindings(rest, 0, &ignored, &count);
        break;
    case 'c':
        change(rest);
        break;
    }
    return 0;
}
