/* Reads a SIP message from standard input, prints what an element needs of it, and writes the
 * reply that it deserves. docs/reading-a-message.md explains it. */
#include <stdio.h>

#include "tandem/sip.h"

static void print_from_and_via(const struct tnd_msg *msg)
{
    struct tnd_addr from;
    struct tnd_via via;

    if (tnd_msg_from(msg, &from, NULL))
        printf("from %.*s, tag %.*s\n", TND_FMT(from.uri.text), TND_FMT(from.tag));
    if (tnd_msg_via(msg, &via, NULL))
        printf("via %.*s, branch %.*s\n", TND_FMT(via.host), TND_FMT(via.branch));
}

static void print_contacts(const struct tnd_msg *msg)
{
    struct tnd_values contacts = tnd_msg_values(msg, TND_HEADER_CONTACT);
    struct tnd_contact contact;

    while (tnd_contact_next(&contacts, &contact))
        printf("contact %.*s\n", TND_FMT(contact.addr.uri.text));
    if (contacts.c.flaw.rule)
        printf("no further contact: %s\n", tnd_rule_sentence(contacts.c.flaw.rule));
}

static void print_flaws(const struct tnd_msg *msg)
{
    for (unsigned i = 0; i < msg->flaw_count; i++) {
        const struct tnd_flaw *flaw = &msg->flaws[i];
        struct tnd_place place = tnd_place(msg->text, flaw->where.ptr);

        printf("%u:%u: %s (%s)\n", place.line, place.column, tnd_rule_sentence(flaw->rule),
               tnd_rule_law(flaw->rule));
    }
}

/* What a user agent replies that is busy, if nothing else is wrong. */
static void print_reply(const struct tnd_msg *msg)
{
    static char reply[TND_MESSAGE_LEN_MAX], reason[256];
    struct tnd_verdict verdict = tnd_msg_verdict(msg, TND_AS_UAS);
    struct tnd_reply with = {.code = 486, .to_tag = TND_STR("7c3f"), .rport = -1};
    struct tnd_writer w = tnd_writer(reply, sizeof(reply)), r = tnd_writer(reason, sizeof(reason));

    if (verdict.action == TND_DROP || msg->kind != TND_MSG_REQUEST)
        return;
    if (verdict.action == TND_REPLY) {
        tnd_verdict_reason(&r, msg, &verdict);
        with.code = verdict.code;
        with.reason = tnd_writer_slice(&r);
    }
    tnd_reply_write(&w, msg, &with);
    if (!tnd_writer_over(&w))
        fwrite(reply, 1, w.len, stdout);
}

int main(void)
{
    static char bytes[TND_MESSAGE_LEN_MAX], room[256 * 1024];
    struct tnd_slice text = {bytes, fread(bytes, 1, sizeof(bytes), stdin)};
    struct tnd_arena arena;
    struct tnd_msg msg;

    tnd_arena_init(&arena, room, sizeof(room), NULL, 0);
    int err = tnd_msg_parse(&msg, &arena, text, TND_DATAGRAM);
    if (err == TND_EMORE) /* no empty line: all there is, and a flaw */
        err = tnd_msg_parse_torn(&msg, &arena, text);
    if (err == 0)
        err = tnd_msg_check(&msg, &arena);
    if (err) {
        fprintf(stderr, "%s\n", tnd_strerror(err));
        return 1;
    }
    print_from_and_via(&msg);
    print_contacts(&msg);
    print_flaws(&msg);
    print_reply(&msg);
    return 0;
}
