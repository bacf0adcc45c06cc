/* What the rules share: a call that is looked at, what its messages say and how they belong together, and
 * how a finding is made.
 *
 * Messages are named by their index. A request that is sent again is the same request: rules see the first
 * one. Where proxies are on the way and the capture saw several hops, a request that a proxy passed on
 * is another message, whose second Via is the first one of what it was made of: case_up(). */
#ifndef DIAG_FIND_CASE_H
#define DIAG_FIND_CASE_H

#include "diag/find.h"
#include "tandem/sdp.h"
#include "tandem/sip/auth.h"
#include "tandem/sip/field.h"

#define CASE_NONE UINT32_MAX /* no message */

enum {
    CASE_HOP_COUNT_MAX = 16,     /* passed on one after the other, as far as it is followed */
    CASE_SAME_COUNT_MAX = 3,     /* findings of one rule */
    CASE_FINDING_COUNT_MAX = 64, /* before they are put in order */
    CASE_CODE_WORDS = 11,
    CASE_MESSAGE_COUNT_MAX = 500, /* of one call that are looked at */
};

/* What is seen of a message without parsing it: bits. Enough to leave most messages of most calls alone. */
enum case_glance {
    CASE_GLANCED = 1,
    CASE_HAS_ROUTE = 2,
    CASE_HAS_RECORD_ROUTE = 4,
    CASE_HAS_SESSION_EXPIRES = 8,
    CASE_SDP_PRIVATE = 16,    /* c= with an address that cannot be reached from outside */
    CASE_SDP_HOLD = 32,       /* c= with 0.0.0.0 */
    CASE_SDP_NO_PORT = 64,    /* m= with port 0 */
    CASE_SDP_DIRECTION = 128, /* a= sendonly, recvonly or inactive */
};

/* What a message says; read when a rule asks. */
struct case_view {
    struct tnd_msg *msg; /* NULL: not read yet */
    uint8_t glance;      /* enum case_glance; 0: not taken yet */
    struct tnd_slice from_tag, to_tag;
    struct tnd_slice branch, branch_before; /* of the first Via and of the second */
    uint32_t via_count;
    uint32_t cseq; /* UINT32_MAX: none that can be read */
    uint32_t up;
    bool has_up;    /* up was looked for */
    bool was_asked; /* sdp was looked for */
    struct tnd_sdp *sdp;
};

struct find_case {
    const struct tnd_diag_call *call;
    const struct tnd_diag_message *m;
    uint32_t count; /* of messages */
    struct tnd_arena *a;
    struct case_view *view;
    struct tnd_diag_finding *finding;
    size_t finding_count;
    uint64_t codes[CASE_CODE_WORDS]; /* a bit for each response code that came */
    struct tnd_diag_finding spare;   /* what does not count is written here */
};

/* Looks for what a rule names, or for what several rules of one kind do: which cause it was, if any. */
typedef void find_rule(struct find_case *c);

/* case_glance.c: whether some line of it may be so; asked before the message is read, which takes long. */
bool case_glance(struct find_case *c, uint32_t i, enum case_glance bit);

/* case.c: what messages say */

/* The message; one that no memory is left for says nothing. Never NULL. */
const struct tnd_msg *case_msg(struct find_case *c, uint32_t i);
const struct case_view *case_view(struct find_case *c, uint32_t i);
/* The session description in its body; NULL: none that can be read. */
const struct tnd_sdp *case_sdp(struct find_case *c, uint32_t i);
/* Whether that field lists the tag; without case. */
bool case_lists(struct find_case *c, uint32_t i, enum tnd_header header, struct tnd_slice tag);
/* A field that is a number of seconds; -1: not there. */
int64_t case_seconds(struct find_case *c, uint32_t i, enum tnd_header header);
/* The URI of the first Contact; false: there is none. */
bool case_contact(struct find_case *c, uint32_t i, struct tnd_uri *ret);

static inline bool case_has(const struct find_case *c, unsigned code)
{
    return code < 64 * CASE_CODE_WORDS && (c->codes[code / 64] >> code % 64 & 1) != 0;
}

/* case_relations.c: how messages belong together */

/* A request that was not sent before. */
static inline bool case_is_request(const struct find_case *c, uint32_t i)
{
    return c->m[i].code == 0 && !c->m[i].is_again;
}

/* A response with that code, not one that was sent before. */
static inline bool case_is_response(const struct find_case *c, uint32_t i, unsigned code)
{
    return c->m[i].code == code && !c->m[i].is_again;
}

/* The request that a response answers; CASE_NONE: not seen. */
uint32_t case_request(const struct find_case *c, uint32_t response);
/* The first response to a request with a code from low to high; CASE_NONE. */
uint32_t case_response(const struct find_case *c, uint32_t request, unsigned low, unsigned high);
static inline uint32_t case_final(const struct find_case *c, uint32_t request)
{
    return case_response(c, request, 200, 699);
}
/* How often a message was sent again behind the one at after. */
size_t case_repeats(const struct find_case *c, uint32_t message, uint32_t after);
/* The last time that it was sent again; itself. */
uint32_t case_last_repeat(const struct find_case *c, uint32_t message);

