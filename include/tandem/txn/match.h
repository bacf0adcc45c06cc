/* tandem/txn/match.h: which transaction a message belongs to; the ACK and the CANCEL that a
 * client transaction sends itself.
 *
 * A transaction is found by a key: bytes that are equal if and only if the messages match.
 * Case and the forms of an address are evened out in them where they do not count, so they
 * can be compared, or hashed with a secret. The kinds of keys differ in their first byte, so
 * one map can hold them all. Each function writes its key into w and returns the rule that
 * it follows; who asks looks at tnd_writer_over(), for a key is as long as the peer's words.
 *
 *   TND_RULE_NONE   there is no key, as the comment says; w is as before. Always so if a
 *                   header field that it needs is missing or wrong */
#ifndef TANDEM_TXN_MATCH_H
#define TANDEM_TXN_MATCH_H

#include "tandem/sip/write.h"

/* What a message is matched by, read once for all its keys. Borrows from the message. */
struct tnd_txn_parts {
    const struct tnd_msg *msg;
    struct tnd_via via; /* the top one; of one that is wrong, what tnd_msg_via() makes of it */
    struct tnd_cseq cseq;
    struct tnd_slice from_tag, to_tag, call_id; /* absent: none, or it could not be read */
    bool has_via, has_cseq;                     /* they could be read */
    bool is_whole;                              /* everything could */
};

void tnd_txn_read(struct tnd_txn_parts *ret, const struct tnd_msg *msg);

/* The same in two steps: via and has_via, which is all that the server key of a request with the
 * cookie is made of (tnd_via_has_cookie()); and the rest, if it is needed after all. */
void tnd_txn_read_via(struct tnd_txn_parts *ret, const struct tnd_msg *msg);
void tnd_txn_read_rest(struct tnd_txn_parts *parts);

/* The same of a copy of its message (tnd_msg_keep()), without reading it again. */
void tnd_txn_parts_keep(struct tnd_txn_parts *ret, const struct tnd_msg *kept,
                        const struct tnd_txn_parts *parts);

/* Client side (RFC 3261 §17.1.3): branch of the top Via, and method, of a request that is
 * sent; and the same of a response. Whether the sent-by of the response is ours, the
 * transport asks (RFC 3261 §18.1.2). */
enum tnd_rule tnd_txn_client_key(struct tnd_writer *w, struct tnd_slice branch,
                                 struct tnd_slice method);
enum tnd_rule tnd_txn_response_key(struct tnd_writer *w, const struct tnd_txn_parts *response);

/* Server side (RFC 3261 §17.2.3), of a request that came, before it was changed.
 *
 *   TXN_MATCH_BRANCH  branch, sent-by and method; an ACK has the key of its INVITE
 *   TXN_MATCH_2543    without the cookie: Request-URI, To tag, From tag, Call-ID, CSeq and
 *                     top Via. An ACK has the key of tnd_txn_ack_key()
 *
 * An ACK to a 2xx has a branch of its own: it matches nothing, and goes to the TU. */
enum tnd_rule tnd_txn_server_key(struct tnd_writer *w, const struct tnd_txn_parts *request);

/* A second key for an INVITE without the cookie: by it an ACK finds the transaction, once that
 * has sent a final response with this tag in To. NONE also: it has the cookie and needs no
 * second one. */
enum tnd_rule tnd_txn_ack_key(struct tnd_writer *w, const struct tnd_txn_parts *invite,
                              struct tnd_slice to_tag);

/* The key of what a CANCEL cancels (RFC 3261 §9.2), if that was a request of this method: INVITE,
 * or another on which it has no effect. NONE also: it is no CANCEL. */
enum tnd_rule tnd_txn_cancelled_key(struct tnd_writer *w, const struct tnd_txn_parts *cancel,
                                    struct tnd_slice method);

/* A second key for any request that a user agent server serves (RFC 3261 §8.2.2.2): From tag,
 * Call-ID and CSeq. A request that has the merged key of a transaction but not its server key
 * came by another way before: 482. Not for a proxy, which a request may pass twice. NONE
 * also: To has a tag; and ACK and CANCEL, which go with their INVITE. */
enum tnd_rule tnd_txn_merged_key(struct tnd_writer *w, const struct tnd_txn_parts *request);

/* The ACK to a response from 300 to 699 (RFC 3261 §17.1.1.3). invite is the request as it was
 * sent. false: one of the two lacks what the ACK needs; nothing was written. */
bool tnd_ack_write(struct tnd_writer *w, const struct tnd_msg *invite,
                   const struct tnd_msg *response);

/* The CANCEL of an INVITE (RFC 3261 §9.1), invite as above. fields: further fields, whole
 * lines with their CRLF, such as Reason (RFC 3326); absent: none. */
bool tnd_cancel_write(struct tnd_writer *w, const struct tnd_msg *invite, struct tnd_slice fields);

#endif
