/* tandem/sip/field.h: the header fields that most elements read: addresses, Via, CSeq,
 * Call-ID, numbers, tokens. Each has a reader tnd_..._next(): see tandem/sip/text.h; and a
 * writer that writes the value, without name and line end.
 */
#ifndef TANDEM_SIP_FIELD_H
#define TANDEM_SIP_FIELD_H

#include "tandem/sip/message.h"
#include "tandem/sip/uri.h"

/* An address: name-addr or addr-spec, with the parameters of the header field (RFC 3261
 * §20.10). From, To, Reply-To, Route, Record-Route, Path, Service-Route, Refer-To,
 * Referred-By, P-Asserted-Identity, Diversion, History-Info… are lists of them. */
struct tnd_addr {
    struct tnd_slice display; /* with its quotes, if any; absent: none */
    struct tnd_uri uri;
    struct tnd_slice params; /* for tnd_param_next() */
    struct tnd_slice tag;    /* of params; absent: none */
    bool angle;              /* the URI stands in <> */
};

bool tnd_addr_next(struct tnd_values *v, struct tnd_addr *ret);

/* Always with <>, so that no parameter changes sides (RFC 3261 §20.10). From display, uri and
 * params; what tag says is not written. */
void tnd_addr_write(struct tnd_writer *w, const struct tnd_addr *addr);

/* Contact (RFC 3261 §20.10). */
struct tnd_contact {
    struct tnd_addr addr;
    bool star;       /* "*": all contacts; addr is empty then */
    int16_t q;       /* in thousandths; -1: none was given */
    int64_t expires; /* seconds; -1: none was given. One that is malformed or beyond 2^32 - 1
                      * counts as 3600 (RFC 3261 §10.2) */
};

bool tnd_contact_next(struct tnd_values *v, struct tnd_contact *ret);
/* With addr.params as they stand; what q and expires say is not written. */
void tnd_contact_write(struct tnd_writer *w, const struct tnd_contact *contact);

/* Via (RFC 3261 §20.42, RFC 3581). */
struct tnd_via {
    struct tnd_slice text;      /* all of the value */
    struct tnd_slice protocol;  /* "SIP" */
    struct tnd_slice version;   /* "2.0" */
    struct tnd_slice transport; /* "UDP" */
    struct tnd_slice host;      /* sent-by; IPv6 with its brackets */
    struct tnd_slice params;
    struct tnd_slice branch;   /* of params; absent: none, as in RFC 2543 */
    struct tnd_slice received; /* absent: none */
    struct tnd_slice maddr;    /* absent: none */
    int32_t port;              /* sent-by; -1: none */
    int32_t rport;             /* -1: not there; 0: there without a value: it is asked for */
    int16_t ttl;               /* -1: none */
    uint8_t host_kind;         /* enum tnd_host_kind */
};

bool tnd_via_next(struct tnd_values *v, struct tnd_via *ret);
/* With params as they stand; what branch, received and the like say is not written. */
void tnd_via_write(struct tnd_writer *w, const struct tnd_via *via);

/* The magic cookie in front of the branches of RFC 3261 §8.1.1.7. */
#define TND_BRANCH_COOKIE "z9hG4bK"

/* Whether the branch is one of RFC 3261: cookie and more. */
bool tnd_via_has_cookie(const struct tnd_via *via);

/* CSeq (RFC 3261 §20.16). */
struct tnd_cseq {
    uint32_t number; /* below 2^31 (RFC 3261 §8.1.1.5) */
    uint8_t method;  /* enum tnd_method */
    struct tnd_slice method_name;
};

bool tnd_cseq_next(struct tnd_values *v, struct tnd_cseq *ret);
void tnd_cseq_write(struct tnd_writer *w, const struct tnd_cseq *cseq);

/* callid = word [ "@" word ] (RFC 3261 §25.1): Call-ID, and each value of In-Reply-To. */
bool tnd_call_id_next(struct tnd_values *v, struct tnd_slice *ret);

/* A list of tokens that has at least one: Require, Proxy-Require, Unsupported,
 * Content-Encoding; and the fields of one token: Priority, SIP-ETag... */
bool tnd_token_next(struct tnd_values *v, struct tnd_slice *ret);

/* A list of tokens that may be empty (RFC 3261 §20.5, §20.37): Supported and Allow. */
bool tnd_token_or_none_next(struct tnd_values *v, struct tnd_slice *ret);

/* A number alone: Max-Forwards (0 to 255), Content-Length, Expires, Min-Expires, Max-Breadth,
 * RSeq. Out of range is a flaw. */
bool tnd_max_forwards_next(struct tnd_values *v, uint32_t *ret);
bool tnd_content_length_next(struct tnd_values *v, uint32_t *ret);
bool tnd_seconds_next(struct tnd_values *v, uint32_t *ret); /* delta-seconds, to 2^32 - 1 */
bool tnd_rseq_next(struct tnd_values *v, uint32_t *ret);    /* 1 to 2^32 - 1, RFC 3262 §7.1 */

/* The first value of what most messages have, in one call. false: the field is missing
 * (VIA_MISSING...) or wrong; ret holds nothing of use then. ret_flaw may be NULL. */
/* Of a Via that is wrong, ret holds what stood in front of the flaw, and else what it held before:
 * whoever answers a broken request needs to know where to. host_kind says whether there is a host. */
bool tnd_msg_via(const struct tnd_msg *msg, struct tnd_via *ret, struct tnd_flaw *ret_flaw);
bool tnd_msg_from(const struct tnd_msg *msg, struct tnd_addr *ret, struct tnd_flaw *ret_flaw);
bool tnd_msg_to(const struct tnd_msg *msg, struct tnd_addr *ret, struct tnd_flaw *ret_flaw);
bool tnd_msg_cseq(const struct tnd_msg *msg, struct tnd_cseq *ret, struct tnd_flaw *ret_flaw);
bool tnd_msg_call_id(const struct tnd_msg *msg, struct tnd_slice *ret, struct tnd_flaw *ret_flaw);

/* The Request-URI. Of what is no request: false, and ret_flaw is untouched. */
bool tnd_msg_uri(const struct tnd_msg *msg, struct tnd_uri *ret, struct tnd_flaw *ret_flaw);

#endif
