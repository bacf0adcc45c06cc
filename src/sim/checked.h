/* What the checkers know of one life of an element: the requests that came, and what of each
 * became. */
#ifndef SIM_CHECKED_H
#define SIM_CHECKED_H

#include "base/map.h"
#include "sim/check.h"

/* Outputs are seen that much later than they were made, at the most. */
#define SIM_SLACK TND_MS(1)

enum { SIM_CHECKED_SIZE_MAX = 1 << 28, SIM_KEY_ROOM = 1 << 17 };

/* A server transaction, as RFC 3261 §17.2.3 tells them apart. */
struct sim_txn {
    struct tnd_map_node node;
    bool invite, reliable;
    bool served;  /* a user answered it, at served_at for the first time */
    bool acked;   /* a final response other than 2xx was acknowledged, at acked_at */
    bool blurred; /* refused and at once served: whose the next final is cannot be told */
    uint16_t code;
    tnd_time refused_at; /* the last request that was not served */
    tnd_time served_at, final_at, acked_at;
    struct tnd_slice final;  /* absent: none yet */
    struct sim_asked *asked; /* the requests of it, the newest first */
};

/* A request that came. Those with the same answer are chained. */
struct sim_asked {
    struct tnd_map_node node;
    struct sim_asked *same, *before; /* with the same answer; of the same transaction */
    struct sim_txn *txn;
    uint64_t flow;
    struct tnd_endpoint source;
    struct tnd_slice host, maddr; /* of the top Via */
    int32_t port;
    bool is_strange; /* the Via cannot be read */
    bool is_odd;     /* CSeq names another method: the response is not that of the transaction */
    bool is_cancel;
    bool is_mixed; /* others with the same answer are not the same to the last byte, or came from
                    * elsewhere: received and rport differ */
    tnd_time final_at;
    struct tnd_slice text;
    struct tnd_slice final; /* the answer of an element that kept no state (RFC 3261 §8.2.7); of the
                             * first one with the same answer */
};

struct sim_checked {
    struct tnd_arena a;
    struct tnd_map txns, asked;
    struct tnd_map passed; /* what responses that came have in common with what they answer, one Via
                            * below; and Call-ID and CSeq of each request that came */
    uint64_t served;       /* before the present input */
    tnd_time fed_at;
};

/* Writes what a request and each response to it have in common. false: it has not that much,
 * and cannot be answered. */
bool sim_answer_key(struct tnd_writer *w, const struct tnd_msg *msg);

/* The same of a request, and of what an element sends because of it. */
bool sim_request_key(struct tnd_writer *w, const struct tnd_msg *msg);

/* A request came and was fed; served has grown by so much. */
void sim_checked_request(struct sim_check *c, unsigned host, const struct tnd_input *in,
                         uint64_t grown);

/* It had its final response, and its timers are over. */
bool sim_txn_is_over(const struct sim_txn *t, tnd_time now);

/* A response came, which may be passed on. */
void sim_checked_response(struct sim_check *c, unsigned host, const struct tnd_msg *msg);

/* Bytes leave. */
void sim_checked_sent(struct sim_check *c, unsigned host, const struct tnd_output *out);

/* "    | " before each line of the text. */
void sim_put_quoted(struct tnd_writer *w, const char *what, struct tnd_slice text);

#endif
