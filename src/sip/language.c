/* Accept-Encoding, Accept-Language, Content-Language: names with a weight, and language tags. */
#include "sip/value.h"
#include "tandem/sip/media.h"

enum { SUBTAG_LEN_MAX = 8 };

/* language-tag = 1*8ALPHA *( "-" 1*8ALPHA ). Departs from RFC 3261 §25.1: a later subtag may
 * hold digits, as "es-419" and "de-1996" do, because the tags that are in use have them. */
static bool is_language(struct tnd_slice s)
{
    size_t subtag_len = 0;
    bool primary = true;

    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '-' && subtag_len > 0) {
            subtag_len = 0;
            primary = false;
        } else if (!(primary ? tnd_is_alpha(s.ptr[i]) : tnd_is_alnum(s.ptr[i])) ||
                   ++subtag_len > SUBTAG_LEN_MAX) {
            return false;
        }
    }
    return subtag_len > 0;
}

static bool read_language(struct tnd_cursor *c, bool any, struct tnd_slice *ret)
{
    const char *first = c->at;

    if (!tnd_read_token(c, TND_RULE_LANGUAGE, ret))
        return false;
    if (any && ret->len == 1 && *first == '*')
        return true;
    return is_language(*ret) ? true : tnd_flawed(c, TND_RULE_LANGUAGE, first);
}

bool tnd_language_next(struct tnd_values *v, struct tnd_slice *ret)
{
    return tnd_values_open(v, false) && read_language(&v->c, false, ret) && tnd_values_close(v);
}

static bool take_choice_param(void *ctx, const struct tnd_param *p)
{
    struct tnd_choice *choice = ctx;

    return TND_TOKEN_IS(p->name, "q") ? tnd_take_q(&choice->q, p->value) : true;
}

static bool read_choice_params(struct tnd_values *v, struct tnd_choice *choice)
{
    choice->q = -1;
    return tnd_read_params(&v->c, &choice->params, take_choice_param, choice) &&
           tnd_values_close(v);
}

/* language = language-range *(SEMI accept-param); the field may be empty (RFC 3261 §25.1) */
bool tnd_accept_language_next(struct tnd_values *v, struct tnd_choice *ret)
{
    return tnd_values_open(v, true) && read_language(&v->c, true, &ret->name) &&
           read_choice_params(v, ret);
}

/* encoding = codings *(SEMI accept-param); the field may be empty (RFC 3261 §25.1) */
bool tnd_accept_encoding_next(struct tnd_values *v, struct tnd_choice *ret)
{
    return tnd_values_open(v, true) && tnd_read_token(&v->c, TND_RULE_TOKEN, &ret->name) &&
           read_choice_params(v, ret);
}

void tnd_choice_write(struct tnd_writer *w, const struct tnd_choice *choice)
{
    tnd_put(w, choice->name);
    tnd_put(w, choice->params);
}
