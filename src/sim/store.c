/* The store: what is asked of it is an event, at which it is done; the answer is another one. */
#include "sim/store.h"

#include "base/assert.h"
#include "sim/inside.h"

enum {
    ROOM = 1 << 21, /* of one answer */
    PART_USER = 0,
    PART_FORWARDS,
    PART_BINDINGS,
    LOST_OF_CRASHED_OF_1000 = 500,
    DONE_OF_FAILED_OF_1000 = 500,
};

/* A record; it is made anew with each change. */
struct bytes {
    size_t len;
    char at[];
};

struct sim_record {
    struct sim_record *next;
    struct tnd_slice aor; /* behind it */
    struct bytes *part[PART_BINDINGS + 1];
};

/* What was asked, in front of the texts of an event: aor, Call-ID, record of the contacts. */
struct asked {
    int64_t now;
    uint32_t cseq, count_max;
    uint8_t kind; /* enum tnd_store_kind */
    bool star, is_done;
    uint8_t result; /* once it is done */
    size_t aor_len, call_id_len, contacts_len;
};

static struct sim_record *find(const struct sim_world *w, struct tnd_slice aor)
{
    struct sim_record *r = w->records;

    while (r && !tnd_slice_eq(r->aor, aor))
        r = r->next;
    return r;
}

static struct sim_record *find_or_add(struct sim_world *w, struct tnd_slice aor)
{
    struct sim_record *r = find(w, aor);

    if (r)
        return r;
    r = sim_take(w->mem, sizeof(*r) + aor.len);
    memcpy(r + 1, aor.ptr, aor.len);
    r->aor = tnd_slice((const char *)(r + 1), aor.len);
    r->next = w->records;
    return w->records = r;
}

static void drop(const struct sim_world *w, struct bytes *b)
{
    if (b)
        sim_give(w->mem, b, sizeof(*b) + b->len);
}

static void put(const struct sim_world *w, struct sim_record *r, unsigned part,
                const struct tnd_writer *from)
{
    struct bytes *b = sim_take(w->mem, sizeof(*b) + from->len);

    TND_ASSERT(!tnd_writer_over(from));
    b->len = from->len;
    memcpy(b->at, from->ptr, from->len);
    drop(w, r->part[part]);
    r->part[part] = b;
}

void sim_store_free(struct sim_world *w)
{
    while (w->records) {
        struct sim_record *r = w->records;

        w->records = r->next;
        for (unsigned i = 0; i <= PART_BINDINGS; i++)
            drop(w, r->part[i]);
        sim_give(w->mem, r, sizeof(*r) + r->aor.len);
    }
}

void sim_store_put(struct sim_world *w, struct tnd_slice aor, const struct tnd_user *user,
                   const struct tnd_forward *forwards, size_t count)
{
    static char room[TND_FORWARDS_RECORD_MAX];
    struct sim_record *r = find_or_add(w, aor);
    struct tnd_writer out = tnd_writer(room, sizeof(room));

    tnd_user_record_write(&out, user);
    put(w, r, PART_USER, &out);
    out = tnd_writer(room, sizeof(room));
    tnd_forwards_record_write(&out, forwards, count);
    put(w, r, PART_FORWARDS, &out);
}

static struct tnd_slice part_of(const struct sim_record *r, unsigned part)
{
    const struct bytes *b = r ? r->part[part] : NULL;

    return b ? tnd_slice(b->at, b->len) : tnd_slice(NULL, 0);
}

/* What is there now, what has ended too. */
static size_t read_bindings(const struct sim_record *r, struct tnd_arena *a,
                            struct tnd_binding **ret)
{
    size_t count = 0;

    *ret = NULL;
    if (!part_of(r, PART_BINDINGS).ptr)
        return 0;
    int err = tnd_bindings_record_read(part_of(r, PART_BINDINGS), a, ret, &count);
    TND_ASSERT(err == 0); /* of our own writing */
    return count;
}

void sim_store_find(const struct sim_world *w, struct tnd_slice aor, int64_t now,
                    struct tnd_arena *a, struct tnd_entry *ret)
{
    const struct sim_record *r = find(w, aor);
    struct tnd_user *user = NULL;
    struct tnd_forward *forwards = NULL;
    struct tnd_binding *bindings;
    int err = 0;

    *ret = (struct tnd_entry){.user = NULL};
    if (part_of(r, PART_USER).ptr)
        err = tnd_user_record_read(part_of(r, PART_USER), a, &user);
    if (!err && part_of(r, PART_FORWARDS).ptr)
        err =
            tnd_forwards_record_read(part_of(r, PART_FORWARDS), a, &forwards, &ret->forward_count);
    TND_ASSERT(err == 0);
    ret->user = user;
    ret->forwards = forwards;
    size_t forward_count = ret->forward_count;
    ret->forward_count = 0;
    for (size_t i = 0; i < forward_count; i++)
        if (forwards[i].until == 0 || forwards[i].until > now)
            forwards[ret->forward_count++] = forwards[i];
    size_t count = read_bindings(r, a, &bindings);
    ret->bindings = bindings;
    for (size_t i = 0; i < count; i++)
        if (bindings[i].until > now)
            bindings[ret->binding_count++] = bindings[i];
}

