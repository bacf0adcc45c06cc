/* A message that outlives the bytes that it came in: all of it is copied as it lies, its index too. */
#include "sip/scan.h"
#include "tandem/sip/message.h"
#include "tandem/sip/uri.h"

static void *copy(struct tnd_arena *a, const void *from, size_t size)
{
    void *at = tnd_arena_take(a, size);

    if (at)
        memcpy(at, from, size);
    return at;
}

int tnd_msg_keep(struct tnd_msg *ret, struct tnd_arena *a, const struct tnd_msg *msg)
{
    struct tnd_slice text = tnd_slice_keep(a, msg->text);
    struct tnd_field *fields =
        copy(a, msg->fields, ((size_t)msg->field_count + 2) * sizeof(*fields)); /* from 0 on, and
                                                                                  * where they end */
    uint64_t *marks =
        msg->marks ? copy(a, msg->marks, tnd_scan_words(msg->head.len) * sizeof(*marks)) : NULL;

    if (tnd_arena_over(a))
        return TND_ENOMEM;
    *ret = *msg;
    ret->text = text;
    ret->fields = fields;
    ret->marks = marks;
    ret->flaws = NULL;
    ret->flaw_count = 0;
    ret->flaws_lost = 0;
    ret->head = tnd_slice_moved(msg->head, msg, ret);
    ret->body = tnd_slice_moved(msg->body, msg, ret);
    ret->method_name = tnd_slice_moved(msg->method_name, msg, ret);
    ret->uri = tnd_slice_moved(msg->uri, msg, ret);
    ret->reason = tnd_slice_moved(msg->reason, msg, ret);
    return 0;
}

struct tnd_uri tnd_uri_moved(const struct tnd_uri *uri, const struct tnd_msg *msg,
                             const struct tnd_msg *kept)
{
    struct tnd_uri ret = *uri;

    ret.text = tnd_slice_moved(uri->text, msg, kept);
    ret.user = tnd_slice_moved(uri->user, msg, kept);
    ret.password = tnd_slice_moved(uri->password, msg, kept);
    ret.host = tnd_slice_moved(uri->host, msg, kept);
    ret.params = tnd_slice_moved(uri->params, msg, kept);
    ret.headers = tnd_slice_moved(uri->headers, msg, kept);
    return ret;
}
