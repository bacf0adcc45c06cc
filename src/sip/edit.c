/* A changed copy of a message: runs of the original between the changes. */
#include "base/ascii.h"
#include "base/assert.h"
#include "sip/message.h"
#include "tandem/sip/write.h"

void tnd_edit(struct tnd_edits *e, struct tnd_slice cut, struct tnd_slice put)
{
    uint32_t at = (uint32_t)(cut.ptr - e->msg->text.ptr), i = e->count;

    TND_ASSERT(cut.ptr >= e->msg->text.ptr && tnd_slice_end(cut) <= tnd_slice_end(e->msg->text));
    if (e->count == TND_EDIT_COUNT_MAX) {
        e->over = true;
        return;
    }
    /* what is put in front of a cut stays there when the cut was asked for first */
    for (; i > 0 && (e->edit[i - 1].at > at ||
                     (e->edit[i - 1].at == at && e->edit[i - 1].cut > 0 && cut.len == 0));
         i--)
        e->edit[i] = e->edit[i - 1];
    TND_ASSERT(i == 0 || e->edit[i - 1].at + e->edit[i - 1].cut <= at);
    TND_ASSERT(i == e->count || at + cut.len <= e->edit[i + 1].at);
    e->edit[i] = (struct tnd_edit){at, (uint32_t)cut.len, put};
    e->count++;
}

void tnd_edit_uri(struct tnd_edits *e, struct tnd_slice uri)
{
    tnd_edit(e, e->msg->uri, uri);
}

void tnd_edit_insert(struct tnd_edits *e, const struct tnd_field *before, struct tnd_slice lines)
{
    const char *at = before ? e->msg->text.ptr + before->name : tnd_fields_end(e->msg);

    tnd_edit(e, tnd_slice(at, 0), lines);
}

void tnd_edit_remove(struct tnd_edits *e, const struct tnd_field *f)
{
    tnd_edit(e, tnd_field_lines(e->msg, f), tnd_slice(NULL, 0));
}

void tnd_edit_value(struct tnd_edits *e, const struct tnd_field *f, struct tnd_slice value)
{
    tnd_edit(e, tnd_field_value(e->msg, f), value);
}

void tnd_edit_remove_first(struct tnd_edits *e, const struct tnd_field *f, struct tnd_slice first)
{
    const char *end = tnd_slice_end(tnd_field_value(e->msg, f));
    const char *at = tnd_behind_space(tnd_slice_end(first), end);

    if (at == end) {
        tnd_edit_remove(e, f);
        return;
    }
    TND_ASSERT(*at == ',');
    at = tnd_behind_space(at + 1, end);
    tnd_edit(e, tnd_slice_between(first.ptr, at), tnd_slice(NULL, 0));
}

static size_t copy_len(const struct tnd_edits *e)
{
    size_t len = e->msg->text.len;

    for (uint32_t i = 0; i < e->count; i++)
        len += e->edit[i].put.len - e->edit[i].cut;
    return len;
}

static inline char *copy(char *to, const char *from, size_t len)
{
    if (len > 0)
        memcpy(to, from, len);
    return to + len;
}

/* Whether there is room is asked once for all of it. */
void tnd_edits_write(struct tnd_writer *w, const struct tnd_edits *e)
{
    struct tnd_slice text = e->msg->text;
    size_t len = copy_len(e), at = 0;

    if (e->over) { /* a peer can bring that about: no copy, and the writer says so */
        w->len = SIZE_MAX / 2;
        return;
    }
    if (w->len > w->size || len > w->size - w->len) {
        w->len += len;
        return;
    }
    char *to = w->ptr + w->len;
    for (uint32_t i = 0; i < e->count; i++) {
        const struct tnd_edit *edit = &e->edit[i];

        to = copy(to, text.ptr + at, edit->at - at);
        to = copy(to, edit->put.ptr, edit->put.len);
        at = edit->at + edit->cut;
    }
    copy(to, text.ptr + at, text.len - at);
    w->len += len;
}
