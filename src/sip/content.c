/* Content-Type, Content-Disposition, MIME-Version: what a body is. */
#include "sip/value.h"
#include "tandem/sip/media.h"

/* m-type SLASH m-subtype (RFC 3261 §25.1) */
static bool read_media_type(struct tnd_cursor *c, struct tnd_media_type *media)
{
    return tnd_read_token(c, TND_RULE_MEDIA_TYPE, &media->type) &&
           tnd_read_separator(c, TND_RULE_MEDIA_TYPE, '/') &&
           tnd_read_token(c, TND_RULE_MEDIA_TYPE, &media->subtype);
}

/* m-parameter = m-attribute EQUAL m-value (RFC 3261 §25.1): never without a value */
static bool take_media_param(void *ctx, const struct tnd_param *p)
{
    (void)ctx;
    return p->value.ptr != NULL;
}

bool tnd_media_type_next(struct tnd_values *v, struct tnd_media_type *ret)
{
    ret->q = -1;
    return tnd_values_open(v, false) && read_media_type(&v->c, ret) &&
           tnd_read_params(&v->c, &ret->params, take_media_param, NULL) && tnd_values_close(v);
}

static inline bool is_any(struct tnd_slice s)
{
    return s.len == 1 && s.ptr[0] == '*';
}

/* accept-param = ("q" EQUAL qvalue) / generic-param */
static bool take_accept_param(void *ctx, const struct tnd_param *p)
{
    struct tnd_media_type *media = ctx;

    return TND_TOKEN_IS(p->name, "q") ? tnd_take_q(&media->q, p->value) : true;
}

bool tnd_accept_next(struct tnd_values *v, struct tnd_media_type *ret)
{
    struct tnd_cursor *c = &v->c;

    ret->q = -1;
    if (!tnd_values_open(v, true) || !read_media_type(c, ret))
        return false;
    /* RFC 3261 §25.1, media-range: any type, but of any subtype only */
    if (is_any(ret->type) && !is_any(ret->subtype))
        return tnd_flawed(c, TND_RULE_MEDIA_TYPE, ret->subtype.ptr);
    return tnd_read_params(c, &ret->params, take_accept_param, ret) && tnd_values_close(v);
}

void tnd_media_type_write(struct tnd_writer *w, const struct tnd_media_type *media)
{
    tnd_put(w, media->type);
    tnd_put_char(w, '/');
    tnd_put(w, media->subtype);
    tnd_put(w, media->params);
}

bool tnd_media_type_is(const struct tnd_media_type *media, struct tnd_slice type,
                       struct tnd_slice subtype)
{
    return tnd_slice_eq_fold(media->type, type) && tnd_slice_eq_fold(media->subtype, subtype);
}

bool tnd_media_range_has(const struct tnd_media_type *range, struct tnd_slice type,
                         struct tnd_slice subtype)
{
    if (is_any(range->subtype))
        return is_any(range->type) || tnd_slice_eq_fold(range->type, type);
    return tnd_media_type_is(range, type, subtype);
}

static bool take_disposition_param(void *ctx, const struct tnd_param *p)
{
    struct tnd_disposition *disposition = ctx;

    if (TND_TOKEN_IS(p->name, "handling"))
        return tnd_take_token(&disposition->handling, p->value);
    return true;
}

bool tnd_disposition_next(struct tnd_values *v, struct tnd_disposition *ret)
{
    ret->handling = tnd_slice(NULL, 0);
    return tnd_values_open(v, false) && tnd_read_token(&v->c, TND_RULE_TOKEN, &ret->type) &&
           tnd_read_params(&v->c, &ret->params, take_disposition_param, ret) && tnd_values_close(v);
}

void tnd_disposition_write(struct tnd_writer *w, const struct tnd_disposition *disposition)
{
    tnd_put(w, disposition->type);
    tnd_put(w, disposition->params);
}

/* 1*DIGIT "." 1*DIGIT */
bool tnd_mime_version_next(struct tnd_values *v, struct tnd_mime_version *ret)
{
    struct tnd_cursor *c = &v->c;
    uint64_t major, minor;

    if (!tnd_values_open(v, false) ||
        !tnd_read_number(c, TND_RULE_MIME_VERSION, UINT32_MAX, &major))
        return false;
    if (tnd_peek(c, c->at) != '.')
        return tnd_flawed(c, TND_RULE_MIME_VERSION, c->at);
    c->at++;
    if (!tnd_read_number(c, TND_RULE_MIME_VERSION, UINT32_MAX, &minor))
        return false;
    ret->major = (uint32_t)major;
    ret->minor = (uint32_t)minor;
    return tnd_values_close(v);
}

void tnd_mime_version_write(struct tnd_writer *w, const struct tnd_mime_version *version)
{
    tnd_put_number(w, version->major);
    tnd_put_char(w, '.');
    tnd_put_number(w, version->minor);
}
