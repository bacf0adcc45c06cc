/* Requests and responses on their way through a proxy, and its key. */
#ifndef TESTS_FORWARD_TEST_H
#define TESTS_FORWARD_TEST_H

#include "base/siphash.h"
#include "tandem/proxy/forward.h"
#include "unit/sip/sip_test.h"

extern const struct tnd_siphash_key forward_key, forward_other_key;

/* A message of a call, all of whose parts can be read. via: values of Via, parted by commas or more
 * lines; lines: further ones, each with CRLF. */
struct forward_call {
    const char *method; /* NULL: INVITE */
    const char *uri;    /* NULL: sip:bob@example.org */
    const char *via;    /* NULL: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa */
    const char *call_id, *to_tag, *lines;
    unsigned code, cseq; /* code: of a response; 0: a request */
};

/* Good until a few more were asked for (sip_read()). */
struct tnd_txn_parts forward_parts(const struct forward_call *call);

/* The branch of a call towards sip:bob@192.0.2.9, as a string; good until eight more were asked
 * for. */
const char *forward_branch(const struct forward_call *call);

#endif
