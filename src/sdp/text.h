/* The letters, fields and lines of RFC 8866 §9, for reader and writer alike. */
#ifndef SDP_TEXT_H
#define SDP_TEXT_H

#include "tandem/sdp/attr.h"

/* token: 1*token-char. */
bool tnd_sdp_is_token(struct tnd_slice s);

/* non-ws-string: visible characters and what is beyond ASCII. */
bool tnd_sdp_is_word(struct tnd_slice s);

/* byte-string: at least one, none of them NUL, CR or LF. */
bool tnd_sdp_is_text(struct tnd_slice s);

/* proto: token *("/" token). */
bool tnd_sdp_is_proto(struct tnd_slice s);

/* "r=" and "z=", RFC 8866 §5.10 and §5.11. */
bool tnd_sdp_is_repeat(struct tnd_slice s);
bool tnd_sdp_is_zones(struct tnd_slice s);

/* Takes the next field off rest; fields are parted by spaces. false: there is none left. */
bool tnd_sdp_field(struct tnd_slice *rest, struct tnd_slice *ret);

/* Whether a space is at an end of s or follows another. */
bool tnd_sdp_is_loose(struct tnd_slice s);

/* Takes what is before the first c off rest, and c too; without a c, all of it.
 * false: there was no c. */
bool tnd_sdp_cut(struct tnd_slice *rest, char c, struct tnd_slice *ret);

/* Which kind of address s is, of type addr_type. false: none that this type may have. */
bool tnd_sdp_addr_kind(struct tnd_slice addr_type, struct tnd_slice s, enum tnd_sdp_addr *ret_kind,
                       bool *ret_multicast);

/* The rule that the value of a known attribute breaks; TND_RULE_NONE: it is well formed, or
 * the attribute is not known. */
enum tnd_rule tnd_sdp_attr_check(const struct tnd_sdp_attr *attr);

/* Adds more to flaws: those that were kept, and the number of those that were not. */
void tnd_sdp_blame_all(struct tnd_sdp_flaws *flaws, const struct tnd_sdp_flaws *more);

#endif
