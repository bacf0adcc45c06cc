/* What a request asks for (RFC 9112 §3.2): its path, its query, and what %HH in them means. */
#ifndef WEB_TARGET_H
#define WEB_TARGET_H

#include "tandem/ref/explain.h"

struct web_target {
    struct tnd_slice host; /* of a target in absolute form; else absent */
    struct tnd_slice path, query;
};

/* "/a/b?x=1", or "http://host/a/b?x=1" (RFC 9112 §3.2.2). False: it is something else. Borrows text. */
bool web_target_read(struct tnd_slice text, struct web_target *ret);

/* With its %HH undone, in place: text may be changed. False: a '%' without two digits, or a NUL. */
bool web_target_decode(char *text, size_t *len);

/* Whether that would succeed. */
bool web_target_is_sound(struct tnd_slice text);

/* The value of a parameter, undecoded; absent: there is none. */
struct tnd_slice web_target_param(struct tnd_slice query, const char *name);

/* The language of ours that a reader likes best (RFC 9110 §12.5.4); English if it names none. */
enum tnd_lang web_target_lang(struct tnd_slice accept_language);

#endif
