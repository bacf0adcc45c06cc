/* What stands in most messages alike, found without the grammar, which takes ten times as long. Each says false
 * where anything stands otherwise: then the grammar has to read it. */
#ifndef DIAG_PLAIN_H
#define DIAG_PLAIN_H

#include "sip/chars.h"
#include "tandem/base.h"

/* ";tag=…" at the end of a value of From or To; absent: it has no parameters. What stands in quotes or in <>
 * has another end. */
static inline bool tnd_diag_plain_tag(struct tnd_slice value, struct tnd_slice *ret)
{
    enum { NAME_LEN = 5 };
    const char *end = tnd_slice_end(value), *start = end;

    *ret = tnd_slice(NULL, 0);
    if (value.len > 0 && end[-1] == '>')
        return true;
    while (start > value.ptr && tnd_is_token_char(start[-1]))
        start--;
    if (start == end || start - value.ptr <= NAME_LEN ||
        memcmp(start - NAME_LEN, ";tag=", NAME_LEN) != 0)
        return false;
    *ret = tnd_slice_between(start, end);
    return true;
}

/* ";branch=…" of the first Via in a field, with nothing odd in front of it. */
static inline bool tnd_diag_plain_branch(struct tnd_slice value, struct tnd_slice *ret)
{
    enum { NAME_LEN = 8 };
    const char *end = tnd_slice_end(value);
    const char *at = value.len > 0 ? memchr(value.ptr, ';', value.len) : NULL;

    while (at && end - at > NAME_LEN && memcmp(at, ";branch=", NAME_LEN) != 0)
        at = memchr(at + 1, ';', (size_t)(end - at - 1));
    if (!at || end - at <= NAME_LEN || memchr(value.ptr, ',', (size_t)(at - value.ptr)) ||
        memchr(value.ptr, '"', (size_t)(at - value.ptr)))
        return false;
    const char *start = at + NAME_LEN, *stop = start;
    while (stop < end && tnd_is_token_char(*stop))
        stop++;
    if (stop == start || (stop < end && *stop != ';' && *stop != ','))
        return false;
    *ret = tnd_slice_between(start, stop);
    return true;
}

#endif
