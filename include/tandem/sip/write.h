/* tandem/sip/write.h: writing messages: requests, replies, forwarded copies.
 *
 * All of it goes through a struct tnd_writer: write everything, then ask tnd_writer_over()
 * once. No value can smuggle a line: CR and LF in it become spaces. Written as they are: whole
 * lines, bodies, what a change puts (tnd_edit), and of a reply to_tag and received, which are
 * of the caller's own making and never text of a peer.
 */
#ifndef TANDEM_SIP_WRITE_H
#define TANDEM_SIP_WRITE_H

#include "tandem/sip/field.h"

/* A message from nothing: first line, fields, end. */
void tnd_put_request_line(struct tnd_writer *w, struct tnd_slice method, struct tnd_slice uri);

/* reason absent: the registered phrase. */
void tnd_put_status_line(struct tnd_writer *w, unsigned code, struct tnd_slice reason);

void tnd_put_field(struct tnd_writer *w, enum tnd_header kind, struct tnd_slice value);

/* For a value that is written piece by piece: "Name: " before, CRLF after. */
void tnd_put_field_name(struct tnd_writer *w, enum tnd_header kind);
void tnd_put_line_end(struct tnd_writer *w);

/* Content-Length, the empty line, the body. content_type absent: none is written. */
void tnd_put_body(struct tnd_writer *w, struct tnd_slice content_type, struct tnd_slice body);

/* A response to a request (RFC 3261 §8.2.6): Via, From, To, Call-ID and CSeq are copied as
 * they stand, in their order; also Timestamp into a 100 (§8.2.6.1), and Record-Route into
 * what makes a dialog (§12.1.1: 101 to 299 to INVITE, SUBSCRIBE, REFER). */
struct tnd_reply {
    uint16_t code;
    const struct tnd_via *via;     /* the top one, if it has been read; NULL: it is read here */
    struct tnd_slice reason;       /* absent: the registered phrase */
    struct tnd_slice to_tag;       /* added unless To has one; §8.2.6.2: not to a 100 */
    struct tnd_slice received;     /* put into the top Via; absent: no need (§18.2.1) */
    int32_t rport;                 /* put into the top Via if it asks; -1: no need (RFC 3581 §4) */
    struct tnd_slice fields;       /* further fields, whole lines with their CRLF */
    struct tnd_slice content_type; /* absent: no body */
    struct tnd_slice body;
};

void tnd_reply_write(struct tnd_writer *w, const struct tnd_msg *request,
                     const struct tnd_reply *reply);

/* A changed copy of a message: what stays is copied from the original, in one pass, however
 * many changes there are. Each change cuts bytes of the original and puts others in their
 * place. They come in any order and do not overlap; what is put is kept (borrowed until the
 * copy is written). */
enum { TND_EDIT_COUNT_MAX = 32 };

struct tnd_edits {
    const struct tnd_msg *msg;
    uint32_t count;
    bool over; /* more than TND_EDIT_COUNT_MAX: there will be no copy */
    struct tnd_edit {
        uint32_t at, cut; /* offset into msg->text, bytes cut there */
        struct tnd_slice put;
    } edit[TND_EDIT_COUNT_MAX];
};

static inline void tnd_edits_init(struct tnd_edits *e, const struct tnd_msg *msg)
{
    e->msg = msg;
    e->count = 0;
    e->over = false;
}

/* A change anywhere: cut is a part of msg->text, maybe empty. Changes that overlap, or lie
 * outside of the message, are an assertion. Changes at the same place stay in the order they
 * were given, but that what is put where a cut starts stands in front of it. */
void tnd_edit(struct tnd_edits *e, struct tnd_slice cut, struct tnd_slice put);

/* The Request-URI becomes uri. */
void tnd_edit_uri(struct tnd_edits *e, struct tnd_slice uri);

/* Whole lines, with their CRLF, in front of a field; of NULL: behind the last field. */
void tnd_edit_insert(struct tnd_edits *e, const struct tnd_field *before, struct tnd_slice lines);

/* The field goes. */
void tnd_edit_remove(struct tnd_edits *e, const struct tnd_field *f);

/* Its value becomes value. */
void tnd_edit_value(struct tnd_edits *e, const struct tnd_field *f, struct tnd_slice value);

/* The first value of a field that is a list goes, with its comma; the field with its last.
 * first is that value, from its first to its last byte. For Via and Route. */
void tnd_edit_remove_first(struct tnd_edits *e, const struct tnd_field *f, struct tnd_slice first);

/* Writes the copy. The body goes with it; what followed it in a datagram does not. Of edits
 * that are over nothing is written, and the writer is over too. */
void tnd_edits_write(struct tnd_writer *w, const struct tnd_edits *e);

#endif
