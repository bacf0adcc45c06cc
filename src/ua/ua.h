/* What the files of ua/ share.
 *
 *   ua.c         the contract: feed, take, due, event
 *   object.c     what lives on its own: memory, names, timers
 *   out.c        outputs and events
 *   self.c       who we are: addresses, tags, branches
 *   client.c     client transactions
 *   errand.c     a request of ours until it is answered for good: attempts
 *   aim.c        where one attempt goes (RFC 3263), and the copy that goes there
 *   write.c      what a request of ours says
 *   history.c    of the targets that it was sent to before
 *   server.c     server transactions
 *   deliver.c    where a response goes when the first place fails
 *   receive.c    a message: whose is it
 *   inspect.c    what a new request deserves (RFC 3261 §8.2)
 *
 * Outputs and events borrow from ua->out, or from objects; so an object that has ended is kept until
 * they have been taken. */
#ifndef UA_UA_H
#define UA_UA_H

#include "base/map.h"
#include "base/siphash.h"
#include "base/waits.h"
#include "tandem/auth/client.h"
#include "tandem/dialog/act.h"
#include "tandem/sip/field.h"
#include "tandem/sip/session.h"
#include "tandem/sip/verdict.h"
#include "tandem/sip/write.h"
#include "tandem/transport/response.h"
#include "tandem/ua.h"

enum {
    UA_OUT_COUNT = 1024,
    UA_OUT_OF_INPUT = 256, /* of one input, or of one timer, at the most */
    UA_EVENT_COUNT = 256,
    UA_EVENT_OF_INPUT = 32,
    UA_ROOM_FIRST_SIZE = 32768,
    UA_ROOM_SIZE_MAX = 4194304,   /* of outputs, and of work */
    UA_OBJECT_SIZE_MAX = 1048576, /* of the arena of one object */
    UA_WAIT_COUNT = 10,           /* more than any object waits for at one time */
    UA_TXN_COUNT_MAX = 4096,      /* transactions, of both sides */
    UA_TXN_OF_OURS = 1024,        /* of them those that strangers cannot use up */
    UA_BRANCH_LEN = 7 + 32,       /* the cookie, and 128 bits */
    UA_TAG_LEN = 16,
    UA_NUMBER_LEN = 20, /* of 64 bits, in decimal digits */
};

enum ua_kind { UA_CLIENT, UA_SERVER, UA_ERRAND, UA_CALL, UA_LEG, UA_REGISTRATION };

/* What objects wait for besides the timers of their machines, which have the numbers of enum
 * tnd_timer. */
enum ua_wait {
    UA_WAIT_RETRY = TND_TIMER_COUNT, /* of an errand: the next attempt */
    UA_WAIT_REFRESH,                 /* of a registration */
    UA_WAIT_EXPIRY,                  /* of an INVITE: its Expires; of a registration: it is gone */
    UA_WAIT_RING, /* of a call to us: ring_max; of one of ours: the silence behind a 1xx */
    UA_WAIT_SAY,  /* of a call to us: to say again that it rings */
};

/* What stands at the front of each object. */
struct ua_object {
    struct tnd_map_node by_serial;
    uint64_t serial; /* also the tnd_ua_id, and the token of outputs, with the place below it */
    struct ua_object *next, *prev; /* of all, the newest first */
    struct ua_object *next_ended;
    struct tnd_arena arena;
    size_t size;
    uint8_t kind; /* enum ua_kind */
    bool is_ended;
    struct tnd_wait waits[UA_WAIT_COUNT]; /* enum tnd_timer, enum ua_wait */
};

struct ua_errand; /* ua/errand.h */

/* Where a message goes. */
struct ua_to {
    uint64_t flow; /* 0: by endpoint alone */
    struct tnd_endpoint endpoint;
    bool is_nowhere;
};

/* A client transaction: of an attempt, or a CANCEL. */
struct ua_client {
    struct ua_object object;
    struct tnd_map_node by_branch; /* key absent: not in the map */
    union {
        struct tnd_ict ict;
        struct tnd_nict nict;
    } machine;
    struct ua_errand *errand; /* hears of it; NULL: nobody does */
    struct tnd_slice sent;    /* in the arena: the request */
    struct tnd_slice cancel;  /* likewise, to be sent when it may be; absent: none */
    struct ua_to to;
    uint8_t method; /* enum tnd_method */
    char key[UA_BRANCH_LEN + 1];
};

/* A server transaction. */
struct ua_server {
    struct ua_object object;
    struct tnd_map_node by_key, by_merged, by_ack; /* key absent: not in that map */
    union {
        struct tnd_ist ist;
        struct tnd_nist nist;
    } machine;
    struct tnd_flow flow; /* the request came over it */
    struct ua_to to;      /* the response goes there, now */
    struct tnd_seen seen;
    struct tnd_locate *locate; /* NULL: no host is looked up */
    uint8_t hop_count;         /* hops of the Via given up */
    uint8_t place;             /* to is the place of that number */
    bool is_invite;
    bool is_answered; /* a final response was given */
    struct tnd_txn_parts *request;
    struct tnd_slice tag; /* of ours, in all its responses */
    struct ua_leg *leg;   /* hears of it; NULL: nobody does */
    char *sent;           /* the last response; NULL: none. Of ua->mem */
    size_t sent_len;
};

