#include "unit/lab/lab_test.h"

#include <stdlib.h>

enum { TEXT_SIZE = 128 * 1024, ROOM_SIZE = 256 * 1024 };

static void ask(struct lab_test *t, const char *method, const char *uri, const char *lines,
                const char *body, const char *to_tag)
{
    static char text[TEXT_SIZE];
    struct tnd_flaw flaw;

    snprintf(text, sizeof(text),
             "%s %s SIP/2.0\r\n" SIP_VIA SIP_FROM
             "To: <sip:lab@example.org>%s\r\n" SIP_CALL SIP_HOPS
             "CSeq: 7 %s\r\nContact: <sip:alice@192.0.2.7>\r\n%sContent-Length: %zu\r\n\r\n%s",
             method, uri, to_tag, method, lines, body ? strlen(body) : 0, body ? body : "");
    *t = (struct lab_test){.request = sip_read_str(text), .room = ROOM_SIZE};
    CHECK_EQ(tnd_msg_verdict(t->request, TND_AS_UAS).action, TND_PROCESS);
    CHECK(tnd_msg_uri(t->request, &t->uri, &flaw));
    t->asked = (struct tnd_lab_asked){.request = t->request,
                                      .uri = &t->uri,
                                      .contact = TND_STR("sip:lab-200@192.0.2.1:5062"),
                                      .host = TND_STR("192.0.2.1"),
                                      .nonce = TND_STR("0a1b2c"),
                                      .number = UINT64_MAX};
}

void lab_ask(struct lab_test *t, const char *method, const char *uri, const char *lines,
             const char *body)
{
    ask(t, method, uri, lines, body, "");
}

void lab_ask_in_dialog(struct lab_test *t, const char *method, const char *uri, const char *lines,
                       const char *body)
{
    ask(t, method, uri, lines, body, ";tag=ours");
    t->asked.in_dialog = true;
}

void lab_next(struct lab_test *t)
{
    static char text[TEXT_SIZE];
    struct tnd_writer w = tnd_writer(text, sizeof(text));
    void *room = malloc(t->room); /* exactly: the sanitizers watch over its end */
    struct tnd_arena a;

    tnd_arena_init(&a, room, t->room, NULL, 0);
    t->asked.a = &a;
    tnd_lab_step(&t->lab, &t->asked, &t->step);
    t->reply = NULL;
    if (t->step.is_reply) {
        t->step.reply.to_tag = TND_STR("ours");
        tnd_reply_write(&w, t->request, &t->step.reply);
    }
    bool over = tnd_arena_over(&a);
    tnd_arena_fini(&a);
    free(room);
    CHECK_EQ(over, t->step.over);
    CHECK_EQ(t->step.is_reply, t->step.rule != TND_RULE_NONE);
    CHECK(t->step.is_reply || t->step.due >= 0 || over);
    if (!t->step.is_reply)
        return;
    CHECK(!tnd_writer_over(&w));
    t->reply = sip_read(tnd_writer_slice(&w));
    CHECK_EQ(t->reply->kind, TND_MSG_RESPONSE);
    CHECK_FLAWS(t->reply, "");
    CHECK(tnd_msg_valid(t->reply));
}

unsigned lab_end(struct lab_test *t)
{
    for (int i = 0; i < TND_LAB_STEP_COUNT_MAX; i++) {
        lab_next(t);
        if (t->step.due >= 0)
            continue;
        CHECK(t->reply);
        return t->reply->code;
    }
    CHECK(!"there are no more than TND_LAB_STEP_COUNT_MAX steps");
    return 0;
}

struct tnd_slice lab_value(const struct lab_test *t, enum tnd_header kind)
{
    CHECK(t->reply);
    return tnd_msg_value(t->reply, kind);
}

bool lab_holds(struct tnd_slice text, const char *str)
{
    size_t len = strlen(str);

    for (size_t i = 0; i + len <= text.len; i++)
        if (memcmp(text.ptr + i, str, len) == 0)
            return true;
    return false;
}
