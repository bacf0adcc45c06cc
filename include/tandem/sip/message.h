/* tandem/sip/message.h: a SIP message as an index over its bytes (RFC 3261 §7).
 *
 * tnd_msg_parse() goes over the header section once and notes where each header field
 * stands and which it is. Values are read into types when somebody asks (tandem/sip/text.h,
 * tandem/sip/field.h). Everything borrows from the bytes that were parsed: they must stay
 * where they are, unchanged, as long as the message is used. The index itself is in the
 * arena that was given.
 */
#ifndef TANDEM_SIP_MESSAGE_H
#define TANDEM_SIP_MESSAGE_H

#include "tandem/sip/text.h"

enum {
    TND_MESSAGE_LEN_MAX = 65535,    /* limits.max_message: RFC 3261 §18.1.1 asks for as much */
    TND_HEADER_SECTION_MAX = 65535, /* header fields of one message, together */
    TND_LINE_LEN_MAX = 16384,       /* one header field, with its name and its folds */
    TND_FIELD_COUNT_MAX = 512,      /* header fields of one message */
    TND_URI_LEN_MAX = 4096,         /* a Request-URI */
    TND_FLAW_COUNT_MAX = 32,        /* flaws that are noted of one message */
};

enum tnd_msg_kind {
    TND_MSG_NONE, /* the first line is neither; the header fields are there all the same */
    TND_MSG_REQUEST,
    TND_MSG_RESPONSE,
};

/* How the bytes came, which decides where a message ends (RFC 3261 §18.3). */
enum tnd_carrier {
    TND_DATAGRAM, /* what follows the body is no part of the message */
    TND_STREAM,   /* what follows is the next message */
};

/* A header field: offsets from text.ptr. */
struct tnd_field {
    uint32_t name;
    uint32_t value; /* without the white space around it; folds and all */
    uint16_t name_len;
    uint16_t value_len;
    uint16_t kind; /* enum tnd_header */
    uint16_t next; /* the next field of this kind; 0: there is none */
};

struct tnd_msg {
    struct tnd_slice text; /* the message, from its first line to the end of its body */
    struct tnd_slice head; /* of it, up to and with the empty line */
    struct tnd_slice body;
    size_t wanted;   /* on a stream: bytes of the whole message, once its head is there */
    uint8_t kind;    /* enum tnd_msg_kind */
    uint8_t carrier; /* enum tnd_carrier */
    uint8_t method;  /* enum tnd_method: of a request; of a response always OTHER */
    bool body_short; /* Content-Length asks for more than the datagram holds */
    uint16_t code;   /* of a response: 100 to 699 */
    uint16_t flaw_count;
    uint32_t flaws_lost; /* found after the list of flaws was full */
    struct tnd_slice method_name;
    struct tnd_slice uri;             /* of a request, as it came */
    struct tnd_slice reason;          /* of a response; may be empty */
    uint32_t field_count;             /* fields 1 to field_count; there is no field 0 */
    struct tnd_field *fields;         /* the name behind the last: where the empty line starts */
    uint64_t *marks;                  /* of head; NULL: made as readers ask. src/sip/scan.h */
    struct tnd_flaw *flaws;           /* flaw_count of TND_FLAW_COUNT_MAX, in the arena */
    uint16_t first[TND_HEADER_COUNT]; /* field of each kind; 0: there is none */
    uint16_t last[TND_HEADER_COUNT];  /* of those that are there */
};

/* Indexes the message at the start of bytes. Empty lines in front of it are skipped (RFC
 * 3261 §7.5). Keeps bytes; takes from a.
 *
 *   0          ret is filled; flaw_count says whether all was well so far. The values of
 *              header fields have not been looked at: see tnd_msg_check().
 *   TND_EMORE  the empty line, or on a stream the end of the body, is not there yet; then
 *              ret->wanted is the length of the message, or 0 while the head is not whole.
 *              Of a datagram, which has no more: see tnd_msg_parse_torn().
 *   TND_ENOMEM a is over; ret holds nothing of use, here and below
 */
int tnd_msg_parse(struct tnd_msg *ret, struct tnd_arena *a, struct tnd_slice bytes,
                  enum tnd_carrier carrier);

/* The same for a datagram without an empty line: parses a copy in a that ends with one, and
 * notes HEADER_END, so that it can be answered (400) or explained. Also for one whose header
 * section is longer than TND_HEADER_SECTION_MAX: what is beyond is cut off, and
 * HEADER_SECTION_LEN noted. TND_ENOMEM: a is over. */
