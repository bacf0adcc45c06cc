/* The facts of a code as words and sentences. */
#include "tandem/ref/explain.h"

#include "ref/texts.h"

const char *tnd_code_next_name(enum tnd_code_next next)
{
    static const char *const names[TND_NEXT_COUNT] = {
        [TND_NEXT_NONE] = "none",
        [TND_NEXT_AUTHENTICATE] = "authenticate",
        [TND_NEXT_FOLLOW_CONTACT] = "follow-contact",
        [TND_NEXT_FOLLOW_ALTERNATIVE] = "follow-alternative",
        [TND_NEXT_DROP_EXTENSION] = "drop-extension",
        [TND_NEXT_ADD_EXTENSION] = "add-extension",
        [TND_NEXT_REESTABLISH] = "reestablish",
        [TND_NEXT_RELAX_PRECONDITIONS] = "relax-preconditions",
        [TND_NEXT_WAIT_AND_RETRY] = "wait-and-retry",
        [TND_NEXT_ADJUST] = "adjust",
        [TND_NEXT_NEXT_SERVER] = "next-server",
        [TND_NEXT_CHANGE_TRANSPORT] = "change-transport",
        [TND_NEXT_GIVE_UP] = "give-up",
    };

    return names[next];
}

const char *tnd_code_next_text(enum tnd_code_next next, enum tnd_lang lang)
{
    static const char *const texts[TND_NEXT_COUNT] = {
        [TND_NEXT_NONE] = N_("Nothing needs to be done."),
        [TND_NEXT_AUTHENTICATE] = N_("It answers the challenge with the credentials that it was "
                                     "given, once for each realm; without any it gives up."),
        [TND_NEXT_FOLLOW_CONTACT] = N_("It tries the Contacts one after another, the highest q "
                                       "first, each once."),
        [TND_NEXT_FOLLOW_ALTERNATIVE] = N_("It reads the body, says what is offered, and tries "
                                           "the addresses of the alternative, if there are any."),
        [TND_NEXT_DROP_EXTENSION] = N_("It calls again without the tags of Unsupported in "
                                       "Require, and offers them in Supported."),
        [TND_NEXT_ADD_EXTENSION] = N_("It calls again with the tags of Require in Supported, "
                                      "if it has them."),
        [TND_NEXT_REESTABLISH] = N_("It ends its own call state; if a change of a call was "
                                    "refused, it sets the call up again from scratch."),
        [TND_NEXT_RELAX_PRECONDITIONS] =
            N_("It calls again with optional preconditions in the place of mandatory ones, "
               "unless it was told to keep them."),
        [TND_NEXT_WAIT_AND_RETRY] = N_("If it was told to retry, it waits as Retry-After says "
                                       "and calls again; else it gives up."),
        [TND_NEXT_ADJUST] = N_("It corrects what was objected to, and sends the request again."),
        [TND_NEXT_NEXT_SERVER] = N_("It tries the next server that DNS names for the same "
                                    "address; without another it gives up."),
        [TND_NEXT_CHANGE_TRANSPORT] = N_("It sends the request again over TCP."),
        [TND_NEXT_GIVE_UP] = N_("It gives up, and says why."),
    };

    return tnd_text(lang, texts[next]);
}

const char *tnd_code_decider_text(enum tnd_code_decider decider, enum tnd_lang lang)
{
    static const char *const texts[TND_DECIDER_COUNT] = {
        [TND_DECIDER_NOBODY] = N_("Nobody has decided yet."),
        [TND_DECIDER_USER] = N_("The called user decides, himself or by a rule that he has set."),
        [TND_DECIDER_DEVICE] = N_("The device that is called decides, by what it can do and "
                                  "what it knows."),
        [TND_DECIDER_DOMAIN] = N_("The server of the domain decides, by its data and its policy."),
        [TND_DECIDER_PATH] = N_("An element on the way decides."),
        [TND_DECIDER_NETWORK] = N_("The network decides: what it can carry, and who answers."),
        [TND_DECIDER_CALLER] = N_("The caller has decided: he has ended the attempt."),
    };

    return tnd_text(lang, texts[decider]);
}

const char *tnd_code_others_text(enum tnd_code_others others, enum tnd_lang lang)
{
    static const char *const texts[TND_OTHERS_COUNT] = {
        [TND_OTHERS_WAIT] = N_("The attempt is still going on; others may be tried beside it."),
        [TND_OTHERS_DONE] = N_("Nobody else is tried."),
        [TND_OTHERS_NAMED] = N_("The targets that the response names may be tried."),
        [TND_OTHERS_YES] = N_("Only this target has failed; others may be tried."),
        [TND_OTHERS_SAME] = N_("The same target is to be tried with a changed request; the "
                               "response says nothing of others."),
        [TND_OTHERS_NO] = N_("No other target is to be tried."),
    };

    return tnd_text(lang, texts[others]);
}

const char *tnd_code_outcome_text(enum tnd_code_outcome outcome, enum tnd_lang lang)
{
    static const char *const texts[TND_OUTCOME_COUNT] = {
        [TND_OUTCOME_OPEN] = N_("The call goes on; another response follows."),
        [TND_OUTCOME_MADE] = N_("The request has succeeded; what was asked for is done."),
        [TND_OUTCOME_KEPT] = N_("The call goes on as it was; only this request is refused."),
        [TND_OUTCOME_ELSEWHERE] = N_("The call can go on by a new attempt at another address."),
        [TND_OUTCOME_CHANGED] = N_("A new attempt with a changed request can succeed."),
        [TND_OUTCOME_LATER] = N_("The attempt fails now; the same request may succeed later."),
        [TND_OUTCOME_FAILED] = N_("The attempt fails; the same request would fail again."),
        [TND_OUTCOME_LOST] = N_("The call is lost; only a new one helps."),
    };

    return tnd_text(lang, texts[outcome]);
}

const char *tnd_code_memory_text(enum tnd_code_memory memory, enum tnd_lang lang)
{
    static const char *const texts[TND_MEMORY_COUNT] = {
        [TND_MEMORY_NOTHING] = N_("Nothing is to be remembered."),
        [TND_MEMORY_NEW_ADDRESS] =
            N_("Remember the new address in the place of the old one, for good."),
        [TND_MEMORY_LEASE] =
            N_("Keep the old address; use the Contact only while its expires lasts."),
        [TND_MEMORY_WAIT] = N_("Remember until when not to try again: Retry-After."),
        [TND_MEMORY_VALUE] = N_("Remember the value that the other side demands."),
        [TND_MEMORY_ABILITY] = N_("Remember what the other side cannot do."),
        [TND_MEMORY_PROOF] = N_("Remember that credentials are wanted, and the nonce."),
        [TND_MEMORY_WRONG] = N_("Remember that the address is wrong."),
        [TND_MEMORY_REFUSED] = N_("Remember that the call is not wanted."),
    };

    return tnd_text(lang, texts[memory]);
}

const char *tnd_code_sender_text(enum tnd_code_sender sender, enum tnd_lang lang)
{
    switch (sender) {
    case TND_BY_CALLEE:
        return tnd_text(lang, N_("callee"));
    case TND_BY_PROXY:
        return tnd_text(lang, N_("proxy"));
    case TND_BY_REDIRECT:
        return tnd_text(lang, N_("redirect server"));
    case TND_BY_REGISTRAR:
        return tnd_text(lang, N_("registrar"));
    case TND_BY_NOTIFIER:
        return tnd_text(lang, N_("notifier"));
    case TND_BY_OWN:
        return tnd_text(lang, N_("the caller's own software"));
    }
    return "";
}
