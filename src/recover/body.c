/* What can be left out of a request: its optional fields, the coding of its body, all of a body but the
 * session description; and another session description. */
#include "recover/recover.h"

static bool has_ballast(const struct tnd_msg *request)
{
    static const uint16_t kinds[] = {
        TND_HEADER_SUBJECT,      TND_HEADER_ORGANIZATION, TND_HEADER_CALL_INFO,
        TND_HEADER_ALERT_INFO,   TND_HEADER_USER_AGENT,   TND_HEADER_HISTORY_INFO,
        TND_HEADER_DIVERSION,    TND_HEADER_IN_REPLY_TO,  TND_HEADER_ALLOW_EVENTS,
        TND_HEADER_USER_TO_USER,
    };

    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (tnd_msg_has(request, (enum tnd_header)kinds[i]))
            return true;
    return false;
}

/* A body with parts, of a request whose session description is the one that matters. */
static bool has_parts(const struct tnd_msg *request)
{
    struct tnd_media_type type;

    if (request->method != TND_METHOD_INVITE && request->method != TND_METHOD_UPDATE)
        return false;
    struct tnd_values v = tnd_msg_values(request, TND_HEADER_CONTENT_TYPE);
    return tnd_media_type_next(&v, &type) && tnd_slice_eq_fold(type.type, TND_STR("multipart"));
}

/* Parts that the owner can leave out. */
static bool can_lose_parts(const struct recover_case *c)
{
    return !c->attempt->has_one_body && has_parts(c->request);
}

/* RFC 3261 §8.1.3.5: "either omitting the body or using one of a smaller length". A shorter one is the session
 * description alone; the head is not what was too large. */
bool recover_shorten(struct recover_case *c)
{
    if (!c->request || recover_did(c, RECOVER_DID_SDP_ONLY) || !can_lose_parts(c))
        return false;
    c->r->done |= RECOVER_DID_SDP_ONLY;
    c->r->next.sdp_only = true;
    return RECOVER_DO(c, TND_STR("with the session description alone"));
}

/* RFC 3261 §21.5.7: the message as a whole was too large. */
bool recover_shrink(struct recover_case *c)
{
    if (!c->request || recover_did(c, RECOVER_DID_SHRINK) ||
        (!has_ballast(c->request) && !can_lose_parts(c)))
        return false;
    c->r->done |= RECOVER_DID_SHRINK;
    c->r->next.is_smaller = true;
    return RECOVER_DO(c, TND_STR("without what can be left out of it"));
}

/* RFC 3261 §20.1: without Accept, application/sdp is what is understood; here only where a response has to
 * have one (415). */
static bool accepts_sdp(const struct recover_case *c)
{
    struct tnd_media_type range;

    if (!tnd_msg_has(c->response, TND_HEADER_ACCEPT))
        return c->attempt->code == 415;
    struct tnd_values v = tnd_msg_values(c->response, TND_HEADER_ACCEPT);
    while (tnd_accept_next(&v, &range))
        if (range.q != 0 && tnd_media_range_has(&range, TND_STR("application"), TND_STR("sdp")))
            return true;
    return false;
}

/* RFC 3261 §20.2: without Accept-Encoding, and where it does not name a coding, that is not welcome. */
static bool accepts_coding(const struct recover_case *c, struct tnd_slice coding)
{
    struct tnd_values v = tnd_msg_values(c->response, TND_HEADER_ACCEPT_ENCODING);
    struct tnd_choice choice;

    while (tnd_accept_encoding_next(&v, &choice))
        if (choice.q != 0 &&
            (tnd_slice_eq(choice.name, TND_STR("*")) || tnd_slice_eq_fold(choice.name, coding)))
            return true;
    return false;
}

static bool leave_coding(struct recover_case *c)
{
    struct tnd_slice coding;
    struct tnd_values v = tnd_msg_values(c->request, TND_HEADER_CONTENT_ENCODING);

    if (recover_did(c, RECOVER_DID_PLAIN_CODING) || !tnd_token_next(&v, &coding) ||
        accepts_coding(c, coding))
        return false;
    c->r->done |= RECOVER_DID_PLAIN_CODING;
    c->r->next.without_body_coding = true;
    return RECOVER_DO(c, TND_STR("without Content-Encoding: "), coding);
}

bool recover_change_body(struct recover_case *c)
{
    if (!c->request || !c->response)
        return false;
    if (c->attempt->has_one_body)
        return (tnd_msg_has(c->request, TND_HEADER_CONTENT_ENCODING) || has_parts(c->request)) &&
               RECOVER_REFUSE(c, TND_STR("there is no other form of the body"));
    if (leave_coding(c))
        return true;
    if (recover_did(c, RECOVER_DID_SDP_ONLY) || !has_parts(c->request) || !accepts_sdp(c))
        return false;
    c->r->done |= RECOVER_DID_SDP_ONLY;
    c->r->next.sdp_only = true;
    return RECOVER_DO(c, TND_STR("with application/sdp alone"));
}

/* RFC 3261 §21.4.26, §21.6.4: some aspect of the session description was not acceptable, the call is. What it
 * was is told by Warning; whether another offer does better only shows when it is made. */
bool recover_offer_other(struct recover_case *c)
{
    if (!c->attempt->has_other_offer || recover_did(c, RECOVER_DID_OTHER_OFFER))
        return false;
    c->r->done |= RECOVER_DID_OTHER_OFFER;
    c->r->next.other_offer = true;
    return RECOVER_DO(c, TND_STR("with another offer"), recover_told(c));
}
