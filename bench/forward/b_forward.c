/* What a proxy does to a message besides parsing it, over and over: b_forward WHAT COUNT. For
 * callgrind, which counts the instructions:
 *
 *   valgrind --tool=callgrind --callgrind-out-file=/dev/null build-bench/bench/b_forward invite 1001
 *
 * less the same with 1, by 1000. WHAT is one of the rows below. */
#include <stdio.h>
#include <stdlib.h>

#include "base/siphash.h"
#include "tandem/proxy/forward.h"
#include "tandem/transport/request.h"
#include "tandem/transport/response.h"

static const char invite[] =
    "INVITE sip:bob@example.org SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK-524287-1---d8754z;rport\r\n"
    "Max-Forwards: 70\r\nContact: <sip:alice@192.0.2.10:5060;transport=UDP>\r\n"
    "To: \"Bob\" <sip:bob@example.org>\r\nFrom: \"Alice\" <sip:alice@example.org>;tag=9fxced76sl\r\n"
    "Call-ID: 3848276298220188511@alice.example.org\r\nCSeq: 1 INVITE\r\n"
    "Allow: INVITE, ACK, CANCEL, BYE, NOTIFY, REFER, MESSAGE, OPTIONS, INFO, SUBSCRIBE\r\n"
    "Content-Type: application/sdp\r\nSupported: replaces, timer\r\nUser-Agent: Phone 1.2.3\r\n"
    "Content-Length: 134\r\n\r\n"
    "v=0\r\no=alice 2890844526 2890844526 IN IP4 192.0.2.10\r\ns=-\r\nc=IN IP4 192.0.2.10\r\n"
    "t=0 0\r\nm=audio 49172 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n";

static char bye[] =
    "BYE sip:bob@192.0.2.20:5062 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK-524287-3---d8754z;rport\r\n"
    "Max-Forwards: 70\r\nRoute: <sip:192.0.2.1;lr;tnd=0123456789abcdef0123456789abcdef>\r\n"
    "To: \"Bob\" <sip:bob@example.org>;tag=314159\r\n"
    "From: \"Alice\" <sip:alice@example.org>;tag=9fxced76sl\r\n"
    "Call-ID: 3848276298220188511@alice.example.org\r\nCSeq: 2 BYE\r\nContent-Length: 0\r\n\r\n";

static const char ok[] =
    "SIP/2.0 200 OK\r\n"
    "Via: SIP/2.0/UDP 192.0.2.1:5060;branch="
    "z9hG4bK0123456789abcdef0123456789abcdef0123456789abcdef;rport=5060;received=192.0.2.1\r\n"
    "Via: SIP/2.0/UDP "
    "192.0.2.10:5060;branch=z9hG4bK-524287-1---d8754z;rport=5060;received=192.0.2.10\r\n"
    "Record-Route: <sip:192.0.2.1;lr;tnd=0123456789abcdef0123456789abcdef>\r\nContact: <sip:bob@192.0.2.20:5062>\r\n"
    "To: \"Bob\" <sip:bob@example.org>;tag=314159\r\n"
    "From: \"Alice\" <sip:alice@example.org>;tag=9fxced76sl\r\n"
    "Call-ID: 3848276298220188511@alice.example.org\r\nCSeq: 1 INVITE\r\n"
    "Content-Type: application/sdp\r\nContent-Length: 132\r\n\r\n"
    "v=0\r\no=bob 2890844526 2890844526 IN IP4 192.0.2.20\r\ns=-\r\nc=IN IP4 192.0.2.20\r\n"
    "t=0 0\r\nm=audio 49172 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n";

static const struct tnd_siphash_key key = {1, 2};
static struct tnd_msg msg;
static struct tnd_txn_parts parts;
static struct tnd_slice also;
static char out[4096];

/* What an owner hands in, who has read the message. */
static struct tnd_branch_seed seed;
static char branch[TND_BRANCH_LEN], token[TND_ROUTE_TOKEN_LEN], lines[512];
static struct tnd_addr route;
static struct tnd_uri uri;
static struct tnd_contact contact;
static struct tnd_forward_with with;
static struct tnd_forward_back back;

static void start(void)
{
    tnd_branch_start(&seed, &key, &parts, also);
}

static void make(void)
{
    tnd_branch_make(&seed, TND_STR("sip:bob@192.0.2.20:5062"), tnd_slice(NULL, 0), 0, branch);
}

