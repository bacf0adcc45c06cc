/* tandem/ua.h: a user agent: one SIP element that places calls and takes them, registers, asks
 * and sends messages (RFC 3261 §8, §10.2, §11, §12 to §15).
 *
 *     tnd_ua_new(&world, &config, now, &ua);
 *     tnd_ua_call(ua, now, &(struct tnd_ua_call){.uri = TND_STR("sip:bob@example.com")}, &id);
 *     for (;;) {
 *         while (tnd_ua_event(ua, &event))    what happened: ringing, answered, refused and why
 *         while (tnd_ua_take(ua, &out))       send it, look it up
 *         wait until tnd_ua_due(ua), or until something comes
 *         tnd_ua_feed(ua, now, &in);
 *     }
 *
 * It is an element as a node is (tandem/transport/element.h): no socket, no clock, no thread. Whoever
 * has it, its owner, may command it while he reads events: what that brings about is told in the same
 * loop. examples/follow_302.c is such a loop on one UDP socket.
 *
 * A request that is refused is tried again in another way, if there is one that the response names
 * (tandem/recover.h): each attempt is told as an event, with what is done about it. So one call can
 * be several INVITEs, and one tnd_ua_id stands for all of them. What is told of a call ends with
 * exactly one TND_UA_ENDED; after that its id means nothing.
 *
 * It serves INVITE, ACK, CANCEL, BYE, OPTIONS, PRACK, UPDATE, INFO and MESSAGE, and supports 100rel,
 * timer, precondition, histinfo and path. Not there: TLS and SIPS, GRUU (RFC 5627), outbound (RFC 5626),
 * Replaces, REFER and subscriptions.
 *
 * Texts that go in are copied. What an event points to is good until the first feed or command after
 * tnd_ua_event() has said false; what an output points to, after tnd_ua_take() has.
 *
 * Commands (all that takes now) return 0, or what their comment says, or
 *   TND_ESPACE  events must be read and outputs taken first
 *   TND_ENOMEM  no memory, or memory_max
 * and after an error nothing has changed, so that the same may be said again.
 */
#ifndef TANDEM_UA_H
#define TANDEM_UA_H

#include "tandem/recover.h"
#include "tandem/sdp/offer.h"
#include "tandem/sip/message.h"
#include "tandem/transport/element.h"
#include "tandem/txn.h"

struct tnd_digester;
struct tnd_ua;

/* A call, a registration or a request of ours, or a call of somebody else to us. Never 0, and never
 * used again. */
typedef uint64_t tnd_ua_id;

/* Preconditions (RFC 3312, RFC 4032) of each stream of a call: quality of service, segmented, both
 * directions, whose reservation the owner makes: TND_UA_RESERVE and tnd_ua_reserved(). */
enum tnd_ua_precondition {
    TND_UA_PRECONDITION_NONE, /* none are asked for; a call to us that requires them is refused with
                               * 420 (RFC 3312 §11) */
    TND_UA_PRECONDITION_OPTIONAL,
    TND_UA_PRECONDITION_MANDATORY,
};

/* What stays as it is. */
struct tnd_ua_world {
    const struct tnd_mem *mem;           /* kept */
    unsigned char key[16];               /* secret: of tags and branches */
    uint64_t seed;                       /* of what need not be secret */
    const struct tnd_digester *digester; /* kept; of MD5 and so on, from the owner's own library
                                          * (tandem/base/digest.h); NULL: challenges are not answered */
    const struct tnd_txn_timing *timing; /* copied; NULL: the defaults */
    const struct tnd_alternative_reader *alternatives; /* kept; reads the body of a 380
                                                        * (tandem/recover.h); NULL: nobody can */
    size_t memory_max;                                 /* bytes; 0: no bound */
    size_t calls_max; /* at one time, of both sides; then INVITE is refused with 486. 0: no bound */
};

/* Whatever it points to is kept as long as the user agent lives. */
struct tnd_ua_config {
    /* Where we are reached: one for each transport that we can use, the preferred first. For Via
     * and Contact; of a message that came, the flow says. */
    const struct tnd_endpoint *addresses;
    size_t address_count;
    struct tnd_slice from;     /* a SIP URI, or a name-addr; absent: the anonymous one (RFC 3261
                                * §8.1.1.3) */
    struct tnd_slice user;     /* who proves who he is by password; absent: the user of from */
    struct tnd_slice password; /* absent: challenges are not answered */
    struct tnd_slice
        proxy; /* a SIP URI of the next hop of all requests that begin a dialog, or are in
                                * none; absent: where the Request-URI leads */
    struct tnd_slice agent; /* of User-Agent and Server; absent: none */
    /* What we offer and can do: tnd_oa_audio_init() makes the usual one. Its streams may change between
     * two calls of this header; NULL: no call can be placed or taken. */
    const struct tnd_oa_local *media;
    /* What a call of ours offers where media was not acceptable (488): other codecs, or another profile. The
     * same applies; NULL: nothing. */
    const struct tnd_oa_local *other_media;
    struct tnd_recover_policy recover; /* how much is tried again */
    uint32_t session_expires;          /* seconds; 0: 1800 (RFC 4028); 1: no session timer */
    uint32_t ring_max;                 /* seconds that a call to us may ring; 0: 180. Then 480 */
    /* A call of ours rings as long as its callee says so: after four minutes of silence it is given up, 408. */
    uint8_t
        precondition; /* enum tnd_ua_precondition: what we ask for in calls to us. Those that the
                             * caller asks for are met as well, unless it is NONE */
    uint8_t require_100rel; /* provisional responses of ours are reliable where the caller supports
                             * it: 0 when preconditions need it, 1 always (RFC 3262) */
};

