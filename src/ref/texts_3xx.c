/* Texts of the redirections. src/ref/texts.h. */
#include "ref/texts.h"

const struct tnd_explanation tnd_texts_3xx[] = {
    {
        .code = 300,
        .sender = TND_BY_CALLEE | TND_BY_REDIRECT | TND_BY_PROXY,
        .decider = TND_DECIDER_USER,
        .others = TND_OTHERS_NAMED,
        .outcome = TND_OUTCOME_ELSEWHERE,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_FOLLOW_CONTACT,
        .reference = "RFC 3261 §21.3.1",
        .description =
            N_("The callee can be reached in several ways, and the caller is to choose one "
               "of them."),
        .when = N_("When a server leaves it to the caller which phone, mailbox or person he "
                   "tries."),
        .fix = N_("Choose a Contact and call it. A program tries them from the highest q to "
                  "the lowest."),
        .fix_callee = N_("Give every choice as a Contact with a q value; name with feature "
                         "parameters what it is."),
        .fix_developer =
            N_("Without Contact there is nothing to follow: report the failure. The choice "
               "is for this call alone."),
        .use = N_("Send 300 when there are several ways and the caller shall choose."),
        .cause = {N_("An address stands for a group of people or devices."),
                  N_("A server offers phone, mobile and mailbox.")},
        .field = {{TND_HEADER_CONTACT,
                   N_("Each place where the callee can be reached, with its q.")},
                  {TND_HEADER_CONTENT_TYPE, N_("A body may describe the choices to people.")}},
        .related = {301, 302, 380, 485},
    },
    {
        .code = 301,
        .sender = TND_BY_CALLEE | TND_BY_REDIRECT | TND_BY_PROXY,
        .decider = TND_DECIDER_USER,
        .others = TND_OTHERS_NAMED,
        .outcome = TND_OUTCOME_ELSEWHERE,
        .memory = TND_MEMORY_NEW_ADDRESS,
        .next = TND_NEXT_FOLLOW_CONTACT,
        .reference = "RFC 3261 §21.3.2",
        .description = N_("The callee is no longer to be found at this address, and has a new one. "
                          "The new address is for this call and for all later ones."),
        .when = N_("After a number or a domain has changed, while the old one still leads to a "
                   "redirect."),
        .fix = N_("Call the Contact, and write it into the address book, the routing table or "
                  "the configuration in the place of the old address."),
        .fix_callee = N_("Keep it only while the old address is yours: later it may belong to "
                         "someone else. For a move that ends, send 302."),
        .fix_developer =
            N_("Replace the stored address only if the redirect can be trusted: a forged "
               "301 takes away all later calls."),
        .use = N_("Send 301 when the address has changed for good."),
        .cause = {N_("The company has a new domain."),
                  N_("A user has a new number after porting or renaming.")},
        .field = {{TND_HEADER_CONTACT, N_("The new address, to be kept.")}},
        .related = {302, 404, 410, 604},
    },
    {
        .code = 302,
        .sender = TND_BY_CALLEE | TND_BY_REDIRECT | TND_BY_PROXY,
        .decider = TND_DECIDER_USER,
        .others = TND_OTHERS_NAMED,
        .outcome = TND_OUTCOME_ELSEWHERE,
        .memory = TND_MEMORY_LEASE,
        .next = TND_NEXT_FOLLOW_CONTACT,
        .reference = "RFC 3261 §21.3.3",
        .description = N_("For now the callee is reached at another address. The address that was "
                          "called stays the right one for later calls."),
        .when = N_("When a user forwards his calls while he is away or on another device, when "
                   "a redirect server answers with registered contacts, and from gateways and "
                   "least-cost routers."),
        .fix = N_("Call the Contacts in the order of q, with the same Call-ID and a higher "
                  "CSeq. For the next call begin with the original address again, unless the "
                  "Contact has an expires that still lasts."),
        .fix_callee = N_("Give the Contact an expires that ends with the forward. For a change for "
                         "good send 301."),
        .fix_developer =
            N_("Try no address twice, and bound the number of redirects: two forwards may "
               "point at each other. A proxy that follows must not let a stranger's "
               "Contact spend its owner's money."),
        .use = N_("Send 302 when the callee is elsewhere for some time."),
        .cause = {N_("A user's forward is active: always, on busy, or when there is no answer."),
                  N_("A redirect server or a least-cost router names the gateway."),
                  N_("The Contact holds a private address that the caller cannot reach."),
                  N_("Two forwards point at each other, and the call ends with 482 or 483.")},
        .field = {{TND_HEADER_CONTACT,
                   N_("Where to call now; q orders several, expires says how long it holds.")},
                  {TND_HEADER_EXPIRES,
                   N_("How long it holds, for Contacts without an expires of their own.")},
                  {TND_HEADER_DIVERSION,
                   N_("From older systems: who has redirected the call, and why.")}},
        .related = {300, 301, 305, 380, 181},
    },
    {
        .code = 305,
        .sender = TND_BY_CALLEE,
        .decider = TND_DECIDER_DOMAIN,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_FAILED,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3261 §21.3.4",
        .description = N_("The resource is to be called through the proxy that Contact names, for "
                          "this one call. Only a callee may say so."),
        .when = N_("Rarely: few user agents send it, and few callers obey it."),
        .fix = N_("Configure the named proxy as outbound proxy or as a route to this domain, "
                  "if you trust it."),
        .fix_callee =
            N_("Publish the way into the domain in DNS (RFC 3263) instead, or let a proxy "
               "of the domain route."),
        .fix_developer =
            N_("Do not follow it as if it were a 302: the Contact names a proxy for the "
               "same Request-URI, not another target. Proxies do not generate it."),
        .recovery = N_("It says which proxy is demanded, follows nobody, and gives up."),
        .use = N_("Better not at all: publish the proxy in DNS. A user agent server may send "
                  "305 to demand a proxy."),
        .cause = {N_("A user agent takes calls from its own proxy only."),
                  N_("A server means 302 and sends the wrong code.")},
        .field = {{TND_HEADER_CONTACT, N_("The URI of the proxy that must be used.")}},
        .related = {302, 403, 421},
    },
    {
        .code = 380,
        .sender = TND_BY_CALLEE | TND_BY_PROXY,
        .decider = TND_DECIDER_DOMAIN,
        .others = TND_OTHERS_NAMED,
        .outcome = TND_OUTCOME_ELSEWHERE,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_FOLLOW_ALTERNATIVE,
        .reference = "RFC 3261 §21.3.5",
        .description = N_("The call as asked for does not succeed, but something else is offered "
                          "instead. What that is stands in the body, whose format RFC 3261 leaves "
                          "open."),
        .when = N_(
            "In mobile networks: an emergency call that is to be placed in another way, described as application/3gpp-ims+xml. Elsewhere it is rare."),
        .fix = N_(
            "Read the body: it says what is offered and why, and reach the callee in that way. For an emergency call use the circuit-switched network, or register for emergency first."),
        .fix_callee =
            N_("Send a body that your callers can read, and Contacts where there are any."),
        .fix_developer =
            N_("Never guess at a body that you cannot read. An emergency alternative is to "
               "be tried without asking the user."),
        .use = N_("Send 380 when another service can do for the caller what the call cannot."),
        .cause = {N_("A phone has dialled an emergency number as a normal call."),
                  N_("A service number is offered in another form than a call.")},
        .field = {{TND_HEADER_CONTENT_TYPE,
                   N_("The format of the description, such as application/3gpp-ims+xml.")},
                  {TND_HEADER_CONTACT, N_("Addresses of the alternative, if it has any.")}},
        .related = {302, 300, 488},
    },
    {.code = 0},
};
