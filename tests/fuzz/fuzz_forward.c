/* What a proxy passes on, and back. The first byte says how; the rest is a message.
 *
 *   a request    its copy parses, breaks no rule of the referee, has our Via on top; sent to us again as it
 *                is, it loops; a response to it has our branch, which no other has that differs in a bit
 *   a response   is none of ours, for nobody but us can make our branch */
#include "fuzz/fuzz.h"

#include "base/siphash.h"
#include "tandem/proxy/forward.h"
#include "tandem/proxy/forward_fault.h"
#include "tandem/sip.h"

enum { ROOM_SIZE = 1 << 20, TEXT_SIZE = 1 << 18 };

enum how {
    CHANGES_URI = 1,
    SEEN = 2,
    PATH = 4,
    ROUTES = 8,
    STRICT = 16,
    HISTORY = 32,
    STRIPS = 64
};

static const struct tnd_siphash_key key = {0x736f6d6570736575, 0x646f72616e646f6d};

/* The three messages of one input: what came, its copy, the response to that. */
static _Alignas(TND_ARENA_ALIGN) char rooms[3][ROOM_SIZE];
static char copy_room[TEXT_SIZE], reply_room[TEXT_SIZE], back_room[TEXT_SIZE];
static char lines[512], history[TEXT_SIZE];

static bool read(struct tnd_msg *msg, unsigned room, struct tnd_slice text)
{
    struct tnd_arena a;

    tnd_arena_init(&a, rooms[room], ROOM_SIZE, NULL, 0);
    return tnd_msg_parse_datagram(msg, &a, text) == 0 && tnd_msg_check(msg, &a) == 0;
}

static bool has_flaw(const struct tnd_msg *msg, enum tnd_rule rule)
{
    for (unsigned i = 0; i < msg->flaw_count; i++)
        if (msg->flaws[i].rule == rule)
            return true;
    return false;
}

/* A flaw of the copy is one that was there before; of lines that were put in, the bounds. */
static void check_flaws(const struct tnd_msg *came, const struct tnd_msg *went)
{
    for (unsigned i = 0; i < went->flaw_count; i++)
        FUZZ_CHECK(came->flaws_lost > 0 || has_flaw(came, went->flaws[i].rule) ||
                   tnd_rule_level(went->flaws[i].rule) == TND_LEVEL_BOUND);
}

static struct tnd_slice write_lines(uint8_t how, const char branch[TND_BRANCH_LEN])
{
    struct tnd_writer w = tnd_writer(lines, sizeof(lines));

    tnd_put_str(&w, "Via: SIP/2.0/UDP 198.51.100.1;rport;branch=");
    tnd_put(&w, tnd_slice(branch, TND_BRANCH_LEN));
    tnd_put_line_end(&w);
    if (how & PATH)
        tnd_put_str(&w, "Record-Route: <sip:198.51.100.1;lr>\r\nRoute: <sip:edge.example;lr>\r\n");
    return tnd_writer_slice(&w);
}

static void write_history(const struct tnd_msg *msg, struct tnd_forward_with *with)
{
    const struct tnd_tried tried[] = {
        {.uri = TND_STR_INIT("sip:bob@192.0.2.8"), .code = 486, .how = TND_TRIED_CONTACT},
        {.uri = TND_STR_INIT("sip:bob@192.0.2.9"), .how = TND_TRIED_CONTACT}};
    struct tnd_writer w = tnd_writer(history, sizeof(history));

    tnd_history_forward_write(&w, msg, tried, 2);
    with->history = tnd_writer_slice(&w);
}

/* Some of the Routes are used, and the last one where it is not the first. */
static void use_routes(const struct tnd_msg *msg, uint8_t how, struct tnd_addr route[2],
                       struct tnd_forward_with *with)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_ROUTE);
    struct tnd_addr last;
    unsigned count = 0;

    while (tnd_addr_next(&v, &last)) {
        if (++count == 1)
            route[0] = last;
        route[1] = last;
    }
    if (v.c.flaw.rule || count == 0)
        return;
    if (how & ROUTES)
        with->route_used = &route[0];
    if (how & STRICT && count > 1)
        with->route_last = &route[1];
}

static void check_copy(const struct tnd_msg *msg, const struct tnd_msg *copy,
                       const char branch[TND_BRANCH_LEN])
{
    struct tnd_via top;

    FUZZ_CHECK(copy->kind == TND_MSG_REQUEST);
    check_flaws(msg, copy);
    FUZZ_CHECK(tnd_msg_via(copy, &top, NULL));
    FUZZ_CHECK(tnd_slice_eq(top.branch, tnd_slice(branch, TND_BRANCH_LEN)));
    FUZZ_CHECK(tnd_slice_eq(msg->body, copy->body));
    FUZZ_CHECK(tnd_forward_request_fault(msg, copy) == TND_RULE_NONE || copy->flaws_lost > 0);
}

/* The same request to us again, by way of nobody who changed it. */
static void check_loop(const struct tnd_msg *copy)
{
    struct tnd_branch_seed seed;
    struct tnd_txn_parts parts;

    tnd_txn_read(&parts, copy);
    if (!parts.is_whole)
        return;
    tnd_branch_start(&seed, &key, &parts, tnd_slice(NULL, 0));
    FUZZ_CHECK(tnd_branch_loops(&seed, &parts) == TND_RULE_PROXY_LOOP);
}

