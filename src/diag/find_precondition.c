/* 580: which line failed (RFC 3312 §8). */
#include "diag/find_case.h"

/* The desires of one description of one strength, one after the other; start with line = at = 0. */
struct desires {
    const struct tnd_sdp *sdp;
    enum tnd_sdp_strength strength;
    size_t line, at;
    const struct tnd_sdp_attr *attr; /* the present one */
};

static bool next_desire(struct desires *d)
{
    for (; d->sdp && d->line < d->sdp->media_count; d->line++, d->at = 0) {
        const struct tnd_sdp_part *part = &d->sdp->media[d->line].part;

        while (d->at < part->attr_count) {
            struct tnd_sdp_precondition p;

            d->attr = &part->attrs[d->at++];
            if (tnd_sdp_precondition_read(d->attr, &p) && p.kind == TND_SDP_DES &&
                p.strength == d->strength)
                return true;
        }
    }
    return false;
}

/* Shows the lines of that strength; how many there are. The first one is the detail. */
static size_t show_desires(struct find_case *c, struct tnd_diag_finding *f, uint32_t message,
                           enum tnd_sdp_strength strength)
{
    struct desires d = {.sdp = case_sdp(c, message), .strength = strength};
    size_t count = 0;

    for (; next_desire(&d); count++) {
        if (!f->detail.ptr)
            f->detail = d.attr->value;
        case_show_line(c, f, message, d.attr->name);
    }
    return count;
}

static bool has_desires(struct find_case *c, uint32_t message, enum tnd_sdp_strength strength)
{
    struct desires d = {.sdp = case_sdp(c, message), .strength = strength};

    return next_desire(&d);
}

static enum tnd_diag_rule cause_of(struct find_case *c, uint32_t response)
{
    if (has_desires(c, response, TND_SDP_STRENGTH_UNKNOWN))
        return TND_DIAG_RULE_PRECONDITION_UNKNOWN;
    if (has_desires(c, response, TND_SDP_STRENGTH_FAILURE))
        return TND_DIAG_RULE_PRECONDITION_FAILED;
    return TND_DIAG_RULE_PRECONDITION_UNMET;
}

/* What was reserved of the offer, as far as it says. */
static void show_current(struct find_case *c, struct tnd_diag_finding *f, uint32_t message)
{
    const struct tnd_sdp *sdp = case_sdp(c, message);

    for (size_t i = 0; sdp && i < sdp->media_count; i++) {
        const struct tnd_sdp_attr *attr = tnd_sdp_attr_find(&sdp->media[i].part, "curr");

        if (attr)
            case_show_line(c, f, message, attr->name);
    }
}

void find_precondition(struct find_case *c)
{
    for (uint32_t r = 0; (r = case_next_refusal(c, r, 580)) != CASE_NONE; r++) {
        uint32_t request = case_request(c, r);

        enum tnd_diag_rule rule = cause_of(c, r);
        struct tnd_diag_finding *f = case_raise(c, rule, r);
        show_desires(c, f, r, TND_SDP_STRENGTH_UNKNOWN);
        show_desires(c, f, r, TND_SDP_STRENGTH_FAILURE);
        if (request != CASE_NONE) {
            show_desires(c, f, request, TND_SDP_STRENGTH_MANDATORY);
            show_current(c, f, request);
        }
        if (request != CASE_NONE && rule == TND_DIAG_RULE_PRECONDITION_UNKNOWN)
            case_blame_sender(c, f, request);
        case_ease(c, f, r);
    }
}
