/* What the web goes by and can be told anew: who may ask, and which domains are served. */
#ifndef WEB_SETTINGS_H
#define WEB_SETTINGS_H

#include "web/web.h"

/* One piece of memory, all of it. */
struct web_settings {
    struct tnd_slice token; /* absent: nobody needs one */
    struct tnd_slice *domains;
    size_t domain_count;
    struct tnd_slice advertise;
    struct tnd_endpoint *listen;
    size_t listen_count;
    bool lab;
    struct tnd_arena arena;
};

/* Copies what it is made of, and reads the token of an address at. Negative: ret_fault says why. */
int web_settings_new(const struct tnd_web_settings *from, const struct tnd_endpoint *at,
                     struct tnd_web_fault *ret_fault, struct web_settings **ret);
/* Of NULL: fine. */
void web_settings_free(struct web_settings *settings);

/* Whether users of domain are served here: of a wildcard no address is known, so each may be one. */
bool web_settings_serve(const struct web_settings *settings, struct tnd_slice domain);

/* The text of a token's file: what is in it but for the white space around it. RFC 6750 §2.1, b64token. Absent: it is none,
 * and *ret_why says why. */
struct tnd_slice web_token_of(struct tnd_slice file, const char **ret_why);

#endif
