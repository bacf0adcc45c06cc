#include "unit/registrar/registrar_test.h"

#include <stdlib.h>

enum { TEXT_SIZE = 128 * 1024, ROOM_SIZE = 128 * 1024 };

static _Alignas(TND_ARENA_ALIGN) char room[ROOM_SIZE], kept_room[4 * ROOM_SIZE];
static struct tnd_arena kept; /* what the store has */

struct registrar_test *registrar_start(void)
{
    static struct registrar_test t;
    static const uint8_t octets[] = {192, 0, 2, 7};

    tnd_arena_init(&kept, kept_room, sizeof(kept_room), NULL, 0);
    t = (struct registrar_test){
        .with = {.default_expires = 3600,
                 .min_expires = 60,
                 .max_expires = 7200,
                 .max_contacts = 3,
                 .source = tnd_endpoint(TND_TRANSPORT_TCP, octets, sizeof(octets), 5070),
                 .flow = 11,
                 .life = 12,
                 .wall = 1800000000},
        .cseq = 1};
    return &t;
}

static const struct tnd_msg *write_request(struct registrar_test *t, const char *call_id,
                                           const char *lines)
{
    static char text[TEXT_SIZE];
    int len = snprintf(text, sizeof(text),
                       "REGISTER sip:example.com SIP/2.0\r\n" SIP_VIA SIP_FROM
                       "To: <sip:alice@example.com>\r\n" SIP_HOPS
                       "Call-ID: %s\r\nCSeq: %u REGISTER\r\n%s\r\n",
                       call_id, t->cseq++, lines);

    CHECK(len > 0 && len < TEXT_SIZE);
    return sip_read_str(text);
}

/* The step as a response, which is valid: whatever was asked, nobody has put a line of his own. */
static void read_reply(struct registrar_test *t)
{
    static char text[TEXT_SIZE];
    struct tnd_writer w = tnd_writer(text, sizeof(text));
    struct tnd_reply reply = {.code = t->step.code,
                              .reason = t->step.reason,
                              .to_tag = TND_STR("ours"),
                              .rport = -1,
                              .fields = t->step.fields};

    t->reply = NULL;
    if (t->step.code == 0)
        return;
    CHECK(t->step.rule != TND_RULE_NONE);
    tnd_reply_write(&w, t->msg, &reply);
    CHECK(!tnd_writer_over(&w));
    t->reply = sip_read(tnd_writer_slice(&w));
    CHECK_EQ(t->reply->kind, TND_MSG_RESPONSE);
    if (!t->is_broken)
        CHECK_FLAWS(t->reply, "");
    for (uint32_t i = 1; i <= t->reply->field_count; i++)
        CHECK(t->reply->fields[i].kind != TND_HEADER_OTHER);
}

void registrar_read(struct registrar_test *t, const char *call_id, const char *lines)
{
    struct tnd_arena a;

    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    t->msg = write_request(t, call_id, lines);
    if (!t->is_broken)
        CHECK_EQ(tnd_msg_verdict(t->msg, TND_AS_UAS).action, TND_PROCESS);
    CHECK_EQ(tnd_registrar_read(&t->with, t->msg, &a, &t->step), 0);
    CHECK(!t->step.is_change || t->step.code == 0);
    read_reply(t);
}

void registrar_answer(struct registrar_test *t, enum tnd_store_result result)
{
    struct tnd_store_answer answer = {
        .result = (uint8_t)result, .entry = {.bindings = t->bindings, .binding_count = t->count}};
    struct tnd_arena a;

    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    CHECK_EQ(tnd_registrar_answer(&t->with, t->msg, &answer, &a, &t->step), 0);
    CHECK(!t->step.is_change && t->step.code > 0);
    read_reply(t);
}

/* The store keeps its own copy. */
static void keep(struct tnd_binding *b)
{
    b->uri = tnd_slice_keep(&kept, b->uri);
    b->call_id = tnd_slice_keep(&kept, b->call_id);
    b->path = tnd_slice_keep(&kept, b->path);
    b->params = tnd_slice_keep(&kept, b->params);
    CHECK(!tnd_arena_over(&kept));
}

static enum tnd_store_result change(struct registrar_test *t)
{
    struct tnd_binding after[TND_BINDING_COUNT_MAX];
    enum tnd_store_result result =
        tnd_bindings_change(t->bindings, t->count, &t->step.change, t->with.wall, after, &t->count);

    if (result != TND_STORE_OK)
        return result;
    for (size_t i = 0; i < t->count; i++) {
        keep(&after[i]);
        t->bindings[i] = after[i];
    }
    return result;
}

unsigned registrar_do_as(struct registrar_test *t, const char *call_id, const char *lines)
{
    registrar_read(t, call_id, lines);
    if (t->step.code == 0)
        registrar_answer(t, t->step.is_change ? change(t) : TND_STORE_OK);
    return t->step.code;
}

unsigned registrar_do(struct registrar_test *t, const char *lines)
{
    return registrar_do_as(t, "a", lines);
}

const char *registrar_values(const struct registrar_test *t, enum tnd_header kind)
{
    static char text[TEXT_SIZE];
    struct tnd_writer w = tnd_writer(text, sizeof(text) - 1);

    CHECK(t->reply);
    for (const struct tnd_field *f = tnd_msg_field(t->reply, kind); f;
         f = f->next ? &t->reply->fields[f->next] : NULL) {
        tnd_put_str(&w, w.len > 0 ? " | " : "");
        tnd_put(&w, tnd_field_value(t->reply, f));
    }
    CHECK(!tnd_writer_over(&w));
    text[w.len] = '\0';
    return text;
}

const char *registrar_uris(const struct registrar_test *t)
{
    static char text[TEXT_SIZE];
    struct tnd_writer w = tnd_writer(text, sizeof(text) - 1);

    CHECK(t->step.is_change);
    for (size_t i = 0; i < t->step.change.count; i++) {
        tnd_put_str(&w, w.len > 0 ? " " : "");
        tnd_put_str(&w, t->step.change.contacts[i].until == 0 ? "-" : "");
        tnd_put(&w, t->step.change.contacts[i].uri);
    }
    CHECK(!tnd_writer_over(&w));
    text[w.len] = '\0';
    return text;
}
