/* Steps, codes, methods, dialogs. */
#include "unit/lab/lab_test.h"

static const char *const methods[] = {"INVITE",  "OPTIONS",   "MESSAGE", "BYE",
                                      "INFO",    "UPDATE",    "PRACK",   "REGISTER",
                                      "PUBLISH", "SUBSCRIBE", "NOTIFY",  "REFER"};
enum { METHOD_COUNT = sizeof(methods) / sizeof(*methods) };

static unsigned code_of(const char *user)
{
    return tnd_lab_code(tnd_slice_str(user));
}

TND_TEST(lab_users, "RFC 3261 §19.1.4", "lab-100 to lab-699 are users of the lab, in any case")
{
    CHECK_EQ(code_of("lab-100"), 100);
    CHECK_EQ(code_of("LAB-699"), 699);
    CHECK_EQ(code_of("%6cab%2D302"), 302);
    CHECK_EQ(code_of("%6c%61%62%2d%33%30%32"), 302);
    static const char *const others[] = {"lab-099",    "lab-700",  "lab-99", "lab-1000", "lab-30x",
                                         "lab302",     "lab-fork", "lab-",   "",         "xlab-302",
                                         "lab-302%00", "lab_302",  "lab-3%2"};
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
        CHECK_EQ(code_of(others[i]), 0);
    CHECK_EQ(tnd_lab_code((struct tnd_slice){NULL, 0}), 0);
}

/* Fields that a code has, by name; each code of the table, and only these. */
static const struct {
    unsigned code;
    enum tnd_header field;
    const char *value;
} expected[] = {
    {401, TND_HEADER_WWW_AUTHENTICATE,
     "Digest realm=\"192.0.2.1\", nonce=\"0a1b2c\", algorithm=SHA-256, qop=\"auth\""},
    {405, TND_HEADER_ALLOW, "ACK, CANCEL, BYE, OPTIONS, MESSAGE, INFO, UPDATE"},
    {407, TND_HEADER_PROXY_AUTHENTICATE,
     "Digest realm=\"192.0.2.1\", nonce=\"0a1b2c\", algorithm=SHA-256, qop=\"auth\""},
    {415, TND_HEADER_ACCEPT, "application/sdp, text/plain"},
    {420, TND_HEADER_UNSUPPORTED, "100rel, foo, sec-agree"},
    {421, TND_HEADER_REQUIRE, "100rel"},
    {422, TND_HEADER_MIN_SE, "7200"},
    {423, TND_HEADER_MIN_EXPIRES, "7200"},
    {424, TND_HEADER_GEOLOCATION_ERROR, "100;code=\"Cannot Process Location\""},
    {425, TND_HEADER_ALERTMSG_ERROR, "100;code=\"Cannot process the alert payload\""},
    {469, TND_HEADER_RECV_INFO, ""},
    {470, TND_HEADER_PERMISSION_MISSING, "<sip:lab-200@192.0.2.1:5062>"},
    {488, TND_HEADER_WARNING, "399 192.0.2.1 \"As the user is called\""},
    {489, TND_HEADER_ALLOW_EVENTS, "presence"},
    {494, TND_HEADER_SECURITY_SERVER, "tls;q=0.1"},
    {494, TND_HEADER_REQUIRE, "sec-agree"},
    {606, TND_HEADER_WARNING, "399 192.0.2.1 \"As the user is called\""},
};

static void check_fields(const struct lab_test *t, bool is_invite)
{
    unsigned code = t->reply->code, extra = 0;
    bool has_contact = code >= 300 && code < 400;

    for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
        if (expected[i].code != code)
            continue;
        extra++;
        if (is_invite || code != 405)
            CHECK_STR(lab_value(t, expected[i].field), expected[i].value);
    }
    extra += (code == 401 || code == 407); /* the second challenge */
    if (has_contact)
        CHECK_STR(lab_value(t, TND_HEADER_CONTACT), "<sip:lab-200@example.org:5070>");
    /* Via, From, To, Call-ID, CSeq, Content-Length, and nothing that is not meant */
    CHECK_EQ(t->reply->field_count, 6 + extra + has_contact);
    CHECK_EQ(t->reply->body.len, 0);
}

