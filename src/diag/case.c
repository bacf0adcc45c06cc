/* What the messages of a call say, read when a rule asks. */
#include "diag/find_case.h"
#include "diag/plain.h"

static bool is_nothing(const struct tnd_msg *msg)
{
    return !msg->fields;
}

/* The branches of the two Vias on top: who sent the message, and who it has it from. */
static void read_vias(const struct tnd_msg *msg, struct case_view *view)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_VIA);
    struct tnd_slice first = tnd_msg_value(msg, TND_HEADER_VIA);
    struct tnd_via via;

    if (tnd_msg_has(msg, TND_HEADER_VIA) &&
        msg->first[TND_HEADER_VIA] == msg->last[TND_HEADER_VIA] &&
        !memchr(first.ptr, ',', first.len) && tnd_diag_plain_branch(first, &view->branch)) {
        view->via_count = 1;
        return;
    }
    for (; tnd_via_next(&v, &via); view->via_count++) {
        if (view->via_count == 0)
            view->branch = via.branch;
        else if (view->via_count == 1)
            view->branch_before = via.branch;
    }
}

static struct tnd_slice tag_of(const struct tnd_msg *msg, enum tnd_header header)
{
    struct tnd_values v = tnd_msg_values(msg, header);
    struct tnd_slice tag;
    struct tnd_addr addr;

    if (tnd_diag_plain_tag(tnd_msg_value(msg, header), &tag))
        return tag;
    return tnd_addr_next(&v, &addr) ? addr.tag : tnd_slice(NULL, 0);
}

static void read_view(const struct tnd_msg *msg, struct case_view *view)
{
    struct tnd_cseq cseq;

    view->cseq = UINT32_MAX;
    view->up = CASE_NONE;
    if (is_nothing(msg))
        return;
    view->from_tag = tag_of(msg, TND_HEADER_FROM);
    view->to_tag = tag_of(msg, TND_HEADER_TO);
    if (tnd_msg_cseq(msg, &cseq, NULL))
        view->cseq = cseq.number;
    read_vias(msg, view);
}

/* One that no memory is left for has neither fields nor text. */
static struct tnd_msg *parse(struct find_case *c, uint32_t i)
{
    static struct tnd_msg nothing;
    struct tnd_msg *msg = tnd_arena_take(c->a, sizeof(*msg));

    if (!msg || tnd_msg_parse_datagram(msg, c->a, c->m[i].bytes))
        return &nothing;
    return msg;
}

const struct case_view *case_view(struct find_case *c, uint32_t i)
{
    struct case_view *view = &c->view[i];

    if (!view->msg) {
        view->msg = parse(c, i);
        read_view(view->msg, view);
    }
    return view;
}

const struct tnd_msg *case_msg(struct find_case *c, uint32_t i)
{
    return case_view(c, i)->msg;
}

bool case_lists(struct find_case *c, uint32_t i, enum tnd_header header, struct tnd_slice tag)
{
    struct tnd_values v = tnd_msg_values(case_msg(c, i), header);
    struct tnd_slice value;

    while (tnd_token_or_none_next(&v, &value))
        if (tnd_slice_eq_fold(value, tag))
            return true;
    return false;
}

int64_t case_seconds(struct find_case *c, uint32_t i, enum tnd_header header)
{
    struct tnd_slice value = tnd_msg_value(case_msg(c, i), header);
    size_t digits = 0;
    uint64_t seconds;

    while (digits < value.len && value.ptr[digits] >= '0' && value.ptr[digits] <= '9')
        digits++; /* parameters and comments may follow */
    if (!tnd_slice_number(tnd_slice(value.ptr, digits), UINT32_MAX, &seconds))
        return -1;
    return (int64_t)seconds;
}

bool case_contact(struct find_case *c, uint32_t i, struct tnd_uri *ret)
{
    struct tnd_values v = tnd_msg_values(case_msg(c, i), TND_HEADER_CONTACT);
    struct tnd_contact contact;

    if (!tnd_contact_next(&v, &contact) || contact.star)
        return false;
    *ret = contact.addr.uri;
    return true;
}
