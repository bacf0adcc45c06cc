/* Texts of 420 to 439. src/ref/texts.h. */
#include "ref/texts.h"

const struct tnd_explanation tnd_texts_420_439[] = {
    {
        .code = 420,
        .sender = TND_BY_CALLEE | TND_BY_PROXY | TND_BY_REGISTRAR,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_ABILITY,
        .next = TND_NEXT_DROP_EXTENSION,
        .reference = "RFC 3261 §21.4.15",
        .description = N_("The request demands an extension that the server does not support. "
                          "Unsupported lists the option tags it does not know."),
        .when = N_("When Require names an extension that the callee lacks, or Proxy-Require "
                   "one that a proxy lacks."),
        .fix = N_("Call again without the tags of Unsupported in Require and Proxy-Require; "
                  "offer them in Supported, so that the other side may still use them. If the "
                  "call makes no sense without the extension, end it."),
        .fix_callee =
            N_("Support the extension, or list in Unsupported exactly the tags that you do "
               "not know."),
        .fix_developer =
            N_("Put into Require only what the call cannot do without. A proxy must not "
               "refuse for Require: that is for the callee; it looks at Proxy-Require "
               "alone."),
        .use = N_("Send 420 when you do not know a tag of Require; as a proxy look at "
                  "Proxy-Require alone."),
        .cause = {N_("A client demands 100rel, precondition or timer of a simple phone."),
                  N_("An operator's network demands an extension that another one lacks."),
                  N_("A proxy refuses for Require, against RFC 3261 §16.3.")},
        .field = {{TND_HEADER_UNSUPPORTED, N_("The option tags that are not known: drop these.")},
                  {TND_HEADER_REQUIRE, N_("Of the request: what the callee was to support.")},
                  {TND_HEADER_PROXY_REQUIRE,
                   N_("Of the request: what every proxy was to support.")}},
        .related = {421, 405, 415, 494, 580},
    },
    {
        .code = 421,
        .sender = TND_BY_CALLEE | TND_BY_PROXY | TND_BY_REGISTRAR,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_ABILITY,
        .next = TND_NEXT_ADD_EXTENSION,
        .reference = "RFC 3261 §21.4.16",
        .description =
            N_("The server needs an extension for this request, and the request does not "
               "list it in Supported. Require in the response names it."),
        .when = N_("When a server works only with session timers, reliable provisional "
                   "responses or another extension."),
        .fix = N_("Switch the extension on, so that it stands in Supported, and call again. "
                  "If the software lacks it, another client is needed."),
        .fix_callee = N_("Serve the request without the extension wherever that is possible; RFC "
                         "3261 advises against 421."),
        .fix_developer =
            N_("Announce in Supported everything that you implement. Do not claim what you "
               "cannot do: what follows will fail worse."),
        .use = N_("Send 421 only when the request cannot be processed at all without the "
                  "extension."),
        .cause = {N_("100rel or timer is switched off in the phone."),
                  N_("A registrar demands path, outbound or gruu.")},
        .field = {{TND_HEADER_REQUIRE,
                   N_("The option tags that are needed: list these in Supported.")},
                  {TND_HEADER_SUPPORTED, N_("Of the request: what it offered.")}},
        .related = {420, 494, 439},
    },
    {
        .code = 422,
        .sender = TND_BY_CALLEE | TND_BY_PROXY,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_VALUE,
        .next = TND_NEXT_ADJUST,
        .reference = "RFC 4028 §6",
        .description =
            N_("The session interval that the request asks for is shorter than the server "
               "permits. Min-SE says how long it must be at least."),
        .when = N_("When a client refreshes its calls more often than a server on the way "
                   "wants."),
        .fix = N_("Send the request again with a Session-Expires and a Min-SE no shorter than "
                  "the Min-SE of the response. In the configuration raise the session "
                  "interval."),
        .fix_callee = N_("Keep Min-SE as low as your load permits, and never below 90 seconds."),
        .fix_developer = N_(
            "Keep the Call-ID and raise CSeq (RFC 4028 §7.3). Several servers may object one after another: carry the highest Min-SE that came (RFC 4028 §7.4)."),
        .use = N_("Send 422 when Session-Expires is below your minimum and the request "
                  "supports timer."),
        .cause = {N_("A phone has a session timer of 90 seconds, and the server wants 1800.")},
        .field = {{TND_HEADER_MIN_SE,
                   N_("The shortest session interval that is permitted, in seconds.")},
                  {TND_HEADER_SESSION_EXPIRES, N_("Of the request: what was asked for.")}},
        .related = {423, 421, 408},
    },
    {
        .code = 423,
        .sender = TND_BY_REGISTRAR | TND_BY_NOTIFIER,
        .decider = TND_DECIDER_DOMAIN,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_VALUE,
        .next = TND_NEXT_ADJUST,
        .reference = "RFC 3261 §21.4.17",
        .description =
            N_("The time that a registration, a subscription or a publication asks for is "
               "too short. Min-Expires says what it must be at least."),
        .when = N_("When a phone registers for some seconds, mostly to keep a NAT open."),
        .fix = N_("Ask for at least Min-Expires, and register again. To keep a NAT open, use "
                  "keep-alives in place of short registrations."),
        .fix_callee = N_("Lower the minimum if your server can bear it, or offer outbound (RFC "
                         "5626)."),
        .fix_developer =
            N_("Remember the value for later refreshes. Zero is always allowed: it removes "
               "the binding."),
        .use = N_(
            "Send 423 when an expires is above zero, below one hour and below your minimum (RFC 3261 §10.3); add Min-Expires."),
        .cause = {N_("A phone behind a NAT registers every 30 seconds."),
                  N_("A subscription or publication asks for less than the server's minimum.")},
        .field = {{TND_HEADER_MIN_EXPIRES, N_("The shortest time that is accepted, in seconds.")},
                  {TND_HEADER_EXPIRES, N_("Of the request: what was asked for.")},
                  {TND_HEADER_CONTACT,
                   N_("Of a REGISTER: its expires parameter counts before Expires.")}},
        .related = {422, 412, 401},
    },
    {
        .code = 424,
        .sender = TND_BY_CALLEE | TND_BY_PROXY,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 6442 §4.3",
        .description = N_("The location in the request is malformed, of no use to the server, or "
                          "cannot be fetched."),
        .when = N_("With emergency calls and other calls that are routed by location."),
        .fix = N_("Send a location that is complete and valid, by value in a PIDF-LO body, or "
                  "a reference that the server may fetch."),
        .fix_callee = N_("Say in Geolocation-Error what is wrong. If you know the location better, "
                         "put it into the body of the response."),
        .fix_developer = N_(
            "Send 424 only when the location is needed, and never to a request without Geolocation (RFC 6442 §4.3). A location that came in the 424 is to be used in the next request."),
        .use = N_("Send 424 when you need the location and can use none of those in the "
                  "request."),
        .cause = {N_("The location reference has expired or is not readable from here."),
                  N_("The civic address lacks a field that routing needs.")},
        .field = {{TND_HEADER_GEOLOCATION_ERROR, N_("The number and text that say what is wrong.")},
                  {TND_HEADER_GEOLOCATION, N_("Of the request: where the location is.")}},
        .related = {425, 400, 415},
    },
    {
        .code = 425,
        .sender = TND_BY_CALLEE | TND_BY_PROXY,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_FAILED,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 8876 §5.1",
        .description =
            N_("The alert in an emergency MESSAGE without media is so malformed that nobody can "
               "tell what help is needed."),
        .when = N_("With sensors and alarm systems that send alerts of the Common Alerting "
                   "Protocol to an emergency centre."),
        .fix = N_("Correct the alert by what AlertMsg-Error says, and send it again."),
        .fix_callee = N_("Name the fault in AlertMsg-Error, and give an alert code that a machine "
                         "can read."),
        .fix_developer = N_("It is for alerts in MESSAGE, not for ordinary text."),
        .use = N_("Send 425 when the alert of an emergency request cannot be used, and nothing "
                  "else in the request helps."),
        .cause = {N_("The alert was damaged, cannot be found, or does not say what has happened.")},
        .field = {{TND_HEADER_ALERTMSG_ERROR,
                   N_("What is wrong with the alert: a code from 100 to 103, and words.")}},
        .related = {424, 415, 400},
    },
    {
        .code = 428,
        .sender = TND_BY_CALLEE | TND_BY_PROXY,
        .decider = TND_DECIDER_DOMAIN,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 8224 §6.2.2",
        .description = N_("The server wants a signed caller identity, and the request has no "
                          "Identity, or none that it can use."),
        .when = N_("At the border of networks that verify calling numbers."),
        .fix = N_("Let the authentication service of your provider sign the call. A phone "
                  "does not sign by itself: its call must go through that service."),
        .fix_callee = N_("Send it only where policy demands a signature; else let the call pass as "
                         "unverified."),
        .fix_developer = N_(
            "Sign as late as possible: From, To, Date and the fingerprints in the session description must not be changed afterwards (RFC 8224 §4.1)."),
        .use = N_("Send 428 when policy demands an Identity and there is none."),
        .cause = {N_("The call went around the signing server."),
                  N_("A border controller has removed Identity.")},
        .field = {{TND_HEADER_IDENTITY, N_("Of the request: the signed token. It is missing.")},
                  {TND_HEADER_DATE, N_("Of the request: the time that the signature covers.")}},
        .related = {436, 437, 438, 433},
    },
    {
        .code = 429,
        .sender = TND_BY_CALLEE,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3892 §5",
        .description =
            N_("The target of a transfer wants to know, by a signed token, who has asked "
               "for the transfer."),
        .when = N_(
            "When a call that a REFER has caused reaches a target that does not trust its Referred-By, and when a REFER without token reaches a phone that wants one."),
        .fix = N_("The one who transfers must send REFER again with a Referred-By token; the "
                  "one who was referred cannot repair it alone."),
        .fix_callee = N_("Accept calls without token unless you have a reason for more."),
        .fix_developer = N_("The token is a signed body that the cid of Referred-By names."),
        .use = N_(
            "Send 429 when a referred request must have a token and has none, or one that is stale or not valid (RFC 3892 §2.3)."),
        .cause = {N_("A transfer crosses into a domain that wants proof.")},
        .field = {{TND_HEADER_REFERRED_BY,
                   N_("Of the request: who has referred, and where the token is.")}},
        .related = {428, 403, 603},
    },
    {
        .code = 430,
        .sender = TND_BY_PROXY,
        .decider = TND_DECIDER_PATH,
        .others = TND_OTHERS_YES,
        .outcome = TND_OUTCOME_LATER,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 5626 §11.5",
        .description = N_("The connection over which the edge proxy reached this phone is gone. "
                          "Another flow of the same phone may still work."),
        .when = N_("Between a domain's proxy and its edge proxy, after a phone has lost its "
                   "connection; callers do not see it where proxies obey the RFC."),
        .fix = N_("If it reaches a caller: call again soon, the phone will register over a "
                  "new connection."),
        .fix_callee = N_("On 430 remove the binding of that flow and try the next one of the same "
                         "instance."),
        .fix_developer = N_(
            "The authoritative proxy does not pass 430 on: it tries the other flows of the same instance. To a caller a 430 says no more than a 400 (RFC 5626 §11.5)."),
        .use = N_("Send 430 as an edge proxy when the flow named by the token does not exist "
                  "any more."),
        .cause = {N_("The phone has changed its network."), N_("The edge proxy was restarted.")},
        .field = {{TND_HEADER_ROUTE,
                   N_("Of the request: the flow token that is no longer valid.")}},
        .related = {439, 480, 410},
    },
    {
        .code = 433,
        .sender = TND_BY_CALLEE | TND_BY_PROXY,
        .decider = TND_DECIDER_USER,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 5079 §5",
        .description = N_("The callee takes no anonymous calls, and this one hides who calls."),
        .when = N_("When the caller withholds his number and the callee, or his service, "
                   "refuses such calls."),
        .fix = N_("Call again with your identity shown: without Privacy, and with a real "
                  "From. Ask the user first."),
        .fix_callee = N_("Send it only if the caller has asked for privacy, not when a number is "
                         "merely missing."),
        .fix_developer = N_("Never lift privacy by yourself: the user must agree to it."),
        .use = N_("Send 433 when the only reason of the refusal is that the caller is "
                  "anonymous."),
        .cause = {N_("Number withholding is set for all calls."),
                  N_("The provider makes calls from abroad anonymous.")},
        .field = {{TND_HEADER_PRIVACY, N_("Of the request: what the caller wants hidden.")},
                  {TND_HEADER_FROM, N_("Of the request: anonymous.")}},
        .related = {428, 603, 607},
    },
    {
        .code = 436,
        .sender = TND_BY_CALLEE | TND_BY_PROXY,
        .decider = TND_DECIDER_DOMAIN,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_LATER,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 8224 §6.2.2",
        .description =
            N_("The certificate that info of Identity names could not be fetched or read, "
               "so the signature cannot be checked."),
        .when = N_("At the border of networks that verify calling numbers."),
        .fix = N_("Ask the signing provider to repair the place of his certificate. The "
                  "caller himself can do nothing."),
        .fix_callee =
            N_("Check that the verifying server may reach the place by HTTPS, and follows "
               "its own cache rules."),
        .fix_developer =
            N_("Do not refuse a call only because a fetch has failed once, unless policy "
               "demands it."),
        .use = N_("Send 436 when the credential cannot be fetched and policy refuses such "
                  "calls."),
        .cause = {N_("The web server with the certificate is down or blocked."),
                  N_("info has a URI of another scheme than https.")},
        .field = {{TND_HEADER_IDENTITY,
                   N_("Of the request: its info parameter names the certificate.")}},
        .related = {428, 437, 438},
    },
    {
        .code = 437,
        .sender = TND_BY_CALLEE | TND_BY_PROXY,
        .decider = TND_DECIDER_DOMAIN,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_FAILED,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 8224 §6.2.2",
        .description = N_(
            "The certificate that has signed the identity is one that the server does not accept: unknown issuer or algorithm, expired, revoked, or without authority for the number."),
        .when = N_("At the border of networks that verify calling numbers."),
        .fix = N_("Ask the signing provider to use a certificate that the verifier trusts."),
        .fix_callee = N_("Keep the list of trusted issuers up to date."),
        .fix_developer =
            N_("The certificate was fetched and read; what fails is the trust in it. A "
               "wrong signature is a 438."),
        .use = N_("Send 437 when the certificate is not acceptable and policy refuses such "
                  "calls."),
        .cause = {N_("The certificate has expired."),
                  N_("Its issuer is not on the list of this country.")},
        .field = {{TND_HEADER_IDENTITY,
                   N_("Of the request: its info parameter names the certificate.")}},
        .related = {428, 436, 438},
    },
    {
        .code = 438,
        .sender = TND_BY_CALLEE | TND_BY_PROXY,
        .decider = TND_DECIDER_DOMAIN,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 8224 §6.2.2",
        .description = N_(
            "Identities came with the request, and none of them is valid: the signature does not match caller, callee and time."),
        .when = N_("At the border of networks that verify calling numbers, when something "
                   "between signer and verifier has changed the call."),
        .fix = N_(
            "If the token was sent in its compact form, let the signing service send the call once more with the full form (RFC 8224 §6.1.1). Find who changes From, To, Date or the number format after signing, and sign behind him."),
        .fix_callee =
            N_("Compare the claims of the token with the header fields, in canonical form, "
               "before you refuse."),
        .fix_developer = N_(
            "Numbers are compared in canonical form (RFC 8224 §8.3). A Date that is merely too old is a 403 with the phrase Stale Date (RFC 8224 §6.2.2)."),
        .use = N_("Send 438 when no Identity of the request is valid and policy refuses such "
                  "calls."),
        .cause = {N_("A border controller has rewritten the number."),
                  N_("A server on the way has changed Date."),
                  N_("The call was forwarded, and its To is now another.")},
        .field = {{TND_HEADER_IDENTITY, N_("Of the request: the signed token.")},
                  {TND_HEADER_DATE,
                   N_("Of the request: must be as it was when the call was signed.")}},
        .related = {428, 436, 437},
    },
    {
        .code = 439,
        .sender = TND_BY_REGISTRAR,
        .decider = TND_DECIDER_DOMAIN,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_ABILITY,
        .next = TND_NEXT_DROP_EXTENSION,
        .reference = "RFC 5626 §11.6",
        .description =
            N_("The phone wants to register with outbound, and the first proxy on its way "
               "does not support that."),
        .when = N_("When a phone with outbound registers through an old edge proxy."),
        .fix = N_("Register without reg-id and outbound, or use an edge proxy that supports "
                  "outbound."),
        .fix_callee = N_("Let the edge proxies support outbound, and insert Path with ob."),
        .fix_developer = N_("After a 439 register without outbound; do not repeat it unchanged."),
        .recovery = N_("It registers again without outbound."),
        .use = N_(
            "Send 439 as a registrar when reg-id is present, Supported lists outbound, and the first hop has not put ob into its Path."),
        .cause = {N_("An edge proxy without outbound stands before the registrar.")},
        .field = {{TND_HEADER_PATH, N_("Of the request: ob is missing in its first value.")},
                  {TND_HEADER_SUPPORTED, N_("Of the request: outbound.")}},
        .related = {430, 421, 420},
    },
    {.code = 0},
};
