/* tandem/recover.h: "how to fix" as code: an attempt and its response give the next action.
 *
 *     tnd_recover_start(&r, &policy, uri, a);
 *     for (;;) {
 *         send a request as r.next says, wait for its final response
 *         tnd_recover(&r, &attempt, response, now, wall, &recovery);
 *         if (recovery.action == TND_RECOVER_GIVE_UP or TND_RECOVER_NONE)
 *             break;
 *         wait until recovery.at, then go on: r.next says what is different
 *     }
 *
 * One table (src/recover/table.def) has a row for each registered response code and situation; what is
 * not in it is treated as x00 of its class (RFC 3261 §8.1.3.2). Each row names its rule, so nothing is
 * tried, and nothing is given up, without a reason that people can read.
 *
 * The rows of a code are tried in their order: what mends the request, then the next target of the
 * redirects, then waiting; and if nothing applies, GIVE_UP with the reason.
 *
 * What bounds it: attempts; targets, each tried once (compared as URIs, RFC 3261 §19.1.4); a tag
 * dropped once, never asked for again; a value that is only raised; what can be said once is said
 * once; one answer to a challenge of a realm, and a second only if it was stale (RFC 3261 §22.2,
 * RFC 7616 §3.3). What a call set up again (REESTABLISH) begins anew is the targets, once.
 *
 * How much of a dialog a response destroys (RFC 5057 §5.1) is not computed here but told by the owner,
 * who has the dialog: attempt.ends_usage and ends_dialog, from tnd_damage() of tandem/dialog/damage.h.
 */
#ifndef TANDEM_RECOVER_H
#define TANDEM_RECOVER_H

#include "tandem/ref.h"
#include "tandem/sip/message.h"

enum {
    TND_RECOVER_ATTEMPT_COUNT = 10, /* unless the policy says otherwise */
    TND_RECOVER_ATTEMPT_COUNT_MAX = 100,
    TND_RECOVER_TARGET_COUNT_MAX = 40,
    TND_RECOVER_TAG_COUNT_MAX = 32,
    TND_RECOVER_WAIT_SECONDS_MAX = 3600, /* a longer Retry-After is not waited for */
};

/* In the words of --json. */
enum tnd_recover_action {
    TND_RECOVER_NONE, /* nothing to do: 1xx, 2xx, or all that can be done is done by others */
    TND_RECOVER_AUTHENTICATE,       /* with credentials for the challenges of the response */
    TND_RECOVER_FOLLOW_CONTACT,     /* uri is the next target */
    TND_RECOVER_FOLLOW_ALTERNATIVE, /* likewise, of a 380 */
    TND_RECOVER_DROP_EXTENSION,     /* without some tags in Require */
    TND_RECOVER_ADD_EXTENSION,      /* with further tags */
    TND_RECOVER_REESTABLISH,        /* the call from scratch: its dialog is gone */
    TND_RECOVER_RELAX_PRECONDITIONS,
    TND_RECOVER_WAIT_AND_RETRY, /* the same once more at a later time */
    TND_RECOVER_ADJUST,         /* a value is corrected */
    TND_RECOVER_NEXT_SERVER,    /* the next one of RFC 3263 §4.3 */
    TND_RECOVER_CHANGE_TRANSPORT,
    TND_RECOVER_GIVE_UP,
    TND_RECOVER_ACTION_COUNT
};

/* "follow-contact". */
const char *tnd_recover_action_name(enum tnd_recover_action action);

/* What may be done. Zero bytes: all that is safe. */
struct tnd_recover_policy {
    uint32_t attempts_max; /* 0: TND_RECOVER_ATTEMPT_COUNT; 1: nothing is tried again; more than
                            * TND_RECOVER_ATTEMPT_COUNT_MAX is that */
    bool is_off;  /* what would be done is told as GIVE_UP with its reason (--no-recover) */
    bool retries; /* waits Retry-After of a 480, 486, 600 and the like, and calls again (--retry) */
    bool keeps_preconditions;     /* mandatory ones are not relaxed */
    const struct tnd_slice *kept; /* tags without which the request has no sense: not dropped */
    size_t kept_count;
    /* Tags that we know though the request did not say so: added when a 421 asks for them. */
    const struct tnd_slice *offers;
    size_t offer_count;
};

