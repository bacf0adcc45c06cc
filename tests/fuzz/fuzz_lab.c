/* The lab: whoever is asked whatever with any parameters, it ends after a few steps, and what
 * it says is a valid response, in which nobody has put a line of their own.
 *
 * The first byte chooses the method, its high bit a dialog, the next two the code; a line of
 * URI parameters follows, then header fields and a body as they would stand in a message. */
#include "fuzz/fuzz.h"

#include "tandem/lab.h"
#include "tandem/sip.h"

enum { ROOM_SIZE = 1 << 21, TEXT_SIZE = 1 << 18, INPUT_SIZE_MAX = 1 << 14 };

static _Alignas(TND_ARENA_ALIGN) char room[ROOM_SIZE], lab_room[ROOM_SIZE], reply_room[ROOM_SIZE];
static char text[TEXT_SIZE], out[TEXT_SIZE];

/* A request as a peer may send it. */
static struct tnd_slice write_request(const uint8_t *data, size_t size)
{
    static const char *const methods[] = {"INVITE", "OPTIONS", "MESSAGE", "BYE",
                                          "INFO",   "UPDATE",  "PRACK",   "REGISTER",
                                          "NOTIFY", "REFER",   "PUBLISH", "SUBSCRIBE"};
    const char *method = methods[data[0] % (sizeof(methods) / sizeof(*methods))];
    unsigned code = 100 + (256U * data[1] + data[2]) % 600;
    struct tnd_slice rest = tnd_slice((const char *)data + 3, size - 3);
    const char *lf = rest.len > 0 ? memchr(rest.ptr, '\n', rest.len) : NULL;
    const char *params_end = lf ? lf : tnd_slice_end(rest);
    struct tnd_writer w = tnd_writer(text, sizeof(text));
    char uri[INPUT_SIZE_MAX + 64];
    struct tnd_writer u = tnd_writer(uri, sizeof(uri));

    tnd_put_str(&u, "sip:lab-");
    tnd_put_number(&u, code);
    tnd_put_str(&u, "@example.org;");
    tnd_put(&u, tnd_slice_between(rest.ptr, params_end));
    tnd_put_request_line(&w, tnd_slice_str(method), tnd_writer_slice(&u));
    tnd_put_str(&w, "Via: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>");
    tnd_put_str(&w, data[0] & 0x80 ? ";tag=2" : "");
    tnd_put_str(&w, "\r\nCall-ID: 1\r\nMax-Forwards: 70\r\nCSeq: 1 ");
    tnd_put_str(&w, method);
    tnd_put_line_end(&w);
    if (lf)
        tnd_put(&w, tnd_slice_between(lf + 1, tnd_slice_end(rest)));
    else
        tnd_put_line_end(&w);
    return tnd_writer_slice(&w);
}

/* Fields that a reply copies may be as they were; those of ours are one line each. */
static void check_reply(const struct tnd_msg *request, const struct tnd_lab_step *step)
{
    struct tnd_reply reply = step->reply;
    struct tnd_writer w = tnd_writer(out, sizeof(out));
    struct tnd_arena a;
    struct tnd_msg msg;

    FUZZ_CHECK(step->rule != TND_RULE_NONE);
    FUZZ_CHECK(reply.code >= 100 && reply.code <= 699);
    FUZZ_CHECK(!reply.to_tag.ptr && !reply.received.ptr);
    tnd_reply_write(&w, request, &reply);
    FUZZ_CHECK(!tnd_writer_over(&w));
    tnd_arena_init(&a, reply_room, sizeof(reply_room), NULL, 0);
    FUZZ_CHECK(tnd_msg_parse_datagram(&msg, &a, tnd_writer_slice(&w)) == 0);
    FUZZ_CHECK(tnd_msg_check(&msg, &a) == 0);
    FUZZ_CHECK(msg.kind == TND_MSG_RESPONSE && msg.code == reply.code);
    FUZZ_CHECK(tnd_slice_eq(msg.body, reply.body));
    for (uint32_t i = 1; i <= msg.field_count; i++)
        FUZZ_CHECK(msg.fields[i].kind != TND_HEADER_OTHER);
    if (request->flaw_count == 0) {
        FUZZ_CHECK(tnd_msg_valid(&msg));
        FUZZ_CHECK(msg.flaw_count == 0);
    }
}

static void run(const struct tnd_lab_asked *asked)
{
    struct tnd_lab lab = {0};
    struct tnd_lab_step step;
    unsigned count = 0;

    do {
        tnd_arena_reset(asked->a);
        tnd_lab_step(&lab, asked, &step);
        count++;
        FUZZ_CHECK(!step.over);
        FUZZ_CHECK(step.is_reply || step.due >= 0);
        FUZZ_CHECK(step.due >= -1 && step.due <= TND_SEC(TND_LAB_WAIT_MAX));
        if (step.is_reply)
            check_reply(asked->request, &step);
        FUZZ_CHECK(step.due < 0 || (step.reply.code < 200 && !step.forgets));
    } while (step.due >= 0 && count < TND_LAB_STEP_COUNT_MAX);
    FUZZ_CHECK(step.due < 0 && step.reply.code >= 200);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tnd_arena a, lab_arena;
    struct tnd_msg request;
    struct tnd_uri uri;
    struct tnd_flaw flaw;

    if (size < 3 || size > INPUT_SIZE_MAX)
        return 0;
    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    tnd_arena_init(&lab_arena, lab_room, sizeof(lab_room), NULL, 0);
    FUZZ_CHECK(tnd_msg_parse_datagram(&request, &a, write_request(data, size)) == 0);
    FUZZ_CHECK(tnd_msg_check(&request, &a) == 0);
    if (tnd_msg_verdict(&request, TND_AS_UAS).action != TND_PROCESS ||
        !tnd_msg_uri(&request, &uri, &flaw) || !tnd_lab_code(uri.user))
        return 0;
    struct tnd_lab_asked asked = {.request = &request,
                                  .uri = &uri,
                                  .contact = TND_STR("sip:lab-200@192.0.2.1"),
                                  .host = TND_STR("192.0.2.1"),
                                  .nonce = TND_STR("0a1b"),
                                  .number = 1,
                                  .in_dialog = data[0] & 0x80 && data[1] & 0x80,
                                  .is_early = data[1] & 0x40,
                                  .a = &lab_arena};
    run(&asked);
    return 0;
}
