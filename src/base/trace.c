/* Trace: setting up and reading back. Reading must not assert: a failed assertion does it. */
#include "base/trace.h"

#include "base/assert.h"

_Static_assert(sizeof(struct tnd_trace_record) == 64, "a record is one cache line");

void tnd_trace_init(struct tnd_trace *t, struct tnd_trace_record *records, size_t record_count)
{
    TND_ASSERT(record_count > 0 && (record_count & (record_count - 1)) == 0);
    *t = (struct tnd_trace){.records = records, .mask = record_count - 1};
}

size_t tnd_trace_count(const struct tnd_trace *t)
{
    return t->count <= t->mask ? t->count : t->mask + 1;
}

const struct tnd_trace_record *tnd_trace_at(const struct tnd_trace *t, size_t age)
{
    return &t->records[(t->count - 1 - age) & t->mask];
}

static void put_time(struct tnd_writer *w, tnd_time at)
{
    uint64_t n = at < 0 ? -(uint64_t)at : (uint64_t)at;

    if (at < 0)
        tnd_put_char(w, '-');
    tnd_put_number(w, n / 1000000);
    tnd_put_char(w, '.');
    for (uint64_t unit = 100000; unit > 0; unit /= 10)
        tnd_put_char(w, (char)('0' + n / unit % 10));
}

static void put_text(struct tnd_writer *w, const struct tnd_trace_record *record)
{
    tnd_put_str(w, " \"");
    for (size_t i = 0; i < record->text_len && i < TND_TRACE_TEXT_SIZE; i++) {
        char c = record->text[i];

        tnd_put_char(w, c >= ' ' && c <= '~' ? c : '.');
    }
    tnd_put_char(w, '"');
}

void tnd_trace_put(struct tnd_writer *w, const struct tnd_trace_record *record)
{
    put_time(w, record->at);
    tnd_put_char(w, ' ');
    tnd_put_str(w, record->event);
    tnd_put_char(w, ' ');
    tnd_put_number(w, record->a);
    tnd_put_char(w, ' ');
    tnd_put_number(w, record->b);
    if (record->text_len > 0)
        put_text(w, record);
    tnd_put_char(w, '\n');
}

void tnd_trace_print(struct tnd_writer *w, const struct tnd_trace *t, size_t count_max)
{
    size_t count = tnd_trace_count(t) < count_max ? tnd_trace_count(t) : count_max;

    while (count > 0)
        tnd_trace_put(w, tnd_trace_at(t, --count));
}
