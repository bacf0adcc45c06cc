/* a=curr, a=des and a=conf: RFC 3312 §4.
 *
 *   a=curr:TYPE STATUS DIRECTION
 *   a=des:TYPE STRENGTH STATUS DIRECTION
 *   a=conf:TYPE STATUS DIRECTION */
#include "tandem/sdp/precondition.h"

#include "sdp/text.h"

static const char *const kind_names[] = {"curr", "des", "conf"};
static const char *const status_names[] = {"e2e", "local", "remote"};
static const char *const strength_names[] = {"none", "optional", "mandatory", "failure", "unknown"};
static const char *const direction_names[] = {"none", "send", "recv", "sendrecv"};

/* The index of s among count names, or -1. Strings of ABNF have no case (RFC 5234 §2.3). */
static int find_name(struct tnd_slice s, const char *const *names, int count)
{
    for (int i = 0; i < count; i++)
        if (tnd_slice_eq_fold(s, tnd_slice_str(names[i])))
            return i;
    return -1;
}

/* Takes the next field off rest, which is one of count names. false: it is not. */
static bool take_name(struct tnd_slice *rest, const char *const *names, int count, int *ret)
{
    struct tnd_slice field;

    if (!tnd_sdp_field(rest, &field))
        return false;
    *ret = find_name(field, names, count);
    return *ret >= 0;
}

bool tnd_sdp_precondition_is(const struct tnd_sdp_attr *attr)
{
    return find_name(attr->name, kind_names, 3) >= 0;
}

bool tnd_sdp_precondition_read(const struct tnd_sdp_attr *attr, struct tnd_sdp_precondition *ret)
{
    int kind = find_name(attr->name, kind_names, 3), strength = TND_SDP_STRENGTH_NONE, status;
    struct tnd_slice rest = attr->value, type, more;
    int direction;

    if (kind < 0 || !tnd_sdp_field(&rest, &type) || !tnd_sdp_is_token(type))
        return false;
    if (kind == TND_SDP_DES && !take_name(&rest, strength_names, 5, &strength))
        return false;
    if (!take_name(&rest, status_names, 3, &status) ||
        !take_name(&rest, direction_names, 4, &direction) || tnd_sdp_field(&rest, &more))
        return false;
    *ret = (struct tnd_sdp_precondition){
        .kind = (enum tnd_sdp_precondition_kind)kind,
        .type = type,
        .strength = (enum tnd_sdp_strength)strength,
        .status = (enum tnd_sdp_status)status,
        .direction = (enum tnd_sdp_direction)direction,
    };
    return true;
}

void tnd_sdp_precondition_write(struct tnd_writer *w, const struct tnd_sdp_precondition *p)
{
    tnd_put(w, p->type);
    tnd_put_char(w, ' ');
    if (p->kind == TND_SDP_DES) {
        tnd_put_str(w, strength_names[p->strength]);
        tnd_put_char(w, ' ');
    }
    tnd_put_str(w, status_names[p->status]);
    tnd_put_char(w, ' ');
    tnd_put_str(w, direction_names[p->direction]);
}

struct tnd_sdp_attr tnd_sdp_precondition_attr(struct tnd_arena *a,
                                              const struct tnd_sdp_precondition *p)
{
    struct tnd_writer count = tnd_writer(NULL, 0);

    tnd_sdp_precondition_write(&count, p);
    char *room = tnd_arena_take(a, count.len);
    if (!room)
        return (struct tnd_sdp_attr){0};
    struct tnd_writer w = tnd_writer(room, count.len);
    tnd_sdp_precondition_write(&w, p);
    return (struct tnd_sdp_attr){tnd_slice_str(kind_names[p->kind]), tnd_writer_slice(&w)};
}

const char *tnd_sdp_strength_name(enum tnd_sdp_strength strength)
{
    return strength_names[strength];
}

const char *tnd_sdp_status_name(enum tnd_sdp_status status)
{
    return status_names[status];
}
