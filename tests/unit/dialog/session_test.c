/* An INVITE usage, its timers, and what it says as text. */
#include "unit/dialog/session_test.h"

#include <stdio.h>

static const struct tnd_dialog_timing timing = {TND_MS(500), TND_SEC(4)};

static const char *const parts[] = {
    [TND_SESSION_NO_PART] = "",        [TND_SESSION_OFFER] = "OFFER",
    [TND_SESSION_ANSWER] = "ANSWER",   [TND_SESSION_PREVIEW] = "PREVIEW",
    [TND_SESSION_IGNORED] = "IGNORED", [TND_SESSION_PREVIEWED] = "PREVIEWED",
    [TND_SESSION_FAULT] = "FAULT",
};

static char text[4096];

static void do_timers(struct session_test *t)
{
    for (unsigned i = 0; i < t->out.acts.count; i++) {
        const struct tnd_dialog_act *a = &t->out.acts.act[i];
        if (a->kind == TND_DIALOG_ARM) {
            CHECK(a->at >= t->now);
            t->due[a->timer] = a->at;
        } else if (a->kind == TND_DIALOG_DISARM) {
            CHECK(t->due[a->timer] != TND_NEVER_DUE);
            t->due[a->timer] = TND_NEVER_DUE;
        }
    }
}

static const char *said(struct session_test *t)
{
    const char *part = parts[t->out.part];
    const char *acts = dialog_acts_text(&t->out.acts, t->now);

    CHECK(t->out.rule != TND_RULE_NONE);
    snprintf(text, sizeof(text), "%s%s%s", part, *part && *acts ? " " : "", acts);
    do_timers(t);
    return text;
}

static struct tnd_session_message message(const struct session_test *t, int kind, bool is_described,
                                          uint32_t cseq)
{
    return (struct tnd_session_message){.kind = (uint8_t)kind,
                                        .is_described = is_described,
                                        .code = (uint16_t)t->code,
                                        .cseq = cseq};
}

static void start(struct session_test *t, bool is_caller, bool is_described)
{
    memset(t, 0xA5, sizeof(*t)); /* whatever is not set is seen */
    t->now = 0;
    t->random = 0;
    t->code = 0;
    for (int i = 0; i < TND_DIALOG_TIMER_COUNT; i++)
        t->due[i] = TND_NEVER_DUE;
    struct tnd_session_message invite = message(t, INVITE, is_described, 1);
    tnd_session_start(&t->s, &timing, is_caller, &invite, &t->out);
    CHECK_EQ(t->out.part, is_described ? TND_SESSION_OFFER : TND_SESSION_NO_PART);
    CHECK_EQ(t->out.acts.count, 0);
}

void session_caller(struct session_test *t, bool is_described)
{
    start(t, true, is_described);
}

void session_callee(struct session_test *t, bool is_described)
{
    start(t, false, is_described);
}

void session_calling(struct session_test *t)
{
    session_caller(t, D);
    CHECK_TEXT(session_got(t, OK, D, 1), "ANSWER PASS SEND_ACK 1");
}

void session_called(struct session_test *t)
{
    session_callee(t, D);
    CHECK_TEXT(session_sent(t, OK, D, 1), "ANSWER 2XX+500");
    CHECK_TEXT(session_got(t, ACK, N, 1), "-2XX PASS");
}

const char *session_got(struct session_test *t, int kind, bool is_described, uint32_t cseq)
{
    struct tnd_session_message m = message(t, kind, is_described, cseq);

    tnd_session_receive(&t->s, &m, t->now, t->random, &t->out);
    return said(t);
}

const char *session_refused(struct session_test *t, int kind, unsigned code, uint32_t cseq)
{
    t->code = code;
    return session_got(t, kind, N, cseq);
}

const char *session_sent(struct session_test *t, int kind, bool is_described, uint32_t cseq)
{
    struct tnd_session_message m = message(t, kind, is_described, cseq);

    CHECK_STR(tnd_slice_str(tnd_rule_name(tnd_session_forbids(&t->s, &m))),
              tnd_rule_name(TND_RULE_NONE));
    tnd_session_send(&t->s, &m, t->now, &t->out);
    return said(t);
}

const char *session_ended(struct session_test *t)
{
    tnd_session_end(&t->s, &t->out);
    return said(t);
}

const char *session_forbidden(struct session_test *t, int kind, bool is_described, uint32_t cseq)
{
    struct tnd_session_message m = message(t, kind, is_described, cseq);

    return tnd_rule_name(tnd_session_forbids(&t->s, &m));
}

static enum tnd_dialog_timer next(const struct session_test *t)
{
    return t->due[TND_DIALOG_TIMER_GLARE] < t->due[TND_DIALOG_TIMER_2XX] ? TND_DIALOG_TIMER_GLARE
                                                                         : TND_DIALOG_TIMER_2XX;
}

const char *session_run(struct session_test *t, int ms)
{
    static char all[4096];
    size_t len = 0;

    all[0] = '\0';
    while (t->due[next(t)] <= TND_MS(ms)) {
        enum tnd_dialog_timer timer = next(t);
        t->now = t->due[timer];
        t->due[timer] = TND_NEVER_DUE;
        tnd_session_timer(&t->s, timer, t->now, &t->out);
        len += (size_t)snprintf(all + len, sizeof(all) - len, "%s%d: %s", len ? "; " : "",
                                (int)(t->now / 1000), said(t));
    }
    if (t->now < TND_MS(ms))
        t->now = TND_MS(ms);
    return all;
}

bool session_by(const struct session_test *t, enum tnd_rule rule)
{
    return t->out.rule == rule || dialog_acts_by(&t->out.acts, rule);
}
