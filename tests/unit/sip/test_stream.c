/* Framing: however the bytes of a connection arrive, the same comes out. */
#include <stdio.h>

#include "unit/guarded.h"
#include "unit/sip/sip_test.h"

enum { ROOM_SIZE = 512 * 1024, LOG_SIZE = 8192, STEP_COUNT_MAX = 100000 };

/* A connection under test: what was got of it so far, in words. */
struct wire {
    struct tnd_stream stream;
    struct tnd_slice buffered;
    char log[LOG_SIZE];
    struct tnd_writer out;
    bool over; /* broken, or told to close */
};

static _Alignas(TND_ARENA_ALIGN) char room[ROOM_SIZE];

static void wire_init(struct wire *w, size_t message_max)
{
    memset(w, 0, sizeof(*w));
    tnd_stream_init(&w->stream, message_max);
    w->out = tnd_writer(w->log, sizeof(w->log) - 1);
}

static void log_number(struct wire *w, const char *what, size_t n)
{
    tnd_put_str(&w->out, what);
    tnd_put_number(&w->out, n);
}

/* "INVITE 480+147 "; of a response "200 312+0 "; flaws behind it. */
static void log_msg(struct wire *w, const struct tnd_msg *msg)
{
    if (msg->kind == TND_MSG_RESPONSE)
        log_number(w, "", msg->code);
    else
        tnd_put(&w->out, msg->kind == TND_MSG_REQUEST ? msg->method_name : TND_STR("?"));
    log_number(w, " ", msg->head.len);
    log_number(w, "+", msg->body.len);
    tnd_put_str(&w->out, msg->flaw_count > 0 ? " " : "");
    tnd_put_str(&w->out, sip_flaw_names(msg));
    tnd_put_str(&w->out, "; ");
}

/* Takes what stands at the front. False: there is nothing whole. */
static bool take(struct wire *w)
{
    struct tnd_slice bytes = guarded(w->buffered);
    struct tnd_arena a;
    struct tnd_msg msg;
    size_t used;

    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    enum tnd_stream_got got = tnd_stream_next(&w->stream, &a, bytes, &msg, &used);
    CHECK(used <= bytes.len);
    CHECK(got != TND_STREAM_NOMEM);
    switch (got) {
    case TND_STREAM_MORE:
    case TND_STREAM_NOMEM:
        CHECK_EQ(used, 0);
        break;
    case TND_STREAM_PING:
        tnd_put_str(&w->out, "ping; ");
        break;
    case TND_STREAM_PONG:
        tnd_put_str(&w->out, "pong; ");
        break;
    case TND_STREAM_BROKEN:
        tnd_put_str(&w->out, "broken ");
        w->over = true;
        /* fall through */
    case TND_STREAM_MESSAGE:
        CHECK_EQ(tnd_msg_check(&msg, &a), 0);
        log_msg(w, &msg);
        w->over |= tnd_msg_verdict(&msg, TND_AS_UAS).close;
        break;
    }
    guarded_free(bytes);
    w->buffered = tnd_slice(w->buffered.ptr + used, w->buffered.len - used);
    return got != TND_STREAM_MORE && !w->over;
}

/* What comes of all, in chunks of 1 to chunk_max bytes by a fixed seed; 0: at once. Static
 * until the second next call. */
static const char *run(struct tnd_slice all, size_t chunk_max, size_t message_max)
{
    static struct wire wires[2];
    static unsigned next;
    struct wire *w = &wires[next++ % 2];
    uint32_t seed = 1;
    size_t steps = 0;

    wire_init(w, message_max);
    w->buffered = tnd_slice(all.ptr, 0);
    for (size_t fed = 0; fed < all.len && !w->over;) {
        seed = seed * 1664525 + 1013904223;
        size_t chunk = chunk_max == 0 ? all.len : 1 + (seed >> 8) % chunk_max;
        if (chunk > all.len - fed)
            chunk = all.len - fed;
        fed += chunk;
        w->buffered.len += chunk;
        while (take(w))
            CHECK(++steps < STEP_COUNT_MAX);
    }
    if (!w->over)
        log_number(w, "left ", w->buffered.len);
    CHECK(!tnd_writer_over(&w->out));
    return w->log;
}

