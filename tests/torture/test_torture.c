/* The torture messages of RFC 4475 and RFC 5118: what each is, every flaw it has, what it
 * deserves, and what was read of it. Where the RFCs leave a choice, ours is in the row. */
#include <dirent.h>
#include <stdio.h>

#include "unit/sip/sip_test.h"

enum { FILE_LEN_MAX = 8192, DROP = 1, FLAW_KINDS_MAX = 8 };

/* proxy and uas: the code of the answer, DROP, or 0 for a message that is processed. */
static const struct row {
    const char *name, *law;
    enum tnd_msg_kind kind;
    bool valid;
    uint16_t proxy, uas;
    enum tnd_rule flaws[FLAW_KINDS_MAX]; /* all of them, each once, in any order */
} rows[] = {
#define NONE     TND_MSG_NONE
#define REQUEST  TND_MSG_REQUEST
#define RESPONSE TND_MSG_RESPONSE
#define R(rule)  TND_RULE_##rule
    {"wsinv", "RFC 4475 §3.1.1.1", REQUEST, true, 0, 0, {R(BRANCH_COOKIE)}},
    {"intmeth", "RFC 4475 §3.1.1.2", REQUEST, true, 0, 501, {0}},
    {"esc01", "RFC 4475 §3.1.1.3", REQUEST, true, 0, 0, {0}},
    {"escnull", "RFC 4475 §3.1.1.4", REQUEST, true, 0, 0, {0}},
    {"esc02", "RFC 4475 §3.1.1.5", REQUEST, true, 0, 501, {0}},
    {"lwsdisp", "RFC 4475 §3.1.1.6", REQUEST, true, 0, 0, {0}},
    {"longreq", "RFC 4475 §3.1.1.7", REQUEST, true, 0, 0, {R(BRANCH_COOKIE)}},
    {"dblreq", "RFC 4475 §3.1.1.8", REQUEST, true, 0, 0, {0}},
    {"semiuri", "RFC 4475 §3.1.1.9", REQUEST, true, 0, 0, {0}},
    {"transports", "RFC 4475 §3.1.1.10", REQUEST, true, 0, 0, {0}},
    {"mpart01", "RFC 4475 §3.1.1.11", REQUEST, true, 0, 0, {0}},
    {"unreason", "RFC 4475 §3.1.1.12", RESPONSE, true, 0, 0, {0}},
    {"noreason", "RFC 4475 §3.1.1.13", RESPONSE, true, 0, 0, {0}},
    {"badinv01", "RFC 4475 §3.1.2.1", REQUEST, false, 400, 400, {R(PARAM)}},
    {"clerr", "RFC 4475 §3.1.2.2", REQUEST, false, 400, 400, {R(BODY_SHORT)}},
    {"ncl", "RFC 4475 §3.1.2.3", REQUEST, false, 400, 400, {R(CONTENT_LENGTH)}},
    {"scalar02",
     "RFC 4475 §3.1.2.4",
     REQUEST,
     false,
     400,
     400,
     {R(CSEQ), R(MAX_FORWARDS), R(DELTA_SECONDS)}},
    {"scalarlg",
     "RFC 4475 §3.1.2.5",
     RESPONSE,
     false,
     DROP,
     DROP,
     {R(CSEQ), R(DELTA_SECONDS), R(WARNING)}},
    {"quotbal", "RFC 4475 §3.1.2.6", REQUEST, false, 400, 400, {R(QUOTED_STRING)}},
    {"ltgtruri", "RFC 4475 §3.1.2.7", REQUEST, false, 400, 400, {R(URI_SCHEME), R(BRANCH_COOKIE)}},
    {"lwsruri", "RFC 4475 §3.1.2.8", REQUEST, false, 400, 400, {R(REQUEST_LINE), R(URI_PARAM)}},
    {"lwsstart", "RFC 4475 §3.1.2.9", REQUEST, false, 400, 400, {R(REQUEST_LINE)}},
    {"trws", "RFC 4475 §3.1.2.10", REQUEST, false, 400, 400, {R(REQUEST_LINE)}},
    {"escruri", "RFC 4475 §3.1.2.11", REQUEST, false, 400, 400, {R(REQUEST_URI_HEADERS)}},
    {"baddate", "RFC 4475 §3.1.2.12", REQUEST, false, 0, 0, {R(DATE)}},
    {"regbadct", "RFC 4475 §3.1.2.13", REQUEST, false, 0, 400, {R(ADDR_BARE)}},
    {"badaspec", "RFC 4475 §3.1.2.14", REQUEST, false, 400, 400, {R(URI_SCHEME)}},
    {"baddn", "RFC 4475 §3.1.2.15", REQUEST, false, 400, 400, {R(DISPLAY_NAME), R(HEADER_END)}},
    {"adjusted/baddn", "RFC 4475 §3.1.2.15", REQUEST, false, 400, 400, {R(DISPLAY_NAME)}},
    {"badvers", "RFC 4475 §3.1.2.16", REQUEST, false, 505, 505, {R(VERSION)}},
    {"mismatch01", "RFC 4475 §3.1.2.17", REQUEST, false, 400, 400, {R(CSEQ_METHOD)}},
    {"mismatch02", "RFC 4475 §3.1.2.18", REQUEST, false, 400, 501, {R(CSEQ_METHOD)}},
    {"bigcode", "RFC 4475 §3.1.2.19", RESPONSE, false, DROP, DROP, {R(STATUS_CODE)}},
    {"badbranch", "RFC 4475 §3.2.1", REQUEST, false, 400, 400, {R(BRANCH)}},
    {"insuf",
     "RFC 4475 §3.3.1",
     REQUEST,
     false,
     DROP,
     DROP,
     {R(FROM_MISSING), R(TO_MISSING), R(CALL_ID_MISSING), R(MAX_FORWARDS_MISSING)}},
    {"unkscm", "RFC 4475 §3.3.2", REQUEST, true, 416, 416, {0}},
    {"novelsc", "RFC 4475 §3.3.3", REQUEST, true, 416, 416, {0}},
    {"unksm2", "RFC 4475 §3.3.4", REQUEST, true, 0, 0, {0}},
    {"bext01", "RFC 4475 §3.3.5", REQUEST, true, 0, 0, {0}},
    {"invut", "RFC 4475 §3.3.6", REQUEST, true, 0, 0, {0}},
    {"regaut01", "RFC 4475 §3.3.7", REQUEST, true, 0, 0, {0}},
    {"multi01", "RFC 4475 §3.3.8", REQUEST, false, 400, 400, {R(HEADER_ONCE)}},
    {"mcl01", "RFC 4475 §3.3.9", REQUEST, false, 400, 400, {R(CONTENT_LENGTH_ONE), R(HEADER_ONCE)}},
    {"bcast", "RFC 4475 §3.3.10", RESPONSE, true, 0, 0, {0}},
    {"zeromf", "RFC 4475 §3.3.11", REQUEST, true, 0, 0, {0}},
    {"cparam01", "RFC 4475 §3.3.12", REQUEST, true, 0, 0, {0}},
    {"cparam02", "RFC 4475 §3.3.13", REQUEST, true, 0, 0, {0}},
    {"regescrt", "RFC 4475 §3.3.14", REQUEST, true, 0, 0, {0}},
    {"sdp01", "RFC 4475 §3.3.15", REQUEST, true, 0, 0, {0}},
    {"inv2543",
     "RFC 4475 §3.4.1",
     REQUEST,
     true,
     0,
     0,
     {R(BRANCH_COOKIE), R(FROM_TAG_MISSING), R(MAX_FORWARDS_MISSING)}},
    {"test",
     "RFC 4475 appendix A",
     NONE,
     false,
     DROP,
     DROP,
     {R(START_LINE), R(HEADER_COLON), R(DISPLAY_NAME), R(VIA_MISSING), R(CSEQ_MISSING)}},
    {"v6-ipv6-good", "RFC 5118 §4.1", REQUEST, true, 0, 0, {0}},
    {"v6-ipv6-bad", "RFC 5118 §4.2", REQUEST, false, 400, 400, {R(HOST)}},
    {"v6-port-ambiguous", "RFC 5118 §4.3", REQUEST, true, 0, 0, {0}},
    {"v6-port-unambiguous", "RFC 5118 §4.4", REQUEST, true, 0, 0, {0}},
    {"v6-via-received-param-with-delim", "RFC 5118 §4.5", REQUEST, true, 0, 0, {0}},
    {"v6-via-received-param-no-delim", "RFC 5118 §4.5", REQUEST, true, 0, 0, {0}},
    {"v6-ipv6-in-sdp", "RFC 5118 §4.6", REQUEST, false, 400, 400, {R(BODY_SHORT)}},
    {"adjusted/v6-ipv6-in-sdp", "RFC 5118 §4.6", REQUEST, true, 0, 0, {0}},
    {"v6-mult-ip-in-header", "RFC 5118 §4.7", REQUEST, true, 0, 0, {0}},
    {"v6-mult-ip-in-sdp", "RFC 5118 §4.8", REQUEST, true, 0, 0, {0}},
    {"adjusted/v6-mult-ip-in-sdp", "RFC 5118 §4.8", REQUEST, true, 0, 0, {0}},
    {"v6-ipv4-mapped-ipv6", "RFC 5118 §4.9", REQUEST, true, 0, 0, {0}},
    {"adjusted/v6-ipv4-mapped-ipv6", "RFC 5118 §4.9", REQUEST, true, 0, 0, {0}},
    {"v6-ipv6-bug-abnf-3-colons", "RFC 5118 §4.10", REQUEST, true, 0, 0, {0}},
    {"v6-ipv6-correct-abnf-2-colons", "RFC 5118 §4.10", REQUEST, true, 0, 0, {0}},
};
enum { ROW_COUNT = sizeof(rows) / sizeof(*rows) };

