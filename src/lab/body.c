/* What the body of a request is to the lab (RFC 3261 §8.2.3). */
#include "lab/parts.h"

/* RFC 3261 §20.11: without handling it is required. And whether it is a body of that
 * disposition; where nothing says, it is what its type makes it. */
static void read_disposition(const struct tnd_msg *request, bool *ret_optional, bool *ret_session)
{
    struct tnd_values v = tnd_msg_values(request, TND_HEADER_CONTENT_DISPOSITION);
    struct tnd_disposition disposition;

    *ret_optional = false;
    *ret_session = true;
    if (!tnd_disposition_next(&v, &disposition))
        return;
    *ret_optional = tnd_slice_eq_fold(disposition.handling, TND_STR("optional"));
    *ret_session = tnd_slice_eq_fold(disposition.type, TND_STR("session"));
}

static bool is_encoded(const struct tnd_msg *request)
{
    struct tnd_values v = tnd_msg_values(request, TND_HEADER_CONTENT_ENCODING);
    struct tnd_slice name;

    while (tnd_token_next(&v, &name))
        if (!tnd_slice_eq_fold(name, TND_STR("identity")))
            return true;
    return false;
}

/* The type that the method has a use for; of INFO none (RFC 6086 §4.2.2 has another answer
 * where a package says what the body is). */
static bool is_known(const struct tnd_msg *request, bool is_session)
{
    struct tnd_values v = tnd_msg_values(request, TND_HEADER_CONTENT_TYPE);
    struct tnd_media_type type;

    if (!tnd_media_type_next(&v, &type))
        return false;
    if (request->method == TND_METHOD_MESSAGE) /* RFC 3428 §4 */
        return tnd_media_type_is(&type, TND_STR("text"), TND_STR("plain"));
    return request->method != TND_METHOD_INFO && is_session &&
           tnd_media_type_is(&type, TND_STR("application"), TND_STR("sdp"));
}

enum lab_body lab_body_of(const struct tnd_msg *request)
{
    bool optional, session;

    if (request->body.len == 0)
        return LAB_BODY_NONE;
    read_disposition(request, &optional, &session);
    bool encoded = is_encoded(request);
    if (!encoded && is_known(request, session))
        return LAB_BODY_KNOWN;
    if (optional)
        return LAB_BODY_NONE;
    return encoded ? LAB_BODY_CODING : LAB_BODY_TYPE;
}
