/* Numbers and texts of records, written and read. */
#include "store/record.h"

void tnd_record_put_number(struct tnd_writer *w, uint64_t n)
{
    for (; n > 0x7f; n >>= 7)
        tnd_put_char(w, (char)(0x80 | (n & 0x7f)));
    tnd_put_char(w, (char)n);
}

void tnd_record_put_text(struct tnd_writer *w, struct tnd_slice text)
{
    tnd_record_put_number(w, text.len);
    tnd_put(w, text);
}

struct tnd_record tnd_record_open(struct tnd_slice bytes, unsigned version_max)
{
    struct tnd_record r = {.at = bytes.ptr, .end = tnd_slice_end(bytes)};

    r.version = (unsigned)tnd_record_number(&r, version_max);
    r.bad |= r.version == 0;
    return r;
}

static uint64_t damaged(struct tnd_record *r)
{
    r->bad = true;
    return 0;
}

uint64_t tnd_record_number(struct tnd_record *r, uint64_t max)
{
    uint64_t n = 0;

    if (r->bad)
        return 0;
    if (r->at < r->end && (unsigned char)*r->at <= 0x7f && (unsigned char)*r->at <= max)
        return (unsigned char)*r->at++; /* most have one byte */
    for (unsigned shift = 0; r->at < r->end; shift += 7) {
        uint64_t byte = (unsigned char)*r->at++, bits = byte & 0x7f;

        if (shift > 63 || bits << shift >> shift != bits)
            return damaged(r); /* it has more than 64 bits */
        n |= bits << shift;
        if (byte > 0x7f)
            continue;
        bool padded = byte == 0 && shift > 0;
        return padded || n > max ? damaged(r) : n;
    }
    return damaged(r); /* it ends within the number */
}

struct tnd_slice tnd_record_bytes(struct tnd_record *r, size_t len)
{
    const char *at = r->at;

    if (r->bad || (size_t)(r->end - at) < len) {
        damaged(r);
        return (struct tnd_slice){NULL, 0};
    }
    r->at += len;
    return tnd_slice(at, len);
}

struct tnd_slice tnd_record_text(struct tnd_record *r)
{
    size_t len = tnd_record_number(r, SIZE_MAX);

    return len > 0 ? tnd_record_bytes(r, len) : (struct tnd_slice){NULL, 0};
}

int tnd_record_close(const struct tnd_record *r)
{
    return r->bad || r->at < r->end ? TND_ESYNTAX : 0;
}
