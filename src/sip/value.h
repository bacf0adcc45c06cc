/* What the readers of typed header fields share, above the cursor. */
#ifndef SIP_VALUE_H
#define SIP_VALUE_H

#include "sip/cursor.h"

/* Parameters that a take() function of tnd_read_params() is told. Each says false to one that
 * stands twice or has no value of its kind. */

/* Keeps a value that must be there. kept is absent before. */
static inline bool tnd_take_value(struct tnd_slice *kept, struct tnd_slice value)
{
    if (kept->ptr || !value.ptr)
        return false;
    *kept = value;
    return true;
}

/* The same, a token. */
bool tnd_take_token(struct tnd_slice *kept, struct tnd_slice value);

/* The same, a quoted string. */
bool tnd_take_quoted(struct tnd_slice *kept, struct tnd_slice value);

/* A number up to max. kept is -1 before. */
bool tnd_take_number(int64_t *kept, struct tnd_slice value, uint64_t max);

/* qvalue. kept is -1 before. */
bool tnd_take_q(int16_t *kept, struct tnd_slice value);

/* For fields that know no parameter of their own: all are fine. */
bool tnd_take_any(void *ctx, const struct tnd_param *p);

/* Tells take() the parameters in params, which a reader has found good; for a field whose
 * values are addresses and more. */
bool tnd_sift_params(struct tnd_cursor *c, struct tnd_slice params,
                     bool (*take)(void *ctx, const struct tnd_param *), void *ctx);

/* LWS: white space that must be there. */
bool tnd_read_space(struct tnd_cursor *c, enum tnd_rule rule);

/* One character, and white space around it. */
bool tnd_read_separator(struct tnd_cursor *c, enum tnd_rule rule, char separator);

/* A comment with its parentheses, and those within it up to TND_NESTING_MAX. */
bool tnd_read_comment(struct tnd_cursor *c, struct tnd_slice *ret);

/* callid = word [ "@" word ] (RFC 3261 §25.1) */
bool tnd_read_call_id(struct tnd_cursor *c, struct tnd_slice *ret);

/* Whether s is len lower-case hexadecimal digits, LHEX of RFC 3261 §25.1. */
bool tnd_is_lhex(struct tnd_slice s, size_t len);

/* A quoted string from its opening to its closing quote, and nothing else. */
bool tnd_is_quoted_string(struct tnd_slice s);

/* Writes ";name=value", nothing if value is absent. */
void tnd_put_param(struct tnd_writer *w, const char *name, struct tnd_slice value);
/* Nothing if n is below 0. */
void tnd_put_number_param(struct tnd_writer *w, const char *name, int64_t n);

#endif
