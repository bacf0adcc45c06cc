/* How calls went. */
#include "unit/diag/diag_test.h"

static void is(enum tnd_diag_result result, unsigned code)
{
    const struct tnd_diag_call *call = diag_last();

    CHECK_EQ(call->result, result);
    CHECK_EQ(call->code, code);
    diag_stop();
}

static void begin(void)
{
    diag_start((struct tnd_diag_world){0});
    SEE(.from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE");
}

/* The caller gets it; the branch of his request is cseq's. */
static void refuse(int64_t ms, const char *first, const char *cseq)
{
    SEE(.ms = ms, .from = 2, .to = 1, .first = first, .cseq = cseq, .to_tag = "b");
}

TND_TEST(diag_answered, "RFC 3261 §13.2.2.4",
         "a call that got a 2xx is answered, and has its times")
{
    diag_start((struct tnd_diag_world){0});
    diag_see_answered(1000);
    diag_see_bye(5000);
    const struct tnd_diag_call *call = diag_last();
    CHECK_EQ(call->result, TND_DIAG_ANSWERED);
    CHECK_EQ(call->code, 200);
    CHECK_EQ(call->method, TND_METHOD_INVITE);
    CHECK_EQ(call->began, TND_MS(1000));
    CHECK_EQ(call->rang, TND_MS(1010));
    CHECK_EQ(call->answered, TND_MS(1020));
    CHECK_EQ(call->ended, TND_MS(5000));
    CHECK_STR(call->from, "sip:alice@example.org");
    CHECK_STR(call->to, "sip:bob@example.org");
    CHECK_STR(call->call_id, "7c1b2f0e9d8a4c55@192.0.2.1");
    CHECK_EQ(call->leg_count, 1);
    diag_stop();
}

TND_TEST(diag_failed, "RFC 3261 §21", "a call whose last final response is a refusal has failed")
{
    begin();
    refuse(10, "SIP/2.0 180 Ringing", "1 INVITE");
    refuse(20, "SIP/2.0 486 Busy Here", "1 INVITE");
    is(TND_DIAG_FAILED, 486);
}

TND_TEST(diag_cancelled, "RFC 3261 §9.1",
         "a call that the caller cancelled has not failed, whatever the code")
{
    static const char *const refusals[] = {"SIP/2.0 487 Request Terminated",
                                           "SIP/2.0 480 Temporarily Unavailable"};

    for (size_t i = 0; i < 2; i++) {
        begin();
        SEE(.ms = 10, .from = 1, .to = 2, .first = "CANCEL sip:bob@example.org SIP/2.0",
            .cseq = "1 CANCEL");
        refuse(20, refusals[i], "1 INVITE");
        is(TND_DIAG_CANCELLED, i == 0 ? 487 : 480);
    }
}

TND_TEST(diag_cancel_of_others, "RFC 3261 §16.7",
         "what a proxy cancels on its branches, the caller has not cancelled")
{
    begin();
    SEE(.ms = 1, .from = 2, .to = 3, .first = INVITE, .cseq = "1 INVITE", .branch = "2");
    SEE(.ms = 2, .from = 2, .to = 3, .first = "CANCEL sip:bob@192.0.2.3 SIP/2.0",
        .cseq = "1 CANCEL", .branch = "2");
    SEE(.ms = 3, .from = 3, .to = 2, .first = "SIP/2.0 487 Request Terminated", .cseq = "1 INVITE",
        .branch = "2", .to_tag = "c");
    refuse(4, "SIP/2.0 600 Busy Everywhere", "1 INVITE");
    is(TND_DIAG_FAILED, 600);
}

TND_TEST(diag_cancel_crossed, "RFC 3261 §9.1",
         "a CANCEL that crosses with the answer has no effect: the call is answered")
{
    begin();
    SEE(.ms = 10, .from = 1, .to = 2, .first = "CANCEL sip:bob@example.org SIP/2.0",
        .cseq = "1 CANCEL");
    SEE(.ms = 11, .from = 2, .to = 1, .first = OK, .cseq = "1 INVITE", .to_tag = "b");
    is(TND_DIAG_ANSWERED, 200);
}

TND_TEST(
    diag_challenged, "RFC 3261 §22.2",
    "a call that is challenged and then answered is answered; without a second try it has failed")
{
    begin();
    refuse(10, "SIP/2.0 407 Proxy Authentication Required", "1 INVITE");
    SEE(.ms = 20, .from = 1, .to = 2, .first = INVITE, .cseq = "2 INVITE", .branch = "2");
    SEE(.ms = 30, .from = 2, .to = 1, .first = OK, .cseq = "2 INVITE", .branch = "2",
        .to_tag = "c");
    is(TND_DIAG_ANSWERED, 200);
    begin();
    refuse(10, "SIP/2.0 407 Proxy Authentication Required", "1 INVITE");
    is(TND_DIAG_FAILED, 407);
}

TND_TEST(diag_redirected, "RFC 3261 §8.1.3.4",
         "a call that follows a redirect is what becomes of it at its new address")
{
    begin();
    refuse(10, "SIP/2.0 302 Moved Temporarily", "1 INVITE");
    SEE(.ms = 20, .from = 1, .to = 5, .first = "INVITE sip:bob@192.0.2.5 SIP/2.0",
        .cseq = "2 INVITE", .branch = "2");
    SEE(.ms = 30, .from = 5, .to = 1, .first = OK, .cseq = "2 INVITE", .branch = "2",
        .to_tag = "c");
    is(TND_DIAG_ANSWERED, 200);
    begin();
    refuse(10, "SIP/2.0 302 Moved Temporarily", "1 INVITE");
    SEE(.ms = 20, .from = 1, .to = 5, .first = "INVITE sip:bob@192.0.2.5 SIP/2.0",
        .cseq = "1 INVITE", .branch = "2"); /* some keep CSeq */
    SEE(.ms = 30, .from = 5, .to = 1, .first = "SIP/2.0 404 Not Found", .cseq = "1 INVITE",
        .branch = "2", .to_tag = "c");
    is(TND_DIAG_FAILED, 404);
}

TND_TEST(diag_hops, "RFC 3261 §16.7",
         "what a proxy gets on its branches is not what the caller gets")
{
    begin();
    SEE(.ms = 1, .from = 2, .to = 3, .first = INVITE, .cseq = "1 INVITE", .branch = "2");
    SEE(.ms = 2, .from = 3, .to = 2, .first = "SIP/2.0 503 Service Unavailable", .cseq = "1 INVITE",
        .branch = "2", .to_tag = "c");
    SEE(.ms = 3, .from = 2, .to = 4, .first = INVITE, .cseq = "1 INVITE", .branch = "3");
    SEE(.ms = 4, .from = 4, .to = 2, .first = OK, .cseq = "1 INVITE", .branch = "3", .to_tag = "b");
    SEE(.ms = 5, .from = 2, .to = 1, .first = OK, .cseq = "1 INVITE", .to_tag = "b");
    is(TND_DIAG_ANSWERED, 200);
}

TND_TEST(diag_hops_late, "RFC 3261 §16.8",
         "an answer that a proxy gets when it has given up is none for the caller")
{
    begin();
    SEE(.ms = 1, .from = 2, .to = 3, .first = INVITE, .cseq = "1 INVITE", .branch = "2");
    SEE(.ms = 2, .from = 2, .to = 1, .first = "SIP/2.0 408 Request Timeout", .cseq = "1 INVITE",
        .to_tag = "b");
    SEE(.ms = 3, .from = 3, .to = 2, .first = OK, .cseq = "1 INVITE", .branch = "2", .to_tag = "c");
    is(TND_DIAG_FAILED, 408);
}

TND_TEST(diag_fork_alone, "RFC 3261 §16.6",
         "where only the branches of a fork were seen, one that is answered answers the call")
{
    diag_start((struct tnd_diag_world){0});
    SEE(.ms = 1, .from = 2, .to = 3, .first = INVITE, .cseq = "1 INVITE", .branch = "2");
    SEE(.ms = 1, .from = 2, .to = 4, .first = INVITE, .cseq = "1 INVITE", .branch = "3");
    SEE(.ms = 4, .from = 4, .to = 2, .first = OK, .cseq = "1 INVITE", .branch = "3", .to_tag = "b");
    SEE(.ms = 5, .from = 3, .to = 2, .first = "SIP/2.0 487 Request Terminated", .cseq = "1 INVITE",
        .branch = "2", .to_tag = "c");
    is(TND_DIAG_ANSWERED, 200);
}

TND_TEST(diag_unanswered, "RFC 3261 §17.1.1.2",
         "who gets no response at all for 64*T1 has failed; before that the call is open")
{
    begin();
    SEE(.ms = 500, .from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE");
    is(TND_DIAG_OPEN, 0);
    begin();
    tnd_diag_pass(diag, TND_SEC(32));
    is(TND_DIAG_FAILED, 0);
}

TND_TEST(
    diag_unanswered_to_the_end, "RFC 3261 §17.1.1.2",
    "a capture that ends with the last time a request is sent, at 63*T1, is of a call that failed")
{
    begin();
    for (int64_t ms = 500, pause = 1000; ms < 32000; ms += pause, pause *= 2)
        SEE(.ms = ms, .from = 1, .to = 2, .first = INVITE, .cseq = "1 INVITE");
    is(TND_DIAG_FAILED, 0);
}

TND_TEST(diag_answer_unseen, "RFC 3261 §13.2.2.4",
         "an ACK with a branch of its own shows that there was an answer, though it was not seen")
{
    begin();
    SEE(.ms = 10, .from = 1, .to = 2, .first = "ACK sip:bob@192.0.2.2 SIP/2.0", .cseq = "1 ACK",
        .branch = "2", .to_tag = "b");
    tnd_diag_pass(diag, TND_SEC(60));
    is(TND_DIAG_ANSWERED, 0);
}

TND_TEST(diag_refusal_unseen, "RFC 3261 §17.1.1.3",
         "an ACK with the branch of its INVITE is that of a refusal, and shows no answer")
{
    begin();
    SEE(.ms = 10, .from = 1, .to = 2, .first = "ACK sip:bob@example.org SIP/2.0", .cseq = "1 ACK",
        .to_tag = "b");
    tnd_diag_pass(diag, TND_SEC(60));
    is(TND_DIAG_FAILED, 0);
}

TND_TEST(diag_reinvite, "RFC 3261 §14.1", "a re-INVITE that is refused leaves the call answered")
{
    diag_start((struct tnd_diag_world){0});
    diag_see_answered(0);
    SEE(.ms = 1000, .from = 1, .to = 2, .first = INVITE, .cseq = "2 INVITE", .branch = "7",
        .to_tag = "b");
    SEE(.ms = 1010, .from = 2, .to = 1, .first = "SIP/2.0 488 Not Acceptable Here",
        .cseq = "2 INVITE", .branch = "7", .to_tag = "b");
    is(TND_DIAG_ANSWERED, 200);
}

TND_TEST(diag_within, "RFC 3261 §15.1.1",
         "a capture that begins within a call tells what it began with")
{
    diag_start((struct tnd_diag_world){0});
    diag_see_bye(0);
    const struct tnd_diag_call *call = diag_last();
    CHECK_EQ(call->method, TND_METHOD_BYE);
    CHECK_EQ(call->result, TND_DIAG_ANSWERED);
    CHECK_EQ(call->rang, INT64_MIN);
    diag_stop();
}

TND_TEST(diag_register, "RFC 3261 §10.2",
         "a registration is answered by its 200, challenged or not")
{
    static const char request[] = "REGISTER sip:example.org SIP/2.0";

    diag_start((struct tnd_diag_world){0});
    SEE(.from = 1, .to = 2, .first = request, .cseq = "1 REGISTER");
    SEE(.ms = 1, .from = 2, .to = 1, .first = "SIP/2.0 401 Unauthorized", .cseq = "1 REGISTER",
        .to_tag = "b");
    SEE(.ms = 2, .from = 1, .to = 2, .first = request, .cseq = "2 REGISTER", .branch = "2");
    SEE(.ms = 3, .from = 2, .to = 1, .first = OK, .cseq = "2 REGISTER", .branch = "2",
        .to_tag = "b");
    const struct tnd_diag_call *call = diag_last();
    CHECK_EQ(call->method, TND_METHOD_REGISTER);
    CHECK_EQ(call->answered, TND_MS(3));
    CHECK_EQ(call->result, TND_DIAG_ANSWERED);
    CHECK_EQ(call->code, 200);
    diag_stop();
}
