/* How dialogs are made, confirmed and refreshed (RFC 3261 §12). */
#include "unit/dialog/dialog_test.h"
#include "unit/sip/sip_test.h"

#define CONTACT "Contact: <sip:bob@b.example.org;transport=tcp?Subject=x>\r\n"
#define ROUTES  "Record-Route: <sip:p2.example.org;lr>;x=1, <sip:p1.example.com;lr>\r\n"

TND_TEST(dialog_uac, "RFC 3261 §12.1.2",
         "the caller has the routes in reverse order, the tags and the Contact of the response")
{
    struct dialog_party p;

    CHECK_EQ(dialog_alice(&p, 180, "B1", CONTACT ROUTES), 0);
    CHECK_EQ(p.d.state, TND_DIALOG_EARLY);
    CHECK_STR(p.d.call_id, "call@a.example.com");
    CHECK_STR(p.d.local_tag, "A1");
    CHECK_STR(p.d.remote_tag, "B1");
    CHECK_STR(p.d.local, "Alice <sip:alice@example.com>;tag=A1");
    CHECK_STR(p.d.remote, "Bob <sip:bob@example.org>;tag=B1");
    CHECK_STR(p.d.target, "sip:bob@b.example.org;transport=tcp"); /* RFC 3261 §19.1.5 */
    CHECK_STR(p.d.routes, "<sip:p1.example.com;lr>, <sip:p2.example.org;lr>;x=1");
    CHECK_STR(p.d.first, "sip:p1.example.com;lr");
    CHECK_STR(p.d.other_routes, "<sip:p2.example.org;lr>;x=1");
    CHECK(p.d.is_loose && p.d.is_uac && !p.d.has_remote_cseq && !p.d.is_secure);
    CHECK_EQ(p.d.local_cseq, 314159);
}

TND_TEST(dialog_uas, "RFC 3261 §12.1.1",
         "the callee has the routes in their order and the Contact of the request")
{
    struct dialog_party p;

    CHECK_EQ(dialog_bob(&p, "Contact: <sip:alice@a.example.com;method=BYE>\r\n" ROUTES), 0);
    CHECK_EQ(p.d.state, TND_DIALOG_EARLY);
    CHECK_STR(p.d.local_tag, "B1");
    CHECK_STR(p.d.remote_tag, "A1");
    CHECK_STR(p.d.local, "Bob <sip:bob@example.org>;tag=B1");
    CHECK_STR(p.d.remote, "Alice <sip:alice@example.com>;tag=A1");
    CHECK_STR(p.d.target, "sip:alice@a.example.com");
    CHECK_STR(p.d.routes, "<sip:p2.example.org;lr>;x=1, <sip:p1.example.com;lr>");
    CHECK_EQ(p.d.remote_cseq, 314159);
    CHECK(p.d.has_remote_cseq && !p.d.is_uac);
    CHECK_EQ(tnd_dialog_next_cseq(&p.d), 1);
    tnd_dialog_answered(&p.d, 180);
    CHECK_EQ(p.d.state, TND_DIALOG_EARLY);
    tnd_dialog_answered(&p.d, 200);
    CHECK_EQ(p.d.state, TND_DIALOG_CONFIRMED);
    tnd_dialog_answered(&p.d, 486); /* a 2xx stays */
    CHECK_EQ(p.d.state, TND_DIALOG_CONFIRMED);
    CHECK_EQ(dialog_bob(&p, "Contact: <sip:a>\r\n"), 0);
    tnd_dialog_answered(&p.d, 486);
    CHECK_EQ(p.d.state, TND_DIALOG_TERMINATED);
}