TND_TEST(lab_every_code, "RFC 3261 §21",
         "each code from 300 to 699 answers each method, and has what its RFC asks for")
{
    struct lab_test t;
    char uri[64];

    PROVES(LAB_CODE);
    for (unsigned code = 300; code <= 699; code++) {
        for (size_t m = 0; m < METHOD_COUNT; m++) {
            snprintf(uri, sizeof(uri), "sip:Lab-%u@example.org:5070;lr", code);
            lab_ask(&t, methods[m], uri,
                    "Require: 100rel,foo\r\nProxy-Require: sec-agree\r\n"
                    "Event: dialog\r\nSession-Expires: 90\r\nExpires: 60\r\n"
                    "Refer-To: <sip:x@example.org>\r\nRAck: 1 1 INVITE\r\n"
                    "Subscription-State: active\r\n",
                    NULL);
            if ((code == 481 && m == 0) || code == 580) /* test_precondition.c */
                continue;
            CHECK_REFUSED(&t, code, LAB_CODE);
            CHECK_STR(t.reply->reason, tnd_code_phrase(code));
            check_fields(&t, m == 0);
        }
    }
}

TND_TEST(lab_names_another, "RFC 3261 §21.4.13",
         "what was refused is not what a refusal names as welcome")
{
    struct lab_test t;

    lab_ask(&t, "SUBSCRIBE", "sip:lab-489@a", "Event: presence.winfo\r\n", NULL);
    CHECK_EQ(lab_end(&t), 489);
    CHECK_STR(lab_value(&t, TND_HEADER_ALLOW_EVENTS), "dialog");
    lab_ask(&t, "INVITE", "sip:lab-415@a", LAB_SDP_TYPE "Content-Encoding: gzip\r\n", "x");
    CHECK_EQ(lab_end(&t), 415);
    CHECK_STR(lab_value(&t, TND_HEADER_ACCEPT), "text/plain");
    CHECK_STR(lab_value(&t, TND_HEADER_ACCEPT_ENCODING), "identity");
    lab_ask(&t, "MESSAGE", "sip:lab-415@a", "Content-Type: text/plain\r\n", "x");
    CHECK_EQ(lab_end(&t), 415);
    CHECK_STR(lab_value(&t, TND_HEADER_ACCEPT), "application/sdp");
    CHECK(!lab_value(&t, TND_HEADER_ACCEPT_ENCODING).ptr);
}

static void check_mended(const char *method, const char *uri, const char *lines)
{
    struct lab_test t;

    lab_ask(&t, method, uri, lines, NULL);
    CHECK_EQ(lab_end(&t), 200);
    CHECK_EQ(t.step.rule, TND_RULE_LAB_MENDED);
}

static void check_refused(unsigned code, const char *uri, const char *lines, enum tnd_header field,
                          const char *value)
{
    struct lab_test t;

    lab_ask(&t, "INVITE", uri, lines, NULL);
    CHECK_EQ(lab_end(&t), code);
    CHECK_EQ(t.step.rule, TND_RULE_LAB_CODE);
    CHECK_STR(lab_value(&t, field), value);
}

TND_TEST(lab_422_mended, "RFC 4028 §7.3, §9",
         "Min-SE is the same for everybody, and whoever obeys it is answered")
{
    PROVES(LAB_MENDED);
    check_refused(422, "sip:lab-422@a", "", TND_HEADER_MIN_SE, "7200");
    check_refused(422, "sip:lab-422@a", "Session-Expires: 7199\r\n", TND_HEADER_MIN_SE, "7200");
    check_mended("INVITE", "sip:lab-422@a", "Session-Expires: 7200\r\nMin-SE: 7200\r\n");
    check_mended("INVITE", "sip:lab-422@a", "Session-Expires: 4294967295\r\n");
}

TND_TEST(lab_423_mended, "RFC 3261 §21.4.17",
         "Min-Expires is the same for everybody, and whoever obeys it is answered")
{
    PROVES(LAB_MENDED);
    check_refused(423, "sip:lab-423@a", "", TND_HEADER_MIN_EXPIRES, "7200");
    check_refused(423, "sip:lab-423@a", "Expires: 7199\r\n", TND_HEADER_MIN_EXPIRES, "7200");
    check_mended("INVITE", "sip:lab-423@a", "Expires: 7200\r\n");
    check_mended("MESSAGE", "sip:lab-423@a", "Expires: 4294967295\r\n");
}

