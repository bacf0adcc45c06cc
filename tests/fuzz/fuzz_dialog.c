/* A dialog made of any message: of a request as the callee, of a response as the caller. The first byte says
 * with what arena; the rest is the message.
 *
 *   written   what we send in it parses, has the fields that it should and no other, no flaw that the message
 *             did not have, and its tags and Call-ID are those of the dialog
 *   again     the message as a target refresh, again and again, makes the dialog no larger */
#include "fuzz/fuzz.h"

#include "tandem/dialog.h"
#include "tandem/sip.h"

enum { ROOM_SIZE = 1 << 20, TEXT_SIZE = 1 << 18, AGAIN_COUNT = 4 };

static const struct tnd_slice invite_text =
    TND_STR_INIT("INVITE sip:bob@example.org SIP/2.0\r\n"
                 "Via: SIP/2.0/UDP a.example.com;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
                 "From: Alice <sip:alice@example.com>;tag=A1\r\nTo: <sip:bob@example.org>\r\n"
                 "Call-ID: call@a.example.com\r\nCSeq: 1 INVITE\r\n\r\n");

/* What came, our INVITE, what we write; and the dialog's own. */
static _Alignas(TND_ARENA_ALIGN) char rooms[3][ROOM_SIZE], arena_room[ROOM_SIZE];
static char text[TEXT_SIZE];

static bool read(struct tnd_msg *msg, unsigned room, struct tnd_slice bytes)
{
    struct tnd_arena a;

    tnd_arena_init(&a, rooms[room], ROOM_SIZE, NULL, 0);
    return tnd_msg_parse_datagram(msg, &a, bytes) == 0 && tnd_msg_check(msg, &a) == 0;
}

static bool has_flaw(const struct tnd_msg *msg, enum tnd_rule rule)
{
    for (unsigned i = 0; i < msg->flaw_count; i++)
        if (msg->flaws[i].rule == rule)
            return true;
    return false;
}

/* Bounds of a message are not of its parts: a Route is longer than its Record-Routes were. */
static void check_flaws(const struct tnd_msg *came, const struct tnd_msg *went)
{
    for (unsigned i = 0; i < went->flaw_count; i++)
        FUZZ_CHECK(came->flaws_lost > 0 || has_flaw(came, went->flaws[i].rule) ||
                   tnd_rule_level(went->flaws[i].rule) != TND_LEVEL_MUST);
}

static void check_written(const struct tnd_dialog *d, const struct tnd_msg *came)
{
    struct tnd_writer w = tnd_writer(text, sizeof(text));
    struct tnd_msg went;
    struct tnd_addr from, to;
    struct tnd_slice call_id;
    bool has_route = d->is_loose ? d->routes.ptr != NULL : true;

    tnd_dialog_write(&w, d,
                     &(struct tnd_dialog_head){TND_STR("INFO"), 7,
                                               TND_STR("Via: SIP/2.0/UDP a;branch=z9hG4bK2\r\n")});
    tnd_put_body(&w, tnd_slice(NULL, 0), tnd_slice(NULL, 0));
    FUZZ_CHECK(!tnd_writer_over(&w));
    FUZZ_CHECK(read(&went, 2, tnd_writer_slice(&w)));
    check_flaws(came, &went);
    if (went.flaw_count > 0) /* a header section, or a line, that is too long is not whole */
        return;
    FUZZ_CHECK(went.kind == TND_MSG_REQUEST && went.method == TND_METHOD_INFO);
    FUZZ_CHECK(went.field_count == 7u + has_route); /* nobody smuggled a line */
    FUZZ_CHECK(tnd_msg_from(&went, &from, NULL) && tnd_slice_eq(from.tag, d->local_tag));
    FUZZ_CHECK(tnd_msg_to(&went, &to, NULL) && tnd_slice_eq(to.tag, d->remote_tag));
    FUZZ_CHECK(tnd_msg_call_id(&went, &call_id, NULL) && tnd_slice_eq(call_id, d->call_id));
}

static int make(struct tnd_dialog *d, struct tnd_arena *a, const struct tnd_msg *msg, bool is_tls)
{
    struct tnd_msg invite;

    if (msg->kind == TND_MSG_REQUEST)
        return tnd_dialog_uas(d, a, msg, TND_STR("B1"), 0, is_tls);
    FUZZ_CHECK(read(&invite, 1, invite_text));
    return tnd_dialog_uac(d, a, &invite, msg, is_tls);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tnd_msg msg;
    struct tnd_arena a;
    struct tnd_dialog d;
    enum tnd_rule rule;

    if (size < 1 || !read(&msg, 0, tnd_slice((const char *)data + 1, size - 1)))
        return 0;
    tnd_arena_init(&a, arena_room, data[0] & 1 ? ROOM_SIZE : data[0] * 16u, NULL, 0);
    if (make(&d, &a, &msg, data[0] & 2) != 0)
        return 0;
    check_written(&d, &msg);
    tnd_dialog_request(&d, &msg, &rule);
    tnd_dialog_response(&d, &msg);
    tnd_dialog_refresh(&d, &msg);
    char *next = a.next;
    for (int i = 0; i < AGAIN_COUNT; i++) {
        tnd_dialog_refresh(&d, &msg);
        tnd_dialog_response(&d, &msg);
    }
    FUZZ_CHECK(a.next == next);
    check_written(&d, &msg);
    return 0;
}
