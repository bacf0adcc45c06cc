/* The Contacts of a 3xx: which are named, in which order, and what is said of them. */
#include "base/assert.h"
#include "redirect/parts.h"
#include "tandem/sip/write.h"

void redirect_contacts_init(struct redirect_contacts *c, struct tnd_arena *a, size_t size,
                            const struct tnd_uri *request_uri)
{
    *c = (struct redirect_contacts){.request_uri = request_uri,
                                    .list = tnd_arena_zero(a, size, sizeof(*c->list)),
                                    .size = size};
}

/* RFC 3261 §8.3: "MUST NOT redirect a request to a URI equal to the one in the Request-URI". */
static bool can_be_named(const struct redirect_contacts *c, struct tnd_slice text)
{
    struct tnd_uri uri;
    struct tnd_flaw flaw;

    return tnd_uri_parse(text, &uri, &flaw) == 0 && !tnd_uri_eq(&uri, c->request_uri);
}

/* RFC 3261 §20.10 does not say what none means; 1.0 as elsewhere in Tandem: it is tried first. */
static int rank(const struct redirect_contact *contact)
{
    return contact->q < 0 ? 1000 : contact->q;
}

void redirect_contacts_add(struct redirect_contacts *c, const struct redirect_contact *contact)
{
    if (!c->list || !can_be_named(c, contact->uri))
        return;
    TND_ASSERT(c->count < c->size);
    size_t at = c->count++;
    for (; at > 0 && rank(&c->list[at - 1]) < rank(contact); at--)
        c->list[at] = c->list[at - 1];
    c->list[at] = *contact;
}

/* RFC 3261 §25.1: qvalue has up to three decimals. */
static void put_q(struct tnd_writer *w, unsigned thousandths)
{
    tnd_put_number(w, thousandths / 1000);
    tnd_put_char(w, '.');
    tnd_put_char(w, (char)('0' + thousandths / 100 % 10));
    if (thousandths % 100 > 0)
        tnd_put_char(w, (char)('0' + thousandths / 10 % 10));
    if (thousandths % 10 > 0)
        tnd_put_char(w, (char)('0' + thousandths % 10));
}

/* RFC 3261 §20.10: in < and >, so that the parameters are those of Contact, not of the URI. */
static void put_contact(struct tnd_writer *w, const struct redirect_contact *contact)
{
    tnd_put_field_name(w, TND_HEADER_CONTACT);
    tnd_put_char(w, '<');
    tnd_put(w, contact->uri);
    tnd_put_char(w, '>');
    if (contact->q >= 0) {
        tnd_put(w, TND_STR(";q="));
        put_q(w, (unsigned)contact->q);
    }
    if (contact->expires > 0) {
        tnd_put(w, TND_STR(";expires="));
        tnd_put_number(w, contact->expires);
    }
    tnd_put_line_end(w);
}

static void put_lines(struct tnd_writer *w, const struct redirect_contacts *c)
{
    for (size_t i = 0; i < c->count; i++)
        put_contact(w, &c->list[i]);
}

/* Written twice: to know how much it is, and into that much room. */
struct tnd_slice redirect_contacts_lines(const struct redirect_contacts *c, struct tnd_arena *a)
{
    struct tnd_writer count = tnd_writer(NULL, 0);

    put_lines(&count, c);
    struct tnd_writer w = tnd_writer(tnd_arena_take(a, count.len), count.len);
    if (!w.ptr)
        return tnd_slice(NULL, 0);
    put_lines(&w, c);
    return tnd_writer_slice(&w);
}
