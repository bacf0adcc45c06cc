/* Texts of 400 to 419. src/ref/texts.h. */
#include "ref/texts.h"

const struct tnd_explanation tnd_texts_400_419[] = {
    {
        .code = 400,
        .sender = TND_BY_CALLEE | TND_BY_PROXY | TND_BY_REGISTRAR | TND_BY_NOTIFIER,
        .decider = TND_DECIDER_PATH,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_FAILED,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3261 §21.4.1",
        .description = N_("The request breaks the syntax of SIP, or lacks something that it must "
                          "have. Whoever received it could not make sense of it."),
        .when = N_("After a change of software on either side, behind devices that rewrite "
                   "SIP, and with hand-written requests."),
        .fix = N_("Compare the request as it arrived with the grammar: tandem parse names the "
                  "flaw and its line. Look for routers with a SIP helper (ALG), and switch "
                  "that off."),
        .fix_callee = N_("Say in the reason phrase, or in a Warning, which header field is wrong."),
        .fix_developer =
            N_("Write exactly one value where one is allowed, and a Content-Length that is "
               "right. Do not answer 400 to what you merely do not support: 405, 415, 416 "
               "and 420 exist for that."),
        .use = N_("Send 400 when the request cannot be understood at all, and say what is "
                  "wrong with it."),
        .cause = {N_("A router with a SIP helper has damaged the message."),
                  N_("A header field is malformed or missing: Via, From, To, Call-ID, CSeq, "
                     "Max-Forwards."),
                  N_("A datagram was cut off, and the body is shorter than Content-Length.")},
        .field = {{TND_HEADER_WARNING, N_("May say what is wrong in words.")},
                  {TND_HEADER_CONTENT_LENGTH, N_("Must be the length of the body.")}},
        .related = {405, 415, 416, 420, 488, 513},
    },
    {
        .code = 401,
        .sender = TND_BY_REGISTRAR | TND_BY_CALLEE | TND_BY_NOTIFIER,
        .decider = TND_DECIDER_DOMAIN,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_PROOF,
        .next = TND_NEXT_AUTHENTICATE,
        .reference = "RFC 3261 §21.4.2",
        .description = N_("The server wants to know who sends the request, and has put a challenge "
                          "into the response. It is the normal first answer to a REGISTER."),
        .when = N_("At every first registration, and from servers and user agents that protect "
                   "calls themselves."),
        .fix = N_("Send the request again with Authorization for the realm of the challenge, "
                  "and with a higher CSeq. If 401 comes again without stale=true, user name, "
                  "password or realm are wrong."),
        .fix_callee =
            N_("Challenge with a realm that your users know, offer SHA-256 before MD5 (RFC "
               "8760 §2.3), and say stale=true when only the nonce was too old."),
        .fix_developer =
            N_("Answer each realm once: the same credentials will be refused again. The "
               "digest is over the URI as it stands in uri, and qop wants cnonce and nc."),
        .use = N_("Send 401 as registrar or user agent server. A proxy sends 407."),
        .cause = {N_("The first REGISTER carries no credentials, as it should be."),
                  N_("The password is wrong, or the user name is not the one for authentication."),
                  N_("A device on the way has changed the URI that the digest covers."),
                  N_("The nonce is too old, or nc was used before.")},
        .field = {{TND_HEADER_WWW_AUTHENTICATE,
                   N_("The challenge: realm, nonce, algorithm, qop, and stale.")},
                  {TND_HEADER_AUTHORIZATION,
                   N_("Of the request: user name, realm, nonce, uri and the response to the "
                      "challenge.")}},
        .related = {407, 403, 494},
    },
    {
        .code = 402,
        .sender = TND_BY_CALLEE | TND_BY_PROXY,
        .decider = TND_DECIDER_DOMAIN,
        .others = TND_OTHERS_YES,
        .outcome = TND_OUTCOME_FAILED,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3261 §21.4.3",
        .description =
            N_("Reserved for future use. Where it is met all the same, the account has no "
               "money left."),
        .when = N_("From prepaid services of some vendors."),
        .fix = N_("Top up the account, or ask the provider what it means by this code."),
        .fix_callee = N_("Send 403 with a reason phrase or a Warning, which every client "
                         "understands."),
        .fix_developer =
            N_("No header field says how to pay. Treat it as 400 (RFC 3261 §8.1.3.2)."),
        .use = N_("Do not send 402: no RFC says what it means."),
        .cause = {N_("The balance of a prepaid account is used up.")},
        .field = {{TND_HEADER_WARNING, N_("May say what is missing.")}},
        .related = {403, 400},
    },
    {
        .code = 403,
        .sender = TND_BY_CALLEE | TND_BY_PROXY | TND_BY_REGISTRAR | TND_BY_NOTIFIER,
        .decider = TND_DECIDER_DOMAIN,
        .others = TND_OTHERS_YES,
        .outcome = TND_OUTCOME_FAILED,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3261 §21.4.4",
        .description =
            N_("The server has understood the request and refuses to carry it out. "
               "Credentials will not change that, and the request should not be repeated."),
        .when = N_("When the user may not do what he asks for: call this destination, register "
                   "this address, or use this trunk."),
        .fix = N_("Ask whoever runs the refusing server for the permission. Check the calling "
                  "number, the source address, the destination and the account."),
        .fix_callee =
            N_("Log the rule that refuses. Where you want credentials, send 401 or 407 and "
               "not 403; where you do not want to tell that a user exists, send 404."),
        .fix_developer =
            N_("Do not repeat the request, and do not ask the user for another password. "
               "Some servers send 403 for a wrong password: say so when credentials were "
               "sent."),
        .use = N_("Send 403 when the request is clear, the sender is known well enough, and "
                  "the answer is no."),
        .cause = {N_("The calling number is not one that the trunk may use."),
                  N_("The source address is not on the list of the provider."),
                  N_("International or premium destinations are barred."),
                  N_("The password was wrong, and the server does not want to challenge again.")},
        .field = {{TND_HEADER_WARNING, N_("May say which policy has refused.")}},
        .related = {401, 407, 404, 603, 608},
    },
    {
        .code = 404,
        .sender = TND_BY_CALLEE | TND_BY_PROXY | TND_BY_REDIRECT | TND_BY_REGISTRAR,
        .decider = TND_DECIDER_DOMAIN,
        .others = TND_OTHERS_YES,
        .outcome = TND_OUTCOME_FAILED,
        .memory = TND_MEMORY_WRONG,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3261 §21.4.5",
        .description =
            N_("The server is responsible for this domain, and knows no such user there; "
               "or it does not handle the domain of the Request-URI at all."),
        .when = N_("When a number or name is mistyped, not provisioned, or sent to the wrong "
                   "server."),
        .fix = N_("Check user and domain of the address, and how the number is written: with "
                  "or without + and country code. Make sure that the request reaches the "
                  "server of that domain."),
        .fix_callee =
            N_("Provision the user, or correct the dial plan that leads here. If the user "
               "exists and has no phone registered, the answer is 480."),
        .fix_developer = N_("Distinguish the unknown user (404) from the known one who cannot be "
                            "reached (480). An address that was learned from a redirect is to be "
                            "forgotten."),
        .recovery = N_(
            "If the address was learned from an earlier redirect, it forgets that and calls the one that was asked for; else it gives up."),
        .use = N_("Send 404 when you are responsible for the domain and the user does not "
                  "exist."),
        .cause = {N_("The number is written in another form than the one provisioned."),
                  N_("The call was routed to a server that does not serve the domain."),
                  N_("A user was deleted, and somebody still calls him."),
                  N_("An outbound route is missing, and a number of the outside was looked up as "
                     "a user.")},
        .field = {{TND_HEADER_TO,
                   N_("The address that was meant. What was looked up is in the Request-URI.")},
                  {TND_HEADER_WARNING, N_("May say which part is unknown.")}},
        .related = {410, 480, 484, 485, 604},
    },
    {
        .code = 405,
        .sender = TND_BY_CALLEE | TND_BY_PROXY | TND_BY_REGISTRAR,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_FAILED,
        .memory = TND_MEMORY_ABILITY,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3261 §21.4.6",
        .description = N_("The method is known, but not allowed for this address. Allow lists the "
                          "methods that are."),
        .when = N_("When REGISTER is sent to a phone, or INVITE to an address that takes "
                   "messages only."),
        .fix = N_("Send the request to the right element, or use a method that Allow lists."),
        .fix_callee = N_("List in Allow what this address takes."),
        .fix_developer =
            N_("A method that the server does not know at all is answered with 501. Allow "
               "must be in the response."),
        .use = N_("Send 405 when you know the method and it is not allowed for the "
                  "Request-URI."),
        .cause = {N_("A phone is configured with another phone as its registrar."),
                  N_("The server has publication or messages switched off.")},
        .field = {{TND_HEADER_ALLOW, N_("The methods that are allowed for this address.")}},
        .related = {501, 403, 489},
    },
    {
        .code = 406,
        .sender = TND_BY_CALLEE | TND_BY_NOTIFIER,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_ABILITY,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3261 §21.4.7",
        .description =
            N_("The callee can only give answers whose body the Accept of the request does "
               "not take."),
        .when = N_("Rarely: when the request restricts what its answer may contain."),
        .fix = N_("Widen Accept in the request, or leave it out."),
        .fix_callee = N_("Answer without a body where that is possible."),
        .fix_developer =
            N_("It is about the body of the response. A session description that does not "
               "fit is refused with 488 or 606."),
        .use = N_("Send 406 when every answer you could give is of a type that the caller "
                  "excludes."),
        .cause = {N_("An OPTIONS or SUBSCRIBE accepts only types that the server does not make."),
                  N_("A server means 488 and sends the wrong code.")},
        .field = {{TND_HEADER_ACCEPT, N_("Of the request: the types that its answer may have.")}},
        .related = {415, 488, 606},
    },
    {
        .code = 407,
        .sender = TND_BY_PROXY,
        .decider = TND_DECIDER_DOMAIN,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_PROOF,
        .next = TND_NEXT_AUTHENTICATE,
        .reference = "RFC 3261 §21.4.8",
        .description =
            N_("A proxy on the way wants to know who sends the request before it passes it "
               "on. Each proxy may ask for credentials of its own realm."),
        .when = N_("At nearly every call of a user through his own provider, before anything "
                   "else happens."),
        .fix = N_("Send the request again with Proxy-Authorization for that realm, and with a "
                  "higher CSeq. If 407 comes again without stale=true, user name or password "
                  "are wrong."),
        .fix_callee = N_("Challenge calls of your own users only; a call that comes in for your "
                         "domain from outside cannot answer."),
        .fix_developer =
            N_("Acknowledge the 407 first, keep the Call-ID, and raise CSeq. Answer each "
               "realm once. CANCEL and ACK are never challenged."),
        .use = N_("Send 407 as a proxy. A registrar or user agent sends 401."),
        .cause = {N_("The first INVITE carries no credentials, as it should be."),
                  N_("The phone registers with one password and calls with another."),
                  N_("Calls of a trunk from a known address are challenged by mistake."),
                  N_("CSeq was not raised, and the proxy takes the second INVITE for the first.")},
        .field = {{TND_HEADER_PROXY_AUTHENTICATE,
                   N_("The challenge: realm, nonce, algorithm, qop, and stale.")},
                  {TND_HEADER_PROXY_AUTHORIZATION, N_("Of the request: the answer to it.")}},
        .related = {401, 403},
    },
    {
        .code = 408,
        .sender = TND_BY_PROXY | TND_BY_CALLEE | TND_BY_OWN,
        .decider = TND_DECIDER_NETWORK,
        .others = TND_OTHERS_YES,
        .outcome = TND_OUTCOME_LATER,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_NEXT_SERVER,
        .reference = "RFC 3261 §21.4.9",
        .description =
            N_("No answer came in time. Either a server has waited for somebody behind it, "
               "or nothing came at all and the own software has made the 408 (RFC 3261 "
               "§8.1.3.1)."),
        .when = N_("When a host is down, a firewall drops packets, a registration points at an "
                   "address that is gone, or the call rings for too long without a provisional "
                   "response."),
        .fix = N_("Find the last hop that has answered: the trouble lies behind it. Check "
                  "address, port, transport and firewall; big requests over UDP get lost, so "
                  "try TCP."),
        .fix_callee = N_("Let devices behind NAT send keep-alives, keep registrations short, and "
                         "remove bindings that never answer."),
        .fix_developer =
            N_("The 408 that you made yourself was never on the wire: say so. Do not send "
               "408 to anything but INVITE (RFC 4320 §4.2)."),
        .use = N_("Send 408 to an INVITE when nobody behind you has answered in time and you "
                  "know of nothing better."),
        .cause = {N_("The phone has left its network, and its binding is still there."),
                  N_("A NAT or firewall has forgotten the way to the phone."),
                  N_("An INVITE larger than the network takes was lost in fragments."),
                  N_("DNS names a server that is switched off.")},
        .field = {{TND_HEADER_VIA,
                   N_("Who has sent the response; none, if it was made by the own software.")}},
        .related = {480, 487, 504, 503},
    },
    {
        .code = 410,
        .sender = TND_BY_CALLEE | TND_BY_PROXY,
        .decider = TND_DECIDER_DOMAIN,
        .others = TND_OTHERS_YES,
        .outcome = TND_OUTCOME_FAILED,
        .memory = TND_MEMORY_WRONG,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3261 §21.4.10",
        .description = N_("The address existed and exists no more, and no other is known. That is "
                          "expected to stay so."),
        .when = N_("When a number was given back, or an employee has left."),
        .fix = N_("Delete the address where it is stored. Ask for the new one by other means."),
        .fix_callee = N_("If there is a new address, send 301 with it. If you are not sure that it "
                         "is for good, send 404."),
        .fix_developer = N_("Forget every address that was learned for it. Do not try again."),
        .recovery = N_(
            "If the address was learned from an earlier redirect, it forgets that and calls the one that was asked for; else it gives up."),
        .use = N_("Send 410 when you know that the address is gone for good and where the "
                  "user went is not known."),
        .cause = {N_("A number was cancelled."),
                  N_("A temporary address, such as a conference or a temporary GRUU, has ended.")},
        .field = {{TND_HEADER_REASON,
                   N_("May carry the cause of the telephone network: 22, number changed.")}},
        .related = {404, 301, 604},
    },
    {
        .code = 412,
        .sender = TND_BY_NOTIFIER,
        .decider = TND_DECIDER_DOMAIN,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3903 §11.2.1",
        .description = N_("A PUBLISH has named an entity-tag that the server does not have: the "
                          "published state has expired or was lost."),
        .when = N_("When a publication is refreshed too late, or after a restart of the "
                   "presence server."),
        .fix = N_("Publish the whole state once more, without SIP-If-Match; then refresh with "
                  "the new entity-tag."),
        .fix_callee =
            N_("Keep published state over restarts, and grant times that clients can keep."),
        .fix_developer =
            N_("On 412 forget the entity-tag and begin again. Do not take the old one a "
               "second time."),
        .use = N_("Send 412 when the entity-tag in SIP-If-Match matches nothing that you "
                  "have."),
        .cause = {N_("The refresh came after the end."), N_("The server has lost its state.")},
        .field = {{TND_HEADER_SIP_IF_MATCH, N_("Of the request: the tag that is not known.")},
                  {TND_HEADER_SIP_ETAG, N_("Of the 200 to the next PUBLISH: the new tag.")}},
        .related = {423, 489, 204},
    },
    {
        .code = 413,
        .sender = TND_BY_CALLEE | TND_BY_PROXY | TND_BY_REGISTRAR,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_ABILITY,
        .next = TND_NEXT_ADJUST,
        .reference = "RFC 3261 §21.4.11",
        .description = N_("The body of the request is larger than the server takes."),
        .when = N_("With long messages, pictures in MESSAGE, or session descriptions with very "
                   "many codecs and candidates."),
        .fix = N_("Make the body smaller: offer fewer codecs and media, send large content "
                  "another way. If Retry-After stands in the response, try again after it."),
        .fix_callee = N_("Raise the limit if such bodies are normal for your users."),
        .fix_developer = N_("The code is about the body. A whole message that is too large for the "
                            "server is refused with 513, a long Request-URI with 414."),
        .recovery = N_("It sends the session description alone, if another body came with it; else "
                       "it gives up, or waits as Retry-After says if it was told to retry."),
        .use = N_("Send 413 when the body is longer than you process; add Retry-After if that "
                  "is only for now."),
        .cause = {N_("A MESSAGE carries a file."),
                  N_("A WebRTC client offers everything that it has.")},
        .field = {{TND_HEADER_RETRY_AFTER, N_("Present if the condition is temporary.")},
                  {TND_HEADER_CONTENT_LENGTH, N_("Of the request: how long the body was.")}},
        .related = {513, 414, 415},
    },
    {
        .code = 414,
        .sender = TND_BY_CALLEE | TND_BY_PROXY,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_FAILED,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3261 §21.4.12",
        .description = N_("The Request-URI is longer than the server takes."),
        .when = N_("When a client or a redirect has put headers, tokens or a whole message "
                   "into the URI."),
        .fix = N_("Shorten the URI: leave out parameters and embedded headers that the target "
                  "does not need."),
        .fix_callee = N_("Do not put long headers parts into the Contacts of redirects."),
        .fix_developer = N_("Bound the URIs that you build from the input of others, and accept at "
                            "least some hundred bytes."),
        .use = N_("Send 414 when the Request-URI is longer than you can process."),
        .cause = {N_("A Contact with embedded headers was copied unchanged into the Request-URI."),
                  N_("Each hop of a loop adds a parameter.")},
        .field = {{TND_HEADER_CONTACT,
                   N_("In an earlier redirect: where the long URI has come from.")}},
        .related = {413, 513, 416},
    },
    {
        .code = 415,
        .sender = TND_BY_CALLEE | TND_BY_PROXY | TND_BY_NOTIFIER,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_ABILITY,
        .next = TND_NEXT_ADJUST,
        .reference = "RFC 3261 §21.4.13",
        .description =
            N_("The body is of a type, an encoding or a language that the server does not "
               "take. Accept, Accept-Encoding or Accept-Language say what it takes."),
        .when = N_("When a request carries another body than a session description, a "
                   "multipart, or a compressed one."),
        .fix = N_("Send a body of a type that Accept lists, in an encoding of Accept-Encoding and "
                  "a language of Accept-Language, and leave out parts that may be left out."),
        .fix_callee = N_("List in Accept what you take. Ignore parts whose handling is optional "
                         "instead of refusing."),
        .fix_developer =
            N_("Mark parts that are not essential with handling=optional in "
               "Content-Disposition. Codecs that do not fit are refused with 488, not with "
               "415."),
        .recovery = N_("It sends the session description alone, if Accept takes that and another "
                       "body came with it; else it gives up."),
        .use = N_("Send 415 when the type, the encoding or the language of the body is not "
                  "one you take."),
        .cause = {N_("An INVITE has a multipart body with ISUP or location."),
                  N_("A MESSAGE is of a type that the phone does not show.")},
        .field = {{TND_HEADER_ACCEPT, N_("The types that are taken.")},
                  {TND_HEADER_ACCEPT_ENCODING, N_("The encodings that are taken.")},
                  {TND_HEADER_ACCEPT_LANGUAGE, N_("The languages that are taken.")}},
        .related = {406, 488, 413},
    },
    {
        .code = 416,
        .sender = TND_BY_CALLEE | TND_BY_PROXY | TND_BY_REGISTRAR,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_ABILITY,
        .next = TND_NEXT_ADJUST,
        .reference = "RFC 3261 §21.4.14",
        .description = N_("The server does not know the scheme of the Request-URI: tel, sips or "
                          "another."),
        .when = N_("When a tel URI reaches a server that only routes sip, or sips one without "
                   "TLS."),
        .fix = N_("Call with a sip URI: the number as the user part, the domain of the "
                  "provider, and user=phone."),
        .fix_callee = N_("Map tel URIs to sip in the first proxy, or support them."),
        .fix_developer =
            N_("After a 416 to a tel URI try once more with a SIP URI (RFC 3261 §8.1.3.5). "
               "A sips URI is not replaced by a sip one without the consent of the user "
               "(RFC 5630 §5.1.1)."),
        .recovery = N_("It calls the number of a tel URI once more as a sip URI of its own domain; "
                       "after another scheme it gives up."),
        .use = N_("Send 416 when the scheme of the Request-URI is one that you do not "
                  "understand."),
        .cause = {N_("A phone dials tel, and its proxy has no rule for it."),
                  N_("A sips URI arrives at a server without TLS.")},
        .related = {404, 484, 420},
    },
    {
        .code = 417,
        .sender = TND_BY_CALLEE | TND_BY_PROXY,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_CHANGED,
        .memory = TND_MEMORY_ABILITY,
        .next = TND_NEXT_DROP_EXTENSION,
        .reference = "RFC 4412 §4.6.2",
        .description =
            N_("The request has demanded that its Resource-Priority is understood, and the "
               "server knows none of the namespaces or values in it."),
        .when = N_("In networks of authorities and the military, when a prioritised call "
                   "leaves them."),
        .fix = N_("Call without Require: resource-priority, or with a namespace that "
                  "Accept-Resource-Priority lists."),
        .fix_callee = N_("List in Accept-Resource-Priority what you know."),
        .fix_developer =
            N_("Without Require: resource-priority an unknown value is ignored and not "
               "refused. After a 417 choose among the values of Accept-Resource-Priority (RFC "
               "4412 §4.7.1)."),
        .recovery =
            N_("It calls again without demanding a priority, unless it was told to keep it."),
        .use = N_("Send 417 when Require demands resource-priority and you know none of its "
                  "values."),
        .cause = {N_("A call with priority crosses into a network that does not know it.")},
        .field = {{TND_HEADER_ACCEPT_RESOURCE_PRIORITY,
                   N_("The namespaces and values that are known.")},
                  {TND_HEADER_RESOURCE_PRIORITY, N_("Of the request: what was asked for.")}},
        .related = {420, 403},
    },
    {.code = 0},
};