TND_TEST(lab_421_mended, "RFC 3261 §21.4.16",
         "an extension is required that Supported does not list, and of who lists all none")
{
    PROVES(LAB_MENDED);
    check_refused(421, "sip:lab-421@a", "Supported: timer\r\n", TND_HEADER_REQUIRE, "100rel");
    check_refused(421, "sip:lab-421@a", "Supported: timer, 100REL\r\n", TND_HEADER_REQUIRE,
                  "precondition");
    check_mended("INVITE", "sip:lab-421@a", "Supported: precondition\r\nSupported: 100rel\r\n");
}

#define DIGEST                                                                              \
    "Digest username=\"x\", realm=\"192.0.2.1\", nonce=\"0a1b2c\", uri=\"sip:lab-401@a\", " \
    "response=\"00000000000000000000000000000000\"\r\n"
#define FOREIGN                                                                        \
    "Digest username=\"x\", realm=\"elsewhere\", nonce=\"0\", uri=\"sip:lab-401@a\", " \
    "response=\"00000000000000000000000000000000\"\r\n"

TND_TEST(lab_401_mended, "RFC 3261 §22.2, §22.3",
         "whoever answers the challenge is let in, with any password, if he answers this one")
{
    static const char challenge[] =
        "Digest realm=\"192.0.2.1\", nonce=\"0a1b2c\", algorithm=SHA-256, qop=\"auth\"";

    PROVES(LAB_MENDED);
    check_mended("INVITE", "sip:lab-401@a", "Authorization: " FOREIGN "Authorization: " DIGEST);
    check_mended("OPTIONS", "sip:lab-407@a", "Proxy-Authorization: " DIGEST);
    check_refused(401, "sip:lab-401@a", "Authorization: " FOREIGN, TND_HEADER_WWW_AUTHENTICATE,
                  challenge);
    check_refused(401, "sip:lab-401@a", "Proxy-Authorization: " DIGEST, TND_HEADER_WWW_AUTHENTICATE,
                  challenge);
    check_refused(407, "sip:lab-407@a", "Authorization: " DIGEST, TND_HEADER_PROXY_AUTHENTICATE,
                  challenge);
}

TND_TEST(lab_two_challenges, "RFC 8760 §2.3", "the preferred algorithm is challenged first")
{
    static const enum tnd_header kinds[] = {TND_HEADER_WWW_AUTHENTICATE,
                                            TND_HEADER_PROXY_AUTHENTICATE};
    struct lab_test t;

    for (size_t i = 0; i < 2; i++) {
        struct tnd_auth auth;
        lab_ask(&t, "REGISTER", i == 0 ? "sip:lab-401@a" : "sip:lab-407@a", "", NULL);
        lab_end(&t);
        struct tnd_values v = tnd_msg_values(t.reply, kinds[i]);
        CHECK(tnd_challenge_next(&v, &auth));
        CHECK_EQ(auth.algorithm, TND_ALGORITHM_SHA_256);
        CHECK_EQ(auth.qops, TND_QOP_AUTH);
        CHECK(tnd_challenge_next(&v, &auth));
        CHECK_STR(auth.algorithm_name, "MD5");
        CHECK_STR(auth.nonce, "\"0a1b2c\"");
        CHECK(!tnd_challenge_next(&v, &auth));
    }
}

TND_TEST(lab_1xx, "RFC 3261 §13.3.1.1",
         "an INVITE has each provisional code, and a second later 200")
{
    struct lab_test t;
    char uri[64];

    PROVES(LAB_PROVISIONAL);
    for (unsigned code = 100; code < 200; code++) {
        snprintf(uri, sizeof(uri), "sip:lab-%u@a", code);
        lab_ask(&t, "INVITE", uri, "", NULL);
        lab_next(&t);
        CHECK_EQ(t.reply->code, code);
        CHECK_EQ(t.step.rule, TND_RULE_LAB_PROVISIONAL);
        CHECK_EQ(t.step.due, TND_MS(1000));
        CHECK_EQ(tnd_msg_has(t.reply, TND_HEADER_CONTACT), code > 100); /* RFC 3261 §12.1.1 */
        CHECK_EQ(tnd_msg_has(t.reply, TND_HEADER_REASON), code == 199); /* RFC 6228 §5 */
        lab_next(&t);
        CHECK_EQ(t.reply->code, 200);
        CHECK_EQ(t.step.due, -1);
        CHECK_EQ(t.step.rule, TND_RULE_LAB_PROVISIONAL);
    }
}

