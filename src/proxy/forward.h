/* What the files that write copies share. */
#ifndef PROXY_FORWARD_H
#define PROXY_FORWARD_H

#include "tandem/proxy/forward.h"

/* The next field of the same kind; NULL: there is none. */
static inline const struct tnd_field *proxy_next_field(const struct tnd_msg *msg,
                                                       const struct tnd_field *f)
{
    return f->next ? &msg->fields[f->next] : NULL;
}

/* The field behind f, of whatever kind; NULL: f is the last. */
static inline const struct tnd_field *proxy_field_behind(const struct tnd_msg *msg,
                                                         const struct tnd_field *f)
{
    return f - msg->fields < (ptrdiff_t)msg->field_count ? f + 1 : NULL;
}

/* Where a value with an address starts: at its display name, its '<' or its URI. */
static inline const char *proxy_addr_start(const struct tnd_addr *addr)
{
    return addr->display.ptr ? addr->display.ptr : addr->uri.text.ptr - addr->angle;
}

/* Short texts that are put into a copy, made one after another in room. */
enum { PROXY_ROOM = 192 };

struct proxy_made {
    char *at;
    char room[PROXY_ROOM];
};

/* Each writes at to and returns behind it. What is made of one message fits: PROXY_ROOM is more than
 * the sum, and proxy_made() sees to that. */
static inline char *proxy_put(char *to, const char *text, size_t len)
{
    memcpy(to, text, len);
    return to + len;
}

#define PROXY_PUT(to, literal) proxy_put(to, "" literal, sizeof(literal) - 1)

char *proxy_put_number(char *to, uint32_t n);

/* What was made up to end. Borrows from made. */
struct tnd_slice proxy_made(struct proxy_made *made, const char *end);

/* Content-Length where there is none (RFC 3261 §16.6 step 9): due on a stream, right anywhere. */
void proxy_edit_length(struct tnd_edits *e, struct proxy_made *made);

/* Takes values of Route off: up to and with used, and last (forward.h); NULL: none. */
void proxy_edit_routes(struct tnd_edits *e, const struct tnd_addr *used,
                       const struct tnd_addr *last);

/* All fields of a kind, each on a line. */
void proxy_put_lines(struct tnd_writer *w, const struct tnd_msg *msg, enum tnd_header kind);

/* Whether the caller wants to hide whom the request was for: Privacy says history or header (RFC
 * 7044 §10.1.2). */
bool proxy_hides_history(const struct tnd_msg *request);

#endif