TND_TEST(dialog_secure, "RFC 3261 §12.1.1",
         "a dialog is secure if its request came over TLS for a SIPS URI")
{
    static char first[4096];
    struct tnd_arena a;
    struct tnd_dialog d;
    const struct tnd_msg *sips =
        sip_read_str("INVITE sips:b@x SIP/2.0\r\n" SIP_VIA SIP_FROM SIP_TO SIP_CALL
                     "CSeq: 1 INVITE\r\n" SIP_HOPS "Contact: <sips:a@y>\r\n\r\n");

    tnd_arena_init(&a, first, sizeof(first), NULL, 0);
    CHECK_EQ(tnd_dialog_uas(&d, &a, sips, TND_STR("t"), 7, true), 0);
    CHECK(d.is_secure);
    CHECK_STR(d.target, "sips:a@y");
    CHECK_EQ(tnd_dialog_uas(&d, &a, sips, TND_STR("t"), 7, false), 0);
    CHECK(!d.is_secure);
    CHECK_EQ(tnd_dialog_uas(&d, &a, dialog_invite("Contact: <sip:a>\r\n"), TND_STR("t"), 7, true),
             0);
    CHECK(!d.is_secure);
}

TND_TEST(
    dialog_none, "RFC 3261 §12.1",
    "100, a failure and a provisional response without a tag make no dialog; what lacks an ID none")
{
    struct dialog_party p;

    CHECK_EQ(dialog_alice(&p, 100, "B1", CONTACT), TND_ENONE);
    CHECK_EQ(dialog_alice(&p, 180, "", CONTACT), TND_ENONE);
    CHECK_EQ(dialog_alice(&p, 300, "B1", CONTACT), TND_ENONE);
    CHECK_EQ(dialog_alice(&p, 486, "B1", CONTACT), TND_ENONE);
    CHECK_EQ(dialog_alice(&p, 200, "B1", "Record-Route: <sip:x\r\n" CONTACT), TND_ESYNTAX);
    CHECK_EQ(dialog_alice(&p, 200, "B1", "Call-ID: \r\n" CONTACT), 0); /* the first counts */
    CHECK_EQ(dialog_bob(&p, "Record-Route: nonsense\r\n" CONTACT), TND_ESYNTAX);
    CHECK_EQ(tnd_dialog_uas(&p.d, &p.arena, dialog_request("INVITE", 1, CONTACT), TND_STR("t"), 0,
                            false),
             TND_ENONE); /* it is in a dialog */
    CHECK_EQ(tnd_dialog_uas(&p.d, &p.arena, sip_read_str("INVITE sip:b SIP/2.0\r\n\r\n"),
                            TND_STR("t"), 0, false),
             TND_ESYNTAX);
}

TND_TEST(
    dialog_2543, "RFC 3261 §12.1.1, §12.1.2",
    "a peer of RFC 2543 has no tag, and is found without; who has no Contact is where he was found")
{
    struct dialog_party p;
    static const char request[] =
        "INVITE sip:bob@x SIP/2.0\r\n" SIP_VIA "From: <sip:alice@example.com>\r\n" SIP_TO SIP_CALL
        "CSeq: 1 INVITE\r\n\r\n";

    CHECK_EQ(dialog_alice(&p, 200, "", ""), 0);
    CHECK(!p.d.remote_tag.ptr);
    CHECK_EQ(p.d.state, TND_DIALOG_CONFIRMED);
    CHECK_STR(p.d.target, "sip:bob@example.org");
    CHECK_TEXT(dialog_key_text(&p.d), "dcall@a.example.com\na1\n\n");
    CHECK_EQ(dialog_bob(&p, "Contact: *\r\n"), 0);
    CHECK_STR(p.d.target, "sip:alice@example.com");
    CHECK_EQ(tnd_dialog_uas(&p.d, &p.arena, sip_read_str(request), TND_STR("t"), 0, false), 0);
    CHECK(!p.d.remote_tag.ptr);
    CHECK_STR(p.d.remote, "<sip:alice@example.com>");
}