/* What the response is to. */
enum tnd_recover_situation {
    TND_RECOVER_INITIAL,   /* an INVITE that begins a call */
    TND_RECOVER_REINVITE,  /* in a call: re-INVITE or UPDATE that changes it */
    TND_RECOVER_REFRESH,   /* the same, for the session timer only */
    TND_RECOVER_IN_DIALOG, /* PRACK, BYE, INFO and others of a dialog */
    TND_RECOVER_REGISTER,
    TND_RECOVER_OUTSIDE, /* OPTIONS, MESSAGE and others of no dialog */
    TND_RECOVER_SITUATION_COUNT
};

/* A body of a 380 (RFC 3261 §21.3.5; 3GPP TS 24.229 §7.6: application/3gpp-ims+xml), read. Texts
 * are in the arena of who asked. */
struct tnd_alternative {
    struct tnd_slice type, action,
        reason; /* "emergency", "emergency-registration", free text; absent: not said */
};

/* Reads it; of the owner, because XML is not of the core. False: it is none, or broken, or hostile: then why
 * is a short sentence for people, static. */
struct tnd_alternative_reader {
    bool (*read)(void *ctx, struct tnd_slice content_type, struct tnd_slice body,
                 struct tnd_arena *a, struct tnd_alternative *ret, const char **why);
    void *ctx;
};

/* The attempt that ended. Borrowed for the call. */
struct tnd_recover_attempt {
    uint8_t situation; /* enum tnd_recover_situation */
    uint8_t method;    /* enum tnd_method */
    uint16_t
        code; /* of the response; without one 408: nobody answered; 503: it could not be sent; 580: what
               * was mandatory could not be reserved on this side */
    const struct tnd_msg *request;  /* as it was sent */
    const struct tnd_msg *response; /* NULL: none */
    bool has_credentials;           /* there is a password for whoever challenges */
    bool had_credentials;           /* the request carried some for the realms of the challenge */
    bool is_stale;                  /* the challenge says that they were right, but old */
    bool has_more_servers;          /* RFC 3263 names another server for the same target */
    bool was_udp;
    uint8_t preconditions; /* 0: none asked for; 1: optional; 2: mandatory */
    bool
        is_owner; /* this side made the Call-ID of the dialog: of the wait after 491 (RFC 3261 §14.1) */
    const struct tnd_alternative_reader *alternatives; /* NULL: none */
    bool
        has_one_body; /* the owner cannot send it in another form, without its coding or its other parts */
    bool has_other_offer; /* the owner can describe the session in another way than request does */
    /* What the response destroys of a dialog (RFC 5057 §5.1): handed on to the recovery. A change of a
     * call whose usage it destroys is made by another call (REESTABLISH). */
    bool ends_usage, ends_dialog;
};

/* How the next request differs from a plain one. Accumulates over the attempts of one call. Texts are
 * in the arena of tnd_recover_start(). */
struct tnd_recover_next {
    struct tnd_slice
        uri; /* the Request-URI: without method and headers parameters of a Contact (RFC 3261 §19.1.5) */
    struct tnd_slice
        dropped[TND_RECOVER_TAG_COUNT_MAX]; /* tags not to be in Require or Proxy-Require */
    uint8_t drop_count;
    bool drop_supported
        [TND_RECOVER_TAG_COUNT_MAX]; /* nor in Supported: the other side does not know it at
                                                     * all; else it is offered there */
    struct tnd_slice added
        [TND_RECOVER_TAG_COUNT_MAX]; /* tags to be in Supported (421: and Require), if we have them */
    uint8_t add_count;
    uint8_t preconditions; /* at most so strong: 0, 1, 2 */
    uint32_t expires;      /* of REGISTER: at least so long (423); 0: not said */
    uint32_t min_se;   /* RFC 4028 §7.2: Min-SE, and Session-Expires at least so long (422); 0 */
    uint8_t transport; /* enum tnd_transport: by this one; NONE: not said */
    bool without_body_coding; /* no Content-Encoding (415); not where attempt.has_one_body */
    bool is_smaller;          /* a body or fields that can be left out are left out (513) */
    bool
        sdp_only; /* no other body than application/sdp (413; 415, 488 with such an Accept); likewise */
    bool other_offer; /* the other session description (488); only where attempt.has_other_offer */
    /* What the headers part of the Contact that is followed asks for, as whole lines, of kinds that do no
     * harm (RFC 3261 §19.1.5): a field of one value takes the place of ours, of a list it is added
     * (§8.1.3.4). Absent: nothing. */
    struct tnd_slice fields;
    uint8_t target; /* of tnd_recover.target: whose uri it is */
};

