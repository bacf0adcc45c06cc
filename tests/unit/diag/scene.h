/* Calls as arrows, for the tests of what can be found.
 *
 *     SCENE({"0.00 A>B INVITE 1", "Require: foo\r\n"},
 *           {"0.01 B>A 420 INVITE 1", "Unsupported: foo\r\n"},
 *           {"0.02 A>B ACKN 1"});
 *     CHECK_FOUND(EXTENSION_UNKNOWN, TND_DIAG_ERROR, TND_DIAG_CALLER);
 *
 * Time in seconds, who to whom, the method or the code, of a response also the method of CSeq, the number of
 * CSeq, and key=value:
 *
 *     via=A>P     the hop before this one, which a proxy has it from; several with commas, the last one first
 *     from= to=   tags; else a, and b where there is one; "-": none
 *     uri=        else sip:bob@example.com
 *     id=         another branch of the same hop
 *     call=       Call-ID, of another leg; else 1@example.com
 *
 * Parties: A to D are devices at public addresses, P and Q proxies, N the outside of a NAT; a digit behind
 * the letter is another port, of the same branch. ACKN is the ACK of a refusal, which has the branch of its INVITE. Contact is that
 * of the device whose tag it is, unless further fields say otherwise. */
#ifndef UNIT_DIAG_SCENE_H
#define UNIT_DIAG_SCENE_H

#include "diag/find.h"
#include "unit/test.h"

/* Most arrows have neither further fields nor a body. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

struct scene_step {
    const char *arrow, *more, *body;
};

/* Plays it; what was found is there until the next one. */
const struct tnd_diag_call *scene_play(const struct scene_step *steps, size_t count);

#define SCENE(...)                                       \
    scene_play((const struct scene_step[]){__VA_ARGS__}, \
               sizeof((const struct scene_step[]){__VA_ARGS__}) / sizeof(struct scene_step))

/* The first finding of that rule; NULL. */
const struct tnd_diag_finding *scene_finding(enum tnd_diag_rule rule);
/* Whether a line of its evidence is, or contains, text. */
bool scene_shows(const struct tnd_diag_finding *f, const char *text);
/* The gravest severity of all; -1: nothing was found. */
int scene_worst(void);

#define FOUND(id) scene_finding(TND_DIAG_RULE_##id)

#define CHECK_FOUND(id, severity_, culprit_)      \
    do {                                          \
        CHECK(FOUND(id));                         \
        CHECK_EQ(FOUND(id)->severity, severity_); \
        CHECK_EQ(FOUND(id)->culprit, culprit_);   \
    } while (0)

#define CHECK_SHOWS(id, text) CHECK(scene_shows(FOUND(id), text))

/* "v=0" and what follows, for the body. */
#define SDP(address, media) \
    "v=0\r\no=- 1 1 IN IP4 " address "\r\ns=-\r\nc=IN IP4 " address "\r\nt=0 0\r\n" media

#endif
