/* What the files of node/ share.
 *
 *   node.c      the contract: feed, take, due
 *   receive.c   a message: is it one of a transaction, is it fit to be served, whose is it
 *   inspect.c   what a new request deserves (RFC 3261 §8.2, §16.3)
 *   own.c       what is ours: addresses, domains, users, tags
 *   reply.c     replies without a transaction, and what all replies say
 *   kept.c      messages that were sent
 *   token.c     names for what waits for something outside
 *   key.c       by which bytes a message finds its transaction
 *   server.c    server transactions: their machines' actions, timers and memory
 *   uas.c       the user agent server behind them: the lab, CANCEL, the ACK to a 2xx
 *   deliver.c   where a response goes when the first place fails
 *   limit.c     requests from one source
 *   pass.c      what is to be done with a request that is for somebody else, before it is kept
 *   why.c       records of why
 *   why_find.c  those of a call; as text
 *   out.c       the outputs
 *
 * Outputs borrow from transactions. So one that ends is kept until they have been taken.
 */
#ifndef NODE_NODE_H
#define NODE_NODE_H

#include "base/map.h"
#include "base/pool.h"
#include "base/siphash.h"
#include "base/trace.h"
#include "base/waits.h"
#include "tandem/auth.h"
#include "tandem/lab.h"
#include "tandem/node.h"
#include "tandem/proxy.h"
#include "tandem/proxy/forward.h"
#include "tandem/registrar.h"
#include "tandem/sip/verdict.h"
#include "tandem/sip/write.h"
#include "tandem/transport/response.h"

enum {
    NODE_OUT_FIRST_COUNT = 4096,
    NODE_OUT_OF_BRANCH = 5, /* of one event: it is tried, or four names are looked up; cancelled */
    /* outputs of one input, or of one timer, at the most */
    NODE_OUT_OF_INPUT = 16 + TND_PROXY_BRANCH_COUNT_MAX * NODE_OUT_OF_BRANCH,
    NODE_OUT_FIRST_SIZE = 131072,
    NODE_OUT_SIZE_MAX = 33554432,
    NODE_WORK_FIRST_SIZE = 65536,
    NODE_WORK_SIZE_MAX = 4194304, /* the lab needs 1 MiB at the most, a reply less */
    NODE_TXN_ROOM = 448,          /* holds the keys of most transactions */
    NODE_TXN_SIZE_MAX = 524288,   /* beyond that: a request that is kept, and its index */
    NODE_TAG_SIZE = 16,  /* hexadecimal digits; RFC 3261 §19.3 asks for 32 bits of chance */
    NODE_PLACE_BITS = 8, /* three hops, sixteen addresses of one of them */
    NODE_TRACE_COUNT = 1024,
    NODE_LIMIT_COUNT = 4096,
    NODE_SEARCHED_COUNT = 4096,
    NODE_TARGET_COUNT = 16384,
};

/* Timers of a transaction: those of its machine, and those that its user waits with. */
enum node_wait {
    NODE_WAIT_STEP = TND_TIMER_COUNT, /* the next step of the role */
    NODE_WAIT_EXPIRY,                 /* of the INVITE: the role has to answer before that */
    NODE_WAIT_ACK,                    /* the 2xx is sent again */
    NODE_WAIT_CONTEXT,                /* of a context: timer C, or nobody answers */
    NODE_OF_CLIENT = 64,              /* of a client, with what its machine waits for */
};

enum {
    NODE_TIMER_COUNT = 3,
    NODE_CLIENT_TIMER_COUNT = 2,
    NODE_CONTEXT_ROOM = 3072, /* holds most requests, their index and their targets */
    NODE_CONTEXT_SIZE_MAX = 1048576,
};

enum {
    NODE_KEPT_POOL_COUNT = 3,
    NODE_KEPT_SIZE_MIN = 512,
    NODE_KEPT_OF_TXN = 8, /* messages of one transaction, on average, until outputs are taken */
};

/* What an answer from outside is for. */
enum node_token_kind { NODE_TOKEN_TXN, NODE_TOKEN_CONTEXT, NODE_TOKEN_CLIENT };