struct tnd_ua {
    struct tnd_mem world; /* where memory comes from */
    struct tnd_mem mem;   /* of it, what memory_max leaves */
    size_t memory_left;
    struct tnd_ua_config config;
    struct tnd_txn_timing timing;
    struct tnd_siphash_key key;
    uint64_t seed;
    unsigned char secret[16]; /* the same as key */
    const struct tnd_digester *digester;
    const struct tnd_alternative_reader *alternatives;
    size_t calls_max;
    struct tnd_dialog_timing dialog_timing;
    tnd_time now;
    int64_t wall_offset; /* microseconds; what is to be added to now */
    struct tnd_wheel wheel;
    struct tnd_map by_serial, by_branch, by_key, by_merged, by_ack, by_dialog;
    struct ua_object *all, *ended;
    uint64_t serial, drawn; /* the last of each */
    size_t txn_count, call_count;

    struct tnd_addr from;           /* borrows from config */
    struct tnd_slice from_value;    /* of From, without a tag; in kept */
    struct tnd_uri proxy;           /* likewise; text absent: none */
    struct tnd_slice service_route; /* of the last registration (RFC 3608); absent: none */
    char service_room[1024];
    struct tnd_arena kept;

    struct tnd_output *outputs;
    struct tnd_ua_event *events;
    size_t output_count, output_taken, event_count, event_taken;
    bool are_outputs_taken, are_events_taken; /* all of them, and whoever takes them knows it */
    struct tnd_arena out;                     /* of outputs and events */
    struct tnd_arena work;                    /* of one input, or of one timer */
};

/* A message that is being received. */
struct ua_got {
    struct tnd_msg *msg;
    struct tnd_arena *a;
    struct tnd_flow flow;
    struct tnd_txn_parts parts; /* its via with what was seen of the source */
    struct tnd_seen seen;
    char seen_room[TND_ADDRESS_LEN_MAX];
    struct tnd_slice key, merged; /* in a; absent: there is none */
};

/* What is said to a request. All is borrowed. */
struct ua_answer {
    uint16_t code;
    struct tnd_slice reason;       /* absent: the registered phrase */
    struct tnd_slice fields;       /* further lines; absent: none */
    struct tnd_slice content_type; /* absent: no body */
    struct tnd_slice body;
};

/* object.c */
/* Of zero bytes but for what is ours; in the lists and maps. NULL: no memory. */
void *ua_object_new(struct tnd_ua *ua, enum ua_kind kind, size_t size);
/* Its timers stop, it is not found any more; its memory stays until outputs and events are taken. */
void ua_object_end(struct tnd_ua *ua, struct ua_object *object);
struct ua_object *ua_object_find(const struct tnd_ua *ua, uint64_t serial);
void ua_give_ended(struct tnd_ua *ua);
void ua_end_all(struct tnd_ua *ua);
void ua_arm(struct tnd_ua *ua, struct ua_object *object, uint8_t id, tnd_time due);
void ua_disarm(struct tnd_ua *ua, struct ua_object *object, uint8_t id);
void ua_timer_due(struct tnd_ua *ua, struct tnd_wait *timer);
/* Leaves a map, if it is in it. */
void ua_leave(struct tnd_map *map, struct tnd_map_node *node);

/* out.c */
bool ua_out_has_room(const struct tnd_ua *ua, size_t inputs);
void ua_out_reset(struct tnd_ua *ua);
/* token: 0: nobody hears of a failure. bytes are copied. */
void ua_send(struct tnd_ua *ua, const struct ua_to *to, struct tnd_slice bytes, uint64_t token);
void ua_ask(struct tnd_ua *ua, const struct tnd_lookup *lookup, uint64_t token);
void ua_close(struct tnd_ua *ua, uint64_t flow);
/* A new event, of object or of none. Never NULL. */
struct tnd_ua_event *ua_tell(struct tnd_ua *ua, enum tnd_ua_event_kind kind, tnd_ua_id id);
/* Puts a copy of msg into the event, and what it says of itself. NULL: fine. */
void ua_tell_msg(struct tnd_ua *ua, struct tnd_ua_event *event, const struct tnd_msg *msg);
/* Something odd: rule and text, of object (may be NULL) and msg (may be NULL). */
void ua_trouble(struct tnd_ua *ua, tnd_ua_id id, const struct tnd_msg *msg, enum tnd_rule rule,
                struct tnd_slice text);

/* self.c */
/* Our address for what goes to that endpoint. */
const struct tnd_endpoint *ua_address_for(const struct tnd_ua *ua, const struct tnd_endpoint *to);
/* "192.0.2.1", and "<sip:alice@192.0.2.1:5060;transport=tcp>" of that address of ours. */
void ua_put_host(struct tnd_writer *w, const struct tnd_endpoint *address);
void ua_put_contact(struct tnd_writer *w, const struct tnd_ua *ua,
                    const struct tnd_endpoint *address);