static void write_lines(void)
{
    struct tnd_writer w = tnd_writer(lines, sizeof(lines));

    tnd_put(&w, TND_STR("Via: "));
    tnd_request_via_write(&w,
                          &(struct tnd_request_via){.transport = TND_TRANSPORT_UDP,
                                                    .host = TND_STR("192.0.2.1"),
                                                    .port = 5060,
                                                    .branch = tnd_slice(branch, sizeof(branch))});
    tnd_put(&w, TND_STR("\r\nRecord-Route: "));
    tnd_record_route_write(
        &w, &(struct tnd_record_route){.host = TND_STR("192.0.2.1"), .token = token});
    tnd_put(&w, TND_STR("\r\n"));
    with.lines = tnd_writer_slice(&w);
}

static void write_request(void)
{
    struct tnd_writer w = tnd_writer(out, sizeof(out));

    tnd_forward_request_write(&w, &msg, &with);
    if (tnd_writer_over(&w))
        abort();
}

static void write_response(void)
{
    struct tnd_writer w = tnd_writer(out, sizeof(out));

    tnd_forward_response_write(&w, &msg, &back);
    if (tnd_writer_over(&w))
        abort();
}

/* What the callee gets leads to the caller. */
static void make_token(void)
{
    tnd_route_token(
        &seed, &(struct tnd_route_side){.tag = parts.from_tag, .target = &contact.addr.uri}, token);
}

static void know_token(void)
{
    const struct tnd_route_side side = {.tag = parts.to_tag, .target = &uri};
    struct tnd_slice found;
    uint64_t target;

    if (!tnd_route_token_find(&route.uri, &found) ||
        tnd_route_token_read(&seed, found, &side, &target) != TND_ROUTE_TARGET)
        abort();
}

static void is_ours(void)
{
    struct tnd_via below;

    if (tnd_branch_is_ours(&key, &parts, &below) && branch[0] == 'x')
        abort();
}

static void loops(void)
{
    if (tnd_branch_loops(&seed, &parts))
        abort();
}

static void is_asked(void)
{
    if (tnd_history_is_asked(&parts))
        abort();
}

static void breadth(void)
{
    with.max_breadth = tnd_breadth_share(tnd_breadth_of(&msg), 1);
}

static void all_request(void)
{
    start();
    loops();
    breadth();
    make();
    make_token();
    is_asked();
    write_lines();
    write_request();
}

static void all_bye(void)
{
    start();
    know_token();
    breadth();
    make();
    write_lines();
    write_request();
}

static const struct row {
    const char *name, *text;
    void (*run)(void);
} rows[] = {
    {"invite", invite, all_request}, {"bye", bye, all_bye},
    {"ok", ok, write_response},      {"start", invite, start},
    {"make", invite, make},          {"token", invite, make_token},
    {"know", bye, know_token},       {"ours", ok, is_ours},
    {"loops", invite, loops},        {"asked", invite, is_asked},
    {"lines", invite, write_lines},  {"write", invite, write_request},
    {"breadth", invite, breadth},
};

int main(int argc, char **argv)
{
    static _Alignas(64) char room[65536];
    struct tnd_arena a;
    struct tnd_values routes, contacts;
    const struct row *row = rows;

    if (argc != 3)
        return 2;
    while (strcmp(row->name, argv[1]) != 0)
        if (++row == rows + sizeof(rows) / sizeof(rows[0]))
            return 2;
    tnd_arena_init(&a, room, sizeof(room), NULL, 0);
    if (tnd_msg_parse(&msg, &a, tnd_slice_str(row->text), TND_DATAGRAM) || msg.flaw_count > 0)
        return 1;
    tnd_txn_read(&parts, &msg);
    routes = tnd_msg_values(&msg, TND_HEADER_ROUTE);
    contacts = tnd_msg_values(&msg, TND_HEADER_CONTACT);
    with = (struct tnd_forward_with){.uri = TND_STR("sip:bob@192.0.2.20:5062"),
                                     .top = &parts.via,
                                     .received = TND_STR("192.0.2.10"),
                                     .rport = 5060,
                                     .max_forwards = 70,
                                     .max_breadth = 60};
    if (tnd_addr_next(&routes, &route))
        with.route_used = &route;
    back.top = &parts.via;
    start();
    make();
    if (tnd_contact_next(&contacts, &contact))
        make_token();
    if (tnd_msg_uri(&msg, &uri, NULL)) /* the Route of the BYE gets what it would have */
        tnd_route_token(&seed, &(struct tnd_route_side){.tag = parts.to_tag, .target = &uri},
                        strstr(bye, "tnd=") + 4);
    write_lines();
    for (long left = strtol(argv[2], NULL, 10); left > 0; left--)
        row->run();
    fwrite(out, 1, strlen(out), stdout);
    return 0;
}