/* The request that a proxy made this one of; CASE_NONE: none that was seen. */
uint32_t case_up(struct find_case *c, uint32_t request);
/* The request as it was seen first. */
uint32_t case_top(struct find_case *c, uint32_t request);
/* The next request behind after that was made of request; start with after = request. CASE_NONE. */
uint32_t case_down(struct find_case *c, uint32_t request, uint32_t after);
/* Another one has given this response before, and it was passed on. */
bool case_is_passed_on(struct find_case *c, uint32_t response);
/* It was passed on towards the caller. */
bool case_is_handed_up(struct find_case *c, uint32_t response);

/* No tag in To: it begins something. */
bool case_is_initial(struct find_case *c, uint32_t request);
/* The first INVITE of a leg that has no tag in To; CASE_NONE: not seen. */
uint32_t case_invite(struct find_case *c, uint8_t leg);
/* Who sends it is who began the leg. */
bool case_is_by_caller(struct find_case *c, uint32_t request);
/* Both are of one dialog, whoever sent them. */
bool case_is_same_dialog(struct find_case *c, uint32_t a, uint32_t b);
/* The next request of the same kind, from the same sender, behind a response to one; CASE_NONE. */
uint32_t case_next_try(struct find_case *c, uint32_t response);
/* It was tried again, and did not come to the same end. */
bool case_is_mended(struct find_case *c, uint32_t response);
/* The next response with that code that nobody passed on; start with 0, and go on behind what is
 * returned. CASE_NONE. */
uint32_t case_next_refusal(struct find_case *c, uint32_t at, unsigned code);

/* case_raise.c: findings */

/* With what rules.def says, of the code of that message, which is the first evidence. Never NULL: what is too
 * much is written to no avail. */
struct tnd_diag_finding *case_raise(struct find_case *c, enum tnd_diag_rule rule, uint32_t message);
/* It is the doing of who sent this request, or this response. */
void case_blame_sender(struct find_case *c, struct tnd_diag_finding *f, uint32_t request);
void case_blame_answer(struct find_case *c, struct tnd_diag_finding *f, uint32_t response);
/* More evidence: the message alone; its first field of a kind, if it is there; the line around where. */
void case_show(struct tnd_diag_finding *f, uint32_t message);
void case_show_field(struct find_case *c, struct tnd_diag_finding *f, uint32_t message,
                     enum tnd_header header);
void case_show_line(struct find_case *c, struct tnd_diag_finding *f, uint32_t message,
                    struct tnd_slice where);
/* It is milder if the response was followed by a better end. */
void case_ease(struct find_case *c, struct tnd_diag_finding *f, uint32_t response);

/* In the arena; absent: it is over. */
struct tnd_slice case_text(struct find_case *c, const struct tnd_slice *pieces, size_t count);

#define CASE_TEXT(c, ...)                                 \
    case_text(c, (const struct tnd_slice[]){__VA_ARGS__}, \
              sizeof((const struct tnd_slice[]){__VA_ARGS__}) / sizeof(struct tnd_slice))

/* Without its quotes, if it has some. */
struct tnd_slice case_unquoted(struct tnd_slice s);

/* case_place.c: addresses */

/* Of a private network, of a shared one, or of a link (RFC 1918, RFC 6598, RFC 4193, RFC 4291). */
bool case_is_private(const struct tnd_endpoint *e);
/* One that others can reach. */
bool case_is_public(const struct tnd_endpoint *e);
/* Both are known, and are not the same; a port of 0 is any. */
bool case_is_elsewhere(const struct tnd_endpoint *a, const struct tnd_endpoint *b);

/* The rules, each in the file that is named. */
find_rule find_extension, find_extension_needed, find_extension_insisted; /* find_extension.c */
find_rule find_precondition;                                              /* find_precondition.c */
find_rule find_dialog;                                                    /* find_dialog.c */
find_rule find_redirect;                                                  /* find_redirect.c */
find_rule find_fork_stopped, find_fork_not_stopped;                       /* find_fork.c */
find_rule find_loop, find_hops_spent;                                     /* find_loop.c */
find_rule find_ack, find_dropped, find_refusal_repeated;                  /* find_ack.c */
find_rule find_provisional_repeated;
find_rule find_cancel_crossed, find_cancel_without_end, find_cancelled; /* find_cancel.c */
find_rule find_record_route, find_route_ignored;                        /* find_route.c */
find_rule find_contact_private, find_sdp_private;                       /* find_nat.c */
find_rule find_response_from, find_response_to;
find_rule find_silence, find_not_picked_up, find_too_large,
    find_dialog_silence;                                      /* find_silence.c */
find_rule find_request_lost, find_response_lost;              /* find_loss.c */
find_rule find_auth, find_auth_loop;                          /* find_auth.c */
find_rule find_media_refused;                                 /* find_media.c */
find_rule find_stream_refused, find_one_way, find_no_address; /* find_streams.c */
find_rule find_glare, find_glare_given_up, find_interval_small,
    find_session_expired;                                           /* find_session.c */
find_rule find_retried_early, find_next_server, find_expires_brief; /* find_retry.c */
find_rule find_malformed;                                           /* find_malformed.c */
find_rule find_too_many, find_refused;                              /* find_refused.c */

#endif
