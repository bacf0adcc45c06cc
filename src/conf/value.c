/* Numbers, words, texts, URIs of a configuration. */
#include "conf/value.h"

#include <stdio.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "tandem/sip/uri.h"

#define FAULT(r, at, ...) conf_fault((r)->faults, TND_CONF_FAULT, at, __VA_ARGS__)

static bool is_digits(struct tnd_slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!tnd_is_digit(text.ptr[i]))
            return false;
    return text.len > 0;
}

/* A sign is none of a number, but says on which side of the bounds it is. With zeros in front it
 * is octal to some readers of YAML, decimal to others. */
bool conf_read_number(struct conf_reading *r, const struct conf_key *key, const struct conf_at *at,
                      struct tnd_slice text, void *ret)
{
    bool negative = text.len > 1 && text.ptr[0] == '-';
    struct tnd_slice digits = negative ? tnd_slice(text.ptr + 1, text.len - 1) : text;
    uint64_t number = 0;

    if (!is_digits(digits) || (digits.len > 1 && digits.ptr[0] == '0')) {
        FAULT(r, at, "'%.*s' is no whole number", CONF_FMT(text));
        return false;
    }
    bool fits = tnd_slice_number(digits, UINT32_MAX, &number);
    if (negative || (fits && number < key->least)) {
        FAULT(r, at, "%.*s is below %u", CONF_FMT(text), key->least);
        return false;
    }
    if (!fits || number > key->most) {
        FAULT(r, at, "%.*s is above %u", CONF_FMT(text), key->most);
        return false;
    }
    *(uint32_t *)ret = (uint32_t)number;
    return true;
}

bool conf_read_bool(struct conf_reading *r, const struct conf_key *key, const struct conf_at *at,
                    struct tnd_slice text, void *ret)
{
    bool is_true = tnd_slice_eq(text, TND_STR("true"));

    (void)key;
    if (!is_true && !tnd_slice_eq(text, TND_STR("false"))) {
        FAULT(r, at, "'%.*s' is neither true nor false", CONF_FMT(text));
        return false;
    }
    *(bool *)ret = is_true;
    return true;
}

bool conf_read_word(struct conf_reading *r, const struct conf_key *key, const struct conf_at *at,
                    struct tnd_slice text, void *ret)
{
    char room[128];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    for (const struct conf_word *word = key->words; word->name; word++) {
        if (tnd_slice_eq(text, tnd_slice_str(word->name))) {
            memcpy(ret, &word->value, key->size); /* enums are as large as int */
            return true;
        }
        tnd_put_str(&w, word == key->words ? "" : word[1].name ? ", " : " or ");
        tnd_put_str(&w, word->name);
    }
    FAULT(r, at, "'%.*s' is not %.*s", CONF_FMT(text), TND_FMT(tnd_writer_slice(&w)));
    return false;
}

/* RFC 3261 §25.1: qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ) */
bool conf_read_q(struct conf_reading *r, const struct conf_key *key, const struct conf_at *at,
                 struct tnd_slice text, void *ret)
{
    uint32_t thousandths = 0, weight = 1000;
    bool good = text.len > 0 && text.len <= 5 && tnd_is_digit(text.ptr[0]);

    (void)key;
    for (size_t i = 0; good && i < text.len; i++) {
        if (i == 1) {
            good = text.ptr[i] == '.';
            continue;
        }
        good = tnd_is_digit(text.ptr[i]);
        thousandths += (uint32_t)(text.ptr[i] - '0') * weight;
        weight /= 10;
    }
    if (!good || thousandths > 1000) {
        FAULT(r, at, "'%.*s' is no number from 0 to 1 with up to three decimals", CONF_FMT(text));
        return false;
    }
    *(uint32_t *)ret = thousandths;
    return true;
}

static bool is_printable(struct tnd_slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (tnd_is_control(text.ptr[i]))
            return false;
    return true;
}

/* Keeps it terminated: what is read of it may be handed to the system. */
static bool keep(struct conf_reading *r, struct tnd_slice text, struct tnd_slice *ret)
{
    const char *kept = tnd_slice_keep_str(r->arena, text);

    if (!kept)
        return false; /* the arena is over, whose owner looks */
    *ret = tnd_slice(kept, text.len);
    return true;
}

bool conf_read_text(struct conf_reading *r, const struct conf_key *key, const struct conf_at *at,
                    struct tnd_slice text, void *ret)
{
    (void)key;
    if (text.len == 0) {
        FAULT(r, at, "is empty: leave the key out");
        return false;
    }
    if (!is_printable(text)) {
        FAULT(r, at, "holds a control character");
        return false;
    }
    return keep(r, text, ret);
}

bool conf_read_path(struct conf_reading *r, const struct conf_key *key, const struct conf_at *at,
                    struct tnd_slice text, void *ret)
{
    if (text.len > 0 && text.ptr[0] != '/') {
        FAULT(r, at, "'%.*s' is no absolute path: it begins with /", CONF_FMT(text));
        return false;
    }
    return conf_read_text(r, key, at, text, ret);
}

/* Why text is no URI, or NULL. */
static const char *uri_fault(struct tnd_slice text, struct tnd_uri *ret)
{
    struct tnd_flaw flaw = {TND_RULE_NONE, {NULL, 0}};

    return tnd_uri_parse(text, ret, &flaw) ? tnd_rule_sentence(flaw.rule) : NULL;
}

static bool check_uri(struct conf_reading *r, const struct conf_at *at, struct tnd_slice text,
                      struct tnd_slice filled, struct tnd_uri *ret)
{
    const char *why = uri_fault(filled, ret);

    if (why)
        FAULT(r, at, "'%.*s' is no URI: %s", CONF_FMT(text), why);
    return !why;
}

bool conf_read_uri(struct conf_reading *r, const struct conf_key *key, const struct conf_at *at,
                   struct tnd_slice text, void *ret)
{
    struct tnd_uri uri;

    (void)key;
    return check_uri(r, at, text, text, &uri) && keep(r, text, ret);
}

bool conf_read_sip_uri(struct conf_reading *r, const struct conf_key *key, const struct conf_at *at,
                       struct tnd_slice text, void *ret)
{
    struct tnd_uri uri;

    (void)key;
    if (!check_uri(r, at, text, text, &uri))
        return false;
    if (uri.scheme != TND_SCHEME_SIP && uri.scheme != TND_SCHEME_SIPS) {
        FAULT(r, at, "'%.*s' is no sip: or sips: URI", CONF_FMT(text));
        return false;
    }
    return keep(r, text, ret);
}

/* Whatever a user is called, the rest stays a URI: an escape may stand where "{user}" may, and neither in
 * a scheme nor in a host nor in a port, which no stranger is to choose. */
bool conf_read_template(struct conf_reading *r, const struct conf_key *key,
                        const struct conf_at *at, struct tnd_slice text, void *ret)
{
    static const struct tnd_slice user = TND_STR_INIT("{user}"), any = TND_STR_INIT("%75");
    char room[TND_CONF_TEXT_LEN_MAX];
    struct tnd_writer w = tnd_writer(room, sizeof(room));
    struct tnd_uri uri;

    (void)key;
    for (size_t i = 0; i < text.len;) {
        bool stands = text.len - i >= user.len && memcmp(text.ptr + i, user.ptr, user.len) == 0;

        tnd_put(&w, stands ? any : tnd_slice(text.ptr + i, 1));
        i += stands ? user.len : 1;
    }
    return check_uri(r, at, text, tnd_writer_slice(&w), &uri) && keep(r, text, ret);
}