TND_TEST(lab_1xx_other, "RFC 4320 §4.1", "a request other than INVITE has no provisional response")
{
    struct lab_test t;

    lab_ask(&t, "OPTIONS", "sip:lab-180@a;ring=5", "", NULL);
    CHECK_REFUSED(&t, 200, LAB_NO_1XX);
    lab_ask(&t, "MESSAGE", "sip:lab-100@a;delay=25", "", NULL);
    lab_next(&t);
    CHECK(!t.reply);
    CHECK_EQ(t.step.due, TND_SEC(25));
    CHECK_REFUSED(&t, 200, LAB_NO_1XX);
}

TND_TEST(lab_2xx, "RFC 3261 §13.3.1.4",
         "each 2xx to INVITE has Contact, Allow, Supported and a description; to others theirs")
{
    struct lab_test t;
    char uri[64];

    for (unsigned code = 200; code < 300; code++) {
        snprintf(uri, sizeof(uri), "sip:lab-%u@a", code);
        lab_ask(&t, "INVITE", uri, "", NULL);
        CHECK_REFUSED(&t, code, LAB_CODE);
        CHECK_STR(lab_value(&t, TND_HEADER_CONTACT), "<sip:lab-200@192.0.2.1:5062>");
        CHECK_STR(lab_value(&t, TND_HEADER_ALLOW),
                  "INVITE, ACK, CANCEL, BYE, OPTIONS, MESSAGE, INFO, UPDATE");
        CHECK_STR(lab_value(&t, TND_HEADER_ACCEPT), "application/sdp");
        CHECK(tnd_msg_has(t.reply, TND_HEADER_SUPPORTED));
        CHECK_STR(lab_value(&t, TND_HEADER_CONTENT_TYPE), "application/sdp");
        lab_ask(&t, "OPTIONS", uri, "", NULL); /* RFC 3261 §11.2 */
        CHECK_REFUSED(&t, code, LAB_CODE);
        CHECK_STR(lab_value(&t, TND_HEADER_ALLOW),
                  "INVITE, ACK, CANCEL, BYE, OPTIONS, MESSAGE, INFO, UPDATE");
        CHECK_STR(lab_value(&t, TND_HEADER_ACCEPT), "application/sdp");
        CHECK_STR(lab_value(&t, TND_HEADER_ACCEPT_ENCODING), "identity");
        CHECK_STR(lab_value(&t, TND_HEADER_ACCEPT_LANGUAGE), "*");
        CHECK(tnd_msg_has(t.reply, TND_HEADER_SUPPORTED));
        lab_ask(&t, "MESSAGE", uri, "Content-Type: text/plain\r\n", "hello");
        CHECK_REFUSED(&t, code, LAB_CODE);
        CHECK_EQ(t.reply->field_count, 6); /* RFC 3428 §7: no Contact, no body */
        CHECK_EQ(t.reply->body.len, 0);
    }
}

TND_TEST(lab_methods, "RFC 3261 §8.2.1",
         "a user that answers with 2xx refuses what it does not serve, and says what it serves")
{
    static const unsigned codes[METHOD_COUNT] = {200, 200, 200, 481, 481, 481,
                                                 481, 405, 405, 405, 405, 405};
    static const char *const uris[] = {"sip:lab-200@a;delay=9", "sip:lab-180@a", "sip:lab-420@a"};
    struct lab_test t;

    PROVES(LAB_METHOD);
    for (size_t u = 0; u < 3; u++) {
        for (size_t m = 3; m < METHOD_COUNT; m++) {
            lab_ask(&t, methods[m], uris[u],
                    "Event: x\r\nRefer-To: <sip:a>\r\nRAck: 1 1 INVITE\r\n"
                    "Subscription-State: active\r\n",
                    NULL);
            lab_next(&t);
            CHECK_EQ(t.step.due, -1);
            CHECK_EQ(t.reply->code, codes[m]);
            CHECK_EQ(t.step.rule, codes[m] == 405                       ? TND_RULE_LAB_METHOD
                                  : memcmp(methods[m], "PRACK", 5) == 0 ? TND_RULE_LAB_PRACK
                                                                        : TND_RULE_LAB_NO_DIALOG);
            CHECK_EQ(tnd_msg_has(t.reply, TND_HEADER_ALLOW), codes[m] == 405);
        }
    }
}

