/* tandem/sip/notice.h: what one side tells the other: Reason, Warning, Retry-After, Date,
 * Timestamp, User-Agent and Server, Call-Info, Alert-Info and Error-Info, Privacy. Readers
 * as in tandem/sip/text.h. Writers write params as they stand.
 *
 * Subject and Organization are free text, perhaps none: tnd_msg_value().
 */
#ifndef TANDEM_SIP_NOTICE_H
#define TANDEM_SIP_NOTICE_H

#include "tandem/sip/message.h"
#include "tandem/sip/uri.h"

/* Reason (RFC 3326 §2). */
struct tnd_reason {
    struct tnd_slice protocol; /* "SIP", "Q.850" */
    struct tnd_slice text;     /* of params, with its quotes; absent: none */
    struct tnd_slice params;   /* all of them */
    int64_t cause;             /* -1: none was given */
};

bool tnd_reason_next(struct tnd_values *v, struct tnd_reason *ret);
/* From protocol, cause and text; what else params holds is not written. */
void tnd_reason_write(struct tnd_writer *w, const struct tnd_reason *reason);

/* Warning (RFC 3261 §20.43). */
struct tnd_warning {
    struct tnd_slice agent; /* host and port, or a pseudonym */
    struct tnd_slice text;  /* with its quotes */
    uint16_t code;          /* three digits */
};

bool tnd_warning_next(struct tnd_values *v, struct tnd_warning *ret);
void tnd_warning_write(struct tnd_writer *w, const struct tnd_warning *warning);

/* Retry-After (RFC 3261 §20.33). */
struct tnd_retry_after {
    struct tnd_slice comment; /* with its parentheses; absent: none */
    struct tnd_slice params;
    int64_t duration; /* seconds, of params; -1: none was given */
    uint32_t seconds;
};

bool tnd_retry_after_next(struct tnd_values *v, struct tnd_retry_after *ret);
/* From seconds, comment and duration. */
void tnd_retry_after_write(struct tnd_writer *w, const struct tnd_retry_after *retry);

/* Date (RFC 3261 §20.17), as the time since 1970-01-01 00:00:00 UTC, in whole seconds. The
 * name of the day is not compared with the date. Years 1970 to 9999. */
bool tnd_date_next(struct tnd_values *v, tnd_time *ret);
/* What is before 1970 is written as 1970 began, what is behind 9999 as it ended. */
void tnd_date_write(struct tnd_writer *w, tnd_time date);

/* Timestamp (RFC 3261 §20.38). */
struct tnd_timestamp {
    struct tnd_slice text; /* the time as the client wrote it, for the copy in a response */
    tnd_time sent;         /* by the client's clock; finer than a microsecond is cut off */
    tnd_time delay;        /* of the server's answer; -1: none was given */
};

bool tnd_timestamp_next(struct tnd_values *v, struct tnd_timestamp *ret);
/* From text, or where that is absent sent, and delay. */
void tnd_timestamp_write(struct tnd_writer *w, const struct tnd_timestamp *timestamp);

/* One word of User-Agent or Server (RFC 3261 §20.41): a product or a comment. They are
 * parted by white space, not by commas. */
struct tnd_product {
    struct tnd_slice name;    /* absent: a comment */
    struct tnd_slice version; /* absent: none */
    struct tnd_slice comment; /* with its parentheses; absent: a product */
};

bool tnd_product_next(struct tnd_values *v, struct tnd_product *ret);
void tnd_product_write(struct tnd_writer *w, const struct tnd_product *product);

/* A value of Call-Info, Alert-Info or Error-Info (RFC 3261 §20.9, §20.4, §20.18). */
struct tnd_info {
    struct tnd_uri uri;
    struct tnd_slice purpose; /* of params; absent: none */
    struct tnd_slice params;
};

bool tnd_info_next(struct tnd_values *v, struct tnd_info *ret);
void tnd_info_write(struct tnd_writer *w, const struct tnd_info *info);

/* Privacy (RFC 3323 §4.2): one token after the other. They are parted by semicolons; commas
 * are taken too. */
bool tnd_privacy_next(struct tnd_values *v, struct tnd_slice *ret);

#endif
