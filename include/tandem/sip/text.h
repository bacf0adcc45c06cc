/* tandem/sip/text.h: reading values out of text: cursors, parameters, lists.
 *
 * A reader is called tnd_<thing>_next(values, ret). It gives one value after the other, out
 * of one header field or several of the same name, and false when there are no more or the
 * text is wrong; the flaw tells which:
 *
 *     struct tnd_values routes = tnd_msg_values(msg, TND_HEADER_ROUTE);
 *     struct tnd_addr route;
 *
 *     while (tnd_addr_next(&routes, &route))
 *         ...
 *     if (routes.c.flaw.rule)
 *         refuse(routes.c.flaw);
 *
 * Everything read borrows from the text it was read from. Nothing is allocated. When a
 * reader says false, its ret holds nothing of use.
 */
#ifndef TANDEM_SIP_TEXT_H
#define TANDEM_SIP_TEXT_H

#include "tandem/ref.h"

struct tnd_msg;

enum {
    TND_LOOSE_LEN_MAX = 8192, /* of a text that is not part of a message */
    TND_LIST_COUNT_MAX = 256, /* values of one header field in one message */
    TND_PARAM_COUNT_MAX = 64, /* parameters of one value, or of one URI */
    TND_NESTING_MAX = 8,      /* comments within comments */
};

/* Where reading stands in a text. marks is made by the scan of the message, or in room; NULL:
 * windows are made as they are needed. */
struct tnd_cursor {
    const char *at, *end;
    const char *base; /* the byte of the first bit of marks */
    const uint64_t *marks;
    const char *limit;    /* up to here bytes can be looked at, behind end too */
    const char *from;     /* the byte of the first bit of window */
    uint64_t window;      /* the marks of 64 bytes, near where reading stands */
    struct tnd_flaw flaw; /* the first one; sticky */
};

/* Words for the marks of a loose text. */
struct tnd_marks {
    uint64_t word[TND_LOOSE_LEN_MAX / 64 + 3];
};

/* A cursor over a text of one's own: a URI of a configuration file, a value from a test.
 * Keeps text and room. Flawed at once: VALUE_LEN when it is longer than TND_LOOSE_LEN_MAX,
 * CONTROL_CHAR when it holds a control character or a line end. */
struct tnd_cursor tnd_cursor(struct tnd_slice text, struct tnd_marks *room);

/* The values of a header field, in the order in which they stand. */
struct tnd_values {
    struct tnd_cursor c;
    const struct tnd_msg *msg; /* NULL: one loose text */
    uint32_t count;            /* values given so far */
    uint16_t next_field;       /* of the same kind; 0: none */
    bool opened;               /* the present field has given a value */
};

/* The values of one loose text, as a header field would hold them. Keeps text and room. */
struct tnd_values tnd_values(struct tnd_slice text, struct tnd_marks *room);

/* A parameter: ";name" or ";name=value". value is absent without "=", and has its quotes
 * if it came with them: see tnd_unquote(). */
struct tnd_param {
    struct tnd_slice name, value;
};

/* Iterates over the parameters of a value (tnd_addr.params, tnd_via.params...) or of a URI
 * (tnd_uri.params): text that a reader has found good. *rest is what is left; false: none. */
bool tnd_param_next(struct tnd_slice *rest, struct tnd_param *ret);

/* The first parameter of that name, without case. false: there is none, ret untouched. */
bool tnd_param_find(struct tnd_slice params, struct tnd_slice name, struct tnd_slice *ret_value);

/* Writes what a quoted string means: without its quotes and backslashes (RFC 3261 §25.1).
 * A value without quotes is written as it is. */
void tnd_unquote(struct tnd_writer *w, struct tnd_slice value);

/* Writes text as a quoted string, with backslashes where they are needed. */
void tnd_put_quoted(struct tnd_writer *w, struct tnd_slice text);

/* Whether two values mean the same: quoted strings by what they say, tokens without case. */
bool tnd_value_eq(struct tnd_slice a, struct tnd_slice b);

/* A token (RFC 3261 §25.1): not empty. */
bool tnd_is_token(struct tnd_slice s);

#endif
