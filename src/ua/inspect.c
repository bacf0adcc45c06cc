/* What a new request deserves, in the order of RFC 3261 §8.2: its method, its dialog, whether it came
 * before by another way, what it requires, what its body is. */
#include "ua/call.h"

#include "tandem/sip/media.h"
#include "tandem/sip/session.h"

/* Room for lines of our own in a response. */
enum { LINES_ROOM = 1024 };

static void refuse(struct tnd_ua *ua, struct ua_got *got, uint16_t code, struct tnd_slice fields)
{
    ua_answer_once(ua, got, &(struct ua_answer){.code = code, .fields = fields});
}

static struct tnd_slice lines(struct tnd_ua *ua, enum tnd_header kind, struct tnd_slice value)
{
    size_t room = value.len + 64;
    char *at = tnd_arena_take(&ua->work, room);
    struct tnd_writer w = tnd_writer(at, at ? room : 0);

    tnd_put_field(&w, kind, value);
    return tnd_writer_slice(&w);
}

static bool takes_calls(const struct tnd_ua *ua)
{
    return ua->config.media;
}

static struct tnd_slice allow_of(const struct tnd_ua *ua)
{
    return takes_calls(ua) ? ua_allow : TND_STR("OPTIONS, MESSAGE");
}

static bool is_served(const struct tnd_ua *ua, enum tnd_method method)
{
    return method == TND_METHOD_OPTIONS || method == TND_METHOD_MESSAGE ||
           (takes_calls(ua) && (method == TND_METHOD_INVITE || method == TND_METHOD_BYE ||
                                method == TND_METHOD_PRACK || method == TND_METHOD_UPDATE ||
                                method == TND_METHOD_INFO));
}

/* Those that have no sense outside of a dialog. */
static bool needs_dialog(enum tnd_method method)
{
    return method == TND_METHOD_BYE || method == TND_METHOD_PRACK || method == TND_METHOD_UPDATE ||
           method == TND_METHOD_INFO;
}

static bool is_known_option(const struct tnd_ua *ua, struct tnd_slice tag)
{
    return tnd_slice_eq_fold(tag, TND_STR("100rel")) || tnd_slice_eq_fold(tag, TND_STR("timer")) ||
           (ua->config.precondition != TND_UA_PRECONDITION_NONE &&
            tnd_slice_eq_fold(tag, TND_STR("precondition")));
}

/* RFC 3261 §8.2.2.3: the value of Unsupported; absent: nothing is missing. */
static struct tnd_slice unsupported(struct tnd_ua *ua, const struct tnd_msg *msg)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_REQUIRE);
    char *at = tnd_arena_take(&ua->work, msg->head.len);
    struct tnd_writer w = tnd_writer(at, at ? msg->head.len : 0);
    struct tnd_slice tag;

    while (at && tnd_token_next(&v, &tag)) {
        if (is_known_option(ua, tag))
            continue;
        if (w.len > 0)
            tnd_put(&w, TND_STR(", "));
        tnd_put(&w, tag);
    }
    return w.len > 0 ? tnd_writer_slice(&w) : tnd_slice(NULL, 0);
}

static bool is_identity(const struct tnd_msg *msg)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_CONTENT_ENCODING);
    struct tnd_slice coding;

    while (tnd_token_next(&v, &coding))
        if (!tnd_slice_eq_fold(coding, TND_STR("identity")))
            return false;
    return true;
}

bool ua_is_sdp(const struct tnd_msg *msg)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_CONTENT_TYPE);
    struct tnd_media_type type;

    return msg->body.len > 0 && tnd_media_type_next(&v, &type) &&
           tnd_media_type_is(&type, TND_STR("application"), TND_STR("sdp"));
}

static bool is_optional(const struct tnd_msg *msg)
{
    struct tnd_values v = tnd_msg_values(msg, TND_HEADER_CONTENT_DISPOSITION);
    struct tnd_disposition d;

    return tnd_disposition_next(&v, &d) && tnd_slice_eq_fold(d.handling, TND_STR("optional"));
}

/* RFC 3261 §8.2.3 */
static bool is_body_foreign(const struct tnd_msg *msg)
{
    enum tnd_method method = (enum tnd_method)msg->method;

    if (msg->body.len == 0 || is_optional(msg))
        return false;
    if (method == TND_METHOD_INVITE || method == TND_METHOD_UPDATE || method == TND_METHOD_PRACK)
        return !ua_is_sdp(msg);
    return false;
}