/* What was asked, as an event of its own bytes: the node may be gone when it is done. */
void sim_store_ask(struct sim_world *w, unsigned host, const struct tnd_output *out)
{
    static char room[TND_BINDINGS_RECORD_MAX + TND_AOR_LEN_MAX + TND_LINE_LEN_MAX];
    const struct tnd_store_op *op = out->store;
    struct asked asked = {.now = op->now, .kind = op->kind, .aor_len = op->aor.len};
    struct tnd_writer text = tnd_writer(room, sizeof(room));

    tnd_put(&text, tnd_slice((const char *)&asked, sizeof(asked)));
    tnd_put(&text, op->aor);
    if (op->kind == TND_STORE_CHANGE) {
        asked.cseq = op->change->cseq;
        asked.count_max = op->change->count_max;
        asked.star = op->change->star;
        asked.call_id_len = op->change->call_id.len;
        tnd_put(&text, op->change->call_id);
        asked.contacts_len = text.len;
        tnd_bindings_record_write(&text, op->change->contacts, op->change->count);
        asked.contacts_len = text.len - asked.contacts_len;
    }
    TND_ASSERT(!tnd_writer_over(&text));
    memcpy(room, &asked, sizeof(asked));
    w->counts.stored++;
    sim_event_add(w, SIM_EV_STORE, host,
                  w->now + tnd_random_time(&w->random, 0, w->faults.store_max),
                  tnd_writer_slice(&text))
        ->token = out->token;
}

static struct tnd_slice aor_of(const struct sim_event *ev, const struct asked *asked)
{
    return tnd_slice(ev->bytes + sizeof(*asked), asked->aor_len);
}

static enum tnd_store_result change(struct sim_world *w, const struct sim_event *ev,
                                    const struct asked *asked)
{
    static char room[TND_BINDINGS_RECORD_MAX];
    static struct tnd_binding after[TND_BINDING_COUNT_MAX];
    const char *call_id = tnd_slice_end(aor_of(ev, asked));
    struct tnd_slice record = tnd_slice(call_id + asked->call_id_len, asked->contacts_len);
    struct tnd_binding_change c = {.star = asked->star,
                                   .call_id = tnd_slice(call_id, asked->call_id_len),
                                   .cseq = asked->cseq,
                                   .count_max = asked->count_max};
    struct tnd_binding *contacts, *bindings;
    struct tnd_arena a;
    size_t count = 0;

    tnd_arena_init(&a, NULL, 0, w->mem, ROOM);
    int err = tnd_bindings_record_read(record, &a, &contacts, &c.count);
    TND_ASSERT(err == 0);
    c.contacts = contacts;
    size_t before = read_bindings(find(w, aor_of(ev, asked)), &a, &bindings);
    enum tnd_store_result result =
        tnd_bindings_change(bindings, before, &c, asked->now, after, &count);
    if (result == TND_STORE_OK) {
        struct tnd_writer out = tnd_writer(room, sizeof(room));

        tnd_bindings_record_write(&out, after, count);
        put(w, find_or_add(w, aor_of(ev, asked)), PART_BINDINGS, &out);
    }
    tnd_arena_fini(&a);
    return result;
}

/* The time has come at which it is done. */
static void work(struct sim_world *w, struct sim_event *ev, struct asked *asked)
{
    const struct sim_host *h = w->hosts[ev->host];
    bool lives = h->element.ops && h->life == ev->life;
    bool fails = sim_chance(w, w->faults.store_failed_of_1000);
    unsigned lost_of_1000 = fails ? 1000 - DONE_OF_FAILED_OF_1000 : LOST_OF_CRASHED_OF_1000;

    asked->result = TND_STORE_OK;
    if (asked->kind == TND_STORE_CHANGE && !((fails || !lives) && sim_chance(w, lost_of_1000)))
        asked->result = (uint8_t)change(w, ev, asked);
    if (fails)
        asked->result = TND_STORE_FAILED;
    asked->is_done = true;
    memcpy(ev->bytes, asked, sizeof(*asked));
    if (lives)
        sim_event_add(w, SIM_EV_STORE, ev->host,
                      w->now + tnd_random_time(&w->random, 0, w->faults.store_max / 4),
                      tnd_slice(ev->bytes, ev->len))
            ->token = ev->token;
}

void sim_store_answer(struct sim_world *w, struct sim_event *ev)
{
    struct tnd_store_answer answer = {.result = TND_STORE_OK};
    struct tnd_arena a;
    struct asked asked;

    memcpy(&asked, ev->bytes, sizeof(asked));
    if (!asked.is_done) {
        work(w, ev, &asked);
        return;
    }
    if (w->hosts[ev->host]->life != ev->life)
        return;
    tnd_arena_init(&a, NULL, 0, w->mem, ROOM);
    answer.result = asked.result;
    if (asked.result == TND_STORE_OK)
        sim_store_find(w, aor_of(ev, &asked), asked.now, &a, &answer.entry);
    sim_feed(w, ev->host,
             &(struct tnd_input){.kind = TND_IN_STORED, .token = ev->token, .stored = &answer});
    tnd_arena_fini(&a);
}