/* The octets of a file; static until the next call. */
static struct tnd_slice load(const char *name)
{
    static char room[FILE_LEN_MAX];
    char path[512];

    snprintf(path, sizeof(path), "%s/%s.dat", TORTURE_DIR, name);
    FILE *file = fopen(path, "rb");
    if (!file)
        tnd_test_fail(__FILE__, __LINE__, "cannot open %s.dat", name);
    size_t len = fread(room, 1, sizeof(room), file);
    fclose(file);
    CHECK(len > 0 && len < sizeof(room));
    return tnd_slice(room, len);
}

static const struct tnd_msg *read_file(const char *name)
{
    return sip_read(load(name));
}

static bool expects(const struct row *row, enum tnd_rule rule)
{
    for (unsigned i = 0; i < FLAW_KINDS_MAX && row->flaws[i]; i++)
        if (row->flaws[i] == rule)
            return true;
    return false;
}

static void check_flaws(const struct row *row, const struct tnd_msg *msg)
{
    for (unsigned i = 0; i < FLAW_KINDS_MAX && row->flaws[i]; i++)
        if (!sip_flaw(msg, row->flaws[i]))
            tnd_test_fail(__FILE__, __LINE__, "%s (%s): %s is not among its flaws: %s", row->name,
                          row->law, tnd_rule_name(row->flaws[i]), sip_flaw_names(msg));
    for (unsigned i = 0; i < msg->flaw_count; i++)
        if (!expects(row, msg->flaws[i].rule))
            tnd_test_fail(__FILE__, __LINE__, "%s (%s): unexpected flaw %s", row->name, row->law,
                          tnd_rule_name(msg->flaws[i].rule));
}