TND_TEST(
    dialog_fork, "RFC 3261 §12.1.2",
    "each early dialog of a fork has its own tag, routes and target; one answer ends none of the others")
{
    struct dialog_party one, two;

    CHECK_EQ(dialog_alice(&one, 180, "B1", "Contact: <sip:one>\r\n"), 0);
    CHECK_EQ(dialog_alice(&two, 183, "B2", "Contact: <sip:two>\r\n" ROUTES), 0);
    CHECK_TEXT(dialog_key_text(&one.d), "dcall@a.example.com\na1\nb1\n");
    CHECK_TEXT(dialog_key_text(&two.d), "dcall@a.example.com\na1\nb2\n");
    CHECK_EQ(tnd_dialog_response(&one.d, dialog_response(200, "B1", "Contact: <sip:one>\r\n")),
             TND_RULE_DIALOG_CONFIRMED);
    CHECK_EQ(two.d.state, TND_DIALOG_EARLY);
    CHECK_EQ(tnd_dialog_response(&two.d, dialog_response(486, "B2", "")),
             TND_RULE_DIALOG_EARLY_ENDS);
    PROVES(DIALOG_EARLY_ENDS);
    CHECK_EQ(two.d.state, TND_DIALOG_TERMINATED);
    CHECK_EQ(tnd_dialog_response(&two.d, dialog_response(200, "B2", "")), TND_RULE_NONE);
}

TND_TEST(dialog_confirmed, "RFC 3261 §13.2.2.4",
         "the 2xx gives the route set anew, and once; a later one only the target")
{
    struct dialog_party p;

    CHECK_EQ(dialog_alice(&p, 180, "B1", CONTACT ROUTES), 0);
    CHECK_EQ(tnd_dialog_response(&p.d, dialog_response(200, "B1",
                                                       "Contact: <sip:b2>\r\n"
                                                       "Record-Route: <sip:p9;lr>\r\n")),
             TND_RULE_DIALOG_CONFIRMED);
    PROVES(DIALOG_CONFIRMED);
    CHECK_STR(p.d.routes, "<sip:p9;lr>");
    CHECK(!p.d.other_routes.ptr);
    CHECK_STR(p.d.target, "sip:b2");
    CHECK_EQ(tnd_dialog_response(&p.d, dialog_response(200, "B1", "Contact: <sip:b3>\r\n")),
             TND_RULE_DIALOG_TARGET);
    CHECK_STR(p.d.routes, "<sip:p9;lr>");
    CHECK_EQ(dialog_alice(&p, 180, "B1", CONTACT ROUTES), 0);
    tnd_dialog_response(&p.d, dialog_response(200, "B1", "")); /* no routes any more */
    CHECK(!p.d.routes.ptr && !p.d.first.ptr && p.d.is_loose);
    CHECK_STR(p.d.target, "sip:bob@b.example.org;transport=tcp");
}

TND_TEST(dialog_target_response, "RFC 6141 §4.7",
         "a 2xx or a reliable provisional response to a target refresh request gives the target")
{
    struct dialog_party p;

    CHECK_EQ(dialog_alice(&p, 200, "B1", CONTACT), 0);
    CHECK_EQ(
        tnd_dialog_response(&p.d, dialog_response_to("7 UPDATE", 200, "Contact: <sip:b2>\r\n")),
        TND_RULE_DIALOG_TARGET);
    PROVES(DIALOG_TARGET);
    CHECK_STR(p.d.target, "sip:b2");
    CHECK_EQ(
        tnd_dialog_response(&p.d, dialog_response_to("8 INVITE", 183, "Contact: <sip:b3>\r\n")),
        TND_RULE_NONE); /* it may get lost */
    CHECK_EQ(tnd_dialog_response(
                 &p.d, dialog_response_to("8 INVITE", 183, "RSeq: 1\r\nContact: <sip:b4>\r\n")),
             TND_RULE_DIALOG_TARGET);
    CHECK_STR(p.d.target, "sip:b4");
    CHECK_EQ(tnd_dialog_response(&p.d, dialog_response_to("9 INFO", 200, "Contact: <sip:b5>\r\n")),
             TND_RULE_NONE);
    CHECK_EQ(
        tnd_dialog_response(&p.d, dialog_response_to("9 INVITE", 302, "Contact: <sip:b5>\r\n")),
        TND_RULE_NONE);
    CHECK_EQ(tnd_dialog_response(&p.d, dialog_response_to("9 UPDATE", 200, "")), TND_RULE_NONE);
    CHECK_EQ(tnd_dialog_response(&p.d, dialog_response_to("9 UPDATE", 200, "Contact: <tel:1>\r\n")),
             TND_RULE_NONE);
    CHECK_STR(p.d.target, "sip:b4");
}

