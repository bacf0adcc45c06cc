/* What the files of the message parser share. */
#ifndef SIP_MESSAGE_H
#define SIP_MESSAGE_H

#include "tandem/sip/message.h"

/* Reads the request line or the status line; notes what is wrong with it. */
void tnd_read_start_line(struct tnd_msg *msg, struct tnd_arena *a, struct tnd_slice line);

/* Notes each bare CR or LF and each control character in msg->head that may not be there. */
void tnd_note_odd_bytes(struct tnd_msg *msg, struct tnd_arena *a);

/* Notes each header field that is not UTF-8. */
void tnd_note_bad_utf8(struct tnd_msg *msg, struct tnd_arena *a);

/* tnd_msg_check() of the kinds of header fields that are used; NULL: of all. */
int tnd_msg_check_used(struct tnd_msg *msg, struct tnd_arena *a, const bool *used);

/* Where the empty line behind the header fields starts. */
static inline const char *tnd_fields_end(const struct tnd_msg *msg)
{
    const char *end = tnd_slice_end(msg->head);

    if (end > msg->head.ptr && end[-1] == '\n')
        end--;
    return end > msg->head.ptr && end[-1] == '\r' ? end - 1 : end;
}

#endif