/* TND_ENOMEM: ret is untouched. TND_ESYNTAX: from, proxy or an address is none. */
int tnd_ua_new(const struct tnd_ua_world *world, const struct tnd_ua_config *config, tnd_time now,
               struct tnd_ua **ret);

/* Sets *ua to NULL. Of NULL: fine. Nothing is said to anybody: who wants to hang up says tnd_ua_end(),
 * and waits for TND_UA_ENDED. */
void tnd_ua_free(struct tnd_ua **ua);

/* As of a node (tandem/node.h): now is not before that of the call before.
 *   TND_ESPACE  events must be read and outputs taken first; the input had no effect
 *   TND_ENOMEM  the input was lost for want of memory, as a datagram may be */
int tnd_ua_feed(struct tnd_ua *ua, tnd_time now, const struct tnd_input *in);
bool tnd_ua_take(struct tnd_ua *ua, struct tnd_output *ret);
tnd_time tnd_ua_due(const struct tnd_ua *ua);
/* For Date, and for what a response says of the time of day. Microseconds since 1970. */
void tnd_ua_set_wall(struct tnd_ua *ua, tnd_time now, int64_t wall);

/* What is said in a request that begins something. Zero bytes: nothing more than is needed. */
struct tnd_ua_with {
    const struct tnd_slice *require; /* option tags, in Require */
    size_t require_count;
    const struct tnd_slice *supported; /* beside those that we support */
    size_t supported_count;
    struct tnd_slice fields; /* whole lines with their CRLF, of our own making */
    /* Of a call: a further part of its body, beside the session description, and its type: "image/png". The
     * body is multipart/mixed then (RFC 5621 §5). It is left out where that is too large (413) or not
     * understood (415); absent: none. */
    struct tnd_slice part_type, part;
};

struct tnd_ua_call {
    struct tnd_slice uri; /* SIP, SIPS or tel */
    struct tnd_ua_with with;
    uint8_t precondition; /* enum tnd_ua_precondition */
    struct tnd_slice
        learned; /* a URI that is called in place of uri, for an earlier 301 or 302 said so:
                               * uri stays the one to call; absent: none */
};

/* Places a call. TND_ESYNTAX: uri is none that can be called; TND_ESTATE: there are no media;
 * TND_ESPACE: calls_max, or outputs must be taken first; TND_ENOMEM. After each of them nothing has
 * changed: likewise below. */
int tnd_ua_call(struct tnd_ua *ua, tnd_time now, const struct tnd_ua_call *call, tnd_ua_id *ret);

/* A request outside a dialog: OPTIONS, MESSAGE (RFC 3428), or any other but INVITE, ACK, CANCEL, BYE
 * and REGISTER. */
struct tnd_ua_request {
    uint8_t method; /* enum tnd_method */
    struct tnd_slice uri;
    struct tnd_ua_with with;
    struct tnd_slice content_type, body; /* absent: none */
    struct tnd_slice learned;            /* as of tnd_ua_call */
};
int tnd_ua_request(struct tnd_ua *ua, tnd_time now, const struct tnd_ua_request *request,
                   tnd_ua_id *ret);

/* Registers contact (absent: our first address, with the user of from) for the address-of-record of
 * from, and again before it expires, until tnd_ua_end(). registrar absent: the domain of from. */
struct tnd_ua_registration {
    struct tnd_slice registrar; /* a SIP URI without a user */
    struct tnd_slice contact;   /* a URI */
    uint32_t expires;           /* seconds; 0: 3600 */
    struct tnd_ua_with with;
    bool once; /* no refreshes: ENDED comes with the response */
};
int tnd_ua_register(struct tnd_ua *ua, tnd_time now, const struct tnd_ua_registration *registration,
                    tnd_ua_id *ret);

/* A call to us (TND_UA_INCOMING). Each may be said as long as no final response is; else TND_ESTATE. */

/* 180; again: nothing. With preconditions that are not met it is said when they are (RFC 3312 §7). */
int tnd_ua_ring(struct tnd_ua *ua, tnd_time now, tnd_ua_id call);

/* 200, as soon as preconditions allow it. */
int tnd_ua_accept(struct tnd_ua *ua, tnd_time now, tnd_ua_id call);

/* 300 to 699; contacts: values of Contact, of a 3xx or 485; fields: whole lines, of our own making. */
struct tnd_ua_refusal {
    uint16_t code;
    struct tnd_slice reason;   /* absent: the registered phrase */
    struct tnd_slice contacts; /* absent: none */
    struct tnd_slice fields;
    struct tnd_slice content_type, body;
};
int tnd_ua_refuse(struct tnd_ua *ua, tnd_time now, tnd_ua_id call,
                  const struct tnd_ua_refusal *refusal);