static void check_flipped(const struct tnd_txn_parts *parts, struct tnd_slice branch, uint8_t how)
{
    struct tnd_txn_parts forged = *parts;
    char text[TND_BRANCH_LEN];
    struct tnd_via below;

    memcpy(text, branch.ptr, sizeof(text));
    forged.via.branch = tnd_slice(text, sizeof(text));
    unsigned at = TND_BRANCH_LEN - 1 - how % 48, bit = how / 48 < 5 ? how / 48 : 6;

    text[at] = (char)(text[at] ^ 1 << bit); /* not bit 5: the other case is the same digit */
    FUZZ_CHECK(!tnd_branch_is_ours(&key, &forged, &below));
}

/* A response to the copy finds its way back. */
static void check_back(const struct tnd_msg *msg, const struct tnd_msg *copy, uint8_t how)
{
    struct tnd_writer w = tnd_writer(reply_room, sizeof(reply_room));
    struct tnd_writer b = tnd_writer(back_room, sizeof(back_room));
    struct tnd_txn_parts parts;
    struct tnd_msg reply, back;
    struct tnd_via below, first;

    tnd_reply_write(&w, copy,
                    &(struct tnd_reply){.code = 200, .rport = -1, .to_tag = TND_STR("b")});
    if (tnd_writer_over(&w) || !read(&reply, 2, tnd_writer_slice(&w)))
        return;
    tnd_txn_read(&parts, &reply);
    FUZZ_CHECK(tnd_branch_is_ours(&key, &parts, &below) == TND_RULE_PROXY_STATELESS);
    FUZZ_CHECK(tnd_msg_via(msg, &first, NULL));
    FUZZ_CHECK(tnd_slice_eq_fold(first.branch, below.branch) && first.port == below.port);
    check_flipped(&parts, parts.via.branch, how);
    tnd_forward_response_write(&b, &reply, &(struct tnd_forward_back){.top = &parts.via});
    /* what came is not needed any more */
    if (tnd_writer_over(&b) || !read(&back, 0, tnd_writer_slice(&b)))
        return;
    FUZZ_CHECK(tnd_forward_response_fault(&reply, &back) == TND_RULE_NONE);
}

static void forward(const struct tnd_msg *msg, uint8_t how)
{
    struct tnd_values hops = tnd_msg_values(msg, TND_HEADER_MAX_FORWARDS);
    struct tnd_writer w = tnd_writer(copy_room, sizeof(copy_room));
    struct tnd_forward_with with = {.rport = -1, .max_forwards = -1, .realm = TND_STR("a")};
    char branch[TND_BRANCH_LEN];
    struct tnd_branch_seed seed;
    struct tnd_txn_parts parts;
    struct tnd_addr route[2];
    struct tnd_msg copy;
    uint32_t left;

    tnd_txn_read(&parts, msg);
    if (!parts.is_whole || tnd_msg_verdict(msg, TND_AS_PROXY).action != TND_PROCESS)
        return;
    if (tnd_max_forwards_next(&hops, &left))
        with.max_forwards = (int32_t)left;
    with.max_breadth = tnd_breadth_share(tnd_breadth_of(msg), 1);
    if (with.max_forwards == 0 || with.max_breadth == 0) /* 483, 440 */
        return;
    tnd_branch_start(&seed, &key, &parts, tnd_slice(NULL, 0));
    tnd_branch_make(&seed, msg->uri, tnd_slice(NULL, 0), 0, branch);
    with.lines = write_lines(how, branch);
    with.top = &parts.via;
    with.strips_credentials = how & STRIPS;
    if (how & CHANGES_URI)
        with.uri = TND_STR("sip:bob@192.0.2.9");
    if (how & SEEN) {
        with.received = TND_STR("2001:db8::1");
        with.rport = 65535;
    }
    if (how & HISTORY && tnd_history_is_asked(&parts))
        write_history(msg, &with);
    use_routes(msg, how, route, &with);
    tnd_forward_request_write(&w, msg, &with);
    if (tnd_writer_over(&w) || !read(&copy, 1, tnd_writer_slice(&w)))
        return;
    check_copy(msg, &copy, branch);
    if (!with.uri.ptr && !(how & PATH) && !with.route_used && !with.route_last)
        check_loop(&copy);
    check_back(msg, &copy, how);
}

static void check_stranger(const struct tnd_msg *msg)
{
    struct tnd_txn_parts parts;
    struct tnd_via below;

    tnd_txn_read(&parts, msg);
    FUZZ_CHECK(!tnd_branch_is_ours(&key, &parts, &below));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tnd_msg msg;

    if (size < 1 || !read(&msg, 0, tnd_slice((const char *)data + 1, size - 1)))
        return 0;
    if (msg.kind == TND_MSG_REQUEST)
        forward(&msg, data[0]);
    else if (msg.kind == TND_MSG_RESPONSE)
        check_stranger(&msg);
    return 0;
}
