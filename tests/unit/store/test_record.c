/* Records: written and read, and what becomes of those that are damaged. */
#include "tandem/store.h"
#include "unit/guarded.h"
#include "unit/test.h"

enum { ARENA_SIZE = 64 * 1024 };
static _Alignas(TND_ARENA_ALIGN) char arena_room[ARENA_SIZE];
static char room[TND_BINDINGS_RECORD_MAX];

static struct tnd_arena fresh_arena(void)
{
    struct tnd_arena a;

    tnd_arena_init(&a, arena_room, sizeof(arena_room), NULL, 0);
    return a;
}

static int read_user(struct tnd_slice record, struct tnd_arena *a)
{
    struct tnd_user *user = NULL;
    int err = tnd_user_record_read(record, a, &user);

    CHECK_EQ(!user, err != 0);
    return err;
}

static int read_forwards(struct tnd_slice record, struct tnd_arena *a)
{
    struct tnd_forward *forwards = NULL;
    size_t count;
    int err = tnd_forwards_record_read(record, a, &forwards, &count);

    CHECK_EQ(!forwards, err != 0);
    return err;
}

static int read_bindings(struct tnd_slice record, struct tnd_arena *a)
{
    struct tnd_binding *bindings = NULL;
    size_t count;
    int err = tnd_bindings_record_read(record, a, &bindings, &count);

    CHECK_EQ(!bindings, err != 0);
    return err;
}

typedef int reader(struct tnd_slice record, struct tnd_arena *a);

static int read_guarded(reader *read, struct tnd_slice record)
{
    struct tnd_arena a = fresh_arena();
    struct tnd_slice copy = guarded(record);
    int err = read(copy, &a);

    guarded_free(copy);
    return err;
}

/* Of a record that is good: no prefix is, nor is it with a byte more, nor of another version. */
static void check_damage(reader *read, struct tnd_slice record)
{
    CHECK_EQ(read_guarded(read, record), 0);
    for (size_t len = 0; len < record.len; len++)
        CHECK_EQ(read_guarded(read, tnd_slice(record.ptr, len)), TND_ESYNTAX);
    CHECK(record.len < sizeof(room));
    room[record.len] = 0;
    CHECK_EQ(read_guarded(read, tnd_slice(room, record.len + 1)), TND_ESYNTAX);
    room[0]++;
    CHECK_EQ(read_guarded(read, record), TND_ESYNTAX);
    room[0] = 0;
    CHECK_EQ(read_guarded(read, record), TND_ESYNTAX);
}

static void check_no_memory(reader *read, struct tnd_slice record)
{
    struct tnd_arena a;

    tnd_arena_init(&a, arena_room, 0, NULL, 0);
    CHECK_EQ(read(record, &a), TND_ENOMEM);
}

TND_TEST(user_record, "RFC 7616 §3.4.2",
         "the record of a user has a digest for each form of the name and each algorithm")
{
    static const struct tnd_user user = {
        .realm = TND_STR_INIT("example.com"),
        .a1 = {{[TND_DIGEST_MD5] = "0123456789abcdef", [TND_DIGEST_SHA_512_256] = {1, [31] = 9}},
               {[TND_DIGEST_MD5] = "fedcba9876543210", [TND_DIGEST_SHA_512_256] = {2, [31] = 8}}},
        .has = {[TND_DIGEST_MD5] = true, [TND_DIGEST_SHA_512_256] = true}};
    struct tnd_writer w = tnd_writer(room, TND_USER_RECORD_MAX);
    struct tnd_arena a = fresh_arena();
    struct tnd_user *read;

    tnd_user_record_write(&w, &user);
    CHECK_EQ(tnd_user_record_read(tnd_writer_slice(&w), &a, &read), 0);
    CHECK_STR(read->realm, "example.com");
    CHECK(memcmp(read->a1, user.a1, sizeof(user.a1)) == 0);
    CHECK(memcmp(read->has, user.has, sizeof(user.has)) == 0);
    check_no_memory(read_user, tnd_writer_slice(&w));
    check_damage(read_user, tnd_writer_slice(&w));
}

