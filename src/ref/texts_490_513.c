/* Texts of 491 to 513. src/ref/texts.h. */
#include "ref/texts.h"

const struct tnd_explanation tnd_texts_490_513[] = {
    {
        .code = 491,
        .sender = TND_BY_CALLEE,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_DONE,
        .outcome = TND_OUTCOME_KEPT,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_WAIT_AND_RETRY,
        .reference = "RFC 3261 §21.4.27",
        .description =
            N_("Both sides have tried to change the call at the same time, or a change is "
               "still pending. The request has met another one."),
        .when = N_("With re-INVITE and UPDATE, when both sides put on hold, or refresh the "
                   "session, at the same moment."),
        .fix = N_("Nothing needs to be changed: send the same change again after a random "
                  "wait. The call itself goes on."),
        .fix_callee = N_(
            "Wait for the answer to your own request first, then take the next one of the other side."),
        .fix_developer =
            N_("Wait from 2.1 to 4 seconds if the Call-ID is yours, else up to 2 seconds, "
               "in steps of 10 ms (RFC 3261 §14.1). So the two do not meet again."),
        .recovery = N_("It waits for a random time and sends the same change again."),
        .use = N_("Send 491 when an INVITE or UPDATE arrives in a dialog while your own is "
                  "not answered yet."),
        .cause = {N_("Both ends press hold at once."),
                  N_("Session timers of both sides fire together."),
                  N_("An UPDATE comes while the receiver waits for the answer to its own offer.")},
        .field = {{TND_HEADER_CSEQ, N_("Of the request: which of the requests was refused.")}},
        .related = {481, 487, 500, 488},
    },
    {
        .code = 493,
        .sender = TND_BY_CALLEE | TND_BY_PROXY,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3261 §21.4.28",
        .description = N_("The body was encrypted with S/MIME, and the receiver has no key to read "
                          "it."),
        .when = N_("Rarely: S/MIME in SIP is hardly used."),
        .fix = N_(
            "Encrypt with the certificate that the body of the 493 carries; without one, the callee takes no encrypted bodies (RFC 3261 §23.2). Or send the body unencrypted over TLS."),
        .fix_callee = N_("Send your certificate in the body of the response."),
        .fix_developer = N_("The body may hold the public key for the next attempt."),
        .use = N_("Send 493 when an encrypted body cannot be decrypted and the request needs "
                  "it."),
        .cause = {N_("The key of the callee has changed.")},
        .field = {{TND_HEADER_CONTENT_TYPE,
                   N_("Of the request: application/pkcs7-mime. Of the response: the certificate "
                      "to use.")}},
        .related = {415, 488, 494},
    },
    {
        .code = 494,
        .sender = TND_BY_PROXY | TND_BY_REGISTRAR,
        .decider = TND_DECIDER_DOMAIN,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_VALUE,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3329 §2.3.1",
        .description =
            N_("The first hop wants to agree with the phone on how their connection is "
               "secured before it takes the request. Security-Server lists what it offers."),
        .when = N_("At the registration of phones in mobile networks (IMS)."),
        .fix = N_("Use a phone that negotiates the security mechanism, and send the request "
                  "again over the one that both support."),
        .fix_callee = N_("List in Security-Server the mechanisms that you support, in order of "
                         "preference."),
        .fix_developer =
            N_("Send the list that you received back in Security-Verify, protected by the "
               "mechanism: so nobody can have weakened it."),
        .use = N_("Send 494 when Require or Proxy-Require lists sec-agree and the request is not "
                  "protected, or when Security-Verify is not the list that you sent."),
        .cause = {N_("A phone without sec-agree is used in a network that demands it.")},
        .field = {{TND_HEADER_SECURITY_SERVER, N_("The mechanisms of the server.")},
                  {TND_HEADER_SECURITY_CLIENT, N_("Of the request: those of the phone.")},
                  {TND_HEADER_SECURITY_VERIFY,
                   N_("Of the next request: the server's list, repeated.")}},
        .related = {401, 421, 420},
    },
    {
        .code = 500,
        .sender = TND_BY_CALLEE | TND_BY_PROXY | TND_BY_REGISTRAR | TND_BY_NOTIFIER,
        .decider = TND_DECIDER_PATH,
        .others = TND_OTHERS_YES,
        .outcome = TND_OUTCOME_LATER,
        .memory = TND_MEMORY_WAIT,
        .next = TND_NEXT_WAIT_AND_RETRY,
        .reference = "RFC 3261 §21.5.1",
        .description = N_("Something went wrong inside the server. The request may well be right; "
                          "sent again, it may succeed."),
        .when = N_("When a database is down, a program has failed, or a proxy stands for a 503 "
                   "that it does not pass on."),
        .fix = N_(
            "Try again, after Retry-After if it is there. If it stays so, the log of the refusing server tells more than the response."),
        .fix_callee = N_("Look into the log at the time of the call. Answer a full server with 503 "
                         "and Retry-After instead."),
        .fix_developer = N_(
            "A second INVITE or UPDATE in a dialog, while the first is unanswered, is refused with 500 and a Retry-After of 0 to 10 seconds (RFC 3261 §14.2, RFC 3311 §5.2). A CSeq that is too low is a 500 too (RFC 3261 §12.2.2)."),
        .recovery = N_(
            "In a call it waits for a Retry-After of at most 10 seconds and sends the same again; elsewhere it waits only if it was told to retry. Else it gives up."),
        .use = N_("Send 500 when you have failed, the request may be right, and no other 5xx "
                  "says it better."),
        .cause = {N_("The database of the server cannot be reached."),
                  N_("The CSeq of a request in the dialog is lower than that of an earlier one."),
                  N_("A proxy has made 500 of the 503 of the next server (RFC 3261 §16.7).")},
        .field = {{TND_HEADER_RETRY_AFTER,
                   N_("When to try again, if the trouble is expected to pass.")},
                  {TND_HEADER_CSEQ, N_("Of the request: must rise within a dialog.")},
                  {TND_HEADER_WARNING, N_("May say what has failed.")}},
        .related = {503, 504, 502, 491},
    },
    {
        .code = 501,
        .sender = TND_BY_CALLEE | TND_BY_PROXY | TND_BY_REGISTRAR,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_YES,
        .outcome = TND_OUTCOME_FAILED,
        .memory = TND_MEMORY_ABILITY,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3261 §21.5.2",
        .description = N_("The server does not know this method at all, for no user."),
        .when = N_("When a new method, such as PUBLISH or MESSAGE, reaches an old user agent "
                   "or server."),
        .fix = N_("Do not use the method with this server."),
        .fix_callee = N_("Proxies pass on methods that they do not know; only a user agent or "
                         "registrar refuses them."),
        .fix_developer =
            N_("A method that is known but not allowed for this user is a 405. Methods are "
               "compared with case: invite is not INVITE."),
        .use = N_("Send 501 as user agent server when the method is unknown to you."),
        .cause = {N_("The method was written in small letters."),
                  N_("A registrar was sent an INVITE that belongs to a proxy.")},
        .field = {{TND_HEADER_ALLOW, N_("The methods that are known, if the server says so.")},
                  {TND_HEADER_CSEQ, N_("Of the request: the method, once more.")}},
        .related = {405, 503, 489},
    },
    {
        .code = 502,
        .sender = TND_BY_PROXY | TND_BY_CALLEE,
        .decider = TND_DECIDER_PATH,
        .others = TND_OTHERS_YES,
        .outcome = TND_OUTCOME_LATER,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3261 §21.5.3",
        .description =
            N_("A gateway or proxy has got an answer that makes no sense from the server "
               "behind it."),
        .when = N_("At gateways into the telephone network, and at borders between providers."),
        .fix = N_("Try another gateway or route. Tell the operator of the gateway when it "
                  "was, and for which number."),
        .fix_callee = N_("Look at what the far network has answered; the Reason header field may "
                         "carry its cause."),
        .fix_developer =
            N_("Another route may succeed. Do not answer 502 when nothing came at all: "
               "that is 504 or 408."),
        .use = N_("Send 502 when the next server has answered something that you cannot use."),
        .cause = {N_("The telephone network has refused with a cause that has no code of its "
                     "own."),
                  N_("The far side speaks another protocol, or breaks this one.")},
        .field = {{TND_HEADER_REASON,
                   N_("May carry the cause of the telephone network, such as 27.")},
                  {TND_HEADER_WARNING, N_("May say what was wrong with the answer.")}},
        .related = {500, 503, 504},
    },
    {
        .code = 503,
        .sender = TND_BY_CALLEE | TND_BY_PROXY | TND_BY_REGISTRAR | TND_BY_OWN,
        .decider = TND_DECIDER_PATH,
        .others = TND_OTHERS_YES,
        .outcome = TND_OUTCOME_LATER,
        .memory = TND_MEMORY_WAIT,
        .next = TND_NEXT_NEXT_SERVER,
        .reference = "RFC 3261 §21.5.4",
        .description =
            N_("The server cannot take requests now: it is overloaded, in maintenance, or "
               "shutting down. Or nothing could be sent at all, and the own software made "
               "the 503 (RFC 3261 §8.1.3.1)."),
        .when = N_("Under overload, at gateways without a free line, at providers whose trunk "
                   "is down, and when a connection cannot be made."),
        .fix = N_("Try another server of the same domain, as DNS names them (RFC 3263 §4.3). "
                  "Send nothing to this one until Retry-After is over."),
        .fix_callee = N_("Take load away, or add servers and name them in SRV records. Set "
                         "Retry-After; without it callers come back at once."),
        .fix_developer = N_(
            "With Retry-After leave the whole server alone for that time, not only this call; without it take the 503 for a 500 (RFC 3261 §21.5.4). A proxy does not pass 503 on unless it cannot serve anything itself; it makes a 500 of it (RFC 3261 §16.7)."),
        .recovery = N_(
            "It tries the next server that DNS names for the same address; without another it waits as Retry-After says if it was told to retry, else it gives up."),
        .use = N_("Send 503 when the server as a whole cannot process requests now. Trouble "
                  "with one user is a 480 or 500."),
        .cause = {N_("The server is overloaded or being restarted."),
                  N_("All lines of a gateway are in use, or the trunk to the provider is down."),
                  N_("The connection was refused, or TLS has failed.")},
        .field = {{TND_HEADER_RETRY_AFTER,
                   N_("For how long nothing should be sent to this server.")},
                  {TND_HEADER_REASON,
                   N_("May carry the cause of the telephone network, such as 34 or 42.")}},
        .related = {500, 504, 480, 502, 408},
    },
    {
        .code = 504,
        .sender = TND_BY_PROXY | TND_BY_CALLEE,
        .decider = TND_DECIDER_NETWORK,
        .others = TND_OTHERS_YES,
        .outcome = TND_OUTCOME_LATER,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3261 §21.5.5",
        .description =
            N_("The server has waited for another server that it needs, such as DNS or a "
               "location service, and got no answer in time."),
        .when = N_("When something behind the server hangs that is not the callee."),
        .fix = N_("Try again, or by another server. Tell the operator of the server that its "
                  "helper does not answer."),
        .fix_callee =
            N_("Find which query hangs: DNS, database, another provider. Shorten its time "
               "limit, so that a second one can be asked."),
        .fix_developer =
            N_("If no answer comes from the callee's side, that is a 408. A 504 is about a "
               "helper."),
        .use = N_("Send 504 when a server other than the callee's that you need does not "
                  "answer."),
        .cause = {N_("DNS does not answer."),
                  N_("A gateway does not hear from the telephone network."),
                  N_("An UPDATE in a call would need the consent of a user (RFC 3311 §5.2).")},
        .field = {{TND_HEADER_REASON,
                   N_("May carry the cause of the telephone network, such as 102.")},
                  {TND_HEADER_RETRY_AFTER, N_("Rarely present: when to try again.")}},
        .related = {408, 503, 500, 502},
    },
    {
        .code = 505,
        .sender = TND_BY_CALLEE | TND_BY_PROXY | TND_BY_REGISTRAR,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_YES,
        .outcome = TND_OUTCOME_FAILED,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3261 §21.5.6",
        .description = N_("The version in the request is not one that the server speaks. Everybody "
                          "speaks SIP/2.0."),
        .when = N_("With broken clients, with tests, and when another protocol reaches the SIP "
                   "port."),
        .fix = N_("Correct the client: the first line ends with SIP/2.0."),
        .fix_callee = N_("Nothing; look who sends it."),
        .fix_developer = N_("Compare the version without case. HTTP on a SIP port is not worth an "
                            "answer."),
        .use = N_("Send 505 when the request has a SIP version other than 2.0."),
        .cause = {N_("A client or scanner has a bug.")},
        .field = {{TND_HEADER_VIA, N_("Carries the version too, and must say SIP/2.0.")}},
        .related = {400, 501},
    },
    {
        .code = 513,
        .sender = TND_BY_CALLEE | TND_BY_PROXY | TND_BY_REGISTRAR,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_ABILITY,
        .next = TND_NEXT_CHANGE_TRANSPORT,
        .reference = "RFC 3261 §21.5.7",
        .description = N_("The whole message is longer than the server can process."),
        .when = N_("With many Via, Record-Route and History-Info header fields, long tokens, "
                   "or large bodies."),
        .fix = N_("Make the message smaller: fewer codecs, no unneeded header fields, compact "
                  "forms. Send it over TCP."),
        .fix_callee =
            N_("Raise the limit: messages of 65535 bytes must be accepted (RFC 3261 §18.1.1)."),
        .fix_developer =
            N_("A message near the size of the network's packets belongs on TCP (RFC 3261 "
               "§18.1.1). A body that is too large is a 413."),
        .recovery = N_("It sends the request again over TCP, or without what can be left out."),
        .use = N_("Send 513 when the message as a whole is longer than your limit."),
        .cause = {N_("Identity tokens and long routes add up."),
                  N_("A small device has a small buffer.")},
        .field = {{TND_HEADER_CONTENT_LENGTH, N_("Of the request: how much of it was the body.")},
                  {TND_HEADER_VIA, N_("Of the request: how many hops have added theirs.")}},
        .related = {413, 414, 400},
    },
    {.code = 0},
};
