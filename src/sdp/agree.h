/* What the files of offer and answer share: formats by their meaning, the making of a
 * description, the judging of one. */
#ifndef SDP_AGREE_H
#define SDP_AGREE_H

#include "base/assert.h"
#include "sdp/text.h"
#include "tandem/sdp/offer.h"

/* codec.c */

/* What each format of media means, in the order of its formats; absent encoding: unknown.
 * NULL: a is over, or media has no format. */
struct tnd_oa_codec *tnd_oa_describe(struct tnd_arena *a, const struct tnd_sdp_media *media);

/* The same; a dynamic payload type without an rtpmap means what it meant in other, the
 * counterpart, whose codecs are given. */
struct tnd_oa_codec *tnd_oa_describe_like(struct tnd_arena *a, const struct tnd_sdp_media *media,
                                          const struct tnd_sdp_media *other,
                                          const struct tnd_oa_codec *other_codecs);

bool tnd_oa_codec_eq(const struct tnd_oa_codec *a, const struct tnd_oa_codec *b);

/* The index among count of the first that is the same. -1: none. */
int tnd_oa_codec_find(const struct tnd_oa_codec *codecs, size_t count,
                      const struct tnd_oa_codec *wanted);

/* Whether a codec only goes along with others: tones, comfort noise. */
bool tnd_oa_codec_is_auxiliary(const struct tnd_oa_codec *codec);

/* match.c */

/* Binds the streams of local to the "m=" lines of the pending offer; -1 for those to refuse. */
void tnd_oa_bind_answer(const struct tnd_oa *oa, struct tnd_arena *a,
                        const struct tnd_oa_local *local, int8_t slot[TND_SDP_MEDIA_COUNT_MAX]);

/* The same for an offer of ours. Returns the number of lines, or TND_ESPACE. */
int tnd_oa_bind_offer(const struct tnd_oa *oa, const struct tnd_oa_local *local,
                      int8_t slot[TND_SDP_MEDIA_COUNT_MAX]);

/* compose.c */

/* Makes the description for the binding in slot; "o=" is the caller's. ret borrows from all.
 * TND_ESPACE: too many formats; TND_ENOMEM: a is over. */
int tnd_oa_compose_offer(const struct tnd_oa *oa, struct tnd_arena *a,
                         const struct tnd_oa_local *local, const int8_t *slot, size_t count,
                         struct tnd_sdp *ret);
int tnd_oa_compose_answer(const struct tnd_oa *oa, struct tnd_arena *a,
                          const struct tnd_oa_local *local, const int8_t *slot,
                          struct tnd_sdp *ret);

/* judge.c */

/* Names what is wrong with the pending offer after the agreed exchange, or with the pending
 * answer to the pending offer. a is for passing needs. */
void tnd_oa_judge_offer(const struct tnd_oa *oa, struct tnd_arena *a, struct tnd_sdp_flaws *flaws);
void tnd_oa_judge_answer(const struct tnd_oa *oa, struct tnd_arena *a, struct tnd_sdp_flaws *flaws);

#endif