static void check_verdict(const struct row *row, const struct tnd_msg *msg, enum tnd_stand stand,
                          unsigned code)
{
    struct tnd_verdict v = tnd_msg_verdict(msg, stand);
    unsigned got = v.action == TND_DROP ? DROP : v.code;

    if (got != code || (v.action == TND_PROCESS) != (code == 0) || v.close)
        tnd_test_fail(__FILE__, __LINE__, "%s (%s): %u as %s, not %u", row->name, row->law, got,
                      stand == TND_AS_PROXY ? "proxy" : "user agent", code);
}

static void check_row(const struct row *row)
{
    const struct tnd_msg *msg = read_file(row->name);

    if (msg->kind != row->kind || tnd_msg_valid(msg) != row->valid)
        tnd_test_fail(__FILE__, __LINE__, "%s (%s): kind %u, %svalid", row->name, row->law,
                      msg->kind, tnd_msg_valid(msg) ? "" : "not ");
    check_flaws(row, msg);
    check_verdict(row, msg, TND_AS_PROXY, row->proxy);
    check_verdict(row, msg, TND_AS_UAS, row->uas);
}

/* All rows whose law starts so. */
static void check_rows(const char *law)
{
    unsigned count = 0;

    for (unsigned i = 0; i < ROW_COUNT; i++) {
        if (strncmp(rows[i].law, law, strlen(law)) != 0)
            continue;
        check_row(&rows[i]);
        count++;
    }
    CHECK(count > 0);
}

TND_TEST(torture_valid, "RFC 4475 §3.1.1", "messages that only look strange are valid and accepted")
{
    check_rows("RFC 4475 §3.1.1.");
}

