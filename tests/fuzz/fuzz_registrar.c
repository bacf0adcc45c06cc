/* The registrar: whatever a REGISTER holds, what is asked of the store is within the bounds and
 * could have been asked by anybody, and what is answered is a valid response that lists what the
 * store has, in which nobody has put a line of his own.
 *
 * The first byte sets the bounds; header fields follow as they would stand in a message. */
#include "fuzz/fuzz.h"

#include "tandem/registrar.h"
#include "tandem/sip.h"

enum { ROOM_SIZE = 1 << 21, TEXT_SIZE = 1 << 18, INPUT_SIZE_MAX = 1 << 14, WALL = 1800000000 };

static _Alignas(TND_ARENA_ALIGN) char room[ROOM_SIZE], work_room[ROOM_SIZE], reply_room[ROOM_SIZE];
static char text[TEXT_SIZE], out[TEXT_SIZE];

static struct tnd_slice write_request(struct tnd_slice lines)
{
    struct tnd_writer w = tnd_writer(text, sizeof(text));

    tnd_put_str(&w, "REGISTER sip:example.org SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\n"
                    "From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: 1\r\nMax-Forwards: 70\r\n"
                    "CSeq: 2 REGISTER\r\n");
    tnd_put(&w, lines);
    tnd_put_str(&w, "\r\n");
    return tnd_writer_slice(&w);
}

/* One line, and nothing but text. */
static void check_text(struct tnd_slice s)
{
    FUZZ_CHECK(!s.ptr || (!memchr(s.ptr, '\r', s.len) && !memchr(s.ptr, '\n', s.len)));
}

static struct tnd_uri check_uri(struct tnd_slice s)
{
    struct tnd_uri uri;
    struct tnd_flaw flaw;

    FUZZ_CHECK(tnd_uri_parse(s, &uri, &flaw) == 0);
    FUZZ_CHECK(!uri.headers.ptr);
    return uri;
}

static void check_binding(const struct tnd_registrar_with *with, const struct tnd_binding *b)
{
    int64_t left = b->until == 0 ? with->min_expires : b->until - WALL;

    check_uri(b->uri);
    check_text(b->uri);
    check_text(b->params);
    check_text(b->path);
    FUZZ_CHECK(tnd_binding_judge(b) == TND_RULE_NONE);
    FUZZ_CHECK(b->q >= -1 && b->q <= 1000);
    FUZZ_CHECK(left >= with->min_expires && left <= with->max_expires);
    FUZZ_CHECK(b->cseq == 2 && tnd_slice_eq(b->call_id, TND_STR("1")));
}

static void check_change(const struct tnd_registrar_with *with,
                         const struct tnd_binding_change *change)
{
    FUZZ_CHECK(change->count <= 2 * with->max_contacts);
    FUZZ_CHECK(change->star ? change->count == 0 : change->count > 0);
    FUZZ_CHECK(change->count_max == with->max_contacts);
    for (size_t i = 0; i < change->count; i++) {
        struct tnd_uri uri = check_uri(change->contacts[i].uri);

        check_binding(with, &change->contacts[i]);
        for (size_t j = 0; j < i; j++) {
            struct tnd_uri other = check_uri(change->contacts[j].uri);

            FUZZ_CHECK(!tnd_uri_eq(&uri, &other));
        }
    }
}

/* How many values of Contact there are, each of which is the binding of its place. */
static size_t check_contacts(const struct tnd_msg *reply, const struct tnd_entry *entry)
{
    struct tnd_values v = tnd_msg_values(reply, TND_HEADER_CONTACT);
    struct tnd_contact contact;
    size_t count = 0;

    while (tnd_contact_next(&v, &contact)) {
        FUZZ_CHECK(count < entry->binding_count && !contact.star);
        FUZZ_CHECK(tnd_slice_eq(contact.addr.uri.text, entry->bindings[count].uri));
        FUZZ_CHECK(contact.q == entry->bindings[count].q);
        FUZZ_CHECK(contact.expires == entry->bindings[count].until - WALL);
        count++;
    }
    FUZZ_CHECK(!v.c.flaw.rule);
    return count;
}

