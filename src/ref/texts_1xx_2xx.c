/* Texts of the responses that refuse nothing, 1xx and 2xx. src/ref/texts.h. */
#include "ref/texts.h"

const struct tnd_explanation tnd_texts_1xx_2xx[] = {
    {
        .code = 100,
        .sender = TND_BY_PROXY | TND_BY_CALLEE,
        .decider = TND_DECIDER_NOBODY,
        .others = TND_OTHERS_WAIT,
        .outcome = TND_OUTCOME_OPEN,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_NONE,
        .reference = "RFC 3261 §21.1.1",
        .description =
            N_("The next hop has received the request and is working on it. The response "
               "stops retransmissions; it says nothing about the callee."),
        .when = N_("Within 200 ms after an INVITE, from the first proxy or server that keeps "
                   "transaction state."),
        .fix = N_("Nothing needs to be changed. If nothing follows, look at what is behind "
                  "the hop that sent it: the request got that far."),
        .fix_callee =
            N_("Send it at once when the final answer will take longer than 200 ms, or the "
               "INVITE comes again."),
        .fix_developer =
            N_("A 100 is never passed on by a proxy, creates no dialog, and needs no To "
               "tag. Answer only INVITE with it at once; to other requests RFC 4320 §4.1 "
               "restricts it."),
        .use = N_("Send 100 when an INVITE has arrived and the answer is not yet known."),
        .cause = {N_("The call is being routed or the location table is being asked."),
                  N_("Only 100 and then silence: a hop further on does not answer.")},
        .field = {{TND_HEADER_VIA, N_("The topmost one shows which hop has answered.")},
                  {TND_HEADER_TIMESTAMP,
                   N_("Copied from the request, with the delay, so that the round trip can be "
                      "measured.")}},
        .related = {180, 183, 408},
    },
    {
        .code = 180,
        .sender = TND_BY_CALLEE,
        .decider = TND_DECIDER_NOBODY,
        .others = TND_OTHERS_WAIT,
        .outcome = TND_OUTCOME_OPEN,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_NONE,
        .reference = "RFC 3261 §21.1.2",
        .description =
            N_("The callee's device has the call and alerts its user. The caller may play "
               "a ringing tone of his own."),
        .when = N_("Between INVITE and answer, once for each phone that rings; a forked call "
                   "may bring several."),
        .fix = N_("Nothing needs to be changed. Wait for the answer, or end the attempt with "
                  "CANCEL."),
        .fix_callee = N_("Ring only when the session can be set up: with preconditions, not before "
                         "they are met."),
        .fix_developer =
            N_("Each 180 with a new To tag is another early dialog. Keep them apart: more "
               "than one of them may get a 2xx (RFC 3261 §13.2.2.4)."),
        .use = N_("Send 180 when the user is being alerted."),
        .cause = {N_("A phone rings."),
                  N_("A queue or a gateway imitates ringing while it looks for somebody.")},
        .field = {{TND_HEADER_CONTACT,
                   N_("The device that rings; the target of requests in the early dialog.")},
                  {TND_HEADER_RSEQ,
                   N_("Present if the response is sent reliably and wants a PRACK.")},
                  {TND_HEADER_REQUIRE, N_("100rel if it wants a PRACK.")}},
        .related = {100, 181, 183, 199, 486},
    },
    {
        .code = 181,
        .sender = TND_BY_PROXY | TND_BY_CALLEE,
        .decider = TND_DECIDER_NOBODY,
        .others = TND_OTHERS_WAIT,
        .outcome = TND_OUTCOME_OPEN,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_NONE,
        .reference = "RFC 3261 §21.1.3",
        .description = N_("The call is being forwarded to another address, and the caller is told "
                          "while he waits."),
        .when = N_("When a server follows a forward on the caller's behalf, before the new "
                   "target rings."),
        .fix = N_("Nothing needs to be changed. If the caller may not be forwarded, let him "
                  "end the call."),
        .fix_developer =
            N_("The response is optional and informs only. Who needs the way of the call "
               "reads History-Info or Diversion."),
        .use = N_("Send 181 when your server itself takes the call to another target, and the "
                  "caller may know."),
        .cause = {N_("The callee has set a forward that the server follows."),
                  N_("Nobody answered, and the call goes to voicemail.")},
        .field = {{TND_HEADER_HISTORY_INFO,
                   N_("The addresses that the call has passed, if both sides support it.")},
                  {TND_HEADER_DIVERSION,
                   N_("The forwarding address and why, from older systems.")}},
        .related = {180, 182, 302},
    },
    {
        .code = 182,
        .sender = TND_BY_CALLEE | TND_BY_PROXY,
        .decider = TND_DECIDER_NOBODY,
        .others = TND_OTHERS_WAIT,
        .outcome = TND_OUTCOME_OPEN,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_NONE,
        .reference = "RFC 3261 §21.1.4",
        .description =
            N_("The callee cannot take the call yet, and has put it into a queue instead "
               "of refusing it."),
        .when = N_("From call centres and from services that let callers wait for a free "
                   "agent."),
        .fix = N_("Nothing needs to be changed. The caller decides how long he waits, and may "
                  "cancel at any time."),
        .fix_callee = N_("Send it again when the position changes, and at least once a minute so "
                         "that proxies do not give up."),
        .fix_developer =
            N_("The phrase may tell position and waiting time. More than one 182 may come; "
               "each restarts timer C of a proxy."),
        .use = N_("Send 182 when the call waits for somebody to become free, and will be "
                  "answered in time."),
        .cause = {N_("All agents are busy."), N_("A hunt group lets calls wait.")},
        .related = {180, 486, 480},
    },
    {
        .code = 183,
        .sender = TND_BY_CALLEE | TND_BY_PROXY,
        .decider = TND_DECIDER_NOBODY,
        .others = TND_OTHERS_WAIT,
        .outcome = TND_OUTCOME_OPEN,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_NONE,
        .reference = "RFC 3261 §21.1.5",
        .description =
            N_("The call makes progress that no other provisional response names; usually "
               "it carries a session description for media before the answer."),
        .when = N_("Before ringing when preconditions are negotiated, and from gateways that "
                   "pass on tones or announcements of the telephone network."),
        .fix = N_("Nothing needs to be changed. If the caller hears nothing, check whether "
                  "early media reaches him."),
        .fix_callee =
            N_("With early media from a gateway, send it with SDP; without media it serves "
               "to keep the call alive."),
        .fix_developer =
            N_("With SDP in a reliable 183 the answer binds as in a 2xx. Do not stop the "
               "local ringing tone only because a 183 came: wait for media."),
        .use = N_("Send 183 when there is early media or an SDP answer, and the user is not "
                  "alerted yet."),
        .cause = {N_("A gateway plays the ringing tone or an announcement of its network."),
                  N_("Preconditions are being negotiated before the phone rings.")},
        .field = {{TND_HEADER_RSEQ,
                   N_("Present if it is sent reliably; it must be when its SDP is an answer to be "
                      "relied on.")},
                  {TND_HEADER_REQUIRE,
                   N_("100rel, and precondition where resources are negotiated.")},
                  {TND_HEADER_P_EARLY_MEDIA,
                   N_("Whether early media is permitted, where operators use it.")}},
        .related = {180, 100, 580},
    },
    {
        .code = 199,
        .sender = TND_BY_PROXY | TND_BY_CALLEE,
        .decider = TND_DECIDER_PATH,
        .others = TND_OTHERS_WAIT,
        .outcome = TND_OUTCOME_OPEN,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_NONE,
        .reference = "RFC 6228 §4",
        .description = N_("One early dialog of a forked call has ended with a failure, while other "
                          "branches are still being tried."),
        .when = N_("At callers that say Supported: 199, when a forking proxy has got a failure "
                   "on one branch and waits for the others."),
        .fix = N_("Nothing needs to be changed. Resources that belong to this early dialog "
                  "can be released."),
        .fix_developer =
            N_("End only the early dialog whose To tag it has. Do not take it for the end "
               "of the call (RFC 6228 §4)."),
        .use = N_(
            "As a forking proxy send 199 when a branch with an early dialog has failed, "
            "others go on, and the caller supports 199 and does not require 100rel (RFC 6228 §6)."),
        .cause = {N_("One of several phones has refused while the others ring.")},
        .field = {{TND_HEADER_REASON, N_("The code with which the branch has failed.")},
                  {TND_HEADER_TO, N_("Its tag names the early dialog that has ended.")}},
        .related = {180, 183, 487},
    },
    {
        .code = 200,
        .sender = TND_BY_CALLEE | TND_BY_PROXY | TND_BY_REGISTRAR | TND_BY_NOTIFIER,
        .decider = TND_DECIDER_USER,
        .others = TND_OTHERS_DONE,
        .outcome = TND_OUTCOME_MADE,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_NONE,
        .reference = "RFC 3261 §21.2.1",
        .description =
            N_("The request was carried out. For an INVITE somebody has answered, and the "
               "call stands."),
        .when = N_("When a call is answered, a registration is stored, or any other request "
                   "has done what it asked for."),
        .fix = N_("Nothing needs to be changed. If there is no sound after it, compare the "
                  "addresses in both session descriptions."),
        .fix_callee =
            N_("Repeat the 200 to an INVITE until the ACK comes; without ACK end the call "
               "with BYE."),
        .fix_developer =
            N_("Send an ACK for each 2xx to an INVITE, as a request of its own. Of several "
               "2xx from branches keep one, acknowledge the others too, and end them with "
               "BYE."),
        .use = N_("Send 200 when the request is done, or the user has answered."),
        .cause = {N_("The callee has answered."),
                  N_("The registrar lists every contact that is bound now.")},
        .field = {{TND_HEADER_CONTACT,
                   N_("After INVITE the remote target; after REGISTER all bindings with their "
                      "expires.")},
                  {TND_HEADER_CONTENT_TYPE,
                   N_("What the body is: application/sdp for an offer or answer.")},
                  {TND_HEADER_RECORD_ROUTE, N_("The proxies that stay in the dialog.")}},
        .related = {202, 204, 487},
    },
    {
        .code = 202,
        .sender = TND_BY_NOTIFIER | TND_BY_CALLEE,
        .decider = TND_DECIDER_DOMAIN,
        .others = TND_OTHERS_DONE,
        .outcome = TND_OUTCOME_MADE,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_NONE,
        .reference = "RFC 6665 §8.3.1",
        .description = N_("The request was accepted, and the work is not finished. RFC 6665 has "
                          "deprecated the code: a received 202 means the same as 200."),
        .when =
            N_("From older servers in answer to SUBSCRIBE or REFER, and from relays that keep a "
               "MESSAGE for later."),
        .fix = N_("Nothing needs to be changed. What comes of it is told by NOTIFY, or for a "
                  "MESSAGE not at all."),
        .fix_callee =
            N_("Send 200 to SUBSCRIBE and REFER. Only a relay answers a MESSAGE with 202, "
               "which it has not delivered yet (RFC 3428 §7)."),
        .fix_developer =
            N_("Treat it as 200. It does not say that a subscription is active: the first "
               "NOTIFY says so."),
        .use = N_("Send 200 instead of 202, unless you keep a MESSAGE to pass it on later."),
        .cause = {N_("The server was written before 2012."),
                  N_("A store-and-forward service has taken a MESSAGE for later.")},
        .field = {{TND_HEADER_EXPIRES, N_("How long the subscription lasts.")}},
        .related = {200, 489},
    },
    {
        .code = 204,
        .sender = TND_BY_NOTIFIER,
        .decider = TND_DECIDER_DOMAIN,
        .others = TND_OTHERS_DONE,
        .outcome = TND_OUTCOME_MADE,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_NONE,
        .reference = "RFC 5839 §7.1",
        .description =
            N_("The SUBSCRIBE was accepted, and since the state is the one the subscriber "
               "has already, no NOTIFY follows."),
        .when = N_("After a SUBSCRIBE within a subscription, with a Suppress-If-Match whose "
                   "entity-tag is still right."),
        .fix = N_("Nothing needs to be changed. The subscription is refreshed."),
        .fix_developer = N_("Do not wait for the NOTIFY that follows a SUBSCRIBE otherwise."),
        .use = N_("Send 204 when the subscriber asked with Suppress-If-Match in a dialog that "
                  "stands, and nothing has changed."),
        .cause = {N_("A subscription is refreshed and nothing has changed.")},
        .field = {{TND_HEADER_SUPPRESS_IF_MATCH,
                   N_("In the request: the entity-tag of the state that the subscriber has.")},
                  {TND_HEADER_EXPIRES, N_("How long the subscription lasts.")}},
        .related = {200, 412},
    },
    {.code = 0},
};
