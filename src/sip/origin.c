/* History-Info, Diversion, Referred-By: addresses with parameters of their own. */
#include "tandem/sip/origin.h"

#include "sip/value.h"
#include "tandem/sip/notice.h"

bool tnd_route_next(struct tnd_values *v, struct tnd_addr *ret)
{
    if (!tnd_addr_next(v, ret))
        return false;
    return ret->angle ? true : tnd_flawed(&v->c, TND_RULE_NAME_ADDR, ret->uri.text.ptr);
}

/* index-val = number *("." number), number = [ %x31-39 *DIGIT ] DIGIT: no leading zeros */
static bool is_index(struct tnd_slice s)
{
    bool start = true, zero = false;

    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '.' ? start : !tnd_is_digit(s.ptr[i]) || zero)
            return false;
        zero = start && s.ptr[i] == '0';
        start = s.ptr[i] == '.';
    }
    return !start;
}

static bool take_index(struct tnd_slice *kept, struct tnd_slice value)
{
    return is_index(value) && tnd_take_value(kept, value);
}

/* hi-param = hi-index / hi-target-param / hi-extension (RFC 7044 §5) */
static bool take_history_param(void *ctx, const struct tnd_param *p)
{
    struct tnd_history *history = ctx;

    if (TND_TOKEN_IS(p->name, "index"))
        return take_index(&history->index, p->value);
    if (TND_TOKEN_IS(p->name, "rc"))
        return take_index(&history->rc, p->value);
    if (TND_TOKEN_IS(p->name, "mp"))
        return take_index(&history->mp, p->value);
    if (TND_TOKEN_IS(p->name, "np"))
        return take_index(&history->np, p->value);
    return true;
}

bool tnd_history_next(struct tnd_values *v, struct tnd_history *ret)
{
    const struct tnd_slice absent = {NULL, 0};

    ret->index = ret->rc = ret->mp = ret->np = absent;
    if (!tnd_route_next(v, &ret->addr) ||
        !tnd_sift_params(&v->c, ret->addr.params, take_history_param, ret))
        return false;
    /* RFC 7044 §5: the index is mandatory */
    return ret->index.ptr ? true
                          : tnd_flawed(&v->c, TND_RULE_HISTORY_INDEX, ret->addr.uri.text.ptr);
}

void tnd_history_write(struct tnd_writer *w, const struct tnd_history *history)
{
    tnd_addr_write(w, &history->addr);
}

/* The value of a header in the headers part of a URI, escapes and all; absent: none. */
static struct tnd_slice find_uri_header(struct tnd_slice headers, struct tnd_slice name)
{
    while (headers.len > 0) {
        const char *end = memchr(headers.ptr, '&', headers.len), *stop = tnd_slice_end(headers);
        struct tnd_slice header = tnd_slice_between(headers.ptr, end ? end : stop);
        const char *equal = memchr(header.ptr, '=', header.len);

        if (equal && tnd_slice_eq_fold(tnd_slice_between(header.ptr, equal), name))
            return tnd_slice_between(equal + 1, tnd_slice_end(header));
        headers = tnd_slice_between(end ? end + 1 : stop, stop);
    }
    return tnd_slice(NULL, 0);
}

static bool is_code(int64_t cause)
{
    return cause >= 100 && cause <= 699;
}

uint16_t tnd_history_cause(const struct tnd_history *history)
{
    struct tnd_slice escaped = find_uri_header(history->addr.uri.headers, TND_STR("Reason"));
    char room[512]; /* a longer one says more than we ask */
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_marks marks;
    struct tnd_reason reason;
    struct tnd_slice value;
    uint64_t cause;

    tnd_put_unescaped(&w, escaped);
    struct tnd_values v = tnd_values(tnd_writer_slice(&w), &marks);
    while (tnd_reason_next(&v, &reason))
        if (TND_TOKEN_IS(reason.protocol, "sip") && is_code(reason.cause))
            return (uint16_t)reason.cause;
    if (tnd_param_find(history->addr.uri.params, TND_STR("cause"), &value) &&
        tnd_slice_number(value, 699, &cause) && is_code((int64_t)cause))
        return (uint16_t)cause;
    return 0;
}

/* Of Diversion: token or quoted string. */
static bool take_word(struct tnd_slice *kept, struct tnd_slice value)
{
    return tnd_is_quoted_string(value) ? tnd_take_value(kept, value) : tnd_take_token(kept, value);
}

/* diversion-params (RFC 5806 §4); counter and limit are of one or two digits */
static bool take_diversion_param(void *ctx, const struct tnd_param *p)
{
    struct tnd_diversion *diversion = ctx;

    if (TND_TOKEN_IS(p->name, "reason"))
        return take_word(&diversion->reason, p->value);
    if (TND_TOKEN_IS(p->name, "counter"))
        return p->value.len <= 2 && tnd_take_number(&diversion->counter, p->value, 99);
    if (TND_TOKEN_IS(p->name, "limit"))
        return p->value.len <= 2 && tnd_take_number(&diversion->limit, p->value, 99);
    if (TND_TOKEN_IS(p->name, "privacy"))
        return take_word(&diversion->privacy, p->value);
    if (TND_TOKEN_IS(p->name, "screen"))
        return take_word(&diversion->screen, p->value);
    return true;
}

bool tnd_diversion_next(struct tnd_values *v, struct tnd_diversion *ret)
{
    const struct tnd_slice absent = {NULL, 0};

    ret->reason = ret->privacy = ret->screen = absent;
    ret->counter = ret->limit = -1;
    return tnd_route_next(v, &ret->addr) &&
           tnd_sift_params(&v->c, ret->addr.params, take_diversion_param, ret);
}

void tnd_diversion_write(struct tnd_writer *w, const struct tnd_diversion *diversion)
{
    tnd_addr_write(w, &diversion->addr);
}

/* referredby-id-param = "cid" EQUAL sip-clean-msg-id, which is in quotes (RFC 3892 §3) */
static bool take_cid(void *ctx, const struct tnd_param *p)
{
    struct tnd_referred_by *by = ctx;

    return TND_TOKEN_IS(p->name, "cid") ? tnd_take_quoted(&by->cid, p->value) : true;
}

bool tnd_referred_by_next(struct tnd_values *v, struct tnd_referred_by *ret)
{
    ret->cid = tnd_slice(NULL, 0);
    return tnd_addr_next(v, &ret->addr) && tnd_sift_params(&v->c, ret->addr.params, take_cid, ret);
}

void tnd_referred_by_write(struct tnd_writer *w, const struct tnd_referred_by *by)
{
    tnd_addr_write(w, &by->addr);
}