/* All at once, byte by byte and in random chunks gives this. */
static void check_run(struct tnd_slice all, size_t message_max, const char *expected)
{
    static const size_t chunks[] = {0, 1, 2, 3, 7, 64, 1000};

    for (size_t i = 0; i < sizeof(chunks) / sizeof(*chunks); i++) {
        /* one at a time over a long text costs more than it shows */
        if (all.len > 20000 && chunks[i] > 0 && chunks[i] < 1000)
            continue;
        CHECK_STR(tnd_slice_str(run(all, chunks[i], message_max)), expected);
    }
}

#define HEAD "OPTIONS sip:b@example.org SIP/2.0\r\n" SIP_HEAD
#define ONE  HEAD "Content-Length: 0\r\n\r\n"
#define ONE_ "OPTIONS 280+0; "

TND_TEST(stream_samples, "RFC 3261 §18.3",
         "byte by byte, in random chunks and all at once give the same messages")
{
    static char all[16384];
    struct tnd_writer w = tnd_writer(all, sizeof(all));
    char expected[1024] = "";
    size_t len = 0;

    for (const struct tnd_slice *s = sip_samples; s->ptr; s++) {
        const struct tnd_msg *msg = sip_read(*s);
        struct tnd_slice name =
            msg->kind == TND_MSG_REQUEST ? msg->method_name : tnd_slice(s->ptr + 8, 3);
        tnd_put(&w, *s);
        len += (size_t)snprintf(expected + len, sizeof(expected) - len, "%.*s %zu+%zu; ",
                                TND_FMT(name), msg->head.len, msg->body.len);
    }
    snprintf(expected + len, sizeof(expected) - len, "left 0");
    check_run(tnd_writer_slice(&w), 0, expected);
}

TND_TEST(stream_keepalive, "RFC 5626 §3.5.1", "CRLF CRLF is a ping wherever no message has begun")
{
    check_run(TND_STR("\r\n\r\n"), 0, "ping; left 0");
    check_run(TND_STR("\r\n\r\n\r\n\r\n" ONE "\r\n\r\n" ONE), 0,
              "ping; ping; " ONE_ "ping; " ONE_ "left 0");
    check_run(TND_STR("\r\n"), 0, "left 2");
    check_run(TND_STR("\r\n\r"), 0, "left 3");
}

TND_TEST(stream_lone_crlf, "RFC 3261 §7.5", "a CRLF before the first line is skipped")
{
    check_run(TND_STR("\r\n" ONE "\r\n" ONE), 0, ONE_ ONE_ "left 0");
    check_run(TND_STR("\r\n\r\n\r\n" ONE), 0, "ping; " ONE_ "left 0");
}

TND_TEST(stream_pong, "RFC 5626 §3.5.1", "a CRLF is a pong to the one who sent a ping, once")
{
    struct wire w;

    wire_init(&w, 0);
    w.stream.awaits_pong = true;
    w.buffered = TND_STR("\r\n" ONE "\r\n");
    CHECK(take(&w));
    CHECK(!w.stream.awaits_pong);
    CHECK(take(&w));
    CHECK(!take(&w));
    CHECK_STR(tnd_writer_slice(&w.out), "pong; " ONE_);
    CHECK_EQ(w.buffered.len, 2);

    wire_init(&w, 0);
    w.stream.awaits_pong = true;
    w.buffered = TND_STR("\r"); /* not yet */
    CHECK(!take(&w));
    w.buffered = TND_STR("\r\n\r\n\r\n"); /* a pong, then a ping */
    while (take(&w))
        continue;
    CHECK_STR(tnd_writer_slice(&w.out), "pong; ping; ");
}