struct node_token {
    void *object; /* NULL: nobody waits */
    uint32_t life, next_free;
    uint8_t kind; /* enum node_token_kind */
};

/* Row 0 is not used. */
struct node_tokens {
    struct node_token *row;
    size_t size, used;
    uint32_t free; /* the first free row of those that were used; 0: none */
};

struct node_limit {
    uint64_t source;
    tnd_time second;
    uint32_t count;
};

/* A request for an address-of-record, and the way by which its first copy came (once.c). */
struct node_searched {
    uint64_t place, way;
    tnd_time until;
};

/* Where a message goes. */
struct node_to {
    uint64_t flow; /* 0: by endpoint alone */
    struct tnd_endpoint endpoint;
    struct tnd_endpoint from; /* of ours, over UDP without flow; family NONE: any that fits */
    bool is_nowhere;
};

/* A message that was sent. */
struct node_kept {
    struct node_kept *next; /* of those that are forgotten */
    size_t size;            /* with what stands here */
    size_t len;
    char bytes[];
};

/* Tags of what this node says of a request (own.c). */
enum node_tag_kind {
    NODE_TAG_REFUSAL,
    NODE_TAG_DIALOG,    /* of a dialog, which is known again by it */
    NODE_TAG_FORGOTTEN, /* of one that is not to be known again */
};

/* A server transaction and its user. */
struct node_txn {
    /* What is touched when it ends, long after it was last used, is at the front, together. */
    struct tnd_map_node by_key, by_merged, by_ack; /* key absent: not in that map */
    struct tnd_wait timers[NODE_TIMER_COUNT];
    union {
        struct tnd_ist ist;
        struct tnd_nist nist;
    } machine;
    uint64_t token;            /* without the place: node_txn_token() has it; 0: nothing can fail */
    struct tnd_flow flow;      /* the request came over it */
    struct node_to to;         /* the response goes there, now */
    struct tnd_locate *locate; /* of deliver.c; NULL: no host is looked up */
    uint8_t hop_count;         /* hops of the Via given up */
    uint8_t place;             /* to is the place of that number; the last part of its tokens */
    bool is_invite;
    bool is_answered; /* a final response was given */
    bool is_ended;
    bool begins_call;
    bool is_timed; /* it was seen how long its caller waited, or it begins no call */
    bool is_mute;  /* there was no memory for its last response: the one before is not sent again */
    struct tnd_seen seen; /* of the top Via; in arena */
    struct tnd_lab lab;
    unsigned lab_code;
    enum node_tag_kind tag_kind;   /* RFC 3261 §8.2.6.2: the same in all responses */
    struct tnd_txn_parts *request; /* kept while the role has more to say; NULL: it has not */
    struct node_kept *sent;        /* the last response; NULL: none */
    struct node_context
        *context;      /* of a request that is not the lab's; NULL: none, or it has ended */
    tnd_time began;    /* when the request came */
    tnd_time ack_wait; /* what the wait for the ACK was armed with last */
    struct node_txn *next_ended;
    struct tnd_arena arena;
    char room[NODE_TXN_ROOM]; /* of arena */
};

/* What Route says (RFC 3261 §16.4, §16.6 step 6). Of an address that is there angle is set. Borrows from
 * the message. */
struct node_routes {
    struct tnd_addr used; /* all up to and with this one are taken off */
    struct tnd_addr last; /* of a strict router's request: it was the Request-URI */
    struct tnd_addr next; /* the first that is left */
    struct tnd_slice
        added; /* the Request-URI, when that is the next hop's now; absent: it is not */
    struct tnd_route_flow flow; /* by which it goes, if that is said: */
    uint8_t flow_read;          /* enum tnd_route_flow_read */
    bool has_own_flow;          /* one of ours names where the request came from */
    struct tnd_slice token;     /* of the last of ours; absent: it has none */
    bool is_strict;             /* the next hop is in the Request-URI */
};

