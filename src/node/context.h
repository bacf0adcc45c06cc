/* What the files share that pass a request on, and register users: contexts, their branches, and client
 * transactions.
 *
 *   admit.c     who may have what, and proves who he is
 *   context.c   a request that is kept: what it waits for, and what is told of it
 *   register.c  REGISTER: the registrar, the store, the answer
 *   aim.c       whom it is for: routes, forwards, bindings
 *   once.c      searched once, by however many ways it comes
 *   aim_flow.c  a phone in a call that has another connection now
 *   aim_lab.c   users of the lab who are several phones
 *   search.c    the acts of its response context (tandem/proxy.h)
 *   branch.c    one target: where it is, and the copy that goes there
 *   sides.c     Record-Route: how what is within a call gets to each side of it, and to nobody else
 *   targets.c   Contacts that a side changed since
 *   client.c    client transactions
 *   back.c      responses on their way to the caller
 */
#ifndef NODE_CONTEXT_H
#define NODE_CONTEXT_H

#include "node/node.h"

/* A client transaction: a branch of a context, or the CANCEL of one. */
struct node_client {
    struct tnd_map_node by_branch; /* key absent: not in the map */
    struct tnd_wait timers[NODE_CLIENT_TIMER_COUNT];
    struct tnd_client_txn machine;
    struct node_context *context; /* hears of it; NULL: nobody does */
    struct node_kept *request;    /* as it was sent; NULL: it is not needed any more */
    struct node_kept *cancel;     /* to be sent when a provisional response has come; NULL: none */
    struct node_to to;
    struct node_to caller; /* where responses go when context has ended */
    uint64_t token;
    struct node_client *next_ended;
    uint8_t method; /* enum tnd_method */
    uint8_t branch; /* its number in context */
    bool is_ended;
    char key[TND_BRANCH_LEN + 1]; /* the branch, and which of the requests that have it */
};

/* A target of a context. */
struct node_branch {
    struct node_client *client; /* the present attempt; NULL: none */
    struct node_kept *final;    /* the response that came last, from 300; NULL: none */
    struct tnd_locate *locate;  /* where it is; NULL: that needs no look-up */
    struct tnd_endpoint tcp;    /* family not NONE: too large for UDP, it goes there by TCP first */
    uint64_t followed;          /* Contacts of final that were followed, the first is bit 0 */
    uint8_t breadth;            /* its share of Max-Breadth */
    uint8_t attempt;
    bool is_failed;     /* it cannot be sent, which the machine is to hear */
    bool is_flow_tried; /* over which it registered */
};

enum node_stage {
    NODE_STAGE_ADMIT,    /* its sender is looked up */
    NODE_STAGE_REGISTER, /* bindings are changed, or looked up */
    NODE_STAGE_AIM,      /* whom it is for is looked up */
    NODE_STAGE_FLOW,     /* the connection that its phone has now is looked up */
    NODE_STAGE_SEARCH,   /* it is tried at its targets */
    NODE_STAGE_ENDED,
};

/* Such a request. */
struct node_context {
    struct node_txn *txn; /* is answered; NULL: none (an ACK, a CANCEL) */
    struct tnd_flow flow; /* the request came over it */
    struct tnd_seen seen;
    struct tnd_txn_parts *request;
    struct tnd_uri uri; /* the Request-URI that counts (RFC 3261 §16.4) */
    struct node_pass pass;
    struct node_routes routes;
    struct tnd_branch_seed seed;
    struct tnd_proxy proxy;
    struct node_branch *branch; /* one for each of the machine's, branch_size at the most */
    size_t branch_size;
    const struct tnd_forward *forwards[2]; /* for when they are busy, and when nobody answers */
    struct tnd_slice reason; /* lines of Reason of the caller's CANCEL; absent: none */
    uint16_t forward_code;   /* a forward took it, for that reason; 0: none did */
    struct tnd_wait timer;
    uint64_t token; /* 0: it has never asked */
    uint64_t told;  /* the target that the last answer named (targets.c); 0: none */
    struct node_context *next_ended;
    struct node_context *next, **link; /* of all that there are */
    uint8_t stage;                     /* enum node_stage */
    bool is_alone;                     /* an ACK or a CANCEL: there never was a transaction */
    bool is_done;                      /* every branch has ended */
    struct tnd_arena arena;
    char room[NODE_CONTEXT_ROOM]; /* of arena */
};

