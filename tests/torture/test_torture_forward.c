/* The torture messages on their way through a proxy: each that a proxy may pass on parses after it,
 * with no flaw that it had not before, and differs only where it must. */
#include <dirent.h>
#include <stdio.h>

#include "tandem/proxy/forward_fault.h"
#include "tandem/transport/response.h"
#include "unit/proxy/forward_test.h"

enum { FILE_LEN_MAX = 8192 };

#define OURS "Via: SIP/2.0/UDP 198.51.100.1;branch="

static struct tnd_slice load(const char *name)
{
    static char room[FILE_LEN_MAX];
    char path[512];

    snprintf(path, sizeof(path), "%s/%s", TORTURE_DIR, name);
    FILE *file = fopen(path, "rb");
    CHECK(file);
    size_t len = fread(room, 1, sizeof(room), file);
    fclose(file);
    CHECK(len > 0 && len < sizeof(room));
    return tnd_slice(room, len);
}

/* Each flaw of the copy is one of a rule that the message broke before. */
static void check_flaws(const char *name, const struct tnd_msg *came, const struct tnd_msg *went)
{
    for (unsigned i = 0; i < went->flaw_count; i++)
        if (!sip_flaw(came, went->flaws[i].rule))
            tnd_test_fail(__FILE__, __LINE__, "%s: %s is new", name,
                          tnd_rule_name(went->flaws[i].rule));
}

static const struct tnd_msg *copy_of(const struct tnd_msg *msg, struct tnd_forward_with *with)
{
    static char room[2 * FILE_LEN_MAX];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_forward_request_write(&w, msg, with);
    CHECK(!tnd_writer_over(&w));
    return sip_read(tnd_writer_slice(&w));
}

static void check_copy(const char *name, const struct tnd_msg *came, struct tnd_forward_with *with,
                       struct tnd_slice branch)
{
    const struct tnd_msg *went = copy_of(came, with);
    enum tnd_rule fault = tnd_forward_request_fault(came, went);
    struct tnd_via top;

    if (fault)
        tnd_test_fail(__FILE__, __LINE__, "%s breaks %s", name, tnd_rule_name(fault));
    check_flaws(name, came, went);
    CHECK(tnd_msg_via(went, &top, NULL));
    CHECK(tnd_slice_eq(top.branch, branch));
}

/* As it came; and with all that may be asked for. */
static void check_request(const char *name, const struct tnd_msg *msg)
{
    const struct tnd_endpoint source =
        tnd_endpoint(TND_TRANSPORT_UDP, (const uint8_t *)"\300\0\2\7", 4, 4711);
    struct tnd_values hops = tnd_msg_values(msg, TND_HEADER_MAX_FORWARDS),
                      routes = tnd_msg_values(msg, TND_HEADER_ROUTE);
    struct tnd_forward_with with = {.rport = -1, .max_forwards = -1, .max_breadth = 60};
    char branch[TND_BRANCH_LEN], address[TND_ADDRESS_LEN_MAX], lines[512];
    struct tnd_writer w = tnd_writer(lines, sizeof(lines));
    struct tnd_branch_seed seed;
    struct tnd_txn_parts parts;
    struct tnd_addr route;
    struct tnd_seen seen;
    uint32_t left;

    tnd_txn_read(&parts, msg);
    CHECK(parts.is_whole);
    tnd_branch_start(&seed, &forward_key, &parts, tnd_slice(NULL, 0));
    CHECK_EQ(tnd_branch_loops(&seed, &parts), 0);
    tnd_branch_make(&seed, msg->uri, tnd_slice(NULL, 0), 0, branch);
    if (tnd_max_forwards_next(&hops, &left)) {
        if (left == 0)
            return; /* zeromf: 483 */
        with.max_forwards = (int32_t)left;
    }
    tnd_put_str(&w, OURS);
    tnd_put(&w, tnd_slice(branch, sizeof(branch)));
    tnd_put_line_end(&w);
    with.lines = tnd_writer_slice(&w);
    with.top = &parts.via;
    check_copy(name, msg, &with, tnd_slice(branch, sizeof(branch)));

    tnd_put_str(&w, "Record-Route: <sip:198.51.100.1;lr>\r\nRoute: <sip:edge.example;lr>\r\n");
    with.lines = tnd_writer_slice(&w);
    tnd_via_see(&parts.via, &source, address, &seen);
    with.received = seen.received;
    with.rport = seen.rport;
    with.uri = TND_STR("sip:bob@192.0.2.9");
    if (tnd_addr_next(&routes, &route))
        with.route_used = &route;
    with.strips_credentials = true;
    with.realm = TND_STR("TT");
    check_copy(name, msg, &with, tnd_slice(branch, sizeof(branch)));
}

/* Our Via put on top and taken off again: the response is as it was, byte for byte. */
static void check_response(const char *name, const struct tnd_msg *msg)
{
    char there[FILE_LEN_MAX], back[FILE_LEN_MAX];
    struct tnd_writer w = tnd_writer(there, sizeof(there)), again = tnd_writer(back, sizeof(back));
    struct tnd_forward_back with = {.code = 0};
    struct tnd_slice text = msg->text;
    struct tnd_edits e;
    struct tnd_via top;

    tnd_edits_init(&e, msg);
    tnd_edit_insert(&e, tnd_msg_field(msg, TND_HEADER_VIA), TND_STR(OURS "z9hG4bKx\r\n"));
    tnd_edits_write(&w, &e);
    const struct tnd_msg *came = sip_read(tnd_writer_slice(&w));
    CHECK(tnd_msg_via(came, &top, NULL));
    with.top = &top;
    tnd_forward_response_write(&again, came, &with);
    if (tnd_msg_has(msg, TND_HEADER_CONTENT_LENGTH))
        CHECK(tnd_slice_eq(tnd_writer_slice(&again), text));
    const struct tnd_msg *went = sip_read(tnd_writer_slice(&again));
    check_flaws(name, came, went);
    CHECK_EQ(tnd_forward_response_fault(came, went), 0);
}

TND_TEST(torture_forward, "RFC 3261 §16.6",
         "a torture message that may be passed on differs afterwards only where it must")
{
    DIR *dir = opendir(TORTURE_DIR);
    unsigned requests = 0, responses = 0;

    CHECK(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        const char *end = strrchr(entry->d_name, '.');

        if (!end || strcmp(end, ".dat") != 0)
            continue;
        const struct tnd_msg *msg = sip_read(load(entry->d_name));
        if (tnd_msg_verdict(msg, TND_AS_PROXY).action != TND_PROCESS)
            continue;
        if (msg->kind == TND_MSG_REQUEST) {
            check_request(entry->d_name, msg);
            requests++;
        } else {
            check_response(entry->d_name, msg);
            responses++;
        }
    }
    closedir(dir);
    CHECK_EQ(requests, 33);
    CHECK_EQ(responses, 3);
}