static void check_reply(const struct tnd_msg *request, const struct tnd_registrar_step *step,
                        const struct tnd_entry *entry)
{
    struct tnd_reply reply = {
        .code = step->code, .reason = step->reason, .rport = -1, .fields = step->fields};
    struct tnd_writer w = tnd_writer(out, sizeof(out));
    struct tnd_arena a;
    struct tnd_msg msg;

    FUZZ_CHECK(step->rule != TND_RULE_NONE && !step->is_change);
    tnd_reply_write(&w, request, &reply);
    FUZZ_CHECK(!tnd_writer_over(&w));
    tnd_arena_init(&a, reply_room, sizeof(reply_room), NULL, 0);
    FUZZ_CHECK(tnd_msg_parse_datagram(&msg, &a, tnd_writer_slice(&w)) == 0);
    FUZZ_CHECK(tnd_msg_check(&msg, &a) == 0);
    FUZZ_CHECK(msg.kind == TND_MSG_RESPONSE && msg.code == step->code && msg.body.len == 0);
    for (uint32_t i = 1; i <= msg.field_count; i++)
        FUZZ_CHECK(msg.fields[i].kind != TND_HEADER_OTHER);
    FUZZ_CHECK(tnd_msg_has(&msg, TND_HEADER_MIN_EXPIRES) == (step->code == 423));
    FUZZ_CHECK(tnd_msg_has(&msg, TND_HEADER_UNSUPPORTED) == (step->code == 420));
    FUZZ_CHECK(check_contacts(&msg, entry) == entry->binding_count);
    if (request->flaw_count == 0)
        FUZZ_CHECK(tnd_msg_valid(&msg) && msg.flaw_count == 0);
}

/* Two contacts that somebody else has made, and what becomes of them. */
static void store(const struct tnd_registrar_with *with, const struct tnd_msg *msg,
                  struct tnd_arena *a, const struct tnd_registrar_step *step)
{
    static const struct tnd_binding before[] = {
        {.uri = TND_STR_INIT("sip:a@b"),
         .call_id = TND_STR_INIT("1"),
         .until = WALL + 9,
         .cseq = 1},
        {.uri = TND_STR_INIT("sip:a@c;x=1"),
         .call_id = TND_STR_INIT("2"),
         .until = WALL + 9,
         .cseq = 9,
         .q = -1},
    };
    struct tnd_binding after[TND_BINDING_COUNT_MAX];
    struct tnd_store_answer answer = {.entry = {.bindings = before, .binding_count = 2}};
    struct tnd_registrar_step last;

    if (step->is_change) {
        answer.entry.bindings = after;
        answer.entry.binding_count = 0;
        answer.result = (uint8_t)tnd_bindings_change(before, 2, &step->change, WALL, after,
                                                     &answer.entry.binding_count);
        FUZZ_CHECK(answer.result != TND_STORE_STALE);
    }
    FUZZ_CHECK(tnd_registrar_answer(with, msg, &answer, a, &last) == 0);
    FUZZ_CHECK(last.code == (answer.result == TND_STORE_OK ? 200 : 403));
    check_reply(msg, &last, &answer.entry);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct tnd_entry none = {.bindings = NULL};
    struct tnd_registrar_step step = {0};
    struct tnd_arena a, work;
    struct tnd_msg msg;

    if (size < 1 || size > INPUT_SIZE_MAX)
        return 0;
    struct tnd_registrar_with with = {
        .default_expires = 3600,
        .min_expires = data[0] & 1 ? 60 : 3600,
        .max_expires = data[0] & 2 ? 7200 : UINT32_MAX,
        .max_contacts = 1 + data[0] % TND_BINDING_COUNT_MAX,
        .service_route = {data[0] & 4 ? "<sip:s;lr>" : NULL, data[0] & 4 ? 10 : 0},
        .wall = WALL};
    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    tnd_arena_init(&work, work_room, sizeof(work_room), NULL, 0);
    struct tnd_slice lines = tnd_slice((const char *)data + 1, size - 1);
    FUZZ_CHECK(tnd_msg_parse_datagram(&msg, &a, write_request(lines)) == 0);
    FUZZ_CHECK(tnd_msg_check(&msg, &a) == 0);
    if (tnd_msg_verdict(&msg, TND_AS_UAS).action != TND_PROCESS)
        return 0;
    FUZZ_CHECK(tnd_registrar_read(&with, &msg, &work, &step) == 0);
    if (step.code > 0) {
        FUZZ_CHECK(step.code == 400 || step.code == 403 || step.code == 420 || step.code == 423 ||
                   step.code == 513);
        check_reply(&msg, &step, &none);
        return 0;
    }
    if (step.is_change)
        check_change(&with, &step.change);
    store(&with, &msg, &work, &step);
    return 0;
}