TND_TEST(lab_dialog, "RFC 3261 §12.2.2",
         "a request in a dialog is answered as the dialog has it, whatever the user is called")
{
    static const unsigned codes[METHOD_COUNT] = {200, 200, 200, 200, 200, 200,
                                                 481, 405, 405, 405, 405, 405};
    static const char *const uris[] = {"sip:lab-200@a", "sip:lab-486@a;delay=x;ring=5",
                                       "sip:lab-180@a", "sip:lab-481@a"};
    struct lab_test t;

    PROVES(LAB_DIALOG);
    PROVES(LAB_PRACK);
    for (size_t u = 0; u < 4; u++) {
        for (size_t m = 0; m < METHOD_COUNT; m++) {
            lab_ask_in_dialog(&t, methods[m], uris[u],
                              "Event: x\r\nRefer-To: <sip:a>\r\nRAck: 1 1 INVITE\r\n"
                              "Subscription-State: active\r\n",
                              NULL);
            lab_next(&t);
            CHECK_EQ(t.step.due, -1);
            CHECK_EQ(t.reply->code, codes[m]);
            CHECK_EQ(t.step.rule, codes[m] == 200   ? TND_RULE_LAB_DIALOG
                                  : codes[m] == 481 ? TND_RULE_LAB_PRACK
                                                    : TND_RULE_LAB_METHOD);
            CHECK(!t.step.forgets);
            /* a target refresh says where we are */
            CHECK_EQ(tnd_msg_has(t.reply, TND_HEADER_CONTACT), m == 0 || m == 5);
            CHECK_EQ(t.reply->body.len > 0, m == 0);
        }
    }
}

TND_TEST(lab_too_soon, "RFC 3261 §14.2",
         "a call that is not answered yet is not changed: 500, and again in 0 to 10 seconds")
{
    static const char *const seconds[] = {"0", "10", "0"};
    struct lab_test t;

    for (unsigned i = 0; i < 3; i++) {
        lab_ask_in_dialog(&t, i == 0 ? "INVITE" : "UPDATE", "sip:lab-180@a", LAB_SDP_TYPE, LAB_SDP);
        t.asked.is_early = true;
        t.asked.number = i == 1 ? 21 : 22 * i;
        CHECK_REFUSED(&t, 500, LAB_TOO_SOON);
        CHECK_STR(lab_value(&t, TND_HEADER_RETRY_AFTER), seconds[i]);
    }
    lab_ask_in_dialog(&t, "UPDATE", "sip:lab-180@a", "", NULL);
    t.asked.is_early = true;
    CHECK_REFUSED(&t, 200, LAB_DIALOG);
    lab_ask_in_dialog(&t, "BYE", "sip:lab-180@a", "", NULL);
    t.asked.is_early = true;
    CHECK_REFUSED(&t, 200, LAB_DIALOG);
}

TND_TEST(lab_481, "RFC 3261 §12.2.2",
         "lab-481 answers a call and forgets it; whatever comes later is answered with 481")
{
    struct lab_test t;

    PROVES(LAB_FORGETS);
    lab_ask(&t, "INVITE", "sip:lab-481@a;ring=0", "", NULL);
    lab_next(&t);
    CHECK_EQ(t.reply->code, 180);
    CHECK(t.step.forgets);
    lab_next(&t);
    CHECK_EQ(t.reply->code, 200);
    CHECK(t.step.forgets);
    CHECK_EQ(t.step.rule, TND_RULE_LAB_FORGETS);
    for (size_t m = 0; m < METHOD_COUNT; m++) {
        lab_ask_in_dialog(&t, methods[m], "sip:lab-481@a;delay=5",
                          "RAck: 1 1 INVITE\r\n"
                          "Event: x\r\nRefer-To: <sip:a>\r\nSubscription-State: active\r\n",
                          NULL);
        t.asked.in_dialog = false;
        CHECK_REFUSED(&t, 481, LAB_NO_DIALOG);
    }
    lab_ask(&t, "OPTIONS", "sip:lab-481@a", "", NULL);
    CHECK_REFUSED(&t, 481, LAB_CODE);
    lab_ask(&t, "INVITE", "sip:lab-481@a", LAB_SDP_TYPE, "nonsense");
    CHECK_REFUSED(&t, 400, LAB_OFFER_READ);
}