TND_TEST(forwards_record, "RFC 3261 §21.3.3", "the record of forwards has all of each")
{
    static const struct tnd_forward forwards[] = {
        {.uri = TND_STR_INIT("sip:alice@hotel.example"),
         .until = 1796137200,
         .when = TND_FORWARD_ALWAYS,
         .mode = TND_FORWARD_REDIRECT},
        {.uri = TND_STR_INIT("tel:+4930"),
         .after = 20,
         .when = TND_FORWARD_NO_ANSWER,
         .mode = TND_FORWARD_PROXY},
        {.uri = TND_STR_INIT("x"), .until = INT64_MAX, .after = UINT32_MAX, .when = 3, .mode = 1},
    };
    struct tnd_writer w = tnd_writer(room, TND_FORWARDS_RECORD_MAX);
    struct tnd_arena a = fresh_arena();
    struct tnd_forward *read;
    size_t count;

    tnd_forwards_record_write(&w, forwards, 3);
    CHECK_EQ(tnd_forwards_record_read(tnd_writer_slice(&w), &a, &read, &count), 0);
    CHECK_EQ(count, 3);
    for (size_t i = 0; i < count; i++) {
        CHECK(tnd_slice_eq(read[i].uri, forwards[i].uri));
        CHECK_EQ(read[i].until, forwards[i].until);
        CHECK_EQ(read[i].after, forwards[i].after);
        CHECK_EQ(read[i].when, forwards[i].when);
        CHECK_EQ(read[i].mode, forwards[i].mode);
    }
    check_no_memory(read_forwards, tnd_writer_slice(&w));
    check_damage(read_forwards, tnd_writer_slice(&w));
}

static const uint8_t ipv4[4] = {192, 0, 2, 10};
static const uint8_t ipv6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 1};

