/* The API: what is registered. */
#include <stdio.h>

#include "net/heap.h"
#include "web/aor.h"
#include "web/forward.h"
#include "web/inside.h"
#include "web/own.h"

enum { COUNT_DEFAULT = 1000, COUNT_MAX = 10000, ENTRY_SIZE_MAX = 8 << 20 };

/* An answer while it is made: contacts of the addresses behind after, up to count of them. */
struct listing {
    json_t *list;
    struct tnd_slice after;
    size_t count;
    int64_t now;
    bool is_cut;
    struct web_aor last; /* the address that was listed last */
};

static void add_all(struct listing *l, struct tnd_slice aor, const struct tnd_entry *entry)
{
    for (size_t i = 0; i < entry->binding_count; i++)
        json_array_append_new(l->list, web_contact_json(aor, &entry->bindings[i], l->now));
}

/* An address is listed with all its contacts, or not. */
static bool visit(void *ctx, struct tnd_slice aor, const struct tnd_entry *entry)
{
    struct listing *l = ctx;

    if (entry->binding_count == 0 || (l->after.ptr && tnd_slice_cmp(aor, l->after) <= 0))
        return true;
    if (json_array_size(l->list) >= l->count) {
        l->is_cut = true;
        return false;
    }
    add_all(l, aor, entry);
    l->last.text = tnd_slice(memcpy(l->last.room, aor.ptr, aor.len), aor.len);
    return true;
}

/* Of one address alone. */
static enum tnd_store_result find(const struct tnd_http_request *r, struct listing *l,
                                  struct tnd_slice aor)
{
    struct tnd_db_reader *reader = NULL;
    struct tnd_entry entry;
    struct tnd_arena a;
    enum tnd_store_result result = TND_STORE_FAILED;

    tnd_arena_init(&a, NULL, 0, &tnd_heap, ENTRY_SIZE_MAX);
    if (tnd_db_reader_new(r->web->db, &reader) == 0)
        result = tnd_db_find(reader, aor, l->now, &a, &entry);
    if (result == TND_STORE_OK)
        add_all(l, aor, &entry);
    tnd_db_reader_free(&reader);
    tnd_arena_fini(&a);
    return result;
}

/* RFC 3986 §2.3: all but unreserved characters as %HH. */
static void put_escaped(struct tnd_writer *w, struct tnd_slice text)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~@";

    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] && strchr(plain, text.ptr[i])) {
            tnd_put_char(w, text.ptr[i]);
            continue;
        }
        tnd_put_char(w, '%');
        tnd_put_hex(w, &text.ptr[i], 1);
    }
}

static void put_next(const struct listing *l, struct tnd_http_reply *reply)
{
    struct tnd_writer w = tnd_writer(reply->next, sizeof(reply->next) - 1);

    tnd_put_str(&w, "</api/v1/registrations?limit=");
    tnd_put_number(&w, l->count);
    tnd_put_str(&w, "&after=");
    put_escaped(&w, l->last.text);
    tnd_put_str(&w, ">; rel=\"next\"");
    reply->next[tnd_writer_over(&w) ? 0 : w.len] = '\0';
}

static bool read_limit(const struct tnd_http_request *r, struct tnd_http_reply *reply, size_t *ret)
{
    struct tnd_slice limit = tnd_http_query(r, "limit");
    uint64_t n = COUNT_DEFAULT;

    if (limit.ptr && (!tnd_slice_number(limit, COUNT_MAX, &n) || n == 0)) {
        tnd_http_fail(reply, 400, "limit: a number from 1 to %d", COUNT_MAX);
        return false;
    }
    *ret = (size_t)n;
    return true;
}

void get_registrations(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    struct listing l = {.now = r->now / 1000000, .after = tnd_http_query(r, "after")};
    struct tnd_slice one = tnd_http_query(r, "aor");
    struct tnd_db_fault fault = {.text = "the store cannot be read"};
    struct web_aor aor;

    if (!read_limit(r, reply, &l.count))
        return;
    if (one.ptr && web_aor_read(one, &aor)) {
        tnd_http_fail(reply, 400, "aor: give one like alice@example.com");
        return;
    }
    l.list = json_array();
    bool is_read = one.ptr ? find(r, &l, aor.text) == TND_STORE_OK
                           : tnd_db_walk(r->web->db, l.now, visit, &l, &fault) == 0;
    if (!is_read) {
        json_decref(l.list);
        tnd_http_fail(reply, 500, "%s", fault.text);
        return;
    }
    tnd_http_json(reply, 200, l.list);
    if (l.is_cut)
        put_next(&l, reply);
}