TND_TEST(stream_body_late, "RFC 3261 §18.3", "a message is whole with the last byte of its body")
{
    struct tnd_slice all =
        TND_STR(HEAD "Content-Type: a/b\r\nContent-Length: 8\r\n\r\n12\r\n\r\n78");

    for (size_t len = 0; len < all.len; len++) {
        char left[32];
        snprintf(left, sizeof(left), "left %zu", len);
        CHECK_STR(tnd_slice_str(run(tnd_slice(all.ptr, len), 0, 0)), left);
    }
    check_run(all, 0, "OPTIONS 299+8; left 0");
}

TND_TEST(stream_no_length, "RFC 3261 §20.14",
         "without Content-Length a message on a stream has no body, and is the last one")
{
    check_run(TND_STR(HEAD "\r\n" ONE), 0, "OPTIONS 261+0 CONTENT_LENGTH_STREAM; ");
    check_run(TND_STR(HEAD "l: x\r\n\r\n" ONE), 0, "OPTIONS 267+0 CONTENT_LENGTH; ");
    check_run(TND_STR(HEAD "l: 1\r\nl: 2\r\n\r\n" ONE), 0,
              "OPTIONS 273+0 CONTENT_LENGTH_ONE HEADER_ONCE; ");
    PROVES(CONTENT_LENGTH_STREAM);
}

TND_TEST(stream_garbage, "RFC 3261 §7", "what is no SIP ends the stream with its empty line")
{
    check_run(TND_STR("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n" ONE), 0,
              "? 37+0 START_LINE VIA_MISSING FROM_MISSING TO_MISSING CALL_ID_MISSING "
              "CSEQ_MISSING CONTENT_LENGTH_STREAM; ");
    check_run(TND_STR("\x16\x03\x01\n\n"), 0,
              "? 5+0 START_LINE CONTROL_CHAR LINE_CRLF VIA_MISSING FROM_MISSING TO_MISSING "
              "CALL_ID_MISSING CSEQ_MISSING CONTENT_LENGTH_STREAM; ");
}

TND_TEST(bug_stream_leading_lf, "RFC 3261 §7.5",
         "a bare LF before the first line is no empty line that ends a head")
{
    /* It was taken for one: the length of a message without head was computed from no address,
     * and nothing more came from the stream. */
    char expected[512];

    for (unsigned i = 0; i < 2; i++) {
        struct tnd_slice all = i == 0 ? TND_STR("\n" ONE ONE) : TND_STR("\r\n\n" ONE ONE);
        const char *log = run(all, 0, 0);
        CHECK(strncmp(log, "? ", 2) == 0);
        snprintf(expected, sizeof(expected), "%s", log);
        CHECK(strstr(expected, "START_LINE"));
        check_run(all, 0, expected);
    }
}

TND_TEST(stream_head_too_long, "TND_HEADER_SECTION_MAX",
         "a head beyond the limit breaks the stream and is answered with 513, however it arrives")
{
    struct tnd_slice all = sip_repeat(HEAD, "Z: 0123456789\r\n", 5000, "\r\n");
    struct tnd_stream s;
    struct tnd_arena a;
    struct tnd_msg msg;
    size_t used;
    char expected[1024];

    snprintf(expected, sizeof(expected), "%s", run(all, 1000, 0));
    CHECK(strncmp(expected, "broken OPTIONS ", 15) == 0);
    check_run(all, 0, expected);

    tnd_stream_init(&s, 0);
    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    CHECK_EQ(tnd_stream_next(&s, &a, all, &msg, &used), TND_STREAM_BROKEN);
    CHECK_EQ(used, all.len);
    CHECK_EQ(tnd_msg_check(&msg, &a), 0);
    CHECK_EQ(sip_flaw_count(&msg, TND_RULE_HEADER_SECTION_LEN), 1);
    struct tnd_verdict v = tnd_msg_verdict(&msg, TND_AS_UAS);
    CHECK_EQ(v.action, TND_REPLY);
    CHECK_EQ(v.code, 513);
    CHECK(v.close);
    PROVES(HEADER_SECTION_LEN);
}

