/* Responses of any bytes, one after the other: the attempts end, no target is tried twice, no tag dropped
 * twice, and what is told is one line.
 *
 * The input is steps, parted by empty lines: a first line "code situation flags", all numbers, and the
 * header fields of the response. */
#include "tandem/recover.h"

#include "fuzz/fuzz.h"
#include "tandem/sip.h"

enum { INPUT_SIZE_MAX = 16384, STEP_COUNT_MAX = 12, ROOM_SIZE = 256 * 1024, SECOND = 1000000 };

static _Alignas(TND_ARENA_ALIGN) char room[ROOM_SIZE], request_room[ROOM_SIZE],
    response_room[ROOM_SIZE];

static void read(struct tnd_msg *msg, char *where, struct tnd_slice text)
{
    struct tnd_arena a;

    tnd_arena_init(&a, where, ROOM_SIZE, NULL, 0);
    FUZZ_CHECK(tnd_msg_parse_datagram(msg, &a, text) == 0);
}

static void read_request(struct tnd_msg *msg)
{
    read(
        msg, request_room,
        TND_STR(
            "INVITE sip:b@b SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@a>;tag=1\r\n"
            "To: <sip:b@b>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\nRequire: foo, bar, resource-priority\r\n"
            "Subject: x\r\nSession-Expires: 1800\r\n\r\n"));
}

/* The next line, without its end. */
static struct tnd_slice line_of(struct tnd_slice *rest)
{
    const char *end = rest->len > 0 ? memchr(rest->ptr, '\n', rest->len) : NULL;
    struct tnd_slice line = end ? tnd_slice_between(rest->ptr, end) : *rest;

    *rest = end ? tnd_slice_between(end + 1, tnd_slice_end(*rest)) : tnd_slice(NULL, 0);
    return line;
}

static unsigned number_of(struct tnd_slice *line)
{
    unsigned n = 0;

    while (line->len > 0 && *line->ptr >= '0' && *line->ptr <= '9' && n < 100000) {
        n = n * 10 + (unsigned)(*line->ptr - '0');
        *line = tnd_slice(line->ptr + 1, line->len - 1);
    }
    if (line->len > 0)
        *line = tnd_slice(line->ptr + 1, line->len - 1);
    return n;
}

/* What the fields of the step are, up to an empty line, as a response; the body is what follows "\n@". */
static struct tnd_slice write_response(struct tnd_slice *rest, unsigned code)
{
    static char text[INPUT_SIZE_MAX * 2 + 256];
    struct tnd_writer w = tnd_writer(text, sizeof(text));

    tnd_put_status_line(&w, code, tnd_slice(NULL, 0));
    for (;;) {
        struct tnd_slice line = line_of(rest);

        if (line.len == 0)
            break;
        if (*line.ptr == '@') {
            tnd_put_line_end(&w);
            tnd_put(&w, tnd_slice(line.ptr + 1, line.len - 1));
            return tnd_writer_slice(&w);
        }
        tnd_put(&w, line);
        tnd_put_line_end(&w);
    }
    tnd_put_line_end(&w);
    return tnd_writer_slice(&w);
}

static void check_line(struct tnd_slice s)
{
    FUZZ_CHECK(s.len > 0);
    for (size_t i = 0; i < s.len; i++)
        FUZZ_CHECK((unsigned char)s.ptr[i] >= 0x20 && s.ptr[i] != 0x7f);
}

/* Whole lines of names that do no harm. */
static void check_fields(struct tnd_slice fields)
{
    FUZZ_CHECK(!fields.ptr || (fields.len > 2 && fields.ptr[fields.len - 1] == '\n'));
    for (size_t i = 0; i < fields.len; i++)
        FUZZ_CHECK(fields.ptr[i] != '\r' || (i + 1 < fields.len && fields.ptr[i + 1] == '\n'));
}

