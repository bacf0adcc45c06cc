/* tandem/sip/uri.h: SIP, SIPS and TEL URIs (RFC 3261 §19.1, RFC 3966).
 *
 * A URI is read into slices of its text, escapes and all; what an escape means is asked for
 * when it matters (tnd_put_unescaped). Any other scheme is kept whole.
 */
#ifndef TANDEM_SIP_URI_H
#define TANDEM_SIP_URI_H

#include "tandem/sip/text.h"

enum tnd_scheme { TND_SCHEME_OTHER, TND_SCHEME_SIP, TND_SCHEME_SIPS, TND_SCHEME_TEL };

enum tnd_host_kind { TND_HOST_NONE, TND_HOST_NAME, TND_HOST_IPV4, TND_HOST_IPV6 };

struct tnd_uri {
    struct tnd_slice text;     /* all of it; absent if there is no URI */
    struct tnd_slice user;     /* of TEL the number; absent: no user part */
    struct tnd_slice password; /* absent: none. RFC 3261 §19.1.1 advises against it */
    struct tnd_slice host;     /* IPv6 with its brackets; absent but for SIP and SIPS */
    struct tnd_slice params;   /* from the first ';', with it; for tnd_param_next() */
    struct tnd_slice headers;  /* behind the '?', without it; absent: none */
    int32_t port;              /* -1: none */
    uint8_t scheme;            /* enum tnd_scheme */
    uint8_t host_kind;         /* enum tnd_host_kind */
};

/* Reads a URI that is all of text. TND_ESYNTAX: the flaw says why, ret is untouched. ret_flaw NULL:
 * nobody wants to know. What is read borrows from text. */
int tnd_uri_parse(struct tnd_slice text, struct tnd_uri *ret, struct tnd_flaw *ret_flaw);

/* The same of a copy of the message that it stands in (tnd_msg_keep()). */
struct tnd_uri tnd_uri_moved(const struct tnd_uri *uri, const struct tnd_msg *msg,
                             const struct tnd_msg *kept);

/* Writes it from its parts; the text of a scheme that is not SIP, SIPS or TEL as it came. */
void tnd_uri_write(struct tnd_writer *w, const struct tnd_uri *uri);

/* Whether two URIs are the same (RFC 3261 §19.1.4; IPv6 addresses by value, RFC 5954 §4.2;
 * TEL by RFC 3966 §4; others byte for byte). Not transitive: a parameter that only one of
 * the two has may not count. */
bool tnd_uri_eq(const struct tnd_uri *a, const struct tnd_uri *b);

/* Writes text with each %HH as the octet that it means, once. Control characters and all:
 * for comparing and for looking up, not for a header field. */
void tnd_put_unescaped(struct tnd_writer *w, struct tnd_slice text);

/* Writes any octets as the user part of a URI: what may not stand there is escaped. */
void tnd_put_user(struct tnd_writer *w, struct tnd_slice user);

/* What kind of host text is; TND_HOST_NONE: none, it breaks the grammar (RFC 3261 §25.1,
 * IPv6 references as RFC 5954 §4.1 corrects them). */
enum tnd_host_kind tnd_host_kind(struct tnd_slice text);

/* The 16 octets of an IPv6 address, with or without brackets. false: it is none. Tolerates
 * the three colons that RFC 3261's grammar allowed before an IPv4 part (RFC 5118 §4.10). */
bool tnd_ipv6_octets(struct tnd_slice text, uint8_t ret[16]);

/* The same host: names without case, addresses by value. */
bool tnd_host_eq(struct tnd_slice a, struct tnd_slice b);

#endif