TND_TEST(stream_head_at_limit, "TND_HEADER_SECTION_MAX", "a head of exactly the limit is read")
{
    /* the longest head: fields of 1000 bytes and one that fills it up */
    static char all[TND_HEADER_SECTION_MAX + 1];
    for (size_t len = TND_HEADER_SECTION_MAX; len <= TND_HEADER_SECTION_MAX + 1; len++) {
        const char last[] = "Content-Length: 0\r\n\r\n";
        struct tnd_writer w = tnd_writer(all, sizeof(all));

        tnd_put_str(&w, HEAD);
        size_t body = len - (sizeof(last) - 1);
        while (w.len < body) {
            size_t line = body - w.len > 2000 ? 1000 : body - w.len;
            tnd_put_str(&w, "Z:");
            for (size_t i = 4; i < line; i++)
                tnd_put_char(&w, 'x');
            tnd_put_str(&w, "\r\n");
        }
        tnd_put_str(&w, last);
        CHECK_EQ(w.len, len);
        const char *log = run(tnd_writer_slice(&w), 0, 0);
        if (len == TND_HEADER_SECTION_MAX)
            CHECK_STR(tnd_slice_str(log), "OPTIONS 65535+0; left 0");
        else
            CHECK(strncmp(log, "broken OPTIONS ", 15) == 0);
        const char *again = run(tnd_writer_slice(&w), 1000, 0);
        CHECK_STR(tnd_slice_str(again), log);
    }
}

TND_TEST(stream_body_too_long, "TND_MESSAGE_LEN_MAX",
         "a message beyond the limit is refused before its body comes, and ends the stream")
{
    const char *log;

    check_run(TND_STR(HEAD "Content-Length: 65535\r\n\r\nxxxx"), 0,
              "broken OPTIONS 284+0 MESSAGE_LEN; ");
    check_run(TND_STR(HEAD "Content-Length: 2147483648\r\n\r\nxxxx"), 0,
              "OPTIONS 289+0 CONTENT_LENGTH; ");
    check_run(TND_STR(HEAD "c: a/b\r\nContent-Length: 40\r\n\r\nxxxx"), 310,
              "broken OPTIONS 289+0 MESSAGE_LEN; ");
    check_run(TND_STR(HEAD "c: a/b\r\nContent-Length: 4\r\n\r\nxxxx"), 292,
              "OPTIONS 288+4; left 0");
    check_run(TND_STR(HEAD "c: a/b\r\nContent-Length: 4\r\n\r\nxxxx"), 291,
              "broken OPTIONS 288+0 MESSAGE_LEN; ");
    /* a head that is longer than a message may be */
    log = run(TND_STR(ONE), 0, 200);
    CHECK(strncmp(log, "broken ", 7) == 0);
    check_run(TND_STR(ONE ONE), 200, log);
    PROVES(MESSAGE_LEN);
}

TND_TEST(stream_length_lost, "TND_FIELD_COUNT_MAX",
         "a stream ends where fields that may have been Content-Length were not read")
{
    struct tnd_slice all =
        sip_repeat(HEAD "l: 0\r\n", "Z: y\r\n", TND_FIELD_COUNT_MAX, "l: 4\r\n\r\n" ONE);
    const struct tnd_msg *msg = sip_read_stream(all);

    CHECK_EQ(sip_flaw_count(msg, TND_RULE_FIELD_COUNT), 1);
    CHECK(tnd_msg_verdict(msg, TND_AS_PROXY).close);
    msg = sip_read_stream(
        sip_repeat(HEAD "l: 0\r\nContent-Length:", " ", TND_LINE_LEN_MAX, "4\r\n\r\n"));
    CHECK_EQ(sip_flaw_count(msg, TND_RULE_LINE_LEN), 1);
    CHECK(tnd_msg_verdict(msg, TND_AS_PROXY).close);
}

