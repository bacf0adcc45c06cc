/* Texts of 555 to 608. src/ref/texts.h. */
#include "ref/texts.h"

const struct tnd_explanation tnd_texts_555_608[] = {
    {
        .code = 555,
        .sender = TND_BY_PROXY | TND_BY_REGISTRAR,
        .decider = TND_DECIDER_DOMAIN,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_ABILITY,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 8599 §8.1",
        .description =
            N_("The phone has asked to be woken by a push service that the server does not "
               "support."),
        .when = N_("At the registration of mobile applications."),
        .fix = N_("Register without the pn- parameters, or with a provider that the server "
                  "supports."),
        .fix_callee =
            N_("Support the push service of the application, and say in Feature-Caps which "
               "ones you support."),
        .fix_developer =
            N_("Ask with a pn-provider without a value which services exist before you name one."),
        .use = N_(
            "Send 555 to a REGISTER when you do not support the service that pn-provider names, and know that no other proxy on the way does (RFC 8599 §5.6.1)."),
        .cause = {N_("The application was moved to another provider."),
                  N_("The server has no certificate or key for this application.")},
        .field = {{TND_HEADER_CONTACT, N_("Of the request: pn-provider, pn-prid and pn-param.")},
                  {TND_HEADER_FEATURE_CAPS, N_("Of a 2xx: the push services that are supported.")}},
        .related = {439, 421, 501},
    },
    {
        .code = 580,
        .sender = TND_BY_CALLEE | TND_BY_PROXY,
        .decider = TND_DECIDER_NETWORK,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_ABILITY,
        .next = TND_NEXT_RELAX_PRECONDITIONS,
        .reference = "RFC 3312 §8",
        .description =
            N_("The callee, or an element on the way, cannot or will not meet the "
               "preconditions that the offer makes mandatory: the resources for the media "
               "cannot be had."),
        .when = N_("In networks that reserve bandwidth before a phone rings, when the "
                   "reservation fails, or when a mandatory precondition is of a type that the "
                   "callee does not know."),
        .fix = N_("Call again with optional preconditions, or without any: the call is then "
                  "made with best effort. Look at the body: it names the lines that failed. "
                  "If quality must be guaranteed, find the link without room."),
        .fix_callee =
            N_("Free the bandwidth or admit fewer calls. Repeat the lines that failed with "
               "strength failure, or unknown for a type that you do not know (RFC 3312 §8, "
               "§9)."),
        .fix_developer =
            N_("In the SDP of the response every m= line is repeated with port zero, and "
               "the des lines show stream and direction (RFC 3312 §8). Put precondition "
               "into Require only when a strength is mandatory (RFC 3312 §11)."),
        .use = N_("Send 580 when a mandatory precondition cannot be met; if the callee lacks "
                  "the extension altogether, that is a 420."),
        .cause = {N_("No bandwidth is left on the access link."),
                  N_("The reservation (RSVP, Rx, PCRF) was refused or took too long."),
                  N_("One side demands preconditions and the other never confirms them.")},
        .field = {{TND_HEADER_CONTENT_TYPE,
                   N_("application/sdp: the description with the lines that could not be met.")},
                  {TND_HEADER_REQUIRE, N_("Of the request: precondition.")}},
        .related = {488, 420, 183, 503},
    },
    {
        .code = 600,
        .sender = TND_BY_CALLEE | TND_BY_PROXY,
        .decider = TND_DECIDER_USER,
        .others = TND_OTHERS_NO,
        .outcome = TND_OUTCOME_LATER,
        .memory = TND_MEMORY_WAIT,
        .next = TND_NEXT_WAIT_AND_RETRY,
        .reference = "RFC 3261 §21.6.1",
        .description = N_("The callee was reached and is busy on all devices; he takes the call "
                          "nowhere now. Retry-After may say when he can."),
        .when = N_("When a device or a server knows for all devices of the user that he is "
                   "busy."),
        .fix = N_("Call later, not before Retry-After. Do not try other addresses of the same "
                  "user: the answer is for all of them."),
        .fix_callee = N_("Answer 600 only if you know it of all devices; if only this one is busy, "
                         "486 lets the others ring."),
        .fix_developer =
            N_("While forking, a 6xx ends the whole call: cancel the other branches and "
               "pass it up (RFC 3261 §16.7)."),
        .use = N_("Send 600 when the callee is busy and no other device, not even voicemail, "
                  "shall be tried."),
        .cause = {N_("A user refuses the call for all his devices."),
                  N_("A server has a rule that the user is busy."),
                  N_("A phone sends 600 where it means 486, and the other phones stop ringing.")},
        .field = {{TND_HEADER_RETRY_AFTER, N_("When the callee may be free.")},
                  {TND_HEADER_REASON,
                   N_("May carry cause 17 of the telephone network, user busy.")}},
        .related = {486, 480, 603, 604, 606},
    },
    {
        .code = 603,
        .sender = TND_BY_CALLEE | TND_BY_PROXY,
        .decider = TND_DECIDER_USER,
        .others = TND_OTHERS_NO,
        .outcome = TND_OUTCOME_LATER,
        .memory = TND_MEMORY_REFUSED,
        .next = TND_NEXT_WAIT_AND_RETRY,
        .reference = "RFC 3261 §21.6.2",
        .description = N_("The callee was reached and does not want to take the call, here or "
                          "anywhere. Why is not told. Retry-After may say when he would."),
        .when = N_("When the user presses reject, or a rule of his refuses the call; networks "
                   "that block calls send it too."),
        .fix = N_("Accept it. If the callee says that he did not refuse, ask his provider "
                  "whether the call was blocked as unwanted."),
        .fix_callee =
            N_("If only this phone shall be silent, answer 486 or 480, so that others can "
               "ring. If a machine refuses, send 608 with a way to complain."),
        .fix_developer =
            N_("Try no other target. Do not show it as busy: the callee has declined."),
        .use = N_("Send 603 when the user refuses the call on all devices and does not say "
                  "why."),
        .cause = {N_("The user has rejected the call."),
                  N_("A spam filter has blocked the call and says 603 instead of 608."),
                  N_("A black list of the callee has the caller on it.")},
        .field = {{TND_HEADER_RETRY_AFTER, N_("When the callee would take the call.")},
                  {TND_HEADER_REASON, N_("Where a network blocks: why, and whom to ask.")}},
        .related = {486, 600, 607, 608, 403},
    },
    {
        .code = 604,
        .sender = TND_BY_PROXY | TND_BY_CALLEE | TND_BY_REDIRECT,
        .decider = TND_DECIDER_DOMAIN,
        .others = TND_OTHERS_NO,
        .outcome = TND_OUTCOME_FAILED,
        .memory = TND_MEMORY_WRONG,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3261 §21.6.3",
        .description = N_("The server knows with authority that this user exists nowhere."),
        .when = N_("Rarely: most servers send 404."),
        .fix = N_("Check the address. Delete it where it is stored."),
        .fix_callee = N_("Send 404 unless you know of every place where the user might be."),
        .fix_developer =
            N_("Try no other target and forget what was learned for the address. A 404 is "
               "known of one domain only, a 604 of all."),
        .recovery = N_(
            "If the address was learned from an earlier redirect, it forgets that and calls the one that was asked for; else it gives up."),
        .use = N_("Send 604 when you know for certain that the user exists nowhere."),
        .cause = {N_("The number is not in use, and the server has the database of all numbers."),
                  N_("A server sends 604 where it means 404.")},
        .field = {{TND_HEADER_TO, N_("Of the request: the address that was meant.")}},
        .related = {404, 410, 480, 600},
    },
    {
        .code = 606,
        .sender = TND_BY_CALLEE | TND_BY_PROXY,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_NO,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_ABILITY,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3261 §21.6.4",
        .description = N_("The callee wants to talk, but the session that was offered fits none of "
                          "his devices: media, bandwidth or addressing are not acceptable."),
        .when = N_("When somebody decides for all devices that the session cannot be made."),
        .fix = N_("Offer another session: other codecs, less bandwidth, other media; Warning "
                  "says what did not fit."),
        .fix_callee = N_("If only this device cannot, answer 488, so that another may."),
        .fix_developer =
            N_("Try no other target with the same offer. A new call with another offer is "
               "another attempt."),
        .use = N_("Send 606 when the session as described can be supported on no device of "
                  "the user."),
        .cause = {N_("The offer has only media that the callee has nowhere."),
                  N_("A phone sends 606 where it means 488.")},
        .field = {{TND_HEADER_WARNING, N_("A code from 300 to 399 that says what did not fit.")},
                  {TND_HEADER_CONTENT_TYPE, N_("Of the request: the session description.")}},
        .related = {488, 415, 600, 406},
    },
    {
        .code = 607,
        .sender = TND_BY_CALLEE | TND_BY_PROXY,
        .decider = TND_DECIDER_USER,
        .others = TND_OTHERS_NO,
        .outcome = TND_OUTCOME_FAILED,
        .memory = TND_MEMORY_REFUSED,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 8197 §4",
        .description =
            N_("The callee has marked this call as unwanted. His provider may learn from "
               "it, and block calls like this one."),
        .when = N_("When the user presses the key for spam or harassment."),
        .fix = N_("Do not call again. If you call for a business, check what your number is "
                  "known for."),
        .fix_callee = N_("Offer the user a way to take it back: numbers are forged, and the next "
                         "caller may be another."),
        .fix_developer =
            N_("Many such answers may lead to the blocking of the number. Take it as the "
               "word of one user about one call."),
        .use = N_("Send 607 when the user says that the call is unwanted, not merely that he "
                  "cannot take it."),
        .cause = {N_("The user has reported the caller as spam."),
                  N_("The number of the caller was forged by others before.")},
        .field = {{TND_HEADER_REASON,
                   N_("In a BYE, when the call was answered before it was found to be unwanted.")}},
        .related = {603, 608, 433, 403},
    },
    {
        .code = 608,
        .sender = TND_BY_PROXY,
        .decider = TND_DECIDER_PATH,
        .others = TND_OTHERS_NO,
        .outcome = TND_OUTCOME_FAILED,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 8688 §3",
        .description =
            N_("A machine on the way has blocked the call, and the callee has not seen it. "
               "Call-Info tells whom the caller can ask for redress."),
        .when = N_("When analysis of calls by a provider takes this one for spam or fraud."),
        .fix = N_("Write to the address in Call-Info. Have your calls signed, and your number "
                  "registered with those who analyse."),
        .fix_callee = N_("Put a signed address for complaints into Call-Info; play an announcement "
                         "to callers who cannot read 608."),
        .fix_developer =
            N_("Show the caller that no person has refused. Fetch nothing from Call-Info "
               "without checking its signature."),
        .use = N_("Send 608 when an intermediary rejects a call by analysis, without asking "
                  "the callee."),
        .cause = {N_("The number makes many short calls."),
                  N_("The signature of the caller is missing or weak.")},
        .field = {{TND_HEADER_CALL_INFO, N_("The address for complaints.")}},
        .related = {607, 603, 403, 428},
    },
    {.code = 0},
};
