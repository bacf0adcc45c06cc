/* Calls that stand, but carry sound in one direction, or none (RFC 3264 §5, §6, §8.4). */
#include "diag/find_case.h"

/* The offer of a new call, or the answer to it, with such a line. A hold is a later offer, and is as it
 * should be. */
static bool is_first_description(struct find_case *c, uint32_t i, enum case_glance hint)
{
    uint32_t request;

    if (c->m[i].is_again || c->m[i].method != TND_METHOD_INVITE || c->m[i].code >= 300 ||
        (c->m[i].code > 0 && c->m[i].code < 200) || !case_glance(c, i, hint))
        return false;
    request = c->m[i].code ? case_request(c, i) : i;
    return request != CASE_NONE && case_is_initial(c, request) && case_sdp(c, i) &&
           (c->m[i].code ? !case_is_passed_on(c, i) : case_up(c, i) == CASE_NONE);
}

static void blame(struct find_case *c, struct tnd_diag_finding *f, uint32_t i)
{
    if (c->m[i].code == 0)
        case_blame_sender(c, f, i);
    else
        case_blame_answer(c, f, i);
    f->code = 0;
}

/* What the offer said of that line; NULL: nothing. */
static const struct tnd_sdp_media *offered(struct find_case *c, uint32_t answer, size_t line)
{
    uint32_t request = case_request(c, answer);
    const struct tnd_sdp *offer = request == CASE_NONE ? NULL : case_sdp(c, request);

    return offer && line < offer->media_count ? &offer->media[line] : NULL;
}

void find_stream_refused(struct find_case *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        if (c->m[i].code == 0 || !is_first_description(c, i, CASE_SDP_NO_PORT))
            continue;
        const struct tnd_sdp *sdp = case_sdp(c, i);
        for (size_t line = 0; line < sdp->media_count; line++) {
            const struct tnd_sdp_media *offer = offered(c, i, line);

            if (sdp->media[line].port != 0 || !offer || offer->port == 0)
                continue;
            struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_STREAM_REFUSED, i);
            case_show_line(c, f, i, sdp->media[line].type);
            case_show_line(c, f, case_request(c, i), offer->type);
            blame(c, f, i);
            f->detail = sdp->media[line].type;
            if (!tnd_slice_eq(f->detail, TND_STR("audio")))
                f->severity = TND_DIAG_NOTE; /* a call without a picture is a call */
        }
    }
}

/* Who offers less gets less: that is said of the offer. */
static bool is_narrowed(struct find_case *c, uint32_t i, const struct tnd_sdp *sdp, size_t line)
{
    const struct tnd_sdp_media *media = &sdp->media[line];
    const struct tnd_sdp_media *offer = c->m[i].code ? offered(c, i, line) : NULL;
    enum tnd_sdp_direction most = TND_SDP_SENDRECV;

    if (offer)
        most =
            tnd_sdp_direction_reverse(tnd_sdp_direction_of(case_sdp(c, case_request(c, i)), offer));
    return media->port != 0 && tnd_slice_eq(media->type, TND_STR("audio")) &&
           !tnd_sdp_attr_find(&media->part, "des") && /* RFC 3312 §4: held back until reserved */
           tnd_sdp_direction_of(sdp, media) != TND_SDP_SENDRECV &&
           tnd_sdp_direction_of(sdp, media) != most;
}

static const struct tnd_sdp_attr *direction_attr(const struct tnd_sdp *sdp,
                                                 const struct tnd_sdp_media *media)
{
    const char *name = tnd_sdp_direction_name(tnd_sdp_direction_of(sdp, media)).ptr;
    const struct tnd_sdp_attr *attr = tnd_sdp_attr_find(&media->part, name);

    return attr ? attr : tnd_sdp_attr_find(&sdp->session, name);
}

void find_one_way(struct find_case *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        const struct tnd_sdp *sdp =
            is_first_description(c, i, CASE_SDP_DIRECTION) ? case_sdp(c, i) : NULL;

        for (size_t line = 0; sdp && line < sdp->media_count; line++) {
            if (!is_narrowed(c, i, sdp, line))
                continue;
            struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_MEDIA_ONE_WAY, i);
            const struct tnd_sdp_attr *attr = direction_attr(sdp, &sdp->media[line]);
            if (attr)
                case_show_line(c, f, i, attr->name);
            blame(c, f, i);
            f->detail = tnd_sdp_direction_name(tnd_sdp_direction_of(sdp, &sdp->media[line]));
        }
    }
}

void find_no_address(struct find_case *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        const struct tnd_sdp *sdp =
            is_first_description(c, i, CASE_SDP_HOLD) ? case_sdp(c, i) : NULL;

        for (size_t line = 0; sdp && line < sdp->media_count; line++) {
            const struct tnd_sdp_conn *conn = tnd_sdp_conn_of(sdp, &sdp->media[line]);

            if (!conn || sdp->media[line].port == 0 || !tnd_sdp_conn_is_hold(conn))
                continue;
            struct tnd_diag_finding *f = case_raise(c, TND_DIAG_RULE_MEDIA_NO_ADDRESS, i);
            case_show_line(c, f, i, conn->address);
            blame(c, f, i);
            f->detail = conn->address;
            break;
        }
    }
}