/* RFC 3261 §8.2.3, RFC 3261 §21.4.13 */
static bool has_wrong_body(struct tnd_ua *ua, struct ua_got *got)
{
    if (got->msg->body.len > 0 && !is_identity(got->msg)) {
        refuse(ua, got, 415, TND_STR("Accept-Encoding: identity\r\n"));
        return true;
    }
    if (is_body_foreign(got->msg)) {
        refuse(ua, got, 415, TND_STR("Accept: application/sdp\r\n"));
        return true;
    }
    return false;
}

/* RFC 3261 §8.2.2.2: it has come already, by another way. */
static bool is_merged(struct tnd_ua *ua, struct ua_got *got)
{
    got->merged = ua_merged_key_of(got->a, &got->parts);
    if (!ua_server_find_merged(ua, got->merged))
        return false;
    got->merged = tnd_slice(NULL, 0);
    refuse(ua, got, 482, tnd_slice(NULL, 0));
    return true;
}

static bool is_refused(struct tnd_ua *ua, struct ua_got *got)
{
    enum tnd_method method = (enum tnd_method)got->msg->method;

    if (!is_served(ua, method)) { /* RFC 3261 §8.2.1 */
        refuse(ua, got, 405, lines(ua, TND_HEADER_ALLOW, allow_of(ua)));
        return true;
    }
    if (is_merged(ua, got))
        return true;
    struct tnd_slice missing = unsupported(ua, got->msg);
    if (missing.ptr) {
        refuse(ua, got, 420, lines(ua, TND_HEADER_UNSUPPORTED, missing));
        return true;
    }
    return has_wrong_body(ua, got);
}

/* RFC 3261 §11.2: what a call would get. */
static void answer_options(struct tnd_ua *ua, struct ua_got *got)
{
    char *at = tnd_arena_take(&ua->work, LINES_ROOM);
    struct tnd_writer w = tnd_writer(at, at ? LINES_ROOM : 0);
    bool is_busy = takes_calls(ua) && ua->calls_max > 0 && ua->call_count >= ua->calls_max;

    tnd_put_field(&w, TND_HEADER_ALLOW, allow_of(ua));
    tnd_put_field(&w, TND_HEADER_ACCEPT, TND_STR("application/sdp"));
    tnd_put_field(&w, TND_HEADER_ACCEPT_ENCODING, TND_STR("identity"));
    tnd_put_field(&w, TND_HEADER_ACCEPT_LANGUAGE, TND_STR("en"));
    tnd_put_field(&w, TND_HEADER_SUPPORTED,
                  ua->config.precondition == TND_UA_PRECONDITION_NONE
                      ? TND_STR("100rel, timer")
                      : TND_STR("100rel, timer, precondition"));
    ua_answer_once(
        ua, got, &(struct ua_answer){.code = is_busy ? 486 : 200, .fields = tnd_writer_slice(&w)});
}

/* RFC 3428 §7 */
static void answer_message(struct tnd_ua *ua, struct ua_got *got, tnd_ua_id id)
{
    struct tnd_ua_event *event = ua_tell(ua, TND_UA_RECEIVED, id);

    event->method = TND_METHOD_MESSAGE;
    ua_tell_msg(ua, event, got->msg);
    refuse(ua, got, 200, tnd_slice(NULL, 0));
}

/* RFC 6086 §4.2.2: we have asked for no package; without one it is of the old kind. */
static void answer_info(struct tnd_ua *ua, struct ua_got *got)
{
    if (tnd_msg_has(got->msg, TND_HEADER_INFO_PACKAGE))
        refuse(ua, got, 469, TND_STR("Recv-Info:\r\n"));
    else
        refuse(ua, got, 200, tnd_slice(NULL, 0));
}

/* What has the same answer in a dialog and outside. false: it does not. */
bool ua_answer_anywhere(struct tnd_ua *ua, struct ua_got *got, tnd_ua_id id)
{
    if (got->msg->method == TND_METHOD_OPTIONS)
        answer_options(ua, got);
    else if (got->msg->method == TND_METHOD_MESSAGE)
        answer_message(ua, got, id);
    else if (got->msg->method == TND_METHOD_INFO)
        answer_info(ua, got);
    else
        return false;
    return true;
}

void ua_inspect(struct tnd_ua *ua, struct ua_got *got)
{
    if (is_refused(ua, got))
        return;
    if (got->parts.to_tag.ptr) {
        if (!ua_dialog_request(ua, got)) /* RFC 3261 §12.2.2 */
            refuse(ua, got, 481, tnd_slice(NULL, 0));
    } else if (needs_dialog((enum tnd_method)got->msg->method)) {
        refuse(ua, got, 481, tnd_slice(NULL, 0));
    } else if (!ua_answer_anywhere(ua, got, 0)) {
        ua_incoming(ua, got);
    }
}