TND_TEST(lab_420, "RFC 3261 §21.4.15",
         "lab-420 refuses every extension that is required, and answers a call that has none")
{
    struct lab_test t;

    lab_ask(&t, "INVITE", "sip:lab-420@a", "", NULL);
    CHECK_REFUSED(&t, 200, LAB_REQUIRES_NOTHING);
    lab_ask(&t, "INVITE", "sip:lab-420@a", "Proxy-Require: a\r\n", NULL);
    CHECK_REFUSED(&t, 420, LAB_CODE);
    CHECK_STR(lab_value(&t, TND_HEADER_UNSUPPORTED), "a");
    lab_ask(&t, "REGISTER", "sip:lab-420@a", "Require: path\r\nRequire: gruu , x\r\n", NULL);
    CHECK_REFUSED(&t, 420, LAB_CODE);
    CHECK_STR(lab_value(&t, TND_HEADER_UNSUPPORTED), "path, gruu, x");
    lab_ask(&t, "INVITE", "sip:lab-420@a;unsupported=p%2Cq%2c%20r", "Require: a\r\n", NULL);
    CHECK_REFUSED(&t, 420, LAB_CODE);
    CHECK_STR(lab_value(&t, TND_HEADER_UNSUPPORTED), "p, q, r");
}

TND_TEST(lab_420_long, "RFC 3261 §21.4.15", "however many and long they are, the reply is valid")
{
    static char lines[64 * 1024];
    struct lab_test t;
    size_t len = 0;

    len +=
        (size_t)snprintf(lines, sizeof(lines), "Require: %015000d\r\nRequire: %04200d,x\r\n", 1, 2);
    for (int i = 0; i < 250; i++)
        len += (size_t)snprintf(lines + len, sizeof(lines) - len,
                                "Require: %050d\r\nProxy-Require: %070d\r\n", i, i);
    lab_ask(&t, "INVITE", "sip:lab-420@a", lines, NULL);
    CHECK_REFUSED(&t, 420, LAB_CODE);
    struct tnd_values v = tnd_msg_values(t.reply, TND_HEADER_UNSUPPORTED);
    struct tnd_slice tag;
    size_t count = 0;
    while (tnd_token_next(&v, &tag))
        count++;
    CHECK_EQ(count, TND_LIST_COUNT_MAX);
}

TND_TEST(lab_info, "RFC 6086 §4.2.2", "an INFO of a package that nobody asked for is refused")
{
    struct lab_test t;

    lab_ask_in_dialog(&t, "INFO", "sip:lab-200@a", "Info-Package: dtmf\r\n", NULL);
    CHECK_REFUSED(&t, 469, LAB_INFO_PACKAGE);
    CHECK(tnd_msg_has(t.reply, TND_HEADER_RECV_INFO));
    lab_ask_in_dialog(&t, "INFO", "sip:lab-200@a", "Content-Type: application/dtmf-relay\r\n", "x");
    CHECK_REFUSED(&t, 415, LAB_BODY);
    CHECK_STR(lab_value(&t, TND_HEADER_ACCEPT), "");
    lab_ask_in_dialog(&t, "INFO", "sip:lab-200@a", LAB_SDP_TYPE, LAB_SDP);
    CHECK_REFUSED(&t, 415, LAB_BODY);
}

