/* Max-Breadth: how wide a request may fork, here and further on (RFC 5393 §5.3). */
#include "tandem/proxy/forward.h"

/* RFC 5393 §5.3.3: 60 where there is none, and where there is more. What cannot be read is nothing
 * that anybody asked for, and is written anew. 0 stays: it forbids even one branch. */
uint32_t tnd_breadth_of(const struct tnd_msg *request)
{
    struct tnd_values v = tnd_msg_values(request, TND_HEADER_MAX_BREADTH);
    uint32_t breadth;

    if (!tnd_seconds_next(&v, &breadth) || breadth > TND_BREADTH_MAX)
        return TND_BREADTH_MAX;
    return breadth;
}

/* Rounded up, so that all of it is given away (RFC 5393 §5.3.3) and those tried first have more. */
uint32_t tnd_breadth_share(uint32_t left, uint32_t count)
{
    return count > 1 ? left / count + (left % count != 0) : left;
}