/* admit.c */
/* Whether the request may go on: at once, or with has_claim set once its sender is known. false: it is
 * refused with ret. */
bool node_admit(struct tnd_node *n, struct node_got *got, struct node_answer *ret);
void node_admit_ask(struct tnd_node *n, struct node_context *ctx);
/* entry: of who he says that he is. false: it has been answered. */
bool node_admit_claim(struct tnd_node *n, struct node_context *ctx, const struct tnd_entry *entry);

/* That which the sender is asked for. */
struct tnd_slice node_realm(const struct tnd_node *n, const struct node_context *ctx);

/* context.c */
void node_pass_on(struct tnd_node *n, struct node_got *got);
void node_stored(struct tnd_node *n, uint64_t token, const struct tnd_store_answer *answer);
/* 0: no memory. */
uint64_t node_context_token(struct tnd_node *n, struct node_context *ctx);
/* Asks the store, and is at that stage then. FIND: all that is kept of aor. */
void node_context_ask(struct tnd_node *n, struct node_context *ctx, enum node_stage stage,
                      const struct tnd_store_op *op);
void node_context_find(struct tnd_node *n, struct node_context *ctx, enum node_stage stage,
                       struct tnd_slice aor);
/* Answers; with a final response the context ends. */
void node_context_answer(struct tnd_node *n, struct node_context *ctx,
                         const struct node_answer *answer);
void node_context_overload(struct tnd_node *n, struct node_context *ctx);
void node_context_fail(struct tnd_node *n, struct node_context *ctx);
/* reason: lines of the CANCEL's Reason. */
void node_context_cancelled(struct tnd_node *n, struct node_context *ctx,
                            const struct tnd_msg *cancel);
/* With a 2xx to what was sent before this life: nobody is looked for any more. */
void node_context_answered(struct tnd_node *n, struct node_context *ctx,
                           const struct tnd_txn_parts *response);
void node_context_end(struct tnd_node *n, struct node_context *ctx);
void node_give_ended_contexts(struct tnd_node *n);
void node_contexts_fini(struct tnd_node *n);

/* register.c */
void node_register(struct tnd_node *n, struct node_context *ctx);
void node_registered(struct tnd_node *n, struct node_context *ctx,
                     const struct tnd_store_answer *stored);

/* aim.c */
/* The route of the configuration; NULL: none. */
const struct tnd_route *node_route_of(const struct tnd_node *n, const struct tnd_flow *flow,
                                      const struct tnd_msg *msg, const struct tnd_uri *uri);
/* The same, if it says where this request goes. */
const struct tnd_route *node_route_on(const struct tnd_node *n, const struct node_pass *pass,
                                      const struct node_asked *asked);
struct node_answer node_answer_of_redirect(const struct tnd_redirect_answer *answer);
void node_aim(struct tnd_node *n, struct node_context *ctx);
void node_aim_at(struct tnd_node *n, struct node_context *ctx, const struct tnd_entry *entry);
/* Where it says itself. */
void node_aim_away(struct tnd_node *n, struct node_context *ctx);
/* Why target i is not who was called: a Diversion line, or nothing; History-Info lines. */
void node_aim_put_diversion(struct tnd_writer *w, const struct node_context *ctx, size_t i);
struct tnd_slice node_aim_history(struct tnd_node *n, const struct node_context *ctx, size_t i);

/* once.c */
/* false: a copy of this request has come for that address-of-record by another way. */
bool node_is_first_search(struct tnd_node *n, struct node_context *ctx);
/* A search that was cancelled: by another way, a forward for one, whoever is there may still be found. */
void node_forget_search(struct tnd_node *n, struct node_context *ctx);

/* aim_flow.c */
/* Who is to be looked up for that, if anybody. */
void node_find_peer(const struct tnd_node *n, struct node_got *got);
/* A connection ends with the process that had it. */
bool node_flow_is_gone(const struct tnd_node *n, const struct tnd_route_flow *flow);
/* entry: of the peer; NULL: there was no answer. */
void node_aim_by_flow(struct tnd_node *n, struct node_context *ctx, const struct tnd_entry *entry);

