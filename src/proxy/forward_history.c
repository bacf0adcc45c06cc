/* History-Info: the tree of the targets that a request was sent to (RFC 7044).
 *
 *   base      the Request-URI as it came: the last entry; or one that is added for a sender who
 *             made none, with index 1, or a 0 behind the last index
 *   base.1    the first target that was tried here
 *   base.2    the second...
 */
#include "base/ascii.h"
#include "proxy/forward.h"
#include "tandem/sip/origin.h"

bool tnd_history_is_asked(const struct tnd_txn_parts *request)
{
    const struct tnd_msg *msg = request->msg;
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_SUPPORTED);
    struct tnd_slice tag;

    if (request->to_tag.ptr || msg->method == TND_METHOD_ACK || msg->method == TND_METHOD_CANCEL)
        return false;
    if (tnd_msg_has(msg, TND_HEADER_HISTORY_INFO))
        return true;
    while (tnd_token_or_none_next(&v, &tag))
        if (tag.len == 8 && tnd_slice_eq_fold(tag, TND_STR("histinfo")))
            return true;
    return false;
}

/* The entry that others hang from. */
struct base {
    struct tnd_slice index; /* absent: there is no entry at all */
    bool is_missing;        /* the last entry, if any, is of another URI */
    bool is_hidden;
};

/* Whether an entry is for the Request-URI; its headers part, a Reason for one, does not count. */
static bool is_for(const struct tnd_history *last, const struct tnd_msg *request)
{
    struct tnd_uri uri = last->addr.uri, asked;

    if (uri.headers.ptr) {
        uri.text = tnd_slice_between(uri.text.ptr, uri.headers.ptr - 1);
        uri.headers = tnd_slice(NULL, 0);
    }
    return tnd_slice_eq(uri.text, request->uri) ||
           (tnd_msg_uri(request, &asked, NULL) && tnd_uri_eq(&uri, &asked));
}

/* false: the entries cannot be read, and are passed on as they are (RFC 3261 §16.3). */
static bool find_base(const struct tnd_msg *request, struct base *ret)
{
    struct tnd_values v = tnd_msg_values(request, TND_HEADER_HISTORY_INFO);
    struct tnd_history entry, last;

    *ret = (struct base){.is_missing = true, .is_hidden = proxy_hides_history(request)};
    while (tnd_history_next(&v, &entry)) {
        last = entry;
        ret->index = entry.index;
    }
    if (ret->index.ptr)
        ret->is_missing = !is_for(&last, request);
    return v.c.flaw.rule == TND_RULE_NONE;
}

/* RFC 7044 §10.3, rule 6: a gap is told by a 0. */
static void put_base_index(struct tnd_writer *w, const struct base *base)
{
    tnd_put(w, base->index.ptr ? base->index : TND_STR("1"));
    if (base->index.ptr && base->is_missing)
        tnd_put(w, TND_STR(".0"));
}

/* hvalue = *( hnv-unreserved / unreserved / escaped ) (RFC 3261 §25.1) */
static void put_escaped(struct tnd_writer *w, struct tnd_slice value)
{
    static const char plain[] = "-_.!~*'()[]/?:+$", digit[] = "0123456789ABCDEF";

    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];

        if (tnd_is_alnum((char)c) || memchr(plain, c, sizeof(plain) - 1)) {
            tnd_put_char(w, (char)c);
        } else {
            tnd_put_char(w, '%');
            tnd_put_char(w, digit[c >> 4]);
            tnd_put_char(w, digit[c & 15]);
        }
    }
}

/* RFC 7044 §10.2: why the request went on from here; a tel URI has no place to say it. */
static void put_reason(struct tnd_writer *w, const struct tnd_tried *t, const struct tnd_uri *uri)
{
    if (t->code < 300 || (uri->scheme != TND_SCHEME_SIP && uri->scheme != TND_SCHEME_SIPS))
        return;
    tnd_put(w, uri->headers.ptr ? TND_STR("&Reason=SIP%3Bcause%3D")
                                : TND_STR("?Reason=SIP%3Bcause%3D"));
    tnd_put_number(w, t->code);
    if (t->reason.ptr) {
        tnd_put(w, TND_STR("&Reason="));
        put_escaped(w, t->reason);
    }
}