TND_TEST(torture_invalid, "RFC 4475 §3.1.2",
         "broken requests are answered for the flaw they have, broken responses dropped")
{
    check_rows("RFC 4475 §3.1.2.");
    PROVES(CSEQ_METHOD);
    PROVES(VERSION);
    PROVES(STATUS_CODE);
    PROVES(REQUEST_LINE);
    PROVES(REQUEST_URI_HEADERS);
}

TND_TEST(torture_transaction, "RFC 4475 §3.2", "a branch of the magic cookie alone is refused")
{
    check_rows("RFC 4475 §3.2.");
}

TND_TEST(torture_application, "RFC 4475 §3.3",
         "what only an application can refuse is passed on to it; the rest is answered here")
{
    check_rows("RFC 4475 §3.3.");
}

TND_TEST(torture_rfc2543, "RFC 4475 §3.4.1",
         "an INVITE of RFC 2543 is accepted, its body is the rest")
{
    check_rows("RFC 4475 §3.4.");
    const struct tnd_msg *msg = read_file("inv2543");
    CHECK_EQ(msg->body.len, 105);
    CHECK(!tnd_msg_has(msg, TND_HEADER_CONTENT_LENGTH));
}

TND_TEST(torture_undescribed, "RFC 3261 §7", "what is neither request nor response is dropped")
{
    check_rows("RFC 4475 appendix");
}

TND_TEST(torture_ipv6, "RFC 5118 §4", "IPv6 addresses are read wherever they may stand")
{
    check_rows("RFC 5118");
}

static bool has_row(const char *name)
{
    char with_end[128];

    for (unsigned i = 0; i < ROW_COUNT; i++) {
        snprintf(with_end, sizeof(with_end), "%s.dat", rows[i].name);
        if (strcmp(with_end, name) == 0)
            return true;
    }
    return false;
}

TND_TEST(torture_complete, "RFC 4475 §3", "each torture message has a row here")
{
    DIR *dir = opendir(TORTURE_DIR);
    unsigned count = 0;

    CHECK(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        const char *end = strrchr(entry->d_name, '.');
        if (!end || strcmp(end, ".dat") != 0)
            continue;
        count++;
        if (!has_row(entry->d_name))
            tnd_test_fail(__FILE__, __LINE__, "no row for %s", entry->d_name);
    }
    closedir(dir);
    CHECK_EQ(count, ROW_COUNT - 4); /* the others are in adjusted/ */
}

TND_TEST(torture_prefixes, "RFC 3261 §18.3",
         "every prefix of a torture message's head says more, torn and checked it breaks nothing")
{
    for (unsigned i = 0; i < ROW_COUNT; i++) {
        char copy[FILE_LEN_MAX];
        struct tnd_slice all = load(rows[i].name);
        memcpy(copy, all.ptr, all.len);
        const struct tnd_msg *whole = sip_read(all);
        size_t head_len = whole->head.len, step = all.len > 1000 ? 3 : 1;

        for (size_t len = 0; len < head_len && len < all.len; len += step) {
            const struct tnd_msg *torn = sip_read(tnd_slice(copy, len));
            CHECK(sip_flaw(torn, TND_RULE_HEADER_END));
            CHECK(!tnd_msg_valid(torn));
        }
    }
    PROVES(HEADER_END);
}

