/* What the tests of the diagnosis share. */
#include "unit/diag/diag_test.h"

#include <stdio.h>

struct tnd_diag *diag;
struct failing_mem diag_mem;

static uint64_t number;

void diag_start_failing(struct tnd_diag_world world, size_t fail_at)
{
    diag_mem = failing_mem(fail_at);
    world.mem = failing_mem_use(&diag_mem);
    number = 0;
    diag = NULL;
    int err = tnd_diag_new(&world, &diag);
    CHECK(err == 0 || (fail_at > 0 && err == TND_ENOMEM));
}

void diag_start(struct tnd_diag_world world)
{
    diag_start_failing(world, 0);
}

void diag_stop(void)
{
    tnd_diag_free(&diag);
    CHECK(diag == NULL);
    CHECK_EQ(diag_mem.live_count, 0);
}

struct tnd_endpoint diag_end_of(unsigned n)
{
    const uint8_t octets[] = {192, 0, 2, (uint8_t)n};

    return n ? tnd_endpoint(TND_TRANSPORT_UDP, octets, 4, 5060) : (struct tnd_endpoint){0};
}

int diag_see(const struct diag_line *l)
{
    static char room[1 << 16];
    const char *branch = l->branch ? l->branch : "1", *to_tag = l->to_tag ? l->to_tag : "";
    const char *body = l->body ? l->body : "";
    int len = snprintf(room, sizeof(room),
                       "%s\r\nVia: SIP/2.0/UDP 192.0.2.9%s%s\r\nMax-Forwards: 70\r\n"
                       "From: <sip:alice@example.org>;tag=%s\r\n"
                       "To: \"Bob\" <sip:bob@example.org;user=phone>%s%s\r\nCall-ID: %s\r\n"
                       "CSeq: %s\r\n%sContent-Length: %zu\r\n\r\n%s",
                       l->first, *branch ? ";branch=z9hG4bK" : "", branch,
                       l->from_tag ? l->from_tag : "a", *to_tag ? ";tag=" : "", to_tag,
                       l->call ? l->call : "7c1b2f0e9d8a4c55@192.0.2.1", l->cseq,
                       l->more ? l->more : "", strlen(body), body);
    struct tnd_diag_seen seen = {.at = TND_MS(l->ms),
                                 .number = ++number,
                                 .from = diag_end_of(l->from),
                                 .to = diag_end_of(l->to),
                                 .bytes = tnd_slice(room, (size_t)len)};

    return tnd_diag_feed(diag, &seen);
}

const struct tnd_diag_call *diag_next(void)
{
    const struct tnd_diag_call *call = tnd_diag_take(diag);

    CHECK(call != NULL);
    return call;
}

const struct tnd_diag_call *diag_last(void)
{
    tnd_diag_end(diag);
    return diag_next();
}

void diag_see_answered(int64_t ms)
{
    SEE(.ms = ms, .from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE");
    SEE(.ms = ms + 10, .from = 2, .to = 1, .first = "SIP/2.0 180 Ringing", .cseq = "1 INVITE",
        .to_tag = "b");
    SEE(.ms = ms + 20, .from = 2, .to = 1, .first = OK, .cseq = "1 INVITE", .to_tag = "b");
    SEE(.ms = ms + 30, .from = 1, .to = 2, .first = "ACK sip:bob@192.0.2.2 SIP/2.0",
        .cseq = "1 ACK", .branch = "2", .to_tag = "b");
}

void diag_see_bye(int64_t ms)
{
    SEE(.ms = ms, .from = 1, .to = 2, .first = "BYE sip:bob@192.0.2.2 SIP/2.0", .cseq = "2 BYE",
        .branch = "3", .to_tag = "b");
    SEE(.ms = ms + 10, .from = 2, .to = 1, .first = OK, .cseq = "2 BYE", .branch = "3",
        .to_tag = "b");
}
