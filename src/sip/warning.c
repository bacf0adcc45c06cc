/* Warning: what is wrong with a request, for a person to read (RFC 3261 §20.43). */
#include "sip/value.h"
#include "tandem/sip/notice.h"

/* warn-agent = hostport / pseudonym. A host name is a token too, so only what follows tells
 * them apart, and nobody asks. */
static bool read_agent(struct tnd_cursor *c, struct tnd_slice *ret)
{
    const char *first = c->at;
    struct tnd_slice name;
    uint8_t kind;
    int32_t port;

    if (tnd_peek(c, first) == '[' ? !tnd_read_host(c, &name, &kind)
                                  : !tnd_read_token(c, TND_RULE_WARNING, &name))
        return false;
    if (tnd_peek(c, c->at) == ':') {
        const char *end = tnd_port_at(c, c->at + 1, &port);
        if (!end)
            return false;
        c->at = end;
    }
    *ret = tnd_slice_between(first, c->at);
    return true;
}

/* warn-code SP warn-agent SP warn-text; white space for SP, as a fold is one */
bool tnd_warning_next(struct tnd_values *v, struct tnd_warning *ret)
{
    struct tnd_cursor *c = &v->c;
    uint64_t code;

    if (!tnd_values_open(v, false))
        return false;
    const char *first = c->at;
    if (!tnd_read_number(c, TND_RULE_WARNING, 999, &code))
        return false;
    if (c->at - first != 3) /* warn-code = 3DIGIT */
        return tnd_flawed(c, TND_RULE_WARNING, first);
    if (!tnd_read_space(c, TND_RULE_WARNING) || !read_agent(c, &ret->agent) ||
        !tnd_read_space(c, TND_RULE_WARNING))
        return false;
    if (tnd_peek(c, c->at) != '"')
        return tnd_flawed(c, TND_RULE_WARNING, c->at);
    ret->code = (uint16_t)code;
    return tnd_read_quoted(c, &ret->text) && tnd_values_close(v);
}

void tnd_warning_write(struct tnd_writer *w, const struct tnd_warning *warning)
{
    for (unsigned unit = 100; unit > 0; unit /= 10) /* warn-code = 3DIGIT */
        tnd_put_char(w, (char)('0' + warning->code / unit % 10));
    tnd_put_char(w, ' ');
    tnd_put(w, warning->agent);
    tnd_put_char(w, ' ');
    tnd_put(w, warning->text);
}