TND_TEST(torture_wsinv, "RFC 4475 §3.1.1.1",
         "folds, white space, case, compact forms and leading zeros change nothing")
{
    const struct tnd_msg *msg = read_file("wsinv");
    struct tnd_addr addr;
    struct tnd_cseq cseq;
    struct tnd_via via;
    struct tnd_contact contact;
    uint32_t hops;

    CHECK(tnd_msg_to(msg, &addr, NULL));
    CHECK_STR(addr.tag, "1918181833n");
    CHECK(!addr.angle);
    CHECK(tnd_msg_from(msg, &addr, NULL));
    CHECK_STR(addr.tag, "98asjd8");
    CHECK_STR(addr.display, "\"J Rosenberg \\\\\\\"\"");
    CHECK(tnd_msg_cseq(msg, &cseq, NULL));
    CHECK_EQ(cseq.number, 9);
    CHECK_EQ(cseq.method, TND_METHOD_INVITE);
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_MAX_FORWARDS);
    CHECK(tnd_max_forwards_next(&v, &hops));
    CHECK_EQ(hops, 68);
    CHECK_EQ(msg->body.len, 150);
    CHECK_STR(tnd_msg_value(msg, TND_HEADER_SUBJECT), "");
    CHECK(tnd_msg_value(msg, TND_HEADER_SUBJECT).ptr);

    static const char *const hosts[] = {"192.0.2.2", "spindle.example.com", "192.168.255.111"};
    static const char *const branches[] = {"390skdjuw", "z9hG4bK9ikj8", "z9hG4bK30239"};
    v = tnd_msg_values(msg, TND_HEADER_VIA);
    for (unsigned i = 0; i < 3; i++) {
        CHECK(tnd_via_next(&v, &via));
        CHECK_STR(via.host, hosts[i]);
        CHECK_STR(via.branch, branches[i]);
        CHECK_STR(via.version, "2.0");
    }
    CHECK(!tnd_via_next(&v, &via));
    v = tnd_msg_values(msg, TND_HEADER_CONTACT);
    CHECK(tnd_contact_next(&v, &contact));
    CHECK_EQ(contact.q, 330);
    struct tnd_slice value;
    CHECK(tnd_param_find(contact.addr.params, TND_STR("newparam"), &value));
    CHECK_STR(value, "newvalue");
    CHECK(tnd_param_find(contact.addr.params, TND_STR("secondparam"), &value));
    CHECK(!value.ptr);
}

TND_TEST(torture_intmeth, "RFC 4475 §3.1.1.2",
         "every character that a token may hold is taken as one")
{
    static const char method[] = "!interesting-Method0123456789_*+`.%indeed'~";
    const struct tnd_msg *msg = read_file("intmeth");
    struct tnd_addr addr;
    struct tnd_uri uri;
    struct tnd_slice call_id;
    char room[64];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    CHECK_STR(msg->method_name, method);
    CHECK_EQ(msg->method, TND_METHOD_OTHER);
    CHECK(tnd_msg_uri(msg, &uri, NULL));
    CHECK_STR(uri.user, "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*");
    CHECK_STR(uri.password, "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)");
    CHECK_STR(uri.host, "example.com");
    CHECK(tnd_msg_to(msg, &addr, NULL));
    tnd_unquote(&w, addr.display);
    CHECK(tnd_slice_eq(tnd_writer_slice(&w), TND_STR("BEL:\a NUL:\0 DEL:\x7f")));
    CHECK(tnd_msg_from(msg, &addr, NULL));
    CHECK_STR(addr.display, "token1~` token2'+_ token3*%!.-");
    CHECK_STR(addr.tag, "_token~1'+`*%!-.");
    CHECK(tnd_msg_call_id(msg, &call_id, NULL));
    CHECK_STR(call_id, "intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{");
    CHECK_STR(tnd_field_name(msg, tnd_msg_field(msg, TND_HEADER_OTHER)),
              "extensionHeader-!.%*+_`'~");
}

static struct tnd_slice unescaped(struct tnd_slice text)
{
    static char room[256];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_put_unescaped(&w, text);
    return tnd_writer_slice(&w);
}

TND_TEST(torture_esc01, "RFC 4475 §3.1.1.3", "an escape in a URI is decoded, exactly once")
{
    const struct tnd_msg *msg = read_file("esc01");
    struct tnd_contact contact;
    struct tnd_uri uri;
    struct tnd_addr addr;
    struct tnd_param p;

    CHECK(tnd_msg_uri(msg, &uri, NULL));
    CHECK_STR(unescaped(uri.user), "sips:user@example.com");
    CHECK_STR(uri.host, "example.net");
    CHECK_EQ(uri.port, -1);
    CHECK(tnd_msg_to(msg, &addr, NULL));
    CHECK_STR(unescaped(addr.uri.user), "user");
    CHECK(tnd_msg_from(msg, &addr, NULL));
    CHECK_STR(unescaped(addr.uri.user), "I have spaces");
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_CONTACT);
    CHECK(tnd_contact_next(&v, &contact));
    CHECK_STR(unescaped(contact.addr.uri.user), "caller");
    struct tnd_slice rest = contact.addr.uri.params;
    CHECK(tnd_param_next(&rest, &p));
    CHECK_STR(unescaped(p.name), "lr");
    CHECK(tnd_param_next(&rest, &p));
    CHECK_STR(unescaped(p.name), "name");
    CHECK_STR(unescaped(p.value), "value%41");
}

