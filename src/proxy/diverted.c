/* Diversion: from whom a request was diverted, and why (RFC 5806). Historic, and what most of the
 * world's telephone networks read. */
#include "proxy/forward.h"
#include "tandem/sip/notice.h"

bool proxy_hides_history(const struct tnd_msg *request)
{
    struct tnd_values v = tnd_msg_values(request, TND_HEADER_PRIVACY);
    struct tnd_slice value;

    while (tnd_privacy_next(&v, &value))
        if (tnd_slice_eq_fold(value, TND_STR("history")) ||
            tnd_slice_eq_fold(value, TND_STR("header")))
            return true;
    return false;
}

/* RFC 7544 §6 has one code for each reason. These are all that may lead to another target. */
static struct tnd_slice reason_of(unsigned code)
{
    if (code / 100 == 3)
        return TND_STR("unconditional");
    switch (code) {
    case 486:
    case 600:
        return TND_STR("user-busy");
    case 408:
        return TND_STR("no-answer");
    case 480:
    case 487:
    case 603:
        return TND_STR("deflection");
    case 503:
        return TND_STR("unavailable");
    default:
        return TND_STR("unknown");
    }
}

/* RFC 5806 §3.1: the Request-URI before, and the reason. Earlier diversions stay, below. */
void tnd_diversion_line_write(struct tnd_writer *w, const struct tnd_msg *request,
                              struct tnd_slice uri, unsigned code)
{
    tnd_put(w, TND_STR("Diversion: <"));
    tnd_put(w, uri);
    tnd_put(w, TND_STR(">;reason="));
    tnd_put(w, reason_of(code));
    if (proxy_hides_history(request))
        tnd_put(w, TND_STR(";privacy=full"));
    tnd_put(w, TND_STR("\r\n"));
}

/* RFC 5806 §5.4: who follows a 3xx copies its Diversion into the request. */
void tnd_diversions_copy(struct tnd_writer *w, const struct tnd_msg *response)
{
    proxy_put_lines(w, response, TND_HEADER_DIVERSION);
}
