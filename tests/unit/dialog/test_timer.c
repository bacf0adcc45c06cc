/* The session timer (RFC 4028): what is asked, what is answered, who refreshes and when it ends. */
#include "tandem/dialog/timer.h"

#include "unit/dialog/dialog_test.h"
#include "unit/sip/sip_test.h"

static struct tnd_dialog_acts out;
static const struct tnd_refresh_policy plain = {0};

#define CHECK_BY(rule)                                \
    do {                                              \
        CHECK(dialog_acts_by(&out, TND_RULE_##rule)); \
        PROVES(rule);                                 \
    } while (0)

/* As lines; good until the next call. */
static const char *text_of(const struct tnd_refresh_fields *fields)
{
    static char room[256];
    struct tnd_writer w = tnd_writer(room, sizeof(room) - 1);

    tnd_refresh_write(&w, fields);
    room[w.len] = '\0';
    return room;
}

static const char *asked(const struct tnd_refresh *r)
{
    struct tnd_refresh_fields fields;

    tnd_refresh_ask(r, &fields);
    CHECK(fields.is_supported);
    return text_of(&fields);
}

static struct tnd_refresh_fields fields(const char *lines)
{
    struct tnd_refresh_fields ret;

    tnd_refresh_read(&ret, sip_request_with(lines));
    return ret;
}

/* A 2xx with these lines to what we ask, at 0. */
static const char *response(struct tnd_refresh *r, const char *lines)
{
    struct tnd_refresh_fields sent, got = fields(lines);

    tnd_refresh_ask(r, &sent);
    tnd_refresh_response(r, &sent, &got, 0, &out);
    return dialog_acts_text(&out, 0);
}

/* What a request with these lines is answered with; its 2xx is sent at 0. */
static const char *answer(struct tnd_refresh *r, const char *lines)
{
    struct tnd_refresh_fields got = fields(lines), ret;
    enum tnd_rule rule;
    unsigned code = tnd_refresh_judge(r, &got, &ret, &rule);

    CHECK_EQ(rule, code == 0 ? TND_RULE_REFRESH_REFRESHER : TND_RULE_REFRESH_TOO_SMALL);
    if (code == 0)
        tnd_refresh_answered(r, &ret, 0, &out);
    return text_of(&ret);
}

TND_TEST(refresh_ask, "RFC 4028 §7.1, §7.4",
         "the first request leaves it open who refreshes; later ones keep interval and role")
{
    struct tnd_refresh r;
    struct tnd_refresh_policy policy = {.interval = 60, .min = 120};

    tnd_refresh_start(&r, &plain);
    CHECK_TEXT(asked(&r), "Session-Expires: 1800\r\n");
    response(&r, "Session-Expires: 600;refresher=uas\r\nRequire: timer\r\n");
    CHECK_TEXT(asked(&r), "Session-Expires: 600;refresher=uas\r\n");
    response(&r, "Session-Expires: 600;refresher=uac\r\nRequire: timer\r\n");
    CHECK_TEXT(asked(&r), "Session-Expires: 600;refresher=uac\r\n");
    tnd_refresh_start(&r, &policy);
    CHECK_TEXT(asked(&r), "Session-Expires: 120\r\nMin-SE: 120\r\n");
    policy.is_off = true;
    tnd_refresh_start(&r, &policy);
    CHECK_TEXT(asked(&r), "Min-SE: 120\r\n");
}

TND_TEST(refresh_response, "RFC 4028 §7.2, §10",
         "the 2xx says how long and who: half the interval, and its end less 32 s or a third")
{
    struct tnd_refresh r;

    tnd_refresh_start(&r, &plain);
    CHECK_TEXT(response(&r, "Session-Expires: 600;refresher=uac\r\nRequire: timer\r\n"),
               "REFRESH+300000 EXPIRY+568000");
    CHECK_BY(REFRESH_HALF);
    CHECK(r.is_ours && r.is_shared);
    CHECK_TEXT(response(&r, "Session-Expires: 90;refresher=uas\r\nRequire: timer\r\n"),
               "-REFRESH -EXPIRY EXPIRY+60000");
    CHECK_BY(REFRESH_INTERVAL);
    CHECK(!r.is_ours);
    CHECK_EQ(r.end_at, TND_SEC(90));
    tnd_refresh_timer(&r, TND_DIALOG_TIMER_EXPIRY, TND_SEC(60), &out);
    CHECK_TEXT(dialog_acts_text(&out, 0), "SEND_BYE");
    CHECK_BY(REFRESH_EXPIRY);
    tnd_refresh_start(&r, &plain); /* nobody makes us refresh each second */
    CHECK_TEXT(response(&r, "Session-Expires: 1;refresher=uac\r\n"), "REFRESH+45000 EXPIRY+60000");
}

TND_TEST(refresh_alone, "RFC 4028 §7.2",
         "a 2xx that says nothing: who asked refreshes itself; who did not has no timer any more")
{
    struct tnd_refresh r;
    struct tnd_refresh_policy off = {.is_off = true};

    tnd_refresh_start(&r, &plain);
    CHECK_TEXT(response(&r, ""), "REFRESH+900000 EXPIRY+1768000 PASS");
    CHECK_BY(REFRESH_ALONE);
    CHECK(r.is_ours && !r.is_shared);
    tnd_refresh_start(&r, &off);
    CHECK_TEXT(response(&r, "Session-Expires: 200;refresher=uac\r\n"),
               "REFRESH+100000 EXPIRY+168000");
    CHECK_TEXT(response(&r, ""), "-REFRESH -EXPIRY PASS");
    CHECK_BY(REFRESH_OFF);
    CHECK_EQ(r.end_at, TND_NEVER_DUE);
}

TND_TEST(refresh_table_2, "RFC 4028 §9", "the callee names who refreshes as table 2 says")
{
    struct tnd_refresh r;

    tnd_refresh_start(&r, &plain);
    CHECK_TEXT(answer(&r, "Session-Expires: 300\r\n"), "Session-Expires: 300;refresher=uas\r\n");
    PROVES(REFRESH_REFRESHER);
    CHECK(r.is_ours);
    CHECK_TEXT(dialog_acts_text(&out, 0), "REFRESH+150000 EXPIRY+268000");
    tnd_refresh_start(&r, &plain);
    CHECK_TEXT(answer(&r, "Supported: timer\r\nSession-Expires: 300;refresher=uac\r\n"),
               "Session-Expires: 300;refresher=uac\r\nRequire: timer\r\n");
    CHECK(!r.is_ours);
    CHECK_TEXT(dialog_acts_text(&out, 0), "EXPIRY+268000");
    tnd_refresh_start(&r, &plain);
    CHECK_TEXT(answer(&r, "k: a, timer\r\nx: 300;refresher=uas\r\n"),
               "Session-Expires: 300;refresher=uas\r\nRequire: timer\r\n");
    CHECK_TEXT(answer(&r, "Supported: timer\r\nSession-Expires: 300\r\n"), /* the role stays */
               "Session-Expires: 300;refresher=uas\r\nRequire: timer\r\n");
    tnd_refresh_start(&r, &plain);
    CHECK_TEXT(answer(&r, "Supported: timer\r\nSession-Expires: 300\r\n"),
               "Session-Expires: 300;refresher=uac\r\nRequire: timer\r\n");
    CHECK_TEXT(answer(&r, "Supported: timer\r\n"),
               "Session-Expires: 1800;refresher=uac\r\nRequire: timer\r\n");
    CHECK_TEXT(answer(&r, ""), "");
    CHECK_TEXT(dialog_acts_text(&out, 0), "-EXPIRY");
}

TND_TEST(refresh_too_small, "RFC 4028 §9, §7.3, §7.4",
         "an interval that is too small gets a 422 if that can be answered, with a larger Min-SE")
{
    struct tnd_refresh r;
    struct tnd_refresh_policy policy = {.min = 200};
    struct tnd_refresh_fields got;

    tnd_refresh_start(&r, &policy);
    CHECK_TEXT(answer(&r, "Supported: timer\r\nSession-Expires: 199\r\n"), "Min-SE: 200\r\n");
    PROVES(REFRESH_TOO_SMALL);
    CHECK_TEXT(answer(&r, "Session-Expires: 199\r\n"), "Session-Expires: 199;refresher=uas\r\n");
    CHECK_TEXT(answer(&r, "Supported: timer\r\nSession-Expires: 5000\r\nMin-SE: 3000\r\n"),
               "Session-Expires: 3000;refresher=uas\r\nRequire: timer\r\n");
    CHECK_TEXT(asked(&r), "Session-Expires: 3000;refresher=uac\r\nMin-SE: 3000\r\n");
    PROVES(REFRESH_MIN_SE);
    tnd_refresh_start(&r, &plain);
    got = fields("Min-SE: 3600\r\n");
    CHECK_EQ(tnd_refresh_too_small(&r, &got), TND_RULE_REFRESH_MIN_SE);
    CHECK_TEXT(asked(&r), "Session-Expires: 3600\r\nMin-SE: 3600\r\n");
    CHECK_EQ(tnd_refresh_too_small(&r, &got), TND_RULE_NONE); /* it would be refused for ever */
    got = fields("Min-SE: none\r\n");
    CHECK_EQ(tnd_refresh_too_small(&r, &got), TND_RULE_NONE);
}

TND_TEST(
    refresh_timer, "RFC 4028 §7.4, §10",
    "a refresh is an UPDATE where it may be; one that fails ends the call, or is tried again in time")
{
    struct tnd_refresh r;

    tnd_refresh_start(&r, &plain);
    response(&r, "Session-Expires: 400;refresher=uac\r\n");
    tnd_refresh_timer(&r, TND_DIALOG_TIMER_REFRESH, TND_SEC(200), &out);
    CHECK_TEXT(dialog_acts_text(&out, 0), "SEND_INVITE");
    tnd_refresh_failed(&r, TND_METHOD_INVITE, 500, TND_SEC(200), &out);
    CHECK_TEXT(dialog_acts_text(&out, TND_SEC(200)), "REFRESH+100000");
    CHECK_BY(REFRESH_RETRY);
    r.has_update = true;
    tnd_refresh_timer(&r, TND_DIALOG_TIMER_REFRESH, TND_SEC(300), &out);
    CHECK_TEXT(dialog_acts_text(&out, 0), "SEND_UPDATE");
    tnd_refresh_failed(&r, TND_METHOD_UPDATE, 488, TND_SEC(395), &out);
    CHECK_TEXT(dialog_acts_text(&out, 0), "ABSORB"); /* too late for more */
    tnd_refresh_failed(&r, TND_METHOD_UPDATE, 481, TND_SEC(395), &out);
    CHECK_TEXT(dialog_acts_text(&out, 0), "-EXPIRY SEND_BYE");
    CHECK_BY(REFRESH_LOST);
    response(&r, "Session-Expires: 400;refresher=uac\r\n");
    tnd_refresh_failed(&r, TND_METHOD_UPDATE, 408, TND_SEC(1), &out);
    CHECK_TEXT(dialog_acts_text(&out, 0), "-REFRESH -EXPIRY SEND_BYE");
}
