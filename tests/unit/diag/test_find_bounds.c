/* The rules and what is too much, too little, or none of their business. */
#include "unit/diag/scene.h"

enum { MESSAGE_COUNT = 1000, ROOM_SIZE = 1 << 20 };

static char room[ROOM_SIZE];
static struct tnd_diag_message message[MESSAGE_COUNT];

/* Request and refusal, one after the other, as the engine gives them. */
static struct tnd_diag_call make_call(size_t count, const char *request, const char *refusal,
                                      uint16_t code)
{
    for (size_t i = 0; i < count; i++)
        message[i] = (struct tnd_diag_message){
            .at = (int64_t)i,
            .number = i + 1,
            .bytes = tnd_slice_str(i % 2 ? refusal : request),
            .first = (uint32_t)i,
            .method = TND_METHOD_INVITE,
            .code = i % 2 ? code : 0,
            .request = i % 2 ? (uint32_t)i - 1 : UINT32_MAX,
        };
    return (struct tnd_diag_call){.method = TND_METHOD_INVITE,
                                  .result = TND_DIAG_FAILED,
                                  .code = code,
                                  .message = message,
                                  .message_count = count};
}

static int find(const struct tnd_diag_call *call, size_t size, struct tnd_diag_findings *ret)
{
    struct tnd_arena a;

    tnd_arena_init(&a, room, size, NULL, 0);
    return tnd_diag_find(call, &a, ret);
}

TND_TEST(find_in_any_room, "",
         "without memory there is less to tell, and it is said; nothing breaks")
{
    struct tnd_diag_call call =
        make_call(10, "INVITE sip:bob@x SIP/2.0\r\nRequire: a\r\n\r\n",
                  "SIP/2.0 420 Bad Extension\r\nUnsupported: a\r\n\r\n", 420);
    struct tnd_diag_findings found;

    for (size_t size = 0; size < 60000; size += 16) {
        int err = find(&call, size, &found);
        CHECK(err == 0 || err == TND_ENOMEM);
        CHECK(found.count <= TND_DIAG_FINDING_COUNT_MAX);
    }
    CHECK_EQ(find(&call, ROOM_SIZE, &found), 0);
    CHECK(found.count > 0);
    CHECK_EQ(found.finding[0].code, 420);
}

TND_TEST(find_in_nonsense, "RFC 3261 §7", "bytes that are no message make a finding at most")
{
    static const char *const nonsense[] = {"", "\r\n\r\n", "INVITE", "SIP/2.0 \r\nVia\r\n\r\n",
                                           "INVITE x SIP/2.0\r\nContact: <\r\nFrom: ;tag=\r\n\r\n"};
    struct tnd_diag_findings found;

    for (size_t i = 0; i < 5; i++)
        for (size_t k = 0; k < 5; k++)
            for (uint16_t code = 100; code < 700; code++) {
                struct tnd_diag_call call = make_call(4, nonsense[i], nonsense[k], code);

                CHECK_EQ(find(&call, ROOM_SIZE, &found), 0);
            }
}

TND_TEST(find_in_calls_without_relations, "",
         "a response whose request was not seen, and a call of nothing, are no trouble")
{
    struct tnd_diag_findings found;

    for (uint16_t code = 100; code < 700; code++) {
        struct tnd_diag_call call =
            make_call(4, "SIP/2.0 200 OK\r\n\r\n", "SIP/2.0 200 OK\r\n\r\n", code);

        for (size_t i = 0; i < 4; i++) {
            message[i].code = code;
            message[i].request = UINT32_MAX;
        }
        CHECK_EQ(find(&call, ROOM_SIZE, &found), 0);
    }
    CHECK_EQ(find(&(struct tnd_diag_call){0}, ROOM_SIZE, &found), 0);
    CHECK_EQ(found.count, 0);
}

TND_TEST(find_in_endless_calls, "",
         "of a call of many messages the first ones are looked at, and that is said")
{
    struct tnd_diag_call call = make_call(MESSAGE_COUNT, "INVITE sip:bob@x SIP/2.0\r\n\r\n",
                                          "SIP/2.0 486 Busy Here\r\n\r\n", 486);
    struct tnd_diag_findings found;
    bool is_said = false;

    CHECK_EQ(find(&call, ROOM_SIZE, &found), 0);
    for (size_t i = 0; i < found.count; i++)
        is_said = is_said || found.finding[i].rule == TND_DIAG_RULE_TOO_MANY_MESSAGES;
    CHECK(is_said);
    call = make_call(10, "INVITE sip:bob@x SIP/2.0\r\n\r\n", "SIP/2.0 486 Busy Here\r\n\r\n", 486);
    CHECK_EQ(find(&call, ROOM_SIZE, &found), 0);
    for (size_t i = 0; i < found.count; i++)
        CHECK(found.finding[i].rule != TND_DIAG_RULE_TOO_MANY_MESSAGES);
}
