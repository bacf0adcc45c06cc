#include "unit/node/town.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/digest_openssl.h"
#include "tandem/auth.h"
#include "unit/test.h"

enum { ENTRY_COUNT = 16, ASKED_COUNT = 64, TEXTS_SIZE = 262144 };

struct entry {
    const char *aor;
    struct tnd_user user;
    bool has_user;
    struct tnd_forward forwards[TND_FORWARD_COUNT_MAX];
    size_t forward_count;
    struct tnd_binding bindings[TND_BINDING_COUNT_MAX];
    size_t binding_count;
};

/* What was asked; the change is done when it is asked for. */
struct asked {
    uint64_t token;
    struct entry *entry; /* NULL: there is no such one */
    uint8_t result;
    bool is_change;
};

static struct town {
    struct entry entries[ENTRY_COUNT];
    size_t entry_count;
    struct asked asked[ASKED_COUNT];
    size_t asked_count, answered_count;
    enum town_store how;
    struct tnd_digest_openssl openssl;
    char texts[TEXTS_SIZE];
    struct tnd_arena arena;
} town;

static struct entry *find(struct tnd_slice aor)
{
    for (size_t i = 0; i < town.entry_count; i++)
        if (tnd_slice_eq(tnd_slice_str(town.entries[i].aor), aor))
            return &town.entries[i];
    return NULL;
}

static struct entry *entry_of(const char *aor)
{
    struct entry *e = find(tnd_slice_str(aor));

    if (e)
        return e;
    CHECK(town.entry_count < ENTRY_COUNT);
    e = &town.entries[town.entry_count++];
    e->aor = aor;
    return e;
}

static void keep(struct tnd_slice *text)
{
    if (text->ptr)
        *text = tnd_slice_keep(&town.arena, *text);
}

static void keep_binding(struct tnd_binding *b)
{
    keep(&b->uri);
    keep(&b->call_id);
    keep(&b->path);
    keep(&b->params);
}

static enum tnd_store_result change(struct entry *e, const struct tnd_store_op *op)
{
    static struct tnd_binding after[TND_BINDING_COUNT_MAX];
    size_t count;
    enum tnd_store_result result =
        tnd_bindings_change(e->bindings, e->binding_count, op->change, op->now, after, &count);

    if (result != TND_STORE_OK)
        return result;
    for (size_t i = 0; i < count; i++) {
        keep_binding(&after[i]);
        e->bindings[i] = after[i];
    }
    e->binding_count = count;
    return result;
}

static const char *keep_str(struct tnd_slice text)
{
    char *kept = tnd_arena_take(&town.arena, text.len + 1);

    CHECK(kept);
    memcpy(kept, text.ptr, text.len);
    kept[text.len] = '\0';
    return kept;
}

static void asks(struct play *p, const struct tnd_output *out)
{
    const struct tnd_store_op *op = out->store;
    struct asked *asked = &town.asked[town.asked_count++ % ASKED_COUNT];

    (void)p;
    CHECK(town.asked_count - town.answered_count <= ASKED_COUNT);
    *asked = (struct asked){.token = out->token,
                            .entry = find(op->aor),
                            .is_change = op->kind == TND_STORE_CHANGE,
                            .result = town.how == TOWN_FAILS ? TND_STORE_FAILED : TND_STORE_OK};
    if (!asked->is_change || town.how == TOWN_FAILS)
        return;
    if (!asked->entry)
        asked->entry = entry_of(keep_str(op->aor));
    asked->result = (uint8_t)change(asked->entry, op);
}

static void feed_next(struct play *p)
{
    const struct asked *asked = &town.asked[town.answered_count++ % ASKED_COUNT];
    const struct entry *e = asked->result == TND_STORE_OK ? asked->entry : NULL;
    struct tnd_store_answer answer = {.result = asked->result};

    if (e)
        answer.entry = (struct tnd_entry){.user = e->has_user ? &e->user : NULL,
                                          .forwards = e->forwards,
                                          .forward_count = e->forward_count,
                                          .bindings = e->bindings,
                                          .binding_count = e->binding_count};
    tnd_node_feed(
        p->node, p->now,
        &(struct tnd_input){.kind = TND_IN_STORED, .token = asked->token, .stored = &answer});
}

