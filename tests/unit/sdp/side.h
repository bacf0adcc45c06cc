/* One side of a call with preconditions, for their tests. */
#ifndef TESTS_SDP_SIDE_H
#define TESTS_SDP_SIDE_H

#include "unit/sdp/party.h"

struct side {
    struct party p;
    struct tnd_pre pre;
    struct tnd_pre_stream streams[4];
    struct tnd_pre_wish wishes[TND_PRE_TYPE_COUNT_MAX];
};

/* The two of RFC 3312 §13: A at 192.0.2.1, port 20000, and B at 192.0.2.4, port 30000, each with one
 * stream of PCMU, and with those wishes. */
void side_init_a(struct side *s, const struct tnd_pre_wish *wish);
void side_init_b(struct side *s, const struct tnd_pre_wish *wish);
void side_fini(struct side *s);

/* Each fails the test if the machine refuses. Texts borrow from it. */
struct tnd_slice side_offer(struct side *s);
struct tnd_slice side_answer(struct side *s);
void side_take_offer(struct side *s, struct tnd_slice text);
void side_take_answer(struct side *s, struct tnd_slice text);
/* Likewise, with that flaw. */
void side_names_answer(struct side *s, struct tnd_slice text, enum tnd_rule rule);
void side_names_offer(struct side *s, struct tnd_slice text, enum tnd_rule rule);

/* from offers, to answers. */
void side_talk(struct side *from, struct side *to);

/* The preconditions of a description, "curr:qos e2e none\n..."; of another m= line after "m\n". Static. */
const char *side_lines(struct tnd_slice text);
#define CHECK_LINES(text, lines) CHECK_STR(tnd_slice_str(side_lines(text)), lines)

/* A description of the other side with one stream: audio at 192.0.2.1, port 20000; lines are its. Static. */
struct tnd_slice side_description(unsigned version, const char *lines);

/* What became of rows of type "qos" of stream 0. */
void side_reserved(struct side *s, enum tnd_sdp_status status, enum tnd_sdp_direction direction,
                   enum tnd_pre_outcome outcome);

/* What is to be reserved: "0 qos local sendrecv mandatory early\n..." Static. */
const char *side_next(const struct side *s);

/* What cannot be met, or is not: "0 qos local send failure\n..." Static. */
const char *side_unmet(const struct side *s, bool failed);

/* NONE: met. */
enum tnd_rule side_rule(const struct side *s);

#define CHECK_MET(side)       CHECK_EQ(tnd_pre_verdict(&(side)->pre, NULL), TND_PRE_MET)
#define CHECK_SUSPENDED(side) CHECK_EQ(tnd_pre_verdict(&(side)->pre, NULL), TND_PRE_SUSPENDED)

#endif
