/* Flows of all codes: a user of the lab answers with them. What can be mended, the caller brings something to
 * mend along. */
#include "demo/flow.h"

/* Who is asked with another method than INVITE, which the code is not for. */
static const struct {
    uint16_t code;
    uint8_t method; /* enum tnd_method */
    const char *fields;
} others[] = {
    {202, TND_METHOD_MESSAGE, NULL},
    {204, TND_METHOD_OPTIONS, NULL},
    {412, TND_METHOD_PUBLISH, "Event: presence\r\nSIP-If-Match: x1\r\n"},
    {429, TND_METHOD_REFER, "Refer-To: <sip:carol@example.com>\r\n"},
    {470, TND_METHOD_MESSAGE, NULL},
    {489, TND_METHOD_SUBSCRIBE, "Event: foo\r\n"},
};

/* Which extension is offered, so that there is one to do without. */
static const char *offered_of(unsigned code)
{
    return code == 417 ? "resource-priority" : code == 439 ? "outbound" : NULL;
}

static const char *about_of(unsigned code)
{
    switch (code) {
    case 401:
        return N_(
            "The callee asks who is calling. The caller answers the challenge with a digest of "
            "its password.");
    case 407:
        return N_("A proxy asks who is calling. The caller answers the challenge with a digest of "
                  "its password.");
    case 420:
        return N_(
            "The caller requires an extension that the callee does not know. Unsupported says "
            "which, and the caller does without it.");
    case 421:
        return N_("The callee needs an extension that the caller has not required. Require says "
                  "which, and the caller adds it.");
    case 422:
        return N_(
            "The caller wants to refresh the session more often than the callee allows. Min-SE "
            "says how long it must last.");
    }
    if (code < 200)
        return N_("The callee says how the call is going on. The caller waits, and then it is "
                  "answered.");
    if (code < 300)
        return N_("The request is done. There is nothing more to do.");
    if (code < 400)
        return N_("The called address sends the caller elsewhere.");
    return N_("The callee refuses the request with this code.");
}

static const char *party_of(unsigned code)
{
    if (code == 407)
        return N_("Proxy");
    return code >= 300 && code < 400 ? N_("Redirect server") : N_("Callee");
}

void demo_generic(unsigned code, char room[DEMO_URI_SIZE], struct demo_flow *ret)
{
    struct tnd_writer w = tnd_writer(room, DEMO_URI_SIZE - 1);

    memset(room, 0, DEMO_URI_SIZE);
    tnd_put_str(&w, "sip:lab-");
    tnd_put_number(&w, code);
    tnd_put_str(&w, "@example.com");
    *ret = (struct demo_flow){
        .code = (uint16_t)code,
        .about = about_of(code),
        .caller = {.uri = room,
                   .require = code == 420 ? "foo" : NULL,
                   .offer = offered_of(code),
                   .fields = code == 417 ? "Resource-Priority: q735.1\r\n" : NULL,
                   .session_expires = code == 422 ? 1800 : 0},
        .shows_supported = code == 421 || offered_of(code),
        .server = {.party = party_of(code)},
    };
    for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
        if (others[i].code != code)
            continue;
        ret->caller.method = others[i].method;
        ret->caller.fields = others[i].fields;
    }
}

const char *demo_action_text(unsigned action)
{
    static const char *const texts[TND_RECOVER_ACTION_COUNT] = {
        [TND_RECOVER_AUTHENTICATE] =
            N_("The caller proves who it is, and sends the request again."),
        [TND_RECOVER_FOLLOW_CONTACT] = N_("The caller goes on to the next address that was named."),
        [TND_RECOVER_FOLLOW_ALTERNATIVE] =
            N_("The caller reads what is offered instead, and calls that."),
        [TND_RECOVER_DROP_EXTENSION] =
            N_("The caller sends the request again without what is not known there."),
        [TND_RECOVER_ADD_EXTENSION] =
            N_("The caller sends the request again with the extension that is asked for."),
        [TND_RECOVER_REESTABLISH] =
            N_("The call is gone on the other side: the caller sets it up from scratch."),
        [TND_RECOVER_RELAX_PRECONDITIONS] =
            N_("The caller asks again, and does not insist on the reservation."),
        [TND_RECOVER_WAIT_AND_RETRY] = N_("The caller waits, and sends the same once more."),
        [TND_RECOVER_ADJUST] =
            N_("The caller corrects what was wrong, and sends the request again."),
        [TND_RECOVER_NEXT_SERVER] = N_("The caller tries the next server of the domain."),
        [TND_RECOVER_CHANGE_TRANSPORT] = N_("The caller sends the request again over TCP."),
        [TND_RECOVER_GIVE_UP] = N_("The caller tries nothing more by itself."),
    };

    return action < TND_RECOVER_ACTION_COUNT ? texts[action] : NULL;
}
