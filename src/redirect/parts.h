/* What the files of the redirect role share. */
#ifndef REDIRECT_PARTS_H
#define REDIRECT_PARTS_H

#include "tandem/redirect.h"

/* wild.c: patterns. * is any text, ? any one character, which in UTF-8 may be several octets.
 * It takes at most as many steps as text and pattern are long, multiplied. */
struct wild_how {
    bool fold;    /* the case of ASCII letters does not count */
    bool escaped; /* %HH in text is the octet that it means; in pattern it is three characters */
};

bool wild_match(struct tnd_slice pattern, struct tnd_slice text, struct wild_how how);

/* contacts.c: the Contacts of an answer. */
struct redirect_contact {
    struct tnd_slice uri;
    uint32_t expires; /* seconds; 0: not said */
    int16_t q;        /* in thousandths; -1: not said */
};

struct redirect_contacts {
    const struct tnd_uri *request_uri;
    struct redirect_contact *list; /* NULL: the arena was over */
    size_t count, size;
};

/* None yet, with room for size. */
void redirect_contacts_init(struct redirect_contacts *c, struct tnd_arena *a, size_t size,
                            const struct tnd_uri *request_uri);

/* Borrows what it points to. Takes its place by q, behind those of the same q. What cannot be
 * named (no URI, or that of the request) is left out. */
void redirect_contacts_add(struct redirect_contacts *c, const struct redirect_contact *contact);

/* As lines of Contact, in a. The absent slice: a is over. */
struct tnd_slice redirect_contacts_lines(const struct redirect_contacts *c, struct tnd_arena *a);

/* body.c: the description of an alternative, of application/3gpp-ims+xml. */
void redirect_body_write(struct tnd_writer *w, struct tnd_slice text);

#endif