/* All fields are for reading. */
struct tnd_recover {
    struct tnd_recover_policy policy;
    struct tnd_arena *a;
    struct tnd_slice asked; /* the URI that the user asked for: still the one for the next call */
    struct tnd_recover_next next;
    struct tnd_recover_target {
        struct tnd_slice uri;    /* without method and headers */
        struct tnd_slice fields; /* tnd_recover_next.fields */
        int16_t q;               /* in thousandths */
        uint16_t code;           /* of the redirect that named it; 0: the first one, or asked */
        uint8_t parent;          /* the target that was redirected here; of code 0: itself */
        uint8_t depth;
        bool is_tried;
        bool is_alternative;
    } target[TND_RECOVER_TARGET_COUNT_MAX];
    uint8_t target_count;
    uint32_t attempts;
    uint32_t done;        /* a bit for each thing that is done once: src/recover/recover.h */
    uint8_t stale_in_row; /* challenges that said so, one after the other */
    bool is_learned;      /* target[0] is not asked, but what was learned of it */
};

struct tnd_recovery {
    uint8_t action; /* enum tnd_recover_action */
    uint16_t rule;  /* enum tnd_rule: that decided */
    uint16_t code;  /* that it is about */
    tnd_time at;    /* when to go on: now, or later */
    struct tnd_slice
        detail; /* for people, in English, one line: "to sip:bob@hotel.example (q 0.7)", "without
                              * Require: foo", "why nothing more is tried" */
    /* To be remembered for later calls to recover.asked; absent: nothing. 301: for good; 302: until
     * learned_until, microseconds since 1970 (RFC 3261 §21.3.2, §21.3.3). */
    struct tnd_slice learned;
    int64_t learned_until; /* INT64_MAX: for good */
    bool forgets; /* what was learned of asked is wrong: 404, 410, 604 of a learned target */
    bool ends_usage, ends_dialog; /* of the attempt: what is left of its dialog */
    struct tnd_alternative
        alternative; /* of a 380 whose body could be read: also when nothing is followed */
};

/* uri: what the user asked for. first: what is called first, if that is another (learned); absent: uri.
 * Keeps policy's tags, copies texts into a, which lives as long as the recovery. TND_ENOMEM. */
int tnd_recover_start(struct tnd_recover *r, const struct tnd_recover_policy *policy,
                      struct tnd_slice uri, struct tnd_slice first, struct tnd_arena *a);

/* What to do now. random: any number, of the waits that are to be random (491, RFC 3261 §14.1). ret's texts
 * are in the arena, or static. The arena over: GIVE_UP, and that is said. */
void tnd_recover(struct tnd_recover *r, const struct tnd_recover_attempt *attempt, tnd_time now,
                 int64_t wall, uint64_t random, struct tnd_recovery *ret);

/* What the table says of a code in a situation, without an attempt: for the reference. */
enum tnd_recover_action tnd_recover_by_table(unsigned code, enum tnd_recover_situation situation,
                                             enum tnd_rule *ret_rule);

/* Why, in half a sentence: "the user is busy there". */
const char *tnd_recover_text(unsigned code, enum tnd_recover_situation situation);

/* "initial", "reinvite"; for the reference. */
const char *tnd_recover_situation_name(enum tnd_recover_situation situation);

#endif
