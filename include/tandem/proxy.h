/* tandem/proxy.h: the role of the proxy (RFC 3261 §16, RFC 5393): a response context as a machine. What
 * a proxy writes into what it passes on is in tandem/proxy/forward.h.
 *
 * The machine holds no message and no timer. It is told what happened to a branch, and says what to
 * do. The owner keeps the final response of each branch until DONE, for the machine may choose it.
 *
 *     tnd_proxy_start(&p, &with, targets, count, now, a)
 *     while (tnd_proxy_next(&p, &act))
 *         do it
 *     ...
 *     tnd_proxy_response(&p, branch, code, now);
 *     while (tnd_proxy_next(&p, &act))
 *         do it
 *
 * What an act brings about at once (a branch that cannot be sent) is told when tnd_proxy_next() has
 * said false. Of requests other than INVITE and of one target it is the same machine, with less to do.
 *
 * Targets form a tree: those of the start, and below each redirect that is followed its contacts.
 * Those of the start are tried at once, or by q; contacts of a redirect always by q. Of siblings,
 * those of one q are tried together, and the next q has its turn when they have ended, and all
 * that their redirects led to.
 */
#ifndef TANDEM_PROXY_H
#define TANDEM_PROXY_H

#include "tandem/ref.h"
#include "tandem/store.h"

/* Bounds of one response context. */
enum {
    TND_PROXY_BRANCH_COUNT_MAX = 120, /* targets in all: the bindings of one address-of-record, its
                                       * forwards, and what redirects add */
    TND_PROXY_REDIRECT_COUNT_MAX = 20,
    TND_PROXY_BREADTH_MAX = 60, /* RFC 5393 §5.3.3 */
};

/* When a target is tried. Of BUSY and NO_ANSWER the first whose case it is counts, and it alone. */
enum tnd_target_when {
    TND_TARGET_AT_ONCE,   /* in its turn */
    TND_TARGET_BUSY,      /* when all others have ended and the best answer is 486 or 600 */
    TND_TARGET_NO_ANSWER, /* when nobody has answered after so long: what rings is cancelled. Sooner
                           * when all others have ended and the answer would be 408 or 480, or
                           * none of them could be sent */
};

/* Where one branch goes. Borrowed; texts live as long as the machine. */
struct tnd_target {
    struct tnd_slice uri;  /* becomes the Request-URI; targets are compared by it (§16.5) */
    struct tnd_slice hop;  /* the next hop in its place: a SIP URI; absent: uri leads there */
    struct tnd_slice path; /* values of Route to be put in front (RFC 3327 §5.3); absent: none */
    struct tnd_endpoint source; /* of a binding: where it registered from; family NONE: not said */
    struct tnd_endpoint local;  /* of ours: where that came to; family NONE: not said */
    uint64_t flow;    /* of a binding: over which it registered, if that is still there; 0: none */
    tnd_time after;   /* of NO_ANSWER; of an INVITE alone */
    int16_t q;        /* in thousandths; -1: none was given, as 1000 */
    uint8_t when;     /* enum tnd_target_when */
    bool is_redirect; /* it is not tried: the caller is told of it, with 302 */
};

enum tnd_branch_state {
    TND_BRANCH_WAITING,    /* not tried yet */
    TND_BRANCH_CALLING,    /* sent; nothing has come */
    TND_BRANCH_PROCEEDING, /* a provisional response came */
    TND_BRANCH_ENDED, /* a final response; or a timeout, as 408; or it could not be sent, as 503 */
    TND_BRANCH_DROPPED, /* will not be tried any more */
};

/* Siblings that take turns: targets of the start, or contacts of one redirect. */
struct tnd_proxy_turn {
    uint8_t open;    /* which have had their turn, and are not over */
    uint8_t waiting; /* which have not */
};

/* All fields are for reading. */
struct tnd_branch {
    struct tnd_target target;
    tnd_time c_due;    /* timer C; TND_NEVER_DUE: it does not run */
    uint16_t code;     /* of its final response; 0: none */
    uint16_t rule;     /* enum tnd_rule: why it is tried */
    uint8_t state;     /* enum tnd_branch_state */
    uint8_t depth;     /* redirects that led to it */
    uint8_t breadth;   /* its part of Max-Breadth */
    int8_t parent;     /* the branch whose 3xx named it; -1: none */
    bool is_cancelled; /* CANCEL was asked for */
    bool is_followed;  /* its 3xx was followed, all of it: no candidate for the best response */
    bool is_made;      /* its final response is none that came: a timeout, or a failure; or 302 of
                        * a target that the caller is told of */
    bool has_retry_after;
    bool is_next;               /* of WAITING: it is its turn, as soon as there is breadth */
    uint8_t todo;               /* enum of src/proxy/proxy.h */
    struct tnd_proxy_turn turn; /* of its contacts; open counts the branch too */
};

struct tnd_proxy_with {
    bool is_invite;
    bool serial;     /* by q, equal q at once; else all at once */
    uint8_t breadth; /* Max-Breadth of the request, at most TND_PROXY_BREADTH_MAX: so many branches
                      * run at once, others wait (RFC 5393 §5.3.3); 0: as many as there are */
    uint32_t max_redirects; /* depth, and targets taken from redirects; 0: none is followed */
    tnd_time timer_c;       /* of an INVITE; more than 3 minutes (§16.6 step 11) */
    struct tnd_slice
        uri; /* the Request-URI, which lives as long as the machine: where the request has
                           * been, so no redirect leads there; absent: not said */
};

