/* What the files of the lab share. */
#ifndef LAB_PARTS_H
#define LAB_PARTS_H

#include "tandem/lab.h"
#include "tandem/sip.h"

/* Why something is refused: a rule, and a reason phrase in static storage or in the arena. */
struct lab_fault {
    enum tnd_rule rule;
    struct tnd_slice reason;
};

/* params.c: the URI parameters. */
struct lab_params {
    struct tnd_contact contacts[TND_LAB_CONTACT_COUNT_MAX];
    size_t contact_count;
    struct tnd_slice tags[TND_LAB_TAG_COUNT_MAX];
    size_t tag_count;
    struct tnd_slice body; /* absent: none */
    int64_t retry_after;   /* seconds; -1: none */
    int64_t max_body;      /* bytes; -1: none */
    int32_t ring, delay;   /* milliseconds; -1: none */
};

/* false: one cannot be obeyed, and ret_fault says which. Also false when the arena is over. */
bool lab_params_read(const struct tnd_lab_asked *asked, struct lab_params *ret,
                     struct lab_fault *ret_fault);

/* fields.c: header fields, as whole lines. */
struct lab_asking {
    const struct tnd_lab_asked *asked;
    const struct lab_params *params;
    unsigned code; /* of the reply */
};

typedef void lab_put(struct tnd_writer *w, const struct lab_asking *q);

/* What put writes, in the arena. */
struct tnd_slice lab_fields(const struct lab_asking *q, lab_put *put);

lab_put lab_put_code;     /* what a code from 101 to 699 asks for, but for a 2xx */
lab_put lab_put_accepted; /* what a 2xx has, by the method */
lab_put lab_put_allow;
lab_put lab_put_accept; /* the types that are welcome, by the method */
lab_put lab_put_accept_encoding;
lab_put lab_put_recv_info;
lab_put lab_put_warning;
lab_put lab_put_retry_soon; /* 0 to 10 seconds, as the number of the owner has it */

/* Whether Require or Proxy-Require names anything. */
bool lab_requires(const struct tnd_msg *request);

/* mend.c: whether the request has what that code asks for. */
bool lab_is_mended(const struct tnd_lab_asked *asked, const struct lab_params *params,
                   unsigned code);
/* The extension that lab-421 wants; NULL: the request offers them all. */
const char *lab_extension(const struct tnd_msg *request);

/* body.c: what the body of a request is to us. */
enum lab_body {
    LAB_BODY_NONE,   /* none, or one that may be ignored */
    LAB_BODY_KNOWN,  /* of the type that the method has: an offer, or text */
    LAB_BODY_TYPE,   /* of another type */
    LAB_BODY_CODING, /* in an encoding that is not understood */
};

enum lab_body lab_body_of(const struct tnd_msg *request);

/* media.c: session descriptions. */

/* Our answer to offer, or where that is absent our own offer. 0, or the code that refuses it:
 * then ret_fault is filled, and ret_warning says why for a 488. Of a 580 ret is what failed. The
 * arena may be over. */
unsigned lab_describe(const struct tnd_lab_asked *asked, struct tnd_slice offer,
                      struct tnd_slice *ret, struct lab_fault *ret_fault,
                      struct tnd_warning *ret_warning);

/* answer.c: the final response. */
struct lab_answer {
    struct tnd_reply reply;
    enum tnd_rule rule;
    bool as_called; /* by what the user is called: it may wait; a refusal comes at once */
    bool forgets;
};

void lab_answer(const struct tnd_lab_asked *asked, struct lab_params *params,
                struct lab_answer *ret);

#endif
