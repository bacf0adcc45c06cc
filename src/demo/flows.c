/* The flows of codes that have something to show beyond their number. */
#include "demo/flow.h"

const char demo_caller_party[] = N_("Caller");

enum { CALLER, SECOND, THIRD };

#define BOB "sip:bob@example.com"
#define SERVERS                                             \
    {                                                       \
        {"_sip._udp.example.com", "s1.example.com", 1},     \
            {"_sip._udp.example.com", "s2.example.com", 2}, \
    }
#define CONTACTS "contact=sip:bob%40desk.example%2Csip:bob%40mobile.example"

static const struct tnd_route_contact psap = {.uri = TND_STR_INIT("sip:112@psap.example")};

static const struct tnd_route emergency = {.match = {.user = TND_STR_INIT("112")},
                                           .action = TND_ROUTE_ALTERNATIVE,
                                           .text = TND_STR_INIT("Emergency calls go elsewhere"),
                                           .contacts = &psap,
                                           .contact_count = 1};

static const char proxy[] = N_("Proxy"), server[] = N_("Redirect server"), callee[] = N_("Callee"),
                  desk[] = N_("Desk phone"), mobile[] = N_("Mobile phone"),
                  first[] = N_("First server"), second[] = N_("Second server");

const struct demo_flow demo_flows[] = {
    {
        .code = 300,
        .about = N_("The callee can be reached at several places. The caller tries them in the "
                    "order of their q, until one answers."),
        .caller = {.uri = "sip:lab-300@example.com;" CONTACTS},
        .server = {.party = server},
        .callee = {{.party = desk, .host = "desk.example", .user = "bob", .step = {{.code = 486}}},
                   {.party = mobile,
                    .host = "mobile.example",
                    .user = "bob",
                    .step = {{.after = TND_MS(500)}}}},
    },
    {
        .code = 301,
        .about =
            N_("The callee has moved for good. The caller follows, and keeps the new address."),
        .caller = {.uri = "sip:lab-301@example.com;contact=sip:bob%40new.example",
                   .again = TND_SEC(2),
                   .before_again = N_("The move was for good: the next call goes to the new "
                                      "address at once.")},
        .server = {.party = server},
        .callee = {{.party = callee, .host = "new.example", .user = "bob"}},
    },
    {
        .code = 302,
        .about = N_("A forward sends the caller elsewhere while it lasts. The original address "
                    "stays the one to call."),
        .caller = {.uri = BOB,
                   .again = TND_SEC(DEMO_FORWARD_SECONDS + 30),
                   .before_again = N_("The forward has ended: the next call goes to the original "
                                      "address again.")},
        .server = {.party = proxy, .has_users = true, .forward = "sip:bob@hotel.example"},
        .callee = {{.party = N_("Hotel phone"), .host = "hotel.example", .user = "bob"},
                   {.party = desk, .host = "desk.example", .user = "bob", .registers = true}},
    },
    {
        .code = 305,
        .about = N_("The callee wants to be called by way of a proxy that it names. Nobody follows "
                    "that: calls would go through strangers."),
        .caller = {.uri = BOB},
        .server = {.party = proxy, .has_users = true},
        .callee = {{.party = callee,
                    .host = "bob.example",
                    .user = "bob",
                    .registers = true,
                    .step = {{.code = 305, .contacts = "<sip:proxy.stranger.example>"}}}},
    },
    {
        .code = 380,
        .about = N_("The server offers another service in place of the one that was called. The "
                    "body describes it, and Contact says where it is."),
        .caller = {.uri = "sip:112@example.com"},
        .server = {.party = N_("Server"), .has_users = true, .route = &emergency},
        .callee = {{.party = N_("Emergency service"), .host = "psap.example", .user = "112"}},
    },
    {
        .code = 404,
        .about = N_("The server of the domain knows no such user."),
        .caller = {.uri = "sip:nobody@example.com"},
        .server = {.party = proxy, .has_users = true},
    },
    {
        .code = 408,
        .about =
            N_("One server of the domain does not answer at all. The caller's own software makes "
               "the 408, and the DNS names another server."),
        .caller = {.uri = BOB},
        .callee = {{.party = first, .host = "s1.example.com", .user = "bob", .is_dead = true},
                   {.party = second, .host = "s2.example.com", .user = "bob"}},
        .srv = SERVERS,
        .note = {{CALLER, 0,
                  N_("No answer: the INVITE is sent again, each time after twice the time.")}},
    },
    {
        .code = 413,
        .about =
            N_("The caller sends a picture along, and the body is longer than the callee takes. "
               "The session description alone is short enough."),
        .caller = {.uri = "sip:lab-413@example.com;max-body=300", .has_picture = true},
        .server = {.party = callee},
        .shows_body = true,
    },
    {
        .code = 415,
        .about = N_("The caller sends a picture along, and the callee takes session descriptions "
                    "alone. Accept says so, and the caller leaves the picture out."),
        .caller = {.uri = "sip:lab-200@example.com", .has_picture = true},
        .server = {.party = callee},
        .shows_body = true,
    },
    {
        .code = 416,
        .about = N_("The caller dials a tel URI, whose scheme the gateway does not know. The same "
                    "number is called once more as a SIP URI."),
        .caller = {.uri = "tel:+12025550123"},
        .callee = {{.party = N_("Gateway"),
                    .host = "example.com",
                    .user = "gateway",
                    .step = {{.code = 416, .minds_tel = true}, {.code = 416, .minds_tel = true}}}},
    },
    {
        .code = 423,
        .about = N_("The registrar does not want to be asked so often. Min-Expires says how long a "
                    "registration must last."),
        .caller = {.uri = "sip:example.com", .method = TND_METHOD_REGISTER, .register_expires = 10},
        .server = {.party = N_("Registrar"), .has_users = true},
    },
    {
        .code = 480,
        .about = N_("The user exists, but no phone of his is registered."),
        .caller = {.uri = BOB},
        .server = {.party = proxy, .has_users = true},
    },
    {
        .code = 481,
        .about =
            N_("The callee loses the call in its middle. What the caller sends within it finds "
               "nothing, so it sets the call up again."),
        .caller = {.uri = BOB, .holds = true},
        .server = {.party = proxy, .has_users = true},
        .callee = {{.party = callee,
                    .host = "bob.example",
                    .user = "bob",
                    .registers = true,
                    .forgets = true}},
    },
    {
        .code = 486,
        .about = N_("Both phones of the user are called. One is busy, and later so is the other: "
                    "only then the caller hears of it."),
        .caller = {.uri = BOB},
        .server = {.party = proxy, .has_users = true},
        .callee = {{.party = desk,
                    .host = "desk.example",
                    .user = "bob",
                    .registers = true,
                    .step = {{.code = 486}}},
                   {.party = mobile,
                    .host = "mobile.example",
                    .user = "bob",
                    .registers = true,
                    .step = {{.code = 486, .after = TND_SEC(2)}}}},
        .note = {{SECOND, 486,
                  N_("A busy phone ends its own branch only: the other goes on ringing.")}},
    },
    {
        .code = 488,
        .about = N_("The caller offers one codec alone, which the callee lacks. It makes another "
                    "offer, with the codecs that nearly everybody has."),
        .caller = {.uri = "sip:lab-200@example.com", .is_wideband = true},
        .server = {.party = callee},
        .shows_media = true,
    },
    {
        .code = 487,
        .about = N_("The caller hangs up while it rings. The 487 ends the INVITE, the 200 is the "
                    "answer to the CANCEL."),
        .caller = {.uri = BOB, .cancels = true},
        .server = {.party = proxy, .has_users = true},
        .callee = {{.party = callee,
                    .host = "bob.example",
                    .user = "bob",
                    .registers = true,
                    .step = {{.code = 1}}}},
    },
    {
        .code = 491,
        .about =
            N_("Both sides change the call at the same moment, and each refuses what the other "
               "wants. They wait for different times, and try again."),
        .caller = {.uri = "sip:bob@bob.example", .holds = true},
        .callee = {{.party = callee, .host = "bob.example", .user = "bob", .holds = true}},
    },
    {
        .code = 503,
        .about = N_("One server of the domain is overloaded. The DNS names another one, which the "
                    "caller tries at once."),
        .caller = {.uri = BOB},
        .callee =
            {{.party = first, .host = "s1.example.com", .user = "bob", .step = {{.code = 503}}},
             {.party = second, .host = "s2.example.com", .user = "bob"}},
        .srv = SERVERS,
    },
    {
        .code = 513,
        .about = N_("The request is too large for the other side to take it as one datagram. Over "
                    "TCP it has no such bound."),
        .caller = {.uri = "sip:bob@bob.example"},
        .callee =
            {{.party = callee, .host = "bob.example", .user = "bob", .step = {{.code = 513}, {0}}}},
    },
    {
        .code = 580,
        .about = N_("The caller insists on a reservation that the callee cannot make. Without "
                    "insisting, the call is made."),
        .caller = {.uri = "sip:lab-580@example.com", .precondition = TND_UA_PRECONDITION_MANDATORY},
        .server = {.party = callee},
        .has_preconditions = true,
    },
    {
        .code = 600,
        .about =
            N_("Three phones are called. One says that the user is busy everywhere: that is the "
               "answer, and nothing else is tried."),
        .caller = {.uri = BOB},
        .server = {.party = proxy, .has_users = true},
        .callee = {{.party = desk,
                    .host = "desk.example",
                    .user = "bob",
                    .registers = true,
                    .step = {{.code = 1}}},
                   {.party = mobile,
                    .host = "mobile.example",
                    .user = "bob",
                    .registers = true,
                    .step = {{.code = 600, .after = TND_SEC(1)}}},
                   {.party = N_("Home phone"),
                    .host = "home.example",
                    .user = "bob",
                    .registers = true,
                    .step = {{.code = 1}}}},
        .note = {{SECOND, 600, N_("Busy everywhere is for all phones: the others are cancelled.")}},
    },
    {
        .code = 603,
        .about = N_("The user declines at one phone, and his other phone stops ringing too."),
        .caller = {.uri = BOB},
        .server = {.party = proxy, .has_users = true},
        .callee = {{.party = desk,
                    .host = "desk.example",
                    .user = "bob",
                    .registers = true,
                    .step = {{.code = 603, .after = TND_SEC(1)}}},
                   {.party = mobile,
                    .host = "mobile.example",
                    .user = "bob",
                    .registers = true,
                    .step = {{.code = 1}}}},
        .note = {{SECOND, 603,
                  N_("The user has declined: no other phone of his goes on ringing.")}},
    },
    {.code = 0},
};