TND_TEST(torture_escnull, "RFC 4475 §3.1.1.4", "an escaped NUL does not end a user part")
{
    const struct tnd_msg *msg = read_file("escnull");
    struct tnd_contact one, two;
    struct tnd_addr to;

    CHECK(tnd_msg_to(msg, &to, NULL));
    CHECK(tnd_slice_eq(unescaped(to.uri.user), TND_STR("null-\0-null")));
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_CONTACT);
    CHECK(tnd_contact_next(&v, &one) && tnd_contact_next(&v, &two));
    CHECK_EQ(unescaped(one.addr.uri.user).len, 1);
    CHECK_EQ(unescaped(two.addr.uri.user).len, 2);
    CHECK(!tnd_uri_eq(&one.addr.uri, &two.addr.uri));
    CHECK(!tnd_contact_next(&v, &one));
}

TND_TEST(torture_esc02, "RFC 4475 §3.1.1.5", "outside of URIs a % is a character like any other")
{
    const struct tnd_msg *msg = read_file("esc02");
    struct tnd_addr to;
    struct tnd_contact one, two, none;

    CHECK_STR(msg->method_name, "RE%47IST%45R");
    CHECK_EQ(msg->method, TND_METHOD_OTHER);
    CHECK(tnd_msg_to(msg, &to, NULL));
    CHECK_STR(to.display, "\"%Z%45\"");
    CHECK_STR(tnd_field_name(msg, tnd_msg_field(msg, TND_HEADER_OTHER)), "C%6Fntact");
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_CONTACT);
    CHECK(tnd_contact_next(&v, &one) && tnd_contact_next(&v, &two));
    CHECK_STR(two.addr.uri.user, "alias3");
    CHECK(!tnd_contact_next(&v, &none));
}

TND_TEST(torture_lwsdisp, "RFC 4475 §3.1.1.6",
         "no white space is needed between a display name and <")
{
    struct tnd_addr from;

    CHECK(tnd_msg_from(read_file("lwsdisp"), &from, NULL));
    CHECK_STR(from.display, "caller");
    CHECK_STR(from.uri.text, "sip:caller@example.com");
}

TND_TEST(torture_longreq, "RFC 4475 §3.1.1.7", "long names and values, and 34 Via values, are read")
{
    const struct tnd_msg *msg = read_file("longreq");
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_VIA);
    struct tnd_via via;
    struct tnd_addr to;
    unsigned vias = 0;
    char host[32];

    while (tnd_via_next(&v, &via)) {
        snprintf(host, sizeof(host), "sip%u.example.com", 33 - vias);
        CHECK_STR(via.host, vias == 33 ? "host.example.com" : host);
        CHECK_STR(via.received, vias == 33 ? "192.0.2.5" : "");
        vias++;
    }
    CHECK_EQ(v.c.flaw.rule, TND_RULE_NONE);
    CHECK_EQ(vias, 34);
    CHECK(tnd_msg_to(msg, &to, NULL));
    CHECK_EQ(to.uri.port, 6000);
    CHECK_EQ(msg->body.len, 150);
}

TND_TEST(torture_dblreq, "RFC 4475 §3.1.1.8",
         "of a datagram what follows the body is no part of the message")
{
    const struct tnd_msg *msg = read_file("dblreq");

    CHECK_EQ(msg->method, TND_METHOD_REGISTER);
    CHECK_EQ(msg->body.len, 0);
    CHECK_EQ(msg->text.len, msg->head.len);
    CHECK_EQ(load("dblreq").len - msg->text.len, 450);
    CHECK(!tnd_msg_has(msg, TND_HEADER_CONTENT_TYPE));
}

TND_TEST(torture_semiuri, "RFC 4475 §3.1.1.9",
         "a semicolon and an escaped @ belong to the user part")
{
    struct tnd_uri uri;

    CHECK(tnd_msg_uri(read_file("semiuri"), &uri, NULL));
    CHECK_STR(unescaped(uri.user), "user;par=u@example.net");
    CHECK_STR(uri.host, "example.com");
    CHECK_EQ(uri.params.len, 0);
}

TND_TEST(torture_transports, "RFC 4475 §3.1.1.10", "a Via may name any transport")
{
    static const char *const transports[] = {"UDP", "SCTP", "TLS", "UNKNOWN", "TCP"};
    struct tnd_values v = tnd_msg_values(read_file("transports"), TND_HEADER_VIA);
    struct tnd_via via;

    for (unsigned i = 0; i < 5; i++) {
        CHECK(tnd_via_next(&v, &via));
        CHECK_STR(via.transport, transports[i]);
    }
    CHECK(!tnd_via_next(&v, &via));
}

