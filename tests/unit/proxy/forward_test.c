/* Requests and responses on their way through a proxy. */
#include "unit/proxy/forward_test.h"

const struct tnd_siphash_key forward_key = {0x0123456789abcdef, 0xfedcba9876543210};
const struct tnd_siphash_key forward_other_key = {0x0123456789abcdef, 0xfedcba9876543211};

static const char *or_else(const char *text, const char *other)
{
    return text ? text : other;
}

struct tnd_txn_parts forward_parts(const struct forward_call *call)
{
    char text[8192], first[1024];
    const char *method = or_else(call->method, "INVITE");
    struct tnd_txn_parts parts;

    if (call->code)
        snprintf(first, sizeof(first), "SIP/2.0 %u Reason", call->code);
    else
        snprintf(first, sizeof(first), "%s %s SIP/2.0", method,
                 or_else(call->uri, "sip:bob@example.org"));
    int len =
        snprintf(text, sizeof(text),
                 "%s\r\nVia: %s\r\nMax-Forwards: 70\r\nFrom: <sip:alice@example.com>;tag=a\r\n"
                 "To: <sip:bob@example.org>%s\r\nCall-ID: %s\r\nCSeq: %u %s\r\n%s"
                 "Content-Length: 0\r\n\r\n",
                 first, or_else(call->via, "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa"),
                 or_else(call->to_tag, ""), or_else(call->call_id, "call@alice"),
                 call->cseq ? call->cseq : 1, method, or_else(call->lines, ""));
    CHECK(len > 0 && (size_t)len < sizeof(text));
    tnd_txn_read(&parts, sip_read(tnd_slice(text, (size_t)len)));
    CHECK(parts.is_whole);
    return parts;
}

const char *forward_branch(const struct forward_call *call)
{
    static char rooms[8][TND_BRANCH_LEN + 1];
    static unsigned next;
    char *room = rooms[next++ % 8];
    struct tnd_txn_parts parts = forward_parts(call);
    struct tnd_branch_seed seed;

    tnd_branch_start(&seed, &forward_key, &parts, tnd_slice(NULL, 0));
    tnd_branch_make(&seed, TND_STR("sip:bob@192.0.2.9"), tnd_slice(NULL, 0), 0, room);
    room[TND_BRANCH_LEN] = '\0';
    return room;
}
