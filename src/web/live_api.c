/* Who asks for calls is answered. */
#include "web/live_inside.h"

#include <stdlib.h>

/* Which calls an answer has. */
struct filter {
    struct tnd_slice state;  /* absent: any */
    struct tnd_slice method; /* "any": any */
    enum tnd_lang lang;
    size_t limit;
};

/* The newest that fit, as JSON: a ring. */
struct listing {
    const struct tnd_live *live;
    const struct filter *filter;
    json_t *ring[TND_LIVE_LISTED_COUNT_MAX];
    size_t count; /* that ever came */
};

static bool is_wanted(const struct filter *f, const struct live_seen *seen)
{
    const char *method = tnd_method_name((enum tnd_method)seen->call->method);

    if (f->state.ptr && !tnd_slice_eq(f->state, tnd_slice_str(live_state(seen))))
        return false;
    return tnd_slice_eq(f->method, TND_STR("any")) ||
           tnd_slice_eq(f->method, tnd_slice_str(method));
}

static void list_one(struct listing *l, const struct live_seen *seen)
{
    if (!is_wanted(l->filter, seen))
        return;
    json_t **place = &l->ring[l->count++ % l->filter->limit];
    json_decref(*place);
    *place = live_json(seen, l->filter->lang);
}

static bool visit_open(void *ctx, const struct tnd_diag_call *call)
{
    struct listing *l = ctx;
    struct live_seen seen = live_see(l->live, call);

    list_one(l, &seen);
    return true;
}

static int compare(const void *a, const void *b)
{
    const char *x = json_string_value(json_object_get(*(json_t *const *)a, "started"));
    const char *y = json_string_value(json_object_get(*(json_t *const *)b, "started"));

    return strcmp(y ? y : "", x ? x : ""); /* times of one form: as text */
}

/* The newest first. */
static json_t *sum_up(struct listing *l)
{
    size_t count = l->count < l->filter->limit ? l->count : l->filter->limit;
    json_t *list = json_array();

    qsort(l->ring, count, sizeof(json_t *), compare);
    for (size_t i = 0; i < count; i++) {
        if (list)
            json_array_append_new(list, l->ring[i]);
        else
            json_decref(l->ring[i]);
    }
    return list;
}

static json_t *list_calls(const struct tnd_live *live, const struct filter *filter)
{
    struct listing *l = calloc(1, sizeof(*l));

    if (!l)
        return NULL;
    l->live = live;
    l->filter = filter;
    for (uint64_t n = live->over_first; n < live->over_count; n++) {
        struct live_seen seen = live_see_over(live_over_at(live, n));

        list_one(l, &seen);
    }
    tnd_diag_each(live->diag, visit_open, l);
    json_t *list = sum_up(l);
    free(l);
    return list;
}

static bool is_state(struct tnd_slice state)
{
    static const char *const states[] = {"calling",   "ringing", "talking", "answered",
                                         "cancelled", "failed",  "unknown"};

    for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++)
        if (tnd_slice_eq(state, tnd_slice_str(states[i])))
            return true;
    return false;
}

/* false: it is answered already. */
static bool read_filter(const struct tnd_http_request *r, struct tnd_http_reply *reply,
                        struct filter *ret)
{
    struct tnd_slice limit = tnd_http_query(r, "limit");
    uint64_t n = TND_LIVE_LISTED_COUNT;

    *ret = (struct filter){.state = tnd_http_query(r, "state"),
                           .method = tnd_http_query(r, "method"),
                           .lang = r->lang};
    if (!ret->method.ptr)
        ret->method = TND_STR("INVITE");
    if (ret->state.ptr && !is_state(ret->state)) {
        tnd_http_fail(reply, 400,
                      "state: calling, ringing, talking, answered, cancelled, failed or unknown");
        return false;
    }
    if (limit.ptr && (!tnd_slice_number(limit, TND_LIVE_LISTED_COUNT_MAX, &n) || n == 0)) {
        tnd_http_fail(reply, 400, "limit: a number from 1 to %d", TND_LIVE_LISTED_COUNT_MAX);
        return false;
    }
    ret->limit = (size_t)n;
    return true;
}

static void get_calls(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    struct tnd_live *l = r->ctx;
    struct filter filter;

    if (!read_filter(r, reply, &filter))
        return;
    tnd_live_catch_up(l, r->now);
    tnd_http_json(reply, 200, list_calls(l, &filter));
    reply->varies = true;
}

/* The call with an id, among the open ones. */
struct search {
    const struct tnd_live *live;
    uint64_t id;
    enum tnd_lang lang;
    json_t *found;
};

static bool visit_one(void *ctx, const struct tnd_diag_call *call)
{
    struct search *s = ctx;

    if (live_id(s->live, call) != s->id)
        return true;
    struct live_seen seen = live_see(s->live, call);
    s->found = live_json_whole(&seen, s->lang);
    return false;
}

static json_t *find_call(const struct tnd_live *live, uint64_t id, enum tnd_lang lang)
{
    struct search s = {live, id, lang, NULL};

    for (uint64_t n = live->over_count; n > live->over_first; n--) {
        const struct live_over *over = live_over_at(live, n - 1);
        struct live_seen seen = live_see_over(over);

        if (over->id == id)
            return live_json_whole(&seen, lang);
    }
    tnd_diag_each(live->diag, visit_one, &s);
    return s.found;
}

/* 16 digits, lower case. */
static bool read_id(struct tnd_slice text, uint64_t *ret)
{
    uint64_t id = 0;

    if (text.len != LIVE_ID_SIZE - 1)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];

        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f'))
            return false;
        id = id << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    *ret = id;
    return true;
}

static void get_call(const struct tnd_http_request *r, struct tnd_http_reply *reply)
{
    struct tnd_live *l = r->ctx;
    json_t *found = NULL;
    uint64_t id;

    tnd_live_catch_up(l, r->now);
    if (read_id(r->part[0], &id))
        found = find_call(l, id, r->lang);
    if (!found) {
        tnd_http_fail(reply, 404, "no such call: it is not known, or not any more");
        return;
    }
    tnd_http_json(reply, 200, found);
    reply->varies = true;
}

struct tnd_http_table tnd_live_table(struct tnd_live *l)
{
    static const struct tnd_http_route routes[] = {
        {TND_HTTP_GET, "/api/v1/calls", get_calls, false},
        {TND_HTTP_GET, "/api/v1/calls/{}", get_call, false},
    };

    return (struct tnd_http_table){routes, sizeof(routes) / sizeof(*routes), l};
}
