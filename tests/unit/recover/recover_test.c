#include "unit/recover/recover_test.h"

enum { TEXT_SIZE = 60 * 1024 };

struct recover_test *recover_start_with(const struct tnd_recover_policy *policy, const char *uri,
                                        const char *first)
{
    static struct recover_test t;

    tnd_arena_init(&t.a, t.room, sizeof(t.room), NULL, 0);
    CHECK_EQ(tnd_recover_start(&t.r, policy, tnd_slice_str(uri), tnd_slice_str(first), &t.a), 0);
    return &t;
}

struct recover_test *recover_start(void)
{
    return recover_start_with(&(struct tnd_recover_policy){0}, "sip:bob@example.org", NULL);
}

static const char *given(const char *said, const char *usual)
{
    return said ? said : usual;
}

static const struct tnd_msg *request_of(const struct recover_test *t, const struct said *said)
{
    static char text[TEXT_SIZE];
    const char *method = given(said->method, "INVITE");
    struct tnd_slice uri = said->uri ? tnd_slice_str(said->uri) : t->r.next.uri;

    snprintf(text, sizeof(text),
             "%s %.*s SIP/2.0\r\n" SIP_VIA SIP_FROM SIP_TO SIP_CALL SIP_HOPS "CSeq: 1 %s\r\n%s\r\n",
             method, TND_FMT(uri), method, given(said->sent, ""));
    return sip_read_str(text);
}

static const struct tnd_msg *response_of(const struct said *said)
{
    static char text[TEXT_SIZE];
    const char *body = given(said->body, ""), *method = given(said->method, "INVITE");
    int len = snprintf(text, sizeof(text),
                       "SIP/2.0 %u Reason\r\n" SIP_VIA SIP_FROM
                       "To: <sip:bob@example.org>;tag=2\r\n" SIP_CALL
                       "CSeq: 1 %s\r\n%sContent-Length: %zu\r\n\r\n%s",
                       said->code, method, given(said->fields, ""), strlen(body), body);

    CHECK(len > 0 && len < TEXT_SIZE);
    return sip_read_str(text);
}

const struct tnd_recovery *recover_say(struct recover_test *t, const struct said *said)
{
    struct tnd_recover_attempt attempt = said->a;

    attempt.code = said->code;
    attempt.method = (uint8_t)tnd_method_find(tnd_slice_str(given(said->method, "INVITE")));
    attempt.request = request_of(t, said);
    attempt.response = said->nobody ? NULL : response_of(said);
    tnd_recover(&t->r, &attempt, NOW, WALL_SECONDS, said->random, &t->last);
    return &t->last;
}