/* What a phone of today registers. */
static struct tnd_binding typical(void)
{
    return (struct tnd_binding){
        .uri = TND_STR("sip:alice@192.0.2.10:49152;transport=tcp;ob"),
        .call_id = TND_STR("f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
        .params = TND_STR(";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000A95A0E128>\""),
        .until = 1796137200,
        .cseq = 1826,
        .q = -1,
        .source = tnd_endpoint(TND_TRANSPORT_TCP, ipv4, 4, 49152),
        .flow = 1 << 20,
        .life = 1796130000,
        .local = tnd_endpoint(TND_TRANSPORT_TCP, ipv4, 4, 5060)};
}

static void check_same(const struct tnd_binding *a, const struct tnd_binding *b)
{
    CHECK(tnd_slice_eq(a->uri, b->uri));
    CHECK(tnd_slice_eq(a->call_id, b->call_id));
    CHECK(tnd_slice_eq(a->path, b->path));
    CHECK(tnd_slice_eq(a->params, b->params));
    CHECK_EQ(a->until, b->until);
    CHECK_EQ(a->cseq, b->cseq);
    CHECK_EQ(a->q, b->q);
    CHECK(tnd_endpoint_eq(&a->source, &b->source));
    CHECK_EQ(a->flow, b->flow);
    CHECK_EQ(a->life, b->life);
    CHECK(tnd_endpoint_eq(&a->local, &b->local));
}

static struct tnd_slice write_bindings(const struct tnd_binding *bindings, size_t count)
{
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_bindings_record_write(&w, bindings, count);
    return tnd_writer_slice(&w);
}

TND_TEST(bindings_record, "RFC 3261 §10.3",
         "the record of bindings has all of each, in their order")
{
    struct tnd_binding bindings[] = {
        typical(),
        {.uri = TND_STR("x"), .q = -1},
        {.uri = TND_STR("sip:bob@[2001:db8::1]"),
         .call_id = TND_STR("1"),
         .path = TND_STR("<sip:edge.example;lr>,<sip:core.example;lr>"),
         .until = INT64_MAX,
         .cseq = UINT32_MAX,
         .q = 1000,
         .source = tnd_endpoint(TND_TRANSPORT_WSS, ipv6, 16, UINT16_MAX),
         .flow = UINT64_MAX,
         .life = UINT64_MAX},
        {.uri = TND_STR("y"), .q = 0, .flow = 1},
    };
    struct tnd_slice record = write_bindings(bindings, 4);
    struct tnd_arena a = fresh_arena();
    struct tnd_binding *read;
    size_t count;

    CHECK_EQ(tnd_bindings_record_read(record, &a, &read, &count), 0);
    CHECK_EQ(count, 4);
    for (size_t i = 0; i < count; i++)
        check_same(&read[i], &bindings[i]);
    check_no_memory(read_bindings, record);
    check_damage(read_bindings, record);
}

TND_TEST(bindings_record_of_before, "RFC 3261 §10.3",
         "a record without addresses of ours is as it was before there were any, and is read")
{
    static const char before[] = "\x01\x01\x85\x01u\x00\x00\x00\xc0\x00\x02\x01\x05\x07\x09";
    struct tnd_slice record = tnd_slice(before, sizeof(before) - 1);
    struct tnd_arena a = fresh_arena();
    struct tnd_binding *read;
    size_t count;

    CHECK_EQ(tnd_bindings_record_read(record, &a, &read, &count), 0);
    CHECK_EQ(read[0].flow, 7);
    CHECK_EQ(read[0].local.family, TND_FAMILY_NONE);
    CHECK(tnd_slice_eq(write_bindings(read, count), record));
    /* the same with room for ours, in which none is said */
    CHECK_EQ(read_guarded(read_bindings, TND_STR("\x02\x01\x85\x01u\x00\x00\x00\xc0\x00\x02\x01"
                                                 "\x05\x07\x09\x00\x00\x00\x00\x00")),
             TND_ESYNTAX);
}

TND_TEST(bindings_record_is_small, "RFC 3261 §10.3",
         "what is kept of a phone is hardly more than its texts")
{
    struct tnd_binding b = typical();
    size_t texts = b.uri.len + b.call_id.len + b.params.len;

    CHECK(write_bindings(&b, 1).len <= texts + 41);
    CHECK_EQ(write_bindings(&b, 0).len, 2);
}

TND_TEST(bindings_record_of_many, "TND_BINDING_COUNT_MAX",
         "as many bindings as there may be, each as long as it may be, fit their room")
{
    static char text[TND_BINDING_LEN_MAX];
    static struct tnd_binding bindings[TND_BINDING_COUNT_MAX];
    struct tnd_arena a = fresh_arena();
    struct tnd_binding *read;
    size_t count;

    for (size_t i = 0; i < TND_BINDING_COUNT_MAX; i++)
        bindings[i] =
            (struct tnd_binding){.uri = tnd_slice(text, TND_BINDING_LEN_MAX - 600),
                                 .call_id = tnd_slice(text, 200),
                                 .path = tnd_slice(text, 200),
                                 .params = tnd_slice(text, 200),
                                 .until = INT64_MAX,
                                 .cseq = UINT32_MAX,
                                 .q = 1000,
                                 .source = tnd_endpoint(TND_TRANSPORT_WSS, ipv6, 16, UINT16_MAX),
                                 .flow = UINT64_MAX,
                                 .life = UINT64_MAX,
                                 .local = tnd_endpoint(TND_TRANSPORT_WSS, ipv6, 16, UINT16_MAX)};
    struct tnd_slice record = write_bindings(bindings, TND_BINDING_COUNT_MAX);
    CHECK(record.ptr);
    CHECK_EQ(tnd_bindings_record_read(record, &a, &read, &count), 0);
    CHECK_EQ(count, TND_BINDING_COUNT_MAX);
    check_same(&read[TND_BINDING_COUNT_MAX - 1], &bindings[TND_BINDING_COUNT_MAX - 1]);
    CHECK(room[1] == TND_BINDING_COUNT_MAX);
    room[1]++;
    CHECK_EQ(read_guarded(read_bindings, record), TND_ESYNTAX);
}

TND_TEST(record_numbers_have_one_form, "RFC 3261 §10.3",
         "a number in a record is neither longer than needed nor larger than its field")
{
    static const struct {
        const char *bytes;
        size_t len;
    } wrong[] = {
#define BYTES(text) {text, sizeof(text) - 1}
        BYTES("\x81\x00\x00"),                                  /* version, with padding */
        BYTES("\x01\x80\x00"),                                  /* count, with padding */
        BYTES("\x01\x01\x00\x01u\x00\x00\x80\x80\x80\x80\x10"), /* CSeq 2^32 */
        BYTES("\x01\x01\x20\x01u\x00\x00\x00\xe9\x07"),         /* q 1.001 */
        BYTES("\x01\x01\x00\x00\x00\x00\x00"),                  /* no URI */
        BYTES("\x01\x01\x03\x01u\x00\x00\x00"),                 /* a family that is none */
        BYTES("\x01\x01\x1c\x01u\x00\x00\x00"),                 /* a transport likewise */
        BYTES("\x01\x01\x01\x01u\x00\x00\x00\x7f\x00\x00\x01\x80\x80\x04"), /* port 65536 */
        BYTES("\x01\x01\x40\x01u\x00\x00\x00\x00\x00"),                     /* texts that are not */
        BYTES("\x01\x01\x80\x01u\x00\x00\x00\x00\x05"),                     /* a flow likewise */
        BYTES("\x01\x01\x02\x01u\x00\x00\x00\0\0\0\0\0\0\0\0\0\0\xff\xff\x7f\0\0\x01\x05"),
        BYTES("\x01\x01\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01u"), /* a text without end */
        BYTES("\x01\x01\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02u"), /* 65 bits */
        BYTES("\x01\x01\x80\x01u\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x03\x05"),
        BYTES("\x01\x01\x00\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01u"),
        BYTES("\x01\x01\x00\x01u\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x00"), /* until 2^64 */
    };

    CHECK_EQ(read_guarded(read_bindings, TND_STR("\x01\x01\x00\x01u\x00\x00\x00")), 0);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        CHECK_EQ(read_guarded(read_bindings, tnd_slice(wrong[i].bytes, wrong[i].len)), TND_ESYNTAX);
}