/* What is known of a request that is for somebody else, or for the registrar. */
struct node_pass {
    bool is_register;
    bool is_several; /* it is for a user of the lab who is several phones */
    bool is_routed;  /* its Route leads away, or says by which flow it goes */
    bool is_away;    /* it goes where it says: by its Route, or to a domain that is not ours */
    bool is_foreign; /* whom it is for is not ours to serve: it is away, or a telephone number */
    bool is_known;   /* it is within a dialog that was let through before, and for its other side:
                      * so says the token of our Route */
    bool is_astray;  /* it says to be, and is not */
    bool is_spiral;  /* it comes from ourselves */
    bool has_claim;  /* it has credentials that may be right */
    struct tnd_slice aor; /* by which it is looked up; absent: by none, or not made yet */
    struct tnd_slice
        peer; /* he is looked up for the connection that he has now; absent: nobody is */
    struct tnd_slice own_realm; /* he is asked for that of his domain; absent: for ours */
};

/* Our address as text: made anew when a message comes to another one. */
struct node_self {
    struct tnd_endpoint local;
    uint8_t host_len, len;
    char text[TND_ENDPOINT_LEN_MAX];
};

/* The last records of why. */
struct node_whys {
    struct tnd_why *ring;
    uint64_t count; /* that were ever written */
};

struct tnd_node {
    struct tnd_mem world; /* where memory comes from */
    struct tnd_mem mem;   /* of it, what is left to peers */
    size_t memory_left;
    const struct tnd_node_config *config;
    bool routes_ask_from; /* of config */
    struct tnd_txn_timing timing;
    struct tnd_siphash_key key;
    uint64_t seed, life;
    const struct tnd_digester *digester;
    tnd_time now;
    struct tnd_wheel wheel;
    struct tnd_pool pool;
    struct tnd_pool kept[NODE_KEPT_POOL_COUNT]; /* messages, by size */
    struct tnd_pool clients, contexts;
    struct tnd_map by_key, by_merged, by_ack, by_branch;
    struct node_tokens tokens;
    struct node_client *ended_clients;
    struct node_context *ended_contexts;
    struct node_context *all_contexts;
    struct tnd_auth_seen *auth_seen;
    int64_t wall_offset;         /* microseconds; what is to be added to now */
    struct node_txn *ended;      /* to be given back when their outputs have been taken */
    struct node_kept *forgotten; /* likewise */
    struct tnd_node_stats stats;

    struct tnd_output *outputs, *outputs_first; /* more, while one batch has many */
    size_t output_size, output_count, output_taken;
    size_t fed;    /* inputs since the outputs were taken */
    bool is_taken; /* all; the next feed starts anew */
    struct tnd_arena out;
    char *out_first;
    struct tnd_arena work; /* of one input, or of one timer; then it is empty again */
    char *work_first;

    struct node_self self;
    struct tnd_trace trace;
    struct tnd_trace_record *trace_records;
    struct node_whys whys[2]; /* of those answered with 2xx, and of all others */
    size_t why_size;          /* of each of both */
    uint64_t why_count;
    tnd_time started;
    struct node_limit *limits;
    struct node_searched *searched;
    uint64_t *targets;           /* of dialogs, which were changed: targets.c */
    struct tnd_endpoint came_to; /* what is being received, at our side */
};

/* A message that is being received. */
struct node_got {
    struct tnd_msg *msg;
    struct tnd_arena *a;
    struct tnd_flow flow;
    struct tnd_txn_parts parts; /* its via with what was seen of the source */
    struct tnd_seen seen;
    char seen_room[TND_ADDRESS_LEN_MAX];
    struct tnd_slice key, merged; /* keys, in a, once they have been made; absent: there is none */
    struct tnd_uri
        uri;        /* the Request-URI, once it has been checked; of a strict router's request the
                         * last Route */
    bool is_passed; /* it is for somebody else, or for the registrar */
    struct node_pass pass;         /* how, then */
    struct node_routes routes;     /* once the Request-URI has been read */
    struct tnd_branch_seed seed;   /* of what goes on: node_seed() */
    bool has_seed, has_route;      /* they were looked for */
    const struct tnd_route *route; /* that answers for it, or says where it goes; NULL: none */
    unsigned lab; /* the code of the lab user whom it names, once that is known; 0: none */
};

/* A request that is answered. */
struct node_asked {
    const struct tnd_txn_parts *parts;
    const struct tnd_flow *flow;
    const struct tnd_seen *seen;
    const struct tnd_uri *uri; /* the Request-URI; NULL: it has not been read */
};