static void check_state(const struct tnd_recover *r)
{
    struct tnd_uri uri;
    struct tnd_flaw flaw;

    FUZZ_CHECK(r->target_count > 0 && r->target_count <= TND_RECOVER_TARGET_COUNT_MAX);
    FUZZ_CHECK(r->next.drop_count <= 3); /* so many were sent */
    for (int i = 0; i < r->target_count; i++) {
        FUZZ_CHECK(tnd_uri_parse(r->target[i].uri, &uri, &flaw) == 0 && !uri.headers.ptr);
        check_fields(r->target[i].fields);
        for (int k = 0; k < i; k++)
            FUZZ_CHECK(!tnd_slice_eq(r->target[i].uri, r->target[k].uri));
    }
    FUZZ_CHECK(r->target[r->next.target].is_tried);
}

/* The next request is one that can be sent. */
static void check_request(const struct tnd_recover *r)
{
    static char text[INPUT_SIZE_MAX], where[ROOM_SIZE];
    struct tnd_writer w = tnd_writer(text, sizeof(text));
    struct tnd_arena a;
    struct tnd_msg msg;

    tnd_put_request_line(&w, TND_STR("INVITE"), r->next.uri);
    tnd_put_str(&w,
                "Via: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@a>;tag=1\r\nTo: <sip:b@b>\r\n"
                "Call-ID: 1\r\nCSeq: 1 INVITE\r\nMax-Forwards: 70\r\n");
    tnd_put(&w, r->next.fields);
    tnd_put_line_end(&w);
    FUZZ_CHECK(!tnd_writer_over(&w));
    tnd_arena_init(&a, where, ROOM_SIZE, NULL, 0);
    FUZZ_CHECK(tnd_msg_parse_datagram(&msg, &a, tnd_writer_slice(&w)) == 0);
    FUZZ_CHECK(tnd_msg_check(&msg, &a) == 0 && msg.flaw_count == 0);
}

static bool step(struct tnd_recover *r, struct tnd_slice *rest, const struct tnd_msg *request)
{
    struct tnd_slice line = line_of(rest);
    unsigned code = 100 + number_of(&line) % 600, situation = number_of(&line);
    unsigned flags = number_of(&line);
    struct tnd_recovery recovery;
    struct tnd_msg response;

    read(&response, response_room, write_response(rest, code));
    const struct tnd_recover_attempt attempt = {
        .situation = (uint8_t)(situation % TND_RECOVER_SITUATION_COUNT),
        .method = TND_METHOD_INVITE,
        .code = (uint16_t)code,
        .request = request,
        .response = flags & 1 ? NULL : &response,
        .has_credentials = flags & 2,
        .had_credentials = flags & 4,
        .is_stale = flags & 8,
        .has_more_servers = flags & 16,
        .was_udp = flags & 32,
        .ends_dialog = flags & 64,
        .preconditions = (uint8_t)((flags >> 7) % 3),
    };
    tnd_recover(r, &attempt, SECOND, 1, flags, &recovery);
    FUZZ_CHECK(recovery.action < TND_RECOVER_ACTION_COUNT && recovery.rule < TND_RULE_COUNT);
    FUZZ_CHECK(recovery.rule != TND_RULE_NONE || recovery.action == TND_RECOVER_GIVE_UP);
    FUZZ_CHECK(recovery.at >= SECOND);
    check_line(recovery.detail);
    check_state(r);
    check_request(r);
    return recovery.action != TND_RECOVER_GIVE_UP && recovery.action != TND_RECOVER_NONE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct tnd_recover_policy policy = {.retries = size % 2 == 0,
                                              .attempts_max = STEP_COUNT_MAX};
    struct tnd_slice rest = tnd_slice((const char *)data, size);
    struct tnd_recover r;
    struct tnd_arena a;
    struct tnd_msg request;

    if (size == 0 || size > INPUT_SIZE_MAX)
        return 0;
    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    FUZZ_CHECK(tnd_recover_start(&r, &policy, TND_STR("sip:b@b"), tnd_slice(NULL, 0), &a) == 0);
    read_request(&request);
    while (rest.len > 0 && step(&r, &rest, &request))
        FUZZ_CHECK(r.attempts < STEP_COUNT_MAX);
    return 0;
}
