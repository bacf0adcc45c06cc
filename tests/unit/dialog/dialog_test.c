/* Alice and Bob: messages of a dialog, and acts as text. */
#include "unit/dialog/dialog_test.h"

#include <stdio.h>

#include "unit/sip/sip_test.h"

#define VIA  "Via: SIP/2.0/UDP a.example.com;branch=z9hG4bK1\r\n"
#define FROM "From: Alice <sip:alice@example.com>;tag=A1\r\n"
#define CALL "Call-ID: call@a.example.com\r\n"

static char room[65536];

static const struct tnd_msg *read_room(void)
{
    return sip_read(tnd_slice_str(room));
}

const struct tnd_msg *dialog_invite(const char *lines)
{
    snprintf(room, sizeof(room),
             "INVITE sip:bob@example.org SIP/2.0\r\n" VIA FROM
             "To: Bob <sip:bob@example.org>\r\n" CALL
             "CSeq: 314159 INVITE\r\nMax-Forwards: 70\r\n%s\r\n",
             lines);
    return read_room();
}

static const struct tnd_msg *response(const char *cseq, unsigned code, const char *to_tag,
                                      const char *lines)
{
    snprintf(room, sizeof(room),
             "SIP/2.0 %u Any\r\n" VIA FROM "To: Bob <sip:bob@example.org>%s%s\r\n" CALL
             "CSeq: %s\r\n%s\r\n",
             code, *to_tag ? ";tag=" : "", to_tag, cseq, lines);
    return read_room();
}

const struct tnd_msg *dialog_response(unsigned code, const char *to_tag, const char *lines)
{
    return response("314159 INVITE", code, to_tag, lines);
}

const struct tnd_msg *dialog_response_to(const char *cseq, unsigned code, const char *lines)
{
    return response(cseq, code, "B1", lines);
}

const struct tnd_msg *dialog_request(const char *method, unsigned cseq, const char *lines)
{
    snprintf(room, sizeof(room),
             "%s sip:alice@a.example.com SIP/2.0\r\n" VIA
             "From: Bob <sip:bob@example.org>;tag=B1\r\n"
             "To: Alice <sip:alice@example.com>;tag=A1\r\n" CALL
             "CSeq: %u %s\r\nMax-Forwards: 70\r\n%s\r\n",
             method, cseq, method, lines);
    return read_room();
}

static struct tnd_arena *start(struct dialog_party *p)
{
    memset(p, 0xA5, sizeof(*p)); /* whatever is not set is seen */
    tnd_arena_init(&p->arena, p->first, sizeof(p->first), NULL, 0);
    return &p->arena;
}

int dialog_alice(struct dialog_party *p, unsigned code, const char *to_tag, const char *lines)
{
    return tnd_dialog_uac(&p->d, start(p), dialog_invite("Contact: <sip:alice@a.example.com>\r\n"),
                          dialog_response(code, to_tag, lines), false);
}

int dialog_bob(struct dialog_party *p, const char *lines)
{
    return tnd_dialog_uas(&p->d, start(p), dialog_invite(lines), TND_STR("B1"), 0, false);
}

static const char *text_of(struct tnd_writer *w)
{
    CHECK(w->len < sizeof(room));
    room[w->len] = '\0';
    return room;
}

const char *dialog_written(const struct tnd_dialog *d, const char *method, uint32_t cseq)
{
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_dialog_write(&w, d, &(struct tnd_dialog_head){tnd_slice_str(method), cseq, TND_STR(VIA)});
    return text_of(&w);
}

const char *dialog_key_text(const struct tnd_dialog *d)
{
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_dialog_key(&w, d);
    return text_of(&w);
}

const char *dialog_message_key_text(const struct tnd_msg *msg)
{
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    if (tnd_dialog_message_key(&w, msg) == TND_RULE_NONE)
        CHECK_EQ(w.len, 0);
    return text_of(&w);
}

static const char *const names[] = {
    [TND_DIALOG_PASS] = "PASS",
    [TND_DIALOG_ABSORB] = "ABSORB",
    [TND_DIALOG_REFUSE] = "REFUSE",
    [TND_DIALOG_REFUSE_INVITE] = "REFUSE_INVITE",
    [TND_DIALOG_REFUSE_PENDING] = "REFUSE_PENDING",
    [TND_DIALOG_SEND_INVITE] = "SEND_INVITE",
    [TND_DIALOG_SEND_UPDATE] = "SEND_UPDATE",
    [TND_DIALOG_SEND_ACK] = "SEND_ACK",
    [TND_DIALOG_ANSWER_IN_ACK] = "ANSWER_IN_ACK",
    [TND_DIALOG_SEND_PRACK] = "SEND_PRACK",
    [TND_DIALOG_SEND_CANCEL] = "SEND_CANCEL",
    [TND_DIALOG_SEND_BYE] = "SEND_BYE",
    [TND_DIALOG_SEND_AGAIN] = "SEND_AGAIN",
    [TND_DIALOG_SEND_RELIABLE] = "SEND_RELIABLE",
    [TND_DIALOG_SEND_FINAL] = "SEND_FINAL",
    [TND_DIALOG_ROLLBACK] = "ROLLBACK",
    [TND_DIALOG_SYNCHRONIZE] = "SYNCHRONIZE",
    [TND_DIALOG_RETRY] = "RETRY",
    [TND_DIALOG_END] = "END",
    [TND_DIALOG_ARM] = "",
    [TND_DIALOG_DISARM] = "-",
};

static const char *const timers[] = {
    [TND_DIALOG_TIMER_2XX] = "2XX",
    [TND_DIALOG_TIMER_GLARE] = "GLARE",
    [TND_DIALOG_TIMER_PROVISIONAL] = "PROVISIONAL",
    [TND_DIALOG_TIMER_REFRESH] = "REFRESH",
    [TND_DIALOG_TIMER_EXPIRY] = "EXPIRY",
};

static void put_number(struct tnd_writer *w, char before, uint64_t number)
{
    tnd_put_char(w, before);
    tnd_put_number(w, number);
}

static void put_act(struct tnd_writer *w, const struct tnd_dialog_act *a, tnd_time now)
{
    CHECK(a->rule > TND_RULE_NONE && a->rule < TND_RULE_COUNT);
    tnd_put_str(w, names[a->kind]);
    if (a->kind == TND_DIALOG_ARM || a->kind == TND_DIALOG_DISARM)
        tnd_put_str(w, timers[a->timer]);
    if (a->kind == TND_DIALOG_ARM) {
        CHECK(a->at >= now);
        put_number(w, '+', (uint64_t)(a->at - now) / 1000);
    }
    if (a->code > 0)
        put_number(w, ' ', a->code);
    if (a->kind == TND_DIALOG_REFUSE && a->seconds >= 0)
        put_number(w, '+', (uint64_t)a->seconds);
    if (a->cseq > 0)
        put_number(w, ' ', a->cseq);
    if (a->rseq > 0)
        put_number(w, '#', a->rseq);
}

const char *dialog_acts_text(const struct tnd_dialog_acts *acts, tnd_time now)
{
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    for (unsigned i = 0; i < acts->count; i++) {
        if (i > 0)
            tnd_put_char(&w, ' ');
        put_act(&w, &acts->act[i], now);
    }
    return text_of(&w);
}

bool dialog_acts_by(const struct tnd_dialog_acts *acts, enum tnd_rule rule)
{
    for (unsigned i = 0; i < acts->count; i++)
        if (acts->act[i].rule == rule)
            return true;
    return false;
}