/* What is said to a request. All is borrowed. */
struct node_answer {
    uint16_t code;
    enum tnd_rule rule;
    struct tnd_slice fact;         /* for the record of why */
    struct tnd_slice reason;       /* absent: the registered phrase */
    struct tnd_slice unsupported;  /* the value of Unsupported; absent: none */
    struct tnd_slice fields;       /* further lines; absent: none */
    struct tnd_slice content_type; /* absent: no body */
    struct tnd_slice body;
    enum node_tag_kind tag_kind;
    struct tnd_slice tag;          /* the tag of that kind; absent: not made yet */
    unsigned lab;                  /* the code of the lab user who says it; 0: none does */
    bool says_why;                 /* a Warning tells the rule */
    const struct tnd_proxy *tried; /* for the record too: the branches; NULL: there were none */
    int chosen;                    /* of them; -1: none is */
    bool close;                    /* the connection, behind the reply */
};

/* receive.c */
int node_receive(struct tnd_node *n, const struct tnd_input *in);

/* No answer, for that reason. */
void node_drop(struct tnd_node *n, struct node_got *got, enum tnd_rule rule);

/* inspect.c: what a request that belongs to no transaction deserves. */
enum node_way {
    NODE_ANSWER, /* ret, at once */
    NODE_SERVE,  /* the lab user of ret_code serves it */
    NODE_PASS,   /* it is for somebody else, or for the registrar */
};
enum node_way node_inspect(struct tnd_node *n, struct node_got *got, struct node_answer *ret,
                           unsigned *ret_code);

/* own.c */
/* Whether a URI, in a message that came over flow, names us: by its host, and by its port where that
 * is said and the host is an address. */
bool node_is_ours(const struct tnd_node *n, const struct tnd_flow *flow, const struct tnd_uri *uri);
/* The same for the same request. Borrows from room. */
struct tnd_slice node_tag(const struct tnd_node *n, const struct tnd_txn_parts *parts,
                          enum node_tag_kind kind, unsigned lab, char room[NODE_TAG_SIZE]);
/* "192.0.2.1:5070": what we call ourselves to whoever is at the other end of flow; and our host
 * there, alone. Good until the next call. */
struct tnd_slice node_self(struct tnd_node *n, const struct tnd_flow *flow);
struct tnd_slice node_self_host(struct tnd_node *n, const struct tnd_flow *flow);

/* reply.c. Without a transaction; for an answer that follows from the request alone. */
void node_reply(struct tnd_node *n, struct node_got *got, const struct node_answer *answer);
/* The same; the connection stays. */
void node_reply_to(struct tnd_node *n, const struct node_asked *asked,
                   const struct node_answer *answer);
/* Writes an answer to request, which came over flow, into a. The absent slice: a is over. */
struct tnd_slice node_write_reply(struct tnd_node *n, struct tnd_arena *a,
                                  const struct node_asked *asked, const struct node_answer *answer);

/* kept.c. Room for so many bytes; a copy; NULL: no memory. */
struct node_kept *node_kept_new(struct tnd_node *n, size_t room);
struct node_kept *node_keep(struct tnd_node *n, struct tnd_slice bytes);
/* Sets *kept to NULL; it goes as soon as the outputs have been taken. Of NULL: fine. */
void node_forget(struct tnd_node *n, struct node_kept **kept);
void node_give_forgotten(struct tnd_node *n);
void node_kept_init(struct tnd_node *n);
void node_kept_fini(struct tnd_node *n);

/* A copy of a request and of what was read of it, in a; seen, as kept as long, is in its Via. NULL: a is
 * over. */
struct tnd_txn_parts *node_keep_request(struct tnd_arena *a, const struct tnd_txn_parts *request,
                                        const struct tnd_seen *seen);

/* token.c. 0: no memory. */
uint64_t node_token_take(struct tnd_node *n, enum node_token_kind kind, void *object);
/* NULL: it is gone, or was none. Whatever the place. */
void *node_token_find(const struct tnd_node *n, uint64_t token, enum node_token_kind kind);
/* Sets it to 0; of 0: fine. */
void node_token_give(struct tnd_node *n, uint64_t *token);
void node_tokens_fini(struct tnd_node *n);