/* aim_lab.c */
bool node_is_several_phones(const struct tnd_uri *uri);
void node_aim_at_phones(struct tnd_node *n, struct node_context *ctx);

/* search.c */
void node_search_start(struct tnd_node *n, struct node_context *ctx,
                       const struct tnd_target *targets, size_t count, bool serial);
void node_search_response(struct tnd_node *n, struct node_context *ctx, size_t i,
                          const struct tnd_txn_parts *response);
void node_search_no_response(struct tnd_node *n, struct node_context *ctx, size_t i, unsigned code);
void node_search_located(struct tnd_node *n, uint64_t token,
                         const struct tnd_lookup_answer *answer);
void node_search_cancel(struct tnd_node *n, struct node_context *ctx);
void node_search_timer(struct tnd_node *n, struct node_context *ctx);

/* branch.c. false: it cannot be sent, or there is no other place. */
bool node_branch_try(struct tnd_node *n, struct node_context *ctx, size_t i);
/* is_unsent: it could not be delivered, rather than that nobody answered. */
bool node_branch_try_next(struct tnd_node *n, struct node_context *ctx, size_t i, bool is_unsent);
bool node_branch_located(struct tnd_node *n, struct node_context *ctx, size_t i,
                         const struct tnd_lookup_answer *answer);

/* sides.c */
static inline const struct tnd_target *node_target(const struct node_context *ctx, size_t i)
{
    return &ctx->proxy.branch[i].target;
}

/* Whether the top Via says another address than the request came from. */
bool node_is_translated(const struct node_context *ctx);

/* The lines of Record-Route, if there are any, in what goes to target i by the flow out. */
void node_put_record_route(struct tnd_writer *w, struct tnd_node *n, const struct node_context *ctx,
                           size_t i, const struct tnd_flow *out);

/* The first Contact. false: there is none, or it is the star. */
bool node_first_contact(const struct tnd_msg *msg, struct tnd_contact *ret);

/* What our Record-Route in a response is to become. false: there is none of ours in it. flow: local is our
 * address at either side. */
bool node_turn_routes(const struct tnd_node *n, const struct tnd_flow *flow,
                      const struct tnd_txn_parts *response, struct tnd_route_turn *ret);

/* targets.c */
bool node_target_is_noted(const struct tnd_node *n, uint64_t target);
void node_target_note(struct tnd_node *n, uint64_t target);
/* Of what is answered by response, which is passed back. */
void node_note_targets(struct tnd_node *n, struct node_context *ctx,
                       const struct tnd_txn_parts *response);

/* client.c */
struct node_client *node_client_find(const struct tnd_node *n,
                                     const struct tnd_txn_parts *response);
/* NULL: no memory. */
struct node_client *node_client_new(struct tnd_node *n, enum tnd_method method,
                                    const char branch[TND_BRANCH_LEN], const struct node_to *to);
/* Sends request, which is its own from here on. */
void node_client_start(struct tnd_node *n, struct node_client *c, struct node_kept *request);
void node_client_response(struct tnd_node *n, struct node_client *c,
                          const struct tnd_txn_parts *response);
void node_client_timer(struct tnd_node *n, struct node_client *c, enum tnd_timer timer);
void node_client_failed(struct tnd_node *n, uint64_t token);
/* reason: lines for the CANCEL; absent: none. */
void node_client_cancel(struct tnd_node *n, struct node_client *c, struct tnd_slice reason);
/* Nobody hears of it any more. */
void node_client_leave(struct node_client *c);
void node_give_ended_clients(struct tnd_node *n);
void node_clients_fini(struct tnd_node *n);

/* back.c */
void node_pass_back(struct tnd_node *n, struct node_context *ctx,
                    const struct tnd_txn_parts *response, const struct tnd_forward_back *back);
/* Without a transaction: to there. */
void node_pass_back_to(struct tnd_node *n, const struct node_to *to,
                       const struct tnd_txn_parts *response);
/* By its Vias, if its branch is ours. */
void node_pass_back_alone(struct tnd_node *n, const struct tnd_txn_parts *response);

#endif
