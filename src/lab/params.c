/* The URI parameters that steer the lab. They are what a stranger wrote: what they say goes
 * into header fields, so each is read into what it has to be, and nothing else gets through. */
#include "base/ascii.h"
#include "base/utf8.h"
#include "lab/parts.h"

/* The reason phrases below say these. */
_Static_assert(TND_LAB_WAIT_MAX == 180 && TND_LAB_WAIT_OTHER_MAX == 25, "seconds");
_Static_assert(TND_LAB_CONTACT_COUNT_MAX == 10 && TND_LAB_TAG_COUNT_MAX == 64, "values");

/* false: there is no such parameter. One without a value has the empty value. */
static bool find(const struct tnd_lab_asked *asked, const char *name, struct tnd_slice *ret)
{
    if (!tnd_param_find(asked->uri->params, tnd_slice_str(name), ret))
        return false;
    if (!ret->ptr)
        *ret = TND_STR("");
    return true;
}

static bool refuse(struct lab_fault *fault, enum tnd_rule rule, struct tnd_slice reason)
{
    *fault = (struct lab_fault){rule, reason};
    return false;
}

static bool bad(struct lab_fault *fault, struct tnd_slice reason)
{
    return refuse(fault, TND_RULE_LAB_PARAM, reason); /* RFC 3261 §21.4.1 */
}

/* What value means, if that is text: UTF-8, without control characters, so without line ends.
 * The absent slice: it is not, or the arena is over. */
static struct tnd_slice unescape(struct tnd_arena *a, struct tnd_slice value)
{
    struct tnd_writer w = tnd_writer(tnd_arena_take(a, value.len), value.len);

    if (!w.ptr)
        return (struct tnd_slice){NULL, 0};
    tnd_put_unescaped(&w, value);
    struct tnd_slice text = tnd_writer_slice(&w);
    for (struct tnd_slice rest = text; rest.len > 0;) {
        size_t len = tnd_utf8_len(rest);
        if (len == 0 || tnd_is_control(*rest.ptr))
            return (struct tnd_slice){NULL, 0};
        rest = tnd_slice(rest.ptr + len, rest.len - len);
    }
    return text;
}

/* The piece up to the next comma that is neither in quotes nor in < and >. false: no more. */
static bool next_piece(struct tnd_slice *rest, struct tnd_slice *ret)
{
    bool quoted = false, angle = false;
    size_t i = 0;

    if (!rest->ptr)
        return false;
    for (; i < rest->len; i++) {
        char c = rest->ptr[i];
        if (quoted && c == '\\' && i + 1 < rest->len)
            i++;
        else if (c == '"' && !angle)
            quoted = !quoted;
        else if (!quoted && (c == '<' || c == '>'))
            angle = c == '<';
        else if (c == ',' && !quoted && !angle)
            break;
    }
    *ret = tnd_slice_trim(tnd_slice(rest->ptr, i));
    *rest = i < rest->len ? tnd_slice(rest->ptr + i + 1, rest->len - i - 1)
                          : (struct tnd_slice){NULL, 0};
    return true;
}

/* A bare URI keeps its parameters: nobody who writes contact=sip:a@b;transport=tcp means one
 * of Contact. With < and > it is what Contact has (RFC 3261 §20.10), but never its "*". */
static bool read_contact(struct tnd_slice piece, struct tnd_contact *ret)
{
    struct tnd_marks room;
    struct tnd_flaw flaw;

    if (piece.len > 0 && !memchr(piece.ptr, '<', piece.len)) {
        *ret = (struct tnd_contact){.q = -1, .expires = -1};
        return tnd_uri_parse(piece, &ret->addr.uri, &flaw) == 0;
    }
    struct tnd_values v = tnd_values(piece, &room);
    struct tnd_contact another;
    return tnd_contact_next(&v, ret) && !tnd_contact_next(&v, &another) &&
           v.c.flaw.rule == TND_RULE_NONE;
}

static bool read_contacts(const struct tnd_lab_asked *asked, struct lab_params *ret,
                          struct lab_fault *fault)
{
    struct tnd_slice value, piece;

    if (!find(asked, "contact", &value))
        return true;
    struct tnd_slice rest = unescape(asked->a, value);
    if (rest.len == 0)
        return bad(fault, TND_STR("Bad contact parameter: URIs are wanted, escaped"));
    while (next_piece(&rest, &piece)) {
        if (ret->contact_count == TND_LAB_CONTACT_COUNT_MAX)
            return refuse(fault, TND_RULE_LAB_CONTACT_COUNT,
                          TND_STR("Bad contact parameter: at most 10 URIs"));
        if (!read_contact(piece, &ret->contacts[ret->contact_count++]))
            return bad(fault, TND_STR("Bad contact parameter: URIs are wanted, escaped, with an "
                                      "escaped comma between them"));
    }
    return true;
}

static bool read_tags(const struct tnd_lab_asked *asked, struct lab_params *ret,
                      struct lab_fault *fault)
{
    struct tnd_slice value, piece;