TND_TEST(torture_mpart01, "RFC 4475 §3.1.1.11", "a body with NULs is framed by its Content-Length")
{
    const struct tnd_msg *msg = read_file("mpart01");
    struct tnd_via via;

    CHECK_EQ(msg->body.len, 553);
    CHECK(memchr(msg->body.ptr, '\0', msg->body.len));
    CHECK(tnd_slice_eq(tnd_slice(tnd_slice_end(msg->body) - 22, 22),
                       TND_STR("--7a9cbec02ceef655--\r\n")));
    CHECK(tnd_msg_via(msg, &via, NULL));
    CHECK_EQ(via.rport, 0);
}

TND_TEST(torture_reasons, "RFC 4475 §3.1.1.12", "a reason phrase is any UTF-8, or nothing")
{
    const struct tnd_msg *msg = read_file("unreason");

    CHECK_EQ(msg->code, 200);
    CHECK_STR(msg->reason,
              "= 2**3 * 5**2 "
              "\xd0\xbd\xd0\xbe \xd1\x81\xd1\x82\xd0\xbe "
              "\xd0\xb4\xd0\xb5\xd0\xb2\xd1\x8f\xd0\xbd\xd0\xbe\xd1\x81\xd1\x82\xd0\xbe "
              "\xd0\xb4\xd0\xb5\xd0\xb2\xd1\x8f\xd1\x82\xd1\x8c - "
              "\xd0\xbf\xd1\x80\xd0\xbe\xd1\x81\xd1\x82\xd0\xbe\xd0\xb5");
    msg = read_file("noreason"); /* RFC 4475 §3.1.1.13 */
    CHECK_EQ(msg->code, 100);
    CHECK_EQ(msg->reason.len, 0);
    CHECK(msg->reason.ptr);
}

TND_TEST(torture_content_length, "RFC 4475 §3.1.2.3",
         "a Content-Length that cannot be used is never used as a size, and ends a stream")
{
    static const char *const names[] = {"ncl", "mcl01"};

    for (unsigned i = 0; i < 2; i++) {
        const struct tnd_msg *msg = sip_read_stream(load(names[i]));
        struct tnd_verdict v = tnd_msg_verdict(msg, TND_AS_PROXY);
        CHECK_EQ(msg->body.len, 0);
        CHECK_EQ(v.code, 400);
        CHECK(v.close);
    }
    CHECK(read_file("clerr")->body_short);
    CHECK_EQ(read_file("clerr")->body.len, 154);
    PROVES(CONTENT_LENGTH);
    PROVES(CONTENT_LENGTH_ONE);
    PROVES(BODY_SHORT);
    PROVES(HEADER_ONCE);
}

static void check_param_side(const char *name, bool of_uri, const char *user)
{
    struct tnd_values v = tnd_msg_values(read_file(name), TND_HEADER_CONTACT);
    struct tnd_contact contact;
    struct tnd_slice value;
    const struct tnd_slice unknown = TND_STR("unknownparam");

    CHECK(tnd_contact_next(&v, &contact));
    CHECK_EQ(tnd_param_find(contact.addr.uri.params, unknown, &value), of_uri);
    CHECK_EQ(tnd_param_find(contact.addr.params, unknown, &value), !of_uri);
    CHECK_STR(contact.addr.uri.user, user);
}

TND_TEST(torture_cparams, "RFC 4475 §3.3.12",
         "a parameter outside of < and > is one of the Contact")
{
    check_param_side("cparam01", false, "+19725552222");
    check_param_side("cparam02", true, "+19725552222"); /* RFC 4475 §3.3.13 */
}

TND_TEST(torture_regescrt, "RFC 4475 §3.3.14", "the headers part of a Contact is kept as it came")
{
    struct tnd_values v = tnd_msg_values(read_file("regescrt"), TND_HEADER_CONTACT);
    struct tnd_contact contact;

    CHECK(tnd_contact_next(&v, &contact));
    CHECK_STR(contact.addr.uri.headers, "Route=%3Csip:sip.example.com%3E");
}