TND_TEST(dialog_target_request, "RFC 3261 §12.2.2",
         "a target refresh request gives the target once it is answered")
{
    static const char *const methods[] = {"INVITE", "UPDATE", "SUBSCRIBE", "NOTIFY", "REFER"};
    static const char *const others[] = {"BYE", "INFO", "MESSAGE", "OPTIONS", "PRACK", "FOO"};
    struct dialog_party p;

    for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
        CHECK_EQ(dialog_alice(&p, 200, "B1", CONTACT), 0);
        CHECK_EQ(tnd_dialog_refresh(&p.d, dialog_request(methods[i], 1, "Contact: <sip:b2>\r\n")),
                 TND_RULE_DIALOG_TARGET);
        CHECK_STR(p.d.target, "sip:b2");
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
        CHECK_EQ(tnd_dialog_refresh(&p.d, dialog_request(others[i], 1, "Contact: <sip:b3>\r\n")),
                 TND_RULE_NONE);
    CHECK_STR(p.d.target, "sip:b2");
    tnd_dialog_terminate(&p.d);
    CHECK_EQ(tnd_dialog_refresh(&p.d, dialog_request("INVITE", 9, "Contact: <sip:b3>\r\n")),
             TND_RULE_NONE);
}

TND_TEST(dialog_target_bound, "TND_URI_LEN_MAX",
         "however often a peer refreshes its target, the dialog does not grow beyond a bound")
{
    static char first[3 * TND_URI_LEN_MAX], line[2 * TND_URI_LEN_MAX];
    struct tnd_arena a;
    struct tnd_dialog d;

    tnd_arena_init(&a, first, sizeof(first), NULL, 0);
    CHECK_EQ(tnd_dialog_uas(&d, &a, dialog_invite("Contact: <sip:a>\r\n"), TND_STR("B1"), 0, false),
             0);
    for (int round = 0; round < 3; round++) {
        for (int len = 1; len < TND_URI_LEN_MAX; len += 61) {
            snprintf(line, sizeof(line), "Contact: <sip:%0*d@x>\r\n", len, 7);
            enum tnd_rule rule = tnd_dialog_refresh(&d, dialog_request("UPDATE", 1, line));
            CHECK_EQ(rule, len + 6 <= TND_URI_LEN_MAX ? TND_RULE_DIALOG_TARGET : TND_RULE_NONE);
            CHECK_EQ(d.target.len, (size_t)len + 6);
        }
    }
    CHECK(!tnd_arena_over(&a));
    snprintf(line, sizeof(line), "Contact: <sip:%0*d@x>\r\n", TND_URI_LEN_MAX, 7);
    CHECK_EQ(tnd_dialog_refresh(&d, dialog_request("UPDATE", 1, line)), TND_RULE_NONE);
}

