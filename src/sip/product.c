/* User-Agent and Server: products and comments, one behind the other (RFC 3261 §20.41). */
#include "sip/value.h"
#include "tandem/sip/notice.h"

/* server-val *(LWS server-val): the next stands behind white space, not behind a comma */
static bool open_next(struct tnd_values *v)
{
    struct tnd_cursor *c = &v->c;

    if (c->flaw.rule || !v->opened || c->at == c->end)
        return tnd_values_open(v, false);
    if (v->count++ == TND_LIST_COUNT_MAX)
        return tnd_flawed(c, TND_RULE_LIST_COUNT, c->at);
    return true;
}

/* product = token [SLASH product-version], white space around the slash */
static bool read_product(struct tnd_cursor *c, struct tnd_product *product)
{
    if (!tnd_read_token(c, TND_RULE_PRODUCT, &product->name))
        return false;
    const char *name_end = c->at;
    tnd_skip_space(c);
    if (tnd_peek(c, c->at) != '/') {
        c->at = name_end;
        return true;
    }
    c->at++;
    tnd_skip_space(c);
    return tnd_read_token(c, TND_RULE_PRODUCT, &product->version);
}

bool tnd_product_next(struct tnd_values *v, struct tnd_product *ret)
{
    struct tnd_cursor *c = &v->c;

    *ret = (struct tnd_product){0};
    if (!open_next(v))
        return false;
    if (tnd_peek(c, c->at) == '(' ? !tnd_read_comment(c, &ret->comment) : !read_product(c, ret))
        return false;
    return c->at == c->end || tnd_read_space(c, TND_RULE_PRODUCT);
}

void tnd_product_write(struct tnd_writer *w, const struct tnd_product *product)
{
    tnd_put(w, product->comment);
    tnd_put(w, product->name);
    if (product->version.ptr) {
        tnd_put_char(w, '/');
        tnd_put(w, product->version);
    }
}