static bool answers(struct play *p)
{
    if (town.how == TOWN_LATER || town.answered_count == town.asked_count)
        return false;
    feed_next(p);
    return true;
}

void town_stored(struct play *p)
{
    enum town_store how = town.how;

    town.how = TOWN_AT_ONCE;
    play_input(p, &(struct tnd_input){.kind = TND_IN_TICK});
    town.how = how;
}

void town_use_store(enum town_store how)
{
    town.how = how;
}

unsigned town_asked(void)
{
    return (unsigned)town.asked_count;
}

static void found_town(void)
{
    tnd_digest_openssl_fini(&town.openssl);
    memset(&town, 0, offsetof(struct town, texts));
    tnd_arena_init(&town.arena, town.texts, sizeof(town.texts), NULL, 0);
    CHECK_EQ(tnd_digest_openssl_init(&town.openssl), 0);
}

static const enum tnd_digest algorithms[] = {TND_DIGEST_SHA_256, TND_DIGEST_MD5};

/* p is a play that was prepared; its configuration is read when there is something to be done. */
static void settle_in(struct play *p)
{
    p->config.has_users = true;
    p->config.auth = (struct tnd_node_auth){
        .realm = TND_STR("example.com"), .algorithms = algorithms, .algorithm_count = 2};
    p->config.registrar = (struct tnd_node_registrar){
        .default_expires = 3600, .min_expires = 60, .max_expires = 86400, .max_contacts = 10};
    p->config.proxy = (struct tnd_node_proxy){
        .recurse = TND_RECURSE_LOCAL, .max_redirects = 5, .record_route = true, .timer_c = 185};
    p->asks = asks;
    p->answers = answers;
}

bool town_open_failing(struct play *p, size_t nth)
{
    found_town();
    if (!play_open_with(p, nth, &town.openssl.digester))
        return false;
    settle_in(p);
    return true;
}

void town_open(struct play *p)
{
    CHECK(town_open_failing(p, 0));
}

void town_open_another(struct play *p)
{
    CHECK(play_open_with(p, 0, &town.openssl.digester));
    settle_in(p);
}

void town_requires_proof(struct play *p)
{
    p->config.auth.required = true;
    tnd_node_set_wall(p->node, p->now, (int64_t)1800000000 * 1000000);
}

void town_trusts(struct play *p, const char *address)
{
    static struct tnd_network network;

    CHECK_EQ(tnd_address_parse(tnd_slice_str(address), &network.address), 0);
    network.bits = 32;
    p->config.auth.trusted = &network;
    p->config.auth.trusted_count = 1;
}

void town_user(const char *aor, const char *password)
{
    struct entry *e = entry_of(aor);

    CHECK_EQ(tnd_user_make(&town.openssl.digester, tnd_slice_str(aor), TND_STR("example.com"),
                           tnd_slice_str(password), &e->user),
             0);
    e->has_user = true;
}

void town_bind_as(const char *aor, const struct tnd_binding *binding)
{
    struct entry *e = entry_of(aor);

    CHECK(e->binding_count < TND_BINDING_COUNT_MAX);
    e->bindings[e->binding_count] = *binding;
    e->bindings[e->binding_count].until = INT64_MAX;
    keep_binding(&e->bindings[e->binding_count++]);
}

void town_bind(const char *aor, const char *uri)
{
    town_bind_as(aor, &(struct tnd_binding){.uri = tnd_slice_str(uri), .q = -1});
}

void town_forward(const char *aor, const struct tnd_forward *forward)
{
    struct entry *e = entry_of(aor);

    CHECK(e->forward_count < TND_FORWARD_COUNT_MAX);
    e->forwards[e->forward_count++] = *forward;
}

size_t town_binding_count(const char *aor)
{
    return entry_of(aor)->binding_count;
}