/* server.c. Keys live as long as a; absent: the message has none, or a is over. */
struct tnd_slice node_key_of(struct tnd_arena *a, const struct tnd_txn_parts *request);
struct tnd_slice node_merged_key_of(struct tnd_arena *a, const struct node_got *got);
/* Of a request for which aor is searched. */
struct tnd_slice node_searched_key_of(struct tnd_arena *a, const struct tnd_txn_parts *request,
                                      struct tnd_slice aor);
/* Of what it cancels, if that is a request of this method. */
struct tnd_slice node_cancelled_key_of(struct tnd_arena *a, const struct tnd_txn_parts *cancel,
                                       enum tnd_method method);
/* Of an ACK to a 2xx, or of an INVITE that is answered with one that has this tag. */
struct tnd_slice node_ack_key_of(struct tnd_arena *a, const struct tnd_txn_parts *request,
                                 struct tnd_slice to_tag);
/* Of an INVITE that has not been answered, in its early dialog with this tag. */
struct tnd_slice node_early_key_of(struct tnd_arena *a, const struct tnd_txn_parts *request,
                                   struct tnd_slice to_tag);
/* Of an INVITE of RFC 2543 that is answered with this tag; absent also: it is of RFC 3261. */
struct tnd_slice node_old_ack_key_of(struct tnd_arena *a, const struct tnd_txn_parts *invite,
                                     struct tnd_slice to_tag);
/* Each NULL: there is none. An absent key finds none. */
struct node_txn *node_find_by_key(const struct tnd_node *n, struct tnd_slice key);
struct node_txn *node_find_by_merged(const struct tnd_node *n, struct tnd_slice key);
struct node_txn *node_find_by_ack(const struct tnd_node *n, struct tnd_slice key);

/* Starts one for the request. NULL: no more transactions, or no memory, now. */
struct node_txn *node_txn_new(struct tnd_node *n, const struct node_got *got);
/* The request stays, as t->request. false: no memory for it. */
bool node_txn_keep_request(struct node_txn *t, const struct tnd_txn_parts *request);
/* From now on node_find_by_ack() with this key finds t. Keeps key, which is in its arena. */
void node_txn_set_ack(struct tnd_node *n, struct node_txn *t, struct tnd_slice key);
/* And node_find_by_merged() with a copy of this one; absent: not any more. */
void node_txn_set_merged(struct tnd_node *n, struct node_txn *t, struct tnd_slice key);
/* The TU answers; t may have ended then. */
void node_txn_reply(struct tnd_node *n, struct node_txn *t, const struct tnd_txn_parts *request,
                    const struct node_answer *answer);
/* The same with a response that is passed back as it stands. */
void node_txn_pass(struct tnd_node *n, struct node_txn *t, unsigned code, struct tnd_slice bytes);
/* Whether it may be answered still. */
bool node_txn_is_open(const struct node_txn *t);
/* Something happened to t, which may have ended then. A 2xx is the one that was sent. */
void node_txn_event(struct tnd_node *n, struct node_txn *t, struct tnd_txn_event ev);
void node_txn_arm(struct tnd_node *n, struct node_txn *t, uint8_t id, tnd_time due);
void node_txn_disarm(struct tnd_node *n, struct node_txn *t, uint8_t id);
void node_timer_due(struct tnd_node *n, struct tnd_wait *timer);
/* Of an output of t: what fails may have been sent before t went on to its present place. */
uint64_t node_txn_token(const struct node_txn *t);
/* Sends the last response, to where it goes now. */
void node_txn_send(struct tnd_node *n, struct node_txn *t);
void node_give_ended(struct tnd_node *n);
void node_txns_fini(struct tnd_node *n);

