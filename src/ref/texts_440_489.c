/* Texts of 440 to 489. src/ref/texts.h. */
#include "ref/texts.h"

const struct tnd_explanation tnd_texts_440_489[] = {
    {
        .code = 440,
        .sender = TND_BY_PROXY,
        .decider = TND_DECIDER_PATH,
        .others = TND_OTHERS_YES,
        .outcome = TND_OUTCOME_FAILED,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 5393 §5.3.3",
        .description = N_("A proxy would have to fork the call to more targets at once than "
                          "Max-Breadth permits."),
        .when = N_("When a call is forked again and again by proxies one behind the other, or "
                   "when somebody tries to make a few requests into many."),
        .fix = N_("Look for forwards that fan out into groups of groups, and make them "
                  "smaller."),
        .fix_callee = N_(
            "Try targets one after another when the breadth does not suffice for all at once, or redirect to them."),
        .fix_developer =
            N_("Divide the Max-Breadth that came among the branches that run at the same "
               "time; a branch that has ended gives its share back."),
        .use = N_("Send 440 when Max-Breadth leaves no room for a branch that must run at "
                  "once."),
        .cause = {N_("Groups contain groups, and the same phones are in several."),
                  N_("An attack tries to use forking proxies as amplifiers.")},
        .field = {{TND_HEADER_MAX_BREADTH, N_("Of the request: how many branches are left.")}},
        .related = {482, 483, 302},
    },
    {
        .code = 469,
        .sender = TND_BY_CALLEE,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_DONE,
        .outcome = TND_OUTCOME_KEPT,
        .memory = TND_MEMORY_ABILITY,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 6086 §4.2.2",
        .description = N_("An INFO carries an info package that the receiver has not declared. "
                          "Recv-Info lists those that it takes."),
        .when = N_("In a call, when one side sends events, such as tones, that the other has "
                   "not agreed to."),
        .fix = N_("Send only packages that the other side has listed in Recv-Info during this "
                  "dialog."),
        .fix_callee = N_("List in Recv-Info what you take, and nothing else."),
        .fix_developer = N_("The call goes on: the 469 refuses this one INFO. An INFO without "
                            "Info-Package is the old use, and is not refused with 469."),
        .use = N_("Send 469 when Info-Package names a package that you have not listed in "
                  "Recv-Info."),
        .cause = {N_("A client sends DTMF in an INFO package without being asked.")},
        .field = {{TND_HEADER_RECV_INFO, N_("The packages that are taken.")},
                  {TND_HEADER_INFO_PACKAGE, N_("Of the request: the package that was sent.")}},
        .related = {489, 415, 405},
    },
    {
        .code = 470,
        .sender = TND_BY_PROXY | TND_BY_CALLEE,
        .decider = TND_DECIDER_USER,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_FAILED,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 5360 §5.9.2",
        .description =
            N_("A relay was asked to send to recipients of a list, at least one of whom has not "
               "given his consent."),
        .when = N_("With services that send one message or call to a list of people."),
        .fix = N_("Ask the recipients for their permission, as Permission-Missing and "
                  "Trigger-Consent describe it; then send again."),
        .fix_callee = N_("Name in Permission-Missing the recipients whose consent is missing."),
        .fix_developer = N_("Do not repeat it before consent was given."),
        .use = N_("Send 470 as a relay when a recipient has not permitted that you send to "
                  "him."),
        .cause = {N_("A new member of a list has not been asked yet.")},
        .field = {{TND_HEADER_PERMISSION_MISSING, N_("The recipients whose consent is missing.")}},
        .related = {403, 603, 433},
    },
    {
        .code = 480,
        .sender = TND_BY_CALLEE | TND_BY_PROXY | TND_BY_REDIRECT,
        .decider = TND_DECIDER_DOMAIN,
        .others = TND_OTHERS_YES,
        .outcome = TND_OUTCOME_LATER,
        .memory = TND_MEMORY_WAIT,
        .next = TND_NEXT_WAIT_AND_RETRY,
        .reference = "RFC 3261 §21.4.18",
        .description =
            N_("The callee exists, but cannot be reached now: no phone is registered, the "
               "phone is in \"do not disturb\", or nobody answers. Retry-After may say "
               "when to try again."),
        .when = N_("When the callee's phone is off or offline, when he has switched calls off, "
                   "and when a proxy has nothing better to say."),
        .fix = N_("Call later, not before Retry-After. If it is always so, check with the "
                  "callee whether his phone is registered."),
        .fix_callee = N_("Check that the phone registers, under the right domain, with an address "
                         "that can be reached. A voicemail or a forward \"offline\" takes such "
                         "calls."),
        .fix_developer =
            N_("Do not confuse it with 404: the user is known. Try other targets of the "
               "same user, and keep the address."),
        .use = N_("Send 480 when the user exists and cannot take the call now, for another "
                  "reason than being busy."),
        .cause = {N_("No phone of the user is registered."),
                  N_("The phone is in \"do not disturb\"."), N_("It rang, and nobody answered."),
                  N_("A sips address was called, and the user is not reachable over TLS alone "
                     "(RFC 5630 §5.3).")},
        .field = {{TND_HEADER_RETRY_AFTER, N_("When the callee may be reachable again.")},
                  {TND_HEADER_WARNING, N_("Why: 380 or 381 where sips is the trouble.")},
                  {TND_HEADER_REASON,
                   N_("May carry the cause of the telephone network, such as 19 or 20.")}},
        .related = {404, 486, 408, 603, 600},
    },
    {
        .code = 481,
        .sender = TND_BY_CALLEE | TND_BY_PROXY | TND_BY_NOTIFIER,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_NO,
        .outcome = TND_OUTCOME_LOST,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_REESTABLISH,
        .reference = "RFC 3261 §21.4.19",
        .description = N_("A request belongs to a call, a subscription or a transaction that the "
                          "receiver does not know. Its state was lost, has already ended, or never "
                          "was there."),
        .when = N_("When BYE, re-INVITE, UPDATE, PRACK or NOTIFY is sent in a call that the "
                   "other side has forgotten, mostly after a restart; and when CANCEL comes "
                   "after the final response."),
        .fix = N_("End the call on your side as well: it is over. If a change of the call was "
                  "refused, call again from scratch. A 481 to a BYE or a CANCEL needs "
                  "nothing."),
        .fix_callee =
            N_("Keep dialogs over restarts, route every request of a call to the node that "
               "has it, and use session timers so that dead calls are found."),
        .fix_developer =
            N_("Compare Call-ID and both tags with those of the dialog: a wrong tag is the "
               "usual bug. A 481 in a dialog ends the usage that the request belongs to "
               "(RFC 5057 §5.1)."),
        .use = N_("Send 481 when a request has a To tag, or is a CANCEL, and matches nothing "
                  "that you know."),
        .cause = {N_("The other side was restarted."),
                  N_("The call has ended there, and the BYE was lost."),
                  N_("A load balancer has sent the request to another node."),
                  N_("To or From tag, or Call-ID, is not that of the dialog.")},
        .field = {{TND_HEADER_TO, N_("Of the request: its tag names the dialog at the receiver.")},
                  {TND_HEADER_CALL_ID, N_("Of the request: must be that of the call.")},
                  {TND_HEADER_VIA, N_("Of a CANCEL: the branch must be that of the INVITE.")},
                  {TND_HEADER_REPLACES,
                   N_("In an INVITE: names a call that the receiver does not know.")}},
        .related = {487, 491, 408, 404, 412},
    },
    {
        .code = 482,
        .sender = TND_BY_PROXY | TND_BY_CALLEE,
        .decider = TND_DECIDER_PATH,
        .others = TND_OTHERS_YES,
        .outcome = TND_OUTCOME_FAILED,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3261 §21.4.20",
        .description = N_("The request has come back to an element that it has passed before, "
                          "unchanged. It would go round for ever."),
        .when = N_("When forwards or routes point at each other, or when two branches of a "
                   "fork meet again at one phone."),
        .fix = N_("Follow the Via header fields: they list the way. Correct the forward or "
                  "the route that leads back."),
        .fix_callee = N_("Let a domain that is not yours never be routed back to where its calls "
                         "come from."),
        .fix_developer =
            N_("A spiral is no loop: if the Request-URI or what decides about routing has "
               "changed, pass the request on (RFC 3261 §16.3). As user agent, merged "
               "requests are refused with 482 (RFC 3261 §8.2.2.2)."),
        .use = N_("Send 482 when the same request with the same Request-URI comes by again."),
        .cause = {N_("A forwards to B, and B to A."),
                  N_("The domain is missing among the served ones, so that the proxy sends the "
                     "call to itself."),
                  N_("A fork reaches the same phone over two ways; one of them gets 482, and "
                     "that is right.")},
        .field = {{TND_HEADER_VIA, N_("The elements that the request has passed.")},
                  {TND_HEADER_MAX_FORWARDS, N_("Of the request: how many hops were left.")}},
        .related = {483, 302, 440},
    },
    {
        .code = 483,
        .sender = TND_BY_PROXY,
        .decider = TND_DECIDER_PATH,
        .others = TND_OTHERS_YES,
        .outcome = TND_OUTCOME_FAILED,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3261 §21.4.21",
        .description = N_("The request has passed as many hops as Max-Forwards permits, and is "
                          "dropped. Nearly always a loop is behind it that changes the request at "
                          "each turn."),
        .when = N_("When routes or forwards of several servers lead in a circle."),
        .fix = N_("Look at the Via header fields of what arrives at the server that refuses: "
                  "where the same hosts repeat lies the circle. Start with Max-Forwards: 70."),
        .fix_callee = N_("Correct the routes. Detect loops yourself, which gives the earlier and "
                         "clearer 482."),
        .fix_developer =
            N_("Take one from Max-Forwards at each hop. At zero answer 483; only an OPTIONS "
               "may be answered as if it were for you (RFC 3261 §16.3)."),
        .use = N_("Send 483 when the request must be passed on and Max-Forwards is zero."),
        .cause = {N_("Two servers take each other for the one that is responsible."),
                  N_("A number is rewritten at each turn, so that loop detection does not see "
                     "it."),
                  N_("A gateway starts with a very small Max-Forwards.")},
        .field = {{TND_HEADER_MAX_FORWARDS, N_("Of the request: zero.")},
                  {TND_HEADER_VIA, N_("The elements that the request has passed.")}},
        .related = {482, 440, 404},
    },
    {
        .code = 484,
        .sender = TND_BY_PROXY | TND_BY_CALLEE,
        .decider = TND_DECIDER_DOMAIN,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_FAILED,
        .memory = TND_MEMORY_WRONG,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3261 §21.4.22",
        .description = N_("The number is not complete: with more digits it may become one that "
                          "exists."),
        .when = N_("With overlap dialling, when digits are sent while the user still dials, "
                   "and when a digit is missing."),
        .fix = N_("Dial the whole number, with area and country code where the server wants "
                  "them. With overlap dialling send a new INVITE with all digits so far."),
        .fix_callee = N_("Answer 484 only where longer numbers exist that begin so, else 404."),
        .fix_developer =
            N_("In overlap dialling a 484 to the earlier, shorter INVITE is normal and not "
               "to be shown."),
        .use = N_("Send 484 when the number is the beginning of one that you can route."),
        .cause = {N_("The area code or a digit is missing."),
                  N_("The dialling timeout of a phone is too short.")},
        .field = {{TND_HEADER_TO, N_("Of the request: the number as dialled.")},
                  {TND_HEADER_REASON,
                   N_("May carry cause 28 of the telephone network, invalid number format.")}},
        .related = {404, 485, 416},
    },
    {
        .code = 485,
        .sender = TND_BY_REDIRECT | TND_BY_PROXY | TND_BY_CALLEE,
        .decider = TND_DECIDER_DOMAIN,
        .others = TND_OTHERS_NAMED,
        .outcome = TND_OUTCOME_ELSEWHERE,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3261 §21.4.23",
        .description = N_("The address fits more than one user. Contact may list those that are "
                          "meant, if the server may tell."),
        .when = N_("In directories where people are called by parts of their names."),
        .fix = N_("Choose one of the Contacts, or call with the full name or number."),
        .fix_callee = N_(
            "Do not list people who do not want to be found. Let the operator switch the list off, or answer 404 instead (RFC 3261 §21.4.23)."),
        .fix_developer = N_("Do not choose by yourself: the Contacts are different people, not "
                            "different phones of one."),
        .use = N_("Send 485 when the address could be several users and you do not want to "
                  "guess."),
        .cause = {N_("Two users have the same short name.")},
        .field = {{TND_HEADER_CONTACT, N_("The possible users, if they are told.")}},
        .related = {300, 404, 484},
    },
    {
        .code = 486,
        .sender = TND_BY_CALLEE | TND_BY_PROXY,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_YES,
        .outcome = TND_OUTCOME_LATER,
        .memory = TND_MEMORY_WAIT,
        .next = TND_NEXT_WAIT_AND_RETRY,
        .reference = "RFC 3261 §21.4.24",
        .description =
            N_("The callee was reached at this device, and it is busy. Another device of "
               "the same user may still take the call."),
        .when = N_("When the phone is in a call, when its user rejects the ringing call with "
                   "the busy key, and from gateways for a busy line."),
        .fix = N_("Call later, not before Retry-After; or leave a message."),
        .fix_callee = N_("Permit a second call on the phone, or set a forward \"on busy\". If you "
                         "are busy on all devices, answer 600."),
        .fix_developer =
            N_("While forking, a 486 ends its own branch only: wait for the others (RFC "
               "3261 §16.7)."),
        .use = N_("Send 486 when this device is busy and you know nothing about the others."),
        .cause = {N_("The phone is in a call and does not take a second one."),
                  N_("The user has pressed reject: many phones then send 486."),
                  N_("All lines of the trunk are in use.")},
        .field = {{TND_HEADER_RETRY_AFTER, N_("When the callee may be free.")},
                  {TND_HEADER_REASON,
                   N_("May carry cause 17 of the telephone network, user busy.")}},
        .related = {600, 480, 603, 302, 182},
    },
    {
        .code = 487,
        .sender = TND_BY_CALLEE | TND_BY_PROXY,
        .decider = TND_DECIDER_CALLER,
        .others = TND_OTHERS_DONE,
        .outcome = TND_OUTCOME_LATER,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3261 §21.4.25",
        .description =
            N_("The INVITE was ended before it was answered, by a CANCEL of the caller or "
               "by a BYE. It is the proper end of a call that was given up."),
        .when = N_("After the caller hangs up while it rings, and on the branches that lose "
                   "when another phone answers."),
        .fix = N_("Nothing needs to be changed. If calls are cancelled that nobody gave up, "
                  "look who sends the CANCEL, and which Reason it carries."),
        .fix_callee = N_("Answer the CANCEL with 200 and the INVITE with 487."),
        .fix_developer = N_("CANCEL and INVITE get separate answers. A 200 to the INVITE may still "
                            "cross with the CANCEL: then acknowledge it and send BYE."),
        .recovery = N_("It takes the call as ended."),
        .use = N_("Send 487 to the INVITE after its CANCEL has matched, or after a BYE in the "
                  "early dialog."),
        .cause = {N_("The caller has hung up."), N_("Another phone of the callee has answered."),
                  N_("A proxy gave up after timer C, or its ringing time was over.")},
        .field = {{TND_HEADER_REASON,
                   N_("In the CANCEL: why, for instance 200 and \"Call completed elsewhere\".")}},
        .related = {481, 408, 491, 199},
    },
    {
        .code = 488,
        .sender = TND_BY_CALLEE | TND_BY_PROXY,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_YES,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_ABILITY,
        .next = TND_NEXT_ADJUST,
        .reference = "RFC 3261 §21.4.26",
        .description =
            N_("The session that was offered is not acceptable here: no common codec, a "
               "transport or an encryption that does not fit, or a bandwidth that is not "
               "there. Another device may accept it."),
        .when = N_("When an offer of one side has nothing that the other can do, often with "
                   "SRTP, WebRTC or video."),
        .fix = N_("Compare the offer with what the callee supports, and add a codec, or the "
                  "right profile: RTP/AVP, RTP/SAVP or UDP/TLS/RTP/SAVPF. Let a border "
                  "controller transcode where nothing is common."),
        .fix_callee =
            N_("Enable the codec or the encryption that callers use. Say in Warning, or in "
               "a body, what would be acceptable."),
        .fix_developer =
            N_("Put all codecs that you have into the offer. A refused re-INVITE leaves "
               "the session as it was (RFC 3261 §14.1)."),
        .recovery =
            N_("It sends the session description alone, if another body came with it and "
               "Accept takes that, or makes another offer, if it has one; else it gives up."),
        .use = N_("Send 488 when you could take the call but not this session; 606 if that is "
                  "so for all devices."),
        .cause = {N_("No codec is common."), N_("One side wants SRTP, the other sends plain RTP."),
                  N_("The phone is behind a border controller that admits no video."),
                  N_("The re-INVITE wants to change the session into something that the other "
                     "side cannot do.")},
        .field = {{TND_HEADER_WARNING, N_("A code from 300 to 399 that says what did not fit.")},
                  {TND_HEADER_CONTENT_TYPE,
                   N_("Of the request: the session description; a body of the response may say "
                      "what fits.")}},
        .related = {606, 415, 406, 580, 491},
    },
    {
        .code = 489,
        .sender = TND_BY_NOTIFIER | TND_BY_CALLEE,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_FAILED,
        .memory = TND_MEMORY_ABILITY,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 6665 §8.3.2",
        .description =
            N_("The event package in Event is not known to the server. Allow-Events lists "
               "those that are."),
        .when = N_("When a phone subscribes to presence, line state or message waiting at a "
                   "server that does not offer it."),
        .fix = N_("Switch the subscription off in the phone, or send it to the server that "
                  "offers the package."),
        .fix_callee = N_("Support the package, or list in Allow-Events what you support."),
        .fix_developer =
            N_("An Event that is missing is a 400 or a 489; a package that is known but "
               "not for this resource is a 403 or 404."),
        .use = N_("Send 489 when Event names a package that you do not know."),
        .cause = {N_("A phone subscribes to a vendor's own package."),
                  N_("A NOTIFY comes for a package that was never subscribed to.")},
        .field = {{TND_HEADER_ALLOW_EVENTS, N_("The packages that are known.")},
                  {TND_HEADER_EVENT, N_("Of the request: the package that was asked for.")}},
        .related = {405, 481, 469},
    },
    {.code = 0},
};
