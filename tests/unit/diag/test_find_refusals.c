/* Refusals, and what they are for: extensions, preconditions, redirects, forks, loops, and plain codes. */
#include "unit/diag/scene.h"

#include <stdio.h>

#define QOS(lines) SDP("198.51.100.1", "m=audio 4000 RTP/AVP 0\r\n" lines)

TND_TEST(find_which_tag_was_not_understood, "RFC 3261 §8.2.2.3",
         "of a 420 it is told which tag of Require was not understood, with both lines")
{
    SCENE({"0.0 A>B INVITE 1", "Require: 100rel, foo\r\n"},
          {"0.1 B>A 420 INVITE 1", "Unsupported: foo\r\n"}, {"0.2 A>B ACKN 1"});
    CHECK_FOUND(EXTENSION_UNKNOWN, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK_STR(FOUND(EXTENSION_UNKNOWN)->detail, "foo");
    CHECK_EQ(FOUND(EXTENSION_UNKNOWN)->code, 420);
    CHECK_SHOWS(EXTENSION_UNKNOWN, "Unsupported: foo");
    CHECK_SHOWS(EXTENSION_UNKNOWN, "Require: 100rel, foo");
    CHECK(!FOUND(EXTENSION_NOT_NAMED) && !FOUND(REFUSED) && !FOUND(EXTENSION_INSISTED));
}

TND_TEST(find_proxy_require, "RFC 3261 §16.3", "a 420 for a tag of Proxy-Require is told as such")
{
    SCENE({"0.0 A>P INVITE 1", "Proxy-Require: bar\r\n"},
          {"0.1 P>A 420 INVITE 1", "Unsupported: bar\r\n"}, {"0.2 A>P ACKN 1"});
    CHECK_FOUND(PROXY_EXTENSION_UNKNOWN, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK(!FOUND(EXTENSION_UNKNOWN));
}

TND_TEST(find_unsupported_that_names_nothing, "RFC 3261 §21.4.15",
         "a 420 that names no tag of the request is the fault of who sent it")
{
    SCENE({"0.0 A>B INVITE 1", "Require: foo\r\n"}, {"0.1 B>A 420 INVITE 1"}, {"0.2 A>B ACKN 1"});
    CHECK_FOUND(EXTENSION_NOT_NAMED, TND_DIAG_ERROR, TND_DIAG_CALLEE);
}

TND_TEST(find_same_tag_again, "RFC 3261 §8.1.3.5",
         "who asks for the refused tag again is told; who leaves it out has mended it")
{
    SCENE({"0.0 A>B INVITE 1", "Require: foo\r\n"},
          {"0.1 B>A 420 INVITE 1", "Unsupported: foo\r\n"}, {"0.1 A>B ACKN 1"},
          {"0.2 A>B INVITE 2", "Require: foo\r\n"},
          {"0.3 B>A 420 INVITE 2", "Unsupported: foo\r\n"}, {"0.4 A>B ACKN 2"});
    CHECK_FOUND(EXTENSION_INSISTED, TND_DIAG_ERROR, TND_DIAG_CALLER);
    SCENE({"0.0 A>B INVITE 1", "Require: foo\r\n"},
          {"0.1 B>A 420 INVITE 1", "Unsupported: foo\r\n"}, {"0.1 A>B ACKN 1"},
          {"0.2 A>B INVITE 2"}, {"0.3 B>A 200 INVITE 2"}, {"0.4 A>B ACK 2"});
    CHECK_FOUND(EXTENSION_UNKNOWN, TND_DIAG_NOTE, TND_DIAG_CALLER);
    CHECK(!FOUND(EXTENSION_INSISTED));
}

TND_TEST(find_needed_extension, "RFC 3261 §21.4.16", "of a 421 it is told which tag is needed")
{
    SCENE({"0.0 A>B INVITE 1"}, {"0.1 B>A 421 INVITE 1", "Require: timer\r\n"}, {"0.2 A>B ACKN 1"});
    CHECK_FOUND(EXTENSION_NEEDED, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK_STR(FOUND(EXTENSION_NEEDED)->detail, "timer");
}

TND_TEST(find_failed_precondition, "RFC 3312 §8",
         "of a 580 it is told which precondition line failed")
{
    SCENE({"0.0 A>B INVITE 1", "Require: precondition\r\n",
           QOS("a=curr:qos e2e none\r\na=des:qos mandatory e2e sendrecv\r\n")},
          {"0.1 B>A 580 INVITE 1", NULL, QOS("a=des:qos failure e2e send\r\n")},
          {"0.2 A>B ACKN 1"});
    CHECK_FOUND(PRECONDITION_FAILED, TND_DIAG_ERROR, TND_DIAG_NETWORK);
    CHECK_STR(FOUND(PRECONDITION_FAILED)->detail, "qos failure e2e send");
    CHECK_SHOWS(PRECONDITION_FAILED, "a=des:qos failure e2e send");
    CHECK_SHOWS(PRECONDITION_FAILED, "a=des:qos mandatory e2e sendrecv");
    CHECK_SHOWS(PRECONDITION_FAILED, "a=curr:qos e2e none");
}

TND_TEST(find_unknown_and_unmet_precondition, "RFC 3312 §8",
         "a precondition of an unknown type, and one that is not said, are told apart")
{
    SCENE(
        {"0.0 A>B INVITE 1", NULL, QOS("a=curr:foo e2e none\r\na=des:foo mandatory e2e send\r\n")},
        {"0.1 B>A 580 INVITE 1", NULL, QOS("a=des:foo unknown e2e send\r\n")}, {"0.2 A>B ACKN 1"});
    CHECK_FOUND(PRECONDITION_UNKNOWN, TND_DIAG_ERROR, TND_DIAG_CALLER);
    SCENE(
        {"0.0 A>B INVITE 1", NULL, QOS("a=curr:qos e2e none\r\na=des:qos mandatory e2e send\r\n")},
        {"0.1 B>A 580 INVITE 1"}, {"0.2 A>B ACKN 1"});
    CHECK_FOUND(PRECONDITION_UNMET, TND_DIAG_ERROR, TND_DIAG_CALLEE);
    CHECK_SHOWS(PRECONDITION_UNMET, "a=des:qos mandatory e2e send");
    CHECK(!FOUND(PRECONDITION_FAILED));
}

TND_TEST(find_redirect_that_is_not_followed, "RFC 3261 §8.1.3.4",
         "a redirect is told when it was not followed, with its Contact")
{
    SCENE({"0.0 A>P INVITE 1"}, {"0.1 P>A 302 INVITE 1", "Contact: <sip:bob@198.51.100.2>\r\n"},
          {"0.2 A>P ACKN 1"});
    CHECK_FOUND(REDIRECT_NOT_FOLLOWED, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK_SHOWS(REDIRECT_NOT_FOLLOWED, "Contact: <sip:bob@198.51.100.2>");
}

TND_TEST(find_redirect_that_leads_back, "RFC 3261 §8.1.3.4",
         "redirects from one address to another and back are a loop")
{
    SCENE({"0.0 A>P INVITE 1"}, {"0.1 P>A 302 INVITE 1", "Contact: <sip:carol@example.com>\r\n"},
          {"0.1 A>P ACKN 1"}, {"0.2 A>P INVITE 2 uri=sip:carol@example.com"},
          {"0.3 P>A 302 INVITE 2", "Contact: <sip:bob@example.com>\r\n"}, {"0.4 A>P ACKN 2"});
    CHECK_FOUND(REDIRECT_LOOP, TND_DIAG_ERROR, TND_DIAG_CALLEE);
    CHECK_STR(FOUND(REDIRECT_LOOP)->detail, "<sip:bob@example.com>");
    CHECK(!FOUND(REDIRECT_NOT_FOLLOWED));
}

TND_TEST(find_redirect_to_nowhere, "RFC 3261 §21.3",
         "a redirect without a Contact, a 305 and a 380 are told as what they are")
{
    SCENE({"0.0 A>P INVITE 1"}, {"0.1 P>A 302 INVITE 1", "Contact: <mailto:bob@example.com>\r\n"},
          {"0.2 A>P ACKN 1"});
    CHECK_FOUND(REDIRECT_WITHOUT_CONTACT, TND_DIAG_ERROR, TND_DIAG_CALLEE);
    SCENE({"0.0 A>P INVITE 1"}, {"0.1 P>A 305 INVITE 1", "Contact: <sip:203.0.113.6>\r\n"},
          {"0.2 A>P ACKN 1"});
    CHECK_FOUND(REDIRECT_TO_PROXY, TND_DIAG_ERROR, TND_DIAG_CALLER);
    SCENE({"0.0 A>P INVITE 1"}, {"0.1 P>A 380 INVITE 1"}, {"0.2 A>P ACKN 1"});
    CHECK_FOUND(ALTERNATIVE_NOT_USED, TND_DIAG_ERROR, TND_DIAG_CALLER);
    SCENE({"0.0 A>P INVITE 1"}, {"0.1 P>A 380 INVITE 1", "Contact: <sip:112@example.com>\r\n"},
          {"0.2 A>P ACKN 1"}, {"0.3 A>P INVITE 2 uri=sip:112@example.com"},
          {"0.4 P>A 200 INVITE 2"}, {"0.5 A>P ACK 2"});
    CHECK_EQ(scene_worst(), -1);
}

#define FORK                                                                          \
    {"0.0 A>P INVITE 1"}, {"0.1 P>B INVITE 1 via=A>P"}, {"0.1 P>C INVITE 1 via=A>P"}, \
        {"0.2 B>P 180 INVITE 1 via=A>P"}, {"0.3 P>A 180 INVITE 1"},                   \
    {                                                                                 \
        "2.0 C>P 600 INVITE 1 via=A>P to=c"                                           \
    }

TND_TEST(find_6xx_that_stopped_a_fork, "RFC 3261 §16.7",
         "a 6xx of one branch that cancelled another one is told, with the device that sent it")
{
    SCENE(FORK, {"2.0 P>C ACKN 1 to=c"}, {"2.1 P>B CANCEL 1"}, {"2.2 B>P 200 CANCEL 1"},
          {"2.2 B>P 487 INVITE 1 via=A>P"}, {"2.3 P>B ACKN 1"}, {"2.3 P>A 600 INVITE 1 to=c"},
          {"2.4 A>P ACKN 1 to=c"});
    CHECK_FOUND(FORK_STOPPED, TND_DIAG_WARNING, TND_DIAG_CALLEE);
    CHECK_EQ(FOUND(FORK_STOPPED)->place.octets[3], 3);
    CHECK_FOUND(BUSY_EVERYWHERE, TND_DIAG_WARNING, TND_DIAG_CALLEE);
    CHECK_EQ(FOUND(BUSY_EVERYWHERE)->place.octets[3], 3);
    CHECK(!FOUND(FORK_NOT_STOPPED));
}

TND_TEST(find_6xx_before_the_last_branch, "RFC 3261 §16.7",
         "a branch that was on its way out when the 6xx came was stopped by it as well")
{
    SCENE({"0.0 A>P INVITE 1"}, {"0.1 P>C INVITE 1 via=A>P"},
          {"0.101 C>P 603 INVITE 1 via=A>P to=c"}, {"0.102 P>B INVITE 1 via=A>P"},
          {"0.103 P>C ACKN 1 to=c"}, {"0.11 B>P 180 INVITE 1 via=A>P"}, {"0.12 P>B CANCEL 1"},
          {"0.13 B>P 200 CANCEL 1"}, {"0.13 B>P 487 INVITE 1 via=A>P"}, {"0.14 P>B ACKN 1"},
          {"0.14 P>A 603 INVITE 1 to=c"}, {"0.15 A>P ACKN 1 to=c"});
    CHECK_FOUND(FORK_STOPPED, TND_DIAG_WARNING, TND_DIAG_CALLEE);
    CHECK_FOUND(DECLINED, TND_DIAG_WARNING, TND_DIAG_CALLEE);
}

TND_TEST(find_6xx_that_did_not_stop_a_fork, "RFC 3261 §16.7",
         "a proxy that passes a 6xx on and lets the others ring is told")
{
    SCENE(FORK, {"2.0 P>C ACKN 1 to=c"}, {"2.3 P>A 600 INVITE 1 to=c"}, {"2.4 A>P ACKN 1 to=c"});
    CHECK_FOUND(FORK_NOT_STOPPED, TND_DIAG_WARNING, TND_DIAG_PROXY);
    CHECK(!FOUND(FORK_STOPPED));
}

TND_TEST(find_loop, "RFC 3261 §16.3",
         "a request that has the Via of one element twice has gone in a circle")
{
    SCENE({"0.0 A>P INVITE 1"}, {"0.1 P>Q INVITE 1 via=A>P"}, {"0.2 Q>P INVITE 1 via=P>Q,A>P"},
          {"0.3 P>Q INVITE 1 via=Q>P,P>Q,A>P id=x"}, {"0.4 Q>P 482 INVITE 1 via=Q>P,P>Q,A>P id=x"},
          {"0.4 P>Q ACKN 1 id=x"}, {"0.5 P>Q 482 INVITE 1 via=P>Q,A>P"},
          {"0.6 Q>P 482 INVITE 1 via=A>P"}, {"0.7 P>A 482 INVITE 1"}, {"0.8 A>P ACKN 1"});
    CHECK_FOUND(LOOP, TND_DIAG_ERROR, TND_DIAG_PROXY);
    CHECK(!FOUND(LOOP)->is_guess);
    CHECK_SHOWS(LOOP, "Via: ");
    SCENE({"0.0 A>P INVITE 1"}, {"0.1 P>A 482 INVITE 1"}, {"0.2 A>P ACKN 1"});
    CHECK(FOUND(LOOP)->is_guess);
}

TND_TEST(find_merged_request, "RFC 3261 §8.2.2.2",
         "a 482 to the second copy of a request is told as that, and is no fault of the call")
{
    SCENE({"0.0 A>P INVITE 1"}, {"0.1 P>B INVITE 1 via=A>P"}, {"0.1 Q>B INVITE 1 via=P>Q,A>P"},
          {"0.2 B>Q 482 INVITE 1 via=P>Q,A>P"}, {"0.2 Q>B ACKN 1"},
          {"0.3 B>P 200 INVITE 1 via=A>P"}, {"0.4 P>A 200 INVITE 1"}, {"0.5 A>B ACK 1"});
    CHECK_FOUND(REQUEST_MERGED, TND_DIAG_WARNING, TND_DIAG_PROXY);
    CHECK(!FOUND(LOOP));
}

TND_TEST(find_hops_spent, "RFC 3261 §16.3", "a 483 is told with what was left of Max-Forwards")
{
    SCENE({"0.0 A>P INVITE 1"}, {"0.1 P>A 483 INVITE 1"}, {"0.2 A>P ACKN 1"});
    CHECK_FOUND(HOPS_SPENT, TND_DIAG_ERROR, TND_DIAG_PROXY);
    CHECK_SHOWS(HOPS_SPENT, "Max-Forwards: 70");
}

TND_TEST(find_plain_codes, "RFC 3261 §21", "each final response has its finding and its culprit")
{
    static const struct {
        const char *arrow;
        uint8_t rule, severity, culprit;
    } codes[] = {
#define CODE(code, id, severity, culprit) \
    {"0.1 B>A " #code " INVITE 1", TND_DIAG_RULE_##id, TND_DIAG_##severity, TND_DIAG_##culprit}
        CODE(404, USER_UNKNOWN, ERROR, CALLER),      CODE(604, USER_UNKNOWN, ERROR, CALLER),
        CODE(410, USER_GONE, ERROR, CALLER),         CODE(484, ADDRESS_INCOMPLETE, ERROR, CALLER),
        CODE(480, NOT_REACHABLE, ERROR, CALLEE),     CODE(486, BUSY, WARNING, CALLEE),
        CODE(600, BUSY_EVERYWHERE, WARNING, CALLEE), CODE(603, DECLINED, WARNING, CALLEE),
        CODE(607, DECLINED, WARNING, CALLEE),        CODE(608, BLOCKED, WARNING, PROXY),
        CODE(403, FORBIDDEN, ERROR, PROXY),          CODE(400, MALFORMED_BY_OTHERS, ERROR, CALLER),
        CODE(405, METHOD_REFUSED, ERROR, CALLER),    CODE(415, BODY_REFUSED, ERROR, CALLER),
        CODE(513, REQUEST_LARGE, ERROR, CALLER),     CODE(408, TIMED_OUT, ERROR, NETWORK),
        CODE(500, SERVER_FAILED, ERROR, PROXY),      CODE(502, GATEWAY_FAILED, ERROR, PROXY),
        CODE(488, MEDIA_REFUSED, ERROR, CALLER),     CODE(499, REFUSED, ERROR, CALLEE),
        CODE(699, REFUSED, ERROR, CALLEE),
#undef CODE
    };

    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
        const struct tnd_diag_call *call =
            SCENE({"0.0 A>B INVITE 1"}, {codes[i].arrow, "Reason: Q.850;cause=1;text=\"x\"\r\n"},
                  {"0.2 A>B ACKN 1"});
        const struct tnd_diag_finding *f = &call->finding[0];

        CHECK(call->finding_count > 0);
        CHECK_EQ(f->rule, codes[i].rule);
        CHECK_EQ(f->severity, codes[i].severity);
        CHECK_EQ(f->culprit, codes[i].culprit);
        CHECK_EQ(f->code, call->code);
        CHECK_STR(f->detail, "x");
        CHECK(scene_shows(f, "Reason: Q.850"));
    }
}

TND_TEST(find_any_code, "RFC 3261 §8.1.3.2",
         "a call that failed with any final response has a finding of that code, and a culprit")
{
    for (unsigned code = 300; code < 700; code++) {
        char arrow[64];

        snprintf(arrow, sizeof(arrow), "0.1 B>A %u INVITE 1", code);
        const struct tnd_diag_call *call = SCENE({"0.0 A>B INVITE 1"}, {arrow}, {"0.2 A>B ACKN 1"});
        if (code == 487) /* RFC 3261 §21.4.25: it was ended, and has not failed */
            continue;
        CHECK_EQ(call->result, TND_DIAG_FAILED);
        CHECK(call->finding_count > 0);
        CHECK_EQ(call->finding[0].code, code);
        CHECK(call->finding[0].culprit != TND_DIAG_NOBODY);
    }
}

TND_TEST(find_retry_after, "RFC 3261 §20.33",
         "who tries again before Retry-After is over is told; who waits is not")
{
    SCENE({"0.0 A>P INVITE 1"}, {"0.1 P>A 503 INVITE 1", "Retry-After: 10\r\n"}, {"0.1 A>P ACKN 1"},
          {"2.0 A>P INVITE 2"}, {"2.1 P>A 503 INVITE 2", "Retry-After: 10\r\n"},
          {"2.2 A>P ACKN 2"});
    CHECK_FOUND(RETRIED_EARLY, TND_DIAG_WARNING, TND_DIAG_CALLER);
    CHECK_FOUND(NEXT_SERVER_NOT_TRIED, TND_DIAG_WARNING, TND_DIAG_CALLER);
    CHECK_FOUND(SERVER_OVERLOADED, TND_DIAG_ERROR, TND_DIAG_PROXY);
    SCENE({"0.0 A>P INVITE 1"}, {"0.1 P>A 503 INVITE 1", "Retry-After: 10\r\n"}, {"0.1 A>P ACKN 1"},
          {"0.2 A>Q INVITE 2"}, {"0.3 Q>A 503 INVITE 2"}, {"0.3 A>Q ACKN 2"}, {"11 A>P INVITE 3"},
          {"11.1 P>A 200 INVITE 3"}, {"11.2 A>P ACK 3"});
    CHECK(!FOUND(RETRIED_EARLY) && !FOUND(NEXT_SERVER_NOT_TRIED));
    SCENE({"0.0 A>P INVITE 1 uri=sip:bob@203.0.113.5"},
          {"0.1 P>A 503 INVITE 1 uri=sip:bob@203.0.113.5"}, {"0.2 A>P ACKN 1"});
    CHECK(!FOUND(NEXT_SERVER_NOT_TRIED)); /* an address has no other server */
}

TND_TEST(find_expires_that_is_not_raised, "RFC 3261 §10.2.8",
         "after a 423 the time has to be raised to Min-Expires")
{
    SCENE({"0.0 A>P REGISTER 1", "Expires: 30\r\n"},
          {"0.1 P>A 423 REGISTER 1", "Min-Expires: 60\r\n"},
          {"1.0 A>P REGISTER 2", "Expires: 30\r\n"},
          {"1.1 P>A 423 REGISTER 2", "Min-Expires: 60\r\n"});
    CHECK_FOUND(EXPIRES_BRIEF, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK_SHOWS(EXPIRES_BRIEF, "Min-Expires: 60");
    SCENE({"0.0 A>P REGISTER 1", "Expires: 30\r\n"},
          {"0.1 P>A 423 REGISTER 1", "Min-Expires: 60\r\n"},
          {"1.0 A>P REGISTER 2", "Expires: 60\r\n"}, {"1.1 P>A 200 REGISTER 2"});
    CHECK(!FOUND(EXPIRES_BRIEF));
}

TND_TEST(find_malformed, "RFC 3261 §21.4.1",
         "of a refused request the parser's flaw is told, with the line and the rule")
{
    SCENE({"0.0 A>B INVITE 1", "Contact: <sip:alice@>\r\n"}, {"0.1 B>A 400 INVITE 1"},
          {"0.2 A>B ACKN 1"});
    CHECK_FOUND(MALFORMED_REFUSED, TND_DIAG_ERROR, TND_DIAG_CALLER);
    CHECK_SHOWS(MALFORMED_REFUSED, "Contact: <sip:alice@>");
    CHECK_EQ(FOUND(MALFORMED_REFUSED)->flaw, TND_RULE_HOST);
    CHECK(!FOUND(MALFORMED_BY_OTHERS));
    SCENE({"0.0 A>B INVITE 1", "Contact: <sip:alice@>\r\n"}, {"0.1 B>A 486 INVITE 1"},
          {"0.2 A>B ACKN 1"});
    CHECK_FOUND(MALFORMED, TND_DIAG_WARNING, TND_DIAG_CALLER);
    CHECK(!FOUND(MALFORMED_REFUSED));
}

#define SESSION "Session-ID: 00000000000000000000000000000001\r\n"

TND_TEST(find_source_behind_a_b2bua, "RFC 7092 §3.1",
         "what is refused behind a B2BUA is told where it was refused, and once")
{
    SCENE({"0.0 A>P INVITE 1", SESSION}, {"0.1 P>B INVITE 1 call=2@example.org from=p", SESSION},
          {"0.2 B>P 603 INVITE 1 call=2@example.org from=p", SESSION},
          {"0.2 P>B ACKN 1 call=2@example.org from=p"}, {"0.3 P>A 603 INVITE 1 to=q", SESSION},
          {"0.4 A>P ACKN 1 to=q"});
    CHECK_FOUND(DECLINED, TND_DIAG_WARNING, TND_DIAG_CALLEE);
    CHECK_EQ(FOUND(DECLINED)->place.octets[3], 2);
    CHECK_EQ(FOUND(DECLINED)->evidence[0].message, 2);
}

TND_TEST(find_b2bua_that_is_challenged, "RFC 3261 §22.1",
         "a B2BUA that has no password for its provider is whose doing it is, not the caller")
{
    SCENE({"0.0 A>P INVITE 1", SESSION}, {"0.1 P>Q INVITE 1 call=2@example.org from=p", SESSION},
          {"0.2 Q>P 401 INVITE 1 call=2@example.org from=p",
           "WWW-Authenticate: Digest realm=\"x\", nonce=\"n\"\r\n"},
          {"0.2 P>Q ACKN 1 call=2@example.org from=p"}, {"0.3 P>A 503 INVITE 1 to=q", SESSION},
          {"0.4 A>P ACKN 1 to=q"});
    CHECK_FOUND(AUTH_NOT_ANSWERED, TND_DIAG_ERROR, TND_DIAG_PROXY);
    CHECK_EQ(FOUND(AUTH_NOT_ANSWERED)->place.octets[3], 5);
}