TND_TEST(bug_a_long_field_closed_the_connection, "TND_LINE_LEN_MAX",
         "a field that is too long costs its message and not the connection")
{
    /* a proxy in front of us, which had added to a field, lost all that went over the same one */
    struct tnd_slice all = sip_repeat(HEAD "Z:", "z", TND_LINE_LEN_MAX, "\r\nl: 0\r\n\r\n" ONE);
    const struct tnd_msg *msg = sip_read_stream(all);
    struct tnd_verdict v = tnd_msg_verdict(msg, TND_AS_PROXY);

    CHECK_EQ(v.code, 513);
    CHECK(!v.close);
    CHECK(strstr(run(all, 0, 0), "LINE_LEN; OPTIONS "));
}

TND_TEST(stream_nomem, "TND_ENOMEM", "an arena that is over uses nothing; with more it goes on")
{
    struct tnd_slice all = TND_STR("\r\n" ONE);
    bool done = false;

    for (size_t size = 0; !done; size += 16) {
        struct tnd_stream s;
        struct tnd_arena a;
        struct tnd_msg msg;
        size_t used;

        tnd_stream_init(&s, 0);
        tnd_arena_init(&a, room, size, NULL, 0);
        enum tnd_stream_got got = tnd_stream_next(&s, &a, all, &msg, &used);
        done = got == TND_STREAM_MESSAGE;
        if (!done) {
            CHECK_EQ(got, TND_STREAM_NOMEM);
            CHECK_EQ(used, 0);
            tnd_arena_init(&a, room, sizeof(room), NULL, 0);
            CHECK_EQ(tnd_stream_next(&s, &a, all, &msg, &used), TND_STREAM_MESSAGE);
        }
        CHECK_EQ(used, all.len);
        CHECK_STR(msg.method_name, "OPTIONS");
    }
}

TND_TEST(stream_torn_nomem, "TND_ENOMEM", "a head that is too long says so, or that memory is over")
{
    struct tnd_slice all = sip_repeat(HEAD, "Z: 0123456789\r\n", 5000, "\r\n");
    bool done = false;

    for (size_t size = 0; !done; size += 1000) {
        struct tnd_stream s;
        struct tnd_arena a;
        struct tnd_msg msg;
        size_t used;

        tnd_stream_init(&s, 0);
        tnd_arena_init(&a, room, size, NULL, 0);
        enum tnd_stream_got got = tnd_stream_next(&s, &a, all, &msg, &used);
        done = got == TND_STREAM_BROKEN;
        CHECK(done || (got == TND_STREAM_NOMEM && used == 0));
    }
}

TND_TEST(stream_mutated, "RFC 3261 §18.3",
         "bytes changed at random never make a difference between chunks and all at once")
{
    static char all[8192];
    uint32_t seed = 7;

    for (unsigned round = 0; round < 400; round++) {
        struct tnd_writer w = tnd_writer(all, sizeof(all));
        for (const struct tnd_slice *s = sip_samples; s->ptr; s++)
            tnd_put(&w, *s);
        for (unsigned i = 0; i < 1 + round % 4; i++) {
            static const char odd[] = "\r\n\r\n \t:,;<>\"@\0\x7f\xff"
                                      "0l";
            seed = seed * 1664525 + 1013904223;
            size_t at = (seed >> 8) % w.len;
            seed = seed * 1664525 + 1013904223;
            all[at] = odd[(seed >> 8) % sizeof(odd)];
        }
        struct tnd_slice text = tnd_writer_slice(&w);
        const char *at_once = run(text, 0, round % 3 == 0 ? 600 : 0);
        const char *chunks = run(text, round % 2 == 0 ? 50 : 400, round % 3 == 0 ? 600 : 0);
        CHECK_STR(tnd_slice_str(chunks), at_once);
    }
}
