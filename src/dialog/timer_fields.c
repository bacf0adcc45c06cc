/* The fields of the session timer (RFC 4028 §4, §5), read and written. */
#include "tandem/dialog/timer.h"
#include "tandem/sip/write.h"

static bool has_tag(const struct tnd_msg *msg, enum tnd_header kind)
{
    struct tnd_values v = tnd_msg_values(msg, kind);
    struct tnd_slice tag;

    while (tnd_token_or_none_next(&v, &tag))
        if (tnd_option_find(tag) == TND_OPTION_TIMER)
            return true;
    return false;
}

void tnd_refresh_read(struct tnd_refresh_fields *ret, const struct tnd_msg *msg)
{
    struct tnd_values expires = tnd_msg_values(msg, TND_HEADER_SESSION_EXPIRES);
    struct tnd_values min = tnd_msg_values(msg, TND_HEADER_MIN_SE);
    struct tnd_session_expires se;

    *ret = (struct tnd_refresh_fields){0};
    if (tnd_session_expires_next(&expires, &se)) {
        ret->expires = se.seconds;
        ret->refresher = se.refresher;
    }
    if (tnd_min_se_next(&min, &se))
        ret->min = se.seconds;
    ret->is_supported = has_tag(msg, TND_HEADER_SUPPORTED);
    ret->is_required = has_tag(msg, TND_HEADER_REQUIRE);
}

static void put(struct tnd_writer *w, enum tnd_header kind, uint32_t seconds, uint8_t refresher)
{
    if (seconds == 0)
        return;
    tnd_put_field_name(w, kind);
    tnd_session_expires_write(
        w, &(struct tnd_session_expires){.seconds = seconds, .refresher = refresher});
    tnd_put_line_end(w);
}

void tnd_refresh_write(struct tnd_writer *w, const struct tnd_refresh_fields *fields)
{
    put(w, TND_HEADER_SESSION_EXPIRES, fields->expires, fields->refresher);
    put(w, TND_HEADER_MIN_SE, fields->min, TND_REFRESHER_NONE);
    if (fields->is_required)
        tnd_put_field(w, TND_HEADER_REQUIRE, TND_STR("timer"));
}
