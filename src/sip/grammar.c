/* The grammar table: for each kind of header field the reader that judges its value. A new
 * field is one row below; a reader that no row has used yet is one row of READERS too. */
#include "sip/grammar.h"

#include "sip/cursor.h"
#include "tandem/sip.h"

/* reader, what it reads into */
#define READERS(X)                                       \
    X(accept, struct tnd_media_type)                     \
    X(accept_encoding, struct tnd_choice)                \
    X(accept_language, struct tnd_choice)                \
    X(addr, struct tnd_addr)                             \
    X(auth_info, struct tnd_auth)                        \
    X(call_id, struct tnd_slice)                         \
    X(challenge, struct tnd_auth)                        \
    X(contact, struct tnd_contact)                       \
    X(content_length, uint32_t)                          \
    X(credentials, struct tnd_auth)                      \
    X(cseq, struct tnd_cseq)                             \
    X(date, tnd_time)                                    \
    X(dialog_id, struct tnd_dialog_id)                   \
    X(disposition, struct tnd_disposition)               \
    X(diversion, struct tnd_diversion)                   \
    X(event, struct tnd_event)                           \
    X(history, struct tnd_history)                       \
    X(info, struct tnd_info)                             \
    X(info_package, struct tnd_package)                  \
    X(language, struct tnd_slice)                        \
    X(max_forwards, uint32_t)                            \
    X(media_type, struct tnd_media_type)                 \
    X(mime_version, struct tnd_mime_version)             \
    X(min_se, struct tnd_session_expires)                \
    X(privacy, struct tnd_slice)                         \
    X(product, struct tnd_product)                       \
    X(rack, struct tnd_rack)                             \
    X(reason, struct tnd_reason)                         \
    X(recv_info, struct tnd_package)                     \
    X(referred_by, struct tnd_referred_by)               \
    X(retry_after, struct tnd_retry_after)               \
    X(route, struct tnd_addr)                            \
    X(rseq, uint32_t)                                    \
    X(seconds, uint32_t)                                 \
    X(session_expires, struct tnd_session_expires)       \
    X(session_id, struct tnd_session_id)                 \
    X(subscription_state, struct tnd_subscription_state) \
    X(timestamp, struct tnd_timestamp)                   \
    X(token, struct tnd_slice)                           \
    X(token_or_none, struct tnd_slice)                   \
    X(via, struct tnd_via)                               \
    X(warning, struct tnd_warning)

#define READER(name, type)                        \
    static bool read_##name(struct tnd_values *v) \
    {                                             \
        type value;                               \
                                                  \
        return tnd_##name##_next(v, &value);      \
    }
READERS(READER)
#undef READER