    if (!find(asked, "unsupported", &value))
        return true;
    struct tnd_slice rest = unescape(asked->a, value);
    if (rest.len == 0)
        return bad(fault, TND_STR("Bad unsupported parameter: option tags are wanted"));
    while (next_piece(&rest, &piece)) {
        if (ret->tag_count == TND_LAB_TAG_COUNT_MAX)
            return refuse(fault, TND_RULE_LAB_TAG_COUNT,
                          TND_STR("Bad unsupported parameter: at most 64 option tags"));
        if (!tnd_is_token(piece))
            return bad(fault, TND_STR("Bad unsupported parameter: option tags are wanted, with "
                                      "an escaped comma between them"));
        ret->tags[ret->tag_count++] = piece;
    }
    return true;
}

static bool read_body(const struct tnd_lab_asked *asked, struct lab_params *ret,
                      struct lab_fault *fault)
{
    struct tnd_slice value;

    if (!find(asked, "body", &value))
        return true;
    ret->body = unescape(asked->a, value);
    if (ret->body.len > 0)
        return true;
    return bad(fault, TND_STR("Bad body parameter: text is wanted, UTF-8 and escaped, without "
                              "control characters"));
}

static bool read_retry_after(const struct tnd_lab_asked *asked, struct lab_params *ret,
                             struct lab_fault *fault)
{
    struct tnd_slice value;
    uint64_t seconds;

    if (!find(asked, "retry-after", &value))
        return true;
    if (!tnd_slice_number(value, UINT32_MAX, &seconds)) /* RFC 3261 §20.33 */
        return bad(fault, TND_STR("Bad retry-after parameter: seconds are wanted"));
    ret->retry_after = (int64_t)seconds;
    return true;
}

static bool read_max_body(const struct tnd_lab_asked *asked, struct lab_params *ret,
                          struct lab_fault *fault)
{
    struct tnd_slice value;
    uint64_t bytes;

    if (!find(asked, "max-body", &value))
        return true;
    if (!tnd_slice_number(value, UINT32_MAX, &bytes))
        return bad(fault, TND_STR("Bad max-body parameter: bytes are wanted"));
    ret->max_body = (int64_t)bytes;
    return true;
}

/* "2" and "0.125" in milliseconds; what is far too long is long enough to be refused. */
static bool read_seconds(struct tnd_slice text, int32_t *ret)
{
    const char *dot = text.len > 0 ? memchr(text.ptr, '.', text.len) : NULL;
    struct tnd_slice whole = dot ? tnd_slice_between(text.ptr, dot) : text;
    uint64_t seconds = 2 * TND_LAB_WAIT_MAX, thousandths = 0, ignored;

    for (size_t i = 0; i < whole.len; i++)
        if (!tnd_is_digit(whole.ptr[i]))
            return false;
    if (whole.len == 0)
        return false;
    tnd_slice_number(whole, 2 * TND_LAB_WAIT_MAX, &seconds);
    if (dot) {
        struct tnd_slice part = tnd_slice_between(dot + 1, tnd_slice_end(text));
        if (part.len > 3 || !tnd_slice_number(part, 999, &ignored))
            return false;
        for (size_t i = 0; i < 3; i++)
            thousandths = 10 * thousandths + (i < part.len ? (uint64_t)(part.ptr[i] - '0') : 0);
    }
    *ret = (int32_t)(1000 * seconds + thousandths);
    return true;
}

static bool read_waits(const struct tnd_lab_asked *asked, struct lab_params *ret,
                       struct lab_fault *fault)
{
    bool is_invite = asked->request->method == TND_METHOD_INVITE;
    struct tnd_slice value;

    if (find(asked, "ring", &value) && !read_seconds(value, &ret->ring))
        return bad(fault, TND_STR("Bad ring parameter: seconds are wanted, with at most three "
                                  "decimals"));
    if (find(asked, "delay", &value) && !read_seconds(value, &ret->delay))
        return bad(fault, TND_STR("Bad delay parameter: seconds are wanted, with at most three "
                                  "decimals"));
    int64_t ring = is_invite && ret->ring > 0 ? ret->ring : 0;
    int64_t delay = ret->delay > 0 ? ret->delay : 0;
    if (ring + delay > 1000 * TND_LAB_WAIT_MAX)
        return refuse(fault, TND_RULE_LAB_WAIT,
                      ring > 0 ? TND_STR("Bad ring and delay parameters: together at most 180 "
                                         "seconds")
                               : TND_STR("Bad delay parameter: at most 180 seconds"));
    if (!is_invite && delay > 1000 * TND_LAB_WAIT_OTHER_MAX) /* RFC 4320 §4.2 */
        return refuse(fault, TND_RULE_LAB_WAIT_OTHER,
                      TND_STR("Bad delay parameter: at most 25 seconds, as the client of a "
                              "request other than INVITE gives up after 32"));
    return true;
}

bool lab_params_read(const struct tnd_lab_asked *asked, struct lab_params *ret,
                     struct lab_fault *ret_fault)
{
    ret->contact_count = ret->tag_count = 0;
    ret->body = (struct tnd_slice){NULL, 0};
    ret->retry_after = ret->max_body = -1;
    ret->ring = ret->delay = -1;
    return read_contacts(asked, ret, ret_fault) && read_tags(asked, ret, ret_fault) &&
           read_retry_after(asked, ret, ret_fault) && read_max_body(asked, ret, ret_fault) &&
           read_waits(asked, ret, ret_fault) && read_body(asked, ret, ret_fault);
}
