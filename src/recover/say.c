/* Texts for people: one line each, whatever a peer has written. */
#include "base/utf8.h"
#include "recover/recover.h"

/* What is at the start of s: a character, or a byte that is none. */
static size_t put_one(struct tnd_writer *w, struct tnd_slice s)
{
    size_t len = tnd_utf8_len(s);
    unsigned char c = (unsigned char)s.ptr[0];

    if (len == 0)
        tnd_put_char(w, '?');
    else if (c < 0x20 || c == 0x7f)
        tnd_put_char(w, ' ');
    else
        tnd_put(w, tnd_slice(s.ptr, len));
    return len ? len : 1;
}

static void put_piece(struct tnd_writer *w, struct tnd_slice piece)
{
    size_t at = 0;

    while (at < piece.len && at < RECOVER_TEXT_LEN_MAX)
        at += put_one(w, tnd_slice(piece.ptr + at, piece.len - at));
    if (at < piece.len)
        tnd_put(w, TND_STR("..."));
}

struct tnd_slice recover_text(struct recover_case *c, const struct tnd_slice *pieces, size_t count)
{
    char room[RECOVER_DETAIL_LEN_MAX];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    for (size_t i = 0; i < count; i++)
        put_piece(&w, pieces[i]);
    TND_ASSERT(!tnd_writer_over(&w)); /* there are not so many pieces */
    return tnd_slice_keep(c->r->a, tnd_writer_slice(&w));
}

struct tnd_slice recover_number(struct recover_case *c, uint64_t n)
{
    char room[20];
    struct tnd_writer w = tnd_writer(room, sizeof(room));

    tnd_put_number(&w, n);
    return tnd_slice_keep(c->r->a, tnd_writer_slice(&w));
}

struct tnd_slice recover_q(struct recover_case *c, int q)
{
    char room[5] = {(char)('0' + q / 1000), '.', (char)('0' + q / 100 % 10),
                    (char)('0' + q / 10 % 10), (char)('0' + q % 10)};
    size_t len = q % 10 ? 5 : q % 100 ? 4 : 3;

    return tnd_slice_keep(c->r->a, tnd_slice(room, len));
}

bool recover_refuse(struct recover_case *c, enum tnd_rule rule, struct tnd_slice why)
{
    if (!c->why.ptr) {
        c->why = why;
        c->why_rule = (uint16_t)rule;
    }
    return false;
}

/* The field of a response that says what would have been welcome, or more of why not. */
static enum tnd_header field_of(unsigned code)
{
    static const struct {
        uint16_t code, header;
    } fields[] = {
        {305, TND_HEADER_CONTACT},         {405, TND_HEADER_ALLOW},
        {415, TND_HEADER_ACCEPT},          {417, TND_HEADER_ACCEPT_RESOURCE_PRIORITY},
        {421, TND_HEADER_REQUIRE},         {469, TND_HEADER_RECV_INFO},
        {485, TND_HEADER_CONTACT},         {489, TND_HEADER_ALLOW_EVENTS},
        {494, TND_HEADER_SECURITY_SERVER}, {608, TND_HEADER_CALL_INFO},
    };

    for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
        if (fields[i].code == code)
            return (enum tnd_header)fields[i].header;
    return TND_HEADER_OTHER;
}

static struct tnd_slice field_text(struct recover_case *c, enum tnd_header kind)
{
    if (kind == TND_HEADER_OTHER || !c->response || !tnd_msg_has(c->response, kind))
        return TND_STR("");
    return RECOVER_TEXT(c, TND_STR("; "), tnd_slice_str(tnd_header_name(kind)), TND_STR(": "),
                        tnd_msg_value(c->response, kind));
}

/* RFC 3261 §20.43: "additional information about the status of a response" */
static struct tnd_slice warning_text(struct recover_case *c)
{
    struct tnd_warning warning;

    if (!c->response)
        return TND_STR("");
    struct tnd_values v = tnd_msg_values(c->response, TND_HEADER_WARNING);
    if (!tnd_warning_next(&v, &warning))
        return TND_STR("");
    return RECOVER_TEXT(c, TND_STR("; warning "), recover_number(c, warning.code), TND_STR(": "),
                        warning.text);
}

struct tnd_slice recover_told(struct recover_case *c)
{
    return RECOVER_TEXT(c, field_text(c, field_of(c->attempt->code)), warning_text(c));
}