static bool (*const readers[TND_HEADER_COUNT])(struct tnd_values *v) = {
    [TND_HEADER_ACCEPT] = read_accept,
    [TND_HEADER_ACCEPT_ENCODING] = read_accept_encoding,
    [TND_HEADER_ACCEPT_LANGUAGE] = read_accept_language,
    [TND_HEADER_ALERT_INFO] = read_info,
    [TND_HEADER_ALLOW] = read_token_or_none,
    [TND_HEADER_ALLOW_EVENTS] = read_event,
    [TND_HEADER_AUTHENTICATION_INFO] = read_auth_info,
    [TND_HEADER_AUTHORIZATION] = read_credentials,
    [TND_HEADER_CALL_ID] = read_call_id,
    [TND_HEADER_CALL_INFO] = read_info,
    [TND_HEADER_CONTACT] = read_contact,
    [TND_HEADER_CONTENT_DISPOSITION] = read_disposition,
    [TND_HEADER_CONTENT_ENCODING] = read_token,
    [TND_HEADER_CONTENT_LANGUAGE] = read_language,
    [TND_HEADER_CONTENT_LENGTH] = read_content_length,
    [TND_HEADER_CONTENT_TYPE] = read_media_type,
    [TND_HEADER_CSEQ] = read_cseq,
    [TND_HEADER_DATE] = read_date,
    [TND_HEADER_DIVERSION] = read_diversion,
    [TND_HEADER_ERROR_INFO] = read_info,
    [TND_HEADER_EVENT] = read_event,
    [TND_HEADER_EXPIRES] = read_seconds,
    [TND_HEADER_FLOW_TIMER] = read_seconds,
    [TND_HEADER_FROM] = read_addr,
    [TND_HEADER_HISTORY_INFO] = read_history,
    [TND_HEADER_IN_REPLY_TO] = read_call_id,
    [TND_HEADER_INFO_PACKAGE] = read_info_package,
    [TND_HEADER_JOIN] = read_dialog_id,
    [TND_HEADER_MAX_BREADTH] = read_seconds,
    [TND_HEADER_MAX_FORWARDS] = read_max_forwards,
    [TND_HEADER_MIME_VERSION] = read_mime_version,
    [TND_HEADER_MIN_EXPIRES] = read_seconds,
    [TND_HEADER_MIN_SE] = read_min_se,
    [TND_HEADER_P_ASSERTED_IDENTITY] = read_addr,
    [TND_HEADER_P_PREFERRED_IDENTITY] = read_addr,
    [TND_HEADER_PATH] = read_route,
    [TND_HEADER_PRIORITY] = read_token,
    [TND_HEADER_PRIVACY] = read_privacy,
    [TND_HEADER_PROXY_AUTHENTICATE] = read_challenge,
    [TND_HEADER_PROXY_AUTHORIZATION] = read_credentials,
    [TND_HEADER_PROXY_REQUIRE] = read_token,
    [TND_HEADER_RACK] = read_rack,
    [TND_HEADER_REASON] = read_reason,
    [TND_HEADER_RECORD_ROUTE] = read_route,
    [TND_HEADER_RECV_INFO] = read_recv_info,
    [TND_HEADER_REFER_TO] = read_addr,
    [TND_HEADER_REFERRED_BY] = read_referred_by,
    [TND_HEADER_REPLACES] = read_dialog_id,
    [TND_HEADER_REPLY_TO] = read_addr,
    [TND_HEADER_REQUIRE] = read_token,
    [TND_HEADER_RETRY_AFTER] = read_retry_after,
    [TND_HEADER_ROUTE] = read_route,
    [TND_HEADER_RSEQ] = read_rseq,
    [TND_HEADER_SERVER] = read_product,
    [TND_HEADER_SERVICE_ROUTE] = read_route,
    [TND_HEADER_SESSION_EXPIRES] = read_session_expires,
    [TND_HEADER_SESSION_ID] = read_session_id,
    [TND_HEADER_SIP_ETAG] = read_token,
    [TND_HEADER_SIP_IF_MATCH] = read_token,
    [TND_HEADER_SUBSCRIPTION_STATE] = read_subscription_state,
    [TND_HEADER_SUPPORTED] = read_token_or_none,
    [TND_HEADER_TIMESTAMP] = read_timestamp,
    [TND_HEADER_TO] = read_addr,
    [TND_HEADER_UNSUPPORTED] = read_token,
    [TND_HEADER_USER_AGENT] = read_product,
    [TND_HEADER_VIA] = read_via,
    [TND_HEADER_WARNING] = read_warning,
    [TND_HEADER_WWW_AUTHENTICATE] = read_challenge,
};

/* Fields whose one value is of several words, which their reader gives one by one. */
static bool has_words(enum tnd_header kind)
{
    return kind == TND_HEADER_USER_AGENT || kind == TND_HEADER_SERVER;
}

/* The first value of the first field of its kind. */
static bool read_first(struct tnd_values *v, enum tnd_header kind, struct tnd_judged *judged)
{
    if (kind == TND_HEADER_VIA)
        return judged->has_via = tnd_via_next(v, &judged->via);
    if (kind == TND_HEADER_FROM)
        return judged->has_from = tnd_addr_next(v, &judged->from);
    if (kind == TND_HEADER_CSEQ)
        return judged->has_cseq = tnd_cseq_next(v, &judged->cseq);
    return readers[kind](v); /* nobody looks at it again */
}

bool tnd_field_good(const struct tnd_msg *msg, const struct tnd_field *f, uint32_t *count,
                    struct tnd_judged *judged, struct tnd_flaw *ret_flaw)
{
    enum tnd_header kind = (enum tnd_header)f->kind;
    struct tnd_values v = tnd_field_values(msg, f);

    if (!readers[kind])
        return true;
    v.count = *count;
    for (bool is_first = f == tnd_msg_field(msg, kind);; is_first = false) {
        if (is_first ? !read_first(&v, kind, judged) : !readers[kind](&v))
            break;
        /* RFC 3261 §7.3.1: a comma parts values only where the grammar is a list */
        if (tnd_header_number(kind) == TND_HEADER_ONE && !has_words(kind) && v.c.at < v.c.end)
            tnd_flawed(&v.c, TND_RULE_VALUE_END, v.c.at);
    }
    *count = v.count;
    if (v.c.flaw.rule == TND_RULE_NONE)
        return true;
    *ret_flaw = v.c.flaw;
    return false;
}
