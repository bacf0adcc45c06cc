/* tandem/sip/media.h: what a body is, and which bodies are welcome: Content-Type,
 * Content-Disposition, Content-Encoding, Content-Language, MIME-Version; Accept,
 * Accept-Encoding, Accept-Language. Readers as in tandem/sip/text.h. Writers write params
 * as they stand, so what is given there begins with ';' or is empty.
 */
#ifndef TANDEM_SIP_MEDIA_H
#define TANDEM_SIP_MEDIA_H

#include "tandem/sip/message.h"

/* A media type (RFC 3261 §20.15), or of Accept a media range (§20.1). */
struct tnd_media_type {
    struct tnd_slice type;    /* "application"; of a range also an asterisk */
    struct tnd_slice subtype; /* "sdp"; of a range also an asterisk */
    struct tnd_slice params;  /* for tnd_param_next(); of a range with its q */
    int16_t q;                /* of a range, in thousandths; -1: none was given */
};

bool tnd_media_type_next(struct tnd_values *v, struct tnd_media_type *ret);
void tnd_media_type_write(struct tnd_writer *w, const struct tnd_media_type *media);

/* Accept may be empty: no body at all is welcome. tnd_media_type_write() writes a range. */
bool tnd_accept_next(struct tnd_values *v, struct tnd_media_type *ret);

/* Whether it is this type and subtype, whatever its parameters. */
bool tnd_media_type_is(const struct tnd_media_type *media, struct tnd_slice type,
                       struct tnd_slice subtype);

/* Whether a range includes a type: by name or by asterisk, whatever the parameters. */
bool tnd_media_range_has(const struct tnd_media_type *range, struct tnd_slice type,
                         struct tnd_slice subtype);

/* An encoding or a language with its weight (RFC 3261 §20.2, §20.3). Both fields may be
 * empty. */
struct tnd_choice {
    struct tnd_slice name; /* "gzip", "de-AT", or an asterisk */
    struct tnd_slice params;
    int16_t q; /* in thousandths; -1: none was given, which means 1000 */
};

bool tnd_accept_encoding_next(struct tnd_values *v, struct tnd_choice *ret);
bool tnd_accept_language_next(struct tnd_values *v, struct tnd_choice *ret);
void tnd_choice_write(struct tnd_writer *w, const struct tnd_choice *choice);

/* Content-Disposition (RFC 3261 §20.11). */
struct tnd_disposition {
    struct tnd_slice type;     /* "session", "render"... */
    struct tnd_slice handling; /* of params; absent: none, which means "required" */
    struct tnd_slice params;
};

bool tnd_disposition_next(struct tnd_values *v, struct tnd_disposition *ret);
void tnd_disposition_write(struct tnd_writer *w, const struct tnd_disposition *disposition);

/* Content-Language: one language tag after the other. (Content-Encoding: tnd_token_next.) */
bool tnd_language_next(struct tnd_values *v, struct tnd_slice *ret);

/* MIME-Version (RFC 3261 §20.24). */
struct tnd_mime_version {
    uint32_t major, minor;
};

bool tnd_mime_version_next(struct tnd_values *v, struct tnd_mime_version *ret);
void tnd_mime_version_write(struct tnd_writer *w, const struct tnd_mime_version *version);

#endif