/* uas.c */
/* 503 with Retry-After; through t unless it is NULL. */
void node_overload(struct tnd_node *n, struct node_got *got, struct node_txn *t);
void node_serve(struct tnd_node *n, struct node_got *got, unsigned code);
void node_cancel(struct tnd_node *n, struct node_got *got);
void node_uas_step(struct tnd_node *n, struct node_txn *t);
void node_uas_expired(struct tnd_node *n, struct node_txn *t);
void node_uas_again(struct tnd_node *n, struct node_txn *t);
/* What a machine has for its TU. */
void node_uas_told(struct tnd_node *n, struct node_txn *t, const struct tnd_act *act);

/* own.c, further */
/* The flow by which a request that came over in goes to that endpoint: from where, and what we call
 * ourselves there. id 0: whichever leads there. */
struct tnd_flow node_way_to(const struct tnd_node *n, const struct tnd_flow *in,
                            const struct tnd_endpoint *to);
/* The same, from where the phone is known to be reached, as far as that is ours still. */
struct tnd_flow node_way_from(const struct tnd_node *n, const struct tnd_flow *in,
                              const struct tnd_endpoint *local, const struct tnd_endpoint *to);
/* Where we reach ourselves. false: nowhere. */
bool node_own_endpoint(const struct tnd_node *n, const struct tnd_flow *flow,
                       struct tnd_endpoint *ret);
/* Whether a datagram from there is one that we have sent. */
bool node_is_ourselves(const struct tnd_node *n, const struct tnd_endpoint *remote);
/* Whether it is at an address of ours, at whatever port: any program of this machine may be. */
bool node_is_this_machine(const struct tnd_node *n, const struct tnd_endpoint *remote);
bool node_is_trusted(const struct tnd_node *n, const struct tnd_endpoint *e);
/* The address-of-record of a URI that is ours, in a. Absent: it has none, or a is over. */
struct tnd_slice node_aor(const struct tnd_node *n, const struct tnd_uri *uri, struct tnd_arena *a);
/* Seconds since 1970. */
static inline int64_t node_wall(const struct tnd_node *n)
{
    return (n->now + n->wall_offset) / 1000000;
}

/* pass.c */
/* Whether there is no Via below the top one. */
bool node_has_one_via(const struct tnd_txn_parts *parts);
/* Made when it is asked for. */
const struct tnd_branch_seed *node_seed(const struct tnd_node *n, struct node_got *got);
/* It is looked up by its Request-URI, which is ours. */
void node_seed_place(const struct tnd_node *n, struct node_got *got);
/* uri becomes the one that counts. */
void node_read_routes(const struct tnd_node *n, const struct tnd_flow *flow,
                      const struct tnd_txn_parts *parts, const struct tnd_branch_seed *seed,
                      struct tnd_uri *uri, struct node_routes *ret);
/* Whether it is for somebody else, or for the registrar. got has its routes. */
bool node_look_at_pass(const struct tnd_node *n, const struct node_got *got, struct node_pass *ret);
/* true: it is answered with ret; false: node_pass_on(). */
bool node_inspect_pass(struct tnd_node *n, struct node_got *got, struct node_answer *ret);
/* An ACK or a CANCEL that belongs to nothing here. false: it goes nowhere. */
bool node_pass_alone(struct tnd_node *n, struct node_got *got);

/* deliver.c */
void node_first_place(const struct tnd_via *via, const struct tnd_flow *flow, struct node_to *ret);
void node_failed(struct tnd_node *n, uint64_t token);
void node_resolved(struct tnd_node *n, uint64_t token, const struct tnd_lookup_answer *answer);

/* limit.c. false: above the limit. */
bool node_within_limit(struct tnd_node *n, const struct tnd_endpoint *source);

/* why.c, and what others ask of it in why_find.c */
enum { NODE_WHY_ANSWERED, NODE_WHY_OTHER };
void node_why(struct tnd_node *n, const struct node_asked *asked, const struct node_answer *answer);

/* out.c */
bool node_out_has_room(const struct tnd_node *n, size_t count);
/* Room for those of one input. false: outputs must be taken first. */
bool node_out_make_room(struct tnd_node *n);
/* All were taken: starts with none. */
void node_out_reset(struct tnd_node *n);
struct tnd_output *node_out(struct tnd_node *n, enum tnd_output_kind kind);
void node_send(struct tnd_node *n, const struct node_to *to, struct tnd_slice bytes,
               uint64_t token);

#endif
