/* Tally: what a worker counts of the messages that come and leave, by what they are. One thread writes, any
 * may read; what can be counted apart is bounded. */
#ifndef NET_TALLY_H
#define NET_TALLY_H

#include "net/count.h"
#include "tandem/sip/message.h"

enum tnd_way { TND_WAY_IN, TND_WAY_OUT, TND_WAY_COUNT };

enum {
    TND_TALLY_CODE_COUNT = 600,   /* of responses: 100 to 699 */
    TND_TALLY_ANSWER_COUNT = 512, /* methods, codes and rules that go together; a power of two */
};

/* Final responses that were given or chosen here, of one kind. */
struct tnd_tally_answer {
    tnd_count key; /* 0: none yet; else tnd_tally_key() */
    tnd_count count;
};

struct tnd_tally {
    tnd_count requests[TND_WAY_COUNT][TND_METHOD_COUNT];
    tnd_count responses[TND_WAY_COUNT][TND_TALLY_CODE_COUNT];
    tnd_count flaws[TND_RULE_COUNT]; /* of messages that came */
    struct tnd_tally_answer answers[TND_TALLY_ANSWER_COUNT];
    tnd_count answers_lost; /* of further kinds */
};

static inline uint64_t tnd_tally_key(unsigned method, unsigned code, unsigned rule)
{
    return (uint64_t)1 << 63 | (uint64_t)method << 32 | (uint64_t)code << 16 | rule;
}

static inline unsigned tnd_tally_key_method(uint64_t key)
{
    return (unsigned)(key >> 32 & 0xff);
}

static inline unsigned tnd_tally_key_code(uint64_t key)
{
    return (unsigned)(key >> 16 & 0xffff);
}

static inline unsigned tnd_tally_key_rule(uint64_t key)
{
    return (unsigned)(key & 0xffff);
}

/* Of the worker: a message that came, once its flaws were found; one that left; n final responses. */
void tnd_tally_came(struct tnd_tally *t, const struct tnd_msg *msg);
void tnd_tally_left(struct tnd_tally *t, struct tnd_slice bytes);
void tnd_tally_answer(struct tnd_tally *t, uint64_t key, uint64_t n);

/* Of any thread: adds all that from has to to, which is nobody else's. */
void tnd_tally_add(struct tnd_tally *to, const struct tnd_tally *from);

#endif