TND_TEST(lab_bodies, "RFC 3261 §8.2.3",
         "a body that is neither understood nor optional is refused, and what is understood named")
{
    static const struct {
        const char *method, *lines, *accept, *encoding;
    } bad[] = {
        {"INVITE", "Content-Type: text/plain\r\n", "application/sdp", NULL},
        {"INVITE", "Content-Type: multipart/mixed;boundary=x\r\n", "application/sdp", NULL},
        {"INVITE", LAB_SDP_TYPE "Content-Disposition: render\r\n", "application/sdp", NULL},
        {"INVITE", LAB_SDP_TYPE "Content-Encoding: gzip\r\n", "application/sdp", "identity"},
        {"OPTIONS", "Content-Type: a/b\r\nContent-Disposition: x;handling=required\r\n",
         "application/sdp", NULL},
        {"MESSAGE", "Content-Type: text/html\r\n", "text/plain", NULL},
        {"MESSAGE", LAB_SDP_TYPE, "text/plain", NULL},
    };
    static const struct {
        const char *method, *lines;
    } good[] = {
        {"INVITE", "Content-Type: text/plain\r\nContent-Disposition: render;handling=optional\r\n"},
        {"INVITE", LAB_SDP_TYPE
         "Content-Encoding: gzip\r\nContent-Disposition: session;handling=OPTIONAL\r\n"},
        {"INVITE", LAB_SDP_TYPE "Content-Encoding: identity\r\nContent-Disposition: session\r\n"},
        {"OPTIONS", LAB_SDP_TYPE},
        {"MESSAGE", "Content-Type: Text/Plain;charset=UTF-8\r\n"},
    };
    struct lab_test t;

    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        lab_ask(&t, bad[i].method, "sip:lab-200@a;delay=5", bad[i].lines, LAB_SDP);
        CHECK_REFUSED(&t, 415, LAB_BODY);
        CHECK_STR(lab_value(&t, TND_HEADER_ACCEPT), bad[i].accept);
        CHECK_STR(lab_value(&t, TND_HEADER_ACCEPT_ENCODING), bad[i].encoding);
    }
    for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
        lab_ask(&t, good[i].method, "sip:lab-200@a", good[i].lines, LAB_SDP);
        CHECK_REFUSED(&t, 200, LAB_CODE);
    }
    lab_ask_in_dialog(&t, "BYE", "sip:lab-200@a", "Content-Type: application/x\r\n", "x");
    CHECK_REFUSED(&t, 200, LAB_DIALOG);
}

TND_TEST(lab_arena_over, "RFC 3261 §21.5.1", "an arena of any size gives a reply, or says over")
{
    static const char *const uris[] = {"sip:lab-200@a", "sip:lab-302@a;contact=sip:x%40y%2Csip:z",
                                       "sip:lab-180@a;ring=1", "sip:lab-401@a;body=x",
                                       "sip:lab-420@a;unsupported=a%2Cb"};
    static const char *const bodies[] = {LAB_SDP, LAB_SDP_HEAD "m=video 4 RTP/AVP 31\r\n", "v=1"};
    struct lab_test t;

    for (size_t u = 0; u < 5; u++) {
        for (size_t b = 0; b < 3; b++) {
            lab_ask(&t, "INVITE", uris[u], LAB_SDP_TYPE, bodies[b]);
            t.room = 0;
            for (lab_next(&t); t.step.over; lab_next(&t)) {
                CHECK(!t.step.is_reply && t.step.due == -1 && t.lab.stage == 0);
                t.room += 16;
            }
            CHECK(t.room < 40 * 1024);
            CHECK(t.reply);
        }
    }
}

TND_TEST(lab_arena_over_later, "RFC 3261 §21.5.1", "so does one that was large enough at first")
{
    static const char *const uris[] = {"sip:lab-302@a;ring=1;contact=sip:x%40y%2Csip:z",
                                       "sip:lab-180@a;ring=1", "sip:lab-401@a;ring=1;body=x",
                                       "sip:lab-420@a;delay=1;unsupported=a%2Cb"};
    struct lab_test t;

    for (size_t u = 0; u < sizeof(uris) / sizeof(*uris); u++) {
        lab_ask(&t, "INVITE", uris[u], LAB_SDP_TYPE, LAB_SDP);
        for (unsigned stage = 0; t.step.due >= 0; stage++) {
            t.room = 0;
            for (lab_next(&t); t.step.over; lab_next(&t)) {
                CHECK(!t.step.is_reply && t.step.due == -1 && t.lab.stage == stage);
                t.room += 16;
            }
            CHECK(t.room < 40 * 1024);
        }
        CHECK(t.reply);
    }
}
