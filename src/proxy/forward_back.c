/* The response that is passed back (RFC 3261 §16.7), and what of others goes with it. */
#include "base/ascii.h"
#include "proxy/forward.h"

/* "503 Service Unavailable" of the status line becomes the other code and its phrase. */
static void edit_code(struct tnd_edits *e, unsigned code, struct proxy_made *made)
{
    const struct tnd_slice line =
        tnd_slice_between(e->msg->text.ptr, tnd_slice_end(e->msg->reason));
    const char *space = memchr(line.ptr, ' ', line.len);
    char *end = proxy_put_number(made->at, code);

    if (!space) /* a code that is none; the owner does not pass such a response on */
        return;
    *end++ = ' ';
    tnd_edit(e, tnd_slice_between(space + 1, tnd_slice_end(line)), proxy_made(made, end));
    tnd_edit(e, tnd_slice(tnd_slice_end(line), 0), tnd_slice_str(tnd_code_phrase(code)));
}

static bool is_followed(uint64_t followed, unsigned number)
{
    return number < 64 && followed >> number & 1;
}

/* The Contacts of one field, whose first value has this number in the message: those that were
 * followed go, each with the comma behind it, and those at the end with the comma in front. Returns
 * the number of the next field's first. */
static unsigned cut_contacts(struct tnd_edits *e, const struct tnd_field *f, uint64_t followed,
                             unsigned number)
{
    struct tnd_values v = tnd_field_values(e->msg, f);
    struct tnd_slice value = tnd_field_value(e->msg, f);
    const char *kept_end = NULL, *cut = NULL; /* cut: where values that go start */
    struct tnd_contact contact;

    for (; tnd_contact_next(&v, &contact) && !contact.star; number++) {
        const char *start = proxy_addr_start(&contact.addr);

        if (is_followed(followed, number)) {
            cut = cut ? cut : start;
            continue;
        }
        if (cut)
            tnd_edit(e, tnd_slice_between(cut, start), tnd_slice(NULL, 0));
        kept_end = tnd_slice_end(contact.addr.params);
        cut = NULL;
    }
    if (cut && !kept_end)
        tnd_edit_remove(e, f);
    else if (cut)
        tnd_edit(e, tnd_slice_between(kept_end, tnd_slice_end(value)), tnd_slice(NULL, 0));
    return number;
}

/* RFC 3261 §16.7 step 4: nobody upstream shall try again what was tried here. */
static void edit_contacts(struct tnd_edits *e, uint64_t followed)
{
    const struct tnd_field *f = tnd_msg_field(e->msg, TND_HEADER_CONTACT);

    for (unsigned number = 0; f; f = proxy_next_field(e->msg, f))
        number = cut_contacts(e, f, followed, number);
}

/* RFC 3261 §16.7 step 8. Each is as long as what stood there. */
static void edit_tokens(struct tnd_edits *e, const struct tnd_route_turn *turn)
{
    for (size_t i = 0; i < turn->count; i++)
        tnd_edit(e, turn->value[i].token, tnd_slice(turn->value[i].made, TND_ROUTE_TOKEN_LEN));
}

void tnd_forward_response_write(struct tnd_writer *w, const struct tnd_msg *response,
                                const struct tnd_forward_back *back)
{
    struct proxy_made made;
    struct tnd_edits e;

    made.at = made.room;
    tnd_edits_init(&e, response);
    if (back->code)
        edit_code(&e, back->code, &made);
    tnd_edit_remove_first(&e, tnd_msg_field(response, TND_HEADER_VIA), back->top->text);
    if (back->turn)
        edit_tokens(&e, back->turn);
    if (back->followed)
        edit_contacts(&e, back->followed);
    if (back->fields.len > 0)
        tnd_edit_insert(&e, NULL, back->fields);
    proxy_edit_length(&e, &made);
    tnd_edits_write(w, &e);
}

void proxy_put_lines(struct tnd_writer *w, const struct tnd_msg *msg, enum tnd_header kind)
{
    for (const struct tnd_field *f = tnd_msg_field(msg, kind); f; f = proxy_next_field(msg, f))
        tnd_put_field(w, kind, tnd_field_value(msg, f));
}

/* RFC 3261 §16.7 step 7: without modification; the order does not matter (§22.3). */
void tnd_forward_challenges_write(struct tnd_writer *w, const struct tnd_msg *other)
{
    proxy_put_lines(w, other, TND_HEADER_WWW_AUTHENTICATE);
    proxy_put_lines(w, other, TND_HEADER_PROXY_AUTHENTICATE);
}

void tnd_forward_contacts_write(struct tnd_writer *w, const struct tnd_msg *other,
                                uint64_t followed)
{
    struct tnd_values v = tnd_msg_values(other, TND_HEADER_CONTACT);
    struct tnd_contact contact;

    for (unsigned number = 0; tnd_contact_next(&v, &contact) && !contact.star; number++)
        if (!is_followed(followed, number))
            tnd_put_field(w, TND_HEADER_CONTACT,
                          tnd_slice_between(proxy_addr_start(&contact.addr),
                                            tnd_slice_end(contact.addr.params)));
}