/* Ends whatever it is in the way that its state asks for: CANCEL, or BYE (RFC 3261 §9.1, §15), of a call to us
 * that is not answered 603; of a registration expires 0 (§10.2.2); of another request nothing more
 * is said. ENDED comes when the other side has answered, or will not. Again: nothing.
 * TND_ENONE: there is no such id. */
int tnd_ua_end(struct tnd_ua *ua, tnd_time now, tnd_ua_id id);

/* In an answered call. TND_ESTATE: it is none, or an offer is under way; TND_ENONE. */
enum tnd_ua_change {
    TND_UA_HOLD,   /* a re-INVITE whose streams are sendonly, or inactive (RFC 3264 §8.4) */
    TND_UA_RESUME, /* likewise, sendrecv */
    TND_UA_UPDATE, /* an UPDATE with an offer (RFC 3311) where the other side allows it, else re-INVITE */
    TND_UA_REFRESH, /* likewise without a change: a refresh of the session (RFC 4028 §7.4) */
};
int tnd_ua_change(struct tnd_ua *ua, tnd_time now, tnd_ua_id call, enum tnd_ua_change change);

/* The answer to TND_UA_RESERVE. TND_ESTATE: it was not asked for. What is mandatory and cannot be had ends
 * the call: a call to us is refused with 580, one of ours cancelled or ended by BYE, with cause REFUSED and
 * code 580. One that was cancelled is tried again with weaker preconditions, as after a 580 of the other side,
 * unless the policy keeps them (RFC 3312 §8). */
int tnd_ua_reserved(struct tnd_ua *ua, tnd_time now, tnd_ua_id call, size_t stream, bool ok);

/* Events. */
enum tnd_ua_event_kind {
    TND_UA_INCOMING, /* somebody calls: ring, accept or refuse. msg is the INVITE */
    TND_UA_PROGRESS, /* code, 101 to 199, came to our call */
    TND_UA_ATTEMPT, /* an attempt of ours ended with another response than 2xx; attempt says what is done
                      * about it. code 408 without msg: nobody answered; 503 without msg: it could
                      * not be sent; 580 without msg: tnd_ua_reserved() said so */
    TND_UA_RESERVE,  /* reserve for stream: say tnd_ua_reserved(), now or later */
    TND_UA_MEDIA,    /* session was agreed, of a call that may not be answered yet */
    TND_UA_ANSWERED, /* the call is on; of other requests it comes with their 2xx, as ENDED does */
    TND_UA_CHANGED, /* the other side, or tnd_ua_change(), has changed the call: see session; code is not
                      * 200: it was refused, and the call is as before */
    TND_UA_REGISTERED, /* for expires seconds; comes again with each refresh */
    TND_UA_TROUBLE, /* something odd that changes nothing: a response that matches nothing, a description
                        * that cannot be read: rule, and text for people */
    TND_UA_ENDED, /* the last of this id. cause, code */
    TND_UA_RECEIVED, /* msg, a MESSAGE (RFC 3428), came and was answered with 200. id: of its call; 0: none */
};

/* Why it ended. */
enum tnd_ua_cause {
    TND_UA_BY_US,   /* tnd_ua_end(); code 0 */
    TND_UA_BY_THEM, /* BYE, or CANCEL of the other side */
    TND_UA_REFUSED, /* code: by them, or by us */
    TND_UA_DONE,    /* a request that is no call was answered with 2xx */
    TND_UA_LOST, /* the other side does not know the call any more (481, 408 in a dialog), or its session
                        * timer ran out; code says which */
    TND_UA_NO_ACK, /* our 200 was not acknowledged in 64*T1 (RFC 3261 §13.3.1.4) */
};

struct tnd_ua_event {
    uint8_t kind; /* enum tnd_ua_event_kind */
    uint8_t cause;
    uint8_t method; /* enum tnd_method: of the request that it is about */
    uint16_t code;
    uint16_t rule; /* enum tnd_rule: that decided; NONE: nothing did */
    tnd_ua_id id;  /* 0: of TROUBLE and RECEIVED, that belong to none */
    tnd_time at;
    const struct tnd_msg *msg; /* that brought it; NULL: none did */
    struct tnd_slice uri;    /* of ATTEMPT: its Request-URI; of INCOMING: who calls, his From URI */
    struct tnd_slice reason; /* of the response */
    struct tnd_slice text;   /* for people, in English; may be absent */
    const struct tnd_recovery *recovery;  /* of ATTEMPT: what is done next (tandem/recover.h) */
    const struct tnd_oa_session *session; /* of MEDIA, ANSWERED and CHANGED */
    size_t stream;      /* of RESERVE: of session; likewise direction, bandwidth */
    uint8_t direction;  /* enum tnd_sdp_direction */
    uint32_t bandwidth; /* kbit/s with headers: b=AS, else what the formats need; 0: not known */
    uint32_t expires;   /* of REGISTERED */
};

bool tnd_ua_event(struct tnd_ua *ua, struct tnd_ua_event *ret);

#endif