TND_TEST(
    dialog_cseq, "RFC 3261 §12.2.2",
    "a number lower than the last is refused with 500; gaps and the numbers of ACK and CANCEL are fine")
{
    struct dialog_party p;
    enum tnd_rule rule;

    CHECK_EQ(dialog_alice(&p, 200, "B1", CONTACT), 0);
    CHECK_EQ(tnd_dialog_request(&p.d, dialog_request("INFO", 100, ""), &rule), 0);
    CHECK_EQ(tnd_dialog_request(&p.d, dialog_request("PRACK", 105, ""), &rule), 0);
    CHECK_EQ(tnd_dialog_request(&p.d, dialog_request("UPDATE", 104, ""), &rule), 500);
    CHECK_EQ(rule, TND_RULE_DIALOG_CSEQ);
    PROVES(DIALOG_CSEQ);
    CHECK_EQ(tnd_dialog_request(&p.d, dialog_request("ACK", 100, ""), &rule), 0);
    CHECK_EQ(tnd_dialog_request(&p.d, dialog_request("CANCEL", 100, ""), &rule), 0);
    CHECK_EQ(p.d.remote_cseq, 105);
    CHECK_EQ(tnd_dialog_request(&p.d, dialog_request("BYE", 2147483647, ""), &rule), 0);
    CHECK_EQ(tnd_dialog_request(&p.d, sip_read_str("BYE sip:a SIP/2.0\r\n\r\n"), &rule), 400);
    CHECK_EQ(rule, TND_RULE_CSEQ);
    p.d.local_cseq = 2147483646;
    CHECK_EQ(tnd_dialog_next_cseq(&p.d), 2147483647);
    CHECK_EQ(tnd_dialog_next_cseq(&p.d), 0);
    CHECK_EQ(tnd_dialog_next_cseq(&p.d), 0);
}

TND_TEST(dialog_arena, "TND_DIALOG_ROUTE_COUNT_MAX",
         "too many routes and an arena that is full make no dialog")
{
    static char first[65536], small[4096];
    struct tnd_arena a;
    struct tnd_dialog d;
    struct tnd_slice routes = sip_repeat("Contact: <sip:a>\r\n", "Record-Route: <sip:p;lr>\r\n",
                                         TND_DIALOG_ROUTE_COUNT_MAX, "");
    char lines[8192];

    tnd_arena_init(&a, first, sizeof(first), NULL, 0);
    snprintf(lines, sizeof(lines), "%.*s", TND_FMT(routes));
    CHECK_EQ(tnd_dialog_uas(&d, &a, dialog_invite(lines), TND_STR("t"), 0, false), 0);
    strcat(lines, "Record-Route: <sip:p;lr>\r\n");
    CHECK_EQ(tnd_dialog_uas(&d, &a, dialog_invite(lines), TND_STR("t"), 0, false), TND_ESPACE);
    for (size_t size = 0; size < 700; size++) {
        tnd_arena_init(&a, small, size, NULL, 0);
        int err = tnd_dialog_uas(&d, &a, dialog_invite("Contact: <sip:a>\r\n" ROUTES), TND_STR("t"),
                                 0, false);
        CHECK(err == TND_ENOMEM || (err == 0 && size > 200));
    }
}

TND_TEST(bug_dialog_ours, "RFC 3261 §12.1.2",
         "Call-ID, local tag and number are those of the request, also if a response has others")
{
    struct dialog_party p;
    const struct tnd_msg *response =
        sip_read_str("SIP/2.0 200 OK\r\n" SIP_VIA "From: <sip:x>;tag=wrong\r\n"
                     "To: <sip:bob@example.org>;tag=B1\r\nCall-ID: wrong\r\n"
                     "CSeq: 9 INVITE\r\nContact: <sip:b>\r\n\r\n");

    tnd_arena_init(&p.arena, p.first, sizeof(p.first), NULL, 0);
    CHECK_EQ(tnd_dialog_uac(&p.d, &p.arena, dialog_invite(""), response, false), 0);
    CHECK_TEXT(dialog_key_text(&p.d), "dcall@a.example.com\na1\nb1\n");
    CHECK_STR(p.d.local, "Alice <sip:alice@example.com>;tag=A1");
    CHECK_EQ(p.d.local_cseq, 314159);
}
