/* Session descriptions of the RFCs, and what the tests of the module share. */
#ifndef TESTS_SDP_SAMPLES_H
#define TESTS_SDP_SAMPLES_H

#include "tandem/sdp.h"
#include "unit/test.h"

#define SDP_HEAD "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\n"
#define SDP_CONN "c=IN IP4 192.0.2.1\r\n"
#define SDP_TIME "t=0 0\r\n"
#define SDP_TOP  SDP_HEAD SDP_CONN SDP_TIME

/* Well-formed, each of them without a flaw. NULL ends the list. */
extern const char *const sdp_samples[];

/* RFC 8866 §5. */
extern const char sdp_sample_call[];

struct sdp_room {
    _Alignas(TND_ARENA_ALIGN) char bytes[256 * 1024];
    struct tnd_arena arena;
};

/* An arena that is large enough, the same for each call: what came from the last is gone. */
struct tnd_arena *sdp_arena(void);

/* malloc, for the machines. */
extern const struct tnd_mem sdp_mem;

/* Reads text without a flaw, or the test fails. Keeps text; from sdp_arena(). */
struct tnd_sdp sdp_read_well(const char *text);

/* The text that sdp is written as; static until the next call. */
struct tnd_slice sdp_written(const struct tnd_sdp *sdp);

/* Whether rule is among flaws. */
bool sdp_has_flaw(const struct tnd_sdp_flaws *flaws, enum tnd_rule rule);

#endif
