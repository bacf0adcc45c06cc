/* Texts of codes that nobody has registered, but that are met. src/ref/texts.h. */
#include "ref/texts.h"

const struct tnd_explanation tnd_texts_field[] = {
    {
        .code = 409,
        .standing = TND_CODE_FIELD,
        .phrase = N_("Conflict"),
        .sender = TND_BY_REGISTRAR | TND_BY_PROXY,
        .decider = TND_DECIDER_DOMAIN,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_FAILED,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3261 §8.1.3.2",
        .description = N_("The request conflicts with what the server has stored, mostly another "
                          "registration."),
        .when = N_("From old registrars, and from web services with a SIP side."),
        .fix = N_("Remove the old registration, or ask the operator what is in conflict."),
        .fix_callee = N_("Send 400 or 403 with a Warning instead."),
        .fix_developer = N_("Treat it as 400 (RFC 3261 §8.1.3.2)."),
        .use = N_("Do not send 409: it is no longer defined."),
        .note = N_("Not registered. RFC 2543 defined it, and RFC 3261 has dropped it; treat it "
                   "as 400."),
        .cause = {N_("Two devices register the same address where only one is allowed.")},
        .related = {400, 403},
    },
    {
        .code = 411,
        .standing = TND_CODE_FIELD,
        .phrase = N_("Length Required"),
        .sender = TND_BY_CALLEE | TND_BY_PROXY | TND_BY_REGISTRAR,
        .decider = TND_DECIDER_DEVICE,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_FAILED,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3261 §8.1.3.2",
        .description = N_("The request has no Content-Length, and the server wants one."),
        .when = N_("From old servers over TCP."),
        .fix = N_("Write Content-Length into every message; over TCP it is needed anyway (RFC "
                  "3261 §20.14)."),
        .fix_callee = N_("Send 400 instead."),
        .fix_developer = N_("Treat it as 400 (RFC 3261 §8.1.3.2)."),
        .use = N_("Do not send 411: it is no longer defined."),
        .note = N_("Not registered. RFC 2543 defined it, and RFC 3261 has dropped it; treat it "
                   "as 400."),
        .cause = {N_("A client leaves Content-Length out.")},
        .field = {{TND_HEADER_CONTENT_LENGTH, N_("Of the request: it is missing.")}},
        .related = {400, 413},
    },
    {
        .code = 490,
        .standing = TND_CODE_FIELD,
        .phrase = N_("Client Failure"),
        .sender = TND_BY_PROXY | TND_BY_CALLEE,
        .decider = TND_DECIDER_PATH,
        .others = TND_OTHERS_SAME,
        .outcome = TND_OUTCOME_FAILED,
        .memory = TND_MEMORY_NOTHING,
        .next = TND_NEXT_GIVE_UP,
        .reference = "RFC 3261 §8.1.3.2",
        .description = N_("The server refuses for a reason of its own, which no RFC describes."),
        .when = N_("From border controllers, conference servers and application servers of "
                   "some vendors."),
        .fix = N_("Read the reason phrase, Warning and Reason, and look the code up in the "
                  "manual of the software that sent it."),
        .fix_callee = N_("Map it to a registered code at the border of your network."),
        .fix_developer =
            N_("Treat it as 400 (RFC 3261 §8.1.3.2), and show the reason phrase to people."),
        .use = N_("Do not send a code that is not registered."),
        .note = N_("Not registered. From 490 to 499 vendors send codes of their own, each with "
                   "his own meaning; treat it as 400."),
        .cause = {N_("An application server reports a failure of its own.")},
        .field = {{TND_HEADER_REASON, N_("May carry a cause that is understood elsewhere.")},
                  {TND_HEADER_SERVER, N_("Who has sent it.")},
                  {TND_HEADER_WARNING, N_("May say why.")}},
        .related = {400, 403, 500},
    },
    {.code = 0},
};