int tnd_msg_parse_torn(struct tnd_msg *ret, struct tnd_arena *a, struct tnd_slice bytes);

/* A datagram, whatever it holds: the one of the two above that fits. 0, or TND_ENOMEM. */
int tnd_msg_parse_datagram(struct tnd_msg *ret, struct tnd_arena *a, struct tnd_slice bytes);

/* A copy of a message and its index, in a: it borrows nothing of msg. Nothing is read again; its flaws
 * are left behind. TND_ENOMEM: a is over, ret is untouched. */
int tnd_msg_keep(struct tnd_msg *ret, struct tnd_arena *a, const struct tnd_msg *msg);

/* What was read of msg as it stands in kept, which is a copy of it. What does not borrow from the text of
 * msg stays as it is. */
static inline struct tnd_slice tnd_slice_moved(struct tnd_slice s, const struct tnd_msg *msg,
                                               const struct tnd_msg *kept)
{
    uintptr_t at = (uintptr_t)s.ptr - (uintptr_t)msg->text.ptr;

    if (s.ptr && at <= msg->text.len)
        s.ptr = kept->text.ptr + at;
    return s;
}

/* Reads every header field of a known grammar, and what one says of another (CSeq and the
 * method, Content-Length and the body), and notes each flaw in msg. What was noted before
 * stays. TND_ENOMEM: a is over. */
int tnd_msg_check(struct tnd_msg *msg, struct tnd_arena *a);

/* Notes a flaw; where borrows from text. For the parser, and for roles that find more. */
int tnd_msg_note(struct tnd_msg *msg, struct tnd_arena *a, enum tnd_rule rule,
                 struct tnd_slice where);

static inline bool tnd_msg_has(const struct tnd_msg *msg, enum tnd_header kind)
{
    return msg->first[kind] != 0;
}

/* The first field of this kind; NULL: there is none. */
static inline const struct tnd_field *tnd_msg_field(const struct tnd_msg *msg, enum tnd_header kind)
{
    return tnd_msg_has(msg, kind) ? &msg->fields[msg->first[kind]] : NULL;
}

static inline struct tnd_slice tnd_field_name(const struct tnd_msg *msg, const struct tnd_field *f)
{
    return tnd_slice(msg->text.ptr + f->name, f->name_len);
}

static inline struct tnd_slice tnd_field_value(const struct tnd_msg *msg, const struct tnd_field *f)
{
    return tnd_slice(msg->text.ptr + f->value, f->value_len);
}

/* From the name up to and with the line end of its last line. */
struct tnd_slice tnd_field_lines(const struct tnd_msg *msg, const struct tnd_field *f);

/* The value of the first field of this kind; the absent slice if there is none. */
static inline struct tnd_slice tnd_msg_value(const struct tnd_msg *msg, enum tnd_header kind)
{
    const struct tnd_field *f = tnd_msg_field(msg, kind);

    return f ? tnd_field_value(msg, f) : tnd_slice(NULL, 0);
}

/* The value of one field of msg only. */
static inline struct tnd_values tnd_field_values(const struct tnd_msg *msg,
                                                 const struct tnd_field *f)
{
    struct tnd_values v;

    v.c.at = msg->text.ptr + f->value;
    v.c.end = v.c.at + f->value_len;
    v.c.base = msg->text.ptr;
    v.c.marks = msg->marks;
    v.c.limit = msg->text.ptr + msg->head.len;
    v.c.from = v.c.at;
    v.c.window = 0;
    v.c.flaw.rule = TND_RULE_NONE;
    v.msg = msg;
    v.count = 0;
    v.next_field = 0;
    v.opened = false;
    return v;
}

/* All values of a kind, in order, for the tnd_..._next() readers. Keeps msg. */
static inline struct tnd_values tnd_msg_values(const struct tnd_msg *msg, enum tnd_header kind)
{
    static const struct tnd_field none = {0};
    const struct tnd_field *f = tnd_msg_field(msg, kind);
    struct tnd_values v = tnd_field_values(msg, f ? f : &none);

    v.next_field = f ? f->next : 0;
    v.opened = !f; /* as one that was read to its end */
    return v;
}

/* Line and column, from 1, of a byte of the text that msg was parsed from. */
struct tnd_place {
    unsigned line, column;
};
struct tnd_place tnd_place(struct tnd_slice text, const char *at);

#endif
