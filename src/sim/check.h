/* The checkers: they see what goes into an element and what comes out, know the law, and know
 * nothing else of it. One that finds the law broken writes a violation; the first one counts.
 *
 * What each finds is a row of SIM_LAW_MAP. Where an element refuses for want of room (503), or
 * has no memory, it is excused as far as the RFCs excuse it. */
#ifndef SIM_CHECK_H
#define SIM_CHECK_H

#include "sim/book.h"
#include "sim/world.h"

#define SIM_LAW_MAP(X)                                                                             \
    X(ONE_FINAL, "RFC 3261 §17.2", "a server transaction has one final response")                  \
    X(ASKED, "RFC 3261 §8.2.6",                                                                    \
      "a response answers a request that came, and is no answer to "                               \
      "a response or to an ACK")                                                                   \
    X(WAY_BACK, "RFC 3261 §18.2.2",                                                                \
      "a response goes where its request came from, or where its "                                 \
      "Via says")                                                                                  \
    X(MESSAGE, "RFC 3261 §7", "what leaves an element is a SIP message")                           \
    X(ABSORBED, "RFC 3261 §17.2", "a request that comes again is served once")                     \
    X(TIMERS, "RFC 3261 §17", "no transaction outlives its timers")                                \
    X(MEMORY, "src/node", "memory returns to what it was")                                         \
    X(CONTRACT, "tandem/node.h", "an element keeps its contract with its owner")                   \
    X(SETTLED, "RFC 3261 §17.1", "when the faults stop, everything settles")                       \
    X(ANSWER, "RFC 3261 §8.2", "a request gets the answer that is due")                            \
    X(CALLER, "RFC 3261 §16.7", "a caller is given one final response, or 2xx")                    \
    X(DECLINED, "RFC 3261 §16.7", "after a 6xx no target is tried, and nobody rings any more")     \
    X(REDIRECTS, "RFC 3261 §16.5",                                                                 \
      "no target is tried again once it has answered, and none in a loop")                         \
    X(BINDINGS, "RFC 3261 §10.3", "a binding that was acknowledged is there, through crashes too") \
    X(THROUGH_CRASH, "RFC 3261 §16.11",                                                            \
      "a call that rang through a crash is answered or ended at both sides")                       \
    X(CALLS_SETTLE, "RFC 3261 §15",                                                                \
      "nobody rings or talks to nobody when the faults have stopped")                              \
    X(RELAY, "RFC 3261 §22.3", "what a stranger asks for in a foreign domain does not leave")      \
    X(ASKED_FOR, "RFC 3261 §21.3.3",                                                               \
      "a call goes to what was asked for, wherever an earlier one was redirected to")              \
    X(ALERTED, "RFC 3312 §6",                                                                      \
      "nobody is alerted before mandatory preconditions are met at both sides")                    \
    X(BEST_EFFORT, "RFC 3312 §8", "what was refused with 580 is not asked for again")              \
    X(ONE_SIDED, "RFC 3261 §15", "no call goes on at one side alone when the faults have stopped") \
    X(AGREED, "RFC 3264 §6.1", "both sides of a call agree on who sends")                          \
    X(ONE_END, "tandem/ua.h", "a call that was begun ends, and once")                              \
    X(TRIED_ONCE, "RFC 3261 §8.1.3.4",                                                             \
      "a caller tries each target once, and not more often than he may")                           \
    X(DROPPED_ONCE, "RFC 3261 §8.1.3.5", "an extension that was dropped is not required again")    \
    X(QUIET, "tandem/ua.h", "a user agent that has nothing to do waits for nothing")

enum sim_law {
    SIM_LAW_NONE,
#define SIM_LAW_ENUM(name, law, sentence) SIM_LAW_##name,
    SIM_LAW_MAP(SIM_LAW_ENUM)
#undef SIM_LAW_ENUM
};

/* "ONE_FINAL"; of NONE: "". Static. */
const char *sim_law_name(enum sim_law law);

enum { SIM_VIOLATION_SIZE = 6000 };

struct sim_violation {
    enum sim_law law; /* NONE: none was found */
    unsigned host;
    tnd_time now;
    size_t len;
    char text[SIM_VIOLATION_SIZE]; /* for people: several lines, each with its end */
};

struct sim_checked; /* what is known of one life of one element */

struct sim_check {
    const struct sim_world *w;
    const struct tnd_mem *mem;
    struct sim_checked *hosts[SIM_HOST_MAX];
    size_t memory_at_rest[SIM_HOST_MAX]; /* 0: it has not rested yet */
    bool has_users;                      /* the nodes pass requests on, and responses back */
    bool is_short;                       /* of room or memory: a refusal is excused */
    bool is_faulty;                      /* messages may be lost, nodes may crash */
    struct sim_violation violation;
};

/* Keeps w and mem. c must not move while w lives. */
void sim_check_init(struct sim_check *c, const struct sim_world *w, const struct tnd_mem *mem);
void sim_check_fini(struct sim_check *c);

struct sim_watcher sim_check_watcher(struct sim_check *c);

/* To be asked when nothing has come in for SIM_REST: whatever was going on must be over. */
#define SIM_REST TND_SEC(180 + 32 + 5)
void sim_check_rest(struct sim_check *c);

/* The same of the phones' requests: each is over, and has the answer that is due. */
void sim_check_book(struct sim_check *c, const struct sim_book *book);

/* Notes a violation, if there is none yet. NULL: there is one. Otherwise more may be written,
 * until sim_check_told(). */
struct tnd_writer *sim_check_tell(struct sim_check *c, enum sim_law law, unsigned host,
                                  struct tnd_writer *room);
void sim_check_told(struct sim_check *c, struct tnd_writer *w);

#endif