TND_TEST(torture_extensions, "RFC 4475 §3.3.5", "each tag of Require and Proxy-Require is read")
{
    const struct tnd_msg *msg = read_file("bext01");
    static const struct {
        enum tnd_header kind;
        const char *tags[2];
    } lists[] = {
        {TND_HEADER_REQUIRE, {"nothingSupportsThis", "nothingSupportsThisEither"}},
        {TND_HEADER_PROXY_REQUIRE, {"noProxiesSupportThis", "norDoAnyProxiesSupportThis"}},
    };

    for (unsigned i = 0; i < 2; i++) {
        struct tnd_values v = tnd_msg_values(msg, lists[i].kind);
        struct tnd_slice tag;
        for (unsigned j = 0; j < 2; j++) {
            CHECK(tnd_token_next(&v, &tag));
            CHECK_STR(tag, lists[i].tags[j]);
        }
        CHECK(!tnd_token_next(&v, &tag));
    }
}

TND_TEST(torture_foreign_uris, "RFC 4475 §3.3.2", "a URI of another scheme is kept whole")
{
    static const struct {
        const char *name, *uri;
    } files[] = {{"unkscm", "nobodyKnowsThisScheme:totallyopaquecontent"},
                 {"novelsc", "soap.beep://192.0.2.103:3002"}};
    struct tnd_uri uri;
    struct tnd_addr to;

    for (unsigned i = 0; i < 2; i++) {
        CHECK(tnd_msg_uri(read_file(files[i].name), &uri, NULL));
        CHECK_EQ(uri.scheme, TND_SCHEME_OTHER);
        CHECK_STR(uri.text, files[i].uri);
    }
    CHECK(tnd_msg_to(read_file("unksm2"), &to, NULL)); /* RFC 4475 §3.3.4 */
    CHECK_STR(to.uri.text, "isbn:2983792873");
}

static struct tnd_uri request_uri(const char *name)
{
    struct tnd_uri uri = {0};

    CHECK(tnd_msg_uri(read_file(name), &uri, NULL));
    CHECK_EQ(uri.host_kind, TND_HOST_IPV6);
    return uri;
}

TND_TEST(torture_ipv6_port, "RFC 5118 §4.3", "what looks like a port within the brackets is none")
{
    static const uint8_t ambiguous[16] = {0x20, 0x01, 0x0d, 0xb8, [13] = 0x10, [14] = 0x50, 0x70};
    uint8_t octets[16];
    struct tnd_uri uri = request_uri("v6-port-ambiguous");

    CHECK_EQ(uri.port, -1);
    CHECK(tnd_ipv6_octets(uri.host, octets));
    CHECK(memcmp(octets, ambiguous, 16) == 0);
    uri = request_uri("v6-port-unambiguous"); /* RFC 5118 §4.4 */
    CHECK_EQ(uri.port, 5070);
    CHECK_STR(uri.host, "[2001:db8::10]");
}

TND_TEST(torture_ipv6_colons, "RFC 5118 §4.10",
         "the third colon that the old grammar allowed is tolerated and means nothing")
{
    struct tnd_uri wrong = request_uri("v6-ipv6-bug-abnf-3-colons");
    struct tnd_slice wrong_host = wrong.host;
    struct tnd_uri right = request_uri("v6-ipv6-correct-abnf-2-colons");

    CHECK(tnd_host_eq(wrong_host, right.host));
}

TND_TEST(torture_ipv6_received, "RFC 5118 §4.5", "received= may come with brackets and without")
{
    struct tnd_via via;

    CHECK(tnd_msg_via(read_file("v6-via-received-param-with-delim"), &via, NULL));
    CHECK_STR(via.received, "[2001:db8::9:255]");
    CHECK(tnd_msg_via(read_file("v6-via-received-param-no-delim"), &via, NULL));
    CHECK_STR(via.received, "2001:db8::9:255");
    CHECK_STR(via.branch, "z9hG4bKas3");
}

TND_TEST(torture_ipv6_mixed, "RFC 5118 §4.7", "IPv4 and IPv6 may stand side by side in Via")
{
    static const char *const hosts[] = {"[2001:db8::9:1]", "192.0.2.1", "[2001:db8::9:255]"};
    static const int ports[] = {6050, -1, -1};
    struct tnd_values v = tnd_msg_values(read_file("v6-mult-ip-in-header"), TND_HEADER_VIA);
    struct tnd_via via;

    for (unsigned i = 0; i < 3; i++) {
        CHECK(tnd_via_next(&v, &via));
        CHECK_STR(via.host, hosts[i]);
        CHECK_EQ(via.port, ports[i]);
    }
    CHECK_STR(via.received, "192.0.2.200");
}