enum tnd_proxy_act_kind {
    TND_PROXY_TRY, /* send the request to that branch; with Max-Breadth breadth, if it is not 0 */
    TND_PROXY_CANCEL, /* cancel that branch (§16.7 step 10, §16.10), with a Reason (RFC 3326): code is 200
                       * where it was answered elsewhere, 600 and so on where that ended it, 408
                       * where it rang too long; 0: the caller did, whose Reason is copied. It may
                       * have had no provisional response: the client transaction waits for one
                       * (tandem/txn.h) */
    TND_PROXY_FORWARD, /* pass the response of this event up, now (§16.7 step 5) */
    TND_PROXY_CHOOSE, /* pass the final response of that branch up, as code: the best (step 6). Of the
                       * others goes with it: challenges of 401 and 407 (step 7), Contacts of 3xx not
                       * followed; see tnd_proxy_goes_with() */
    TND_PROXY_MAKE,   /* answer code ourselves: no response that came is better. branch: of 302 the
                       * target to name; else -1. Never 503 */
    TND_PROXY_DONE, /* every branch has ended, and a final response went up. Comes once, and last but
                       * for FORWARD of a 2xx to INVITE: the context stays as long as its client
                       * transactions do. Of a request other than INVITE that nobody answered none
                       * went up: a 408 must not (RFC 4320 §4.2), so DONE comes alone */
};

struct tnd_proxy_act {
    uint8_t kind; /* enum tnd_proxy_act_kind */
    uint8_t breadth;
    int16_t branch;
    uint16_t code;
    uint16_t rule; /* enum tnd_rule: the one that decided */
};

/* All fields are for reading. */
struct tnd_proxy {
    struct tnd_proxy_with with;
    struct tnd_branch *branch; /* count of size; in the arena; tnd_proxy_follow() may move them */
    size_t count, size;
    uint32_t redirect_count;
    tnd_time c_due; /* timer C of all that ring: not later than the earliest. Provisional responses
                     * do not move it; TND_NEVER_DUE: none */
    tnd_time no_answer_due; /* of a target NO_ANSWER; TND_NEVER_DUE: none, or not any more */
    uint8_t running;        /* branches CALLING or PROCEEDING */
    uint8_t next_count;     /* branches is_next */
    uint8_t breadth_used;
    struct tnd_proxy_turn turn; /* of the targets of the start */
    bool is_stopped;            /* no target is tried any more */
    bool is_forwarded;          /* a target BUSY or NO_ANSWER had its case */
    bool is_answered;           /* a final response went up */
    bool is_cancelled;          /* the caller gave up */
    bool is_done;               /* DONE was said, or is about to be */
    uint8_t todo;               /* what tnd_proxy_next() has to say yet: see src/proxy/proxy.h */
    uint8_t todo_at;
    uint16_t cancel_code, cancel_rule;
    struct tnd_proxy_act forward, final;
};

/* count may be 0: MAKE 480. Copies targets; their texts are kept. A target with the uri of another one,
 * by tnd_uri_eq(), and the same hop is left out (§16.5); so is what is beyond the bound.
 * TND_ENOMEM: a is over. */
int tnd_proxy_start(struct tnd_proxy *p, const struct tnd_proxy_with *with,
                    const struct tnd_target *targets, size_t count, tnd_time now,
                    struct tnd_arena *a);

/* What to do now. false: nothing more for this event. */
bool tnd_proxy_next(struct tnd_proxy *p, struct tnd_proxy_act *ret);

/* Contacts of a 3xx that came to branch and that may be followed (policy is the owner's): told before
 * the response itself. all: they are all that it named. Those tried before in this context, deeper than
 * max_redirects, or beyond the bounds are not taken; 305 and 380 never are. Nor is any when no
 * target is to be tried any more, or the branch was cancelled. A 416 to a tel URI may be followed
 * likewise, to its SIP form (§16.7 step 4). Returns how many were; copies as
 * tnd_proxy_start() does, in a. when and is_redirect of a contact do not count. */
size_t tnd_proxy_follow(struct tnd_proxy *p, size_t branch, unsigned code,
                        const struct tnd_target *targets, size_t count, bool all,
                        struct tnd_arena *a);

/* Whether uri is the Request-URI, or a target of this context that was or will be tried: such a Contact of a 3xx does not
 * go up (§16.7 step 4). */
bool tnd_proxy_has(const struct tnd_proxy *p, struct tnd_slice uri);

/* The 503 that came to branch carries Retry-After: told before the response itself. */
void tnd_proxy_retry_after(struct tnd_proxy *p, size_t branch);

/* A response came to branch, 100 to 699. Those that come after its final one: a 2xx to INVITE is passed on
 * all the same, others are not (§16.7 step 5). */
void tnd_proxy_response(struct tnd_proxy *p, size_t branch, unsigned code, tnd_time now);

/* Nobody answered (408), or it could not be sent to any server (503). Of a branch that has ended it
 * is no news. */
void tnd_proxy_no_response(struct tnd_proxy *p, size_t branch, unsigned code, tnd_time now);

/* The caller cancels. No news after a final response, nor of a request other than INVITE (§9.2). */
void tnd_proxy_cancel(struct tnd_proxy *p, tnd_time now);

/* c_due or no_answer_due has come. c_due may turn out to have been too early; then it is later. */
void tnd_proxy_timer(struct tnd_proxy *p, tnd_time now);

/* The earlier of both. */
tnd_time tnd_proxy_due(const struct tnd_proxy *p);

/* Whether something of the final response of other goes up with that of chosen, which is of CHOOSE
 * or of MAKE 302. Of one that is_made, which is a 302: its target as Contact. */
bool tnd_proxy_goes_with(const struct tnd_proxy *p, size_t chosen, size_t other);

#endif
