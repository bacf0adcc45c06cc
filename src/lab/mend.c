/* Whether a request has what the code of a user asks for: then it is fixed, and answered with 200. */
#include "lab/parts.h"

static bool has_tag(const struct tnd_msg *request, enum tnd_header kind, const char *wanted)
{
    struct tnd_values v = tnd_msg_values(request, kind);
    struct tnd_slice tag;

    while (tnd_token_next(&v, &tag))
        if (tnd_slice_eq_fold(tag, tnd_slice_str(wanted)))
            return true;
    return false;
}

/* RFC 3261 §21.4.16: it "is not listed in a Supported header field in the request". */
const char *lab_extension(const struct tnd_msg *request)
{
    static const char *const tags[] = {"100rel", "precondition"};

    for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++)
        if (!has_tag(request, TND_HEADER_SUPPORTED, tags[i]))
            return tags[i];
    return NULL;
}

static bool says(struct tnd_arena *a, struct tnd_slice quoted, struct tnd_slice text)
{
    struct tnd_writer w = tnd_writer(tnd_arena_take(a, quoted.len), quoted.len);

    if (!w.ptr)
        return false;
    tnd_unquote(&w, quoted);
    return tnd_slice_eq(tnd_writer_slice(&w), text);
}

/* The lab has no password: any is right. */
static bool has_credentials(const struct tnd_lab_asked *asked, enum tnd_header kind)
{
    struct tnd_values v = tnd_msg_values(asked->request, kind);
    struct tnd_auth auth;

    while (tnd_credentials_next(&v, &auth))
        if (auth.digest && says(asked->a, auth.realm, asked->host))
            return true;
    return false;
}

static bool is_session_long(const struct tnd_msg *request)
{
    struct tnd_values v = tnd_msg_values(request, TND_HEADER_SESSION_EXPIRES);
    struct tnd_session_expires se;

    return tnd_session_expires_next(&v, &se) && se.seconds >= TND_LAB_SESSION_MIN;
}

static bool is_expiry_long(const struct tnd_msg *request)
{
    struct tnd_values v = tnd_msg_values(request, TND_HEADER_EXPIRES);
    uint32_t seconds;

    return tnd_seconds_next(&v, &seconds) && seconds >= TND_LAB_EXPIRES_MIN;
}

bool lab_is_mended(const struct tnd_lab_asked *asked, const struct lab_params *params,
                   unsigned code)
{
    switch (code) {
    case 401: /* RFC 3261 §22.2 */
        return has_credentials(asked, TND_HEADER_AUTHORIZATION);
    case 407: /* RFC 3261 §22.3 */
        return has_credentials(asked, TND_HEADER_PROXY_AUTHORIZATION);
    case 413: /* RFC 3261 §21.4.11: "larger than the server is willing ... to process" */
        return (int64_t)asked->request->body.len <= params->max_body;
    case 421: /* RFC 3261 §21.4.16 */
        return !lab_extension(asked->request);
    case 422: /* RFC 4028 §9 */
        return is_session_long(asked->request);
    case 423: /* RFC 3261 §21.4.17 */
        return is_expiry_long(asked->request);
    default:
        return false;
    }
}
