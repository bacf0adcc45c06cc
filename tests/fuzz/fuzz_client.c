/* Challenges of any bytes: what a client answers is credentials without a flaw, of realms that have asked,
 * and it goes on counting. */
#include "tandem/auth/client.h"

#include "fuzz/fuzz.h"
#include "tandem/sip.h"

enum { INPUT_SIZE_MAX = 16384, ROOM_SIZE = 256 * 1024, LINES_SIZE = 32 * 1024 };

static _Alignas(TND_ARENA_ALIGN) char response_room[ROOM_SIZE], request_room[ROOM_SIZE];

/* No digest, but as long as one, and of all that goes in. */
static int take(void *ctx, enum tnd_digest digest, const struct tnd_slice *parts, size_t part_count,
                unsigned char *ret)
{
    unsigned char sum = (unsigned char)digest;

    (void)ctx;
    for (size_t i = 0; i < part_count; i++)
        for (size_t k = 0; k < parts[i].len; k++)
            sum = (unsigned char)(sum * 31 + (unsigned char)parts[i].ptr[k]);
    memset(ret, sum, tnd_digest_size(digest));
    return 0;
}

static const struct tnd_digester digester = {take, NULL};
static const unsigned char key[16] = {1};

static void read(struct tnd_msg *msg, char *room, const char *head, struct tnd_slice lines)
{
    static char text[2][LINES_SIZE + 1024];
    static unsigned next;
    struct tnd_writer w = tnd_writer(text[next], sizeof(text[next]));
    struct tnd_arena a;

    next = !next;
    tnd_put_str(&w, head);
    tnd_put_str(&w,
                "Via: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\n"
                "Call-ID: 1\r\nMax-Forwards: 70\r\nCSeq: 2 REGISTER\r\n");
    tnd_put(&w, lines);
    tnd_put_str(&w, "\r\n");
    FUZZ_CHECK(!tnd_writer_over(&w));
    tnd_arena_init(&a, room, ROOM_SIZE, NULL, 0);
    FUZZ_CHECK(tnd_msg_parse_datagram(msg, &a, tnd_writer_slice(&w)) == 0);
    FUZZ_CHECK(tnd_msg_check(msg, &a) == 0);
}

/* A request as the client would send it. */
static void ask(struct tnd_auth_client *c, struct tnd_msg *ret)
{
    static char lines[LINES_SIZE];
    struct tnd_writer w = tnd_writer(lines, sizeof(lines));

    FUZZ_CHECK(tnd_auth_client_write(c, &w, TND_STR("REGISTER"), TND_STR("sip:r"), TND_STR("")) ==
               0);
    FUZZ_CHECK(!tnd_writer_over(&w));
    read(ret, request_room, "REGISTER sip:r SIP/2.0\r\n", tnd_writer_slice(&w));
    FUZZ_CHECK(ret->flaw_count == 0);
}

static unsigned count_sent(const struct tnd_msg *msg, enum tnd_header kind)
{
    struct tnd_values v = tnd_msg_values(msg, kind);
    struct tnd_auth auth;
    unsigned count = 0;

    while (tnd_credentials_next(&v, &auth)) {
        FUZZ_CHECK(auth.digest && auth.response.len > 0);
        FUZZ_CHECK(!auth.qop.ptr || auth.nc_count > 0);
        count++;
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tnd_auth_client c;
    struct tnd_msg request, response;

    if (size == 0 || size > INPUT_SIZE_MAX)
        return 0;
    tnd_auth_client_init(&c, &digester, key, TND_STR("al\"i\xc3\xa4"), TND_STR("pw"));
    ask(&c, &request);
    FUZZ_CHECK(count_sent(&request, TND_HEADER_AUTHORIZATION) == 0);
    read(&response, response_room, "SIP/2.0 401 Unauthorized\r\n",
         tnd_slice((const char *)data, size));
    struct tnd_auth_asked asked = tnd_auth_client_challenged(&c, &request, &response);
    FUZZ_CHECK(asked.can_answer == (c.count > 0) && !asked.had_credentials);
    ask(&c, &request);
    FUZZ_CHECK(count_sent(&request, TND_HEADER_AUTHORIZATION) +
                   count_sent(&request, TND_HEADER_PROXY_AUTHORIZATION) ==
               c.count);
    tnd_auth_client_answered(&c, &request, &response);
    asked = tnd_auth_client_challenged(&c, &request, &response);
    FUZZ_CHECK(!asked.can_answer || asked.had_credentials);
    ask(&c, &request);
    FUZZ_CHECK(c.count <= TND_AUTH_REALM_COUNT_MAX);
    return 0;
}
