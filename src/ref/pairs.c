/* Pairs of codes that people mistake for each other, or meet side by side. src/ref/texts.h. */
#include "ref/texts.h"

const struct tnd_pair_text tnd_pair_texts[] = {
    {180, 183,
     N_("Both mean: not answered yet. A 180 says that the user is being alerted; a 183 "
        "says only that there is progress, mostly with media of the network.")},
    {181, 302,
     N_("Both tell that the call goes to another address. With a 181 the server itself takes it there, and the caller waits; with a 302 the caller has to call there.")},
    {300, 302,
     N_("A 300 wants a choice among several ways to the callee; a 302 says where he is "
        "for now, even where it names several Contacts.")},
    {301, 302,
     N_("Both say where the callee is now. After a 301 the old address is replaced for "
        "good; after a 302 it stays, and the next call begins with it again.")},
    {302, 305,
     N_("The Contact of a 302 is another target, and is called. The Contact of a 305 is a "
        "proxy through which the same target is to be called; it is not followed by "
        "itself.")},
    {302, 380,
     N_("A 302 names an address, and calling it is enough. A 380 describes in its body "
        "another service, which somebody must read and be able to use.")},
    {302, 420,
     N_("A 302 changes where the call goes, and leaves the request as it is. A 420 "
        "changes what the request demands, and leaves the target as it is.")},
    {302, 480,
     N_("Both may come when a user is away. A 302 says where he is reached meanwhile; a "
        "480 says that he is not reached, and perhaps when.")},
    {302, 481,
     N_("A 302 is about a new call, which goes on at another address. A 481 is about a "
        "call that is over: its state is gone at the other side, and no other address "
        "helps.")},
    {302, 580,
     N_("A 302 sends the call elsewhere with the same wishes. A 580 keeps the target and "
        "refuses the wishes: the call can be made with fewer preconditions.")},
    {302, 600,
     N_("After a 302 the caller has somewhere to go at once. A 600 forbids every other "
        "target: the callee is busy on all of them, and only time helps.")},
    {401, 403,
     N_("A 401 asks for proof, and the request sent with right credentials may pass. A "
        "403 has decided: no credentials help.")},
    {401, 407,
     N_("Both are challenges. A 401 comes from the end (registrar, user agent) and is "
        "answered with Authorization; a 407 comes from a proxy on the way and is answered "
        "with Proxy-Authorization. One call may meet both.")},
    {403, 407,
     N_("A 407 asks for proof before the proxy passes the request on. A 403 has decided: "
        "no credentials help.")},
    {403, 603,
     N_("A 403 is the refusal of a server by its rules; a 603 is the refusal of the "
        "callee. After a 403 one asks the operator, after a 603 nobody.")},
    {404, 410,
     N_("A 404 knows no such user, and perhaps never did. A 410 knows that he was here "
        "and is gone for good.")},
    {404, 480,
     N_("A 404 knows no such user; a 480 knows him and cannot reach him now. After a 404 "
        "the address is wrong, after a 480 only the time.")},
    {404, 604,
     N_("A 404 is the word of one server about its domain; a 604 claims that the user "
        "exists nowhere, and ends all other branches of a forked call.")},
    {405, 501,
     N_("With 405 the method is known, but not allowed for this address; with 501 it is "
        "not known at all.")},
    {406, 488,
     N_("A 406 is about the bodies that the caller takes in responses, as Accept lists them. A 488 is about the session that he offers.")},
    {406, 606,
     N_("Both have the phrase Not Acceptable. A 406 is about the bodies that the caller takes in responses; a 606 refuses the session that he offers, for all devices of the callee.")},
    {408, 480,
     N_("A 408 means that nobody answered in time, and why is not known. A 480 is an "
        "answer: the user is known and cannot be reached now.")},
    {408, 487,
     N_("Both end an INVITE that nobody answered. A 408 comes because time ran out; a 487 "
        "because the caller, or a proxy for him, has cancelled.")},
    {408, 503,
     N_("A 408 comes because nobody answered in time. A 503 comes from a server that answers and cannot serve now, or because nothing could be sent to it.")},
    {408, 504,
     N_("A 408 says that nothing came from the callee's side; a 504 that a helper of the "
        "server, such as DNS, did not answer.")},
    {410, 604,
     N_("A 410 says that the address was given up here; a 604 says that the user exists "
        "nowhere at all, and forbids other targets.")},
    {413, 513,
     N_("A 413 is about the body alone, a 513 about the whole message with its header "
        "fields.")},
    {415, 488,
     N_("A 415 refuses the type of the body, whatever is in it. A 488 has read the "
        "session description and does not accept the session.")},
    {420, 421,
     N_("They mirror each other. A 420 says: you demand what I do not have; demand less. "
        "A 421 says: I need what you did not offer; offer more.")},
    {420, 580,
     N_("A 420 says that the callee does not know the extension at all. A 580 says that "
        "he knows preconditions and cannot meet those that the call makes mandatory.")},
    {422, 423,
     N_("Both refuse a time that is too short. A 422 is about the session timer of a "
        "call, with Min-SE; a 423 about a registration, subscription or publication, with "
        "Min-Expires.")},
    {428, 438,
     N_("After a 428 the request has no signature that can be used. After a 438 it has one, which does not match the call.")},
    {436, 437,
     N_("After a 436 the certificate could not be fetched, so that nothing is known of it. After a 437 it was fetched, and is not accepted.")},
    {436, 438,
     N_("After a 436 the signature was not checked, since its certificate could not be fetched. After a 438 it was checked, and it is wrong.")},
    {437, 438,
     N_("A 437 does not accept the certificate. A 438 accepts it, and the signature that was made with it is wrong.")},
    {469, 489,
     N_("A 469 refuses an INFO in a call, and Recv-Info lists the packages that are taken. A 489 refuses a subscription, and Allow-Events lists those that there are.")},
    {477, 480,
     N_("Both may come when a phone has gone. A 480 is the registered code for that, and says that the user cannot be reached; a 477 says only that a proxy could not send the request on.")},
    {480, 486,
     N_("A 480 does not reach the user: offline, silent or absent. A 486 has reached a "
        "device of his, and it is busy. Both end only one branch of a forked call.")},
    {480, 487,
     N_("A 480 is the refusal of the called side; a 487 is the consequence of the "
        "caller's own CANCEL.")},
    {480, 503,
     N_("A 480 is about one user who cannot be reached; other users of that server can. A "
        "503 is about the server as a whole: nothing is to be sent to it for a while.")},
    {480, 600,
     N_("A 480 ends one branch and lets others be tried. A 600 knows that the user is "
        "busy on all devices, and ends the whole call.")},
    {480, 603,
     N_("A 480 says that the callee cannot be reached now, a 603 that he does not want "
        "the call. After a 480 one tries later, after a 603 not without reason.")},
    {481, 487,
     N_("A 487 ends a call before it was answered, and is the normal end of a CANCEL. A "
        "481 answers a request for which there is no call or transaction: what it should "
        "belong to is unknown.")},
    {481, 491,
     N_("A 481 says that the call is gone; a 491 says that it is there, and both sides "
        "wanted to change it at once. After a 491 one waits and sends it again, after a "
        "481 one calls anew.")},
    {482, 483,
     N_("A 482 has recognised the request as one that was here before. A 483 only sees "
        "that Max-Forwards is used up; mostly it is a loop that changed the request at "
        "each turn.")},
    {486, 600,
     N_("A 486 speaks for one device, and other phones of the user go on ringing. A 600 "
        "speaks for all, and stops them.")},
    {486, 603,
     N_("A 486 says that this device is busy; others go on ringing. A 603 says that the "
        "user does not want the call anywhere.")},
    {487, 491,
     N_("A 487 is the end of an INVITE that was cancelled. A 491 refuses a change of a "
        "call that lasts; the call goes on as it was.")},
    {488, 580,
     N_("A 488 refuses the session itself: its codecs, transports or media. A 580 accepts "
        "it in principle and refuses the conditions under which it was to be set up.")},
    {488, 606,
     N_("A 488 speaks for one device; another one of the user may accept the session. A "
        "606 speaks for all of them, and stops the other branches.")},
    {500, 503,
     N_("A 500 says that something failed with this request; the server goes on serving. A 503 says that the server as a whole cannot serve now, and perhaps for how long.")},
    {500, 504,
     N_("A 500 has failed by itself; a 504 has waited in vain for another server that it "
        "needs.")},
    {502, 504, N_("A 502 has got an answer that makes no sense. A 504 has got none in time.")},
    {503, 504,
     N_("A 503 comes from the server that cannot serve; a 504 comes from one that can, "
        "but has waited in vain for another.")},
    {600, 603,
     N_("A 600 gives the reason, busy on all devices, and often a time to try again. A "
        "603 gives none: the callee does not want the call. Both forbid other targets.")},
    {600, 604,
     N_("A 600 says that the user exists and is busy, a 604 that he exists nowhere. Both "
        "forbid other targets; only after a 600 does it make sense to call later.")},
    {600, 606,
     N_("A 600 refuses because nobody has time, a 606 because the session that was "
        "offered fits no device. After a 606 another offer may succeed at once.")},
    {603, 607,
     N_("Both come from the callee. A 603 says no to this call; a 607 also tells the "
        "provider that such calls are unwanted, so that he may block them.")},
    {603, 608,
     N_("A 603 is the refusal of a person or his rule, a 608 that of a machine on the "
        "way, which names in Call-Info whom the caller can ask for redress.")},
    {607, 608,
     N_("A 607 is pressed by the called person; a 608 is sent by a machine before the "
        "call reaches him.")},
    {0, 0, NULL},
};
