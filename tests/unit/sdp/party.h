/* One side of a call, for the tests of offer and answer. */
#ifndef TESTS_SDP_PARTY_H
#define TESTS_SDP_PARTY_H

#include "unit/sdp/samples.h"

struct party {
    struct tnd_oa oa;
    struct tnd_oa_local local;
    struct tnd_oa_stream streams[4];
    struct tnd_oa_codec codecs[4][8];
};

/* A side without streams; user and host borrow. */
void party_init(struct party *p, const char *user, uint64_t id, const char *host);
void party_fini(struct party *p);

/* Adds a stream of RTP/AVP; codecs are "0 PCMU/8000;101 telephone-event/8000 0-15". */
struct tnd_oa_stream *party_add(struct party *p, const char *type, uint16_t port,
                                const char *codecs);
void party_set_codecs(struct party *p, size_t stream, const char *codecs);

/* Each fails the test if the machine refuses; the texts borrow from it. */
struct tnd_slice party_offer(struct party *p);
struct tnd_slice party_answer(struct party *p);
void party_take_offer(struct party *p, struct tnd_slice offer);
void party_take_answer(struct party *p, struct tnd_slice answer);

/* a offers, b answers. */
void party_talk(struct party *a, struct party *b);

/* What was agreed; of sdp_arena(). */
struct tnd_oa_session party_session(const struct party *p);

/* The offer that p is given is refused with this flaw, or taken with it. */
void party_refuses_offer(struct party *p, const char *offer, enum tnd_rule rule);
void party_names_offer(struct party *p, const char *offer, enum tnd_rule rule);
void party_refuses_answer(struct party *p, const char *answer, enum tnd_rule rule);
void party_names_answer(struct party *p, const char *answer, enum tnd_rule rule);

/* The direction that the last description of p has for a stream. */
enum tnd_sdp_direction party_said(const struct party *p, size_t stream);

#endif