static void put_uri(struct tnd_writer *w, const struct tnd_tried *t, bool is_hidden)
{
    struct tnd_slice text = is_hidden ? TND_STR("sip:anonymous@anonymous.invalid") : t->uri;
    struct tnd_uri uri = {.text = text}; /* what cannot be read is of another scheme */
    struct tnd_flaw flaw;

    (void)tnd_uri_parse(text, &uri, &flaw);
    tnd_put(w, TND_STR("History-Info: <"));
    tnd_put(w, text);
    put_reason(w, t, &uri);
    tnd_put(w, TND_STR(">;index="));
}

static void put_param(struct tnd_writer *w, const char *name, const struct base *base)
{
    tnd_put_str(w, name);
    put_base_index(w, base);
}

/* RFC 7044 §10.4: of a redirect only its sender knows how the target came about. */
static void put_redirect_param(struct tnd_writer *w, struct tnd_slice params)
{
    struct tnd_param p;

    while (tnd_param_next(&params, &p))
        if (tnd_slice_eq_fold(p.name, TND_STR("rc")) || tnd_slice_eq_fold(p.name, TND_STR("mp"))) {
            tnd_put_char(w, ';');
            tnd_put(w, p.name);
            tnd_put_char(w, '=');
            tnd_put(w, p.value);
            return;
        }
}

static void put_how(struct tnd_writer *w, const struct tnd_tried *t, const struct base *base)
{
    switch ((enum tnd_tried_how)t->how) {
    case TND_TRIED_SAME:
        put_param(w, ";np=", base);
        return;
    case TND_TRIED_CONTACT:
        put_param(w, ";rc=", base);
        return;
    case TND_TRIED_OTHER:
        put_param(w, ";mp=", base);
        return;
    case TND_TRIED_REDIRECT:
        put_redirect_param(w, t->contact_params);
        return;
    }
}

static void put_tried(struct tnd_writer *w, const struct base *base, const struct tnd_tried *t,
                      size_t number)
{
    put_uri(w, t, base->is_hidden);
    put_base_index(w, base);
    tnd_put_char(w, '.');
    tnd_put_number(w, number);
    put_how(w, t, base);
    tnd_put(w, TND_STR("\r\n"));
}

/* RFC 7044 §9.1: on behalf of the sender, without a word of how. */
static void put_base(struct tnd_writer *w, const struct tnd_msg *request, const struct base *base)
{
    if (!base->is_missing)
        return;
    put_uri(w, &(struct tnd_tried){.uri = request->uri}, base->is_hidden);
    put_base_index(w, base);
    tnd_put(w, TND_STR("\r\n"));
}

/* RFC 7044 §9.2, §9.3: those that have a response, and the one that the request goes to. */
void tnd_history_forward_write(struct tnd_writer *w, const struct tnd_msg *request,
                               const struct tnd_tried *tried, size_t count)
{
    struct base base;

    if (!find_base(request, &base))
        return;
    put_base(w, request, &base);
    for (size_t i = 0; i < count; i++)
        if (tried[i].code > 0 || i + 1 == count)
            put_tried(w, &base, &tried[i], i + 1);
}

void tnd_history_back_write(struct tnd_writer *w, const struct tnd_msg *request,
                            const struct tnd_tried *tried, size_t count)
{
    struct base base;

    proxy_put_lines(w, request, TND_HEADER_HISTORY_INFO);
    if (!find_base(request, &base))
        return;
    put_base(w, request, &base);
    for (size_t i = 0; i < count; i++)
        if (tried[i].code > 0)
            put_tried(w, &base, &tried[i], i + 1);
}
