/* Via (RFC 3261 §20.42; rport: RFC 3581 §3). */
#include "sip/value.h"
#include "tandem/sip/field.h"

/* protocol-name SLASH protocol-version SLASH transport, white space around each slash */
static bool read_protocol_slowly(struct tnd_cursor *c, struct tnd_via *via)
{
    struct tnd_slice *part[] = {&via->protocol, &via->version, &via->transport};

    for (unsigned i = 0; i < 3; i++) {
        if (i > 0 && !tnd_read_separator(c, TND_RULE_VIA_PROTOCOL, '/'))
            return false;
        if (!tnd_read_token(c, TND_RULE_VIA_PROTOCOL, part[i]))
            return false;
    }
    return true;
}

static inline bool read_protocol(struct tnd_cursor *c, struct tnd_via *via)
{
    const char *at = c->at;

    if (c->end - at < 8 || memcmp(at, "SIP/2.0/", 8) != 0)
        return read_protocol_slowly(c, via);
    via->protocol = tnd_slice(at, 3);
    via->version = tnd_slice(at + 4, 3);
    c->at = tnd_space_end(c, at + 8);
    return tnd_read_token(c, TND_RULE_VIA_PROTOCOL, &via->transport);
}

static bool take_rport(struct tnd_via *via, struct tnd_slice value)
{
    uint64_t port;

    /* RFC 3581 §3: without a value in a request, with the source port in a response */
    if (via->rport >= 0)
        return false;
    via->rport = 0;
    if (!value.ptr)
        return true;
    if (!tnd_slice_number(value, UINT16_MAX, &port))
        return false;
    via->rport = (int32_t)port;
    return true;
}

static bool take_ttl(struct tnd_via *via, struct tnd_slice value)
{
    uint64_t ttl;

    if (via->ttl >= 0 || !tnd_slice_number(value, UINT8_MAX, &ttl))
        return false;
    via->ttl = (int16_t)ttl;
    return true;
}

static inline bool take_via_param(void *ctx, const struct tnd_param *p)
{
    struct tnd_via *via = ctx;

    if (TND_TOKEN_IS(p->name, "branch"))
        return tnd_take_value(&via->branch, p->value);
    if (TND_TOKEN_IS(p->name, "rport"))
        return take_rport(via, p->value);
    if (TND_TOKEN_IS(p->name, "received"))
        return tnd_take_value(&via->received, p->value);
    if (TND_TOKEN_IS(p->name, "maddr"))
        return tnd_take_value(&via->maddr, p->value);
    if (TND_TOKEN_IS(p->name, "ttl"))
        return take_ttl(via, p->value);
    return true;
}

/* sent-by = host [ COLON port ], white space around the colon */
static inline const char *sent_by_at(struct tnd_cursor *c, const char *at, struct tnd_via *via)
{
    at = tnd_host_at(c, at, &via->host, &via->host_kind);
    if (!at)
        return NULL;
    const char *colon = tnd_space_end(c, at);
    return tnd_peek(c, colon) == ':' ? tnd_port_at(c, tnd_space_end(c, colon + 1), &via->port) : at;
}

static inline void start(struct tnd_via *via)
{
    const struct tnd_slice absent = {NULL, 0};

    via->branch = absent;
    via->received = absent;
    via->maddr = absent;
    via->port = -1;
    via->rport = -1;
    via->ttl = -1;
    via->host_kind = TND_HOST_NONE;
}

bool tnd_via_next(struct tnd_values *v, struct tnd_via *ret)
{
    struct tnd_cursor *c = &v->c;

    start(ret);
    if (!tnd_values_open(v, false))
        return false;
    const char *first = c->at, *at;
    if (!read_protocol(c, ret))
        return false;
    if (!tnd_is_space(tnd_peek(c, c->at)))
        return tnd_flawed(c, TND_RULE_VIA_PROTOCOL, c->at);
    at = sent_by_at(c, tnd_space_end(c, c->at), ret);
    if (!at)
        return false;
    c->at = at;
    if (!tnd_read_params(c, &ret->params, take_via_param, ret))
        return false;
    ret->text = tnd_slice_between(first, tnd_slice_end(ret->params));
    return tnd_values_close(v);
}

void tnd_via_write(struct tnd_writer *w, const struct tnd_via *via)
{
    tnd_put(w, via->protocol);
    tnd_put_char(w, '/');
    tnd_put(w, via->version);
    tnd_put_char(w, '/');
    tnd_put(w, via->transport);
    tnd_put_char(w, ' ');
    tnd_put(w, via->host);
    if (via->port >= 0) {
        tnd_put_char(w, ':');
        tnd_put_number(w, (uint64_t)via->port);
    }
    tnd_put(w, via->params);
}

bool tnd_via_has_cookie(const struct tnd_via *via)
{
    const struct tnd_slice cookie = TND_STR(TND_BRANCH_COOKIE);

    /* RFC 3261 §8.1.1.7; compared without case, as all tokens are (§7.3.1) */
    return via->branch.len > cookie.len &&
           tnd_slice_eq_fold(tnd_slice(via->branch.ptr, cookie.len), cookie);
}
