/* What a request says of the targets that it was sent to before: History-Info (RFC 7044), and Diversion
 * (RFC 5806), which is historic, and what most of the world's telephone networks read.
 *
 *   1      what was asked for; it was redirected
 *   1.1    the first contact of that, which failed
 *   1.2    the next one */
#include "ua/call.h"

/* One more component, or the last one counted up. false: the index is full. */
static bool next_index(const struct ua_tried *before, char ret[UA_INDEX_LEN], uint8_t *ret_len)
{
    struct tnd_writer w = tnd_writer(ret, UA_INDEX_LEN);
    struct tnd_slice index = tnd_slice(before->index, before->index_len);

    if (before->code / 100 == 3 || !memchr(index.ptr, '.', index.len)) {
        tnd_put(&w, index);
        tnd_put(&w, TND_STR(".1"));
    } else {
        size_t dot = index.len;
        uint64_t last = 0;

        while (index.ptr[dot - 1] != '.')
            dot--;
        tnd_slice_number(tnd_slice(index.ptr + dot, index.len - dot), 1000, &last);
        tnd_put(&w, tnd_slice(index.ptr, dot));
        tnd_put_number(&w, last + 1);
    }
    *ret_len = (uint8_t)(tnd_writer_over(&w) ? 0 : w.len);
    return *ret_len > 0;
}

void ua_history_add(struct ua_errand *e)
{
    struct ua_tried *t = &e->tried[e->tried_count];

    if (e->tried_count == UA_TRIED_COUNT_MAX)
        return;
    if (e->tried_count == 0) {
        t->index[0] = '1';
        t->index_len = 1;
    } else if (!next_index(t - 1, t->index, &t->index_len)) {
        return;
    }
    t->uri = e->text.uri;
    t->code = e->failure.code;
    e->tried_count++;
}

static bool is_sip(struct tnd_slice uri)
{
    struct tnd_uri read;

    return ua_uri_read(uri, &read) == 0 && !read.headers.ptr &&
           (read.scheme == TND_SCHEME_SIP || read.scheme == TND_SCHEME_SIPS);
}

static void put_entry(struct tnd_writer *w, struct tnd_slice uri, unsigned code,
                      struct tnd_slice index)
{
    tnd_put(w, TND_STR("History-Info: <"));
    tnd_put(w, uri);
    if (code > 0 && is_sip(uri)) { /* RFC 7044 §10.2; a tel URI has no place to say it */
        tnd_put(w, TND_STR("?Reason=SIP%3Bcause%3D"));
        tnd_put_number(w, code);
    }
    tnd_put(w, TND_STR(">;index="));
    tnd_put(w, index);
    tnd_put(w, TND_STR("\r\n"));
}

/* RFC 5806 §3.1: the topmost is the last that diverted. */
static void put_diversions(struct tnd_writer *w, const struct ua_errand *e)
{
    for (size_t i = e->tried_count; i > 0; i--) {
        const struct ua_tried *t = &e->tried[i - 1];

        if (t->code / 100 != 3)
            continue;
        tnd_put(w, TND_STR("Diversion: <"));
        tnd_put(w, t->uri);
        tnd_put(w, TND_STR(">;reason=unconditional\r\n")); /* RFC 7544 §6 */
    }
}

void ua_history_put(struct tnd_writer *w, const struct ua_errand *e)
{
    char index[UA_INDEX_LEN];
    uint8_t len;

    if (e->tried_count == 0 || e->leg)
        return;
    for (size_t i = 0; i < e->tried_count; i++)
        put_entry(w, e->tried[i].uri, e->tried[i].code,
                  tnd_slice(e->tried[i].index, e->tried[i].index_len));
    if (next_index(&e->tried[e->tried_count - 1], index, &len))
        put_entry(w, e->text.uri, 0, tnd_slice(index, len));
    put_diversions(w, e);
}