/* Bytes that nobody can guess and that never come again: len hexadecimal digits, at most 32. */
void ua_draw(struct tnd_ua *ua, const char *what, char *ret, size_t len);
/* The same for the same request. */
void ua_tag_of(const struct tnd_ua *ua, const struct tnd_txn_parts *parts, char ret[UA_TAG_LEN]);
uint64_t ua_random(struct tnd_ua *ua);
static inline int64_t ua_wall(const struct tnd_ua *ua) /* microseconds since 1970 */
{
    return ua->now + ua->wall_offset;
}

/* 0, or TND_ESYNTAX: ret is untouched. */
static inline int ua_uri_read(struct tnd_slice text, struct tnd_uri *ret)
{
    struct tnd_flaw flaw;

    return tnd_uri_parse(text, ret, &flaw);
}

/* client.c */
/* Sends bytes, in a transaction of its own with that branch. NULL: no memory. */
struct ua_client *ua_client_start(struct tnd_ua *ua, struct ua_errand *errand,
                                  enum tnd_method method, const char branch[UA_BRANCH_LEN],
                                  const struct ua_to *to, struct tnd_slice bytes);
struct ua_client *ua_client_find(const struct tnd_ua *ua, const struct tnd_txn_parts *response);
void ua_client_response(struct tnd_ua *ua, struct ua_client *c,
                        const struct tnd_txn_parts *response);
void ua_client_timer(struct tnd_ua *ua, struct ua_client *c, enum tnd_timer timer);
void ua_client_failed(struct tnd_ua *ua, struct ua_client *c);
/* RFC 3261 §9.1: as soon as a provisional response has come. fields: whole lines; absent: none. */
void ua_client_cancel(struct tnd_ua *ua, struct ua_client *c, struct tnd_slice fields);

/* ua.c */
/* What each command begins and ends with. TND_ESPACE: outputs must be taken first. */
int ua_begin(struct tnd_ua *ua, tnd_time now);
int ua_done(struct tnd_ua *ua, int err);
void ua_end_told(struct tnd_ua *ua, tnd_ua_id id, enum tnd_ua_cause cause, uint16_t code);

/* server.c; keys are in a, or absent */
struct tnd_slice ua_key_of(struct tnd_arena *a, const struct tnd_txn_parts *request);
struct tnd_slice ua_merged_key_of(struct tnd_arena *a, const struct tnd_txn_parts *request);
struct tnd_slice ua_cancelled_key_of(struct tnd_arena *a, const struct tnd_txn_parts *cancel);
struct ua_server *ua_server_find(const struct tnd_ua *ua, struct tnd_slice key);
struct ua_server *ua_server_find_merged(const struct tnd_ua *ua, struct tnd_slice key);
struct ua_server *ua_server_find_old(const struct tnd_ua *ua, struct tnd_slice key);
/* NULL: no more transactions, or no memory, now. */
struct ua_server *ua_server_new(struct tnd_ua *ua, const struct ua_got *got);
/* After a final one: nothing. */
void ua_server_reply(struct tnd_ua *ua, struct ua_server *s, const struct ua_answer *answer);
/* The last response once more, of its user's own accord. */
void ua_server_again(struct tnd_ua *ua, struct ua_server *s);
void ua_server_send(struct tnd_ua *ua, struct ua_server *s);
void ua_server_event(struct tnd_ua *ua, struct ua_server *s, enum tnd_ev kind);
void ua_server_timer(struct tnd_ua *ua, struct ua_server *s, enum tnd_timer timer);
void ua_server_leave(struct tnd_ua *ua, struct ua_server *s);
void ua_server_fini(struct tnd_ua *ua, struct ua_server *s);
/* In work. Absent: no memory. */
struct tnd_slice ua_write_reply(struct tnd_ua *ua, const struct tnd_txn_parts *request,
                                const struct tnd_seen *seen, struct tnd_slice tag,
                                const struct ua_answer *answer);

/* deliver.c */
void ua_first_place(const struct tnd_via *via, const struct tnd_flow *flow, struct ua_to *ret);
void ua_server_failed(struct tnd_ua *ua, struct ua_server *s, uint8_t place);
void ua_server_resolved(struct tnd_ua *ua, struct ua_server *s,
                        const struct tnd_lookup_answer *answer);

/* receive.c */
int ua_receive(struct tnd_ua *ua, const struct tnd_input *in);
/* An answer that nobody waits with. */
void ua_answer_once(struct tnd_ua *ua, struct ua_got *got, const struct ua_answer *answer);
void ua_overload(struct tnd_ua *ua, struct ua_got *got);

/* inspect.c */
void ua_inspect(struct tnd_ua *ua, struct ua_got *got);
bool ua_answer_anywhere(struct tnd_ua *ua, struct ua_got *got, tnd_ua_id id);
bool ua_is_sdp(const struct tnd_msg *msg);

#endif
